"""Held against the real libzmq, on loopback: what we accept it takes literally, and where we say
that it does something else, it does that.

Nothing here asks DNS: a string whose host is neither loopback nor a name of it is passed over.
Types of udp are draft types, which the wheel of pyzmq has without their names.
"""

from __future__ import annotations

import errno
import os
import re
import socket
import time
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import zmq
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bulkhead.intent import ZmqEndpoint, parse_bind, parse_connect
from bulkhead.intent.endpoints.ports import is_port
from bulkhead.intent.wrong import Wrong
from tests.support.examples import ONE_FOLDER, examples

RADIO, DISH = 14, 15  # include/zmq_draft.h
# An address of this process's own: ports of others, and of this test elsewhere, are free on it.
HERE = "127.78.{}.{}".format(*divmod(os.getpid() % 65535 + 1, 256))
ZMQ_BINDS = re.compile(r"libzmq would (?:bind|connect to|send to) ([0-9]+)")
REFUSES = ("libzmq would refuse it", "libzmq refuses it")
PARSED_ALL_THE_SAME = (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL)


@pytest.fixture(scope="module")
def context() -> Iterator[zmq.Context[zmq.Socket[bytes]]]:
    with zmq.Context() as made:
        made.linger = 0
        yield made


Context = zmq.Context[zmq.Socket[bytes]]


def does(context: Context, side: str, text: str, kind: int = zmq.PULL) -> str | int:
    """What libzmq does with a string: its LAST_ENDPOINT, or the errno of the refusal."""
    with context.socket(kind) as made:
        made.ipv6 = "[" in text or "::" in text
        try:
            getattr(made, side)(text)
        except zmq.ZMQError as error:
            assert error.errno is not None
            return error.errno
        return made.getsockopt_string(zmq.LAST_ENDPOINT)


def said(parse: Callable[[object], ZmqEndpoint], text: str) -> ZmqEndpoint | Wrong:
    try:
        return parse(text)
    except Wrong as wrong:
        return wrong


def stays_here(host: str) -> bool:
    """Whether looking up a host asks nobody, and binding or connecting to it reaches nobody."""
    if host in ("", "lo", "localhost", "[::1]", "::1", "[lo]", "[]"):
        return True
    try:
        return IPv4Address(socket.inet_aton(host.strip("[]"))).is_loopback
    except (OSError, ValueError):
        return False


HOSTS = st.sampled_from(
    [HERE, HERE, "lo", "localhost", "127.1", "[::1]", "::1", "[lo]", "", "0x7f.1", f"[{HERE}]"]
)
NUMBERS = st.integers(20000, 65535)
ODD_PORTS = st.one_of(
    st.integers(-(2**65), 2**65).map(str),
    st.integers(65536, 140000).map(str),
    st.sampled_from(["*", "0", "!", "00", "", "http", "1e3", "*[60000-]", "![55000-55999]"]),
    st.builds("{}{}".format, NUMBERS, st.sampled_from("x -/;,.%]+e") | st.characters()),
    st.builds("{}{}".format, st.sampled_from(["0", " ", "+", "-", "0x", "*"]), NUMBERS),
    st.builds("{}-{}".format, NUMBERS, NUMBERS),
)
PORTS = st.one_of(NUMBERS.map(str), ODD_PORTS)
TCP = st.builds("tcp://{}:{}".format, HOSTS, PORTS)


@st.composite
def mutated(draw: st.DrawFn, strings: st.SearchStrategy[str]) -> str:
    """A string with one character more, less, or twice."""
    text = draw(strings)
    at = draw(st.integers(0, len(text)))
    return draw(
        st.sampled_from(
            [
                text,
                text[:at] + text[at + 1 :],
                text[:at] + text[at : at + 1] + text[at:],
                text[:at] + draw(st.sampled_from("0:;[]@*! xX.-%/,")) + text[at:],
            ]
        )
    )


