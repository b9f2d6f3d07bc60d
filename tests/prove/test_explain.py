"""Explanations: every layer, both ways, in the words of Reachability Analyzer."""

from pathlib import Path

from estate import OPEN, Estate

from bulkhead.network import PortRange, Verdict
from bulkhead.prove import Code, Layer, explain, resolve


def said(estate, source, destination, port=5556, protocol=6):
    network = estate.build()
    (one,), (other,) = resolve(network, source), resolve(network, destination)
    return explain(network, one, other, protocol, port)


def pair(client=(), server=(), acl_a="open", acl_b="open"):
    estate = Estate()
    estate.acl("deny-in", OPEN[1], "in 90 deny tcp 5556 0.0.0.0/0", "in 100 allow all 0.0.0.0/0")
    estate.acl("mute", OPEN[0])
    estate.subnet("a", "10.0.1.0/24", acl=acl_a)
    estate.subnet("b", "10.0.2.0/24", acl=acl_b)
    estate.group("client", *client)
    estate.group("server", *server)
    estate.host("c", "a", "10.0.1.10", "client")
    estate.host("s", "b", "10.0.2.10", "server")
    return estate


def test_an_allowed_flow_names_the_rules_that_allow_it_in_path_order_both_ways():
    found = said(pair(["out tcp 5556 server"], ["in tcp 5556 client"]), "c", "s")
    assert found.verdict is Verdict.ALLOWED
    assert [(hop.layer, hop.rules) for hop in found.request] == [
        (Layer.GROUP_EGRESS, ("client-0: tcp 5556 to server",)),
        (Layer.ACL_EGRESS, ("egress 100: allow all to 0.0.0.0/0",)),
        (Layer.ROUTE, ("10.0.0.0/16 -> local",)),
        (Layer.ACL_INGRESS, ("ingress 100: allow all from 0.0.0.0/0",)),
        (Layer.GROUP_INGRESS, ("server-0: tcp 5556 from client",)),
    ]
    assert [hop.layer for hop in found.reply] == [
        Layer.ACL_EGRESS,
        Layer.ROUTE,
        Layer.ACL_INGRESS,
    ]
    assert all(hop.reply for hop in found.reply)
    assert found.blocking == ()


def test_a_denied_flow_names_every_layer_that_blocks_it_and_not_only_the_first():
    found = said(pair(["out tcp 1 server"], acl_a="mute", acl_b="deny-in"), "c", "s")
    assert found.verdict is Verdict.DENIED
    assert [(hop.layer, hop.code) for hop in found.blocking] == [
        (Layer.GROUP_EGRESS, Code.ENI_SG_RULES_MISMATCH),
        (Layer.ACL_EGRESS, Code.SUBNET_ACL_RESTRICTION),
        (Layer.ACL_INGRESS, Code.SUBNET_ACL_RESTRICTION),
        (Layer.GROUP_INGRESS, Code.SG_HAS_NO_RULES),
    ]


def test_a_half_open_flow_names_the_nacl_that_drops_the_reply_and_the_ports():
    found = said(pair(["out all server"], ["in all client"], acl_b="mute"), "c", "s")
    assert found.verdict is Verdict.HALF_OPEN
    assert found.lost == (PortRange(32768, 60999),)
    (hop,) = found.blocking
    assert (hop.layer, hop.id, hop.reply) == (Layer.ACL_EGRESS, "mute", True)
    assert hop.rules == ("egress *: deny",)


def test_the_nacl_entry_that_denies_is_named():
    found = said(pair(["out all server"], ["in all client"], acl_b="deny-in"), "c", "s")
    (hop,) = found.blocking
    assert hop.rules == ("ingress 90: deny tcp 5556 from 0.0.0.0/0",)
    assert str(hop) == (
        "NACL ingress of deny-in blocks: ingress 90: deny tcp 5556 from 0.0.0.0/0 "
        "[SUBNET_ACL_RESTRICTION]"
    )


def test_sg_has_no_rules():
    assert said(pair(["out all server"]), "c", "s").codes == (Code.SG_HAS_NO_RULES,)


def test_eni_sg_rules_mismatch():
    found = said(pair(["out all server"], ["in tcp 1 client"]), "c", "s")
    assert found.codes == (Code.ENI_SG_RULES_MISMATCH,)


def test_unknown_peered_sgs():
    found = said(pair(["out all server"], ["in tcp 5556 foreign"]), "c", "s")
    assert found.codes == (Code.UNKNOWN_PEERED_SGS,)


