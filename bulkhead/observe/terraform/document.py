"""The forms in which Terraform and OpenTofu write down what they know, and their resources.

(developer.hashicorp.com/terraform/internals/json-format)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Final

from bulkhead.observe.pulumi.stack import Resource, load_json, refused
from bulkhead.observe.record import Hidden, Record, UnreadableError
from bulkhead.observe.terraform.names import renamed, type_of

Values = Mapping[str, object]

SHOW: Final = "write it with 'terraform show -json FILE' (or 'tofu show -json FILE')"
REFRESH: Final = "run 'terraform apply -refresh-only', and write it anew"
TELLS: Final = "'terraform plan -refresh-only' tells"
SECRET: Final = "a secret in this file"  # noqa: S105 - what is said of one
PROVIDER: Final = "terraform"
"""By which the resources of a document name who made them: it says no more in a state."""
_DEEPEST: Final = 100
_MAJORS: Final = ("0", "1")


def load(path: Path, *keys: str) -> Record:
    """A document with one of these keys. Raises InputError with the reason where it is none."""
    document = load_json(path, SHOW)
    if not isinstance(document, Mapping) or document.keys().isdisjoint(keys):
        raise refused(path, "it is not what `terraform show -json` writes", SHOW)
    top = Record("the document", document)
    version = document.get("format_version")
    if not isinstance(version, str) or version.partition(".")[0] not in _MAJORS:
        what = f"its format_version is {version!r}, and 1 is the last that is known"
        raise refused(path, what, "write it with a version of Terraform that writes that")
    return top


@dataclass(frozen=True, slots=True)
class TerraformResource:
    """A resource of Terraform's as a document has it; `values` with every secret shut."""

    address: str
    token: str
    id: str
    values: Values
    deposed: bool = False

    def resource(self, inputs: Values) -> Resource:
        where = f"resource {self.address}" + (f" ({self.id})" if self.id else "")
        return Resource(
            urn=self.address,
            type=self.token,
            id=self.id,
            inputs=Record(where, inputs),
            outputs=Record(where, self.values),
            retiring=self.deposed,
            provider=PROVIDER,
        )


def held_in(values: Record | None) -> tuple[TerraformResource, ...]:
    """Every managed resource of a `values` document, in all modules.

    What is only read (`data`) shows less of a thing than a resource does: of a group no rules.
    So it is left out, and what refers to it is said to be of elsewhere.
    """
    root = values.inside("root_module") if values is not None else None
    return tuple(_held(each) for each in _records(root, 0) if is_managed(each))


def is_managed(record: Record) -> bool:
    """Whether it is made, and not only read."""
    return record.maybe("mode") != "data"


def _records(module: Record | None, depth: int) -> Iterator[Record]:
    if module is None:
        return
    if depth > _DEEPEST:
        raise UnreadableError("its modules are nested too deeply")
    yield from module.records("resources")
    for each in module.records("child_modules"):
        yield from _records(each, depth + 1)


def _held(record: Record) -> TerraformResource:
    token = type_of(record.text("type"))
    shown = record.inside("values")
    values = properties(token, shown.values if shown else {}, record.values.get("sensitive_values"))
    known_as = values.get("id")
    return TerraformResource(
        address=record.text("address"),
        token=token,
        id=known_as if isinstance(known_as, str) else "",
        values=values,
        deposed=record.has("deposed_key"),
    )


def properties(token: str, values: Values, sensitive: object) -> dict[str, object]:
    """The values of a resource under their names at the bridge, less what is not set."""
    return renamed(token, _set(_shut(values, sensitive)))


def _shut(value: object, sensitive: object) -> object:
    """The value with a `Hidden` wherever the document marks a secret."""
    if sensitive is True:
        return Hidden(SECRET)
    if isinstance(value, Mapping):
        marks = sensitive if isinstance(sensitive, Mapping) else {}
        return {key: _shut(each, marks.get(key)) for key, each in value.items()}
    if isinstance(value, list):
        told = sensitive if isinstance(sensitive, list) else []
        return [_shut(each, one) for each, one in zip_longest(value, told[: len(value)])]
    return value


def _set(value: object) -> dict[str, object]:
    return (
        {str(key): each for key, each in value.items() if each is not None}
        if isinstance(value, Mapping)
        else {}
    )


def region_of(every: Iterator[Values] | tuple[Values, ...]) -> str | None:
    """The Region of most of them, by what they say of it themselves."""
    told = Counter(region for each in every if (region := _region(each)))
    return told.most_common(1)[0][0] if told else None


def _region(values: Values) -> str | None:
    region, arn = values.get("region"), values.get("arn")
    if isinstance(region, str) and region:
        return region
    parts = arn.split(":") if isinstance(arn, str) else []
    return parts[3] or None if len(parts) > 3 else None
