"""BASE as HEAD calls it: what says `was: old-name` is what it was, and not another thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any, Final, cast

from bulkhead.network import (
    CustomerGateway,
    Declaration,
    Expectation,
    Flow,
    Former,
    GroupRule,
    Interface,
    Listener,
    NatGateway,
    Network,
    NetworkAcl,
    Origins,
    RouteTable,
    SecurityGroup,
    Service,
    Site,
    SpokenOf,
    Subnet,
    VpnConnection,
)
from bulkhead.review.version import Version

Say = Callable[["_Names", str], str]


def as_called_now(base: Version, head: Version) -> Version:
    """BASE, of whatever HEAD calls otherwise and keeps; with a note for each."""
    former = head.declaration.former if head.declaration else {}
    names = _Names.of(former, base=_standing(base.network), head=_standing(head.network))
    names = replace(names, ids={each.zone: each.zone_id for each in head.network.subnets})
    if not names.new:
        return base
    return replace(
        base,
        network=cast(Network, names.called(base.network)),
        declaration=cast("Declaration | None", names.called(base.declaration)),
        words=tuple(cast(SpokenOf, names.called(each)) for each in base.words),
        origins=names.origins(base.origins),
        notes=(*base.notes, *names.notes),
    )


def _standing(network: Network) -> frozenset[tuple[str, str]]:
    return frozenset(
        {
            *(("service", each.name) for each in network.services),
            *(("site", each.name) for each in network.sites),
            *(("segment", each.name) for each in network.nacls if not each.default),
            *(("segment", each.segment or "") for each in network.subnets),
            *(("zone", each.zone) for each in network.subnets),
        }
    )


@dataclass(frozen=True)
class _Names:
    """What each thing is called now, by its kind ('segment' stands for a unit's key, too)."""

    new: Mapping[tuple[str, str], str]
    ids: Mapping[str, str] = field(default_factory=dict)
    """Of each zone of HEAD, its id."""

    @classmethod
    def of(
        cls,
        former: Former,
        *,
        base: frozenset[tuple[str, str]],
        head: frozenset[tuple[str, str]],
    ) -> _Names:
        """Of what BASE has under an old name, and HEAD under a new one alone."""
        found: dict[tuple[str, str], str] = {
            (kind, old): name
            for (kind, name), names in former.items()
            for old in names
            if (kind, old) in base - head and (kind, name) not in base
        }
        # 'risk.limits' stands for the segment as well: that is called as its units say.
        whole = {
            ("segment", old.partition(".")[0]): name.partition(".")[0]
            for (kind, old), name in found.items()
            if kind == "segment" and old.partition(".")[0] != name.partition(".")[0]
        }
        return cls({**whole, **found})

    @property
    def notes(self) -> Iterable[str]:
        for (kind, old), name in sorted(self.new.items()):
            if "." not in old:
                yield f"{kind} {old} is called {name} now, and what is built of it stays"

    def segment(self, name: str) -> str:
        return self.new.get(("segment", name), name)

    def end(self, name: str) -> str:
        """A service or a site; a host of a site, and any host in a segment."""
        place, of, host = name.partition("/")
        if name.startswith(_ANY_HOST):
            inside = name.removeprefix(_ANY_HOST).split(", ")
            return _ANY_HOST + ", ".join(map(self.segment, inside))
        found = self.new.get(("service", place)) or self.new.get(("site", place)) or place
        return found + of + host

    def zone(self, name: str) -> str:
        return self.new.get(("zone", name), name)

    def in_zone(self, name: str) -> str:
        """What is called after the zone that it is in: 'feed-eu-west-1a'."""
        for (kind, old), new in self.new.items():
            if kind == "zone" and name.endswith(f"-{old}"):
                return name.removesuffix(old) + new
        return name

    def host(self, name: str) -> str:
        service, dash, number = self.in_zone(name).rpartition("-")
        return self.new.get(("service", service), service) + dash + number

    def subnet(self, name: str) -> str:
        """'feed-eu-west-1a'."""
        name = self.in_zone(name)
        for (kind, old), new in self.new.items():
            if kind == "segment" and name.startswith(f"{old}-"):
                return new + name.removeprefix(old)
        return name

    def reference(self, name: str) -> str:
        owner, dot, socket = name.partition(".")
        return self.end(owner) + dot + socket

    def described(self, text: str) -> str:
        """'tcp 5556 from momentum'."""
        return _PEER.sub(lambda found: found[1] + self.end(found[2]), text)

    def id(self, text: str) -> str:
        """Of a plan: 'sg/momentum', 'eni/momentum-1', 'subnet/feed/eu-west-1a'."""
        kind, slash, name = text.partition("/")
        if not slash or kind not in _IDS:
            return text
        return f"{kind}/{_IDS[kind](self, name)}"

    def called(self, value: object) -> object:
        """A value, in which everything is called as it is now."""
        if isinstance(value, str):
            return self._ids(value)
        if isinstance(value, tuple):
            renamed = tuple(map(self.called, value))
            return value if all(a is b for a, b in zip(value, renamed, strict=True)) else renamed
        if not is_dataclass(value) or isinstance(value, (type, Origins)):
            return value
        said = _SAID.get(type(value), {})
        if isinstance(value, SpokenOf):
            said = {**said, "name": _SPOKEN.get(value.kind, _as_it_is)}
        changed = {}
        for name in _names_of(type(value)):
            old = getattr(value, name)
            new = (
                said[name](self, old) if name in said and isinstance(old, str) else self.called(old)
            )
            if new is not old and new != old:
                changed[name] = new
        if isinstance(value, Subnet) and "zone" in changed:
            changed["zone_id"] = self.ids.get(self.zone(value.zone), "")
        if isinstance(value, NatGateway):
            changed["zones"] = tuple((self.zone(zone), at) for zone, at in value.zones)
        return replace(cast(Any, value), **changed) if changed else value

    @cached_property
    def _ids(self) -> Callable[[str], str]:
        return lru_cache(maxsize=None)(self.id)

    def origins(self, origins: Origins) -> Origins:
        """Where BASE wrote what is called otherwise now."""
        old_id = {self.id(each): each for each in origins.things}
        return replace(
            origins,
            things={self.id(each): origin for each, origin in origins.things.items()},
            owners={self.reference(each): origin for each, origin in origins.owners.items()},
            segments={self.segment(each): origin for each, origin in origins.segments.items()},
            flows={cast(Flow, self.called(flow)): origin for flow, origin in origins.flows.items()},
            rules=lambda component: {
                self.called(rule): origin
                for rule, origin in origins.rules(old_id.get(component, component)).items()
            },
        )


def _subnet_id(names: _Names, rest: str) -> str:
    key, _, zone = rest.partition("/")
    return f"{names.segment(key)}/{names.zone(zone)}"


def _as_it_is(_: _Names, text: str) -> str:
    return text


_ANY_HOST: Final = "any host in "
_PEER: Final = re.compile(r"( (?:from|to) )(\S+)")
_IDS: Final[Mapping[str, Say]] = {
    "sg": _Names.end,
    "eni": _Names.host,
    "acl": _Names.segment,
    "rtb": _Names.segment,
    "subnet": _subnet_id,
    "vpn": _Names.end,
    "cgw": _Names.end,
}
"""What stands after the slash in an id of a plan."""

_SAID: Final[Mapping[type, Mapping[str, Say]]] = {
    CustomerGateway: {"name": _Names.end},
    Expectation: {"client": _Names.end},
    Flow: {"client": _Names.end},
    GroupRule: {"description": _Names.described},
    Interface: {"name": _Names.host, "service": _Names.end, "host": _Names.host},
    Listener: {"owner": _Names.end},
    NetworkAcl: {"name": _Names.segment},
    RouteTable: {"name": _Names.segment},
    SecurityGroup: {"name": _Names.end, "service": _Names.end},
    Service: {"name": _Names.end, "segment": _Names.segment, "of": _Names.end},
    Site: {"name": _Names.end},
    SpokenOf: {"inherited": _Names.segment, "classified": _Names.segment},
    Subnet: {"name": _Names.subnet, "segment": _Names.segment, "zone": _Names.zone},
    VpnConnection: {"name": _Names.end, "site": _Names.end},
}
"""What is a name, and of what."""

_SPOKEN: Final[Mapping[str, Say]] = {
    "segment": _Names.segment,
    "service": _Names.end,
    "site": _Names.end,
    "socket": _Names.reference,
}


@cache
def _names_of(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.init)
