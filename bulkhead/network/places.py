"""Where packets start and end: VPCs, subnets, interfaces."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from bulkhead.network.addresses import IPAddress, IPNetwork, is_private
from bulkhead.network.clients import LINUX_PORTS
from bulkhead.network.encryption import VpcEncryption
from bulkhead.network.ports import PortRange
from bulkhead.network.public_access import AccessBlock, Exclusion, PublicAccess


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc:
    id: str
    name: str
    region: str
    cidrs: tuple[IPNetwork, ...]
    topology: str | None = None
    """The topology it was built from, where it says so (tag bulkhead:topology)."""
    called: str = ""
    """What that calls it, where it has several VPCs (tag bulkhead:vpc); '' of one alone."""
    neighbour: bool = False
    """Whether it is here only because it is joined to one that was asked for: by a peering,
    or a transit gateway. What goes on within it is nobody's question."""
    encryption: VpcEncryption | None = None
    """What its encryption control does; None: not observed, which is not that there is none."""
    access_block: AccessBlock | None = None
    """What VPC Block Public Access does in its Region; None: not observed, which is not off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """`cidr` is its block of IPv4, or the first of `ipv6_cidrs` where it has IPv6 alone.

    (docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html)
    """

    id: str
    name: str
    vpc: str
    zone: str
    """What its account calls the zone, 'eu-west-1a'; its id where nobody says that."""
    cidr: IPNetwork
    nacl: str
    route_table: str
    segment: str | None = None
    ipv6_cidrs: tuple[IPv6Network, ...] = ()
    public_access: PublicAccess = PublicAccess.OPEN
    """What VPC Block Public Access leaves it; open too where nobody observed that (`access_block`
    of its VPC), as AWS leaves it by default."""
    excluded: Exclusion | None = None
    """What the subnet itself is excluded from; None: not observed, which is not that it is not."""
    public_on_launch: bool | None = None
    """Whether AWS gives what is launched there a public address; None: not observed."""
    ipv6_on_launch: bool | None = None
    """Whether AWS gives what is launched there an IPv6 address; None: not observed."""
    inspected: bool = False
    """Whether an Automated Internet Firewall, whose policy nobody here reads, decides what its
    hosts exchange with the internet by an internet gateway."""
    zone_id: str = ""
    """What every account calls the zone, 'euw1-az1'; '' where that is not known."""
    tags: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)
    """As it is found; none in a plan."""

    @property
    def cidrs(self) -> tuple[IPNetwork, ...]:
        """Its blocks of both families."""
        return tuple(dict.fromkeys((self.cidr, *self.ipv6_cidrs)))


class InterfaceKind(StrEnum):
    """What stands behind an interface.

    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html)
    """

    HOST = "host"
    """Opens and accepts connections: an instance, a task, a function."""
    ENDPOINT = "endpoint"
    """An interface endpoint: accepts connections, never opens one."""
    LOAD_BALANCER = "load-balancer"
    """Accepts and opens connections; one without security groups is not filtered."""
    GATEWAY = "gateway"
    """Of a NAT gateway, transit gateway or gateway endpoint: carries packets of
    others, opens and accepts no connection of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleTimeouts:
    """After how many idle seconds an interface forgets a tracked connection.

    None: what AWS does by default (`network/idle.py`).
    (docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html)
    """

    tcp_established: int | None = None
    udp: int | None = None
    udp_stream: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """An elastic network interface: where packets start and end.

    `address` is the primary one: of IPv4, or the first of `ipv6_addresses` where it has
    IPv6 alone. `public_address` belongs to the primary address; `more_public` are
    (private, public) pairs of secondary ones.
    """

    id: str
    name: str
    subnet: str
    address: IPAddress
    security_groups: tuple[str, ...]
    secondary_addresses: tuple[IPv4Address, ...] = ()
    public_address: IPv4Address | None = None
    source_dest_check: bool = True
    service: str | None = None
    ipv6_addresses: tuple[IPv6Address, ...] = ()
    more_public: tuple[tuple[IPv4Address, IPv4Address], ...] = ()
    kind: InterfaceKind = InterfaceKind.HOST
    instance: str | None = None
    instance_type: str | None = None
    """Of its instance; None: there is none, or nobody looked."""
    host: str = ""
    """What the host is called that it is of, where that has several; '' where nobody says."""
    idle: IdleTimeouts = IdleTimeouts()
    ipv6_prefixes: tuple[IPv6Network, ...] = ()
    """Delegated to it: whoever has an address of these is behind it
    (docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html)."""
    client_ports: PortRange = LINUX_PORTS
    """From which it opens connections: any of them."""
    function: bool = False
    """Of a Lambda function: many share it, and it tracks every connection."""
    stand_in: bool = field(default=False, repr=False)
    """No interface, but what stands for any that comes to hold its groups at any free address of
    its subnet that no rule tells from its own: of a service whose interfaces come and go."""
    why_any_port: str = ""
    """Why they are the widest because nobody knows them, and what would tell; '' where known."""

    @property
    def addresses(self) -> tuple[IPAddress, ...]:
        """Private ones of both families, the primary first; not those of its prefixes."""
        every = (self.address, *self.secondary_addresses, *self.ipv6_addresses)
        return tuple(dict.fromkeys(every))

    def holds(self, address: IPAddress) -> bool:
        """Whether it is one of its addresses, or of its prefixes."""
        return address in self.addresses or any(address in each for each in self.ipv6_prefixes)

    def public_for(self, address: IPAddress) -> IPAddress | None:
        """The address by which the internet knows one of its own; None where it does not.

        An IPv6 address is its own, unless it is private.
        """
        if isinstance(address, IPv6Address):
            known = self.holds(address) and not is_private(address)
            return address if known else None
        if address == self.address:
            return self.public_address
        return dict(self.more_public).get(address)
