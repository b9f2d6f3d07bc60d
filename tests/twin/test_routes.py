"""Where the twin's routers and gateways lead, measured."""

from ipaddress import IPv4Address

import pytest

from bulkhead.agree import hold
from bulkhead.prove import prove
from bulkhead.twin import Drill, Probe, TwinError, probe
from tests.support.drills import Cell, allowed, asked, asks, host, listen, run, sketched
from tests.support.estate import Estate, flow

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("namespaces")]


def with_site(*routes: str, known: list[str] | None = None) -> Estate:
    """A site that is a client of the server (REP 5555), and that listens itself (PULL 7000)."""
    net = sketched()
    net.table("inner", *routes)
    net.subnet("inner", "10.0.1.0/24", table="inner")
    host(net, "server", "inner", "10.0.1.10")
    listen(net, "server", "REP", 5555)
    net.vgw()
    net.site("office", "192.168.10.0/24", routes=known)
    listen(net, "office", "PULL", 7000)
    return net


INTO_VPC = ("office", "server", 5555)
INTO_SITE = ("server", "office", 7000)


def test_subnets_of_a_vpc_reach_each_other_without_a_route():
    net = sketched()
    net.subnet("left", "10.0.1.0/24")
    net.subnet("right", "10.0.2.0/24")
    host(net, "client", "left", "10.0.1.10")
    host(net, "server", "right", "10.0.2.10")
    listen(net, "server", "REP", 5555)
    assert ("client", "server", 5555) in allowed(run(net))


def test_a_site_is_reached_and_reaches_through_its_vpn():
    net = with_site("192.168.0.0/16 vgw")
    result = run(net, [asks(net, "office")])
    assert {INTO_VPC, INTO_SITE} <= allowed(result)
    (declared,) = [each for each in result.measurements if each.flow]
    assert declared.evidence == "HANDSHAKE_SUCCEEDED + message there and back"
    assert "site office is on a plain link: encryption is not measured" in result.notes


def test_without_a_route_back_a_site_gets_no_answer():
    assert not {INTO_VPC, INTO_SITE} & allowed(run(with_site()))


def test_a_blackhole_swallows_what_it_covers():
    holed = with_site("192.168.0.0/16 vgw", "192.168.10.0/24 vgw blackhole")
    assert not {INTO_VPC, INTO_SITE} & allowed(run(holed))


def test_the_longest_prefix_decides():
    net = with_site("192.168.10.0/24 vgw", "192.168.0.0/16 vgw blackhole")
    assert {INTO_VPC, INTO_SITE} <= allowed(run(net))


def test_a_local_route_keeps_to_the_vpc_what_a_wider_one_would_lead_away():
    net = with_site("0.0.0.0/0 vgw", "192.168.0.0/16 local")
    assert not {INTO_VPC, INTO_SITE} & allowed(run(net))


def test_of_equal_prefixes_the_static_route_wins():
    net = with_site("192.168.10.0/24 vgw blackhole", "192.168.10.0/24 vgw propagated")
    assert not {INTO_VPC, INTO_SITE} & allowed(run(net))


def test_the_vpn_gateway_forwards_only_the_prefixes_it_knows():
    net = with_site("192.168.0.0/16 vgw", known=["192.168.20.0/24"])
    assert not {INTO_VPC, INTO_SITE} & allowed(run(net))


def test_the_subnets_nacl_applies_to_a_site():
    net = with_site("192.168.0.0/16 vgw")
    net.acl("guarded", "in 100 allow tcp 5555 192.168.99.0/24", "out 100 allow all 0.0.0.0/0")
    net.subnet("guarded", "10.0.2.0/24", acl="guarded", table="inner")
    host(net, "safe", "guarded", "10.0.2.10")
    listen(net, "safe", "REP", 5555)
    assert ("office", "safe", 5555) in asked(run(net)) - allowed(run(net))


