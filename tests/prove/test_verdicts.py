"""What a cell's verdict rests on, one behaviour of AWS at a time."""

from dataclasses import replace

import pytest

from bulkhead.ends import EndpointKind
from bulkhead.network import ALL_PORTS, ICMP, TCP, UDP, PortRange, Verdict
from bulkhead.prove import prove
from tests.support.estate import OPEN, Estate, endpoint, ports_of

A, H, D, U = Verdict.ALLOWED, Verdict.HALF_OPEN, Verdict.DENIED, Verdict.UNDETERMINED


def two_subnets(*, acl_a="open", acl_b="open", client=("out all 0.0.0.0/0",), server=(), acls=()):
    estate = Estate()
    for name, *entries in acls:
        estate.acl(name, *entries)
    estate.subnet("a", "10.0.1.0/24", acl=acl_a)
    estate.subnet("b", "10.0.2.0/24", acl=acl_b)
    estate.group("client", *client)
    estate.group("server", *server)
    estate.host("c", "a", "10.0.1.10", "client")
    estate.host("s", "b", "10.0.2.10", "server")
    return estate


def verdict(network, source, destination, protocol=TCP, port=5556):
    reach = prove(network)
    return reach.verdict(endpoint(reach, source), endpoint(reach, destination), protocol, port)


def test_a_flow_needs_egress_of_the_sender_and_ingress_of_the_receiver():
    both = two_subnets(client=["out tcp 5556 server"], server=["in tcp 5556 client"])
    assert verdict(both.build(), "c", "s") is A
    assert verdict(two_subnets(client=[], server=["in tcp 5556 client"]).build(), "c", "s") is D
    assert verdict(two_subnets(client=["out tcp 5556 server"]).build(), "c", "s") is D


def test_replies_of_an_allowed_flow_need_no_group_rule():
    network = two_subnets(client=["out tcp 5556 server"], server=["in tcp 5556 client"]).build()
    assert verdict(network, "c", "s") is A
    assert verdict(network, "s", "c", port=40000) is D


def test_a_group_reference_means_the_holders_and_nobody_else():
    estate = two_subnets(server=["in tcp 5556 client"])
    estate.host("other", "a", "10.0.1.11", "server")
    network = estate.build()
    assert verdict(network, "c", "s") is A
    assert verdict(network, "any host in a", "s") is D
    assert verdict(network, "other", "s") is D


def test_a_group_reference_covers_the_secondary_addresses_of_its_holders():
    estate = two_subnets(server=["in tcp 5556 client"])
    estate.host("multi", "a", "10.0.1.20", "client", more=["10.0.1.21"])
    assert verdict(estate.build(), "multi (10.0.1.21)", "s") is A


def test_the_rules_of_all_groups_of_an_interface_add_up():
    estate = two_subnets(server=["in tcp 1 client"])
    estate.group("more", "in tcp 5556 client")
    estate.host("s2", "b", "10.0.2.11", "server", "more")
    network = estate.build()
    assert verdict(network, "c", "s2", port=5556) is A
    assert verdict(network, "c", "s2", port=1) is A
    assert verdict(network, "c", "s2", port=2) is D


def test_holding_the_same_group_opens_nothing_without_a_rule_for_itself():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("g", "out all 0.0.0.0/0")
    estate.host("x", "a", "10.0.1.10", "g")
    estate.host("y", "a", "10.0.1.11", "g")
    assert verdict(estate.build(), "x", "y") is D


def test_a_nacl_is_read_by_number_and_not_by_place():
    network = two_subnets(
        server=["in all 0.0.0.0/0"],
        acl_b="odd",
        acls=[("odd", "in 200 allow all 0.0.0.0/0", "in 100 deny tcp 5556 0.0.0.0/0", OPEN[1])],
    ).build()
    assert verdict(network, "c", "s", port=5556) is D
    assert verdict(network, "c", "s", port=5557) is A


def test_what_no_entry_matches_is_denied():
    network = two_subnets(server=["in all 0.0.0.0/0"], acl_b="closed").build()
    assert verdict(network, "c", "s") is D


def test_a_nacl_does_not_stand_within_a_subnet():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24", acl="closed")
    estate.group("g", "in tcp 5556 g", "out tcp 5556 g")
    estate.host("x", "a", "10.0.1.10", "g")
    estate.host("y", "a", "10.0.1.11", "g")
    assert verdict(estate.build(), "x", "y") is A


