"""Runs of a local stack: `pulumi up`, with everything that it needs in place, and healed.

The local AWS and its stacks are disposable: whenever the two disagree in a way that a normal run
could not mend (the local AWS has started afresh, a run was killed half-way), the stack starts
over, and the user is told.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from local_aws.control import start, stop
from local_aws.environment import local_environment, pulumi_path
from local_aws.health import RESET, health, tell
from local_aws.place import HOST, Place


class CannotRun(Exception):
    """This stack is not for the local AWS, or another run holds it."""


def say(text: str) -> None:
    print(f"local aws: {text}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class LocalStack:
    """A stack whose Pulumi.<stack>.yaml points at the local AWS."""

    name: str
    project: str
    region: str
    place: Place

    @property
    def checkpoint_file(self) -> Path:
        return self.place.backend / ".pulumi" / "stacks" / self.project / f"{self.name}.json"

    @property
    def locks(self) -> Path:
        folder = self.place.backend / ".pulumi" / "locks" / "organization"
        return folder / self.project / self.name

    @property
    def mark_file(self) -> Path:
        return self.place.marks / f"{self.project}.{self.name}.json"

    def checkpoint(self) -> dict[str, Any]:
        """What the backend's file holds: resources and pending operations; {} for a new stack."""
        try:
            content = json.loads(self.checkpoint_file.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        latest: dict[str, Any] = content.get("checkpoint", {}).get("latest") or {}
        return latest

    def torn(self) -> bool:
        """Whether a killed run left a checkpoint that is cut off: Pulumi cannot even open it."""
        try:
            json.loads(self.checkpoint_file.read_text())
        except FileNotFoundError:
            return False
        except ValueError:
            return True
        return False

    def instance(self) -> str | None:
        """The instance of the local AWS that the last run worked with."""
        try:
            said: str | None = json.loads(self.mark_file.read_text()).get("instance")
        except (FileNotFoundError, ValueError):
            return None
        return said

    def mark(self, instance: str) -> None:
        self.mark_file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.mark_file.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps({"instance": instance}) + "\n")
        unfinished.replace(self.mark_file)


def local_stack(root: Path, name: str) -> LocalStack:
    project = yaml_of(root / "Pulumi.yaml").get("name")
    if not project:
        raise CannotRun(f"there is no Pulumi.yaml with a name in {root}")
    file = root / f"Pulumi.{name}.yaml"
    config = yaml_of(file).get("config") or {}
    port = local_port(config.get("aws:endpoints"))
    if port is None:
        raise CannotRun(
            f"stack '{name}' is not a local one: {file.name} has no aws:endpoints with an ec2"
            f" address on this machine. For the real AWS use plain `pulumi up --stack {name}`."
        )
    region = config.get("aws:region")
    if not region:
        raise CannotRun(f"{file.name} names no aws:region")
    return LocalStack(name, str(project), str(region), Place(root, port))


def yaml_of(file: Path) -> dict[str, Any]:
    try:
        content = YAML(typ="safe").load(file)
    except FileNotFoundError:
        return {}
    except YAMLError as error:
        raise CannotRun(f"{file.name} is not YAML: {error}") from None
    return content if isinstance(content, dict) else {}


def local_port(endpoints: Any) -> int | None:
    listed = json.loads(endpoints) if isinstance(endpoints, str) else endpoints or []
    for each in [listed] if isinstance(listed, Mapping) else listed:
        address = urlsplit(str(each.get("ec2", "")))
        if address.hostname in (HOST, "localhost") and address.port:
            return address.port
    return None


