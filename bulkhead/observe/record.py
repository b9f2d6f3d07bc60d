"""One object of an AWS answer, read with suspicion.

An answer may come from AWS, from a file that somebody edited, or from an
endpoint that only resembles AWS. Whatever is missing or of the wrong kind
becomes an `UnreadableError` that says where it is; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_network,
)
from typing import Final, TypeVar

from bulkhead.network import IPNetwork, Unmodelled
from bulkhead.problems import printable

T = TypeVar("T")

IN_DOUBT: Final = "InDoubt"
"""Marks a rule of which a source has said that it may not be there; no answer of AWS has it."""
EVERYWHERE: Final[tuple[IPNetwork, ...]] = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))
"""What stands for blocks that are not known."""
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")


SECRET: Final = "a secret"  # noqa: S105 - how `what` begins where that is why


class UnreadableError(ValueError):
    """A description that does not say what it must."""


class HiddenError(UnreadableError):
    """It does say so, but as a secret, or as a value that is not known yet."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Stands where a value was that must not, or cannot, be read.

    `candidates`: the ids that it may turn out to be, where it stands for one.
    """

    what: str
    candidates: tuple[str, ...] = ()

    @property
    def secret(self) -> bool:
        """Whether it is known, and not to be shown."""
        return self.what.startswith(SECRET)

    def __str__(self) -> str:
        return "?"


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON object and the place it was found at ('Subnets subnet-1')."""

    where: str
    values: Mapping[str, object]
    of: str = ""
    """Where the record was found that this object is inside of; '' where it is inside of none."""

    @property
    def thing(self) -> str:
        """Where the outermost record was found: what AWS answered about one thing."""
        return self.of or self.where

    def has(self, key: str) -> bool:
        return self.values.get(key) not in (None, "", [], {})

    def text(self, key: str) -> str:
        found = self.maybe(key)
        if found is None:
            raise UnreadableError(f"{self.where} has no {key}")
        return found

    def maybe(self, key: str) -> str | None:
        """The text at `key`; None where it is absent or empty, as AWS answers 'not set'."""
        value = self.values.get(key)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise self._wrong(key, value, "text")
        return printable(value)

    def integer(self, key: str) -> int:
        found = self.maybe_integer(key)
        if found is None:
            raise UnreadableError(f"{self.where} has no {key}")
        return found

    def maybe_integer(self, key: str) -> int | None:
        value = self.values.get(key)
        if value is None or value == "":
            return None
        # JSON writers that know only doubles (protobuf's Struct) turn 5556 into 5556.0.
        if isinstance(value, float) and value.is_integer():
            return int(value)
        # AWS gives some numbers as text: BgpAsn is one.
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(key, value, "a whole number")
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self.values.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._wrong(key, value, "true or false")
        return value

    def maybe_flag(self, key: str) -> bool | None:
        return None if self.values.get(key) is None else self.flag(key)

    def told(self, key: str) -> bool:
        """A flag that answers always show: without it nobody knows."""
        if self.values.get(key) is None:
            raise UnreadableError(f"{self.where} has no {key}")
        return self.flag(key)

    def network(self, key: str) -> IPv4Network:
        return as_ipv4_block(self.text(key), f"{self.where}: {key}")

    def address(self, key: str) -> IPv4Address:
        text = self.text(key)
        try:
            return IPv4Address(text)
        except ValueError:
            raise self._wrong(key, text, "an IPv4 address") from None

    def network6(self, key: str) -> IPv6Network:
        text = self.text(key)
        try:
            return IPv6Network(text, strict=False)
        except ValueError:
            raise self._wrong(key, text, "an IPv6 CIDR") from None

    def block(self, key: str) -> IPNetwork:
        """A CIDR of either family."""
        return as_block(self.text(key), f"{self.where}: {key}")

    def address6(self, key: str) -> IPv6Address:
        text = self.text(key)
        try:
            found = IPv6Address(text)
        except ValueError:
            raise self._wrong(key, text, "an IPv6 address") from None
        if found.scope_id:
            raise self._wrong(key, text, "an IPv6 address")
        return found

    def inside(self, key: str) -> Record | None:
        """The object at `key`, if there is one."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise self._wrong(key, value, "an object")
        return Record(f"{self.where}: {key}", value, self.thing)

    def records(self, key: str) -> tuple[Record, ...]:
        """The objects in the list at `key`."""
        return as_records(self.values.get(key), f"{self.where}: {key}", self.thing)

    def listed(self, key: str) -> tuple[Record, ...]:
        """The objects of a list that answers always show, empty or not."""
        if self.values.get(key) is None:
            raise UnreadableError(f"{self.where} has no {key}")
        return self.records(key)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
            raise self._wrong(key, value, "a list of texts")
        return tuple(map(printable, value))

    def integers(self, key: str) -> tuple[int, ...]:
        value = self.values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            raise self._wrong(key, value, "a list of whole numbers")
        return tuple(
            Record(self.where, {key: each}).integer(key) for each in value if each is not None
        )

    def tags(self) -> dict[str, str]:
        """Tag -> value. Interfaces alone call their tags TagSet."""
        every = (*self.records("Tags"), *self.records("TagSet"))
        return {tag.text("Key"): tag.maybe("Value") or "" for tag in every}

    def wrong(self, key: str, wanted: str) -> UnreadableError:
        """What to raise where the value at `key` is not what it must be."""
        return self._wrong(key, self.values.get(key), wanted)

    def _wrong(self, key: str, value: object, wanted: str) -> UnreadableError:
        return _mismatch(f"{self.where}: {key}", value, wanted)


def as_records(value: object, where: str, of: str = "") -> tuple[Record, ...]:
    """The objects of a list; none where there is no list."""
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise _mismatch(where, value, "a list")
    for each in value:
        if not isinstance(each, Mapping):
            raise _mismatch(where, each, "an object")
    return tuple(Record(where, each, of) for each in value)


def texts_in(value: object) -> Iterator[str]:
    """Every text in a value of JSON, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_in(each)


