"""From what people write for SOURCE to the Network that it stands for."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulkhead import observe
from bulkhead.ends.members import with_stand_ins
from bulkhead.files import is_folder, noting
from bulkhead.network import Provenance, Vpc
from bulkhead.network.inventory import Inventory
from bulkhead.observe import EVERYTHING, Observed, Wanted
from bulkhead.problems import InputError, Problem
from bulkhead.sources.account import ACCOUNT, ask_account, is_account
from bulkhead.sources.forms import FORMS, reader_for, refuse_other_forms
from bulkhead.sources.reading import Clock, now, provenance
from bulkhead.sources.source import Source, TopologySource

if TYPE_CHECKING:
    from bulkhead.plan import Plan

REVISION: Final = "git:"
"""How a SOURCE begins that is a topology at a revision of git."""
_VPC: Final = re.compile(r"vpc-[0-9a-z]+")


def open_source(
    text: str,
    *,
    wanted: Wanted = EVERYTHING,
    beside: str | None = None,
    audited: bool = False,
    clock: Clock = now,
) -> Source:
    """The network that SOURCE stands for.

    `aws` and `aws:…` are the account, also where a file or folder is called so.
    `aws/VPC`, `aws:REGION/VPC`, `aws:REGION/STACK` and `DUMP/VPC` are one VPC of it;
    without a Region it is the one that is configured. `git:REVISION:TOPOLOGY` is a topology
    as it was, also where a file is called so.
    Of what stands somewhere, only what is `wanted`, and the provenance has that as its scope;
    a topology is planned whole, and a VPC or a stack of one is refused. `beside` is another
    SOURCE: if that is a state, what a preview leaves out is taken from it. `audited`: read
    too what no packet depends on, into `inventory`; of that names alone, where some are
    `wanted`. `clock` tells the time (UTC) for the
    provenance. Raises InputError or observe.ObserveError.
    """
    if text.startswith(REVISION):
        from bulkhead.sources.revisions import open_revision  # noqa: PLC0415 - needs the planner

        _expect_whole(text, wanted)
        return open_revision(text, clock=clock)
    path = Path(text)
    time = clock()
    if is_planned(text):
        if not is_kept(path):
            refuse_other_forms(path)
        _expect_whole(text, wanted)
        return open_topology(path, clock=clock)
    with noting() as read:
        found = _observed(text, path, wanted, beside, audited=audited)
    _expect_each(found, text)
    if is_account(text):
        read = dict(digest for each in found.answers for digest in each.digests)
    return Source(
        label=text,
        network=with_stand_ins(found.network),
        origins=found.origins,
        replaced=found.replaced,
        inventory=found.inventory() if audited or wanted.names else Inventory(),
        stands=found.stands,
        provenance=replace(_provenance(time, read, found), scope=found.scope),
    )


def _expect_each(found: Observed, text: str) -> None:
    """Every VPC that was named is one of some Region; a misspelt one is not left out in silence."""
    if (scope := found.scope) and scope.missed:
        there = [*scope.vpcs, *(each.id for each in scope.left_out if each.kind == "vpc")]
        asked = f"is {' or '.join(scope.missed)} by id or name"
        raise observe.VpcNotFoundError(asked, there, text)


def _expect_whole(text: str, wanted: Wanted) -> None:
    """A topology plans one VPC, of one stack or another: that is no part of it. One of others
    is named by the topology itself."""
    if (asked := wanted.but_topology) and not wanted.shared:
        what = f"is a topology, which plans one VPC; {asked} is one that stands somewhere"
        raise InputError([Problem(text, 0, what, "name an account, a dump, a state or a preview")])


def open_topology(path: Path, *, clock: Clock = now) -> TopologySource:
    """What a topology file plans, whatever the file is called, or a snapshot of one.

    Raises InputError.
    """
    if is_kept(path):
        from bulkhead.sources.topologies import open_kept  # noqa: PLC0415 - needs the planner

        return open_kept(path)
    time = clock()
    with noting() as read:
        planned = _planned(path)
    return TopologySource(
        label=str(path),
        network=planned.network,
        plan=planned,
        origins=planned.origins,
        provenance=provenance(time, read, regions=(each.region for each in planned.network.vpcs)),
    )


def one_vpc(text: str, vpc: Vpc) -> str | None:
    """The SOURCE that is one VPC of this one; None where nobody can ask for less."""
    if account := ACCOUNT.fullmatch(text):
        if account["vpc"] or account["only"]:
            return None
        return f"aws:{vpc.region}/{vpc.id}" if account["regions"] else f"aws/{vpc.id}"
    path = Path(text)
    planned = path.suffix in (".yaml", ".yml") or _holds_a_topology(path)
    if planned or not os.path.lexists(path) or not _VPC.fullmatch(vpc.id):
        return None
    return f"{text}/{vpc.id}" if path.is_dir() or reader_for(path) is observe.read_dump else None


def one_of_a_dump(path: Path) -> bool:
    """Whether it is DUMP/VPC, and no file of that name."""
    return _VPC.fullmatch(path.name) is not None and not os.path.lexists(path)


def is_topology(path: Path) -> bool:
    """Whether a file is one by its name."""
    return not one_of_a_dump(path) and path.suffix in (".yaml", ".yml") and not _folder(path)


def is_planned(text: str) -> bool:
    """Whether SOURCE is a topology: here, at a revision of git, or in a snapshot."""
    if text.startswith(REVISION):
        return True
    path = Path(text)
    return not is_account(text) and (is_topology(path) or _holds_a_topology(path))


def is_kept(path: Path) -> bool:
    """Whether it is a snapshot: nothing is written into one, or beside it."""
    return observe.is_snapshot(path)


def _holds_a_topology(path: Path) -> bool:
    return is_kept(path) and observe.read_manifest(path).of == "topology"


def _folder(path: Path) -> bool:
    return is_folder(path, remedy=FORMS)


def _observed(
    text: str, path: Path, wanted: Wanted, beside: str | None, *, audited: bool
) -> Observed:
    if is_account(text):
        return ask_account(text, wanted, audited=audited)
    if one_of_a_dump(path):
        return reader_of(path.parent)(path.parent, wanted=replace(wanted, only=path.name))
    reader = reader_of(path)
    if reader is observe.read_preview and beside is not None and is_state(beside):
        return reader(path, wanted=wanted, beside=Path(beside))
    return reader(path, wanted=wanted)


def reader_of(path: Path) -> Callable[..., Observed]:
    """Who reads a file or folder that is no topology."""
    if not _folder(path):
        return reader_for(path)
    return observe.read_snapshot if observe.is_snapshot(path) else observe.read_dump


def _provenance(time: datetime, read: Mapping[str, str], found: Observed) -> Provenance:
    """Of evidence that was kept, when and of what it was taken: that is what it is evidence of."""
    today = provenance(time, read, regions=found.regions, accounts=found.accounts)
    if found.taken is None:
        return today
    kept = found.taken
    return replace(today, time=kept.time, regions=kept.regions, accounts=kept.accounts)


def is_state(text: str) -> bool:
    """Whether SOURCE is a file with the state of a Pulumi stack. Raises InputError."""
    return _is_read_by(observe.read_state, text)


def is_preview(text: str) -> bool:
    """Whether it is a file with a preview of one. Raises InputError."""
    return _is_read_by(observe.read_preview, text)


def _is_read_by(reader: Callable[..., Observed], text: str) -> bool:
    path = Path(text)
    named = not is_account(text) and path.is_file() and path.suffix not in (".yaml", ".yml")
    return named and reader_for(path) is reader


def _planned(path: Path) -> Plan:
    from bulkhead.plan.files import locked_plan  # noqa: PLC0415 - what stands needs no planner

    return locked_plan(path)
