"""Tags: how many, how long, each key once.

EC2 itself takes every character in them
(https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from local_aws.strict.rules import EVERY, Request, Result, amends, invalid, refusal, refuses

LONGEST_KEY = 128
LONGEST_VALUE = 256
MOST_TAGS = 50
RESERVED = "aws:"


@refuses(EVERY)
def tags_created_with_a_resource_fit(request: Request) -> None:
    for specification in request.params.get("TagSpecifications") or []:
        check_tags(specification.get("Tags") or [], MOST_TAGS)


@refuses("CreateTags")
def added_tags_fit(request: Request) -> None:
    added = request.params.get("Tags") or []
    keys = {tag.get("Key") for tag in added}
    for resource in request.params.get("Resources") or []:
        standing = request.cloud.tags.get(resource, {})
        others = [key for key in standing if key not in keys and not key.startswith(RESERVED)]
        check_tags(added, MOST_TAGS - len(others))


def check_tags(tags: list[dict[str, Any]], room: int) -> None:
    for tag in tags:
        key, value = str(tag.get("Key") or ""), str(tag.get("Value") or "")
        if not key:
            raise invalid("Tag key cannot be null or empty.")
        if key.lower().startswith(RESERVED):
            raise invalid(f"Tag keys starting with '{RESERVED}' are reserved for internal use")
        if len(key) > LONGEST_KEY:
            raise invalid(f"Tag key exceeds the maximum length of {LONGEST_KEY} characters")
        if len(value) > LONGEST_VALUE:
            raise invalid(f"Tag value exceeds the maximum length of {LONGEST_VALUE} characters")
    # "Each tag key must be unique": keys that differ in case are two.
    keys = Counter(tag["Key"] for tag in tags)
    if twice := [key for key, times in keys.items() if times > 1]:
        raise invalid(f"Duplicate tag key '{twice[0]}' specified.")
    if len(keys) > room:
        raise refusal(
            "TagLimitExceeded", "The maximum number of Tags for a resource has been reached."
        )


DELETED = {
    "DeleteDhcpOptions": "DhcpOptionsId",
    "DeleteEgressOnlyInternetGateway": "EgressOnlyInternetGatewayId",
    "DeleteFlowLogs": "FlowLogIds",
    "DeleteInternetGateway": "InternetGatewayId",
    "DeleteNatGateway": "NatGatewayId",
    "DeleteNetworkAcl": "NetworkAclId",
    "DeleteNetworkInterface": "NetworkInterfaceId",
    "DeleteRouteTable": "RouteTableId",
    "DeleteSecurityGroup": "GroupId",
    "DeleteSubnet": "SubnetId",
    "DeleteVpc": "VpcId",
    "ReleaseAddress": "AllocationId",
    "RevokeSecurityGroupEgress": "SecurityGroupRuleIds",
    "RevokeSecurityGroupIngress": "SecurityGroupRuleIds",
}


@amends(*DELETED)
def tags_go_with_what_they_are_on(request: Request, result: Result) -> None:
    """moto goes on listing them."""
    named = request.params.get(DELETED[request.operation]) or []
    for name in [named] if isinstance(named, str) else named:
        request.cloud.tags.pop(name, None)


RESOURCE_TYPES = {
    "flow-logs": "vpc-flow-log",
    "managed-prefix-list": "prefix-list",
    "nat-gateway": "natgateway",
    "vpc-elastic-ip": "elastic-ip",
}
"""What moto calls some resources, and AWS does:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TagSpecification.html"""


OF_OURS = {
    "vpcbpa-exclude": "vpc-block-public-access-exclusion",
    "vpcec": "vpc-encryption-control",
}
"""Of what moto does not know, by how the ids begin."""


@amends("DescribeTags")
def resource_types_have_their_names(request: Request, result: Result) -> None:
    for tag in result["Tags"]:
        known = RESOURCE_TYPES.get(tag["resource_type"], tag["resource_type"])
        beginning = tag["resource_id"].rpartition("-")[0]
        tag["resource_type"] = OF_OURS.get(beginning, known)
