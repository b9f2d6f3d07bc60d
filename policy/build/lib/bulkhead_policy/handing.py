"""What the engine shows a policy pack, as values of which none raises when it is looked at.

Whoever reads an unknown value through pulumi-policy's own wrappers ends the policy there and then.
Here such a value stays what it is, and the one rule that it belongs to is in doubt.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from google.protobuf import json_format  # type: ignore[import-untyped]
from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError

from bulkhead.observe.pulumi.handed import Presented
from bulkhead.observe.pulumi.stack import UNKNOWN

_KEYS = frozenset({"tunnel1PresharedKey", "tunnel2PresharedKey", "customerGatewayConfiguration"})
"""What may be a secret, and is shown open by pulumi-policy's wrappers all the same."""

_AS_SENT: ContextVar[tuple[Presented, ...] | None] = ContextVar("as_sent", default=None)


@contextmanager
def as_sent(resources: tuple[Presented, ...]) -> Iterator[None]:
    """Inside, this is what the engine sent, and policies need not read it from wrappers."""
    token = _AS_SENT.set(resources)
    try:
        yield
    finally:
        _AS_SENT.reset(token)


def shown(wrapped: Iterable[PolicyResource]) -> tuple[Presented, ...]:
    """The resources that the engine sent, else those in pulumi-policy's wrappers."""
    return sent if (sent := _AS_SENT.get()) is not None else tuple(map(_unwrapped, wrapped))


def of_request(resources: Iterable[Any], inputs: Mapping[str, Any]) -> tuple[Presented, ...]:
    """Of a request of the engine; `inputs`: URN -> what it showed of each before (a Struct)."""
    return tuple(
        Presented(
            urn=each.urn,
            type=each.type,
            outputs=json_format.MessageToDict(each.properties),
            inputs=json_format.MessageToDict(inputs[each.urn]) if each.urn in inputs else None,
            depends={key: tuple(one.urns) for key, one in each.propertyDependencies.items()},
            provider=each.provider.urn if each.HasField("provider") else "",
            provided=json_format.MessageToDict(each.provider.properties),
        )
        for each in resources
    )


def region() -> str | None:
    """Where resources are whose provider does not say it: providers look there, too.

    (pulumi.com/registry/packages/aws/installation-configuration)
    """
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")


def _unwrapped(each: PolicyResource) -> Presented:
    return Presented(
        urn=each.urn,
        type=each.resource_type,
        outputs=_raw(each.props),
        depends={
            key: tuple(one.urn for one in several)
            for key, several in each.property_dependencies.items()
        },
        provider=each.provider.urn if each.provider else "",
        provided=_raw(each.provider.props) if each.provider else {},
    )


def _raw(wrapped: Any) -> Any:
    """What is inside of a wrapper: an unknown value as the engine writes it."""
    if isinstance(wrapped, Mapping):
        return {str(key): UNKNOWN if key in _KEYS else _looked_at(wrapped, key) for key in wrapped}
    if isinstance(wrapped, str) or not hasattr(wrapped, "__len__"):
        return wrapped
    return [_looked_at(wrapped, index) for index in range(len(wrapped))]


def _looked_at(wrapped: Any, key: Any) -> Any:
    try:
        return _raw(wrapped[key])
    except UnknownValueError as unknown:
        return unknown.unknown_type_sentinel
