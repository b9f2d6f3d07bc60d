"""`discover wire` as people ask it."""

import json

import pytest
import zmq
from scapy.layers.inet import IP
from scapy.layers.l2 import Ether

from tests.support.wiretap import CARDS, Talk, write

GREETING = b"\xff" + bytes(7) + b"\x01\x7f\x03\x01" + b"%s" + bytes(32)


@pytest.fixture
def capture(tmp_path):
    """One connection with a mechanism, which is all that a verdict needs."""

    def made(mechanism=b"NULL", name="some.pcap"):
        talk = Talk(Ether(**CARDS), IP, ("10.0.1.7", 40_000), ("10.0.2.9", 5555))
        packets = list(talk.open())
        for side in ("client", "server"):
            packets += talk.say(side, GREETING % mechanism.ljust(20, b"\0"))
        return write(tmp_path / name, packets)

    return made


def test_a_capture_is_told_and_passes_where_nobody_is_between(ask, capture):
    answer = ask("discover", "wire", "--pcap", capture())
    assert answer.code == 0
    assert "10.0.1.7:40000 -> 10.0.2.9:5555  ZMTP 3.1 NULL" in answer.out
    assert answer.out.endswith("1 connection of ZeroMQ to 1 server: 1 in plaintext.\n")


def test_plaintext_over_an_untrusted_network_fails_in_every_form(ask, capture, tmp_path):
    path, sarif = capture(), tmp_path / "wire.sarif"
    words = ("discover", "wire", "--pcap", path, "--untrusted", "10.0.2.0/24")
    answer = ask(*words, "--json", "--sarif", sarif)
    assert answer.code == 1
    document = answer.json
    assert document["schema"] == "bulkhead.discover-wire/1"
    assert document["ok"] is False
    assert [each["kind"] for each in document["findings"]] == ["plaintext"]
    assert document["provenance"]["digests"][0]["name"] == str(path)
    (result,) = json.loads(sarif.read_text())["runs"][0]["results"]
    assert result["ruleId"] == "wire-plaintext"
    assert ask("discover", "wire", "--pcap", capture(b"CURVE"), *words[4:]).code == 0


def test_a_probe_answers_whether_all_speak_zmtp(ask):
    with zmq.Context() as made, made.socket(zmq.REP) as server:
        port = server.bind_to_random_port("tcp://127.0.0.1")
        answer = ask("discover", "wire", "--probe", f"127.0.0.1:{port}")
        assert answer.code == 0
        assert "ZMTP 3.1 NULL, a REP" in answer.out
        document = ask("discover", "wire", "--probe", f"127.0.0.1:{port}", "--json").json
        assert document["targets"][0]["peer"]["socket_type"] == "REP"
    answer = ask("discover", "wire", "--probe", f"127.0.0.1:{port}")
    assert answer.code == 1
    assert "says nothing of what is there" in answer.out


def test_signatures_know_the_ports_of_a_topology(ask, trading):
    plain = ask("discover", "wire", "--signatures", "suricata").out
    assert "not declare" not in plain
    assert "![5556," in ask("discover", "wire", "--signatures", "suricata", "--for", trading).out
    assert "signature bulkhead-zmtp3-null {" in ask("discover", "wire", "--signatures", "zeek").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing to look at: name --pcap"),
        (("--pcap", "x", "--probe", "h:1"), "--pcap and --probe exclude each other"),
        (("--probe", "h:1", "--untrusted", "10.0.0.0/8"), "--untrusted is for --pcap"),
        (("--pcap", "x", "--for", "t.yaml"), "--for is for --signatures"),
        (("--pcap", "no-such-file"), "there is no such file"),
        (("--pcap", "x", "--untrusted", "10.0.0.1/8"), "is no network"),
        (("--probe", "10.0.0.0/24:5"), "is a network, not a host"),
        (("--signatures", "zeek", "--json"), "written in the language"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(ask, words, said):
    answer = ask("discover", "wire", *words)
    assert (answer.code, answer.out.partition("\n")[0] in ("", "{")) == (2, True)
    assert said in answer.err
