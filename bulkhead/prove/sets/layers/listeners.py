"""Load balancers: what no listener takes does not come in.

(docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from bulkhead.network import (
    ICMP,
    ICMP6,
    LoadBalancer,
    Network,
    PortRange,
    has_ports,
    has_types,
    icmp_range,
)
from bulkhead.prove.sets.by_port import ByPort, union
from bulkhead.prove.sets.survey import Survey

_TAKEN: Final = {ICMP: (3,), ICMP6: (1, 2)}
"""Messages that a load balancer takes without a listener: what it must know of its paths."""


class ListenerLayer:
    def __init__(self, survey: Survey, *, unknown_passes: bool) -> None:
        self._survey = survey
        self._unknown_passes = unknown_passes
        self._at = _by_interface(survey.network)

    def taken(self, destination: int, protocol: int) -> ByPort:
        """Per port: everybody, or nobody where a load balancer has no listener."""
        survey = self._survey
        endpoint = survey.endpoints[destination]
        here = self._at.get(endpoint.id, ()) if endpoint.subnet is not None else ()
        everyone: ByPort = ((0, survey.everyone),)
        if not here or not survey.interfaces >> destination & 1:
            return everyone
        in_doubt = survey.in_doubt >> destination & 1 or any(
            each.id in survey.unknowns.balancers for each in here
        )
        if (self._unknown_passes and in_doubt) or not (has_ports(protocol) or has_types(protocol)):
            return everyone
        taken = [
            PortRange(each.port, each.port)
            for balancer in here
            for each in balancer.listeners
            if each.protocol == protocol
        ]
        taken += [icmp_range(kind, None) for kind in _TAKEN.get(protocol, ())]
        return union([(ports, survey.everyone) for ports in taken])


def _by_interface(network: Network) -> Mapping[str, Sequence[LoadBalancer]]:
    found: dict[str, list[LoadBalancer]] = defaultdict(list)
    for balancer in network.load_balancers:
        for interface in balancer.interfaces:
            found[interface].append(balancer)
    return found
