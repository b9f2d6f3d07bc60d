"""From which ports whoever is behind an interface, or at a site, opens connections.

(docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Final

from bulkhead.network import (
    ANY_CLIENT_PORTS,
    LINUX_PORTS,
    WINDOWS_PORTS,
    GroupMembers,
    InterfaceKind,
    IPNetwork,
    PortRange,
)
from bulkhead.network import tags as words
from bulkhead.observe.record import Gaps, Record

_EVERYBODY: Final = ("0.0.0.0/0", "::/0")
_ALL_OF_THEM: Final = frozenset({"lambda"})
"""Types of interface whose owners use every port from 1024."""
_ASK_NOTHING: Final = frozenset({InterfaceKind.ENDPOINT, InterfaceKind.GATEWAY})


@dataclass(frozen=True, slots=True)
class ClientPorts:
    """From which ports an interface asks; `why_any` they are the widest, where nobody knows."""

    ports: PortRange
    why_any: str = ""


def client_ports_of_interface(
    record: Record,
    kind: InterfaceKind,
    instance: Record | None,
    *,
    planned: bool,
    members: GroupMembers | None = None,
    gaps: Gaps,
) -> ClientPorts:
    """As it is tagged, or as its group is whose `members` come and go; else by what it is, and by
    the system of the instance.

    `planned`: it runs a service of a topology, which says so where that is not Linux.
    Of whom nobody knows the system, any port may be the one: what is then allowed is
    allowed whichever system it is.
    """
    stated = _stated(record, record.text("NetworkInterfaceId"), gaps)
    if stated is not None:
        return ClientPorts(stated)
    if members is not None:
        return ClientPorts(members.client_ports)
    everything = kind is InterfaceKind.LOAD_BALANCER or kind in _ASK_NOTHING
    if everything or record.maybe("InterfaceType") in _ALL_OF_THEM:
        return ClientPorts(ANY_CLIENT_PORTS)
    system = _of_system(instance) if instance is not None else None
    if system is not None:
        return ClientPorts(system)
    if planned:
        return ClientPorts(LINUX_PORTS)
    return ClientPorts(ANY_CLIENT_PORTS, _unknown(record))


def _unknown(record: Record) -> str:
    attachment = record.inside("Attachment")
    runs = attachment.maybe("InstanceId") if attachment else None
    tag = f"the tag {words.CLIENT_PORTS} of its interface"
    if runs is None:
        return f"no instance runs it, and AWS does not say which ports it asks from: {tag} would"
    told = "Platform and PlatformDetails of describe-instances"
    return f"which system {runs} runs is not known: {told}, or {tag}, would tell"


def _of_system(instance: Record) -> PortRange | None:
    """AWS names the platform of Windows alone, and macOS runs on Macs alone.

    So that no platform is named means something only where the answer is whole, and says the
    type of the instance too. (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html)
    """
    platform = (instance.maybe("Platform") or "").lower()
    details = instance.maybe("PlatformDetails") or ""
    if platform == "windows" or details.startswith("Windows"):
        return WINDOWS_PORTS
    if platform:
        return None
    kind = instance.maybe("InstanceType")
    if kind is None:
        return None
    return WINDOWS_PORTS if kind.startswith("mac") else LINUX_PORTS


def client_ports_of_connections(records: Iterable[Record], gaps: Gaps) -> Mapping[str, PortRange]:
    """VPN connection -> what is stated of the site behind it."""
    found = {}
    for record in records:
        name = record.text("VpnConnectionId")
        stated = _stated(record, name, gaps)
        if stated is not None:
            found[name] = stated
    return found


HostPorts = Mapping[IPNetwork, PortRange]


def host_ports_of_connections(records: Iterable[Record], gaps: Gaps) -> Mapping[str, HostPorts]:
    """VPN connection -> what is stated of some addresses behind it."""
    found = {}
    for record in records:
        name = record.text("VpnConnectionId")
        try:
            found[name] = words.host_ports_from(record.tags())
        except ValueError as error:
            key = f"{name} {words.HOST_PORTS_PREFIX}*"
            why = f"it names no client ports of a host, as '1024-65535' would: {error}"
            gaps.add("client-ports-tag", key, key, why)
            found[name] = dict.fromkeys(map(ip_network, _EVERYBODY), ANY_CLIENT_PORTS)
    return found


def client_ports_of_site(connections: Iterable[str], stated: Mapping[str, PortRange]) -> PortRange:
    """Of all connections that lead there: the widest, where they do not say the same."""
    return _widest(stated.get(each, ANY_CLIENT_PORTS) for each in connections)


def host_ports_of_site(
    connections: Sequence[str], stated: Mapping[str, PortRange], hosts: Mapping[str, HostPorts]
) -> tuple[tuple[IPNetwork, PortRange], ...]:
    """Of each address of which one of the connections says something of its own, the same."""
    every = dict.fromkeys(network for each in connections for network in hosts.get(each, {}))
    return tuple(
        (
            network,
            _widest(
                hosts.get(each, {}).get(network, stated.get(each, ANY_CLIENT_PORTS))
                for each in connections
            ),
        )
        for network in sorted(every, key=lambda each: (each.version, each))
    )


def _widest(several: Iterable[PortRange]) -> PortRange:
    every = list(several)
    return PortRange(min(each.first for each in every), max(each.last for each in every))


def _stated(record: Record, tagged: str, gaps: Gaps) -> PortRange | None:
    """None too where the tag cannot be read: nothing is known then, and any port may be used."""
    try:
        return words.client_ports_from(record.tags())
    except ValueError:
        key, said = f"{tagged} {words.CLIENT_PORTS}", record.tags()[words.CLIENT_PORTS]
        why = f"it names no client ports, as '1024-65535' would: {said}"
        gaps.add("client-ports-tag", key, key, why)
        return ANY_CLIENT_PORTS
