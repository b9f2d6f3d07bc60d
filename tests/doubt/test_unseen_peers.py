"""What may come out of a VPC that nobody observed: four programs, each on its own, say the same."""

from hypothesis import given
from hypothesis import strategies as st

from tests.doubt.test_doubt import agree as opinions_agree
from tests.doubt.test_second_opinions import agree as the_walk_agrees
from tests.support.estate import ANYWHERE, Estate
from tests.support.examples import examples

PEERS = ("10.5.0.0/16", "10.5.1.0/24", "10.6.0.0/16", "0.0.0.0/0", "sg-gone", "one", "two")
ROUTES = (
    "10.5.0.0/16 pcx",
    "10.5.1.0/24 pcx-far",
    "10.5.2.0/24 odd",
    "10.6.0.0/16 nat",
    "10.6.1.0/24 pcx",
)
WAYS = ("in tcp 443", "in all", "out tcp 443", "out udp 53", "out all")


@st.composite
def beside_the_unseen(draw):
    """Two subnets, a private NAT gateway, and two peers of which only the blocks are known."""
    estate = Estate()
    every_route = st.lists(st.sampled_from(ROUTES), unique=True)
    estate.table("table-a", *draw(every_route))
    estate.table("table-b", *(each for each in draw(every_route) if not each.endswith("nat")))
    entries = [
        f"{way} 100 {draw(st.sampled_from(('allow', 'deny')))} all 10.5.0.0/16"
        for way in ("in", "out")
    ]
    estate.acl("acl", *entries, "in 200 allow all 0.0.0.0/0", "out 200 allow all 0.0.0.0/0")
    estate.subnet("a", "10.0.1.0/24", table="table-a", acl="acl")
    estate.subnet("b", "10.0.2.0/24", table="table-b")
    for name in ("one", "two"):
        rules = draw(st.lists(st.tuples(st.sampled_from(WAYS), st.sampled_from(PEERS)), max_size=3))
        estate.group(name, *map(" ".join, rules))
    estate.host("h", "a", "10.0.1.10", "one")
    estate.host("k", "b", "10.0.2.10", "one", "two")
    estate.nat("nat", "b", "10.0.2.20", others=draw(st.sampled_from(((), ("10.0.2.21",)))))
    active = st.sampled_from((True, True, False))
    regions = st.sampled_from(("eu-west-1", "us-east-1"))
    estate.pcx("pcx", "vpc", "gone", draw(active), "10.5.0.0/16 10.6.0.0/16", draw(regions))
    estate.pcx("pcx-far", "lost", "vpc", draw(active), "10.5.0.0/17", draw(regions))
    for scope in draw(st.lists(st.sampled_from(("pcx", "one", "acl", "k")), max_size=1)):
        estate.unmodelled(scope)
    return estate.build()


@examples(1 / 4, shrink=False)
@given(beside_the_unseen())
def test_all_opinions_agree_on_what_an_unseen_peer_may_do(network):
    opinions_agree(network)
    the_walk_agrees(network)


def test_they_agree_where_everything_is_open_to_it():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("any", *ANYWHERE)
    estate.host("h", "a", "10.0.1.10", "any")
    estate.pcx("pcx", "vpc", "gone", cidrs="10.5.0.0/16")
    opinions_agree(estate.build())
    the_walk_agrees(estate.build())
