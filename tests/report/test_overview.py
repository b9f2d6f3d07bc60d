"""A large proof is said in few lines, and says how to ask for the rest."""

import io

import pytest
from rich.console import Console

from bulkhead.ends import EndpointKind
from bulkhead.network import ALL_PORTS, PortRange, Verdict
from bulkhead.prove import Question, ask, prove
from bulkhead.prove.overview import Crossing, Overview, Receiver
from bulkhead.report.overview import print_overview
from bulkhead.report.reach import print_reach
from tests.support.estate import Estate

WEB = ((6, (PortRange(443, 443),)),)
ALL = ((None, (ALL_PORTS,)),)


def _crossing(number, **pairs):
    return Crossing(
        source=f"net {number}",
        destination="net 0",
        kinds=(EndpointKind.INTERFACE, EndpointKind.INTERFACE),
        traffic=WEB,
        pairs={
            Verdict.ALLOWED: 0,
            Verdict.HALF_OPEN: 0,
            Verdict.UNDETERMINED: 0,
            **{Verdict(key): value for key, value in pairs.items()},
        },
        of_pairs=1000,
    )


def _receivers(number):
    return tuple(Receiver(name=f"web-{n}", traffic=ALL, ends=2, senders=3) for n in range(number))


def _said(found, source="dump.json"):
    console = Console(file=io.StringIO(), width=120)
    print_overview(console, source, found)
    return console.file.getvalue()


def _overview(crossings, exposed=(), unsure=()):
    return Overview(ends=1234, crossings=tuple(crossings), exposed=exposed, unsure=unsure)


def test_what_is_left_out_is_counted_by_verdict_with_the_command_that_tells_it():
    many = [_crossing(number, allowed=10, undetermined=2) for number in range(200)]
    said = _said(_overview(many, _receivers(70), _receivers(30)))
    assert "and 140 more: 1,400 allowed, 280 undetermined" in said
    assert "and 50 more; all: bulkhead reach dump.json --from internet" in said
    assert (
        "and 10 more; all: bulkhead prove dump.json --json --strangers --verdict undetermined"
        in said
    )
    assert "Open from the internet: 140 ends of 70 names" in said
    assert len(said.splitlines()) < 130


def test_a_command_names_the_source_as_a_shell_takes_it():
    said = _said(_overview([_crossing(1, allowed=1)]), source="my dump; rm")
    assert "bulkhead prove 'my dump; rm' --json" in said


@pytest.mark.parametrize("title", ["Open from the internet", "Undetermined"])
def test_nothing_is_said_to_be_nothing(title):
    assert f"{title}: nothing" in _said(_overview([]))


def test_an_answer_of_too_many_pairs_is_told_from_place_to_place():
    estate = Estate()
    estate.subnet("a", "10.0.0.0/24")
    estate.group("g", "in tcp 80 10.0.0.0/8", "out all 0.0.0.0/0")
    for number in range(50):
        estate.host(f"h{number}", "a", f"10.0.0.{10 + number}", "g")
    console = Console(file=io.StringIO(), width=120)
    print_reach(console, ask(prove(estate.build()), Question(from_="a", to="a")))
    said = console.file.getvalue()
    assert "tcp 80" in said
    assert "2,450 allowed of 2,450" in said
    assert len(said.splitlines()) < 10
