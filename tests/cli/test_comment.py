"""`bulkhead comment` in a job: which pull request it is on, and what of a stranger's it posts."""

import json

import pytest

from bulkhead.forge import posting
from tests.support.forge_server import HEAD, forge_server

FORGES = ("GITHUB_", "GH_TOKEN", "CI_", "GITLAB_")


@pytest.fixture
def server():
    with forge_server() as state:
        yield state


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(posting.time, "sleep", lambda _: None)
    monkeypatch.setattr(posting.post, "__kwdefaults__", {"patience": 0, "sleep": lambda _: None})


@pytest.fixture
def job(monkeypatch, server, tmp_path):
    """The environment of a job of GitHub on pull request 7, and what is changed of it."""

    def enter(event=None, **changed):
        path = tmp_path / "event.json"
        of_a_pull = {"pull_request": {"number": 7, "head": {"sha": HEAD}}}
        path.write_text(json.dumps(of_a_pull if event is None else event))
        told = {
            "GITHUB_API_URL": server.root,
            "GITHUB_REPOSITORY": "owner/shop",
            "GITHUB_EVENT_PATH": str(path),
            "GITHUB_RUN_ID": "50",
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_TOKEN": "good",
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        }
        for name, value in (told | changed).items():
            monkeypatch.setenv(name, value)

    return enter


