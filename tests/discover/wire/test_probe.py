"""A greeting beside live peers: what it learns, and that it takes nothing."""

import socket
import ssl
import threading
from contextlib import contextmanager

import pytest
import zmq

from bulkhead.discover.wire import Answered, probe, targets
from bulkhead.discover.wire.probe import GREETING, ProbeTarget
from bulkhead.problems import InputError
from tests.support import peers

TIMES = 40
MOST_SENT = 20_000
BEFORE = 3


@pytest.fixture(scope="module")
def made():
    with peers.context() as context:
        yield context


def bound(made, kind, mechanism="NULL", host="127.0.0.1", client=None, sndhwm=1_000):
    server = made.socket(getattr(zmq, kind))
    server.sndhwm = sndhwm
    server.ipv6, server.linger = ":" in host, 0
    server.rcvtimeo = server.sndtimeo = 20_000
    peers.secured(client, server, mechanism)
    port = server.bind_to_random_port(f"tcp://{f'[{host}]' if ':' in host else host}")
    return server, port


def probed(port, host="127.0.0.1"):
    return probe(ProbeTarget(host, port))


@pytest.mark.parametrize("mechanism", peers.MECHANISMS)
@pytest.mark.parametrize("types", [("PULL", "PUSH"), ("DEALER", "DEALER"), ("PAIR", "PAIR")])
def test_of_a_peer_that_sends_no_message_is_taken_and_none_is_lost(made, types, mechanism):
    """The peer sends to whoever joins: with a probe that did, half of them would be gone."""
    client = made.socket(getattr(zmq, types[0]))
    client.linger, client.rcvtimeo, client.rcvhwm = 0, 20_000, 0
    server, port = bound(made, types[1], mechanism, client=client, sndhwm=0)
    # Before anybody is there, a probe must not take what waits for the first.
    for _ in range(BEFORE):
        assert probed(port).answered is Answered.ZMTP
        with pytest.raises(zmq.Again):
            server.send(b"nobody is there", zmq.DONTWAIT)
    client.connect(f"tcp://127.0.0.1:{port}")
    server.send(b"0")
    assert client.recv() == b"0"
    stop = threading.Event()
    sent = []
    sending = peers.in_thread(send_on, server, stop, sent)
    for _ in range(TIMES):
        assert probed(port).shown.mechanism == mechanism
    stop.set()
    sending.join(20)
    assert [int(client.recv()) for _ in sent] == sent
    client.close()
    server.close()


def send_on(socket_, stop, sent):
    """Number after number, without a pause: also while a probe is connected."""
    while not stop.is_set() and len(sent) < MOST_SENT:
        socket_.send(b"%d" % len(sent))
        sent.append(len(sent))


@pytest.mark.parametrize("mechanism", peers.MECHANISMS)
def test_questions_and_answers_go_on_beside_a_probe(made, mechanism):
    client = made.socket(zmq.REQ)
    client.linger, client.rcvtimeo = 0, 20_000
    server, port = bound(made, "REP", mechanism, client=client)
    client.connect(f"tcp://127.0.0.1:{port}")
    for number in range(TIMES):
        client.send(b"%d" % number)
        assert probed(port).answered is Answered.ZMTP
        server.send(server.recv())
        assert client.recv() == b"%d" % number
    client.close()
    server.close()


def test_a_router_and_a_publisher_lose_nothing_beside_a_probe(made):
    router, port = bound(made, "ROUTER")
    dealer = made.socket(zmq.DEALER)
    dealer.linger, dealer.rcvtimeo, dealer.routing_id = 0, 20_000, b"d"
    dealer.connect(f"tcp://127.0.0.1:{port}")
    xpub, prices = bound(made, "XPUB")
    sub = made.socket(zmq.SUB)
    sub.linger, sub.rcvtimeo = 0, 20_000
    sub.subscribe(b"")
    sub.connect(f"tcp://127.0.0.1:{prices}")
    assert xpub.recv() == b"\x01"
    dealer.send(b"here")
    router.recv_multipart()
    for number in range(TIMES):
        assert probed(port).shown.socket_type == "ROUTER"
        assert probed(prices).shown.socket_type == "XPUB"
        router.send_multipart([b"d", b"%d" % number])
        xpub.send(b"%d" % number)
    for each in (dealer, sub):
        assert [int(each.recv()) for _ in range(TIMES)] == list(range(TIMES))
    with pytest.raises(zmq.Again):
        xpub.recv(zmq.DONTWAIT)  # a probe subscribes to nothing
    for each in (router, dealer, xpub, sub):
        each.close()


