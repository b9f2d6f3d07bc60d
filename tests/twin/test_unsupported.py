"""What the twin does not build is left out of the drill, by name; the rest is measured."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.network import (
    AclEntry,
    Action,
    CidrPeer,
    Direction,
    GroupRule,
    InterfaceKind,
    NatGateway,
    Network,
    PeeredVpc,
    Peering,
    PortRange,
    PublicAccess,
    Route,
    RouteTable,
    TargetKind,
    icmp_range,
)
from bulkhead.twin import Probe, TwinError, drill, probe
from bulkhead.twin.firewall import host_rules, router_rules
from bulkhead.twin.layout import lay_out
from bulkhead.twin.limits import Limits
from bulkhead.twin.trials import trials
from tests.support.drills import allowed, asked, host, listen, sketched

NOT_BUILT = {
    TargetKind.EGRESS_ONLY_GATEWAY: "egress-only gateway",
    TargetKind.NAT_GATEWAY: "NAT gateway",
    TargetKind.PEERING: "peering connection",
    TargetKind.TRANSIT_GATEWAY: "transit gateway",
    TargetKind.INTERFACE: "appliance",
    TargetKind.GATEWAY_ENDPOINT: "gateway endpoint",
    TargetKind.FIREWALL: "firewall",
}


def two_vpcs() -> Network:
    """A public server and a site in one VPC, a second VPC beside it."""
    net = sketched()
    net.table("edge", "0.0.0.0/0 igw", "192.168.10.0/24 vgw")
    net.table("inner")
    net.subnet("edge", "10.0.1.0/24", table="edge")
    net.subnet("inner", "10.0.2.0/24", table="inner")
    host(net, "server", "edge", "10.0.1.10", public="203.0.113.10")
    host(net, "client", "inner", "10.0.2.10")
    net.igw()
    net.vgw()
    net.site("office", "192.168.10.0/24")
    net.vpc("other", "10.1.0.0/16")
    net.table("far", vpc="other")
    net.subnet("far", "10.1.1.0/24", vpc="other", table="far")
    host(net, "remote", "far", "10.1.1.10")
    for name in ("server", "client", "remote"):
        listen(net, name, "REP", 5555)
    return net.build()


def with_route(network: Network, table: str, route: Route) -> Network:
    tables = tuple(
        replace(each, routes=(*each.routes, route)) if each.id == table else each
        for each in network.route_tables
    )
    return replace(network, route_tables=tables)


def to(kind: TargetKind, destination: str, **more: bool) -> Route:
    return Route(destination=IPv4Network(destination), target=kind, target_id="thing-1", **more)


def planned(network: Network) -> tuple[set[tuple[str, str]], tuple[str, ...]]:
    """Who tries to reach whom, and what is said about the rest."""
    layout = lay_out(network)
    tried = trials(layout, [])
    pairs = {(each.source.name, each.door.host.name) for each in tried.every}
    return pairs, (*layout.notes, *tried.notes)


EVERYBODY, _ = planned(two_vpcs())


@pytest.mark.parametrize("kind", NOT_BUILT)
def test_what_a_route_leads_to_that_is_not_built_is_left_out_by_name(kind):
    pairs, notes = planned(with_route(two_vpcs(), "inner", to(kind, "10.1.0.0/16")))
    assert EVERYBODY - pairs == {
        (one, other)
        for left in ("client", "stranger@inner")
        for right in ("remote", "stranger@far")
        for one, other in ((left, right), (right, left))
    }
    (note,) = [each for each in notes if "thing-1" in each]
    assert note.startswith("not measured: ")
    assert f"by way of {NOT_BUILT[kind]} thing-1, which the twin does not build" in note


@pytest.mark.parametrize("kind", NOT_BUILT)
def test_a_reply_that_would_go_there_leaves_its_request_out(kind):
    pairs, _ = planned(with_route(two_vpcs(), "inner", to(kind, "0.0.0.0/0")))
    assert ("internet", "client") not in pairs
    assert ("client", "internet") not in pairs
    assert ("internet", "server") in pairs


def test_a_longer_prefix_that_is_built_keeps_its_connections():
    network = with_route(two_vpcs(), "edge", to(TargetKind.NAT_GATEWAY, "192.168.0.0/16"))
    pairs, _ = planned(network)
    assert pairs == EVERYBODY


def test_a_peering_of_two_vpcs_that_are_here_is_built():
    network = two_vpcs()
    sides = [PeeredVpc(vpc=each.id, region=each.region, cidrs=each.cidrs) for each in network.vpcs]
    peering = Peering(id="thing-1", name="thing-1", requester=sides[0], accepter=sides[1])
    routed = with_route(network, "inner", to(TargetKind.PEERING, "10.1.0.0/16"))
    pairs, notes = planned(replace(routed, peerings=(peering,)))
    assert pairs == EVERYBODY
    assert not any("thing-1" in each for each in notes)


def test_a_blackhole_is_built_whatever_stood_behind_it():
    hole = to(TargetKind.PEERING, "10.1.0.0/16", blackhole=True)
    assert planned(with_route(two_vpcs(), "inner", hole))[0] == EVERYBODY


def test_a_blackhole_between_two_subnets_is_left_out_by_name():
    hole = to(TargetKind.INTERFACE, "10.0.1.0/24", blackhole=True)
    pairs, notes = planned(with_route(two_vpcs(), "inner", hole))
    assert ("client", "server") not in pairs
    assert any("route 10.0.1.0/24 -> thing-1 inside the VPC" in each for each in notes)


def test_a_blackhole_where_the_local_route_was_is_left_out_by_name():
    hole = to(TargetKind.LOCAL, "10.0.1.0/24", blackhole=True)
    pairs, notes = planned(with_route(two_vpcs(), "inner", hole))
    assert ("client", "server") not in pairs
    assert any("route 10.0.1.0/24 -> thing-1 inside the VPC" in each for each in notes)


def test_a_longer_local_route_keeps_what_a_replaced_one_would_lead_away():
    network = with_route(two_vpcs(), "inner", to(TargetKind.FIREWALL, "10.0.0.0/16"))
    network = with_route(network, "inner", to(TargetKind.LOCAL, "10.0.0.0/17"))
    assert planned(network)[0] == EVERYBODY


def test_a_middlebox_between_two_subnets_leaves_their_connections_out():
    network = with_route(two_vpcs(), "inner", to(TargetKind.FIREWALL, "10.0.1.0/24"))
    pairs, _ = planned(network)
    assert ("client", "server") not in pairs
    assert ("server", "client") not in pairs
    assert ("stranger@inner", "client") in pairs


def test_an_edge_table_leaves_out_what_it_redirects():
    network = two_vpcs()
    edge = RouteTable(
        id="rtb-igw",
        name="rtb-igw",
        vpc="vpc",
        routes=(to(TargetKind.INTERFACE, "10.0.1.0/24"),),
        gateway="igw",
    )
    pairs, notes = planned(replace(network, route_tables=(*network.route_tables, edge)))
    assert EVERYBODY - pairs == {("internet", "server"), ("server", "internet")}
    assert any("edge route table rtb-igw" in each for each in notes)


@pytest.mark.parametrize("access", [PublicAccess.BLOCKED, PublicAccess.EGRESS_ONLY])
def test_block_public_access_leaves_out_the_internet(access):
    network = two_vpcs()
    subnets = tuple(
        replace(each, public_access=access) if each.name == "edge" else each
        for each in network.subnets
    )
    pairs, notes = planned(replace(network, subnets=subnets))
    assert EVERYBODY - pairs == {("internet", "server"), ("server", "internet")}
    assert any("VPC Block Public Access on edge" in each for each in notes)


def test_a_site_at_a_transit_gateway_is_left_out():
    network = two_vpcs()
    (connection,) = network.vpn_connections
    pairs, notes = planned(replace(network, vpn_connections=(replace(connection, vpn_gateway=""),)))
    assert {pair for pair in EVERYBODY if "office" in pair} == EVERYBODY - pairs
    assert any("transit gateway of site office" in each for each in notes)


def test_a_site_with_two_connections_is_left_out():
    network = two_vpcs()
    (connection,) = network.vpn_connections
    both = (connection, replace(connection, id="vpn-second"))
    pairs, notes = planned(replace(network, vpn_connections=both))
    assert not {pair for pair in pairs if "office" in pair}
    assert any("2 VPN connections of site office" in each for each in notes)


def test_a_site_inside_a_vpcs_own_addresses_has_no_host():
    network = two_vpcs()
    (site,) = network.sites
    swallowed = replace(site, cidrs=(IPv4Network("10.0.1.0/25"),))
    pairs, _ = planned(replace(network, sites=(swallowed,)))
    assert not {pair for pair in pairs if "office" in pair}


def test_a_public_address_that_two_interfaces_claim_is_left_out():
    network = two_vpcs()
    public = IPv4Address("203.0.113.10")
    interfaces = tuple(
        replace(each, public_address=public) if each.name == "client" else each
        for each in network.interfaces
    )
    pairs, notes = planned(replace(network, interfaces=interfaces))
    both = ("server", "client")
    assert EVERYBODY - pairs == {
        pair for name in both for pair in (("internet", name), (name, "internet"))
    }
    assert any("203.0.113.10, a public address of several interfaces" in each for each in notes)


def test_a_gateways_own_interface_is_no_host_and_its_address_stays_taken():
    network = two_vpcs()
    nat = replace(
        network.interfaces[0],
        id="eni-nat",
        name="nat",
        address=IPv4Address("10.0.1.254"),
        kind=InterfaceKind.GATEWAY,
    )
    layout = lay_out(replace(network, interfaces=(*network.interfaces, nat)))
    assert "nat" not in {each.name for each in layout.hosts}
    (stranger,) = [each for each in layout.hosts if each.name == "stranger@edge"]
    assert stranger.party.address == IPv4Address("10.0.1.253")
    assert "interface nat belongs to a gateway: no host in the twin" in layout.notes


def test_a_nat_gateway_without_an_interface_keeps_its_address():
    gateway = NatGateway(
        id="nat-1", name="nat", vpc="vpc", subnet="edge", address=IPv4Address("10.0.1.254")
    )
    layout = lay_out(replace(two_vpcs(), nat_gateways=(gateway,)))
    assert layout.find("stranger@edge").party.address == IPv4Address("10.0.1.253")


def test_an_interface_endpoint_accepts_and_opens_nothing():
    network = two_vpcs()
    interfaces = tuple(
        replace(each, kind=InterfaceKind.ENDPOINT) if each.name == "client" else each
        for each in network.interfaces
    )
    pairs, _ = planned(replace(network, interfaces=interfaces))
    assert EVERYBODY - pairs == {pair for pair in EVERYBODY if pair[0] == "client"}


def test_only_a_load_balancer_may_be_without_security_groups():
    network = two_vpcs()
    bare = tuple(replace(each, security_groups=()) for each in network.interfaces)
    balancers = tuple(replace(each, kind=InterfaceKind.LOAD_BALANCER) for each in bare)
    layout = lay_out(replace(network, interfaces=balancers))
    assert layout.find("server").groups is None
    assert lay_out(replace(network, interfaces=bare)).find("server").groups == ()


def dual_stack() -> Network:
    """The two VPCs, with IPv6 everywhere, and an icmp rule for the echo request alone."""
    network = two_vpcs()
    everywhere = IPv6Network("::/0")
    rules = (
        GroupRule(
            id="six",
            direction=Direction.INGRESS,
            protocol=6,
            ports=PortRange(9000, 9000),
            peer=CidrPeer(everywhere),
        ),
        GroupRule(
            id="ping",
            direction=Direction.INGRESS,
            protocol=1,
            ports=icmp_range(8, None),
            peer=CidrPeer(IPv4Network("0.0.0.0/0")),
        ),
    )
    entry = AclEntry(
        number=50,
        direction=Direction.INGRESS,
        action=Action.DENY,
        protocol=-1,
        ports=PortRange(0, 65535),
        cidr=everywhere,
    )
    out = Route(destination=everywhere, target=TargetKind.EGRESS_ONLY_GATEWAY, target_id="eigw-1")
    return replace(
        network,
        vpcs=tuple(
            replace(each, cidrs=(*each.cidrs, IPv6Network("2001:db8::/56")))
            for each in network.vpcs
        ),
        subnets=tuple(
            replace(each, ipv6_cidrs=(IPv6Network("2001:db8::/64"),)) for each in network.subnets
        ),
        interfaces=tuple(
            replace(each, ipv6_addresses=(IPv6Address("2001:db8::10"),))
            if each.name == "server"
            else each
            for each in network.interfaces
        ),
        security_groups=tuple(
            replace(each, rules=(*each.rules, *rules)) for each in network.security_groups
        ),
        nacls=tuple(replace(each, entries=(entry, *each.entries)) for each in network.nacls),
        route_tables=tuple(
            replace(each, routes=(*each.routes, out)) for each in network.route_tables
        ),
    )


def test_ipv6_is_noted_and_leaves_all_of_ipv4():
    pairs, notes = planned(dual_stack())
    assert pairs == EVERYBODY
    assert "IPv6 is not in the twin: only IPv4 is measured" in notes


def test_rules_of_ipv6_become_no_rule_of_the_twin():
    network = dual_stack()
    rules = host_rules(network, ("open",), "server")
    assert "six" not in rules
    assert "meta l4proto 1 @th,0,16 2048-2303" in rules
    subnet = network.subnets[0]
    assert "ingress 50" not in router_rules([(subnet, network.nacl[subnet.nacl], "br0")])


ROUTES = st.builds(
    to,
    st.sampled_from(list(NOT_BUILT)),
    st.sampled_from(["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/16", "192.168.10.0/25"]),
    blackhole=st.booleans(),
    propagated=st.booleans(),
)


@given(st.lists(st.tuples(st.sampled_from(["edge", "inner", "far"]), ROUTES), max_size=4))
def test_left_out_and_measured_together_are_always_everything(added):
    network = two_vpcs()
    for table, route in added:
        network = with_route(network, table, route)
    layout = lay_out(network)
    tried = trials(layout, [])
    measured = {(each.source.name, each.door.host.name) for each in tried.every}
    limits = Limits(network)
    left = {
        (one.name, other.name)
        for one in layout.hosts
        for other in layout.hosts
        for address in other.addresses
        if limits.why(one.party, other.party, address)
    }
    assert measured | (left & EVERYBODY) == EVERYBODY
    assert not measured & left
    own = IPv4Network("10.0.0.0/16")
    unsupported = [
        each for _, each in added if not each.blackhole or each.destination.subnet_of(own)
    ]
    assert unsupported or measured == EVERYBODY


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_the_rest_of_a_network_with_everything_is_measured():
    network = with_route(dual_stack(), "inner", to(TargetKind.NAT_GATEWAY, "0.0.0.0/0"))
    result = drill(network)
    assert ("client", "server", 5555) in allowed(result)
    assert ("internet", "server", 5555) in allowed(result)
    assert ("client", "internet", 5555) not in asked(result)
    with pytest.raises(TwinError, match=r"by way of NAT gateway thing-1"):
        probe(network, [Probe(source="client", destination=IPv4Address("198.51.100.77"), port=80)])


def test_a_rule_in_doubt_is_not_built_and_named():
    net = sketched()
    net.acl("acl", "in 10 deny tcp 5 10.0.0.0/8 ?", "in 20 allow all 0.0.0.0/0")
    net.subnet("a", "10.0.1.0/24", acl="acl")
    net.group("held", "in tcp 5 10.0.0.0/16 ?", "in tcp 6 10.0.0.0/16")
    net.host("server", "a", "10.0.1.10", "held")
    network = net.build()
    built = host_rules(network, ("held",), "server")
    assert "dport 6" in built
    assert "dport 5" not in built
    built = router_rules([(network.subnets[0], network.nacl["acl"], "br")])
    assert "10.0.0.0/8" not in built
    assert [each for each in Limits(network).notes if "in doubt" in each] == [
        "rule tcp 5 from 10.0.0.0/16 (in doubt) of security group held is not in the twin",
        "entry ingress 10: deny tcp 5 from 10.0.0.0/8 (in doubt) of NACL acl is not in the twin",
    ]
