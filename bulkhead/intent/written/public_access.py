"""VPC Block Public Access, as a topology counts on it, or sets it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.blocking import parse_access_mode
from bulkhead.intent.written.fields import Written, by, choice

AccessModeSaid = Literal["block-ingress", "block-bidirectional"]


class WrittenBlockPublicAccess(Written):
    """VPC Block Public Access: what AWS closes of the internet, in the whole account and Region."""

    mode: Annotated[AccessModeSaid, by(parse_access_mode)] | None = Field(
        description="block-ingress: nothing comes in from the internet but to what is excluded, "
        "and only NAT gateways and egress-only gateways lead out; block-bidirectional: nothing "
        "goes out either but from what is excluded"
    )
    manage: Annotated[bool, by(values.parse_flag)] | None = Field(
        default=False,
        description="whether the stack of this topology sets it, for every VPC of its account in "
        "the Region; false: somebody else does, and this topology counts on it",
    )
    exclusions: Annotated[Literal["allowed", "not-allowed"], choice("allowed", "not-allowed")] | (
        None
    ) = Field(
        default="allowed",
        description="whether what the declared flows need is excluded; not-allowed: a flow that "
        "needs it is refused, as where an organisation allows no exclusions",
    )
