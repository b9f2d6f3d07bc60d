"""What the provider knows of a type: a row of the table.

A regular type is a row of data: which property is which member of which EC2 call. What is
irregular is said by the row's functions. The properties, which of them replace the resource,
and their defaults are those of the Terraform provider that Pulumi's `aws` is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws
from local_aws.provider.ledger import OWNER
from local_aws.wire import Properties

State = Properties
Create = Callable[[Aws, Properties, Mapping[str, str]], str]
Read = Callable[[Aws, str, State], State | None]
Update = Callable[[Aws, str, State, Properties], None]
Delete = Callable[[Aws, str, State], None]
Retag = Callable[[Aws, str, list[str], Mapping[str, str]], None]


class _Nothing:
    """No default: the property is absent when the program does not say it."""


NOTHING = _Nothing()


def same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Property:
    """One input of a type."""

    name: str
    member: str | None = None  # where EC2's create call takes it and its describe call shows it
    required: bool = False
    replaces: bool = False  # a change makes a new resource
    default: Any = NOTHING  # what AWS does when nothing is said
    computed: bool = False  # AWS chooses when nothing is said
    secret: bool = False
    # Two spellings of one value have one canonical form: "tcp" and "6".
    canonical: Callable[[Any], Any] = same

    def equal(self, one: Any, other: Any) -> bool:
        if one is None or other is None:
            return one is other
        return bool(self.canonical(one) == self.canonical(other))


class Partly(Property):
    """A structure: of what a program does not say of it AWS chooses."""

    def equal(self, one: Any, other: Any) -> bool:
        if not (isinstance(one, Mapping) and isinstance(other, Mapping)):
            return one is other
        both = [key for key in one if None not in (one[key], other.get(key))]
        return all(_spelt(one[key]) == _spelt(other[key]) for key in both)


def _spelt(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def unordered(value: Any) -> Any:
    return sorted(value, key=str) if isinstance(value, list) else value


@dataclass(frozen=True)
class Kind:
    """One type of resource."""

    token: str
    properties: tuple[Property, ...]
    outputs: tuple[str, ...]  # known only once it exists
    create: Create
    read: Read
    delete: Delete
    update: Update | None = None
    after_create: Callable[[Aws, str, Properties], None] | None = None
    taggable: bool = True
    once: bool = False  # AWS takes a client token with its creation
    # Where it is not EC2 that keeps the tags: which keys go, and which are set to what.
    retag: Retag | None = None
    made: bool = True  # False for what AWS makes with a VPC: its default group, ACL and table
    # The id of what stands where these inputs would put it, for a type without tags.
    find: Callable[[Aws, Properties], str | None] | None = None
    autonamed: str | None = None  # the property that is named for the user
    refused: Mapping[str, str] = field(default_factory=dict)  # property: what to do instead
    secret_outputs: tuple[str, ...] = ()
    problems: Callable[[Properties], Mapping[str, str]] = lambda inputs: {}
    # Changes that replace only sometimes: the names of those among the changed ones.
    also_replaces: Callable[[State, Properties, frozenset[str]], frozenset[str]] = (
        lambda state, news, changed: frozenset()
    )
    # Outputs that an update of these inputs makes unknown in a preview.
    unsettled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def owned(self) -> bool:
        """Whether it carries the stand-in's own tag, by which EC2 finds what was lost."""
        return self.taggable and self.made and self.retag is None


def dig(value: Any, path: str) -> Any:
    """`dig(answer, "Vpc.VpcId")`; a number in the path is an index."""
    for step in path.split("."):
        if value is None:
            return None
        if step.isdecimal():
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = value.get(step)
    return value


def taken(answer: Answer, path: str) -> Any:
    """What must be in an answer, by its path. Raises Unsure."""
    value: Any = answer
    for step in path.split("."):
        value = value[step]
    return value


def bury(arguments: dict[str, Any], path: str, value: Any) -> None:
    *folders, last = path.split(".")
    for folder in folders:
        arguments = arguments.setdefault(folder, {})
    arguments[last] = value


def arguments_of(properties: tuple[Property, ...], inputs: Properties) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for each in properties:
        if each.member is not None and inputs.get(each.name) is not None:
            bury(arguments, each.member, inputs[each.name])
    return arguments


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def tags_of(shown: Mapping[str, Any]) -> dict[str, str]:
    """Those of the user: not AWS's own, nor the stand-in's. Network interfaces say TagSet."""
    return {
        tag["Key"]: tag["Value"]
        for tag in shown.get("Tags", shown.get("TagSet", []))
        if not tag["Key"].startswith("aws:") and tag["Key"] != OWNER
    }


def made_by(
    operation: str, id_path: str, properties: tuple[Property, ...], tag_type: str | None
) -> Create:
    """Create by one call whose arguments the properties' members say."""

    def create(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
        arguments = arguments_of(properties, inputs)
        if tag_type and tags:
            arguments["TagSpecifications"] = [{"ResourceType": tag_type, "Tags": tag_list(tags)}]
        return str(taken(aws.call(operation, **arguments), id_path))

    return create


def shown_by(
    operation: str,
    ids: str,
    path: str,
    properties: tuple[Property, ...],
    outputs: Mapping[str, str],
    more: Callable[[Aws, Answer], State] = lambda aws, shown: {},
) -> Read:
    """Read by one describe call: members back to properties, and some outputs by their path."""

    def read(aws: Aws, name: str, state: State) -> State | None:
        asked: dict[str, Any] = {ids: [name]}
        shown = aws.one(operation, path, **asked)
        if shown is None:
            return None
        live = {each.name: shown_of(shown, each) for each in properties if each.member}
        live.update({output: dig(shown, where) for output, where in outputs.items()})
        live["tags"] = tags_of(shown)
        live.update(more(aws, shown))
        return live

    return read


def shown_of(shown: Answer, prop: Property) -> Any:
    """A property's value. AWS leaves out what was never set, and shows what it chose itself."""
    if prop.required:
        return shown[str(prop.member)]
    always = prop.computed or prop.default is not NOTHING
    return shown.shown(str(prop.member)) if always else shown.get(str(prop.member))


def deleted_by(operation: str, argument: str) -> Delete:
    def delete(aws: Aws, name: str, state: State) -> None:
        aws.gone(operation, **{argument: name})

    return delete
