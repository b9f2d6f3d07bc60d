"""A topology is planned, or refused, with work that is linear in its length."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from bulkhead.intent import load
from bulkhead.plan import plan
from bulkhead.problems import InputError
from tests.support.growth import grows_linearly

HEAD = "name: x\nregion: eu-west-1\ncidr: 10.0.0.0/16\nzones: 2\n"
SEGMENTS = "segments: {a: {purpose: p}, b: {purpose: p}}\n"
TICKER = "  t: {segment: a, sockets: {p: {type: PUB, bind: 'tcp://*:5556'}}}\n"
START = HEAD + SEGMENTS + "services:\n" + TICKER


def lines(count: int, line: Callable[[int], str]) -> str:
    return "".join(line(index) + "\n" for index in range(count))


def address(first: str, step: int, index: int) -> IPv4Address:
    return IPv4Address(int(IPv4Address(first)) + step * index)


def networks(count: int) -> str:
    listed = lines(count, lambda each: f"      - {address('172.16.0.0', 16, each)}/28")
    socket = "    sockets: {c: {type: SUB, connect: t.p}}\n"
    return f"{START}sites:\n  s:\n    gateway: {{address: 1.2.3.4}}\n{socket}    cidrs:\n{listed}"


def sites(count: int) -> str:
    def site(each: int) -> str:
        block = f"{address('172.16.0.0', 16, each)}/28"
        gateway = f"{{address: {address('1.1.0.0', 1, each)}}}"
        sockets = "{c: {type: SUB, connect: t.p}}"
        return f"  s{each}: {{cidrs: [{block}], gateway: {gateway}, sockets: {sockets}}}"

    return f"{START}sites:\n{lines(count, site)}"


def wired(count: int) -> str:
    """A service with many sockets, and as many of a client that connect to them."""
    bound = lines(count, lambda n: f"      p{n}: {{type: PUB, bind: 'tcp://*:{2000 + 2 * n}'}}")
    joined = lines(count, lambda n: f"      p{n}: {{type: SUB, connect: many.p{n}}}")
    many = f"  many:\n    segment: a\n    sockets:\n{bound}"
    return f"{START}{many}  all:\n    segment: b\n    sockets:\n{joined}"


def ports_and_clients(count: int) -> str:
    """A socket with many ports, and as many clients of it: each with each is a rule."""
    ports = ", ".join(f"'tcp://*:{2000 + 2 * each}'" for each in range(count))
    many = f"  many: {{segment: b, sockets: {{p: {{type: PUB, bind: [{ports}]}}}}}}\n"
    return (
        START
        + many
        + lines(
            count,
            lambda n: f"  c{n}: {{segment: a, sockets: {{q: {{type: SUB, connect: many.p}}}}}}",
        )
        + "quotas: {groups-per-interface: 1}\n"
    )


def ports_and_networks(count: int) -> str:
    """A socket with many ports, and a site with as many networks: each with each is a rule."""
    ports = ", ".join(f"'tcp://*:{2000 + 2 * each}'" for each in range(count))
    many = f"  many: {{segment: b, sockets: {{p: {{type: PUB, bind: [{ports}]}}}}}}\nsites:"
    return networks(count).replace("sites:", many).replace("connect: t.p", "connect: many.p")


def addresses_and_clients(count: int) -> str:
    """A socket on many addresses of a site, and as many clients of it: each with each is a rule."""
    bound = ", ".join(f"'tcp://{address('172.16.0.1', 1, each)}:6001'" for each in range(count))
    site = "sites:\n  s:\n    cidrs: [172.16.0.0/12]\n    gateway: {address: 1.2.3.4}\n"
    sockets = f"    sockets: {{p: {{type: PUB, bind: [{bound}]}}}}\n"
    clients = lines(
        count, lambda n: f"  c{n}: {{segment: b, sockets: {{q: {{type: SUB, connect: s.p}}}}}}"
    )
    return START + clients + site + sockets + "quotas: {groups-per-interface: 1}\n"


def services(count: int) -> str:
    return START + lines(count, lambda each: f"  c{each}: {{segment: a}}")


def bound(count: int) -> str:
    """Services with a socket each, to which nobody connects."""
    return START + lines(
        count,
        lambda n: f"  c{n}: {{segment: a, sockets: {{p: {{type: PUB, bind: 'tcp://*:9000'}}}}}}",
    )


def chain(count: int) -> str:
    """Services that connect each to the one before: as many rules as services."""
    return (
        HEAD
        + SEGMENTS
        + "services:\n"
        + lines(
            count,
            lambda n: (
                f"  c{n}: {{segment: {'ab'[n % 2]}, sockets: "
                f"{{p: {{type: PUB, bind: 'tcp://*:9000'}}, "
                f"q: {{type: SUB, connect: c{(n or 2) - 1}.p}}}}}}"
            ),
        )
    )


def clients(count: int) -> str:
    return START + lines(
        count, lambda n: f"  c{n}: {{segment: b, sockets: {{q: {{type: SUB, connect: t.p}}}}}}"
    )


def segments(count: int) -> str:
    many = lines(count, lambda each: f"  s{each}: {{purpose: p}}")
    return f"{HEAD}segments:\n  a: {{purpose: p}}\n{many}services:\n{TICKER}" + lines(
        count, lambda each: f"  c{each}: {{segment: s{each}}}"
    )


def replicas(count: int) -> str:
    return START + f"  c: {{segment: a, replicas: {min(count, 200)}}}\n"


def expected(count: int) -> str:
    return f"{START}tests:\n" + lines(count, lambda _: "  - {from: internet, deny: [t.p]}")


def named(count: int) -> str:
    """Services with names over both families, each of which connects to five others."""

    def service(number: int) -> str:
        others = ", ".join(f"c{(number + each) % count}.p" for each in range(1, 6))
        bound = "p: {type: PUB, bind: 'tcp://[::]:9000'}"
        sockets = f"{{{bound}, q: {{type: SUB, connect: [{others}]}}}}"
        return f"  c{number}: {{segment: a, sockets: {sockets}}}"

    domain = "dns: trading.internal\nipv6: amazon\n"
    return f"{HEAD}{domain}{SEGMENTS}services:\n{lines(count, service)}"


SHAPES = (
    networks,
    sites,
    wired,
    ports_and_clients,
    ports_and_networks,
    addresses_and_clients,
    services,
    bound,
    chain,
    named,
    clients,
    segments,
    replicas,
    expected,
)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda each: each.__name__)
def test_four_times_the_topology_is_four_times_the_planning(
    tmp_path: Path, shape: Callable[[int], str]
) -> None:
    def planning(count: int) -> Callable[[], object]:
        path = tmp_path / f"{count}.yaml"
        path.write_text(shape(count))
        topology = load(path)

        def work() -> None:
            with contextlib.suppress(InputError):
                plan(topology)

        return work

    assert grows_linearly(planning, start=100)
