"""A class of addresses that no rule tells apart: who can send and receive."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network

from bulkhead.ends.prefixes import number
from bulkhead.network import ANY_CLIENT_PORTS, IPAddress, IPNetwork, PortRange, any_host_in
from bulkhead.network.addresses import AddressOrNetwork


class EndpointKind(StrEnum):
    INTERFACE = "interface"
    """A known network interface, by one of its addresses."""
    STRANGER = "stranger"
    """Any host that someone starts in a subnet: no security group holds it back."""
    SITE = "site"
    """Hosts behind a VPN connection."""
    INTERNET = "internet"
    """Public addresses beyond an internet gateway (also those of our own interfaces)."""
    ELSEWHERE = "elsewhere"
    """Private addresses that are nowhere here: somebody's, beyond what was observed."""
    NOWHERE = "nowhere"
    """An address of a VPC that no host can have. No network has such an end: see `nowhere`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Addresses that every rule of the network treats alike.

    `id` is the interface, the subnet, the site (or its connection), or
    'internet'; `thing` is what people call that, `part` which of its addresses,
    where it has several ends. `prefix` is the longest prefix that any rule mentions
    around them; `ranges` are the addresses themselves, first and last. Where somebody
    asked about some of the addresses alone, these are they, and `whole` is the class.
    """

    kind: EndpointKind
    id: str
    thing: str
    part: str = ""
    prefix: IPNetwork
    ranges: tuple[tuple[IPAddress, IPAddress], ...]
    vpc: str | None = None
    subnet: str | None = None
    segment: str | None = None
    service: str | None = None
    public: bool = False
    """Whether an internet gateway translates for it. A stranger may be given an address."""
    client_ports: PortRange = ANY_CLIENT_PORTS
    """From which it opens connections (docs/model.md, "A cell")."""
    why_any_port: str = ""
    """Why these are the widest because nobody knows them, and what would tell; '' where known."""
    ipv4: tuple[Endpoint, ...] = ()
    """Of addresses by which IPv6 calls hosts of IPv4: the ends that have them (NAT64)."""
    whole: Endpoint | None = None
    """The end of a proof that this is a part of; None: it is one itself."""
    known: str = ""
    """Of some of the internet, whose it is: 'AWS s3'; '' where nobody knows."""
    peer: bool = False
    """Whether that is a peer on the internet, to whom or from whom flows may be declared."""
    holders: tuple[str, ...] = ()
    """Of a public address that was asked about: the ids of what has it here."""

    @property
    def name(self) -> str:
        """'ticker-0', 'any host in feed-a (10.0.0.64/26)', 'plant'."""
        stranger = self.kind is EndpointKind.STRANGER
        whole = any_host_in(self.thing) if stranger else self.known or self.thing
        return f"{whole} ({self.part})" if self.part else whole

    @property
    def address(self) -> IPAddress:
        """One of its addresses; which one makes no difference."""
        return self.ranges[0][0]

    @property
    def is_one_address(self) -> bool:
        return len(self.ranges) == 1 and self.ranges[0][0] == self.ranges[0][1]

    @property
    def outer(self) -> bool:
        """Whether it is in the outer world: what two who are send each other is no matter here."""
        return self.kind in (EndpointKind.INTERNET, EndpointKind.ELSEWHERE)

    @property
    def is_named_outside(self) -> bool:
        """Whether it is somebody beyond the VPCs whose addresses have a name: a site, a peer."""
        return self.kind is EndpointKind.SITE or self.peer

    @property
    def external(self) -> bool:
        return self.subnet is None

    @property
    def opens_nothing(self) -> bool:
        """Whether it is but a name for somebody: what comes from there is a reply (NAT64)."""
        return bool(self.ipv4) and self.kind is not EndpointKind.NOWHERE

    @property
    def version(self) -> int:
        """4 or 6: an end has addresses of one family."""
        return self.prefix.version

    def lies_in(self, network: IPNetwork) -> bool:
        """Whether all of its addresses are in a network."""
        return network.version == self.version and all(
            first in network and last in network for first, last in self.ranges
        )

    def is_at(self, place: AddressOrNetwork | None) -> bool:
        """Whether all of its addresses are there; None is anywhere."""
        return place is None or self.lies_in(IPv4Network(place))

    def __contains__(self, address: IPAddress) -> bool:
        place = number(address)
        return any(number(first) <= place <= number(last) for first, last in self.ranges)

    def __str__(self) -> str:
        return self.name


def any_port(client: Endpoint) -> str:
    """What to say beside a reply that is lost, where nobody knows from which ports is asked."""
    ports, why = client.client_ports, client.why_any_port
    return why and f"{client.name} counts as asking from any of {ports}: {why}"
