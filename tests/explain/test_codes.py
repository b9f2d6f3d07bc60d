"""Every explanation code of Reachability Analyzer that applies: one network each that draws it.

The codes are those of docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html;
docs/codes.md says when each is given, and of the others why they never are.
"""

import re
from pathlib import Path

from bulkhead.ends import resolve
from bulkhead.explain import Code, Layer, explain
from bulkhead.network import Verdict
from tests.support.estate import ANYWHERE, Estate

CODES = Path(__file__).parents[2] / "docs" / "codes.md"


def said(estate, source, destination, port=5556, protocol=6, pick=0):
    network = estate.build()
    return explain(
        network, resolve(network, source)[pick], resolve(network, destination)[0], protocol, port
    )


def outside(*routes, **subnet):
    """One subnet with these routes: a public host, a private one, and a group that lets all."""
    estate = Estate()
    estate.table("out", *routes)
    estate.subnet("a", "10.0.1.0/24", table="out", **subnet)
    estate.group("g", *ANYWHERE)
    estate.host("public", "a", "10.0.1.10", "g", public="203.0.113.5")
    estate.host("private", "a", "10.0.1.11", "g")
    return estate


def two_vpcs(*routes, groups=("g", "g"), back=()):
    """Host c in VPC one with these routes, host s in VPC two with the routes back."""
    estate = Estate("one", "10.0.0.0/16")
    estate.vpc("two", "10.1.0.0/16")
    estate.table("here", *routes)
    estate.table("there", *back, vpc="two")
    estate.subnet("a", "10.0.1.0/24", table="here")
    estate.subnet("b", "10.1.1.0/24", table="there", vpc="two")
    estate.group("g", *ANYWHERE)
    estate.group("server", "in tcp 5556 g", vpc="two")
    estate.host("c", "a", "10.0.1.10", groups[0])
    estate.host("s", "b", "10.1.1.10", groups[1])
    return estate


def transit(*hub, groups=("g", "g"), here=None, there=None, references=True, **gateway):
    """Two VPCs at one transit gateway whose table 'hub' has these routes."""
    estate = two_vpcs("10.0.0.0/8 tgw", groups=groups, back=["10.0.0.0/8 tgw"])
    estate.tgw(references=references, **gateway)
    estate.attach("att-a", "one", "a", **{"table": "hub", **(here or {})})
    estate.attach("att-b", "two", "b", **{"table": "hub", **(there or {})})
    estate.tgw_table("hub", *(hub or ("10.0.0.0/16 att-a", "10.1.0.0/16 att-b")))
    return estate


def nat(public="203.0.113.9", **gateway):
    """A private host behind a NAT gateway in another subnet."""
    estate = outside("0.0.0.0/0 nat")
    estate.table("edge", "0.0.0.0/0 igw")
    estate.subnet("pub", "10.0.2.0/24", table="edge")
    estate.igw()
    estate.nat("nat", "pub", "10.0.2.5", public=public, **gateway)
    return estate


def site(*routes, prefix="192.168.1.0/24", known=None, available=True):
    estate = outside(*routes)
    estate.vgw()
    estate.site("plant", prefix, routes=known, available=available)
    return estate


def first(found):
    """The codes of the first layer that blocks."""
    return found.blocking[0].codes


def test_the_networks_these_tests_break_work_when_whole():
    assert said(transit(), "c", "s").verdict is Verdict.ALLOWED
    assert said(nat(), "private", "internet").verdict is Verdict.ALLOWED
    assert said(site("192.168.0.0/16 vgw"), "private", "plant").verdict is Verdict.ALLOWED


# States


def test_bad_state():
    estate = two_vpcs("10.1.0.0/16 pcx", back=["10.0.0.0/16 pcx"])
    estate.pcx("pcx", "one", "two", active=False)
    assert first(said(estate, "c", "s")) == (Code.BAD_STATE,)
    assert first(said(nat(available=False), "private", "internet")) == (Code.BAD_STATE,)


def test_bad_state_attachment():
    found = said(transit(there={"available": False}), "c", "s")
    assert first(found) == (Code.BAD_STATE_ATTACHMENT,)


def test_bad_state_route():
    found = said(outside("0.0.0.0/0 igw blackhole"), "public", "internet")
    assert first(found) == (Code.BAD_STATE_ROUTE,)


def test_bad_state_route_of_a_gateway_that_is_attached_elsewhere():
    estate = outside("0.0.0.0/0 igw")
    estate.vpc("other", "10.1.0.0/16")
    estate.igw(vpc="other")
    assert first(said(estate, "public", "internet")) == (Code.BAD_STATE_ROUTE,)


