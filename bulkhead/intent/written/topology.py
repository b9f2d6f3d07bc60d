"""A whole topology, as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.domains import parse_domain
from bulkhead.intent.ipv6 import Ipv6Wanted, parse_ipv6
from bulkhead.intent.mechanisms import parse_encryption
from bulkhead.intent.regions import parse_region
from bulkhead.intent.written.defaults import WrittenSegmentDefaults, defaults_of
from bulkhead.intent.written.fields import Texts, VpcCidrs, Written, by, choice, first
from bulkhead.intent.written.flow import WrittenFlow
from bulkhead.intent.written.flow_logs import WrittenFlowLogs
from bulkhead.intent.written.join import WrittenJoin
from bulkhead.intent.written.looks import ZONES
from bulkhead.intent.written.monitoring import WrittenMonitoring
from bulkhead.intent.written.peer import WrittenPeer
from bulkhead.intent.written.public_access import WrittenBlockPublicAccess
from bulkhead.intent.written.quarantine import QuarantineLines
from bulkhead.intent.written.quotas import WrittenQuotas
from bulkhead.intent.written.segment import WrittenSegment
from bulkhead.intent.written.service import WrittenService
from bulkhead.intent.written.site import WrittenSite
from bulkhead.intent.written.test import WrittenTest
from bulkhead.intent.written.vpc import WrittenOwnVpc, WrittenVpc
from bulkhead.intent.written.vpc_encryption import WrittenVpcEncryption
from bulkhead.intent.wrong import Wrong, quoted


def _parse_zones(value: object) -> int | tuple[str, ...] | Mapping[str, str]:
    """A number, a list of names or ids, or by each what it was called before, '' for nothing;
    which ones exist depends on the region."""
    if isinstance(value, list) and value and all(isinstance(zone, str) for zone in value):
        return tuple(value)
    if isinstance(value, dict) and value:
        return {zone: _parse_was(zone, said) for zone, said in value.items()}
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    remedy = "write 1 to 4, or a list such as [eu-west-1a, eu-west-1b]"
    raise Wrong(f"{quoted(value)} is neither a number nor a list of zones", remedy)


def _parse_was(zone: str, said: object) -> str:
    if said == {}:
        return ""
    if isinstance(said, dict) and set(said) == {"was"} and isinstance(said["was"], str):
        return said["was"]
    what = f"{quoted(zone)} has {quoted(said)}, and of a zone there is what it was called before"
    raise Wrong(what, "write it as in euw1-az1: { was: eu-west-1a }, or euw1-az1: {}")


if TYPE_CHECKING:
    DefaultSegment = Written
    DefaultSite = Written
else:
    DefaultSegment, DefaultSite = defaults_of(WrittenSegment), defaults_of(WrittenSite)


class WrittenDefaults(WrittenSegmentDefaults):
    """What everything in a file has unless it, or its segment, says otherwise."""

    segment: DefaultSegment | None = Field(default=None, description="what a segment has")
    site: DefaultSite | None = Field(default=None, description="what a site has")


class WrittenTopology(Written):
    """What one file says: of the file that is named to a verb all of it, of an included one a
    part."""

    name: Annotated[str, by(values.parse_name)] | None = Field(
        description="the topology's name, as in name: trading"
    )
    region: Annotated[str, by(parse_region)] | None = Field(
        description="an AWS Region, as in region: eu-west-1"
    )
    cidr: VpcCidrs | None = Field(
        default=None,
        description="the VPC's addresses, as in cidr: 10.20.0.0/16, or a list of blocks that are "
        "filled one after the other; of one that is there, the part that is the topology's",
    )
    vpc: WrittenVpc | None = Field(
        default=None, description="a VPC that is there; without it one is made"
    )
    vpcs: dict[str, WrittenOwnVpc | None] | None = Field(
        default_factory=dict,
        description="several VPCs that are made, in place of cidr, by name, as in "
        "vpcs: { core: { cidr: 10.0.0.0/16 }, market: { cidr: 10.1.0.0/16 } }",
    )
    joins: Annotated[tuple[WrittenJoin | None, ...], first(values.many)] | None = Field(
        default=(),
        description="what joins VPCs, as in joins: [{ peering: [core, market] }]; without one "
        "nothing passes between two",
    )
    ipv6: Annotated[Ipv6Wanted, by(parse_ipv6)] | None = Field(
        default=None,
        description="the VPC's block of IPv6 beside that of IPv4: one that AWS gives, as in "
        "ipv6: amazon, or one of a pool",
    )
    zones: Annotated[int | tuple[str, ...] | Mapping[str, str], by(_parse_zones, ZONES)] | None = (
        Field(
            description="how many zones, as in zones: 2, or a list of their names or ids; "
            "as a mapping, what each was called before"
        )
    )
    encryption: Annotated[Literal["required", "optional"], by(parse_encryption)] | None = Field(
        default="optional",
        description="whether every flow must be encrypted, as in encryption: required",
    )
    amazon_asn: Annotated[int, by(values.parse_amazon_asn)] | None = Field(
        default=64512,
        alias="amazon-asn",
        description="the BGP number of AWS's side of the VPN, a private one",
    )
    vpc_encryption: WrittenVpcEncryption | None = Field(
        default=None,
        alias="vpc-encryption",
        description="whether AWS keeps out of the VPC what sends in clear text, as in "
        "vpc-encryption: { mode: enforce }",
    )
    block_public_access: WrittenBlockPublicAccess | None = Field(
        default=None,
        alias="block-public-access",
        description="what AWS closes of the internet in the whole account and Region, as in "
        "block-public-access: { mode: block-ingress }",
    )
    quotas: WrittenQuotas | None = Field(
        default=None,
        description="quotas of the account that AWS raised, or that are to be kept below",
    )
    nacl_overflow: Annotated[Literal["refuse", "widen"], choice("refuse", "widen")] | None = Field(
        default="refuse",
        alias="nacl-overflow",
        description="what is done where exact entries of a network ACL are more than its quota: "
        "refuse it, or widen them by the least, and say by how much",
    )
    monitoring: WrittenMonitoring | None = Field(
        default=None,
        description="who is told of tunnels that go down, as in monitoring: { notify: "
        "arn:aws:sns:eu-west-1:123456789012:network }",
    )
    flow_logs: WrittenFlowLogs | None = Field(
        default=None,
        alias="flow-logs",
        description="where flow logs go, as in flow-logs: { to: s3, bucket: acme-flow-logs }",
    )
    nat: Annotated[Literal["regional", "zonal"], choice("regional", "zonal")] | None = Field(
        default="regional",
        description="what kind of NAT gateway leads to peers on the internet: one for all, which "
        "stands in no subnet, or one in each zone, in a public subnet of its own",
    )
    path_mtu_discovery: Annotated[bool, by(values.parse_flag)] | None = Field(
        default=True,
        alias="path-mtu-discovery",
        description="whether NACLs let in what tells a host that a packet of its is too large for "
        "the way; with false larger packets vanish without a word",
    )
    dns: Annotated[str, by(parse_domain)] | None = Field(
        default="",
        description="a domain of the VPC's own, in which services have names, as in "
        "dns: trading.internal",
    )
    include: Texts | None = Field(
        default=(), description="files that hold parts of it, as in include: [teams/risk.yaml]"
    )
    defaults: WrittenDefaults | None = Field(
        default=None, description="what everything in this file has unless it says otherwise"
    )
    segments: dict[str, WrittenSegment | None] | None = Field(
        description="at least one segment, with its purpose"
    )
    sites: dict[str, WrittenSite | None] | None = Field(
        default_factory=dict, description="networks outside AWS, reached through a VPN, by name"
    )
    services: dict[str, WrittenService | None] | None = Field(
        description="the services and their sockets"
    )
    peers: dict[str, WrittenPeer | None] | None = Field(
        default_factory=dict, description="peers on the internet, without a tunnel, by name"
    )
    flows: Annotated[tuple[WrittenFlow | None, ...], first(values.many)] | None = Field(
        default=(), description="flows that are not ZeroMQ: SSH, databases, metrics"
    )
    quarantine: QuarantineLines | None = Field(
        default=(),
        description="services that are cut off, with their established connections, as in "
        "quarantine: [ticker]",
    )
    tests: Annotated[tuple[WrittenTest | None, ...], first(values.many)] | None = Field(
        default=(), description="what is expected of it all, said independently of the wiring"
    )


UNREADABLE = WrittenTopology.model_construct(**dict.fromkeys(WrittenTopology.model_fields))
