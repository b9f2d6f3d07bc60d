"""What people and flows call an end."""

from __future__ import annotations

from bulkhead.ends.classes import Endpoint, EndpointKind


def owner(endpoint: Endpoint) -> str | None:
    """The name by which flows speak of an endpoint, if they can."""
    if endpoint.kind is EndpointKind.INTERFACE:
        return endpoint.service
    return endpoint.id if endpoint.kind is EndpointKind.SITE else None


def label(endpoint: Endpoint) -> str:
    """What findings call it: replicas, zones and pieces folded."""
    match endpoint.kind:
        case EndpointKind.INTERFACE:
            return endpoint.service or endpoint.name
        case EndpointKind.STRANGER:
            return f"any host in {endpoint.segment or endpoint.name.removeprefix('any host in ')}"
        case EndpointKind.SITE:
            return endpoint.name.partition(" (")[0]
        case EndpointKind.NOWHERE:
            return endpoint.name
        case _:
            return endpoint.kind.value
