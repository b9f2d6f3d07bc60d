"""Whatever is killed of a run, and whichever run: the next one converges, and nobody else moves."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local_aws.health import health
from tests.local_aws.test_engine import engines, everything, killed_midway, made_by_us, started

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]
WHOLE = {"vpcs": 1, "interfaces": 2, "connections": 1, "gateways": 1, "internet gateways": 1}


def child(program: str) -> Callable[[int], int]:
    """Finds the process of an engine that runs this program."""

    def of(engine: int) -> int:
        for process in Path("/proc").iterdir():
            try:
                stat = (process / "stat").read_text().rpartition(")")[2].split()
                words = (process / "cmdline").read_bytes()
            except OSError:
                continue  # it has ended, or is none
            if int(stat[1]) == engine and program.encode() in words:
                return int(process.name)
        raise AssertionError(f"{engine} has not started {program}")

    return of


provider, host = child("shim.py"), child("language_host.py")


def counted(project: Any) -> dict[str, int]:
    return {name: len(listed) for name, listed in made_by_us(project).items()}


def test_of_two_stacks_one_is_killed_in_every_part_and_run_and_the_other_stays(
    project: Any,
) -> None:
    settings = (project.place.root / "Pulumi.dev.yaml").read_text()
    (project.place.root / "Pulumi.prod.yaml").write_text(settings)
    project.local_aws("up", "--stack", "prod", "--skip-preview")
    stands = everything(project)

    assert killed_midway(project, "dev", " creating ", 6, victim=provider)
    killed_midway(project, "dev", " creating ", 4, victim=host)
    assert killed_in_the_look_at_what_stands(project)
    project.local_aws("up", "--skip-preview")
    assert counted(project) == {name: 2 * number for name, number in WHOLE.items()}

    assert killed_midway(project, "dev", " deleting ", 6, verb="down")
    project.local_aws("up", "--skip-preview")
    project.local_aws("preview", "--expect-no-changes")
    state = json.loads(project.pulumi_run("stack", "export").stdout)["deployment"]
    assert not state.get("pending_operations")
    known = {each["id"] for each in state["resources"] if each.get("id")}
    tags = project.ec2.describe_tags(Filters=[{"Name": "key", "Values": ["pulumi:urn"]}])["Tags"]
    ours = {each["ResourceId"] for each in tags if each["Value"].startswith("probe/dev/")}
    assert ours <= known

    assert killed_midway(project, "dev", " deleting ", 3, verb="down", victim=provider)
    assert killed_midway(project, "dev", " deleting ", 2, verb="down")
    down = project.local_aws("down", "--skip-preview")
    assert "keeps running for: prod" in down.stderr
    assert everything(project) == stands


def test_a_down_that_was_interrupted_is_not_done_and_the_next_goes_on(project: Any) -> None:
    project.local_aws("up", "--skip-preview")
    running = started(project, "down", "dev")
    assert running.stdout is not None
    assert any(" deleting " in line for line in running.stdout)
    running.send_signal(signal.SIGTERM)
    said = running.stdout.read()
    assert running.wait() != 0, said
    if "stopped" not in said:  # else it was done before it heard
        assert "`make down` goes on with it" in said
        assert health(project.place) is not None
        assert "stopped" in project.local_aws("down", "--skip-preview").stderr
    assert project.local_aws("down").stderr.count("has nothing") == 1


def killed_in_the_look_at_what_stands(project: Any) -> bool:
    """An `up` whose engine dies before it says anything: it compares, and holds the lock."""
    running = started(project, "up", "dev")
    while running.poll() is None:
        for engine in engines(project, "dev"):
            os.kill(engine, signal.SIGKILL)
            said, _ = running.communicate()
            assert running.returncode == 1, said
            return True
    return False


@pytest.mark.parametrize("verb", ["up", "down"])
def test_a_local_aws_that_dies_during_a_run_is_said_and_made_anew_by_the_next(
    project: Any, verb: str
) -> None:
    if verb == "down":
        project.local_aws("up", "--skip-preview")

    def local_aws(_: int) -> int:
        found = health(project.place)
        assert found is not None
        return found.pid

    at = {"up": " creating ", "down": " deleting "}[verb]
    assert killed_midway(project, "dev", at, 6, verb=verb, victim=local_aws)
    if verb == "down":
        assert "is gone with its local AWS" in project.local_aws("down").stderr
    again = project.local_aws("up", "--skip-preview")
    assert "28 created" in again.stdout
    assert counted(project) == WHOLE
