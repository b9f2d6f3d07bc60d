"""What people and flows call an end."""

from __future__ import annotations

from dataclasses import dataclass

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.network import any_host_in


def owner(endpoint: Endpoint) -> str | None:
    """The name by which flows speak of an endpoint, if they can."""
    if endpoint.kind is EndpointKind.INTERFACE:
        return endpoint.service
    if endpoint.kind is EndpointKind.INTERNET:
        return endpoint.known or None
    return endpoint.id if endpoint.kind is EndpointKind.SITE else None


@dataclass(frozen=True, slots=True)
class Label:
    """What answers call ends: replicas, zones and pieces folded.

    One name; of strangers the segments or subnets that they are any host in.
    """

    kind: EndpointKind
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """'ticker', 'any host in feed, risk'."""
        strangers = self.kind is EndpointKind.STRANGER
        return any_host_in(*self.names) if strangers else ", ".join(self.names)

    def __str__(self) -> str:
        return self.name


def labelled(endpoint: Endpoint) -> Label:
    """The label of an end."""
    return Label(endpoint.kind, (_name(endpoint),))


def _name(endpoint: Endpoint) -> str:
    if endpoint.opens_nothing and endpoint.kind is EndpointKind.ELSEWHERE:
        meant = dict.fromkeys(label(each) for each in endpoint.ipv4)
        return f"{endpoint.thing} of {', '.join(meant)}"
    if endpoint.whole is not None:
        return f"{endpoint.thing} ({endpoint.part})" if endpoint.part else endpoint.thing
    match endpoint.kind:
        case EndpointKind.INTERFACE:
            return endpoint.service or endpoint.name
        case EndpointKind.STRANGER:
            piece = f" ({endpoint.part})" if endpoint.part else ""
            return endpoint.segment or f"{endpoint.thing}{piece}"
        case _:
            return endpoint.thing


def label(endpoint: Endpoint) -> str:
    """The same in words."""
    return labelled(endpoint).name
