"""Instances, and the interfaces that they say they have.

An instance that describe-instances shows is a fact, and so is each interface of it: also
one that describe-network-interfaces, asked with a filter or at another moment, does not show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from bulkhead.observe.describe.described import Described
from bulkhead.observe.describe.perhaps_held import PERHAPS, perhaps_holding
from bulkhead.observe.record import Gaps, Record

_GONE: Final = ("shutting-down", "terminated")
_TOLD_TWICE: Final = ("SubnetId", "PrivateIpAddress", "SourceDestCheck")
"""What both answers say of an interface, besides its groups."""


def instances(described: Described) -> Iterator[Record]:
    """Every instance of every reservation that was not terminated."""
    for reservation in described["Reservations"]:
        for instance in reservation.records("Instances"):
            state = instance.inside("State")
            if state is None or state.maybe("Name") != "terminated":
                yield instance


def gone(described: Described) -> dict[str, str]:
    """Instance -> its state, of those that are no more, or soon."""
    found = {}
    for reservation in described["Reservations"]:
        for instance in reservation.records("Instances"):
            state = instance.inside("State")
            named = state.maybe("Name") if state else None
            if named in _GONE:
                found[instance.text("InstanceId")] = named
    return found


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
                found[name] = _compared(found[name], told, gaps)
        elif "NetworkInterfaces" in described.missing:
            found[name] = told
    first = _first_of_instances(found.values())
    for instance in instances(described):
        with gaps.needing(instance):
            if listed := first.get(instance.text("InstanceId")):
                name = listed.text("NetworkInterfaceId")
                found[name] = _compared(listed, _of_itself(instance), gaps)
    return tuple(found[name] for name in sorted(found))


def _first_of_instances(records: Iterable[Record]) -> dict[str, Record]:
    """Instance -> the interface that it was launched with, which it speaks of as of itself."""
    first = {}
    for each in records:
        attachment = each.inside("Attachment")
        if attachment is not None and attachment.maybe_integer("DeviceIndex") == 0:
            first[attachment.maybe("InstanceId") or ""] = each
    return first


def _of_itself(instance: Record) -> Record:
    """What an instance says of its first interface, in that one's words."""
    keys = (*_TOLD_TWICE, "PublicIpAddress")
    values = {key: instance.values.get(key) for key in keys if instance.has(key)}
    if instance.has("SecurityGroups"):
        values["Groups"] = instance.values["SecurityGroups"]
    return Record(instance.where, values)


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


def _compared(listed: Record, told: Record, gaps: Gaps) -> Record:
    """What is listed; where the two answers contradict each other, nobody knows which is true."""
    name = listed.text("NetworkInterfaceId")
    differing = [
        key for key in _TOLD_TWICE if told.has(key) and told.values[key] != listed.values.get(key)
    ]
    if told.has("PublicIpAddress") and told.values["PublicIpAddress"] not in _public(listed):
        differing.append("PublicIpAddress")
    why = "describe-instances tells it otherwise than describe-network-interfaces"
    if differing:
        gaps.add("contradiction", name, name, f"{why} ({', '.join(differing)})")
    here, there = _groups(listed), _groups(told)
    if "Groups" not in told.values or here == there or listed.has(PERHAPS):
        return listed
    others = ", ".join(sorted(here ^ there))
    known_as = f"{name} {others}"
    gaps.add("contradiction", known_as, known_as, f"{why}: it is not known whether it holds them")
    return perhaps_holding(listed, sorted(here & there), here ^ there)


def _public(record: Record) -> set[str | None]:
    every = (record, *record.records("PrivateIpAddresses"))
    return {each.maybe("PublicIp") for one in every if (each := one.inside("Association"))}


def _groups(record: Record) -> set[str]:
    return {each.text("GroupId") for each in record.records("Groups")}
