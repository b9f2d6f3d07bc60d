"""The encryption control of a planned VPC: what it excludes, what is remembered, paid, recorded."""

import itertools
from decimal import Decimal

import pytest

from bulkhead.cost.prices import Charged
from bulkhead.intent.encrypting import EXCLUSIONS
from bulkhead.intent.load import topology_of
from bulkhead.network import EncryptionMode, Excludable
from bulkhead.plan import Lock, plan
from bulkhead.plan.lock import lock_of, lock_text
from bulkhead.problems import InputError

PARTS = {
    "site": "sites: { hq: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 } } }\n",
    "peer": "peers: { far: { addresses: [192.0.2.10/32], sockets: { in: { type: REP, "
    'bind: "tcp://192.0.2.10:7100", mechanism: CURVE } } } }\n',
}
OUT = "req: { type: REQ, connect: far.in, mechanism: CURVE, exposure: { why: orders, owner: ops } }"
FUNCTION = (
    "  job: { segment: a, runs-on: lambda, sockets: { s: { type: SUB, connect: ticker.ticks } } }\n"
)


def text(*parts: str, control: str = "vpc-encryption: { mode: enforce }") -> str:
    return (
        "name: t\nregion: eu-west-1\ncidr: 10.20.0.0/16\nzones: 1\n"
        f"{control}\n"
        + "".join(PARTS.get(each, "") for each in parts)
        + "segments: { a: { purpose: x } }\nservices:\n"
        + '  ticker: { segment: a, sockets: { ticks: { type: PUB, bind: "tcp://*:5556" } } }\n'
        + "  sub: { segment: a, sockets: { t: { type: SUB, connect: ticker.ticks }"
        + f"{f', {OUT}' * ('peer' in parts)} }} }}\n"
        + FUNCTION * ("function" in parts)
    )


def planned(*parts: str, lock: Lock | None = None, control: str | None = None):
    said = text(*parts) if control is None else text(*parts, control=control)
    return plan(topology_of("t.yaml", said.encode()), lock)


def control_of(found):
    (vpc,) = found.network.vpcs
    return vpc.encryption


NEEDED = {
    "site": {"virtual-private-gateway"},
    "peer": {"internet-gateway", "nat-gateway"},
    "function": {"lambda"},
}


@pytest.mark.parametrize(
    "parts", [each for n in range(4) for each in itertools.combinations(NEEDED, n)], ids="-".join
)
def test_just_what_the_plan_brings_in_is_excluded(parts):
    expected = set().union(*(NEEDED[each] for each in parts))
    assert control_of(planned(*parts)).excluded == tuple(sorted(expected))


def test_what_is_named_beside_is_excluded_too():
    control = "vpc-encryption: { mode: enforce, exclude: [vpc-peering, lambda] }"
    assert control_of(planned(control=control)).excluded == ("lambda", "vpc-peering")


def test_what_is_only_watched_excludes_nothing_and_none_is_planned_unasked():
    watched = control_of(planned("site", control="vpc-encryption: { mode: monitor }"))
    assert (watched.mode, watched.excluded) == (EncryptionMode.MONITOR, ())
    assert control_of(planned("site", control="")) is None


def test_an_exclusion_outlives_what_it_is_for_until_its_line_goes():
    before = planned("site", "peer")
    written = lock_of("t.lock.json", lock_text(before.lock).encode())
    assert written.excluded == before.lock.excluded == control_of(before).excluded
    after = planned("site", lock=written)
    assert control_of(after) == control_of(before)
    told = [str(each) for each in after.warnings]
    assert [each.partition("vpc-encryption: ")[2].split()[0] for each in told] == [
        each for each in control_of(before).excluded if each != "virtual-private-gateway"
    ]
    kept = "".join(
        line
        for line in lock_text(after.lock).splitlines(keepends=True)
        if "nat-gateway" not in line
    )
    left = planned("site", lock=lock_of("t.lock.json", kept.encode()))
    assert "nat-gateway" not in control_of(left).excluded
    assert planned("site", lock=written, control="").lock.excluded == ()


@pytest.mark.parametrize("line", ['"excluded nat-gatway": true', '"excluded nat-gateway": 1'])
def test_a_line_of_a_lock_that_excludes_nothing_is_a_mistake(line):
    held = lock_text(planned().lock).replace("{\n", f"{{\n  {line},\n", 1)
    with pytest.raises(InputError, match="says nothing of what AWS excludes"):
        lock_of("t.lock.json", held.encode())


def test_flows_say_what_encrypts_them():
    flows = {each.client_name: each for each in planned("site", "peer", "function").flows}
    assert [name for name, each in flows.items() if each.vpc_encrypts] == ["sub.t"]
    assert flows["sub.t"].relies_on_vpc
    assert not flows["sub.req"].relies_on_vpc
    assert not any(each.vpc_encrypts for each in planned(control="").flows)
    watched = planned(control="vpc-encryption: { mode: monitor }")
    assert not any(each.vpc_encrypts for each in watched.flows)


def test_flow_logs_tell_what_is_encrypted_where_that_is_asked():
    assert planned().logging.fields[-1] == "encryption-status"
    assert "encryption-status" not in planned(control="").logging.fields


@pytest.mark.parametrize("mode", ["enforce", "monitor"])
def test_it_is_paid_by_the_hour_in_either_mode(mode):
    month = planned(control=f"vpc-encryption: {{ mode: {mode} }}").month
    (line,) = [each for each in month.lines if each.charged is Charged.VPC_ENCRYPTION]
    assert (line.names, line.month) == (("t",), Decimal("116.80"))
    assert line.price is not None
    assert not line.price.source.of_the_region


def test_the_language_and_the_network_speak_of_the_same_exclusions():
    assert {*EXCLUSIONS} == {*map(str, Excludable)}


def test_a_load_balancer_and_who_is_behind_it_encrypt_what_they_exchange():
    said = (
        text()
        .replace("zones: 1", "zones: 2")
        .replace(
            'ticks: { type: PUB, bind: "tcp://*:5556" }',
            'ticks: { type: REP, bind: "tcp://*:5556", via: nlb }',
        )
    )
    found = plan(topology_of("t.yaml", said.replace("type: SUB", "type: REQ").encode()))
    assert len({each.client for each in found.flows}) == 2
    assert all(each.vpc_encrypts for each in found.flows)
