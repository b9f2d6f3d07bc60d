"""What a source said, beside the Network that it describes: the answers themselves, and of whom."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Final

from bulkhead.network import Network, Origins, Provenance, Replaced, Scope
from bulkhead.network.inventory import Inventory
from bulkhead.observe.calls import BLOCK_PUBLIC_ACCESS, KEYS

_OWNED: Final = (
    *("Vpcs", "Subnets", "SecurityGroups", "NetworkAcls", "RouteTables"),
    *("NetworkInterfaces", "InternetGateways", "Reservations"),
)
"""Keys of what belongs to the accounts that were read: nothing that two share, as a peering."""


def command_of(key: str) -> str:
    """What the AWS CLI calls the question that a key answers: 'describe-vpcs'.

    A question that is put in two ways has two keys, and the second says which way.
    """
    from bulkhead.observe.beside.calls import BESIDE_KEYS  # noqa: PLC0415 - it reads answers itself

    calls = {**KEYS, BLOCK_PUBLIC_ACCESS.key: BLOCK_PUBLIC_ACCESS, **BESIDE_KEYS}
    if key not in calls:
        return key
    command = calls[key].command
    first = next(each for each, call in calls.items() if call.command == command)
    return command if key == first else f"{command}.{key}"


def as_file(key: str, answer: object, *, ordered: bool = False) -> bytes:
    """As the AWS CLI names things, one record a line: short to read, to compare and to search.

    `ordered`: names stay in their order, and are not brought into that of the alphabet.
    """
    write = partial(_as_json, sort_keys=not ordered)
    if isinstance(answer, list):
        records = ",\n".join(map(write, answer))
        text = f"[\n{records}\n]" if records else "[]"
    else:
        text = write(answer)
    return f"{{{json.dumps(key)}: {text}}}\n".encode("utf-8", "backslashreplace")


def _as_json(value: object, *, sort_keys: bool) -> str:
    return json.dumps(value, sort_keys=sort_keys, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    """A time, which boto3 reads and the AWS CLI writes out again."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was answered for one Region, less secrets: {"Vpcs": [...], "Subnets": [...], ...}.

    `missing` says of a key why it is not here, or why only a part of it is; `owners` are
    accounts that the source names elsewhere. `beside` is what only an audit asks for, and
    `not_beside` why a key of it is not there.
    """

    region: str
    document: Mapping[str, object]
    missing: Mapping[str, str] = field(default_factory=dict)
    owners: tuple[str, ...] = ()
    beside: Mapping[str, object] = field(default_factory=dict)
    not_beside: Mapping[str, str] = field(default_factory=dict)
    closed: str = ""
    """Why nothing at all of the Region was answered."""

    @property
    def files(self) -> Iterator[tuple[str, bytes]]:
        """Each answer as a file of a dump: 'eu-west-1/describe-vpcs.json', and what is in it."""
        for key, answer in sorted({**self.document, **self.beside}.items()):
            yield f"{self.region}/{command_of(key)}.json", as_file(key, answer)

    @property
    def digests(self) -> Iterator[tuple[str, str]]:
        """The SHA-256 of each of the files."""
        return ((name, sha256(data).hexdigest()) for name, data in self.files)

    @property
    def accounts(self) -> Iterator[str]:
        """Who owns what is described (OwnerId)."""
        yield from self.owners
        for key in _OWNED:
            listed = self.document.get(key)
            for each in listed if isinstance(listed, list) else ():
                owner = each.get("OwnerId") if isinstance(each, Mapping) else None
                if isinstance(owner, str) and owner:
                    yield owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A Network with what it was made of: the answers of each Region, and where it is written.

    `replaced` is what an engine says that it replaces on the way there; None where none was asked.
    `scope` is the part of the source that the Network is of; None where it is all of it.
    """

    network: Network
    scope: Scope | None = None
    answers: tuple[Answers, ...] = ()
    origins: Origins = field(default_factory=Origins)
    replaced: tuple[Replaced, ...] | None = None
    inventory: Callable[[], Inventory] = Inventory
    """Makes one of the same, for who asks of more than packets."""
    stands: bool = False
    """Whether AWS itself said it: not an engine, of what it made or will make."""
    taken: Provenance | None = None
    """Of evidence that was kept before: when, and of what."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Those that were read, also where nothing was found."""
        asked = {each.region for each in self.answers}
        return tuple(sorted(asked | {each.region for each in self.network.vpcs}))

    @property
    def accounts(self) -> tuple[str, ...]:
        """Those that own what was read."""
        return tuple(sorted({account for each in self.answers for account in each.accounts}))
