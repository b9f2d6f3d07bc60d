"""Further CIDR blocks of a VPC: aws.ec2.VpcIpv4CidrBlockAssociation and its IPv6 sister."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws, filters
from local_aws.provider.kinds.networks import canonical_block
from local_aws.provider.table import Kind, Property, State
from local_aws.provider.waiting import settled
from local_aws.wire import Properties

IPAM = "the local AWS has no IPAM of IPv4"
GENERATED = "assignGeneratedIpv6CidrBlock"
IPV4 = (
    Property("cidrBlock", required=True, replaces=True),
    Property("vpcId", required=True, replaces=True),
)
IPV6 = (
    Property("assignGeneratedIpv6CidrBlock", default=False, replaces=True),
    Property("ipv6CidrBlock", replaces=True, computed=True, canonical=canonical_block),
    Property("ipv6IpamPoolId", replaces=True),
    Property("ipv6Pool", replaces=True, computed=True),
    Property("vpcId", required=True, replaces=True),
)
POOLS = {"ipv6IpamPoolId": "Ipv6IpamPoolId", "ipv6Pool": "Ipv6Pool"}


def find_block(aws: Aws, name: str, family: str) -> tuple[Answer, Answer] | None:
    """The VPC and its association, `CidrBlock` or `Ipv6CidrBlock`; None once it is undone."""
    by = "cidr_block_association__association_id"
    wanted = filters(**{by if family == "CidrBlock" else f"ipv6_{by}": name})
    for vpc in aws.listed("describe_vpcs", "Vpcs", Filters=wanted):
        for held in listed(vpc, f"{family}AssociationSet"):
            standing = held[f"{family}State"]["State"] not in ("disassociated", "disassociating")
            if held["AssociationId"] == name and standing:
                return vpc, held
    return None


def associated(
    family: str, arguments: Callable[[Properties], dict[str, Any]]
) -> Callable[[Aws, Properties, Mapping[str, str]], str]:
    def create(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
        answer = aws.call("associate_vpc_cidr_block", VpcId=inputs["vpcId"], **arguments(inputs))
        name = str(answer[f"{family}Association"]["AssociationId"])

        def look() -> Answer | None:
            found = find_block(aws, name, family)
            return None if found is None else found[1]

        settled(look, f"the association of {name}", state=lambda shown: state_of(shown, family))
        return name

    return create


def state_of(shown: Answer, family: str) -> str:
    return str(shown[f"{family}State"]["State"])


def read_ipv4(aws: Aws, name: str, state: State) -> State | None:
    found = find_block(aws, name, "CidrBlock")
    if found is None:
        return None
    return {"vpcId": found[0]["VpcId"], "cidrBlock": found[1]["CidrBlock"]}


def read_ipv6(aws: Aws, name: str, state: State) -> State | None:
    found = find_block(aws, name, "Ipv6CidrBlock")
    if found is None:
        return None
    vpc, held = found
    return {
        "vpcId": vpc["VpcId"],
        "assignGeneratedIpv6CidrBlock": held["Ipv6Pool"] == "Amazon",
        "ipv6CidrBlock": held["Ipv6CidrBlock"],
        "ipv6Pool": held["Ipv6Pool"],
        # AWS shows a pool of either kind as one.
        "ipv6IpamPoolId": held["Ipv6Pool"] if held["Ipv6Pool"].startswith("ipam-") else None,
        "ipSource": held.get("IpSource"),
        "ipv6AddressAttribute": held.get("Ipv6AddressAttribute"),
    }


def disassociated(family: str) -> Callable[[Aws, str, State], None]:
    def delete(aws: Aws, name: str, state: State) -> None:
        if find_block(aws, name, family) is not None:
            aws.gone("disassociate_vpc_cidr_block", AssociationId=name)

    return delete


def standing_ipv4(aws: Aws, inputs: Properties) -> str | None:
    vpc = aws.one("describe_vpcs", "Vpcs", VpcIds=[inputs["vpcId"]])
    for held in listed(vpc, "CidrBlockAssociationSet"):
        if (
            held["CidrBlock"] == inputs["cidrBlock"]
            and vpc
            and vpc["CidrBlock"] != inputs["cidrBlock"]
        ):
            return str(held["AssociationId"])
    return None


def of_one_source(inputs: Properties) -> Mapping[str, str]:
    given = [each for each in (GENERATED, *POOLS) if inputs.get(each)]
    if len(given) != 1:
        return {GENERATED: f"give one of {GENERATED}, {', '.join(POOLS)}"}
    if given == [GENERATED]:
        return {"ipv6CidrBlock": "AWS chooses it"} if inputs.get("ipv6CidrBlock") else {}
    if "ipv6CidrBlock" not in inputs:
        return {given[0]: "the local AWS knows no free blocks of a pool: give ipv6CidrBlock"}
    return {}


def arguments_of_ipv6(inputs: Properties) -> dict[str, Any]:
    for name, member in POOLS.items():
        if inputs.get(name):
            return {member: inputs[name], "Ipv6CidrBlock": inputs["ipv6CidrBlock"]}
    return {"AmazonProvidedIpv6CidrBlock": True}


KINDS = (
    Kind(
        token="aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
        properties=IPV4,
        outputs=(),
        create=associated("CidrBlock", lambda inputs: {"CidrBlock": inputs["cidrBlock"]}),
        read=read_ipv4,
        delete=disassociated("CidrBlock"),
        find=standing_ipv4,
        taggable=False,
        refused={"ipv4IpamPoolId": IPAM, "ipv4NetmaskLength": IPAM},
    ),
    Kind(
        token="aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation",
        properties=IPV6,
        outputs=("ipSource", "ipv6AddressAttribute"),
        create=associated("Ipv6CidrBlock", arguments_of_ipv6),
        read=read_ipv6,
        delete=disassociated("Ipv6CidrBlock"),
        taggable=False,
        problems=of_one_source,
        refused={"ipv6NetmaskLength": "the local AWS knows no free blocks of a pool"},
    ),
)
