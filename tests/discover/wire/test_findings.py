"""What of it anybody on the way can read, and what nobody can decide is no pass."""

from ipaddress import ip_network

import pytest
from scapy.layers.inet import IP
from scapy.layers.l2 import Ether

from bulkhead.discover.wire import (
    WireCrossing,
    WireFindingKind,
    WireSecrecy,
    crossing,
    judge_wire,
    read_captures,
)
from tests.support import wiretap
from tests.support.wiretap import write

UNTRUSTED = [ip_network("10.0.2.0/24")]
SUBNETS = [ip_network("10.0.1.0/24"), ip_network("10.0.2.0/24")]


@pytest.fixture(scope="module")
def one(tapped, tmp_path_factory):
    folder = tmp_path_factory.mktemp("found")

    def seen(mechanism, *, start=0, snaplen=0, **more):
        alone = wiretap.Tap()
        port = tapped.port(("DEALER", "ROUTER"), mechanism)
        alone.ports = {0: port}
        alone.said = [(0, side, data) for side, data in tapped.only(port)]
        packets = list(alone.packets(**more))[start:]
        return read_captures([write(folder / "one.pcap", packets, snaplen=snaplen)])

    return seen


def kinds(judged):
    return [each.kind for each in judged.findings]


def test_plaintext_to_an_untrusted_network_is_a_finding_and_ciphertext_is_none(one):
    judged = judge_wire(one("NULL"), untrusted=UNTRUSTED)
    assert kinds(judged) == [WireFindingKind.PLAINTEXT]
    assert not judged.ok
    assert "10.0.2.0/24" in judged.findings[0].why
    assert judge_wire(one("CURVE"), untrusted=UNTRUSTED).ok
    assert judge_wire(one("NULL"), untrusted=[ip_network("192.0.2.0/24")]).ok


def test_a_password_in_the_clear_is_worse_and_comes_first(one):
    judged = judge_wire(one("PLAIN"), untrusted=UNTRUSTED)
    assert kinds(judged) == [WireFindingKind.CREDENTIALS, WireFindingKind.PLAINTEXT]


def test_whether_it_leaves_its_subnet_is_told_by_subnets_or_by_a_router(one):
    for seen, subnets, where in (
        (one("NULL"), SUBNETS, WireCrossing.SUBNETS),
        (one("NULL"), SUBNETS[:1], WireCrossing.SUBNETS),
        (one("NULL"), [ip_network("10.0.0.0/16")], WireCrossing.SUBNET),
        (one("NULL", ttl=62), [], WireCrossing.SUBNETS),
        (one("NULL"), [], WireCrossing.UNKNOWN),
        (one("NULL", client="127.0.0.1", server="127.0.0.1"), SUBNETS, WireCrossing.HOST),
    ):
        (connection,) = seen.connections
        assert crossing(connection, subnets) is where
        found = kinds(judge_wire(seen, subnets=subnets))
        assert found == [WireFindingKind.ACROSS] * (where is WireCrossing.SUBNETS)


def test_of_what_nobody_can_place_the_number_is_told(one):
    assert judge_wire(one("NULL")).unplaced == 1
    assert judge_wire(one("NULL"), subnets=SUBNETS).unplaced == 0
    assert judge_wire(one("CURVE")).unplaced == 0


def greeted(tmp_path, said, snaplen=0):
    talk = wiretap.Talk(Ether(**wiretap.CARDS), IP, ("10.0.1.7", 40_000), ("10.0.2.9", 5555))
    packets = list(talk.open())
    for side, data in said.items():
        packets += talk.say(side, data)
    return read_captures([write(tmp_path / "few.pcap", packets, snaplen=snaplen)])


SIGNATURE = b"\xff" + bytes(7) + b"\x01\x7f"


def test_a_mechanism_that_was_not_captured_is_not_decided_and_no_pass(tmp_path):
    both = dict.fromkeys(("client", "server"), SIGNATURE + b"\x03\x01" + b"CURVE".ljust(300, b"\0"))
    seen = greeted(tmp_path, both, snaplen=68)
    assert seen.connections[0].secrecy is WireSecrecy.UNKNOWN
    judged = judge_wire(seen, untrusted=UNTRUSTED)
    assert kinds(judged) == [WireFindingKind.UNDECIDED]
    assert not judged.ok


def test_a_health_check_that_says_nothing_is_no_finding_and_another_protocol_a_note(tmp_path):
    silent = judge_wire(greeted(tmp_path, {"server": SIGNATURE}), untrusted=UNTRUSTED)
    assert silent.ok
    assert not silent.findings
    web = greeted(tmp_path, {"server": SIGNATURE, "client": b"GET / HTTP/1.1\r\n\r\n"})
    (connection,) = web.connections
    assert connection.alone is connection.server
    judged = judge_wire(web, untrusted=UNTRUSTED)
    assert kinds(judged) == [WireFindingKind.FOREIGN]
    assert judged.ok


def test_a_capture_that_was_not_read_whole_passes_only_who_named_no_network(one, tmp_path):
    path = write(tmp_path / "one.pcap", [])
    path.write_bytes(path.read_bytes() + b"\0" * 9)
    seen = read_captures([path])
    assert judge_wire(seen).ok
    assert not judge_wire(seen, untrusted=UNTRUSTED).ok


def test_connections_that_are_alike_are_one_finding_with_their_number(seen):
    judged = judge_wire(seen, untrusted=UNTRUSTED)
    found = [each for each in judged.findings if each.kind is WireFindingKind.PLAINTEXT]
    assert sum(each.count for each in found) == sum(
        each.secrecy is WireSecrecy.PLAINTEXT for each in seen.connections
    )
