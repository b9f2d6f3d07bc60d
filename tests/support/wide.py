"""Random networks of every kind that docs/model.md knows, sensible and senseless mixed.

Three VPCs in two Regions, two transit gateways, a site with up to two ways in; each
part is there, broken, in doubt or missing. Few subnets and hosts: what matters is how
the parts meet, and a small network is one that can be asked about every cell.
"""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from tests.support.estate import Estate


@dataclass(frozen=True)
class Place:
    vpc: str
    zone: str
    four: str
    six: str


PLACES = {
    "a": Place("vpc", "eu-west-1a", "10.0.0.0/28", "2a05:d018:1:1::/64"),
    "b": Place("vpc", "eu-west-1b", "10.0.0.16/28", "2a05:d018:1:2::/64"),
    "pub": Place("vpc", "eu-west-1a", "10.0.1.0/24", "2a05:d018:1:3::/64"),
    "e": Place("east", "eu-west-1a", "10.1.0.0/28", "2a05:d018:2:1::/64"),
    "f": Place("east", "eu-west-1b", "10.1.1.0/24", "2a05:d018:2:2::/64"),
    "u": Place("east", "eu-west-1a", "10.1.2.0/24", "fd00:2:0:3::/64"),
    "far": Place("far", "eu-central-1a", "10.9.0.0/28", "2a05:d014:9:1::/64"),
}
VPCS = {
    "vpc": "10.0.0.0/16 2a05:d018:1::/56",
    "east": "10.1.0.0/16 2a05:d018:2::/56 fd00:2::/56",
    "far": "10.9.0.0/16 2a05:d014:9::/56",
}
HOSTS = {
    "a1": ("a", "10.0.0.4", "2a05:d018:1:1::4"),
    "b1": ("b", "10.0.0.21", "2a05:d018:1:2::21"),
    "p1": ("pub", "10.0.1.77", "2a05:d018:1:3::77"),
    "e1": ("e", "10.1.0.5", "2a05:d018:2:1::5"),
    "f1": ("f", "10.1.1.70", "2a05:d018:2:2::70"),
    "u1": ("u", "10.1.2.7", "fd00:2:0:3::7"),
    "far1": ("far", "10.9.0.5", "2a05:d014:9:1::5"),
}
PREFIXES = {
    "a1": "2a05:d018:1:1:7::/80",
    "e1": "2a05:d018:2:1:7::/80",
    "u1": "fd00:2:0:3:7::/80",
}
CIDRS = (
    *("0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/28", "10.0.0.16/28", "10.0.1.0/24"),
    *("10.0.0.8/29", "10.0.0.21/32", "10.0.1.64/26", "10.0.1.5/32"),
    *("10.1.0.0/16", "10.1.0.0/28", "10.1.1.64/26", "10.9.0.0/16"),
    *("192.168.0.0/16", "192.168.1.0/24", "192.168.1.128/25"),
    *("203.0.113.0/24", "198.51.100.0/24", "100.64.0.0/10"),
    *("::/0", "2a05:d018::/32", "2a05:d018:1::/56", "2a05:d018:1:1::/64", "2a05:d018:2::/56"),
    *("2a05:d018:2:1::5/128", "2001:4860::/32", "64:ff9b::/96", "fd00:1::/48", "fd00:2::/56"),
    *("2a05:d018:1:1:7::/96", "2a05:d018:2:1:7::/112"),
)
GROUPS = ("red", "green", "blue")
PORTS = ("80", "79-81", "1024-65535", "32768-60999", "32768-50000", "1024-40000", "0-65535", "*")
TARGETS = (
    *("igw", "igw-e", "eigw", "eigw-e", "vgw", "nat", "nat-p", "pcx", "pcx-far", "tgw", "tgw-far"),
    *("vpce", "fwe", "fwe-b", "@a1", "@app", "local"),
)
UNKNOWN = ("odd", "nat-gone", "pcx-gone", "tgw-gone", "eigw-gone", "vpce-gone", "fwe-gone", "@gone")
USUAL = {
    "vpc": (
        *("0.0.0.0/0 igw", "0.0.0.0/0 nat", "0.0.0.0/0 fwe", "0.0.0.0/0 tgw", "::/0 igw"),
        *("::/0 eigw", "::/0 igw", "2a05:d018::/32 igw", "64:ff9b::/96 nat"),
        *("10.1.0.0/16 pcx", "10.1.0.0/16 tgw", "10.1.0.0/16 nat-p"),
        *("10.9.0.0/16 pcx-far", "10.0.0.0/8 tgw", "192.168.0.0/16 vgw propagated"),
        *("192.168.0.0/16 tgw", "2a05:d018:2::/56 pcx", "2a05:d018:2::/56 tgw"),
        *("198.51.100.0/24 vpce list", "0.0.0.0/0 vpce list", "::/0 vpce list"),
        *("10.0.0.0/16 fwe", "10.0.1.0/24 fwe"),
        *("10.0.0.0/16 fwe list", "10.1.0.0/16 pcx list", "10.1.0.0/16 tgw list2"),
    ),
    "east": (
        *("0.0.0.0/0 igw-e", "0.0.0.0/0 tgw", "::/0 igw-e", "10.0.0.0/16 pcx", "10.0.0.0/16 tgw"),
        *("::/0 igw-e", "::/0 eigw-e", "2a05:d018:1::/56 igw-e"),
        *("10.0.0.0/8 tgw", "192.168.0.0/16 tgw", "2a05:d018:1::/56 pcx", "2a05:d018:1::/56 tgw"),
    ),
    "far": (
        *("10.0.0.0/16 pcx-far", "10.0.0.0/8 tgw-far", "0.0.0.0/0 tgw-far", "::/0 tgw-far"),
        *("::/0 igw-f", "2a05:d018::/32 igw-f"),
        "10.1.0.0/16 tgw-far",
    ),
}
TRANSIT_CIDRS = (
    *("0.0.0.0/0", "10.0.0.0/16", "10.1.0.0/16", "10.9.0.0/16", "10.0.0.0/8", "192.168.0.0/16"),
    *("::/0", "2a05:d018:1::/56", "2a05:d018:2::/56", "2a05:d014:9::/56", "198.51.100.0/24"),
)
UNCERTAIN = ("uncertain", "propagated uncertain")
EDGE_CIDRS = (
    *("10.0.0.0/16", "10.0.0.0/28", "10.0.1.0/24", "2a05:d018:1::/56", "2a05:d018:1:1::/64"),
    "2a05:d018:2:1::/64",
)
ACCESS = ("open",) * 6 + ("egress-only", "blocked")
SCOPES = (
    *("a", "e1", "vpc", "red", "acl-1", "table-b", "igw", "vgw", "vpn-plant", "plant", "nat"),
    *("pcx", "tgw", "att-vpc", "att-east", "hub", "fw", "fwe", "eigw", "vpce", "nowhere", "lb"),
)

