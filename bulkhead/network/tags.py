"""The tags by which an account says what it was built for.

Written by the components, read back by the observers; nothing else carries a
topology's words into AWS. What is read back as something keeps to the characters that
every AWS service accepts (docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html).
What people say is written as they said it: EC2 takes any character
(docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, ip_network
from itertools import groupby
from typing import Final

from bulkhead.network.addresses import EVERYWHERE, IPNetwork, place_of
from bulkhead.network.clients import LINUX_PORTS
from bulkhead.network.listening import joined
from bulkhead.network.members import GroupMembers
from bulkhead.network.model import Listener
from bulkhead.network.ports import (
    ALL_PORTS,
    PortRange,
    has_ports,
    protocol_name,
    protocol_number,
)
from bulkhead.network.words import SaidOf

NAME: Final = "Name"
TOPOLOGY: Final = "bulkhead:topology"
STACK: Final = "bulkhead:stack"
VPC: Final = "bulkhead:vpc"
SEGMENT: Final = "bulkhead:segment"
SERVICE: Final = "bulkhead:service"
INTERFACE: Final = "bulkhead:interface"
HOST: Final = "bulkhead:host"
SITE: Final = "bulkhead:site"
TRUST: Final = "bulkhead:trust"
CLIENT_PORTS: Final = "bulkhead:client-ports"
MEMBERS: Final = "bulkhead:members"
MEMBERS_HOLD: Final = "bulkhead:members-hold"
MORE_OF: Final = "bulkhead:more-of"
NAMED_BY: Final = "bulkhead:named-by"
NETWORKS: Final = "bulkhead:networks"
HOST_PORTS_PREFIX: Final = "bulkhead:client-ports:"
SOCKET_PREFIX: Final = "bulkhead:socket:"
PURPOSE: Final = "bulkhead:purpose"
OWNER: Final = "bulkhead:owner"
DATA: Final = "bulkhead:data"

TRUSTED: Final = "trusted"
UNTRUSTED: Final = "untrusted"


def service_tags(called: str, interface: str = "", of: str = "", host: str = "") -> dict[str, str]:
    """'bulkhead:service' = 'ticker'. Of a host with several network interfaces each is tagged with
    the service; all but the first with which it is, 'bulkhead:interface' = 'eth1'; and with the
    host that it is of, 'bulkhead:host' = 'router-1', so that whoever starts one finds them."""
    said = {SERVICE: of or called, INTERFACE: interface, HOST: host}
    return {key: value for key, value in said.items() if value}


def service_from(tags: Mapping[str, str]) -> str | None:
    """What flows call the service, or the interface of it, that a resource's tags name."""
    service, interface = tags.get(SERVICE), tags.get(INTERFACE)
    return f"{service}.{interface}" if service and interface else service


def vpc_tag(name: str) -> dict[str, str]:
    """'bulkhead:vpc' = 'market', of one of several VPCs of a topology; nothing of one alone."""
    return {VPC: name} if name else {}


def more_of_tag(service: str) -> dict[str, str]:
    """'bulkhead:more-of' = 'broker', of a group that has rules for which the one of the service has
    no room; nothing of any other. With which interface it is, where that has several:
    'router.eth1'."""
    return {MORE_OF: service} if service else {}


def named_by_tag(service: str) -> dict[str, str]:
    """'bulkhead:named-by' = 'broker', of a group by which rules of that service name all who hold
    it; nothing of any other."""
    return {NAMED_BY: service} if service else {}


def client_tag(ports: PortRange, usual: PortRange) -> dict[str, str]:
    """'bulkhead:client-ports' = '49152-65535'; nothing where they are the usual ones."""
    return {} if ports == usual else {CLIENT_PORTS: str(ports)}


def client_ports_from(tags: Mapping[str, str]) -> PortRange | None:
    """The client ports that a resource's tags state. Raises ValueError for malformed ones."""
    said = tags.get(CLIENT_PORTS)
    if said is None:
        return None
    return _range(said)


def members_tags(members: GroupMembers | None) -> dict[str, str]:
    """'bulkhead:members' = '2..40 in work', of a function 'lambda in work', of a segment in subnets
    of others '2..40 in work subnet-0a1b subnet-2c3d'; with the segment and client ports as
    interfaces say theirs. Nothing of a group whose holders are named."""
    if members is None:
        return {}
    many = _FUNCTION if members.function else f"{members.fewest}..{members.most}"
    return {
        MEMBERS: f"{many} in {' '.join((members.unit, *members.subnets))}",
        SEGMENT: members.segment,
        **client_tag(members.client_ports, LINUX_PORTS),
        **({MEMBERS_HOLD: " ".join(members.beside)} if members.beside else {}),
    }


def members_from(tags: Mapping[str, str]) -> GroupMembers | None:
    """Of the service that a group is tagged for. Raises ValueError for a malformed tag."""
    said = tags.get(MEMBERS)
    if said is None:
        return None
    many, _, where = said.partition(" in ")
    unit, *subnets = where.split(" ")
    ports = client_ports_from(tags) or LINUX_PORTS
    beside = tuple(tags.get(MEMBERS_HOLD, "").split())
    if many == _FUNCTION and unit:
        return GroupMembers(
            fewest=0,
            most=0,
            unit=unit,
            subnets=tuple(subnets),
            client_ports=ports,
            function=True,
            beside=beside,
        )
    fewest, _, most = many.partition("..")
    found = GroupMembers(
        fewest=int(fewest),
        most=int(most),
        unit=unit,
        subnets=tuple(subnets),
        client_ports=ports,
        beside=beside,
    )
    if not unit or not 0 <= found.fewest <= found.most:
        raise ValueError(f"{said!r} does not say how many there are in which subnets")
    return found


