"""One question asked of every resource that it is about, and what it is asked of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Final

from bulkhead.audit.drilled import DrillRecord
from bulkhead.audit.outside import Arrival, arrivals
from bulkhead.audit.said import SaidAbout
from bulkhead.ends.classes import Endpoint
from bulkhead.explain import RuleRef
from bulkhead.judge import Judgement, judge
from bulkhead.lint import Severity, Smell, Smells, lint
from bulkhead.lint.exposure import open_to_the_world
from bulkhead.network import UNSAID, Declaration, Network, Origins, SaidOf, Spoken
from bulkhead.network.inventory import KINDS, Inventory
from bulkhead.prove.reach import Reach, prove


class Outcome(StrEnum):
    """What became of a question. Only PASS is a pass."""

    FAIL = "fail"
    PASS = "pass"  # noqa: S105 - an outcome, no password
    NOT_APPLICABLE = "not applicable"
    """There is nothing of the kind, or it is another account's to decide, and that is known."""
    NOT_DECIDED = "not decided"
    """What would decide it was not read, is in doubt, or is not modelled."""
    SUPPRESSED = "suppressed"
    """It fails, and somebody answers for that until a date."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What an audit knows. What takes long is found when the first check asks for it."""

    network: Network
    inventory: Inventory = field(default_factory=Inventory)
    declaration: Declaration | None = None
    """What was declared, where somebody said for what the network is."""
    narrowed: bool = False
    """Whether only what was built for the declaration is asked about."""
    stands: bool = False
    """Whether it is what AWS itself answered, and not what somebody planned or an engine holds."""
    diagram: bool | None = None
    """Whether the diagram that is kept beside the topology is that of its plan; None: there is
    none, or nobody looked."""
    drill: DrillRecord | None = None
    """A drill of this very source that is to count as its test."""
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    origins: Origins = field(default_factory=Origins, compare=False, repr=False)
    said: Mapping[tuple[Spoken, str], SaidOf] = field(default_factory=dict, repr=False)
    """What the topology says of segments, services and sites, where somebody named one."""

    @cached_property
    def said_about(self) -> SaidAbout:
        return SaidAbout(self.network, self.said, self.inventory.said)

    def exposed(self, service: str | None) -> tuple[str, ...]:
        """What somebody said of each flow by which a service meets the internet, in words."""
        flows = self.declaration.flows if self.declaration and service else ()
        return tuple(
            dict.fromkeys(
                f"declared: {each}: {each.exposure.why}; {each.exposure.owner} answers for it"
                + (f" until {each.exposure.until}" if each.exposure.until else "")
                for each in flows
                if each.exposure and service in (each.client, each.server.owner)
            )
        )

    @cached_property
    def own_vpcs(self) -> frozenset[str]:
        """The ids of the VPCs that were asked for, and of none of their neighbours."""
        return frozenset(self.network.vpc) - self.network.neighbours

    @cached_property
    def doubts(self) -> Mapping[str, str]:
        """Why something is in doubt, by the id of what it is."""
        return {each.scope: each.why for each in self.network.unmodelled}

    @cached_property
    def reach(self) -> Reach:
        """The proof, over all packets."""
        return prove(self.network)

    @cached_property
    def arriving(self) -> Mapping[Endpoint, tuple[Arrival, ...]]:
        """What comes to each host from untrusted places."""
        return arrivals(self.reach)

    @cached_property
    def openings(self) -> Mapping[str, Smell]:
        """Groups that are open to the world, by their ids, and who really gets in."""
        return {each.component: each for each in open_to_the_world(self.reach)}

    @cached_property
    def smells(self) -> Smells:
        return lint(self.network)

    @cached_property
    def judgement(self) -> Judgement | None:
        """What of it is not as declared; None where nobody declared anything."""
        return judge(self.reach, self.declaration) if self.declaration else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check says of one resource.

    `resource` is its id and `name` what people call it; `rules` are those that decided, and
    `evidence` more of what did, in words. Of what is not here at all, `resource` is ''.
    """

    resource: str
    name: str
    outcome: Outcome
    message: str
    rules: tuple[RuleRef, ...] = ()
    evidence: tuple[str, ...] = ()
    remedy: str = ""
    said: SaidOf = UNSAID
    """What people say of it: who answers for it, for what it is there."""

    def __str__(self) -> str:
        return f"{self.name}: {self.message}" if self.resource else self.message


def passes(resource: str, name: str, message: str, *evidence: str) -> Checked:
    """All is well with it, and why."""
    return Checked(
        resource=resource, name=name, outcome=Outcome.PASS, message=message, evidence=evidence
    )


def not_asked(resource: str, name: str, message: str) -> Checked:
    """The question is none for who was asked about it, and why."""
    return Checked(resource=resource, name=name, outcome=Outcome.NOT_APPLICABLE, message=message)


def undecided(
    resource: str, name: str, message: str, *evidence: str, rules: Iterable[RuleRef] = ()
) -> Checked:
    """Nobody can tell, and what would."""
    return Checked(
        resource=resource,
        name=name,
        outcome=Outcome.NOT_DECIDED,
        message=message,
        rules=tuple(rules),
        evidence=evidence,
    )


def fails(
    resource: str,
    name: str,
    message: str,
    remedy: str,
    *evidence: str,
    rules: Iterable[RuleRef] = (),
) -> Checked:
    """What is wrong with it, and what puts that right."""
    return Checked(
        resource=resource,
        name=name,
        outcome=Outcome.FAIL,
        message=message,
        rules=tuple(rules),
        evidence=evidence,
        remedy=remedy,
    )


Setting = int | bool | str | tuple[int, ...] | tuple[str, ...]
"""What a check may be told, beside what it asks of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A question. `about` are the fields of a Network, and the kinds of an Inventory, that hold
    what it is asked of: where one of them is not all here, a part of the answer is NOT DECIDED.

    `run` says something of every resource, also where all is well, and takes each of `config`
    as a keyword.
    """

    id: str
    title: str
    severity: Severity
    risk: str
    remedy: str
    run: Callable[..., Iterator[Checked]]
    about: tuple[str, ...] = ()
    config: Mapping[str, Setting] = field(default_factory=dict, hash=False)
    of_account: bool = False
    """Whether it is about what belongs to no VPC: nothing of one topology."""

    def __call__(self, evidence: Evidence, **config: Setting) -> tuple[Checked, ...]:
        """What it says of everything that is here, and of what may be missing."""
        if unknown := config.keys() - self.config.keys():
            raise TypeError(f"{self.id} has no setting {', '.join(sorted(unknown))}")
        if self.of_account and evidence.narrowed:
            return ()
        found = tuple(self.run(evidence, **{**self.config, **config}))
        return (*found, *self._missing(evidence))

    def _missing(self, evidence: Evidence) -> Iterator[Checked]:
        for kind in self.about:
            for why, evident in _why_more(evidence, kind):
                yield Checked(
                    resource="",
                    name=words(kind),
                    outcome=Outcome.NOT_DECIDED,
                    message=why,
                    evidence=evident,
                )


_REGION: Final = "region"
"""The kind of what is noted of a Region that is closed to whoever asks."""
_LISTED_TOO: Final = {
    "firewall_options": "firewalls",
    "transit_options": "transit_gateways",
    "tunnels": "vpn_connections",
}
"""Kinds of which a Network itself knows whether there is any."""


KIND_NAMES: Final = {
    "public_access": "VPC Block Public Access",
    "vpc_endpoints": "VPC endpoints",
    "tunnels": "the state of VPN tunnels",
    "firewall_options": "the options of Network Firewalls",
    "stateless_groups": "rule groups of Network Firewalls",
    "transit_options": "the options of transit gateways",
}


def words(kind: str) -> str:
    """What people call a field or a kind."""
    return kind.replace("_", " ")


def _none_of(network: Network, field_of_it: str) -> bool:
    """Whether there is surely nothing of a field."""
    return bool(
        field_of_it
        and not getattr(network, field_of_it)
        and network.vpcs
        and not network.why_more(field_of_it)
    )


def _why_more(evidence: Evidence, kind: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Why there may be more of a kind than is here, and what would tell."""
    if kind in KINDS:
        none = _none_of(evidence.network, _LISTED_TOO.get(kind, ""))
        for each in evidence.inventory.unread(kind):
            # What was answered is there, whatever a Network has of it.
            if none and not each.broken:
                continue
            if each.vpc and each.vpc not in evidence.own_vpcs:
                continue
            where = f" in {each.region}" if each.region else ""
            call = (f"{each.call} would tell",) if each.call else ()
            yield f"not read: {KIND_NAMES.get(kind) or words(kind)}{where}: {each.why}", call
        return
    if why := evidence.network.why_more(kind):
        yield why, ()
    # What a topology plans is in one Region, which was read if anything of it is here.
    for doubt in () if evidence.narrowed else evidence.network.unmodelled:
        if doubt.kind == _REGION:
            yield f"nothing of {doubt.id} was read: {doubt.why}", ()
