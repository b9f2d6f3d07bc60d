"""What only a program can get wrong: all of it at once, each with its line and its remedy.

(That all else is said in the words that a file gets: test_same.py.)
"""

from __future__ import annotations

from dataclasses import fields
from ipaddress import IPv4Network
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead import topology
from bulkhead.problems import InputError
from bulkhead.topology import (
    Defaults,
    DefaultService,
    DefaultSocket,
    Gateway,
    Segment,
    SegmentDefaults,
    Service,
    Site,
    Socket,
    Test,
    Topology,
)
from tests.support.builders import BUILDERS
from tests.support.examples import examples

CASES = {
    "a name twice": (
        """\
        one = Service("ticker", segment="feed", sockets=[])
        services = [
            one,
            Service("ticker", segment="feed"),
        ]
        """,
        "program.py:5: service ticker is on line 2 already; keep one of the two",
    ),
    "one service twice": (
        """\
        one = Service("ticker", segment="feed")
        services = [one, one]
        """,
        "program.py:2: service ticker is listed twice; keep one of the two",
    ),
    "a name that is none": (
        """\
        services = [Service(5, segment="feed")]
        """,
        "program.py:2: services: 5 is not a name; write a text",
    ),
    "a socket of no service": (
        """\
        ticks = Socket("ticks", type="PUB", bind="tcp://*:5556")
        market = Socket(
            "market", type="SUB",
            connect=[ticks],
        )
        services = [Service("momentum", segment="feed", sockets=[market])]
        """,
        "program.py:5: socket momentum.market, connect: Socket 'ticks' is no socket of a service "
        "or site of this topology; put it among the sockets of one: sockets=[…]",
    ),
    "a socket of two services": (
        """\
        ticks = Socket("ticks", type="PUB", bind="tcp://*:5556")
        market = Socket("market", type="SUB", connect=ticks)
        services = [
            *(Service(name, segment="feed", sockets=[ticks]) for name in ("left", "right")),
            Service("momentum", segment="feed", sockets=[market]),
        ]
        """,
        "program.py:3: socket momentum.market, connect: Socket 'ticks' is of several: left.ticks "
        'or right.ticks; write which is meant: "left.ticks"',
    ),
    "a service where a socket belongs": (
        """\
        ticks = Socket("ticks", type="PUB", bind="tcp://*:5556")
        ticker = Service("ticker", segment="feed", sockets=[ticks])
        services = [
            ticker,
            Service("momentum", segment="feed", sockets=[
                Socket("market", type="SUB", connect=ticker),
                ticker,
                "market",
            ]),
        ]
        """,
        "program.py:7: momentum.market connects to 'ticker': that is a service, not one of its "
        "sockets; write ticker.ticks",
        "program.py:8: service momentum, sockets: Service 'ticker' is no Socket; make one: "
        "Socket(…)",
        "program.py:9: service momentum, sockets: 'market' is no Socket; make one: Socket(…)",
    ),
    "parts that are no list": (
        """\
        services = {"ticker": Service("ticker", segment="feed")}
        tests = Test(from_="internet", deny="*")
        """,
        "program.py:5: services: a mapping is no list; write a list of Service",
        "program.py:5: tests: is not a list; write one in brackets: [a, b]",
    ),
    "parts of another kind": (
        """\
        sites = [
            Site("exchange", cidrs=["192.168.10.0/24"],
                 gateway="203.0.113.10"),
        ]
        stray = Socket("market", type="SUB")
        tests = [
            stray,
            Test(from_="internet",
                 deny=[Gateway(address="203.0.113.10")]),
        ]
        defaults = Defaults(
            service=DefaultSocket(mechanism="CURVE"),
        )
        """,
        "program.py:4: site exchange, gateway: '203.0.113.10' is no Gateway; make one: Gateway(…)",
        "program.py:10: test, deny: a Gateway has no name to refer to; write what is meant",
        "program.py:13: defaults, service: a DefaultSocket is no DefaultService; make one: "
        "DefaultService(…)",
        "program.py:16: tests: Socket 'market' is no Test; make one: Test(…)",
    ),
    "values that a file could not hold": (
        """\
        from pathlib import Path

        class Output:
            def __iter__(self):
                raise TypeError("its value is not known yet")

        twisted = ["eu-west-1a"]
        twisted.append(twisted)
        segments = [Segment("feed", purpose=Path("prices"))]
        services = [
            Service(
                "ticker",
                segment=Output(),
                replicas=10**5000,
                labels={"tier": twisted, 5: "five"},
                sockets=[Socket("ticks", type="PUB", bind={"tcp://*:5556"})],
            ),
        ]
        """,
        "program.py:10: segment feed, purpose: an instance of PosixPath is nothing that a topology "
        "holds; write a text, a number or a list; what is known only after an update comes too "
        "late",
        "program.py:14: service ticker, segment: an instance of Output is nothing that a topology "
        "holds; write a text, a number or a list; what is known only after an update comes too "
        "late",
        "program.py:15: service ticker, replicas: is a number of more than twenty digits; write a "
        "smaller one",
        "program.py:16: service ticker, labels, tier: holds itself, or is very deep; write it "
        "without",
        "program.py:16: service ticker, labels: 5 cannot be a key; write a name",
        "program.py:17: socket ticker.ticks, bind: is a set, which has no order; write a list",
    ),
    "mistakes of every kind, which hide none of the others": (
        """\
        lost = Socket("lost", type="PUB", bind="tcp://*:5556")
        services = [
            Service("ticker", segment="fed", replicas=True),
            Service("momentum", segment="feed", sockets=[
                Socket("market", type="SUB", connect=lost),
                lost.name,
            ]),
            *(Service("twice", segment="feed") for _ in range(2)),
        ]
        """,
        "program.py:4: service ticker is in segment 'fed', which is not declared; did you mean "
        "feed?",
        "program.py:4: service ticker, replicas: true is not a number from 1 to 200; write a whole "
        "number from 1 to 200",
        "program.py:6: socket momentum.market, connect: Socket 'lost' is no socket of a service "
        "or site of this topology; put it among the sockets of one: sockets=[…]",
        "program.py:7: service momentum, sockets: 'lost' is no Socket; make one: Socket(…)",
        "program.py:9: service twice is listed twice; keep one of the two",
    ),
}


