"""A pair of the matrix is marked where a judge finds fault with it, and nowhere else."""

import re
import tempfile
from dataclasses import replace
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.agree import Comparison, Status, hold, tabulate
from bulkhead.ends import EndpointKind
from bulkhead.judge import FindingKind, ResidueKind, judge
from bulkhead.network import (
    TCP,
    CidrPeer,
    Declaration,
    GroupPeer,
    InternetGateway,
    Listener,
    PortRange,
    Route,
    TargetKind,
    Unmodelled,
    Verdict,
)
from bulkhead.plan import plan
from bulkhead.prove import PARTLY, prove
from bulkhead.twin import Drill, Measurement, Party, PartyKind
from tests.support.estate import entry, rule
from tests.support.examples import examples
from tests.support.shop import shop as by_hand
from tests.support.shop import with_entry, with_routes, with_rule
from tests.support.topologies import HEAD, documents, sending_to_a_site, topology_from


def marked(matrix):
    """(sender, owner of the socket) of every pair that is not as declared."""
    return {
        (row.name, column.owner)
        for (row, column), pair in matrix.pairs.items()
        if not pair.as_declared
    }


def faults(judgement):
    """The same of every finding or effect about a flow to a host or a site that is there."""
    told = [each for cause in judgement.findings for each in (cause, *cause.effects)]
    to_hosts = {
        (source, _owner(finding.destination))
        for finding in told
        for source in _each(finding.source, finding.kind)
        if _is_of_a_flow(finding)
    }
    # Who reaches all the internet on more than is declared of a service of AWS reaches that too.
    return to_hosts | {
        (source, service)
        for finding in told
        if finding.destination == "internet" and finding.source != "internet"
        for services in _AMONG.findall(finding.message)
        for service in services.split(", ")
        for source in _each(finding.source, finding.kind)
        if not source.startswith((STRANGER, "elsewhere", "subnets"))
    }


_AMONG = re.compile(r" \(among them (AWS [^)]*)\)")


def _owner(name):
    """Of 'svc0.in1', 'svc0.eth1.in1', 'svc0.eth1' and 'svc0': whose it is, or itself."""
    owner, _, last = name.rpartition(".")
    return name if not owner or last.startswith("eth") else owner


STRANGER = "any host in "


def _each(source, kind):
    if kind is FindingKind.MISSING:
        return [_owner(source)]
    if source.startswith(STRANGER):
        return [STRANGER + each for each in source.removeprefix(STRANGER).split(", ")]
    return [source]


def _is_of_a_flow(finding):
    """Not of a layer alone, of who may forward, or of a place where no socket is."""
    flow = finding.kind in (FindingKind.MISSING, FindingKind.EXTRA) or (
        finding.kind is FindingKind.UNDETERMINED and finding.message.startswith(finding.source)
    )
    return flow and not finding.destination.startswith((STRANGER, "internet", "elsewhere"))


CIDRS = (
    *("0.0.0.0/0", "10.20.0.0/16", "10.20.0.0/24", "10.20.0.4/32", "172.16.0.0/12"),
    *("192.168.10.0/24", "192.168.10.7/32", "192.168.10.8/31"),
)
TRAFFIC = ("tcp 5000-5030", "tcp 5010", "tcp 22", "udp *", "icmp", "all")


def swapped(things, old, new):
    return tuple(new if each is old else each for each in things)


def one_of(draw, things):
    return draw(st.sampled_from(things)) if things else None


def another_rule(draw, network, number):
    group = one_of(draw, network.security_groups)
    peer = draw(st.sampled_from((*CIDRS, *(each.id for each in network.security_groups))))
    made = rule(
        f"new-{number}",
        f"{draw(st.sampled_from(('in', 'out')))} {draw(st.sampled_from(TRAFFIC))} 10.0.0.0/8",
    )
    made = replace(made, peer=CidrPeer(ip_network(peer)) if peer in CIDRS else GroupPeer(peer))
    wider = replace(group, rules=(*group.rules, made))
    return replace(network, security_groups=swapped(network.security_groups, group, wider))


def a_rule_less(draw, network, number):
    group = one_of(draw, [each for each in network.security_groups if each.rules])
    if group is None:
        return network
    gone = one_of(draw, group.rules)
    less = replace(group, rules=tuple(each for each in group.rules if each is not gone))
    return replace(network, security_groups=swapped(network.security_groups, group, less))


