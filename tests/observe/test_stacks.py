"""Two stacks of one topology: told apart by name, and never judged together."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bulkhead import observe
from bulkhead.network import Network
from bulkhead.observe.errors import ObserveError, SeveralVpcsError, VpcNotFoundError
from bulkhead.sources import open_source


def tagged(**words: str) -> list[dict[str, str]]:
    return [{"Key": f"bulkhead:{key}", "Value": value} for key, value in words.items()]


def vpc(name: str, **words: str) -> dict[str, Any]:
    return {"VpcId": name, "CidrBlock": "10.20.0.0/16", "Tags": tagged(**words)}


def group(name: str, home: str) -> dict[str, Any]:
    tags = [*tagged(service="ticker"), {"Key": "bulkhead:socket:ticks", "Value": "PUB tcp 5556"}]
    return {"GroupId": name, "VpcId": home, "GroupName": name, "Tags": tags}


def account(*vpcs: dict[str, Any]) -> dict[str, Any]:
    groups = [group(f"sg-{index}", each["VpcId"]) for index, each in enumerate(vpcs)]
    empty = ("Subnets", "NetworkInterfaces", "NetworkAcls", "RouteTables")
    return {"Vpcs": list(vpcs), "SecurityGroups": groups, **{key: [] for key in empty}}


TRADING = observe.Wanted(topology="trading")
DEV = vpc("vpc-0d", topology="trading", stack="dev")
PROD = vpc("vpc-0e", topology="trading", stack="prod")
BEFORE_STACKS = vpc("vpc-0b", topology="trading")
OTHER = vpc("vpc-0c", topology="shop", stack="dev")


def read(*vpcs: dict[str, Any], **asked: str) -> Network:
    return observe.from_answers(account(*vpcs), region="eu-west-1", **asked)


def test_several_vpcs_of_the_topology_are_refused_with_what_can_be_named() -> None:
    with pytest.raises(SeveralVpcsError) as told:
        read(DEV, PROD, BEFORE_STACKS, OTHER, topology="trading", source="aws:us-east-1")
    said = str(told.value)
    for each in ("vpc-0d (stack dev)", "vpc-0e (stack prod)", "vpc-0b", "aws:us-east-1/vpc-0b"):
        assert each in said
    assert "vpc-0c" not in said


def test_where_no_source_names_one_of_several_none_is_made_up() -> None:
    with pytest.raises(SeveralVpcsError, match=r"as in --stack dev or --vpc vpc-0d$"):
        read(DEV, PROD, topology="trading")


@pytest.mark.parametrize(
    ("only", "there"),
    [("vpc-0e", "vpc-0e"), ("prod", "vpc-0e"), ("dev", "vpc-0d"), ("vpc-0b", "vpc-0b")],
)
def test_the_one_that_is_named_is_read(only: str, there: str) -> None:
    found = read(DEV, PROD, BEFORE_STACKS, OTHER, topology="trading", only=only)
    assert [each.id for each in found.vpcs] == [there]
    assert [each.name for each in found.services] == ["ticker"]


def test_one_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(VpcNotFoundError, match=r"VPCs there: vpc-0d \(stack dev\), vpc-0e"):
        read(DEV, PROD, only="staging")


@pytest.mark.parametrize(
    ("vpcs", "names"),
    [
        ((DEV,), {"ticker"}),
        ((DEV, PROD), {"dev/ticker", "prod/ticker"}),
        ((DEV, BEFORE_STACKS), {"dev/ticker", "vpc-0b/ticker"}),
        ((DEV, OTHER), {"trading/ticker", "shop/ticker"}),
        ((DEV, PROD, OTHER), {"dev/ticker", "prod/ticker", "shop/ticker"}),
    ],
)
def test_services_and_their_sockets_keep_their_names_beside_another_stack(
    vpcs: tuple[dict[str, Any], ...], names: set[str]
) -> None:
    found = read(*vpcs)
    assert {each.name for each in found.services} == names
    assert {each.owner for each in found.listeners} == names


@pytest.fixture
def dumped(tmp_path):
    path = tmp_path / "eu-west-1" / "all.json"
    path.parent.mkdir()
    path.write_text(json.dumps(account(DEV, PROD)))
    return path


def test_check_judges_no_two_stacks_together(ask, dumped, tmp_path):
    topology = tmp_path / "t.yaml"
    topology.write_text(
        "name: trading\nregion: eu-west-1\ncidr: 10.20.0.0/16\nzones: 2\n"
        "segments: {a: {purpose: p}}\nservices:\n"
        "  ticker: {segment: a, sockets: {ticks: {type: PUB, bind: 'tcp://*:5556'}}}\n"
    )
    for place in (dumped, dumped.parent):
        answer = ask("check", topology, "--on", place)
        assert (answer.code, answer.out) == (2, "")
        assert "vpc-0d (stack dev)" in answer.err.replace("\n", " ")
        assert ask("check", topology, "--on", f"{place}/vpc-0d").code == 1
        assert "vpc-0d" in ask("check", topology, "--on", f"{place}/vpc-0f").err


def test_two_of_them_in_two_regions_are_not_judged_together_either(tmp_path):
    for region, one in (("eu-west-1", DEV), ("us-east-1", PROD)):
        (tmp_path / region).mkdir()
        (tmp_path / region / "all.json").write_text(json.dumps(account(one)))
    with pytest.raises(SeveralVpcsError, match=f"or {tmp_path}/vpc-0d"):
        open_source(str(tmp_path), wanted=TRADING)
    found = open_source(f"{tmp_path}/vpc-0e", wanted=TRADING).network
    assert [each.id for each in found.vpcs] == ["vpc-0e"]


def test_one_of_an_account_is_named_behind_its_region(monkeypatch):
    asked = []

    def stand_in(regions, **words):
        asked.append((regions, words["wanted"].topology, words["wanted"].only))
        raise ObserveError("enough")

    monkeypatch.setattr(observe, "read_account", stand_in)
    for word in ("vpc-0d", "dev"):
        with pytest.raises(ObserveError):
            open_source(f"aws:eu-west-1/{word}", wanted=TRADING)
    assert asked == [("eu-west-1", "trading", word) for word in ("vpc-0d", "dev")]


def test_without_a_region_a_vpc_of_the_account_is_looked_for_in_the_configured_one(
    monkeypatch, tmp_path
):
    def stand_in(regions, **words):
        raise ObserveError(f"asked for {words['wanted'].only} in {regions}")

    monkeypatch.setattr(observe, "read_account", stand_in)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ObserveError, match="asked for vpc-0d in None") as told:
        open_source("aws/vpc-0d")
    assert not hasattr(told.value, "__notes__")
    (tmp_path / "aws").mkdir()
    (tmp_path / "aws" / "all.json").write_text(json.dumps(account(DEV)))
    with pytest.raises(ObserveError, match="asked for vpc-0d in None") as told:
        open_source("aws/vpc-0d")
    assert told.value.__notes__[0].endswith("./aws/vpc-0d")
    assert [each.id for each in open_source("./aws/vpc-0d").network.vpcs] == ["vpc-0d"]
    assert [each.id for each in open_source("aws/all.json").network.vpcs] == ["vpc-0d"]
