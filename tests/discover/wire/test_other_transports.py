"""WebSocket, RADIO and DISH, PGM, NORM: recognised where they can be, and never surer than that."""

import struct
from pathlib import Path

import pytest
from scapy.layers.dns import DNS, DNSQR
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Raw
from scapy.utils import checksum

from bulkhead.discover.wire import Opener, Sureness, WireSecrecy, read_captures
from tests.support.wiretap import CARDS, Talk, write

GROUP = "239.1.2.3"


def udp(*payloads, to=GROUP, port=7000, sport=40_000, source="10.0.1.7"):
    return [
        Ether(**CARDS) / IP(src=source, dst=to) / UDP(sport=sport, dport=port) / Raw(each)
        for each in payloads
    ]


def seen(tmp_path, packets):
    return read_captures([write(tmp_path / "some.pcap", packets)])


def radio(group, body):
    return bytes([len(group)]) + group + body


def pgm(kind, data, *, right=True):
    body = struct.pack("!HHBBH6sHII", 7500, 7500, kind, 0, 0, b"source", len(data), 1, 0) + data
    sum_ = checksum(body) if right else 0x1234
    return body[:6] + struct.pack("!H", sum_) + body[8:]


def norm(sequence, source=b"node"):
    return bytes([0x12, 6]) + struct.pack("!H", sequence) + source + bytes(16) + b"data"


def test_radio_is_possible_where_every_datagram_names_a_group_and_nobody_answers(tmp_path):
    packets = udp(*(radio(b"prices", bytes([each])) for each in range(5)))
    (flow,) = seen(tmp_path, packets).datagrams
    assert (flow.transport, flow.sure, flow.groups) == ("udp", Sureness.POSSIBLE, ("prices",))
    assert (flow.sender, flow.target, flow.port, flow.packets) == ("10.0.1.7", GROUP, 7000, 5)
    back = udp(b"ok", to="10.0.1.7", port=40_000, sport=7000, source=GROUP)
    assert not seen(tmp_path, packets + back).datagrams


@pytest.mark.parametrize(
    "payloads",
    [
        [b"<34>1 2026-03-01T12:00:00Z host app - - message"] * 4,
        [bytes(DNS(id=1537 + each, qd=DNSQR(qname="example.org"))) for each in range(4)],
        [b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n"] * 4,
        [b"orders.count:1|c"] * 4,
        [radio(b"prices", b"x")] * 2,
    ],
    ids=["syslog", "DNS", "SSDP", "statsd", "too few"],
)
def test_other_datagrams_are_none(tmp_path, payloads):
    assert not seen(tmp_path, udp(*payloads)).datagrams


def test_pgm_is_told_by_its_protocol_and_in_udp_by_its_checksum(tmp_path):
    data = [pgm(0, b""), pgm(4, b"\0\0\x06\0hello"), pgm(4, b"\xff\xff...")]
    raw = [Ether(**CARDS) / IP(src="10.0.1.7", dst=GROUP, proto=113) / Raw(each) for each in data]
    (flow,) = seen(tmp_path, raw).datagrams
    assert (flow.transport, flow.sure, flow.port) == ("pgm", Sureness.LIKELY, None)
    (flow,) = seen(tmp_path, udp(*data)).datagrams
    assert (flow.transport, flow.sure, flow.port) == ("epgm", Sureness.LIKELY, 7000)
    (flow,) = seen(tmp_path, udp(pgm(0, b""))).datagrams
    assert flow.sure is Sureness.POSSIBLE
    assert not seen(tmp_path, udp(*(pgm(4, b"\0\0abc", right=False) for _ in range(4)))).datagrams


def test_norm_is_possible_where_one_source_counts_up(tmp_path):
    (flow,) = seen(tmp_path, udp(*map(norm, range(65_534, 65_536)), *map(norm, range(4)))).datagrams
    assert (flow.transport, flow.sure) == ("norm", Sureness.POSSIBLE)
    assert not seen(tmp_path, udp(norm(1), norm(9_000), norm(2))).datagrams
    assert not seen(tmp_path, udp(norm(1), norm(2, b"else"), norm(3))).datagrams


REQUEST = (
    b"GET /z HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: a2V5\r\nSec-WebSocket-Protocol: ZWS2.0/%s,ZWS2.0\r\n\r\n"
)
GRANTED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"sec-websocket-protocol: ZWS2.0/%s\r\n\r\n"
)


def frame(payload, mask=b""):
    masked = bytes(each ^ mask[at % 4] for at, each in enumerate(payload)) if mask else payload
    return bytes([0x82, (0x80 if mask else 0) | len(payload)]) + mask + masked


def ready(socket_type):
    name = b"\x05READY\x0bSocket-Type"
    return b"\x02" + name + len(socket_type).to_bytes(4, "big") + socket_type


