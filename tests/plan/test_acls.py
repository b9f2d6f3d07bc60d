from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.network import LINUX_PORTS, TCP, WINDOWS_PORTS, Direction, PortRange
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

PORT, AMONG = PortRange(5556, 5556), PortRange(40000, 40000)
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
    at_client, at_server = (
        client_needs(TCP, PORT, THERE, LINUX_PORTS),
        server_needs(TCP, PORT, HERE, LINUX_PORTS),
    )
    assert [(each.direction, str(each.ports)) for each in at_client] == [
        (Direction.EGRESS, "5556"),
        (Direction.INGRESS, "32768-60999"),
    ]
    assert [(each.direction, str(each.ports)) for each in at_server] == [
        (Direction.INGRESS, "5556"),
        (Direction.EGRESS, "32768-60999"),
    ]


def test_a_reply_goes_to_the_ports_of_the_client_at_hand():
    windows = [*server_needs(TCP, PORT, THERE, WINDOWS_PORTS)]
    both = [*windows, *server_needs(TCP, PORT, THERE, LINUX_PORTS)]
    for needs, said in ((windows, "49152-65535"), (both, "32768-65535")):
        entries, _ = numbered("web", needs, Lock(topology="shop", first=True))
        (reply,) = [each for each in entries if each.direction is Direction.EGRESS]
        assert str(reply.ports) == said


def test_neighbouring_ports_share_one_entry():
    needs = [
        *client_needs(TCP, PORT, THERE, LINUX_PORTS),
        *client_needs(TCP, PortRange(5557, 5557), THERE, LINUX_PORTS),
    ]
    entries, _ = numbered("web", needs, Lock(topology="shop", first=True))
    assert [str(each) for each in entries] == [
        "egress 100: allow tcp 5556-5557 to 10.20.4.0/22",
        "ingress 16000: allow tcp 32768-60999 from 10.20.4.0/22",
    ]


def test_a_changed_entry_gets_a_number_that_the_old_one_does_not_hold():
    lock = Lock(topology="shop", first=True)
    before, remembered = numbered("web", client_needs(TCP, PORT, THERE, LINUX_PORTS), lock)
    after, _ = numbered(
        "web",
        client_needs(TCP, PortRange(6000, 6000), THERE, LINUX_PORTS),
        Lock(topology="shop", acl_rules=remembered),
    )
    old = {(each.direction, each.number): each for each in before}
    for entry in after:
        standing = old.get((entry.direction, entry.number))
        assert standing is None or standing == entry


def test_the_reply_band_never_meets_the_request_band_or_the_implicit_deny():
    assert BANDS["request"] + STEP * (BAND_SIZE - 1) < BANDS["reply"]
    assert BANDS["reply"] + STEP * (BAND_SIZE - 1) < 32767


def both_ways(port):
    """A unit that connects to another one, and that the other one connects to, on one port."""
    return [
        *client_needs(TCP, PortRange(port, port), THERE, LINUX_PORTS),
        *server_needs(TCP, PortRange(port, port), THERE, LINUX_PORTS),
    ]


@pytest.mark.parametrize("port", [32768, 40000, 60999])
def test_a_declared_port_among_the_client_ports_needs_no_entry_beside_the_replies(port):
    entries, _ = numbered("web", both_ways(port), Lock(topology="shop", first=True))
    assert [str(each) for each in entries] == [
        "egress 16000: allow tcp 32768-60999 to 10.20.4.0/22",
        "ingress 16000: allow tcp 32768-60999 from 10.20.4.0/22",
    ]


@pytest.mark.parametrize("port", [32767, 61000])
def test_a_port_beside_the_client_ports_needs_its_own_entry(port):
    entries, _ = numbered("web", both_ways(port), Lock(topology="shop", first=True))
    assert [each.number for each in entries] == [100, 16000, 100, 16000]


def test_a_range_that_reaches_out_of_the_client_ports_stays_whole():
    needs = [*both_ways(32767), *both_ways(32768)]
    entries, _ = numbered("web", needs, Lock(topology="shop", first=True))
    assert [str(each.ports) for each in entries] == ["32767-32768", "32768-60999"] * 2


@pytest.mark.parametrize("other", [HERE, THERE])
def test_replies_of_others_let_no_request_pass(other):
    needs = [
        *server_needs(TCP, AMONG, THERE, LINUX_PORTS),
        *client_needs(TCP, PORT, other, LINUX_PORTS),
    ]
    entries, _ = numbered("web", needs, Lock(topology="shop", first=True))
    asked = [each for each in entries if str(each.ports) == "40000"]
    assert len(asked) == (0 if other == THERE else 1)


def test_the_lock_remembers_the_number_of_an_entry_that_is_left_out():
    lock = Lock(topology="shop", first=True)
    alone, before = numbered("web", server_needs(TCP, AMONG, THERE, LINUX_PORTS), lock)
    _, beside = numbered("web", both_ways(40000), Lock(topology="shop", acl_rules=before))
    again, after = numbered(
        "web",
        server_needs(TCP, AMONG, THERE, LINUX_PORTS),
        Lock(topology="shop", acl_rules=beside),
    )
    assert again == alone
    assert after["web/ingress/request"] == before["web/ingress/request"]
