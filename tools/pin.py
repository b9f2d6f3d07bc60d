"""Resolve pyproject.toml into requirements.txt: exact, hashed, and in parts.

    python tools/pin.py UV

One resolution for everything. A pin that only a part needs carries that part as a marker,
`extra == 'test'`: pip and uv skip such a line in a plain `pip install -r requirements.txt`, which
so installs what `bulkhead` and the Pulumi program need, and tools/setup.sh takes the parts that
`make` needs. A version that is pinned already stays, unless pyproject.toml excludes it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.txt"
APART = {
    ROOT / "bench" / "requirements.txt": "fwshift==0.40.18",  # a peer
    ROOT / "tools" / "emulator.txt": "ministack==1.5.33",  # needs a botocore that is not ours
}
"""What runs beside us, each in an environment of its own."""

PARTS = {
    "": ["--extra=pulumi"],
    "doubt": ["--extra=pulumi", "--extra=doubt"],
    "discover": ["--extra=pulumi", "--extra=doubt", "--extra=discover"],
    "local": ["--extra=pulumi", "--extra=doubt", "--extra=discover", "--group=local"],
    "test": ["--all-extras", "--group=local", "--group=test"],
}
"""What each part is resolved from; each holds the one before, and '' is what everyone gets."""

HEAD = """\
# Resolved from pyproject.toml by `make requirements`: edit that, not this.
# `pip install -r requirements.txt` skips the lines with an `extra`; `make` installs them too.
"""

FOR_A_MACHINE = re.compile(r"any|(many|musl)linux.*_(x86_64|aarch64)|macosx.*|win_(amd64|arm64)")
FOR_AN_INTERPRETER = re.compile(r"(py3|cp3)\d*")
TOO_OLD = re.compile(r"cp3([0-9]|10)")


def pins(uv: str) -> str:
    """The text of requirements.txt, with what it says now kept where that is still right."""
    with tempfile.TemporaryDirectory() as folder:
        versions = Path(folder, "versions.txt")
        versions.write_text("\n".join(pinned(LOCK.read_text())))
        compile_(uv, "pyproject.toml", *PARTS["test"], "--output-file", str(versions))
        part_of: dict[str, str] = {}
        for part, options in PARTS.items():
            said = compile_(uv, "pyproject.toml", *options, "--constraints", str(versions))
            for pin in said.splitlines():
                part_of.setdefault(pin, part)
        files = Path(folder, "pylock.toml")
        compile_(uv, str(versions), "--no-deps", "--output-file", str(files))
        hashes = hashes_of(tomllib.loads(files.read_text()))
    lines = [
        " \\\n    ".join(
            [in_part(pin, part), *(f"--hash=sha256:{each}" for each in hashes[key(pin)])]
        )
        for pin, part in sorted(part_of.items())
    ]
    return HEAD + "\n".join(lines) + "\n"


def compile_(uv: str, source: str, *options: str) -> str:
    plain = ("--universal", "--python-version=3.11", "--no-annotate", "--no-header", "--quiet")
    command = [uv, "pip", "compile", source, *plain, *options]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def pinned(lock: str) -> list[str]:
    """The pins of a requirements.txt, without parts and hashes."""
    lines = [line.removesuffix(" \\") for line in lock.splitlines() if re.match(r"[a-z0-9]", line)]
    return [
        re.sub(r" ; extra == '\w+'( and (.*))?$", r" ; \2", line).removesuffix(" ; ")
        for line in lines
    ]


def in_part(pin: str, part: str) -> str:
    """A pin with its part among its markers."""
    what, _, marker = pin.partition(" ; ")
    markers = [f"extra == '{part}'" if part else "", f"({marker})" if part and marker else marker]
    both = " and ".join(each for each in markers if each)
    return f"{what} ; {both}" if both else what


def key(pin: str) -> tuple[str, str]:
    """Name and version."""
    name, _, version = pin.partition(" ; ")[0].partition("==")
    return name, version


def hashes_of(lock: dict[str, Any]) -> dict[tuple[str, str], list[str]]:
    """By name and version, the hashes of the files that someone may install."""
    return {
        (package["name"], package["version"]): sorted(
            file["hashes"]["sha256"]
            for file in [
                *package.get("wheels", []),
                *([package["sdist"]] if "sdist" in package else []),
            ]
            if usable(file["url"].rpartition("/")[2])
        )
        for package in lock["packages"]
    }


def usable(file: str) -> bool:
    """Whether a file is for a machine and an interpreter that we know of; a source is for all.

    Elsewhere pip finds no wheel that it may take, and builds from the source.
    """
    if not file.endswith(".whl"):
        return True
    interpreters, abi, machines = file.removesuffix(".whl").split("-")[-3:]
    return (
        any(map(FOR_A_MACHINE.fullmatch, machines.split(".")))
        and any(map(FOR_AN_INTERPRETER.fullmatch, interpreters.split(".")))
        and (abi == "none" or "abi3" in abi.split(".") or not TOO_OLD.fullmatch(abi))
        and not abi.endswith("t")
    )


def main() -> int:
    uv = sys.argv[1]
    LOCK.write_text(pins(uv))
    command = [uv, "pip", "compile", "-", "--universal", "--python-version=3.11", "--quiet"]
    for lock, pin in APART.items():
        hashed = [*command, "--generate-hashes", "--no-annotate", "--no-header", "-o", str(lock)]
        subprocess.run(hashed, cwd=ROOT, input=pin, text=True, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
