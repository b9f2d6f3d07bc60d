"""Answers of two moments, or of two accounts: said, and in doubt where they contradict."""

from __future__ import annotations

import pytest

from bulkhead.ends import resolve
from bulkhead.explain import explain
from bulkhead.network import Verdict
from bulkhead.prove import prove

A, D, U = Verdict.ALLOWED, Verdict.DENIED, Verdict.UNDETERMINED


def subnet(**values):
    return lambda account: account.thing("Subnets", "subnet-b").update(values)


def interface(name="eni-1", **values):
    return lambda account: account.thing("NetworkInterfaces", name).update(values)


def addresses(*several, **more):
    every = [{"Primary": not place, "PrivateIpAddress": each} for place, each in enumerate(several)]
    return interface(PrivateIpAddress=several[0], PrivateIpAddresses=every, **more)


def instance(state="running", **values):
    def change(account):
        account.thing("NetworkInterfaces", "eni-2")["Attachment"] = {
            "InstanceId": "i-1",
            "DeviceIndex": 0,
        }
        told = {"InstanceId": "i-1", "InstanceType": "c5.large", "State": {"Name": state}}
        account.document["Reservations"] = [
            {"ReservationId": "r-1", "Instances": [{**told, **values}]}
        ]

    return change


def another(key, **values):
    return lambda account: account.document[key].append(values)


def nat(account):
    account.document["NatGateways"] = [
        {
            "NatGatewayId": "nat-1",
            "VpcId": "vpc-9",
            "SubnetId": "subnet-a",
            "State": "available",
            "NatGatewayAddresses": [{"PrivateIp": "10.20.0.50", "IsPrimary": True}],
        }
    ]


@pytest.mark.parametrize(
    ("change", "scopes", "why"),
    [
        (
            subnet(CidrBlock="172.16.5.0/24"),
            {"subnet-b", "eni-2"},
            "lies in none of those of vpc-1",
        ),
        (subnet(CidrBlock="10.20.0.0/20"), {"subnet-a", "subnet-b"}, "their blocks overlap"),
        (addresses("10.20.1.77"), {"eni-1"}, "is not one of its subnet"),
        (addresses("10.20.0.10", "10.99.0.1"), {"eni-1"}, "10.99.0.1 is not one of its subnet"),
        (
            interface(Ipv6Addresses=[{"Ipv6Address": "2001:db8::1"}]),
            {"eni-1"},
            "2001:db8::1 is not one of its subnet",
        ),
        (
            interface(Ipv6Prefixes=[{"Ipv6Prefix": "2001:db8::/80"}]),
            {"eni-1"},
            "2001:db8:: is not one of its subnet",
        ),
        (
            addresses("10.20.1.10", SubnetId="subnet-b"),
            {"eni-1", "eni-2"},
            "10.20.1.10 is said to be an address of each",
        ),
        (interface(VpcId="vpc-9"), {"eni-1"}, "it is of vpc-9, and its subnet subnet-a of vpc-1"),
        (instance(SubnetId="subnet-a"), {"eni-2"}, "(SubnetId)"),
        (instance(PrivateIpAddress="10.20.1.11"), {"eni-2"}, "(PrivateIpAddress)"),
        (instance(PublicIpAddress="198.51.100.9"), {"eni-2"}, "(PublicIpAddress)"),
        (instance("terminated"), {"eni-2"}, "its instance i-1 is terminated"),
        (instance("shutting-down"), {"eni-2"}, "its instance i-1 is shutting-down"),
        (
            another(
                "InternetGateways",
                InternetGatewayId="igw-2",
                Attachments=[{"State": "available", "VpcId": "vpc-1"}],
            ),
            {"igw-1", "igw-2"},
            "both are said to be attached to vpc-1",
        ),
        (
            another(
                "VpnGateways",
                VpnGatewayId="vgw-2",
                State="available",
                VpcAttachments=[{"State": "attached", "VpcId": "vpc-1"}],
            ),
            {"vgw-1", "vgw-2"},
            "both are said to be attached to vpc-1",
        ),
        (
            another(
                "RouteTables",
                RouteTableId="rtb-2",
                VpcId="vpc-1",
                Associations=[{"Main": True}],
                Routes=[],
            ),
            {"subnet-b/unknown-route-table"},
            "rtb-2 and rtb-main are both said",
        ),
        (nat, {"nat-1"}, "it is of vpc-9, and its subnet subnet-a of vpc-1"),
    ],
)
def test_what_cannot_be_is_said_and_leaves_in_doubt_what_it_speaks_of(account, change, scopes, why):
    before = account.observe().unmodelled
    change(account)
    found = [each for each in account.observe().unmodelled if each not in before]
    assert any(why in each.why for each in found)
    assert scopes <= {each.scope for each in found}


