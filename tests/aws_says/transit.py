"""Over transit gateways: tables, peering between them, inspection, egress, VPN, IPv6."""

from tests.aws_says.between import ANY, BLOCKS, HOW, OFFICE, hub, vpcs
from tests.aws_says.pages import ALLOWED, DENIED, HALF_OPEN, says

ATTACHMENTS = "vpc/latest/tgw/tgw-vpc-attachments.html"
PEERING = "vpc/latest/tgw/tgw-peering.html"
TABLES = "vpc/latest/tgw/tgw-route-tables.html"
APPLIANCE = "vpc/latest/tgw/transit-gateway-appliance-scenario.html"
EGRESS = "vpc/latest/tgw/transit-gateway-nat-igw.html"
TUNNELS = "vpn/latest/s2svpn/VPNTunnels.html"
ONE = dict.fromkeys(("a", "b", "c", "vpn"), "one")


@says(HOW, "the most specific route decides, wherever it comes from")
def transit_longest_prefix(estate):
    hub(estate, ONE, office=False)
    estate.tgw_table("one", "10.0.0.0/8 att-c", *BLOCKS[:2], "10.2.0.0/28 blackhole")
    estate.host("near", "s-b", "10.2.0.20", "g-b")
    yield "host-a", "near", "tcp 80", ALLOWED
    yield "host-a", "host-b", "tcp 80", DENIED
    yield "host-a", "host-c", "tcp 80", ALLOWED


@says(TABLES, "a blackhole route drops what matches it")
def a_transit_blackhole(estate):
    hub(estate, ONE)
    estate.tgw_table("one", *BLOCKS[:2], OFFICE, "10.3.0.0/16 blackhole")
    yield "host-a", "host-c", "tcp 80", DENIED
    yield "office", "host-c", "tcp 80", DENIED
    yield "host-a", "office", "tcp 80", ALLOWED


@says(HOW, "each attachment is routed by the table with which it is associated: replies by theirs")
def replies_by_their_own_table(estate):
    hub(estate, {"a": "left", "b": "right", "c": "right"}, office=False)
    estate.tgw_table("left", *BLOCKS[1:])
    estate.tgw_table("right", BLOCKS[2])
    yield "host-a", "host-b", "tcp 80", HALF_OPEN
    yield "host-b", "host-a", "tcp 80", DENIED
    yield "host-b", "host-c", "tcp 80", HALF_OPEN  # c is led to itself alone


@says(HOW, "an attachment that is associated with no table sends nowhere; it may be sent to")
def an_attachment_without_a_table(estate):
    hub(estate, {"a": "one", "b": None, "c": "one"}, office=False)
    estate.tgw_table("one", *BLOCKS)
    yield "host-b", "host-a", "tcp 80", DENIED
    yield "host-a", "host-b", "tcp 80", HALF_OPEN


@says("vpc/latest/tgw/tgw-transit-gateways.html", "what was not accepted yet carries nothing")
def an_attachment_that_waits(estate):
    vpcs(estate, {name: ["0.0.0.0/0 tgw"] for name in "ab"})
    estate.tgw()
    estate.attach("att-a", "a", "s-a", table="one")
    estate.attach("att-b", "b", "s-b", table="one", available=False)
    estate.tgw_table("one", *BLOCKS[:2])
    yield "host-a", "host-b", "tcp 80", DENIED
    yield "host-b", "host-a", "tcp 80", DENIED


def two_regions(estate, there=("10.1.0.0/16 at-two",), groups=ANY):
    """VPC a at one gateway and VPC far at another, in another Region, both peered."""
    vpcs(estate, {"a": ["0.0.0.0/0 tgw"]})
    estate.vpc("far", "10.7.0.0/16", region="us-east-1")
    estate.table("t-far", "0.0.0.0/0 tgw-far", vpc="far")
    estate.subnet("s-far", "10.7.0.0/24", table="t-far", vpc="far", zone="us-east-1a")
    estate.group("g-far", *groups, vpc="far")
    estate.host("host-far", "s-far", "10.7.0.10", "g-far")
    estate.tgw(references=True)
    estate.tgw("tgw-far", references=True, region="us-east-1")
    estate.attach("att-a", "a", "s-a", table="here")
    estate.attach("att-far", "far", "s-far", table="there", tgw="tgw-far")
    estate.attach("at-one", "at-two", table="here", kind="peering", peer="tgw-far")
    estate.attach("at-two", "at-one", table="there", tgw="tgw-far", kind="peering", peer="tgw")
    estate.tgw_table("here", "10.1.0.0/16 att-a propagated", "10.7.0.0/16 at-one")
    estate.tgw_table("there", "10.7.0.0/16 att-far propagated", *there, tgw="tgw-far")