def test_bad_state_vpn():
    estate = site("192.168.0.0/16 vgw", available=False)
    assert first(said(estate, "private", "plant")) == (Code.BAD_STATE_VPN,)
    assert first(said(estate, "plant", "private")) == (Code.BAD_STATE_VPN,)


def test_tgw_bad_state_vpn():
    estate = outside("192.168.0.0/16 tgw")
    estate.tgw()
    estate.site("plant", "192.168.1.0/24", gateway="", available=False)
    estate.attach("att-a", "vpc", "a", table="hub")
    estate.attach("att-v", "vpn-plant", table="hub", kind="vpn")
    estate.tgw_table("hub", "192.168.0.0/16 att-v")
    assert first(said(estate, "private", "plant")) == (Code.TGW_BAD_STATE_VPN,)


# Routes of a VPC


def test_no_route_to_destination():
    assert first(said(outside(), "public", "internet")) == (Code.NO_ROUTE_TO_DESTINATION,)


def test_more_specific_route():
    estate = site("192.168.0.0/16 vgw", "192.168.1.0/24 igw")
    found = first(said(estate, "private", "plant"))
    assert Code.MORE_SPECIFIC_ROUTE in found


def test_higher_priority_route():
    estate = site("192.168.1.0/24 vgw propagated", "192.168.1.0/24 igw")
    assert Code.HIGHER_PRIORITY_ROUTE in first(said(estate, "private", "plant"))


def test_cannot_route_when_no_connection_knows_the_prefix():
    estate = site("192.168.0.0/16 vgw", known=[])
    assert first(said(estate, "private", "plant")) == (Code.CANNOT_ROUTE,)


def test_cannot_route_to_or_from_a_gateway_that_has_no_connections_of_its_own():
    estate = nat(eni=True)
    assert Code.CANNOT_ROUTE in said(estate, "private", "eni-nat").codes
    assert Code.CANNOT_ROUTE in said(estate, "eni-nat", "internet").codes


def test_vpc_local_route_cidr_restriction():
    estate = site("192.168.0.0/16 local")
    assert first(said(estate, "private", "plant")) == (Code.VPC_LOCAL_ROUTE_CIDR_RESTRICTION,)


def test_no_path_when_no_gateway_leads_in():
    assert Code.NO_PATH in said(outside(), "internet", "public").codes


def test_disconnected_vpcs():
    found = said(two_vpcs(), "c", "s")
    assert first(found) == (Code.DISCONNECTED_VPCS,)
    joined = two_vpcs()
    joined.pcx("pcx", "one", "two")
    assert first(said(joined, "c", "s")) == (Code.NO_ROUTE_TO_DESTINATION,)


def test_no_possible_destination():
    estate = outside("::/0 eigw", "192.168.0.0/16 eigw")
    estate.eigw()
    estate.vgw()
    estate.site("plant", "192.168.1.0/24")
    assert first(said(estate, "private", "plant")) == (Code.NO_POSSIBLE_DESTINATION,)


# Internet gateways


def test_igw_public_ip_association_for_egress():
    estate = outside("0.0.0.0/0 igw")
    estate.igw()
    found = said(estate, "private", "internet")
    assert first(found) == (Code.IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS,)
    assert said(estate, "public", "internet").verdict is Verdict.ALLOWED


def test_igw_private_ip_association_for_ingress():
    estate = outside("0.0.0.0/0 igw")
    estate.igw()
    found = said(estate, "internet", "private")
    assert first(found) == (Code.IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS,)


def led_to_the_internet_gateway(prefix):
    estate = site("0.0.0.0/0 igw", prefix=prefix)
    estate.igw()
    return first(said(estate, "public", "plant"))


def test_igw_destination_address_not_in_rfc1918_egress():
    found = led_to_the_internet_gateway("192.168.1.0/24")
    assert found == (Code.IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS,)


def test_igw_destination_address_not_in_rfc6598_egress():
    found = led_to_the_internet_gateway("100.64.1.0/24")
    assert found == (Code.IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS,)


def from_a_site_of_another_vpc(prefix):
    estate = outside("0.0.0.0/0 igw")
    estate.igw()
    estate.vpc("other", "10.1.0.0/16")
    estate.vgw(vpc="other")
    estate.site("plant", prefix)
    return first(said(estate, "plant", "public"))


def test_igw_source_address_not_in_rfc1918_ingress():
    found = from_a_site_of_another_vpc("192.168.1.0/24")
    assert found == (Code.NO_PATH, Code.IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS)


