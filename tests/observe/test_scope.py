"""What somebody asks about of a source: the VPCs that are meant, and what that leaves out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bulkhead import observe
from bulkhead.network import Scope
from bulkhead.observe import Wanted
from bulkhead.observe.describe.convert import chosen_network
from bulkhead.observe.errors import SeveralVpcsError, TopologyNotFoundError, VpcNotFoundError
from bulkhead.problems import InputError
from bulkhead.sources import open_source
from tests.observe.test_stacks import DEV, OTHER, PROD, account, vpc

DEFAULT = {**vpc("vpc-0f"), "IsDefault": True}
LIVE = vpc("vpc-0a", topology="trading", stack="prod")
TRADING_DEV = Wanted(topology="trading", stack="dev")


def scope(wanted: Wanted, *vpcs: dict[str, Any], **more: list[dict[str, Any]]) -> Scope:
    document = account(*vpcs) | more
    found = chosen_network(document, region="eu-west-1", wanted=wanted).scope
    assert found is not None
    return found


def why(found: Scope) -> dict[str, str]:
    return {each.id: each.why for each in found.left_out}


def test_every_vpc_that_is_not_meant_is_left_out_by_its_id_with_what_is_not_as_asked() -> None:
    found = scope(TRADING_DEV, DEV, PROD, OTHER, DEFAULT, vpc("vpc-0b", topology="trading"))
    assert (found.vpcs, found.neighbours) == (("vpc-0d",), ())
    assert why(found) == {
        "vpc-0e": "of stack prod",
        "vpc-0c": "built from topology shop, of stack dev",
        "vpc-0f": "the default VPC, built from no topology",
        "vpc-0b": "of no stack",
    }


def test_where_all_is_asked_about_nothing_is_left_out() -> None:
    assert chosen_network(account(DEV, DEFAULT), region="eu-west-1").scope is None


def test_a_neighbour_is_not_left_out_and_what_leads_nowhere_is() -> None:
    peering = {
        "VpcPeeringConnectionId": "pcx-1",
        "Status": {"Code": "active"},
        "RequesterVpcInfo": {"VpcId": "vpc-0d", "OwnerId": "1", "Region": "eu-west-1"},
        "AccepterVpcInfo": {"VpcId": "vpc-0e", "OwnerId": "1", "Region": "eu-west-1"},
    }
    gateways = [
        {"VpnGatewayId": "vgw-1", "State": "available", "VpcAttachments": []},
        {
            "VpnGatewayId": "vgw-2",
            "State": "available",
            "VpcAttachments": [{"VpcId": "vpc-0f", "State": "attached"}],
        },
    ]
    devices = [{"CustomerGatewayId": "cgw-1", "IpAddress": "203.0.113.1", "State": "available"}]
    found = scope(
        TRADING_DEV,
        *(DEV, PROD, DEFAULT),
        VpcPeeringConnections=[peering],
        VpnGateways=gateways,
        CustomerGateways=devices,
    )
    assert found.neighbours == ("vpc-0e",)
    assert why(found) == {
        "vpc-0f": "the default VPC, built from no topology",
        "vgw-1": "attached to no VPC",
        "cgw-1": "no VPN connection ends there",
    }


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        (Wanted(vpcs=("vpc-0d",)), {"vpc-0d"}),
        (Wanted(vpcs=("old",)), {"vpc-01", "vpc-02"}),
        (Wanted(vpcs=("old", "vpc-0d")), {"vpc-01", "vpc-02", "vpc-0d"}),
        (Wanted(vpcs=("old",), stack="prod"), {"vpc-02"}),
        (Wanted(stack="prod"), {"vpc-02", "vpc-0e"}),
        (Wanted(vpcs=("old",), topology="trading"), {"vpc-02"}),
    ],
)
def test_a_vpc_is_meant_by_id_or_name_and_all_that_is_said_must_be_true(
    wanted: Wanted, meant: set[str]
) -> None:
    named = {"Key": "Name", "Value": "old"}
    one = {**DEFAULT, "VpcId": "vpc-01", "Tags": [named]}
    two = {**LIVE, "VpcId": "vpc-02", "Tags": [*LIVE["Tags"], named]}
    assert set(scope(wanted, one, two, DEV, PROD).vpcs) == meant


@pytest.mark.parametrize(
    ("wanted", "error", "said"),
    [
        (Wanted(vpcs=("old", "new")), VpcNotFoundError, "is old or new by id or name"),
        (Wanted(stack="test"), VpcNotFoundError, "is tagged bulkhead:stack=test; VPCs there: vpc"),
        (Wanted(vpcs=("vpc-0d",), stack="prod"), VpcNotFoundError, "all of vpc-0d, stack prod"),
        (Wanted(topology="shop", stack="prod"), TopologyNotFoundError, "of stack prod, is tagged"),
        (Wanted(topology="trading"), SeveralVpcsError, "as in --stack dev or --vpc vpc-0a"),
        (Wanted(topology="trading", stack="prod"), SeveralVpcsError, "as in --vpc vpc-0a$"),
    ],
)
def test_what_is_not_there_or_not_one_is_refused_with_what_there_is(
    wanted: Wanted, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        scope(wanted, DEV, PROD, LIVE, OTHER)


def test_of_a_region_in_which_nothing_is_meant_all_is_left_out(tmp_path) -> None:
    for region, vpcs in (("eu-west-1", (DEV,)), ("us-east-1", (DEFAULT, OTHER))):
        (tmp_path / region).mkdir()
        (tmp_path / region / "all.json").write_text(json.dumps(account(*vpcs)))
    found = observe.read_dump(tmp_path, wanted=TRADING_DEV).scope
    assert found is not None
    assert (found.vpcs, set(why(found))) == (("vpc-0d",), {"vpc-0f", "vpc-0c"})


def test_each_vpc_that_is_named_is_in_some_region_or_is_refused_by_its_name(tmp_path) -> None:
    for region, vpcs in (("eu-west-1", (DEV,)), ("us-east-1", (DEFAULT, OTHER))):
        (tmp_path / region).mkdir()
        (tmp_path / region / "all.json").write_text(json.dumps(account(*vpcs)))
    both = Wanted(vpcs=("vpc-0d", "vpc-0c"))
    found = open_source(str(tmp_path), wanted=both).provenance.scope
    assert found is not None
    assert set(found.vpcs) == {"vpc-0d", "vpc-0c"}
    with pytest.raises(VpcNotFoundError, match="is vpc-0x by id or name; VPCs there: vpc-0c"):
        open_source(str(tmp_path), wanted=Wanted(vpcs=("vpc-0d", "vpc-0x")))


def test_a_topology_is_planned_whole(tmp_path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text("name: t\n")
    with pytest.raises(InputError, match="plans one VPC; stack dev is one that stands somewhere"):
        open_source(str(path), wanted=Wanted(stack="dev"))


@pytest.fixture
def dumped(tmp_path):
    path = tmp_path / "all.json"
    path.write_text(json.dumps(account(DEV, PROD, DEFAULT)))
    return path


@pytest.mark.parametrize(
    "question",
    [["prove"], ["lint"], ["diff", "itself"], ["audit"]],
)
def test_every_verb_says_what_it_left_out_to_people_and_to_programs(ask, dumped, question):
    verb, *rest = question
    words = [verb, dumped, *(dumped if each == "itself" else each for each in rest)]
    said = ask(*words, "--stack", "dev").out
    assert "judged: vpc-0d (of stack dev)\n" in said
    assert "left out: vpc-0e: of stack prod\n" in said
    assert "left out: vpc-0f: the default VPC, of no stack\n" in said
    told = ask(*words, "--stack", "dev", "--json").json["provenance"]
    part = (told.get("before") or told)["scope"]
    assert (part["vpcs"], part["stack"]) == (["vpc-0d"], "dev")
    assert [each["id"] for each in part["left_out"]] == ["vpc-0e", "vpc-0f"]


def test_a_comment_says_it_too(ask, dumped):
    for words in (["prove", dumped], ["diff", dumped, dumped], ["review", dumped, dumped]):
        said = ask(*words, "--stack", "dev", "--markdown").out
        assert "left out&#58; vpc-0e" in said or "left out: vpc-0e" in said, said


def test_scope_without_a_source_to_choose_from_is_refused(ask, tmp_path):
    assert ask("init", tmp_path / "t.yaml").code == 0
    answer = ask("check", tmp_path / "t.yaml", "--stack", "dev")
    assert (answer.code, "--on" in answer.err) == (2, True)
    both = ask("diff", tmp_path / "t.yaml", tmp_path / "t.yaml", "--vpc", "vpc-1")
    assert (both.code, "both sides are topologies" in both.err) == (2, True)
