"""From which ports whoever is behind an interface, or at a site, opens connections.

(docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from bulkhead.network import (
    ANY_CLIENT_PORTS,
    LINUX_PORTS,
    WINDOWS_PORTS,
    InterfaceKind,
    PortRange,
)
from bulkhead.network import tags as words
from bulkhead.observe.record import Gaps, Record

_ALL_OF_THEM: Final = frozenset({"lambda"})
"""Types of interface whose owners use every port from 1024."""


def client_ports_of_interface(
    record: Record,
    kind: InterfaceKind,
    instance: Record | None,
    *,
    planned: bool,
    gaps: Gaps,
) -> PortRange:
    """As it is tagged; else by what it is, and by the system of the instance.

    `planned`: it runs a service of a topology, which says so where that is not Linux.
    Of whom nobody knows the system, any port may be the one: what is then allowed is
    allowed whichever system it is.
    """
    stated = _stated(record, record.text("NetworkInterfaceId"), gaps)
    if stated is not None:
        return stated
    balancer = kind is InterfaceKind.LOAD_BALANCER
    if balancer or record.maybe("InterfaceType") in _ALL_OF_THEM:
        return ANY_CLIENT_PORTS
    if instance is not None:
        return _of_system(instance)
    return LINUX_PORTS if planned else ANY_CLIENT_PORTS


def _of_system(instance: Record) -> PortRange:
    """AWS names the platform of Windows alone, and macOS runs on Macs alone.

    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html)
    """
    if (instance.maybe("InstanceType") or "").startswith("mac"):
        return WINDOWS_PORTS
    platform = (instance.maybe("Platform") or "").lower()
    if platform == "windows" or (instance.maybe("PlatformDetails") or "").startswith("Windows"):
        return WINDOWS_PORTS
    return ANY_CLIENT_PORTS if platform else LINUX_PORTS


def client_ports_of_connections(records: Iterable[Record], gaps: Gaps) -> Mapping[str, PortRange]:
    """VPN connection -> what is stated of the site behind it."""
    found = {}
    for record in records:
        name = record.text("VpnConnectionId")
        stated = _stated(record, name, gaps)
        if stated is not None:
            found[name] = stated
    return found


def client_ports_of_site(connections: Iterable[str], stated: Mapping[str, PortRange]) -> PortRange:
    """Of all connections that lead there: the widest, where they do not say the same."""
    every = [stated.get(each, ANY_CLIENT_PORTS) for each in connections]
    return PortRange(min(each.first for each in every), max(each.last for each in every))


def _stated(record: Record, tagged: str, gaps: Gaps) -> PortRange | None:
    """None too where the tag cannot be read: nothing is known then, and any port may be used."""
    try:
        return words.client_ports_from(record.tags())
    except ValueError as error:
        key = f"{tagged} {words.CLIENT_PORTS}"
        gaps.add("client-ports-tag", key, key, f"it names no client ports: {error}")
        return ANY_CLIENT_PORTS
