"""What comes out of tunnels and goes into them, where sites say less than they send."""

from hypothesis import given
from hypothesis import strategies as st

from bulkhead.doubt.bdd import ask_bdds
from bulkhead.doubt.proved import claims_of
from bulkhead.doubt.smt import ask_z3
from bulkhead.prove import prove
from tests.doubt.test_second_opinions import agree as walk_agrees
from tests.support.estate import ANYWHERE, Estate
from tests.support.examples import examples

ROUTES = (
    *(
        "192.168.0.0/16 vgw",
        "192.168.0.0/16 tgw",
        "0.0.0.0/0 vgw",
        "0.0.0.0/0 tgw",
        "0.0.0.0/0 igw",
    ),
    *("0.0.0.0/0 vgw propagated uncertain", "203.0.113.0/24 vgw propagated", "10.1.0.0/16 tgw"),
    *("0.0.0.0/0 nat", "203.0.113.0/24 tgw", "10.0.0.0/16 tgw", "::/0 tgw"),
)
LEARNED = (
    *("0.0.0.0/0 att-depot propagated uncertain", "0.0.0.0/0 att-plant propagated uncertain"),
    *("203.0.113.0/24 att-depot propagated", "10.9.0.0/16 blackhole", "192.168.7.0/24 att-depot"),
    *("10.9.0.1/32 blackhole", "::/0 att-depot propagated uncertain", "0.0.0.0/0 att-vpc"),
)
RULES = (
    *("in all 0.0.0.0/0", "in udp 80 0.0.0.0/0", "in tcp 80 192.168.0.0/16", "in all ::/0"),
    "in all absent",
)


@st.composite
def tunnelled(draw):
    """Two VPCs, a VPN gateway and a transit gateway, two sites: each says more, less or nothing."""
    estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56" if draw(st.booleans()) else "10.0.0.0/16")
    estate.vpc("east", "10.1.0.0/16")
    six = len(estate.parts["vpcs"][0].cidrs) > 1
    estate.acl("most", "in 9 deny udp 80 8.8.8.8/32", "in 10 allow all 0.0.0.0/0")
    estate.acl(
        "wide", *("in 1 allow all 0.0.0.0/0", "out 1 allow all 0.0.0.0/0", "in 2 allow all ::/0")
    )
    routes = st.lists(st.sampled_from(ROUTES), max_size=3, unique_by=lambda text: text.split()[0])
    estate.table("table-a", *draw(routes))
    by_transit = [each for each in draw(routes) if "tgw" in each]
    estate.table("table-e", *by_transit, vpc="east")
    block = "10.0.0.0/24 2a05:d018:1:1::/64" if six else "10.0.0.0/24"
    estate.subnet("a", block, table="table-a", acl=draw(st.sampled_from(("wide", "wide", "most"))))
    estate.subnet("e", "10.1.0.0/24", table="table-e", acl="wide", vpc="east")
    estate.group("web", draw(st.sampled_from(RULES)), *ANYWHERE[1::2])
    address = "10.0.0.10 2a05:d018:1:1::10" if six else "10.0.0.10"
    estate.host("a1", "a", address, "web", public=draw(st.sampled_from((None, "198.51.100.9"))))
    estate.nat("nat", "a", "10.0.0.20", public="198.51.100.10")
    if draw(st.booleans()):
        estate.igw()
    estate.vgw()
    estate.tgw()
    for name, cidr in (("plant", "192.168.0.0/17"), ("depot", "192.168.128.0/17")):
        estate.site(
            name,
            *draw(st.sampled_from(((), (cidr,)))),
            gateway=draw(st.sampled_from(("vgw", ""))),
            available=draw(st.sampled_from((True, True, False))),
            learns=draw(st.booleans()),
            version=draw(st.sampled_from((None, 4, 6))),
        )
    estate.attach("att-vpc", "vpc", "a", table="hub")
    estate.attach("att-east", "east", "e", table="hub")
    for each in estate.parts["vpn_connections"]:
        if not each.vpn_gateway:
            up = draw(st.sampled_from((True, True, False)))
            name = each.id.replace("vpn", "att")
            estate.attach(name, each.id, kind="vpn", table="hub", available=up)
    known = ["10.0.0.0/16 att-vpc propagated", "10.1.0.0/16 att-east propagated"]
    estate.tgw_table(
        "hub", *known, *draw(st.lists(st.sampled_from(LEARNED), max_size=3, unique=True))
    )
    if not draw(st.integers(0, 5)):
        estate.attach("att-odd", "direct-connect", kind="other", table="hub")
    if not draw(st.integers(0, 5)):
        estate.unmodelled(draw(st.sampled_from(("vpn-plant", "plant", "cgw-depot", "vgw", "a1"))))
    return estate.build()


@examples(1 / 2)
@given(tunnelled())
def test_the_walk_agrees_on_what_comes_out_of_tunnels_and_goes_into_them(network):
    walk_agrees(network)


@examples(1 / 4, shrink=False)
@given(tunnelled())
def test_both_opinions_agree_on_what_comes_out_of_tunnels_and_goes_into_them(network):
    for claims in claims_of(prove(network)):
        for ask in (ask_bdds, ask_z3):
            assert not ask(network, claims, limit=1).contradictions