@examples(6)
@given(mutated(TCP))
@example(f"tcp://{HERE}:70001")
@example(f"tcp://{HERE}:-20000")
@example(f"tcp://{HERE}:45558 ")
@example(f"tcp://{HERE}: 45559")
@example(f"tcp://{HERE}:4294997296")
@example(f"tcp://{HERE}:-99999999999999999999")
@example(f"tcp://{HERE}:65536")
@example(f"tcp://{HERE}:45559/path")
@example(f"tcp://{HERE}:45559-45569")
@example("tcp://[fe80::1]:45560")
@example(f"tcp://lo:0;{HERE}:45561")
@example(f"tcp://lo;{HERE}:45562")
@example(f"tcp://lo:*;{HERE}:45563")
@example(f"tcp://;{HERE}:-1")
@example(f"tcp://lo:-1;{HERE}:-1")
@example(f"tcp://lo:0;lo:0;{HERE}:-1")
def test_a_tcp_string_binds_the_very_port_or_what_we_say(context: Context, text: str) -> None:
    assume("\0" not in text)
    scheme, _, rest = text.partition("://")
    sources = rest.split(";")
    assume(scheme != "tcp" or all(stays_here(each.rpartition(":")[0]) for each in sources))
    ours, theirs = said(parse_bind, text), does(context, "bind", text)
    bound = int(theirs.rpartition(":")[2]) if isinstance(theirs, str) else None
    if isinstance(ours, ZmqEndpoint):
        if (ours.choice and ours.ports) or ours.choice == "!":
            assert theirs == errno.EINVAL  # czmq's own
        elif ours.ports is None:
            assert bound or (ours.ipv6 and theirs == errno.EADDRNOTAVAIL)
        else:
            # A machine without IPv6 has no [::1].
            parsed = PARSED_ALL_THE_SAME if ours.ipv6 else PARSED_ALL_THE_SAME[:2]
            assert bound == ours.ports[0] or theirs in parsed
    elif (number := ZMQ_BINDS.search(ours.what)) is not None:
        assert bound == int(number[1]) or theirs in PARSED_ALL_THE_SAME
    elif any(each in ours.what for each in REFUSES):
        assert bound is None
    elif "libzmq would take 127" in ours.what:
        assert bound or theirs in PARSED_ALL_THE_SAME[:2] or not is_port(rest.rpartition(":")[2])


@examples(4)
@given(mutated(st.one_of(TCP, st.builds("tcp://{}:{};{}:{}".format, HOSTS, PORTS, HOSTS, PORTS))))
@example(f"tcp://{HERE}:45559/path")
@example(f"tcp://{HERE}:45559 ")
@example(f"tcp://*:0;{HERE}:45559")
@example(f"tcp://{HERE}:0")
@example("tcp://*:45559")
@example("tcp://:45559")
def test_a_tcp_string_connects_or_is_refused_at_once_as_we_say(context: Context, text: str) -> None:
    assume("\0" not in text)
    scheme, _, rest = text.partition("://")
    hosts = [each.rpartition(":")[0] for each in rest.split(";")]
    assume(scheme != "tcp" or all(stays_here(each) or each == "*" for each in hosts))
    ours, theirs = said(parse_connect, text), does(context, "connect", text)
    if isinstance(ours, ZmqEndpoint):
        assert theirs == text
    elif any(each in ours.what for each in REFUSES):
        assert isinstance(theirs, int)
    elif "takes it and never connects" in ours.what or ZMQ_BINDS.search(ours.what):
        assert theirs == text


@pytest.mark.parametrize(
    ("behind", "port"), [(":70001", 4465), (":45601x", 45601), (":45602-45609", 45602)]
)
def test_a_connect_to_no_port_goes_to_the_port_we_name(
    context: Context, behind: str, port: int
) -> None:
    with pytest.raises(Wrong, match=f"libzmq would connect to {port}"):
        parse_connect(f"tcp://{HERE}{behind}")
    assert _arrives_from(context, f"tcp://{HERE}{behind}", port)


def test_a_source_before_a_peer_is_where_the_connection_comes_from(context: Context) -> None:
    text = f"tcp://127.0.0.3:45603;{HERE}:45604"
    endpoint = parse_connect(text)
    assert (endpoint.source, endpoint.source_port) == ("127.0.0.3:45603", 45603)
    assert endpoint.ports == (45604, 45604)
    assert _arrives_from(context, text, 45604) == ("127.0.0.3", 45603)
    assert parse_connect(f"tcp://lo:0;{HERE}:45604").source_port is None


def _arrives_from(context: Context, text: str, port: int) -> tuple[str, int]:
    with socket.create_server((HERE, port)) as listener, context.socket(zmq.PUSH) as client:
        listener.settimeout(5)
        client.connect(text)
        accepted, peer = listener.accept()
        accepted.close()
        return peer[0], peer[1]


