"""A snapshot, read again: the same answers make the same Network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from bulkhead.files import LARGEST_ANSWER, read_file
from bulkhead.observe.beside import inventory
from bulkhead.observe.beside.calls import BESIDE_KEYS
from bulkhead.observe.describe import convert
from bulkhead.observe.dumps import read_dump
from bulkhead.observe.errors import MalformedDescriptionError
from bulkhead.observe.join import closed_region, expect_one, join_found
from bulkhead.observe.observed import Answers, Observed
from bulkhead.observe.snapshots.manifest import (
    Manifest,
    RegionKept,
    expect_unchanged,
    read_manifest,
)
from bulkhead.observe.snapshots.stacks import stack_of
from bulkhead.observe.wanted import EVERYTHING, Chosen, Wanted
from bulkhead.problems import InputError, Problem

_REMEDY: Final = "take the snapshot anew"


def read_snapshot(path: Path, *, wanted: Wanted = EVERYTHING) -> Observed:
    """The Network of what is `wanted` of a snapshot, which must be as it was kept.

    Raises InputError, TopologyNotFoundError, VpcNotFoundError or SeveralVpcsError.
    """
    manifest = read_manifest(path)
    expect_unchanged(path, manifest)
    wanted = replace(wanted, only=wanted.only or manifest.only)
    match manifest.of:
        case "dump":
            found = read_dump(path / manifest.root, wanted=wanted)
        case "account":
            found = _account(path, manifest, wanted)
        case "state" | "preview":
            stack = stack_of(dict(_kept(path, manifest)), path)
            found = stack.observed(path, wanted=wanted, remedy=_REMEDY)
        case "topology":
            what = f"is a snapshot of a topology ({manifest.source}): no VPC of it stands anywhere"
            raise InputError([Problem(str(path), 0, what, "name the folder itself")])
    return replace(found, taken=manifest.provenance)


def _account(path: Path, manifest: Manifest, wanted: Wanted) -> Observed:
    answers = tuple(_answers(path, manifest, each) for each in manifest.regions)
    joined = join_found(
        (partial(_network, each, path, wanted) for each in answers), where=str(path)
    )
    expect_one(joined.network, wanted.topology, str(path), lambda vpc: f"{path}/{vpc.id}")
    return Observed(
        network=joined.network,
        scope=joined.scope,
        answers=answers,
        inventory=partial(inventory, answers),
        stands=True,
    )


def _kept(path: Path, manifest: Manifest) -> Iterator[tuple[str, bytes]]:
    for each in manifest.files:
        yield each.name, read_file(path / each.name, largest=LARGEST_ANSWER, remedy=_REMEDY)


def _answers(path: Path, manifest: Manifest, kept: RegionKept) -> Answers:
    document: dict[str, object] = {}
    for name, data in _kept(path, manifest):
        if name.startswith(f"{kept.region}/"):
            document |= json.loads(data)
    return Answers(
        region=kept.region,
        document={key: each for key, each in document.items() if key not in BESIDE_KEYS},
        missing=kept.missing,
        beside={key: each for key, each in document.items() if key in BESIDE_KEYS},
        not_beside=kept.not_beside,
        closed=kept.closed,
    )


def _network(answers: Answers, path: Path, wanted: Wanted) -> Chosen:
    if answers.closed:
        return Chosen(closed_region(answers))
    try:
        return convert.chosen_network(
            answers.document,
            region=answers.region,
            where=str(path),
            source=str(path),
            wanted=wanted,
            missing=answers.missing,
            in_full=True,
        )
    except MalformedDescriptionError as error:
        problems = (Problem(str(path), 0, str(fault), _REMEDY) for fault in error.faults)
        raise InputError(problems) from None
