"""Programs whose clients connect from a port of their own, or are answered from another.

A NACL lets replies come to the client ports of a host, and a security group knows a reply by its
addresses and ports: what usual programs do otherwise looks open, and is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.flows.ends_meant import FlowEnd
from bulkhead.intent.written import WrittenFlow, WrittenTopology


@dataclass(frozen=True, slots=True)
class _Habit:
    """Of the clients of a program: from which ports they ask."""

    who: str
    ports: tuple[int, int]
    instead: str


_NFS: Final = _Habit("the NFS client of Linux", (665, 1023), "mount with noresvport (nfs(5))")
_HABITS: Final[Mapping[tuple[str, int], _Habit]] = {
    # nfs(5), "Using non-privileged source ports"; net/sunrpc/xprtsock.c, xprt_min_resvport.
    ("TCP", 2049): _NFS,
    ("UDP", 2049): _NFS,
    # RFC 5905, 9.1 (srcport); chrony.conf(5), acquisitionport.
    ("UDP", 123): _Habit("ntpd", (123, 123), "run one that asks from any port, as chronyd does"),
    # RFC 2131, 4.1; RFC 7296, 2.
    ("UDP", 67): _Habit("a DHCP client", (68, 68), "leave DHCP to the VPC"),
    ("UDP", 500): _Habit("IKE", (500, 500), "let it ask from any port"),
}
_ANSWERED_ELSEWHERE: Final[Mapping[tuple[str, int], str]] = {
    # RFC 1350, 4; RFC 959, 3.2.
    ("UDP", 69): "TFTP answers from another port, which is no reply to any rule",
    ("TCP", 21): "FTP has a second connection for data, on another port",
}


def warn_of_usual_clients(
    written: WrittenTopology,
    flow: WrittenFlow,
    clients: Iterable[FlowEnd],
    path: KeyPath,
    complain: Complain,
) -> None:
    """Of a flow to the one port where such a program usually is, once."""
    clients = tuple(clients)
    for each in flow.traffic or ():
        if each.ports is None or each.ports[0] != each.ports[1]:
            continue
        port = each.kind, each.ports[0]
        if port in _ANSWERED_ELSEWHERE:
            what = f"flow {flow.name} is for {each}: {_ANSWERED_ELSEWHERE[port]}"
            complain.warn((*path, "traffic"), what, "add the flow for those ports, or take HTTP")
        habit = _HABITS.get(port)
        asking = next((one for one in clients if habit and not _asks_from(written, one, habit)), "")
        if habit and asking:
            first, last = habit.ports
            said = f"{first}-{last}" if first < last else str(first)
            complain.warn(
                (*path, "traffic"),
                f"flow {flow.name} is for {each}, and {habit.who} asks from {said}: no reply gets "
                f"back there, for these are no client-ports of {asking}",
                f"{habit.instead}, or let its client-ports begin at {first}",
            )


def _asks_from(written: WrittenTopology, client: FlowEnd, habit: _Habit) -> bool:
    """Whether its client ports hold those. No system's own ones begin below 1024."""
    among = written.sites if client.owner.outside else written.services
    owner = (among or {}).get(client.owner.name)
    said = owner.client_ports if owner is not None else None
    first, last = said if isinstance(said, tuple) else (1024, 65535)
    return first <= habit.ports[0] and habit.ports[1] <= last
