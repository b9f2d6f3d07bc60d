"""Differences in words: what differs, by name and id, and what puts it right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass
from enum import Enum
from typing import Any, Final

from bulkhead.explain.rules import RuleRef
from bulkhead.judge.findings import Finding, FindingKind
from bulkhead.judge.lines import TopologyLines
from bulkhead.judge.state.associations import JoinsById
from bulkhead.judge.state.calls import REFRESH, gone, no_targets, of_tunnels, table_gone, taken_away
from bulkhead.judge.state.content import renamed
from bulkhead.judge.state.differing import Difference, Unknown
from bulkhead.judge.state.matching import Matching
from bulkhead.judge.state.roles import Compared, Identity, Indifferent, Parts, Reference
from bulkhead.judge.state.table import FIELDS, KINDS
from bulkhead.network import (
    AclEntry,
    Action,
    BalancedPort,
    FirewallRule,
    GatewayEndpoint,
    GroupPeer,
    GroupRule,
    Interface,
    NetworkAcl,
    Peering,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    TransitAttachment,
    TransitRoute,
    Tunnel,
    VpnConnection,
)
from bulkhead.network.policies import place_of_a_policy
from bulkhead.network.public_addresses import stands_in

_Name = Callable[[str], str]


_TELLING: Final[Mapping[type, tuple[str, ...]]] = {
    VpnConnection: ("customer_gateway",),
    SecurityGroup: ("service",),
    GatewayEndpoint: ("service",),
    RouteTable: ("gateway",),
    TransitAttachment: ("gateway",),
}


class Words:
    """Both networks' names for ids."""

    def __init__(self, found: Matching, lines: TopologyLines) -> None:
        self._found = found
        self._lines = lines
        self._planned = {each.id: each.name for each in found.plan.network.things}
        self._observed = {each.id: each.name for each in found.account.network.things}
        self._paired = found.account.ids
        self._groups = found.account.network.security_group
        self._acls = found.account.network.nacl
        self._associations = JoinsById(found.account.network)
        self._id = found.observed_id

    def finding(self, each: Difference) -> Finding:
        """The difference as a finding, without its effects."""
        found = Finding(
            kind=_kind(each),
            message=self._message(each),
            why=then(each),
            rules=_rules(each),
            mend=self._mend(each),
            about=self._about(each),
        )
        return found.at(self._lines.difference(each, self._found))

    def _about(self, each: Difference) -> tuple[str, ...]:
        """Which difference it is, by the names that the plan and every account share."""
        thing = each.observed if each.planned is None else each.planned
        part = each.observed_part if each.planned_part is None else each.planned_part
        about = KINDS[each.kind].said, thing.name, each.name
        match part:
            case None:
                return about
            case AclEntry():  # its number is only where it stands among the others
                return *about, f"{part.direction} {part.action} {part.says()}"
            case _:
                return *about, self._part(part, self._by_name)

    def _by_name(self, id_: str) -> str:
        return self._observed.get(id_) or self._planned.get(id_, id_)

    def grants(self, each: Difference) -> str:
        """What it does whether a packet shows it or not; '' where that says it all."""
        if is_tag(each):
            return then(each)
        if each.planned is not None:
            return ""
        if isinstance(each.observed, Interface) and not self._has_rules(each.observed):
            return ""
        return KINDS[each.kind].grants

    def _has_rules(self, interface: Interface) -> bool:
        groups = self._groups
        return any(groups[each].rules for each in interface.security_groups if each in groups)

    def _mend(self, each: Difference) -> str:
        if self._kept_by_policy(each):
            return _BY_POLICY
        if each.planned is not None and each.observed is not None and not each.of_part:
            wanted = renamed(each.planned, lambda name: self._id.get(name, name))
            if call := self._associations.call(wanted, each.observed, each.name):
                return call
        if isinstance(each.planned_part, BalancedPort) and each.observed_part is not None:
            return self._passed_on_as_planned(each)
        return _mend(each)

    def _passed_on_as_planned(self, each: Difference) -> str:
        """What the engine never had as a target of a listener it leaves there."""
        _, more = self._targets(each.planned_part, each.observed_part)
        known = self._found.account.network.interface
        told = [(str(known[id_].address), port) for id_, port in more if id_ in known]
        call = no_targets(each.observed.id, each.observed_part, told) if told else ""
        return " && ".join(filter(None, (call, REFRESH)))

    def _targets(
        self, planned: BalancedPort, observed: BalancedPort
    ) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
        """Those that are planned alone, and those that are there alone."""
        there = {
            (self._found.account.known(id_), port): (id_, port) for id_, port in observed.targets
        }
        lacking = [each for each in planned.targets if each not in there]
        return lacking, [each for key, each in there.items() if key not in planned.targets]

    def _kept_by_policy(self, each: Difference) -> bool:
        """Whether Firewall Manager would undo what somebody mends."""
        held = each.observed
        if isinstance(held, Subnet) and each.name == "nacl":
            held = self._acls.get(held.nacl)
        return isinstance(held, NetworkAcl) and held.by_policy

    def unknown(self, each: Unknown) -> str:
        """What of a thing was not observed."""
        if not each.name:
            return f"whether {KINDS[each.kind].said} {each.thing.name} is there"
        role = FIELDS[type(each.thing)][each.name]
        return f"the {_said(role)} of {_called(each.kind, each.thing)}"

    def _message(self, each: Difference) -> str:
        if each.planned is None:
            of = self._where(each.observed)
            why = self._found.why_no_member.get(getattr(each.observed, "id", ""), "")
            return f"{_called(each.kind, each.observed)}{of} is in no plan{why and f': {why}'}"
        if each.observed is None:
            kind = KINDS[each.kind]
            return f"{kind.said} {each.planned.name} {kind.absent}"
        thing = _called(each.kind, each.observed)
        if each.of_part:
            return self._about_part(each, thing)
        role = FIELDS[type(each.planned)][each.name]
        found = self._value(each.observed, each.name, self._in_account)
        wanted = self._value(each.planned, each.name, self._in_plan)
        return f"{thing}: {_said(role)} {found}, planned {wanted}"

    def _about_part(self, each: Difference, thing: str) -> str:
        role = FIELDS[type(each.planned)][each.name]
        if each.planned_part is None:
            part = self._part(each.observed_part, self._in_account)
            return f"{thing} holds {_a(_said(role))} that no plan has: {part}{_place(each)}"
        wanted = self._part(each.planned_part, self._in_plan)
        if each.observed_part is None:
            return f"{thing} lacks {_a(_said(role))}: {wanted}"
        if isinstance(each.observed_part, Tunnel):
            return f"{thing}: {self._fields(each.observed_part, each.planned_part)}"
        if isinstance(each.observed_part, BalancedPort):
            return f"{thing}: {self._port(each.observed_part, each.planned_part)}"
        part = self._part(each.observed_part, self._in_account)
        return f"{thing}: {_said(role)} {part}, planned {wanted}"

    def _fields(self, observed: Tunnel, planned: Tunnel) -> str:
        differing = "; ".join(
            f"{_said(FIELDS[Tunnel][name])} {self._value(observed, name, str)}, "
            f"planned {self._value(planned, name, str)}"
            for name in _differing(planned, observed)
        )
        return f"tunnel {planned.inside_cidr} has {differing}"

    def _port(self, observed: BalancedPort, planned: BalancedPort) -> str:
        lacking, more = self._targets(planned, observed)
        ways = (
            (lacking, "does not pass on to", self._in_plan),
            (more, "passes on to", self._in_account),
        )
        found = [
            f"{says} {', '.join(f'{names(id_)} at {port}' for id_, port in targets)}"
            for targets, says, names in ways
            if targets
        ]
        if more:
            found[-1] += ", which no plan has"
        found += [
            f"{_said(FIELDS[BalancedPort][name])} {self._value(observed, name, str)}, "
            f"planned {self._value(planned, name, str)}"
            for name in _BESIDE_TARGETS
            if getattr(observed, name) != getattr(planned, name)
        ]
        return f"{planned}: {'; '.join(found)}"

    def _where(self, thing: Any) -> str:
        """What is worth knowing of a thing that nobody planned."""
        if isinstance(thing, Peering):
            return self._with_whom(thing)
        found = ["Firewall Manager's"] if getattr(thing, "by_policy", False) else []
        for name in ("address", "security_groups", "public_address", "cidr", "cidrs"):
            role = FIELDS[type(thing)].get(name)
            if getattr(role, "said", "") and getattr(thing, name):
                said = _said(role)
                found.append(f"{said} {self._value(thing, name, self._in_account)}")
        for name in _TELLING.get(type(thing), ()):
            if value := getattr(thing, name):
                said = _said(FIELDS[type(thing)][name])
                found.append(f"{said} {self._in_account(value)}")
        return f" ({', '.join(found)})" if found else ""

    def _with_whom(self, peering: Peering) -> str:
        """The VPC at the other end, by name if it was observed, and its blocks."""
        far = [
            each for each in (peering.requester, peering.accepter) if each.vpc not in self._paired
        ]
        said = "; ".join(
            ", ".join((f"with VPC {self._in_account(each.vpc)}", *map(str, each.cidrs)))
            for each in far
        )
        return f" ({said})" if said else ""

    def _value(self, thing: Any, name: str, names: _Name) -> str:
        role, value = FIELDS[type(thing)][name], getattr(thing, name)
        if isinstance(role, Compared) and role.plain is not None:
            value = role.plain(thing)
        if isinstance(role, Reference):
            return ", ".join(map(names, _several(value))) or "none"
        return ", ".join(map(_plain, _several(value))) or "none"

    def _part(self, part: Any, names: _Name) -> str:
        match part:
            case GroupRule():
                peer = names(part.peer.group) if isinstance(part.peer, GroupPeer) else part.peer
                return f"{part.direction} {part.says(peer)}"
            case Route():
                return (
                    f"{part.destination} -> {names(part.target_id)}"
                    f"{' (blackhole)' if part.blackhole else ''}"
                    f"{' (propagated)' if part.propagated else ''}"
                )
            case TransitRoute():
                return f"{part.destination} -> {', '.join(map(names, part.attachments))}"
            case Tunnel():
                return str(part.inside_cidr)
            case _:
                return str(part)

    def _in_plan(self, name: str) -> str:
        return self._planned.get(name, name)

    def _in_account(self, name: str) -> str:
        called = self._observed.get(name, name)
        return name if called == name else f"{called} ({name})"


