"""A topology is loaded in time that is linear in its length, whatever it repeats."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.intent import including, load
from bulkhead.intent.document import read_document
from bulkhead.intent.rules.networks import overlapping
from bulkhead.problems import InputError
from tests.support.growth import grows_linearly

HEAD = "name: x\nregion: eu-west-1\ncidr: 10.0.0.0/16\n"
SEGMENTS = "segments: {a: {purpose: p}}\n"
TICKER = "  t: {segment: a, sockets: {p: {type: PUB, bind: 'tcp://*:5556'}}}\n"
ZONES = "zones: 2\n"


def blocks(count: int) -> list[str]:
    start = int(IPv4Address("172.16.0.0"))
    return [f"{IPv4Address(start + 16 * each)}/28" for each in range(count)]


def a_site(cidrs: list[str]) -> str:
    site = "sites:\n  s:\n    sockets: {c: {type: SUB, connect: t.p}}\n    cidrs:\n"
    listed = "".join(f"      - {each}\n" for each in cidrs)
    return HEAD + ZONES + SEGMENTS + "services:\n" + TICKER + site + listed


def sites(count: int) -> str:
    every = "".join(
        f"  s{index}: {{cidrs: [{block}], gateway: {{address: {block.partition('/')[0]}}}}}\n"
        for index, block in enumerate(blocks(count))
    )
    return HEAD + ZONES + SEGMENTS + "services:\n" + TICKER + "sites:\n" + every


def bound(count: int, port: int | None = None) -> str:
    """Each on an address of its own: ports of their own, or all the same one."""
    sockets = "".join(
        f"      p{index}: {{type: PUB, bind: 'tcp://{block.partition('/')[0]}:"
        f"{port or 7000 + index}'}}\n"
        for index, block in enumerate(blocks(count))
    )
    cidrs = ", ".join(blocks(count))
    site = f"sites:\n  s:\n    cidrs: [{cidrs}]\n    sockets:\n"
    return HEAD + ZONES + SEGMENTS + "services:\n" + TICKER + site + sockets


def one_port(count: int) -> str:
    """On as many addresses, and then on all of them."""
    return bound(count, 7000) + "      all: {type: PUB, bind: 'tcp://*:7000'}\n"


def clients(count: int) -> str:
    every = "".join(
        f"  c{index}: {{segment: a, sockets: {{q: {{type: SUB, connect: t.p}}}}}}\n"
        for index in range(count)
    )
    return HEAD + ZONES + SEGMENTS + "services:\n" + TICKER + every


def zones(count: int) -> str:
    listed = ", ".join(["eu-west-1a"] * count)
    return f"{HEAD}zones: [{listed}]\n{SEGMENTS}services:\n{TICKER}"


def listed(count: int, line: Callable[[int], str]) -> str:
    return "".join(f"  {line(index)}\n" for index in range(count))


def connected(text: Callable[[int], str], bind: str = "'tcp://*:{}'") -> Callable[[int], str]:
    """A service of many sockets, and as many others that connect to what `text` says."""

    def shape(count: int) -> str:
        ports = range(2000, 2000 + 2 * count, 2)
        many = "".join(
            f"      p{each}: {{type: PUB, bind: {bind.format(each)}}}\n" for each in ports
        )
        clients = listed(
            count,
            lambda each: (
                f"c{each}: {{segment: a, sockets: {{q: {{type: SUB, connect: '{text(each)}'}}}}}}"
            ),
        )
        start = HEAD + ZONES + SEGMENTS + "services:\n  many:\n    segment: a\n    sockets:\n"
        return start + many + clients

    return shape


def to_a_socket(bind: str) -> Callable[[int], str]:
    """One socket that binds much, and as many clients of it."""

    def shape(count: int) -> str:
        every = ", ".join(f"'{bind.format(2000 + 2 * each)}'" for each in range(count))
        return clients(count).replace("'tcp://*:5556'", f"[{every}]")

    return shape


def lines_of_tests(text: Callable[[int], str], client: str = "internet") -> Callable[[int], str]:
    """Tests of many sockets, each by its own line."""

    def shape(count: int) -> str:
        every = listed(count, lambda each: f"- {{from: {client}, deny: ['{text(each)}']}}")
        return f"{connected(lambda each: f'many.p{2000 + 2 * each}')(count)}tests:\n{every}"

    return shape


def in_one_test(count: int) -> str:
    every = ", ".join(f"many.p{2000 + 2 * each}" for each in range(count))
    start = connected(lambda each: f"many.p{2000 + 2 * each}")(count)
    return f"{start}tests:\n  - {{from: internet, deny: [{every}]}}\n"


def services(text: Callable[[int], str]) -> Callable[[int], str]:
    def shape(count: int) -> str:
        start = (
            HEAD + ZONES + "segments:\n" + listed(count, lambda each: f"s{each}: {{purpose: p}}")
        )
        return f"{start}services:\n{listed(count, lambda each: f'c{each}: {text(each)}')}"

    return shape


def ports_in_one_test(count: int) -> str:
    accept, deny = (
        ", ".join(f"'many:{first + 2 * each}'" for each in range(count)) for first in (2000, 2001)
    )
    one = f"{connected(lambda _: 'many.p2000')(1)}tests:\n"
    return f"{one}  - {{from: internet, accept: [{accept}], deny: [{deny}, '*']}}\n"


def at_odds(count: int) -> str:
    every = listed(
        count,
        lambda each: (
            f"- {{from: internet, {'deny' if each else 'accept'}: ['many:{1 + each}-60000']}}"
        ),
    )
    return f"{connected(lambda _: 'many.p2000')(1)}tests:\n{every}"


LONG: dict[str, Callable[[int], str]] = {
    "clients of many ports": to_a_socket("tcp://*:{}"),
    "clients of many sockets": connected(lambda each: f"many.p{2000 + 2 * each}"),
    "segments and services": services(lambda each: f"{{segment: s{each}}}"),
    "tests": lines_of_tests(lambda each: f"many.p{2000 + 2 * each}"),
    "sockets in one test": in_one_test,
    "ports in one test": ports_in_one_test,
    "tests that contradict each other": at_odds,
    "services that are not there": connected(lambda each: f"manx{each}.p"),
    "sockets that are not there": connected(lambda each: f"many.px{each}"),
    "services for sockets": connected(lambda _: "many"),
    "endpoints for sockets": connected(lambda each: f"tcp://many:{2000 + 2 * each}"),
    "sockets out of reach": to_a_socket("inproc://x{}"),
    "segments that are not there": services(lambda each: f"{{segment: sx{each}}}"),
    "keys that are not there": services(lambda each: f"{{segmnt: s{each}}}"),
    "no values": services(lambda _: "{segment: }"),
    "tests of sockets that are not there": lines_of_tests(lambda each: f"many.px{each}"),
    "tests of services that are not there": lines_of_tests(lambda each: f"manx{each}"),
    "tests of one's own": lines_of_tests(lambda each: f"many.p{2000 + 2 * each}", client="many"),
}


def in_one_service(line: Callable[[int], str], around: str = "") -> Callable[[int], str]:
    """A service of as many lines, behind what is written above it."""

    def shape(count: int) -> str:
        start = f"{HEAD}{ZONES}{SEGMENTS}{around}services:\n{TICKER}  many:\n    segment: a\n"
        return start + "".join(f"    {line(index)}\n" for index in range(count))

    return shape


def one_port_of_a_service(count: int) -> str:
    return in_one_service(
        lambda each: (
            f"{'' if each else 'sockets:'}\n      p{each}: {{type: PUB, bind: 'tcp://*:9'}}"
        )
    )(count)


def with_defaults(count: int) -> str:
    """As many services, each of which leaves out what as many lines above it say."""
    labels = ", ".join(f"l{each}: x" for each in range(9))
    return services(lambda each: f"{{segment: s{each}}}")(count) + (
        f"defaults: {{service: {{owner: us, labels: {{{labels}}}}}}}\n"
    )


def unknown_in_one_test(count: int) -> str:
    every = ", ".join(f"many.q{each}" for each in range(count))
    start = connected(lambda each: f"many.p{2000 + 2 * each}")(count)
    return f"{start}tests:\n  - {{from: internet, deny: [{every}]}}\n"


LONG |= {
    "keys that one service does not have": in_one_service(lambda each: f"segmen{each}: a"),
    "sockets on one port of a service": one_port_of_a_service,
    "services that leave out what has a default": with_defaults,
    "sockets in one test that are not there": unknown_in_one_test,
}

SHAPES: dict[str, Callable[[int], str]] = {
    "one block again and again": lambda count: a_site(["192.168.0.0/24"] * count),
    "blocks": lambda count: a_site(blocks(count)),
    "blocks in one block": lambda count: a_site([*blocks(count), "172.16.0.0/12"]),
    "blocks of the VPC": lambda count: a_site(["10.0.0.0/24"] * count),
    "sites with gateways inside": sites,
    "sockets on addresses of a site": bound,
    "one port on addresses of a site": one_port,
    "clients of one socket": clients,
    "one zone again and again": zones,
    "one key again and again": lambda count: HEAD * count,
    "one service again and again": lambda count: HEAD + SEGMENTS + "services:\n" + TICKER * count,
    "commas in one text": lambda count: HEAD + "segments: {a: {purpose: b" + ", c" * count + "}}",
    "words with no space": lambda count: HEAD + "x: {" + "k:v, " * count + "}",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_topology_is_four_times_the_work(tmp_path: Path, shape: str) -> None:
    def loading(count: int) -> Callable[[], object]:
        path = tmp_path / f"{count}.yaml"
        path.write_text(SHAPES[shape](count))
        return lambda: loaded(path)

    assert grows_linearly(loading, start=60)


@pytest.mark.parametrize("shape", LONG)
def test_four_times_what_was_read_is_four_times_the_work(
    tmp_path: Path, shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what needs hundreds to show how it grows; the YAML is read before it is counted."""
    documents = {}

    def loading(count: int) -> Callable[[], object]:
        path = tmp_path / f"{count}.yaml"
        path.write_text(LONG[shape](count))
        documents[str(path)] = read_document(str(path), path.read_bytes())
        return lambda: loaded(path)

    monkeypatch.setattr(including, "read_document", lambda name, _: documents[name])
    assert grows_linearly(loading, start=120)


