"""What carries packets between subnets, VPCs, sites and the internet: one behaviour each."""

from ipaddress import IPv4Address

import pytest

from bulkhead.network import ICMP, TCP, UDP, Verdict, icmp_range
from bulkhead.prove import prove
from tests.support.estate import ANYWHERE, Estate, endpoint

A, H, D, U = Verdict.ALLOWED, Verdict.HALF_OPEN, Verdict.DENIED, Verdict.UNDETERMINED


def ask(estate, source, destination, protocol=TCP, port=443):
    reach = prove(estate.build())
    return reach.verdict(endpoint(reach, source), endpoint(reach, destination), protocol, port)


# NAT gateways


def behind_nat(*, out_acl="open", nat=None, private=("0.0.0.0/0 nat",), public=("0.0.0.0/0 igw",)):
    estate = Estate()
    estate.igw()
    estate.acl(
        "no-high-ports-in",
        "in 100 allow all 10.0.0.0/8",
        "in 110 allow tcp 32768-60999 0.0.0.0/0",
        "out 100 allow all 0.0.0.0/0",
    )
    estate.table("private", *private)
    estate.table("public", *public)
    estate.subnet("pub", "10.0.1.0/24", table="public", acl=out_acl)
    estate.subnet("priv", "10.0.2.0/24", table="private")
    estate.group("any", *ANYWHERE)
    estate.host("h", "priv", "10.0.2.10", "any")
    estate.nat("nat", "pub", "10.0.1.5", **{"public": "203.0.113.9", **(nat or {})})
    return estate


def test_a_private_host_reaches_the_internet_through_a_nat_gateway():
    assert ask(behind_nat(), "h", "internet") is A
    assert ask(behind_nat(), "h", "internet", protocol=UDP) is A


def test_the_internet_opens_nothing_through_a_nat_gateway():
    assert ask(behind_nat(), "internet", "h") is D


def test_a_nat_gateway_carries_tcp_udp_and_icmp_only():
    assert ask(behind_nat(), "h", "internet", protocol=ICMP, port=8 * 256) is A
    assert ask(behind_nat(), "h", "internet", protocol=50, port=0) is D


def test_replies_to_a_nat_gateway_need_its_own_ports_from_1024():
    assert ask(behind_nat(out_acl="no-high-ports-in"), "h", "internet") is H


def test_a_nat_gateway_without_a_public_address_does_not_lead_to_the_internet():
    assert ask(behind_nat(nat={"public": None}), "h", "internet") is D


def test_a_nat_gateway_needs_a_route_of_its_own():
    assert ask(behind_nat(public=()), "h", "internet") is D


def test_a_nat_gateway_that_is_not_available_carries_nothing():
    assert ask(behind_nat(nat={"available": False}), "h", "internet") is D


def test_a_nat_gateway_that_is_not_there_leaves_it_open():
    assert ask(behind_nat(private=("0.0.0.0/0 nat-gone",)), "h", "internet") is U


def test_nothing_is_asked_of_a_reply_that_may_never_come_to_the_nat_gateway():
    estate = behind_nat(private=("10.1.0.0/16 nat",), public=("10.1.0.0/16 pcx", "10.0.2.0/24 nat"))
    estate.vpc("east", "10.1.0.0/16")
    estate.pcx("pcx", "vpc", "east")
    estate.table("led", "10.0.0.0/16 odd", vpc="east")
    estate.subnet("e", "10.1.0.0/24", table="led", vpc="east")
    estate.group("east", *ANYWHERE, vpc="east")
    estate.host("s", "e", "10.1.0.10", "east")
    assert ask(estate, "h", "s") is U


