"""The topology that is written of a network allows what the proof of that network allows."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

from hypothesis import given, note
from hypothesis import strategies as st

from bulkhead.cli.discover.writing import accepts
from bulkhead.ends import EndpointKind
from bulkhead.intent.load import topology_of
from bulkhead.network import InterfaceKind, Unmodelled, Verdict
from bulkhead.network.unlisted import Unlisted
from bulkhead.plan import plan
from bulkhead.present import present_topology
from bulkhead.present.fitting import MOST_TRIES, fitting
from bulkhead.problems import Problem
from bulkhead.prove import prove
from tests.support.estate import OPEN, Estate
from tests.support.examples import ONE_FOLDER, examples
from tests.support.topologies import HEAD, documents, topology_from


def presented(network, vpc=0):
    return present_topology(prove(network), network.vpcs[vpc], source="test", accepts=accepts)


def planned(text):
    return plan(topology_of("topology.yaml", text.encode())).network


def open_between(reach, clients, servers):
    """(protocol, port) that every one of some ends may ask of every one of others: cell by cell."""
    found = None
    for client in clients:
        for server in servers:
            if client.id == server.id:
                continue
            cells = reach.between(client, server)
            here = {
                (cell.protocol, port)
                for cell in cells
                if cell.verdict is Verdict.ALLOWED
                for port in range(cell.ports.first, cell.ports.last + 1)
            }
            found = here if found is None else found & here
    return found or set()


def ends_by_name(reach, names):
    """Of services all ends; of sites one party for each of these addresses."""
    found = {}
    for name, interfaces in names.items():
        found[name] = [
            each
            for each in reach.endpoints
            if each.kind is EndpointKind.INTERFACE
            and each.version == 4
            and reach.network.interface[each.id].name in interfaces
        ]
    return found


def site_ends(reach, addresses):
    return {
        str(address): [
            each
            for each in reach.endpoints
            if each.kind is EndpointKind.SITE and ip_address(address) in each
        ]
        for address in addresses
    }


def relation(reach, names, addresses):
    sites = site_ends(reach, addresses)
    parties = {**ends_by_name(reach, names), **sites}
    return {
        (client, server, *each)
        for client, some in parties.items()
        for server, others in parties.items()
        if not (client in sites and server in sites)
        for each in open_between(reach, some, others)
    }


def sampled(*reaches):
    """An address of each class of a site that either tells apart."""
    return {
        each.address
        for reach in reaches
        for each in reach.endpoints
        if each.kind is EndpointKind.SITE and each.version == 4
    }


@examples(1, ONE_FOLDER, shrink=False)
@given(document=documents(coming=True))
def test_what_is_planned_anew_allows_exactly_what_was_allowed(document, tmp_path):
    before = plan(topology_from(tmp_path, document)).network
    found = presented(before)
    note(found.text)
    assert not accepts(found.text)
    after = planned(found.text)
    old, new = prove(before), prove(after)
    addresses = sampled(old, new)
    then = relation(old, {each.name: set(each.interfaces) for each in found.services}, addresses)
    now = relation(
        new,
        {
            each.name: {one.name for one in after.interfaces_of(each.name)}
            for each in found.services
        },
        addresses,
    )
    assert now <= then
    if not any(each.why.startswith("no room") for each in found.comments):
        assert now == then
    asking = {each.name: each.client_ports for each in before.interfaces}
    for each in found.services:
        ports = {asking[one] for one in each.interfaces}
        assert {one.client_ports for one in after.interfaces_of(each.name)} == ports
    hosts = {
        each.name
        for each in before.interfaces
        if each.kind is InterfaceKind.HOST
        and not each.function
        and any(one.version == 4 for one in each.addresses)
    }
    assert hosts == {one for each in found.services for one in each.interfaces}


def small():
    """Two subnets alike and one apart, a web tier with a NAT gateway beside it, and a site."""
    estate = Estate()
    estate.acl("strict", "in 100 allow tcp 443 10.0.0.0/16", "out 100 allow all 0.0.0.0/0")
    estate.table("private", "192.168.0.0/16 vgw")
    estate.subnet("web-a", "10.0.0.0/24", table="private")
    estate.subnet("web-b", "10.0.1.0/24", table="private")
    estate.subnet("data", "10.0.2.0/24", acl="strict", table="private")
    estate.group("Web Tier", "in tcp 22 192.168.0.0/16", "out all 0.0.0.0/0")
    estate.group("store", "in tcp 400-500 10.0.0.0/23", "out all 0.0.0.0/0")
    estate.host("w1", "web-a", "10.0.0.10", "Web Tier")
    estate.host("w2", "web-b", "10.0.1.10", "Web Tier")
    estate.host("s1", "data", "10.0.2.10", "store")
    estate.host("nat", "web-a", "10.0.0.20", kind="gateway")
    estate.host("lb", "web-a", "10.0.0.30", "Web Tier", kind="load-balancer")
    return estate


def test_interfaces_with_the_same_groups_behind_the_same_layers_are_one_service():
    found = presented(small().build())
    services = {each.name: each for each in found.services}
    assert set(services) == {"web-tier", "store"}
    assert services["web-tier"].interfaces == ("w1", "w2")
    assert services["web-tier"].replicas == "2"
    assert {each.subnets for each in found.segments} == {("web-a", "web-b"), ("data",)}
    assert not accepts(found.text)


def test_only_what_every_layer_lets_through_is_a_flow():
    """The group says 400-500, the NACL before it 443, and no reply gets back through that."""
    found = presented(small().build())
    said = {(each.servers, each.traffic) for each in found.flows}
    assert (("store",), ("tcp 443",)) in said
    (flow,) = [each for each in found.flows if each.servers == ("store",)]
    assert flow.clients == ("web-tier",)
    assert "security group ingress of store: store-0: tcp 400-500 from 10.0.0.0/23" in found.text


def test_what_is_half_open_is_a_comment_with_its_word():
    """The NACL lets 443 in, and no reply to whoever asks from there."""
    estate = small()
    estate.group("api", "in tcp 8443 10.0.0.0/16")
    estate.host("a1", "web-a", "10.0.0.40", "api")
    found = presented(estate.build())
    (half,) = [each for each in found.comments if each.why.startswith("half-open")]
    assert half.what == "store to api, tcp 8443"
    assert str(half) in found.text
    assert ("store",) not in {each.clients for each in found.flows if each.servers == ("api",)}


def test_things_of_aws_are_left_out_by_name():
    found = presented(small().build())
    assert [(each.what, each.why.split(":")[0].split(",")[0]) for each in found.left] == [
        ("lb", "of a load balancer"),
        ("nat", "of a gateway"),
    ]
    assert "# - lb: of a load balancer" in found.text


def test_what_the_source_could_not_tell_is_no_silence():
    """An instance of a plan whose address is yet to be chosen is nowhere in the network."""
    network = replace(
        small().build(),
        unmodelled=(
            Unmodelled(kind="Instance", id="i-1", scope="i-1", why="its address is not known yet"),
        ),
        unlisted=(
            Unlisted(kind="lb", name="front", why="a state lists no interfaces of it", vpc="vpc"),
            Unlisted(kind="lb", name="far", why="nor of it", vpc="vpc-of-others"),
        ),
    )
    text = presented(network).text
    assert "# - Instance i-1: not known, and no flow of what depends on it is written: its" in text
    assert "# - lb front: it may be there: a state lists no interfaces of it" in text
    assert "far" not in text


def test_what_the_internet_reaches_is_no_flow_and_what_to_say_is_told():
    estate = small()
    estate.table("public", "0.0.0.0/0 igw")
    estate.igw()
    estate.subnet("edge", "10.0.3.0/24", table="public")
    estate.group("front", "in tcp 443 0.0.0.0/0")
    estate.host("f1", "edge", "10.0.3.10", "front", public="198.51.100.9")
    found = presented(estate.build())
    (said,) = [each for each in found.beside if "internet" in each.what]
    assert said.what == "internet to front, tcp 443"
    assert "peers:" in said.why
    assert not any("internet" in (*each.clients, *each.servers) for each in found.flows)


def test_of_a_site_only_the_addresses_that_are_let_in_are_said():
    text = {
        **HEAD,
        "zones": 1,
        "segments": {"left": {"purpose": "asks"}},
        "sites": {
            "exchange": {
                "cidrs": ["192.168.10.0/24"],
                "gateway": {"address": "203.0.113.10", "asn": 65010},
                "sockets": {"orders": {"type": "PULL", "bind": "tcp://192.168.10.7:6001"}},
            }
        },
        "services": {
            "desk": {
                "segment": "left",
                "sockets": {"out": {"type": "PUSH", "connect": "exchange.orders"}},
            }
        },
    }
    with tempfile.TemporaryDirectory() as folder:
        before = plan(topology_from(Path(folder), text)).network
    found = presented(before)
    (flow,) = found.flows
    assert flow.servers == ("exchange/at-192-168-10-7",)
    assert "at-192-168-10-7: { address: 192.168.10.7 }" in found.text
    assert "gateway: { address: 203.0.113.10, asn: 65010 }" in found.text


def test_what_a_plan_has_no_room_for_is_a_comment_and_the_rest_can_be_planned():
    estate = Estate()
    for index in range(4):
        estate.acl(f"acl{index}", *OPEN)
        estate.subnet(f"net{index}", f"10.0.{index}.0/24", acl=f"acl{index}")
        estate.group(f"team{index}", f"in tcp {2000 + index} 0.0.0.0/0", "out all 0.0.0.0/0")
        estate.host(f"h{index}", f"net{index}", f"10.0.{index}.10", f"team{index}")
    before = estate.build()

    def cramped(text):
        flows = text.count("- { name:")
        return [Problem("", 0, "the quota is 2", "ask")] if flows > 2 else accepts(text)

    found = present_topology(prove(before), before.vpcs[0], source="test", accepts=cramped)
    assert len(found.flows) == 2
    late = [each for each in found.comments if each.why == "no room: the quota is 2"]
    assert len(late) == 2
    after = prove(planned(found.text))
    then = {each.name: set(each.interfaces) for each in found.services}
    now = {name: {each.name for each in after.network.interfaces_of(name)} for name in then}
    assert {each[1] for each in relation(after, now, ())} == {"team0", "team1"}
    assert relation(after, now, ()) < relation(prove(before), then, ())


def test_names_from_elsewhere_are_never_more_than_a_comment():
    estate = small()
    estate.group("x\nquarantine: [web]\u202e", "out all 0.0.0.0/0")
    estate.host("y\n  z: 1", "data", "10.0.2.30", "x\nquarantine: [web]\u202e")
    found = presented(estate.build())
    assert not accepts(found.text)
    assert "\nquarantine:" not in found.text
    assert "\n  z: 1" not in found.text


@given(
    weights=st.lists(st.integers(1, 9), max_size=20),
    room=st.integers(0, 40),
)
def test_what_fits_is_accepted_together_and_nothing_refused_would_fit_too(weights, room):
    """As long as the tries last; what is left then is refused by what it was part of."""
    tries = []

    def refuses(some):
        tries.append(some)
        return [Problem("", 0, "too many", "")] if sum(each for _, each in some) > room else []

    items = list(enumerate(weights))
    kept, refused = fitting(items, refuses)
    spent = len(tries) == MOST_TRIES
    assert not refuses(kept)
    assert sorted([*kept, *(each for each, _ in refused)]) == items
    assert spent or all(refuses([*kept, each]) for each, _ in refused)
    assert all(why for _, why in refused)
