"""A host with IPv6 alone behind a NAT gateway, and one with IPv4 alone in the same VPC."""

from tests.support.estate import Estate

DUAL = (
    *("in 500 allow all 0.0.0.0/0", "in 501 allow all ::/0"),
    *("out 500 allow all 0.0.0.0/0", "out 501 allow all ::/0"),
)


def behind_nat64(*, route="64:ff9b::/96 nat", public=True, acl=(), own=(), web=(), back=(), **more):
    """h6 with IPv6 alone; the NAT gateway's subnet; h4 with IPv4 alone (10.0.2.10)."""
    estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")
    estate.igw()
    estate.table("public", *more.get("public_routes", ("0.0.0.0/0 igw",)))
    estate.table("private", route)
    estate.table("four", *back)
    estate.acl("nat", *acl, *DUAL)
    estate.acl("own", *own, *DUAL)
    estate.subnet("pub", "10.0.1.0/24", table="public", acl="nat")
    estate.subnet("six", "2a05:d018:1:1::/64", table="private", acl="own")
    estate.subnet("four", "10.0.2.0/24", table="four")
    estate.nat(
        "nat",
        "pub",
        "10.0.1.5",
        public="203.0.113.9" if public else None,
        available=more.get("available", True),
    )
    estate.group("out", *more.get("out", ("out all ::/0",)))
    estate.group("web", *web)
    estate.host("h6", "six", "2a05:d018:1:1::a", "out")
    estate.host("h4", "four", "10.0.2.10", "web")
    if scope := more.get("scope"):
        estate.unmodelled(scope)
    return estate
