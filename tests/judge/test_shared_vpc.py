"""A part of a VPC that is others': ours is judged, and what others do among themselves is not."""

from __future__ import annotations

import pytest

from bulkhead.judge import judge
from bulkhead.lint import lint
from bulkhead.network import Network
from bulkhead.observe import Wanted
from bulkhead.observe.describe.convert import chosen_network
from bulkhead.observe.errors import SeveralStacksError
from bulkhead.prove import prove
from tests.support.shared_vpc import (
    TEXT,
    VPC,
    account_of,
    interface,
    planned_in,
    shared_topology,
    tagged,
)

SITE = """
    sites:
      plant:
        cidrs: [192.168.9.0/24]
        gateway: { address: 203.0.113.10 }
        sockets: { s: { type: SUB, connect: ticker.ticks } }
"""
ANYBODY = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    return planned_in(shared_topology(tmp_path_factory.mktemp("shared")))


@pytest.fixture
def account(planned):
    return account_of(planned)


def read(account, stack=None) -> Network:
    wanted = Wanted(topology="demo", vpcs=(VPC,), stack=stack, shared=True)
    return chosen_network(account, region="eu-west-1", wanted=wanted).network


def findings(planned, account):
    found = judge(prove(read(account)), planned.declaration)
    return [each.message for each in found.findings]


def of(account, key, name):
    return next(
        each for each in account[key] if name in map(str, each.values()) or _named(each, name)
    )


def _named(thing, name):
    return any(tag["Value"] == name for tag in thing.get("Tags", ()))


def test_what_others_have_in_the_vpc_is_no_difference_and_no_flow_of_ours(planned, account):
    assert findings(planned, account) == []
    network = read(account)
    assert {"subnet-0web", "eni-0web", "sg-0web", "acl-0default", VPC} <= set(network.beside)
    assert not set(network.beside) & {each.id for each in network.subnets if each.segment}
    assert {each.name for each in network.services} == {"ticker", "momentum", "webteam/ticker"}


def test_teams_that_share_a_vpc_are_each_as_declared_beside_the_other(planned, tmp_path):
    theirs = TEXT.replace("name: demo", "name: rival").replace("10.0.64.0/20", "10.0.128.0/20")
    rival = planned_in(shared_topology(tmp_path, theirs + SITE))
    account = account_of(planned, rival)
    for each, beside in ((planned, "rival/dev/ticker"), (rival, "demo/dev/ticker")):
        wanted = Wanted(topology=each.topology, vpcs=(VPC,), shared=True)
        network = chosen_network(account, region="eu-west-1", wanted=wanted).network
        assert judge(prove(network), each.declaration).findings == ()
        assert {"ticker", beside, "webteam/ticker"} <= {one.name for one in network.services}
    assert {one.name for one in network.sites} == {"plant"}


def test_others_may_change_theirs(planned, account):
    of(account, "SecurityGroups", "default")["IpPermissions"] = []
    account["NetworkInterfaces"].append(
        interface("eni-0b", "subnet-0web", "10.0.1.5", "sg-0default")
    )
    account["InternetGateways"] = [
        {"InternetGatewayId": "igw-0", "Attachments": [{"VpcId": VPC, "State": "available"}]}
    ]
    account["Vpcs"][0]["CidrBlockAssociationSet"] = [
        {"CidrBlock": "10.7.0.0/16", "CidrBlockState": {"State": "associated"}}
    ]
    assert findings(planned, account) == []


def test_a_rule_that_lets_theirs_in_is_a_finding_once_both_layers_let_them(planned, account):
    ticker = next(each for each in account["SecurityGroups"] if each["GroupName"] == "ticker")
    web = [{"IpProtocol": "tcp", "FromPort": 5556, "ToPort": 5556}]
    ticker["IpPermissions"] += [{**web[0], "IpRanges": [{"CidrIp": "10.0.1.0/24"}]}]
    (weak,) = findings(planned, account)
    assert "holds a rule that no plan has: ingress tcp 5556 from 10.0.1.0/24" in weak
    feed = next(each for each in account["NetworkAcls"] if _named(each, "feed"))
    for egress in (False, True):
        feed["Entries"].append(
            {
                "RuleNumber": 31 + egress,
                "Protocol": "6",
                "PortRange": {"From": 0, "To": 65535},
                "RuleAction": "allow",
                "Egress": egress,
                "CidrBlock": "10.0.1.0/24",
            }
        )
    found = judge(prove(read(account)), planned.declaration)
    reached = [each.message for cause in found.findings for each in (cause, *cause.effects)]
    assert any("webteam/ticker can reach ticker.ticks on tcp 5556" in each for each in reached)


def test_a_network_acl_of_others_on_our_subnet_differs_and_is_not_to_be_deleted(planned, account):
    ours = next(each for each in account["NetworkAcls"] if _named(each, "feed"))
    moved = ours["Associations"].pop()
    of(account, "NetworkAcls", "acl-0default")["Associations"].append(
        {**moved, "NetworkAclId": "acl-0default"}
    )
    found = judge(prove(read(account)), planned.declaration).findings
    assert [each.message.split(": ")[-1] for each in found] == [
        "network ACL acl-0default, planned feed"
    ]
    assert not any("delete-network-acl" in each.mend for each in found)


def test_a_host_of_others_in_our_subnet_is_ours_to_judge(planned, account):
    (ours, *_) = [each["SubnetId"] for each in account["Subnets"] if _named(each, "feed")]
    account["NetworkInterfaces"].append(interface("eni-0c", ours, "10.0.64.9", "sg-0web"))
    told = findings(planned, account)
    assert any("interface eni-0c" in each and "is in no plan" in each for each in told)
    assert not any(each.startswith("security group") for each in told)


def test_a_host_in_a_subnet_of_others_that_holds_our_group_is_ours_to_judge(planned, account):
    group = next(each for each in account["SecurityGroups"] if "ticker" in each["GroupId"])
    account["NetworkInterfaces"].append(
        interface("eni-0astray", "subnet-0web", "10.0.1.9", group["GroupId"])
    )
    told = findings(planned, account)
    assert any("interface eni-0astray" in each and "is in no plan" in each for each in told)


def test_lint_leaves_the_rules_of_others_to_them(account):
    assert {each.name for each in lint(read(account)).faults} == set()


def test_of_two_stacks_in_one_vpc_one_has_to_be_named(planned, account):
    for each in account["Subnets"][:1]:
        each["Tags"] = [tag for tag in each["Tags"] if tag["Key"] != "bulkhead:stack"]
        each["Tags"] += tagged(stack="prod")
    with pytest.raises(SeveralStacksError, match="as in --stack dev"):
        read(account)
    assert len([each for each in read(account, stack="prod").beside if "subnet" in each]) > 1
