"""Which resources an argument was made from, by the expressions of a configuration.

A plan writes "known after apply" for every id that AWS has yet to give, and beside it, in
`configuration`, what each expression refers to: within a module, to its variables and to what
its own modules give out. Followed are those. What a `local` was made from is not in a plan, and
which copy `each.key` or `count.index` chooses is said by no reference: there anything of the
kind may be meant.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from bulkhead.observe.record import Record

ANYTHING: Final = "?"
"""Stands among addresses for what cannot be followed."""

ModulePath = tuple[str, ...]
"""Names of modules from the root, without what tells their copies apart."""

_STEP: Final = re.compile(r"module\.([^.\[]+)(\[(?:\"(?:[^\"\\]|\\.)*\"|[0-9]+)\])?\.?")
_KEY: Final = re.compile(r"([^.\[]+)\.([^.\[]+)(\[(?:\"(?:[^\"\\]|\\.)*\"|[0-9]+)\])?")
_NO_RESOURCE: Final = ("each.key", "count.index", "path.", "terraform.")
_DEEPEST: Final = 50


@dataclass(frozen=True, slots=True)
class _Place:
    """A module of the configuration, and who calls it."""

    called: ModulePath
    record: Record
    calls: Mapping[str, Record]


@dataclass(slots=True)
class Configuration:
    """What a plan says of the program that it was made of."""

    _places: dict[ModulePath, _Place] = field(default_factory=dict)
    _resources: dict[tuple[ModulePath, str], Record] = field(default_factory=dict)
    _copies: dict[tuple[ModulePath, str], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )

    @classmethod
    def of(cls, root: Record | None, addresses: Iterable[str]) -> Configuration:
        """`root` is its `root_module`; `addresses` are those of all planned resources."""
        found = cls()
        if root is not None:
            found._add((), root)
        for each in addresses:
            module, rest, _ = parted(each)
            found._copies[module, rest].append(each)
        return found

    def _add(self, called: ModulePath, record: Record) -> None:
        calls = record.inside("module_calls")
        names = calls.values if calls else {}
        inside = {each: call for each in names if calls and (call := calls.inside(each))}
        self._places[called] = _Place(called, record, inside)
        for each in record.records("resources"):
            self._resources[called, each.text("address")] = each
        for name, call in inside.items():
            if (module := call.inside("module")) is not None and len(called) < _DEEPEST:
                self._add((*called, name), module)

    def arguments(self, address: str) -> Mapping[str, object] | None:
        """The expressions of a resource by argument; None where the program has none of it."""
        module, rest, _ = parted(address)
        if (found := self._resources.get((module, rest))) is None:
            return None
        expressions = found.inside("expressions")
        return expressions.values if expressions else {}

    def made_from(self, address: str, argument: str) -> tuple[str, ...]:
        """The addresses that an argument may refer to, `ANYTHING` among them where it may be
        more."""
        module, _, _ = parted(address)
        said = (self.arguments(address) or {}).get(argument)
        return tuple(dict.fromkeys(self._meant(module, _references(said), 0)))

    def _meant(self, module: ModulePath, references: Iterable[str], depth: int) -> Iterator[str]:
        every = list(references)
        if depth > _DEEPEST:
            yield ANYTHING
            return
        for each in every:
            # "aws_vpc.a.id" comes with "aws_vpc.a", which says less.
            if not any(one != each and re.match(re.escape(each) + r"[.\[]", one) for one in every):
                yield from self._one(module, each, depth)

    def _one(self, module: ModulePath, reference: str, depth: int) -> Iterator[str]:
        if reference.startswith(_NO_RESOURCE):
            return
        kind, _, rest = reference.partition(".")
        name = re.split(r"[.\[]", rest, maxsplit=1)[0]
        if kind == "var":
            yield from self._variable(module, name, depth)
        elif kind == "module":
            yield from self._given_out((*module, name), rest, depth)
        elif kind in ("local", "data", "each", "self") or "_" not in kind:
            yield ANYTHING
        else:
            found = _KEY.match(reference)
            copies = self._copies.get((module, f"{kind}.{name}"), [])
            key = found[3] if found else None
            chosen = [each for each in copies if key and parted(each)[2] == key]
            yield from chosen or copies or [ANYTHING]

    def _variable(self, module: ModulePath, name: str, depth: int) -> Iterator[str]:
        if not module:  # a value that somebody gave, and no resource
            return
        caller = self._places.get(module[:-1])
        call = caller.calls.get(module[-1]) if caller else None
        expressions = call.inside("expressions") if call is not None else None
        if expressions is None or name not in expressions.values:
            return  # its default
        yield from self._meant(module[:-1], _references(expressions.values[name]), depth + 1)

    def _given_out(self, module: ModulePath, rest: str, depth: int) -> Iterator[str]:
        place = self._places.get(module)
        output = re.sub(r"^[^.\[]+(?:\[[^\]]*\])?\.?", "", rest).partition(".")[0].partition("[")[0]
        outputs = place.record.inside("outputs") if place else None
        said = outputs.inside(output) if outputs and output else None
        if said is None:
            yield ANYTHING
        else:
            yield from self._meant(module, _references(said.values.get("expression")), depth + 1)


def parted(address: str) -> tuple[ModulePath, str, str]:
    """'module.a["x"].aws_subnet.b[0]' -> (('a',), 'aws_subnet.b', '[0]')."""
    names = []
    while step := _STEP.match(address):
        names.append(step[1])
        address = address[step.end() :]
    key = address.partition("[")[1] + address.partition("[")[2]
    return tuple(names), address.partition("[")[0], key


def _references(expression: object) -> Iterator[str]:
    """Every reference in an expression, or in the blocks that an argument has."""
    if isinstance(expression, Mapping):
        for key, each in expression.items():
            if key == "references" and isinstance(each, list):
                yield from (one for one in each if isinstance(one, str))
            else:
                yield from _references(each)
    elif isinstance(expression, list):
        for each in expression:
            yield from _references(each)
