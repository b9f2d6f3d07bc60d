"""What captures of real ZeroMQ show: every pair of types, every mechanism, every way to be cut."""

import gzip
import random

import pytest
from scapy.layers.inet import IP, UDP, fragment
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import CookedLinux, CookedLinuxV2, Dot1AD, Dot1Q, Ether, Loopback
from scapy.layers.vxlan import VXLAN
from scapy.packet import NoPayload

from bulkhead.discover.wire import Opener, Sureness, WireSecrecy, read_captures
from bulkhead.problems import InputError
from tests.support import peers, wiretap
from tests.support.wiretap import write

READABLE = ("NULL", "PLAIN")


@pytest.fixture(scope="module")
def few(tapped):
    """One connection alone, which is quickly read in many forms."""
    port = tapped.port(("DEALER", "ROUTER"), "NULL")
    alone = wiretap.Tap()
    alone.ports = {0: port}
    alone.said = [(0, side, data) for side, data in tapped.only(port)]
    return alone


def the_only(path):
    found = read_captures([path])
    (connection,) = found.connections
    return connection


def test_every_pair_of_types_and_every_mechanism_is_recognised(seen, tapped):
    assert len(seen.connections) == len(tapped.was) == len(peers.PAIRS) * len(peers.MECHANISMS)
    assert (seen.others, seen.unread) == ({}, ())
    for each in seen.connections:
        types, mechanism, _ = tapped.was[each.server.port]
        assert (each.sure, each.opened) == (Sureness.SURE, Opener.SYN)
        assert (each.version, each.mechanism, each.agreed) == ("3.1", mechanism, True)
        assert each.alone is None
        assert (each.client.address, each.server.address) == (wiretap.CLIENT, wiretap.SERVER)
        shown = tuple(side.shown.socket_type for side in each.sides)
        assert shown == (types if mechanism in READABLE else (None, None))


def test_messages_are_counted_and_where_they_are_encrypted_frames(seen, tapped):
    for each in seen.connections:
        types, mechanism, sent = tapped.was[each.server.port]
        shown = each.client.shown
        if mechanism in READABLE:
            assert (shown.messages, shown.sealed) == (sent, 0)
        elif types[0] not in ("SUB", "XSUB"):  # whose subscriptions are such frames too
            # An empty frame comes before what a REQ sends, or a DEALER to a REP.
            frames = sent * (2 if types[0] == "REQ" or types[1] == "REP" else 1)
            assert (shown.messages, shown.sealed) == (0, frames)


def test_a_subscription_is_no_message(seen, tapped):
    for each in seen.connections:
        types, mechanism, _ = tapped.was[each.server.port]
        if types[0] == "SUB" and mechanism in READABLE:
            assert (each.client.shown.subscriptions, each.client.shown.messages) == (1, 0)


def test_of_a_routing_id_the_length_alone_is_told(seen, tapped):
    for each in seen.connections:
        types, _, _ = tapped.was[each.server.port]
        if types[0] in ("REQ", "DEALER", "ROUTER"):
            assert each.client.shown.identity == len(b"client-7")
    assert "client-7" not in repr(seen)


def test_plaintext_is_told_from_ciphertext_and_credentials_are_not_told_at_all(seen):
    for each in seen.connections:
        encrypted = each.mechanism == "CURVE"
        assert each.secrecy is (WireSecrecy.ENCRYPTED if encrypted else WireSecrecy.PLAINTEXT)
        assert each.credentials == (each.mechanism == "PLAIN")
    assert peers.USER not in repr(seen)
    assert peers.PASSWORD not in repr(seen)


def test_a_frame_has_the_number_that_wireshark_gives_it(few, tmp_path):
    packets = list(few.packets())
    found = the_only(write(tmp_path / "one.pcap", packets))
    assert (found.first.number, found.last.number) == (1, len(packets))
    assert found.packets == len(packets)
    assert found.first.time == pytest.approx(1_700_000_000)


LAYERS = {
    "VLAN": Ether(**wiretap.CARDS) / Dot1Q(vlan=7),
    "VLAN in VLAN": Ether(**wiretap.CARDS) / Dot1AD(vlan=7) / Dot1Q(vlan=8),
    "cooked": CookedLinux(),
    "cooked 2": CookedLinuxV2(),
    "loopback": Loopback(),
    "raw": NoPayload(),
    "mirrored by AWS": Ether(**wiretap.CARDS)
    / IP(src="10.9.0.1", dst="10.9.0.2")
    / UDP(sport=65_000, dport=4789)
    / VXLAN(vni=7, flags=8)
    / Ether(**wiretap.CARDS),
}


@pytest.mark.parametrize("around", LAYERS.values(), ids=LAYERS)
@pytest.mark.parametrize("ip", [IP, IPv6])
def test_whatever_stands_around_a_packet_it_is_found(few, tmp_path, around, ip):
    hosts = ("10.0.1.7", "10.0.2.9") if ip is IP else ("fd00::7", "fd00::9")
    more = {"around": around, "client": hosts[0], "server": hosts[1], "ip": ip}
    if isinstance(around, NoPayload):
        packets = [
            each.payload for each in few.packets(**more | {"around": Ether(**wiretap.CARDS)})
        ]
        packets = [each.copy() for each in packets]
        path = write(tmp_path / "raw.pcap", packets, linktype=101)
    else:
        path = write(tmp_path / "some.pcap", few.packets(**more))
    found = the_only(path)
    assert (found.client.address, found.server.address) == hosts
    assert found.server.shown.socket_type == "ROUTER"