def test_behind_a_nat_gateway_the_receiver_sees_its_address():
    estate = behind_nat(private=("10.9.0.0/16 nat",), public=("10.9.0.0/16 pcx",))
    estate.vpc("far", "10.9.0.0/16")
    estate.pcx("pcx", "vpc", "far")
    estate.table("far", "10.0.1.0/24 pcx", vpc="far")
    estate.subnet("there", "10.9.1.0/24", table="far", vpc="far")
    estate.group("from-nat", "in tcp 443 10.0.1.5/32")
    estate.group("from-host", "in tcp 443 10.0.2.10/32")
    estate.host("knows-nat", "there", "10.9.1.10", "from-nat")
    estate.host("knows-host", "there", "10.9.1.11", "from-host")
    assert ask(estate, "h", "knows-nat") is A
    assert ask(estate, "h", "knows-host") is D


def behind_two_addresses(*groups, back="10.0.1.0/24"):
    """A private NAT gateway with a secondary address; each group is one host's, over there."""
    public = ("10.9.0.0/16 pcx",)
    more = {"public": None, "others": ("10.0.1.6",)}
    estate = behind_nat(private=("10.9.0.0/16 nat",), public=public, nat=more)
    estate.vpc("far", "10.9.0.0/16")
    estate.pcx("pcx", "vpc", "far")
    estate.table("far", f"{back} pcx", vpc="far")
    estate.subnet("there", "10.9.1.0/24", table="far", vpc="far")
    for number, rules in enumerate(groups):
        estate.group(f"group-{number}", *rules)
        estate.host(f"there-{number}", "there", f"10.9.1.{10 + number}", f"group-{number}")
    return estate


def test_with_which_of_its_addresses_a_nat_gateway_sends_nobody_knows():
    primary, secondary = "in tcp 443 10.0.1.5/32", "in tcp 443 10.0.1.6/32"
    estate = behind_two_addresses((primary,), (secondary,), (primary, secondary))
    assert ask(estate, "h", "there-0") is U
    assert ask(estate, "h", "there-1") is U
    assert ask(estate, "h", "there-2") is A
    assert ask(estate, "h", "there-0", port=80) is D


def test_a_reply_has_to_return_to_each_address_of_a_nat_gateway():
    everybody = ("in tcp 443 0.0.0.0/0",)
    assert ask(behind_two_addresses(everybody), "h", "there-0") is A
    assert ask(behind_two_addresses(everybody, back="10.0.1.5/32"), "h", "there-0") is U
    assert ask(behind_two_addresses(everybody, back="10.0.3.0/24"), "h", "there-0") is H


def test_nobody_can_be_given_a_secondary_address_of_a_nat_gateway():
    reach = prove(behind_two_addresses().build())
    free = [span for each in reach.endpoints if each.subnet == "pub" for span in each.ranges]
    assert free
    for address in map(IPv4Address, ("10.0.1.5", "10.0.1.6")):
        assert not any(first <= address <= last for first, last in free)


def test_a_reply_through_a_nat_gateway_that_did_not_see_the_request_is_lost():
    estate = behind_nat()
    estate.host("reachable", "priv", "10.0.2.11", "any", public="203.0.113.20")
    assert ask(estate, "internet", "reachable") is H


# IPv6