@pytest.mark.parametrize("kind", sorted({each for pair in peers.PAIRS for each in pair}))
def test_of_null_every_type_is_learnt(made, kind):
    server, port = bound(made, kind)
    found = probed(port)
    assert (found.shown.version, found.shown.mechanism) == ("3.1", "NULL")
    assert (found.shown.socket_type, found.shown.as_server) == (kind, False)
    assert found.sent == len(GREETING) == 64
    server.close()


@pytest.mark.parametrize("mechanism", ["PLAIN", "CURVE"])
def test_of_other_mechanisms_their_name_and_they_get_less(made, mechanism):
    server = made.socket(zmq.ROUTER)
    server.routing_id = b"me"
    peers.secured(None, server, mechanism)
    port = server.bind_to_random_port("tcp://127.0.0.1")
    found = probed(port)
    assert (found.shown.mechanism, found.shown.socket_type) == (mechanism, None)
    assert (found.sent, found.shown.identity) == (11, 2)
    server.close()


def test_over_ipv6_too(made):
    server, port = bound(made, "REP", host="::1")
    (target,) = targets([f"[::1]:{port}"])
    found = probe(target)
    assert (found.answered, found.address) == (Answered.ZMTP, "::1")
    server.close()


@contextmanager
def listener(talk):
    """Something that takes connections and says what `talk` does with one."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        got = []

        def serve():
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                talk(connection, got)

        thread = peers.in_thread(serve)
        yield server.getsockname()[1], got
        thread.join(10)


def until_the_end(connection, got):
    while data := connection.recv(4_096):
        got.append(data)


def test_what_is_no_zmtp_is_said_to_be_what_it_is():
    def ssh(connection, got):
        connection.sendall(b"SSH-2.0-OpenSSH\r\n\x1b[2J")
        until_the_end(connection, got)

    def http(connection, got):
        connection.recv(1)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    def closes(connection, got):
        pass

    for talk, answered, said in (
        (ssh, Answered.OTHER, "SSH-2.0-OpenSSH...[2J"),
        (http, Answered.HTTP, ""),
        (closes, Answered.CLOSED, ""),
    ):
        with listener(talk) as (port, _):
            found = probed(port)
            assert (found.answered, found.said) == (answered, said)


def test_a_server_of_tls_answers_with_its_alert():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def tls(connection, got):
        with pytest.raises((ssl.SSLError, OSError)):
            context.wrap_socket(connection, server_side=True)

    with listener(tls) as (port, _):
        found = probed(port)
    assert found.answered in (Answered.TLS, Answered.CLOSED)


def test_who_says_nothing_gets_eleven_bytes_and_is_not_decided(made):
    with listener(until_the_end) as (port, got):
        found = probed(port)
    assert found.answered is Answered.SILENT
    assert not found.decided
    assert b"".join(got) == GREETING[:11]
    assert found.seconds < 2


def test_an_old_peer_is_known_by_its_first_frame():
    def one(connection, got):
        connection.sendall(b"\x01\x00")
        until_the_end(connection, got)

    with listener(one) as (port, _):
        found = probed(port)
    assert (found.answered, found.shown.version) == (Answered.ZMTP, "1.0")


@pytest.mark.parametrize("host", ["127.0.0.1", f"{'a' * 64}.invalid"])
def test_a_probe_that_failed_never_says_that_nothing_is_there(host):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    found = probe(ProbeTarget(host, port))
    assert found.failed
    assert not found.decided
    assert found.sent == 0


def test_networks_and_ranges_are_refused_all_at_once():
    with pytest.raises(InputError) as refused:
        targets(["10.0.0.0/24:5555", "a:0", "a:70000", "a", "a:5-9", "*:5", "[::1]", "h:5555"])
    assert len(refused.value.problems) == 7


def test_an_endpoint_will_do_and_one_named_twice_is_asked_once():
    assert targets(["tcp://h:5", "h:5", "[fe80::1]:6"]) == (
        ProbeTarget("h", 5),
        ProbeTarget("fe80::1", 6),
    )