messages = st.sampled_from(
    ("icmp", "icmp:8", "icmp:0", "icmp:3/4", "icmpv6", "icmpv6:128", "icmpv6:129")
)
traffic = st.one_of(
    st.sampled_from(("all", "all", "50")),
    messages,
    st.tuples(st.sampled_from(("tcp", "udp")), st.sampled_from(PORTS)).map(" ".join),
)
ways = st.sampled_from(("in", "out"))
clients = st.sampled_from(("linux", "linux", "windows", "any"))
group_rules = st.tuples(ways, traffic, st.sampled_from((*CIDRS, *GROUPS, *GROUPS))).map(" ".join)
acl_entries = st.tuples(
    ways,
    st.integers(1, 400).map(str),
    st.sampled_from(("allow", "allow", "deny")),
    traffic,
    st.sampled_from(CIDRS),
).map(" ".join)
_NETS = ("any", "any", "10.0.0.0/16", "10.0.0.0/28,10.1.0.0/16", "192.168.0.0/16", "::/0")
_ARROWS = st.sampled_from(("->", "<>"))
firewall_rules = st.one_of(
    st.tuples(
        st.sampled_from(("tcp", "tcp,udp")),
        st.sampled_from(_NETS),
        st.sampled_from(("*", "*", "*", "40000-65535")),
        _ARROWS,
        st.sampled_from(_NETS),
        st.sampled_from(("*", "80", "79-81,443")),
    ).map(" ".join),
    st.builds(
        "{} {} * {} {} *".format,
        st.sampled_from(("any", "icmp")),
        st.sampled_from(_NETS),
        _ARROWS,
        st.sampled_from(_NETS),
    ),
)


