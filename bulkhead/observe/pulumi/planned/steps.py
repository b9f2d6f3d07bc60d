"""The steps of a Pulumi preview, folded into what will stand when they are done.

Grounds (github.com/pulumi/pulumi v3.259.0): pkg/backend/display/json.go writes the
document, pkg/resource/deploy/step.go has the operations. Of what a step makes it
shows the *inputs*, and which resources each of these depends on; what AWS will
answer (ids, outputs) is not in it. Old states are whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bulkhead.observe.errors import MalformedDescriptionError
from bulkhead.observe.pulumi.stack import SIGNATURE, TELLS, UNKNOWN, position_in
from bulkhead.observe.record import Fault, Hidden, Record, UnreadableError

_SECRET: Final = "[secret]"  # noqa: S105 - what the engine writes in its place

_STAYS: Final = frozenset(
    {"same", "update", "refresh", "create", "replace", "create-replacement"}
    | {"read", "read-replacement", "import", "import-replacement"}
)
_REPLACES: Final = frozenset({"replace", "create-replacement", "import-replacement"})
_GOES: Final = frozenset(
    {"delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace"}
)
_COUNTED: Final = {
    "same": "stay as they are",
    "create": "would be created",
    "update": "would be updated",
    "replace": "would be replaced",
    "delete": "would be deleted",
}

_FOLLOWS: Final = {
    "instance": ("networkInterface", "privateIp"),
    "networkInterface": ("instance", "privateIp"),
    "privateIpsCount": ("privateIps", "privateIpLists"),
}
"""Input -> outputs that are not true any more once it has changed."""

Properties = Mapping[str, object]


class IncompleteError(UnreadableError):
    """The preview does not show everything that will stand."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A resource as it will be; `id` is '' where AWS is yet to give it one.

    Secrets in it are shut; unknown values stand as the engine writes them.
    `depends`: for each input, the URNs that it was made from. `retained`: it leaves
    the stack and stays in AWS.
    """

    urn: str
    type: str
    id: str
    inputs: Properties
    outputs: Properties
    depends: Mapping[str, tuple[str, ...]]
    provider: str
    external: bool
    adopted: bool
    retained: bool = False
    position: str = ""

    @property
    def name(self) -> str:
        return name_of(self.urn)


@dataclass(frozen=True, slots=True)
class Steps:
    """What will be, what is, and what the stack's configuration says of all resources."""

    planned: tuple[Planned, ...]
    standing: tuple[Planned, ...]
    region: str | None
    default_tags: Mapping[str, object]
    replaced: Mapping[str, tuple[str, str, tuple[str, ...]]] = field(default_factory=dict)
    """By URN what is replaced: its type, its id until then, and the properties that force it."""
    tells: str = TELLS
    """What settles whether a thing is still as it was when the stack was last read."""


def fold(document: Properties) -> Steps:
    """The resources before and after the update.

    Raises MalformedDescriptionError or UnreadableError where the document is in
    disorder, and IncompleteError where it leaves something out.
    """
    top = Record("the preview", document)
    steps = top.records("steps")
    _nothing_left_out(top, steps)
    _update_follows_refresh(steps)
    folding = _Folding()
    faults = []
    for step in steps:
        try:
            folding.add(step)
        except UnreadableError as fault:
            faults.append(Fault(str(fault)))
    if faults:
        raise MalformedDescriptionError(faults)
    config = top.inside("config") or Record("the preview", {})
    return Steps(
        planned=(*folding.retained, *folding.planned.values()),
        standing=tuple(folding.standing.values()),
        region=config.maybe("aws:region"),
        default_tags=tags_in(config.values.get("aws:defaultTags")),
        replaced=folding.replaced,
    )


@dataclass(slots=True)
class _Folding:
    standing: dict[tuple[str, str], Planned] = field(default_factory=dict)
    planned: dict[str, Planned] = field(default_factory=dict)
    retained: list[Planned] = field(default_factory=list)
    replaced: dict[str, tuple[str, str, tuple[str, ...]]] = field(default_factory=dict)

    def add(self, step: Record) -> None:
        op, urn = step.text("op"), step.text("urn")
        old, new = step.inside("oldState"), step.inside("newState")
        was = None if old is None else _state(old, urn)
        if was is not None and op == "same" and old is not None and _is_skipped(old):
            return
        if was is not None:
            self.standing[urn, was.id] = was
        if op in _REPLACES and was is not None:
            self.replaced[urn] = was.type, was.id, step.texts("replaceReasons")
        if op in _STAYS:
            if new is None:
                raise UnreadableError(f"{name_of(urn)}: there is no new state to {op}")
            self.planned[urn] = _after(op, _state(new, urn), was, _differing(step))
        elif op not in _GOES:
            raise UnreadableError(f"{name_of(urn)}: the operation {op!r} is not known")
        elif old is not None and was is not None:
            if old.flag("retainOnDelete"):
                self.retained.append(replace(was, retained=True))
            # What an earlier replacement left behind goes; its successor of that name stays.
            if op == "delete" and not old.flag("delete"):
                self.planned.pop(urn, None)


def _is_skipped(old: Record) -> bool:
    """Whether what "stays" is not there: with --target the engine makes nothing else.

    It writes such a step as if the resource stood already, but without an id.
    (pkg/resource/deploy/step.go, NewSkippedCreateStep)
    """
    provider = old.text("type").startswith("pulumi:providers:")
    return old.flag("custom") and not provider and not old.maybe("id")


