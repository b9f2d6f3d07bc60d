"""Where a VPC ends: the other family, blocks that came later, and what a neighbour cannot use."""

from tests.aws_says.between import vpcs
from tests.aws_says.pages import ALLOWED, DENIED, HALF_OPEN, says
from tests.aws_says.routes import ANY, BPA, public_and_private

SUBNET_TABLES = "vpc/latest/userguide/subnet-route-tables.html"
PEERING = "vpc/latest/peering/vpc-peering-basics.html"
EXCLUSION = "AWSEC2/latest/APIReference/API_VpcBlockPublicAccessExclusion.html"
SIX = "2a05:d018:1:1::10"
SOMEWHERE = "2606:4700::1"


def with_both_families(estate, *routes, entries=("in 1 allow all ::/0", "out 1 allow all ::/0")):
    estate.vpc("six", "10.9.0.0/16", "2a05:d018:1::/56")
    estate.igw("igw-six", vpc="six")
    both = ("in 2 allow all 0.0.0.0/0", "out 2 allow all 0.0.0.0/0")
    estate.acl("both", *entries, *both, vpc="six")
    estate.table("six", *routes, vpc="six")
    estate.subnet("six", "10.9.0.0/24 2a05:d018:1:1::/64", acl="both", table="six", vpc="six")
    estate.group("any", *ANY, vpc="six")
    estate.host("one", "six", f"10.9.0.10 {SIX}", "any", public="203.0.113.5")


@says(SUBNET_TABLES, "a route for 0.0.0.0/0 does not include IPv6: that needs one for ::/0")
def a_default_route_of_one_family(estate):
    with_both_families(estate, "0.0.0.0/0 igw-six")
    yield "10.9.0.10", "198.51.100.9", "tcp 443", ALLOWED
    yield SIX, SOMEWHERE, "tcp 443", DENIED


@says(
    "vpc/latest/userguide/VPC_Internet_Gateway.html",
    "an IPv6 address is global: with a route for ::/0 it is reached, and nothing translates it",
)
def a_global_address(estate):
    with_both_families(estate, "::/0 igw-six")
    yield SIX, SOMEWHERE, "tcp 443", ALLOWED
    yield SOMEWHERE, SIX, "tcp 443", ALLOWED
    yield "10.9.0.10", "198.51.100.9", "tcp 443", DENIED


@says(
    "vpc/latest/userguide/nacl-rules.html",
    "rules for IPv4 and for IPv6 are separate: of what none speaks is denied",
)
def an_acl_of_one_family(estate):
    with_both_families(estate, "::/0 igw-six", "0.0.0.0/0 igw-six", entries=())
    yield "10.9.0.10", "198.51.100.9", "tcp 443", ALLOWED
    yield SIX, SOMEWHERE, "tcp 443", DENIED
    yield SOMEWHERE, SIX, "tcp 443", DENIED


@says(SUBNET_TABLES, "every table has a local route for each block of the VPC")
def two_blocks_of_one_vpc(estate):
    estate.vpc("wide", "10.7.0.0/16", "10.8.0.0/16")
    estate.table("bare", vpc="wide")
    estate.group("any", *ANY, vpc="wide")
    for name, number in (("one", 7), ("two", 8)):
        estate.subnet(name, f"10.{number}.0.0/24", table="bare", vpc="wide")
        estate.host(f"host-{name}", name, f"10.{number}.0.10", "any")
    yield "host-one", "host-two", "tcp 80", ALLOWED
    yield "host-two", "host-one", "tcp 80", ALLOWED


@says(PEERING, "resources in a VPC cannot use the NAT gateway of its peer")
def a_nat_gateway_of_the_peer(estate):
    vpcs(estate, {"a": ["10.2.0.0/16 pcx", "0.0.0.0/0 igw"], "b": ["0.0.0.0/0 pcx"]})
    estate.pcx("pcx", "a", "b")
    estate.igw(vpc="a")
    estate.nat("nat", "s-a", "10.1.0.5", public="203.0.113.9")
    estate.table("behind", "0.0.0.0/0 nat", "10.2.0.0/16 pcx", vpc="a")
    estate.subnet("behind", "10.1.1.0/24", table="behind", vpc="a")
    estate.host("own", "behind", "10.1.1.10", "g-a")
    yield "own", "internet", "tcp 443", ALLOWED
    yield "host-b", "internet", "tcp 443", DENIED


