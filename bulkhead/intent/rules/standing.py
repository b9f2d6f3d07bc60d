"""Segments in subnets that are there already, which are others': what cannot be said of such.

Their NACLs and route tables are others' too, so nothing holds that needs one of ours.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bulkhead.intent.complaints import Complain
from bulkhead.intent.wiring import Owner
from bulkhead.intent.written import WrittenTopology

_OF_OURS = "let it have subnets of its own: remove subnets:"


def judge_standing(
    written: WrittenTopology, owners: Mapping[str, Owner], complain: Complain
) -> None:
    """They are in a VPC that is there, each in one segment, and are asked for no NACL, no route
    and no quarantine."""
    standing = {
        name: each.subnets
        for name, each in (written.segments or {}).items()
        if each is not None and each.subnets
    }
    known: dict[str, str] = {}
    for name, subnets in standing.items():
        path = ("segments", name, "subnets")
        if written.vpc is None:
            what = f"segment {name} is in subnets that are there, and the VPC is made"
            complain(path, what, "add vpc: { existing: vpc-… }, or remove subnets:")
        for each in subnets if isinstance(subnets, tuple) else ():
            first = known.setdefault(each, name)
            if first != name:
                what = f"segment {name} is in {each}, and so is segment {first}"
                complain(path, what, "put their services in one segment, or name other subnets")
        _judge_isolation(name, written, complain)
    for owner in owners.values():
        _judge_service(owner, standing.keys(), written, complain)


def _judge_isolation(name: str, written: WrittenTopology, complain: Complain) -> None:
    segment = (written.segments or {})[name]
    if segment is not None and segment.isolation in ("service", "none"):
        what = f"segment {name} is in subnets of others, whose NACL is theirs"
        remedy = f"remove isolation: {segment.isolation}, or {_OF_OURS}"
        complain(("segments", name, "isolation"), what, remedy)


def _judge_service(
    owner: Owner, standing: Collection[str], written: WrittenTopology, complain: Complain
) -> None:
    inside = [each for each in standing if not owner.is_site and owner.ends_in(each)]
    service = (written.services or {}).get(owner.name)
    if not inside or service is None:
        return
    if service.needs:
        what = f"service {owner.name} needs {', '.join(service.needs)} by a route, and segment "
        what += f"{inside[0]} is in subnets of others, whose route table is theirs"
        complain(("services", owner.name, "needs"), what, _OF_OURS)
    for index, each in enumerate(written.quarantine or ()):
        if each is not None and each.service == owner.name:
            what = f"quarantine of {owner.name}: segment {inside[0]} is in subnets of others, "
            what += "whose NACL is theirs, so established connections would stay"
            remedy = f"cut off its hosts themselves, or {_OF_OURS}"
            complain(("quarantine", index), what, remedy)
