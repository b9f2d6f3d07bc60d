"""Resources as an engine hands them to a policy pack: in a preview, after an update, of a state.

Grounds (github.com/pulumi/pulumi v3.259.0): pkg/resource/deploy/step_generator.go shows a pack
the inputs of each resource (Analyze), and at last the outputs of all (AnalyzeStack), which have
no id beside them; sdk/go/common/resource/plugin/rpc.go writes a value that is not known yet as
one of seven words, by its type.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from bulkhead.network import Network, Origins, Unmodelled
from bulkhead.network.inventory import Inventory
from bulkhead.observe.pulumi.in_doubt import scopes_of_hidden
from bulkhead.observe.pulumi.inventory import inventory_of
from bulkhead.observe.pulumi.planned.names import named
from bulkhead.observe.pulumi.planned.references import References, has_unknown, prefix_of
from bulkhead.observe.pulumi.planned.steps import Planned, Properties, Steps, shut
from bulkhead.observe.pulumi.planned.to_come import judged
from bulkhead.observe.pulumi.preview import as_stack
from bulkhead.observe.pulumi.resources.shape import short
from bulkhead.observe.pulumi.stack import UNKNOWN, Resource
from bulkhead.observe.pulumi.state import of_stack
from bulkhead.observe.record import Gaps, Record, UnreadableError
from bulkhead.problems import InputError

_UNKNOWN: Final = frozenset(
    {
        UNKNOWN,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # a boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # a number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # an array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # an asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # an archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # an object
    }
)
_WHERE: Final = Path("the stack")
_AWS: Final = ("aws:", "aws-native:")
_UNNAMED: Final = "the provider"
"""Where the engine shows none: of a state that holds no provider, say."""
_ARN_PATH: Final = re.compile(r"arn:[^:]*:[^:]*:[^:]*:[^:]*:[a-z0-9-]+/(?P<id>[a-z0-9-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """One resource. Values stand as the engine writes them: unknown ones, and secrets, too.

    `inputs` is None where a pack was shown none: the resource was only read, or nobody asked.
    `depends`: for each property, the URNs it was made from. `provider` is that one's URN.
    """

    urn: str
    type: str
    outputs: Properties
    inputs: Properties | None = None
    depends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provider: str = ""
    provided: Properties = field(default_factory=dict)
    """The provider's own inputs: its Region, its default tags."""

    @property
    def name(self) -> str:
        return self.urn.rsplit("::", 1)[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """What the resources of a stack make, and which of them made what."""

    network: Network
    inventory: Inventory = field(default_factory=Inventory)
    origins: Origins = field(default_factory=Origins)
    resources: tuple[Resource, ...] = ()
    """As readers saw them: with an id each, AWS's own or one in its style."""
    unreadable: Mapping[str, str] = field(default_factory=dict)
    """URN -> why nothing of it could be taken in."""
    stand_ins: frozenset[str] = frozenset()
    """Addresses in the network that stand for such as AWS is yet to choose."""
    lost: str = ""
    """Why nothing at all could be: then the network is empty, and proves nothing."""


def handed(resources: Iterable[Presented], *, region: str | None = None) -> Stood:
    """The Network that a stack's resources make; `region` where no provider names one.

    What cannot be read is left out, and in doubt by name; the rest is judged. Never raises.
    """
    every = tuple(resources)
    unreadable: dict[str, str] = {}
    planned = named(_readable(every, unreadable))
    providers = tuple(_providers(every))
    while True:
        left = tuple(each for each in planned if each.urn not in unreadable)
        gaps = Gaps()
        try:
            steps = Steps((*left, *providers), (), region, {})
            stack, choices = as_stack(steps, gaps)
            found = of_stack(stack, _WHERE, remedy="", gaps=gaps)
        except (InputError, UnreadableError, RecursionError) as error:
            if at_fault := _at_fault(left, error):
                unreadable |= at_fault
                continue
            why = f"nothing of the stack can be judged: {error}"
            lost = Unmodelled(kind="stack", id="the stack", scope="the stack", why=why)
            return Stood(network=Network(unmodelled=(lost,)), unreadable=unreadable, lost=why)
        network = judged(found.network, choices)
        doubts = tuple(_doubts(every, planned, unreadable))
        network = replace(network, unmodelled=(*network.unmodelled, *doubts))
        return Stood(
            network=network,
            inventory=inventory_of(stack, others=False),
            origins=found.origins,
            resources=stack.resources,
            unreadable=unreadable,
            stand_ins=choices.addresses,
        )


def _readable(every: Iterable[Presented], unreadable: dict[str, str]) -> Iterator[Planned]:
    for each in every:
        if each.type.startswith("pulumi:"):
            continue
        try:
            yield _planned(each)
        except UnreadableError as error:
            unreadable[each.urn] = str(error)


def _planned(each: Presented) -> Planned:
    """As a preview shows it: of what is yet to be made, the inputs, and answers that are known."""
    outputs = _shown(each, each.outputs)
    inputs = None if each.inputs is None else _shown(each, each.inputs)
    known_as = _id_in(outputs)
    only_read = inputs is None and bool(known_as)
    declared = outputs if inputs is None else inputs
    answers = {key: value for key, value in outputs.items() if not has_unknown(value)}
    if known_as:
        # What an update leaves unknown of what stands is what the program says of it.
        said = {key: declared[key] for key in declared.keys() - answers.keys()}
        outputs = {**outputs, **said}
    else:
        outputs = {**answers, **declared}
    own = each.provider or (_UNNAMED if each.type.startswith(_AWS) else "")
    return Planned(
        urn=each.urn,
        type=each.type,
        id=known_as,
        inputs={} if only_read else declared,
        outputs=outputs,
        depends=each.depends,
        provider=f"{own}::" if own else "",
        external=only_read,
        adopted=only_read,
    )


def _shown(each: Presented, values: Properties) -> Properties:
    found = shut(_one_word(values))
    if not isinstance(found, dict):
        raise UnreadableError(f"resource {each.name}: all of it is hidden")
    return found


def _one_word(value: object) -> object:
    """The value with one word for all that is not known yet."""
    if isinstance(value, Mapping):
        return {str(key): _one_word(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_one_word(each) for each in value]
    return UNKNOWN if isinstance(value, str) and value in _UNKNOWN else value


def _id_in(outputs: Properties) -> str:
    """What AWS calls it; '' where it has no name yet. The engine shows a pack no id beside."""
    told = outputs.get("id")
    if isinstance(told, str):
        return "" if told == UNKNOWN else told
    arn = outputs.get("arn")
    found = _ARN_PATH.fullmatch(arn) if isinstance(arn, str) else None
    return found["id"] if found else ""


def _providers(every: Iterable[Presented]) -> Iterator[Planned]:
    """Every provider once, with what it says of all resources that are its own."""
    told = {each.provider: each.provided for each in every if each.provider}
    for urn, provided in told.items():
        inputs = {
            key: value for key, value in provided.items() if not has_unknown(_one_word(value))
        }
        tags = inputs.get("defaultTags")
        if isinstance(tags, Mapping) and isinstance(tags.get("tags"), Mapping):
            inputs["defaultTags"] = tags["tags"]
        yield Planned(
            urn=urn,
            type=urn.split("::")[2] if urn.count("::") > 2 else "",
            id="",
            inputs=inputs,
            outputs={},
            depends={},
            provider="",
            external=False,
            adopted=False,
        )


def _at_fault(left: Iterable[Planned], error: Exception) -> dict[str, str]:
    """URN -> what is wrong with it, of the resources that an error names."""
    problems = error.problems if isinstance(error, InputError) else ()
    said = [each.what for each in problems] or [str(error)]
    found: dict[str, str] = {}
    for each in left:
        ids = {each.id, f"{prefix_of(each.type)}-{each.name}"} - {""}
        names = "|".join(map(re.escape, sorted(ids)))
        pattern = rf"resource {re.escape(each.name)}(?![\w-])|(?<![\w-])({names})(?![\w-])"
        if fault := next((one for one in said if re.search(pattern, one)), None):
            found[each.urn] = fault
    return found


def _doubts(
    every: Iterable[Presented], planned: Iterable[Planned], unreadable: Mapping[str, str]
) -> Iterator[Unmodelled]:
    """A word on each resource that was left out, at what it is about."""
    if not unreadable:
        return
    references = References(each for each in planned if each.provider)
    readable = {each.urn: each for each in references.resources}
    for each in every:
        why = unreadable.get(each.urn)
        if why is None:
            continue
        scopes, known_as = [], each.name
        if one := readable.get(each.urn):
            known_as = references.id_of(one)
            out = Record(each.name, references.filled(one, one.outputs))
            known = Resource(each.urn, each.type, known_as, Record(each.name, {}), out)
            scopes = scopes_of_hidden(known)
        for scope in scopes or [known_as]:
            yield Unmodelled(kind=short(each.type), id=known_as, scope=scope, why=why)
