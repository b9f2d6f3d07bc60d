"""What AWS is to make sure of within the VPC, as it is written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.encrypting import parse_exclusion
from bulkhead.intent.written.fields import Written, by, choice, first

Exclusions = Annotated[tuple[Annotated[str, by(parse_exclusion)], ...], first(values.one_or_many)]


class WrittenVpcEncryption(Written):
    """A VPC encryption control: whether AWS keeps out of the VPC what sends in clear text."""

    mode: Annotated[Literal["enforce", "monitor"], choice("enforce", "monitor")] | None = Field(
        description="enforce: nothing comes into the VPC that does not encrypt, and so every flow "
        "in it is encrypted; monitor: flow logs say what is, and nothing is kept out"
    )
    exclude: Exclusions | None = Field(
        default=(),
        description="what else may be in it that does not encrypt, as in exclude: [lambda]; what "
        "the topology itself needs excluded (gateways, functions) is",
    )
