"""Which route of a table decides is one answer, and the packet walk gives the same on its own."""

from ipaddress import ip_address, ip_network

from hypothesis import given
from hypothesis import strategies as st

from bulkhead.explain.walk.routes import route_for
from bulkhead.network import Route, RouteTable, TargetKind
from bulkhead.network.routing import REPLACES_LOCAL, is_asked, preferred

BLOCKS = (ip_network("10.0.0.0/16"), ip_network("2001:db8::/56"))
routes = st.builds(
    Route,
    destination=st.sampled_from(
        [
            *BLOCKS,
            *map(ip_network, ("0.0.0.0/0", "10.0.0.0/8", "10.0.1.0/24", "192.168.0.0/16", "::/0")),
        ]
    ),
    target=st.sampled_from(TargetKind),
    target_id=st.sampled_from(("one", "two")),
    propagated=st.booleans(),
    blackhole=st.booleans(),
    prefix_list=st.sampled_from((None, None, "pl-1")),
)
addresses = st.sampled_from(
    [
        *map(
            ip_address,
            ("10.0.0.1", "10.0.1.1", "10.1.0.1", "192.168.0.1", "8.8.8.8", "2001:db8::1"),
        )
    ]
)


def decides(routes, address):
    """The route for an address by this room's words; None for the local one, and for none."""
    blocks = [each for each in BLOCKS if address in each]
    own = max((each.prefixlen for each in blocks), default=0)
    asked = [each for each in routes if is_asked(each, BLOCKS) and address in each.destination]
    longest = max((each.destination.prefixlen for each in asked), default=-1)
    if longest < own:
        return None
    return preferred(each for each in asked if each.destination.prefixlen == longest)


@given(st.lists(routes, max_size=6, unique=True), addresses)
def test_the_walk_chooses_the_same_route(written, address):
    table = RouteTable(id="t", name="t", vpc="v", routes=tuple(written))
    walked = route_for(table, BLOCKS, address)
    chosen = decides(written, address)
    if chosen is None:
        assert walked is None or walked.is_local
    else:
        assert walked == chosen


def route(destination, target, **more):
    return Route(destination=ip_network(destination), target=target, target_id="x", **more)


def test_a_blackhole_of_the_vpcs_own_block_is_asked_like_its_target():
    for kind in TargetKind:
        hole = route("10.0.0.0/16", kind, blackhole=True)
        assert is_asked(hole, BLOCKS) is (kind in REPLACES_LOCAL)


def test_a_local_route_that_is_a_blackhole_delivers_nowhere():
    assert route("10.0.1.0/24", TargetKind.LOCAL).is_local
    assert not route("10.0.1.0/24", TargetKind.LOCAL, blackhole=True).is_local
