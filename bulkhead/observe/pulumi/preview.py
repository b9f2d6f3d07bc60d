"""A Pulumi preview: the network as it will be when the update is done.

Read is `pulumi preview --json --show-sames`, or one without --show-sames, which leaves out what
stays, with the state of the stack beside it. Other forms cannot be: an event log and a saved plan
do not say which resource an unknown id belongs to, or leave out ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from bulkhead.network import Network, Replaced
from bulkhead.observe.errors import MalformedDescriptionError, ObserveError
from bulkhead.observe.observed import Observed
from bulkhead.observe.pulumi.planned import to_come
from bulkhead.observe.pulumi.planned.beside import completed, left_out, unmentioned
from bulkhead.observe.pulumi.planned.references import References
from bulkhead.observe.pulumi.planned.steps import (
    IncompleteError,
    Planned,
    Steps,
    fold,
    name_of,
    tags_in,
)
from bulkhead.observe.pulumi.planned.to_come import Completed
from bulkhead.observe.pulumi.resources.shape import short
from bulkhead.observe.pulumi.shaped import Shaped, shaped
from bulkhead.observe.pulumi.stack import (
    Resource,
    Stack,
    deployment_in,
    load_json,
    problem,
    refused,
)
from bulkhead.observe.pulumi.state import of_stack
from bulkhead.observe.record import Gaps, Record, UnreadableError
from bulkhead.observe.wanted import EVERYTHING, Wanted
from bulkhead.problems import InputError

_WRITE_ANEW: Final = "write it with 'pulumi preview --json --show-sames'"
_GIVE_THE_REST: Final = (
    f"{_WRITE_ANEW}, or give the state beside it, which `pulumi stack export --file state.json` "
    "writes: `bulkhead review state.json preview.json`, or --state state.json"
)
_EXPORT_BEFORE: Final = (
    "write both anew, one behind the other: 'pulumi stack export --file state.json' and "
    "'pulumi preview --json > preview.json'"
)
_MEND: Final = "mend what the program declares, and write the preview anew"

_OTHER_FORMS: Final = {
    "resourcePlans": "it is an update plan (--save-plan), which leaves out ids",
    **dict.fromkeys(
        ("preludeEvent", "sequence"),
        "it is an event log, which does not say what unknown ids refer to",
    ),
}


def is_preview(document: object) -> bool:
    """Whether a JSON document is a preview of Pulumi, of whatever form."""
    if not isinstance(document, Mapping):
        return False
    if any(key in document for key in _OTHER_FORMS):
        return True
    listed = any(isinstance(document.get(key), list) for key in ("steps", "diagnostics"))
    return listed or "changeSummary" in document


def preview(path: Path, *, topology: str | None = None) -> Network:
    """The Network that an update would leave, as `read_preview` reads it."""
    return read_preview(path, wanted=Wanted(topology=topology)).network


def read_preview(
    path: Path, *, wanted: Wanted = EVERYTHING, beside: Path | None = None
) -> Observed:
    """The Network of what is `wanted` of all that an update would leave.

    What is not known yet is undetermined.

    `beside` is a file with the state that the preview began from: what stays is taken from
    it where the preview does not show it.
    Raises InputError where the file holds no preview that can be read, and
    TopologyNotFoundError, VpcNotFoundError or SeveralVpcsError.
    """
    with _in_sentences(path):
        return shaped_preview(path, beside=beside).observed(path, wanted=wanted, remedy=_MEND)


def shaped_preview(path: Path, *, beside: Path | None = None) -> Shaped:
    """What a preview says will stand, in the shape of AWS's answers. Raises InputError."""
    document = _document(path)
    with _in_sentences(path):
        if beside is not None:
            document = _completed(document, path, beside)
        try:
            return of_steps(fold(document), path, remedy=_MEND)
        except IncompleteError as error:
            remedy = _GIVE_THE_REST if left_out(document) else _WRITE_ANEW
            raise refused(path, str(error), remedy) from None


@contextmanager
def _in_sentences(path: Path) -> Iterator[None]:
    """Whatever cannot be read of the preview is said of its file."""
    try:
        yield
    except MalformedDescriptionError as error:
        faults = [problem(path, str(fault), _WRITE_ANEW) for fault in error.faults]
        raise InputError(faults) from None
    except UnreadableError as error:
        raise refused(path, str(error), _WRITE_ANEW) from None
    except RecursionError:
        raise refused(path, "it is nested too deeply", _WRITE_ANEW) from None


def _document(path: Path) -> Mapping[str, object]:
    document = load_json(path, _WRITE_ANEW)
    if not is_preview(document) or not isinstance(document, Mapping):
        raise refused(path, "it holds no preview", _WRITE_ANEW)
    for key, what in _OTHER_FORMS.items():
        if key in document:
            raise refused(path, what, _WRITE_ANEW)
    return document