@says(PEERING, "with a static route in the tables of both, VPCs of two Regions reach each other")
def peered_transit_gateways(estate):
    two_regions(estate)
    yield "host-a", "host-far", "tcp 80", ALLOWED
    yield "host-far", "host-a", "tcp 80", ALLOWED


@says(PEERING, "routes are static: without one in the other's table nothing returns")
def peered_transit_gateways_with_one_route(estate):
    two_regions(estate, there=())
    yield "host-a", "host-far", "tcp 80", HALF_OPEN
    yield "host-far", "host-a", "tcp 80", DENIED


@says(ATTACHMENTS, "rules that refer to groups are not supported across peered transit gateways")
def a_group_across_peered_gateways(estate):
    two_regions(estate, groups=("in tcp 80 g-a", "in tcp 81 10.1.0.0/16", "out all 0.0.0.0/0"))
    yield "host-a", "host-far", "tcp 80", DENIED
    yield "host-a", "host-far", "tcp 81", ALLOWED


def referring(estate, references=True, attached=True):
    vpcs(estate, {name: ["0.0.0.0/0 tgw"] for name in "ab"})
    estate.tgw(references=references)
    estate.attach("att-a", "a", "s-a", table="one")
    estate.attach("att-b", "b", "s-b", table="one", references=attached)
    estate.tgw_table("one", *BLOCKS[:2])
    estate.group("named", "in tcp 80 g-a", "out tcp 80 g-a", vpc="b")
    estate.host("named", "s-b", "10.2.0.11", "named")


@says(
    ATTACHMENTS, "inbound rules may name a group of another VPC at the gateway, outbound ones not"
)
def a_group_over_a_transit_gateway(estate):
    referring(estate)
    yield "host-a", "named", "tcp 80", ALLOWED
    yield "named", "host-a", "tcp 80", DENIED


@says(ATTACHMENTS, "the gateway and both attachments must have it enabled")
def a_group_over_an_attachment_that_refuses(estate):
    referring(estate, attached=False)
    yield "host-a", "named", "tcp 80", DENIED


@says(ATTACHMENTS, "a gateway has references to groups off unless they are enabled")
def a_group_over_a_gateway_that_refuses(estate):
    referring(estate, references=False)
    yield "host-a", "named", "tcp 80", DENIED


def inspected(estate, appliance, zones=("eu-west-1a", "eu-west-1b")):
    """Two VPCs whose traffic a third looks at, by a firewall endpoint in each of two zones."""
    vpcs(estate, {"a": ["0.0.0.0/0 tgw"]}, zone=zones[0])
    estate.vpc("b", "10.2.0.0/16")
    estate.table("t-b", "0.0.0.0/0 tgw", vpc="b")
    estate.subnet("s-b", "10.2.0.0/24", table="t-b", vpc="b", zone=zones[1])
    estate.group("g-b", *ANY, vpc="b")
    estate.host("host-b", "s-b", "10.2.0.10", "g-b")
    estate.vpc("look", "10.100.0.0/16")
    estate.table("back", "0.0.0.0/0 tgw", vpc="look")
    for number, zone in enumerate(("eu-west-1a", "eu-west-1b")):
        estate.table(f"to-{number}", f"0.0.0.0/0 fwe-{number}", vpc="look")
        place = {"vpc": "look", "zone": zone}
        estate.subnet(f"att-{number}", f"10.100.{number}.0/28", table=f"to-{number}", **place)
        estate.subnet(f"fw-{number}", f"10.100.{number}.16/28", table="back", **place)
    estate.firewall(
        "fw",
        {"fwe-0": "fw-0", "fwe-1": "fw-1"},
        "pass tcp any * -> any 80",
        default="drop",
        vpc="look",
    )
    estate.tgw()
    estate.attach("att-a", "a", "s-a", table="spokes")
    estate.attach("att-b", "b", "s-b", table="spokes")
    estate.attach("att-look", "look", "att-0", "att-1", table="back", appliance=appliance)
    estate.tgw_table("spokes", "0.0.0.0/0 att-look")
    estate.tgw_table("back", *BLOCKS[:2])


