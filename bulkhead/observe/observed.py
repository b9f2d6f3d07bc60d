"""What a source said, beside the Network that it describes: the answers themselves, and of whom."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from bulkhead.network import Network, Origins, Replaced
from bulkhead.network.inventory import Inventory
from bulkhead.observe.calls import BLOCK_PUBLIC_ACCESS, KEYS

_OWNED: Final = (
    *("Vpcs", "Subnets", "SecurityGroups", "NetworkAcls", "RouteTables"),
    *("NetworkInterfaces", "InternetGateways", "Reservations"),
)
"""Keys of what belongs to the accounts that were read: nothing that two share, as a peering."""


def command_of(key: str) -> str:
    """What the AWS CLI calls the question that a key answers: 'describe-vpcs'."""
    call = BLOCK_PUBLIC_ACCESS if key == BLOCK_PUBLIC_ACCESS.key else KEYS.get(key)
    return call.command if call else key


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

    @property
    def digests(self) -> Iterator[tuple[str, str]]:
        """Per call that was answered 'eu-west-1/describe-vpcs', and the SHA-256 of its answer."""
        for key, answer in sorted({**self.document, **self.beside}.items()):
            text = json.dumps(answer, sort_keys=True, default=str)
            yield f"{self.region}/{command_of(key)}", sha256(text.encode()).hexdigest()

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
    """

    network: Network
    answers: tuple[Answers, ...] = ()
    origins: Origins = field(default_factory=Origins)
    replaced: tuple[Replaced, ...] | None = None
    inventory: Callable[[], Inventory] = Inventory
    """Makes one of the same, for who asks of more than packets."""
    stands: bool = False
    """Whether AWS itself said it: not an engine, of what it made or will make."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Those that were read, also where nothing was found."""
        asked = {each.region for each in self.answers}
        return tuple(sorted(asked | {each.region for each in self.network.vpcs}))

    @property
    def accounts(self) -> tuple[str, ...]:
        """Those that own what was read."""
        return tuple(sorted({account for each in self.answers for account in each.accounts}))
