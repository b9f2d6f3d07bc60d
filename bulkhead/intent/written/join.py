"""What joins two VPCs, as it is written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.written.fields import Written, by


class WrittenJoin(Written):
    """A way between VPCs: what may pass is still what is declared, and never on into a third."""

    peering: Annotated[tuple[str, str], by(values.parse_pair)] | None = Field(
        description="a VPC peering connection of two VPCs, as in peering: [core, market]"
    )