def test_igw_source_address_not_in_rfc6598_ingress():
    found = from_a_site_of_another_vpc("100.64.1.0/24")
    assert found == (Code.NO_PATH, Code.IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS)


def test_vpc_block_public_access_enabled():
    estate = outside("0.0.0.0/0 igw", access="egress-only")
    estate.igw()
    for ends in (("internet", "public"), ("public", "internet")):
        assert first(said(estate, *ends)) == (Code.VPC_BLOCK_PUBLIC_ACCESS_ENABLED,)


def test_gateway_rejects_spoofed_traffic():
    estate = Estate(cidr="11.0.0.0/16")
    estate.subnet("a", "11.0.1.0/24")
    estate.igw()
    network = estate.build()
    (target,) = resolve(network, "a")
    inside = [each for each in resolve(network, "internet") if str(each.prefix) == "11.0.0.0/16"]
    found = explain(network, inside[0], target, 6, 80)
    assert Code.GATEWAY_REJECTS_SPOOFED_TRAFFIC in found.codes


def test_ingress_rtb_traffic_redirection():
    estate = outside("0.0.0.0/0 igw")
    estate.igw()
    estate.subnet("inspect", "10.0.9.0/28")
    estate.firewall("fw", {"fwe": "inspect"})
    estate.table("edge", "10.0.1.0/24 fwe", gateway="igw")
    found = said(estate, "internet", "public")
    assert found.verdict is Verdict.UNDETERMINED
    assert found.codes == (Code.INGRESS_RTB_TRAFFIC_REDIRECTION,)


# NAT gateways


def test_ngw_requires_source_in_vpc():
    estate = outside("0.0.0.0/0 igw")
    estate.igw()
    estate.table("edge", "10.0.1.0/24 fwe", gateway="igw")
    estate.table("back-to-front", "10.0.1.0/24 nat")
    estate.subnet("inspect", "10.0.9.0/28", table="back-to-front")
    estate.firewall("fw", {"fwe": "inspect"})
    estate.nat("nat", "inspect", "10.0.9.5", public="203.0.113.9")
    assert first(said(estate, "internet", "public")) == (Code.NGW_REQUIRES_SOURCE_IN_VPC,)


def test_ngw_source_address_reassign():
    estate = two_vpcs("10.1.0.0/16 nat", groups=("g", "picky"), back=["10.0.0.0/16 pcx"])
    estate.table("edge", "10.1.0.0/16 pcx")
    estate.subnet("pub", "10.0.2.0/24", table="edge")
    estate.nat("nat", "pub", "10.0.2.5")
    estate.pcx("pcx", "one", "two")
    estate.group("picky", "in all 10.0.1.0/24", vpc="two")
    found = said(estate, "c", "s")
    assert first(found) == (Code.ENI_SG_RULES_MISMATCH, Code.NGW_SOURCE_ADDRESS_REASSIGN)


def test_remap_ephemeral_port():
    estate = outside("0.0.0.0/0 nat")
    estate.acl(
        "linux",
        "in 10 allow all 10.0.0.0/8",
        "in 20 allow tcp 32768-60999 0.0.0.0/0",
        "out 10 allow all 0.0.0.0/0",
    )
    estate.table("edge", "0.0.0.0/0 igw")
    estate.subnet("pub", "10.0.2.0/24", table="edge", acl="linux")
    estate.igw()
    estate.nat("nat", "pub", "10.0.2.5", public="203.0.113.9")
    found = said(estate, "private", "internet")
    assert found.verdict is Verdict.HALF_OPEN
    assert found.codes == (Code.SUBNET_ACL_RESTRICTION, Code.REMAP_EPHEMERAL_PORT)


def regional(zones):
    estate = Estate()
    estate.igw()
    estate.table("private", "0.0.0.0/0 nat")
    estate.table("own", "0.0.0.0/0 igw")
    estate.subnet("a", "10.0.1.0/24", table="private")
    estate.group("g", *ANYWHERE)
    estate.host("private", "a", "10.0.1.10", "g")
    estate.regional("nat", "own", zones)
    return estate


def test_regional_ngw_route_az_restriction():
    assert said(regional(("eu-west-1a 203.0.113.9",)), "private", "internet").verdict is (
        Verdict.ALLOWED
    )
    found = said(regional(("eu-west-1b 203.0.113.9",)), "private", "internet")
    assert found.verdict is Verdict.UNDETERMINED
    assert found.codes == (Code.REGIONAL_NGW_ROUTE_AZ_RESTRICTION,)


def test_protocol_restriction():
    assert first(said(nat(), "private", "internet", 0, 50)) == (Code.PROTOCOL_RESTRICTION,)


# Interfaces, security groups, network ACLs, firewalls


