"""`bulkhead snapshot`: evidence that every verb reads again."""

import json

import pytest

from tests.observe.pulumi.test_state import stack
from tests.support import previews as planned
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import OWNER, as_files, write
from tests.support.estate import Estate


@pytest.fixture
def dump(tmp_path):
    estate = Estate()
    estate.subnet("a", "10.0.0.0/24")
    estate.group("web", "in tcp 80 10.0.0.0/8", "out all 0.0.0.0/0")
    estate.host("h1", "a", "10.0.0.5", "web")
    estate.host("h2", "a", "10.0.0.6", "web")
    return write(as_files(with_aws_ids(estate.build())), tmp_path / "eu-west-1")


def test_what_was_kept_is_proved_to_be_the_same(ask, dump, tmp_path):
    kept = ask("snapshot", dump, "-o", tmp_path / "kept")
    assert kept.code == 0, kept.err
    assert f"KEPT {tmp_path / 'kept'}: " in kept.out
    assert f"of account {OWNER}" in kept.out
    before, after = (ask("prove", each, "--json").json for each in (dump, tmp_path / "kept"))
    apart = ("source", "provenance")
    assert {key: before[key] for key in before if key not in apart} == {
        key: after[key] for key in after if key not in apart
    }
    assert ask("diff", dump, tmp_path / "kept").code == 0


def test_the_json_names_every_file_and_the_time_is_that_of_the_evidence(ask, dump, tmp_path):
    said = ask("snapshot", dump, "-o", tmp_path / "kept", "--json").json
    assert (said["schema"], said["of"]) == ("bulkhead.snapshot/1", "dump")
    assert said["provenance"]["account"] == OWNER
    read = ask("prove", tmp_path / "kept", "--json").json["provenance"]
    assert read["time"] == said["provenance"]["time"]
    digests = {each["name"]: each["sha256"] for each in read["digests"]}
    assert digests == {
        str(tmp_path / "kept" / each["name"]): each["sha256"] for each in said["files"]
    } | {str(tmp_path / "kept" / "bulkhead-snapshot.json"): said["manifest_sha256"]}


def test_evidence_that_was_changed_answers_nothing(ask, dump, tmp_path):
    ask("snapshot", dump, "-o", tmp_path / "kept")
    (tmp_path / "kept" / "eu-west-1" / "Vpcs.json").write_text("{}")
    answer = ask("prove", tmp_path / "kept")
    assert (answer.code, answer.out) == (2, "")
    assert "Vpcs.json: was changed after it was kept" in answer.err


def written(path, document):
    path.write_text(json.dumps(document))
    return path


WHOLE = planned.document(
    *planned.EVERY,
    planned.create(
        planned.INGRESS,
        "web",
        securityGroupId="sg-1",
        ipProtocol="tcp",
        fromPort=80,
        toPort=80,
        cidrIpv4="0.0.0.0/0",
    ),
)


def less_sources(answer):
    return {key: answer[key] for key in answer if key not in ("base", "head", "provenance")}


def test_what_an_update_does_is_the_same_of_what_was_kept_before_it(ask, tmp_path):
    state = written(tmp_path / "state.json", planned.state_before(WHOLE))
    short = written(tmp_path / "preview.json", planned.without_sames(WHOLE))
    assert ask("snapshot", state, "-o", tmp_path / "was").code == 0
    kept = ask("snapshot", short, "--state", state, "-o", tmp_path / "will", "--json").json
    assert kept["of"] == "preview"
    assert [each["name"] for each in kept["read"]] == [str(short), str(state)]
    before = ask("review", state, short, "--json")
    after = ask("review", tmp_path / "was", tmp_path / "will", "--json")
    assert (before.code, before.json["changes"]) == (after.code, True)
    assert json.dumps(less_sources(before.json)) == json.dumps(less_sources(after.json))
    said = after.json["provenance"]["base"]
    assert str(tmp_path / "was" / "bulkhead-stack.json") in [
        each["name"] for each in said["digests"]
    ]


@pytest.mark.parametrize("verb", ["prove", "lint", "audit"])
def test_a_state_that_was_kept_is_judged_as_the_state(ask, tmp_path, verb):
    document = {"version": 3, "deployment": {"resources": stack()}}
    state = written(tmp_path / "state.json", document)
    ask("snapshot", state, "-o", tmp_path / "kept")
    answers = [ask(verb, each, "--json") for each in (state, tmp_path / "kept")]
    before, after = (
        {key: each.json[key] for key in each.json if key not in ("source", "verdict", "provenance")}
        for each in answers
    )
    assert before == after
    assert answers[0].code == answers[1].code


def test_a_topology_that_was_kept_stands_where_one_may(ask, trading, tmp_path):
    kept = tmp_path / "kept"
    ask("snapshot", trading, "-o", kept)
    trading.unlink()
    names = sorted(each.name for each in tmp_path.iterdir())
    for asked in (("plan", kept), ("check", kept), ("check", kept, "--on", kept)):
        answer = ask(*asked)
        assert (answer.code, answer.err) == (0, "")
    said = ask("review", kept, kept, "--json").json
    assert said["changes"] is False
    assert ask("lint", kept, "--for", kept).code == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == names
    (file,) = {each["file"] for each in ask("lint", kept, "--json").json["findings"]} or {trading}
    assert str(file) == str(trading)


def test_a_ledger_of_a_topology_that_was_kept_goes_where_somebody_says(ask, trading, tmp_path):
    kept = tmp_path / "kept"
    ask("snapshot", trading, "-o", kept)
    answer = ask("document", kept)
    assert (answer.code, answer.out) == (2, "")
    assert "kept is a snapshot, beside which nothing is written: name a page with -o" in answer.err
    assert ask("document", kept, "-o", tmp_path / "ledger.md").code == 0
    assert ask("document", kept, "-o", tmp_path / "ledger.md", "--check").code == 0
    assert "# Flows of trading" in (tmp_path / "ledger.md").read_text()


@pytest.mark.parametrize(
    ("source", "more", "says"),
    [
        ("kept", (), "is a snapshot already; copy the folder"),
        ("short.json", (), "or --state state.json"),
        ("short.json", ("--state", "trading.yaml"), "--state trading.yaml: is no state"),
        ("state.json", ("--state", "state.json"), "is no preview, and takes no state beside it"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_what_would_do(
    ask, trading, dump, tmp_path, monkeypatch, source, more, says
):
    monkeypatch.chdir(trading.parent)
    written(tmp_path / "state.json", planned.state_before(WHOLE))
    written(tmp_path / "short.json", planned.without_sames(WHOLE))
    ask("snapshot", dump, "-o", "kept")
    answer = ask("snapshot", source, *more, "-o", "new")
    assert answer.code == 2
    assert says in answer.err
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_taken_is_refused_before_anybody_is_asked(ask, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    (tmp_path / "mine.txt").write_text("mine")
    answer = ask("snapshot", "aws:eu-west-1", "-o", tmp_path)
    assert answer.code == 2
    assert "holds other things (mine.txt); name another folder with -o" in answer.err
