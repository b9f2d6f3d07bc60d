"""Instances, and the interfaces that they say they have.

An instance that describe-instances shows is a fact, and so is each interface of it: also
one that describe-network-interfaces, asked with a filter or at another moment, does not show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bulkhead.observe.describe.described import Described
from bulkhead.observe.record import Gaps, Record

_TOLD_TWICE = ("SubnetId", "PrivateIpAddress", "SourceDestCheck")
"""What both answers say of an interface, besides its groups."""


def instances(described: Described) -> Iterator[Record]:
    """Every instance of every reservation that was not terminated."""
    for reservation in described["Reservations"]:
        for instance in reservation.records("Instances"):
            state = instance.inside("State")
            if state is None or state.maybe("Name") != "terminated":
                yield instance


def with_vanished(described: Described, gaps: Gaps) -> Described:
    """The same, where an instance has interfaces that are not listed: more may not be."""
    listed = described.ids("NetworkInterfaces")
    lacking = [
        f"{each.text('NetworkInterfaceId')} of {each.text('InstanceId')}"
        for each in _of_instances(described, gaps)
        if each.text("NetworkInterfaceId") not in listed
    ]
    if not lacking or "NetworkInterfaces" in described.missing:
        return described
    some = ", ".join(lacking[:3]) + (" …" if len(lacking) > 3 else "")
    why = f"describe-network-interfaces does not show {some}, which describe-instances does"
    return replace(described, missing={**described.missing, "NetworkInterfaces": why})


def interface_records(described: Described, gaps: Gaps) -> tuple[Record, ...]:
    """The interfaces; where those are not there in full, also the ones that instances have."""
    found = {each.text("NetworkInterfaceId"): each for each in described["NetworkInterfaces"]}
    for told in _of_instances(described, gaps):
        name = told.text("NetworkInterfaceId")
        if name in found:
            with gaps.needing(told):
                _compare(found[name], told, gaps)
        elif "NetworkInterfaces" in described.missing:
            found[name] = told
    return tuple(found[name] for name in sorted(found))


def _of_instances(described: Described, gaps: Gaps) -> Iterator[Record]:
    """Every interface of every instance, with the instance that it is attached to."""
    for instance in instances(described):
        with gaps.needing(instance):
            known_as = instance.text("InstanceId")
            several = instance.records("NetworkInterfaces")
            for each in several or _primary(instance, described):
                attachment = each.inside("Attachment")
                held = {**(attachment.values if attachment else {}), "InstanceId": known_as}
                name = each.text("NetworkInterfaceId")
                values = {**each.values, "Attachment": held, "InstanceId": known_as}
                yield Record(f"Reservations NetworkInterfaces {name}", values)


def _primary(instance: Record, described: Described) -> Iterator[Record]:
    """Of an instance that lists no interface and that none names: what it says of itself."""
    known_as = instance.text("InstanceId")
    named = any(
        attached.maybe("InstanceId") == known_as
        for each in described["NetworkInterfaces"]
        if (attached := each.inside("Attachment")) is not None
    )
    if named or not instance.has("SubnetId") or not instance.has("PrivateIpAddress"):
        return
    values = {
        "NetworkInterfaceId": f"{known_as}/primary",
        "Groups": instance.values.get("SecurityGroups"),
        **{key: instance.values.get(key) for key in ("VpcId", *_TOLD_TWICE)},
    }
    if instance.has("PublicIpAddress"):
        values["Association"] = {"PublicIp": instance.values["PublicIpAddress"]}
    yield Record(instance.where, values)


def _compare(listed: Record, told: Record, gaps: Gaps) -> None:
    """Where the two answers contradict each other, nobody knows which is true."""
    differing = [
        key for key in _TOLD_TWICE if told.has(key) and told.values[key] != listed.values.get(key)
    ]
    if "Groups" in told.values and _groups(told) != _groups(listed):
        differing.append("Groups")
    if differing:
        name = listed.text("NetworkInterfaceId")
        what = ", ".join(differing)
        why = f"describe-instances tells it otherwise than describe-network-interfaces ({what})"
        gaps.add("contradiction", name, name, why)


def _groups(record: Record) -> set[str | None]:
    return {each.maybe("GroupId") for each in record.records("Groups")}
