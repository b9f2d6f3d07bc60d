"""What holds where nothing else is written: the keys of a shape that may be left out.

Whatever keys there come to be. But what makes a flow is written where it is, so that nothing
opens because of a line that stands elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import Field, create_model

from bulkhead.intent.written.fields import Written
from bulkhead.intent.written.service import WrittenService
from bulkhead.intent.written.socket import WrittenSocket

NEVER: Final = frozenset(
    {
        "use",
        "sockets",
        "bind",
        "connect",
        "hosts",
        "host",
        "proxy",
        "exposure",
        "via",
        "needs",
        "defaults",
    }
    | {"interfaces", "interface", "runs_on", "cluster", "was", "subnets"}
)
"""Which sockets there are and what they are for, who connects to whom, and who from outside; which
interfaces there are, and whose; what one thing alone was called."""


def defaults_of(shape: type[Written]) -> type[Written]:
    """The optional keys of a shape, each as it is read there."""
    optional: dict[str, Any] = {
        name: (field.annotation, field)
        for name, field in shape.model_fields.items()
        if not field.is_required() and name not in NEVER
    }
    name = f"Default{shape.__name__.removeprefix('Written')}"
    return create_model(name, __base__=Written, __doc__=shape.__doc__, **optional)


if TYPE_CHECKING:
    DefaultService = Written
    DefaultSocket = Written
else:
    DefaultService, DefaultSocket = defaults_of(WrittenService), defaults_of(WrittenSocket)


class WrittenSegmentDefaults(Written):
    """What services of one segment have, and their sockets, unless they say otherwise."""

    service: DefaultService | None = Field(default=None, description="what a service has")
    socket: DefaultSocket | None = Field(default=None, description="what a socket has")
