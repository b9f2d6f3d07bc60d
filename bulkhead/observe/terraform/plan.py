"""A plan of Terraform or OpenTofu: the network as it will be when it is applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Final

from bulkhead.observe.errors import MalformedDescriptionError
from bulkhead.observe.observed import Observed
from bulkhead.observe.pulumi.planned.steps import Planned, Steps
from bulkhead.observe.pulumi.preview import of_steps
from bulkhead.observe.pulumi.shaped import Shaped
from bulkhead.observe.pulumi.stack import UNKNOWN, problem, refused
from bulkhead.observe.record import Record, UnreadableError
from bulkhead.observe.terraform.document import (
    PROVIDER,
    SHOW,
    TELLS,
    TerraformResource,
    Values,
    held_in,
    is_managed,
    load,
    properties,
    region_of,
)
from bulkhead.observe.terraform.inside import INSIDE, Apart, apart, declared, says
from bulkhead.observe.terraform.names import renamed, type_of
from bulkhead.observe.terraform.references import Configuration
from bulkhead.observe.wanted import EVERYTHING, Wanted
from bulkhead.problems import InputError

_MEND: Final = "mend what the program declares, and plan anew"
_ACTIONS: Final = frozenset({"no-op", "create", "read", "update", "delete", "forget"})


def read_terraform_plan(path: Path, *, wanted: Wanted = EVERYTHING) -> Observed:
    """The Network of what is `wanted` of all that applying a plan would leave.

    What is known only then is undetermined. Raises InputError where the file holds no plan that
    can be read, and TopologyNotFoundError, VpcNotFoundError or SeveralVpcsError.
    """
    with_words = shaped_terraform_plan(path)
    return with_words.observed(path, wanted=wanted, remedy=_MEND)


def shaped_terraform_plan(path: Path) -> Shaped:
    """What a plan says will stand, in the shape of AWS's answers. Raises InputError."""
    top = load(path, "resource_changes", "planned_values")
    if top.flag("errored"):
        raise refused(path, "the plan failed, so it does not show everything", _MEND)
    if not top.has("resource_changes") and _plans_something(top):
        # Terraform leaves that list out where it is empty, and then it plans nothing.
        raise refused(path, "it says what is planned, and has no resource_changes", SHOW)
    try:
        return of_steps(_steps(top), path, remedy=_MEND)
    except MalformedDescriptionError as error:
        raise InputError(problem(path, str(each), SHOW) for each in error.faults) from None
    except UnreadableError as error:
        raise refused(path, str(error), SHOW) from None
    except RecursionError:
        raise refused(path, "it is nested too deeply", SHOW) from None


def _plans_something(top: Record) -> bool:
    planned = top.inside("planned_values")
    root = planned.inside("root_module") if planned else None
    return root is not None and (root.has("resources") or root.has("child_modules"))


@dataclass(frozen=True, slots=True)
class _Change:
    """What becomes of a resource: '' of `before.id` is not there yet, no `after` is there no
    more."""

    address: str
    token: str
    actions: tuple[str, ...]
    before: Values
    after: Values
    forces: tuple[str, ...]
    deposed: bool

    @property
    def stays(self) -> bool:
        return self.actions not in (("delete",), ("forget",))

    @property
    def retained(self) -> bool:
        return self.actions == ("forget",)

    @property
    def new(self) -> bool:
        return "create" in self.actions

    @property
    def id(self) -> str:
        found = self.before.get("id")
        return found if isinstance(found, str) and not self.new else ""

    def as_it_will_be(self) -> TerraformResource:
        return TerraformResource(self.address, self.token, self.id, self.after, self.deposed)

    def as_it_is(self) -> TerraformResource:
        found = self.before.get("id")
        known_as = found if isinstance(found, str) else ""
        return TerraformResource(self.address, self.token, known_as, self.before, self.deposed)


def _steps(top: Record) -> Steps:
    shown = [each for each in top.records("resource_changes") if is_managed(each)]
    prior = top.inside("prior_state")
    stood = held_in(prior.inside("values") if prior else None)
    addresses = [each.text("address") for each in shown] + [each.address for each in stood]
    program = top.inside("configuration")
    configuration = Configuration.of(
        program.inside("root_module") if program else None, dict.fromkeys(addresses)
    )
    changes = [_change(each, configuration) for each in shown]
    said_apart = apart(each.as_it_will_be() for each in changes if each.stays)
    said_apart |= frozenset(_apart_of_new(changes, configuration))
    spoken_of = {each.address for each in changes} | {
        was for each in shown if (was := each.maybe("previous_address"))
    }
    # What nobody speaks of stays as it is: with -target a plan is of the others alone.
    left = tuple(each for each in stood if each.address not in spoken_of)
    planned = [
        *(_as_planned(each, each.values, said_apart) for each in left),
        *(
            _planned(each, said_apart, configuration)
            for each in changes
            if each.stays or each.retained
        ),
    ]
    was_apart = apart(stood)
    return Steps(
        planned=tuple(planned),
        standing=tuple(_as_planned(each, declared(each, was_apart), was_apart) for each in stood),
        region=_region(top) or region_of(tuple(each.values for each in stood)),
        default_tags={},
        replaced={
            each.address: (each.token, str(each.before.get("id", "")), each.forces)
            for each in changes
            if each.new and each.before
        },
        tells=TELLS,
    )


