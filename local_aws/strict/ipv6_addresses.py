"""IPv6 addresses of interfaces: of their subnet's block, each once, chosen where none is said."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import Any, Final

from local_aws.strict.blocks import blocks_of
from local_aws.strict.rules import Request, invalid, refusal, refuses
from local_aws.strict.values import AnyNetwork, network

RESERVED: Final = 4
"""The first four addresses, and the last one:
https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html#subnet-sizing-ipv6"""
FIRST_CHOSEN: Final = 0x100


@refuses("CreateNetworkInterface")
def a_new_interface_has_addresses_of_its_subnet(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html"""
    params = request.params
    subnet = request.cloud.get_subnet(params["SubnetId"])
    said = [each["Ipv6Address"] for each in params.get("Ipv6Addresses") or []]
    count = int(params.pop("Ipv6AddressCount", None) or 0)
    if subnet.assign_ipv6_address_on_creation and not said:
        count = count or 1
    addresses = addresses_in(request.cloud, subnet, said, count, held=())
    params["Ipv6Addresses"] = [{"Ipv6Address": each} for each in addresses]


@refuses("AssignIpv6Addresses")
def an_added_address_is_of_the_subnet(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssignIpv6Addresses.html"""
    params = request.params
    eni = request.cloud.get_network_interface(params["NetworkInterfaceId"])
    said, count = params.get("Ipv6Addresses") or [], params.pop("Ipv6AddressCount", None)
    params["Ipv6Addresses"] = addresses_in(
        request.cloud, eni.subnet, said, int(count or 0), eni.ipv6_addresses
    )


def addresses_in(
    cloud: Any, subnet: Any, said: list[str], count: int, held: Collection[str]
) -> list[str]:
    """Those that are said, checked, and `count` more."""
    if not said and not count:
        return []
    blocks = [network(each) for each in blocks_of(subnet, 6)]
    if not blocks:
        raise invalid(f"Invalid request, {subnet.id} has no IPv6 CIDR block.")
    used = {
        each
        for eni in cloud.enis.values()
        if eni.subnet.id == subnet.id
        for each in eni.ipv6_addresses
    }
    wanted = [checked(text, blocks[0]) for text in said]
    for text in wanted:
        if text in used and text not in held:
            raise refusal("InvalidIPAddress.InUse", f"Address {text} is in use.")
    offset = FIRST_CHOSEN
    while len(wanted) < len(said) + count:
        free = str(blocks[0][offset])
        if free not in used and free not in wanted:
            wanted.append(free)
        offset += 1
    return wanted


def checked(text: str, block: AnyNetwork) -> str:
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        raise invalid(f"Invalid value '{text}' for address.") from None
    if address not in block:
        raise invalid(f"Address {text} does not fall within the subnet's address range")
    offset = int(address) - int(block.network_address)
    if not RESERVED <= offset < block.num_addresses - 1:
        raise invalid(f"Address {text} is in subnet's reserved address range")
    return str(address)