@pytest.mark.parametrize("title", CASES)
def test_a_mistake_is_named_with_its_line_and_remedy(complaints: Any, title: str) -> None:
    text, *expected = CASES[title]
    assert complaints(dedent(text)) == expected


def demo(spoilt: dict[tuple[type, str], Any]) -> topology.Topology:
    """A topology of one part of each kind, some of whose arguments are something else."""

    def made(builder: type, *name: str, **said: Any) -> Any:
        odd = {argument: value for (of, argument), value in spoilt.items() if of is builder}
        return builder(**{**dict(zip(("name",), name, strict=False)), **said, **odd})

    ticks = made(Socket, "ticks", type="PUB", bind="tcp://*:5556")
    market = Socket("market", type="SUB", connect=ticks)
    return made(
        Topology,
        "demo",
        region="eu-west-1",
        cidr="10.20.0.0/16",
        zones=2,
        segments=[made(Segment, "feed", purpose="prices", defaults=made(SegmentDefaults))],
        services=[
            made(Service, "ticker", segment="feed", sockets=[ticks]),
            Service("momentum", segment="feed", sockets=[market]),
        ],
        sites=[
            made(
                Site,
                "plant",
                cidrs=["192.168.10.0/24"],
                gateway=made(Gateway, address="203.0.113.10"),
            )
        ],
        tests=[made(Test, from_="internet", deny="*")],
        defaults=made(Defaults, service=made(DefaultService), socket=made(DefaultSocket)),
    )


ARGUMENTS = [
    (builder, each.name) for builder in BUILDERS.values() for each in fields(builder) if each.init
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.binary(max_size=3),
    st.sampled_from(["feed", "a", "ticker.ticks", "*", "PUB", "tcp://*:5556", "10.0.0.0/16"]),
    st.sampled_from([object(), {"a", "b"}, Socket("x", type="PUB"), Gateway(address="x")]),
    st.sampled_from([Segment("feed", purpose="x"), Service("b", segment="feed"), IPv4Network(0)]),
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.text(max_size=3), st.integers()), inner, max_size=2),
    ),
    max_leaves=5,
)


def test_the_topology_that_is_spoilt_below_is_right() -> None:
    assert demo({}).load().warnings == ()


@examples(4, shrink=False)
@given(st.dictionaries(st.sampled_from(ARGUMENTS), JUNK, min_size=1, max_size=3))
def test_whatever_is_given_it_is_a_topology_or_a_list_of_mistakes(
    spoilt: dict[tuple[type, str], Any],
) -> None:
    given = demo(spoilt)
    try:
        given.load()
    except InputError as error:
        assert error.problems
        assert all(each.line for each in error.problems)
