from ipaddress import IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from bulkhead.network import TCP, Direction, PortRange
from bulkhead.plan.acls import (
    BAND_SIZE,
    BANDS,
    STEP,
    Need,
    client_needs,
    merged,
    numbered,
    server_needs,
)
from bulkhead.plan.lock import Lock

HERE = IPv4Network("10.20.0.0/22")
THERE = IPv4Network("10.20.4.0/22")

NEEDS = st.lists(
    st.builds(
        lambda band, direction, port, cidr: Need(band, direction, TCP, PortRange(port, port), cidr),
        st.sampled_from(["request", "reply"]),
        st.sampled_from(list(Direction)),
        st.integers(5550, 5570),
        st.sampled_from([HERE, THERE]),
    )
)


def packets(needs):
    return {
        (need.direction, need.protocol, port, need.cidr)
        for need in needs
        for port in range(need.ports.first, need.ports.last + 1)
    }


@given(NEEDS)
def test_merging_changes_no_packet(needs):
    assert packets(merged(needs)) == packets(needs)


@given(NEEDS)
def test_no_two_merged_needs_could_be_one(needs):
    every = merged(needs)
    for one in every:
        for other in every:
            together = (one.band, one.direction, one.cidr) == (
                other.band,
                other.direction,
                other.cidr,
            )
            if one is not other and together:
                assert one.ports.last + 1 < other.ports.first or (
                    other.ports.last + 1 < one.ports.first
                )


def test_a_flow_needs_a_request_and_a_reply_entry_at_each_end():
    at_client, at_server = client_needs(TCP, 5556, THERE), server_needs(TCP, 5556, HERE)
    assert [(each.direction, str(each.ports)) for each in at_client] == [
        (Direction.EGRESS, "5556"),
        (Direction.INGRESS, "32768-60999"),
    ]
    assert [(each.direction, str(each.ports)) for each in at_server] == [
        (Direction.INGRESS, "5556"),
        (Direction.EGRESS, "32768-60999"),
    ]


def test_neighbouring_ports_share_one_entry():
    needs = [*client_needs(TCP, 5556, THERE), *client_needs(TCP, 5557, THERE)]
    entries, _ = numbered("web", needs, Lock(topology="shop"))
    assert [str(each) for each in entries] == [
        "egress 100: allow tcp 5556-5557 to 10.20.4.0/22",
        "ingress 16000: allow tcp 32768-60999 from 10.20.4.0/22",
    ]


def test_a_changed_entry_gets_a_number_that_the_old_one_does_not_hold():
    lock = Lock(topology="shop")
    before, remembered = numbered("web", client_needs(TCP, 5556, THERE), lock)
    after, _ = numbered(
        "web", client_needs(TCP, 6000, THERE), Lock(topology="shop", acl_rules=remembered)
    )
    old = {(each.direction, each.number): each for each in before}
    for entry in after:
        standing = old.get((entry.direction, entry.number))
        assert standing is None or standing == entry


def test_the_reply_band_never_meets_the_request_band_or_the_implicit_deny():
    assert BANDS["request"] + STEP * (BAND_SIZE - 1) < BANDS["reply"]
    assert BANDS["reply"] + STEP * (BAND_SIZE - 1) < 32767