def open_acls(draw, network, number):
    traffic, cidr = draw(st.sampled_from(TRAFFIC)), draw(st.sampled_from(CIDRS))
    more = [entry(f"{way} {number} allow {traffic} {cidr}") for way in ("in", "out")]
    acls = tuple(replace(each, entries=(*each.entries, *more)) for each in network.nacls)
    return replace(network, nacls=acls)


def an_entry_less(draw, network, number):
    acl = one_of(draw, [each for each in network.nacls if each.entries])
    if acl is None:
        return network
    gone = one_of(draw, acl.entries)
    less = replace(acl, entries=tuple(each for each in acl.entries if each is not gone))
    return replace(network, nacls=swapped(network.nacls, acl, less))


def a_second_address(draw, network, number):
    host = one_of(draw, network.interfaces)
    address = list(network.subnet[host.subnet].cidrs[0].hosts())[-number - 1]
    more = replace(host, secondary_addresses=(*host.secondary_addresses, address))
    return replace(network, interfaces=swapped(network.interfaces, host, more))


def a_way_to_the_internet(draw, network, number):
    host = one_of(draw, network.interfaces)
    out = Route(
        destination=ip_network("0.0.0.0/0"),
        target=TargetKind.INTERNET_GATEWAY,
        target_id="igw",
    )
    public = replace(host, public_address=ip_address(f"203.0.113.{20 + number}"))
    return replace(
        network,
        internet_gateways=(InternetGateway(id="igw", name="igw", vpc=network.vpcs[0].id),),
        route_tables=tuple(
            each if out in each.routes else replace(each, routes=(*each.routes, out))
            for each in network.route_tables
        ),
        interfaces=swapped(network.interfaces, host, public),
    )


def something_unknown(draw, network, number):
    things = (*network.security_groups, *network.nacls, *network.interfaces, *network.subnets)
    scope = one_of(draw, things).id
    thing = Unmodelled(kind="thing", id=f"thing-{number}", scope=scope, why="cannot be read")
    return replace(network, unmodelled=(*network.unmodelled, thing))


def no_word_of_its_sockets(draw, network, number):
    return replace(network, listeners=())


EDITS = (
    *(another_rule, a_rule_less, open_acls, an_entry_less, a_second_address),
    *(a_way_to_the_internet, something_unknown, no_word_of_its_sockets),
)


@st.composite
def built(draw):
    """A declaration, and a network that was built for it and is perhaps not it any more."""
    with tempfile.TemporaryDirectory() as folder:
        planned = plan(topology_from(Path(folder), draw(documents(max_services=4, sharing=True))))
    network = planned.network
    for number, edit in enumerate(draw(st.lists(st.sampled_from(EDITS), max_size=4)), 1):
        network = edit(draw, network, number)
    return planned.declaration, network


@examples(2)
@given(built())
def test_what_the_matrix_marks_is_what_the_judge_finds(one):
    declaration, network = one
    reach = prove(network)
    assert marked(tabulate(reach, declaration)) == faults(judge(reach, declaration))


def test_who_gets_at_a_socket_by_the_range_of_another_is_marked_as_that(tmp_path):
    document = {
        **HEAD,
        "segments": {"front": {"purpose": "asks"}, "back": {"purpose": "answers"}},
        "services": {
            "kernel": {
                "segment": "back",
                "sockets": {
                    "shell": {"type": "ROUTER", "bind": ["tcp://*:5000-5009", "tcp://*:5010"]},
                    "beat": {"type": "REP", "bind": "tcp://*:5000-5009"},
                },
            },
            "watch": {
                "segment": "front",
                "sockets": {"beat": {"type": "REQ", "connect": "kernel.beat"}},
            },
        },
    }
    planned = plan(topology_from(tmp_path, document))
    reach = prove(planned.network)
    matrix = tabulate(reach, planned.declaration)
    found = {each.socket: each for each in matrix.pairs.values() if each.sender == "watch"}
    assert found["kernel.beat"].status is Status.DECLARED
    assert (found["kernel.shell"].status, found["kernel.shell"].declared) == (Status.SHARED, False)
    assert found["kernel.shell"].as_it_should_be
    assert judge(reach, planned.declaration).ok


