"""A cell is one thing: whatever shows a network says of it what the proof and the judge say."""

import json
from collections import Counter
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from rich.console import Console

from bulkhead.agree import Comparison, Drilled, tabulate
from bulkhead.judge import FindingKind, judge
from bulkhead.network import Declaration
from bulkhead.prove import prove
from bulkhead.report import picture
from bulkhead.report.documents.drill import drill as drilled
from bulkhead.report.documents.prove import prove as document
from bulkhead.report.markdown.proof import code, proof
from bulkhead.report.matrix import MARKS, print_matrix
from tests.support.examples import examples
from tests.support.messy import networks
from tests.support.shop import shop, with_entry, with_rule, without_entry, without_rule

FLOWS = tuple(shop()[1])


def odd():
    """The shop, and what may become of it."""
    network = shop()[0]
    yield "as declared", network
    yield "extra", with_rule(network, "sg-store", "in tcp 22 sg-idle")
    yield "missing", without_rule(network, "sg-store", "sg-store-0")
    lost = "out 200 allow tcp 32768-60999 10.0.1.0/24"
    yield "half-open", without_entry(network, "acl-back", lost)
    yield "partly", with_entry(network, "acl-back", "in 50 deny tcp 5556 10.0.1.128/25")
    yield "unknown", with_rule(network, "sg-store", "in tcp 20-30 0.0.0.0/0 ?")
    for name in ("web", "store"):
        left = tuple(each for each in network.interfaces if each.service != name)
        yield f"no {name}", replace(network, interfaces=left)
    yield "no plant", replace(network, sites=(), vpn_connections=())
    yield (
        "all but tcp",
        with_rule(
            with_entry(
                with_rule(network, "sg-idle", "out all sg-store"),
                "acl-back",
                "in 1 deny tcp * 0.0.0.0/0",
            ),
            "sg-store",
            "in all sg-idle",
        ),
    )


def marks(matrix, senders, socket):
    pairs = [matrix.pairs[sender, socket] for sender in senders]
    return tuple((MARKS[pair.proved], not pair.as_it_should_be) for pair in pairs)


def by_socket(matrix, senders):
    return Counter((some[0].called, marks(matrix, senders, some[0])) for some in matrix.alike)


def on_screen(network, matrix):
    """What the terminal shows, by socket."""
    if not matrix.sockets:
        return Counter()
    text = StringIO()
    print_matrix(Console(file=text, width=900), network, matrix)
    lines = text.getvalue().splitlines()
    left = lines[0].index("┌")
    first = next(number for number, line in enumerate(lines) if line.startswith("socket")) + 1
    rows = [line.ljust(900) for line in lines[first : first + len(matrix.alike)]]
    places = range(left, left + 3 * len(matrix.senders), 3)
    names = {each.called for each in matrix.sockets}
    return Counter(
        (
            max((name for name in names if row.startswith(f"{name} ")), key=len),
            tuple((row[at], row[at + 1] == "!") for at in places),
        )
        for row in rows
    )


def in_markdown(said, senders):
    """What a pull request shows, by socket; of the senders that it lists."""
    if "| traffic |" not in said:
        return (), Counter()
    rows = [line.strip("| ").split(" | ") for line in said.splitlines() if line.startswith("|")]
    head = next(row for row in rows if row[:2] == ["socket", "traffic"] and row[2:] != ["open to"])
    several = [each for each in senders if code(each.name) in head[2:]]
    assert [code(each.name) for each in several] == head[2:]
    cells = [row for row in rows[rows.index(head) + 2 :] if len(row) == len(head)]
    return several, Counter(
        (row[0], tuple((cell.strip("*")[0], "!" in cell) for cell in row[2:])) for row in cells
    )


def drawn(scene):
    return Counter(
        (each.sender, each.socket, each.status)
        for net in scene.nets
        for tap in net.taps
        for each in tap.openings
    )


def everything_agrees(network, declaration=None):
    reach = prove(network)
    matrix = tabulate(reach, declaration)
    judgement = judge(reach, declaration) if declaration else None
    assert on_screen(network, matrix) == by_socket(matrix, matrix.senders)
    said = proof("x", reach, matrix, judgement)
    senders, shown = in_markdown(said, matrix.senders)
    told = by_socket(matrix, senders)
    assert shown == Counter({(code(name), cells): told[name, cells] for name, cells in told})
    assert drawn(picture.scene("x", reach, matrix)) == Counter(
        (row, column, pair.status) for (row, column), pair in matrix.pairs.items() if pair.status
    )
    answer = Drilled(comparison=Comparison(reason="none"), judgement=judgement, matrix=matrix)
    assert [each["proved"] for each in drilled("x", answer)["matrix"]] == [
        None if pair.proved is None else str(pair.proved) for pair in matrix.pairs.values()
    ]
    return reach, matrix, judgement


@pytest.mark.parametrize("network", [pytest.param(each, id=name) for name, each in odd()])
def test_every_view_of_a_declared_network_marks_what_the_judge_finds(network):
    declaration = Declaration(topology="shop", flows=FLOWS)
    _, matrix, judgement = everything_agrees(network, declaration)
    flows = (FindingKind.MISSING, FindingKind.EXTRA, FindingKind.UNDETERMINED)
    said = {each.kind for each in judgement.findings} & set(flows)
    marked = {pair.as_it_should_be for pair in matrix.pairs.values()}
    assert bool(said) is (False in marked)


@examples(1 / 4, shrink=False)
@given(network=networks())
def test_every_view_of_any_network_shows_each_cell_as_it_was_proved(network):
    reach, matrix, _ = everything_agrees(network)
    found = map(json.loads, document("x", reach)["matrix"])
    told = {
        (each["from"], each["from_kind"], each["to"], each["ports"][0]): each["proved"]
        for each in found
    }
    for (row, column), pair in matrix.pairs.items():
        key = row.name, str(row.kind), column.name, column.ports.first
        assert told.get(key, "denied") == str(pair.proved or "denied"), key