def test_without_reply_ports_a_flow_is_half_open_and_says_which_ports_are_lost():
    network = two_subnets(
        server=["in tcp 5556 client"],
        acl_b="narrow",
        acls=[("narrow", OPEN[0], "out 100 allow tcp 32768-40000 10.0.1.0/24")],
    ).build()
    reach = prove(network)
    (cell,) = [
        each
        for each in reach.between(endpoint(reach, "c"), endpoint(reach, "s"))
        if each.verdict is not D
    ]
    assert (cell.protocol, cell.ports, cell.verdict) == (TCP, PortRange(5556, 5556), H)
    assert cell.lost == (PortRange(40001, 60999),)


@pytest.mark.parametrize("port", [32768, 60999])
def test_a_reply_lost_at_the_very_edge_of_the_client_ports_counts(port):
    network = two_subnets(
        server=["in tcp 5556 client"],
        acl_b="edge",
        acls=[("edge", OPEN[0], f"out 10 deny tcp {port} 0.0.0.0/0", OPEN[1])],
    ).build()
    assert verdict(network, "c", "s") is H


@pytest.mark.parametrize("port", [32767, 61000])
def test_a_reply_lost_just_outside_the_client_ports_does_not(port):
    network = two_subnets(
        server=["in tcp 5556 client"],
        acl_b="edge",
        acls=[("edge", OPEN[0], f"out 10 deny tcp {port} 0.0.0.0/0", OPEN[1])],
    ).build()
    assert verdict(network, "c", "s") is A


@pytest.mark.parametrize(
    ("clients", "said", "lost"),
    [
        ("linux", A, ()),
        ("windows", H, (PortRange(61000, 65535),)),
        ("any", H, (PortRange(1024, 32767), PortRange(61000, 65535))),
    ],
)
def test_replies_are_asked_for_to_the_ports_that_this_client_uses(clients, said, lost):
    estate = Estate()
    estate.acl("linux", OPEN[0], "out 100 allow tcp 32768-60999 10.0.1.0/24")
    estate.subnet("a", "10.0.1.0/24")
    estate.subnet("b", "10.0.2.0/24", acl="linux")
    estate.group("g", "in tcp 5556 g", "out tcp 5556 g")
    estate.host("c", "a", "10.0.1.10", "g", clients=clients)
    estate.host("beside", "a", "10.0.1.11", "g")
    estate.host("s", "b", "10.0.2.10", "g")
    reach = prove(estate.build())
    ends = endpoint(reach, "c"), endpoint(reach, "s")
    assert reach.verdict(*ends, TCP, 5556) is said
    assert reach.lost(*ends, TCP) == lost
    assert reach.verdict(endpoint(reach, "beside"), ends[1], TCP, 5556) is A


@pytest.mark.parametrize(("clients", "said"), [("any", H), ("windows", H), ("linux", A)])
def test_replies_to_a_site_are_asked_for_to_the_ports_that_its_hosts_use(clients, said):
    estate = Estate()
    estate.vgw()
    estate.site("plant", "192.168.0.0/16", clients=clients)
    estate.acl("linux", OPEN[0], "out 100 allow tcp 32768-60999 192.168.0.0/16")
    estate.table("led", "192.168.0.0/16 vgw")
    estate.subnet("b", "10.0.2.0/24", acl="linux", table="led")
    estate.group("g", "in tcp 5556 192.168.0.0/16")
    estate.host("s", "b", "10.0.2.10", "g")
    assert verdict(estate.build(), "plant", "s") is said


def test_the_internet_may_ask_from_any_port_from_1024():
    estate = Estate()
    estate.igw()
    estate.acl("linux", OPEN[0], "out 100 allow tcp 32768-65535 0.0.0.0/0")
    estate.table("out", "0.0.0.0/0 igw")
    estate.subnet("b", "10.0.2.0/24", acl="linux", table="out")
    estate.group("g", "in tcp 5556 0.0.0.0/0")
    estate.host("s", "b", "10.0.2.10", "g", public="203.0.113.7")
    reach = prove(estate.build())
    ends = endpoint(reach, "internet"), endpoint(reach, "s")
    assert reach.verdict(*ends, TCP, 5556) is H
    assert reach.lost(*ends, TCP) == (PortRange(1024, 32767),)