SITE = {
    **HEAD,
    "segments": {"feed": {"purpose": "sends orders out"}},
    "services": {
        "sender": {
            "segment": "feed",
            "sockets": {"orders": {"type": "PUSH", "connect": "exchange.orders"}},
        }
    },
    "sites": {
        "exchange": {
            "cidrs": ["192.168.10.0/24", "192.168.11.0/24"],
            "gateway": {"address": "203.0.113.10"},
            "sockets": {"orders": {"type": "PULL", "bind": "tcp://*:6001"}},
        }
    },
}


def test_any_host_that_may_send_to_a_site_is_shown_and_not_marked(tmp_path):
    planned = plan(topology_from(tmp_path, SITE))
    reach = prove(planned.network)
    matrix = tabulate(reach, planned.declaration)
    (stranger,) = [each for each in pairs(matrix, "exchange.orders") if "any host" in each.sender]
    assert (stranger.proved, stranger.declared) == (Verdict.ALLOWED, None)
    assert stranger.status is Status.OPEN
    judgement = judge(reach, planned.declaration)
    assert marked(matrix) == faults(judgement) == set()
    (left,) = [each for each in judgement.residue if each.kind is ResidueKind.ANY_HOST]
    assert (left.source, left.destination, left.ports) == (
        stranger.sender,
        "exchange",
        stranger.ports,
    )


def seen(source, target, flow, *, allowed, port=6001):
    party = Party(kind=PartyKind.INTERFACE, id=source.id, name=source.name, address=source.address)
    site = Party(kind=PartyKind.SITE, id="exchange", name="exchange", address=ip_address(target))
    listener = flow.server if flow.server.address == site.address else None
    return Measurement(
        source=party, target=site, port=port, listener=listener, allowed=allowed, evidence=""
    )


@pytest.mark.parametrize("tags", ["as planned", "none", "of all addresses"])
def test_a_socket_at_one_address_is_a_row_of_its_own_and_its_port_beside_it_another(tmp_path, tags):
    planned = plan(
        topology_from(
            tmp_path, sending_to_a_site(orders="tcp://192.168.10.7:6001", fills="tcp://*:6002")
        )
    )
    (flow,) = [each for each in planned.flows if each.server.socket == "orders"]
    anywhere = tuple(replace(each, address=None) for each in planned.network.listeners)
    network = with_rule(planned.network, "sg/bystander", "out tcp 6001 192.168.10.0/24")
    network = with_entry(network, "acl/other", "out 100 allow tcp 6001 192.168.10.0/24")
    network = with_entry(network, "acl/other", "in 100 allow tcp 32768-60999 192.168.10.0/24")
    network = with_routes(network, "rtb/other", network.route_table["rtb/feed"].routes)
    said = {"as planned": planned.network.listeners, "none": (), "of all addresses": anywhere}
    network = replace(network, listeners=said[tags])
    reach = prove(network)
    (sender,) = network.interfaces_of("orders-sender")
    measured = Drill(
        measurements=(
            seen(sender, "192.168.10.7", flow, allowed=True),
            seen(sender, "192.168.10.10", flow, allowed=False),
        ),
        seconds=0.1,
    )
    comparison = hold(measured, reach)
    assert not comparison.disagreements
    matrix = tabulate(reach, planned.declaration, comparison)
    there, beside = pairs(matrix, "exchange.orders"), pairs(matrix, "exchange tcp 6001")
    assert {each.address for each in there} == {ip_address("192.168.10.7")}
    assert {each.address for each in beside} == {None}
    fares = {
        each.sender: [(pair.declared, pair.proved, pair.measured) for pair in (each, other)]
        for each, other in zip(there, beside, strict=True)
    }
    yes, no = Verdict.ALLOWED, Verdict.DENIED
    assert fares["orders-sender"] == [(True, yes, yes), (False, no, no)]
    assert fares["bystander"] == [(False, yes, None), (False, PARTLY, None)]
    judgement = judge(reach, replace(planned.declaration, planned=None))
    assert marked(matrix) == faults(judgement) == {("bystander", "exchange")}


