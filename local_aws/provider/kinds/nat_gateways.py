"""aws.ec2.NatGateway: zonal ones, public and private, and regional ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws
from local_aws.provider.refusals import Refused
from local_aws.provider.table import Kind, Property, State, made_by, tags_of
from local_aws.provider.waiting import gone, settled
from local_aws.wire import Properties


def places_alike(given: Any) -> Any:
    """Which zone comes first means nothing."""
    if not isinstance(given, list):
        return given
    return sorted(
        (
            each.get("availabilityZone") or each.get("availabilityZoneId") or "",
            tuple(sorted(map(str, each.get("allocationIds") or ()))),
        )
        for each in given
    )


GATEWAY = (
    Property("allocationId", "AllocationId", replaces=True, computed=True),
    Property("availabilityMode", "AvailabilityMode", replaces=True, computed=True),
    Property(
        "availabilityZoneAddresses",
        "AvailabilityZoneAddresses",
        computed=True,
        canonical=places_alike,
    ),
    Property("connectivityType", "ConnectivityType", replaces=True, default="public"),
    Property("privateIp", "PrivateIpAddress", replaces=True, computed=True),
    Property("subnetId", "SubnetId", replaces=True),
    Property("vpcId", "VpcId", replaces=True, computed=True),
)
ONE_ADDRESS = "the local AWS gives a NAT gateway one address"


def find_gateway(aws: Aws, name: str) -> Answer | None:
    return aws.one("describe_nat_gateways", "NatGateways", NatGatewayIds=[name])


def create_gateway(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    """One that fails is taken away again: AWS shows it for an hour, and nobody can use it.

    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
    """
    create = made_by("create_nat_gateway", "NatGateway.NatGatewayId", GATEWAY, "natgateway")
    # AWS takes the VPC of a regional one only: that of a zonal one is its subnet's.
    said = dict(inputs)
    if said.get("subnetId"):
        said.pop("vpcId", None)
    said["availabilityZoneAddresses"] = [
        place_asked(each) for each in inputs.get("availabilityZoneAddresses") or []
    ]
    name = create(aws, said, tags)
    shown = settled(lambda: find_gateway(aws, name), f"the creation of {name}")
    if shown is not None and shown["State"] == "failed":
        code, why = str(shown.get("FailureCode", "")), str(shown.get("FailureMessage", ""))
        delete_gateway(aws, name, {})
        raise Refused(code, f"{name} failed: {why}")
    return name


def place_asked(given: Mapping[str, Any]) -> dict[str, Any]:
    """A zone, and the addresses there, as the call takes them."""
    asked = {
        "AllocationIds": given.get("allocationIds"),
        "AvailabilityZone": given.get("availabilityZone"),
        "AvailabilityZoneId": given.get("availabilityZoneId"),
    }
    return {key: value for key, value in asked.items() if value}


def change_gateway(aws: Aws, name: str, old: State, new: Properties) -> None:
    """Addresses of a regional one come and go, and it stays.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateNatGatewayAddress.html
    """
    shown = find_gateway(aws, name)
    wanted = {
        allocation: each
        for each in new.get("availabilityZoneAddresses") or []
        for allocation in each.get("allocationIds") or []
    }
    if shown is None or not wanted:
        return
    held = {each["AllocationId"]: each for each in listed(shown, "NatGatewayAddresses")}
    for allocation, each in wanted.items():
        if allocation not in held:
            aws.call(
                "associate_nat_gateway_address",
                NatGatewayId=name,
                **place_asked({**each, "allocationIds": [allocation]}),
            )
    gone_now = [each["AssociationId"] for key, each in held.items() if key not in wanted]
    if gone_now:
        aws.call("disassociate_nat_gateway_address", NatGatewayId=name, AssociationIds=gone_now)


def read_gateway(aws: Aws, name: str, state: State) -> State | None:
    shown = find_gateway(aws, name)
    if shown is None or shown["State"] == "failed":
        return None
    addresses = listed(shown, "NatGatewayAddresses")
    regional = shown.get("AvailabilityMode") == "regional"
    first: Mapping[str, Any] = addresses[0] if addresses and not regional else {}
    return {
        "allocationId": first.get("AllocationId") or "",
        "availabilityMode": shown.shown("AvailabilityMode"),
        "availabilityZoneAddresses": given_places(addresses, state)
        if regional and shown.get("AutoProvisionZones") != "enabled"
        else [],
        "connectivityType": shown.shown("ConnectivityType"),
        "privateIp": first.get("PrivateIp") or "",
        "subnetId": shown.get("SubnetId"),
        "vpcId": shown["VpcId"],
        "arn": aws.arn("natgateway", name),
        "associationId": first.get("AssociationId"),
        "autoProvisionZones": shown.get("AutoProvisionZones"),
        "autoScalingIps": shown.get("AutoScalingIps"),
        "networkInterfaceId": first.get("NetworkInterfaceId"),
        "publicIp": first.get("PublicIp"),
        "regionalNatGatewayAddresses": [regional_address(each) for each in addresses]
        if regional
        else [],
        "regionalNatGatewayAutoMode": shown.get("AutoProvisionZones"),
        "routeTableId": shown.get("RouteTableId"),
        "tags": tags_of(shown),
    }


def given_places(addresses: list[Answer], state: State) -> list[dict[str, Any]]:
    """By zone the allocations of its addresses; zones by their ids where a program said those."""
    said = state.get("availabilityZoneAddresses") or []
    by_id = any(isinstance(each, dict) and each.get("availabilityZoneId") for each in said)
    prop = "availabilityZoneId" if by_id else "availabilityZone"
    found: dict[str, list[str]] = {}
    for each in addresses:
        found.setdefault(each[prop[0].upper() + prop[1:]], []).append(each["AllocationId"])
    return [{prop: zone, "allocationIds": several} for zone, several in found.items()]


def regional_address(shown: Answer) -> dict[str, Any]:
    return {
        "allocationId": shown.get("AllocationId"),
        "associationId": shown.get("AssociationId"),
        "availabilityZone": shown.get("AvailabilityZone"),
        "availabilityZoneId": shown.get("AvailabilityZoneId"),
        "networkInterfaceId": shown.get("NetworkInterfaceId"),
        "publicIp": shown.get("PublicIp"),
        "status": shown.get("Status"),
    }


def delete_gateway(aws: Aws, name: str, state: State) -> None:
    """Until it has gone its address cannot be released, nor its subnet deleted."""
    aws.gone("delete_nat_gateway", NatGatewayId=name)

    def still_there() -> Answer | None:
        try:
            found = aws.listed("describe_nat_gateways", "NatGateways", NatGatewayIds=[name])
        except Refused as refused:
            if refused.not_found:
                return None
            raise
        return next((each for each in found if each["State"] != "deleted"), None)

    gone(still_there, name)


def as_its_mode_has_it(inputs: Properties) -> Mapping[str, str]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html"""
    if inputs.get("availabilityMode") == "regional":
        found = {
            name: "a regional NAT gateway is in no subnet; addresses go by zone"
            for name in ("subnetId", "allocationId", "privateIp")
            if inputs.get(name)
        }
        if not inputs.get("vpcId"):
            found["vpcId"] = "a regional NAT gateway needs vpcId"
        if inputs.get("connectivityType") == "private":
            found["connectivityType"] = "a regional NAT gateway is a public one"
        return found
    found = {} if inputs.get("subnetId") else {"subnetId": "a zonal NAT gateway needs subnetId"}
    public = inputs.get("connectivityType", "public") == "public"
    if public != bool(inputs.get("allocationId")):
        found["allocationId"] = (
            "a public NAT gateway needs allocationId"
            if public
            else "a private NAT gateway takes no allocationId"
        )
    return found


KINDS = (
    Kind(
        token="aws:ec2/natGateway:NatGateway",
        properties=GATEWAY,
        outputs=(
            "associationId",
            "autoProvisionZones",
            "autoScalingIps",
            "networkInterfaceId",
            "publicIp",
            "regionalNatGatewayAddresses",
            "regionalNatGatewayAutoMode",
            "routeTableId",
        ),
        create=create_gateway,
        once=True,
        read=read_gateway,
        delete=delete_gateway,
        update=change_gateway,
        unsettled={"availabilityZoneAddresses": ("regionalNatGatewayAddresses",)},
        problems=as_its_mode_has_it,
        refused={
            "secondaryAllocationIds": ONE_ADDRESS,
            "secondaryPrivateIpAddressCount": ONE_ADDRESS,
            "secondaryPrivateIpAddresses": ONE_ADDRESS,
        },
    ),
)
