"""The questions in SQL, held against a program in plain Python that shares nothing with them; and
as Trino (which Athena is) reads them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import duckdb
import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.discover.flows import statements
from bulkhead.discover.flows.engine import STEPS, TABLES, engine, question, rows_of
from bulkhead.network import PortRange
from bulkhead.problems import UnusableError
from bulkhead.sources import open_topology
from tests.cli.conftest import TOPOLOGIES
from tests.support.examples import ONE_FOLDER, examples
from tests.support.flow_logs import DAY, NOVEMBER, V10, Host, Record, talk, write

HOSTS = [
    *(Host(f"eni-{each}", f"10.0.0.{each}") for each in range(4, 8)),
    Host("eni-new", "10.0.0.4"),
    Host("", "203.0.113.9"),
    Host("", "203.0.113.10"),
    Host("", "172.16.0.9"),
]
PORTS = [22, 5556, 32_768, 50_000, 51_000, 60_999]


@st.composite
def conversations(draw):
    found: list[Record] = []
    for _ in range(draw(st.integers(1, 8))):
        client, server = draw(st.sampled_from(HOSTS)), draw(st.sampled_from(HOSTS))
        if client.address == server.address or not (client.interface or server.interface):
            continue
        refused = draw(st.sampled_from(["", "", "", client.interface, server.interface]))
        found += talk(
            client,
            server,
            draw(st.sampled_from(PORTS)),
            client_port=draw(st.sampled_from(PORTS)),
            protocol=draw(st.sampled_from([6, 6, 6, 17, 1])),
            start=NOVEMBER + DAY * draw(st.integers(0, 2)) + draw(st.integers(0, 80_000)),
            windows=draw(st.integers(1, 3)),
            opened=draw(st.booleans()),
            answered=draw(st.booleans()),
            resets=draw(st.sampled_from([False, False, True])),
            refused_at=refused,
            path=draw(st.sampled_from([None, 1, 8])),
        )
    kept = draw(st.sets(st.integers(0, 200)))
    found = [each for number, each in enumerate(found) if number not in kept]
    if draw(st.booleans()):
        found = [replace(each, flags=None) for each in found]
    if draw(st.booleans()):
        found = [replace(each, direction="-") for each in found]
    return found


def is_private(address: str) -> bool:
    return address.startswith(("10.", "172.16."))


def opener(record: Record) -> str | None:
    if record.protocol != 6 or record.flags is None or not record.flags & 2:
        return None
    return "dst" if record.flags & 16 else "src"


def by_hand(records: list[Record]) -> Counter:
    """Edges with how often each was asked and answered, by a reading of what the questions say."""
    listening = {
        (each.src, each.protocol, each.srcport) for each in records if opener(each) == "dst"
    }
    met = defaultdict(set)
    for each in records:
        ends = (each.src, each.protocol, each.srcport), (each.dst, each.protocol, each.dstport)
        alike = (each.srcport >= 32_768) == (each.dstport >= 32_768)
        if opener(each) is None and alike and not listening & set(ends):
            met[ends[0]].add(ends[1])
            met[ends[1]].add(ends[0])
    crowds = {end for end, others in met.items() if len(others) > 2}
    found: Counter = Counter()
    for each in records:
        src = (each.src, each.protocol, each.srcport)
        dst = (each.dst, each.protocol, each.dstport)
        told, forward = side(each, src, dst, listening, crowds)
        client, server = (src, dst) if forward else (dst, src)
        names = [end[0] if is_private(end[0]) else "internet" for end in (client, server)]
        refused = each.action == "REJECT" and forward and "internet" in names
        kind = ("asked" if forward else "answered") + ("" if each.action == "ACCEPT" else "-not")
        bare = each.protocol == 6 and each.flags == 4 and each.bytes <= 60 * each.packets
        kind = "reset" if bare and kind == "answered" else kind
        other = client[2] if told == 6 else None
        port = None if refused else server[2]
        found[*names, each.protocol, port, other, told, each.interface, kind] += 1
    return found


def side(each, src, dst, listening, crowds) -> tuple[int, bool]:
    if opener(each):
        return 1, opener(each) == "src"
    for told, known in ((2, listening), (5, crowds)):
        if told == 5 and (each.srcport >= 32_768) != (each.dstport >= 32_768):
            return 4, each.srcport >= 32_768
        if (src in known) != (dst in known):
            return told, dst in known
    if each.srcport != each.dstport:
        return 6, each.srcport > each.dstport
    return 6, each.src <= each.dst


def counted(rows) -> Counter:
    found: Counter = Counter()
    for row in rows:
        for name, kind in (
            ("accepted", "asked"),
            ("rejected", "asked-not"),
            ("answered", "answered"),
            ("answers_rejected", "answered-not"),
            ("resets", "reset"),
        ):
            if row[name]:
                names = "client_end", "server_end", "protocol", "at_port", "other_port"
                key = *(row[each] for each in names), row["told_by"], row["interface_id"]
                found[*key, kind] += int(row[name])
    return found


def asked(records, folder, texts, *, runs=1) -> list[dict]:
    file = write(folder / "a.parquet", records)
    with engine() as database:
        database.execute(f"CREATE VIEW logs AS FROM '{file}'")
        forget, make, ask = texts
        for _ in range(runs):
            database.execute(sqlglot.transpile(forget, read="athena", write="duckdb")[0])
            database.execute(make)
            found = list(rows_of(database, ask))
        return found


@examples(1, ONE_FOLDER)
@given(records=conversations())
def test_edges_are_those_of_a_program_in_plain_python(tmp_path, records):
    rows = asked(records, tmp_path, statements("logs", fields=V10))
    assert counted(rows) == by_hand(records)


@examples(1 / 2, ONE_FOLDER)
@given(records=conversations())
def test_the_statements_say_to_trino_what_they_say_here(tmp_path, records):
    """Read by the grammar of Trino, and written for this database from what was understood."""
    texts = statements("logs", fields=V10)
    forget, *others = texts
    translated = [forget, *sqlglot.transpile(";".join(others), read="trino", write="duckdb")]
    here = asked(records, tmp_path, texts, runs=2)
    there = asked(records, tmp_path, translated)
    assert said(here) == said(there)


def said(rows) -> list:
    return sorted(
        repr(
            {
                name: sorted(map(repr, value)) if isinstance(value, list) else value
                for name, value in row.items()
            }
        )
        for row in rows
    )


@pytest.mark.parametrize("name", [*STEPS, "interfaces"])
@pytest.mark.parametrize("dialect", ["trino", "athena", "duckdb"])
def test_every_question_is_of_both_languages(name, dialect):
    (tree,) = sqlglot.parse(question(name), read=dialect)
    assert tree is not None
    assert not list(tree.find_all(sqlglot.exp.Anonymous)), "a function that the dialect has not"


def test_statements_for_a_network_parse_as_athena_reads_them():
    network = open_topology(TOPOLOGIES / "trading.yaml").network
    said = statements("logs.vpc", network)
    assert "10.20.0.5" in said[-1]
    for each in said:
        sqlglot.parse_one(each, read="athena")


def test_a_second_run_forgets_the_table_of_the_first_in_whatever_catalog(tmp_path):
    forget, make, _ = statements("other.logs.vpc")
    assert forget == "DROP TABLE IF EXISTS `logs`.`vpc_traffic`"
    assert make.startswith('CREATE TABLE "other"."logs"."vpc_traffic" AS')
    records = list(talk(HOSTS[0], HOSTS[1], 22))
    texts = statements("logs", fields=V10)
    assert said(asked(records, tmp_path, texts, runs=2)) == said(asked(records, tmp_path, texts))


def test_a_statement_that_athena_would_not_take_is_refused_with_its_length():
    network = open_topology(TOPOLOGIES / "trading.yaml").network
    first = network.listeners[0]
    listeners = [replace(first, ports=PortRange(port, port)) for port in range(1, 30_000, 2)]
    with pytest.raises(UnusableError, match="Athena takes 262144 at most; name a part"):
        statements("logs.vpc", replace(network, listeners=tuple(listeners)))


def test_the_table_of_the_documentation_has_the_columns_that_are_asked_for():
    docs = (TOPOLOGIES.parent / "docs" / "discover.md").read_text()
    (made,) = [part for part in docs.split("```") if part.startswith("sql\nCREATE EXTERNAL TABLE")]
    tree = sqlglot.parse_one(made.removeprefix("sql"), read="athena")
    columns = {each.name for each in tree.find_all(sqlglot.exp.ColumnDef)}
    assert {each.replace("-", "_") for each in V10} <= columns


def test_what_the_questions_are_told_has_the_columns_that_are_said():
    with engine() as database:
        for name, columns in TABLES.items():
            database.execute(
                f"CREATE TABLE {name} ({', '.join(' '.join(each) for each in columns.items())})"
            )
    assert duckdb.__version__
