"""What a program is called: as somebody says, as it is deployed, or as its code is.

A name is taken, in this order, from `--service NAME=WHAT`; from compose and Kubernetes, where they
build or run the code; from the manifest of its package; from its folder; from its file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path, PurePosixPath
from typing import Final

from bulkhead.discover.code.config.keys import keys_of, kind_of
from bulkhead.discover.code.files import Walked, files_below, shown, source_of
from bulkhead.discover.register.grounds import GroundBlock, is_block
from bulkhead.problems import InputError, Problem

_PLAIN_FOLDERS: Final = frozenset(
    [
        "src",
        "lib",
        "libs",
        "app",
        "apps",
        "cmd",
        "pkg",
        "internal",
        "bin",
        "scripts",
        "services",
        "service",
        "python",
        "go",
        "java",
        "main",
        "kotlin",
        "scala",
        "source",
        "sources",
        "code",
        "examples",
    ]
)
"""Folders that say how code is laid out, and not what it is."""
_COMPOSED: Final = re.compile(
    r"services\.([^.]+)\.(build|build\.context|image|command|entrypoint)$"
)
_IMAGE: Final = re.compile(
    r"spec(\.jobTemplate\.spec)?\.template\.spec\.containers\.(image|args|command)$"
)
_REPLICA: Final = re.compile(r"(?P<name>.+?)-(?:[a-z0-9]{6,10}-[a-z0-9]{5}|[0-9]+)$")
"""The name of a pod: of a ReplicaSet's, with its hash and a suffix; of a StatefulSet's, a number
(kubernetes.io/docs/concepts/workloads/controllers/statefulset, "Stable Network ID")."""


@dataclass(frozen=True, slots=True)
class Named:
    name: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedService:
    """`--service NAME=PATH` or `NAME=ADDRESS`: one of the two is there."""

    name: str
    path: str = ""
    block: GroundBlock | None = None


def service_said(word: str) -> NamedService:
    """What `NAME=WHAT` means. Raises InputError."""
    name, equals, what = word.partition("=")
    if not (name and equals and what):
        remedy = "write --service router=services/router, or --service router=10.0.0.7"
        raise InputError(
            [Problem(f"--service {word}", 0, "is no NAME=PATH or NAME=ADDRESS", remedy)]
        )
    if is_block(what):
        return NamedService(name=name, block=ip_network(what))
    return NamedService(name=name, path=what.rstrip("/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A service of a compose file or a workload of Kubernetes, and how it finds its code."""

    name: str
    where: str
    folder: str = ""
    image: str = ""
    words: tuple[str, ...] = ()

    def runs(self, file: str) -> bool:
        path = PurePosixPath(file)
        inside = bool(self.folder) and (
            self.folder == "." or path.is_relative_to(PurePosixPath(self.folder))
        )
        return inside or (bool(self.image) and self.image in path.parts[:-1])

    def names_file(self, file: str) -> bool:
        """Whether its command names the very file, by path or as a module."""
        stem = PurePosixPath(file).stem
        said = " ".join(self.words)
        return (
            re.search(rf"(^|[\s/.\"'\[,]){re.escape(stem)}(\.\w+)?($|[\s\"'\],])", said) is not None
        )


def deployments(
    roots: Iterable[Path], only: Callable[[Path], bool] | None = None
) -> tuple[Deployed, ...]:
    """What compose files and manifests below these paths (of these `only` those) deploy."""
    found: list[Deployed] = []
    for root in roots:
        walked = Walked(only)
        for path in files_below(root, walked):
            kind = kind_of(path.name)
            if kind not in ("compose", "YAML"):
                continue
            data = source_of(path, walked)
            if data is None or not re.search(rb"services:|containers:", data):
                continue
            text = data.decode("utf-8", "replace")
            found += _composed(path, text) if kind == "compose" else _workloads(path, text)
    return tuple(found)


def _composed(path: Path, text: str) -> Iterator[Deployed]:
    said: dict[str, dict[str, list[str]]] = {}
    for key in keys_of("compose", text):
        if match := _COMPOSED.match(key.path):
            said.setdefault(match[1], {}).setdefault(match[2].partition(".")[0], []).append(
                key.value
            )
    for name, parts in said.items():
        folder = shown(path.parent / parts["build"][0]) if parts.get("build") else ""
        yield Deployed(
            name=name,
            where=f"a service of {shown(path)}",
            folder=folder,
            image="" if folder else _image(parts.get("image", [])),
            words=(*parts.get("entrypoint", ()), *parts.get("command", ())),
        )


