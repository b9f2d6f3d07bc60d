"""What is not there: answers that were denied, cut off, or never asked for.

Most losses speak for themselves: a route that leads to a gateway which is not in
the network is unknown beyond it, a subnet whose NACL is not there has an empty
stand-in that is in doubt. Here stands what would otherwise go unnoticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from bulkhead.network import InterfaceKind, Network
from bulkhead.observe.calls import CALLS, FIREWALLS, KEYS, TARGETS, Call
from bulkhead.observe.describe.described import Described
from bulkhead.observe.record import Gaps

Scopes = Callable[[Described, Network], Iterable[str]]


def _attached_gateways(_: Described, network: Network) -> Iterable[str]:
    """Those without an edge table among the tables here: a lost page may hold one."""
    edges = {each.gateway for each in network.route_tables if each.gateway}
    gateways = {each.id for each in network.internet_gateways}
    gateways |= {each.id for each in network.vpn_gateways}
    return sorted(gateways - edges)


def _ends_of_vpns(_: Described, network: Network) -> Iterable[str]:
    return [each.id for each in network.vpn_gateways]


def _supposed_internet_gateways(described: Described, network: Network) -> Iterable[str]:
    there = described.ids("InternetGateways")
    return [each.id for each in network.internet_gateways if each.id not in there]


def _supposed_vpn_gateways(described: Described, network: Network) -> Iterable[str]:
    there = described.ids("VpnGateways")
    return [each.id for each in network.vpn_gateways if each.id not in there]


_INTERFACES: Final = KEYS["NetworkInterfaces"].permission
_REACH: Final[Mapping[str, Scopes]] = {
    "InternetGateways": _supposed_internet_gateways,
    "VpnGateways": _supposed_vpn_gateways,
    "RouteTables": _attached_gateways,
    "VpnConnections": _ends_of_vpns,
}
"""What a lost answer of a kind leaves in doubt, beside what names the thing itself."""


def unanswered(described: Described, network: Network, gaps: Gaps) -> None:
    """Name every answer that is not there, or not in full, and matters.

    One that nobody is known to have asked for matters where something here
    depends on it; one that was refused or cut off always does.
    """
    for call in (*CALLS, FIREWALLS):
        if call.key not in described.missing or not call.loss:
            continue
        scopes = list(_REACH[call.key](described, network)) if call.key in _REACH else []
        if call.key in described.unasked and not scopes and not _matters(call, network):
            continue
        why = f"{described.missing[call.key]}, so it is not known {call.loss}"
        gaps.add_each("unanswered", call.permission, scopes or [call.permission], why)
    _unseen_targets(described, network, gaps)
    _from_instances(described, gaps)


def _matters(call: Call, network: Network) -> bool:
    if call.service == "elbv2":
        return any(each.kind is InterfaceKind.LOAD_BALANCER for each in network.interfaces)
    if call.key in ("TransitGatewayAttachments", "TransitGatewayVpcAttachments"):
        return bool(network.transit_gateways)
    return call.core


def _unseen_targets(described: Described, network: Network, gaps: Gaps) -> None:
    """What a packet finds behind a route whose target is not here, nobody can tell."""
    known = {
        kind: {each.id for each in getattr(network, call.field)} for kind, call in TARGETS.items()
    }
    named = {
        (route.target, route.target_id)
        for table in network.route_tables
        for route in table.routes
        if not route.blackhole
    }
    for kind, target in sorted(named):
        if kind in known and target not in known[kind]:
            reason = described.missing.get(TARGETS[kind].key)
            why = "a route leads to it, and it was not observed"
            why += f" ({reason})" if reason else ""
            gaps.add(str(kind), target, target, why, unseen=True)


def _from_instances(described: Described, gaps: Gaps) -> None:
    if "NetworkInterfaces" in described.missing and described["Reservations"]:
        why = "interfaces are read from instances too: those of other services may not be there"
        gaps.add("unanswered", _INTERFACES, _INTERFACES, why)
