"""Of a subnet's block AWS keeps four addresses and the last; a host may have any other."""

from ipaddress import IPv4Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.network import assignable, kept_by_aws, within


@pytest.mark.parametrize("length", range(16, 33))
def test_an_address_of_a_block_is_kept_or_can_be_assigned(length):
    block = ip_network(f"10.0.0.0/{length}")
    kept = {int(each) for each in kept_by_aws(block)}
    usable = set(assignable(block))
    assert not kept & usable
    assert kept | usable == set(range(int(block[0]), int(block[-1]) + 1))
    assert len(kept) == min(5, block.num_addresses)
    assert IPv4Address("10.0.0.3") in kept_by_aws(block) or length > 30


def test_of_ipv6_too_the_first_four_and_the_last_are_kept():
    block = ip_network("2001:db8::/64")
    assert {str(each) for each in kept_by_aws(block)} == {
        *("2001:db8::", "2001:db8::1", "2001:db8::2", "2001:db8::3"),
        "2001:db8::ffff:ffff:ffff:ffff",
    }


networks = st.one_of(
    st.builds(
        lambda number, length: ip_network((number, length), strict=False),
        st.sampled_from((0x0A000000, 0x0A000100, 0x0A010000)),
        st.integers(0, 32),
    ),
    st.sampled_from(list(map(ip_network, ("::/0", "2001:db8::/32", "2001:db8::/64", "::/104")))),
)


@given(networks, networks)
def test_a_network_is_within_another_of_its_family_if_both_its_ends_are(inner, outer):
    assert within(inner, outer) == (inner[0] in outer and inner[-1] in outer)