def test_a_socket_that_stands_open_at_all_addresses_is_marked_beside_the_declared_one(tmp_path):
    everywhere = plan(topology_from(tmp_path, sending_to_a_site(orders="tcp://*:6001"))).network
    one = plan(topology_from(tmp_path, sending_to_a_site(orders="tcp://192.168.10.7:6001")))
    matrix = tabulate(prove(everywhere), one.declaration)
    (there,) = [p for p in pairs(matrix, "exchange.orders") if p.sender == "orders-sender"]
    (beside,) = [p for p in pairs(matrix, "exchange tcp 6001") if p.sender == "orders-sender"]
    assert (there.status, beside.status) == (Status.DECLARED, Status.UNDECLARED)


def pairs(matrix, socket):
    return [pair for pair in matrix.pairs.values() if pair.socket == socket]


@pytest.mark.parametrize("sockets", [(), ("idle.own",)])
def test_a_host_with_two_addresses_that_may_speak_to_itself_reaches_nobody(sockets):
    network, flows = by_hand()
    network = with_rule(network, "sg-idle", "in tcp 9 sg-idle")
    network = with_rule(network, "sg-idle", "out tcp 9 sg-idle")
    two = tuple(
        replace(each, secondary_addresses=(ip_address("10.0.2.21"),))
        if each.service == "idle"
        else each
        for each in network.interfaces
    )
    own = [
        Listener(
            owner="idle",
            socket=each.partition(".")[2],
            type="PULL",
            protocol=TCP,
            ports=PortRange(9, 9),
        )
        for each in sockets
    ]
    reach = prove(replace(network, interfaces=two, listeners=(*network.listeners, *own)))
    declared = Declaration(topology="shop", flows=tuple(flows))
    matrix = tabulate(reach, declared)
    assert {each.name for each in matrix.sockets if each.owner == "idle"} == set(sockets)
    assert marked(matrix) == faults(judge(reach, declared)) == set()


@pytest.mark.parametrize(("name", "shown"), [("front", "front (eni-other)"), ("other", "other")])
def test_a_host_that_is_only_called_like_a_service_is_no_part_of_it(shop, name, shown):
    (front, *_) = shop.network.interfaces_of("front")
    address = list(shop.network.subnet_of(front).cidrs[0].hosts())[-1]
    other = replace(front, id="eni-other", name=name, service=None, address=address)
    network = replace(shop.network, interfaces=(*shop.network.interfaces, other))
    matrix = tabulate(prove(network), shop.declaration)
    fares = {each.sender: each.as_declared for each in pairs(matrix, "db.ask")}
    assert fares["front"]
    assert not fares[shown]


def test_a_host_that_is_only_called_like_a_site_is_no_part_of_it():
    network, flows = by_hand()
    (idle,) = network.interfaces_of("idle")
    other = replace(idle, id="eni-other", name="plant", service=None, security_groups=("sg-web",))
    other = replace(other, address=ip_address("10.0.1.30"), subnet="front-a")
    reach = prove(replace(network, interfaces=(*network.interfaces, other)))
    matrix = tabulate(reach, Declaration(topology="shop", flows=tuple(flows)))
    assert {each.sender for each in pairs(matrix, "web.feed")} >= {"plant", "plant (eni-other)"}


def test_only_a_service_or_a_site_can_have_declared_a_flow(shop):
    (asked,) = shop.flows
    declared = replace(shop.declaration, flows=(replace(asked, client="internet"),))
    matrix = tabulate(prove(shop.network), declared)
    kinds = {each.sender_kind for each in pairs(matrix, "db.ask") if each.declared}
    assert kinds == {EndpointKind.INTERFACE}, "a service of that name, which is not here"


def test_who_was_declared_to_send_and_has_no_address_is_a_sender_that_is_marked(shop):
    (asked,) = shop.flows
    left = tuple(each for each in shop.network.interfaces if each.service != asked.client)
    matrix = tabulate(prove(replace(shop.network, interfaces=left)), shop.declaration)
    assert marked(matrix) == {(asked.client, asked.server.owner)}
    assert [each.name for each in matrix.senders].count(asked.client) == 1


def test_a_socket_of_which_an_account_says_nothing_is_still_the_declared_one(shop):
    network = replace(shop.network, listeners=())
    matrix = tabulate(prove(network), shop.declaration)
    assert [each.name for each in matrix.sockets] == ["db.ask"]
    assert marked(matrix) == set()


# Measured


