"""With a register of boundaries no more is written than its evidence shows, and of each piece of
evidence it is said what became of it."""

from __future__ import annotations

import json
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.cli.discover.writing import accepts
from bulkhead.discover.code.found import CodePlace
from bulkhead.discover.flows import batch, read_flows
from bulkhead.discover.register import (
    BoundaryEvidence,
    BoundaryParty,
    BoundaryRegister,
    Certainty,
    CrossingKind,
    EvidenceKind,
    SeenBoundary,
    parse_register,
)
from bulkhead.discover.wire.seen import FrameAt
from bulkhead.network import LINUX_PORTS, PortRange
from bulkhead.present import PresentService, present_topology
from bulkhead.present.alike import together
from bulkhead.present.named import PresentParty
from bulkhead.present.opening import Passes, PresentOpening, ShownAt
from bulkhead.prove import prove
from bulkhead.report.documents.register import register as document
from tests.present.test_tightening import FLOWS, everybody, host, ports_in, trading, written
from tests.support.estate import OPEN, Estate
from tests.support.examples import ONE_FOLDER, examples
from tests.support.flow_logs import Host, talk, write


@cache
def trading_proof():
    return prove(trading().network)


def address(service, copy=0):
    """Of a copy of a service of the example; of its site one that a host there may have."""
    if service == "exchange":
        return "192.168.10.9"
    there = [each for each in trading().network.interfaces if each.service == service]
    return str(there[copy].address)


def party(name, *addresses, **more):
    said = {"because": "what its process runs", "known": True, **more}
    return BoundaryParty(name=name, addresses=tuple(addresses), **said)


def seen(kind, client="", server="", end="both", **more):
    """A piece of evidence as a witness of that kind gives it."""
    own = {
        EvidenceKind.HOST: {"machine": "vm-1", "pids": (7,), "first": "2026-11-01"},
        EvidenceKind.WIRE: {"frame": FrameAt(0.0, "before.pcap", 17)},
        EvidenceKind.FLOWS: {"source": "flow logs", "count": 12, "days": 2},
        EvidenceKind.PROBE: {"source": "10.0.0.1:5556"},
    }[kind]
    return BoundaryEvidence(
        kind=kind, end=end, what="it was seen", client_address=client, server_address=server,
        **own, **more,
    )  # fmt: skip


def line(what, end="client", file="feed/main.py", at=12):
    return BoundaryEvidence(kind=EvidenceKind.CODE, end=end, what=what, place=CodePlace(file, at))


def boundary(client, server, port, *evidence, **more):
    said = {
        "transport": "tcp",
        "crosses": CrossingKind.UNKNOWN,
        "crosses_why": "",
        "certainty": Certainty.SURE,
        "why": (),
        "exposed": True,
        **more,
    }
    return SeenBoundary(client=client, server=server, port=port, evidence=evidence, **said)


def register(*boundaries):
    """As it is read again from the file in which it was kept."""
    made = BoundaryRegister(boundaries=boundaries, searched=("host vm-1 at noon: a moment",))
    return parse_register(json.loads(json.dumps(document(made))))


def tightened(given_, flows=None, reach=None):
    reach = reach or trading_proof()
    found = present_topology(
        reach, reach.network.vpcs[0], source="test", accepts=accepts, seen=flows, register=given_
    )
    assert not accepts(found.text)
    return found


def dropped(found):
    """Read back from the comments: 'a, b to server, tcp 5556' with why."""
    for each in found.comments:
        clients, _, rest = each.what.partition(" to ")
        server, _, ranges = rest.partition(", ")
        for client in clients.split(", "):
            for some in ranges.split(", "):
                yield from (((client, server, port), each.why) for port in ports_in(some))


def evidence_of(found, flow):
    """What is cited for a client at a port of a server."""
    client, server, port = flow
    return [
        said
        for each in found.flows
        if client in each.clients and server in each.servers
        for said in each.shown
        if any(port in ports_in(one) for one in each.traffic)
    ]


def of_flow(flow, kind=EvidenceKind.HOST, copy=0):
    client, server, port = flow
    one, other = address(client, copy), address(server)
    called = party(client, one), party(server, other)
    return boundary(*called, port, seen(kind, one, other))


RUNNING = st.sampled_from([each for each in EvidenceKind if each.of_running and each != "probe"])


