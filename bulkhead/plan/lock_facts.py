"""The text of a lock: a fact a line, sorted, so that git merges what two branches gave out.

    "acl feed/egress/request tcp 5557 10.30.4.0/22": 0,
    "block 10.31.0.0/16": 64,
    "excluded nat-gateway": true,
    "gone unit 3": true,
    "group broker/ingress tcp-5561/momentum": 0,
    "host feed/eu-west-1a ticker-1": 0,
    "list pl-0123abcd": true,
    "list pl-0123abcd 198.51.100.0/24": true,
    "nacl feed": 2,
    "option exchange/1 startup": "start",
    "quota rules-per-group": 120,
    "shared broker/ingress/tcp-5561/momentum": true,
    "tunnel exchange/1": 0,
    "unit feed": 0,
    "vpc block 10.0.0.0/16": true,
    "vpc id": "vpc-0a1b2c3d4e5f60718",
    "vpc subnet 10.0.1.0/24": "subnet-0a1b2c3d4e5f60718",
    "zone eu-west-1a": 0,
    "topology": "trading",
    "version": 2

What is last never changes, so every fact ends in a comma and no two lines depend on one another.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from bulkhead.plan.allot import Allotment
from bulkhead.plan.lists import HeldByLists
from bulkhead.plan.lock_excluded import exclusion_lines, exclusions_in, is_of_exclusions
from bulkhead.plan.lock_lists import NO_LISTS, is_of_list, list_lines, lists_in
from bulkhead.plan.lock_nacls import is_of_nacls, nacl_lines, nacls_in
from bulkhead.plan.lock_quotas import is_of_quotas, quota_lines, quotas_in
from bulkhead.plan.lock_shared import CrowdMembers, is_of_shared, shared_in, shared_lines
from bulkhead.plan.lock_tunnels import (
    OptionsByTunnel,
    is_of_options,
    option_lines,
    options_in,
)
from bulkhead.plan.lock_v1 import NotVersion1Error, of_version_1
from bulkhead.plan.lock_vpc import is_of_vpc, vpc_in, vpc_lines
from bulkhead.plan.vpc_facts import VpcFacts
from bulkhead.problems import InputError, Problem

VERSION: Final = 2
RESTORE: Final = "restore the committed file; deleting it would move subnets and addresses"
_TOLD: Final = (
    *(is_of_vpc, is_of_list, is_of_quotas, is_of_exclusions, is_of_shared),
    *(is_of_options, is_of_nacls),
)
"""Whether a line is about what nobody numbers."""
_DELETE: Final = "delete the line of what is not built yet: `bulkhead plan` gives it another slot"
_BOTH: Final = "keep the lines of both sides and delete this one"
_MARKER: Final = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: |$)")

Numbering = tuple[str, str]
"""What is numbered (unit, zone, host, acl, group, tunnel, block), and where ('feed/eu-west-1a',
or '')."""
Numbered = Mapping[Numbering, Allotment]
Spell = Callable[[Numbering, str], str]

WHERE: Final[Mapping[str, bool]] = {
    "acl": True,
    "block": False,
    "group": True,
    "host": True,
    "tunnel": False,
    "unit": False,
    "zone": False,
}
"""Each kind, and whether it is numbered in several places, each by itself."""


def text_of(
    topology: str,
    numbered: Numbered,
    vpc: VpcFacts | None = None,
    lists: HeldByLists = NO_LISTS,
    quotas: Mapping[str, int] | None = None,
    *,
    excluded: Iterable[str] = (),
    shared: CrowdMembers | None = None,
    options: OptionsByTunnel | None = None,
    nacls: Mapping[str, int] | None = None,
) -> str:
    """The text of a lock."""
    told = (
        *list_lines(lists),
        *vpc_lines(vpc),
        *quota_lines(quotas or {}),
        *exclusion_lines(excluded),
        *shared_lines(shared or {}),
        *option_lines(options or {}),
        *nacl_lines(nacls or {}),
    )
    facts: dict[str, object] = dict(sorted((*_facts(numbered), *told)))
    document = {**facts, "topology": topology, "version": VERSION}
    return json.dumps(document, indent=2) + "\n"


def _facts(numbered: Numbered) -> Iterator[tuple[str, object]]:
    for (kind, where), allotment in numbered.items():
        place = f"{kind} {where}" if where else kind
        yield from ((f"{place} {key}", slot) for key, slot in allotment.taken.items())
        yield from ((f"gone {place} {slot}", True) for slot in allotment.gone)


LockFacts = tuple[
    str,
    Numbered,
    VpcFacts | None,
    HeldByLists,
    Mapping[str, int],
    tuple[str, ...],
    CrowdMembers,
    OptionsByTunnel,
    Mapping[str, int],
]


def facts_of(file: str, data: bytes) -> LockFacts:
    """The topology that a lock belongs to, what it gives out, and what it knows of others' VPC,
    prefix lists, of the account's quotas, of what was excluded from its encryption, of shared
    groups, of options of tunnels, and of NACLs in the place of others.

    Raises InputError, with every problem, where it is not a lock or contradicts itself.
    """
    text = _text(file, data)
    document, again = _document(file, text)
    vpc: VpcFacts | None = None
    lists: HeldByLists = NO_LISTS
    quotas: Mapping[str, int] = {}
    excluded: tuple[str, ...] = ()
    shared: CrowdMembers = {}
    options: OptionsByTunnel = {}
    nacls: Mapping[str, int] = {}
    if document.get("version", 1) == 1:
        try:
            topology, numbered = of_version_1(document)
        except NotVersion1Error as error:
            raise InputError(
                Problem(file, 0, f"is not a lock file: {each}", RESTORE) for each in error.args
            ) from None
        problems = list(_contradictions(file, text, numbered, written=lambda _, key: key))
    else:
        read = _Read(file, text)
        vpc, wrong = vpc_in(document)
        lists, wrong_too = lists_in(document)
        quotas, none = quotas_in(document)
        excluded, nor = exclusions_in(document)
        shared, nobody = shared_in(document)
        options, no_option = options_in(document)
        nacls, no_later = nacls_in(document)
        beside = {**none, **nor, **nobody, **no_option, **no_later}
        for name, what in {**wrong, **wrong_too, **beside}.items():
            read.complain(name, what)
        given_out = {
            name: value for name, value in document.items() if not any(told(name) for told in _TOLD)
        }
        topology, numbered = read.document(given_out)
        problems = [
            *read.problems,
            *_said_twice(file, text, again),
            *_contradictions(file, text, numbered, written=written),
        ]
    if problems:
        raise InputError(sorted(problems))
    return topology, numbered, vpc, lists, quotas, excluded, shared, options, nacls


def written(place: Numbering, key: str) -> str:
    """How a fact is called: 'host feed/eu-west-1a ticker-1'."""
    return " ".join(each for each in (*place, key) if each)


def line_of(text: str, name: str, which: int = 0) -> int:
    """The line on which a name stands for the first time (or once more); 0 where it does not."""
    lines = [
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if line.lstrip().startswith(json.dumps(name))
    ]
    return lines[which] if which < len(lines) else 0


def _text(file: str, data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise InputError([Problem(file, 0, "is not a lock file: no UTF-8 text", RESTORE)]) from None
    unfinished = [
        Problem(file, number, "is left of a merge that nobody finished", _BOTH)
        for number, line in enumerate(text.splitlines(), start=1)
        if _MARKER.match(line)
    ]
    if unfinished:
        raise InputError(unfinished)
    return text


_Twice = tuple[str, object, object]


def _document(file: str, text: str) -> tuple[dict[str, object], list[_Twice]]:
    """What the JSON says, and each name that it says again."""
    again: list[_Twice] = []

    def keep(pairs: list[tuple[str, object]]) -> dict[str, object]:
        kept: dict[str, object] = {}
        for name, value in pairs:
            if name in kept:
                again.append((name, kept[name], value))
            else:
                kept[name] = value
        return kept

    try:
        document = json.loads(text, object_pairs_hook=keep)
    except json.JSONDecodeError as error:
        what = f"is not a lock file: {error.msg.lower()}"
        raise InputError([Problem(file, error.lineno, what, RESTORE)]) from None
    except (RecursionError, ValueError):
        raise InputError([Problem(file, 0, "is not a lock file", RESTORE)]) from None
    if not isinstance(document, dict):
        raise InputError([Problem(file, 1, "is not a lock file: no JSON object", RESTORE)])
    return document, again


def _said_twice(file: str, text: str, again: list[_Twice]) -> Iterator[Problem]:
    for name, first, second in again:
        if first != second:
            line = line_of(text, name)
            what = f"{name!r} is {json.dumps(second)} here, and {json.dumps(first)} on line {line}"
            yield Problem(file, line_of(text, name, 1), what, "keep the line of what is built")


@dataclass(slots=True)
class _Read:
    """Reads facts, and collects what is none."""

    file: str
    text: str
    problems: list[Problem] = field(default_factory=list)

    def document(self, document: dict[str, object]) -> tuple[str, Numbered]:
        """The topology and the facts of a document."""
        taken: dict[Numbering, dict[str, int]] = defaultdict(dict)
        gone: dict[Numbering, set[int]] = defaultdict(set)
        topology = document.get("topology")
        if not isinstance(topology, str):
            self.complain("topology", "topology: the name of the topology belongs here")
        if document["version"] != VERSION:
            what = f"version: {json.dumps(document['version'])} is none that this version reads"
            self.complain("version", what)
        for name, value in document.items():
            if name in ("topology", "version"):
                continue
            if (left := _place_of(name.removeprefix("gone "))) is None:
                kinds = ", ".join(WHERE)
                kinds += ", list, nacl, quota, shared, vpc, gone"
                what = f"{name!r} is no fact of a lock: those are {kinds}"
                self.complain(name, what)
                continue
            place, key = left
            if name.startswith("gone "):
                if key.isascii() and key.isdigit() and value is True:
                    gone[place].add(int(key[:9]))
                else:
                    self.complain(name, f"{name!r} gives no slot back")
            elif isinstance(value, int) and not isinstance(value, bool) and value >= 0:
                taken[place][key] = value
            else:
                self.complain(name, f"{name!r} has no slot: {json.dumps(value)[:80]}")
        return str(topology), {
            place: Allotment(taken[place], frozenset(gone[place].difference(taken[place].values())))
            for place in dict.fromkeys((*taken, *gone))
        }

    def complain(self, name: str, what: str) -> None:
        """Note what is wrong, on the line of a name."""
        what = f"is not a lock file: {what}"
        self.problems.append(Problem(self.file, line_of(self.text, name), what, RESTORE))


def _place_of(name: str) -> tuple[Numbering, str] | None:
    kind, _, rest = name.partition(" ")
    if kind not in WHERE:
        return None
    where, _, key = rest.partition(" ") if WHERE[kind] else ("", "", rest)
    return ((kind, where), key) if key and (where or not WHERE[kind]) else None


def _contradictions(
    file: str, text: str, numbered: Numbered, *, written: Spell
) -> Iterator[Problem]:
    """Two that hold one slot, and interfaces in two places: one of the lines cannot be kept."""
    zones: dict[tuple[str, str], Numbering] = {}
    for place, allotment in sorted(numbered.items()):
        holders: dict[int, str] = {}
        for key, slot in sorted(allotment.taken.items()):
            name = written(place, key)
            first = holders.setdefault(slot, name)
            if first != name:
                what = f"{name!r} holds slot {slot}, and so does {first!r} (line {{}})"
                what = what.format(line_of(text, first))
                yield Problem(file, line_of(text, name), what, _DELETE)
            if place[0] == "host":
                home = zones.setdefault((place[1].rpartition("/")[0], key), place)
                if home != place:
                    line = line_of(text, written(home, key))
                    what = f"{name!r} is in another zone on line {line}"
                    yield Problem(file, line_of(text, name), what, _DELETE)
