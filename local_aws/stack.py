"""Runs of a local stack: `pulumi up`, with everything that it needs in place, and healed.

The local AWS and its stacks are disposable: when it has started afresh, a stack starts over. When
a run was killed half-way, what it made and did not record is removed, and the next run compares
the state with what is there. Nothing of another stack is ever touched, and the user is told.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import yaml

from local_aws.control import start, stop
from local_aws.disk import room_to_work, waited_for
from local_aws.environment import local_environment, pulumi_path
from local_aws.health import SWEEP, health, tell
from local_aws.place import HOST, Place

UNKNOWN = 2  # the exit code where the question could not be asked
KEPT = ("preview.json", "state.json")  # what is kept of a preview, for programs
MOST_SAID = 40  # names in one sentence


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
        return self.checkpoint_in(self.place.backend)

    def checkpoint_in(self, backend: Path) -> Path:
        return backend / ".pulumi" / "stacks" / self.project / f"{self.name}.json"

    @property
    def locks(self) -> Path:
        folder = self.place.backend / ".pulumi" / "locks" / "organization"
        return folder / self.project / self.name

    @property
    def mark_file(self) -> Path:
        return self.place.marks / f"{self.project}.{self.name}.json"

    def checkpoint(self) -> dict[str, Any]:
        """What the backend's file holds: resources and pending operations; {} for a new stack."""
        return latest(self.checkpoint_file)

    def torn(self) -> bool:
        """Whether a killed run left a checkpoint that is cut off: Pulumi cannot even open it."""
        try:
            json.loads(self.checkpoint_file.read_text())
        except FileNotFoundError:
            return False
        except ValueError:
            return True
        return False

    def drop_torn_attributes(self) -> None:
        """Pulumi keeps a file of attributes beside each of its own, and writes it in place: cut
        off, it hides what it describes ("failed to load checkpoint: EOF"). Nobody needs it
        (gocloud.dev/blob/fileblob: without one, defaults hold).
        """
        state = self.checkpoint_file.parent
        beside = [*state.glob(f"{self.name}.json*.attrs"), *self.locks.glob("*.attrs")]
        for file in beside:
            try:
                json.loads(file.read_text())
            except FileNotFoundError:
                continue
            except ValueError:
                file.unlink(missing_ok=True)

    def has_anything(self) -> bool:
        checkpoint = self.checkpoint()
        return bool(checkpoint.get("resources") or checkpoint.get("pending_operations"))

    def take_backup(self) -> bool:
        """Replace a torn checkpoint by the one before it; whether there is one to read."""
        backup = self.checkpoint_file.with_suffix(".json.bak")
        try:
            json.loads(backup.read_text())
        except (FileNotFoundError, ValueError):
            self.checkpoint_file.unlink()
            return False
        shutil.copyfile(backup, self.checkpoint_file)
        return True

    def without_pending(self) -> dict[str, Any]:
        """The backend's file without the operations that a killed run had begun."""
        content: dict[str, Any] = json.loads(self.checkpoint_file.read_text())
        (content.get("checkpoint", {}).get("latest") or {}).pop("pending_operations", None)
        return content

    def settle(self) -> None:
        """Strike out the operations that were begun: what became of them has been looked at."""
        unfinished = self.checkpoint_file.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(self.without_pending(), indent=4))
        unfinished.replace(self.checkpoint_file)

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


