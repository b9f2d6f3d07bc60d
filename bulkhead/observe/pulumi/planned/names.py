"""The ids of resources that stand and do not say them, by what refers to them.

An engine shows a policy pack no id, but where the provider has it among its outputs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bulkhead.observe.pulumi.planned.references import has_unknown, kinds_meant, prefix_of
from bulkhead.observe.pulumi.planned.steps import Planned


def named(planned: Iterable[Planned]) -> list[Planned]:
    """The same resources, with every id that can only be one's.

    A property that was made from one resource alone names that one. What is left is told by
    elimination, and only where no value is unknown: then nothing is yet to be made.
    """
    every = list(planned)
    ids = dict(_by_dependency(every))
    if not any(has_unknown(each.outputs) or has_unknown(each.inputs) for each in every):
        ids |= _by_elimination(every, ids)
    return [replace(each, id=ids[each.urn]) if each.urn in ids else each for each in every]


def _by_dependency(every: list[Planned]) -> Iterator[tuple[str, str]]:
    nameless = {each.urn: prefix_of(each.type) for each in every if not each.id}
    for each in every if nameless else ():
        for key, urns in each.depends.items():
            kind = nameless.get(urns[0]) if len(urns) == 1 else None
            found = {id_ for of, id_ in _ids(key, each.outputs.get(key)) if of == kind}
            if len(found) == 1:
                yield urns[0], found.pop()


def _by_elimination(every: list[Planned], ids: Mapping[str, str]) -> dict[str, str]:
    known = {each.id for each in every} | set(ids.values())
    nameless: dict[str, list[str]] = defaultdict(list)
    spoken: dict[str, set[str]] = defaultdict(set)
    for each in every:
        if not each.id and each.urn not in ids:
            nameless[prefix_of(each.type)].append(each.urn)
        for key, value in each.outputs.items():
            for kind, id_ in _ids(key, value):
                if id_ not in known:
                    spoken[kind].add(id_)
    return {
        urns[0]: next(iter(spoken[kind]))
        for kind, urns in nameless.items()
        if len(urns) == len(spoken[kind]) == 1
    }


def _ids(key: str, value: object) -> Iterator[tuple[str, str]]:
    """Kind and id, of every id in a property, however deep."""
    if isinstance(value, str):
        for kind in kinds_meant(key):
            if value.startswith(f"{kind}-"):
                yield kind, value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _ids(name, each)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(key, each)
