"""The action, run as a runner runs it: real git, the real verbs, a forge on this machine."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bulkhead.forge.runner import Annotation, add_to_summary, annotated, outputs, shown
from tests.support.forge_server import forge_server
from tests.support.runner import Runner, commands, documents, evaluated, filled, parsed

ROOT = Path(__file__).resolve().parents[2]
ACTION = ROOT / "action.yml"
TEMPLATE = ROOT / "templates" / "review.yml"
pytestmark = pytest.mark.slow

EXAMPLES = sorted((ROOT / "docs" / "ci").glob("*.yml"))


def git(folder, *words):
    told = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.test", *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


class Repository:
    """A real repository with a topology, and commits that change it."""

    def __init__(self, folder):
        self.folder = folder
        self.topology = folder / "topologies" / "trading.yaml"
        self.topology.parent.mkdir(parents=True)
        git(folder, "init", "--quiet", "--initial-branch=main")
        for name in ("trading.yaml", "trading.lock.json"):
            shutil.copy(ROOT / "topologies" / name, self.topology.parent)
        self.base = self.commit("as it is")
        git(folder, "checkout", "--quiet", "-b", "change")

    def commit(self, subject):
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--allow-empty", "--message", subject)
        return git(self.folder, "rev-parse", "HEAD")

    def change(self, *edits):
        text = self.topology.read_text()
        for was, becomes in edits:
            assert was in text
            text = text.replace(was, becomes, 1)
        self.topology.write_text(text)
        return self.commit("a change")


@pytest.fixture
def server():
    with forge_server() as state:
        yield state


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "repository")


@pytest.fixture
def installed(tmp_path):
    """Where the action finds itself installed already: this checkout, in this environment."""
    binaries = tmp_path / "temp" / "bulkhead" / "bin"
    binaries.mkdir(parents=True)
    for name, words in (
        ("python", ""),
        ("bulkhead", f"-c '{AT_ONCE}'"),
    ):
        script = binaries / name
        script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" {words} "$@"\n')
        script.chmod(0o755)
    return tmp_path / "temp"


@pytest.fixture
def canned(installed):
    """A review that takes no time, for what is about the scripts around it."""
    review = {
        "schema": "bulkhead.review/1",
        "verdict": "1 flow opened",
        "changes": True,
        "failed": [],
        "counts": {"opened": 1},
    }
    folder = installed / "canned"
    folder.mkdir()
    (folder / "--json").write_text(json.dumps(review))
    (folder / "--markdown").write_text("**1 flow opened**")
    binary = installed / "bulkhead" / "bin" / "bulkhead"
    real = binary.rename(binary.with_name("real"))
    binary.write_text(
        f'''#!/bin/sh
[ "$1" = review ] || exec "{real}" "$@"
printf "%s\\n" "$@" > "{folder}/asked"
for each; do [ ! -f "{folder}/$each" ] || cat "{folder}/$each"; done
'''
    )
    binary.chmod(0o755)
    return folder


@pytest.fixture
def pull_request(tmp_path, repository, server, installed):
    """The action on pull request 7, as of a commit."""

    def on(head, *, fork=False, event=None, run=50, **environment):
        server.head = head
        source = "stranger/shop" if fork else "owner/shop"
        of_a_pull = {
            "pull_request": {
                "number": 7,
                "head": {"sha": head, "repo": {"full_name": source}},
                "base": {"sha": repository.base},
            }
        }
        happened = of_a_pull if event is None else event
        path = tmp_path / "event.json"
        path.write_text(json.dumps(happened))
        told = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": server.root,
            "GITHUB_REPOSITORY": "owner/shop",
            "GITHUB_EVENT_PATH": str(path),
            "GITHUB_RUN_ID": str(run),
            "GITHUB_RUN_ATTEMPT": "1",
            **environment,
        }
        github = {
            "event": happened,
            "event_name": "pull_request" if event is None else "workflow_run",
            "repository": "owner/shop",
            "token": "good",
        }
        return Runner(ACTION, repository.folder, installed, told, github)

    return on


AT_ONCE = """\
from bulkhead.cli import main
from bulkhead.forge import posting
posting.SETTLED = 0
main()"""
TOPOLOGY = "topologies/trading.yaml"
RENAMED = ("tcp://*:5570", "tcp://*:5599")
"""The port of a socket moves: a flow closes and another opens."""


def test_a_pull_request_that_moves_a_port_is_reviewed_in_one_comment(
    pull_request, repository, server
):
    head = repository.change(RENAMED)
    ran = pull_request(head).run(topology=TOPOLOGY, fail_on="none")
    assert ran.code == 0, ran.log
    (body,) = server.of()
    assert f"head={head} run=50.1" in body.partition("\n")[0]
    assert "5599" in body
    assert ran.summary.strip() in body
    assert ran.outputs["verdict"]
    assert ran.outputs["changed"] == "true"
    assert int(ran.outputs["opened"]) > 0
    line = repository.topology.read_text().split("5599")[0].count("\n") + 1
    obeyed = commands(ran.log)
    place = f"::warning file={TOPOLOGY},line={line},title=Flow opened::"
    assert f"{place}momentum -> risk.checks  tcp 5599: denied -> allowed" in obeyed
    run = json.loads(Path(ran.outputs["sarif"]).read_text())["runs"][0]
    places = {
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in run["results"]
    }
    assert TOPOLOGY in places
    assert Path(ran.outputs["junit"]).read_text().startswith("<?xml")
    assert "5599" in Path(ran.outputs["html"]).read_text()
    assert ran.used == []
    later = repository.change((RENAMED[1], "tcp://*:5598"))
    ran = pull_request(later, run=51).run(topology=TOPOLOGY, fail_on="opened")
    assert ran.code == 1  # after it commented
    assert ran.outputs["failed"] == "opened"
    (body,) = server.of()
    assert "5598" in body


def test_where_nothing_changes_nobody_is_told(pull_request, repository, server):
    nothing = repository.change(("# A market-data plant:", "# A plant:"))
    ran = pull_request(nothing).run(topology=TOPOLOGY)
    assert ran.code == 0, ran.log
    assert server.of() == []
    assert ran.outputs["changed"] == "false"
    assert ran.summary


def test_where_nothing_changes_it_comments_if_it_is_told_to(
    pull_request, repository, server, canned
):
    review = json.loads((canned / "--json").read_text()) | {"changes": False}
    (canned / "--json").write_text(json.dumps(review))
    assert pull_request(repository.base).run(topology=TOPOLOGY, comment_always="true").code == 0
    assert len(server.of()) == 1


def test_a_state_and_a_preview_are_compared_without_git(pull_request, repository, canned):
    inputs = {"before": "-state.json", "after": "preview.json", "comment": "false"}
    ran = pull_request(repository.base).run(**inputs)
    assert ran.code == 0, ran.log
    asked = ["review", "--markdown", "--", "-state.json", "preview.json"]
    assert (canned / "asked").read_text().splitlines() == asked


def test_new_boundaries_in_code_are_named_in_the_same_comment(pull_request, repository, server):
    code = repository.folder / "services" / "spy" / "main.py"
    code.parent.mkdir(parents=True)
    code.write_text(
        'import zmq\ns = zmq.Context().socket(zmq.SUB)\ns.connect("tcp://ticker:5556")\n'
    )
    (repository.folder / "two words").mkdir()
    head = repository.commit("a spy")
    ran = pull_request(head).run(topology=TOPOLOGY, code="services\ntwo words\n")
    assert ran.code == 0, ran.log
    (body,) = server.of()
    assert "services/spy/main.py:3" in body
    assert ran.outputs["changed"] == "true"


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"topology": TOPOLOGY, "before": "state.json"},
        {"before": "state.json"},
        {"topology": TOPOLOGY, "base": "", "head": ""},
    ],
)
def test_inputs_that_do_not_go_together_are_refused(pull_request, repository, server, inputs):
    ran = pull_request(repository.base).run(**inputs)
    assert ran.code == 2
    assert any(each.startswith("::error title=No review::") for each in commands(ran.log))
    assert server.asked == []


@pytest.mark.parametrize("hidden", ["base", "head", "topology", "fail_on", "before", "key", "code"])
def test_what_an_input_holds_is_no_code(pull_request, repository, tmp_path, canned, hidden):
    proof = tmp_path / "ran"
    evil = f"\"; touch {proof}; `touch {proof}` $(touch {proof}) #'\n::error::x"
    inputs = {"topology": TOPOLOGY, "fail_on": "none"} | {hidden: evil}
    if hidden == "before":
        inputs = {"before": evil, "after": "x"}
    ran = pull_request(repository.base).run(**inputs)
    assert not proof.exists()
    assert not [each for each in commands(ran.log) if each == "::error::x"]
    asked = (canned / "asked").read_text()
    lines = evil.splitlines() if hidden == "code" else [evil]
    assert all(each in asked for each in lines) or hidden == "key"


def test_a_clone_without_the_base_is_told_how_to_fetch_it(
    pull_request, repository, server, tmp_path
):
    head = repository.change(RENAMED)
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository.folder}", str(shallow))
    runner = pull_request(head)
    runner.workspace = shallow
    ran = runner.run(topology=TOPOLOGY)
    assert ran.code == 2
    (said,) = (each for each in commands(ran.log) if each.startswith("::error"))
    assert "fetch-depth: 0" in said
    assert server.asked == []


@pytest.mark.parametrize("posts", [201, 403])
def test_findings_are_uploaded_if_that_is_asked_for_also_without_a_comment(
    pull_request, repository, server, canned, posts
):
    if posts == 403:
        server.fail("POST", "/comments", 403)
    ran = pull_request(repository.base).run(topology=TOPOLOGY, upload_sarif="true")
    ((action, options),) = ran.used
    assert action.startswith("github/codeql-action/upload-sarif@")
    wanted = {"sarif_file": ran.outputs["sarif"], "category": f"bulkhead/{TOPOLOGY}"}
    assert options == wanted


def test_what_a_verdict_says_is_no_command(pull_request, repository, canned):
    review = json.loads((canned / "--json").read_text())
    evil = {"verdict": "##[error]x ::error::y\n::error::z"}
    (canned / "--json").write_text(json.dumps(review | evil))
    ran = pull_request(repository.base).run(topology=TOPOLOGY, comment="false")
    assert ran.code == 0
    assert commands(ran.log) == []
    assert "error" in ran.log


@pytest.mark.parametrize("form", ["--json", "--markdown"])
def test_what_breaks_down_is_no_review(pull_request, repository, server, canned, form):
    (canned / form).write_text("Traceback" if form == "--json" else "")
    ran = pull_request(repository.base).run(topology=TOPOLOGY)
    assert ran.code == 2
    assert "::error title=No review::bulkhead gave no answer" in ran.log
    assert server.asked == []


def test_a_topology_that_cannot_be_read_is_told_at_its_line(pull_request, repository, server):
    head = repository.change(("zones: 2", "zones: 9"))
    ran = pull_request(head).run(topology=TOPOLOGY)
    assert ran.code == 2
    (said,) = commands(ran.log)
    assert said.startswith(f"::error file={TOPOLOGY},line=7,title=No review::"), said
    assert server.asked == []


@pytest.mark.parametrize("fork", [False, True])
def test_a_job_that_may_not_comment_fails_unless_it_is_of_a_fork(
    pull_request, repository, server, canned, fork
):
    server.fail("POST", "/comments", 403, message="Resource not accessible by integration")
    ran = pull_request(repository.base, fork=fork).run(topology=TOPOLOGY)
    assert ran.code == (0 if fork else 2), ran.log
    assert "pull-requests: write" in ran.log
    told = [each for each in commands(ran.log) if each.startswith("::notice title=No comment::")]
    assert bool(told) is fork
    assert "**1 flow opened**" in ran.summary


def test_the_two_workflows_of_a_fork_post_what_the_first_found(
    pull_request, repository, server, tmp_path, canned
):
    head = repository.base
    half = tmp_path / "half"
    first = pull_request(head, fork=True)
    ran = first.run(topology=TOPOLOGY, write_half=str(half), token="")
    assert ran.code == 0, ran.log
    assert server.asked == []
    event = {
        "workflow_run": {
            "event": "pull_request",
            "id": 50,
            "run_attempt": 1,
            "head_sha": head,
            "head_branch": "change",
            "head_repository": {"owner": {"login": "stranger"}},
        }
    }
    server.pulls = [{"number": 7, "head": {"sha": head}, "from": "stranger:change"}]
    second = pull_request(head, event=event, run=60).run(post_half=str(half), key=TOPOLOGY)
    assert second.code == 0, second.log
    (body,) = server.of()
    assert "**1 flow opened**" in body
    assert "run=50.1" in body.partition("\n")[0]


def test_the_token_is_in_no_log(pull_request, repository, server, canned):
    server.token = "s3cr3t-token"  # noqa: S105 - opens nothing but that server
    runner = pull_request(repository.base)
    for token in ("s3cr3t-token", "s3cr3t-wrong"):
        assert "s3cr3t" not in runner.run(topology=TOPOLOGY, token=token).log


def steps_of(path):
    document = parsed(path)
    for job in document.get("jobs", {"": document.get("runs", {})}).values():
        yield from job["steps"]


def test_no_script_of_the_action_has_an_expression_in_it():
    for step in steps_of(ACTION):
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("path", [ACTION, *EXAMPLES], ids=lambda path: path.name)
def test_what_others_wrote_is_pinned_by_its_commit(path):
    for step in steps_of(path):
        if used := step.get("uses"):
            assert re.fullmatch(r"[\w/-]+@([0-9a-f]{40}|COMMIT)", used), used


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_asks_for_no_more_than_it_needs(path):
    workflow = parsed(path)
    on = workflow.get("on", workflow.get(True))
    jobs = workflow["jobs"].values()
    allowed = {"contents": "read", "actions": "read", "pull-requests": "write"}
    for permissions in (workflow["permissions"], *(each.get("permissions", {}) for each in jobs)):
        assert permissions.items() <= allowed.items()
    inputs = parsed(ACTION)["inputs"].keys()
    for step in steps_of(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
            assert (
                "workflow_run" not in on
            )  # nothing of a stranger is checked out where it may write
        if step.get("uses", "").startswith("OWNER/bulkhead@"):
            assert step["with"].keys() <= inputs


def rows(page, heading):
    """Of a table: what is named, and what is said of it."""
    table = page.partition(f"| {heading} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `([\w-]+)` \| (.*) \|$", table, re.M)


def described(values):
    return [(name, each["description"]) for name, each in values.items()]


def test_the_page_lists_the_inputs_and_outputs_of_the_action():
    page = (ROOT / "docs" / "ci.md").read_text()
    action = parsed(ACTION)
    for kind in ("inputs", "outputs"):
        assert rows(page, kind[:-1]) == described(action[kind])


def test_the_page_lists_the_inputs_of_the_template():
    page = (ROOT / "docs" / "ci.md").read_text()
    head, _ = documents(TEMPLATE)
    assert rows(page, "input of the template") == described(head["spec"]["inputs"])


def test_an_annotation_is_one_command_whatever_is_in_it():
    evil = Annotation(
        level="warning",
        file="a,line=9:b.yaml",
        line=3,
        title="x::y",
        message="50%\n::error::gone\r",
    )
    assert commands(str(evil)) == [
        "::warning file=a%2Cline=9%3Ab.yaml,line=3,title=x%3A%3Ay::50%25%0A::error::gone%0D"
    ]


def test_an_annotation_is_at_a_line_that_is_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.yaml").touch()
    base = {"file": "t.yaml", "line": 9, "revision": "1f00d"}
    here = {"file": "t.yaml", "line": 4, "revision": None}
    flow = {
        "kind": "closed",
        "from": {"name": "web"},
        "to": {"name": "store"},
        "socket": "store.orders",
        "protocol": "tcp",
        "ports": [[1, 2], [5, 5]],
        "before": "allowed",
        "after": "denied",
        "reached": False,
    }
    at = annotated({"flows": [{**flow, "origin": base, "causes": [{"origin": here}]}]})
    assert list(map(str, at)) == [
        "::warning file=t.yaml,line=4,title=Flow closed"
        "::web -> store.orders  tcp 1-2, 5: allowed -> denied"
    ]
    assert not list(annotated({"flows": [{**flow, "origin": base, "causes": []}]}))
    reached = {**flow, "origin": here, "reached": True}
    assert [each.level for each in annotated({"flows": [reached]})] == ["error"]
    failed = {"kind": "expectation failed", "message": "web -> store should be denied", **here}
    (said,) = annotated({"findings": [failed, {**failed, **base}]})
    assert (said.title, said.line, said.level) == ("Expectation failed", 4, "warning")


def test_of_too_many_annotations_as_many_are_made_as_are_shown():
    errors = [{"message": f"wrong {n}", "file": None} for n in range(12)]
    errors += [{"message": "wrong", "file": "t.yaml", "line": 4}]
    found = shown(annotated({"errors": errors}))
    assert len(found) == 10
    assert found[0].line == 4


def test_outputs_say_how_many_flows_do_what():
    review = {"verdict": "one\nline", "changes": True, "counts": {"half-broken": 2}, "failed": []}
    assert outputs(review) == {
        "verdict": "one\\nline",
        "changed": "true",
        "failed": "",
        "half-broken": "2",
    }


def test_a_summary_that_is_full_is_not_made_useless(tmp_path):
    summary = tmp_path / "summary.md"
    environ = {"GITHUB_STEP_SUMMARY": str(summary)}
    line = "a line of some length, so that it takes less time\n"
    assert add_to_summary(environ, "<details>\n" + line * 40_000)
    assert summary.stat().st_size <= 1024 * 1024
    assert "</details>" in summary.read_text()
    summary.write_text("x" * (1024 * 1024 - 10))
    assert not add_to_summary(environ, "more")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("inputs.a || inputs.b || 'c'", "c"),
        ("inputs.d == 'true' && !cancelled()", True),
        ("inputs.d != 'true' || (inputs.a == '')", True),
    ],
)
def test_the_runner_of_these_tests_reads_expressions(expression, value):
    assert evaluated(expression, {"inputs": {"a": "", "d": "true"}}) == value
    assert filled("x ${{ inputs.d }}", {"inputs": {"d": "true"}}) == "x true"


@pytest.fixture
def merge_request(repository, server, canned):
    """The job of the template in a pipeline of merge request 7, with these inputs."""
    server.login, server.user, server.head = "project_1_bot", True, repository.base
    home = repository.folder / ".bulkhead-review"
    home.mkdir()
    (home / "venv").symlink_to(canned.parent / "bulkhead")

    def run(**inputs):
        head, jobs = documents(TEMPLATE)
        asked = {name: each.get("default", "") for name, each in head["spec"]["inputs"].items()}
        asked |= {"topology": TOPOLOGY, "version": "COMMIT", "bulkhead": "nowhere"}
        asked |= {name.replace("_", "-"): value for name, value in inputs.items()}
        (job,) = jobs.values()
        told = {
            name: re.sub(
                r"\$\[\[ inputs\.([\w-]+) \]\]",
                lambda match: str(asked[match[1]]),
                value["value"] if isinstance(value, dict) else value,
            )
            for name, value in job["variables"].items()
        }
        return subprocess.run(
            ["sh", "-e", "-c", "\n".join([*job["before_script"], *job["script"]])],
            cwd=repository.folder,
            env={
                "PATH": os.environ["PATH"],
                "CI_PROJECT_DIR": str(repository.folder),
                "CI_API_V4_URL": server.root,
                "CI_PROJECT_ID": "99",
                "CI_MERGE_REQUEST_PROJECT_ID": "group/shop",
                "CI_MERGE_REQUEST_IID": "7",
                "CI_MERGE_REQUEST_DIFF_BASE_SHA": repository.base,
                "CI_COMMIT_SHA": repository.base,
                "CI_PIPELINE_ID": "50",
                "CI_JOB_ID": "500",
                "GITLAB_TOKEN": "good",
                **{name: str(value).replace("True", "true") for name, value in told.items()},
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_template_writes_one_note_and_keeps_the_review(merge_request, repository, server):
    for _ in range(2):
        ran = merge_request()
        assert ran.returncode == 0, ran.stderr
    (note,) = server.of()
    assert "**1 flow opened**" in note
    assert (repository.folder / "review.md").read_text() == "**1 flow opened**"
    assert json.loads((repository.folder / "review.json").read_text())["changes"]


def test_the_template_asks_for_the_commits_of_the_merge_request(merge_request, repository, canned):
    evil = 'x"; touch /nowhere/ran; $(false) `false`'
    assert merge_request(fail_on=evil, comment="false").returncode == 0
    asked = (canned / "asked").read_text().splitlines()
    between = f"{repository.base}...{repository.base}"
    assert asked == [*("review", "--fail-on", evil, "--markdown", "--git", between, "--", TOPOLOGY)]


def test_the_template_says_that_a_token_of_the_job_may_not_write_notes(merge_request, server):
    server.token = "another"  # noqa: S105 - opens nothing but that server
    ran = merge_request()
    assert ran.returncode == 2
    assert "CI_JOB_TOKEN, which may not write notes" in ran.stderr
