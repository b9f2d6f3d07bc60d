"""Which route decides, and what gateways to the internet do."""

from tests.aws_says.pages import ALLOWED, DENIED, says

PRIORITY = "vpc/latest/userguide/route-tables-priority.html"
NAT = "vpc/latest/userguide/vpc-nat-gateway.html"
IGW = "vpc/latest/userguide/VPC_Internet_Gateway.html"
BPA = "vpc/latest/userguide/security-vpc-bpa-basics.html"
ANY = ("in all 0.0.0.0/0", "out all 0.0.0.0/0", "in all ::/0", "out all ::/0")


def public_and_private(estate, private=("0.0.0.0/0 nat",), public=("0.0.0.0/0 igw",), **access):
    estate.igw()
    estate.table("public", *public)
    estate.table("private", *private)
    estate.subnet("public", "10.0.0.0/24", table="public", **access)
    estate.subnet("private", "10.0.1.0/24", table="private", **access)
    estate.group("any", *ANY)
    estate.host("front", "public", "10.0.0.10", "any", public="203.0.113.5")
    estate.host("bare", "public", "10.0.0.11", "any")
    estate.host("back", "private", "10.0.1.10", "any")
    estate.nat("nat", "public", "10.0.0.5", public="203.0.113.9")


def two_vpcs(estate, here, there=("10.0.0.0/16 pcx",)):
    estate.vpc("other", "172.31.0.0/16")
    estate.table("here", *here)
    estate.table("there", *there, vpc="other")
    estate.subnet("a", "10.0.0.0/24", table="here")
    estate.subnet("b", "172.31.0.0/24", table="there", vpc="other")
    estate.group("any", *ANY)
    estate.host("one", "a", "10.0.0.10", "any", public="203.0.113.5")
    estate.host("two", "b", "172.31.0.10", "any")
    estate.pcx("pcx", "vpc", "other")
    estate.igw()


@says(PRIORITY, "the longest prefix decides: a peering before the default route, local within")
def the_longest_prefix(estate):
    two_vpcs(estate, ["172.31.0.0/16 pcx", "0.0.0.0/0 igw"])
    estate.host("near", "a", "10.0.0.11", "any")
    yield "one", "two", "tcp 80", ALLOWED
    yield "one", "near", "tcp 80", ALLOWED
    yield "one", "198.51.100.9", "tcp 80", ALLOWED


@says(PRIORITY, "of a static and a propagated route to one block the static one decides")
def static_before_propagated(estate):
    estate.igw()
    estate.vgw()
    estate.site("plant", "172.31.0.0/24")
    estate.table("t", "172.31.0.0/24 vgw propagated", "172.31.0.0/24 igw")
    estate.subnet("a", "10.0.0.0/24", table="t")
    estate.group("any", *ANY)
    estate.host("one", "a", "10.0.0.10", "any", public="203.0.113.5")
    yield "one", "plant", "tcp 80", DENIED


@says(
    "vpn/latest/s2svpn/vpn-route-priority.html",
    "the local route is preferred to propagated ones, even where these are longer",
)
def local_before_propagated(estate):
    estate.vgw()
    estate.site("plant", "10.0.1.0/24")
    estate.table("t", "10.0.1.0/24 vgw propagated")
    estate.subnet("a", "10.0.0.0/24", table="t")
    estate.subnet("b", "10.0.1.0/24", table="t")
    estate.group("any", *ANY)
    estate.host("one", "a", "10.0.0.10", "any")
    estate.host("two", "b", "10.0.1.10", "any")
    yield "one", "two", "tcp 80", ALLOWED


@says(PRIORITY, "a route of a prefix list decides before a propagated one to the same block")
def prefix_list_before_propagated(estate):
    estate.vgw()
    estate.site("plant", "172.31.0.0/16")
    two_vpcs(estate, ["172.31.0.0/16 vgw propagated", "172.31.0.0/16 pcx list"])
    yield "one", "two", "tcp 80", ALLOWED


@says(PRIORITY, "a static route decides before one of a prefix list to the same block")
def static_before_prefix_list(estate):
    two_vpcs(estate, ["172.31.0.0/16 igw list", "172.31.0.0/16 pcx"])
    yield "one", "two", "tcp 80", ALLOWED


@says(IGW, "it needs a route and a public address, both ways")
def an_internet_gateway(estate):
    public_and_private(estate, private=())
    yield "internet", "front", "tcp 443", ALLOWED
    yield "front", "internet", "tcp 443", ALLOWED
    yield "internet", "bare", "tcp 443", DENIED
    yield "bare", "internet", "tcp 443", DENIED
    yield "back", "internet", "tcp 443", DENIED


@says(NAT, "hosts behind one reach the internet, and nobody there opens a connection to them")
def a_public_nat_gateway(estate):
    public_and_private(estate)
    yield "back", "internet", "tcp 443", ALLOWED
    yield "internet", "back", "tcp 443", DENIED


@says(NAT, "what a private one sends to an internet gateway is dropped")
def a_private_nat_gateway(estate):
    public_and_private(estate, private=["0.0.0.0/0 nat-private"])
    estate.nat("nat-private", "public", "10.0.0.6")
    yield "back", "internet", "tcp 443", DENIED


@says(
    "vpc/latest/userguide/nat-gateway-basics.html", "it serves tcp, udp and icmp, and nothing else"
)
def what_a_nat_gateway_serves(estate):
    public_and_private(estate)
    yield "back", "internet", "udp 53", ALLOWED
    yield "back", "internet", "icmp", ALLOWED
    yield "back", "internet", "50", DENIED


