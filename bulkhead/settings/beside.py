"""What a host needs beside its sockets: flows that are not ZeroMQ, with whom and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bulkhead.network import Flow, PortRange, has_ports, protocol_name
from bulkhead.network.traffic import traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainNeed:
    """One of them. `opens`: whether it starts here; `peer` is who answers it, or else who asks.

    `at` are the addresses of the peer: of each copy, or the networks of a site.
    """

    name: str
    opens: bool
    peer: str
    at: tuple[str, ...]
    protocol: str
    ports: PortRange | None
    traffic: str
    """'tcp 22', 'icmp type 8', 'protocol 47': what of its protocol it is."""
    encryption: str
    """'' where its programs do not encrypt."""
    vpc_encrypts: bool
    """Whether its VPC has the hosts at both ends encrypt it."""
    interface: str = ""
    """At which of its network interfaces, where its host has several."""


def beside(
    owner: str, interface: str, flows: Iterable[Flow], at: Callable[[str, int], Sequence[str]]
) -> Iterator[PlainNeed]:
    """Those of a service or a site, or of one interface. `at` tells the addresses of another for
    a protocol."""
    for flow in flows:
        if flow.client_socket or owner not in (flow.client, flow.server.owner):
            continue
        opens = flow.client == owner
        peer = flow.server.owner if opens else flow.client
        alone = () if opens else tuple(map(str, flow.clients_at))
        single = opens and flow.server.address is not None
        everywhere = () if single or alone else tuple(at(peer, flow.server.protocol))
        yield PlainNeed(
            name=flow.server.name,
            opens=opens,
            peer=peer,
            at=(str(flow.server.address),) if single else alone or everywhere,
            protocol=protocol_name(flow.server.protocol),
            ports=flow.server.ports if has_ports(flow.server.protocol) else None,
            traffic=traffic(flow.server.protocol, (flow.server.ports,)),
            encryption=flow.mechanism,
            vpc_encrypts=flow.vpc_encrypts,
            interface=interface,
        )
