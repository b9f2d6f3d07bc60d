"""Rules that their parsers take, and that match what libzmq says and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.discover.wire import DeclaredPorts, SignatureLanguage, declared_ports, signatures
from tests.support.examples import examples
from tests.support.ids_rules import read_rules, read_signatures

DECLARED = DeclaredPorts(
    topology="trading", ports=((5555, 5555), (6000, 6010)), encrypted=((6000, 6010),)
)


def suricata(declared=None):
    return list(read_rules(signatures(SignatureLanguage.SURICATA, declared)))


def zeek(declared=None):
    return read_signatures(signatures(SignatureLanguage.ZEEK, declared))


@pytest.fixture(scope="module")
def streams(tapped):
    """By mechanism, the streams of both sides of every connection of real libzmq."""
    found = {}
    for port, (_, mechanism, _) in tapped.was.items():
        for side in ("client", "server"):
            said = b"".join(data for each, data in tapped.only(port) if each == side)
            found.setdefault(mechanism, []).append(said)
    return found


def test_every_rule_is_one_that_suricata_reads_and_has_a_number_of_its_own():
    rules = suricata(DECLARED)
    numbers = [each.sid for each in rules]
    assert len(set(numbers)) == len(numbers) == 10
    assert all(1_000_000 <= each <= 1_999_999 for each in numbers)
    for each in rules:
        if each.protocol == "tcp-stream":
            assert all(at is not None and len(value) == depth for at, depth, value in each.contents)


def test_each_mechanism_of_real_libzmq_is_told_by_its_rule_alone(streams):
    rules = {each.all("msg")[0]: each for each in suricata()}
    for mechanism, said in streams.items():
        for stream in said:
            of_mechanism = [
                msg
                for msg, rule in rules.items()
                if rule.protocol == "tcp-stream" and "greeting" in msg and rule.matches(stream)
            ]
            assert len(of_mechanism) == 1
            assert f"with {mechanism}," in of_mechanism[0]


def test_the_password_of_plain_is_seen_on_its_way(streams):
    (rule,) = [each for each in suricata() if "password in the clear" in each.all("msg")[0]]
    assert any(rule.matches(each) for each in streams["PLAIN"])
    assert not any(rule.matches(each) for each in (*streams["NULL"], *streams["CURVE"]))


def test_zeek_tells_the_same(streams):
    patterns = zeek()
    for mechanism, said in streams.items():
        for stream in said:
            hit = [name for name, (pattern, _) in patterns.items() if pattern.match(stream)]
            assert f"bulkhead-zmtp3-{mechanism.lower()}" in hit
            assert sum(name.startswith("bulkhead-zmtp3") for name in hit) == 1


@given(st.binary(max_size=200))
@examples(2)
def test_other_bytes_match_no_rule(data):
    assert not any(
        each.matches(data) for each in suricata(DECLARED) if each.protocol == "tcp-stream"
    )
    assert not any(pattern.match(data) for pattern, _ in zeek(DECLARED).values())


def test_ports_that_a_topology_does_not_declare_have_a_rule_and_declared_ones_do_not_match_it():
    (rule,) = [each for each in suricata(DECLARED) if "not declare" in each.all("msg")[0]]
    assert [rule.to(port) for port in (5554, 5555, 6005, 6011)] == [True, False, False, True]
    assert rule.all("flow") == ["established,to_server"]
    (weaker,) = [each for each in suricata(DECLARED) if "declares CURVE" in each.all("msg")[0]]
    assert [weaker.to(port) for port in (5555, 6000, 6010)] == [False, True, True]
    _, ports = zeek(DECLARED)["bulkhead-zmtp-undeclared"]
    assert ports == "!= 5555, 6000-6010"


def test_without_any_declared_port_every_port_is_undeclared():
    rules = suricata(DeclaredPorts(topology="empty", ports=()))
    assert [each.ports for each in rules if "not declare" in each.all("msg")[0]] == ["any"]


def test_a_range_is_encrypted_only_where_all_of_its_flows_are():
    flows = {(1, 1): {"CURVE"}, (2, 2): {"CURVE", "NULL"}, (3, 3): {""}}
    assert declared_ports("t", flows).encrypted == ((1, 1),)


@given(st.text())
@examples(1 / 3)
def test_no_name_of_a_topology_breaks_out_of_a_rule(name):
    hostile = DeclaredPorts(topology=name, ports=((1, 2),), encrypted=((1, 2),))
    assert len(suricata(hostile)) == 10
    assert len(zeek(hostile)) == 9