def latest(checkpoint: Path) -> dict[str, Any]:
    try:
        content = json.loads(checkpoint.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    held: dict[str, Any] = content.get("checkpoint", {}).get("latest") or {}
    return held


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
        content = yaml.safe_load(file.read_bytes())
    except FileNotFoundError:
        return {}
    except yaml.YAMLError as error:
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

    @property
    def checkpoint(self) -> dict[str, Any]:
        """What the state of this run says, which is a copy in a preview."""
        backend = Path(self.environment["PULUMI_BACKEND_URL"].removeprefix("file://"))
        return latest(self.stack.checkpoint_in(backend))

    def quietly(self, *arguments: str) -> str:
        """What Pulumi writes to stdout; what it says on the way is shown where it fails."""
        with subprocess.Popen(
            [self.pulumi, *arguments],
            cwd=self.stack.place.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as child:
            out, err = waited_for(child, self.stack.place.folder, say)
        if child.returncode != 0:
            said = out + err
            told = said[said.find("Diagnostics:") :] if "Diagnostics:" in said else said
            raise CannotRun(f"pulumi {' '.join(arguments[:2])} failed:\n{told}")
        return out

    def openly(self, verb: str, arguments: list[str]) -> int:
        """Pulumi's own output, and its exit code; an interrupt is Pulumi's to handle.

        Pulumi ends in order where it is interrupted, and may say 0 of the half that was done.
        """
        command = [str(self.pulumi), verb, "--stack", self.stack.name, *arguments]
        child = subprocess.Popen(
            command, cwd=self.stack.place.root, env=self.environment, text=True
        )
        interrupted: list[int] = []

        def interrupt(number: int, _: Any) -> None:
            interrupted.append(number)
            if number == signal.SIGTERM:  # the terminal has sent the other to Pulumi as well
                child.send_signal(signal.SIGINT)

        handled = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, interrupt) for number in handled}
        try:
            waited_for(child, self.stack.place.folder, say)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        code = child.returncode or -(interrupted or [0])[0]
        if code != 0 and health(self.stack.place) is None:
            say(
                "the local AWS ended during the run, and with it all that it held: see its log,"
                f" {self.stack.place.log_file}; `make up` starts over"
            )
        return 128 - code if code < 0 else code  # as a shell has it for who died of a signal


