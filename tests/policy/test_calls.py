"""The pack's own server, called by grpc's client, and by one that speaks HTTP/2 by the byte."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import grpc
import pytest
from bulkhead_policy import calls
from bulkhead_policy.calls import Calls
from bulkhead_policy.frames import PREFACE, encoded
from hpack import Encoder
from hypothesis import given
from hypothesis import strategies as st

DATA, HEADERS, RST_STREAM, SETTINGS = 0, 1, 3, 4
PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 6, 7, 8, 9
END_STREAM, END_HEADERS, PADDED, WITH_PRIORITY = 1, 4, 8, 32
ASKS = encoded((":method", "POST"), (":scheme", "http"), (":path", "/echo.Echo/Twice"))


class Echo:
    """Methods as a generated servicer has them."""

    def __init__(self) -> None:
        self.go_on = Event()

    def twice(self, request: bytes, context: Any) -> bytes:
        return request * 2

    def long(self, request: bytes, context: Any) -> bytes:
        return bytes(int(request))

    def waits(self, request: bytes, context: Any) -> bytes:
        self.go_on.wait(30)
        return request

    def fails(self, request: bytes, context: Any) -> bytes:
        raise ValueError("50 % of Zürich\n")

    def refuses(self, request: bytes, context: Any) -> bytes:
        context.set_code(grpc.StatusCode.FAILED_PRECONDITION)
        context.set_details("not yet")
        raise NotImplementedError


@pytest.fixture(scope="module")
def echo() -> Echo:
    return Echo()


@pytest.fixture(scope="module")
def port(echo: Echo) -> Iterator[int]:
    methods = {
        name: grpc.unary_unary_rpc_method_handler(method, bytes, bytes)
        for name, method in {
            "Twice": echo.twice,
            "Long": echo.long,
            "Waits": echo.waits,
            "Fails": echo.fails,
            "Refuses": echo.refuses,
            "Never": echo.twice,
        }.items()
    }
    served = Calls(
        at_once={"/echo.Echo/Once": lambda request: request}, never=frozenset({"/echo.Echo/Never"})
    )
    served.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("echo.Echo", methods),),
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=served.serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]


@pytest.fixture(scope="module")
def call(port: int) -> Iterator[Any]:
    """`call(method, request, …)` over one connection."""
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    with grpc.insecure_channel(f"127.0.0.1:{port}", options=unlimited) as channel:

        def called(method: str, request: bytes, **how: Any) -> Any:
            return channel.unary_unary(f"/echo.Echo/{method}").future(request, timeout=30, **how)

        yield called


@pytest.mark.parametrize("size", [0, 1, 16_383, 65_536, 3_000_000])
def test_messages_of_any_size_arrive_whole_both_ways(call: Any, size: int):
    request = bytes(range(251)) * (size // 251 + 1)
    assert call("Once", request[:size]).result() == request[:size]
    assert call("Twice", request[:size]).result() == request[:size] * 2


def test_many_calls_at_once_each_get_their_own_answer(call: Any):
    requests = [bytes([number]) * number * 4_000 for number in range(1, 60)]
    asked = [call("Twice" if each[0] % 2 else "Once", each) for each in requests]
    for request, each in zip(requests, asked, strict=True):
        assert each.result() == request * (2 if request[0] % 2 else 1)


def test_one_that_takes_its_time_holds_up_no_other_and_may_be_cancelled(call: Any, echo: Echo):
    slow, given_up = call("Waits", b"slow"), call("Waits", b"given up")
    assert given_up.cancel()
    assert call("Once", b"quick").result() == b"quick"
    assert call("Twice", b"quick").result() == b"quickquick"
    assert not slow.done()
    echo.go_on.set()
    assert slow.result() == b"slow"
    assert call("Twice", b"after").result() == b"afterafter"


@pytest.mark.parametrize(
    ("method", "status", "why"),
    [
        ("Nothing", grpc.StatusCode.UNIMPLEMENTED, "Method not found!"),
        ("Never", grpc.StatusCode.UNIMPLEMENTED, "Method not found!"),
        ("Fails", grpc.StatusCode.UNKNOWN, "ValueError('50 % of Zürich\\n')"),
        ("Refuses", grpc.StatusCode.FAILED_PRECONDITION, "not yet"),
    ],
)
def test_what_fails_ends_by_a_status_and_says_why(call: Any, method: str, status: Any, why: str):
    failed = call(method, b"x" * 100_000).exception()
    assert (failed.code(), failed.details()) == (status, why)


def test_a_compressed_message_is_refused_by_name(call: Any):
    failed = call("Twice", b"x" * 9_000, compression=grpc.Compression.Gzip).exception()
    assert failed.code() is grpc.StatusCode.UNIMPLEMENTED
    assert "not compressed" in failed.details()


def test_a_message_is_refused_above_the_size_that_is_told(
    call: Any, port: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(calls, "LARGEST", 100_000)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        twice = channel.unary_unary("/echo.Echo/Twice")
        assert len(twice(b"x" * 100_000)) == 200_000
        with pytest.raises(grpc.RpcError) as refused:
            twice(b"x" * 1_000_000)
        assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert twice(b"x") == b"xx"


class Peer:
    """The other side of a connection, frame by frame."""

    def __init__(self, opened: socket.socket) -> None:
        opened.settimeout(30)
        self.opened = opened
        self.arriving = opened.makefile("rb")
        opened.sendall(PREFACE)

    def send(self, kind: int, flags: int = 0, stream: int = 0, body: bytes = b"") -> None:
        start = len(body).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big")
        self.opened.sendall(start + body)

    def next(self, *kinds: int) -> tuple[int, int, int, bytes]:
        """The next frame of these kinds."""
        while start := self.arriving.read(9):
            body = self.arriving.read(int.from_bytes(start[:3], "big"))
            if not kinds or start[3] in kinds:
                return start[3], start[4], int.from_bytes(start[5:], "big"), body
        raise EOFError

    def widen(self, stream: int, by: int) -> None:
        self.send(WINDOW_UPDATE, 0, stream, struct.pack(">I", by))


@contextmanager
def peer_of(port: int) -> Iterator[Peer]:
    with socket.create_connection(("127.0.0.1", port)) as opened:
        yield Peer(opened)


def framed(message: bytes) -> bytes:
    return b"\0" + len(message).to_bytes(4, "big") + message


@given(
    size=st.integers(0, 150_000),
    initial=st.integers(0, 5_000),
    steps=st.lists(st.tuples(st.sampled_from([0, 1]), st.integers(1, 60_000)), max_size=8),
)
def test_an_answer_never_exceeds_the_windows_and_arrives_in_the_end(
    port: int, size: int, initial: int, steps: list[tuple[int, int]]
):
    with peer_of(port) as peer:
        peer.send(SETTINGS, 0, 0, struct.pack(">HI", 4, initial))
        peer.send(HEADERS, END_HEADERS, 1, encoded((":path", "/echo.Echo/Long")))
        peer.send(DATA, END_STREAM, 1, framed(str(size).encode()))
        room, whole, ended = {0: 65_535, 1: initial}, b"", False
        for stream, step in [*steps, (1, 200_000), (0, 200_000)]:
            peer.widen(stream, step)
            room[stream] += step
            peer.send(PING, 0, 0, b"in order")
            while (frame := peer.next(DATA, HEADERS, PING))[0] != PING:
                whole += frame[3] if frame[0] == DATA else b""
                ended = bool(frame[1] & END_STREAM)
                assert len(whole) <= min(room.values())
        while not ended:
            frame = peer.next(DATA, HEADERS)
            whole += frame[3] if frame[0] == DATA else b""
            ended = bool(frame[1] & END_STREAM)
        assert whole == framed(bytes(size))


def test_headers_may_be_padded_have_a_priority_and_go_on_in_further_frames(port: int):
    with peer_of(port) as peer:
        flags = PADDED | WITH_PRIORITY
        peer.send(HEADERS, flags, 1, b"\3" + b"prior" + ASKS[:20] + b"\0\0\0")
        peer.send(CONTINUATION, 0, 1, ASKS[20:30])
        peer.send(CONTINUATION, END_HEADERS, 1, ASKS[30:])
        peer.send(DATA, PADDED, 1, b"\2" + framed(b"whole")[:7] + b"\0\0")
        peer.send(DATA, END_STREAM, 1, framed(b"whole")[7:])
        assert peer.next(DATA)[3] == framed(b"wholewhole")


def test_what_it_does_not_know_is_read_over_and_a_ping_comes_back(port: int):
    with peer_of(port) as peer:
        peer.send(0xFA, 0, 0, b"an extension")
        peer.send(2, 0, 1, b"prior")
        peer.send(SETTINGS, 0, 0, struct.pack(">HI", 0xF000, 7))
        peer.send(PING, 0, 0, b"12345678")
        assert peer.next(PING) == (PING, 1, 0, b"12345678")


def test_a_stream_that_was_reset_is_answered_no_more(port: int):
    with peer_of(port) as peer:
        peer.send(HEADERS, END_HEADERS, 1, ASKS)
        peer.send(RST_STREAM, 0, 1, b"\0\0\0\x08")
        peer.send(DATA, END_STREAM, 1, framed(b"late"))
        peer.send(HEADERS, END_HEADERS, 3, ASKS)
        peer.send(DATA, END_STREAM, 3, framed(b"next"))
        assert peer.next(HEADERS)[2] == 3


def test_the_rest_of_an_answer_is_dropped_where_its_stream_was_reset(port: int):
    with peer_of(port) as peer:
        peer.send(SETTINGS, 0, 0, struct.pack(">HI", 4, 3))
        peer.send(HEADERS, END_HEADERS, 1, ASKS)
        peer.send(DATA, END_STREAM, 1, framed(b"given up"))
        assert peer.next(DATA)[2:] == (1, framed(b"given upgiven up")[:3])
        peer.send(RST_STREAM, 0, 1, b"\0\0\0\x08")
        peer.widen(0, 100)
        peer.send(HEADERS, END_HEADERS, 3, ASKS)
        peer.widen(3, 100)
        peer.send(DATA, END_STREAM, 3, framed(b"next"))
        assert peer.next(DATA)[2:] == (3, framed(b"nextnext"))


def test_headers_that_point_into_a_table_follow_what_the_table_holds(port: int):
    headers = Encoder()
    asked = [("Once", b"a"), ("Once", b"a"), ("Twice", b"aa"), ("Twice", b"aa"), ("Once", b"a")]
    with peer_of(port) as peer:
        blocks = [headers.encode([(":path", f"/echo.Echo/{method}")]) for method, _ in asked]
        assert blocks[1] == blocks[3] != blocks[4]  # the latest of the table, and one before
        for number, (block, (_, answer)) in enumerate(zip(blocks, asked, strict=True)):
            peer.send(HEADERS, END_HEADERS, 2 * number + 1, block)
            peer.send(DATA, END_STREAM, 2 * number + 1, framed(b"a"))
            assert peer.next(DATA)[3] == framed(answer)


@pytest.mark.parametrize(
    ("frame", "fault"),
    [
        pytest.param((DATA, 0, 1, b"x"), 0x1, id="data of no stream"),
        pytest.param((HEADERS, END_HEADERS, 2, ASKS), 0x1, id="a stream of ours"),
        pytest.param((HEADERS, END_HEADERS, 0, ASKS), 0x1, id="headers of no stream"),
        pytest.param((HEADERS, END_HEADERS, 1, b"\xff\xff\xff\xff\x7f"), 0x9, id="no headers"),
        pytest.param((HEADERS, END_HEADERS | PADDED, 1, b"\x09x"), 0x1, id="all padding"),
        pytest.param((CONTINUATION, END_HEADERS, 1, b""), 0x1, id="goes on with nothing"),
        pytest.param((5, END_HEADERS, 1, b""), 0x1, id="a push of a client"),
        pytest.param((SETTINGS, 0, 0, b"odd"), 0x6, id="half a setting"),
        pytest.param((SETTINGS, 0, 0, struct.pack(">HI", 4, 2**31)), 0x3, id="too wide"),
        pytest.param((WINDOW_UPDATE, 0, 0, b"\x7f\xff\xff\xff"), 0x3, id="wider than can be"),
        pytest.param((PING, 0, 0, b"short"), 0x6, id="half a ping"),
        pytest.param((DATA, 0, 1, bytes(16_385)), 0x6, id="a frame too large"),
    ],
)
def test_who_does_not_speak_http2_is_told_by_which_fault_and_sent_away(
    port: int, frame: tuple[int, int, int, bytes], fault: int
):
    with peer_of(port) as peer:
        peer.send(*frame)
        assert struct.unpack(">II", peer.next(GOAWAY)[3])[1] == fault
        with pytest.raises((EOFError, ConnectionResetError)):
            peer.next()


def test_who_speaks_something_else_is_sent_away_and_others_are_served(port: int, call: Any):
    with socket.create_connection(("127.0.0.1", port)) as opened:
        opened.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        opened.settimeout(30)
        with pytest.raises(ConnectionResetError):
            assert opened.recv(1) == b""
            raise ConnectionResetError
    assert call("Once", b"still").result() == b"still"


def test_several_connections_are_served_side_by_side(port: int):
    def asked(number: int) -> bytes:
        with grpc.insecure_channel(
            f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)]
        ) as channel:
            return bytes(channel.unary_unary("/echo.Echo/Twice")(bytes([number])))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(asked, range(8))) == [bytes([number] * 2) for number in range(8)]