def _change(record: Record, configuration: Configuration) -> _Change:
    address, token = record.text("address"), type_of(record.text("type"))
    change = record.inside("change") or Record(record.where, {})
    actions = change.texts("actions")
    if not actions or not _ACTIONS.issuperset(actions):
        raise UnreadableError(
            f"{address}: the actions {', '.join(actions) or 'none'} are not known"
        )
    before, after = change.inside("before"), change.inside("after")
    told = properties(token, before.values if before else {}, change.values.get("before_sensitive"))
    new = "create" in actions
    unknown = change.values.get("after_unknown")
    written = configuration.arguments(address)
    values = _with_unknown(after.values if after else {}, unknown)
    if new:
        # What AWS will answer is no argument: the program does not speak of it.
        values = {
            key: each
            for key, each in values.items()
            if each != UNKNOWN or written is None or key in written
        }
    return _Change(
        address=address,
        token=token,
        actions=actions,
        before=told,
        after=properties(token, values, change.values.get("after_sensitive")),
        forces=tuple(dict.fromkeys(_first_names(change.values.get("replace_paths")))),
        deposed=record.has("deposed"),
    )


def _with_unknown(value: object, unknown: object) -> dict[str, object]:
    merged = _merged(value, unknown)
    return merged if isinstance(merged, dict) else {}


def _merged(value: object, unknown: object) -> object:
    """A value with all that is known only after the plan is applied."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, Mapping):
        inside = value if isinstance(value, Mapping) else {}
        names = dict.fromkeys((*inside, *unknown))
        return {key: _merged(inside.get(key), unknown.get(key)) for key in names}
    if isinstance(unknown, list):
        several = value if isinstance(value, list) else []
        return [_merged(each, one) for each, one in zip_longest(several, unknown)]
    return value


def _first_names(paths: object) -> Iterator[str]:
    for each in paths if isinstance(paths, list) else ():
        if isinstance(each, list) and each and isinstance(each[0], str):
            yield each[0]


def _planned(change: _Change, said_apart: Apart, configuration: Configuration) -> Planned:
    held = change.as_it_is() if change.retained else change.as_it_will_be()
    inputs = dict(declared(held, said_apart))
    for part in INSIDE.get(held.token, ()):
        if (held.address, part) in said_apart or (inputs.get(part) == UNKNOWN and change.new):
            inputs.pop(part, None)
    outputs = inputs if change.new else held.values
    written = configuration.arguments(change.address) or {}
    names = {key: next(iter(renamed(held.token, {key: None}))) for key in written}
    return Planned(
        urn=held.address,
        type=held.token,
        id=held.id,
        inputs=inputs,
        outputs=outputs,
        depends={
            name: configuration.made_from(change.address, key)
            for key, name in names.items()
            if held.values.get(name) is not None
        },
        provider=PROVIDER,
        external=False,
        adopted=False,
        retained=change.retained or change.deposed,
    )


def _as_planned(held: TerraformResource, values: Values, said_apart: Apart) -> Planned:
    """What stays as it is."""
    return Planned(
        urn=held.address,
        type=held.token,
        id=held.id,
        inputs=declared(TerraformResource(held.address, held.token, held.id, values), said_apart),
        outputs=held.values,
        depends={},
        provider=PROVIDER,
        external=False,
        adopted=False,
        retained=held.deposed,
    )


def _apart_of_new(
    changes: Iterable[_Change], configuration: Configuration
) -> Iterator[tuple[object, str]]:
    """Of whom rules are declared apart that has no id yet: by the addresses that they may mean."""
    for each in changes:
        if each.stays and (said := says(each.as_it_will_be())) is not None:
            key, part = said
            snake = "".join(f"_{one.lower()}" if one.isupper() else one for one in key)
            for address in configuration.made_from(each.address, snake):
                yield address, part


def _region(top: Record) -> str | None:
    """As the program configures the provider, where that can be read."""
    program = top.inside("configuration")
    providers = program.inside("provider_config") if program else None
    aws = providers.inside("aws") if providers else None
    expressions = aws.inside("expressions") if aws else None
    said = expressions.inside("region") if expressions else None
    if said is None:
        return None
    if isinstance(told := said.values.get("constant_value"), str):
        return told
    variables = top.inside("variables")
    for each in said.texts("references"):
        kind, _, name = each.partition(".")
        given = variables.inside(name) if variables and kind == "var" else None
        if given and isinstance(value := given.values.get("value"), str):
            return value
    return None
