"""What else an open flow depends on: idle time-outs, how it can be cut, and who could read it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.sockets import waits_at
from bulkhead.explain.hops import Explanation, Hop, Layer
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    TCP,
    UDP,
    AttachmentKind,
    BalancedPort,
    Direction,
    EncryptionMode,
    Excludable,
    GatewayEndpoint,
    GroupRule,
    Interface,
    InterfaceKind,
    LoadBalancer,
    Network,
    Tunnel,
    Verdict,
    has_ports,
)
from bulkhead.network.idle import remembers

TRACKING: Final = "AWSEC2/latest/UserGuide/security-group-connection-tracking.html"
NAT_PAGE: Final = "vpc/latest/userguide/nat-gateway-troubleshooting.html"
FIREWALL_PAGE: Final = "network-firewall/latest/APIReference/API_FlowTimeouts.html"
BALANCER_PAGE: Final = "elasticloadbalancing/latest/network/update-idle-timeout.html"
APPLICATION_PAGE: Final = (
    "elasticloadbalancing/latest/application/edit-load-balancer-attributes.html"
)
CLASSIC_PAGE: Final = "elasticloadbalancing/latest/classic/config-idle-timeout.html"
ENDPOINT_PAGE: Final = "vpc/latest/privatelink/create-interface-endpoint.html"
PEERING_PAGE: Final = "vpc/latest/peering/vpc-peering-basics.html"
TGW_PEERING_PAGE: Final = "vpc/latest/tgw/tgw-peering.html"
TUNNEL_PAGE: Final = "vpn/latest/s2svpn/VPNTunnels.html"
ENCRYPTION_PAGE: Final = "vpc/latest/userguide/vpc-encryption-controls.html"
NACL_PAGE: Final = "vpc/latest/userguide/vpc-network-acls.html"

MIDDLEBOX: Final = 350
"""NAT gateways, and interface endpoints (tcp)."""
BALANCED_UDP: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeout:
    """What forgets a connection that is silent for so many seconds."""

    where: str
    seconds: int
    page: str
    """Of docs.aws.amazon.com."""
    why: str = ""
    """Why it is that long, or may be longer; '' where nothing is to be said of it."""
    data_only: bool = False
    """Whether only data keeps a connection, not TCP keepalive probes, which carry none."""

    def __str__(self) -> str:
        return f"{self.seconds} s" + (f" ({self.why})" if self.why else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """How long a silent connection lives: as long as the first that forgets it."""

    timeouts: tuple[Timeout, ...]
    zeromq: bool = True
    """Whether a socket of ZeroMQ may be what waits there: others have none of its options."""
    tcp: bool = True

    @property
    def first(self) -> Timeout | None:
        """What forgets it first; None where nothing keeps track."""
        return min(self.timeouts, key=lambda each: each.seconds, default=None)

    @property
    def seconds(self) -> int | None:
        """The smallest idle time-out on the way; None where nothing keeps track."""
        return self.first.seconds if self.first else None

    def survives(self, idle: int) -> bool:
        """Whether a connection that is silent for so many seconds still works after."""
        return self.seconds is None or idle < self.seconds

    @property
    def advice(self) -> str:
        """What to set so that the connection is never silent for too long.

        A box that forgets says nothing: libzmq then waits for ever
        (github.com/zeromq/libzmq/issues/2763).
        """
        if self.seconds is None:
            return "nothing on the way keeps track of it"
        # Heartbeats are commands of ZMTP (RFC 37), which nothing speaks over udp.
        heartbeat = f"set ZMQ_HEARTBEAT_IVL below {self.seconds * 500} ms"
        deaf = next((each.where for each in self.timeouts if each.data_only), None)
        if not (self.zeromq and self.tcp):
            often = f"let its programs send something every {self.seconds // 2} s"
            return often if deaf or not self.tcp else f"{often}, or use TCP keepalive"
        if deaf is not None:
            return f"{heartbeat}; ZMQ_TCP_KEEPALIVE does not help: {deaf} counts only data"
        return (
            f"{heartbeat}, or ZMQ_TCP_KEEPALIVE with "
            f"ZMQ_TCP_KEEPALIVE_IDLE below {self.seconds // 2} s"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSwap:
    """What happens to established connections when an end's groups are swapped for an empty one."""

    end: str
    at_once: bool
    why: str
    page: str = TRACKING


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Whether an end can be cut off at once, by swapping its groups or by a NACL."""

    quarantines: tuple[GroupSwap, ...]
    nacls: tuple[str, ...]
    """NACLs on the way: an entry that denies stops the packets of established connections too."""
    page: str = NACL_PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of the way outside the VPCs. `encrypted` is None where nobody here can tell."""

    where: str
    untrusted: bool
    encrypted: bool | None
    why: str
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrecy:
    """Who could read a flow on its way."""

    stretches: tuple[Stretch, ...]

    @property
    def encrypted(self) -> bool:
        """Whether every untrusted stretch is encrypted by the network."""
        return all(each.encrypted for each in self.stretches if each.untrusted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    survival: Survival
    cut: Cut
    secrecy: Secrecy


def conditions(network: Network, said: Explanation) -> Conditions | None:
    """Of a flow that is open, at least for requests; None for any other."""
    if said.verdict not in (Verdict.ALLOWED, Verdict.HALF_OPEN):
        return None
    legs = said.stretches
    nacls = (hop.name for leg in legs for hop in _hops(leg) if hop.layer in _ACLS)
    return Conditions(
        survival=Survival(
            timeouts=tuple(each for leg in legs for each in _timeouts(network, leg)),
            zeromq=_may_be_zeromq(network, said),
            tcp=said.protocol == TCP,
        ),
        cut=Cut(
            quarantines=tuple(each for leg in legs for each in _quarantines(network, leg)),
            nacls=tuple(dict.fromkeys(nacls)),
        ),
        secrecy=Secrecy(
            stretches=tuple(
                dict.fromkeys(each for leg in legs for each in _stretches(network, leg))
            )
        ),
    )


_NO_ZEROMQ: Final = frozenset({"TCP", "UDP", "STREAM", "DGRAM"})
"""Types of what waits for plain TCP or UDP."""


def _may_be_zeromq(network: Network, said: Explanation) -> bool:
    """Unless what waits there is known to be something else, or nothing of ZeroMQ can be."""
    types = {
        each.type
        for each in network.listeners
        if each.protocol == said.protocol
        and said.port in each.ports
        and waits_at(each, said.destination)
    }
    return has_ports(said.protocol) and not (types and types <= _NO_ZEROMQ)


_ACLS: Final = (Layer.ACL_EGRESS, Layer.ACL_INGRESS)


def _hops(said: Explanation) -> Iterator[Hop]:
    for path in said.paths:
        yield from path.request
        yield from path.reply


# Idle time-outs


def _timeouts(network: Network, said: Explanation) -> Iterator[Timeout]:
    for end in (said.source, said.destination):
        if end.kind is EndpointKind.INTERFACE:
            yield from _own_timeouts(network, said, end)
    for name in dict.fromkeys(hop.name for hop in _hops(said) if hop.layer is Layer.NAT):
        yield Timeout(where=f"NAT gateway {name}", seconds=MIDDLEBOX, page=NAT_PAGE)
    passed = {id_ for hop in _hops(said) if hop.layer is Layer.FIREWALL for id_ in hop.ids}
    for each in network.firewalls:
        ids = {each.id, *(endpoint for endpoint, _ in each.endpoints)}
        if said.protocol == TCP and passed & ids:
            where = f"Network Firewall {each.name}"
            yield Timeout(where=where, seconds=each.tcp_idle, page=FIREWALL_PAGE)


def _own_timeouts(network: Network, said: Explanation, end: Endpoint) -> Iterator[Timeout]:
    interface = network.interface[end.id]
    if interface.kind is InterfaceKind.LOAD_BALANCER and said.protocol in (TCP, UDP):
        yield _balancer(network, interface, said)
    if interface.kind is InterfaceKind.ENDPOINT and said.protocol == TCP:
        where = f"interface endpoint {interface.name}"
        yield Timeout(where=where, seconds=MIDDLEBOX, page=ENDPOINT_PAGE)
    if interface.security_groups and tracked(network, said, end):
        memory = remembers(interface, said.protocol, stream=False)
        where = f"security groups of {interface.name}"
        yield Timeout(where=where, seconds=memory.seconds, page=TRACKING, why=memory.why)


def _balancer(network: Network, interface: Interface, said: Explanation) -> Timeout:
    """As its listener says; where that is not known, the smallest that one of its kind may have.

    The kind is in its ARN. What is no Network Load Balancer counts data alone, which AWS
    says of Classic ones.
    """
    where = f"load balancer {interface.name}"
    if said.protocol == UDP:
        return Timeout(where=where, seconds=BALANCED_UDP, page=BALANCER_PAGE)
    balancers = [each for each in network.load_balancers if interface.id in each.interfaces]
    kinds = {each.id.partition("loadbalancer/")[2].partition("/")[0] for each in balancers}
    page, smallest, usual = CLASSIC_PAGE, 1, "1 to 4000, by default 60"
    tells = "aws elb describe-load-balancer-attributes"
    if kinds == {"app"}:
        page, tells = APPLICATION_PAGE, "aws elbv2 describe-load-balancer-attributes"
    elif kinds and kinds <= {"net", "gwy"}:
        page, smallest, usual = BALANCER_PAGE, 60, "60 to 6000, by default 350"
        tells = "aws elbv2 describe-listener-attributes"
    told = [each.tcp_idle for each in _listeners(balancers, interface, said)]
    known = [each for each in told if each is not None]
    sure = bool(known) and len(known) == len(told)
    return Timeout(
        where=where,
        seconds=min(known) if sure else smallest,
        page=page,
        why="" if sure else f"not known: {usual}; {tells} tells",
        data_only=page != BALANCER_PAGE,
    )


def _listeners(
    balancers: Iterable[LoadBalancer], interface: Interface, said: Explanation
) -> list[BalancedPort]:
    """Those that the flow comes to, or is passed on by; all where it is not known which."""
    every = [one for each in balancers for one in each.listeners if one.protocol == said.protocol]
    if said.destination.id == interface.id:
        return [each for each in every if each.port == said.port]
    passing = [each for each in every if (said.destination.id, said.port) in each.targets]
    return passing or every


# Connection tracking


def tracked(network: Network, said: Explanation, end: Endpoint) -> bool:
    """Whether an interface keeps track of the flow.

    Not where rules let tcp or udp of everybody in, and anything out to everybody
    (or the other way round), unless the way alone makes AWS track it.
    (docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html)
    """
    if said.protocol not in (TCP, UDP) or _always_tracked(network, said):
        return True
    layer = Layer.GROUP_EGRESS if end == said.source else Layer.GROUP_INGRESS
    matched = [
        ref.rule
        for hop in _hops(said)
        if hop.layer is layer
        for ref in hop.rules
        if isinstance(ref.rule, GroupRule)
    ]
    back = Direction.INGRESS if end == said.source else Direction.EGRESS
    replies = any(
        rule.certain and _for_everybody(rule, said) and _whole(rule)
        for each in network.interface[end.id].security_groups
        if each in network.security_group
        for rule in network.security_group[each].towards(back)
    )
    return not (matched and replies and all(_for_everybody(rule, said) for rule in matched))


def _for_everybody(rule: GroupRule, said: Explanation) -> bool:
    """Whether a rule is for every address of the family and for this protocol."""
    return (
        rule.peer.kind == "cidr"
        and rule.peer.cidr.prefixlen == 0
        and rule.peer.cidr.version == said.source.address.version
        and rule.protocol in (ANY_PROTOCOL, said.protocol)
    )


def _whole(rule: GroupRule) -> bool:
    return rule.protocol == ANY_PROTOCOL or rule.ports == ALL_PORTS


def _always_tracked(network: Network, said: Explanation) -> bool:
    layers = {hop.layer for hop in _hops(said)}
    if layers & {Layer.NAT, Layer.FIREWALL, Layer.TRANSIT, Layer.TRANSIT_ROUTE}:
        return True
    gateways = {each.id for each in network.egress_only_gateways}
    if any(not gateways.isdisjoint(hop.ids) for hop in _hops(said)):
        return True
    if any("dynamodb" in each.service for each in _gateway_endpoints(network, said)):
        return True
    ends = (said.source, said.destination)
    inside = [network.interface[end.id] for end in ends if end.kind is EndpointKind.INTERFACE]
    return any(each.kind is not InterfaceKind.HOST or each.function for each in inside)


def _gateway_endpoints(network: Network, said: Explanation) -> Iterator[GatewayEndpoint]:
    passed = {id_ for hop in _hops(said) for id_ in hop.ids}
    yield from (each for each in network.gateway_endpoints if each.id in passed)


def _quarantines(network: Network, said: Explanation) -> Iterator[GroupSwap]:
    for end in (said.source, said.destination):
        if end.kind is not EndpointKind.INTERFACE or not network.interface[end.id].security_groups:
            continue
        if tracked(network, said, end):
            own = min(_own_timeouts(network, said, end), key=lambda each: each.seconds)
            why = f"the flow is tracked: it lives until it is silent for {own}"
            yield GroupSwap(end=end.name, at_once=False, why=why)
        else:
            why = "the flow is not tracked: it lives by the rules alone"
            yield GroupSwap(end=end.name, at_once=True, why=why)


# Secrecy


def _stretches(network: Network, said: Explanation) -> Iterator[Stretch]:
    for end in (said.source, said.destination):
        if end.kind is EndpointKind.INTERNET and not _by_endpoint(said):
            yield Stretch(
                where="the internet",
                untrusted=True,
                encrypted=False,
                why="nothing of the network encrypts what crosses it: the application must (CURVE)",
            )
        elif end.kind is EndpointKind.SITE:
            yield _behind_the_tunnel(network, end)
    if said.source.vpc and said.destination.vpc and _over_the_internet(network, said):
        yield Stretch(
            where="public addresses of two VPCs",
            untrusted=True,
            encrypted=False,
            why="AWS promises no encryption between them: the application must (CURVE)",
        )
    yield from _within_a_vpc(network, said)
    for hop in _hops(said):
        yield from _over(network, hop)


def _within_a_vpc(network: Network, said: Explanation) -> Iterator[Stretch]:
    """What the VPC of both ends makes sure of, where somebody said what that is."""
    vpc = network.vpc.get(said.source.vpc or "")
    if vpc is None or vpc.id != said.destination.vpc or vpc.encryption is None:
        return
    if vpc.encryption.mode is EncryptionMode.OFF or _over_the_internet(network, said):
        return
    encrypted: bool | None = True
    why = "AWS lets in only what encrypts what it sends (VPC encryption control, enforce)"
    if not vpc.encryption.enforced:
        encrypted, why = None, f"its encryption control is {vpc.encryption}"
    elif any(
        _may_be_excluded(network, end, vpc.encryption.excluded)
        for end in (said.source, said.destination)
    ):
        encrypted, why = None, "its encryption control excludes what may be there"
    yield Stretch(
        where=f"inside VPC {vpc.name}",
        untrusted=False,
        encrypted=encrypted,
        why=why,
        page=ENCRYPTION_PAGE,
    )


def _may_be_excluded(network: Network, end: Endpoint, excluded: Collection[str]) -> bool:
    """Whether it is, or may be, what AWS lets in though it does not encrypt."""
    if end.kind is not EndpointKind.INTERFACE:
        return True
    interface = network.interface[end.id]
    if interface.kind is InterfaceKind.GATEWAY:
        return True
    if interface.function:
        return str(Excludable.LAMBDA) in excluded
    nobodys = interface.instance is None and interface.service is None
    others = {str(Excludable.LAMBDA), str(Excludable.FILE_SYSTEM), str(Excludable.LATTICE)}
    return nobodys and interface.kind is InterfaceKind.HOST and not others.isdisjoint(excluded)


def _over_the_internet(network: Network, said: Explanation) -> bool:
    """Whether it leaves by a gateway that leads to the internet."""
    gateways = {each.id for each in network.internet_gateways}
    gateways |= {each.id for each in network.egress_only_gateways}
    return any(not gateways.isdisjoint(hop.ids) for hop in _hops(said))


def _by_endpoint(said: Explanation) -> bool:
    return any(hop.layer is Layer.GATEWAY_ENDPOINT for hop in _hops(said))


def _behind_the_tunnel(network: Network, end: Endpoint) -> Stretch:
    site = network.site.get(end.id)
    trusted = site is not None and site.trusted
    why = "declared as trusted" if trusted else "the tunnel ends before it: not ours to say"
    return Stretch(where=f"inside {end.name}", untrusted=False, encrypted=None, why=why)


def _over(network: Network, hop: Hop) -> Iterator[Stretch]:
    """What one hop crosses."""
    if hop.layer is Layer.VPN:
        for id_ in hop.ids:
            connection = network.vpn_connection.get(id_)
            if connection is not None:
                yield Stretch(
                    where=f"VPN connection {connection.name}",
                    untrusted=True,
                    encrypted=True,
                    why=f"IPsec, {_algorithms(connection.tunnels)}",
                    page=TUNNEL_PAGE,
                )
    if hop.layer is Layer.PEERING:
        for peering in network.peerings:
            regions = (peering.requester.region, peering.accepter.region)
            if peering.id in hop.ids and regions[0] != regions[1]:
                where = f"between {regions[0]} and {regions[1]}"
                why = "AWS encrypts peering between Regions (AES-256)"
                yield Stretch(
                    where=where, untrusted=False, encrypted=True, why=why, page=PEERING_PAGE
                )
    if hop.layer is Layer.TRANSIT:
        for each in network.transit_attachments:
            if each.id in hop.ids and each.kind is AttachmentKind.PEERING:
                why = "AWS encrypts peering between Regions (AES-256)"
                where = f"transit gateway peering {each.name}"
                yield Stretch(
                    where=where, untrusted=False, encrypted=True, why=why, page=TGW_PEERING_PAGE
                )


def _algorithms(tunnels: Iterable[Tunnel]) -> str:
    """What the tunnels may agree on for the packets themselves."""
    tunnels = tuple(tunnels)
    said = sorted({each for tunnel in tunnels for each in tunnel.phase2_encryption})
    if not said or not all(tunnel.phase2_encryption for tunnel in tunnels):
        return "any algorithm that AWS offers (AES128 or better)"
    return " or ".join(said)