def test_a_subnet_in_doubt_leaves_in_doubt_what_others_pass_there(account, gaps):
    nat(account)
    account.document["NatGateways"][0]["VpcId"] = "vpc-1"
    account.thing("Subnets", "subnet-a")["CidrBlock"] = "172.16.0.0/24"
    assert [each.id for each in gaps(account.observe(), "nat-1")] == ["subnet-a"]


def test_a_vpc_in_doubt_leaves_in_doubt_what_carries_packets_through_it(account, gaps):
    account.document["Vpcs"].append({**account.document["Vpcs"][0], "OwnerId": "999999999999"})
    network = account.observe()
    for scope in ("vpc-1", "igw-1", "vgw-1", "acl-feed", "rtb-public"):
        assert [each.id for each in gaps(network, scope)] == ["vpc-1"]


@pytest.mark.parametrize("state", ["pending", "running", "stopping", "stopped"])
def test_whoever_may_send_again_is_there(account, gaps, state):
    instance(state, SubnetId="subnet-b", PrivateIpAddress="10.20.1.10")(account)
    assert gaps(account.observe(), "eni-2") == []


def verdict(account, port, source="eni-2", target="eni-1"):
    network = account.observe()
    (one, *_), (other, *_) = resolve(network, source), resolve(network, target)
    said = explain(network, one, other, 6, port).verdict
    assert prove(network).verdict(one, other, 6, port) is said
    return said


@pytest.fixture
def open_account(account):
    """eni-2 holds sg-strategy, to which alone sg-ticker of eni-1 opens 5556; NACLs are open."""
    acl = account.thing("NetworkAcls", "acl-feed")
    acl["Entries"] = account.thing("NetworkAcls", "acl-default")["Entries"]
    account.document["SecurityGroupRules"] = []
    account.thing("SecurityGroups", "sg-ticker")["IpPermissions"][0]["IpRanges"] = []
    out = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    account.thing("SecurityGroups", "sg-strategy")["IpPermissionsEgress"] = out
    account.document["SecurityGroups"].append(
        {
            "GroupId": "sg-more",
            "GroupName": "more",
            "VpcId": "vpc-1",
            "IpPermissions": [],
            "IpPermissionsEgress": [],
        }
    )
    del account.document["SecurityGroupRules"]
    return account


def holding(account, *groups):
    """What describe-instances says of the groups of eni-2, beside sg-strategy in the other."""
    instance(SecurityGroups=[{"GroupId": each} for each in groups])(account)
    return account


def test_of_groups_told_otherwise_those_that_both_tell_let_pass_for_sure(open_account):
    account = holding(open_account, "sg-strategy", "sg-more")
    assert [verdict(account, port) for port in (5556, 22)] == [A, D]
    assert verdict(account, 22, "eni-1", "eni-2") is U


def test_a_reference_to_a_group_may_mean_who_perhaps_holds_it(open_account):
    account = holding(open_account, "sg-more")
    assert [verdict(account, port) for port in (5556, 22)] == [U, D]


def test_that_a_group_is_perhaps_held_is_said_and_nobody_calls_it_unused(open_account):
    network = holding(open_account, "sg-strategy", "sg-more").observe()
    (said,) = [each for each in network.unmodelled if each.kind == "contradiction"]
    assert "not known whether it holds" in said.why and "sg-more" in said.id
    assert any("sg-more" in each.security_groups for each in network.unlisted)


def test_a_rule_that_describe_security_group_rules_shows_of_no_group_is_in_doubt(account):
    """It was asked with a filter, or the rule is newer."""
    permission = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}
    account.thing("SecurityGroups", "sg-strategy")["IpPermissions"] = [
        {**permission, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    ]
    (rule,) = account.observe().security_group["sg-strategy"].rules
    assert not rule.certain


def test_descriptions_that_differ_are_no_contradiction(account):
    account.document["SecurityGroupRules"][1]["Description"] = "another"
    assert all(each.certain for each in account.observe().security_group["sg-ticker"].rules)
