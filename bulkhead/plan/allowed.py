"""What the account may have, as it was told or as the topology says, and what to write so that
more fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bulkhead.intent import Topology
from bulkhead.intent.quotas import HIGHEST
from bulkhead.network.quotas import DEFAULTS, NAMES, RULES_PER_INTERFACE, Quotas, key_of
from bulkhead.problems import Problem


def quotas_of(topology: Topology, told: Mapping[str, int]) -> Quotas:
    """AWS's defaults, but for what the account itself told (by the keys of a topology), and but for
    what the topology says of it."""
    account = {field: told[key_of(field)] for field in NAMES if key_of(field) in told}
    said = {field: most for field, most in topology.quotas if most is not None}
    return replace(DEFAULTS, **{**account, **said})


def claimed(topology: Topology, told: Mapping[str, int]) -> Iterator[Problem]:
    """What a topology says that its account has, and the account told otherwise."""
    for field, most in topology.quotas:
        key = key_of(field)
        if most is not None and most > told.get(key, most):
            yield Problem(
                *topology.place_of("quotas", key),
                f"quotas: {key} is {most}, and the account told {told[key]}, as the lock has it",
                f"ask AWS for more, {NAMES[field]}, and then again by bulkhead plan --quotas aws; "
                f"or write {told[key]} at most",
            )


def beyond_aws(topology: Topology, have: Quotas) -> Iterator[Problem]:
    """Quotas that AWS gives nobody together."""
    rules, groups = have.rules_per_group, have.groups_per_interface
    if rules * groups > RULES_PER_INTERFACE:
        key = "rules-per-group" if topology.quotas.rules_per_group else "groups-per-interface"
        yield Problem(
            *topology.place_of("quotas", key),
            f"quotas: {rules} rules of a group times {groups} groups of an interface are "
            f"{rules * groups}, and AWS allows {RULES_PER_INTERFACE}",
            f"write groups-per-interface: {RULES_PER_INTERFACE // rules} beside it, "
            f"or rules-per-group: {RULES_PER_INTERFACE // groups}",
        )


@dataclass(frozen=True, slots=True)
class More:
    """What would have to be had of one quota, `field` of `Quotas`, so that all fits that can."""

    have: Quotas
    field: str
    wanted: int
    """The most that is needed anywhere and that AWS gives; 0 where it gives nothing of it."""

    @classmethod
    def of(cls, have: Quotas, field: str, needed: Iterable[int]) -> More:
        most = HIGHEST[key_of(field)]
        return cls(have, field, max((each for each in needed if each <= most), default=0))

    def advice(self, count: int) -> str:
        """What to write so that `count`, one of those that are needed, fit as well: ', or …'."""
        key, most = key_of(self.field), HIGHEST[key_of(self.field)]
        if count > most:
            return f"; no quota helps: AWS raises {NAMES[self.field]} to {most} at most"
        return (
            f", or write quotas: {{ {key}: {self.wanted} }} once the account has that: "
            f"{NAMES[self.field]}"
        )


@dataclass(frozen=True, slots=True)
class MoreRules:
    """The least of the two quotas by which rules of one service fit into the groups of an
    interface: of how many rules one holds, else of how many groups, else of both."""

    raised: Mapping[str, int]
    """By the fields of `Quotas`; nothing where nothing needs more."""

    @classmethod
    def of(cls, have: Quotas, needed: Iterable[int]) -> MoreRules:
        """With which all of these fit that AWS gives anybody room for."""
        most = max((each for each in needed if each <= RULES_PER_INTERFACE), default=0)
        rules, groups = have.rules_per_group, have.groups_per_interface
        if most <= rules * groups:
            return cls({})
        alone: tuple[Mapping[str, int], ...] = (
            {"rules_per_group": -(-most // groups)},
            {"groups_per_interface": -(-most // rules)},
        )
        every = range(1, HIGHEST["groups-per-interface"] + 1)
        both: Iterable[Mapping[str, int]] = (
            {"rules_per_group": -(-most // each), "groups_per_interface": each}
            for each in sorted(every, key=lambda each: abs(each - groups))
        )
        return cls(next(each for each in (*alone, *both) if _is_given(replace(have, **each))))

    def advice(self, count: int) -> str:
        """What to write so that `count`, one of those that are needed, fit as well: ', or …'."""
        if count > RULES_PER_INTERFACE:
            return (
                f"; no quota helps: AWS allows {RULES_PER_INTERFACE} rules in all groups of an "
                "interface"
            )
        written = ", ".join(f"{key_of(field)}: {most}" for field, most in self.raised.items())
        names = " and ".join(str(NAMES[field]) for field in self.raised)
        return f", or write quotas: {{ {written} }} once the account has that: {names}"


def _is_given(quotas: Quotas) -> bool:
    """Whether AWS gives anybody these two."""
    rules, groups = quotas.rules_per_group, quotas.groups_per_interface
    return (
        groups <= HIGHEST["groups-per-interface"]
        and rules <= HIGHEST["rules-per-group"]
        and rules * groups <= RULES_PER_INTERFACE
    )
