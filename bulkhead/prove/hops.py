"""What one packet meets on its way: the words of an explanation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bulkhead.network import PortRange, Verdict
from bulkhead.prove.endpoints import Endpoint


class Layer(StrEnum):
    GROUP_EGRESS = "security group egress"
    ACL_EGRESS = "NACL egress"
    ROUTE = "route"
    GATEWAY = "gateway"
    ACL_INGRESS = "NACL ingress"
    GROUP_INGRESS = "security group ingress"
    UNMODELLED = "unmodelled"


class Code(StrEnum):
    """Why a layer blocks, in the words of AWS Reachability Analyzer.

    (docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html)
    """

    BAD_STATE_ROUTE = "BAD_STATE_ROUTE"
    CANNOT_ROUTE = "CANNOT_ROUTE"
    DISCONNECTED_VPCS = "DISCONNECTED_VPCS"
    ENI_SG_RULES_MISMATCH = "ENI_SG_RULES_MISMATCH"
    GATEWAY_REJECTS_SPOOFED_TRAFFIC = "GATEWAY_REJECTS_SPOOFED_TRAFFIC"
    IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS = "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS"
    IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS = "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS"
    IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS = "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"
    IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS = "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"
    NO_PATH = "NO_PATH"
    NO_ROUTE_TO_DESTINATION = "NO_ROUTE_TO_DESTINATION"
    SG_HAS_NO_RULES = "SG_HAS_NO_RULES"
    SUBNET_ACL_RESTRICTION = "SUBNET_ACL_RESTRICTION"
    UNKNOWN_PEERED_SGS = "UNKNOWN_PEERED_SGS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One layer's word on one packet. `passes` is None where nobody can tell."""

    layer: Layer
    id: str
    name: str
    passes: bool | None
    rules: tuple[str, ...] = ()
    """The rules that decide; where nothing matches, empty."""
    code: Code | None = None
    why: str = ""
    reply: bool = False

    def __str__(self) -> str:
        word = {True: "passes", False: "blocks", None: "cannot tell"}[self.passes]
        where = f"{self.layer} of {self.name}" if self.name else str(self.layer)
        what = "; ".join(self.rules) or self.why
        code = f" [{self.code}]" if self.code else ""
        return f"{'reply: ' if self.reply else ''}{where} {word}{': ' + what if what else ''}{code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One request and its reply, hop by hop, with every layer that blocks.

    `reply` is the reply to `client_port`: the first whose reply is lost, or
    the first a client may use. `lost` are all client ports without a reply.
    """

    source: Endpoint
    destination: Endpoint
    protocol: int
    port: int
    verdict: Verdict
    request: tuple[Hop, ...]
    reply: tuple[Hop, ...]
    client_port: int
    lost: tuple[PortRange, ...]
    blocking: tuple[Hop, ...]
    """All layers that block, both ways, whatever the client port."""

    @property
    def codes(self) -> tuple[Code, ...]:
        return tuple(dict.fromkeys(hop.code for hop in self.blocking if hop.code))