def _nothing_left_out(top: Record, steps: tuple[Record, ...]) -> None:
    """By what the engine itself counted."""
    shown = [step.values.get("op") for step in steps if not uncounted(step.text("urn"))]
    failed = [each for each in top.records("diagnostics") if each.maybe("severity") == "error"]
    if failed:
        about = next((name_of(urn) for each in failed if (urn := each.maybe("urn"))), None)
        raise IncompleteError(
            "the preview failed, so it does not show everything"
            + (f" (errors: {len(failed)}, the first about {about})" if about else "")
        )
    counted = top.inside("changeSummary")
    if counted is None:
        raise IncompleteError("it has no summary of changes: the preview was cut off")
    missing = [
        f"{number} that {what}"
        for op, what in _COUNTED.items()
        if (number := (counted.maybe_integer(op) or 0) - shown.count(op)) > 0
    ]
    if missing:
        raise IncompleteError(f"it leaves out resources: {', '.join(missing)}")


def _update_follows_refresh(steps: tuple[Record, ...]) -> None:
    """A refresh that no update follows says what was found, and plans nothing.

    Of what it found the inputs know nothing, so a rule by hand would look like an old echo.
    (`pulumi refresh --preview-only`; `pulumi preview --refresh` goes on with what it does.)
    """
    read = {each.text("urn") for each in steps if each.values.get("op") == "refresh"}
    done = {each.text("urn") for each in steps if each.values.get("op") != "refresh"}
    if alone := sorted(read - done):
        raise UnreadableError(
            f"it is the preview of a refresh, which plans nothing (of {name_of(alone[0])} it says "
            "only what was found): run `pulumi refresh` and export the stack, or preview an update"
        )


def uncounted(urn: str) -> bool:
    """Whether the engine counts no step on it: on a default provider, whose name begins so.

    (pkg/engine/update.go, isInternalStep; sdk/go/common/providers/reference.go)
    """
    return "::pulumi:providers:" in urn and name_of(urn).startswith("default")


def _state(record: Record, urn: str) -> Planned:
    known_as = record.maybe("id") or record.maybe("importID") or ""
    named = record.inside("propertyDependencies")
    external = record.flag("external")
    return Planned(
        urn=urn,
        type=record.text("type"),
        id="" if UNKNOWN in known_as else known_as,
        inputs=_properties(record, "inputs"),
        outputs=_properties(record, "outputs"),
        depends={key: named.texts(key) for key in named.values} if named else {},
        provider=record.maybe("provider") or "",
        external=external,
        adopted=external or record.has("importID"),
        position=position_in(record),
    )


def _properties(record: Record, key: str) -> Properties:
    found = record.inside(key)
    shown = shut(found.values if found else {})
    if not isinstance(shown, dict):
        raise UnreadableError(f"{record.where}: all of its {key} are hidden")
    return shown


def shut(value: object) -> object:
    """The value with every secret shut, and text made with an unknown value unknown itself."""
    if isinstance(value, Mapping):
        if SIGNATURE in value:
            return Hidden("a secret in this preview")
        return {str(key): shut(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shut(each) for each in value]
    if isinstance(value, str) and UNKNOWN in value:
        return UNKNOWN
    return Hidden("a secret in this preview") if value == _SECRET else value


def _differing(step: Record) -> frozenset[str]:
    """The properties of which the provider says that they differ."""
    detailed = step.inside("detailedDiff")
    paths = [*(detailed.values if detailed else ()), *step.texts("diffReasons")]
    return frozenset(path.partition(".")[0].partition("[")[0] for path in paths)


def _after(op: str, new: Planned, was: Planned | None, differing: frozenset[str]) -> Planned:
    """The new state, with what is known of it from the old one."""
    if op in ("same", "refresh", "update") and was is not None:
        outputs = _updated(was, new.inputs, differing) if op == "update" else was.outputs
        if op == "refresh":
            outputs = new.outputs or outputs
        return replace(new, id=was.id, outputs=outputs)
    if op in ("read", "read-replacement"):
        again = was is not None and was.id == new.id
        return replace(new, outputs=new.outputs or (was.outputs if was and again else {}))
    # The engine may have written already what the provider expects, or not yet: that is a
    # matter of moments. Without it, one preview of a change is like the next.
    return replace(new, outputs=new.inputs)


def _updated(was: Planned, inputs: Properties, differing: frozenset[str]) -> Properties:
    """What the last reading showed, with what the update changes."""
    outputs = dict(was.outputs)
    for key in {*was.inputs, *inputs}:
        if inputs.get(key) == was.inputs.get(key) and key not in differing:
            continue
        if key in inputs:
            outputs[key] = inputs[key]
        elif key in differing or not differing:
            outputs.pop(key, None)
        for other in _FOLLOWS.get(key, ()):
            outputs.pop(other, None)
    if inputs.get("tags") != was.inputs.get("tags"):
        old, every = tags_in(was.inputs.get("tags")), tags_in(was.outputs.get("tagsAll"))
        others = {key: value for key, value in every.items() if key not in old}
        outputs["tagsAll"] = others | tags_in(inputs.get("tags"))
    return outputs


def tags_in(value: object) -> dict[str, object]:
    """Tags as a resource has them, or as a provider's or stack's defaultTags (JSON) hold them."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
        value = value.get("tags") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping):
        return {}
    return {
        str(key): each for key, each in value.items() if isinstance(each, str) and each != UNKNOWN
    }


def name_of(urn: str) -> str:
    """What its program calls a resource."""
    return urn.rsplit("::", 1)[-1]
