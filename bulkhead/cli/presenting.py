"""`bulkhead adopt SOURCE --write FILE`: what stands there, as the first topology of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.cli.discover.evidence import EvidenceNamed, registered_in
from bulkhead.cli.discover.writing import accepts
from bulkhead.cli.options import declared, read, within
from bulkhead.cli.rehearsing import rehearsed_in
from bulkhead.files import write_file
from bulkhead.network import Vpc
from bulkhead.present import as_written, present_topology
from bulkhead.prove import prove
from bulkhead.report.console import output, progress
from bulkhead.report.documents.present import present as document
from bulkhead.report.documents.writing import write
from bulkhead.report.present import print_present
from bulkhead.report.rehearsal import print_rehearsal
from bulkhead.sources import Source, is_planned
from bulkhead.sources.flow_logs import seen_in


def write_present(
    source: str,
    path: Path,
    *,
    vpc: str | None,
    logs: Sequence[str],
    evidence: EvidenceNamed,
    rehearse: Sequence[str] = (),
    as_json: bool,
) -> int:
    """Write what a VPC of SOURCE lets through; with `logs` or `evidence` what of it was seen. What
    `rehearse` recorded there is then sent through the network that this plans.

    Raises InputError, ObserveError, UnusableError.
    """
    if is_planned(source) or source.endswith(".lock.json"):
        unusable(f"{source} is a topology already: --write is for what stands somewhere")
    if path.suffix not in (".yaml", ".yml"):
        unusable(f"--write {path}: is no .yaml file; name one, such as topology.yaml")
    if os.path.lexists(path):
        unusable(f"--write {path}: is there already; name another file, and compare the two")
    if evidence.services and not evidence.direct:
        unusable("--service says whose --code, --host or --pcap is, and none is named")
    opened = read(source, within(None, [vpc] if vpc else None, None))
    one = _one(opened, source)
    register = registered_in(evidence, opened.network, source)
    with progress("reading flow logs" if logs else "proving what is there") as say:
        seen = seen_in(logs, opened.network, progress=say) if logs else None
        say("proving what is there")
        reach = prove(opened.network)
        say("writing what it lets through")
        found = present_topology(
            reach, one, source=source, accepts=accepts, seen=seen, register=register
        )
    write_file(path, found.text.encode(), remedy="name another file with --write")
    rehearsed = None
    if rehearse:
        there = replace(opened, network=as_written(reach, found))
        rehearsed, _ = rehearsed_in(declared(path), rehearse, there)
    if as_json:
        said = document(
            found,
            source,
            one,
            path,
            seen=seen,
            register=register,
            provenance=opened.provenance,
            rehearsed=rehearsed,
        )
        write(said)
    else:
        print_present(output(), found, path)
        if rehearsed is not None:
            print_rehearsal(output(), rehearsed)
    return YES if rehearsed is None or rehearsed.ok else NO


def _one(opened: Source, source: str) -> Vpc:
    """The VPC that was asked for; several are several topologies."""
    there = [each for each in opened.network.vpcs if not each.neighbour]
    if not there:
        unusable(f"{source} holds no VPC")
    if len(there) > 1:
        said = ", ".join(f"{each.id} ({each.name})" for each in there)
        unusable(f"{source} holds {len(there)} VPCs, and a topology is of one: --vpc {said}")
    return there[0]
