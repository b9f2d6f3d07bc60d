"""`bulkhead snapshot`: evidence that every verb reads again."""

import json

import pytest

from tests.observe.pulumi import test_preview as planned
from tests.observe.pulumi.test_state import stack
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


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (
            "topology",
            "is a topology, and answers nothing; it is planned from the file",
        ),
        ("state", "is what an engine says, and holds no answers of AWS; it may hold secrets"),
        ("preview", "is what an engine says, and holds no answers of AWS; it may hold secrets"),
        ("snapshot", "is a snapshot already; copy the folder"),
    ],
)
def test_what_holds_no_answers_is_refused_with_what_to_keep_instead(
    ask, dump, trading, tmp_path, what, says
):
    state, preview = tmp_path / "state.json", tmp_path / "preview.json"
    state.write_text(json.dumps({"version": 3, "deployment": {"resources": stack()}}))
    preview.write_text(json.dumps(planned.document(*planned.FRESH)))
    ask("snapshot", dump, "-o", tmp_path / "old")
    sources = {
        "topology": trading,
        "state": state,
        "preview": preview,
        "snapshot": tmp_path / "old",
    }
    answer = ask("snapshot", sources[what], "-o", tmp_path / "kept")
    assert answer.code == 2
    assert says in answer.err
    assert not (tmp_path / "kept").exists()


def test_a_folder_that_is_taken_is_refused_before_anybody_is_asked(ask, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    (tmp_path / "mine.txt").write_text("mine")
    answer = ask("snapshot", "aws:eu-west-1", "-o", tmp_path)
    assert answer.code == 2
    assert "holds other things (mine.txt); name another folder with -o" in answer.err