def test_each_network_of_a_site_is_a_source_of_its_own():
    net = Estate()
    net.table("inner", "192.168.0.0/16 vgw")
    net.subnet("inner", "10.0.1.0/24", table="inner")
    net.group("half", "in tcp 5555 192.168.10.0/24")
    host(net, "server", "inner", "10.0.1.10", "half")
    listen(net, "server", "REP", 5555)
    net.vgw()
    net.site("office", "192.168.10.0/24", "192.168.20.0/24")
    into = {
        str(each.source.address): each.allowed
        for each in run(net).measurements
        if (each.source.name, each.target.name) == ("office", "server")
    }
    assert into == {"192.168.10.10": True, "192.168.20.10": False}


def test_a_socket_of_a_site_at_one_address_is_reached_there_and_not_beside_it():
    net = Estate()
    net.table("inner", "192.168.0.0/16 vgw")
    net.subnet("inner", "10.0.1.0/24", table="inner")
    net.group("narrow", "out tcp 7000 192.168.10.7/32")
    host(net, "client", "inner", "10.0.1.10", "narrow")
    net.vgw()
    net.site("office", "192.168.10.0/24")
    listener = listen(net, "office", "PULL", 7000, address="192.168.10.7")
    result = run(net, [flow("client", listener, kind="PUSH")])
    into = {
        str(each.target.address): (each.allowed, each.flow is not None)
        for each in result.measurements
        if (each.source.name, each.target.name, each.port) == ("client", "office", 7000)
    }
    assert into == {"192.168.10.7": (True, True), "192.168.10.10": (False, False)}


def test_a_half_open_flow_of_a_host_at_a_site_of_several_is_tried_again():
    net = with_site("192.168.0.0/16 vgw")
    listen(net, "office", "PULL", 7001, address="192.168.10.7")
    net.acl("half", "in 100 allow all 0.0.0.0/0", "out 100 allow tcp 40000-60999 0.0.0.0/0")
    net.subnet("guarded", "10.0.2.0/24", acl="half", table="inner")
    host(net, "safe", "guarded", "10.0.2.10")
    listen(net, "safe", "REP", 5555)
    network = net.build()
    found = hold(run(net), prove(network), lambda probes: probe(network, probes))
    assert found.witnesses
    assert not found.disagreements


def with_internet(*, public: str | None, gateway: bool = True, route: bool = True) -> Estate:
    net = sketched()
    net.table("edge", *(["0.0.0.0/0 igw"] if route and gateway else []))
    net.subnet("edge", "10.0.1.0/24", table="edge")
    host(net, "server", "edge", "10.0.1.10", public=public)
    listen(net, "server", "REP", 5555)
    if gateway:
        net.igw()
    return net


def to_and_from_internet(result: Drill) -> set[Cell]:
    return {cell for cell in allowed(result) if "internet" in cell}


def test_a_public_address_opens_the_way_from_and_to_the_internet():
    net = with_internet(public="203.0.113.10")
    result = run(net)
    assert to_and_from_internet(result) >= {
        ("internet", "server", 5555),
        ("server", "internet", 5555),
    }
    (inward,) = [each for each in result.measurements if each.source.name == "internet"][:1]
    assert inward.target.address == IPv4Address("203.0.113.10")


@pytest.mark.parametrize(
    "net",
    [
        with_internet(public=None),
        with_internet(public="203.0.113.10", gateway=False),
        with_internet(public="203.0.113.10", route=False),
    ],
    ids=["no public address", "no gateway", "no route"],
)
def test_without_address_gateway_or_route_there_is_no_internet(net):
    result = run(net)
    assert {("internet", "server", 5555), ("server", "internet", 5555)} <= asked(result)
    assert to_and_from_internet(result) == set()


def test_an_unmodelled_target_leads_nowhere_and_is_noted():
    net = sketched()
    net.table("left", "10.9.0.0/16 odd")
    net.subnet("left", "10.0.1.0/24", table="left")
    host(net, "client", "left", "10.0.1.10")
    assert "route 10.9.0.0/16 -> odd of left leads nowhere in the twin: not modelled" in (
        run(net).notes
    )


