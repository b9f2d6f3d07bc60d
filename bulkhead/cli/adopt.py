"""`bulkhead adopt`: what others have in a VPC that a topology shares, or all that stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.cli.options import (
    CodeOption,
    HostOption,
    Json,
    PcapOption,
    ServiceOption,
    StackOption,
    checked,
    declared,
)
from bulkhead.plan.lock import in_ci
from bulkhead.rehearse import Rehearsal
from bulkhead.report.adopted import print_adopted
from bulkhead.report.console import output, progress
from bulkhead.report.documents.adopt import adopt as document
from bulkhead.report.documents.writing import write
from bulkhead.report.rehearsal import print_rehearsal
from bulkhead.sources import is_account, is_planned
from bulkhead.sources.adopting import adopt as adopted
from bulkhead.sources.adopting import adopt_for


def adopt(
    source: Annotated[
        str,
        typer.Argument(
            help="A topology file (.yaml) with `vpc: existing`; of a topology in Python its lock "
            "(NAME.lock.json). With --write what stands somewhere: an account, a state, a dump."
        ),
    ],
    *,
    to_write: Annotated[
        Path | None,
        typer.Option(
            "--write",
            metavar="FILE",
            help="Write what a VPC of SOURCE really lets through as a topology, which check "
            "accepts at once.",
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE", help="Where the VPC is; else the account, in the topology's Region."
        ),
    ] = None,
    stack: StackOption = None,
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Of a lock: the topology's name, where it is new."),
    ] = None,
    vpc: Annotated[
        str | None,
        typer.Option(
            metavar="VPC",
            help="Of a lock: the id of the VPC, where it is new. With --write: which VPC of SOURCE "
            "(id or name).",
        ),
    ] = None,
    lists: Annotated[
        list[str] | None,
        typer.Option("--list", metavar="LIST", help="Of a lock: the id of a prefix list, if new."),
    ] = None,
    subnets: Annotated[
        list[str] | None,
        typer.Option(
            "--subnet",
            metavar="SEGMENT=SUBNET",
            help="Of a lock: a subnet of others that a segment stands in, where it is new; one for "
            "each zone.",
        ),
    ] = None,
    flows: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LOGS",
            help="Then say what the planned network would have cut of what VPC flow logs recorded "
            "there: a file, a folder, or s3://BUCKET/PREFIX; repeatable. With --write: write no "
            "more flows than those that were recorded.",
        ),
    ] = None,
    rehearse: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LOGS",
            help="With --write: then say what of what these flow logs recorded the network that is "
            "written would have cut; repeatable.",
        ),
    ] = None,
    register: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="REGISTER",
            help="With --write: write no more flows than this register of boundaries has (what "
            "`discover register --json` wrote), and with --flows those of both; repeatable.",
        ),
    ] = None,
    code: CodeOption = None,
    host: HostOption = None,
    pcap: PcapOption = None,
    service: ServiceOption = None,
    as_json: Json = False,
) -> int:
    """Take over what stands: into the lock of a topology, or (--write) as a topology.

    Of a topology: what others have in its VPC, and in prefix lists, into its lock.

    A plan is made from the lock alone, so it has to know which addresses others have, and which
    a `prefix-list:` of a peer holds. Ask again when these have changed. Whatever does not fit is
    refused, all of it together, and then nothing is written; of a topology in Python the next
    preview tells it. Exit code 0: it fits.
    With --flows, 1: not all that carried traffic is kept.

    With --write FILE: services, sites, segments and flows as they are proved of a VPC of an
    account, a state or a dump. What no topology says, or nobody can tell, stands in comments,
    and with --flows what is allowed and was not seen in these records. The same with --register, or
    with what one is made from (--code, --host, --pcap; --service says whose it is). With
    --rehearse, 1: not all that carried traffic there would be kept.
    """
    if to_write is not None:
        _expect_alone(on, stack, name, lists, subnets)
        # To adopt needs no prover, and nothing that reads evidence.
        from bulkhead.cli.discover.evidence import EvidenceNamed  # noqa: PLC0415
        from bulkhead.cli.presenting import write_present  # noqa: PLC0415

        return write_present(
            source,
            to_write,
            vpc=vpc,
            logs=flows or (),
            evidence=EvidenceNamed(
                registers=register or (),
                code=code or (),
                records=host or (),
                captures=pcap or (),
                services=service or (),
            ),
            rehearse=rehearse or (),
            as_json=as_json,
        )
    _expect_no_evidence(register or code or host or pcap or service, rehearse)
    topology = Path(source)
    if is_account(source) or not (is_planned(source) or source.endswith(".lock.json")):
        unusable(f"{source} is no topology: --write FILE writes what stands there as one")
    if flows and topology.name.endswith(".lock.json"):
        unusable("--flows needs the topology itself, and a lock is none")
    if in_ci():
        unusable("on a build server (CI is set) no lock is written: adopt the VPC, and commit it")
    where = checked(on) if on else None
    with progress(f"reading {where or 'the account'}"):
        if topology.name.endswith(".lock.json"):
            found = adopt_for(
                topology,
                name=name,
                vpc=vpc,
                source=where or "aws",
                stack=stack,
                lists=tuple(lists or ()),
                subnets=_by_segment(subnets or ()),
            )
        else:
            if name or vpc or lists or subnets:
                what = "--name, --vpc, --list and --subnet go with the lock of a topology in Python"
                unusable(f"{what}; {topology} says all of it")
            found = adopted(topology, where, stack)
    changed = found.keep()
    rehearsed = _rehearsed(topology, flows, where) if flows else None
    if as_json:
        write(document(found, changed=changed, rehearsed=rehearsed))
    else:
        print_adopted(output(), found, changed=changed)
        if rehearsed is not None:
            print_rehearsal(output(), rehearsed)
    return YES if rehearsed is None or rehearsed.ok else NO


def _expect_alone(*others: object) -> None:
    """What goes with a topology says nothing of what stands somewhere."""
    if any(others):
        unusable(
            "--write goes with SOURCE, --vpc, --flows, --register (or --code, --host, --pcap, "
            "--service), --rehearse and --json alone"
        )


def _expect_no_evidence(evidence: object, rehearse: object) -> None:
    """What tells what is used goes with --write: whoever has a topology said it there."""
    if rehearse:
        unusable("--rehearse goes with --write; of a topology --flows says the same")
    if evidence:
        unusable(
            "--register, --code, --host, --pcap and --service go with --write; "
            "discover register --against holds them against a topology"
        )


def _rehearsed(topology: Path, logs: list[str], source: str | None) -> Rehearsal:
    """Of what was recorded in that account, in the network that is planned in its VPC."""
    from bulkhead.cli.rehearsing import rehearsed  # noqa: PLC0415 - to adopt needs no prover

    planned = declared(topology)
    region = planned.network.vpcs[0].region
    found, _ = rehearsed(planned, logs, source or f"aws:{region}")
    return found


def _by_segment(subnets: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """'feed=subnet-0a1b' -> feed: [subnet-0a1b]."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in subnets:
        segment, equals, id_ = each.partition("=")
        if not (segment and equals and id_.startswith("subnet-")):
            unusable(f"--subnet {each}: write SEGMENT=subnet-…")
        found[segment].append(id_)
    return found
