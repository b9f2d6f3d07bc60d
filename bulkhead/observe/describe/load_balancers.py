"""Load balancers: what they listen on, and where they pass connections on.

A cell to a load balancer ends there; what it passes on is followed from this.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bulkhead.network import TCP, UDP, BalancedPort, Interface, InterfaceKind, LoadBalancer
from bulkhead.observe.describe.described import Described, name_of
from bulkhead.observe.record import Gaps, Record

_PROTOCOLS: Final[Mapping[str, tuple[int, ...]]] = {
    "HTTP": (TCP,),
    "HTTPS": (TCP,),
    "TCP": (TCP,),
    "TLS": (TCP,),
    "UDP": (UDP,),
    "QUIC": (UDP,),
    "GENEVE": (UDP,),
    "TCP_UDP": (TCP, UDP),
    "TCP_QUIC": (TCP, UDP),
}
_GENEVE: Final = 6081
_TLS_IDLE: Final = 350
"""Nobody can change it
(docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html)."""
_SECONDS: Final = re.compile("[1-9][0-9]{0,5}")
_CROSS_ZONE: Final = "load_balancing.cross_zone.enabled"
_KIND: Final = "load-balancer"


def load_balancers(
    described: Described,
    records: tuple[Record, ...],
    interfaces: tuple[Interface, ...],
    gaps: Gaps,
) -> tuple[LoadBalancer, ...]:
    """Every one in a VPC, with its interfaces; `records` are those of all interfaces."""
    own = {
        suffix: tuple(names)
        for suffix, names in _interfaces_by_balancer(records, interfaces).items()
    }
    targets = _Targets(described, tuple(records), tuple(interfaces), own)
    found = []
    for record in described["LoadBalancers"]:
        with gaps.needing(record):
            arn = record.text("LoadBalancerArn")
            state = record.inside("State")
            if not record.has("VpcId") or (state and state.maybe("Code") == "failed"):
                continue
            found.append(
                LoadBalancer(
                    id=arn,
                    name=name_of(record, record.maybe("LoadBalancerName"), arn),
                    vpc=record.text("VpcId"),
                    interfaces=own.get(_suffix(arn), ()),
                    listeners=tuple(targets.listeners(arn, gaps)),
                )
            )
            if arn not in targets.listening and "Listeners" in described.missing:
                why = f"{described.missing['Listeners']}, so it is not known what it listens on"
                gaps.add(_KIND, arn, arn, why)
    return tuple(found)


def _suffix(arn: str) -> str:
    """'arn:…:loadbalancer/app/front/50dc6c49' -> 'app/front/50dc6c49'."""
    return arn.partition(":loadbalancer/")[2]


def _interfaces_by_balancer(
    records: Iterable[Record], interfaces: Iterable[Interface]
) -> dict[str, list[str]]:
    """AWS describes an interface of a load balancer as 'ELB app/front/50dc6c49'."""
    known = {each.id for each in interfaces if each.kind is InterfaceKind.LOAD_BALANCER}
    found: dict[str, list[str]] = defaultdict(list)
    for record in records:
        name = record.text("NetworkInterfaceId")
        if name in known:
            found[(record.maybe("Description") or "").removeprefix("ELB ")].append(name)
    return found


@dataclass(frozen=True, slots=True)
class _Group:
    """A target group: (interface, port) of each target."""

    targets: tuple[tuple[str, int], ...]
    keeps_client_address: bool
    crosses_zones: bool | None = None
    """None: it says nothing, and so does as its load balancer."""


class _Targets:
    def __init__(
        self,
        described: Described,
        records: tuple[Record, ...],
        interfaces: tuple[Interface, ...],
        balancers: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._balancers = balancers
        home = {each.text("NetworkInterfaceId"): each.maybe("VpcId") for each in records}
        self._by_address = {
            (home.get(each.id), str(address)): each.id
            for each in interfaces
            for address in each.addresses
        }
        self._by_instance = first_interfaces(records, interfaces)
        self._groups = {each.text("TargetGroupArn"): each for each in described["TargetGroups"]}
        self._health = {each.text("TargetGroupArn"): each for each in described["TargetHealth"]}
        self._attributes = _attributes(described, "TargetGroupAttributes", "TargetGroupArn")
        self._idle = _idle_seconds(described)
        self._of_balancers = _attributes(described, "BalancerAttributes", "LoadBalancerArn")
        self.listening: dict[str, list[Record]] = defaultdict(list)
        for listener in described["Listeners"]:
            self.listening[listener.maybe("LoadBalancerArn") or ""].append(listener)
        self._rules: dict[str, list[Record]] = defaultdict(list)
        for rule in described["Rules"]:
            self._rules[_listener_of(rule.text("RuleArn"))].append(rule)

    def listeners(self, balancer: str, gaps: Gaps) -> Iterator[BalancedPort]:
        for listener in self.listening.get(balancer, ()):
            arn = listener.text("ListenerArn")
            # A listener of a gateway load balancer has no port of its own.
            port = listener.maybe_integer("Port") or _GENEVE
            protocols = _PROTOCOLS.get(listener.maybe("Protocol") or "GENEVE")
            idle = self._idle.get(arn, self._idle.get(balancer))
            if protocols is None:
                why = f"its listener for {listener.maybe('Protocol')} is not modelled"
                gaps.add(_KIND, balancer, balancer, why)
                continue
            actions = [*listener.records("DefaultActions")]
            for rule in self._rules.get(arn, ()):
                actions.extend(rule.records("Actions"))
            groups = [self._group(name, balancer, gaps) for name in _forwarded(actions)]
            targets = dict.fromkeys(target for each in groups for target in each.targets)
            crosses = {self._crosses(balancer, each) for each in groups}
            for protocol in protocols:
                yield BalancedPort(
                    protocol=protocol,
                    port=port,
                    targets=tuple(targets),
                    keeps_client_address=any(each.keeps_client_address for each in groups),
                    tcp_idle=_TLS_IDLE if listener.maybe("Protocol") == "TLS" else idle,
                    crosses_zones=crosses.pop() if len(crosses) == 1 else None,
                )

    def _group(self, arn: str, balancer: str, gaps: Gaps) -> _Group:
        health, group = self._health.get(arn), self._groups.get(arn)
        if health is None:
            why = f"the targets of {arn} were not observed"
            gaps.add(_KIND, balancer, balancer, why, unseen=True)
            return _Group((), keeps_client_address=False)
        found: dict[tuple[str, int], None] = {}
        for each in health.records("TargetHealthDescriptions"):
            target = each.inside("Target")
            if target is None:
                continue
            name = target.text("Id")
            port = target.maybe_integer("Port") or (group.maybe_integer("Port") if group else None)
            places = self._places(name, group.maybe("VpcId") if group else None)
            if port is None or not places:
                if not name.startswith("arn:aws:lambda"):
                    why = f"its target {name} is not among the interfaces observed"
                    gaps.add(_KIND, balancer, balancer, why, unseen=True)
                continue
            found.update(dict.fromkeys((place, port) for place in places))
        own = self._attributes.get(arn, {}).get(_CROSS_ZONE)
        crosses = own == "true" if own in ("true", "false") else None
        return _Group(tuple(found), self._keeps(arn, group), crosses)

    def _crosses(self, balancer: str, group: _Group) -> bool | None:
        """Of a target group that says so, or as its load balancer does (docs.aws.amazon.com/
        elasticloadbalancing/latest/network/edit-target-group-attributes.html)."""
        if group.crosses_zones is not None:
            return group.crosses_zones
        told = self._of_balancers.get(balancer, {}).get(_CROSS_ZONE)
        return None if told is None else told == "true"

    def _places(self, target: str, vpc: str | None) -> tuple[str, ...]:
        if (vpc, target) in self._by_address:
            return (self._by_address[vpc, target],)
        if target in self._by_instance:
            return (self._by_instance[target],)
        return self._balancers.get(_suffix(target), ())

    def _keeps(self, arn: str, group: Record | None) -> bool:
        """Whether targets see the client's own address.

        (docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html)
        """
        told = self._attributes.get(arn, {}).get("preserve_client_ip.enabled")
        if told is not None:
            return told == "true"
        if group is None or group.maybe("Protocol") in (None, "HTTP", "HTTPS"):
            return False
        by_address = group.maybe("TargetType") in ("ip", "alb")
        return not by_address or group.maybe("Protocol") in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC")


def first_interfaces(records: Iterable[Record], interfaces: Iterable[Interface]) -> dict[str, str]:
    """Instance -> the interface it was launched with."""
    first: dict[str, tuple[int, str]] = {}
    places = {}
    for record in records:
        attachment = record.inside("Attachment")
        if attachment is not None:
            places[record.text("NetworkInterfaceId")] = attachment.maybe_integer("DeviceIndex")
    for each in interfaces:
        if each.instance is not None:
            place = (places.get(each.id) or 0, each.id)
            first[each.instance] = min(place, first.get(each.instance, place))
    return {instance: name for instance, (_, name) in first.items()}


def _attributes(described: Described, key: str, arn: str) -> dict[str, dict[str, str]]:
    """What each item of an answer says of its thing, by name."""
    return {
        each.text(arn): {
            one.text("Key"): one.maybe("Value") or "" for one in each.records("Attributes")
        }
        for each in described[key]
    }


def _idle_seconds(described: Described) -> dict[str, int]:
    """Of listeners and load balancers that say so: when a silent connection of tcp is forgotten."""
    said = {
        **_attributes(described, "ListenerAttributes", "ListenerArn"),
        **_attributes(described, "BalancerAttributes", "LoadBalancerArn"),
    }
    names = ("tcp.idle_timeout.seconds", "idle_timeout.timeout_seconds")
    seconds = {arn: next((each[n] for n in names if n in each), "") for arn, each in said.items()}
    return {arn: int(each) for arn, each in seconds.items() if _SECONDS.fullmatch(each)}


def _listener_of(rule: str) -> str:
    """'…:listener-rule/app/front/50dc/f2f7/9683' -> '…:listener/app/front/50dc/f2f7'."""
    return rule.replace(":listener-rule/", ":listener/").rpartition("/")[0]


def _forwarded(actions: Iterable[Record]) -> Iterator[str]:
    """The target groups that actions forward to, each once."""
    found: dict[str, None] = {}
    for action in actions:
        if group := action.maybe("TargetGroupArn"):
            found[group] = None
        forward = action.inside("ForwardConfig")
        for each in forward.records("TargetGroups") if forward else ():
            if group := each.maybe("TargetGroupArn"):
                found[group] = None
    yield from found
