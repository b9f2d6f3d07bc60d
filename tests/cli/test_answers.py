"""What each verb answers, and with which exit code."""

from importlib import metadata

import pytest

SCHEMAS = {
    ("check",): "bulkhead.check/2",
    ("plan",): "bulkhead.plan/2",
    ("prove",): "bulkhead.prove/2",
    ("reach", "--to", "risk"): "bulkhead.reach/1",
    ("reach", "--from", "momentum", "--hops", "all"): "bulkhead.reach/1",
    ("explain", "--from", "momentum", "--to", "ticker.ticks"): "bulkhead.explain/1",
}


@pytest.mark.parametrize("words", SCHEMAS, ids=" ".join)
def test_every_verb_has_a_versioned_json_form_and_nothing_else_on_stdout(ask, trading, words):
    verb, *rest = words
    answer = ask(verb, trading, *rest, "--json")
    assert answer.code == 0, answer.err
    assert answer.json["schema"] == SCHEMAS[words]


def test_check_says_yes_to_a_plan_in_one_sentence(ask, trading):
    answer = ask("check", trading)
    assert answer.code == 0
    assert "AS DECLARED the plan is exactly what trading declares" in answer.out
    assert "13 flows open, nothing else" in answer.out


def test_check_says_no_when_a_test_of_the_topology_fails_and_where_it_is_written(ask, trading):
    text = trading.read_text()
    line = len(text.rstrip().splitlines()) + 1
    trading.write_text(text.rstrip() + "\n  - { from: auditor, accept: [risk.checks] }\n")
    answer = ask("check", trading)
    assert answer.code == 1
    assert f"{trading}:{line}" in answer.out
    assert "auditor -> risk.checks" in answer.out


def test_plan_brings_the_lock_up_to_date_and_says_so(ask, trading):
    lock = trading.with_name("trading.lock.json")
    lock.unlink()
    first = ask("plan", trading)
    assert first.code == 0
    assert "commit it" in first.err
    before = lock.read_bytes()
    assert "commit it" not in ask("plan", trading).err
    assert lock.read_bytes() == before


def test_only_plan_writes_the_lock(ask, trading):
    lock = trading.with_name("trading.lock.json")
    lock.unlink()
    for verb in ("check", "prove"):
        assert ask(verb, trading).code == 0
        assert not lock.exists()


def test_a_stale_lock_is_refused_on_a_build_server(ask, trading, monkeypatch):
    lock = trading.with_name("trading.lock.json")
    monkeypatch.setenv("CI", "true")
    assert ask("check", trading).code == 0
    before = lock.read_bytes()
    trading.write_text(trading.read_text().replace("replicas: 3", "replicas: 4"))
    answer = ask("plan", trading)
    assert answer.code == 2
    assert "is stale" in answer.err
    assert "commit trading.lock.json" in answer.err
    assert lock.read_bytes() == before


def test_explain_shows_the_rules_of_an_allowed_flow_both_ways(ask, trading):
    answer = ask("explain", trading, "--from", "momentum", "--to", "ticker.ticks")
    assert answer.code == 0
    for rule in (
        "momentum/egress/tcp-5556-5557/ticker",
        "ticker/ingress/tcp-5556-5557/momentum",
        "reply to client port 32768",
    ):
        assert rule in answer.out


def test_explain_names_all_layers_that_block_and_exits_1(ask, trading):
    answer = ask("explain", trading, "--from", "exchange", "--to", "risk.checks", "--json")
    assert answer.code == 1
    assert answer.json["verdict"] == "denied"
    (only,) = answer.json["answers"]
    assert {hop["layer"] for hop in only["blocking"]} >= {
        "NACL ingress",
        "security group ingress",
        "NACL egress",
    }


@pytest.mark.parametrize("end", ["ticker", "ticker-1", "ticker.ticks", "10.20.0.6", "eni/ticker-1"])
def test_an_end_may_be_named_in_any_way_people_name_it(ask, trading, end):
    answer = ask("explain", trading, "--from", "momentum", "--to", end, "--port", 5556, "--json")
    assert answer.code == 0
    assert answer.json["verdict"] == "allowed"


def test_the_internet_reaches_nothing(ask, trading):
    answer = ask("explain", trading, "--from", "internet", "--to", "gateway.prices", "--json")
    assert answer.code == 1
    assert answer.json["verdict"] == "denied"


