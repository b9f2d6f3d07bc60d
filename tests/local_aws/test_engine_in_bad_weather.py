"""The real engine and the whole command line, while calls of AWS fail: what the next run makes.

tests/local_aws/test_bad_weather.py tries every call; this shows that the engine takes it so, too.
`make faults` goes through every fault, `make test` through a few.
"""

from __future__ import annotations

import contextlib
import json
import random
import re
import shutil
from collections.abc import Iterator

import pytest

from local_aws.provider.ledger import OWNER
from local_aws.server import LocalAws, listener, serving
from tests.local_aws.conftest import Project
from tests.support.portrait import portrait
from tests.support.sky import EVERYWHERE
from tests.support.weather import FAULTS, Fault, Weather, weather

pytestmark = [pytest.mark.integration, pytest.mark.timeout(0 if EVERYWHERE else 300)]
LOUD = sorted(name for name, fault in FAULTS.items() if not fault.silent)
"""Silence is waited out for minutes here; it is tried where patience can be set."""
OF_THE_PROGRAM = re.compile(
    r"Program failed with an unhandled exception:\n.*?\n +(?=Exception: invoke of )", re.S
)
"""What the engine shows of a program that asks AWS itself (`get…`), and is told of a fault."""
NEVER_SAID = re.compile(r"Traceback|Exception calling|panic:|denied", re.I)
CALLS = 90  # about as many are there in each verb


@contextlib.contextmanager
def storms(project: Project) -> Iterator[tuple[Weather, LocalAws]]:
    """The local AWS of a project, and everybody's way to it, the command line's too, in weather."""
    with listener(0) as bound:
        behind = f"http://127.0.0.1:{bound.getsockname()[1]}"
        with (
            weather(behind, project.place.port) as sky,
            serving(project.place.root, bound, emulator=project.place.address) as application,
        ):
            shutil.copyfile(application.place.token_file, project.place.token_file)
            application.place = project.place
            yield sky, application


def somebody_elses(project: Project, instance: str) -> None:
    """A stack that this project's runs know of and are to leave alone."""
    mark = project.place.marks / "probe.other.json"
    checkpoint = project.place.backend / ".pulumi" / "stacks" / "probe" / "other.json"
    for file, content in (
        (mark, {"instance": instance}),
        (checkpoint, {"checkpoint": {"latest": {"resources": [{"urn": "theirs"}]}}}),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content))
    tags = [{"Key": OWNER, "Value": "probe/other/0123"}, {"Key": "Name", "Value": "main"}]
    vpc = project.ec2.create_vpc(
        CidrBlock="10.20.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": tags}]
    )["Vpc"]["VpcId"]
    project.ec2.create_subnet(
        VpcId=vpc,
        CidrBlock="10.20.0.0/24",
        TagSpecifications=[{"ResourceType": "subnet", "Tags": tags}],
    )


def account(project: Project) -> list[str]:
    done = project.pulumi_run("stack", "export", check=False)
    held = json.loads(done.stdout)["deployment"].get("resources", []) if done.stdout else []
    names = {each["id"]: each["urn"].split("::")[-1] for each in held if each.get("id")}
    return portrait(project.ec2, names)


def struck(project: Project, sky: Weather, fault: Fault, at: int, lasting: bool, verb: str) -> str:
    """One run under a fault: it succeeds, or fails in plain words; which, for the log."""
    more = [] if verb == "down" else ["--non-interactive"]
    sky.strike(fault, at, lasting=lasting)
    done = project.local_aws(verb, *more, check=False)
    met = sky.struck
    sky.fair()
    said = OF_THE_PROGRAM.sub("", done.stdout + done.stderr)
    assert not NEVER_SAID.search(said), said
    assert done.returncode == 0 or "error:" in said or "local aws:" in said, said
    return f"{verb}: {done.returncode}, {met} struck"


def test_whatever_struck_a_run_of_the_engine_the_next_one_ends_as_declared(
    project: Project, request: pytest.FixtureRequest
) -> None:
    seed = request.config.getoption("hypothesis_seed") or random.SystemRandom().getrandbits(32)
    dice = random.Random(int(seed))  # noqa: S311 - a choice
    faults = LOUD if EVERYWHERE else dice.sample(LOUD, 1)
    rounds = [
        (name, dice.randint(1, CALLS), lasting)
        for name in faults
        for lasting in ((False, True) if EVERYWHERE else (dice.random() < 0.7,))
    ]
    with storms(project) as (sky, application):
        somebody_elses(project, application.instance)
        before = account(project)
        project.local_aws("up", "--skip-preview")
        whole = account(project)
        for name, at, lasting in rounds:
            fault = FAULTS[name]
            print(f"--hypothesis-seed={seed}: {name} at {at}, {'lasting' if lasting else 'once'}")
            print(struck(project, sky, fault, 1, lasting, "preview"))
            assert account(project) == whole
            print(struck(project, sky, fault, at, lasting, "down"))
            assert "keeps running for: other" in project.local_aws("down").stderr
            assert account(project) == before
            print(struck(project, sky, fault, at, lasting, "up"))
            project.local_aws("up", "--skip-preview")
            project.local_aws("preview", "--expect-no-changes")
            assert account(project) == whole
        project.local_aws("down")
        assert account(project) == before