_BY_POLICY: Final = (
    "ask who administers Firewall Manager to leave the subnet out of its policy: "
    "it undoes what others change, and a topology cannot declare its entries"
)


def _place(each: Difference) -> str:
    """Whose place in a NACL an entry has that nobody planned; '' where it is nobody's."""
    number = getattr(each.observed_part, "number", 0)
    place = isinstance(each.observed_part, AclEntry) and place_of_a_policy(number)
    return f", {place}" if place else ""


def is_tag(each: Difference) -> bool:
    """Whether it is about what somebody wrote on a thing, and not about the thing."""
    role = FIELDS[type(each.planned)].get(each.name) if each.planned is not None else None
    return isinstance(role, Compared) and role.tag


_EDGE: Final = "It opens nothing today: it decides about what comes in there."


def then(each: Difference) -> str:  # noqa: PLR0911 - a sentence a case
    """What it does where no packet shows it today."""
    if each.planned is None:
        edge = isinstance(each.observed, RouteTable) and each.observed.gateway
        return _EDGE if edge else KINDS[each.kind].then
    if each.observed is None:
        return KINDS[each.kind].lost
    role = FIELDS[type(each.planned)][each.name]
    match each.planned_part, each.observed_part:
        case Tunnel() as wanted, Tunnel() as found:
            return " ".join(dict.fromkeys(_each_then(wanted, found)))
        case BalancedPort() as wanted, BalancedPort() as found:
            return " ".join(dict.fromkeys(_balanced_then(wanted, found)))
    if isinstance(role, Parts) and each.lacking:
        return "No declared flow needs it today."
    if getattr(each.observed_part, "action", None) is Action.DENY:
        return "It breaks no declared flow today: it takes from those to come."
    held = role.then if isinstance(role, Compared | Reference | Parts) else ""
    return held or "It opens and breaks nothing today."