def six(*routes, access="open"):
    estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")
    estate.igw()
    estate.eigw()
    estate.table("ways", *routes)
    estate.subnet("s", "10.0.1.0/24 2a05:d018:1:1::/64", table="ways", access=access)
    estate.subnet("t", "10.0.2.0/24 2a05:d018:1:2::/64", table="ways", access=access)
    estate.group("any", *ANYWHERE)
    estate.group("four", "in all 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.host("h", "s", "10.0.1.10 2a05:d018:1:1::10", "any")
    estate.host("g", "t", "10.0.2.10 2a05:d018:1:2::10", "any")
    estate.host("old", "t", "10.0.2.11 2a05:d018:1:2::11", "four")
    return estate


H6, G6, OLD6 = ("h (2a05:d018:1:1::10)", "g (2a05:d018:1:2::10)", "old (2a05:d018:1:2::11)")


def test_ipv6_hosts_of_a_vpc_reach_each_other():
    assert ask(six(), H6, G6) is A


def test_rules_of_one_family_say_nothing_about_the_other():
    assert ask(six(), H6, OLD6) is D
    assert ask(six(), "h", "old") is A


def test_no_packet_goes_from_one_family_to_the_other():
    reach = prove(six().build())
    cells = reach.between(endpoint(reach, "h"), endpoint(reach, G6))
    assert {cell.verdict for cell in cells} == {D}


def test_an_internet_gateway_needs_no_public_address_for_ipv6():
    assert ask(six("::/0 igw"), H6, "internet (IPv6)") is A
    assert ask(six("::/0 igw"), "internet (IPv6)", H6) is A


def test_an_egress_only_gateway_leads_out_and_not_in():
    assert ask(six("::/0 eigw"), H6, "internet (IPv6)") is A
    found = ask(six("::/0 eigw"), "internet (IPv6)", H6)
    assert found is H, "the internet gateway lets it in, and no reply finds back"


def test_a_vpn_gateway_is_no_way_out_for_ipv6_without_a_prefix():
    assert ask(six("::/0 vgw-gone blackhole"), H6, "internet (IPv6)") is D


# VPC Block Public Access


@pytest.mark.parametrize(("access", "expected"), [("open", A), ("egress-only", D), ("blocked", D)])
def test_block_public_access_overrules_the_internet_gateway(access, expected):
    assert ask(six("::/0 igw", access=access), "internet (IPv6)", H6) is expected
    assert ask(six("::/0 igw", access=access), H6, "internet (IPv6)") is expected


@pytest.mark.parametrize(("access", "expected"), [("open", A), ("egress-only", A), ("blocked", D)])
def test_block_public_access_of_ingress_leaves_egress_only_gateways(access, expected):
    assert ask(six("::/0 eigw", access=access), H6, "internet (IPv6)") is expected


# Peering


def peered(*, active=True, region="eu-west-1", back=("10.0.0.0/16 pcx",), rule="in tcp 443 any"):
    estate = Estate()
    estate.vpc("far", "10.1.0.0/16", region=region)
    estate.table("here", "10.1.0.0/16 pcx", "10.2.0.0/16 pcx")
    estate.table("there", *back, vpc="far")
    estate.subnet("a", "10.0.1.0/24", table="here")
    estate.subnet("b", "10.1.1.0/24", table="there", vpc="far")
    estate.group("any", "out all 0.0.0.0/0")
    estate.group("server", rule, vpc="far")
    estate.host("c", "a", "10.0.1.10", "any")
    estate.host("s", "b", "10.1.1.10", "server")
    estate.pcx("pcx", "vpc", "far", active=active)
    return estate


def test_peered_vpcs_reach_each_other_with_routes_on_both_sides():
    assert ask(peered(), "c", "s") is A


def test_without_a_route_back_over_the_peering_replies_are_lost():
    assert ask(peered(back=()), "c", "s") is H


def test_a_peering_that_is_not_active_carries_nothing():
    assert ask(peered(active=False), "c", "s") is D


def test_group_references_over_peering_count_in_one_region_only():
    assert ask(peered(region="us-east-1"), "c", "s") is D
    assert ask(peered(region="us-east-1", rule="in tcp 443 10.0.0.0/16"), "c", "s") is A


def test_a_peering_does_not_lead_on_to_a_third_network():
    assert ask(peered(rule="in all 0.0.0.0/0"), "c", "elsewhere (10.0.0.0/8)") is D


def test_a_peer_that_was_not_observed_leaves_it_open_both_ways():
    estate = Estate()
    estate.table("here", "10.5.0.0/16 pcx")
    estate.subnet("a", "10.0.1.0/24", table="here")
    estate.group("any", *ANYWHERE)
    estate.group("shut")
    estate.host("c", "a", "10.0.1.10", "any")
    estate.host("mute", "a", "10.0.1.11", "shut")
    estate.pcx("pcx", "vpc", "gone", cidrs="10.5.0.0/16")
    assert ask(estate, "c", "elsewhere (10.5.0.0/16)") is U
    assert ask(estate, "elsewhere (10.5.0.0/16)", "c") is U
    assert ask(estate, "mute", "elsewhere (10.5.0.0/16)") is D


# Transit gateways


def hub(
    *,
    hub_routes=("10.0.0.0/16 att-a propagated", "10.1.0.0/16 att-b propagated"),
    rule="in tcp 443 10.0.0.0/16",
    zone="eu-west-1a",
    references=False,
    acls=(None, None),
    table="hub",
):
    estate = Estate()
    estate.acl("in-only", "in 100 allow all 0.0.0.0/0")
    estate.acl("out-only", "out 100 allow all 0.0.0.0/0")
    estate.vpc("far", "10.1.0.0/16")
    estate.table("here", "10.1.0.0/16 tgw")
    estate.table("there", "10.0.0.0/16 tgw", vpc="far")
    estate.subnet("a", "10.0.1.0/24", table="here", zone=zone)
    estate.subnet("a-tgw", "10.0.9.0/28", table="here", acl=acls[0])
    estate.subnet("b", "10.1.1.0/24", table="there", vpc="far")
    estate.subnet("b-tgw", "10.1.9.0/28", table="there", vpc="far", acl=acls[1])
    estate.group("any", "out all 0.0.0.0/0")
    estate.group("server", rule, vpc="far")
    estate.host("c", "a", "10.0.1.10", "any")
    estate.host("s", "b", "10.1.1.10", "server")
    estate.tgw(references=references)
    estate.attach("att-a", "vpc", "a-tgw", table=table)
    estate.attach("att-b", "far", "b-tgw", table="hub")
    estate.tgw_table("hub", *hub_routes)
    return estate


def test_two_vpcs_reach_each_other_over_a_transit_gateway():
    assert ask(hub(), "c", "s") is A


def test_an_attachment_without_a_table_carries_nothing():
    assert ask(hub(table=None), "c", "s") is D


def test_a_zone_without_an_attachment_subnet_cannot_use_the_transit_gateway():
    assert ask(hub(zone="eu-west-1b"), "c", "s") is D


def test_a_static_blackhole_beats_a_propagated_route():
    routes = ("10.0.0.0/16 att-a propagated", "10.1.0.0/16 att-b propagated")
    assert ask(hub(hub_routes=(*routes, "10.1.0.0/16 blackhole")), "c", "s") is D
    assert ask(hub(hub_routes=(*routes, "10.1.1.0/24 blackhole")), "c", "s") is D
    assert ask(hub(hub_routes=(*routes, "10.0.1.0/24 blackhole")), "c", "s") is H


def test_group_references_over_a_transit_gateway_count_inbound_and_only_if_switched_on():
    assert ask(hub(rule="in tcp 443 any", references=True), "c", "s") is A
    assert ask(hub(rule="in tcp 443 any", references=False), "c", "s") is D


def test_the_attachment_subnets_nacl_is_asked_inbound_where_packets_enter_the_gateway():
    assert ask(hub(acls=("out-only", None)), "c", "s") is D
    assert ask(hub(acls=("in-only", None)), "c", "s") is H


def test_the_attachment_subnets_nacl_is_asked_outbound_where_packets_leave_the_gateway():
    assert ask(hub(acls=(None, "in-only")), "c", "s") is D
    assert ask(hub(acls=(None, "out-only")), "c", "s") is H


def test_a_table_that_nobody_listed_leaves_it_open():
    estate = hub(hub_routes=())
    estate.unmodelled("hub")
    assert ask(estate, "c", "s") is U


def test_equal_paths_that_disagree_leave_it_open():
    routes = ("10.0.0.0/16 att-a", "10.1.0.0/16 att-b+att-a")
    assert ask(hub(hub_routes=routes), "c", "s") is U


# Endpoints of AWS services, appliances, load balancers


def test_a_gateway_endpoint_carries_tcp_to_its_service_and_nothing_back_in():
    estate = Estate()
    estate.vpce()
    estate.table("ways", "198.51.100.0/24 vpce list")
    estate.subnet("a", "10.0.1.0/24", table="ways")
    estate.group("any", *ANYWHERE)
    estate.host("c", "a", "10.0.1.10", "any")
    service = "internet (198.51.100.0/24)"
    assert ask(estate, "c", service) is A
    assert ask(estate, "c", service, protocol=UDP) is D
    assert ask(estate, "c", service, protocol=ICMP, port=8 * 256) is A
    assert ask(estate, "c", service, protocol=ICMP, port=0) is D
    assert ask(estate, service, "c") is D


@pytest.mark.parametrize(("check", "expected"), [(True, D), (False, U)])
def test_an_appliance_forwards_only_without_its_source_destination_check(check, expected):
    estate = Estate()
    estate.table("ways", "10.0.2.0/24 @app")
    estate.subnet("a", "10.0.1.0/24", table="ways")
    estate.subnet("b", "10.0.2.0/24")
    estate.subnet("mid", "10.0.3.0/24")
    estate.group("any", *ANYWHERE)
    estate.host("c", "a", "10.0.1.10", "any")
    estate.host("s", "b", "10.0.2.10", "any")
    estate.host("app", "mid", "10.0.3.10", "any", check=check)
    assert ask(estate, "c", "s") is expected
    assert ask(estate, "c", "app") is A


def test_interfaces_of_gateways_open_and_accept_nothing():
    estate = behind_nat()
    estate.host("eni-nat", "pub", "10.0.1.6", kind="gateway")
    estate.host("neighbour", "pub", "10.0.1.7", "any")
    assert ask(estate, "neighbour", "eni-nat") is D
    assert ask(estate, "eni-nat", "neighbour") is D


def test_an_interface_endpoint_accepts_and_opens_nothing():
    estate = behind_nat()
    estate.host("door", "pub", "10.0.1.6", "any", kind="endpoint")
    assert ask(estate, "h", "door") is A
    assert ask(estate, "door", "h") is D


def test_a_load_balancer_without_groups_is_not_filtered():
    estate = behind_nat()
    estate.host("nlb", "pub", "10.0.1.6", kind="load-balancer")
    assert ask(estate, "h", "nlb") is A
    assert ask(estate, "nlb", "h") is A


@pytest.mark.parametrize(
    ("protocol", "port", "expected"),
    [
        (TCP, 443, A),
        (TCP, 81, D),
        (UDP, 443, D),
        (ICMP, 8 * 256, D),
        (ICMP, 3 * 256 + 4, A),
        (50, 0, A),
    ],
)
def test_a_load_balancer_takes_what_it_listens_for(protocol, port, expected):
    estate = behind_nat()
    estate.host("front", "pub", "10.0.1.6", "any", kind="load-balancer")
    estate.balancer("lb", ["front"], "tcp 443 -> h:8443")
    assert ask(estate, "h", "front", protocol, port) is expected


def test_what_listeners_a_load_balancer_in_doubt_has_is_unknown():
    estate = behind_nat()
    estate.host("front", "pub", "10.0.1.6", "any", kind="load-balancer")
    estate.balancer("lb", ["front"], "tcp 443 -> h:8443")
    estate.unmodelled("lb")
    assert ask(estate, "h", "front", port=443) is A
    assert ask(estate, "h", "front", port=81) is U


# What may come in from where nobody looked


def test_a_vpn_gateway_in_doubt_may_let_somebody_in_without_any_route():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("any", *ANYWHERE)
    estate.host("h", "a", "10.0.1.10", "any")
    estate.vgw()
    assert ask(estate, "elsewhere (192.168.0.0/16)", "h") is D
    estate.unmodelled("vgw")
    assert ask(estate, "elsewhere (192.168.0.0/16)", "h") is U


def test_an_unseen_peer_may_send_before_anything_routes_back():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("any", *ANYWHERE)
    estate.host("h", "a", "10.0.1.10", "any")
    estate.pcx("pcx", "vpc", "gone", cidrs="10.5.0.0/16")
    assert ask(estate, "elsewhere (10.5.0.0/16)", "h") is U
    assert ask(estate, "elsewhere (192.168.0.0/16)", "h") is D


@pytest.mark.parametrize("routes", [(), ("10.5.0.0/16 pcx",)])
@pytest.mark.parametrize(
    ("ingress", "entry", "verdict"),
    [
        ("in tcp 443 10.5.0.0/16", "in 100 allow all 0.0.0.0/0", U),
        ("in tcp 443 10.0.0.0/16", "in 100 allow all 0.0.0.0/0", D),
        ("in tcp 443 10.5.0.0/16", "in 100 allow all 10.0.0.0/16", D),
        ("in tcp 443 sg-of-another-account", "in 100 allow all 0.0.0.0/0", U),
    ],
)
def test_out_of_an_unseen_peer_nothing_comes_that_the_layers_here_deny(
    routes, ingress, entry, verdict
):
    estate = Estate()
    estate.table("here", *routes)
    estate.acl("acl", entry, "out 100 allow all 0.0.0.0/0")
    estate.subnet("a", "10.0.1.0/24", table="here", acl="acl")
    estate.group("server", ingress)
    estate.host("h", "a", "10.0.1.10", "server")
    estate.pcx("pcx", "vpc", "gone", cidrs="10.5.0.0/16")
    assert ask(estate, "elsewhere (10.5.0.0/16)", "h") is verdict


def test_a_group_of_an_unseen_peer_counts_in_one_region_only_and_both_ways():
    estate = Estate()
    estate.table("here", "10.5.0.0/16 pcx", "10.6.0.0/16 pcx-far")
    estate.subnet("a", "10.0.1.0/24", table="here")
    estate.group("both", "in tcp 443 sg-gone", "out tcp 443 sg-gone")
    estate.host("h", "a", "10.0.1.10", "both")
    estate.pcx("pcx", "vpc", "gone", cidrs="10.5.0.0/16")
    estate.pcx("pcx-far", "vpc", "far", cidrs="10.6.0.0/16", region="us-east-1")
    assert ask(estate, "elsewhere (10.5.0.0/16)", "h") is U
    assert ask(estate, "h", "elsewhere (10.5.0.0/16)") is U
    assert ask(estate, "elsewhere (10.6.0.0/16)", "h") is D


def test_a_transit_gateway_with_an_unseen_vpc_may_let_it_in():
    estate = hub()
    estate.host("open", "a", "10.0.1.11", "wide")
    estate.group("wide", *ANYWHERE)
    assert ask(estate, "elsewhere (192.168.0.0/16)", "open") is D
    estate.attach("att-x", "vpc-of-another-account", table="hub")
    assert ask(estate, "elsewhere (192.168.0.0/16)", "open") is U


# Firewalls and the tables of gateways


def inspected(*rules, default="drop", edge=True, **how):
    estate = Estate()
    estate.igw()
    estate.table("ways", "0.0.0.0/0 fwe")
    estate.table("inspect", "0.0.0.0/0 igw")
    if edge:
        estate.table("edge", "10.0.1.0/24 fwe", gateway="igw")
    estate.subnet("a", "10.0.1.0/24", table="ways")
    estate.subnet("fw", "10.0.9.0/28", table="inspect")
    estate.group("any", *ANYWHERE)
    estate.host("c", "a", "10.0.1.10", "any", public="203.0.113.7")
    estate.firewall("wall", {"fwe": "fw"}, *rules, default=default, **how)
    return estate


def test_a_firewall_passes_what_a_rule_passes_and_its_replies():
    estate = inspected("pass tcp 10.0.0.0/16 * -> any 443")
    assert ask(estate, "c", "internet") is A
    assert ask(estate, "c", "internet", port=80) is D
    assert ask(estate, "internet", "c") is D


def test_stateless_rules_are_asked_about_replies_too():
    stateless = ["pass tcp 10.0.0.0/16 * -> any 443", "drop any any * -> any *"]
    assert ask(inspected(stateless=stateless), "c", "internet") is H
    stateless.insert(0, "pass tcp any * -> 10.0.0.0/16 32768-60999")
    assert ask(inspected(stateless=stateless), "c", "internet") is A


def test_a_pass_beats_a_drop_unless_the_order_is_strict():
    rules = ("drop tcp any * -> any 443", "pass tcp any * -> any 443")
    assert ask(inspected(*rules), "c", "internet") is A
    assert ask(inspected(*rules, strict=True), "c", "internet") is D


def test_a_reply_that_misses_the_firewall_leaves_it_open():
    assert ask(inspected(default="pass", edge=False), "c", "internet") is U
    assert ask(inspected(default="pass", edge=True), "c", "internet") is A


def test_what_the_internet_sends_meets_the_firewall_that_the_edge_table_names():
    assert ask(inspected("pass tcp any * -> 10.0.1.0/24 443"), "internet", "c") is A
    assert ask(inspected("pass tcp any * -> 10.0.1.0/24 80"), "internet", "c") is D


def test_a_blackhole_for_part_of_the_vpc_drops_even_where_it_names_the_local_target():
    estate = Estate()
    estate.table("holed", "10.0.2.0/24 local blackhole")
    estate.group("any", *ANYWHERE)
    estate.subnet("a", "10.0.1.0/24", table="holed")
    estate.subnet("b", "10.0.2.0/24")
    estate.host("c", "a", "10.0.1.10", "any")
    estate.host("s", "b", "10.0.2.10", "any")
    assert ask(estate, "c", "s", TCP) is D


# ICMP


def pinged(*rules, acl=("in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")):
    estate = Estate()
    estate.acl("mine", *acl)
    estate.subnet("a", "10.0.1.0/24")
    estate.subnet("b", "10.0.2.0/24", acl="mine")
    estate.group("any", *ANYWHERE)
    estate.group("server", *rules)
    estate.host("c", "a", "10.0.1.10", "any")
    estate.host("s", "b", "10.0.2.10", "server")
    return estate


def test_an_icmp_rule_admits_its_types_and_codes_only():
    echo = icmp_range(8, None).first
    assert ask(pinged("in icmp:8 0.0.0.0/0"), "c", "s", ICMP, echo) is A
    assert ask(pinged("in icmp:8 0.0.0.0/0"), "c", "s", ICMP, 0) is D
    assert ask(pinged("in icmp:3/4 0.0.0.0/0"), "c", "s", ICMP, icmp_range(3, 4).first) is A
    assert ask(pinged("in icmp:3/4 0.0.0.0/0"), "c", "s", ICMP, icmp_range(3, 3).first) is D


def test_an_echo_needs_the_echo_reply_through_the_nacl():
    way_in = "in 100 allow icmp:8 0.0.0.0/0"
    answer, request = "out 100 allow icmp:0 0.0.0.0/0", "out 100 allow icmp:8 0.0.0.0/0"
    rule = "in icmp 0.0.0.0/0"
    assert ask(pinged(rule, acl=(way_in, answer)), "c", "s", ICMP, 8 * 256) is A
    assert ask(pinged(rule, acl=(way_in, request)), "c", "s", ICMP, 8 * 256) is H


# What is in doubt for one protocol


def test_what_is_in_doubt_for_one_protocol_leaves_the_others_decided():
    estate = pinged("in tcp 443 0.0.0.0/0")
    estate.unmodelled("server", protocol=UDP)
    assert ask(estate, "c", "s", TCP) is A
    assert ask(estate, "c", "s", UDP) is U