def test_eni_source_dest_check_restriction():
    estate = site("192.168.0.0/16 @public")
    found = said(estate, "private", "plant")
    assert first(found) == (Code.ENI_SOURCE_DEST_CHECK_RESTRICTION,)


def test_eni_sg_rules_mismatch():
    estate = outside()
    estate.group("narrow", "in tcp 1 10.0.1.0/24")
    estate.host("s", "a", "10.0.1.20", "narrow")
    assert said(estate, "private", "s").codes == (Code.ENI_SG_RULES_MISMATCH,)


def test_sg_has_no_rules():
    estate = outside()
    estate.group("none")
    estate.host("s", "a", "10.0.1.20", "none")
    assert said(estate, "private", "s").codes == (Code.SG_HAS_NO_RULES,)


def test_unknown_peered_sgs():
    estate = outside()
    estate.group("foreign", "in tcp 5556 sg-of-another-account")
    estate.host("s", "a", "10.0.1.20", "foreign")
    assert said(estate, "private", "s").codes == (Code.UNKNOWN_PEERED_SGS,)


def test_sg_references_not_preserved():
    estate = two_vpcs("10.1.0.0/16 nat", groups=("g", "server"), back=["10.0.0.0/16 pcx"])
    estate.table("edge", "10.1.0.0/16 pcx")
    estate.subnet("pub", "10.0.2.0/24", table="edge")
    estate.nat("nat", "pub", "10.0.2.5")
    estate.pcx("pcx", "one", "two")
    found = said(estate, "c", "s")
    assert first(found) == (Code.ENI_SG_RULES_MISMATCH, Code.SG_REFERENCES_NOT_PRESERVED)


def test_sg_referencing_support():
    estate = transit(groups=("g", "server"), references=False)
    found = said(estate, "c", "s")
    assert first(found) == (Code.ENI_SG_RULES_MISMATCH, Code.SG_REFERENCING_SUPPORT)
    assert said(transit(groups=("g", "server")), "c", "s").verdict is Verdict.ALLOWED


def test_subnet_acl_restriction():
    estate = outside()
    estate.subnet("b", "10.0.2.0/24", acl="closed")
    assert said(estate, "private", "b").codes == (Code.SUBNET_ACL_RESTRICTION,)


def test_firewall_rules_restriction():
    estate = outside("10.0.2.0/24 fwe")
    estate.subnet("b", "10.0.2.0/24")
    estate.subnet("inspect", "10.0.9.0/28")
    estate.firewall("fw", {"fwe": "inspect"}, "drop tcp any * -> any 5556")
    (hop,) = said(estate, "private", "b").blocking
    assert (hop.layer, hop.code) == (Layer.FIREWALL, Code.FIREWALL_RULES_RESTRICTION)
    assert [str(each) for each in hop.rules] == ["fw: fw-0: drop"]


# Peerings, VPN gateways, endpoints


def test_pcx_requires_address_in_vpc_cidr():
    estate = two_vpcs("0.0.0.0/0 pcx")
    estate.pcx("pcx", "one", "two")
    found = said(estate, "c", "internet")
    assert first(found) == (Code.PCX_REQUIRES_ADDRESS_IN_VPC_CIDR,)


def test_vgw_private_ip_association_for_egress():
    estate = transit("0.0.0.0/0 att-b")
    estate.parts["route_tables"] = [
        each for each in estate.parts["route_tables"] if each.id not in ("here", "there")
    ]
    estate.table("here", "192.168.0.0/16 tgw", vpc="one")
    estate.table("there", "192.168.0.0/16 vgw", vpc="two")
    estate.vgw(vpc="two")
    estate.site("plant", "192.168.1.0/24")
    found = said(estate, "c", "plant")
    assert first(found) == (Code.VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS,)


def test_vpce_gateway_protocol_restriction():
    estate = outside("52.0.0.0/8 vpce list")
    estate.vpce()
    assert said(estate, "private", "52.1.2.3").verdict is Verdict.ALLOWED
    found = said(estate, "private", "52.1.2.3", 53, 17)
    assert first(found) == (Code.VPCE_GATEWAY_PROTOCOL_RESTRICTION,)


def test_vpce_intra_vpc_traffic():
    estate = outside()
    estate.host("endpoint", "a", "10.0.1.30", "g", kind="endpoint")
    assert first(said(estate, "endpoint", "private")) == (Code.VPCE_INTRA_VPC_TRAFFIC,)
    assert said(estate, "private", "endpoint").verdict is Verdict.ALLOWED


# Transit gateways