@says(APPLIANCE, "in one zone both ways pass the same endpoint, and its rules decide")
def inspection_in_one_zone(estate):
    inspected(estate, appliance=False, zones=("eu-west-1a", "eu-west-1a"))
    yield "host-a", "host-b", "tcp 80", ALLOWED
    yield "host-a", "host-b", "tcp 81", DENIED


@says(APPLIANCE, "in appliance mode both ways of a flow pass the same endpoint, whatever the zones")
def inspection_in_appliance_mode(estate):
    inspected(estate, appliance=True)
    yield "host-a", "host-b", "tcp 80", ALLOWED
    yield "host-a", "host-b", "tcp 81", DENIED


def egress(estate, back=("10.1.0.0/16 tgw",)):
    """A VPC whose traffic to the internet leaves by NAT in another."""
    vpcs(estate, {"a": ["0.0.0.0/0 tgw"]})
    estate.vpc("out", "10.100.0.0/16")
    estate.igw(vpc="out")
    estate.table("inner", "0.0.0.0/0 nat", *back, vpc="out")
    estate.table("outer", "0.0.0.0/0 igw", *back, vpc="out")
    estate.subnet("inner", "10.100.0.0/24", table="inner", vpc="out")
    estate.subnet("outer", "10.100.1.0/24", table="outer", vpc="out")
    estate.nat("nat", "outer", "10.100.1.5", public="203.0.113.9")
    estate.tgw()
    estate.attach("att-a", "a", "s-a", table="spokes")
    estate.attach("att-out", "out", "inner", table="back")
    estate.tgw_table("spokes", "0.0.0.0/0 att-out")
    estate.tgw_table("back", "10.1.0.0/16 att-a propagated")


@says(EGRESS, "VPCs reach the internet by NAT in another, and the internet opens nothing to them")
def centralized_egress(estate):
    egress(estate)
    yield "host-a", "internet", "tcp 443", ALLOWED
    yield "internet", "host-a", "tcp 443", DENIED


@says(EGRESS, "the NAT gateway's subnet needs a route back to the transit gateway")
def centralized_egress_without_a_way_back(estate):
    egress(estate, back=())
    yield "host-a", "internet", "tcp 443", HALF_OPEN


@says(
    "vpc/latest/peering/vpc-peering-basics.html", "a peer's transit gateway is not at your service"
)
def a_transit_gateway_of_a_peer(estate):
    vpcs(
        estate,
        {
            "a": ["10.2.0.0/16 pcx", "10.3.0.0/16 pcx"],
            "b": ["10.1.0.0/16 pcx", "0.0.0.0/0 tgw"],
            "c": ["0.0.0.0/0 tgw"],
        },
    )
    estate.pcx("pcx", "a", "b")
    estate.tgw()
    estate.attach("att-b", "b", "s-b", table="one")
    estate.attach("att-c", "c", "s-c", table="one")
    estate.tgw_table("one", *BLOCKS[1:], "10.1.0.0/16 att-b")
    yield "host-b", "host-c", "tcp 80", ALLOWED
    yield "host-a", "host-c", "tcp 80", DENIED
    yield "host-c", "host-a", "tcp 80", DENIED


@says("vpc/latest/tgw/tgw-route-tables.html", "sites reach one another if the tables lead there")
def from_site_to_site(estate):
    hub(estate, ONE)
    estate.site("plant", "192.169.0.0/16", gateway="")
    estate.attach("att-plant", "vpn-plant", table="one", kind="vpn")
    estate.tgw_table("one", *BLOCKS, OFFICE, "192.169.0.0/16 att-plant propagated")
    yield "office", "plant", "tcp 80", ALLOWED
    yield "plant", "host-a", "tcp 80", ALLOWED


