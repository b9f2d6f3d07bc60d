from __future__ import annotations

import json
from pathlib import Path

import pytest

from bulkhead.sources import open_topology
from tests.cli.conftest import TOPOLOGIES
from tests.support.flow_logs import Host, talk, write

TRADING = TOPOLOGIES / "trading.yaml"


@pytest.fixture(scope="module")
def logs(tmp_path_factory) -> Path:
    """One declared flow, one that is not, and one that is refused."""
    at = {each.name: str(each.address) for each in open_topology(TRADING).network.interfaces}
    gateway, broker, ticker = (
        Host(f"eni-{each}", at[each]) for each in ("gateway-1", "broker-1", "ticker-1")
    )
    folder = tmp_path_factory.mktemp("logs")
    write(
        folder / "a.log.gz",
        [
            *talk(gateway, broker, 5561),
            *talk(gateway, ticker, 5556, client_port=41_000),
            *talk("203.0.113.9", ticker, 22, refused_at="eni-ticker-1"),
        ],
    )
    return folder


def test_a_shadow_is_exit_code_1_and_named(ask, logs):
    answer = ask("discover", "flows", str(logs), "--against", str(TRADING))
    assert answer.code == 1
    assert answer.out.index("seen, never declared (1)") < answer.out.index(
        "gateway-1 -> ticker-1  tcp 5556"
    )
    assert "1 of 13 flows declared and seen" in answer.out
    assert "169.254.169.254" in answer.out, "what flow logs never have is said"


def test_without_a_topology_nothing_is_judged(ask, logs):
    answer = ask("discover", "flows", str(logs))
    assert answer.code == 0
    assert "refused at eni-ticker-1" in answer.out


def test_the_document_holds_every_edge_once(ask, logs):
    answer = ask("discover", "flows", str(logs), "--against", str(TRADING), "--json")
    document = json.loads(answer.out)
    assert (answer.code, document["schema"]) == (1, "bulkhead.discover-flows/1")
    (shadow,) = document["against"]["shadows"]
    edge = document["edges"][shadow]
    assert (edge["client"]["owner"], edge["server"]["owner"], edge["port"]) == (
        "gateway",
        "ticker",
        5556,
    )
    assert edge["opened_by"] == "first_packet"
    told = [number for each in document["against"]["seen"] for number in each["edges"]]
    for name in ("shadows", "attempts", "undecided", "blocked", "beside"):
        told += document["against"][name]
    assert sorted(told) == list(range(len(document["edges"])))


def test_markdown_has_a_table_and_no_markup_of_others(ask, logs):
    answer = ask("discover", "flows", str(logs), "--markdown")
    assert answer.code == 0
    assert "| client | server | traffic | records |" in answer.out


def test_statements_for_athena_read_no_logs(ask, logs):
    answer = ask("discover", "flows", "--athena", "logs.vpc", "--network", str(TRADING))
    assert answer.code == 0
    first = 'DROP TABLE IF EXISTS `logs`.`vpc_traffic`;\n\nCREATE TABLE "logs"."vpc_traffic" AS'
    assert answer.out.startswith(first)
    assert ask("discover", "flows", str(logs), "--athena", "logs.vpc").code == 2
    assert ask("discover", "flows", "--athena", "logs.vpc; DROP TABLE x").code == 2


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--json", "--markdown"],
        ["--vpc", "vpc-1"],
        ["--since", "yesterday"],
        ["--format", "nothing"],
    ],
)
def test_what_cannot_be_asked_is_exit_code_2(ask, logs, words):
    named = [str(logs)] if words else []
    assert ask("discover", "flows", *named, *words).code == 2