def websocket(mechanism=b"NULL", *, opened=True):
    talk = Talk(Ether(**CARDS), IP, ("10.0.1.7", 40_000), ("10.0.2.9", 80))
    packets = list(talk.open())
    said = [
        ("client", REQUEST % mechanism),
        ("server", GRANTED % mechanism + frame(ready(b"PULL"))),
        ("client", frame(ready(b"PUSH"), b"mask") + frame(b"\x00hello", b"mask")),
        ("client", frame(b"\x01part", b"mask") + frame(b"\x00rest", b"mask")),
    ]
    for side, data in said:
        packets += talk.say(side, data)
    return packets if opened else packets[3:]


def test_an_upgrade_to_zeromq_is_recognised_with_its_mechanism_and_types(tmp_path):
    (found,) = seen(tmp_path, websocket()).connections
    assert (found.transport, found.sure, found.mechanism) == ("ws", Sureness.SURE, "NULL")
    assert [each.shown.socket_type for each in found.sides] == ["PUSH", "PULL"]
    assert (found.client.shown.messages, found.secrecy) == (2, WireSecrecy.PLAINTEXT)
    assert found.agreed


def test_who_asked_for_the_upgrade_opened_it_also_where_no_syn_was_captured(tmp_path):
    (found,) = seen(tmp_path, websocket(opened=False)).connections
    assert (found.opened, found.server.port) == (Opener.UPGRADE, 80)


def test_the_metadata_of_an_encrypted_upgrade_is_not_read(tmp_path):
    (found,) = seen(tmp_path, websocket(b"CURVE")).connections
    assert (found.mechanism, found.secrecy) == ("CURVE", WireSecrecy.ENCRYPTED)
    assert found.client.shown.socket_type is None


def test_other_websockets_are_none(tmp_path):
    packets = websocket()
    for each in packets:
        if Raw in each:
            each[Raw].load = each[Raw].load.replace(b"ZWS2.0", b"graphq")
    found = seen(tmp_path, packets)
    assert (found.connections, found.others) == ((), {"no ZeroMQ": 1})


def test_tls_is_counted_because_nobody_sees_what_is_inside(tmp_path):
    talk = Talk(Ether(**CARDS), IP, ("10.0.1.7", 40_000), ("10.0.2.9", 443))
    packets = [*talk.open(), *talk.say("client", b"\x16\x03\x01\x00\x05hello")]
    packets += talk.say("server", b"\x16\x03\x03\x00\x05hello")
    found = seen(tmp_path, packets)
    assert found.others == {"TLS, in which nobody sees what is said": 1}


def midway(*said):
    talk = Talk(Ether(**CARDS), IP, ("10.0.1.7", 40_000), ("10.0.2.9", 5555))
    packets = list(talk.open())
    for side, data in said:
        packets += talk.say(side, data)
    return packets[3:]


def test_without_a_greeting_a_heartbeat_makes_it_likely_and_nothing_makes_it_sure(tmp_path):
    ping, pong = b"\x04\x07\x04PING\x00\x0a", b"\x04\x05\x04PONG"
    talk = [("client", b"\x00\x05hello" + ping), ("server", pong)]
    (found,) = seen(tmp_path, midway(*talk)).connections
    assert (found.sure, found.opened) == (Sureness.LIKELY, Opener.PORT)
    assert (found.server.port, found.client.shown.messages) == (5555, 1)
    assert found.secrecy is WireSecrecy.UNKNOWN
    other = seen(tmp_path, midway(("client", b"\x00\x05hello"), ("server", b"\x00\x02ok")))
    assert other.connections == ()
    assert other.others == {"opened before the capture, and not recognised": 1}


CAPTURES = Path(__file__).parent / "captures"
"""Of libzmq 4.3.4 with pgm, norm and ws, between two network namespaces; cut after some packets."""


@pytest.mark.parametrize(
    ("name", "sure"),
    [
        ("epgm", Sureness.LIKELY),
        ("pgm", Sureness.LIKELY),
        ("norm", Sureness.POSSIBLE),
    ],
)
def test_what_libzmq_sends_by_multicast_is_recognised(name, sure):
    found = read_captures([CAPTURES / f"{name}.pcap.gz"])
    (flow,) = found.datagrams
    assert (flow.transport, flow.sender, flow.sure) == (name, "10.77.0.1", sure)
    assert found.connections == ()


def test_what_libzmq_sends_over_websocket_is_recognised():
    (found,) = read_captures([CAPTURES / "ws.pcap.gz"]).connections
    assert (found.transport, found.mechanism, found.opened) == ("ws", "NULL", Opener.SYN)
    assert [each.shown.socket_type for each in found.sides] == ["REQ", "REP"]
    assert [each.shown.messages for each in found.sides] == [4, 4]
