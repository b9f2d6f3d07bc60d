"""Everything that a program says is found where it says it."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent

import pytest

from bulkhead.plan import plan

DEMO = """\
from bulkhead.topology import *

feed = Segment("feed", purpose="prices")
ticks = Socket(
    "ticks",
    type="PUB",
    bind=["tcp://*:5556",
          "tcp://*:5557"],
)
demo = Topology(
    "demo",
    region="eu-west-1", cidr="10.20.0.0/16",
    zones=2,
    segments=[feed],
    services=[
        Service("ticker", segment=feed, sockets=[ticks], labels={
            "tier": "edge",
            "desk": "rates",
        }),
        Service(
            "momentum",
            segment=feed,
            sockets=[
                Socket("market", type="SUB",
                       connect=ticks),
            ],
        ),
    ],
    tests=[
        Test(from_="internet",
             deny=["*"]),
    ],
)
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 10),
        (("name",), 10),
        (("cidr",), 12),
        (("zones",), 13),
        (("segments", "feed"), 3),
        (("services", "ticker"), 16),
        (("services", "ticker", "labels", "desk"), 18),
        (("services", "ticker", "replicas"), 16),
        (("services", "ticker", "sockets", "ticks"), 4),
        (("services", "ticker", "sockets", "ticks", "type"), 6),
        (("services", "ticker", "sockets", "ticks", "bind", 1), 8),
        (("services", "momentum"), 20),
        (("services", "momentum", "segment"), 22),
        (("services", "momentum", "sockets", "market", "connect", 0), 25),
        (("tests", 0), 30),
        (("tests", 0, "deny", 0), 31),
        (("nowhere",), 10),
    ],
)
def test_every_key_is_on_the_line_where_it_is_written(run, path, line):
    assert run(DEMO)["demo"].load().place_of(*path) == ("program.py", line)


def test_a_flow_comes_from_the_line_on_which_its_client_connects(run):
    planned = plan(run(DEMO)["demo"].load())
    (flow,) = planned.flows
    assert str(planned.origins.flow(flow)) == "program.py:25"


def test_what_a_function_makes_is_where_the_function_makes_it(run):
    known = run(
        dedent("""\
        from bulkhead.topology import *

        def producer(name, port, **more):
            return Service(
                name, segment="feed",
                sockets=[Socket("out", type="PUB", bind=f"tcp://*:{port}")],
                **more,
            )

        made = [producer(f"p{n}", 5556 + n,
                         replicas=n) for n in (0, 1)]
        """)
    )
    demo = known["Topology"](
        "demo", region="eu-west-1", cidr="10.20.0.0/16", zones=1, segments=[
            known["Segment"]("feed", purpose="x")
        ], services=known["made"],
    )  # fmt: skip
    with pytest.raises(Exception, match="replicas: 0 is not a number") as caught:
        demo.load()
    assert str(caught.value).startswith("program.py:4: service p0, replicas")


def test_a_topology_may_be_of_several_files_and_defaults_hold_in_all_of_them(run, monkeypatch):
    monkeypatch.syspath_prepend(Path.cwd())
    Path("desks.py").write_text(
        "from bulkhead.topology import *\n"
        'idle = Socket("idle", type="PAIR", bind="inproc://x")\n'
        'desk = Service("desk", segment="feed", sockets=[idle])\n'
    )
    known = run(
        dedent("""\
        from bulkhead.topology import *
        from desks import desk

        demo = Topology(
            "demo", region="eu-west-1", cidr="10.20.0.0/16", zones=1,
            segments=[Segment("feed", purpose="prices")],
            services=[desk],
            defaults=Defaults(
                service=DefaultService(owner="desks",
                                       replicas=2)),
        )
        """)
    )
    sys.modules.pop("desks")
    loaded = known["demo"].load()
    assert loaded.services["desk"].replicas == 2
    assert loaded.place_of("services", "desk") == ("desks.py", 3)
    assert loaded.place_of("services", "desk", "replicas") == ("program.py", 10)
    assert loaded.place_of("services", "desk", "sockets", "idle") == ("desks.py", 2)


def test_what_is_replaced_in_a_copy_is_where_the_copy_is_made(run):
    known = run(
        dedent("""\
        from dataclasses import dataclass, replace
        from bulkhead.topology import *

        @dataclass(frozen=True, kw_only=True, eq=False, repr=False)
        class Desk(Service):
            segment: str = "desks"

        first = Desk("first")
        second = replace(first, name="second")
        """)
    )
    assert (known["first"].made.line, known["second"].made.line) == (8, 9)


def test_a_program_without_a_source_has_the_lines_of_its_calls():
    known = {"__name__": "__main__"}
    text = DEMO.replace('"10.20.0.0/16"', '"10.20.0.0"')
    exec(compile(text, "<stdin>", "exec"), known)  # noqa: S102 - it is a test's own text
    with pytest.raises(Exception, match="<stdin>:10: cidr"):
        known["demo"].load()
