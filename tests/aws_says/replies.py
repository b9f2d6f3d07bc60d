"""What comes back: to which ports, through which boxes."""

from tests.aws_says.pages import ALLOWED, DENIED, HALF_OPEN, says

PORTS = "vpc/latest/userguide/nacl-ephemeral-ports.html"
TRACKING = "AWSEC2/latest/UserGuide/security-group-connection-tracking.html"
ANY = ("in all 0.0.0.0/0", "out all 0.0.0.0/0")


def answering(estate, replies):
    """A server whose subnet lets replies out to some ports alone, and its clients."""
    estate.acl("front", "in 1 allow all 0.0.0.0/0", "out 1 allow all 0.0.0.0/0")
    estate.acl("back", "in 1 allow tcp 443 0.0.0.0/0", f"out 1 allow tcp {replies} 0.0.0.0/0")
    estate.subnet("front", "10.0.0.0/24", acl="front")
    estate.subnet("back", "10.0.1.0/24", acl="back")
    estate.group("any", *ANY)
    estate.host("linux", "front", "10.0.0.10", "any")
    estate.host("windows", "front", "10.0.0.11", "any", clients="windows")
    estate.host("balancer", "front", "10.0.0.12", "any", kind="load-balancer", clients="any")
    estate.host("function", "front", "10.0.0.13", "any", clients="any")
    estate.host("server", "back", "10.0.1.10", "any")


@says(PORTS, "many Linux kernels use 32768-61000; Windows from Server 2008 uses 49152-65535")
def ports_of_linux(estate):
    answering(estate, "32768-61000")
    yield "linux", "server", "tcp 443", ALLOWED
    yield "windows", "server", "tcp 443", HALF_OPEN


@says(PORTS, "for a Windows client an outbound rule for 49152-65535 is needed")
def ports_of_windows(estate):
    answering(estate, "49152-65535")
    yield "windows", "server", "tcp 443", ALLOWED
    yield "linux", "server", "tcp 443", HALF_OPEN


@says(PORTS, "requests of load balancers and functions, and through NAT gateways, use 1024-65535")
def ports_of_balancers_and_functions(estate):
    answering(estate, "32768-65535")
    yield "balancer", "server", "tcp 443", HALF_OPEN
    yield "function", "server", "tcp 443", HALF_OPEN
    yield "linux", "server", "tcp 443", ALLOWED


@says(PORTS, "1024-65535 covers the different clients that may start traffic")
def ports_of_all(estate):
    answering(estate, "1024-65535")
    for client in ("linux", "windows", "balancer", "function"):
        yield client, "server", "tcp 443", ALLOWED


@says(PORTS, "requests through NAT gateways use 1024-65535, whatever the client behind uses")
def ports_of_a_nat_gateway(estate):
    estate.igw()
    estate.table("public", "0.0.0.0/0 igw")
    estate.group("any", *ANY)
    for ports, number in (("32768-61000", 0), ("1024-65535", 2)):
        back = f"in 2 allow tcp {ports} 0.0.0.0/0"
        estate.acl(f"acl-{number}", "in 1 allow all 10.0.0.0/16", back, "out 1 allow all 0.0.0.0/0")
        estate.subnet(
            f"public-{number}", f"10.0.{number}.0/24", acl=f"acl-{number}", table="public"
        )
        estate.nat(
            f"nat-{number}",
            f"public-{number}",
            f"10.0.{number}.5",
            public=f"203.0.113.{number + 1}",
        )
        estate.table(f"by-{number}", f"0.0.0.0/0 nat-{number}")
        estate.subnet(f"private-{number}", f"10.0.{number + 1}.0/24", table=f"by-{number}")
        estate.host(f"linux-{number}", f"private-{number}", f"10.0.{number + 1}.10", "any")
    yield "linux-0", "internet", "tcp 443", HALF_OPEN
    yield "linux-2", "internet", "tcp 443", ALLOWED


@says(TRACKING, "an answer to a ping that was let in leaves, though no outbound rule allows icmp")
def an_answer_to_a_ping(estate):
    estate.subnet("a", "10.0.0.0/24")
    estate.subnet("b", "10.0.1.0/24")
    estate.group("open", *ANY)
    estate.group("pinged", "in icmp 0.0.0.0/0", "out tcp 443 0.0.0.0/0")
    estate.host("one", "a", "10.0.0.10", "open")
    estate.host("two", "b", "10.0.1.10", "pinged")
    yield "one", "two", "icmp", ALLOWED
    yield "two", "one", "icmp", DENIED


@says(
    "elasticloadbalancing/latest/classic/elb-vpc-network-acls.html",
    "the recommended rules for the subnets of an internal load balancer, and no more",
)
def an_internal_load_balancer(estate):
    vpc = "10.0.0.0/16"
    estate.acl(
        "balancers",
        f"in 1 allow tcp 80 {vpc}",
        f"in 2 allow tcp 1024-65535 {vpc}",
        f"out 1 allow tcp 8080 {vpc}",
        f"out 2 allow tcp 1024-65535 {vpc}",
    )
    estate.subnet("lb", "10.0.0.0/24", acl="balancers")
    estate.subnet("back", "10.0.1.0/24")
    estate.group("any", *ANY)
    estate.host("balancer", "lb", "10.0.0.10", "any", kind="load-balancer", clients="any")
    estate.host("client", "back", "10.0.1.10", "any")
    estate.host("target", "back", "10.0.1.11", "any")
    yield "client", "balancer", "tcp 80", ALLOWED
    yield "client", "balancer", "tcp 443", DENIED
    yield "balancer", "target", "tcp 8080", ALLOWED
    yield "balancer", "target", "tcp 443", DENIED


FIREWALL = "network-firewall/latest/developerguide/arch-single-zone-igw.html"


def inspected(estate, edge):
    """Customers behind a firewall's endpoint on their way to an internet gateway."""
    estate.igw()
    estate.table("edge", *edge, gateway="igw")
    estate.table("customer", "0.0.0.0/0 fwe")
    estate.table("firewall", "0.0.0.0/0 igw")
    estate.subnet("customer", "10.0.0.0/24", table="customer")
    estate.subnet("firewall", "10.0.1.0/24", table="firewall")
    estate.firewall("fw", {"fwe": "firewall"}, "pass tcp any * -> any 443", default="drop")
    estate.group("any", *ANY)
    estate.host("host", "customer", "10.0.0.10", "any", public="203.0.113.5")


@says(FIREWALL, "with the firewall in the routes of the subnet and of the gateway all passes it")
def a_firewall_before_the_internet_gateway(estate):
    inspected(estate, ["10.0.0.0/24 fwe"])
    yield "host", "internet", "tcp 443", ALLOWED
    yield "host", "internet", "tcp 80", DENIED
    yield "internet", "host", "tcp 443", ALLOWED
    yield "internet", "host", "tcp 22", DENIED
