"""What the account may have, as it was told or as the topology says, and what to write so that
more fits."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

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
    """The least of the two quotas by which rules of services fit into the groups of an
    interface: of how many rules one holds, else of how many groups, else of both."""

    raised: Mapping[str, int]
    """By the fields of `Quotas`; nothing where nothing needs more."""
    hopeless: frozenset[str] = frozenset()
    """Services of which no quota makes the rules fit that AWS gives anybody."""
    surely: bool = True
    """Whether less does not do. Of services that share groups not every way is tried."""
    in_doubt: frozenset[str] = frozenset()
    """Those of the hopeless of which that is not known for sure either."""

    @classmethod
    def of(cls, have: Quotas, needed: Mapping[str, int]) -> MoreRules:
        """Where each of these services has so many rules, and shares none."""
        hopeless = frozenset(name for name, count in needed.items() if count > RULES_PER_INTERFACE)
        most = max((count for name, count in needed.items() if name not in hopeless), default=0)

        def fits(quotas: Quotas) -> bool:
            return most <= quotas.rules_per_group * quotas.groups_per_interface

        return cls.least(have, fits, hopeless) or cls({}, hopeless)

    @classmethod
    def least(
        cls, have: Quotas, fits: Callable[[Quotas], bool], hopeless: frozenset[str]
    ) -> MoreRules | None:
        """By which all others fit: `fits` tells whether they do. None: by none that AWS gives."""
        if fits(have):
            return cls({}, hopeless)
        groups = have.groups_per_interface
        around = sorted(
            range(1, HIGHEST["groups-per-interface"] + 1), key=lambda each: abs(each - groups)
        )
        alone = _least_rules(have, fits)
        if alone is None:
            alone = next(
                (
                    more
                    for each in range(groups + 1, HIGHEST["groups-per-interface"] + 1)
                    if _is_given(more := replace(have, groups_per_interface=each)) and fits(more)
                ),
                None,
            )
        both = (_least_rules(replace(have, groups_per_interface=each), fits) for each in around)
        found = alone or next((each for each in both if each is not None), None)
        if found is None:
            return None
        raised = {
            field: getattr(found, field)
            for field in ("rules_per_group", "groups_per_interface")
            if getattr(found, field) != getattr(have, field)
        }
        return cls(raised, hopeless)

    def advice(self, service: str) -> str:
        """What to write so that the rules of a service fit as well: ', or …'."""
        if service in self.in_doubt:
            return f"; no quota is known to help: {_NOT_ALL_TRIED}"
        if service in self.hopeless:
            return (
                f"; no quota helps: AWS allows {RULES_PER_INTERFACE} rules in all groups of an "
                "interface"
            )
        written = ", ".join(f"{key_of(field)}: {most}" for field, most in self.raised.items())
        names = " and ".join(str(NAMES[field]) for field in self.raised)
        perhaps = "" if self.surely else f" (less might do: {_NOT_ALL_TRIED})"
        return f", or write quotas: {{ {written} }} once the account has that: {names}{perhaps}"


_NOT_ALL_TRIED: Final = "not every way to share groups was tried"


def given_to_anybody(have: Quotas) -> Iterator[Quotas]:
    """The most rules of a group that AWS gives anybody, for each number of groups of an
    interface."""
    for groups in range(1, HIGHEST["groups-per-interface"] + 1):
        rules = RULES_PER_INTERFACE // groups
        yield replace(have, groups_per_interface=groups, rules_per_group=rules)


def _least_rules(have: Quotas, fits: Callable[[Quotas], bool]) -> Quotas | None:
    """The fewest rules of a group by which they do, more than there are; None: none that AWS
    gives."""
    enough = range(have.rules_per_group + 1, RULES_PER_INTERFACE // have.groups_per_interface + 1)
    at = bisect_left(enough, x=True, key=lambda each: fits(replace(have, rules_per_group=each)))
    return replace(have, rules_per_group=enough[at]) if at < len(enough) else None


def _is_given(quotas: Quotas) -> bool:
    """Whether AWS gives anybody these two."""
    return quotas.rules_per_group * quotas.groups_per_interface <= RULES_PER_INTERFACE
