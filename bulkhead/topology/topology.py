"""A whole topology."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import ClassVar, Literal

from bulkhead import intent
from bulkhead.intent.load import topology_in
from bulkhead.intent.written import WrittenTopology
from bulkhead.intent.written.fields import Written
from bulkhead.topology.defaults import Defaults
from bulkhead.topology.flow import Flow
from bulkhead.topology.flow_logs import FlowLogs
from bulkhead.topology.join import Join
from bulkhead.topology.monitoring import Monitoring
from bulkhead.topology.part import TopologyPart
from bulkhead.topology.peer import Peer
from bulkhead.topology.public_access import BlockPublicAccess
from bulkhead.topology.quarantine import Quarantine
from bulkhead.topology.quotas import Quotas
from bulkhead.topology.segment import Segment
from bulkhead.topology.service import Service
from bulkhead.topology.site import Site
from bulkhead.topology.test import Test
from bulkhead.topology.tree import gather
from bulkhead.topology.vpc import OwnVpc, Vpc
from bulkhead.topology.vpc_encryption import VpcEncryption


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Topology(TopologyPart):
    """Everything that one topology.yaml says, but `include`: a program imports its parts."""

    shape: ClassVar[type[Written]] = WrittenTopology

    name: str = field(kw_only=False)
    """The topology's name, as in "trading"."""
    region: str
    """An AWS Region, as in region="eu-west-1"."""
    zones: int | Iterable[str] | Mapping[str, Mapping[str, str]]
    """How many zones, as in zones=2, or their names or ids; what each was called before as in
    zones={"euw1-az1": {"was": "eu-west-1a"}}."""
    segments: Iterable[Segment]
    """At least one segment, with its purpose."""
    services: Iterable[Service]
    """The services and their sockets."""
    cidr: str | IPv4Network | Iterable[str | IPv4Network] | None = None
    """The VPC's addresses, as in cidr="10.20.0.0/16", or a list of blocks that are filled one after
    the other; of one that is there, the part that is the topology's."""
    vpcs: Iterable[OwnVpc] | None = None
    """Several VPCs that are made, in place of cidr, as in vpcs=[OwnVpc("core",
    cidr="10.0.0.0/16"), OwnVpc("market", cidr="10.1.0.0/16")]."""
    joins: Iterable[Join] | None = None
    """What joins VPCs, as in joins=[Join(peering=[core, market])]; without one nothing passes
    between two."""
    sites: Iterable[Site] | None = None
    """Networks outside AWS, reached through a VPN, each name once."""
    peers: Iterable[Peer] | None = None
    """Peers on the internet, without a tunnel, each name once."""
    flows: Iterable[Flow] | None = None
    """Flows that are not ZeroMQ: SSH, databases, metrics."""
    quarantine: Iterable[str | Quarantine] | None = None
    """Services that are cut off, with their established connections."""
    tests: Iterable[Test] | None = None
    """What is expected of it all, said independently of the wiring."""
    encryption: Literal["required", "optional"] | None = None
    """Whether every flow must be encrypted, as in encryption="required"; optional if not said."""
    amazon_asn: int | None = None
    """The BGP number of AWS's side of the VPN, a private one; 64512 if not said."""
    vpc_encryption: VpcEncryption | None = None
    """Whether AWS keeps out of the VPC what sends in clear text, as in
    vpc_encryption=VpcEncryption(mode="enforce")."""
    block_public_access: BlockPublicAccess | None = None
    """What AWS closes of the internet in the whole account and Region, as in
    block_public_access=BlockPublicAccess(mode="block-ingress")."""
    ipv6: str | Mapping[str, str | IPv6Network] | None = None
    """The VPC's block of IPv6 beside that of IPv4: one that AWS gives (ipv6="amazon"), or one
    of a pool (ipv6={"cidr": "2600:1f18:1234:5600::/56", "pool": "ipam-pool-0a1b2c3d4e5f60718"})."""
    vpc: Vpc | None = None
    """A VPC that is there; without it one is made."""
    quotas: Quotas | None = None
    """Quotas of the account that AWS raised, or that are to be kept below."""
    nacl_overflow: Literal["refuse", "widen"] | None = None
    """What is done where exact entries of a network ACL are more than its quota: refuse it, or
    widen them by the least, and say by how much."""
    monitoring: Monitoring | None = None
    """Who is told of tunnels that go down, as in monitoring=Monitoring(notify="arn:aws:sns:…")."""
    flow_logs: FlowLogs | None = None
    """Where flow logs go, as in flow_logs=FlowLogs(to="s3", bucket="acme-flow-logs")."""
    nat: Literal["regional", "zonal"] | None = None
    """What kind of NAT gateway leads to peers on the internet: zonal is not planned yet."""
    path_mtu_discovery: bool | None = None
    """Whether NACLs let in what tells a host that a packet of its is too large for the way; true if
    not said, and with false larger packets vanish without a word."""
    dns: str | None = None
    """A domain of the VPC's own, in which services have names, as in dns="trading.internal"."""
    defaults: Defaults | None = None
    """What everything in the topology has unless it says otherwise."""

    def load(self) -> intent.Topology:
        """The topology as a plan takes it: `plan(topology.load(), lock)`.

        The same that `bulkhead.intent.load` makes of a file that says the same, but for its
        places. Raises InputError with every problem there is.
        """
        return topology_in(*gather(self))