@says(
    "vpc/latest/peering/vpc-peering-security-groups.html",
    "a group of a peer in another Region cannot be referenced: its CIDR has to be",
)
def a_group_of_a_peer_in_another_region(estate):
    vpcs(estate, {"a": ["10.9.0.0/16 pcx"]})
    estate.vpc("far", "10.9.0.0/16", region="eu-central-1")
    estate.table("t-far", "10.1.0.0/16 pcx", vpc="far")
    estate.subnet("s-far", "10.9.0.0/24", table="t-far", vpc="far", zone="eu-central-1a")
    estate.group("named", "in tcp 80 g-a", "in tcp 443 10.1.0.0/16", vpc="far")
    estate.host("server", "s-far", "10.9.0.10", "named")
    estate.pcx("pcx", "a", "far", region="eu-central-1")
    yield "host-a", "server", "tcp 80", DENIED
    yield "host-a", "server", "tcp 443", ALLOWED


@says(
    "vpc/latest/privatelink/gateway-endpoints.html",
    "its route is more specific than one to an internet gateway, and needs no public address",
)
def a_gateway_endpoint_beside_an_internet_gateway(estate):
    public_and_private(estate, private=("0.0.0.0/0 igw", "52.216.0.0/15 vpce list"))
    estate.vpce()
    yield "back", "52.216.0.1", "tcp 443", ALLOWED
    yield "back", "198.51.100.9", "tcp 443", DENIED


@says(
    "vpc/latest/reachability/explanation-codes.html",
    "an interface endpoint takes requests, and opens none in its VPC (VPCE_INTRA_VPC_TRAFFIC)",
)
def an_interface_endpoint(estate):
    estate.subnet("a", "10.0.0.0/24")
    estate.group("any", *ANY)
    estate.host("client", "a", "10.0.0.10", "any")
    estate.host("endpoint", "a", "10.0.0.11", "any", kind="endpoint")
    yield "client", "endpoint", "tcp 443", ALLOWED
    yield "endpoint", "client", "tcp 443", DENIED


@says(EXCLUSION, "allow-bidirectional lets all internet traffic of a subnet pass, both ways")
def excluded_both_ways(estate):
    excluding(estate, "open")
    yield "internet", "excluded", "tcp 443", ALLOWED
    yield "excluded", "internet", "tcp 443", ALLOWED
    yield "internet", "front", "tcp 443", DENIED


@says(EXCLUSION, "allow-egress lets traffic of a subnet out, and blocks what comes in")
def excluded_outward(estate):
    excluding(estate, "outbound")
    yield "internet", "excluded", "tcp 443", DENIED
    yield "excluded", "internet", "tcp 443", ALLOWED
    yield "behind", "internet", "tcp 443", ALLOWED


def excluding(estate, access):
    """Everything blocked both ways but what is in two subnets."""
    public_and_private(estate, access="blocked")
    estate.subnet("excluded", "10.0.2.0/24", table="public", access=access)
    estate.host("excluded", "excluded", "10.0.2.10", "any", public="203.0.113.7")
    estate.nat("nat-excluded", "excluded", "10.0.2.5", public="203.0.113.8")
    estate.table("by-excluded", "0.0.0.0/0 nat-excluded")
    estate.subnet("behind", "10.0.3.0/24", table="by-excluded", access=access)
    estate.host("behind", "behind", "10.0.3.10", "any")


@says(BPA, "local traffic, peering and VPNs are not affected: it is about internet gateways")
def block_public_access_and_a_peering(estate):
    vpcs(estate, {"a": ["10.2.0.0/16 pcx"], "b": ["10.1.0.0/16 pcx"]})
    estate.pcx("pcx", "a", "b")
    for name, number in (("a", 1), ("b", 2)):
        block = f"10.{number}.1.0/24"
        estate.subnet(f"shut-{name}", block, table=f"t-{name}", vpc=name, access="blocked")
        estate.host(f"in-{name}", f"shut-{name}", f"10.{number}.1.10", f"g-{name}")
    yield "in-a", "in-b", "tcp 80", ALLOWED


@says(
    "vpc/latest/userguide/route-tables-priority.html",
    "the longest prefix decides also among the entries of prefix lists",
)
def the_longest_entry_of_a_list(estate):
    vpcs(estate, {"a": ["10.2.0.0/16 pcx", "10.2.0.0/24 igw list"], "b": ["10.1.0.0/16 pcx"]})
    estate.pcx("pcx", "a", "b")
    estate.igw(vpc="a")
    yield "host-a", "host-b", "tcp 80", DENIED
    yield "host-b", "host-a", "tcp 80", HALF_OPEN
