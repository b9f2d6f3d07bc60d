"""A line of `tests:`, as it is written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.written.fields import Reason, Texts, Written, by, first

ThingsAsked = Annotated[
    tuple[Annotated[str, by(values.parse_asked)], ...], first(values.one_or_many)
]


class WrittenTest(Written):
    """What somebody must reach, and what not."""

    name: Annotated[str, by(values.parse_test_name)] | None = Field(
        default="", description="what it is called where it fails"
    )
    why: Reason | None = Field(default="", description="what depends on it, in a line")
    from_: Texts | None = Field(
        alias="from",
        description="a service, one of its sockets, a site, a host of it (`exchange/bloomberg`), "
        "`internet`, `segment:NAME`, `label:KEY=VALUE`, `*` for everybody, or a list of them",
    )
    except_: Texts | None = Field(
        alias="except", default=(), description="who of these is not meant: the same"
    )
    accept: ThingsAsked | None = Field(
        default=(),
        description="what it must reach: service.socket, a service, a port such as risk:22, "
        "or a list of them",
    )
    deny: ThingsAsked | None = Field(
        default=(),
        description="what it must not reach: the same, or `*` for every socket that it is not to "
        "accept",
    )