def test_the_clients_own_nacl_must_let_the_reply_in():
    network = two_subnets(
        server=["in tcp 5556 client"],
        acl_a="deaf",
        acls=[("deaf", OPEN[1], "in 10 deny tcp 50000 0.0.0.0/0", "in 20 allow all 0.0.0.0/0")],
    ).build()
    reach = prove(network)
    source, destination = endpoint(reach, "c"), endpoint(reach, "s")
    assert reach.verdict(source, destination, TCP, 5556) is H
    assert reach.lost(source, destination, TCP) == (PortRange(50000, 50000),)


def test_a_rule_for_tcp_says_nothing_about_other_protocols():
    network = two_subnets(server=["in tcp * client"]).build()
    assert verdict(network, "c", "s", TCP) is A
    assert [verdict(network, "c", "s", protocol) for protocol in (UDP, ICMP, 47)] == [D, D, D]


def test_a_rule_for_all_protocols_covers_those_that_nobody_names():
    network = two_subnets(server=["in all client"]).build()
    assert verdict(network, "c", "s", 47) is A
    assert verdict(network, "c", "s", ICMP) is A


def test_a_rule_for_all_protocols_is_one_for_all_ports_whatever_it_writes():
    network = two_subnets(server=["in all client"]).build()
    server = network.security_group["server"]
    (everything,) = server.rules
    odd = replace(server, rules=(replace(everything, ports=PortRange(1, 2)),))
    groups = tuple(odd if each is server else each for each in network.security_groups)
    assert verdict(replace(network, security_groups=groups), "c", "s", port=5556) is A


def test_a_protocol_without_ports_is_one_cell():
    network = two_subnets(server=["in icmp client"]).build()
    reach = prove(network)
    cells = reach.between(endpoint(reach, "c"), endpoint(reach, "s"))
    (ping,) = [each for each in cells if each.protocol == ICMP]
    assert (ping.ports, ping.verdict) == (ALL_PORTS, A)


def test_a_rule_that_cuts_a_subnet_cuts_its_strangers():
    network = two_subnets(server=["in tcp 5556 10.0.1.128/25"]).build()
    assert verdict(network, "any host in a (10.0.1.128/25)", "s") is A
    assert verdict(network, "any host in a (10.0.1.0/24)", "s") is D


def test_strangers_have_every_address_that_aws_gives_out_and_nobody_holds():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/28")
    estate.group("g")
    estate.host("x", "a", "10.0.1.6", "g")
    reach = prove(estate.build())
    stranger = endpoint(reach, "any host in a")
    addresses = [
        int(address) - int(stranger.ranges[0][0])
        for first, last in stranger.ranges
        for address in (first, last)
    ]
    # .0-.3 and .15 are AWS's own, .6 is taken.
    assert str(stranger.address) == "10.0.1.4"
    assert addresses == [0, 1, 3, 10]


def test_vpcs_that_nothing_connects_do_not_reach_each_other():
    estate = Estate()
    estate.vpc("other", "10.1.0.0/16")
    estate.table("other-main", vpc="other")
    estate.subnet("a", "10.0.1.0/24")
    estate.subnet("b", "10.1.1.0/24", vpc="other", table="other-main")
    assert verdict(estate.build(), "any host in a", "any host in b") is D


def site_estate(*routes, known=None):
    estate = Estate()
    estate.table("vpn", *routes)
    estate.subnet("a", "10.0.1.0/24", table="vpn")
    estate.vgw()
    estate.site("plant", "192.168.10.0/24", routes=known)
    return estate


def test_a_site_is_reached_through_its_vpn():
    network = site_estate("192.168.10.0/24 vgw").build()
    assert verdict(network, "any host in a", "plant") is A
    assert verdict(network, "plant", "any host in a") is A


def test_a_site_without_a_route_back_is_half_open_from_every_client_port():
    network = site_estate().build()
    reach = prove(network)
    source, destination = endpoint(reach, "plant"), endpoint(reach, "any host in a")
    assert reach.verdict(source, destination, TCP, 80) is H
    assert reach.lost(source, destination, TCP) == (source.client_ports,)
    assert reach.verdict(destination, source, TCP, 80) is D


def test_a_vpn_gateway_forwards_only_prefixes_that_a_connection_knows():
    network = site_estate("192.168.0.0/16 vgw", known=["192.168.10.0/25"]).build()
    assert verdict(network, "any host in a", "plant (192.168.10.0/25)") is A
    assert verdict(network, "any host in a", "plant (192.168.10.0/24)") is D