@says(
    "vpc/latest/userguide/nat-gateway-nat64-dns64.html",
    "hosts with IPv6 alone reach IPv4 in the VPC, in connected ones, on premises and outside",
)
def ipv6_for_hosts_of_ipv4(estate):
    estate.vpc("six", "10.9.0.0/16 2a05:d018:1::/56")
    estate.vpc("other", "172.31.0.0/16")
    estate.igw(vpc="six")
    estate.vgw(vpc="six")
    estate.pcx("pcx", "six", "other")
    estate.site("plant", "192.168.0.0/16")
    every = ("in 1 allow all 0.0.0.0/0", "out 1 allow all 0.0.0.0/0")
    estate.acl("both", *every, "in 2 allow all ::/0", "out 2 allow all ::/0", vpc="six")
    away = ("0.0.0.0/0 igw", "172.31.0.0/16 pcx", "192.168.0.0/16 vgw")
    estate.table("nat", *away, vpc="six")
    estate.table("client", "64:ff9b::/96 nat", vpc="six")
    estate.table("other", "10.9.0.0/16 pcx", vpc="other")
    estate.subnet("nat", "10.9.0.0/24", acl="both", table="nat", vpc="six")
    estate.subnet("client", "2a05:d018:1:1::/64", acl="both", table="client", vpc="six")
    estate.subnet("server", "10.9.2.0/24", acl="both", vpc="six")
    estate.subnet("far", "172.31.0.0/24", table="other", vpc="other")
    estate.nat("nat", "nat", "10.9.0.5", public="203.0.113.9")
    estate.group("any", *ANY, vpc="six")
    estate.group("far", *ANY, vpc="other")
    estate.host("client", "client", "2a05:d018:1:1::10", "any")
    estate.host("server", "server", "10.9.2.10", "any")
    estate.host("far", "far", "172.31.0.10", "far")
    yield "client", "64:ff9b::808:808", "tcp 443", ALLOWED
    yield "client", "64:ff9b::a09:20a", "tcp 443", ALLOWED
    yield "client", "64:ff9b::ac1f:a", "tcp 443", ALLOWED
    yield "client", "64:ff9b::c0a8:1", "tcp 443", ALLOWED
    yield "64:ff9b::808:808", "client", "tcp 443", DENIED


@says(
    "vpc/latest/userguide/egress-only-internet-gateway.html",
    "IPv6 out and its replies back; the internet opens nothing",
)
def an_egress_only_gateway(estate):
    estate.vpc("six", "10.9.0.0/16", "2a05:d018:1::/56")
    estate.eigw(vpc="six")
    estate.acl("six", "in 1 allow all ::/0", "out 1 allow all ::/0", vpc="six")
    estate.table("six", "::/0 eigw", vpc="six")
    estate.subnet("six", "10.9.0.0/24 2a05:d018:1:1::/64", acl="six", table="six", vpc="six")
    estate.group("any", *ANY, vpc="six")
    estate.host("one", "six", "10.9.0.10 2a05:d018:1:1::10", "any")
    yield "2a05:d018:1:1::10", "2606:4700::1", "tcp 443", ALLOWED
    yield "2606:4700::1", "2a05:d018:1:1::10", "tcp 443", DENIED


@says(BPA, "bidirectional: nothing to or from internet gateways, NAT gateways included")
def block_public_access_both_ways(estate):
    public_and_private(estate, access="blocked")
    yield "internet", "front", "tcp 443", DENIED
    yield "front", "internet", "tcp 443", DENIED
    yield "front", "back", "tcp 443", ALLOWED


@says(BPA, "ingress only: NAT gateways still lead out, nothing comes in")
def block_public_access_inward(estate):
    public_and_private(estate, access="egress-only")
    yield "internet", "front", "tcp 443", DENIED
    yield "back", "internet", "tcp 443", ALLOWED


@says(
    "vpc/latest/privatelink/gateway-endpoints.html",
    "reachable from its own VPC alone: not over a peering, a transit gateway or a VPN",
)
def a_gateway_endpoint(estate):
    two_vpcs(estate, ["52.216.0.0/15 vpce list"], there=["52.216.0.0/15 pcx"])
    estate.vpce()
    yield "one", "52.216.0.1", "tcp 443", ALLOWED
    yield "two", "52.216.0.1", "tcp 443", DENIED


@says(
    "AmazonS3/latest/userguide/privatelink-interface-endpoints.html",
    "an endpoint of S3 may carry IPv6 as well",
)
def a_gateway_endpoint_of_both_families(estate):
    estate.vpc("six", "10.9.0.0/16", "2a05:d018:1::/56")
    estate.vpce(vpc="six")
    estate.acl("six", "in 1 allow all ::/0", "out 1 allow all ::/0", vpc="six")
    estate.table("six", "2a05:d07a:a000::/40 vpce list", vpc="six")
    estate.subnet("six", "10.9.0.0/24 2a05:d018:1:1::/64", acl="six", table="six", vpc="six")
    estate.group("any", *ANY, vpc="six")
    estate.host("one", "six", "10.9.0.10 2a05:d018:1:1::10", "any")
    yield "2a05:d018:1:1::10", "2a05:d07a:a000::1", "tcp 443", ALLOWED
    yield "2a05:d018:1:1::10", "2a05:d07a:a000::1", "udp 443", DENIED
    yield "2a05:d018:1:1::10", "2a05:d07a:a001::1", "tcp 443", ALLOWED
    yield "2a05:d018:1:1::10", "2606:4700::1", "tcp 443", DENIED
