"""aws.ec2.VpcEncryptionControl."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws
from local_aws.provider.table import Kind, Property, State, deleted_by, made_by, tags_of
from local_aws.provider.waiting import settled
from local_aws.wire import Properties

EXCLUSIONS = {
    "egressOnlyInternetGatewayExclusion": "EgressOnlyInternetGateway",
    "elasticFileSystemExclusion": "ElasticFileSystem",
    "internetGatewayExclusion": "InternetGateway",
    "lambdaExclusion": "Lambda",
    "natGatewayExclusion": "NatGateway",
    "virtualPrivateGatewayExclusion": "VirtualPrivateGateway",
    "vpcLatticeExclusion": "VpcLattice",
    "vpcPeeringExclusion": "VpcPeering",
}
UNDER_WAY = ("creating", "enforce-in-progress", "monitor-in-progress")
VPC = Property("vpcId", "VpcId", required=True, replaces=True)
CONTROL = (
    Property("mode", required=True),
    VPC,
    *(Property(name, computed=True) for name in EXCLUSIONS),
)


def find_control(aws: Aws, name: str) -> Answer | None:
    return aws.one(
        "describe_vpc_encryption_controls",
        "VpcEncryptionControls",
        VpcEncryptionControlIds=[name],
    )


def set_mode(aws: Aws, name: str, inputs: Properties) -> None:
    """What is created only monitors; enforcing, and what is left out of it, is a second call."""
    settled(lambda: find_control(aws, name), f"the creation of {name}", UNDER_WAY)
    if inputs["mode"] == "monitor":
        return
    change_control(aws, name, {"mode": "monitor"}, inputs)


def change_control(aws: Aws, name: str, old: State, new: Properties) -> None:
    said: dict[str, Any] = {
        f"{member}Exclusion": new[prop] for prop, member in EXCLUSIONS.items() if new.get(prop)
    }
    changed = new["mode"] != old.get("mode") or any(
        new.get(prop) not in (None, old.get(prop)) for prop in EXCLUSIONS
    )
    if changed:
        aws.call(
            "modify_vpc_encryption_control",
            VpcEncryptionControlId=name,
            Mode=new["mode"],
            **(said if new["mode"] == "enforce" else {}),
        )
        settled(lambda: find_control(aws, name), f"the change of {name}", UNDER_WAY)


def read_control(aws: Aws, name: str, state: State) -> State | None:
    shown = find_control(aws, name)
    if shown is None:
        return None
    exclusions = shown.inside("ResourceExclusions")
    return {
        "mode": shown["Mode"],
        "vpcId": shown["VpcId"],
        **{
            prop: exclusions.inside(member)["State"].removesuffix("d")
            for prop, member in EXCLUSIONS.items()
        },
        "resourceExclusions": {
            member[0].lower() + member[1:]: {"state": exclusions.inside(member)["State"]}
            for member in EXCLUSIONS.values()
        },
        "state": shown["State"],
        "stateMessage": shown.get("StateMessage"),
        "tags": tags_of(shown),
    }


def only_where_enforced(inputs: Properties) -> Mapping[str, str]:
    if inputs.get("mode") != "monitor":
        return {}
    return {
        name: "what is only monitored excludes nothing: mode enforce"
        for name in EXCLUSIONS
        if inputs.get(name) == "enable"
    }


KINDS = (
    Kind(
        token="aws:ec2/vpcEncryptionControl:VpcEncryptionControl",
        properties=CONTROL,
        outputs=("resourceExclusions", "state", "stateMessage"),
        create=made_by(
            "create_vpc_encryption_control",
            "VpcEncryptionControl.VpcEncryptionControlId",
            (VPC,),
            "vpc-encryption-control",
        ),
        after_create=set_mode,
        read=read_control,
        update=change_control,
        delete=deleted_by("delete_vpc_encryption_control", "VpcEncryptionControlId"),
        problems=only_where_enforced,
        unsettled={"mode": ("resourceExclusions", "stateMessage")},
    ),
)
