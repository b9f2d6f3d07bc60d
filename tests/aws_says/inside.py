"""Within a VPC: security groups and network ACLs."""

from tests.aws_says.pages import ALLOWED, DENIED, HALF_OPEN, says

GROUPS = "vpc/latest/userguide/security-group-rules.html"
NACLS = "vpc/latest/userguide/nacl-rules.html"
CUSTOM = "vpc/latest/userguide/custom-network-acl.html"


def two_subnets(estate, acl=None):
    estate.subnet("front", "10.0.0.0/24")
    estate.subnet("back", "10.0.1.0/24", acl=acl)


@says(GROUPS, "a group without an inbound rule lets nothing in")
def no_inbound_rule(estate):
    two_subnets(estate)
    estate.group("closed", "out all 0.0.0.0/0")
    estate.host("client", "front", "10.0.0.10", "closed")
    estate.host("server", "back", "10.0.1.10", "closed")
    yield "client", "server", "tcp 22", DENIED
    yield "client", "server", "icmp", DENIED


@says(GROUPS, "rules only allow; those of several groups count together")
def groups_add_up(estate):
    two_subnets(estate)
    estate.group("web", "in tcp 80 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.group("admin", "in tcp 22 10.0.0.0/24")
    estate.host("client", "front", "10.0.0.10", "web")
    estate.host("server", "back", "10.0.1.10", "web", "admin")
    yield "client", "server", "tcp 80", ALLOWED
    yield "client", "server", "tcp 22", ALLOWED
    yield "client", "server", "tcp 443", DENIED


@says(GROUPS, "a reply to what was let in may leave, whatever the outbound rules say")
def groups_are_stateful(estate):
    two_subnets(estate)
    estate.group("open", "out all 0.0.0.0/0")
    estate.group("silent", "in tcp 80 0.0.0.0/0")
    estate.host("client", "front", "10.0.0.10", "open")
    estate.host("server", "back", "10.0.1.10", "silent")
    yield "client", "server", "tcp 80", ALLOWED
    yield "server", "client", "tcp 80", DENIED


@says(GROUPS, "a group as source stands for the private addresses of who holds it, not its rules")
def a_reference_adds_no_rules(estate):
    two_subnets(estate)
    estate.group("web", "in tcp 443 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.group("db", "in tcp 3306 web")
    estate.host("app", "front", "10.0.0.10", "web")
    estate.host("db", "back", "10.0.1.10", "db")
    estate.group("other", "out all 0.0.0.0/0")
    estate.host("stray", "front", "10.0.0.11", "other")
    yield "app", "db", "tcp 3306", ALLOWED
    yield "app", "db", "tcp 443", DENIED
    yield "stray", "db", "tcp 3306", DENIED


@says(
    "vpc/latest/userguide/default-security-group.html",
    "in the default group whoever holds it reaches whoever else does, on everything",
)
def the_default_group(estate):
    two_subnets(estate)
    estate.group("default", "in all default", "out all 0.0.0.0/0")
    estate.group("own", "out all 0.0.0.0/0")
    estate.host("one", "front", "10.0.0.10", "default")
    estate.host("two", "back", "10.0.1.10", "default")
    estate.host("third", "back", "10.0.1.11", "own")
    yield "one", "two", "udp 53", ALLOWED
    yield "two", "one", "icmp", ALLOWED
    yield "third", "one", "tcp 22", DENIED


@says(NACLS, "rules are tried from the lowest number, and the first that matches decides")
def the_lowest_number(estate):
    estate.acl(
        "acl",
        "in 90 deny tcp 22 10.0.0.0/24",
        "in 100 allow all 0.0.0.0/0",
        "in 110 deny all 0.0.0.0/0",
        "out 100 allow all 0.0.0.0/0",
    )
    two_subnets(estate, acl="acl")
    estate.group("open", "in all 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.host("client", "front", "10.0.0.10", "open")
    estate.host("server", "back", "10.0.1.10", "open")
    yield "client", "server", "tcp 22", DENIED
    yield "client", "server", "tcp 23", ALLOWED


@says("vpc/latest/userguide/vpc-network-acls.html", "an ACL without rules denies everything")
def a_new_custom_acl(estate):
    two_subnets(estate, acl="closed")
    estate.group("open", "in all 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.host("client", "front", "10.0.0.10", "open")
    estate.host("server", "back", "10.0.1.10", "open")
    estate.host("beside", "back", "10.0.1.11", "open")
    yield "client", "server", "tcp 80", DENIED
    yield "server", "client", "tcp 80", DENIED
    # It judges what enters and leaves the subnet, not what stays in it.
    yield "beside", "server", "tcp 80", ALLOWED


@says("vpc/latest/userguide/vpc-network-acls.html", "it is stateless: replies need a rule too")
def acls_are_stateless(estate):
    estate.acl("oneway", "in 100 allow tcp 80 10.0.0.0/24")
    two_subnets(estate, acl="oneway")
    estate.group("open", "in all 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.host("client", "front", "10.0.0.10", "open")
    estate.host("server", "back", "10.0.1.10", "open")
    yield "client", "server", "tcp 80", HALF_OPEN


@says(CUSTOM, "the example of a custom ACL: web for everybody, SSH and RDP for one network")
def a_web_server_behind_a_custom_acl(estate):
    estate.acl(
        "acl",
        "in 100 allow tcp 80 0.0.0.0/0",
        "in 110 allow tcp 443 0.0.0.0/0",
        "in 120 allow tcp 22 198.51.100.0/24",
        "in 130 allow tcp 3389 198.51.100.0/24",
        "in 140 allow tcp 32768-65535 0.0.0.0/0",
        "out 100 allow tcp 80 0.0.0.0/0",
        "out 110 allow tcp 443 0.0.0.0/0",
        "out 140 allow tcp 32768-65535 0.0.0.0/0",
    )
    estate.igw()
    estate.table("out", "0.0.0.0/0 igw")
    estate.subnet("web", "10.0.0.0/24", acl="acl", table="out")
    estate.group("open", "in all 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.host("server", "web", "10.0.0.10", "open", public="203.0.113.5")
    yield "198.51.100.10", "server", "udp 53", DENIED
    yield "198.51.101.10", "server", "tcp 22", DENIED
    yield "198.51.101.10", "server", "tcp 3389", DENIED
    yield "server", "198.51.101.10", "tcp 443", ALLOWED
    yield "server", "198.51.101.10", "tcp 25", DENIED


@says(
    "vpc/latest/userguide/nacl-examples.html",
    "instances of one group reach each other; one remote computer reaches them by SSH, nobody else",
)
def access_from_one_remote_computer(estate):
    estate.acl("acl", "in 100 allow tcp 22 10.0.9.2/32", "out 100 allow tcp 1024-65535 10.0.9.2/32")
    estate.subnet("a", "10.0.0.0/24", acl="acl")
    estate.subnet("far", "10.0.9.0/24")
    estate.group("own", "in all own", "in tcp 22 10.0.9.2/32", "out all own")
    estate.group("open", "in all 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.host("one", "a", "10.0.0.10", "own")
    estate.host("two", "a", "10.0.0.11", "own")
    estate.host("trusted", "far", "10.0.9.2", "open")
    estate.host("stranger", "far", "10.0.9.3", "open")
    yield "one", "two", "tcp 5556", ALLOWED
    yield "trusted", "one", "tcp 22", ALLOWED
    yield "trusted", "one", "tcp 80", DENIED
    yield "stranger", "one", "tcp 22", DENIED
    yield "one", "trusted", "tcp 22", DENIED