def party(network, name):
    (found,) = [each for each in network.interfaces if each.name == name]
    return Party(
        kind=PartyKind.INTERFACE,
        id=found.id,
        name=found.name,
        address=found.address,
        service=found.service,
    )


def measured(network, source, *, allowed):
    return Measurement(
        source=party(network, source),
        target=party(network, "db-1"),
        port=6000,
        protocol=TCP,
        allowed=allowed,
        evidence="by hand",
        listener=network.listeners[0],
    )


def drilled(network, declaration, *measurements):
    reach = prove(network)
    comparison = hold(Drill(measurements=measurements, seconds=0.1), reach)
    matrix = tabulate(reach, declaration, comparison)
    (pair,) = [each for each in pairs(matrix, "db.ask") if each.sender == "front"]
    return comparison, pair


@pytest.mark.parametrize("allowed", [True, False])
def test_a_pair_is_as_proved_where_the_comparison_says_so(shop, allowed):
    comparison, pair = drilled(
        shop.network, shop.declaration, measured(shop.network, "front-1", allowed=allowed)
    )
    assert pair.as_proved is comparison.ok is allowed
    assert pair.as_it_should_be is allowed


def test_one_replica_that_contradicts_the_proof_marks_the_pair(shop):
    comparison, pair = drilled(
        shop.network,
        shop.declaration,
        measured(shop.network, "front-1", allowed=True),
        measured(shop.network, "front-2", allowed=False),
    )
    assert pair.measured == PARTLY
    assert not pair.as_proved
    assert not comparison.ok


@pytest.mark.parametrize("allowed", [True, False])
def test_a_half_open_pair_may_connect_or_not_and_is_not_as_declared(shop, narrowed, allowed):
    network = narrowed(shop.network)
    comparison, pair = drilled(
        network, shop.declaration, measured(network, "front-1", allowed=allowed)
    )
    assert comparison.ok
    assert pair.as_proved
    assert not pair.as_declared


@pytest.mark.parametrize("allowed", [True, False])
def test_what_the_proof_leaves_open_cannot_be_contradicted(shop, allowed):
    (acl,) = [each for each in shop.network.nacls if each.name == "data"]
    unknown = Unmodelled(kind="entry", id="7", scope=acl.id, why="odd")
    network = replace(shop.network, unmodelled=(unknown,))
    comparison, pair = drilled(network, None, measured(network, "front-1", allowed=allowed))
    assert (pair.proved, comparison.undetermined) == (Verdict.UNDETERMINED, 1)
    assert pair.as_it_should_be


def test_what_was_measured_at_one_socket_says_nothing_of_another_at_its_port(shop):
    (known,) = shop.network.listeners
    other = replace(known, socket="other")
    network = replace(shop.network, listeners=(known, other))
    reach = prove(network)
    seen = Drill(measurements=(measured(network, "front-1", allowed=False),), seconds=0.1)
    matrix = tabulate(reach, shop.declaration, hold(seen, reach))
    marks = {
        each.socket: each.as_proved for each in matrix.pairs.values() if each.sender == "front"
    }
    assert marks == {"db.ask": False, "db.other": True}


def test_without_a_drill_nothing_is_measured(shop):
    matrix = tabulate(prove(shop.network), shop.declaration, Comparison(reason="no namespaces"))
    assert not matrix.drilled
    assert {each.measured for each in matrix.pairs.values()} == {None}


def test_undeclared_ports_of_one_owner_stand_together_where_they_fare_alike():
    network, flows = by_hand()
    for port in (22, 24):
        network = with_rule(network, "sg-idle", f"in tcp {port} sg-store")
        network = with_rule(network, "sg-store", f"out tcp {port} sg-idle")
    matrix = tabulate(prove(network), Declaration(topology="shop", flows=tuple(flows)))
    (together,) = [each for each in matrix.alike if each[0].owner == "idle"]
    assert [str(each.ports) for each in together] == ["22", "24"]
    assert [each for each in matrix.alike if each[0].declared and len(each) > 1] == []


def test_a_sender_is_of_one_kind(shop):
    matrix = tabulate(prove(shop.network), shop.declaration)
    kinds = {each.sender: each.sender_kind for each in matrix.pairs.values()}
    assert kinds["front"] is EndpointKind.INTERFACE
    assert kinds["any host in web"] is EndpointKind.STRANGER