def _workloads(path: Path, text: str) -> Iterator[Deployed]:
    name, image, words = "", list[str](), list[str]()
    for key in (*keys_of("YAML", text), None):
        if key is None or key.path in ("apiVersion", "kind"):
            if name and image:
                where = f"a workload of {shown(path)}"
                yield Deployed(name=name, where=where, image=_image(image), words=tuple(words))
                name, image, words = "", [], []
        elif key.path == "metadata.name":
            name = key.value
        elif match := _IMAGE.match(key.path):
            (image if match[2] == "image" else words).append(key.value)


def _image(said: Sequence[str]) -> str:
    """'ticker' of 'registry.example/team/ticker:1.2'."""
    return said[0].rpartition("/")[2].partition("@")[0].partition(":")[0] if said else ""


class ServiceNames:
    """Names for what code makes and for what runs."""

    def __init__(
        self,
        said: Sequence[NamedService] = (),
        deployed: Sequence[Deployed] = (),
        roots: Sequence[str] = (),
    ) -> None:
        self._said = said
        self._deployed = deployed
        self._roots = sorted((PurePosixPath(shown(Path(each))) for each in roots), reverse=True)

    @property
    def said(self) -> frozenset[str]:
        return frozenset(each.name for each in self._said)

    def of_file(self, file: str, program: str) -> Named:
        """What the program is called that this file is of; `program` is its package."""
        path = PurePosixPath(file)
        for each in self._said:
            if each.path and path.is_relative_to(PurePosixPath(shown(Path(each.path)))):
                return Named(each.name, f"--service {each.name}={each.path}")
        runs = [each for each in self._deployed if each.runs(file)]
        named = (
            [each for each in self._deployed if each.names_file(file)] if len(runs) != 1 else runs
        )
        exact = [each for each in named if each in runs] or named
        if len(exact) == 1:
            return Named(exact[0].name, exact[0].where)
        root = next((each for each in self._roots if path.is_relative_to(each)), None)
        base = root if root is not None else PurePosixPath(".")
        name = Path(str(base)).resolve().name
        if program and program != name:
            return Named(program, "the package that its file is of")
        inside = path.relative_to(base).parts if root is not None else (path.name,)
        folder = next((each for each in inside[:-1] if each.lower() not in _PLAIN_FOLDERS), "")
        if folder:
            return Named(folder, "the folder of its code")
        return Named(path.stem, "the file of its code")

    def of_process(
        self, called: str, script: str, host_name: str, addresses: Iterable[str]
    ) -> Named:
        """What a process is called: `host_name` is that of its container, '' of none."""
        for each in self._said:
            if each.path and _runs(script, each.path):
                return Named(each.name, f"--service {each.name}={each.path}")
        for address in addresses:
            if found := self._at(address):
                return found
        if host_name:
            pod = _REPLICA.match(host_name)
            return Named(pod["name"] if pod else host_name, f"its container {host_name}")
        return Named(called, "what its process runs")

    def of_address(self, address: str) -> Named | None:
        return self._at(address)

    def _at(self, address: str) -> Named | None:
        try:
            host = ip_address(address.partition("%")[0])
        except ValueError:
            return None
        holding = [each for each in self._said if each.block is not None and host in each.block]
        best = max(
            holding, key=lambda each: each.block.prefixlen if each.block else 0, default=None
        )
        return Named(best.name, f"--service {best.name}={best.block}") if best else None


def _runs(script: str, path: str) -> bool:
    """Whether a process runs what lies at a path: '/srv/feed/main.py' what is at 'feed'."""
    words, said = PurePosixPath(script).parts, PurePosixPath(path).parts
    said = tuple(each for each in said if each not in (".", "/"))
    size = len(said)
    return bool(said) and any(words[at : at + size] == said for at in range(len(words) - size + 1))


def plain(name: str) -> str:
    """By which two names are held for one: 'Price_Feed.py' and 'price-feed'."""
    stem = re.sub(r"\.(py|js|mjs|ts|rb|jar|exe|pl|lua|php|exs|sh)$", "", name.lower())
    return re.sub(r"[^a-z0-9]+", "-", stem).strip("-")