def test_a_thousand_services_with_ten_thousand_flows_fit(tmp_path: Path) -> None:
    def service(number: int) -> str:
        asked = "".join(f"          - s{(number + each) % 1000}.out\n" for each in range(1, 11))
        bound = "      out: { type: PUB, bind: 'tcp://*:5556' }\n"
        return (
            f"  s{number}:\n    segment: a\n    purpose: one of a thousand\n    sockets:\n{bound}"
            f"      in:\n        type: SUB\n        connect:\n{asked}"
        )

    path = tmp_path / "x.yaml"
    path.write_text(f"{HEAD}{ZONES}{SEGMENTS}services:\n{''.join(map(service, range(1000)))}")
    assert len(load(path).connections) == 10_000


def loaded(path: Path) -> None:
    with contextlib.suppress(InputError):
        load(path)


def test_a_star_in_each_of_many_tests_is_refused_where_it_means_too_many_pairs(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(lines_of_tests(lambda _: "*")(400))
    with pytest.raises(InputError, match="more than 100000 pairs") as told:
        load(path)
    (problem,) = told.value.problems
    lines = path.read_text().splitlines()
    assert lines[problem.line - 1] == "  - {from: internet, deny: ['*']}"
    before = lines[: problem.line].count(lines[problem.line - 1])
    assert before == 100_000 // 400 + 1


def test_of_very_many_names_the_one_beside_is_still_found(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(connected(lambda each: f"many.p20{each % 10}0x")(1000))
    with pytest.raises(InputError) as told:
        load(path)
    assert {each.remedy for each in told.value.problems} == {
        f"did you mean p20{each}0?" for each in range(10)
    }


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(24, 32)), max_size=12))
def test_networks_that_overlap_are_exactly_those_that_are_named(
    drawn: list[tuple[int, int]],
) -> None:
    networks = [IPv4Network((f"10.0.0.{last}", length), strict=False) for last, length in drawn]
    named = set(overlapping(networks))
    pairs = {
        (first, second)
        for second in range(len(networks))
        for first in range(second)
        if networks[first].overlaps(networks[second])
    }
    assert named <= pairs
    assert {each for pair in named for each in pair} == {each for pair in pairs for each in pair}


def test_what_a_selector_means_is_bounded(tmp_path: Path) -> None:
    def service(index: int) -> str:
        metrics = "m: {type: PUB, bind: 'tcp://*:9100'}"
        return f"s{index}: {{segment: a, sockets: {{{metrics}, q: {{type: SUB, connect: '*.m'}}}}}}"

    path = tmp_path / "topology.yaml"
    path.write_text(HEAD + ZONES + SEGMENTS + "services:\n" + listed(400, service))

    with pytest.raises(InputError) as raised:
        load(path)

    (problem,) = raised.value.problems
    assert problem.what == "the sockets up to s250.q make more than 100000 connections"