def test_prove_lists_every_declared_flow_as_a_cell(ask, trading):
    cells = [
        cell
        for cell in ask("prove", trading, "--json").json["cells"]
        if cell["protocol"] == "tcp" and cell["verdict"] == "allowed"
    ]

    def is_open(sender, service, port):
        return any(
            sender in (cell["from"]["service"], cell["from"]["name"])
            and cell["to"]["service"] == service
            and cell["ports"][0] <= port <= cell["ports"][1]
            for cell in cells
        )

    assert is_open("momentum", "ticker", 5556)
    assert is_open("exchange", "gateway", 5560)
    assert not is_open("auditor", "ticker", 5556)


def test_the_matrix_has_a_row_for_every_socket(ask, trading):
    answer = ask("prove", trading)
    for socket in ("broker.in", "broker.out", "gateway.prices", "ticker.control", "risk.checks"):
        assert socket in answer.out


def test_prove_lists_the_denied_cells_too_so_that_every_port_of_every_pair_is_there(ask, trading):
    document = ask("prove", trading, "--json").json
    covered = {}
    for cell in document["cells"]:
        assert {"interface", "instance", "subnet", "vpc", "security_groups", "prefix"} <= set(
            cell["from"]
        )
        assert "stranger" not in (cell["from"]["kind"], cell["to"]["kind"])
        key = (cell["from"]["name"], cell["to"]["name"], cell["protocol"])
        first, last = cell["ports"] or (0, 65535)
        covered[key] = covered.get(key, 0) + last - first + 1
    assert set(covered.values()) == {65536}
    ends = [each for each in document["endpoints"] if each["kind"] != "stranger"]
    outer = [each for each in ends if each["kind"] in ("internet", "elsewhere")]
    inner = len(ends) - len(outer)
    pairs = inner * (inner - 1) + 2 * inner * len(outer)
    ipv6 = sum(each["prefix"].count(":") > 0 for each in outer)
    assert len(covered) == 4 * (pairs - 2 * inner * ipv6)
    assert document["counts"]["denied"] == sum(
        cell["verdict"] == "denied" for cell in document["cells"]
    )


def test_prove_leaves_out_what_was_not_asked_for_and_still_counts_it(ask, trading):
    document = ask("prove", trading, "--json", "--verdict", "allowed,half-open").json
    assert {cell["verdict"] for cell in document["cells"]} == {"allowed"}
    assert document["counts"]["denied"] > 0
    with_strangers = ask("prove", trading, "--json", "--strangers").json
    assert "stranger" in {cell["from"]["kind"] for cell in with_strangers["cells"]}


def test_reach_answers_who_gets_to_a_port(ask, trading):
    answer = ask("reach", trading, "--to", "risk", "--port", 5570, "--json")
    assert answer.code == 0
    assert {cell["from"]["service"] for cell in answer.json["cells"]} == {"momentum", "arbitrage"}
    assert {tuple(cell["ports"]) for cell in answer.json["cells"]} == {(5570, 5570)}
    assert not answer.json["denied_listed"]


def test_reach_between_two_named_ends_lists_the_denied_cells_too(ask, trading):
    answer = ask("reach", trading, "--from", "momentum-1", "--to", "risk", "--protocol", "tcp")
    assert answer.code == 0
    assert "tcp 5570" in answer.out
    found = ask(
        "reach", trading, "--from", "momentum-1", "--to", "risk", "--protocol", "tcp", "--json"
    ).json
    assert [(cell["ports"], cell["verdict"]) for cell in found["cells"]] == [
        ([0, 5569], "denied"),
        ([5570, 5570], "allowed"),
        ([5571, 65535], "denied"),
    ]


def test_reach_says_no_where_everything_is_denied(ask, trading):
    answer = ask("reach", trading, "--from", "internet", "--to", "risk")
    assert answer.code == 1
    assert "denied" in answer.out


NOWHERE = [
    ("10.20.200.9", "no subnet of VPC trading holds it", None),
    ("10.20.0.1", "AWS keeps this address of subnet feed-eu-west-1a", "subnet/feed/eu-west-1a"),
]


