"""What a file with a Pulumi state says: its resources, with every secret left shut."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulkhead.files import LARGEST_ANSWER, read_file
from bulkhead.observe.record import Hidden, Record, UnreadableError
from bulkhead.problems import InputError, Problem

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key by which Pulumi marks an object as a special value: a secret, an asset, an output.

(github.com/pulumi/pulumi sdk/go/common/resource/sig.go)
"""
UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Stands in for a value that is known only after the update (the same, plugin/rpc.go)."""

TELLS: Final = "'pulumi refresh' tells"
_EXPORT_AGAIN: Final = "write the file anew with 'pulumi stack export --file'"


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a state.

    `adopted` says that the stack did not make it: it was only read
    (`Vpc.get`), or imported, so its beginnings are not known. `retiring` says
    that its successor is there already, and that it is yet to be deleted. `position`
    is where the program made it, as the engine writes it; '' where it does not.
    """

    urn: str
    type: str
    id: str
    inputs: Record
    outputs: Record
    external: bool = False
    adopted: bool = False
    retiring: bool = False
    provider: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """Resources, and operations that an interrupted update left open."""

    resources: tuple[Resource, ...]
    pending: tuple[tuple[str, Resource], ...]
    regions: Mapping[str, str]
    """Provider reference -> the region it was configured for."""
    tells: str = TELLS
    """What settles whether a thing is still as it was when the stack was last read."""

    @property
    def accounts(self) -> tuple[str, ...]:
        """Those in whose names AWS wrote what it answered; of what is yet to come, none."""
        return _accounts_in(self.resources)

    @property
    def own_accounts(self) -> tuple[str, ...]:
        """Those in which the stack itself made something."""
        return _accounts_in(each for each in self.resources if not each.external)

    def region_of(self, resource: Resource) -> str | None:
        return (
            resource.outputs.maybe("region")
            or _region_in(resource.outputs.maybe("arn"))
            or self.regions.get(resource.provider)
        )


def read(path: Path) -> Stack:
    """The state in a file. Raises InputError, with the reason, where it holds none."""
    try:
        return _stack(deployment_in(path))
    except UnreadableError as error:  # a resource in disorder
        raise refused(path, str(error), _EXPORT_AGAIN) from None
    except RecursionError:
        raise refused(path, "it is nested too deeply", _EXPORT_AGAIN) from None


def load_json(path: Path, remedy: str) -> object:
    """The JSON document in a file. Raises InputError, with the reason, where it holds none."""
    data = read_file(path, largest=LARGEST_ANSWER, remedy=remedy)
    text = ""
    try:
        # PowerShell writes UTF-16 with a mark, or UTF-8 with one.
        text = data.decode(json.detect_encoding(data)).removeprefix("\ufeff")
        return json.loads(text)
    except UnicodeDecodeError:
        raise refused(path, "it is not text", remedy) from None
    except json.JSONDecodeError as error:
        raise refused(path, _not_json(text, error), remedy, error.lineno) from None
    except RecursionError:
        raise refused(path, "it is nested too deeply", remedy) from None
    except ValueError as error:  # a number with thousands of digits
        raise refused(path, str(error), remedy) from None


def _not_json(text: str, error: json.JSONDecodeError) -> str:
    if error.msg == "Extra data":
        first, _ = json.JSONDecoder().raw_decode(text.lstrip())
        if isinstance(first, Mapping) and any(key.endswith("Event") for key in first):
            return "it is a stream of the engine's events, one a line"
    if not text.strip():
        return "it is empty: the command that was to write it failed"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return "it ends in the middle: it was cut off"
    return f"it is not JSON: {error.msg} at column {error.colno}"


def refused(path: Path, what: str, remedy: str, line: int = 0) -> InputError:
    """The one reason why a file cannot be used."""
    return InputError([problem(path, what, remedy, line)])


def problem(path: Path, what: str, remedy: str, line: int = 0) -> Problem:
    """One reason why a file cannot be used."""
    return Problem(file=str(path), line=line, what=what, remedy=remedy)


