"""How something is replaced: what people call it, what that interrupts, and who says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bulkhead.review.interruption import Interruption

_AWS: Final = "https://docs.aws.amazon.com"
_TEMPLATE: Final = f"{_AWS}/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2"
_ENDPOINTS: Final = f"{_AWS}/vpn/latest/s2svpn/endpoint-replacements.html"


@dataclass(frozen=True, slots=True)
class Manner:
    """How something is replaced: what people call it, what that interrupts, who says so."""

    kind: str
    interrupts: Interruption
    means: str
    page: str


VPC: Final = Manner(
    "VPC",
    Interruption.CONNECTIONS,
    "everything in it goes, and comes anew",
    f"{_TEMPLATE}-vpc.html",
)
SUBNET: Final = Manner(
    "subnet",
    Interruption.CONNECTIONS,
    "every interface in it goes with it, and their established connections are cut",
    f"{_TEMPLATE}-subnet.html",
)
ACL: Final = Manner(
    "NACL association of",
    Interruption.NOTHING,
    "the next packet is under the new one, and none is under neither",
    f"{_AWS}/AWSEC2/latest/APIReference/API_ReplaceNetworkAclAssociation.html",
)
GROUP: Final = Manner(
    "security group",
    Interruption.NOTHING,
    "its holders leave the old one when they hold the new one",
    f"{_TEMPLATE}-securitygroup.html",
)
INTERFACE: Final = Manner(
    "interface",
    Interruption.CONNECTIONS,
    "its established connections are cut",
    f"{_TEMPLATE}-networkinterface.html",
)
INTERFACES: Final = replace(
    INTERFACE, kind="interfaces", means="their established connections are cut"
)
CLIENT_PORTS: Final = Manner(
    "client ports of",
    Interruption.CONNECTIONS,
    "replies to connections that it has open from other ports are dropped at each NACL that no "
    "longer lets them in",
    f"{_AWS}/vpc/latest/userguide/nacl-ephemeral-ports.html",
)
NEW_TUNNELS: Final = Manner(
    "VPN connection",
    Interruption.BOTH_TUNNELS,
    "BOTH TUNNELS AT ONCE: nothing passes between the site and the VPC until the site's device "
    "knows the addresses and keys of the new ones",
    f"{_TEMPLATE}-vpnconnection.html",
)
OTHER_ROUTING: Final = Manner(
    "VPN connection",
    Interruption.BOTH_TUNNELS,
    "BOTH TUNNELS AT ONCE, unless it is done in two steps: make the new connection beside the old "
    "one (`pulumi up --target` and its URN), give the site's device what `bulkhead site` says of "
    "it, and let `pulumi up` take the old one away when AWS shows both new tunnels up",
    f"{_AWS}/AWSEC2/latest/APIReference/API_VpnConnectionOptionsSpecification.html",
)
ANOTHER_ASN: Final = Manner(
    "all tunnels of",
    Interruption.BOTH_TUNNELS,
    "NOT IN ONE UPDATE: a VPC takes one VPN gateway, and the new one is made before the old one "
    "goes; take the sites out, update, and write them again with the new number",
    f"{_TEMPLATE}-vpngateway.html",
)
OTHER_GATEWAY: Final = Manner(
    "both tunnels of",
    Interruption.BOTH_TUNNELS,
    "BOTH TUNNELS AT ONCE: nothing passes between the site and the VPC until new endpoints are up",
    _ENDPOINTS,
)
BOTH_OPTIONS: Final = Manner(
    "both tunnels of",
    Interruption.BOTH_TUNNELS,
    "BOTH TUNNELS IN ONE UPDATE: the second may go while the first is not up again; change one, "
    "wait until it is up, then change the other",
    _ENDPOINTS,
)
ONE_TUNNEL: Final = Manner(
    "a tunnel of",
    Interruption.ONE_TUNNEL,
    "the other tunnel carries the packets, if the site's device uses both",
    _ENDPOINTS,
)