@pytest.mark.parametrize(
    ("kind", "side", "text", "outcome"),
    [
        (DISH, "bind", "udp://HERE:45611", 45611),
        (DISH, "bind", "udp://lo:45612", 45612),
        (DISH, "bind", "udp://HERE:70001", 4465),
        (DISH, "bind", "udp://lo;239.1.1.1:45613", 45613),
        (DISH, "bind", "udp://127.0.0.1;239.1.1.1:45614x", 45614),
        (DISH, "bind", "udp://localhost:45615", 45615),
        (DISH, "bind", "udp://HERE:http", errno.EINVAL),
        (DISH, "bind", "udp://lo;HERE:45616", errno.EINVAL),
        (DISH, "bind", "udp://239.1.1.1;239.1.1.1:45616", errno.EINVAL),
        (DISH, "bind", "udp://lo:1;239.1.1.1:45616", errno.ENODEV),
        (DISH, "connect", "udp://HERE:45617", zmq.ENOCOMPATPROTO),
        (RADIO, "bind", "udp://HERE:45617", zmq.ENOCOMPATPROTO),
        (RADIO, "connect", "udp://HERE:45617", None),
        (RADIO, "connect", "udp://lo;239.1.1.1:45617", None),
        (RADIO, "connect", "udp://HERE:0", None),
        (RADIO, "connect", "udp://HERE:*", errno.EINVAL),
        (RADIO, "connect", "udp://*:45617", errno.EINVAL),
        (RADIO, "connect", "udp://lo;HERE:45617", errno.EINVAL),
        (zmq.PUB, "bind", "udp://HERE:45617", zmq.ENOCOMPATPROTO),
    ],
)
def test_a_udp_string_opens_the_very_port_or_what_we_say(
    context: Context, kind: int, side: str, text: str, outcome: int | None
) -> None:
    text = text.replace("HERE", HERE)
    ours = said(parse_bind if side == "bind" else parse_connect, text)
    if (outcome is not None and outcome in errno.errorcode) or outcome == zmq.ENOCOMPATPROTO:
        assert does(context, side, text, kind) == outcome
        assert isinstance(ours, Wrong) or outcome == zmq.ENOCOMPATPROTO
        return
    with context.socket(kind) as made:
        getattr(made, side)(text)
        if outcome is None:
            assert isinstance(ours, ZmqEndpoint) or "sends to nobody" in ours.what
            return
        address = _opened(outcome)
    if isinstance(ours, Wrong):
        assert f"libzmq would bind {outcome};" in f"{ours}"
    else:
        assert ours.ports == (outcome, outcome)
        # A multicast socket takes what comes to its port at any address.
        assert (address == "0.0.0.0") == ours.on_network


def _opened(port: int) -> str:
    """The address at which a UDP port is opened: the engine does it in its own time."""
    ended = time.monotonic() + 5
    while time.monotonic() < ended:
        for line in Path("/proc/self/net/udp").read_text().splitlines()[1:]:
            address, _, at = line.split()[1].partition(":")
            if int(at, 16) == port:
                return str(IPv4Address(int(address, 16).to_bytes(4, "little")))
    raise AssertionError(f"nobody opened udp port {port}")


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=120)


@examples(3, ONE_FOLDER)
@given(NAMES.map(lambda name: name.replace("/", "-")), st.sampled_from(["@", "", "/"]))
@example("*", "")
@example("*.sock", "")
@example("a" * 107, "")
@example("a" * 108, "")
@example("a" * 106, "@")
@example("a" * 107, "@")
@example("..", "")
def test_an_ipc_string_binds_the_very_path(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, before: str
) -> None:
    monkeypatch.chdir(tmp_path)
    text = f"ipc://{tmp_path}/{name}" if before == "/" else f"ipc://{before}{name}"
    ours = said(parse_bind, text)
    theirs = does(context, "bind", text)
    if isinstance(ours, ZmqEndpoint):
        assert theirs in (text, errno.EADDRINUSE)
        assert does(context, "connect", text) == text
        assert bool(ours.warnings) == (not text[6:].startswith(("/", "@")))
    elif "bytes" in ours.what:
        assert theirs == errno.ENAMETOOLONG
        assert does(context, "connect", text) == errno.ENAMETOOLONG
    elif "lets libzmq choose" in ours.what:
        assert isinstance(theirs, str)
        assert theirs != text
    elif "directory" in ours.what:
        assert isinstance(theirs, int)


@examples(2)
@given(NAMES)
def test_an_inproc_string_binds_the_very_name(context: Context, name: str) -> None:
    if isinstance(said(parse_bind, f"inproc://{name}"), ZmqEndpoint):
        assert does(context, "bind", f"inproc://{name}") == f"inproc://{name}"


@pytest.mark.parametrize("scheme", ["TCP", "Tcp", "unix", "http", "hvsocket", "tcp6", ""])
def test_a_transport_that_we_do_not_know_libzmq_does_not(context: Context, scheme: str) -> None:
    text = f"{scheme}://{HERE}:45620"
    assert isinstance(said(parse_bind, text), Wrong)
    assert does(context, "bind", text) in (errno.EPROTONOSUPPORT, errno.EINVAL)