_BESIDE_TARGETS: Final = ("keeps_client_address", "tcp_idle", "crosses_zones")


def _balanced_then(planned: BalancedPort, observed: BalancedPort) -> Iterator[str]:
    for name in _BESIDE_TARGETS:
        role = FIELDS[BalancedPort][name]
        differs = getattr(planned, name) != getattr(observed, name)
        if isinstance(role, Compared) and role.then and differs:
            yield role.then
    if len(observed.targets) < len(planned.targets):
        yield "A copy that it does not pass on to gets no connections."
    if len(observed.targets) > len(planned.targets):
        yield "What it passes on to is reached as far as groups and network ACLs let it."
    yield from ("Who connects may meet others than planned.",) * (
        len(observed.targets) == len(planned.targets)
        and all(getattr(planned, name) == getattr(observed, name) for name in _BESIDE_TARGETS)
    )


def _each_then(planned: Tunnel, observed: Tunnel) -> Iterator[str]:
    for name in _differing(planned, observed):
        role = FIELDS[Tunnel][name]
        if isinstance(role, Compared) and role.then:
            yield role.then


def _differing(planned: Tunnel, observed: Tunnel) -> Iterator[str]:
    """The options that the two tunnels do not share, in whatever order these are listed."""
    for name in FIELDS[Tunnel]:
        if set(_several(getattr(observed, name))) != set(_several(getattr(planned, name))):
            yield name