@pytest.mark.parametrize(("address", "why", "subnet"), NOWHERE)
@pytest.mark.parametrize("side", ["--from", "--to"])
def test_reach_says_no_and_why_where_no_host_can_have_the_address(
    ask, trading, address, why, subnet, side
):
    other = {"--from": "--to", "--to": "--from"}[side]
    question = ("reach", trading, side, address, other, "risk", "--port", 5570)
    answer = ask(*question)
    assert answer.code == 1
    assert "denied" in answer.out
    assert why in " ".join(answer.out.split())
    answer = ask(*question, "--json")
    assert answer.code == 1
    document = answer.json
    assert {cell["verdict"] for cell in document["cells"]} == {"denied"}
    assert {cell["protocol"] for cell in document["cells"]} == {"tcp", "udp"}
    assert {tuple(cell["ports"]) for cell in document["cells"]} == {(5570, 5570)}
    for cell in document["cells"]:
        end, host = cell[side[2:]], cell[other[2:]]
        assert host["service"] == "risk"
        assert end.keys() == host.keys()
        assert (end["kind"], end["id"], end["address"]) == ("nowhere", address, address)
        assert (end["vpc"], end["subnet"]) == ("vpc/trading", subnet)
    (named,) = document["nowhere"]
    assert (named["address"], named["why"].startswith(why)) == (address, True)


@pytest.mark.parametrize(("address", "why", "subnet"), NOWHERE)
@pytest.mark.parametrize("more", [(), ("--hops", "all")])
def test_nobody_gets_to_an_address_that_no_host_can_have(ask, trading, address, why, subnet, more):
    answer = ask("reach", trading, "--to", address, *more)
    assert answer.code == 1
    assert why in " ".join(answer.out.split())
    document = ask("reach", trading, "--to", address, *more, "--json").json
    assert document["reached" if more else "cells"] == []
    assert [each["subnet"] for each in document["nowhere"]] == [subnet]


@pytest.mark.parametrize(("address", "why", "subnet"), NOWHERE)
def test_explain_says_why_no_host_can_have_the_address(ask, trading, address, why, subnet):
    words = ("explain", trading, "--from", address, "--to", "ticker.ticks")
    answer = ask(*words)
    assert answer.code == 1
    assert why in " ".join(answer.out.split())
    document = ask(*words, "--json").json
    assert document["verdict"] == "denied"
    (said,) = document["answers"]
    assert said["codes"] == ["NO_PATH"]
    assert said["blocking"][0]["why"].startswith(why)
    assert (said["from"]["kind"], said["from"]["subnet"]) == ("nowhere", subnet)
    assert not said["remedy"]["opens"]


def test_an_address_that_some_host_can_have_is_not_nowhere(ask, trading):
    for address in ("10.20.0.4", "10.20.0.77", "10.9.9.9", "8.8.8.8"):
        document = ask("reach", trading, "--from", address, "--to", "risk", "--json").json
        assert document["nowhere"] == []


def test_a_socket_that_is_named_is_asked_about_at_its_own_port(ask, trading):
    found = ask("reach", trading, "--to", "risk.checks", "--json").json
    assert {tuple(cell["ports"]) for cell in found["cells"]} == {(5570, 5570)}


def test_an_address_in_the_answer_is_the_one_that_was_asked_about(ask, trading):
    found = ask("reach", trading, "--from", "8.8.8.8", "--to", "risk-1", "--json").json
    assert {cell["from"]["address"] for cell in found["cells"]} == {"8.8.8.8"}
    assert {cell["to"]["interface"] for cell in found["cells"]} == {"eni/risk-1"}


def test_the_blast_radius_goes_by_hops_with_the_way_of_each(ask, trading):
    direct = ask("reach", trading, "--from", "exchange", "--hops", 1, "--json").json["reached"]
    assert {each["hops"] for each in direct} == {1}
    every = ask("reach", trading, "--from", "exchange", "--hops", "all", "--json").json["reached"]
    (broker,) = [each for each in every if each["end"]["service"] == "broker"]
    assert broker["hops"] == 2
    assert [step["to"]["service"] for step in broker["path"]] == ["gateway", "broker"]
    assert [step["traffic"][0]["ports"] for step in broker["path"]] == [[5560, 5560], [5561, 5561]]
    back = ask("reach", trading, "--to", "broker.in", "--hops", "all", "--json").json["reached"]
    assert ("exchange", 2) in {(each["end"]["name"], each["hops"]) for each in back}


def test_a_connecting_socket_stands_for_its_service(ask, trading):
    for verb in ("explain", "reach"):
        answer = ask(verb, trading, "--from", "momentum.check", "--to", "risk.checks")
        assert answer.code == 0, answer.err


def test_the_version_is_told(ask):
    answer = ask("--version")
    assert (answer.code, answer.out) == (0, f"bulkhead {metadata.version('bulkhead')}\n")
