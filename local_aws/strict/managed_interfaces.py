"""Interfaces that AWS makes for its own: of NAT gateways, endpoints, load balancers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from local_aws.strict.networks import check_addresses, usable_addresses, used_addresses
from local_aws.strict.rules import Request, refusal, refuses


def free_address(cloud: Any, subnet: Any) -> str:
    used = used_addresses(cloud, subnet.id)
    free = next((str(each) for each in usable_addresses(subnet) if str(each) not in used), None)
    if free is None:
        raise refusal("InsufficientFreeAddressesInSubnet", f"{subnet.id} has no free address")
    return free


def managed_interface(
    cloud: Any,
    subnet: Any,
    kind: str,
    description: str,
    groups: Sequence[str] = (),
    address: str | None = None,
) -> Any:
    """An interface of a service. Without groups it has none, as a NAT gateway's has."""
    if address is None:
        address = free_address(cloud, subnet)
    else:
        check_addresses(cloud, subnet, [address])
    eni = cloud.create_network_interface(
        subnet, address, group_ids=list(groups) or None, description=description
    )
    if not groups:
        eni._group_set = []
    eni.interface_type = kind
    eni.requester_managed = True
    eni.status = "in-use"
    return eni


@refuses("DeleteNetworkInterface", "ModifyNetworkInterfaceAttribute")
def what_aws_manages_stays_as_it_is(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html"""
    name = request.params.get("NetworkInterfaceId")
    eni = request.cloud.enis.get(name)
    if eni is not None and eni.requester_managed:
        raise refusal(
            "OperationNotPermitted",
            f"You are not allowed to manage '{name}': a service of AWS manages it.",
        )
