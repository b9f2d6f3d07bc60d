"""What one packet meets on its way: the words of an explanation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bulkhead.ends.classes import Endpoint
from bulkhead.ends.public import PublicAddress
from bulkhead.explain.rules import RuleRef
from bulkhead.network import IPAddress, PortRange, Verdict


class Layer(StrEnum):
    GROUP_EGRESS = "security group egress"
    ACL_EGRESS = "NACL egress"
    ROUTE = "route"
    GATEWAY = "gateway"
    PUBLIC_ACCESS = "block public access"
    NAT = "NAT gateway"
    PEERING = "peering"
    TRANSIT = "transit gateway"
    TRANSIT_ROUTE = "transit gateway route"
    GATEWAY_ENDPOINT = "gateway endpoint"
    FIREWALL = "firewall"
    APPLIANCE = "appliance"
    VPN = "VPN connection"
    INTERFACE = "interface"
    ACL_INGRESS = "NACL ingress"
    LISTENER = "listener"
    GROUP_INGRESS = "security group ingress"
    UNMODELLED = "unmodelled"


class Code(StrEnum):
    """Why a layer blocks or leaves it open, in the words of AWS Reachability Analyzer.

    docs/codes.md says when each is given, and why some never are.
    (docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html)
    """

    BAD_STATE = "BAD_STATE"
    BAD_STATE_ATTACHMENT = "BAD_STATE_ATTACHMENT"
    BAD_STATE_ROUTE = "BAD_STATE_ROUTE"
    BAD_STATE_VPN = "BAD_STATE_VPN"
    CANNOT_ROUTE = "CANNOT_ROUTE"
    DISCONNECTED_VPCS = "DISCONNECTED_VPCS"
    ELBV2_LISTENERS_MISMATCH = "ELBV2_LISTENERS_MISMATCH"
    ENI_SG_RULES_MISMATCH = "ENI_SG_RULES_MISMATCH"
    ENI_SOURCE_DEST_CHECK_RESTRICTION = "ENI_SOURCE_DEST_CHECK_RESTRICTION"
    FIREWALL_RULES_RESTRICTION = "FIREWALL_RULES_RESTRICTION"
    GATEWAY_REJECTS_SPOOFED_TRAFFIC = "GATEWAY_REJECTS_SPOOFED_TRAFFIC"
    HIGHER_PRIORITY_ROUTE = "HIGHER_PRIORITY_ROUTE"
    IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS = "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS"
    IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS = "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS"
    IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS = "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"
    IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS = "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"
    IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS = "IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS"
    IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS = "IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS"
    INGRESS_RTB_TRAFFIC_REDIRECTION = "INGRESS_RTB_TRAFFIC_REDIRECTION"
    MORE_SPECIFIC_ROUTE = "MORE_SPECIFIC_ROUTE"
    NGW_REQUIRES_SOURCE_IN_VPC = "NGW_REQUIRES_SOURCE_IN_VPC"
    NGW_SOURCE_ADDRESS_REASSIGN = "NGW_SOURCE_ADDRESS_REASSIGN"
    NO_PATH = "NO_PATH"
    NO_POSSIBLE_DESTINATION = "NO_POSSIBLE_DESTINATION"
    NO_ROUTE_TO_DESTINATION = "NO_ROUTE_TO_DESTINATION"
    PCX_REQUIRES_ADDRESS_IN_VPC_CIDR = "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR"
    PROTOCOL_RESTRICTION = "PROTOCOL_RESTRICTION"
    REGIONAL_NGW_ROUTE_AZ_RESTRICTION = "REGIONAL_NGW_ROUTE_AZ_RESTRICTION"
    REMAP_EPHEMERAL_PORT = "REMAP_EPHEMERAL_PORT"
    SG_HAS_NO_RULES = "SG_HAS_NO_RULES"
    SG_REFERENCES_NOT_PRESERVED = "SG_REFERENCES_NOT_PRESERVED"
    SG_REFERENCING_SUPPORT = "SG_REFERENCING_SUPPORT"
    SUBNET_ACL_RESTRICTION = "SUBNET_ACL_RESTRICTION"
    TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION = "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION"
    TGW_ATTACH_VPC_AZ_RESTRICTION = "TGW_ATTACH_VPC_AZ_RESTRICTION"
    TGW_BAD_STATE_VPN = "TGW_BAD_STATE_VPN"
    TGW_ROUTE_AZ_RESTRICTION = "TGW_ROUTE_AZ_RESTRICTION"
    TGW_RTB_BAD_STATE_ROUTE = "TGW_RTB_BAD_STATE_ROUTE"
    TGW_RTB_CANNOT_ROUTE = "TGW_RTB_CANNOT_ROUTE"
    TGW_RTB_HIGHER_PRIORITY_ROUTE = "TGW_RTB_HIGHER_PRIORITY_ROUTE"
    TGW_RTB_MORE_SPECIFIC_ROUTE = "TGW_RTB_MORE_SPECIFIC_ROUTE"
    TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT = "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"
    TGW_RTB_ROUTES_ARE_UNKNOWN = "TGW_RTB_ROUTES_ARE_UNKNOWN"
    UNKNOWN_DESTINATION = "UNKNOWN_DESTINATION"
    UNKNOWN_PEERED_SGS = "UNKNOWN_PEERED_SGS"
    UNKNOWN_RESOURCE = "UNKNOWN_RESOURCE"
    UNSUPPORTED_COMPONENT = "UNSUPPORTED_COMPONENT"
    VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS = "VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS"
    VPCE_GATEWAY_PROTOCOL_RESTRICTION = "VPCE_GATEWAY_PROTOCOL_RESTRICTION"
    VPCE_INTRA_VPC_TRAFFIC = "VPCE_INTRA_VPC_TRAFFIC"
    VPC_BLOCK_PUBLIC_ACCESS_ENABLED = "VPC_BLOCK_PUBLIC_ACCESS_ENABLED"
    VPC_LOCAL_ROUTE_CIDR_RESTRICTION = "VPC_LOCAL_ROUTE_CIDR_RESTRICTION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One layer's word on one packet. `passes` is None where nobody can tell."""

    layer: Layer
    ids: tuple[str, ...]
    """Of what speaks: mostly one thing; all groups of an interface, which speak as one; or none."""
    name: str
    """What people call that."""
    passes: bool | None
    rules: tuple[RuleRef, ...] = ()
    """The rules that decide; where nothing matches, empty."""
    code: Code | None = None
    also: tuple[Code, ...] = ()
    """More that explains a block: the route that would have led there, say."""
    why: str = ""
    reply: bool = False
    source: IPAddress | None = None
    """The packet's source address from here on, where this layer changes it."""
    destination: IPAddress | None = None
    """Its destination address from here on, where this layer changes it."""

    @property
    def id(self) -> str:
        """The id of what speaks, where that is one thing; '' where it is several, or nothing."""
        return self.ids[0] if len(self.ids) == 1 else ""

    @property
    def changes(self) -> str:
        """'source becomes 10.0.1.5', or ''."""
        changed = (("source", self.source), ("destination", self.destination))
        return ", ".join(f"{what} becomes {address}" for what, address in changed if address)

    def __str__(self) -> str:
        word = {True: "passes", False: "blocks", None: "cannot tell"}[self.passes]
        where = f"{self.layer} of {self.name}" if self.name else str(self.layer)
        what = f": {self.details}" if self.details else ""
        code = f" [{', '.join(self.codes)}]" if self.codes else ""
        return f"{'reply: ' if self.reply else ''}{where} {word}{what}{code}"

    @property
    def details(self) -> str:
        """Its grounds, and what becomes of the packet's addresses."""
        return "; ".join(filter(None, (self.grounds, self.changes)))

    @property
    def grounds(self) -> str:
        """The rules that decide, or why; '' where there is nothing to say."""
        return "; ".join(each.text for each in self.rules) or self.why

    @property
    def codes(self) -> tuple[Code, ...]:
        return (*((self.code,) if self.code else ()), *self.also)


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One of the ways that a packet may take, there and back.

    More than one where a transit gateway may choose, or a sender.
    `passes` and `returns` are None where nobody can tell.
    """

    request: tuple[Hop, ...]
    reply: tuple[Hop, ...]
    passes: bool | None
    returns: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One request and its reply, hop by hop, with every layer that blocks.

    `client_ports` are those that a client may use. `reply` is the reply to
    `client_port`: the first whose reply is lost, or the first of them. `lost`
    are all without a reply.
    `request` and `reply` show one of the `paths`: one that fails, if any does; of what
    is undetermined one of which nobody can tell, or that may not be there.
    To a `public` address of what is here there are two `legs`, out to the internet and
    in again: `request` and `reply` show both, the paths are theirs.
    """

    source: Endpoint
    destination: Endpoint
    protocol: int
    port: int
    verdict: Verdict
    request: tuple[Hop, ...]
    reply: tuple[Hop, ...]
    client_ports: PortRange
    client_port: int
    lost: tuple[PortRange, ...]
    blocking: tuple[Hop, ...]
    """All layers that block, both ways, whatever the client port."""
    paths: tuple[Path, ...] = ()
    legs: tuple[Explanation, ...] = ()
    public: PublicAddress | None = None

    @property
    def stretches(self) -> tuple[Explanation, ...]:
        """The legs; of a packet that stays on one way, the explanation itself."""
        return self.legs or (self,)

    @property
    def doubtful(self) -> tuple[Hop, ...]:
        """All layers of which nobody can tell, both ways."""
        paths = (path for each in self.stretches for path in each.paths)
        hops = (hop for path in paths for hop in (*path.request, *path.reply))
        return tuple(dict.fromkeys(hop for hop in hops if hop.passes is None))

    @property
    def codes(self) -> tuple[Code, ...]:
        """Of what blocks; of an undetermined cell also of what is unknown."""
        unknown = self.doubtful if self.verdict is Verdict.UNDETERMINED else ()
        return tuple(
            dict.fromkeys(code for hop in (*self.blocking, *unknown) for code in hop.codes)
        )
