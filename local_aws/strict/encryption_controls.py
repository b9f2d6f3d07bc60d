"""VPC encryption controls: whether traffic in a VPC must be encrypted, and what is left out."""

from __future__ import annotations

from typing import Any, Final

from moto.ec2.utils import add_tag_specification, random_id

from local_aws.strict.encryption_enforced import check_enforcing
from local_aws.strict.public_access import filtered, kept, one_of, tagged
from local_aws.strict.rules import Request, Result, answers, refusal

MODES: Final = ("monitor", "enforce")
"""https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html"""
EXCLUSIONS: Final = (
    "InternetGateway",
    "EgressOnlyInternetGateway",
    "NatGateway",
    "VirtualPrivateGateway",
    "VpcPeering",
    "Lambda",
    "VpcLattice",
    "ElasticFileSystem",
)


def control_of(request: Request) -> dict[str, Any]:
    name = request.params["VpcEncryptionControlId"]
    held = kept(request, "encryption_controls").get(name)
    if held is None:
        raise refusal(
            "InvalidVpcEncryptionControlId.NotFound",
            f"The VPC encryption control '{name}' does not exist",
        )
    return held


@answers("CreateVpcEncryptionControl")
def create(request: Request) -> Result:
    """It begins by monitoring:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEncryptionControl.html"""
    params, cloud = request.params, request.cloud
    vpc = cloud.get_vpc(params["VpcId"])
    controls = kept(request, "encryption_controls")
    if any(each["VpcId"] == vpc.id for each in controls.values()):
        raise refusal(
            "VpcEncryptionControlAlreadyExists", f"{vpc.id} has an encryption control already."
        )
    name = random_id("vpcec")
    held = {
        "VpcId": vpc.id,
        "VpcEncryptionControlId": name,
        "Mode": "monitor",
        "State": "available",
        "ResourceExclusions": {
            each: {"State": "disabled", "StateMessage": ""} for each in EXCLUSIONS
        },
    }
    controls[name] = held
    cloud.create_tags([name], add_tag_specification(params.get("TagSpecifications") or []))
    return {"VpcEncryptionControl": {**tagged(request, held, name), "State": "creating"}}


@answers("ModifyVpcEncryptionControl")
def modify(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEncryptionControl.html"""
    params, held = request.params, control_of(request)
    mode = one_of(params.get("Mode") or held["Mode"], MODES, "mode")
    said = {each: params.get(f"{each}Exclusion") for each in EXCLUSIONS}
    if mode == "monitor" and "enable" in said.values():
        raise refusal("InvalidParameterCombination", "What is only monitored excludes nothing.")
    excluded = {
        each for each, now in held["ResourceExclusions"].items() if now["State"] == "enabled"
    }
    for each, state in said.items():
        if state is not None:
            one_of(state, ("enable", "disable"), f"{each}Exclusion")
            (excluded.add if state == "enable" else excluded.discard)(each)
    if mode == "enforce":
        check_enforcing(request.cloud, held["VpcId"], excluded)
    else:
        excluded.clear()
    held["Mode"] = mode
    for each, now in held["ResourceExclusions"].items():
        now["State"] = "enabled" if each in excluded else "disabled"
    name = held["VpcEncryptionControlId"]
    told = "enforce-in-progress" if mode == "enforce" else "monitor-in-progress"
    return {"VpcEncryptionControl": {**tagged(request, held, name), "State": told}}


@answers("DeleteVpcEncryptionControl")
def delete(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcEncryptionControl.html"""
    held = control_of(request)
    name = held["VpcEncryptionControlId"]
    del kept(request, "encryption_controls")[name]
    request.cloud.tags.pop(name, None)
    return {"VpcEncryptionControl": {**held, "State": "deleting"}}


@answers("DescribeVpcEncryptionControls")
def describe(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEncryptionControls.html"""
    names, vpcs = request.params.get("VpcEncryptionControlIds"), request.params.get("VpcIds")
    filtered(request)
    if names:
        for name in names:
            request.params["VpcEncryptionControlId"] = name
            control_of(request)
    return {
        "VpcEncryptionControls": [
            tagged(request, each, name)
            for name, each in kept(request, "encryption_controls").items()
            if (not names or name in names) and (not vpcs or each["VpcId"] in vpcs)
        ]
    }
