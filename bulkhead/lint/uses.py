"""Rules that no packet ever needs: another layer, or the lay of the land, keeps all away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from ipaddress import ip_network
from typing import Final

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain.explain import explain
from bulkhead.lint.groups import NOT_RUNNING, first_of_all, named_by
from bulkhead.lint.places import Places
from bulkhead.lint.removal import Suspect
from bulkhead.lint.smell import SmellKind
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    AclEntry,
    Action,
    CidrPeer,
    Direction,
    GroupRule,
    Network,
    NetworkAcl,
    PortRange,
    SecurityGroup,
    has_ports,
    has_types,
)
from bulkhead.prove.reach import Reach, prove
from bulkhead.prove.sets.by_port import bits_of, change, ranges

_EVERYWHERE = ("0.0.0.0/0", "::/0")
_LAND: Final = tuple(
    each.name
    for each in fields(Network)
    if each.name
    not in ("interfaces", "security_groups", "firewalls", "load_balancers", "customer_gateways")
)
"""What may bring packets from elsewhere. Firewalls only take some away; load balancers are asked
for where an interface shows one; a group that is held and not there is in doubt."""


def _rests_on(network: Network, kinds: Iterable[str]) -> str:
    """Why a packet may come all the same, by something that is not here; '' where none can."""
    return next((why for kind in kinds if (why := network.why_more(kind))), "")


# Security groups


def unused_rules(reach: Reach) -> Iterator[Suspect]:
    """Group rules through which nothing comes, and nothing could, as the rest stands."""
    places = Places(reach)
    for group in reach.network.security_groups:
        holders = places.holding.get(group.id, 0)
        for rule in filter(_is_certain, group.rules if holders else ()):
            absent = (
                rule.peer.kind == "group" and rule.peer.group not in reach.network.security_group
            )
            if not absent and not _is_used(places, rule, holders):
                yield _unused(places, group, rule, holders)


def _is_certain(rule: GroupRule | AclEntry) -> bool:
    """Whether it is there for sure: of any other nobody can say that it is not needed."""
    return rule.certain


def _is_used(places: Places, rule: GroupRule, holders: int) -> bool:
    if rule.peer.kind == "cidr" and places.hides(rule.peer.cidr):
        return True
    peers = _peers(places, rule)
    inbound = rule.direction is Direction.INGRESS
    senders, receivers = (peers, holders) if inbound else (holders, peers)
    return _may_be_used(places, rule, holders) or any(
        bits & senders
        for protocol in _protocols(places.reach, rule)
        for index in bits_of(receivers if senders else 0)
        for ports, bits in ranges(places.arriving(index, protocol))
        if ports.overlap(_ports(rule, protocol))
    )


def _may_be_used(places: Places, rule: GroupRule, holders: int) -> bool:
    """Whether something unknown decides about its ports: there any rule may be what lets pass."""
    inbound = rule.direction is Direction.INGRESS
    for protocol in _protocols(places.reach, rule):
        if inbound:
            every = [places.unclear(index, protocol) for index in bits_of(holders)]
        else:
            every = [change(places.unclear_from(protocol), holders.__and__)]
        ports = _ports(rule, protocol)
        if any(bits and each.overlap(ports) for steps in every for each, bits in ranges(steps)):
            return True
    return False


def _peers(places: Places, rule: GroupRule) -> int:
    if rule.peer.kind == "cidr":
        return places.inside(rule.peer.cidr)
    return places.holding.get(rule.peer.group, 0)


def _protocols(reach: Reach, rule: GroupRule) -> tuple[int, ...]:
    return reach.protocols if rule.protocol == ANY_PROTOCOL else (rule.protocol,)


def _ports(rule: GroupRule, protocol: int) -> PortRange:
    looks = has_ports(protocol) or has_types(protocol)
    return rule.ports if looks and rule.protocol != ANY_PROTOCOL else ALL_PORTS


def _unused(places: Places, group: SecurityGroup, rule: GroupRule, holders: int) -> Suspect:
    return Suspect(
        kind=SmellKind.UNUSED,
        component=group.id,
        name=f"security group {group.name}",
        rules=(rule,),
        why=_why(places, rule, holders),
        rests_on=_rests_on(places.network, ("interfaces", *_LAND))
        or _may_be_held(places.network, group, rule),
        first=first_of_all(
            places.network,
            "" if _peers(places, rule) or rule.peer.kind == "cidr" else NOT_RUNNING,
        ),
        unless="or open the rest of the way, if it is meant",
    )


def _may_be_held(network: Network, group: SecurityGroup, rule: GroupRule) -> str:
    """Who is not running now, or not listed, and holds a group of the rule; '' if nobody does."""
    several = (group.id, rule.peer.group) if rule.peer.kind == "group" else (group.id,)
    named = [(name, each) for each in several for name in named_by(network, each)]
    return f"{named[0][0]} says that it is in {named[0][1]}" if named else ""


def _why(places: Places, rule: GroupRule, holders: int) -> str:
    """The peers that there are not, or what holds the first of them back."""
    ends, inbound = places.reach.endpoints, rule.direction is Direction.INGRESS
    peers = _peers(places, rule)
    known = [
        index
        for index in bits_of(peers & ~holders)
        if ends[index].kind is not EndpointKind.ELSEWHERE
    ] or [index for index in bits_of(peers) if ends[index].kind is not EndpointKind.ELSEWHERE]
    if rule.peer.kind == "group" and not known:
        return f"no interface holds {rule.peer.group}"
    if not known:
        return f"nothing here has an address in {rule.peer}"
    holder = next(bits_of(holders))
    peer = next((each for each in known if ends[each].version == ends[holder].version), known[0])
    source, to = (ends[peer], ends[holder]) if inbound else (ends[holder], ends[peer])
    protocol = _protocols(places.reach, rule)[0]
    port = _ports(rule, protocol).first
    return _blocked(places.network, source, to, protocol, port)


def _blocked(network: Network, source: Endpoint, to: Endpoint, protocol: int, port: int) -> str:
    if (source.kind, source.id) == (to.kind, to.id):
        return "nobody but the host itself would need it"
    said = explain(network, source, to, protocol, port)
    layers = [f"{hop.layer} of {hop.name}" for hop in said.request if hop.passes is False]
    what = " and ".join(dict.fromkeys(layers)) or "another layer"
    return f"{what} keeps every such packet away, as from {source} to {to}"


# Network ACLs


def unused_entries(network: Network, doubted: frozenset[str]) -> Iterator[Suspect]:
    """Allow entries for addresses with which no route connects the subnets behind the NACL.

    Asked of the bare land: the same network with every group and NACL open.
    """
    places = Places(prove(_opened(network), cuts=(network,)))
    known = _known_to(places)
    transit, dark = _transit_subnets(network), _in_the_dark(places)
    behind: dict[str, list[str]] = defaultdict(list)
    for subnet in network.subnets:
        behind[subnet.nacl].append(subnet.id)
    for nacl in network.nacls:
        subnets = behind[nacl.id]
        # What passes through a subnet on its way elsewhere is no end of it.
        if not subnets or nacl.id in doubted or not (transit | dark).isdisjoint(subnets):
            continue
        for entry in filter(_is_certain, nacl.entries):
            peers = places.inside(entry.cidr)
            # Its own subnet needs no entry, but says where a second one will be.
            used = any(peers & (known[subnet] | places.in_subnet[subnet]) for subnet in subnets)
            if entry.action is Action.ALLOW and not used and not places.hides(entry.cidr):
                yield _idle_entry(network, nacl, entry)


def _known_to(places: Places) -> dict[str, int]:
    """Subnet -> the ends with which it exchanges packets, whoever begins."""
    found: dict[str, int] = defaultdict(int)
    reach = places.reach
    for index, end in enumerate(reach.endpoints):
        senders = 0
        for protocol in reach.protocols:
            for _, bits in places.arriving(index, protocol):
                senders |= bits
        if end.subnet is not None:
            found[end.subnet] |= senders
        for subnet, members in places.in_subnet.items():
            if members & senders:
                found[subnet] |= 1 << index
    return found


def _in_the_dark(places: Places) -> set[str]:
    """Subnets with which something may exchange packets by a way that is not known."""
    reach = places.reach
    unclear = 0
    for protocol in reach.protocols:
        for _, bits in places.unclear_from(protocol):
            unclear |= bits
        for index in range(len(reach.endpoints)):
            if any(bits for _, bits in places.unclear(index, protocol)):
                unclear |= 1 << index
    return {subnet for subnet, members in places.in_subnet.items() if members & unclear}


def _transit_subnets(network: Network) -> set[str]:
    return {
        *(each.subnet for each in network.nat_gateways if each.subnet),
        *(subnet for each in network.transit_attachments for subnet in each.subnets),
        *(subnet for each in network.firewalls for _, subnet in each.endpoints),
    }


def _opened(network: Network) -> Network:
    """The same land, with nothing that filters: every interface in one open group."""
    everything = [
        (direction, CidrPeer(ip_network(cidr))) for direction in Direction for cidr in _EVERYWHERE
    ]
    rules = tuple(
        GroupRule(id="", direction=direction, protocol=ANY_PROTOCOL, ports=ALL_PORTS, peer=peer)
        for direction, peer in everything
    )
    entries = tuple(
        AclEntry(
            number=1,
            direction=direction,
            action=Action.ALLOW,
            protocol=ANY_PROTOCOL,
            ports=ALL_PORTS,
            cidr=peer.cidr,
        )
        for direction, peer in everything
    )
    group = SecurityGroup(id="", name="", vpc="", rules=rules)
    # The groups stay, without rules, because what is in doubt may name them.
    shut = tuple(replace(each, rules=()) for each in network.security_groups)
    return replace(
        network,
        security_groups=(group, *shut),
        interfaces=tuple(replace(each, security_groups=("",)) for each in network.interfaces),
        nacls=tuple(replace(each, entries=entries) for each in network.nacls),
    )


def _idle_entry(network: Network, nacl: NetworkAcl, entry: AclEntry) -> Suspect:
    return Suspect(
        kind=SmellKind.UNUSED,
        component=nacl.id,
        name=f"NACL {nacl.name}",
        rules=(entry,),
        why=f"no route connects the subnets behind it with {entry.cidr}",
        rests_on=_rests_on(network, _LAND),
        unless="or make the route, if it is meant",
    )
