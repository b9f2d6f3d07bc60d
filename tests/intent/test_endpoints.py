"""Endpoints: what is accepted means to libzmq what it says, and nothing else is accepted."""

from __future__ import annotations

import re
import string

import pytest
import zmq
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bulkhead.intent import ZmqEndpoint, parse_endpoint
from bulkhead.intent.endpoints import port_libzmq_binds
from bulkhead.intent.wrong import Wrong

PORTS = st.integers(1, 65535)
INTERFACES = st.one_of(
    st.just("*"),
    st.just("0.0.0.0"),
    st.ip_addresses(v=4, network="10.0.0.0/8").map(str),
    st.ip_addresses(v=4, network="127.0.0.0/8").map(str),
    st.from_regex(r"[a-z][a-z0-9_-]{0,14}", fullmatch=True),
)
PATHS = st.from_regex(r"[/@][a-z0-9._/-]{0,60}[a-z0-9]", fullmatch=True)
NAMES = st.text(string.printable.strip(), min_size=1, max_size=40)
TEXTS = st.one_of(
    st.builds("tcp://{}:{}".format, INTERFACES, PORTS),
    st.builds("tcp://{}:{}-{}".format, INTERFACES, st.integers(1, 999), st.integers(1000, 65535)),
    PATHS.map("ipc://{}".format),
    NAMES.map("inproc://{}".format),
)


@given(TEXTS)
def test_an_endpoint_that_is_accepted_reads_as_it_was_written(text: str) -> None:
    endpoint = parse_endpoint(text)
    assert endpoint.text == str(endpoint) == text
    assert parse_endpoint(endpoint.text) == endpoint


@given(st.one_of(st.text(), st.from_regex(r"(tcp|ipc|inproc|[a-zA-Z]*)://.*", fullmatch=True)))
def test_whatever_is_accepted_round_trips_and_whatever_is_not_has_a_remedy(text: str) -> None:
    try:
        endpoint = parse_endpoint(text)
    except Wrong as wrong:
        assert wrong.what.isprintable()
        assert wrong.remedy
    else:
        assert endpoint.text == text or _one_port_as_a_range(text) == endpoint.text


@given(st.text("0123456789*-+.eExab[]! \t;", max_size=24))
@example("70001")
@example("65536")
@example("0005556")
@example(" 5556")
@example("+5556")
@example("99999999999999999999")
def test_a_port_is_accepted_only_if_libzmq_reads_the_same_number(port: str) -> None:
    try:
        endpoint = parse_endpoint(f"tcp://127.0.0.1:{port}")
    except Wrong:
        return
    assume("-" not in port)  # A range is of this language: no program passes it to libzmq.
    assert endpoint.ports == (port_libzmq_binds(port),) * 2
    assert endpoint.at == port


def _one_port_as_a_range(text: str) -> str:
    """'tcp://*:5556-5556' without its end."""
    return re.sub(r":([0-9]+)-\1\Z", r":\1", text)


@given(st.integers(1, 65535), st.integers(1, 65535))
def test_a_range_is_accepted_only_from_the_first_port_to_the_last(one: int, other: int) -> None:
    first, last = sorted((one, other))
    assert parse_endpoint(f"tcp://*:{first}-{last}").ports == (first, last)
    if first < last:
        with pytest.raises(Wrong, match=re.escape(f'"tcp://*:{first}-{last}"')):
            parse_endpoint(f"tcp://*:{last}-{first}")


@given(st.integers(-(2**70), 2**70))
def test_of_all_numbers_exactly_the_ports_are_accepted(number: int) -> None:
    try:
        accepted = parse_endpoint(f"tcp://*:{number}").ports == (number, number)
    except Wrong:
        accepted = False
    assert accepted == (1 <= number <= 65535)


@given(TEXTS, st.integers(0), st.characters(codec="utf-8"))
def test_one_more_character_is_refused_or_kept(text: str, where: int, extra: str) -> None:
    where %= len(text) + 1
    changed = text[:where] + extra + text[where:]
    try:
        assert parse_endpoint(changed).text in (changed, _one_port_as_a_range(changed))
    except Wrong:
        assume(True)


# The texts with which libzmq goes wrong, or that show how it reads; each is
# bound by the real libzmq on a loopback address of its own.
@pytest.mark.parametrize(
    "port",
    [
        "70001",
        "-20000",
        "45557abc",
        "45558 ",
        " 45559",
        "+45560",
        "0045561",
        "4294997296",
        "-99999999999999999999",
        "65536",
        "00",
        "http",
        "",
        "0x1F90",
    ],
)
def test_the_port_named_in_a_complaint_is_the_one_libzmq_binds(port: str) -> None:
    with zmq.Context() as context, context.socket(zmq.PULL) as socket:
        try:
            socket.bind(f"tcp://127.0.77.1:{port}")
        except zmq.ZMQError as error:
            assert error.errno == zmq.EINVAL
            bound = None
        else:
            last = socket.getsockopt_string(zmq.LAST_ENDPOINT)
            bound = int(last.rpartition(":")[2])
    assert port_libzmq_binds(port) == bound
    with pytest.raises(Wrong, match=re.escape("refuse it" if bound is None else f"bind {bound}")):
        parse_endpoint(f"tcp://127.0.77.1:{port}")


@pytest.mark.parametrize(
    ("text", "loopback", "on_network"),
    [
        ("tcp://*:5556", False, True),
        ("tcp://0.0.0.0:5556", False, True),
        ("tcp://eth0:5556", False, True),
        ("tcp://lo:5556", True, False),
        ("tcp://localhost:5556", True, False),
        ("tcp://127.9.9.9:5556", True, False),
        ("ipc:///run/lo", False, False),
        ("inproc://localhost", False, False),
    ],
)
def test_only_tcp_off_loopback_is_on_the_network(
    text: str, loopback: bool, on_network: bool
) -> None:
    endpoint = parse_endpoint(text)
    assert (endpoint.loopback, endpoint.on_network) == (loopback, on_network)


def test_an_endpoint_cannot_be_changed() -> None:
    endpoint = ZmqEndpoint(transport="tcp", address="*", ports=(5556, 5556))
    with pytest.raises(ValueError, match="frozen"):
        endpoint.ports = (5557, 5557)  # type: ignore[misc]
