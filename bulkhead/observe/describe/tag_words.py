"""The topology's own words, read back from tags: services and their sockets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bulkhead.network import Interface, Listener, Service, Subnet, VpnConnection
from bulkhead.network import tags as words
from bulkhead.network.listening import joined
from bulkhead.observe.describe.described import Described, NamesApart, homes
from bulkhead.observe.record import Gaps, Record


@dataclass(frozen=True, slots=True)
class NameClaim:
    """A thing that says what it is called, and the topology, stack or VPC that it belongs to."""

    id: str
    name: str
    home: str
    program: str = ""
    """Of an interface of a service, that service: one is told apart where the other is."""


def distinct_names(claims: Iterable[NameClaim]) -> dict[str, str]:
    """Id -> name; a name that several use is told apart by topology or stack, else by id.

    An account may hold two topologies with a service `ticker` each. They become
    'trading/ticker' and 'staging/ticker'.
    """
    every = list(claims)
    alone = Counter(each.name for each in every)
    at_home = Counter((each.home, each.name) for each in every)
    homes_of: dict[str, set[str]] = defaultdict(set)
    for each in every:
        homes_of[each.program or each.name].add(each.home)
    return {
        each.id: each.name
        if alone[each.name] == 1 and len(homes_of[each.program or each.name]) == 1
        else f"{each.home}/{each.name}"
        if at_home[each.home, each.name] == 1
        else f"{each.name}/{each.id}"
        for each in every
    }


def service_names(described: Described) -> dict[str, str]:
    """Security group -> the service that it is tagged for."""
    home, apart = homes(described), NamesApart(described)
    claims = []
    for record in described["SecurityGroups"]:
        service, vpc = words.service_from(record.tags()), record.text("VpcId")
        if service:
            called = apart.of(vpc, service, record)
            program = apart.of(vpc, record.tags()[words.SERVICE], record)
            claims.append(NameClaim(record.text("GroupId"), called, home.get(vpc, vpc), program))
    return distinct_names(claims)


def service_of_interface(
    record: Record, groups: Iterable[str], names: Mapping[str, str], apart: NamesApart, gaps: Gaps
) -> str | None:
    """By its own tag, else by the group it holds.

    Interfaces that a scheduler makes (ECS tasks, auto scaling) carry no tag of
    the topology; their security group does.
    """
    held = {names[group] for group in groups if group in names}
    tagged = words.service_from(record.tags())
    if tagged:
        same = sorted(name for name in held if name == tagged or name.endswith(f"/{tagged}"))
        return same[0] if same else apart.of(record.maybe("VpcId"), tagged, record)
    if len(held) > 1:
        interface = record.text("NetworkInterfaceId")
        every = " and ".join(sorted(held))
        why = f"its security groups belong to {every}: which service it is, is not known"
        # A doubt about its name, not about its packets: a scope of its own.
        asked = f"{interface} service"
        gaps.add("network-interface", asked, asked, why)
        return None
    return next(iter(held), None)


def services(
    described: Described,
    names: Mapping[str, str],
    interfaces: Iterable[Interface],
    subnets: Iterable[Subnet],
) -> tuple[Service, ...]:
    """One for each tagged group; its segment by tag, else where all its interfaces are."""
    apart = NamesApart(described)
    segment_of = {each.id: each.segment for each in subnets}
    seen: dict[str, set[str | None]] = defaultdict(set)
    for interface in interfaces:
        if interface.service:
            seen[interface.service].add(segment_of[interface.subnet])
    found = []
    for record in described["SecurityGroups"]:
        group = record.text("GroupId")
        if group in names:
            name = names[group]
            where = seen[name]
            said = record.tags().get(words.SEGMENT) or ""
            segment = apart.of(record.maybe("VpcId"), said, record) or (
                next(iter(where)) if len(where) == 1 else None
            )
            tagged = record.tags().get(words.INTERFACE) or ""
            found.append(
                Service(
                    name=name,
                    segment=segment,
                    security_group=group,
                    interface=tagged,
                    of=_program(name, tagged),
                )
            )
    return tuple(found)


def _program(name: str, interface: str) -> str:
    """Of which service an interface is, however that is told apart: 'router.eth1/sg-0a1b'."""
    if not interface:
        return ""
    service, _, apart = name.rpartition(f".{interface}")
    return f"{service}{apart}"


def listeners(
    described: Described,
    names: Mapping[str, str],
    connections: Iterable[VpnConnection],
    gaps: Gaps,
) -> tuple[Listener, ...]:
    """The sockets that groups and VPN connections are tagged with."""
    site_of = {each.id: each.site for each in connections}
    found: dict[Listener, None] = {}
    for key, name_of, name in (
        ("SecurityGroups", names, "GroupId"),
        ("VpnConnections", site_of, "VpnConnectionId"),
    ):
        for record in described[key]:
            owner = name_of.get(record.text(name))
            if owner:
                found.update(dict.fromkeys(_listeners(record, record.text(name), owner, gaps)))
    # What did not fit into one tag stands in several.
    return joined(found)


def _listeners(record: Record, tagged: str, owner: str, gaps: Gaps) -> Iterable[Listener]:
    for key, value in sorted(record.tags().items()):
        try:
            named = words.listeners_from(owner, {key: value})
        except ValueError as error:
            gaps.add("socket-tag", f"{tagged} {key}", tagged, f"it names no listener: {error}")
        else:
            yield from named