def deployment_in(path: Path) -> Mapping[str, object]:
    """The part of a state file with the resources. Raises InputError where it holds none."""
    found = _deployment(load_json(path, _EXPORT_AGAIN))
    if found is None:
        raise refused(path, "it holds no deployment, so it is no Pulumi state", _EXPORT_AGAIN)
    return found


def _deployment(document: object) -> Mapping[str, object] | None:
    """That of `pulumi stack export`, or of a checkpoint as stored."""
    if not isinstance(document, Mapping):
        return None
    checkpoint = document.get("checkpoint")
    for holder, key in ((document, "deployment"), (checkpoint, "latest"), (document, "latest")):
        if isinstance(holder, Mapping):
            found = holder.get(key)
            if isinstance(found, Mapping):
                return found
    return None


def _stack(deployment: Mapping[str, object]) -> Stack:
    top = Record("the deployment", deployment)
    resources = tuple(_resource(each) for each in top.records("resources"))
    pending = []
    for operation in top.records("pending_operations"):
        inside = operation.inside("resource")
        if inside is not None:
            pending.append((operation.maybe("type") or "change", _resource(inside)))
    # What is yet to be deleted comes first, so that its successor stands.
    ordered = sorted(resources, key=lambda each: not each.retiring)
    return Stack(tuple(ordered), tuple(pending), dict(_provider_regions(resources)))


def _resource(record: Record) -> Resource:
    urn = record.text("urn")
    where = f"resource {urn.rsplit('::', 1)[-1]}"
    known_as = record.maybe("id") or ""

    def properties(key: str) -> Record:
        found = record.inside(key)
        values = {} if found is None else found.values
        if SIGNATURE in values:
            raise UnreadableError(f"{where}: all of its {key} are hidden")
        return Record(
            f"{where} ({known_as})" if known_as else where,
            {name: _shut(value) for name, value in values.items()},
        )

    external = record.flag("external")
    return Resource(
        urn=urn,
        type=record.text("type"),
        id=known_as,
        inputs=properties("inputs"),
        outputs=properties("outputs"),
        external=external,
        adopted=external or record.has("importID"),
        retiring=record.flag("delete"),
        provider=record.maybe("provider") or "",
        position=position_in(record),
    )


def position_in(record: Record) -> str:
    """What the engine was told of where the program makes a resource; nothing depends on it."""
    told = record.values.get("sourcePosition")
    return told if isinstance(told, str) else ""


def _shut(value: object) -> object:
    """The value with a `Hidden` for every secret; a plaintext beside it is not looked at."""
    if isinstance(value, Mapping):
        if SIGNATURE in value:
            return Hidden("a secret in this state")
        return {key: _shut(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_shut(each) for each in value]
    return Hidden("not known yet") if value == UNKNOWN else value


def _provider_regions(resources: tuple[Resource, ...]) -> Iterator[tuple[str, str]]:
    for each in resources:
        if each.type == "pulumi:providers:aws":
            region = each.inputs.values.get("region")
            if isinstance(region, str):
                yield f"{each.urn}::{each.id}", region


def _accounts_in(resources: Iterable[Resource]) -> tuple[str, ...]:
    arns = (each.outputs.values.get("arn") for each in resources)
    return tuple(sorted({account for each in arns if (account := _account_in(each))}))


def _account_in(arn: object) -> str | None:
    """'arn:aws:ec2:eu-west-1:111122223333:…' -> '111122223333'."""
    parts = arn.split(":") if isinstance(arn, str) else []
    return parts[4] if len(parts) > 4 and re.fullmatch("[0-9]{12}", parts[4]) else None


def _region_in(arn: str | None) -> str | None:
    """'arn:aws:ec2:eu-west-1:…' -> 'eu-west-1'."""
    parts = (arn or "").split(":")
    return parts[3] or None if len(parts) > 3 else None