@examples(1 / 4, ONE_FOLDER)
@given(chosen=st.dictionaries(st.sampled_from(FLOWS), RUNNING, min_size=1))
def test_exactly_what_evidence_shows_is_written_and_all_else_stands_in_comments(chosen):
    found = tightened(register(*(of_flow(flow, kind) for flow, kind in chosen.items())))
    assert written(found) == set(chosen)
    assert {flow for flow, _ in dropped(found)} == set(FLOWS) - set(chosen)
    assert {why for _, why in dropped(found)} <= {"allowed, and no evidence of ZeroMQ shows it"}
    for flow, kind in chosen.items():
        cited = "\n".join(evidence_of(found, flow))
        where = {"host": "vm-1, pid 7", "wire": "before.pcap:17", "flow logs": "12 times on 2 days"}
        assert where[kind] in cited
    assert not found.refused
    assert not found.unplaced


@examples(1 / 8, ONE_FOLDER)
@given(
    by_register=st.sets(st.sampled_from(FLOWS), min_size=1),
    by_records=st.sets(st.sampled_from(FLOWS)),
)
def test_with_flow_logs_beside_it_what_either_shows_is_kept(by_register, by_records, tmp_path):
    records = [*everybody()]
    for client, server, port in sorted(by_records):
        records += talk(host(client), host(server), port)
    log = write(tmp_path / "a.log", records)
    flows = read_flows([batch([log])], trading().network)
    found = tightened(register(*map(of_flow, by_register)), flows)
    assert written(found) == by_register | by_records
    for flow in by_records:
        assert any(
            "flow logs: " in each and "records on 1 day" in each
            for each in evidence_of(found, flow)
        )
    why = {why for _, why in dropped(found)}
    if by_records:
        assert why <= {"allowed, not seen in 1 day of records; and no evidence of ZeroMQ shows it"}


def test_the_file_says_what_was_searched_and_cites_each_piece_above_its_flow():
    text = tightened(register(of_flow(("risk", "limits", 5571)))).text
    head, _, rest = text.partition("flows:")
    assert "# Of that only what a register of boundaries has, which knows ZeroMQ alone:" in head
    assert "# - host vm-1 at noon: a moment" in head
    above = rest.partition("- { name: tcp-5571")[0]
    assert "# seen: host: it was seen (vm-1, pid 7, 2026-11-01" in above
    assert "unused" not in text


def test_what_was_seen_and_no_rule_allows_is_said_with_the_layer_that_denies_it():
    found = tightened(
        register(of_flow(("ticker", "risk", 5570)), of_flow(("risk", "limits", 5571)))
    )
    assert written(found) == {("risk", "limits", 5571)}
    (refused,) = found.refused
    assert refused.what == "ticker to risk, tcp 5570"
    assert refused.why.startswith("no rule allows it today: security group egress of ticker blocks")
    assert "seen: host: it was seen (vm-1, pid 7" in refused.why
    assert "# Seen, and not allowed for sure today:\n# - ticker to risk, tcp 5570" in found.text


def test_records_that_no_rule_allows_any_more_are_said_too(tmp_path):
    log = write(tmp_path / "a.log", [*everybody(), *talk(host("ticker"), host("risk"), 5570)])
    flows = read_flows([batch([log])], trading().network)
    (refused,) = tightened(None, flows).refused
    assert refused.what == "ticker to risk, tcp 5570"
    assert "records on 1 day" in refused.why


def test_code_is_joined_by_the_name_that_one_service_has():
    code = boundary(party("Risk_.py"), party("limits"), 5571, line("REQ connects to tcp://limits"))
    found = tightened(register(code))
    assert written(found) == {("risk", "limits", 5571)}
    (said,) = evidence_of(found, ("risk", "limits", 5571))
    assert "feed/main.py:12" in said
    assert said.endswith("; risk by its tag; limits by its tag")


@pytest.mark.parametrize(
    ("endpoint", "how"),
    [
        ("tcp://limits.internal:5571", "limits by its tag, as its endpoint has it"),
        (f"tcp://{address('limits')}:5571", "risk by its tag"),
    ],
)
def test_code_that_connects_where_nobody_was_seen_to_wait_is_joined_by_its_endpoint(endpoint, how):
    code = boundary(
        party("risk"), None, 5571, line("REQ connects"), endpoint=endpoint, unbound="nobody"
    )
    found = tightened(register(code))
    assert written(found) == {("risk", "limits", 5571)}
    assert evidence_of(found, ("risk", "limits", 5571))[0].endswith(how)


def test_code_is_joined_by_its_port_where_the_rules_leave_one_alone_for_it():
    one = boundary(
        party("checks"), party("limits"), 5571, line("REQ connects"), endpoint="tcp://limits:5571"
    )
    found = tightened(register(one))
    assert written(found) == {("risk", "limits", 5571)}
    (said,) = evidence_of(found, ("risk", "limits", 5571))
    assert "risk because nobody else may come to limits at that port" in said
    other = boundary(
        party("risk"), None, 5571, line("c"), endpoint="tcp://{host}:5571", unbound="?"
    )
    (said,) = evidence_of(tightened(register(other)), ("risk", "limits", 5571))
    assert "limits because risk may ask nobody else at that port" in said


