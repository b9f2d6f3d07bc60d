"""A field that is newer than the installed botocore is seen in a live account too."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape

from bulkhead import observe
from bulkhead.observe.calls import (
    BLOCK_PUBLIC_ACCESS,
    CALLS,
    DETAILS,
    KEYS,
    LIST_FIREWALLS,
    PREFIX_LIST_SIZES,
    REGIONS,
)
from bulkhead.observe.live.asking import Asked, Region
from bulkhead.observe.live.unparsed import READINGS
from tests.support.asked import Answers, answers, on_the_wire

NEW = {"State": "enabled", "Planes": ["x", "y"], "Rules": [{"Cidr": "10.0.0.0/8", "Quick": True}]}
EVERY = (PREFIX_LIST_SIZES, *CALLS, *DETAILS, LIST_FIREWALLS, BLOCK_PUBLIC_ACCESS, REGIONS)
SESSION = botocore.session.get_session()
SERVICES = {each.service: SESSION.get_service_model(each.service) for each in EVERY}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> tuple[boto3.Session, Answers]:
    """A session whose calls are answered in bytes from a table, and the table."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    table = answers()
    session = boto3.Session()

    def answered(request: Any, event_name: str, **_: Any) -> Any:
        operation = event_name.rpartition(".")[2]
        service = next(each.service for each in EVERY if each.operation == operation)
        return on_the_wire(SERVICES[service].operation_model(operation), table[operation])

    session.events.register("before-send", answered)
    return session, table


def marked(shape: Shape, value: Any) -> Any:
    """The value with a new field in every object that botocore has a model of."""
    match shape:
        case StructureShape():
            inside = {
                name: marked(shape.members[name], each) if name in shape.members else each
                for name, each in value.items()
            }
            return {**inside, "Novel": NEW}
        case ListShape():
            return [marked(shape.member, each) for each in value]
        case MapShape():
            return {name: marked(shape.value, each) for name, each in value.items()}
        case _:
            return value


def unmarked(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Where a value lacks what `marked` put there."""
    match shape:
        case StructureShape():
            if value.get("Novel") != NEW:
                yield path
            for name, each in shape.members.items():
                if name in value:
                    yield from unmarked(each, value[name], f"{path}.{name}")
        case ListShape():
            for each in value:
                yield from unmarked(shape.member, each, path)
        case MapShape():
            for each in value.values():
                yield from unmarked(shape.value, each, path)


def test_a_new_field_of_any_object_of_any_answer_is_handed_on(account):
    session, table = account
    lists = {}
    for call in EVERY:
        shape = SERVICES[call.service].operation_model(call.operation).output_shape
        table[call.operation] = marked(shape, answers()[call.operation])
        lists[call.key] = shape
    asked = Asked(Region(session, "eu-west-1"))
    asked.everything()
    assert asked.missing == {}
    for key, found in asked.document.items():
        shape = lists[key]
        for name in (key, getattr(KEYS.get(key), "answer", "")):
            inner = shape.members.get(name)
            if inner is not None and key != "VpcBlockPublicAccessOptions":
                whole = found if name == key else [one for each in found for one in each[name]]
                assert list(unmarked(inner, whole, key)) == []
    whole = SERVICES["ec2"].operation_model("SearchTransitGatewayRoutes").output_shape
    assert list(unmarked(whole, asked.document["TransitGatewayRoutes"][0], "routes")) == []
    for key in ("Firewalls", "FirewallPolicies", "RuleGroups"):
        assert list(unmarked(lists[key], asked.document[key][0], key)) == []


def test_an_answer_without_anything_new_is_what_botocore_makes_of_it(account):
    session, table = account
    plain = Asked(Region(session, "eu-west-1"))
    plain.everything()
    assert table == answers()
    assert "Novel" not in str(plain.document)
    read = observe.from_answers(plain.document, region="eu-west-1")
    asked = observe.account("eu-west-1", session=session)
    # Of a document nobody knows how it was asked for; an account is asked in full.
    assert replace(read, unlisted=()) == replace(asked, unlisted=())


def test_it_leaves_what_it_stands_in_undetermined_and_is_named(account):
    session, table = account
    subnet = table["DescribeSubnets"]["Subnets"][0]
    before = observe.account("eu-west-1", session=session)
    subnet["PlaneSpecification"] = {"Enforced": True}
    policy = table["DescribeFirewallPolicy"]["FirewallPolicy"]
    policy["QuantumDefault"] = "drop"
    found = observe.account("eu-west-1", session=session)
    new = set(found.unmodelled) - set(before.unmodelled)
    assert subnet["SubnetId"] in {each.scope for each in new if "PlaneSpecification" in each.id}
    firewalls = {each.id for each in found.firewalls}
    assert firewalls & {each.scope for each in new if "QuantumDefault" in each.id}


@pytest.mark.parametrize("said", [None, "", False, [], {}, {"Inside": []}])
def test_one_that_says_nothing_is_not_mentioned(account, said):
    session, table = account
    before = observe.account("eu-west-1", session=session)
    table["DescribeVpcs"]["Vpcs"][0]["Novel"] = said
    assert observe.account("eu-west-1", session=session) == before


def test_what_aws_answers_and_does_not_document_is_known(account):
    session, table = account
    interface = copy.deepcopy(table["DescribeNetworkInterfaces"]["NetworkInterfaces"][0])
    interface["Association"] = {"PublicIp": "198.51.100.9", "NatEnabled": True}
    table["DescribeNetworkInterfaces"]["NetworkInterfaces"][0] = interface
    found = observe.account("eu-west-1", session=session)
    assert not any("NatEnabled" in each.id for each in found.unmodelled)


def test_what_the_emulator_adds_to_a_vpc_is_known(account):
    session, table = account
    before = observe.account("eu-west-1", session=session)
    table["DescribeVpcs"]["Vpcs"][0] |= {
        "DefaultNetworkAclId": "acl-1",
        "DefaultSecurityGroupId": "sg-1",
        "MainRouteTableId": "rtb-1",
    }
    assert observe.account("eu-west-1", session=session) == before


def test_each_service_speaks_what_is_read_here():
    assert {each.resolved_protocol for each in SERVICES.values()} <= set(READINGS)


def test_no_answer_has_a_list_without_an_element_of_its_own():
    def flattened(shape: Shape, above: tuple[str, ...] = ()) -> Iterator[str]:
        if shape.serialization.get("flattened"):
            yield shape.name
        inside = getattr(shape, "members", {}).values()
        for each in (*inside, getattr(shape, "member", None), getattr(shape, "value", None)):
            if each is not None and each.name not in above:
                yield from flattened(each, (*above, each.name))

    for call in EVERY:
        shape = SERVICES[call.service].operation_model(call.operation).output_shape
        assert list(flattened(shape)) == []
