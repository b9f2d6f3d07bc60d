"""Explanations: every layer, both ways, in the words of Reachability Analyzer."""

from bulkhead.ends import resolve
from bulkhead.explain import Code, Layer, RuleRef, explain
from bulkhead.explain.rules import ImplicitDeny
from bulkhead.network import Direction, PortRange, Verdict
from tests.support.estate import OPEN, Estate


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
    assert [(hop.layer, *map(str, hop.rules)) for hop in found.request] == [
        (Layer.GROUP_EGRESS, "client: client-0: tcp 5556 to server"),
        (Layer.ACL_EGRESS, "open: egress 100: allow all to 0.0.0.0/0"),
        (Layer.ROUTE, "main: 10.0.0.0/16 -> local"),
        (Layer.ACL_INGRESS, "open: ingress 100: allow all from 0.0.0.0/0"),
        (Layer.GROUP_INGRESS, "server: server-0: tcp 5556 from client"),
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
    assert hop.rules == (RuleRef("mute", ImplicitDeny(Direction.EGRESS)),)


def test_the_nacl_entry_that_denies_is_named():
    found = said(pair(["out all server"], ["in all client"], acl_b="deny-in"), "c", "s")
    (hop,) = found.blocking
    assert [each.text for each in hop.rules] == ["ingress 90: deny tcp 5556 from 0.0.0.0/0"]
    assert str(hop) == (
        "NACL ingress of deny-in blocks: ingress 90: deny tcp 5556 from 0.0.0.0/0 "
        "[SUBNET_ACL_RESTRICTION]"
    )


def outside(*routes):
    estate = Estate()
    estate.table("out", *routes)
    estate.subnet("a", "10.0.1.0/24", table="out")
    estate.group("g", "in all 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.host("public", "a", "10.0.1.10", "g", public="203.0.113.5")
    estate.host("private", "a", "10.0.1.11", "g")
    return estate


def test_what_cannot_be_told_says_why():
    found = said(outside("0.0.0.0/0 odd"), "public", "internet")
    assert found.verdict is Verdict.UNDETERMINED
    (hop,) = [each for each in found.request if each.passes is None]
    assert (hop.layer, hop.why) == (Layer.ROUTE, "odd is not modelled")


def test_behind_something_that_is_not_there_only_what_denies_every_sender_is_asked():
    def found(*entries):
        estate = outside("10.0.2.0/24 nat-gone")
        estate.acl("some", *entries)
        estate.subnet("b", "10.0.2.0/24", acl="some")
        return said(estate, "public", "b")

    unknown = found("in 1 allow all 198.51.100.0/24", "out 1 allow all 0.0.0.0/0")
    assert unknown.verdict is Verdict.UNDETERMINED
    assert [hop.layer for hop in unknown.request][-2:] == [Layer.ROUTE, Layer.NAT]
    assert unknown.request[-1].why == "nat-gone is not in the network"
    shut = found("out 1 allow all 0.0.0.0/0")
    assert shut.verdict is Verdict.DENIED
    assert shut.request[-1].layer is Layer.ACL_INGRESS


def test_a_nat_gateway_gives_its_address_and_both_legs_of_the_reply_are_shown():
    estate = outside("0.0.0.0/0 nat")
    estate.table("edge", "0.0.0.0/0 igw")
    estate.subnet("pub", "10.0.2.0/24", table="edge")
    estate.igw()
    estate.nat("nat", "pub", "10.0.2.5", public="203.0.113.9")
    found = said(estate, "private", "internet")
    assert found.verdict is Verdict.ALLOWED
    assert [(hop.layer, hop.name, hop.changes) for hop in found.request] == [
        (Layer.GROUP_EGRESS, "g", ""),
        (Layer.ACL_EGRESS, "open", ""),
        (Layer.ROUTE, "out", ""),
        (Layer.ACL_INGRESS, "open", ""),
        (Layer.NAT, "nat", "source becomes 10.0.2.5"),
        (Layer.ACL_EGRESS, "open", ""),
        (Layer.ROUTE, "edge", ""),
        (Layer.GATEWAY, "igw", ""),
    ]
    assert [(hop.layer, hop.changes) for hop in found.reply] == [
        (Layer.GATEWAY, ""),
        (Layer.ACL_INGRESS, ""),
        (Layer.NAT, "destination becomes 10.0.1.11"),
        (Layer.ACL_EGRESS, ""),
        (Layer.ROUTE, ""),
        (Layer.ACL_INGRESS, ""),
    ]


def test_a_regional_nat_gateway_asks_no_nacl_and_its_own_table():
    estate = outside("0.0.0.0/0 nat")
    estate.table("own", "0.0.0.0/0 igw")
    estate.igw()
    estate.regional("nat", "own", ("eu-west-1a 203.0.113.9",))
    found = said(estate, "private", "internet")
    assert found.verdict is Verdict.ALLOWED
    assert [(hop.layer, hop.name, hop.changes) for hop in found.request] == [
        (Layer.GROUP_EGRESS, "g", ""),
        (Layer.ACL_EGRESS, "open", ""),
        (Layer.ROUTE, "out", ""),
        (Layer.NAT, "nat", "source becomes 203.0.113.9"),
        (Layer.ROUTE, "own", ""),
        (Layer.GATEWAY, "igw", ""),
    ]
    assert [(hop.layer, hop.changes) for hop in found.reply] == [
        (Layer.GATEWAY, ""),
        (Layer.NAT, "destination becomes 10.0.1.11"),
        (Layer.ROUTE, ""),
        (Layer.ACL_INGRESS, ""),
    ]


def test_a_second_nat_gateway_on_the_way_drops_the_packet():
    estate = outside("0.0.0.0/0 nat-one")
    estate.table("on", "0.0.0.0/0 nat-two")
    estate.table("edge", "0.0.0.0/0 igw")
    estate.subnet("first", "10.0.2.0/24", table="on")
    estate.subnet("second", "10.0.3.0/24", table="edge")
    estate.igw()
    estate.nat("nat-one", "first", "10.0.2.5")
    estate.nat("nat-two", "second", "10.0.3.5", public="203.0.113.9")
    found = said(estate, "private", "internet")
    assert found.verdict is Verdict.DENIED
    assert found.blocking[0].why == "the packet came from a NAT gateway already"


def test_of_ipv6_the_same_layers_speak():
    estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")
    estate.table("six", "::/0 eigw")
    estate.subnet("a", "10.0.1.0/24 2a05:d018:1:1::/64", table="six")
    estate.eigw()
    estate.group("g", "out tcp 443 ::/0")
    estate.host("h", "a", "10.0.1.10 2a05:d018:1:1::10", "g")
    network = estate.build()
    ends = [each for each in resolve(network, "h") if each.address.version == 6]
    world = [each for each in resolve(network, "internet") if each.address.version == 6]
    assert explain(network, ends[0], world[0], 6, 443).verdict is Verdict.ALLOWED
    assert explain(network, ends[0], world[0], 6, 444).verdict is Verdict.DENIED
    assert explain(network, world[0], ends[0], 6, 443).verdict is Verdict.DENIED


def zones(*tables):
    """A transit gateway in appliance mode that may leave by any of two zones."""
    estate = Estate("one", "10.0.0.0/16")
    estate.vpc("two", "10.1.0.0/16")
    estate.table("here", "10.1.0.0/16 tgw")
    estate.subnet("a", "10.0.1.0/24", table="here")
    for name, third, table in zip("ab", (7, 8), tables, strict=True):
        estate.table(f"table-{name}", table, vpc="two")
        block, zone = f"10.1.{third}.0/28", f"eu-west-1{name}"
        estate.subnet(f"exit-{name}", block, table=f"table-{name}", vpc="two", zone=zone)
    estate.table("back", "10.0.0.0/16 tgw", vpc="two")
    estate.subnet("s", "10.1.1.0/24", table="back", vpc="two")
    estate.tgw()
    estate.attach("att-a", "one", "a", table="hub")
    estate.attach("att-b", "two", "exit-a", "exit-b", table="hub", appliance=True)
    estate.tgw_table("hub", "10.0.0.0/16 att-a", "10.1.0.0/16 att-b")
    return estate


def test_where_a_gateway_may_choose_all_paths_are_shown_and_must_pass():
    whole, shut = "10.9.0.0/16 tgw", "10.1.1.0/24 odd blackhole"
    assert said(zones(whole, whole), "a", "s").verdict is Verdict.ALLOWED
    assert said(zones(shut, shut), "a", "s").verdict is Verdict.DENIED
    found = said(zones(whole, shut), "a", "s")
    assert found.verdict is Verdict.UNDETERMINED
    assert [path.passes for path in found.paths] == [True, False]
    assert found.request == found.paths[1].request


def test_within_a_subnet_only_the_groups_are_asked():
    estate = pair(["out all client"])
    estate.host("c2", "a", "10.0.1.12", "client")
    found = said(estate, "c", "c2")
    assert [hop.layer for hop in found.request] == [Layer.GROUP_EGRESS, Layer.GROUP_INGRESS]
    assert found.reply == ()
