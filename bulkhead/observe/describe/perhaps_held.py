"""Groups of which it is not known whether an interface holds them.

The interface holds those that are known, which let pass for sure what they let pass, and one that
stands for the others, of which nothing is known. A rule that refers to one of the others may mean
the interface: beside it stands an uncertain one that does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from bulkhead.network import GroupPeer, GroupRule, SecurityGroup, Unlisted
from bulkhead.observe.calls import Item
from bulkhead.observe.record import Record

PERHAPS: Final = "PerhapsGroups"
"""Marks the others in the record of an interface; no answer of AWS has it."""
UNSEEN: Final = "*"
"""Among the others: any that is not here."""


def perhaps_holding(record: Record, sure: Iterable[str], others: Iterable[str]) -> Record:
    """An interface that holds these for sure, and others perhaps."""
    name = record.text("NetworkInterfaceId")
    groups = [{"GroupId": each} for each in (*sure, _others_of(name))]
    values = {**record.values, "Groups": groups, PERHAPS: sorted(others)}
    return replace(record, values=values)


def hold_perhaps(interface: Item, others: Iterable[str]) -> None:
    """Let an interface in the making hold others perhaps, beside those that it holds."""
    stand_in = {"GroupId": _others_of(interface["NetworkInterfaceId"])}
    held = [each for each in interface["Groups"] if each != stand_in]
    interface["Groups"] = [*held, stand_in]
    interface[PERHAPS] = sorted({*interface.get(PERHAPS, ()), *others})


def perhaps_held(records: Iterable[Record]) -> Mapping[str, frozenset[str]]:
    """What stands for the others of an interface -> those groups."""
    return {
        _others_of(each.text("NetworkInterfaceId")): frozenset(each.texts(PERHAPS))
        for each in records
        if each.has(PERHAPS)
    }


def referring(
    groups: Iterable[SecurityGroup], perhaps: Mapping[str, frozenset[str]]
) -> tuple[SecurityGroup, ...]:
    """The groups, with what a reference may mean besides."""
    if not perhaps:
        return tuple(groups)
    groups = tuple(groups)
    here = {each.id for each in groups}
    return tuple(
        replace(each, rules=(*each.rules, *_beside(each.rules, perhaps, here))) for each in groups
    )


def _beside(
    rules: Iterable[GroupRule], perhaps: Mapping[str, frozenset[str]], here: Collection[str]
) -> Iterator[GroupRule]:
    for rule in rules:
        if not isinstance(rule.peer, GroupPeer):
            continue
        meant = rule.peer.group if rule.peer.group in here else UNSEEN
        for stand_in, others in perhaps.items():
            if rule.peer.group in others or meant in others:
                known_as, peer = f"{rule.id}/{stand_in}", GroupPeer(stand_in)
                yield replace(rule, id=known_as, peer=peer, certain=False)


def holders(perhaps: Mapping[str, frozenset[str]]) -> Iterator[Unlisted]:
    """So that nobody concludes that nothing holds them."""
    for stand_in, others in perhaps.items():
        yield Unlisted(
            kind="network-interface",
            name=stand_in.removesuffix(_OTHERS),
            why="it is not known whether it holds them",
            security_groups=tuple(sorted(others - {UNSEEN})),
            runs=False,
        )


_OTHERS: Final = "/other-groups"


def _others_of(interface: str) -> str:
    return interface + _OTHERS