@dataclass(frozen=True)
class Run:
    """A stack, and the pulumi and environment to run it with."""

    stack: LocalStack
    pulumi: Path
    environment: dict[str, str]

    def quietly(self, *arguments: str) -> None:
        done = subprocess.run(
            [self.pulumi, *arguments],
            cwd=self.stack.place.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise CannotRun(f"pulumi {' '.join(arguments[:2])} failed:\n{done.stdout}{done.stderr}")

    def openly(self, verb: str, arguments: list[str]) -> int:
        """Pulumi's own output, and its exit code; an interrupt is Pulumi's to handle."""
        command = [str(self.pulumi), verb, "--stack", self.stack.name, *arguments]
        child = subprocess.Popen(command, cwd=self.stack.place.root, env=self.environment)
        handled = {
            signal.SIGINT: lambda *_: None,  # the terminal has sent it to Pulumi as well
            signal.SIGTERM: lambda *_: child.send_signal(signal.SIGINT),
        }
        before = {number: signal.signal(number, handler) for number, handler in handled.items()}
        try:
            return child.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def prepared(root: Path, name: str) -> tuple[Run, str]:
    """Everything in place for a run, and the instance of the local AWS."""
    stack = local_stack(root, name)
    pulumi = pulumi_path()
    found, started = start(stack.place)
    if started:
        say(f"started at {stack.place.address}")
    run = Run(stack, pulumi, local_environment(root, stack.place.port, stack.region, pulumi))
    instance = found.instance
    if stack.torn():
        say(
            "the last run was killed while it wrote its state, which is lost:"
            " the local AWS is emptied and the stack starts over"
        )
        stack.checkpoint_file.unlink()
        instance = emptied(stack, instance)
    run.quietly("stack", "select", name, "--create")
    release_stale_lock(run)
    instance = healed(run, instance)
    stack.mark(instance)
    return run, instance


def release_stale_lock(run: Run) -> None:
    """A killed run leaves its lock; that of a living one is respected."""
    locks = list(run.stack.locks.glob("*.json")) if run.stack.locks.is_dir() else []
    if not locks:
        return
    for lock in locks:
        holder = living_holder(lock)
        if holder is not None:
            raise CannotRun(
                f"another pulumi (pid {holder}) works on stack '{run.stack.name}': wait for it"
            )
    say("the last run was killed: releasing its lock")
    run.quietly("cancel", "--yes", "--stack", run.stack.name)


def living_holder(lock: Path) -> int | None:
    try:
        said = json.loads(lock.read_text())
        pid = int(said["pid"])
        if said.get("hostname") != socket.gethostname():
            return pid
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, KeyError, ProcessLookupError):
        return None
    except PermissionError:
        return pid
    try:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(")")
    except OSError:
        return pid  # no /proc here, or gone this moment: the next run will tell
    # A number is used again, and a killed process stays as a zombie until it is reaped.
    return pid if "pulumi" in name and rest.split()[0] not in "ZX" else None


def healed(run: Run, instance: str) -> str:
    """The instance to work with, after starting over if state and local AWS have parted."""
    stack = run.stack
    checkpoint = stack.checkpoint()
    if checkpoint.get("pending_operations"):
        say(
            "the last run was cut off in the middle of an operation, so what it made is uncertain:"
            " the local AWS is emptied and the stack starts over"
        )
        instance = emptied(stack, instance)
        start_over(run)
        return instance
    if checkpoint.get("resources") and stack.instance() != instance:
        say(
            "the local AWS has started afresh since the last run and holds nothing of this stack:"
            " the stack starts over"
        )
        start_over(run)
    return instance


def emptied(stack: LocalStack, instance: str) -> str:
    """Empty the local AWS; the instance that it is from then on."""
    tell(stack.place, RESET)
    found = health(stack.place)
    return found.instance if found is not None else instance


def start_over(run: Run) -> None:
    run.quietly("stack", "rm", run.stack.name, "--yes", "--force", "--preserve-config")
    run.quietly("stack", "select", run.stack.name, "--create")


def up(root: Path, name: str, arguments: list[str]) -> int:
    run, _ = prepared(root, name)
    return run.openly("up", ["--yes", *arguments])


def preview(root: Path, name: str, arguments: list[str]) -> int:
    run, _ = prepared(root, name)
    return run.openly("preview", arguments)


def down(root: Path, name: str, arguments: list[str]) -> int:
    """Destroy what the stack has, and stop the local AWS unless another stack lives in it."""
    stack = local_stack(root, name)
    found = health(stack.place)
    if stack.torn():
        say("the last run was killed while it wrote its state: removing it")
        stack.checkpoint_file.unlink()
    checkpoint = stack.checkpoint()
    if found is None or stack.instance() != found.instance or checkpoint.get("pending_operations"):
        if checkpoint.get("resources") or checkpoint.get("pending_operations"):
            pulumi = pulumi_path()
            environment = local_environment(root, stack.place.port, stack.region, pulumi)
            run = Run(stack, pulumi, environment)
            release_stale_lock(run)
            say("what this stack had is gone with its local AWS: removing the state")
            run.quietly("stack", "rm", name, "--yes", "--force", "--preserve-config")
        else:
            say(f"stack '{name}' has nothing")
        code = 0
    else:
        run, _ = prepared(root, name)
        code = run.openly("destroy", ["--yes", *arguments])
        if code != 0:
            say("it is not all destroyed; `python -m local_aws stop` makes everything go")
            return code
    if found is not None:
        others = other_stacks(stack, found.instance)
        if others:
            say(f"keeps running for: {', '.join(others)}")
        else:
            stop(stack.place)
            say("stopped")
    return code


def other_stacks(stack: LocalStack, instance: str) -> list[str]:
    """The stacks that have resources in the same instance."""
    names = []
    for mark in sorted(stack.place.marks.glob("*.json")):
        project, _, name = mark.stem.partition(".")
        other = LocalStack(name, project, stack.region, stack.place)
        same = (project, name) == (stack.project, stack.name)
        if not same and other.instance() == instance and other.checkpoint().get("resources"):
            names.append(name)
    return names
