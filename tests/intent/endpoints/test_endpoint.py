"""Endpoints: what is accepted means to libzmq what it says, and nothing else is accepted."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bulkhead.intent import parse_bind, parse_connect
from bulkhead.intent.endpoints import port_libzmq_binds
from bulkhead.intent.wrong import Wrong
from tests.support.examples import examples

PORTS = st.integers(1, 65535).map(str)
RANGES = st.tuples(st.integers(1, 65535), st.integers(1, 65535)).map(sorted)
SEVERAL = st.one_of(
    PORTS,
    RANGES.filter(lambda both: both[0] < both[1]).map(lambda both: f"{both[0]}-{both[1]}"),
    RANGES.map(lambda both: f"![{both[0]}-{both[1]}]"),
)
NAMED = st.from_regex(r"[a-z][a-z0-9_-]{0,10}(\.[1-9][0-9]{0,2})?", fullmatch=True)
IPV4 = st.one_of(
    st.ip_addresses(v=4, network="10.0.0.0/8").map(str),
    st.ip_addresses(v=4, network="127.0.0.0/8").map(str),
)
IPV6 = st.ip_addresses(v=6, network="2001:db8::/32").map("[{}]".format)
GROUPS = st.ip_addresses(v=4, network="239.0.0.0/8").map(str)
INTERFACES = st.one_of(st.sampled_from(["*", "0.0.0.0", "[::]", "[::1]"]), IPV4, IPV6, NAMED)
BOUND_NAMES = NAMED.filter(lambda name: name != "localhost")
WEB = st.one_of(st.sampled_from(["*", "0.0.0.0"]), IPV4, IPV6, BOUND_NAMES)
URL_PATHS = st.from_regex(r"(/[a-z0-9._~%-]{0,12}){0,3}", fullmatch=True)
PATHS = st.from_regex(r"[/@]?[a-z0-9._/-]{0,60}[a-z0-9]", fullmatch=True)
NAMES = st.text(string.printable.strip(), min_size=1, max_size=40)
THROUGH = st.one_of(st.just(""), IPV4.map("{};".format), NAMED.map("{};".format))
TEXTS = st.one_of(
    st.builds("tcp://{}:{}".format, INTERFACES, SEVERAL),
    st.builds("{}://{}:{}{}".format, st.sampled_from(["ws", "wss"]), WEB, PORTS, URL_PATHS),
    st.builds("udp://{}{}:{}".format, THROUGH, GROUPS, PORTS),
    st.builds("udp://{}:{}".format, INTERFACES, PORTS),
    st.builds("{}://{};{}:{}".format, st.sampled_from(["pgm", "epgm"]), IPV4, GROUPS, PORTS),
    st.builds("norm://{}{}{}:{}".format, st.sampled_from(["", "7,"]), THROUGH, GROUPS, PORTS),
    st.builds("tipc://{{{},0,{}}}".format, st.integers(65, 2**32 - 1), st.integers(0, 2**32 - 1)),
    st.builds("vsock://{}:{}".format, st.sampled_from(["3", "@", "*"]), PORTS),
    PATHS.map("ipc://{}".format),
    NAMES.map("inproc://{}".format),
)
SCHEMES = "tcp|ws|udp|epgm|norm|ipc|inproc|tipc|vsock|[a-zA-Z]*"


@given(TEXTS)
def test_an_endpoint_that_is_accepted_reads_as_it_was_written(text: str) -> None:
    endpoint = parse_bind(text)
    assert endpoint.text == str(endpoint) == text
    assert parse_bind(endpoint.text) == endpoint


@given(st.one_of(st.text(), st.from_regex(rf"({SCHEMES})://.*", fullmatch=True)))
def test_whatever_is_accepted_round_trips_and_whatever_is_not_has_a_remedy(text: str) -> None:
    for parse in (parse_bind, parse_connect):
        try:
            endpoint = parse(text)
        except Wrong as wrong:
            assert wrong.what.isprintable()
            assert wrong.remedy.isprintable()
        else:
            assert parse(endpoint.text) == endpoint


@given(st.text("0123456789*-+.eExab[]! \t;", max_size=24))
@example("70001")
@example("65536")
@example("0005556")
@example(" 5556")
@example("+5556")
@example("99999999999999999999")
def test_a_port_is_accepted_only_if_libzmq_reads_the_same_number(port: str) -> None:
    try:
        endpoint = parse_bind(f"tcp://127.0.0.1:{port}")
    except Wrong:
        return
    if endpoint.ports and "-" not in port:
        assert endpoint.at == port
        assert endpoint.ports[0] == port_libzmq_binds(port)


@given(RANGES)
def test_a_range_is_accepted_only_from_the_first_port_to_the_last(both: list[int]) -> None:
    first, last = both
    assert parse_bind(f"tcp://*:{first}-{last}").ports == (first, last)
    if first < last:
        with pytest.raises(Wrong, match=re.escape(f'"tcp://*:{first}-{last}"')):
            parse_bind(f"tcp://*:{last}-{first}")


@given(st.integers(-(2**70), 2**70))
def test_of_all_numbers_exactly_the_ports_are_accepted(number: int) -> None:
    try:
        accepted = parse_bind(f"tcp://*:{number}").ports == (number, number)
    except Wrong:
        accepted = False
    assert accepted == (1 <= number <= 65535)


@examples(4)
@given(TEXTS, st.integers(0), st.characters(codec="utf-8") | st.sampled_from(":;,[]%@*!-/ "))
def test_one_more_character_is_refused_on_one_line_or_kept(
    text: str, where: int, extra: str
) -> None:
    where %= len(text) + 1
    changed = text[:where] + extra + text[where:]
    for parse in (parse_bind, parse_connect):
        try:
            kept = parse(changed)
        except Wrong as wrong:
            assert f"{wrong}".isprintable()
            assert len(f"{wrong}") < 500
        else:
            assert parse(kept.text) == kept
            assert all(f"{each.what}{each.remedy}".isprintable() for each in kept.warnings)


@pytest.mark.parametrize(
    ("text", "loopback", "on_network"),
    [
        ("tcp://[::]:5556", False, True),
        ("tcp://*:5556", False, True),
        ("tcp://0.0.0.0:5556", False, True),
        ("tcp://eth0:5556", False, True),
        ("ws://eth0:5556/lo", False, True),
        ("tcp://lo:5556", True, False),
        ("tcp://localhost:5556", True, False),
        ("tcp://127.9.9.9:5556", True, False),
        ("tcp://[::1]:5556", True, False),
        ("tcp://[::ffff:127.0.0.1]:5556", True, False),
        ("udp://127.0.0.1:5556", True, False),
        ("udp://lo;239.1.1.1:5556", False, True),
        ("epgm://127.0.0.1;239.1.1.1:5556", False, True),
        ("norm://127.0.0.1:5556", False, True),
        ("ipc:///run/lo", False, False),
        ("inproc://localhost", False, False),
        ("vsock://3:5556", False, False),
        ("tipc://{5556,0,0}", False, False),
    ],
)
def test_on_the_network_is_what_other_hosts_can_send_packets_to(
    text: str, loopback: bool, on_network: bool
) -> None:
    endpoint = parse_bind(text)
    assert (endpoint.loopback, endpoint.on_network) == (loopback, on_network)


@pytest.mark.parametrize(
    ("text", "protocol", "literal", "group", "ipv6"),
    [
        ("tcp://*:5556", 6, None, None, False),
        ("tcp://0.0.0.0:5556", 6, None, None, False),
        ("tcp://10.0.0.5:5556", 6, "10.0.0.5", None, False),
        ("ws://10.0.0.5:80/feed", 6, "10.0.0.5", None, False),
        ("tcp://[::]:5556", 6, None, None, True),
        ("tcp://[2001:db8::7]:5556", 6, "2001:db8::7", None, True),
        ("tcp://[fe80::1%eth0]:5556", 6, "fe80::1%eth0", None, True),
        ("tcp://[::ffff:10.0.0.5]:5556", 6, "10.0.0.5", None, False),
        ("udp://239.1.1.1:5556", 17, None, "239.1.1.1", False),
        ("udp://eth0;[ff02::1]:5556", 17, None, "ff02::1", True),
        ("epgm://10.0.0.5;239.1.1.1:5556", 17, "10.0.0.5", "239.1.1.1", False),
        ("pgm://10.0.0.0/24;239.1.1.1:5556", 113, None, "239.1.1.1", False),
        ("norm://10.0.0.6:5556", 17, "10.0.0.6", None, False),
        ("vsock://3:5556", None, None, None, False),
        ("ipc:///run/10.0.0.5", None, None, None, False),
    ],
)
def test_an_endpoint_knows_its_protocol_its_address_and_its_group(
    text: str, protocol: int | None, literal: str | None, group: str | None, ipv6: bool
) -> None:
    found = parse_bind(text)
    known = [None if each is None else str(each) for each in (found.literal, found.group)]
    assert (found.protocol, *known, found.ipv6) == (protocol, literal, group, ipv6)


def test_multicast_and_norm_wait_everywhere_whatever_they_name() -> None:
    everywhere = [
        *("tcp://*:1", "tcp://0.0.0.0:1", "tcp://[::]:1", "ws://*:1", "udp://*:1"),
        *("udp://lo;239.1.1.1:1", "pgm://10.0.0.5;239.1.1.1:1", "norm://127.0.0.1:1"),
    ]
    somewhere = ["tcp://lo:1", "tcp://eth0:1", "tcp://10.0.0.5:1", "udp://10.0.0.5:1", "ipc://a"]
    assert [text for text in [*everywhere, *somewhere] if parse_bind(text).everywhere] == everywhere


@pytest.mark.parametrize(
    ("text", "ports", "at", "open_port"),
    [
        ("tcp://*:5556", (5556, 5556), "5556", False),
        ("tcp://*:51000-51999", (51000, 51999), "51000-51999", False),
        ("tcp://*:*[60000-]", (60000, 65535), "60000-65535", True),
        ("tcp://*:![-60000]", (49152, 60000), "49152-60000", True),
        ("tcp://lo:*", None, "", True),
        ("ipc:///run/a", None, "", False),
    ],
)
def test_ports_are_first_and_last_and_who_chooses_is_known(
    text: str, ports: tuple[int, int] | None, at: str, open_port: bool
) -> None:
    found = parse_bind(text)
    assert (found.ports, found.at, found.open_port) == (ports, at, open_port)


def test_an_endpoint_cannot_be_changed() -> None:
    endpoint = parse_bind("tcp://*:5556")
    with pytest.raises(ValueError, match="frozen"):
        endpoint.ports = (5557, 5557)  # type: ignore[misc]
