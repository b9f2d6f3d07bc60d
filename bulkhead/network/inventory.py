"""What stands beside a Network: facts that controls ask of, and that no packet depends on.

Whether a flow log is on, how an instance is asked for its credentials, whether a tunnel is up.
A Network without them is whole; an `Inventory` says of each kind whether it was read, and what
was not read is never absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Address
from typing import Any, Final, Generic, TypeVar

from bulkhead.network.dns import PrivateZone
from bulkhead.network.words import SaidOf

ACTIVE: Final = "ACTIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLog:
    """Of a VPC, a subnet, an interface or a transit gateway (`resource`).

    `traffic`: ACCEPT, REJECT or ALL; '' for a transit gateway, of which all is logged.
    `active`: whether it delivers.
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html)
    """

    id: str
    resource: str
    traffic: str
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataOptions:
    """How an instance is asked for its metadata, and by it for its credentials; None: not said.

    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsResponse.html)
    """

    enabled: bool | None = None
    tokens_required: bool | None = None
    """Whether version 2 alone answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One that runs, or may run again: none that was terminated."""

    id: str
    name: str
    vpc: str | None
    metadata: MetadataOptions = MetadataOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchTemplate:
    """One version of a template: the default one, or the newest, or both.

    Of a template of which no version was shown there is one that is not the default.

    `public`: whether it gives an interface a public address; None: it leaves that to the subnet.
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ResponseLaunchTemplateData.html)
    """

    id: str
    name: str
    version: int
    default: bool
    metadata: MetadataOptions = MetadataOptions()
    public: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ElasticAddress:
    """A public address that somebody keeps; `holder` is what it is associated with, '' nothing."""

    id: str
    name: str
    address: IPv4Address | None
    holder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelState:
    """What a tunnel does at run time, and whether its negotiation is logged; None: not said.

    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VgwTelemetry.html,
    API_VpnTunnelLogOptions.html)
    """

    connection: str
    name: str
    number: int
    """1 or 2, as the console counts them."""
    up: bool | None = None
    """Of a connection that speaks BGP only with a session established in it."""
    accepted: int | None = None
    """How many routes of the site's device AWS has accepted through it."""
    logged: bool | None = None
    key_shown: bool | None = None
    """Whether the state of an engine holds its pre-shared key in the clear."""
    outside: IPv4Address | None = None
    """AWS's public address of it."""
    secret: str | None = None
    """The ARN of the secret that has its key, where AWS keeps that in Secrets Manager."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelAlarm:
    """An alarm of CloudWatch on the state of a tunnel.

    `connection` and `address` are what it is about; '' where it is about more than one, or nobody
    knows yet. `tells`: whether it is switched on and somebody is told.
    (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html)
    """

    id: str
    connection: str
    address: str = ""
    lowest: bool = False
    """Whether it goes by the lower of both tunnels, where it names none."""
    tells: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcEndpoint:
    """Of any kind: of an interface, of a gateway, of a load balancer.

    `service` is its whole name: com.amazonaws.eu-west-1.ec2.
    """

    id: str
    vpc: str
    service: str
    kind: str
    available: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallOptions:
    """Of a Network Firewall and of its policy; None: not said.

    (docs.aws.amazon.com/network-firewall/latest/APIReference/API_Firewall.html,
    API_FirewallPolicy.html, API_DescribeLoggingConfiguration.html)
    """

    id: str
    name: str
    vpc: str
    """'' of one that stands at a transit gateway."""
    zones: tuple[str, ...] = ()
    """In which its endpoints stand."""
    delete_protected: bool | None = None
    subnets_protected: bool | None = None
    rule_groups: int | None = None
    """How many its policy refers to."""
    full_packets: tuple[str, ...] | None = None
    """What the policy does with packets that no stateless rule matches."""
    fragments: tuple[str, ...] | None = None
    logs: tuple[str, ...] | None = None
    """FLOW, ALERT, TLS: what it logs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatelessGroup:
    """A stateless rule group of a Network Firewall, and how many rules it holds."""

    id: str
    name: str
    rules: int | None
    """None: its answer does not show them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitOptions:
    """Of a transit gateway; None: not said.

    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayOptions.html)
    """

    id: str
    name: str
    accepts_all: bool | None
    """Whether it takes in by itself whoever of another account attaches a VPC."""
    shared_by: str = ""
    """The account that shares it and sets its options, where that is none of those that were
    asked (docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-share.html)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedAccess:
    """VPC Block Public Access of a Region: off, block-bidirectional or block-ingress.

    (docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html)
    """

    id: str
    """The Region."""
    mode: str
    excluded: tuple[str, ...] = ()
    """VPCs and subnets that it leaves open."""
    excluded_perhaps: tuple[str, ...] = ()
    """Those of which an exclusion is on its way in or out."""
    unknown: str = ""
    """Why the mode, or what is excluded, is not surely this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """Of a VPC, a subnet or a security group (`kind`), the keys of its tags, as written."""

    id: str
    name: str
    kind: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswer:
    """A question that was put to AWS, or looked for in a dump; `why` there is no whole answer."""

    call: str
    region: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRead:
    """Why a kind was not read, or not all of it; in a Region, or of one VPC, or ('') anywhere."""

    why: str
    region: str = ""
    vpc: str = ""
    call: str = ""
    """What would tell, as the permission is called: 'ec2:DescribeFlowLogs'."""
    broken: bool = False
    """Whether something was answered, and could not be understood."""
    beyond: bool = False
    """Whether all that the source speaks of is here, and only others may have more."""


T = TypeVar("T")

NOBODY_ASKED: Final = NotRead(why="nobody asked for it")


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """The things of one kind, and why there may be more than these."""

    things: tuple[T, ...] = ()
    unread: tuple[NotRead, ...] = (NOBODY_ASKED,)

    def __iter__(self) -> Iterator[T]:
        return iter(self.things)

    def __add__(self, other: Listed[T]) -> Listed[T]:
        """Of two Regions together."""
        return Listed(self.things + other.things, self.unread + other.unread)

    @property
    def complete(self) -> bool:
        """Whether everything of the kind is here: only then is what is not here absent."""
        return not self.unread

    def complete_in(self, region: str, vpc: str) -> bool:
        """Whether everything of the kind that a VPC of a Region has is here."""
        return not any(
            each.region in ("", region) and each.vpc in ("", vpc) for each in self.unread
        )

    def where(self, holds: Callable[[T], bool]) -> Listed[T]:
        """Some of the things, by what is known of each."""
        return Listed(tuple(filter(holds, self.things)), self.unread)


def _nothing() -> Listed[T]:
    return Listed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Facts beside a Network, kind by kind; one that nobody filled knows nothing."""

    flow_logs: Listed[FlowLog] = field(default_factory=_nothing)
    instances: Listed[Instance] = field(default_factory=_nothing)
    launch_templates: Listed[LaunchTemplate] = field(default_factory=_nothing)
    elastic_addresses: Listed[ElasticAddress] = field(default_factory=_nothing)
    tunnels: Listed[TunnelState] = field(default_factory=_nothing)
    tunnel_alarms: Listed[TunnelAlarm] = field(default_factory=_nothing)
    vpc_endpoints: Listed[VpcEndpoint] = field(default_factory=_nothing)
    firewall_options: Listed[FirewallOptions] = field(default_factory=_nothing)
    stateless_groups: Listed[StatelessGroup] = field(default_factory=_nothing)
    transit_options: Listed[TransitOptions] = field(default_factory=_nothing)
    public_access: Listed[BlockedAccess] = field(default_factory=_nothing)
    tagged: Listed[Tagged] = field(default_factory=_nothing)
    private_zones: Listed[PrivateZone] = field(default_factory=_nothing)
    said: Mapping[str, SaidOf] = field(default_factory=dict)
    """What the tags of things say of them, by their ids; nothing of those that say nothing."""
    answers: tuple[CallAnswer, ...] = ()
    """To what the source was asked, for the Network and for this; nothing of a plan."""

    def __add__(self, other: Inventory) -> Inventory:
        """Of two Regions together."""
        return Inventory(
            **{kind: getattr(self, kind) + getattr(other, kind) for kind in KINDS},
            said={**self.said, **other.said},
            answers=self.answers + other.answers,
        )

    def unread(self, kind: str) -> tuple[NotRead, ...]:
        """Why there may be more of a kind than is here; nothing where all is."""
        listed: Listed[object] = getattr(self, kind)
        return listed.unread


_NO_KINDS: Final = frozenset({"said", "answers"})
KINDS: Final = tuple(each.name for each in fields(Inventory) if each.name not in _NO_KINDS)
"""What an inventory lists."""


def together(inventories: Iterable[Inventory]) -> Inventory:
    """Those of several Regions as one; of none, one that knows nothing."""
    found: Inventory | None = None
    for each in inventories:
        found = each if found is None else found + each
    return found or Inventory()


def nothing_read(why: str) -> Inventory:
    """An inventory that knows nothing, and why."""
    unread: Any = Listed((), (NotRead(why=why),))
    return Inventory(**dict.fromkeys(KINDS, unread))
