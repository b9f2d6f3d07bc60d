"""Between networks: peering, transit gateways, VPN."""

from tests.aws_says.pages import ALLOWED, DENIED, HALF_OPEN, says

PEERING = "vpc/latest/peering/vpc-peering-basics.html"
FULL = "vpc/latest/peering/peering-configurations-full-access.html"
HOW = "vpc/latest/tgw/how-transit-gateways-work.html"
ANY = ("in all 0.0.0.0/0", "out all 0.0.0.0/0")


def vpcs(estate, routes, zone="eu-west-1a"):
    """VPCs a, b, c … with one subnet and one host each; `routes` of each by its letter."""
    for number, (name, some) in enumerate(routes.items(), start=1):
        estate.vpc(name, f"10.{number}.0.0/16")
        estate.table(f"t-{name}", *some, vpc=name)
        estate.subnet(f"s-{name}", f"10.{number}.0.0/24", table=f"t-{name}", vpc=name, zone=zone)
        estate.group(f"g-{name}", *ANY, vpc=name)
        estate.host(f"host-{name}", f"s-{name}", f"10.{number}.0.10", f"g-{name}")


@says(FULL, "with a route for the other's block in each, two peered VPCs reach each other")
def peered_with_routes(estate):
    vpcs(estate, {"a": ["10.2.0.0/16 pcx"], "b": ["10.1.0.0/16 pcx"]})
    estate.pcx("pcx", "a", "b")
    yield "host-a", "host-b", "tcp 80", ALLOWED
    yield "host-b", "host-a", "tcp 80", ALLOWED


@says(
    "vpc/latest/peering/vpc-peering-routing.html", "both owners must add a route, or nothing works"
)
def peered_with_one_route(estate):
    vpcs(estate, {"a": ["10.2.0.0/16 pcx"], "b": []})
    estate.pcx("pcx", "a", "b")
    yield "host-a", "host-b", "tcp 80", HALF_OPEN
    yield "host-b", "host-a", "tcp 80", DENIED


@says(PEERING, "it is not transitive: two that are peered with a third do not reach each other")
def no_transitive_peering(estate):
    vpcs(
        estate,
        {
            "a": ["10.2.0.0/16 pcx-ab", "10.3.0.0/16 pcx-ac"],
            "b": ["10.1.0.0/16 pcx-ab", "10.3.0.0/16 pcx-ab"],
            "c": ["10.1.0.0/16 pcx-ac", "10.2.0.0/16 pcx-ac"],
        },
    )
    estate.pcx("pcx-ab", "a", "b")
    estate.pcx("pcx-ac", "a", "c")
    yield "host-b", "host-a", "tcp 80", ALLOWED
    yield "host-b", "host-c", "tcp 80", DENIED
    yield "host-c", "host-b", "tcp 80", DENIED


@says(PEERING, "no edge to edge: the VPN and the internet gateway of one do not serve the other")
def no_edge_to_edge(estate):
    vpcs(
        estate,
        {
            "a": ["10.2.0.0/16 pcx", "192.168.0.0/16 vgw", "0.0.0.0/0 igw"],
            "b": ["10.1.0.0/16 pcx", "192.168.0.0/16 pcx", "0.0.0.0/0 pcx"],
        },
    )
    estate.pcx("pcx", "a", "b")
    estate.vgw(vpc="a")
    estate.igw(vpc="a")
    estate.site("office", "192.168.0.0/16")
    yield "host-a", "office", "tcp 80", ALLOWED
    yield "host-b", "office", "tcp 80", DENIED
    yield "host-b", "internet", "tcp 80", DENIED


@says(PEERING, "until it is active nothing passes")
def a_peering_that_waits(estate):
    vpcs(estate, {"a": ["10.2.0.0/16 pcx"], "b": ["10.1.0.0/16 pcx"]})
    estate.pcx("pcx", "a", "b", active=False)
    yield "host-a", "host-b", "tcp 80", DENIED


def hub(estate, tables, office=True):
    """Three VPCs at a transit gateway with everything but their own block routed to it."""
    vpcs(estate, {name: ["0.0.0.0/0 tgw"] for name in "abc"})
    estate.tgw()
    for name in "abc":
        estate.attach(f"att-{name}", name, f"s-{name}", table=tables[name])
    if office:
        estate.site("office", "192.168.0.0/16", gateway="")
        estate.attach("att-vpn", "vpn-office", table=tables["vpn"], kind="vpn")


BLOCKS = (
    "10.1.0.0/16 att-a propagated",
    "10.2.0.0/16 att-b propagated",
    "10.3.0.0/16 att-c propagated",
)
OFFICE = "192.168.0.0/16 att-vpn propagated"


