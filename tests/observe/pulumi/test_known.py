"""Whatever a provider says of a resource is known, or leaves what it speaks of undetermined."""

from __future__ import annotations

import importlib
import typing
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from bulkhead import observe
from bulkhead.observe.known import Fields
from bulkhead.observe.known.table import WHATEVER, compiled, entries
from bulkhead.observe.pulumi.known import KNOWN
from bulkhead.observe.pulumi.resources import TYPES
from tests.observe.pulumi.test_state import resource, rule, stack

TIE = "aws:ec2/routeTableAssociation:RouteTableAssociation"
EVERYWHERE = {"id", "arn", "ownerId", "region", "tags", "tagsAll", "timeouts"}


def class_of(token: str) -> Any:
    _, module, name = token.split(":")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(importlib.import_module(f"pulumi_aws.{module.partition('/')[0]}"), name)


def shown(kind: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every property of a class of the SDK, and of the classes that it holds."""
    names = vars(importlib.import_module(kind.__module__))
    for name, value in vars(kind).items():
        if isinstance(value, property) and value.fget is not None:
            called = getattr(value.fget, "_pulumi_name", None) or name
            yield (*path, called)
            told = typing.get_type_hints(value.fget, names).get("return")
            for inner in classes_in(told):
                yield from shown(inner, (*path, called))


def classes_in(hint: Any) -> Iterator[Any]:
    if isinstance(hint, type) and hint.__module__.endswith("outputs"):
        yield hint
    for each in typing.get_args(hint):
        yield from classes_in(each)


def is_known(fields: Fields, path: tuple[str, ...]) -> bool:
    place = compiled(fields)
    for name in path:
        if place.whatever:
            return True
        if name not in place.inside:
            return False
        place = place.inside[name]
    return True


def test_every_type_that_is_read_has_a_table():
    assert set(KNOWN) == TYPES


@pytest.mark.parametrize("token", KNOWN)
def test_every_property_of_the_pinned_provider_has_an_entry(token):
    fields = KNOWN[token].fields
    missing = sorted(
        ".".join(path) for path in shown(class_of(token)) if not is_known(fields, path)
    )
    assert not missing, f"open in the table of {token}: {missing}"


def test_no_entry_is_of_what_no_resource_has():
    shared: dict[int, set[tuple[str, ...]]] = {}
    for token, known in KNOWN.items():
        shared.setdefault(id(known), set()).update(shown(class_of(token)))
    for known in {id(each): each for each in KNOWN.values()}.values():
        every = (*known.fields.modelled.values(), *known.fields.harmless.values())
        said = {path for text in every for path, _ in entries(text)}
        dead = sorted(
            ".".join(path)
            for path in said
            if path[0] not in EVERYWHERE
            and WHATEVER not in path
            and "+" not in path
            and path not in shared[id(known)]
            and path not in {one for one, _ in entries(known.beside)}
        )
        assert not dead, f"no resource has what the table of {known.key} says: {dead}"


def observed(write_state: Any, token: str, **more: Any) -> Any:
    """The state of the small stack, with properties more in the outputs of its first `token`."""
    resources = stack()
    found = next(each for each in resources if each["type"] == token)
    found["outputs"] |= more
    return observe.state(write_state(resources))


@pytest.mark.parametrize(
    ("token", "scope"),
    [
        ("aws:ec2/vpc:Vpc", "vpc-1"),
        ("aws:ec2/subnet:Subnet", "subnet-a"),
        ("aws:ec2/securityGroup:SecurityGroup", "sg-ticker"),
    ],
)
def test_a_property_that_is_new_leaves_its_thing_in_doubt_and_is_named(write_state, token, scope):
    before = observed(write_state, token)
    found = observed(write_state, token, futureWalls=["x"])
    new = set(found.unmodelled) - set(before.unmodelled)
    assert scope in {each.scope for each in new}
    assert all("futureWalls" in each.id for each in new)


def test_one_of_a_rule_leaves_that_rule_in_doubt_alone(write_state):
    found = observed(
        write_state, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", schedule="night"
    )
    rules = found.security_group["sg-ticker"].rules
    assert [each.certain for each in rules if each.id == "sgr-1"] == [False]
    assert not any(each.scope == "sg-ticker" for each in found.unmodelled)


def test_one_of_an_association_leaves_the_table_in_doubt(write_state):
    table = resource("aws:ec2/routeTable:RouteTable", "rtb-1", {"vpcId": "vpc-1"})
    tie = {"routeTableId": "rtb-1", "subnetId": "subnet-a", "priority": "low"}
    found = observe.state(write_state([*stack(), table, resource(TIE, "assoc-1", tie)]))
    assert "rtb-1" in {each.scope for each in found.unmodelled if "priority" in each.id}


@pytest.mark.parametrize("said", [None, "", False, [], {}, 0, 0.0])
def test_a_property_that_says_nothing_is_not_mentioned(write_state, said):
    before = observed(write_state, "aws:ec2/subnet:Subnet")
    assert observed(write_state, "aws:ec2/subnet:Subnet", futureWalls=said) == before


def test_what_aws_knows_by_another_name_is_told_with_its_reason(write_state):
    found = observed(write_state, "aws:ec2/subnet:Subnet", enableLniAtDeviceIndex=1)
    (said,) = {each.why for each in found.unmodelled if each.scope == "subnet-a"}
    assert "Outpost" in said


def test_a_new_rule_of_an_old_provider_is_as_certain_as_ever(write_state):
    known = rule("Ingress", "sgr-7", securityGroupId="sg-ticker", ipProtocol="-1")
    known["outputs"]["cidrIpv4"] = "10.0.0.0/8"
    found = observe.state(write_state([*stack(), known]))
    assert all(each.certain for each in found.security_group["sg-ticker"].rules)
