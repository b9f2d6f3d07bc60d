"""Whatever field an answer lacks: a sentence that names the call, or a Network. No traceback."""

from __future__ import annotations

import copy
import importlib
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse

from bulkhead import observe
from bulkhead.network import Network
from bulkhead.observe.calls import CALLS, DETAILS, LIST_FIREWALLS, PREFIX_LIST_SIZES, REGIONS
from bulkhead.observe.errors import ObserveError
from bulkhead.observe.live.asking import Asked, Region
from tests.support.asked import Answers, answers

pytestmark = pytest.mark.slow
Path = tuple[str | int, ...]


@pytest.fixture
def account(session: boto3.Session) -> tuple[boto3.Session, Answers]:
    """A session whose calls are answered from a table, and the table."""
    table = answers()

    def answered(model: Any, **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        return AWSResponse("", 200, {}, None), copy.deepcopy(table[model.name])

    session.events.register("before-call", answered)
    return session, table


def fields(value: Any, above: Path = ()) -> Iterator[Path]:
    """One place of each field of an answer: all of a list are alike.

    What lies deeper is not looked at before all is asked, and tried where it is read.
    """
    seen: set[tuple[str, ...]] = set()
    for path in every(value, above):
        name = tuple(step for step in path if isinstance(step, str))
        if name not in seen and (len(name) <= 2 or name[-1].endswith(("Id", "Arn"))):
            seen.add(name)
            yield path


def every(value: Any, above: Path) -> Iterator[Path]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*above, key)
            yield from every(item, (*above, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from every(item, (*above, position))


def test_every_call_is_made_of_an_account_with_a_bit_of_everything(
    account: tuple[boto3.Session, Answers], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, table = account
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    asked: set[str] = set()
    session.events.register_first("before-call", lambda model, **_: asked.add(model.name))
    assert isinstance(observe.account("eu-west-1", session=session), Network)
    observe.accounts(session=session)
    calls = {
        call.operation for call in (*CALLS, *DETAILS, LIST_FIREWALLS, PREFIX_LIST_SIZES, REGIONS)
    }
    assert asked == table.keys() == calls | {"DescribeVpcBlockPublicAccessOptions"}


def test_whatever_field_an_answer_lacks_is_said_by_its_call_or_done_without(
    account: tuple[boto3.Session, Answers], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, table = account
    region = Region(session, "eu-west-1")  # its clients are made once
    module = importlib.import_module("bulkhead.observe.live.account")
    monkeypatch.setattr(module, "region_of", lambda *_: region)
    tried = refused = 0
    for operation, answer in answers().items():
        if operation == REGIONS.operation:
            continue
        for path in fields(answer):
            less = copy.deepcopy(answer)
            inside: Any = less
            for step in path[:-1]:
                inside = inside[step]
            del inside[path[-1]]
            table[operation] = less
            tried += 1
            try:
                assert isinstance(observe.account("eu-west-1", session=session), Network)
            except ObserveError as error:
                refused += 1
                assert operation in str(error), (path, str(error))
        table[operation] = answer
    assert tried > 150
    assert refused > 50


def test_an_answer_that_does_not_even_say_that_there_is_nothing_is_no_answer(
    account: tuple[boto3.Session, Answers],
) -> None:
    session, table = account
    table["DescribeVpnConnections"] = {}
    asked = Asked(Region(session, "eu-west-1"))
    asked.everything()
    assert asked.missing == {
        "VpnConnections": "DescribeVpnConnections does not show VpnConnections"
    }
    table["DescribeSubnets"] = {}
    with pytest.raises(ObserveError, match="DescribeSubnets does not show Subnets, and nothing"):
        observe.account("eu-west-1", session=session)


def test_without_its_mode_block_public_access_leaves_the_internet_in_doubt(
    account: tuple[boto3.Session, Answers],
) -> None:
    session, table = account
    table["DescribeVpcBlockPublicAccessOptions"] = {"VpcBlockPublicAccessOptions": {}}
    found = observe.account("eu-west-1", session=session)
    doubted = {each.scope for each in found.unmodelled if each.kind == "block-public-access"}
    assert doubted >= {each.id for each in found.internet_gateways}


def test_regions_without_names_are_refused_by_a_sentence(
    account: tuple[boto3.Session, Answers], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, table = account
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    table["DescribeRegions"] = {"Regions": [{}]}
    with pytest.raises(ObserveError, match=r"DescribeRegions does not show Regions\.RegionName"):
        observe.accounts(session=session)
