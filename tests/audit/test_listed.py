"""What a user lists as meant to be reached, read as it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.audit.checks.listed import left_over, listing, port_range
from bulkhead.network import ALL_PORTS, ANY_PROTOCOL, TCP, UDP, PortRange

ports = st.tuples(st.integers(0, 65_535), st.integers(0, 65_535)).map(
    lambda both: PortRange(min(both), max(both))
)


@pytest.mark.parametrize(
    ("text", "protocol", "span"),
    [
        ("tcp 443 from 0.0.0.0/0", TCP, PortRange(443, 443)),
        ("udp 53 - 54 from 198.51.100.0/24", UDP, PortRange(53, 54)),
        ("all from ::/0", ANY_PROTOCOL, ALL_PORTS),
        ("TCP from 198.51.100.7", TCP, ALL_PORTS),
    ],
)
def test_an_entry_says_protocol_ports_and_addresses(text, protocol, span):
    found = listing(text)
    assert (found.protocol, found.ports) == (protocol, span)


@pytest.mark.parametrize(
    "text", ["", "443", "tcp 443", "tcp 9-1 from 0.0.0.0/0", "zmq 1 from 0.0.0.0/0", "tcp from x"]
)
def test_what_cannot_be_read_is_one_sentence_with_the_form(text):
    with pytest.raises(ValueError, match=r"write it as 'tcp 443 from 0\.0\.0\.0/0'"):
        listing(text)


@pytest.mark.parametrize("text", ["", "x", "9-1", "70000", "1-2-3"])
def test_what_is_no_port_is_named(text):
    with pytest.raises(ValueError, match="no port and no range of ports"):
        port_range(text)


@given(ports, st.lists(ports, max_size=5), st.integers(0, 65_535))
def test_what_is_left_over_of_a_range_is_what_no_other_takes(whole, taken, port):
    left = any(port in each for each in left_over(whole, taken))
    assert left == (port in whole and not any(port in each for each in taken))
