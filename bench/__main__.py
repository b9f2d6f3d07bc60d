"""`make bench`: how fast the prover is, beside its peers and over size, in one run.

Every figure is of this very run of the benchmark, in milliseconds of a processor; what counts
are the ratios between them and how they grow. Whoever takes long is asked at few sizes:
`--quick` has less patience.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import flow_records, messy, written
from bench.audits import audited
from bench.clock import alone, best, process, while_patient
from bench.fleets import build, decide, lost_reply, other_rule
from bench.peer import write_for_peer
from bench.policies import asked, empty
from bench.stack import updates
from bulkhead.compare import compare
from bulkhead.doubt.bdd import ask_bdds
from bulkhead.doubt.proved import claims_of
from bulkhead.doubt.smt import ask_z3
from bulkhead.intent.load import topology_of
from bulkhead.lint import lint
from bulkhead.network import Network
from bulkhead.observe import dump
from bulkhead.plan import plan
from bulkhead.prove import prove, reprove
from bulkhead.prove.overview import overview
from bulkhead.review import review

SIZES = (125, 250, 500, 1000)
"""Services of a fleet, and interfaces of a messy account."""
FEW = 25
"""Interfaces of a messy account that other opinions end with while one waits."""
FLEETS = (100, 1000, 5000)
"""Services of ten flows each that are planned."""
MANY = 3000
LARGE = 10_000
RESOURCES = 1000
LINES = 100_000
"""Of source code that is scanned for sockets."""
RECORDS = 10_000_000
"""Of flow logs."""
PATIENCE, LITTLE = 120, 5
"""Seconds that another program gets for one question."""
_OURS = str(Path(sys.executable).with_name("bulkhead"))
UPDATED = ((50, True), (200, False), (500, False))
"""Services that are built by the engine, and whether it writes the whole state at each step: that
grows with the square."""
QUICKLY = ((20, True),)
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


def opinions(
    networks: list[Network], patience: int, small: tuple[Network, ...] = ()
) -> Iterator[Row]:
    """Other ways to answer the question: no packet at all may contradict a claim of the proof.

    A `small` network shows beforehand whether the first size is worth the wait.
    """
    for name, ask in (("z3", ask_z3), ("BDD (OxiDD)", ask_bdds)):

        def confirm(network: Network, ask=ask) -> float:
            claims = next(iter(claims_of(prove(network))))
            return best(lambda: ask(network, claims, limit=1), times=1)

        figures = while_patient(confirm, (*small, *networks), patience)
        yield Row("every cell, both directions", name, figures[len(small) :])


def peer(networks: list[Network], folder: Path, patience: int) -> Iterator[Row]:
    """What fwshift needs for its audit, and to compare two snapshots (whole processes)."""
    if not PEER.exists():
        return
    files = [write_for_peer(each, folder / f"{index}.json") for index, each in enumerate(networks)]
    edited = [
        write_for_peer(lost_reply(other_rule(each)), folder / f"{index}-edited.json")
        for index, each in enumerate(networks)
    ]

    def audit(path: Path) -> float | None:
        return process([str(PEER), "audit", "--from", "aws", str(path)], patience)

    def differences(both: tuple[Path, Path]) -> float | None:
        sources = ["--from", "aws", "--from-second", "aws", *map(str, both)]
        return process([str(PEER), "compare", *sources], patience)

    yield Row("audit of all rules", "fwshift", while_patient(audit, files, patience))
    pairs = zip(files, edited, strict=True)
    yield Row(
        "two snapshots, one rule and one reply apart",
        "fwshift",
        while_patient(differences, pairs, patience),
    )


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


def reviewed(folder: Path) -> Iterator[Row]:
    """What a reviewer asks of two versions of a topology, and what comes before the answer."""
    plans = [written.planned(size) for size in SIZES]
    yield prover([before.network for before, _ in plans])
    sides = [[written.version("plan", each) for each in both] for both in plans]
    yield Row(
        "review of two plans: both proved, compared, told",
        "bulkhead review",
        tuple(best(lambda both=each: review(*both)) for each in sides),
    )
    wide = [written.wide(size).encode() for size in SIZES]
    yield Row(
        "one topology of ten flows a service: its YAML read and resolved",
        "bulkhead",
        tuple(best(lambda text=each: topology_of("a", text)) for each in wide),
    )
    read = [topology_of("a", text) for text in wide]
    yield Row(
        "the same, planned: its YAML is read by then",
        "bulkhead",
        tuple(best(lambda topology=each: plan(topology)) for each in read),
    )
    files = [written.repository(size, folder / f"{size}") for size in SIZES]
    command = [_OURS, "review", "--git", "HEAD~1..HEAD"]
    yield Row(
        "review of a commit from git, the whole process",
        "bulkhead review --git",
        tuple(process([*command, str(each)], PATIENCE) for each in files),
    )


def planning(folder: Path) -> Iterator[str]:
    """What a plan takes at other sizes: its file read, planned, and the whole command, which also
    starts, and prints and writes what it planned. In brackets how it has grown."""
    before: tuple[float, ...] = ()
    for size in FLEETS:
        found = alone("planned", str(size))
        file = folder / f"{size}.yaml"
        file.write_text(written.wide(size))
        whole = process([_OURS, "plan", str(file)], PATIENCE) or 0.0
        figures = found["read"], found["plan"], found["read"] + found["plan"], whole
        grown = [f" ({new / old:.1f}x)" for new, old in zip(figures, before, strict=False)]
        read, made, both, command = (
            f"{figure:,.0f} ms{more}"
            for figure, more in zip(figures, grown or [""] * len(figures), strict=True)
        )
        yield (
            f"{size:,} services with {found['flows']:,} flows: read {read}, planned {made}, both "
            f"{both}, {found['megabytes']:,.0f} MB at most; `bulkhead plan`, the whole process "
            f"{command}"
        )
        before = figures


def disorder(folder: Path, patience: int) -> Iterator[Row]:
    """The same questions about accounts that nobody designed, and what a person asks of them."""
    accounts = [messy.answers(size) for size in SIZES]
    later = [messy.edited(each) for each in accounts]
    networks = [_observed(each, folder) for each in accounts]
    pairs = [*zip(networks, (_observed(each, folder) for each in later), strict=True)]
    yield prover(networks)
    yield from opinions(networks, patience, (_observed(messy.answers(FEW), folder),))
    yield Row(
        "what is open, for people",
        "bulkhead",
        tuple(best(lambda n=each: overview(prove(n))) for each in networks),
    )
    yield Row(
        "two snapshots, one rule apart",
        "bulkhead",
        tuple(best(lambda a=one, b=other: compare(a, b)) for one, other in pairs),
    )
    yield Row(
        "what is wrong with its rules",
        "bulkhead",
        tuple(best(lambda n=each: lint(n), times=1) for each in networks),
    )
    if PEER.exists():
        yield Row(
            "audit of all rules, each VPC",
            "fwshift",
            while_patient(
                lambda one: _each_vpc(folder, patience, "audit", one), accounts, patience
            ),
        )
        yield Row(
            "two snapshots, one rule apart",
            "fwshift",
            while_patient(
                lambda both: _each_vpc(folder, patience, "compare", *both),
                zip(accounts, later, strict=True),
                patience,
            ),
        )


def _observed(account: messy.Answer, folder: Path) -> Network:
    return dump(messy.write(account, folder / "account.json"))


def _each_vpc(folder: Path, patience: int, verb: str, *accounts: messy.Answer) -> float | None:
    """The peer reads one VPC at a time."""
    total = 0.0
    sources = [f"--from{second}" for second in ("", "-second")[: len(accounts)]]
    for number, parts in enumerate(zip(*map(messy.one_by_one, accounts), strict=True)):
        files = [
            str(messy.write(part, folder / f"vpc-{number}-{side}.json"))
            for side, part in enumerate(parts)
        ]
        options = [word for source in sources for word in (source, "aws")]
        took = process([str(PEER), verb, *options, *files], patience)
        if took is None:
            return None
        total += took
    return total


def disagreeing(folder: Path) -> str:
    """How much longer z3 and decision diagrams take for every cell of a small messy account."""
    networks = [_observed(messy.answers(FEW), folder)]
    ours = prover(networks).figures[0] or 1.0
    told = [
        f"{row.program} {(row.figures[0] or 0) / ours:,.0f} times"
        for row in opinions(networks, PATIENCE)
    ]
    return f"{FEW} messy interfaces, every cell: bulkhead {ours:,.0f} ms; {', '.join(told)} as long"


def previewed(folder: Path) -> str:
    """What the pack takes of a preview's time, beside one that asks nothing of the resources."""
    nothing = empty(folder)
    # By turns: what else the machine does is then in both.
    half, ours, bare = (
        min(found)
        for found in zip(
            *(
                (asked(RESOURCES // 2), asked(RESOURCES), asked(RESOURCES, nothing))
                for _ in range(3)
            ),
            strict=True,
        )
    )
    return (
        f"{RESOURCES:,} resources of a preview, the policy pack's whole process: {ours:,.0f} ms "
        f"({ours / half:.1f}x for twice the size); an empty pack of pulumi-policy: {bare:,.0f} ms "
        f"(bulkhead {ours / bare:.1f}x); what the engine takes to ask is beside both"
    )


def scanned() -> str:
    """How long the sockets of source code take to be found, and how that grows."""
    half, whole = (alone("code", str(each)) for each in (LINES // 2, LINES))
    return (
        f"{whole['lines']:,} lines of five languages, {whole['sockets']} sockets found in them: "
        f"{whole['ms']:,.0f} ms ({whole['ms'] / half['ms']:.1f}x for twice the lines), "
        f"{whole['megabytes']:,.0f} MB at most"
    )


def recorded(folder: Path) -> str:
    """How long it takes to say who talks to whom by flow logs, how that grows, and the memory."""
    told = []
    for form in ("parquet", "log"):
        half, whole = (
            alone("flows", str(flow_records.write(folder / f"flows.{form}", each)))
            for each in (RECORDS // 2, RECORDS)
        )
        told.append(
            f"{'Parquet' if form == 'parquet' else 'text'} {whole['ms']:,.0f} ms "
            f"({whole['ms'] / half['ms']:.1f}x for twice the records; {whole['seconds']:.1f} s by "
            f"the clock{_floor(whole) if form == 'log' else ''}), {whole['megabytes']:,.0f} MB at "
            "most"
        )
    return f"{RECORDS:,} records of flow logs, {whole['edges']:,.0f} edges: {'; '.join(told)}"


def _floor(told: dict[str, float]) -> str:
    return (
        f"; {told['ms'] / told['floor']:.1f}x DuckDB's own count of them, {told['floor']:,.0f} ms"
    )


def show(rows: list[Row], title: str, what: str) -> None:
    """Milliseconds, each row's growth from size to size, and its ratio to ours."""
    told = f"{title}: milliseconds of CPU; in brackets the growth for twice the size"
    table = Table(title=told, title_style="")
    for heading in ("question", "program"):
        table.add_column(heading)
    for size in SIZES:
        table.add_column(f"{size}\n{what}", justify="right")
    table.add_column("to bulkhead,\nat the largest", justify="right")
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
    parser.add_argument("--quick", action="store_true", help="wait seconds for others, not minutes")
    arguments = parser.parse_args()
    patience = LITTLE if arguments.quick else PATIENCE
    networks = [build(size) for size in SIZES]
    rows = [prover(networks), *opinions(networks, patience)]
    with tempfile.TemporaryDirectory() as folder:
        peers = list(peer(networks, Path(folder), patience))
    rows += peers[:1]
    rows += [differ(networks), *peers[1:]]
    rows.append(incremental(networks, other_rule, "again after one rule of a group"))
    rows.append(incremental(networks, lost_reply, "again after one NACL entry"))
    show(rows, "fleets as a plan makes them", "services")
    with tempfile.TemporaryDirectory() as folder:
        show(list(reviewed(Path(folder))), "topologies, read, planned and reviewed", "services")
    with tempfile.TemporaryDirectory() as folder:
        print(*planning(Path(folder)), sep="\n")
    with tempfile.TemporaryDirectory() as folder:
        show(list(disorder(Path(folder), patience)), "accounts that nobody designed", "interfaces")
        print(disagreeing(Path(folder)))
    for task, what in (("read", "for people"), ("undetermined", "what is undetermined, as JSON")):
        many = alone(task, str(MANY))
        print(
            f"{MANY:,} messy interfaces, {what}: {many['ms']:,.0f} ms with all that it takes, "
            f"{many['megabytes']:,.0f} MB at most"
        )
    with tempfile.TemporaryDirectory() as folder:
        print(previewed(Path(folder)))
    for services, checkpoints in QUICKLY if arguments.quick else UPDATED:
        for line in updates.told(services, checkpoints=checkpoints):
            print(line)
    print(
        f"{SIZES[-1]:,} messy interfaces, every control of every framework: "
        f"{audited(SIZES[-1]):,.0f} ms"
    )
    print(scanned())
    with tempfile.TemporaryDirectory() as folder:
        print(recorded(Path(folder)))
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
