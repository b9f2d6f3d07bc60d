"""What AWS keeps out of a VPC whose encryption control enforces, and what keeps one from enforcing.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html. The page names no
error codes, and does not say whether a change that cannot be made is refused or fails later: here
it is refused, by the code that EC2 has for what is not allowed
(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from moto.ec2.models.instance_types import INSTANCE_TYPES

from local_aws.strict.rules import Request, Result, answers, refusal, refuses

NOT_ALLOWED: Final = "OperationNotPermitted"
_GONE: Final = ("deleted", "deleting", "failed")
_OF_PEERS: Final = ("active", "pending-acceptance", "provisioning")
_TERMINATED: Final = 48
NITRO: Final = ""
"""Stands for what nothing excludes: the instances themselves have to encrypt."""
Blocking = tuple[str, str, str]
"""A resource that does not encrypt: its id, what it is, and what would exclude it."""


def control_in(cloud: Any, vpc: str) -> dict[str, Any] | None:
    """The control of a VPC; None where it has none."""
    controls: dict[str, dict[str, Any]] = vars(cloud).get("encryption_controls", {})
    return next((each for each in controls.values() if each["VpcId"] == vpc), None)


def keeps_out(cloud: Any, vpc: str, exclusion: str) -> bool:
    """Whether a VPC enforces encryption, and does not exclude that from it."""
    control = control_in(cloud, vpc)
    if control is None or control["Mode"] != "enforce":
        return False
    excluded = control["ResourceExclusions"].get(exclusion, {"State": "disabled"})
    return bool(excluded["State"] != "enabled")


def blocking(cloud: Any, vpc: str) -> Iterator[Blocking]:
    """What stands in a VPC and does not encrypt."""
    yield from _gateways(cloud, vpc)
    for peering in cloud.vpc_pcxs.values():
        ends = {each.id: each for each in (peering.vpc, peering.peer_vpc)}
        joined = vpc in ends and peering._status.code in _OF_PEERS
        if joined and any(not _encrypts(each) for name, each in ends.items() if name != vpc):
            yield peering.id, "vpc-peering-connection", "VpcPeering"
    for eni in cloud.enis.values():
        if eni.subnet.vpc_id == vpc and eni.interface_type == "lambda":
            yield eni.id, "network-interface", "Lambda"
    for reservation in cloud.reservations.values():
        for instance in reservation.instances:
            inside = any(each.subnet.vpc_id == vpc for each in instance.nics.values())
            if inside and instance._state.code != _TERMINATED and in_clear(instance.instance_type):
                yield instance.id, "instance", NITRO


def _gateways(cloud: Any, vpc: str) -> Iterator[Blocking]:
    for gateway in cloud.internet_gateways.values():
        if gateway.vpc is not None and gateway.vpc.id == vpc:
            yield gateway.id, "internet-gateway", "InternetGateway"
    for out in cloud.egress_only_internet_gateways.values():
        if out.vpc_id == vpc:
            yield out.id, "egress-only-internet-gateway", "EgressOnlyInternetGateway"
    for nat in cloud.nat_gateways.values():
        if nat.vpc_id == vpc and nat.state not in _GONE:
            yield nat.id, "nat-gateway", "NatGateway"
    for side in cloud.vpn_gateways.values():
        if any(
            each.vpc_id == vpc and each.state == "attached" for each in side.attachments.values()
        ):
            yield side.id, "vpn-gateway", "VirtualPrivateGateway"


def _encrypts(vpc: Any) -> bool:
    """Whether a peer enforces encryption, without any exclusion."""
    control = control_in(vpc.ec2_backend, vpc.id)
    if control is None or control["Mode"] != "enforce":
        return False
    return all(each["State"] == "disabled" for each in control["ResourceExclusions"].values())


def in_clear(instance_type: str) -> bool:
    """Whether AWS says of a type that it does not encrypt what it sends to another."""
    network = INSTANCE_TYPES.get(instance_type, {}).get("NetworkInfo", {})
    return network.get("EncryptionInTransitSupported") is False


def check(cloud: Any, vpc: str, what: str, exclusion: str = NITRO) -> None:
    """Refuse what would stand in a VPC that keeps it out."""
    if keeps_out(cloud, vpc, exclusion):
        raise refusal(NOT_ALLOWED, f"{vpc} enforces encryption, and {what} does not encrypt.")


def check_enforcing(cloud: Any, vpc: str, excluded: set[str]) -> None:
    """Refuse to enforce with no more than that excluded, where something stands in the way."""
    left = [each for each in blocking(cloud, vpc) if each[2] not in excluded]
    if left:
        named = ", ".join(f"{name} ({kind})" for name, kind, _ in left)
        raise refusal(NOT_ALLOWED, f"{vpc} cannot enforce encryption: {named} does not encrypt.")


@refuses("AttachInternetGateway")
def an_internet_gateway(request: Request) -> None:
    check(request.cloud, request.params["VpcId"], "an internet gateway", "InternetGateway")


@refuses("CreateEgressOnlyInternetGateway")
def an_egress_only_gateway(request: Request) -> None:
    what = "an egress-only internet gateway"
    check(request.cloud, request.params["VpcId"], what, "EgressOnlyInternetGateway")


@refuses("CreateNatGateway")
def a_nat_gateway(request: Request) -> None:
    subnet = request.params.get("SubnetId")
    vpc = request.cloud.get_subnet(subnet).vpc_id if subnet else request.params.get("VpcId", "")
    check(request.cloud, vpc, "a NAT gateway", "NatGateway")


@refuses("AttachVpnGateway")
def a_vpn_gateway(request: Request) -> None:
    what = "a virtual private gateway"
    check(request.cloud, request.params["VpcId"], what, "VirtualPrivateGateway")


@refuses("CreateVpcPeeringConnection")
def a_peering(request: Request) -> None:
    """Two that both enforce it without exclusions, in one Region, need none."""
    vpc, peer = request.params["VpcId"], request.params.get("PeerVpcId", "")
    there = request.cloud.vpcs.get(peer)
    if there is None or not _encrypts(there):
        check(request.cloud, vpc, f"a peering with {peer}", "VpcPeering")


@refuses("RunInstances")
def an_instance_that_does_not_encrypt(request: Request) -> None:
    params, cloud = request.params, request.cloud
    if not in_clear(str(params.get("InstanceType", "m1.small"))):
        return
    subnets = [params.get("SubnetId")]
    for each in params.get("NetworkInterfaces") or ():
        eni = cloud.enis.get(each.get("NetworkInterfaceId"))
        subnets.append(eni.subnet.id if eni is not None else each.get("SubnetId"))
    for subnet in filter(None, subnets):
        vpc = cloud.get_subnet(subnet).vpc_id
        check(cloud, vpc, f"an instance of {params.get('InstanceType', 'm1.small')}")


@refuses("AttachNetworkInterface")
def an_interface_of_it(request: Request) -> None:
    params, cloud = request.params, request.cloud
    eni = cloud.enis.get(params["NetworkInterfaceId"])
    instance = cloud.get_instance(params["InstanceId"])
    if eni is not None and in_clear(instance.instance_type):
        check(cloud, eni.subnet.vpc_id, f"an instance of {instance.instance_type}")


@answers("GetVpcResourcesBlockingEncryptionEnforcement")
def resources(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetVpcResourcesBlockingEncryptionEnforcement.html"""
    vpc = request.cloud.get_vpc(request.params["VpcId"])
    return {
        "NonCompliantResources": [
            {"Id": name, "Type": kind, "IsExcludable": exclusion != NITRO}
            for name, kind, exclusion in blocking(request.cloud, vpc.id)
        ]
    }
