"""Answers that do not say what they are about, and how their place tells it.

The routes of a transit gateway's table, the entries of a prefix list, the health of
a target group: whoever asked knew the id. It is looked for in the name of the file,
then in those of its folders.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from bulkhead.observe.calls import TRANSIT_ROUTES
from bulkhead.observe.dumps.answers import DumpRecord, FileContent, Loose

_SHAPES: Final = {
    "TransitGatewayRouteTableId": re.compile(r"tgw-rtb-[0-9a-f]{8,17}(?![0-9a-z])"),
    "PrefixListId": re.compile(r"(?<![a-z0-9])pl-[0-9a-f]{8,17}(?![0-9a-z])"),
    "TargetGroupArn": re.compile(r"(?!)"),
    "ListenerArn": re.compile(r"(?!)"),
    "LoadBalancerArn": re.compile(r"(?!)"),
}
"""What the ids look like; of an ARN no file can be called after, only known ones are found."""


def owned_and_not(answers: Iterable[FileContent]) -> tuple[list[DumpRecord], list[Loose]]:
    """Those of which the place tells the owner, with its id; and the others.

    Of a list that is cut off nothing is kept, so that it does not pass for whole.
    """
    every = list(answers)
    ids = _known(every)
    owned: list[DumpRecord] = []
    unowned: list[Loose] = []
    cut: set[tuple[str, str]] = set()
    for each in every:
        for loose in each.loose:
            item, ask = loose.item, loose.detail.ask
            owner = item.value.get(ask) or _by_place(item.file.path, ask, ids[ask])
            if not isinstance(owner, str):
                if any(value for key, value in item.value.items() if key != ask):
                    unowned.append(loose)
                continue
            value = {**item.value, ask: owner}
            if item.key in each.cut and loose.detail is TRANSIT_ROUTES:
                value["AdditionalRoutesAvailable"] = True
            elif item.key in each.cut:
                cut.add((item.key, owner))
            owned.append(replace(item, value=value))
    return [each for each in owned if not cut & set(_names(each))], unowned


def why_nobodys(loose: Loose) -> str:
    """That nobody can tell what an answer is about, and what would help."""
    what = loose.detail.ask.removesuffix("Id").removesuffix("Arn")
    return (
        f"nobody can tell which {what} {loose.item.file.name} is about: "
        "put its id into the name of the file"
    )


def _names(item: DumpRecord) -> Iterator[tuple[str, str]]:
    return ((item.key, each) for each in item.value.values() if isinstance(each, str))


def _known(answers: Iterable[FileContent]) -> dict[str, set[str]]:
    """The owners that other answers name."""
    ids: dict[str, set[str]] = defaultdict(set)
    for each in answers:
        for item in each.items:
            for name in _SHAPES:
                if isinstance(known := item.value.get(name), str):
                    ids[name].add(known)
    return ids


def _by_place(path: Path, ask: str, known: set[str]) -> str | None:
    """The one id that the name of a file, or of the nearest folder, holds."""
    for part in reversed(path.parts):
        named = {each for each in known if _holds(part, each)}
        named = {each for each in named if not any(each in more for more in named - {each})}
        named = named or set(_SHAPES[ask].findall(part))
        if named:
            return named.pop() if len(named) == 1 else None
    return None


def _holds(part: str, known: str) -> bool:
    """Whether a name holds an id; of an ARN its end, which no two things share."""
    word = known.rsplit("/", 1)[-1]
    return bool(re.search(rf"(?<![0-9A-Za-z]){re.escape(word)}(?![0-9A-Za-z])", part))