def test_tgw_attach_missing_tgw_rtb_association():
    found = said(transit(here={"table": None}), "c", "s")
    assert first(found) == (Code.TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION,)


def test_tgw_route_az_restriction():
    estate = transit()
    estate.subnet("z", "10.0.7.0/24", table="here", zone="eu-west-1c")
    found = said(estate, "z", "s")
    assert first(found) == (Code.TGW_ROUTE_AZ_RESTRICTION,)


def test_tgw_attach_vpc_az_restriction():
    """The attachment's subnet in the sender's zone leads nowhere; the one elsewhere would."""
    estate = transit()
    estate.parts["transit_attachments"].pop()
    estate.table("lost", "10.1.0.0/16 odd blackhole", "10.1.1.0/24 odd blackhole", vpc="two")
    estate.subnet("out-a", "10.1.7.0/28", table="lost", vpc="two")
    estate.subnet("out-b", "10.1.8.0/28", table="there", vpc="two", zone="eu-west-1b")
    estate.attach("att-b", "two", "out-a", "out-b", table="hub")
    assert Code.TGW_ATTACH_VPC_AZ_RESTRICTION in first(said(estate, "c", "s"))


def test_tgw_rtb_bad_state_route():
    found = said(transit("10.1.0.0/16 blackhole"), "c", "s")
    assert first(found) == (Code.TGW_RTB_BAD_STATE_ROUTE,)


def test_tgw_rtb_cannot_route():
    found = said(transit("10.1.7.0/24 att-b"), "c", "s")
    assert first(found) == (Code.TGW_RTB_CANNOT_ROUTE,)


def test_tgw_rtb_more_specific_route():
    found = said(transit("10.1.0.0/16 att-b", "10.1.1.0/24 blackhole"), "c", "s")
    assert first(found) == (Code.TGW_RTB_BAD_STATE_ROUTE, Code.TGW_RTB_MORE_SPECIFIC_ROUTE)


def test_tgw_rtb_higher_priority_route():
    found = said(transit("10.1.0.0/16 att-b propagated", "10.1.0.0/16 blackhole"), "c", "s")
    assert first(found) == (Code.TGW_RTB_BAD_STATE_ROUTE, Code.TGW_RTB_HIGHER_PRIORITY_ROUTE)


def test_tgw_rtb_no_route_to_tgw_attachment():
    found = said(transit("10.7.0.0/16 att-a"), "c", "s")
    assert first(found) == (Code.TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT,)


# What is not known


def undetermined(estate, source, destination):
    found = said(estate, source, destination)
    assert found.verdict is Verdict.UNDETERMINED
    return found.codes


def test_tgw_rtb_routes_are_unknown():
    estate = transit(here={"table": "of-another-account"})
    assert undetermined(estate, "c", "s") == (Code.TGW_RTB_ROUTES_ARE_UNKNOWN,)


def test_unknown_destination():
    estate = outside("172.16.0.0/12 pcx")
    estate.pcx("pcx", "vpc", "vpc-of-another-account", cidrs="172.16.0.0/16")
    assert undetermined(estate, "private", "172.16.1.1") == (Code.UNKNOWN_DESTINATION,)


def test_unknown_resource():
    assert undetermined(outside("0.0.0.0/0 nat"), "private", "internet") == (Code.UNKNOWN_RESOURCE,)


def test_unsupported_component():
    found = undetermined(outside("0.0.0.0/0 odd"), "private", "internet")
    assert found == (Code.UNSUPPORTED_COMPONENT,)


def test_elbv2_listeners_mismatch():
    estate = outside("0.0.0.0/0 igw")
    estate.host("front", "a", "10.0.1.77", kind="load-balancer")
    estate.balancer("lb", ["front"], "tcp 443 -> private:8443")
    assert first(said(estate, "private", "front", port=81)) == (Code.ELBV2_LISTENERS_MISMATCH,)


# The list itself


def listed(title):
    """The codes of one table of docs/codes.md."""
    section = CODES.read_text().split(f"## {title}")[1].split("\n## ")[0]
    return re.findall(r"^\| `([A-Z0-9_]+)` \|", section, flags=re.MULTILINE)


def test_every_code_that_can_be_given_is_listed_and_has_a_test_that_is_named_after_it():
    assert sorted(listed("Given")) == sorted(Code)
    tests = [name for name in globals() if name.startswith("test_")]
    missing = [
        code for code in Code if not any(name.startswith(f"test_{code.lower()}") for name in tests)
    ]
    assert missing == []


def test_every_code_that_is_never_given_has_a_reason():
    never = listed("Never given")
    assert set(never).isdisjoint(Code)
    assert len(never) == len(set(never))
