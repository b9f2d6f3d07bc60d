"""`make bench`: how fast the prover is, beside its peers and over size, in one run.

Every figure is the best of a few runs in this very run of the benchmark; what
counts are the ratios between them and how they grow. `--quick` leaves out what
takes minutes.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.clock import alone, best, process
from bench.fleets import build, decide, lost_reply, other_rule
from bench.peer import write_for_peer
from bulkhead.compare import compare
from bulkhead.doubt.bdd import ask_bdds
from bulkhead.doubt.proved import claims_of
from bulkhead.doubt.smt import ask_z3
from bulkhead.network import Network
from bulkhead.prove import prove, reprove

SIZES = (125, 250, 500, 1000)
LARGE = 10_000
PATIENCE = 300
"""Seconds that a peer gets for one question."""
PEER = Path(".bulkhead/bench/bin/fwshift")


@dataclass(frozen=True)
class Row:
    """One question to one program, in milliseconds per size; None: not asked."""

    question: str
    program: str
    figures: tuple[float | None, ...]


def prover(networks: list[Network]) -> Row:
    """The proof itself: from the Network to a verdict for every cell."""
    return Row(
        "every cell, both directions",
        "bulkhead",
        tuple(best(lambda n=each: decide(prove(n))) for each in networks),
    )


def opinions(networks: list[Network]) -> Iterator[Row]:
    """Other ways to answer the question: no packet at all may contradict a claim of the proof."""
    claims = [next(iter(claims_of(prove(each)))) for each in networks]
    for name, ask in (("z3", ask_z3), ("BDD (OxiDD)", ask_bdds)):
        figures = tuple(
            best(lambda a=ask, n=network, c=each: a(n, c, limit=1), times=1)
            for network, each in zip(networks, claims, strict=True)
        )
        yield Row("every cell, both directions", name, figures)


def peer(networks: list[Network], folder: Path, *, quick: bool) -> Iterator[Row]:
    """What fwshift needs for its audit, and to compare two snapshots (whole processes)."""
    if not PEER.exists():
        return
    files = [write_for_peer(each, folder / f"{index}.json") for index, each in enumerate(networks)]
    audits = [process([str(PEER), "audit", "--from", "aws", str(each)], PATIENCE) for each in files]
    yield Row("audit of all rules", "fwshift", tuple(audits))
    edited = [
        write_for_peer(lost_reply(other_rule(each)), folder / f"{index}-edited.json")
        for index, each in enumerate(networks)
    ]
    compared = [
        None
        if quick and index > 1
        else process(
            [str(PEER), "compare", "--from", "aws", "--from-second", "aws", str(one), str(other)],
            PATIENCE,
        )
        for index, (one, other) in enumerate(zip(files, edited, strict=True))
    ]
    yield Row("two snapshots, one rule and one reply apart", "fwshift", tuple(compared))


def differ(networks: list[Network]) -> Row:
    """Two whole proofs and everything that differs between them."""
    pairs = [(each, lost_reply(other_rule(each))) for each in networks]
    return Row(
        "two snapshots, one rule and one reply apart",
        "bulkhead",
        tuple(best(lambda a=one, b=other: compare(a, b)) for one, other in pairs),
    )


def incremental(networks: list[Network], edit: Callable[[Network], Network], what: str) -> Row:
    """The proof after one edit, given the one before it."""
    figures = []
    for network in networks:
        edited, known = edit(network), prove(network)
        decide(known)

        def again(known=known, edited=edited) -> None:
            after = reprove(known, edited)
            decide(after, after.touched)

        figures.append(best(again))
    return Row(what, "bulkhead", tuple(figures))


def show(rows: list[Row]) -> None:
    """Milliseconds, each row's growth from size to size, and its ratio to ours."""
    table = Table(title="milliseconds; in brackets the growth for twice the size", title_style="")
    for heading in ("question", "program"):
        table.add_column(heading)
    for size in SIZES:
        table.add_column(f"{size} services\n{4 * size} flows", justify="right")
    table.add_column(f"to bulkhead\nat {SIZES[-1]}", justify="right")
    ours = {row.question: row for row in rows if row.program == "bulkhead"}
    base = next(row for row in rows if row.program == "bulkhead")
    for row in rows:
        cells = [
            _figure(row.figures[index - 1] if index else None, figure)
            for index, figure in enumerate(row.figures)
        ]
        table.add_row(row.question, row.program, *cells, _ratio(row, ours.get(row.question, base)))
    Console(width=max(140, Console().width)).print(table)


def _figure(before: float | None, figure: float | None) -> str:
    if figure is None:
        return "-"
    grown = f" ({figure / before:.1f}x)" if before else ""
    return f"{figure:,.0f}{grown}" if figure >= 10 else f"{figure:.1f}{grown}"


def _ratio(row: Row, ours: Row) -> str:
    for mine, theirs in zip(reversed(ours.figures), reversed(row.figures), strict=True):
        if mine is not None and theirs is not None:
            return f"{theirs / mine:,.1f}x"
    return "-"


def main() -> None:
    """Ask everybody at every size, then show it."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes")
    quick = parser.parse_args().quick
    networks = [build(size) for size in SIZES]
    rows = [prover(networks), *opinions(networks)]
    with tempfile.TemporaryDirectory() as folder:
        peers = list(peer(networks, Path(folder), quick=quick))
    rows += peers[:1]
    rows += [differ(networks), *peers[1:]]
    rows.append(incremental(networks, other_rule, "again after one rule of a group"))
    rows.append(incremental(networks, lost_reply, "again after one NACL entry"))
    show(rows)
    large = alone("large", str(LARGE))
    print(
        f"{LARGE:,} interfaces, {large['cells']:,} pairs and protocols: {large['ms']:,.0f} ms, "
        f"{large['megabytes']:,.0f} MB at most "
        f"({large['of which the network']:,.0f} MB before the proof)"
    )
    if not peers:
        print(f"{PEER} is not there: `make bench` installs it")


if __name__ == "__main__":
    main()
