"""What is recorded of the traffic of a topology's VPC."""

from __future__ import annotations

import pytest

from bulkhead.audit import Evidence, Outcome, audit
from bulkhead.audit.controls import ALL_CONTROLS
from bulkhead.network.flow_logs import RECORDED
from bulkhead.network.inventory import Inventory
from bulkhead.plan import plan
from bulkhead.plan.flow_logs import as_listed
from tests.support.topologies import HEAD, topology_from

TOPOLOGY = {
    **HEAD,
    "segments": {"left": {"purpose": "x"}},
    "services": {"a": {"segment": "left"}},
}


@pytest.fixture
def recorded(tmp_path):
    def of(**said):
        return plan(topology_from(tmp_path, {**TOPOLOGY, **said}))

    return of


def test_all_traffic_is_recorded_for_a_year_where_nothing_is_said(recorded):
    logging = recorded().logging
    assert (logging.to, logging.traffic, logging.retention) == ("cloudwatch", "ALL", 365)
    assert logging.vpc == recorded().network.vpcs[0].id


def test_a_record_tells_who_opened_a_connection_and_between_whom_it_really_was():
    """By SYN without ACK, and by the addresses that a packet has behind a middlebox."""
    assert {"tcp-flags", "flow-direction", "pkt-srcaddr", "pkt-dstaddr", "action"} <= set(RECORDED)


def test_a_bucket_keeps_what_it_is_told_to_keep(recorded):
    logging = recorded(**{"flow-logs": {"to": "s3", "bucket": "acme/trading/"}}).logging
    assert (logging.to, logging.bucket, logging.retention) == ("s3", "acme/trading", 0)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [({}, Outcome.PASS), ({"flow-logs": {"to": "none", "why": "elsewhere"}}, Outcome.FAIL)],
)
def test_an_audit_of_a_plan_decides_every_control_on_flow_logs(recorded, said, outcome):
    made = recorded(**said)
    evidence = Evidence(
        network=made.network,
        inventory=Inventory(flow_logs=as_listed(made.logs)),
        declaration=made.declaration,
    )
    asking = [each for each in ALL_CONTROLS if each.checks == ("flow-logs-on",)]
    assert len(asking) > 2
    assert {each.outcome for each in audit(evidence, asking).assessed} == {outcome}