def as_ipv4_block(text: str, where: str) -> IPv4Network:
    """The block a CIDR stands for: AWS itself reads 10.0.0.9/24 as 10.0.0.0/24.

    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html)
    """
    try:
        return IPv4Network(text, strict=False)
    except ValueError:
        raise UnreadableError(f"{where} is {_brief(text)}, not an IPv4 CIDR") from None


def as_block(text: str, where: str) -> IPNetwork:
    """The block of either family that a CIDR stands for."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise UnreadableError(f"{where} is {_brief(text)}, not a CIDR") from None


def _mismatch(where: str, value: object, wanted: str) -> UnreadableError:
    hidden = value if isinstance(value, Hidden) else None
    if isinstance(value, list | tuple):
        hidden = next((each for each in value if isinstance(each, Hidden)), None)
    if hidden is not None:
        return HiddenError(f"{where} is {hidden.what}")
    return UnreadableError(f"{where} is {_brief(value)}, not {wanted}")


def _brief(value: object) -> str:
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "…")
    if isinstance(value, int | float):
        return repr(value)
    if value is None:
        return "empty"
    return "an object" if isinstance(value, Mapping) else "a list"


@dataclass(frozen=True, slots=True)
class Fault:
    """What spoils a description, in words, and where the record was found that it is in."""

    what: str
    thing: str = ""

    def __str__(self) -> str:
        return self.what


def everywhere(record: Record, v4: str, v6: str) -> tuple[IPNetwork, ...]:
    """The widest that the block can be which a record has under one of two keys.

    Where it only is not known yet, the key tells its family.
    """
    hidden = [isinstance(record.values.get(key), Hidden) for key in (v4, v6)]
    if (record.has(v4) and record.has(v6)) or not any(hidden):
        return EVERYWHERE
    return EVERYWHERE[:1] if hidden[0] else EVERYWHERE[1:]


@dataclass(slots=True)
class Unread:
    """What of one rule is not known, in words."""

    why: list[str] = field(default_factory=list)

    @property
    def certain(self) -> bool:
        return not self.why

    def read(self, part: Callable[[], T], widest: T) -> T:
        """A part of the rule, or the widest that it can be."""
        try:
            return part()
        except UnreadableError as fault:
            self.why.append(f"it cannot be read: {fault}")
            return widest


@dataclass(slots=True)
class Gaps:
    """What a reading could not take in: unmodelled things, and faults of the description."""

    unmodelled: dict[Unmodelled, None] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(
        self,
        kind: str,
        id: str,  # noqa: A002 - AWS's own word
        scope: str,
        why: str,
        protocol: int | None = None,
        *,
        unseen: bool = False,
    ) -> None:
        found = Unmodelled(kind=kind, id=id, scope=scope, why=why, protocol=protocol, unseen=unseen)
        self.unmodelled[found] = None

    def about(self, scope: str) -> bool:
        """Whether something is said of it already."""
        return any(each.scope == scope for each in self.unmodelled)

    def add_each(self, kind: str, id: str, scopes: Iterable[str], why: str) -> None:  # noqa: A002
        for scope in scopes:
            self.add(kind, id, scope, why)

    @contextmanager
    def needing(self, record: Record | None = None) -> Iterator[None]:
        """What is read inside, of the record, must be readable: a fault spoils everything."""
        try:
            yield
        except UnreadableError as fault:
            self.spoil(str(fault), record)

    def spoil(self, what: str, record: Record | None = None) -> None:
        self.faults.append(Fault(what, record.thing if record else ""))

    @contextmanager
    def guessing(self, kind: str, id: str) -> Iterator[Unread]:  # noqa: A002
        """What is read inside is one rule: where a part is not known, that rule is in doubt."""
        unread = Unread()
        yield unread
        if unread.why:
            self.add(kind, id, id, "; ".join(unread.why))

    @contextmanager
    def tolerating(self, kind: str, id: str, scope: str) -> Iterator[None]:  # noqa: A002
        """What is read inside is one rule of `scope`: a fault makes that undetermined."""
        try:
            yield
        except UnreadableError as fault:
            self.add(kind, id, scope, f"it cannot be read: {fault}")
