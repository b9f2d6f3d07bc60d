"""Cells as JSON: every one, with its AWS ids, written as they are found."""

import json
import sys
import tracemalloc
from dataclasses import replace
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.ends import EndpointKind
from bulkhead.ends.labels import owner
from bulkhead.network import ICMP, PortRange, Verdict, icmp_range
from bulkhead.prove import Cell, matrix, prove, row_of
from bulkhead.prove.fold import folding
from bulkhead.report.documents import prove as documents
from bulkhead.report.documents.cells import CellTexts, cell_traffic
from bulkhead.report.documents.writing import stream
from tests.support.examples import examples
from tests.support.messy import networks


@pytest.fixture
def written(capsys):
    def write(parts):
        stream(parts)
        return json.loads(capsys.readouterr().out)

    return write


def test_what_is_streamed_is_one_document(written):
    later = []

    def items():
        for number in (1, 2):
            later.append(number)
            yield str(number)

    document = written(
        {"a": "b", "none": iter(()), "items": items(), "after": lambda: sum(later), "end": None}
    )
    assert document == {"a": "b", "none": [], "items": [1, 2], "after": 3, "end": None}


def test_each_end_has_its_names_and_its_aws_ids(shop, written):
    network = replace(
        shop.network,
        interfaces=tuple(
            replace(each, instance=f"i-{each.name}", public_address=IPv4Address("198.51.100.9"))
            for each in shop.network.interfaces
        ),
    )
    (db,) = [each for each in network.interfaces if each.name == "db-1"]
    cell = next(
        cell
        for cell in written(documents.prove("shop", prove(network)))["cells"]
        if cell["to"]["name"] == "db-1" and cell["verdict"] == "allowed"
    )
    assert cell["to"] == {
        "kind": "interface",
        "id": db.id,
        "name": "db-1",
        "service": "db",
        "address": str(db.address),
        "prefix": cell["to"]["prefix"],
        "interface": db.id,
        "instance": "i-db-1",
        "subnet": db.subnet,
        "vpc": network.vpcs[0].id,
        "security_groups": list(db.security_groups),
        "public_of": [],
    }
    assert (cell["protocol"], cell["ports"]) == ("tcp", [6000, 6000])


def test_every_cell_says_what_the_proof_says(shop, narrowed, written):
    reach = prove(narrowed(shop.network))
    verdicts = {
        (cell.source.name, cell.destination.name, str(cell.protocol), str(cell.ports)): cell
        for one in reach.endpoints
        for other in reach.endpoints
        for cell in reach.between(one, other)
    }
    document = written(documents.prove("shop", reach, strangers=True))
    numbers = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58", "other": "-1"}
    halves = 0
    for cell in document["cells"]:
        ports = PortRange(*(cell["ports"] or (0, 65535)))
        key = (cell["from"]["name"], cell["to"]["name"], numbers[cell["protocol"]], str(ports))
        assert cell["verdict"] == verdicts[key].verdict
        lost = [[each.first, each.last] for each in verdicts[key].lost]
        assert cell["lost_client_ports"] == lost
        halves += cell["verdict"] == "half-open"
    assert halves
    assert sum(document["counts"].values()) == len(document["cells"])


def test_icmp_is_told_by_type_and_code(shop):
    reach = prove(shop.network)
    one, other = reach.endpoints[:2]

    def cell(ports):
        return Cell(
            source=one, destination=other, protocol=ICMP, ports=ports, verdict=Verdict.ALLOWED
        )

    echo, every = cell(icmp_range(8, None)), cell(icmp_range(None, None))
    assert cell_traffic(ICMP, echo.ports) == {
        "protocol": "icmp",
        "ports": None,
        "icmp": [[8, 0], [8, 255]],
    }
    assert cell_traffic(ICMP, every.ports) == {"protocol": "icmp", "ports": None, "icmp": None}
    texts = CellTexts(reach.network)
    assert json.loads(texts.text(echo))["icmp"] == [[8, 0], [8, 255]]


def test_millions_of_cells_are_never_in_memory_together(shop, monkeypatch):
    reach = prove(shop.network)

    class Sink:
        size = 0

        def write(self, text):
            self.size += len(text)

    sink = Sink()
    monkeypatch.setattr(sys, "stdout", sink)
    line = CellTexts(reach.network).text(next(iter(reach.cells())))
    tracemalloc.start()
    stream({"cells": (line for _ in range(50_000))})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sink.size > 20_000_000
    assert peak < 100_000


def test_the_matrix_lists_what_is_open_and_nothing_else(shop, written):
    document = written(documents.prove("shop", prove(shop.network)))
    assert [(each["from"], each["to"], each["proved"]) for each in document["matrix"]] == [
        ("front", "db.ask", "allowed")
    ]
    kinds = {each["kind"] for each in document["endpoints"]}
    assert EndpointKind.STRANGER in kinds


@examples(1 / 2)
@given(networks(), st.sets(st.sampled_from(Verdict)))
def test_the_matrix_of_a_document_is_that_of_the_proof_less_what_nobody_wants(network, wanted):
    reach = prove(network)
    fold = folding(reach)
    table = matrix(reach, fold=fold)
    there = {}
    for row in table.rows:
        for column in table.columns:
            if table.entry(row, column) not in (None, Verdict.DENIED):
                found = _verdicts(reach, fold, row, column)
                if not wanted or found & wanted:
                    there[row.name, str(row.kind), column.name] = str(table.entry(row, column))
    document = documents.prove("messy", reach, verdicts=tuple(wanted))
    listed = [json.loads(each) for each in document["matrix"]]
    assert {(e["from"], e["from_kind"], e["to"]): e["proved"] for e in listed} == there
    assert len(listed) == len(there)


def _verdicts(reach, fold, row, column):
    """What the hosts of a row get at the ports of a column, host by host."""
    return {
        cell.verdict
        for source in reach.endpoints
        for to in reach.endpoints
        if row_of(source, fold) == row
        and (owner(to) or fold(to)) == column.owner
        and not reach.same_host(reach.index(to)) >> reach.index(source) & 1
        for cell in reach.between(source, to)
        if cell.protocol == column.protocol and cell.ports.overlap(column.ports)
    }
