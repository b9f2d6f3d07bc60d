"""What all parts of a resolved topology share: nobody can change them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer

V = TypeVar("V")

# A dict that nobody can change, and that serializes as a plain one.
Frozen = Annotated[
    Mapping[str, V],
    AfterValidator(lambda found: MappingProxyType(dict(found))),
    PlainSerializer(lambda mapping: {**mapping}),
]


class Resolved(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