_FUNCTION: Final = "lambda"


def network_tags(networks: Iterable[IPNetwork]) -> dict[str, str]:
    """'bulkhead:networks' = '192.168.10.0/24 192.168.11.0/24': what a site is to announce by BGP,
    which AWS shows nowhere. What does not fit into a value goes into 'bulkhead:networks:2'."""
    values = [""]
    for word in map(str, networks):
        if values[-1] and len(values[-1]) + 1 + len(word) > LONGEST_VALUE:
            values.append("")
        values[-1] += f" {word}" if values[-1] else word
    return {
        NETWORKS + (f":{number}" if number > 1 else ""): value
        for number, value in enumerate(values, 1)
        if value
    }


def networks_from(tags: Mapping[str, str]) -> tuple[IPNetwork, ...] | None:
    """What a VPN connection's tags say that its site announces; None where they say nothing of it.

    Raises ValueError for a malformed one.
    """
    if NETWORKS not in tags:
        return None
    further = sorted(
        (int(key.removeprefix(f"{NETWORKS}:")), value)
        for key, value in tags.items()
        if key.startswith(f"{NETWORKS}:")
    )
    every = " ".join((tags[NETWORKS], *(value for _, value in further)))
    return tuple(map(ip_network, every.split()))


def host_port_tags(hosts: Iterable[tuple[IPNetwork, PortRange]]) -> dict[str, str]:
    """'bulkhead:client-ports:192.168.10.64/26' = '49152-65535', of hosts and networks of a site."""
    return {f"{HOST_PORTS_PREFIX}{network}": str(ports) for network, ports in hosts}


def host_ports_from(tags: Mapping[str, str]) -> dict[IPNetwork, PortRange]:
    """The client ports that the tags of a VPN connection state of some addresses of its site.

    Raises ValueError for malformed ones.
    """
    return {
        ip_network(key.removeprefix(HOST_PORTS_PREFIX)): _range(said)
        for key, said in tags.items()
        if key.startswith(HOST_PORTS_PREFIX)
    }


def word_tags(words: SaidOf) -> dict[str, str]:
    """What is said of a thing; no tag of what nobody says."""
    said = {PURPOSE: words.purpose, OWNER: words.owner, DATA: words.data}
    return {key: value for key, value in said.items() if value}


def words_from(tags: Mapping[str, str]) -> SaidOf:
    """What a resource's tags say of it."""
    return SaidOf(purpose=tags.get(PURPOSE, ""), owner=tags.get(OWNER, ""), data=tags.get(DATA, ""))


LONGEST_VALUE: Final = 256
"""Characters of a tag's value (docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html)."""


_ALL: Final = "all"
"""Stands for the ports of a protocol that has none."""


def socket_tags(listeners: Iterable[Listener]) -> dict[str, str]:
    """One tag per socket: 'bulkhead:socket:ticks' = 'PUB tcp 5556', or 'PUB tcp 51000-51999'.

    Where it waits at some addresses alone, they stand before the port: 'PUB tcp 192.168.10.7:5556',
    'PUB tcp 192.168.10.64/26:5556'.
    What does not fit into a value goes into further ones, 'bulkhead:socket:ticks:2'; what it
    takes of another protocol too.
    """
    tags: dict[str, str] = {}
    ordered = sorted(
        joined(listeners),
        key=lambda each: (each.socket, each.protocol, each.ports, each.alone_at or EVERYWHERE),
    )
    for socket, group in groupby(ordered, key=lambda each: each.socket):
        values = [
            value
            for (kind, protocol), some in groupby(
                group, key=lambda each: (each.type, each.protocol)
            )
            for value in _values(f"{kind} {protocol_name(protocol)}", map(_word, some))
        ]
        for number, value in enumerate(values, 1):
            tags[SOCKET_PREFIX + socket + (f":{number}" if number > 1 else "")] = value
    return tags


def _word(listener: Listener) -> str:
    """Its ports, behind its addresses if it has some alone."""
    portless = listener.ports == ALL_PORTS and not has_ports(listener.protocol)
    ports = _ALL if portless else str(listener.ports)
    return f"{listener.address}:{ports}" if listener.address else ports


def _values(start: str, ports: Iterable[str]) -> list[str]:
    """The ports behind `start`, in as many values as they need."""
    values = [start]
    for port in ports:
        if len(values[-1]) + 1 + len(port) > LONGEST_VALUE:
            values.append(start)
        values[-1] += f" {port}"
    return values


def listeners_from(owner: str, tags: Mapping[str, str]) -> tuple[Listener, ...]:
    """The listeners that a resource's tags name. Raises ValueError for a malformed one."""
    found: list[Listener] = []
    for key, value in sorted(tags.items()):
        if not key.startswith(SOCKET_PREFIX):
            continue
        words = value.split()
        if len(words) < 3:
            raise ValueError(f"tag {key} says {value!r}, not 'TYPE PROTOCOL PORT…'")
        kind, protocol, *ports = words
        for word in ports:
            address, colon, port = word.rpartition(":")
            found.append(
                Listener(
                    owner=owner,
                    # No socket's name holds a colon: behind one stands which tag of it this is.
                    socket=key.removeprefix(SOCKET_PREFIX).partition(":")[0],
                    type=kind,
                    protocol=protocol_number(protocol),
                    ports=ALL_PORTS if port == _ALL else _range(port),
                    address=place_of(IPv4Network(address)) if colon else None,
                )
            )
    return joined(found)


def _range(text: str) -> PortRange:
    """'5556', '51000-51999'. Raises ValueError for anything else."""
    first, dash, last = text.partition("-")
    return PortRange(int(first), int(last if dash else first))