def _kind(each: Difference) -> FindingKind:
    if each.unplanned:
        return FindingKind.UNPLANNED
    return FindingKind.LACKING if each.lacking else FindingKind.DIFFERS


def _called(kind: str, thing: Any) -> str:
    """'subnet feed-eu-west-1a (subnet-0a1b)'."""
    id_ = getattr(thing, "id", thing.name)
    aside = "" if id_ == thing.name else f" ({id_})"
    return f"{KINDS[kind].said} {thing.name}{aside}"


def _said(role: object) -> str:
    if isinstance(role, Identity | Indifferent):
        raise TypeError(f"{role} makes no difference")
    return str(getattr(role, "said", ""))


def _a(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _several(value: Any) -> tuple[Any, ...]:
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " for ".join(map(_plain, value))
    if isinstance(value, Enum):
        return str(value.value)
    if is_dataclass(value) and type(value).__str__ is object.__str__:
        held = {name: getattr(value, name) for name in FIELDS.get(type(value), {})}
        return " ".join(_plain(each) for each in held.values() if each is not None) or "default"
    return "one that AWS gives" if stands_in(value) else str(value)


def _rules(each: Difference) -> tuple[RuleRef, ...]:
    part = each.observed_part
    if isinstance(part, GroupRule | AclEntry | Route | TransitRoute | FirewallRule):
        return (RuleRef(each.observed.id, part),)
    return ()


def _mend(each: Difference) -> str:
    """What puts it right where no association is in the way."""
    if each.planned is None:
        return _removed(each)
    if each.observed is None:
        return REFRESH
    if each.of_part and each.planned_part is None:
        return taken_away(each.observed.id, each.observed_part) or REFRESH
    if isinstance(each.planned, VpnConnection) and each.name == "tunnels":
        return of_tunnels(each.planned, each.observed)
    role = FIELDS[type(each.planned)][each.name]
    if not isinstance(role, Compared | Reference) or role.mend is None:
        return REFRESH
    return role.mend(each.planned, each.observed) or REFRESH


def _removed(each: Difference) -> str:
    thing = each.observed
    if isinstance(thing, Interface):
        return gone(thing)
    if isinstance(thing, RouteTable):
        return table_gone(thing)
    known = {"id": getattr(thing, "id", ""), "name": thing.name, "vpc": getattr(thing, "vpc", "")}
    return KINDS[each.kind].removal.format(**known)
