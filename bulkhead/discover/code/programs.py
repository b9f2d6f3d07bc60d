"""Which program a file belongs to: the nearest manifest of a package above it, by its name."""

from __future__ import annotations

import json
import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Final

from bulkhead.files import read_file
from bulkhead.problems import InputError

_XML: Final = re.compile(r"<parent>.*?</parent>", re.DOTALL)
_PATTERNS: Final = {
    "go.mod": r"^module\s+(\S+)",
    "setup.py": r"\bname\s*=\s*[\"']([\w.-]+)[\"']",
    "setup.cfg": r"(?m)^name\s*=\s*([\w.-]+)",
    "pom.xml": r"<artifactId>([^<]+)</artifactId>",
    "CMakeLists.txt": r"(?i)^\s*project\s*\(\s*([\w.+-]+)",
    "mix.exs": r"\bapp:\s*:(\w+)",
    "rebar.config": "",
    "build.gradle": "",
    "build.gradle.kts": "",
    "build.sbt": r"(?m)^\s*name\s*:=\s*\"([^\"]+)\"",
    "Gemfile": "",
    "configure.ac": r"AC_INIT\(\[?([\w.+-]+)",
    "meson.build": r"project\(\s*'([^']+)'",
}
_STRUCTURED: Final = ("pyproject.toml", "Cargo.toml", "package.json", "composer.json")


def program_of(file: Path, root: Path) -> str:
    """The name of the package that a file is of; of none the name of what was asked about."""
    folder = file.parent
    while True:
        name = _named(folder)
        if name is not None:
            return name
        if folder in (root, folder.parent) or root not in (folder, *folder.parents):
            return root.resolve().name or str(root)
        folder = folder.parent


@lru_cache(maxsize=8192)
def _named(folder: Path) -> str | None:
    for each in _STRUCTURED:
        if (text := _text(folder / each)) is not None and (name := _structured(each, text)):
            return name
    for each, pattern in _PATTERNS.items():
        if (text := _text(folder / each)) is not None:
            match = re.search(pattern, _XML.sub("", text), re.MULTILINE) if pattern else None
            if match or each not in (
                "setup.cfg",
                "setup.py",
                "CMakeLists.txt",
                "meson.build",
                "build.sbt",
            ):
                return match[1] if match else folder.resolve().name
    for path in sorted(_matching(folder, "*.csproj") + _matching(folder, "*.gemspec")):
        return path.stem
    return None


def _matching(folder: Path, pattern: str) -> list[Path]:
    try:
        return list(folder.glob(pattern))
    except OSError:
        return []


def _text(path: Path) -> str | None:
    try:
        if not path.is_file():
            return None
        return read_file(path, largest=1 << 20, remedy="").decode("utf-8", "replace")
    except (OSError, InputError):
        return None


def _structured(name: str, text: str) -> str | None:
    try:
        if name.endswith(".toml"):
            said = tomllib.loads(text)
            tables = (
                said.get("project"),
                said.get("package"),
                (said.get("tool") or {}).get("poetry"),
            )
            found = next((each.get("name") for each in tables if isinstance(each, dict)), None)
        else:
            said = json.loads(text)
            found = said.get("name") if isinstance(said, dict) else None
    except (ValueError, AttributeError, RecursionError):
        return None
    return found if isinstance(found, str) else None