def test_vpcs_are_not_connected_and_may_use_the_same_addresses():
    net = sketched()
    net.subnet("here", "10.0.1.0/24")
    host(net, "ours", "here", "10.0.1.10")
    net.vpc("same", "10.0.0.0/16")
    net.subnet("there", "10.0.1.0/24", vpc="same")
    host(net, "theirs", "there", "10.0.1.10")
    net.vpc("other", "10.1.0.0/16")
    net.subnet("yonder", "10.1.1.0/24", vpc="other")
    host(net, "far", "yonder", "10.1.1.10")
    for name in ("ours", "theirs", "far"):
        listen(net, name, "REP", 5555)
    result = run(net)
    assert ("ours", "far", 5555) in asked(result) - allowed(result)
    assert ("ours", "theirs", 5555) not in asked(result), "the address means another host here"
    assert ("stranger@here", "ours", 5555) in allowed(result)
    assert ("stranger@there", "theirs", 5555) in allowed(result)


def test_a_probe_needs_a_host_at_its_destination():
    net = sketched()
    net.subnet("left", "10.0.1.0/24")
    host(net, "client", "left", "10.0.1.10")
    nowhere = Probe(source="client", destination=IPv4Address("10.0.1.99"), port=80)
    with pytest.raises(TwinError, match="0 hosts in the twin have the address"):
        probe(net.build(), [nowhere])


def peered(*, active: bool = True) -> Estate:
    """A client, a server that lets in who holds its group, and somebody in a third VPC, which is
    peered with that of the server; all lead everywhere that a peering could."""
    net = sketched()
    net.table("near", "10.1.0.0/24 pcx", "10.2.0.0/16 pcx")
    net.subnet("near", "10.0.1.0/24", table="near")
    net.group("client", "out all 0.0.0.0/0")
    host(net, "client", "near", "10.0.1.10", "client")
    host(net, "other", "near", "10.0.1.11")
    net.vpc("far", "10.1.0.0/16")
    net.table("far", "10.0.0.0/16 pcx", "10.2.0.0/16 pcx-on", vpc="far")
    net.subnet("far", "10.1.0.0/24", vpc="far", table="far")
    net.subnet("farther", "10.1.1.0/24", vpc="far", table="far")
    net.group("server", "in tcp 5555 client", "out all 0.0.0.0/0", vpc="far")
    net.group("open-far", "in all 0.0.0.0/0", "out all 0.0.0.0/0", vpc="far")
    host(net, "server", "far", "10.1.0.10", "server")
    host(net, "beyond", "farther", "10.1.1.10", "open-far")
    net.vpc("third", "10.2.0.0/16")
    net.table("third", "10.0.0.0/16 pcx-on", "10.1.0.0/16 pcx-on", vpc="third")
    net.subnet("third", "10.2.1.0/24", vpc="third", table="third")
    net.group("open-third", "in all 0.0.0.0/0", "out all 0.0.0.0/0", vpc="third")
    host(net, "stray", "third", "10.2.1.10", "open-third")
    net.pcx("pcx", "vpc", "far", active=active)
    net.pcx("pcx-on", "far", "third")
    for name in ("server", "beyond", "stray", "other"):
        listen(net, name, "REP", 5555)
    return net


def test_a_peering_leads_into_the_other_vpc_by_routes_and_groups_and_never_on_into_a_third():
    net = peered()
    result = run(net)
    found = allowed(result)
    assert ("client", "server", 5555) in found
    assert ("other", "server", 5555) not in found, "no group of its own lets it in"
    assert ("client", "beyond", 5555) not in found, "no route leads to that subnet"
    assert ("stray", "beyond", 5555) in found
    assert not {("client", "stray", 5555), ("stray", "other", 5555)} & found
    assert hold(result, prove(net.build())).ok


def test_by_a_peering_that_is_not_active_nothing_comes():
    net = peered(active=False)
    result = run(net)
    assert ("client", "server", 5555) not in allowed(result)
    assert hold(result, prove(net.build())).ok