def test_subnet_acl_restriction():
    found = said(pair(["out all server"], ["in all client"], acl_b="closed"), "c", "s")
    assert found.codes == (Code.SUBNET_ACL_RESTRICTION,)


def outside(*routes):
    estate = Estate()
    estate.table("out", *routes)
    estate.subnet("a", "10.0.1.0/24", table="out")
    estate.group("g", "in all 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.host("public", "a", "10.0.1.10", "g", public="203.0.113.5")
    estate.host("private", "a", "10.0.1.11", "g")
    return estate


def test_no_route_to_destination():
    assert said(outside(), "public", "internet").codes[0] is Code.NO_ROUTE_TO_DESTINATION


def test_bad_state_route():
    found = said(outside("0.0.0.0/0 igw blackhole"), "public", "internet")
    assert found.codes[0] is Code.BAD_STATE_ROUTE


def test_a_gateway_of_another_vpc_is_a_bad_state_route():
    estate = outside("0.0.0.0/0 igw")
    estate.vpc("other", "10.1.0.0/16")
    estate.igw(vpc="other")
    assert said(estate, "public", "internet").codes[0] is Code.BAD_STATE_ROUTE


def test_igw_public_ip_association_for_egress():
    estate = outside("0.0.0.0/0 igw")
    estate.igw()
    found = said(estate, "private", "internet")
    assert found.codes[0] is Code.IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS
    assert said(estate, "public", "internet").verdict is Verdict.ALLOWED


def test_igw_private_ip_association_for_ingress():
    estate = outside("0.0.0.0/0 igw")
    estate.igw()
    found = said(estate, "internet", "private")
    assert found.codes[0] is Code.IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS


def test_igw_destination_address_not_in_rfc1918_egress():
    estate = outside("0.0.0.0/0 igw")
    estate.igw()
    estate.vgw()
    estate.site("plant", "192.168.1.0/24")
    found = said(estate, "public", "plant")
    assert found.codes[0] is Code.IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS


def test_igw_destination_address_not_in_rfc6598_egress():
    estate = outside("0.0.0.0/0 igw")
    estate.igw()
    estate.vgw()
    estate.site("plant", "100.64.1.0/24")
    found = said(estate, "public", "plant")
    assert found.codes[0] is Code.IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS


def test_cannot_route_when_no_connection_knows_the_prefix():
    estate = outside("192.168.0.0/16 vgw")
    estate.vgw()
    estate.site("plant", "192.168.1.0/24", routes=[])
    assert said(estate, "public", "plant").codes[0] is Code.CANNOT_ROUTE


def test_no_path_when_no_gateway_leads_in():
    assert Code.NO_PATH in said(outside(), "internet", "public").codes


def test_gateway_rejects_spoofed_traffic():
    estate = Estate(cidr="11.0.0.0/16")
    estate.subnet("a", "11.0.1.0/24")
    estate.igw()
    network = estate.build()
    (target,) = resolve(network, "a")
    inside = [each for each in resolve(network, "internet") if str(each.prefix) == "11.0.0.0/16"]
    found = explain(network, inside[0], target, 6, 80)
    assert Code.GATEWAY_REJECTS_SPOOFED_TRAFFIC in found.codes


def test_disconnected_vpcs():
    estate = outside()
    estate.vpc("other", "10.1.0.0/16")
    estate.table("other-main", vpc="other")
    estate.subnet("b", "10.1.1.0/24", vpc="other", table="other-main")
    assert Code.DISCONNECTED_VPCS in said(estate, "public", "b").codes


def test_every_code_that_can_be_emitted_has_a_test():
    text = Path(__file__).read_text()
    assert [code for code in Code if f"Code.{code.name}" not in text] == []


def test_what_cannot_be_told_says_why():
    estate = outside("0.0.0.0/0 nat")
    found = said(estate, "public", "internet")
    assert found.verdict is Verdict.UNDETERMINED
    (hop,) = [each for each in found.request if each.passes is None]
    assert (hop.layer, hop.why) == (Layer.ROUTE, "nat is not modelled")


def test_within_a_subnet_only_the_groups_are_asked():
    estate = pair(["out all client"])
    estate.host("c2", "a", "10.0.1.12", "client")
    found = said(estate, "c", "c2")
    assert [hop.layer for hop in found.request] == [Layer.GROUP_EGRESS, Layer.GROUP_INGRESS]
    assert found.reply == ()
