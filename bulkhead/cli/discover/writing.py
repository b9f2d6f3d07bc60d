"""`discover register --write` and `--update`: a topology, tried before it is given away."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from bulkhead.cli.codes import unusable
from bulkhead.cli.init import configured_region
from bulkhead.discover.register import (
    BoundaryRegister,
    Grounds,
    TopologyHead,
    added_to,
    against,
    first_topology,
)
from bulkhead.files import read_if_there, write_file
from bulkhead.intent import load
from bulkhead.intent.document import LARGEST_FILE, read_bytes
from bulkhead.intent.including import beside, path_of
from bulkhead.intent.load import topology_of
from bulkhead.intent.regions import zones_by_number
from bulkhead.intent.starting import DEFAULT_REGION, name_like
from bulkhead.intent.wrong import Wrong
from bulkhead.plan import plan
from bulkhead.plan.files import TopologyText
from bulkhead.plan.lock import lock_path
from bulkhead.problems import InputError, Problem
from bulkhead.report.console import errors, progress

_ZONES = 2


def refuse_to_overwrite(path: Path) -> None:
    """Before the long work: what people wrote is never lost."""
    if path.suffix not in (".yaml", ".yml"):
        unusable(f"--write {path}: is no .yaml file; name one, such as topology.yaml")
    if os.path.lexists(path):
        unusable(f"--write {path}: is there already; --update {path} adds what is new to it")


def refuse_to_add(path: Path) -> None:
    """Before the long work: lines are added to YAML alone."""
    if path.suffix not in (".yaml", ".yml"):
        unusable(
            f"--update {path}: is no .yaml file; name one, such as topology.yaml (a topology that "
            "is a program is not changed: its author adds what --json lists)"
        )


def write_first(path: Path, found: BoundaryRegister, grounds: Grounds) -> None:
    """Write it, and say on stderr what was left to a person."""
    with progress("proposing a topology"):
        first = first_topology(found, _head(path), accepts=accepts, grounds=grounds)
    write_file(path, first.text.encode(), remedy="name another file with --write")
    said = errors()
    said.print(
        f"wrote {path}: {len(first.wiring.services)} services, {len(first.wiring.sockets)} sockets"
    )
    if first.refused:
        said.print(f"finer segments were refused: {first.refused[0].what}")
    if first.wiring.left:
        said.print(f"{len(first.wiring.left)} boundaries stand in comments, each with its reason")
    said.print(f"next: bulkhead check {path}")


def accepts(text: str) -> Sequence[Problem]:
    """What is wrong with a topology of this text: it is loaded, and planned."""
    try:
        plan(topology_of("topology.yaml", text.encode()))
    except InputError as error:
        return tuple(error.problems)
    return ()


def update(path: Path, found: BoundaryRegister, grounds: Grounds) -> bool:
    """Add what is new to a topology, and say on stderr what was left to a person.

    Returns whether anything was added.
    """
    topology = load(path)
    names = dict.fromkeys([str(path), *(each.file for each in topology.places.values())])
    texts = {name: read_bytes(Path(name)).decode("utf-8") for name in names}
    lock = lock_path(path)
    before = read_if_there(lock, largest=LARGEST_FILE, remedy="name a topology with its lock")

    def accepted(changed: Mapping[str, str]) -> Sequence[Problem]:
        now = {**texts, **changed}

        def read(inside: str) -> bytes:
            name = path_of(inside, str(path))
            return now[name].encode() if name in now else beside(path)(inside)

        whole = TopologyText(
            called=str(path),
            text=now[str(path)].encode(),
            lock_called=str(lock),
            lock=before,
            file=str(path),
            included=read,
        )
        try:
            whole.plan(any_lock=True)
        except InputError as error:
            return tuple(error.problems)
        return ()

    with progress("adding what is new"):
        held = against(found, topology, grounds)
        done = added_to(topology, held, texts, accepts=accepted, grounds=grounds)
    said = errors()
    for name, text in done.files.items():
        write_file(Path(name), text.encode(), remedy="name a topology that can be written")
        said.print(f"wrote {name}")
    said.print(f"added {len(done.added)} boundaries, left {len(done.left)} to you")
    for each in done.left:
        said.print(f"left: {each.boundary} ({each.why})")
    if done.files:
        said.print(f"next: git diff; bulkhead check {path}")
    return bool(done.files)


def _head(path: Path) -> TopologyHead:
    region = configured_region(os.environ) or DEFAULT_REGION
    try:
        zones_by_number(region, _ZONES)
        zones = str(_ZONES)
    except Wrong:
        zones = f"[{region}a, {region}c]"
    name = name_like(path.absolute().parent.name) or "first"
    return TopologyHead(name=name, region=region, zones=zones)
