"""Why something is open to the internet, as it is written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bulkhead.intent.written.fields import Named, Reason, Until, Written, choice


class WrittenExposure(Written):
    """Somebody's word that a flow from or to the internet is meant."""

    why: Reason | None = Field(description="why it has to be open to the internet, in a line")
    owner: Named | None = Field(description="who answers for that")
    until: Until | None = Field(
        default=None, description="the last day on which it is meant, as in until: 2027-01-31"
    )
    via: Annotated[str, choice("nlb")] | None = Field(
        default="",
        description="that peers connect to an internet-facing Network Load Balancer before all "
        "copies, which have no public address then, as in via: nlb",
    )
