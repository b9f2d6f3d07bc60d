"""Random networks of the kind nobody would design and every account contains.

They stay within VPCs, their internet gateways and their sites, in IPv4: what is
decided by rules and routes alone. Those of every kind are in tests/support/wide.py.
"""

from hypothesis import strategies as st

from tests.support.estate import Estate

SUBNETS = {
    "a": "10.0.0.0/28",
    "b": "10.0.0.16/28",
    "c": "10.0.1.0/24",
    "far": "10.9.0.0/28",
}
HOSTS = {
    "a1": ("a", "10.0.0.4"),
    "a2": ("a", "10.0.0.10"),
    "b1": ("b", "10.0.0.21"),
    "c1": ("c", "10.0.1.77"),
    "far1": ("far", "10.9.0.5"),
}
CIDRS = (
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.0.0.0/16",
    "10.0.0.0/28",
    "10.0.0.16/28",
    "10.0.0.8/29",
    "10.0.0.21/32",
    "10.0.0.0/27",
    "10.0.1.64/26",
    "10.0.1.128/25",
    "10.9.0.0/28",
    "10.9.0.0/16",
    "192.168.0.0/16",
    "192.168.1.0/24",
    "192.168.1.128/25",
    "203.0.113.0/24",
    "100.64.0.0/10",
)
GROUPS = ("red", "green", "blue")
PORTS = ("1", "80", "79-81", "1024-65535", "32768-60999", "32768-50000", "40000", "0-65535", "*")

traffic = st.one_of(
    st.sampled_from(("all", "icmp", "50")),
    st.tuples(st.sampled_from(("tcp", "udp")), st.sampled_from(PORTS)).map(" ".join),
)
ways = st.sampled_from(("in", "out"))
peers = st.sampled_from((*CIDRS, *GROUPS, "absent"))
group_rules = st.tuples(ways, traffic, peers).map(" ".join)
acl_entries = st.tuples(
    ways,
    st.integers(1, 400).map(str),
    st.sampled_from(("allow", "allow", "allow", "deny")),
    traffic,
    st.sampled_from(CIDRS),
).map(" ".join)
routes = st.tuples(
    st.sampled_from(CIDRS),
    st.sampled_from(("igw", "igw-far", "vgw", "vgw-gone", "odd", "local")),
    st.sampled_from(("", "", "", "propagated", "blackhole", "uncertain", "propagated uncertain")),
).map(" ".join)


def _distinct(entries):
    """No two entries of one NACL share direction and number: AWS refuses that."""
    kept = {}
    for text in entries:
        kept[tuple(text.split()[:2])] = text
    return list(kept.values())


def _doubted(draw, texts, *, odd):
    """Some of the rules in doubt."""
    return [f"{each} ?" if odd and draw(st.integers(0, 3)) == 0 else each for each in texts]


def _often(draw):
    """True three times out of four: an empty network agrees with everything."""
    return draw(st.integers(0, 3)) > 0


@st.composite
def networks(draw, *, known=False):
    """A network; with `known`, one that leaves nothing open."""
    estate = Estate()
    estate.vpc("vpc-far", "10.9.0.0/16")
    acls = ["open", "closed"]
    odd = not known and draw(st.integers(0, 4)) == 0
    for name in ("acl-1", "acl-2", "acl-3"):
        entries = draw(st.lists(acl_entries, min_size=1, max_size=8).map(_distinct))
        entries = _doubted(draw, entries, odd=odd)
        if _often(draw):
            entries += ["in 500 allow all 0.0.0.0/0", "out 500 allow all 0.0.0.0/0"]
        estate.acl(name, *entries)
        acls += [name, name]
    usable = routes
    if known:
        usable = routes.filter(
            lambda text: not any(word in text for word in ("odd", "gone", "far", "uncertain"))
        )
    tables = ["main", "table-1", "table-2"]
    ways_out = ["0.0.0.0/0 igw", "192.168.0.0/16 vgw propagated"]
    estate.table("table-1", *ways_out, *draw(st.lists(usable, max_size=2)))
    estate.table("table-2", *draw(st.lists(usable, max_size=4)))
    estate.table("table-far", *draw(st.lists(usable, max_size=2)), vpc="vpc-far")
    for name in draw(st.lists(st.sampled_from(sorted(SUBNETS)), min_size=2, unique=True)):
        far = name == "far"
        estate.subnet(
            name,
            SUBNETS[name],
            acl=draw(st.sampled_from(acls)),
            table="table-far" if far else draw(st.sampled_from(tables)),
            vpc="vpc-far" if far else None,
            inspected=odd and not _often(draw),
        )
    for name in GROUPS:
        rules = draw(st.lists(group_rules, min_size=1, max_size=5))
        if draw(st.booleans()):
            rules.append("out all 0.0.0.0/0")
        estate.group(name, *_doubted(draw, rules, odd=odd))
    placed = {each.name for each in estate.parts["subnets"]}
    held = (*GROUPS, "absent") if odd else GROUPS
    for name, (subnet, address) in HOSTS.items():
        if subnet in placed and _often(draw):
            few = st.lists(st.sampled_from(held), min_size=not odd, max_size=2, unique=True)
            estate.host(
                name,
                subnet,
                address,
                *draw(few),
                public="203.0.113.7" if draw(st.booleans()) else None,
                more=("10.0.0.9",) if name == "a1" and draw(st.booleans()) else (),
            )
    if known or _often(draw):
        estate.igw()
    if known or _often(draw):
        estate.vgw()
        claims = st.sampled_from(("192.168.0.0/16", "192.168.1.0/24", "10.0.0.0/8"))
        estate.site("plant", draw(claims), learns=odd and draw(st.booleans()))
        if odd:
            estate.site("depot", draw(claims), gateway=draw(st.sampled_from(("vgw", "vgw-gone"))))
    if odd:
        estate.unmodelled(draw(st.sampled_from(SCOPES)))
    return estate.build()


SCOPES = (
    *("a", "a1", "red", "acl-1", "table-1", "vpc-far", "igw", "vgw", "vpn-plant", "plant"),
    "nowhere",
)