def _routes(vpc, targets, *, odd):
    usual = st.sampled_from(USUAL[vpc])
    if vpc != "vpc":  # AWS refuses an endpoint or an interface of another VPC
        own = ("@", "fwe", "vpce")
        targets = [each for each in targets if not each.startswith(own)]
    wild = st.tuples(
        st.sampled_from(CIDRS),
        st.sampled_from(targets),
        st.sampled_from(("", "", "", "propagated", "blackhole", "list", "list2")),
    ).map(" ".join)
    kinds = [usual, usual, usual, wild]
    if odd:
        marks = st.sampled_from((" uncertain", " list uncertain", " propagated uncertain"))
        kinds.append(st.builds(str.__add__, st.one_of(usual, wild), marks))
    return st.lists(st.one_of(kinds), max_size=4).map(_one_each)


def _one_each(routes):
    """One route for each prefix and rank: AWS refuses a second."""
    kept = {}
    for text in routes:
        destination, _, *marks = text.split()
        kept[destination, *(each for each in marks if each != "blackhole")] = text
    return list(kept.values())


def _distinct(entries):
    """No two entries of one NACL share direction and number: AWS refuses that."""
    kept = {}
    for text in entries:
        kept[tuple(text.split()[:2])] = text
    return list(kept.values())


def _chance(draw, hits, of):
    """True that often; it shrinks to True, which leaves the plainer network."""
    return draw(st.integers(0, of - 1)) < hits


@st.composite
def wide_networks(draw, *, known=False):
    """A network of all kinds; with `known`, one that leaves nothing open."""
    estate = Estate("vpc", VPCS["vpc"])
    for vpc, region in (("east", "eu-west-1"), ("far", "eu-central-1")):
        estate.vpc(vpc, VPCS[vpc], region=region)
    placed = draw(st.lists(st.sampled_from(sorted(PLACES)), min_size=2, max_size=4, unique=True))
    six = _chance(draw, 2, 3)
    odd = not known and not _chance(draw, 3, 4)
    acls = _acls(draw, estate, odd=odd)
    _groups(draw, estate, odd=odd)
    targets = TARGETS + (UNKNOWN if odd else ())
    _subnets(draw, estate, placed, acls, six=six, targets=targets, odd=odd)
    _hosts(draw, estate, placed, odd=odd)
    _edges(draw, estate, placed, known=known)
    _between(draw, estate, placed, known=known)
    _firewalls(draw, estate, placed, known=known)
    _balancers(draw, estate)
    if odd and draw(st.booleans()):
        protocol = draw(st.sampled_from((None, None, None, 6, 1)))
        estate.unmodelled(draw(st.sampled_from(SCOPES)), protocol=protocol)
    return _without_dead_ends(estate.build()) if known else estate.build()


def _without_dead_ends(network):
    """Less the routes to what happens not to be there: nothing is left open."""
    there = {
        *("local", "tgw", "tgw-far", "igw", "igw-e", "igw-f", "eigw", "eigw-e", "vgw", "vpce"),
        *("pcx", "pcx-far"),
        *(each.id for each in (*network.nat_gateways, *network.interfaces)),
        *(endpoint for each in network.firewalls for endpoint, _ in each.endpoints),
    }
    tables = tuple(
        replace(table, routes=tuple(each for each in table.routes if each.target_id in there))
        for table in network.route_tables
    )
    return replace(network, route_tables=tables)


def _doubted(draw, texts, *, odd):
    """Some of the rules in doubt."""
    return [f"{each} ?" if odd and not _chance(draw, 3, 4) else each for each in texts]


def _acls(draw, estate, *, odd):
    every = ["in 500 allow all 0.0.0.0/0", "out 500 allow all 0.0.0.0/0"]
    every += ["in 501 allow all ::/0", "out 501 allow all ::/0"]
    estate.acl("dual", *every)
    names = ["dual", "dual", "open"]
    for name in ("acl-1", "acl-2"):
        entries = draw(st.lists(acl_entries, max_size=4).map(_distinct))
        entries = _doubted(draw, entries, odd=odd)
        estate.acl(name, *entries, *(every if _chance(draw, 4, 5) else ()))
        names.append(name)
    return names


