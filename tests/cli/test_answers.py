"""What each verb answers, and with which exit code."""

import pytest

SCHEMAS = {
    ("check",): "bulkhead.check/1",
    ("plan",): "bulkhead.plan/1",
    ("prove",): "bulkhead.prove/1",
    ("explain", "--from", "momentum", "--to", "ticker.ticks"): "bulkhead.explain/1",
}


@pytest.mark.parametrize("words", SCHEMAS, ids=lambda words: words[0])
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
        "momentum/egress/tcp-5556/ticker",
        "ticker/ingress/tcp-5556/momentum",
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