@says(TUNNELS, "any source may come by a tunnel: what is not routed there gets no reply")
def a_source_that_is_not_routed(estate):
    vpcs(estate, {"a": ["192.168.0.0/16 vgw"]})
    estate.vgw(vpc="a")
    estate.site("office", "192.168.0.0/16")
    yield "office", "host-a", "udp 53", ALLOWED
    yield "172.16.9.9", "host-a", "udp 53", HALF_OPEN
    yield "host-a", "172.16.9.9", "udp 53", DENIED


@says("vpn/latest/s2svpn/ipv4-ipv6.html", "a VPN at a VPN gateway carries no IPv6")
def no_ipv6_at_a_vpn_gateway(estate):
    estate.vpc("six", "10.9.0.0/16", "2a05:d018:1::/56")
    estate.vgw(vpc="six")
    estate.table("six", "fd00::/8 vgw", "192.168.0.0/16 vgw", vpc="six")
    estate.subnet("six", "10.9.0.0/24 2a05:d018:1:1::/64", table="six", vpc="six")
    estate.group("six", *ANY, "in all ::/0", "out all ::/0", vpc="six")
    estate.host("one", "six", "10.9.0.10 2a05:d018:1:1::10", "six")
    estate.site("office", "192.168.0.0/16", "fd00:9::/32", version=4)
    yield "2a05:d018:1:1::10", "fd00:9::1", "tcp 80", DENIED
    yield "10.9.0.10", "192.168.0.9", "tcp 80", ALLOWED


@says(HOW, "IPv6 is routed like IPv4, by what the VPCs propagate")
def ipv6_over_a_transit_gateway(estate):
    for number, name in enumerate("ab", start=1):
        estate.vpc(name, f"10.{number}.0.0/16", f"2a05:d018:{number}::/56")
        estate.table(f"t-{name}", "::/0 tgw", vpc=name)
        blocks = f"10.{number}.0.0/24 2a05:d018:{number}:1::/64"
        if number == 1:
            estate.acl("six", "in 1 allow all ::/0", "out 1 allow all ::/0", vpc=name)
        estate.subnet(f"s-{name}", blocks, acl="six", table=f"t-{name}", vpc=name)
        estate.group(f"g-{name}", "in all ::/0", "out all ::/0", vpc=name)
        address = f"10.{number}.0.10 2a05:d018:{number}:1::10"
        estate.host(f"host-{name}", f"s-{name}", address, f"g-{name}")
    estate.tgw()
    estate.attach("att-a", "a", "s-a", table="one")
    estate.attach("att-b", "b", "s-b", table="one")
    estate.tgw_table(
        "one", *(f"2a05:d018:{n}::/56 att-{x} propagated" for n, x in ((1, "a"), (2, "b")))
    )
    yield "2a05:d018:1:1::10", "2a05:d018:2:1::10", "tcp 80", ALLOWED
    yield "10.1.0.10", "10.2.0.10", "tcp 80", DENIED


@says(TABLES, "a VPC may be at several gateways: its own routes choose, and those of the other end")
def at_two_transit_gateways(estate):
    vpcs(estate, {"a": ["10.2.0.0/16 tgw"], "b": ["10.1.0.0/16 tgw-two"]})
    for tgw in ("tgw", "tgw-two"):
        estate.tgw(tgw)
        for name in "ab":
            estate.attach(f"{tgw}-{name}", name, f"s-{name}", table=f"in-{tgw}", tgw=tgw)
        routes = (f"10.{n}.0.0/16 {tgw}-{x} propagated" for n, x in ((1, "a"), (2, "b")))
        estate.tgw_table(f"in-{tgw}", *routes, tgw=tgw)
    yield "host-a", "host-b", "tcp 80", ALLOWED


@says("vpn/latest/s2svpn/vpn-redundant-connection.html", "a second connection serves the same site")
def two_connections_to_a_site(estate):
    vpcs(estate, {"a": ["192.168.0.0/16 vgw"]})
    estate.vgw(vpc="a")
    estate.site("office", "192.168.0.0/16", available=False)
    estate.vpn("vpn-second", "office", "192.168.0.0/16")
    yield "host-a", "office", "tcp 80", ALLOWED
    yield "office", "host-a", "tcp 80", ALLOWED
