"""A topology is loaded in time that is linear in its length, whatever it repeats."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.intent import load
from bulkhead.intent.rules import _overlapping
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


def bound(count: int) -> str:
    sockets = "".join(
        f"      p{index}: {{type: PUB, bind: 'tcp://{block.partition('/')[0]}:{7000 + index}'}}\n"
        for index, block in enumerate(blocks(count))
    )
    cidrs = ", ".join(blocks(count))
    site = f"sites:\n  s:\n    cidrs: [{cidrs}]\n    sockets:\n"
    return HEAD + ZONES + SEGMENTS + "services:\n" + TICKER + site + sockets


def clients(count: int) -> str:
    every = "".join(
        f"  c{index}: {{segment: a, sockets: {{q: {{type: SUB, connect: t.p}}}}}}\n"
        for index in range(count)
    )
    return HEAD + ZONES + SEGMENTS + "services:\n" + TICKER + every


def zones(count: int) -> str:
    listed = ", ".join(["eu-west-1a"] * count)
    return f"{HEAD}zones: [{listed}]\n{SEGMENTS}services:\n{TICKER}"


SHAPES: dict[str, Callable[[int], str]] = {
    "one block again and again": lambda count: a_site(["192.168.0.0/24"] * count),
    "blocks": lambda count: a_site(blocks(count)),
    "blocks in one block": lambda count: a_site([*blocks(count), "172.16.0.0/12"]),
    "blocks of the VPC": lambda count: a_site(["10.0.0.0/24"] * count),
    "sites with gateways inside": sites,
    "sockets on addresses of a site": bound,
    "clients of one socket": clients,
    "one zone again and again": zones,
    "one key again and again": lambda count: HEAD * count,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_topology_is_four_times_the_work(tmp_path: Path, shape: str) -> None:
    def loading(count: int) -> Callable[[], object]:
        path = tmp_path / f"{count}.yaml"
        path.write_text(SHAPES[shape](count))

        def work() -> None:
            with contextlib.suppress(InputError):
                load(path)

        return work

    assert grows_linearly(loading, start=60)


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(24, 32)), max_size=12))
def test_networks_that_overlap_are_exactly_those_that_are_named(
    drawn: list[tuple[int, int]],
) -> None:
    networks = [IPv4Network((f"10.0.0.{last}", length), strict=False) for last, length in drawn]
    named = set(_overlapping(networks))
    pairs = {
        (first, second)
        for second in range(len(networks))
        for first in range(second)
        if networks[first].overlaps(networks[second])
    }
    assert named <= pairs
    assert {each for pair in named for each in pair} == {each for pair in pairs for each in pair}