def _groups(draw, estate, *, odd):
    for name in GROUPS:
        rules = draw(st.lists(group_rules, min_size=1, max_size=3))
        rules += draw(
            st.sampled_from(
                (
                    ("out all 0.0.0.0/0", "out all ::/0"),
                    ("out all 0.0.0.0/0", "out all ::/0", "in all 0.0.0.0/0", "in all ::/0"),
                    (),
                )
            )
        )
        estate.group(name, *_doubted(draw, rules, odd=odd))


def _subnets(draw, estate, placed, acls, *, six, targets, odd):
    calls_ipv4 = six and not _chance(draw, 4, 5)
    for name in placed:
        place = PLACES[name]
        routes = draw(_routes(place.vpc, targets, odd=odd))
        if calls_ipv4:
            # What goes through a NAT gateway is seldom led there, and back, by chance.
            more = {"vpc": "64:ff9b::/96 nat", "east": "64:ff9b::/96 tgw"}.get(place.vpc)
            out = "0.0.0.0/0 igw" if name == "pub" else None
            routes = _one_each([*filter(None, (more, out)), *routes])
        estate.table(f"table-{name}", *routes, vpc=place.vpc)
        blocks = place.four
        if six and _chance(draw, 4, 5):
            # A NAT gateway needs a subnet with a block of IPv4.
            alone = name != "pub" and not _chance(draw, 4, 5)
            blocks = place.six if alone else f"{place.four} {place.six}"
        estate.subnet(
            name,
            blocks,
            acl=draw(st.sampled_from(acls)),
            table=f"table-{name}",
            vpc=place.vpc,
            zone=place.zone,
            access=draw(st.sampled_from(ACCESS)),
            inspected=odd and not _chance(draw, 4, 5),
        )


def _is_alone(subnet):
    """Whether it has IPv6 alone."""
    return subnet.cidr.version == 6


def _hosts(draw, estate, placed, *, odd):
    held = (*GROUPS, "absent") if odd else GROUPS
    places = {each.name: each for each in estate.parts["subnets"]}
    for name, (subnet, four, sixth) in HOSTS.items():
        if subnet in placed and _chance(draw, 3, 4):
            few = st.lists(st.sampled_from(held), min_size=not odd, max_size=2, unique=True)
            addresses = four
            if _is_alone(places[subnet]):
                addresses = sixth
            elif places[subnet].ipv6_cidrs and _chance(draw, 3, 4):
                addresses = f"{four} {sixth}"
            public = draw(st.booleans()) and addresses != sixth
            given = sixth in addresses and not _chance(draw, 3, 4)
            estate.host(
                name,
                subnet,
                addresses,
                *draw(few),
                public="203.0.113.7" if public else None,
                prefixes=PREFIXES.get(name, "") if given else "",
                kind=draw(st.sampled_from(("host",) * 8 + ("endpoint", "load-balancer"))),
                clients=draw(clients),
            )
    if "pub" in placed and not _chance(draw, 3, 4):
        estate.host("app", "pub", "10.0.1.9", "red", check=draw(st.booleans()))


