"""Gateways that are listed and serve no VPC any more, or another one: a route to one leads nowhere.

Whoever detaches or deletes what a route leads to leaves the route behind, as a blackhole
(docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html); an answer of another
moment, or one without states, still shows it as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bulkhead.observe.record import Record

_ATTACHED: Final = {
    "InternetGateways": ("InternetGatewayId", "Attachments"),
    "EgressOnlyInternetGateways": ("EgressOnlyInternetGatewayId", "Attachments"),
    "VpnGateways": ("VpnGatewayId", "VpcAttachments"),
}
_OF_ITSELF: Final = {
    "VpnGateways": "VpnGatewayId",
    "NatGateways": "NatGatewayId",
    "TransitGateways": "TransitGatewayId",
    "VpcEndpoints": "VpcEndpointId",
}
_OVER: Final = frozenset({"deleted", "expired", "failed", "rejected"})
_PARTING: Final = frozenset({"detached", "detaching"})

Serving = Mapping[str, frozenset[str]]
"""Gateway -> the VPCs that it serves: none where it is detached or gone."""


def serving(records: Mapping[str, Iterable[Record]]) -> Serving:
    """Of each gateway that says it; of any other nothing is known.

    Raises UnreadableError where one cannot be read.
    """
    return dict((*_attached(records), *_peered(records), *_gone(records)))


def _attached(records: Mapping[str, Iterable[Record]]) -> Iterator[tuple[str, frozenset[str]]]:
    for key, (name, attachments) in _ATTACHED.items():
        for record in records.get(key, ()):
            gateway = record.maybe(name)
            if gateway is None or not isinstance(record.values.get(attachments), list):
                continue
            served = [
                each.maybe("VpcId")
                for each in record.records(attachments)
                if each.maybe("State") not in _PARTING
            ]
            # One that does not say to which VPC may be to any.
            if None not in served:
                yield gateway, frozenset(vpc for vpc in served if vpc)


def _peered(records: Mapping[str, Iterable[Record]]) -> Iterator[tuple[str, frozenset[str]]]:
    for record in records.get("VpcPeeringConnections", ()):
        status, name = record.inside("Status"), record.maybe("VpcPeeringConnectionId")
        if name and status is not None and status.maybe("Code") in _OVER:
            yield name, frozenset()


def _gone(records: Mapping[str, Iterable[Record]]) -> Iterator[tuple[str, frozenset[str]]]:
    for key, name in _OF_ITSELF.items():
        for record in records.get(key, ()):
            gateway = record.maybe(name)
            if gateway is not None and (record.maybe("State") or "").lower() in _OVER:
                yield gateway, frozenset()
