"""What an update touches, told from what a program asked for before and what it asks for now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from local_aws.provider.kinds import KINDS
from local_aws.provider.states import differences, replacing
from tests.components.conftest import Recording, Registered

ZONE_IDS = {"eu-west-1a": "euw1-az1", "eu-west-1b": "euw1-az3"}


def former_names(each: Registered, components: Mapping[str, Registered]) -> Iterator[str]:
    """What a resource may have been called, itself or by what it stands in."""
    yield from (each.name, *each.was, *each.aliases)
    above = components.get(each.parent.rpartition("::")[2])
    for old in (*above.was, *above.aliases) if above else ():
        for name in (each.name, *each.was):
            yield old + name.removeprefix(above.name)


def touched(before: Iterable[Registered], after: Recording) -> set[str]:
    """What an update does to which resource, by the name that this has afterwards: what is called
    otherwise is known by its aliases, as the engine knows it, and what cannot be changed in place
    by the provider's own table."""
    components = {each.name: each for each in after.components}
    left = {(each.type, each.name): each for each in before}
    pairs: list[tuple[Registered, Registered | None]] = []
    for each in after.resources:
        names = dict.fromkeys(former_names(each, components))
        key = next(((each.type, name) for name in names if (each.type, name) in left), None)
        pairs.append((each, left.pop(key) if key else None))
    ids = {f"{each.name}-id": f"{old.name}-id" for each, old in pairs if old}
    told = {f"delete {said(each)}" for each in left.values()}
    for each, old in pairs:
        if old is None:
            told.add(f"create {said(each)}")
            continue
        inputs = with_ids(each.inputs, ids)
        if each.custom and (changed := frozenset(changes(old, inputs))):
            replaces = replacing(KINDS[each.type], old.inputs, inputs, changed)
            told.add(f"{'replace' if replaces else 'update'} {said(each)}")
    return told


def changes(old: Registered, inputs: Mapping[str, Any]) -> Iterable[str]:
    """The inputs that the provider finds to differ, given what AWS told of the zones."""
    zone = old.inputs.get("availabilityZone", "")
    state = {**old.inputs, "availabilityZoneId": ZONE_IDS.get(zone)}
    return differences(KINDS[old.type], old.inputs, dict(inputs), state)


def with_ids(value: Any, ids: Mapping[str, str]) -> Any:
    """With what is meant called as it was."""
    if isinstance(value, Mapping):
        return {key: with_ids(each, ids) for key, each in value.items()}
    if isinstance(value, list):
        return [with_ids(each, ids) for each in value]
    return ids.get(value, value) if isinstance(value, str) else value


def said(each: Registered) -> str:
    return f"{each.type.rpartition(':')[2]} {each.name}"
