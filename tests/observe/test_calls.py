"""The table of kinds of things misses none, so that no reader has to keep a list of its own."""

from dataclasses import fields

from bulkhead.network import Network, TargetKind
from bulkhead.observe.calls import FIELDS, KEYS, TARGETS

BY_NAME = {"services", "sites", "listeners", "peers", "prefix_lists"}
"""What people named; AWS has no id for it."""
TOLD_BY_THEIR_ENDPOINTS = {TargetKind.GATEWAY_ENDPOINT, TargetKind.FIREWALL}


def test_everything_in_a_network_that_has_an_id_of_aws_is_in_the_table():
    said = {"unmodelled", "unobserved", "associations", "unlisted", "beside"}
    held = {each.name for each in fields(Network)} - said
    assert set(FIELDS) == held - BY_NAME


def test_everything_that_a_route_may_lead_to_is_in_the_table():
    beside = {TargetKind.LOCAL, TargetKind.UNMODELLED, *TOLD_BY_THEIR_ENDPOINTS}
    assert set(TARGETS) == set(TargetKind) - beside
    assert all(call.begins for call in TARGETS.values())


def test_no_two_rows_are_of_one_kind():
    assert len(FIELDS) == sum(1 for call in KEYS.values() if call.field)
    assert len({call.word for call in FIELDS.values()}) == len(FIELDS)