@contextlib.contextmanager
def alone(stack: LocalStack) -> Iterator[None]:
    """One run of a stack at a time, from the first look at its state to the end of its work."""
    stack.place.marks.mkdir(parents=True, exist_ok=True)
    with stack.mark_file.with_suffix(".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(f"another run works on stack '{stack.name}': wait for it") from None
        respect_living_runs(stack)
        stack.drop_torn_attributes()
        yield


def respect_living_runs(stack: LocalStack) -> None:
    """Pulumi's own lock: looked at before anything of the stack is touched."""
    for lock in stack.locks.glob("*.json") if stack.locks.is_dir() else ():
        holder = living_holder(lock)
        if holder is not None:
            raise CannotRun(
                f"another pulumi (pid {holder}) works on stack '{stack.name}': wait for it"
            )


def prepared(root: Path, stack: LocalStack) -> tuple[Run, bool]:
    """Everything in place for a run, and whether the last one was cut off.

    Then the state may be behind what stands in the local AWS, and is to be refreshed.
    """
    room_to_work(stack.place.folder)
    pulumi = pulumi_path()
    found, started = start(stack.place)
    if started:
        say(f"started at {stack.place.address}")
    run = Run(stack, pulumi, local_environment(root, stack.place.port, stack.region, pulumi))
    torn = stack.torn()
    if torn:
        say(
            "the last run was killed while it wrote its state: "
            + (
                "the state before that is taken"
                if stack.take_backup()
                else "what it made is removed, and the stack starts over"
            )
        )
    run.quietly("stack", "select", stack.name, "--create")
    release_stale_lock(run)
    cut_off = healed(run, found.instance)
    stack.mark(found.instance)
    return run, cut_off or torn


def release_stale_lock(run: Run) -> None:
    """A killed run leaves its lock; that of a living one is respected."""
    respect_living_runs(run.stack)
    if run.stack.locks.is_dir() and any(run.stack.locks.glob("*.json")):
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


def healed(run: Run, instance: str) -> bool:
    """Bring state and local AWS together again; whether the two may still differ.

    Only this stack's resources are touched: what it made and its state does not know goes.
    """
    stack = run.stack
    unmarked = stack.has_anything() and stack.instance() is None
    if stack.has_anything() and stack.instance() not in (None, instance):
        say(
            "the local AWS has started afresh since the last run and holds nothing of this stack:"
            " the stack starts over"
        )
        run.quietly("stack", "rm", stack.name, "--yes", "--force", "--preserve-config")
        run.quietly("stack", "select", stack.name, "--create")
    checkpoint = stack.checkpoint()
    pending = checkpoint.get("pending_operations") or []
    removed, left = swept(stack, checkpoint)
    if removed:
        say(f"removed what the last run made and did not record: {', '.join(removed)}")
    if left:
        raise CannotRun(
            "the last run made what its state does not know, and it cannot be removed:\n"
            + "\n".join(f"  {name}: {why}" for name, why in left)
        )
    if pending:
        say(
            "the last run was cut off in the middle of an operation:"
            " the state is compared with what is there"
        )
        stack.settle()
    return bool(pending or removed or unmarked)


def swept(
    stack: LocalStack, checkpoint: Mapping[str, Any]
) -> tuple[list[str], list[tuple[str, str]]]:
    """Remove what the stack made and this checkpoint does not know: the ids; what stayed, why."""
    unfinished = [
        {"type": each["resource"]["type"], "inputs": each["resource"].get("inputs") or {}}
        for each in checkpoint.get("pending_operations") or []
        if each["type"] == "creating"
    ]
    resources = checkpoint.get("resources") or []
    said = tell(
        stack.place,
        SWEEP,
        {
            "stack": f"{stack.project}/{stack.name}/",
            "region": stack.region,
            "keep": [each["id"] for each in resources if each.get("id")],
            "unfinished": unfinished,
        },
    )
    return list(said["removed"]), [(name, why) for name, why in said["left"]]


def up(root: Path, name: str, arguments: list[str]) -> int:
    """Make what stands there what the program says, also where somebody else changed it."""
    stack = local_stack(root, name)
    with alone(stack):
        run, _ = prepared(root, stack)
        compare(run, arguments, "this run puts it right")
        return run.openly("up", ["--yes", *arguments])


def compare(run: Run, arguments: Sequence[str], then: str) -> None:
    """Bring the state to what stands there, and say what that changed.

    Pulumi compares the program with its state alone, and calls a stack unchanged that somebody
    changed by API. Its own `--refresh` does the same with six lines a resource.
    """
    if any(each.split("=")[0] in ("--refresh", "-r") for each in arguments):
        return
    before = inputs_of(run)
    if not before:
        return
    run.quietly("refresh", "--stack", run.stack.name, "--yes", "--skip-preview")
    after = inputs_of(run)
    changed = [
        f"{urn.split('::')[-1]} {'is changed' if urn in after else 'is gone'}"
        for urn, inputs in before.items()
        if after.get(urn) != inputs
    ]
    if changed:
        more = f", and {len(changed) - MOST_SAID} more" if len(changed) > MOST_SAID else ""
        say(f"not as the last run left it: {', '.join(changed[:MOST_SAID])}{more} ({then})")


SEALED: Final = "1b47061264138c4ac30d75fd1eb44270"
"""What marks a secret in a state:
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go"""


def inputs_of(run: Run) -> dict[str, Any]:
    """What the state says that each resource was made of, by URN; what a run only reads, it
    did not make.

    A refresh seals each secret anew, so that one is another each time: those are opened, and stay
    in this process.
    """

    def made(state: Mapping[str, Any]) -> dict[str, Any]:
        every = (each for each in state.get("resources") or [] if not each.get("external"))
        return {each["urn"]: each.get("inputs") for each in every}

    sealed = made(run.checkpoint)
    if SEALED not in json.dumps(sealed):
        return sealed
    opened = run.quietly("stack", "export", "--show-secrets", "--stack", run.stack.name)
    return made(json.loads(opened)["deployment"])


def preview(root: Path, name: str, arguments: list[str], kept: Path | None = None) -> int:
    """What `up` would do, tried on a copy of the state: a preview changes nothing.

    In the folder `kept` programs find the same: preview.json, and state.json, what stands.
    """
    stack = local_stack(root, name)
    respect_living_runs(stack)
    for each in [kept / name for name in KEPT] if kept is not None else []:
        each.unlink(missing_ok=True)
    if stack.torn():
        say("the last run was killed while it wrote its state: `make up` heals it")
        return UNKNOWN
    pulumi = pulumi_path()
    found, started = start(stack.place)
    if started:
        say(f"started at {stack.place.address}")
    afresh = stack.has_anything() and stack.instance() not in (None, found.instance)
    if afresh:
        say(
            "the local AWS has started afresh since the last run and holds nothing of this stack:"
            " `make up` starts over, and so does this preview"
        )
    elif stack.checkpoint().get("pending_operations"):
        say(
            "the last run was cut off in the middle of an operation: `make up` heals it;"
            " this preview is of what the state knows"
        )
    environment = local_environment(root, stack.place.port, stack.region, pulumi)
    with tempfile.TemporaryDirectory(dir=stack.place.folder, prefix="preview-") as folder:
        copy = Path(folder)
        environment["PULUMI_BACKEND_URL"] = f"file://{copy}"
        run = Run(stack, pulumi, environment)
        with unchanged(root / f"Pulumi.{name}.yaml"):
            if afresh or not stack.checkpoint_file.exists():
                run.quietly("stack", "select", name, "--create")
            else:
                file = copy / stack.checkpoint_file.relative_to(stack.place.backend)
                file.parent.mkdir(parents=True)
                file.write_text(json.dumps(stack.without_pending()))
                meta = stack.place.backend / ".pulumi" / "meta.yaml"
                if meta.exists():
                    shutil.copyfile(meta, copy / ".pulumi" / "meta.yaml")
            compare(run, arguments, "`make up` puts it right")
            code = run.openly("preview", arguments)
            if code == 0 and kept is not None:
                keep(run, kept)
            return code


def keep(run: Run, folder: Path) -> None:
    """Write for programs what stands and what would: both of the same moment."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = ("preview", "--json", "--show-sames"), ("stack", "export")
    for name, words in zip(KEPT, asked, strict=True):
        file = folder / name
        file.touch(mode=0o600)
        file.write_text(run.quietly(*words, "--stack", run.stack.name))


@contextlib.contextmanager
def unchanged(file: Path) -> Iterator[None]:
    """Pulumi writes a salt into the settings of a stack that it makes, here a copy."""
    before = file.read_bytes()
    try:
        yield
    finally:
        if file.read_bytes() != before:
            file.write_bytes(before)


def down(root: Path, name: str, arguments: list[str]) -> int:
    """Destroy what the stack has, and stop the local AWS unless another stack lives in it."""
    stack = local_stack(root, name)
    with alone(stack):
        found = health(stack.place)
        if found is None:
            return forgotten(root, stack)
        if stack.checkpoint_file.exists():
            run, cut_off = prepared(root, stack)
            refresh = ["--refresh"] if cut_off else []
            code = run.openly("destroy", ["--yes", *refresh, *arguments])
            if stack.has_anything():
                if health(stack.place) is not None:
                    say(
                        "it is not all destroyed: `make down` goes on with it;"
                        " `python -m local_aws stop` makes everything go, of every stack"
                    )
                return code
        else:
            code = 0
            say(f"stack '{name}' has nothing")
        # What the state says is gone; what it never knew goes now, or is named.
        _, left = swept(stack, stack.checkpoint())
        for each, why in left:
            say(f"left: {each}: {why}")
        if left:
            return 1
        others = other_stacks(stack, found.instance)
        if others:
            say(f"keeps running for: {', '.join(others)}")
        else:
            stop(stack.place)
            say("stopped")
        return code


def forgotten(root: Path, stack: LocalStack) -> int:
    """Remove the state of a stack whose local AWS runs no more, and held it in memory."""
    if not stack.torn() and not stack.has_anything():
        say(f"stack '{stack.name}' has nothing")
        return 0
    if stack.torn() and not stack.take_backup():
        return 0
    pulumi = pulumi_path()
    run = Run(stack, pulumi, local_environment(root, stack.place.port, stack.region, pulumi))
    release_stale_lock(run)
    say("what this stack had is gone with its local AWS: removing the state")
    run.quietly("stack", "rm", stack.name, "--yes", "--force", "--preserve-config")
    return 0


def other_stacks(stack: LocalStack, instance: str) -> list[str]:
    """The stacks that have something, or are at work, in the same instance."""
    names = []
    for mark in sorted(stack.place.marks.glob("*.json")):
        project, _, name = mark.stem.partition(".")
        other = LocalStack(name, project, stack.region, stack.place)
        if (project, name) == (stack.project, stack.name) or other.instance() != instance:
            continue
        at_work = other.locks.is_dir() and any(map(living_holder, other.locks.glob("*.json")))
        if other.has_anything() or other.torn() or at_work:
            names.append(name)
    return names
