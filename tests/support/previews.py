"""Previews of a stack, step by step, as `pulumi preview --json --show-sames` writes them."""

from __future__ import annotations

import copy
from typing import Any

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
AWS = "urn:pulumi:dev::p::pulumi:providers:aws::default_7_51_1"

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
ACL = "aws:ec2/networkAcl:NetworkAcl"
ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule"
ACL_ASSOCIATION = "aws:ec2/networkAclAssociation:NetworkAclAssociation"
TABLE = "aws:ec2/routeTable:RouteTable"
TABLE_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ROUTE = "aws:ec2/route:Route"
INTERFACE = "aws:ec2/networkInterface:NetworkInterface"
INSTANCE = "aws:ec2/instance:Instance"
EIP = "aws:ec2/eip:Eip"
GATEWAY = "aws:ec2/internetGateway:InternetGateway"


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:dev::p::{token}::{name}"


def state_of(token: str, name: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"urn": urn(token, name), "custom": True, "type": token, "inputs": inputs} | {
        "provider": f"{AWS}::{UNKNOWN}",
        **more,
    }


def create(token: str, name: str, /, deps: dict[str, list[str]] | None = None, **inputs: Any):
    """A step that makes a resource; `deps` are those of the properties that are unknown."""
    new = state_of(token, name, inputs, propertyDependencies=deps or {})
    return {"op": "create", "urn": urn(token, name), "newState": new, "detailedDiff": None}


def same(token: str, name: str, known_as: str, outputs: dict[str, Any] | None = None, /, **inputs):
    old = state_of(token, name, inputs, id=known_as, outputs={**inputs, **(outputs or {})})
    new = state_of(token, name, inputs)
    return {"op": "same", "urn": urn(token, name), "oldState": old, "newState": new}


def changed(step: dict[str, Any], op: str, deps: dict[str, list[str]] | None = None, **inputs: Any):
    """The same resource with other inputs; those that are None are not there any more."""
    step = copy.deepcopy(step)
    new = {**step["newState"]["inputs"], **inputs}
    step["op"], step["diffReasons"] = op, [*inputs]
    step["newState"]["inputs"] = {key: value for key, value in new.items() if value is not None}
    step["newState"]["propertyDependencies"] = deps or {}
    return step


def delete(step: dict[str, Any], op: str = "delete", **more: Any) -> dict[str, Any]:
    return {"op": op, "urn": step["urn"], "oldState": step["oldState"] | more}


def document(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    counted: dict[str, int] = {}
    for step in steps:
        counted[step["op"]] = counted.get(step["op"], 0) + 1
    stack = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev"
    root = {"urn": stack, "custom": False, "type": "pulumi:pulumi:Stack"}
    first = {"op": "same", "urn": stack, "oldState": root, "newState": root}
    counted["same"] = counted.get("same", 0) + 1
    config = more.get("config", {"aws:region": "eu-west-1", "aws:secretKey": "plainly"})
    told = {key: config.get(f"aws:{key}") for key in ("region", "defaultTags")}
    default = {"urn": AWS, "custom": True, "type": "pulumi:providers:aws", "id": "1-2"}
    default["inputs"] = {key: value for key, value in told.items() if value}
    uncounted = {"op": "same", "urn": AWS, "oldState": default, "newState": default}
    return {
        "config": config,
        "steps": [first, uncounted, *steps],
        "duration": 5,
        "changeSummary": counted,
        **more,
    }


MAIN = create(VPC, "main", cidrBlock="10.0.0.0/16", tags={"Name": "main"})
IN_MAIN = {"vpcId": [urn(VPC, "main")]}
FEED = create(SUBNET, "feed", IN_MAIN, vpcId=UNKNOWN, cidrBlock="10.0.0.0/24")
RISK = create(SUBNET, "risk", IN_MAIN, vpcId=UNKNOWN, cidrBlock="10.0.1.0/24")
TICKER = create(GROUP, "ticker", IN_MAIN, vpcId=UNKNOWN, name="ticker-1f")
CLIENT = create(GROUP, "client", IN_MAIN, vpcId=UNKNOWN, name="client-1f")
FRESH = (MAIN, FEED, RISK, TICKER, CLIENT)

STANDING = (
    same(
        VPC,
        "main",
        "vpc-1",
        {
            "defaultNetworkAclId": "acl-default",
            "defaultSecurityGroupId": "sg-default",
            "defaultRouteTableId": "rtb-main",
            "arn": "arn:aws:ec2:eu-west-1:1:vpc/vpc-1",
        },
        cidrBlock="10.0.0.0/16",
    ),
    same(SUBNET, "feed", "subnet-1", vpcId="vpc-1", cidrBlock="10.0.0.0/24"),
    same(GROUP, "ticker", "sg-1", {"ingress": []}, vpcId="vpc-1", name="ticker"),
)
RULE = same(
    INGRESS,
    "ticks",
    "sgr-1",
    {"securityGroupRuleId": "sgr-1"},
    securityGroupId="sg-1",
    ipProtocol="tcp",
    fromPort=5556,
    toPort=5556,
    cidrIpv4="10.0.0.0/24",
)


EVERY = (
    *STANDING,
    RULE,
    same(SUBNET, "risk", "subnet-2", vpcId="vpc-1", cidrBlock="10.0.1.0/24"),
    same(GROUP, "client", "sg-2", {"ingress": []}, vpcId="vpc-1", name="client"),
    same(
        INTERFACE,
        "one",
        "eni-1",
        {"privateIp": "10.0.0.9", "privateIps": ["10.0.0.9"]},
        subnetId="subnet-1",
        securityGroups=["sg-1"],
    ),
    same(ACL, "acl", "acl-1", vpcId="vpc-1", subnetIds=["subnet-2"]),
)


def without_sames(whole: dict[str, Any]) -> dict[str, Any]:
    """The same preview as it is written without --show-sames: the stack itself is always shown."""
    shown = [
        each
        for each in whole["steps"]
        if each["op"] != "same" or each["oldState"]["type"] == "pulumi:pulumi:Stack"
    ]
    return {**whole, "steps": shown}


def state_before(whole: dict[str, Any]) -> dict[str, Any]:
    """The state that a preview with --show-sames began from, as `pulumi stack export` writes it."""
    seen: dict[tuple[str, str], dict[str, Any]] = {}
    for each in whole["steps"]:
        if old := each.get("oldState"):
            seen.setdefault((old["urn"], old.get("id", "")), old)
    return {"version": 3, "deployment": {"resources": copy.deepcopy([*seen.values()])}}