@says(
    "vpc/latest/tgw/transit-gateway-centralized-router.html",
    "all attachments associated with and propagated to one table reach each other",
)
def a_central_router(estate):
    hub(estate, dict.fromkeys(("a", "b", "c", "vpn"), "one"))
    estate.tgw_table("one", *BLOCKS, OFFICE)
    yield "host-a", "host-b", "tcp 80", ALLOWED
    yield "host-c", "host-a", "tcp 80", ALLOWED
    yield "host-a", "office", "tcp 80", ALLOWED
    yield "office", "host-b", "tcp 80", ALLOWED


@says(
    "vpc/latest/tgw/transit-gateway-isolated.html",
    "VPCs whose table only leads to the VPN reach that, and one another not",
)
def isolated_vpcs(estate):
    hub(estate, {"a": "vpcs", "b": "vpcs", "c": "vpcs", "vpn": "vpn"})
    estate.tgw_table("vpcs", OFFICE)
    estate.tgw_table("vpn", *BLOCKS)
    yield "host-a", "office", "tcp 80", ALLOWED
    yield "office", "host-c", "tcp 80", ALLOWED
    yield "host-a", "host-b", "tcp 80", DENIED
    yield "host-b", "host-c", "tcp 80", DENIED


@says(
    "vpc/latest/tgw/transit-gateway-isolated-shared.html",
    "isolated VPCs reach the shared one and it reaches them, and one another not",
)
def isolated_vpcs_with_a_shared_one(estate):
    hub(estate, {"a": "isolated", "b": "isolated", "c": "shared"}, office=False)
    estate.tgw_table("isolated", "10.3.0.0/16 att-c propagated")
    estate.tgw_table("shared", *BLOCKS[:2])
    yield "host-a", "host-c", "tcp 80", ALLOWED
    yield "host-c", "host-b", "tcp 80", ALLOWED
    yield "host-a", "host-b", "tcp 80", DENIED


@says(HOW, "from a zone in which the attachment has no subnet the gateway is not reached")
def a_zone_without_an_attachment(estate):
    hub(estate, dict.fromkeys("abc", "one"), office=False)
    estate.tgw_table("one", *BLOCKS)
    estate.subnet("far", "10.1.1.0/24", table="t-a", vpc="a", zone="eu-west-1b")
    estate.host("far", "far", "10.1.1.10", "g-a")
    yield "far", "host-b", "tcp 80", DENIED
    # Replies take the same way: what comes to that zone goes there, and does not return.
    yield "host-b", "far", "tcp 80", HALF_OPEN


@says(HOW, "in its tables a static route comes before a propagated one to the same block")
def transit_static_before_propagated(estate):
    hub(estate, dict.fromkeys("abc", "one"), office=False)
    estate.tgw_table("one", *BLOCKS, "10.2.0.0/16 blackhole")
    yield "host-a", "host-b", "tcp 80", DENIED
    yield "host-a", "host-c", "tcp 80", ALLOWED


@says(
    "vpc/latest/tgw/tgw-nacls.html",
    "the ACL of the attachment's subnet is asked inward as traffic goes from hosts to the gateway",
)
def the_acl_of_the_attachment(estate):
    hub(estate, dict.fromkeys("abc", "one"), office=False)
    estate.tgw_table("one", *BLOCKS)
    estate.acl("shut", "out 1 allow all 0.0.0.0/0", vpc="a")
    estate.vpc("d", "10.4.0.0/16")
    estate.table("t-d", "0.0.0.0/0 tgw", vpc="d")
    estate.subnet("s-d", "10.4.0.0/24", table="t-d", vpc="d")
    estate.subnet("edge", "10.4.1.0/24", acl="shut", table="t-d", vpc="d")
    estate.group("g-d", *ANY, vpc="d")
    estate.host("host-d", "s-d", "10.4.0.10", "g-d")
    estate.attach("att-d", "d", "edge", table="one")
    yield "host-d", "host-b", "tcp 80", DENIED
    yield "host-a", "host-b", "tcp 80", ALLOWED


@says(
    "vpn/latest/s2svpn/VPNRoutingTypes.html",
    "without a route to the VPN gateway nothing goes to the site, and no reply either",
)
def a_vpn_without_a_route(estate):
    vpcs(estate, {"a": []})
    estate.vgw(vpc="a")
    estate.site("office", "192.168.0.0/16")
    yield "host-a", "office", "tcp 80", DENIED
    yield "office", "host-a", "tcp 80", HALF_OPEN


@says(
    "vpc/latest/peering/vpc-peering-security-groups.html",
    "a rule may name a group of the peer in the same Region, and not one of another Region",
)
def a_group_of_the_peer(estate):
    vpcs(estate, {"a": ["10.2.0.0/16 pcx"], "b": ["10.1.0.0/16 pcx"]})
    estate.pcx("pcx", "a", "b")
    estate.group("named", "in tcp 80 g-a", vpc="b")
    estate.host("server", "s-b", "10.2.0.11", "named")
    yield "host-a", "server", "tcp 80", ALLOWED
    yield "host-b", "server", "tcp 80", DENIED