def test_a_packet_in_fragments_is_put_together_whatever_their_order(few, tmp_path):
    packets = [
        piece
        for each in few.packets()
        for piece in (reversed(fragment(each, fragsize=32)) if len(each) > 100 else [each])
    ]
    found = the_only(write(tmp_path / "fragments.pcap", packets))
    assert found.agreed
    assert found.client.shown.messages == 1


@pytest.mark.parametrize("form", [{"ng": True}, {"gz": True}, {"nano": True}, {"endianness": ">"}])
def test_every_form_of_a_capture_says_the_same(few, tmp_path, form):
    plain = the_only(write(tmp_path / "plain.pcap", few.packets()))
    other = the_only(write(tmp_path / "other.pcap", few.packets(), **form))
    assert other.sides == plain.sides
    assert other.last.time == pytest.approx(plain.last.time)


def test_a_compressed_pcapng_is_read(few, tmp_path):
    path = write(tmp_path / "one.pcapng", few.packets(), ng=True)
    packed = tmp_path / "one.pcapng.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert the_only(packed).sides == the_only(path).sides


@pytest.mark.parametrize("seed", range(5))
def test_packets_out_of_order_and_sent_again_change_nothing(few, tmp_path, seed):
    random_ = random.Random(seed)  # noqa: S311 - an order, no secret
    opening, rest = (packets := list(few.packets()))[:3], packets[3:]
    twice = rest + random_.sample(rest, len(rest) // 2)
    random_.shuffle(twice)
    found = the_only(write(tmp_path / "wild.pcap", opening + twice))
    assert found.sides == the_only(write(tmp_path / "tame.pcap", packets)).sides


def test_a_connection_goes_on_in_the_next_file(few, tmp_path):
    packets = list(few.packets())
    first = write(tmp_path / "1.pcap", packets[:6])
    second = write(tmp_path / "2.pcap", packets[6:])
    found = read_captures([first, second])
    (connection,) = found.connections
    assert connection.agreed
    assert (connection.first.file, connection.last.file) == (str(first), str(second))


def test_without_its_syn_who_opened_it_is_not_sure(few, tmp_path):
    found = the_only(write(tmp_path / "late.pcap", list(few.packets())[3:]))
    assert found.opened is Opener.PORT
    assert found.mechanism == "NULL"


def test_what_was_cut_off_within_a_message_is_not_missed(few, tmp_path):
    talk = wiretap.Talk(Ether(**wiretap.CARDS), IP, ("10.0.1.7", 40_000), ("10.0.2.9", 5555))
    packets = list(talk.open())
    for each in ("client", "server"):
        whole = b"".join(data for _, side, data in few.said if side == each)
        ready = 64 + 2 + whole[65]
        for piece in (whole[:64], whole[64:ready], whole[ready:]):
            packets += talk.say(each, piece)
    packets += talk.say("client", b"\x00\xff" + bytes(255))
    found = the_only(write(tmp_path / "short.pcap", packets, snaplen=110))
    assert found.client.shown.messages == 2
    assert (found.mechanism, found.agreed) == ("NULL", True)


def test_what_was_cut_off_elsewhere_makes_a_count_a_least(few, tmp_path):
    talk = wiretap.Talk(Ether(**wiretap.CARDS), IP, ("10.0.1.7", 40_000), ("10.0.2.9", 5555))
    packets = list(talk.open())
    for each in ("client", "server"):
        whole = b"".join(data for _, side, data in few.said if side == each)
        packets += talk.say(each, whole + b"\x00\x02hi" * 30)
    found = the_only(write(tmp_path / "short.pcap", packets, snaplen=70))
    assert (found.version, found.mechanism, found.agreed) == ("3.1", None, None)
    assert found.client.shown.at_least


def test_connections_of_which_no_greeting_was_kept_are_counted_as_such(few, tmp_path):
    found = read_captures([write(tmp_path / "headers.pcap", few.packets(), snaplen=60)])
    assert not found.connections
    assert found.others == {"whose first bytes are not in the capture": 1}


@pytest.mark.parametrize("form", [{}, {"ng": True}, {"gz": True}])
def test_a_capture_that_ends_early_is_read_as_far_as_it_goes_and_said_to_end(few, tmp_path, form):
    path = write(tmp_path / "whole.pcap", few.packets(), **form)
    cut = tmp_path / "cut.pcap"
    cut.write_bytes(path.read_bytes()[:-7])
    found = read_captures([cut])
    assert found.captures[0].damage
    assert found.unread
    if not form.get("gz"):
        assert found.connections[0].mechanism == "NULL"


def test_all_that_are_no_captures_are_refused_at_once_and_nothing_is_read(tmp_path):
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_text("tcpdump: listening on lo")
    (tmp_path / "zst").write_bytes(b"\x28\xb5\x2f\xfd" + bytes(9))
    with pytest.raises(InputError) as refused:
        read_captures([tmp_path / each for each in ("empty", "text", "zst", "gone")])
    said = [each.what for each in refused.value.problems]
    assert said == [
        "is empty",
        "there is no such file",
        "is no pcap or pcapng",
        "is compressed with zstd",
    ]


def test_a_link_type_that_nobody_reads_is_counted(few, tmp_path):
    found = read_captures([write(tmp_path / "wifi.pcap", few.packets(), linktype=127)])
    assert not found.connections
    assert "link type 127" in found.unread[0]


def test_a_new_connection_between_the_same_ports_is_another(few, tmp_path):
    again = wiretap.Tap()
    again.ports, again.said = few.ports, few.said
    packets = list(few.packets())
    later = list(again.packets())
    for each in later:
        each["TCP"].seq = (each["TCP"].seq + 5_000_000) % 2**32
        del each["TCP"].chksum
    found = read_captures([write(tmp_path / "twice.pcap", packets + later)])
    assert len(found.connections) == 2