def test_of_several_that_the_rules_leave_none_is_chosen():
    """Momentum and arbitrage may both come to it."""
    code = boundary(party("trader"), party("risk"), 5570, line("REQ connects to tcp://risk:5570"))
    found = tightened(register(code))
    assert written(found) == set()
    (left,) = found.unplaced
    assert left.what == "trader -> risk  tcp 5570"
    assert left.why.startswith("no service is called as trader (--service NAME=WHAT says whose it")
    assert "feed/main.py:12" in left.why
    assert "# Seen, and nobody can tell between whom:" in found.text


def test_neither_end_known_is_never_guessed_though_one_pair_alone_uses_that_port():
    code = boundary(party("a"), party("b"), 5571, line("REQ connects to tcp://b:5571"))
    found = tightened(register(code))
    assert found.flows == ()
    assert "no service is called as b" in found.unplaced[0].why


def test_a_port_that_only_the_running_program_knows_is_open():
    code = boundary(party("risk"), party("limits"), None, line("c"), endpoint="tcp://limits:{port}")
    (left,) = tightened(register(code)).unplaced
    assert left.why.startswith("only the running program knows at which port; code: c")


def test_a_socket_that_waits_is_told_of_what_is_left_out_there():
    waits = boundary(
        None, party("limits", address("limits")), 5571,
        seen(EvidenceKind.HOST, "", address("limits"), "server"), unbound="nobody",
    )  # fmt: skip
    written_ = boundary(
        None, party("recorder"), 5580, line("PULL binds", "server"), unbound="nobody"
    )
    why = dict(dropped(tightened(register(waits, written_))))
    assert "the socket that waits there: host: it was seen (vm-1" in why["risk", "limits", 5571]
    assert "the socket that waits there: code: PULL binds" in why["momentum", "recorder", 5580]
    assert why["risk", "limits", 5571] != why["momentum", "risk", 5570]


def test_code_is_cited_with_what_runs_where_the_register_has_them_as_one():
    one, other = address("risk"), address("limits")
    both = boundary(
        party("a"), party("b"), 5571,
        seen(EvidenceKind.WIRE, one, other), line("REQ connects"), line("REP binds", "server"),
    )  # fmt: skip
    found = tightened(register(both))
    assert len(evidence_of(found, ("risk", "limits", 5571))) == 3


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("10.99.0.1", "nobody here has 10.99.0.1"),
        ("8.8.8.8", "8.8.8.8"),
        ("fd00::9", "fd00::9 is of IPv6, of which no flow is written"),
    ],
)
def test_addresses_of_nobody_here_are_open(where, why):
    seen_ = boundary(
        party("x", where), party("limits"), 5571, seen(EvidenceKind.WIRE, where, address("limits"))
    )
    found = tightened(register(seen_))
    assert found.flows == ()
    assert why in found.unplaced[0].why


def test_whose_a_private_address_is_somebody_may_say():
    """A container's own address, which the network has not."""
    where = party("risk", "172.17.0.2", because="--service risk=172.17.0.2")
    seen_ = boundary(
        where, party("limits"), 5571, seen(EvidenceKind.HOST, "172.17.0.2", address("limits"))
    )
    assert written(tightened(register(seen_))) == {("risk", "limits", 5571)}


def test_what_never_left_its_host_is_no_flow_and_no_question():
    looped = seen(EvidenceKind.HOST, "127.0.0.1", "127.0.0.1")
    several = [
        boundary(party("a"), party("b"), 5571, looped),
        boundary(party("a"), party("b"), 5571, looped, exposed=False),
    ]
    found = tightened(register(*several))
    assert (found.flows, found.refused, found.unplaced) == ((), (), ())


def test_a_register_of_an_earlier_version_is_placed_by_the_addresses_of_its_parties():
    """Its evidence has none. Where a party has those of two services, nobody can tell."""
    one = boundary(
        party("a", address("risk"), "0.0.0.0"), party("b", address("limits")), 5571,
        seen(EvidenceKind.HOST),
    )  # fmt: skip
    assert written(tightened(register(one))) == {("risk", "limits", 5571)}
    two = boundary(
        party("a", address("risk"), address("ticker")), party("b", address("limits")), 5571,
        seen(EvidenceKind.HOST),
    )  # fmt: skip
    (left,) = tightened(register(two)).unplaced
    assert "a has several addresses, and they are not of one service" in left.why