def _edges(draw, estate, placed, *, known):
    """Gateways to the internet, the site, and the services of the Region."""
    for name, vpc in (("igw", "vpc"), ("igw-e", "east"), ("igw-f", "far")):
        if known or _chance(draw, 5, 6):
            estate.igw(name, vpc)
            if not _chance(draw, 5, 6):
                targets = ["@a1", "@app", "fwe", "fwe-b", "local"]
                if known and vpc == "far":
                    # The answers of its Region do not know what is in another.
                    targets = ["local"]
                routes = st.tuples(
                    st.sampled_from(EDGE_CIDRS),
                    st.sampled_from(targets),
                ).map(" ".join)
                estate.table(
                    f"edge-{name}", *draw(st.lists(routes, max_size=2)), vpc=vpc, gateway=name
                )
    if known or _chance(draw, 5, 6):
        estate.eigw()
    if known or _chance(draw, 5, 6):
        estate.eigw("eigw-e", "east")
    if known or _chance(draw, 5, 6):
        estate.vpce()
    if known or _chance(draw, 5, 6):
        estate.vgw()
    available = _chance(draw, 7, 8)
    routes = draw(st.sampled_from((("192.168.0.0/16",), ("192.168.1.0/24",))))
    if _chance(draw, 3, 4):
        gateway = draw(st.sampled_from(("vgw", "vgw", "", "" if known else "vgw-gone")))
        more = {
            "available": available,
            "version": draw(st.sampled_from((None, None, 4, 6))),
            "clients": draw(clients),
        }
        learns = not known and not _chance(draw, 3, 4)
        estate.site(
            "plant", "192.168.0.0/16", routes=routes, gateway=gateway, learns=learns, **more
        )
        if not _chance(draw, 2, 3):
            estate.vpn("vpn-spare", "plant", "192.168.1.0/24", gateway="")
        if not known and not _chance(draw, 5, 6):
            gateway, learns = draw(st.sampled_from(("vgw", ""))), draw(st.booleans())
            estate.site("depot", "192.168.1.0/24", gateway=gateway, learns=learns)
    if not _chance(draw, 4, 5):
        _regional(draw, estate)
    elif "pub" in placed and (known or _chance(draw, 5, 6)):
        public = "203.0.113.9" if _chance(draw, 4, 5) else None
        working, eni = _chance(draw, 7, 8), draw(st.booleans())
        others = ("10.0.1.7",) if not _chance(draw, 3, 4) else ()
        more = {"available": working, "eni": eni, "others": others}
        estate.nat("nat", "pub", "10.0.1.5", public=public, **more)
        standing = (("a", "10.0.0.12", "10.0.0.13"), ("pub", "10.0.1.6", "10.0.1.8"))
        where, address, other = draw(st.sampled_from(standing))
        homes = {each.name for each in estate.parts["subnets"] if not _is_alone(each)}
        if where in homes:
            others = () if _chance(draw, 3, 4) else (other,)
            estate.nat("nat-p", where, address, eni=draw(st.booleans()), others=others)


def _regional(draw, estate):
    """A NAT gateway in no subnet, with a table of its own."""
    routes = st.tuples(
        st.sampled_from(("0.0.0.0/0", "10.0.0.0/28", "10.0.0.16/28", "10.1.0.0/16", "10.0.0.0/8")),
        st.sampled_from(("igw", "tgw", "tgw", "fwe", "fwe-b", "@app", "pcx", "igw-e", "odd")),
    ).map(" ".join)
    usual = ("0.0.0.0/0 igw",) if _chance(draw, 4, 5) else ()
    estate.table("table-nat", *_one_each((*usual, *draw(st.lists(routes, max_size=2)))))
    every = ("eu-west-1a 203.0.113.9", "eu-west-1b 203.0.113.10")
    zones = draw(st.sampled_from((every, every[:1], every[1:], ())))
    available, expands = _chance(draw, 7, 8), draw(st.booleans())
    estate.regional("nat", "table-nat", zones, available=available, expands=expands)