@pytest.fixture
def gitlab_job(monkeypatch, server):
    server.login, server.user = "project_1_bot", True
    told = {
        "CI_API_V4_URL": server.root,
        "CI_PROJECT_ID": "99",
        "CI_MERGE_REQUEST_PROJECT_ID": "group/shop",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_COMMIT_SHA": HEAD,
        "CI_PIPELINE_ID": "50",
        "CI_JOB_ID": "500",
        "GITLAB_TOKEN": "good",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def review(tmp_path):
    path = tmp_path / "review.md"
    path.write_text("**1 flow opened**\n")
    return path


FORK = {
    "workflow_run": {
        "event": "pull_request",
        "id": 44,
        "run_attempt": 2,
        "head_sha": HEAD,
        "head_branch": "feature/x y",
        "head_repository": {"owner": {"login": "stranger"}},
        "pull_requests": [],
    }
}


@pytest.fixture
def fork(server):
    """What GitHub lists of the fork's branch: pull request 7, at the head that was reviewed."""
    server.pulls = [{"number": 7, "head": {"sha": HEAD}, "from": "stranger:feature/x y"}]


def test_a_job_on_a_pull_request_needs_to_be_told_nothing(ask, job, server, review):
    job()
    assert ask("comment", review).code == 0
    said = ask("comment", review)
    assert said.out.startswith("updated the comment: https://")
    (body,) = server.of()
    assert "run=50.1" in body.partition("\n")[0]
    assert "**1 flow opened**" in body


def test_a_job_on_a_merge_request_needs_to_be_told_nothing(ask, gitlab_job, server, review):
    assert ask("comment", review).code == 0
    assert ask("comment", review).out == "updated the comment\n"
    assert len(server.of()) == 1


def test_by_hand_it_is_told_everything(ask, server, review, monkeypatch):
    monkeypatch.setenv("GITHUB_API_URL", server.root)
    monkeypatch.setenv("GH_TOKEN", "good")
    words = ("--repository", "owner/shop", "--number", 7, "--head", HEAD)
    assert ask("comment", review, *words).code == 0
    assert len(server.of()) == 1


@pytest.mark.parametrize(
    ("event", "changed", "says"),
    [
        ({"ref": "refs/heads/main"}, {}, "nothing says of which pull request this job is"),
        (None, {"GITHUB_REPOSITORY": "../../user"}, "nothing says of which repository"),
        ({"pull_request": {"number": 7}}, {}, "nothing says what the head"),
        ({"workflow_run": {"event": "push"}}, {}, "on pull_request alone"),
        (None, {"GITHUB_EVENT_PATH": "/nowhere"}, "there is no such file"),
    ],
)
def test_what_a_job_does_not_say_is_asked_for(ask, job, server, review, event, changed, says):
    job(event, **changed)
    answer = ask("comment", review)
    assert answer.code == 2
    assert says in answer.err
    assert server.asked == []


def test_a_body_or_the_other_half_is_named_and_not_both(ask, tmp_path, review):
    assert ask("comment").code == 2
    assert ask("comment", review, "--from", tmp_path).code == 2


@pytest.mark.parametrize("token", ["", "wrong"])
def test_what_cannot_be_posted_is_in_the_summary(ask, job, server, review, tmp_path, token):
    job(GITHUB_TOKEN=token)
    answer = ask("comment", review)
    assert answer.code == 2
    assert "github.token" in answer.err
    assert "the review is in the summary of this job" in answer.err
    assert "**1 flow opened**" in (tmp_path / "summary.md").read_text()
    assert server.of() == []


def test_the_token_is_in_nothing_that_is_printed(ask, job, server, review):
    for token in ("s3cr3t-token", "s3cr3t-token\nx"):
        job(GITHUB_TOKEN=token)
        answer = ask("comment", review)
        assert answer.code == 2
        assert "s3cr3t" not in answer.out + answer.err


@pytest.fixture
def half(ask, job, review, tmp_path):
    """What the workflow without a token hands over."""
    job(GITHUB_TOKEN="")
    assert ask("comment", review, "--write", tmp_path / "half").code == 0
    return tmp_path / "half"


def test_the_two_workflows_of_a_fork_come_to_one_comment(ask, job, server, fork, half):
    job(FORK)
    assert ask("comment", "--from", half).code == 0
    (body,) = server.of()
    assert "**1 flow opened**" in body
    assert "run=44.2" in body.partition("\n")[0]  # of the run that reviewed


def test_the_half_that_reviews_calls_nobody(server, half):
    assert server.asked == []


def test_a_half_of_another_commit_than_the_run_was_of_is_not_posted(ask, job, server, fork, half):
    facts = json.loads((half / "comment.json").read_text())
    (half / "comment.json").write_text(json.dumps(facts | {"head": "c" * 40}))
    job(FORK)
    answer = ask("comment", "--from", half)
    assert answer.code == 2
    assert "nothing was posted" in answer.err
    assert server.asked == []


def test_a_half_cannot_choose_a_pull_request_of_its_own(ask, job, server, fork, half):
    facts = json.loads((half / "comment.json").read_text())
    (half / "comment.json").write_text(json.dumps(facts | {"number": 1}))
    job(FORK)
    assert ask("comment", "--from", half).code == 0
    assert all("/issues/1/" not in each.path for each in server.asked)
    assert len(server.of()) == 1


def test_a_half_whose_pull_request_moved_on_is_not_posted(ask, job, server, fork, half):
    server.pulls[0]["head"]["sha"] = "d" * 40
    job(FORK)
    answer = ask("comment", "--from", half)
    assert answer.code == 0
    assert "has moved on" in answer.out
    assert server.of() == []


def test_of_two_pull_requests_with_one_head_the_half_says_which(ask, job, server, fork, half):
    server.pulls = [{**server.pulls[0], "number": 6}, *server.pulls]
    job(FORK)
    assert ask("comment", "--from", half).code == 0
    assert len(server.of()) == 1
    (half / "comment.json").write_text(json.dumps({"head": HEAD}))
    assert "is the head of #6, #7" in ask("comment", "--from", half).err


@pytest.mark.parametrize("name", ["comment.md", "comment.json"])
def test_a_half_that_leads_to_another_file_is_refused(ask, job, server, fork, half, name, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text((half / name).read_text())
    (half / name).unlink()
    (half / name).symlink_to(secret)
    job(FORK)
    answer = ask("comment", "--from", half)
    assert answer.code == 2
    assert "is a link" in answer.err
    assert server.of() == []


@pytest.mark.parametrize(
    "facts", ["", "[]", "{", '{"head": 7}', "[" * 60_000, '{"head": "x", "number": "7"}']
)
def test_a_half_that_is_broken_is_one_sentence(ask, job, server, fork, half, facts):
    (half / "comment.json").write_text(facts)
    job(FORK)
    answer = ask("comment", "--from", half)
    assert answer.code == 2
    assert "Traceback" not in answer.err
    assert server.of() == []


def test_a_half_may_say_anything_and_calls_nobody(ask, job, server, fork, half):
    (half / "comment.md").write_bytes(b"@org/team \xff ![x](https://example.test/x.png)")
    job(FORK)
    assert ask("comment", "--from", half).code == 0
    assert "@org" not in server.of()[0]
    assert "](" not in server.of()[0]
