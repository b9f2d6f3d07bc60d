"""Everything that stands in an account, with names in place of ids: two accounts compare equal."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

# Rules of groups are in the groups; asking for them one by one is slow.
DESCRIBED: Final = {
    "describe_vpcs": "Vpcs",
    "describe_subnets": "Subnets",
    "describe_route_tables": "RouteTables",
    "describe_network_acls": "NetworkAcls",
    "describe_security_groups": "SecurityGroups",
    "describe_network_interfaces": "NetworkInterfaces",
    "describe_internet_gateways": "InternetGateways",
    "describe_vpn_gateways": "VpnGateways",
    "describe_customer_gateways": "CustomerGateways",
    "describe_vpn_connections": "VpnConnections",
}
CHOSEN: Final = frozenset(
    {"CustomerGatewayConfiguration", "OutsideIpAddress", "PreSharedKey", "TunnelInsideCidr"}
    | {"MacAddress", "PrivateDnsName", "PrivateIpAddress", "AvailableIpAddressCount"}
    | {"GroupName", "LastStatusChange", "PreSharedKeyArn"}
)
"""What AWS or the engine chooses at random, or at the time."""
ID: Final = re.compile(r"\b([a-z]+(?:-[a-z]+)*)-[0-9a-f]{8,17}\b")


def portrait(client: Any, names: Mapping[str, str]) -> list[str]:
    """A line a thing; `names` are the ids that mean something, any other is '<kind>-?'."""
    return sorted(
        f"{key}: {json.dumps(_named(thing, names))}"
        for operation, key in DESCRIBED.items()
        for thing in getattr(client, operation)()[key]
        if thing.get("State") not in ("deleted", "deleting")
    )


def _named(value: Any, names: Mapping[str, str]) -> Any:
    """Without what is chosen at random, and everything in one order."""
    if isinstance(value, Mapping):
        kept = sorted(value.keys() - CHOSEN)
        return {key: _named(value[key], names) for key in kept}
    if isinstance(value, list):
        return sorted((_named(item, names) for item in value), key=json.dumps)
    return ID.sub(lambda found: names.get(found[0], f"{found[1]}-?"), str(value))