def test_the_longest_prefix_decides_and_a_blackhole_drops():
    network = site_estate("0.0.0.0/0 vgw", "192.168.10.128/25 vgw blackhole").build()
    assert verdict(network, "any host in a", "plant (192.168.10.0/24)") is A
    assert verdict(network, "any host in a", "plant (192.168.10.128/25)") is D


def test_a_static_route_beats_a_propagated_one_of_equal_length():
    network = site_estate("192.168.10.0/24 vgw propagated", "192.168.10.0/24 igw blackhole").build()
    assert verdict(network, "any host in a", "plant") is D


def test_a_propagated_route_never_beats_the_local_one():
    estate = Estate()
    estate.table("vpn", "10.0.2.0/24 vgw propagated")
    estate.subnet("a", "10.0.1.0/24", table="vpn")
    estate.subnet("b", "10.0.2.0/24")
    estate.vgw()
    estate.site("plant", "10.0.0.0/8")
    assert verdict(estate.build(), "any host in a", "any host in b") is A


def test_a_propagated_route_never_beats_the_local_one_beside_a_static_one_that_does():
    estate = Estate()
    estate.table("vpn", "10.0.2.0/24 vgw propagated", "10.0.9.0/24 nat")
    estate.subnet("a", "10.0.1.0/24", table="vpn")
    estate.subnet("b", "10.0.2.0/24")
    estate.vgw()
    estate.site("plant", "10.0.0.0/8")
    assert verdict(estate.build(), "any host in a", "any host in b") is A


def test_a_site_as_wide_as_the_vpc_keeps_only_the_addresses_outside_it():
    estate = site_estate("10.0.0.0/8 vgw")
    estate.site("depot", "10.0.0.0/8")
    reach = prove(estate.build())
    assert all(
        not any(first <= stranger.address <= last for first, last in each.ranges)
        for stranger in reach.endpoints
        if stranger.kind is EndpointKind.STRANGER
        for each in reach.endpoints
        if each.id == "depot"
    )
    assert [each for each in reach.endpoints if each.id == "depot"]


def internet_estate(public="203.0.113.5", routes=("0.0.0.0/0 igw",)):
    estate = Estate()
    estate.table("out", *routes)
    estate.subnet("a", "10.0.1.0/24", table="out")
    estate.group("g", "in tcp 443 0.0.0.0/0", "out tcp 443 0.0.0.0/0")
    estate.host("web", "a", "10.0.1.10", "g", public=public)
    return estate


def test_the_internet_needs_a_public_address_a_gateway_and_a_route():
    estate = internet_estate()
    estate.igw()
    assert verdict(estate.build(), "internet", "web", port=443) is A
    assert verdict(estate.build(), "web", "internet", port=443) is A

    hidden = internet_estate(public=None)
    hidden.igw()
    assert verdict(hidden.build(), "internet", "web", port=443) is D
    assert verdict(hidden.build(), "web", "internet", port=443) is D

    unrouted = internet_estate(routes=())
    unrouted.igw()
    assert verdict(unrouted.build(), "internet", "web", port=443) is H
    assert verdict(unrouted.build(), "web", "internet", port=443) is D

    detached = internet_estate(routes=())
    assert verdict(detached.build(), "internet", "web", port=443) is D


def test_a_rule_for_part_of_the_internet_cuts_it_in_two():
    estate = internet_estate()
    estate.igw()
    estate.group("vip", "in tcp 22 198.51.100.0/24")
    estate.host("ssh", "a", "10.0.1.11", "vip", public="203.0.113.6")
    network = estate.build()
    assert verdict(network, "internet (198.51.100.0/24)", "ssh", port=22) is A
    assert verdict(network, "internet", "ssh", port=22) is D


def test_cells_are_maximal_and_come_in_the_same_order_every_time():
    network = two_subnets(server=["in tcp 10-20 client", "in tcp 21-30 client"]).build()
    found = list(prove(network).cells())
    assert found == list(prove(network).cells())
    (cell,) = [each for each in found if str(each.destination) == "s" and each.protocol == TCP]
    assert cell.ports == ports_of("10-30")


@pytest.mark.parametrize("kind", ["subnet", "vpc"])
def test_a_place_that_is_not_in_the_network_is_refused_by_name(kind):
    estate = Estate()
    if kind == "vpc":
        estate.subnet("a", "10.0.1.0/24", vpc="gone")
    else:
        estate.host("x", "gone", "10.0.1.10")
    with pytest.raises(ValueError, match="gone"):
        prove(estate.build())
