"""Quarantine: who is cut off is, with all that is open already, and comes back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.ends.labels import owner
from bulkhead.intent.load import topology_of
from bulkhead.judge import judge
from bulkhead.network import Action, Direction, Flow, Network, Outlasting, Verdict
from bulkhead.plan import Plan, lock_text, plan
from bulkhead.prove import Reach, prove
from bulkhead.review import review
from bulkhead.review.version import Version
from tests.support.examples import examples
from tests.support.topologies import HEAD, documents

PUB = {"type": "PUB", "bind": "tcp://*:5556"}
SEGMENTS = {"feed": {"purpose": "prices"}, "desk": {"purpose": "people"}}


def connecting(*to: str) -> dict[str, Any]:
    return {f"out{at}": {"type": "SUB", "connect": each} for at, each in enumerate(to)}


DOCUMENT: dict[str, Any] = {
    **HEAD,
    "segments": SEGMENTS,
    "services": {
        "ticker": {"segment": "feed", "replicas": 2, "sockets": {"ticks": PUB}},
        "other": {
            "segment": "feed",
            "replicas": 2,
            "sockets": {"ticks": PUB, **connecting("ticker.ticks")},
        },
        "reader": {"segment": "desk", "sockets": connecting("ticker.ticks", "other.ticks")},
        "bastion": {"segment": "desk"},
    },
    "sites": {
        "plant": {
            "cidrs": ["192.168.10.0/24"],
            "gateway": {"address": "203.0.113.10"},
            "sockets": connecting("ticker.ticks", "other.ticks"),
        }
    },
    "flows": [
        {"name": "ssh", "from": "bastion", "to": "ticker", "traffic": "tcp 22", "why": "to log in"}
    ],
    "tests": [
        {"from": "reader", "accept": ["ticker.ticks", "other.ticks"]},
        {"from": "bastion", "accept": ["ticker:22"], "deny": ["ticker.ticks"]},
    ],
}
LINE = {"service": "ticker", "why": "malware", "owner": "security", "responder": "bastion"}


def planned(document: dict[str, Any], lock: Any = None) -> Plan:
    return plan(topology_of("topology.yaml", yaml.safe_dump(document).encode()), lock)


def cut_off(document: dict[str, Any], *lines: Any) -> tuple[Plan, Plan]:
    """The plan of a topology, and the same with these lines in quarantine."""
    before = planned(document)
    return before, planned({**document, "quarantine": [*lines]}, before.lock)


def open_pairs(reach: Reach, flow: Flow) -> Iterator[Verdict]:
    """The verdict of each pair of hosts that a flow is between, at each of its ports."""
    server = flow.server
    for one in reach.endpoints:
        inside = not flow.clients_at or any(one.lies_in(each) for each in flow.clients_at)
        if owner(one) == flow.client and inside:
            for other in reach.endpoints:
                if owner(other) == server.owner and other.is_at(server.address) and one != other:
                    for port in range(server.ports.first, server.ports.last + 1):
                        yield reach.verdict(one, other, server.protocol, port)


def outlived(before: Network, after: Network) -> Network:
    """What carries a connection that groups track: their old rules, and new NACLs and routes."""
    return replace(after, security_groups=before.security_groups)


@pytest.fixture(scope="module")
def both() -> tuple[Plan, Plan]:
    return cut_off(DOCUMENT, LINE)


def test_nothing_but_the_responder_is_left(both):
    before, after = both
    judged = judge(prove(after.network), after.declaration)
    assert judged.findings == ()
    (told,) = after.quarantine
    assert [str(each) for each in told.stays] == ["bastion -> ticker.ssh (tcp 22)"]
    assert {*told.cut, *after.flows} == {*before.flows}
    assert (told.why, told.owner, told.responder) == ("malware", "security", "bastion")
    assert all("ticker" not in (each.client, each.server.owner) for each in after.flows[:-1])


def test_what_is_open_already_is_cut_where_a_nacl_is_asked_and_else_told(both):
    before, after = both
    (told,) = after.quarantine
    assert {(each.flow.client, each.reason, each.where) for each in told.lives_on} == {
        ("plant", Outlasting.SHARED, ("feed",)),
        ("other", Outlasting.SUBNET, ("feed/eu-west-1a", "feed/eu-west-1b")),
    }
    assert {each.seconds for each in told.lives_on} == {432_000}
    reader = next(each for each in told.cut if each.client == "reader")
    reach = prove(outlived(before.network, after.network))
    assert {*open_pairs(reach, reader)} == {Verdict.DENIED}


def test_where_services_are_kept_apart_nothing_outlives_it_but_between_its_own_copies():
    apart = {name: {**each, "isolation": "service"} for name, each in SEGMENTS.items()}
    _, after = cut_off({**DOCUMENT, "segments": apart}, "ticker")
    assert after.quarantine[0].lives_on == ()
    assert after.quarantine[0].stays == ()


def test_it_is_undone_by_removing_the_line(both):
    before, after = both
    again = planned(DOCUMENT, after.lock)
    assert again.network == before.network
    assert lock_text(again.lock) == lock_text(before.lock)
    same = ("interfaces", "subnets", "vpcs", "route_tables", "vpn_connections", "services")
    assert all(getattr(after.network, each) == getattr(before.network, each) for each in same)


def test_tests_of_what_is_cut_are_not_asked_and_all_others_are(both):
    before, after = both
    gone = {str(each) for each in before.expectations} - {str(each) for each in after.expectations}
    assert gone == {"reader -> ticker.ticks (tcp 5556)"}
    assert "a test that wants more of it is not asked" in str(after.warnings)


def test_every_entry_of_it_comes_from_its_line(both):
    _, after = both
    added = [each for each in after.network.nacl["acl/desk"].entries if each.number < 100]
    assert {each.action for each in added} == {Action.ALLOW, Action.DENY}
    origins = {after.origins.of("acl/desk", each) for each in added}
    assert origins == {after.quarantine[0].origin}


def test_a_nacl_without_room_refuses_no_quarantine_and_the_flows_are_told():
    few = {**DOCUMENT, "quotas": {"entries-per-acl": 6}}
    before, after = cut_off(few, LINE)
    (told,) = after.quarantine
    assert not [each for each in after.network.nacl["acl/desk"].entries if each.number < 100]
    full = [each for each in told.lives_on if each.reason is Outlasting.FULL]
    assert [each.flow.client for each in full] == ["reader"]
    assert judge(prove(after.network), after.declaration).findings == ()
    reach = prove(outlived(before.network, after.network))
    assert Verdict.ALLOWED in {*open_pairs(reach, full[0].flow)}


def test_a_responder_at_a_site_is_who_is_declared_there_and_nobody_beside_it():
    hosts = {"hosts": {"desk": {"address": "192.168.10.5"}}}
    site = {**DOCUMENT["sites"]["plant"], **hosts}
    flows = [
        {"name": "ssh", "from": "plant/desk", "to": "ticker", "traffic": "tcp 22", "why": "x"},
        {"name": "web", "from": "plant", "to": "ticker", "traffic": "tcp 80", "why": "y"},
    ]
    tests = DOCUMENT["tests"][:1]
    document = {**DOCUMENT, "sites": {"plant": site}, "flows": flows, "tests": tests}
    _, after = cut_off(document, {"service": "ticker", "responder": "plant/desk"})
    assert [each.server.socket for each in after.quarantine[0].stays] == ["ssh"]
    assert judge(prove(after.network), after.declaration).findings == ()


def test_a_review_says_who_is_put_into_it_and_what_lives_on(both):
    def version(made: Plan) -> Version:
        return Version(
            label="", network=made.network, origins=made.origins, declaration=made.declaration
        )

    before, after = both
    found = review(version(before), version(after))
    assert found.declared.cut_off == after.quarantine
    assert "ticker is put into quarantine" in found.verdict
    assert {each.change.source.name for each in found.living_on} == {"plant", "other"}
    back = review(version(after), version(before))
    assert [each.service for each in back.declared.released] == ["ticker"]
    assert "ticker is put out of quarantine" in back.verdict


@st.composite
def incidents(draw: st.DrawFn) -> tuple[dict[str, Any], list[Any]]:
    """A topology, and one or two of its services in quarantine, perhaps with a responder."""
    document = draw(documents(max_services=5))
    before = planned(document)
    services = st.sampled_from(sorted(document["services"]))
    lines: list[Any] = []
    names = draw(st.lists(services, min_size=1, max_size=2, unique=True))
    for name in names:
        near = {
            each.client.partition(".")[0]
            for each in before.flows
            if each.server.owner.partition(".")[0] == name
        }.difference(names)
        someone = draw(st.sampled_from(["", *sorted(near)]))
        lines.append({"service": name, "responder": someone} if someone else name)
    return document, lines


@examples(1)
@given(incidents())
def test_whoever_is_cut_off_is_proved_to_be_and_what_lives_on_is_what_a_proof_says(incident):
    document, lines = incident
    before, after = cut_off(document, *lines)
    assert judge(prove(after.network), after.declaration).findings == ()
    reach = prove(outlived(before.network, after.network))
    for each in after.quarantine:
        told = {one.flow for one in each.lives_on}
        for flow in each.cut:
            verdicts = {*open_pairs(reach, flow)}
            if Verdict.ALLOWED in verdicts:
                assert flow in told, f"{flow} lives on, and nobody says so"
            if flow in told:
                assert verdicts != {Verdict.DENIED}, f"{flow} is said to live on, and is cut"
    again = planned(document, after.lock)
    assert again.network == before.network
    assert lock_text(again.lock) == lock_text(before.lock)


def test_entries_that_deny_name_who_is_cut_off_and_nobody_else(both):
    _, after = both
    addresses = {each.address for each in after.network.interfaces_of("ticker")}
    for acl in after.network.nacls:
        for direction, entry in ((way, each) for way in Direction for each in acl.ordered(way)):
            if entry.action is Action.DENY:
                assert {*entry.cidr} <= addresses, f"{acl.name} {direction}"


def test_a_range_of_which_a_part_is_cut_keeps_its_number_until_it_is_whole_again():
    """Two services of neighbouring ports share an entry; of one that is cut off the other keeps
    one of its own, wherever the topology goes from there."""
    ports = {"ticker": "tcp://*:5556", "other": "tcp://*:5557"}
    services = {
        name: {"segment": "feed", "sockets": {"ticks": {"type": "PUB", "bind": bind}}}
        for name, bind in ports.items()
    }
    services["reader"] = {"segment": "desk", "sockets": connecting("ticker.ticks", "other.ticks")}
    document = {**HEAD, "segments": SEGMENTS, "services": services}
    before, after = cut_off(document, "ticker")

    def number(made: Plan, says: str) -> int:
        entries = made.network.nacl["acl/feed"].ordered(Direction.INGRESS)
        return next(each.number for each in entries if each.says().startswith(says))

    alone = number(after, "tcp 5557 from")
    assert alone != number(before, "tcp 5556-5557 from")
    again = planned({**document, "quarantine": ["ticker"]}, after.lock)
    assert again.network == after.network
    assert lock_text(again.lock) == lock_text(after.lock)
    gone = {name: each for name, each in services.items() if name != "ticker"}
    gone["reader"] = {"segment": "desk", "sockets": connecting("other.ticks")}
    assert number(planned({**document, "services": gone}, after.lock), "tcp 5557 from") == alone
    back = planned(document, after.lock)
    assert lock_text(back.lock) == lock_text(before.lock)