def _completed(document: Mapping[str, object], path: Path, beside: Path) -> Mapping[str, object]:
    """The preview with what it leaves out, which the state of that moment holds."""
    if left_out(document):
        whole, wrong = completed(document, deployment_in(beside))
    else:
        whole, wrong = document, unmentioned(document, deployment_in(beside))
    if wrong:
        raise InputError(
            problem(path, f"{beside} does not go with it: {each}", _EXPORT_BEFORE) for each in wrong
        )
    return whole


def of_steps(steps: Steps, path: Path, *, remedy: str) -> Shaped:
    """What will stand when all is done, in the shape of AWS's answers. Raises InputError."""
    gaps = Gaps()
    stack, choices = as_stack(steps, gaps)
    stood = frozenset((each.kind, each.id) for each in _standing(steps, path).unmodelled)
    found = shaped(stack, path, remedy=remedy, gaps=gaps, stood=stood)
    return replace(found, choices=choices, replaced=tuple(_replaced(steps, stack)))


def as_stack(steps: Steps, gaps: Gaps) -> tuple[Stack, to_come.Choices]:
    """What will stand, as a state would hold it, and what of it AWS is yet to choose."""
    provided = _Providers(steps)
    references = References(each for each in steps.planned if _is_real(each))
    made = []
    for each in references.resources:
        outputs = references.filled(each, each.outputs)
        new = not each.id
        if new:
            told = tags_in(outputs.get("tagsAll")) | tags_in(outputs.get("tags"))
            outputs["tagsAll"] = provided.tags(each) | told
            outputs |= references.beginnings(each)
            if region := provided.region(each):
                outputs.setdefault("region", region)
        made.append(Completed(references.id_of(each), each.type, outputs, new))
    choices = to_come.complete(made, references.default_groups(), gaps)
    resources = [
        _resource(each, as_made, references)
        for each, as_made in zip(references.resources, made, strict=True)
        if not _is_yet_to_be_read(each, gaps)
    ]
    ordered = sorted(resources, key=lambda each: not each.retiring)
    return Stack(tuple(ordered), (), provided.regions, steps.tells), choices


def _replaced(steps: Steps, stack: Stack) -> Iterator[Replaced]:
    new_ids = {each.urn: each.id for each in stack.resources if not each.retiring}
    for urn, (kind, known_as, reasons) in steps.replaced.items():
        if urn in new_ids:
            yield Replaced(
                urn=urn,
                kind=kind,
                name=name_of(urn),
                id=known_as,
                new_id=new_ids[urn],
                reasons=reasons,
            )


def _is_real(resource: Planned) -> bool:
    """Something in AWS: components and providers are not."""
    return bool(resource.provider) and not resource.type.startswith("pulumi:")


def _is_yet_to_be_read(resource: Planned, gaps: Gaps) -> bool:
    """`Vpc.get` reads only in the update what nobody has read before."""
    if not resource.external or resource.outputs:
        return False
    known_as = resource.id or resource.name
    gaps.add(short(resource.type), known_as, known_as, "it is read only during the update")
    return True


def _resource(planned: Planned, made: Completed, references: References) -> Resource:
    inputs = references.filled(planned, planned.inputs)
    where = f"resource {planned.name}" + (f" ({planned.id})" if planned.id else "")
    return Resource(
        urn=planned.urn,
        type=planned.type,
        id=made.id,
        inputs=Record(where, inputs),
        outputs=Record(where, made.outputs),
        external=planned.external,
        adopted=planned.adopted,
        retiring=planned.retained,
        provider=planned.provider,
        position=planned.position,
    )


class _Providers:
    """What providers say of every resource that is theirs: a region, default tags."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._explicit = {
            each.urn: each for each in steps.planned if each.type == "pulumi:providers:aws"
        }
        named = dict.fromkeys(each.provider for each in steps.planned if each.provider)
        self.regions = {
            provider: region for provider in named if (region := self._region(provider))
        }

    def region(self, resource: Planned) -> str | None:
        return self.regions.get(resource.provider)

    def tags(self, resource: Planned) -> dict[str, object]:
        explicit = self._explicit.get(resource.provider.rpartition("::")[0])
        if explicit is None:
            return dict(self._steps.default_tags)
        return tags_in(explicit.inputs.get("defaultTags"))

    def _region(self, provider: str) -> str | None:
        explicit = self._explicit.get(provider.rpartition("::")[0])
        told = explicit.inputs.get("region") if explicit else None
        return told if isinstance(told, str) else self._steps.region


def _standing(steps: Steps, path: Path) -> Network:
    """What stands before the update; nothing where that cannot be said.

    An echo of what this very update takes away says nothing of a hand in between: outputs
    still show a rule whose resource is deleted, and only what no resource declared before
    is undeclared.
    """
    resources = [
        Resource(
            urn=each.urn,
            type=each.type,
            id=each.id,
            inputs=Record(each.name, each.inputs),
            outputs=Record(each.name, each.outputs),
            external=each.external,
            adopted=each.adopted,
            provider=each.provider,
        )
        for each in steps.standing
        if _is_real(each)
    ]
    try:
        stack = Stack(tuple(resources), (), {})
        return of_stack(stack, path, remedy=_MEND).network
    except (InputError, ObserveError):
        return Network()