def _between(draw, estate, placed, *, known):
    """Peerings and transit gateways."""
    if known or _chance(draw, 5, 6):
        estate.pcx("pcx", "vpc", "east", active=_chance(draw, 7, 8))
        estate.pcx("pcx-far", "far", "vpc")
    if not known and not _chance(draw, 5, 6):
        estate.pcx("pcx-gone", "vpc", "stranger", cidrs="10.5.0.0/16")
    estate.tgw("tgw", references=_chance(draw, 2, 3))
    if known or _chance(draw, 3, 4):
        estate.tgw("tgw-far", region="eu-central-1")
    tables = st.sampled_from(("hub", "hub", "hub", "spoke", None))
    mine = {"tgw": [], "tgw-far": []}
    for vpc in VPCS:
        inside = [name for name in placed if PLACES[name].vpc == vpc]
        if inside and _chance(draw, 7, 8):
            gateway = "tgw-far" if vpc == "far" else "tgw"
            subnets = draw(st.lists(st.sampled_from(inside), min_size=1, unique=True))
            by_zone = {PLACES[name].zone: name for name in subnets}
            mine[gateway].append(f"att-{vpc}")
            estate.attach(
                f"att-{vpc}",
                vpc,
                *by_zone.values(),
                tgw=gateway,
                table="far-hub" if gateway == "tgw-far" else draw(tables),
                available=_chance(draw, 9, 10),
                references=_chance(draw, 4, 5),
                appliance=not _chance(draw, 4, 5),
            )
    for connection in estate.parts.get("vpn_connections", ()):
        if not connection.vpn_gateway:
            name = connection.id.replace("vpn", "att")
            mine["tgw"].append(name)
            estate.attach(name, connection.id, kind="vpn", table=draw(tables))
    if _chance(draw, 2, 3):
        shared = {"kind": "peering", "table": "hub"}
        mine["tgw"].append("att-peer")
        estate.attach("att-peer", "att-peer-far", tgw="tgw", peer="tgw-far", **shared)
        if known or _chance(draw, 5, 6):
            mine["tgw-far"].append("att-peer-far")
            shared["table"] = "far-hub"
            estate.attach("att-peer-far", "att-peer", tgw="tgw-far", peer="tgw", **shared)
    if not known and not _chance(draw, 7, 8):
        mine["tgw"].append("att-odd")
        estate.attach("att-odd", "direct-connect", kind="other", table="hub")
    _transit_tables(draw, estate, mine, known=known)


def _transit_tables(draw, estate, mine, *, known):
    blocks = {f"att-{vpc}": VPCS[vpc].split() for vpc in VPCS}
    usual = [
        f"{cidr} {name} propagated"
        for name in mine["tgw"]
        for cidr in blocks.get(name, ["10.9.0.0/16" if "peer" in name else "192.168.0.0/16"])
    ]
    for name, gateway in (("hub", "tgw"), ("spoke", "tgw"), ("far-hub", "tgw-far")):
        led = [*mine[gateway], *(() if known else ("att-gone",))]
        if name == "far-hub":
            usual = ["10.0.0.0/8 att-peer-far"] if "att-peer-far" in led else []
            usual += ["10.9.0.0/16 att-far propagated"] if "att-far" in led else []
        several = ["+".join(mine[gateway][:2]), *mine[gateway], *led, "blackhole"]
        routes = st.tuples(
            st.sampled_from(TRANSIT_CIDRS),
            st.sampled_from([each for each in several if each]),
            st.sampled_from(("", "", "propagated", *(() if known else UNCERTAIN))),
        ).map(" ".join)
        written = [*(usual if _chance(draw, 4, 5) else ()), *draw(st.lists(routes, max_size=3))]
        if known or _chance(draw, 9, 10):
            estate.tgw_table(name, *_one_each(written), tgw=gateway)


def _balancers(draw, estate):
    fronts = [
        each.id for each in estate.parts.get("interfaces", ()) if each.kind == "load-balancer"
    ]
    if fronts and draw(st.booleans()):
        listeners = st.sampled_from(("tcp 80", "tcp 443", "udp 80", "tcp 81"))
        estate.balancer("lb", fronts, *draw(st.lists(listeners, max_size=2, unique=True)))


def _firewalls(draw, estate, placed, *, known):
    inside = [name for name in placed if PLACES[name].vpc == "vpc"]
    if not inside or not (known or _chance(draw, 3, 4)):
        return
    subnets = draw(st.lists(st.sampled_from(inside), min_size=1, max_size=2, unique=True))
    passing = st.tuples(st.sampled_from(("pass", "drop")), firewall_rules).map(" ".join)
    any_way = st.tuples(st.sampled_from(("pass", "drop", "forward")), firewall_rules).filter(
        lambda words: "<>" not in words[1]  # stateless rules know one direction
    )
    estate.firewall(
        "fw",
        dict(zip(("fwe", "fwe-b"), subnets, strict=False)),
        *draw(st.lists(passing, max_size=2)),
        default=draw(st.sampled_from(("pass", "pass", "drop"))),
        stateless=draw(st.lists(any_way.map(" ".join), max_size=2)),
        stateless_default=draw(st.sampled_from(("forward", "forward", "forward", "pass", "drop"))),
        strict=draw(st.booleans()),
    )
