"""A whole topology."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from ipaddress import IPv4Network
from types import MappingProxyType
from typing import Literal

from pydantic import Field, SkipValidation

from bulkhead.intent.document import FileLine, KeyPath, nearest
from bulkhead.intent.ipv6 import Ipv6Wanted
from bulkhead.intent.model.base import Frozen, Resolved
from bulkhead.intent.model.connection import Connection
from bulkhead.intent.model.flow_logs import FlowLogs
from bulkhead.intent.model.monitoring import MonitoringWanted
from bulkhead.intent.model.peer import Peer
from bulkhead.intent.model.plain_flow import PlainFlow
from bulkhead.intent.model.public_access import PublicAccessWanted
from bulkhead.intent.model.quarantine import InQuarantine
from bulkhead.intent.model.quotas import AccountQuotas
from bulkhead.intent.model.segment import Segment
from bulkhead.intent.model.service import Service, ServiceInterface
from bulkhead.intent.model.site import Site
from bulkhead.intent.model.socket import Socket
from bulkhead.intent.model.test import Test
from bulkhead.intent.model.vpc import ExistingVpc, OwnVpc
from bulkhead.intent.model.vpc_encryption import VpcEncryptionWanted
from bulkhead.problems import Problem


class Topology(Resolved):
    """Everything one topology.yaml says."""

    name: str
    region: str
    cidr: IPv4Network
    """The VPC's, of several the first one's; of one that is there, the topology's part."""
    more_cidrs: tuple[IPv4Network, ...] = ()
    """The others, of all VPCs, in the order in which they are filled."""
    vpc: ExistingVpc | None = None
    """Others', in which everything is made; None: one is made."""
    vpcs: Frozen[OwnVpc] = Field(default_factory=dict)
    """Several that are made; none where there is one, which has no name of its own."""
    peerings: tuple[tuple[str, str], ...] = ()
    """The VPCs that are joined, two by two."""
    ipv6: Ipv6Wanted | None = None
    """The VPC's block of IPv6; None: it has IPv4 alone."""
    zones: tuple[str, ...]
    """Their names, or their ids."""
    zones_were: Frozen[str] = Field(default_factory=dict)
    """What each was called before, of those that say so."""
    encryption: Literal["required", "optional"] = "optional"
    amazon_asn: int = 64512
    """The BGP number of the VPN gateway that is made."""
    vpc_encryption: VpcEncryptionWanted | None = None
    """What AWS is to make sure of within the VPC; None: nothing."""
    block_public_access: PublicAccessWanted | None = None
    """What AWS closes of the internet around it; None: whatever that is."""
    quotas: AccountQuotas = AccountQuotas()
    nacl_overflow: Literal["refuse", "widen"] = "refuse"
    monitoring: MonitoringWanted | None = None
    flow_logs: FlowLogs = FlowLogs()
    path_mtu_discovery: bool = True
    """Whether NACLs let in what tells a host that a packet of its is too large."""
    dns: str = ""
    """The domain in which services have names; '' where they have none."""
    segments: Frozen[Segment]
    sites: Frozen[Site]
    peers: Frozen[Peer] = Field(default_factory=dict)
    nat: Literal["regional", "zonal"] = "regional"
    """What kind of NAT gateway leads to peers: one for all, or one in each zone."""
    services: Frozen[Service]
    tests: tuple[Test, ...]
    connections: tuple[Connection, ...]
    flows: tuple[PlainFlow, ...] = ()
    """Those that are not ZeroMQ."""
    quarantine: tuple[InQuarantine, ...] = ()
    """Services that are cut off."""
    file: str
    """The root: what it includes lies beside it or below."""
    places: SkipValidation[Mapping[KeyPath, FileLine]] = Field(repr=False, exclude=True)
    warnings: tuple[Problem, ...] = Field(default=(), repr=False, exclude=True)
    """What can be planned, and somebody should know."""

    def but(self, **changed: object) -> Topology:
        """The same with other parts: nothing that was derived of the old ones is kept, as
        `model_copy` would."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return Topology.model_construct(**{**fields, **changed})

    def place_of(self, *path: str | int) -> FileLine:
        """Where a key is written, such as ('services', 'ticker', 'sockets', 'ticks').

        The nearest key around it, where the path itself is not written; of a service that
        flows call 'router.eth1', where that interface is.
        """
        match path:
            case ("services", str(name), *inside) if name not in self.services:
                if end := self.interfaces.get(name):
                    within = inside or ["interfaces", end.interface]
                    path = ("services", end.service, *within)
        return nearest(self.places, path, FileLine(self.file, 1))

    @cached_property
    def outside(self) -> Mapping[str, Site | Peer]:
        """Everybody beyond the VPC who has a name: sites, and peers on the internet."""
        return MappingProxyType({**self.sites, **self.peers})

    @cached_property
    def interfaces(self) -> Mapping[str, ServiceInterface]:
        """Every network interface of every service, by what flows call it."""
        return MappingProxyType(
            {end.name: end for each in self.services.values() for end in each.ends}
        )

    def service_of(self, end: str) -> Service:
        """Whose interface it is that flows call so. Raises KeyError."""
        return self.services[self.interfaces[end].service]

    def purpose_of(self, end: ServiceInterface) -> str:
        """What an interface is for: as it says, or else its service; '' where neither does."""
        return end.purpose or self.services[end.service].purpose or ""

    @property
    def cidrs(self) -> tuple[IPv4Network, ...]:
        """All blocks of IPv4 of the VPC, the primary one first; of several VPCs those of all."""
        return (self.cidr, *self.more_cidrs)

    @property
    def own_vpcs(self) -> Mapping[str, OwnVpc]:
        """Every VPC by what segments call it; '' where there is one alone."""
        return self.vpcs or {"": OwnVpc.model_construct(name="", cidrs=self.cidrs, purpose=None)}

    def vpc_of(self, end: str) -> str:
        """In which VPC somebody is, or to which a site is connected, as flows call them; '' where
        there is one alone."""
        if site := self.sites.get(end):
            return site.vpc
        found = self.interfaces.get(end)
        return self.segments[found.segment].vpc if found else ""

    def has_ipv6(self, segment: str) -> bool:
        """Whether the hosts of a segment have an address of IPv6 beside that of IPv4."""
        return self.ipv6 is not None and self.segments[segment].ipv6 is True

    def has_block_of_ipv6(self, segment: str) -> bool:
        """Whether its subnets have a block of it, used or not."""
        return self.ipv6 is not None and self.segments[segment].ipv6 is not False

    def versions_of(self, end: str) -> frozenset[int]:
        """The families of which somebody has addresses, as flows call them: 4, 6 or both. What is
        not here, a service of AWS, has IPv4."""
        if beyond := self.outside.get(end):
            return frozenset(each.version for each in beyond.cidrs)
        interface = self.interfaces.get(end)
        both = interface is not None and self.has_ipv6(interface.segment)
        return frozenset((4, 6) if both else (4,))

    def whose(self, end: str) -> str:
        """The service or the site that is meant by what flows call so."""
        found = self.interfaces.get(end)
        return end if found is None else found.service

    @property
    def vpc_enforces_encryption(self) -> bool:
        """Whether AWS is to keep out of the VPC what does not encrypt, but for what is excluded."""
        return self.vpc_encryption is not None and self.vpc_encryption.mode == "enforce"

    def vpc_encrypts(self, client: str, server: str) -> bool:
        """Whether AWS makes sure that what two exchange, as flows call them, is encrypted from host
        to host: it does within the VPC, where neither is excluded."""
        if not self.vpc_enforces_encryption:
            return False
        ends = (self.interfaces.get(client), self.interfaces.get(server))
        return all(end is not None and self.services[end.service].held_to_encrypt for end in ends)

    def is_cut(
        self, client: str, server: str, clients_at: tuple[IPv4Network, ...] = ()
    ) -> InQuarantine | None:
        """The quarantine of an end by which what one opens to the other is not let, as flows call
        them; None where none is."""
        if not self.quarantine:
            return None
        one, other = self.whose(client), self.whose(server)
        for each in self.quarantine:
            if each.service == one or (
                each.service == other and not each.is_responder(one, clients_at)
            ):
                return each
        return None

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """Who answers for each interface of a service, and each site: of a service its segment's,
        where it names nobody; '' where nobody does."""
        services = {
            each.name: self.services[each.service].owner or self.segments[each.segment].owner or ""
            for each in self.interfaces.values()
        }
        sites = {each.name: each.owner or "" for each in self.outside.values()}
        return MappingProxyType({**services, **sites})

    @cached_property
    def classifications(self) -> Mapping[str, str]:
        """How the data of each interface of a service, and each site, is classified: of a service
        as its segment's, where it says nothing; '' where nobody says."""
        services = {
            each.name: self.services[each.service].data or self.segments[each.segment].data or ""
            for each in self.interfaces.values()
        }
        sites = {each.name: each.data or "" for each in self.sites.values()}
        peers = dict.fromkeys(self.peers, "")
        return MappingProxyType({**services, **sites, **peers})

    @cached_property
    def sockets(self) -> Mapping[str, Socket]:
        """Every socket, by its reference: 'ticker.ticks'."""
        owners: tuple[Service | Site | Peer, ...] = (
            *self.services.values(),
            *self.outside.values(),
        )
        return MappingProxyType(
            {each.reference: each for owner in owners for each in owner.sockets.values()}
        )
