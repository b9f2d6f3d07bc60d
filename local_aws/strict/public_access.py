"""VPC Block Public Access of a Region, its exclusions, and encryption controls of VPCs.

moto has none of them: what there is of them stands here, beside moto's own state of the Region.
"""

from __future__ import annotations

from typing import Any, Final

from moto.core.utils import utcnow
from moto.ec2.utils import add_tag_specification, random_id

from local_aws.strict.rules import Request, Result, answers, invalid, refusal

MODES: Final = ("off", "block-bidirectional", "block-ingress")
"""https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html"""
EXCLUSION_MODES: Final = ("allow-bidirectional", "allow-egress")
EXCLUSIONS: Final = 50
"""https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""


def kept(request: Request, what: str) -> dict[str, dict[str, Any]]:
    """With moto's own state of the Region, so that a reset empties it too."""
    held: dict[str, dict[str, Any]] = vars(request.cloud).setdefault(what, {})
    return held


def one_of(value: Any, values: tuple[str, ...], what: str) -> str:
    if value not in values:
        raise invalid(f"Invalid value '{value}' for {what}. One of {', '.join(values)}.")
    return str(value)


def tagged(request: Request, shown: dict[str, Any], name: str) -> dict[str, Any]:
    tags = request.cloud.tags.get(name, {})
    return {**shown, "Tags": [{"Key": key, "Value": tags[key]} for key in tags]}


def options(request: Request) -> dict[str, Any]:
    cloud = request.cloud
    standing: dict[str, Any] = {
        "AwsAccountId": cloud.account_id,
        "AwsRegion": cloud.region_name,
        "State": "default-state",
        "InternetGatewayBlockMode": "off",
        "ManagedBy": "account",
        "ExclusionsAllowed": "allowed",
    }
    return kept(request, "public_access").setdefault("options", standing)


@answers("DescribeVpcBlockPublicAccessOptions")
def describe_options(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcBlockPublicAccessOptions.html"""
    return {"VpcBlockPublicAccessOptions": options(request)}


@answers("ModifyVpcBlockPublicAccessOptions")
def modify_options(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcBlockPublicAccessOptions.html"""
    mode = one_of(request.params.get("InternetGatewayBlockMode"), MODES, "internetGatewayBlockMode")
    held = options(request)
    held.update(
        State="update-complete", InternetGatewayBlockMode=mode, LastUpdateTimestamp=utcnow()
    )
    return {"VpcBlockPublicAccessOptions": {**held, "State": "update-in-progress"}}


def exclusion_of(request: Request) -> dict[str, Any]:
    name = request.params["ExclusionId"]
    held = kept(request, "public_access_exclusions").get(name)
    if held is None or held["State"] == "delete-complete":
        raise refusal(
            "InvalidVpcBlockPublicAccessExclusionId.NotFound",
            f"The exclusion '{name}' does not exist",
        )
    return held


@answers("CreateVpcBlockPublicAccessExclusion")
def create_exclusion(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcBlockPublicAccessExclusion.html"""
    params, cloud = request.params, request.cloud
    mode = one_of(
        params.get("InternetGatewayExclusionMode"), EXCLUSION_MODES, "internetGatewayExclusionMode"
    )
    if bool(params.get("VpcId")) == bool(params.get("SubnetId")):
        raise refusal("InvalidParameterCombination", "Give exactly one of vpcId and subnetId.")
    if params.get("VpcId"):
        kind, of = "vpc", cloud.get_vpc(params["VpcId"]).id
    else:
        kind, of = "subnet", cloud.get_subnet(params["SubnetId"]).id
    arn = f"arn:aws:ec2:{cloud.region_name}:{cloud.account_id}:{kind}/{of}"
    exclusions = kept(request, "public_access_exclusions")
    standing = [each for each in exclusions.values() if each["State"] != "delete-complete"]
    if any(each["ResourceArn"] == arn for each in standing):
        raise refusal("ResourceAlreadyExists", f"There is an exclusion of {of} already.")
    if len(standing) >= EXCLUSIONS:
        raise refusal("VpcBlockPublicAccessExclusionLimitExceeded", "No further exclusion fits.")
    name = random_id("vpcbpa-exclude")
    held = {
        "ExclusionId": name,
        "InternetGatewayExclusionMode": mode,
        "ResourceArn": arn,
        "State": "create-complete",
        "CreationTimestamp": utcnow(),
        "LastUpdateTimestamp": utcnow(),
    }
    exclusions[name] = held
    cloud.create_tags([name], add_tag_specification(params.get("TagSpecifications") or []))
    told = tagged(request, held, name)
    return {"VpcBlockPublicAccessExclusion": {**told, "State": "create-in-progress"}}


@answers("ModifyVpcBlockPublicAccessExclusion")
def modify_exclusion(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcBlockPublicAccessExclusion.html"""
    held = exclusion_of(request)
    mode = request.params.get("InternetGatewayExclusionMode")
    held["InternetGatewayExclusionMode"] = one_of(
        mode, EXCLUSION_MODES, "internetGatewayExclusionMode"
    )
    held.update(State="update-complete", LastUpdateTimestamp=utcnow())
    return {"VpcBlockPublicAccessExclusion": {**held, "State": "update-in-progress"}}


@answers("DeleteVpcBlockPublicAccessExclusion")
def delete_exclusion(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcBlockPublicAccessExclusion.html"""
    held = exclusion_of(request)
    held.update(State="delete-complete", DeletionTimestamp=utcnow())
    request.cloud.tags.pop(held["ExclusionId"], None)
    return {"VpcBlockPublicAccessExclusion": {**held, "State": "delete-in-progress"}}


@answers("DescribeVpcBlockPublicAccessExclusions")
def describe_exclusions(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcBlockPublicAccessExclusions.html"""
    wanted = request.params.get("ExclusionIds") or []
    held = kept(request, "public_access_exclusions")
    for name in wanted:
        if name not in held:
            raise refusal(
                "InvalidVpcBlockPublicAccessExclusionId.NotFound",
                f"The exclusion '{name}' does not exist",
            )
    filtered(request)
    return {
        "VpcBlockPublicAccessExclusions": [
            tagged(request, each, name)
            for name, each in held.items()
            if (name in wanted or not wanted) and each["State"] != "delete-complete"
        ]
    }


def filtered(request: Request) -> None:
    if request.params.get("Filters"):
        raise refusal(
            "UnsupportedOperation", f"The local AWS has no filters of {request.operation}."
        )