def estate():
    """No tags, and groups alone to tell by; h1 and h2 hold one group."""
    made = Estate()
    made.acl("open", *OPEN)
    made.subnet("a", "10.0.1.0/24", acl="open")
    made.group("web", "in tcp 80 web", "out all 0.0.0.0/0")
    made.group("store", "in tcp 5555-5559 10.0.1.0/24", "out all 0.0.0.0/0")
    made.host("h1", "a", "10.0.1.10", "web")
    made.host("h2", "a", "10.0.1.11", "web")
    made.host("s1", "a", "10.0.1.20", "store")
    return prove(made.build())


def test_of_a_wide_range_the_very_ports_are_kept_with_the_evidence_of_each():
    reach = estate()
    one = boundary(party("w"), party("s"), 5556, seen(EvidenceKind.WIRE, "10.0.1.10", "10.0.1.20"))
    two = boundary(party("w"), party("s"), 5557, seen(EvidenceKind.HOST, "10.0.1.11", "10.0.1.20"))
    found = tightened(register(one, two), reach=reach)
    assert {(c, s, p) for c, s, p in written(found)} == {
        ("web", "store", 5556),
        ("web", "store", 5557),
    }
    kinds = {each.partition(":")[0] for each in evidence_of(found, ("web", "store", 5556))}
    assert kinds == {"wire", "host"}
    left = {flow[2] for flow, _ in dropped(found) if flow[1] == "store"}
    assert left == {5555, 5558, 5559}


def test_without_tags_code_is_joined_by_the_name_of_a_group_or_an_interface():
    code = boundary(party("h1"), party("store"), 5555, line("REQ connects"))
    found = tightened(register(code), reach=estate())
    (said,) = evidence_of(found, ("web", "store", 5555))
    assert "web by the name of its interface h1" in said
    assert "store by the name of its group store" in said


def test_a_flow_cites_what_shows_it_at_its_own_ports_and_nothing_else():
    made = Estate()
    made.acl("open", *OPEN)
    made.subnet("a", "10.0.1.0/24", acl="open")
    for group in ("web", "app"):
        made.group(group, "out all 0.0.0.0/0")
    made.group("store", "in tcp 5555-5559 10.0.1.0/24", "out all 0.0.0.0/0")
    for name, at, group in (("w", 10, "web"), ("p", 11, "app"), ("s", 20, "store")):
        made.host(name, "a", f"10.0.1.{at}", group)
    given_ = register(
        *(
            boundary(
                party("x"), party("s"), port, line(f"{host} at {port}"),
                seen(EvidenceKind.WIRE, f"10.0.1.{host}", "10.0.1.20"),
            )
            for host, port in ((10, 5556), (10, 5558), (11, 5556))
        )
    )  # fmt: skip
    found = tightened(given_, reach=prove(made.build()))
    both, alone = sorted(found.flows, key=lambda each: -len(each.clients))
    assert (both.clients, both.traffic) == (("app", "web"), ("tcp 5556",))
    assert (alone.clients, alone.traffic) == (("web",), ("tcp 5558",))
    assert "10 at 5556" in "\n".join(both.shown)
    assert "11 at 5556" in "\n".join(both.shown)
    assert "5558" not in "\n".join(both.shown)
    assert "5556" not in "\n".join(alone.shown)


def test_of_records_that_do_not_say_who_opened_it_the_way_that_is_allowed_is_kept(tmp_path):
    """The lower port is the client's: by the records alone `web` would be the server."""
    reach = estate()
    hosts = {name: Host(name, str(reach.network.interface[name].address)) for name in ("h1", "s1")}
    records = [*talk(hosts["h1"], hosts["s1"], 5556, client_port=5000, opened=False)]
    log = write(tmp_path / "a.log", records)
    found = tightened(None, read_flows([batch([log])], reach.network), reach)
    assert written(found) == {("web", "store", 5556)}
    assert found.refused == ()


def test_services_that_become_one_keep_what_shows_each_of_them():
    def service(name):
        made = PresentService(
            name=name, segment="a", ends=1, interfaces=(name,), groups=(name,),
            client_ports=LINUX_PORTS,
        )  # fmt: skip
        return PresentParty(name=name, ends=1, service=made)

    one, two, server = map(service, ("one", "two", "store"))
    several = [
        PresentOpening(
            client=each, server=server, protocol=6, ports=PortRange(5556, 5556),
            passes=Passes.ALLOWED, shown=(ShownAt(5556, each.name),),
        )
        for each in (one, two)
    ]  # fmt: skip
    segments = {"one": "a", "two": "a", "store": "b"}
    merged = together([one, two, server], [(each, "") for each in several], segments)
    (left,) = merged.of(several)
    assert [each.said for each in left.shown] == ["one", "two"]
