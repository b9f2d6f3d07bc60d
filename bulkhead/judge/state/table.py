"""Every field of everything in a Network, by what it is to a difference.

A test walks the dataclasses and fails on a field that is not here: whoever adds one
says what it decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bulkhead.judge.state import calls
from bulkhead.judge.state.roles import (
    Compared,
    Identity,
    Indifferent,
    Parts,
    Reference,
    Role,
)
from bulkhead.network import (
    AccessBlock,
    AclEntry,
    BalancedPort,
    CidrPeer,
    CustomerGateway,
    EgressOnlyGateway,
    Firewall,
    FirewallRule,
    GatewayEndpoint,
    GroupMembers,
    GroupPeer,
    GroupRule,
    IdleTimeouts,
    Interface,
    InterfaceKind,
    InternetGateway,
    ListReference,
    LoadBalancer,
    NatGateway,
    NetworkAcl,
    PeeredVpc,
    Peering,
    PortRange,
    Route,
    RouteTable,
    SecurityGroup,
    Site,
    Subnet,
    TransitAttachment,
    TransitGateway,
    TransitRoute,
    TransitRouteTable,
    Tunnel,
    Vpc,
    VpcEncryption,
    VpnConnection,
    VpnGateway,
)
from bulkhead.network.addresses import in_order
from bulkhead.network.idle import UDP_SINGLE, UDP_STREAM, usual_tcp

_ID: Final = Identity()
_NAME: Final = Identity()
_INSIDE_VPC: Final = Reference(said="VPC", inside=True)
_DOUBT: Final = Indifferent(why="what is in doubt is told as not known, never as a difference")
_LATER_OPEN: Final = "It opens nothing today, and weakens a layer that must hold alone."
_DEVICE: Final = "Opens the flows of the site to another device: the tunnels lead there."
_COUNTED: Final = Indifferent(
    why="its entries stand as rules and routes of their own and decide every packet; how many a "
    "list may have counts against a quota alone"
)
_ENCRYPTION: Final = Indifferent(
    why="it drops no packet of what is there: judge/encrypted.py tells which declared flows it "
    "leaves in clear text"
)
_ACCESS: Final = Indifferent(
    why="what it closes is told as what packets do: judge/public_access.py tells what of it is not "
    "as the topology counts on"
)
_SAID: Final = "It opens nothing itself: the tag says "
_LATER_BREAK: Final = "It breaks no declared flow today."
_OTHER_ALGORITHMS: Final = (
    "It opens nothing today, and weakens a layer: what protects packets on the way is another."
)
_OTHER_LIFETIME: Final = (
    "It opens nothing today: one key protects more of them, or fewer, and a device that "
    "expects the planned lifetime may lose the tunnel."
)
_DEAD_PEER: Final = (
    "It takes effect when the site's device falls silent: whether the tunnel is taken down, so "
    "that packets take the other one, and who opens it again."
)


def _service(name: str | None, groups: tuple[str, ...]) -> str | None:
    """A service as its tag has it: where several groups claim it, an id is added to its name."""
    for group in groups if name else ():
        name = name.removesuffix(f"/{group}") if name else name
    return name


def _unless(seconds: int | None, of_aws: int) -> int | None:
    """A time-out that somebody set to AWS's own is none that was set."""
    return None if seconds == of_aws else seconds


FIELDS: Final[Mapping[type, Mapping[str, Role]]] = {
    Vpc: {
        "id": _ID,
        "name": _NAME,
        "topology": Identity(),
        "called": Identity(),
        "neighbour": Identity(),
        "region": Compared(said="Region"),
        "encryption": _ENCRYPTION,
        "access_block": _ACCESS,
        # Whether it resolves names (enableDnsSupport, enableDnsHostnames) is no field: that says
        # how a name becomes an address, and decides no packet. The resolver itself answers
        # whatever groups and NACLs say (docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html).
        "cidrs": Compared(
            said="blocks",
            # In which order AWS lists those beside the first says nothing.
            plain=lambda each: tuple(sorted(each.cidrs, key=in_order)),
            then="Nothing is there yet: it takes effect with the first subnet made in it.",
        ),
    },
    VpcEncryption: dict.fromkeys(("mode", "excluded", "settled"), _ENCRYPTION),
    AccessBlock: dict.fromkeys(
        ("mode", "excluded", "managed_by", "exclusions_allowed", "settled"), _ACCESS
    ),
    Subnet: {
        "id": _ID,
        "name": _NAME,
        "vpc": _INSIDE_VPC,
        "zone": Compared(said="zone", unknown=""),
        "tags": Indifferent(why="only `bulkhead adopt` looks for subnets by them"),
        "zone_id": Indifferent(why="the zone is compared, by what its account calls it"),
        "cidr": Compared(said="block"),
        "nacl": Reference(
            said="network ACL",
            then="No host there shows it today: it takes effect at the next launch.",
        ),
        "route_table": Reference(
            said="route table",
            then="No host there shows it today: it takes effect at the next launch.",
        ),
        "segment": Compared(
            said="segment",
            then=_SAID + "of which segment its hosts are, and so what is declared for them.",
            tag=True,
        ),
        "ipv6_cidrs": Compared(
            said="IPv6 blocks",
            then="It takes effect with the first IPv6 address given there.",
        ),
        "public_access": _ACCESS,
        "excluded": _ACCESS,
        "public_on_launch": Compared(
            said="public address on launch",
            then="It takes effect at the next launch: what is started there gets a public address.",
            unknown=None,
        ),
        "ipv6_on_launch": Compared(
            said="IPv6 address on launch",
            then="It takes effect at the next launch: what is started there gets an IPv6 address, "
            "of a family that no rule of the plan speaks of.",
            unknown=None,
        ),
        "inspected": Indifferent(
            why="it only decides what passes an internet gateway, which no plan has, and is "
            "the account's, not the stack's"
        ),
    },
    Interface: {
        "id": _ID,
        "name": _NAME,
        "subnet": Reference(said="subnet", inside=True, mend=calls.recreated),
        "address": Compared(
            said="address",
            then="It breaks what was told the planned address: nobody is there.",
            mend=calls.recreated,
        ),
        "security_groups": Reference(
            said="security groups", then="Every rule that those groups get takes effect there."
        ),
        "secondary_addresses": Compared(
            said="secondary addresses",
            then="It sends and receives for other addresses than planned.",
            mend=calls.secondary_addresses,
        ),
        "public_address": Compared(
            said="public address",
            then="It opens nothing today: it takes effect with the first route to the internet.",
        ),
        "source_dest_check": Compared(
            said="source/destination check",
            # Of what sends on for others by its trade AWS sets it, and nobody else.
            plain=lambda each: each.source_dest_check or each.kind is InterfaceKind.GATEWAY,
        ),
        "service": Compared(
            said="service",
            plain=lambda each: _service(each.service, each.security_groups),
            then=_SAID + "which service runs there, and so what is declared for it.",
            tag=True,
        ),
        "ipv6_addresses": Compared(
            said="IPv6 addresses",
            then="It sends and receives for addresses that no plan has.",
            mend=calls.ipv6_addresses,
        ),
        "ipv6_prefixes": Compared(
            said="delegated IPv6 prefixes",
            then="It sends and receives for addresses that no plan has.",
        ),
        "more_public": Compared(said="public addresses of its secondary ones"),
        "kind": Compared(said="kind"),
        "instance": Indifferent(why="a plan has the interface, and whoever runs there is free"),
        "instance_type": Indifferent(why="as of the instance"),
        "host": Compared(
            said="host",
            then=_SAID + "of which host it is, and so who is let in with it.",
            tag=True,
        ),
        "idle": Compared(
            said="idle timeouts",
            plain=lambda each: replace(
                each.idle,
                tcp_established=_unless(each.idle.tcp_established, usual_tcp(each)),
            ),
            then="Connections that are silent for long are forgotten at other times.",
            mend=calls.idle_timeouts,
        ),
        "client_ports": Compared(
            said="client ports",
            then="Replies to what it asks come to other ports than planned.",
            tag=True,
        ),
        "function": Indifferent(why="whoever runs there is free"),
        "stand_in": Indifferent(why="it stands for interfaces, and is none"),
        "why_any_port": Indifferent(why="says why the client ports are what they are"),
    },
    IdleTimeouts: {
        "tcp_established": Compared(said="tcp"),
        "udp": Compared(said="udp", plain=lambda each: _unless(each.udp, UDP_SINGLE)),
        "udp_stream": Compared(
            said="udp streams", plain=lambda each: _unless(each.udp_stream, UDP_STREAM)
        ),
    },
    SecurityGroup: {
        "id": _ID,
        "name": _NAME,
        "vpc": _INSIDE_VPC,
        "rules": Parts(said="rule", then=_LATER_OPEN),
        "service": Compared(
            said="service",
            plain=lambda each: _service(each.service, (each.id,)),
            then=_SAID + "whose hosts hold it, and so what is declared for them.",
            tag=True,
        ),
        "default": Identity(),
        "lists": _COUNTED,
        "more_of": Compared(
            said="service whose rules it has more of",
            then=_SAID + "whose interfaces are to hold it, and so which of them may come.",
            tag=True,
        ),
        "named_by": Compared(
            said="service whose rules name it",
            then=_SAID + "that others hold it beside their own groups.",
            tag=True,
        ),
        "members": Compared(
            said="members",
            then=_SAID + "whether interfaces that hold it may come and go, and how many.",
            tag=True,
        ),
    },
    GroupMembers: {
        "fewest": Compared(said="fewest"),
        "most": Compared(said="most"),
        "unit": Compared(said="unit"),
        "subnets": Compared(said="subnets"),
        "client_ports": Compared(said="client ports"),
        "function": Compared(said="of a function"),
        "beside": Compared(said="groups beside"),
    },
    ListReference: dict.fromkeys(
        ("prefix_list", "direction", "family", "weight", "entries"), _COUNTED
    ),
    GroupRule: {
        "id": _ID,
        "direction": Compared(said="direction"),
        "protocol": Compared(said="protocol"),
        "ports": Compared(said="ports"),
        "peer": Compared(said="peer"),
        "description": Indifferent(why="words for people"),
        "certain": _DOUBT,
        "prefix_list": _COUNTED,
    },
    CidrPeer: {
        "cidr": Compared(said="block"),
        "kind": Indifferent(why="the type says it"),
    },
    GroupPeer: {
        "group": Reference(said="group"),
        "kind": Indifferent(why="the type says it"),
    },
    PortRange: {
        "first": Compared(said="first"),
        "last": Compared(said="last"),
    },
    NetworkAcl: {
        "id": _ID,
        "name": _NAME,
        "vpc": _INSIDE_VPC,
        "entries": Parts(said="entry", then=_LATER_OPEN, slot=("direction", "number")),
        "default": Identity(),
        "by_policy": Indifferent(why="who keeps it decides no packet, and who mends it is said"),
    },
    AclEntry: {
        "number": Compared(said="number"),
        "direction": Compared(said="direction"),
        "action": Compared(said="action"),
        "protocol": Compared(said="protocol"),
        "ports": Compared(said="ports"),
        "cidr": Compared(said="block"),
        "certain": _DOUBT,
    },
    RouteTable: {
        "id": _ID,
        "name": _NAME,
        "vpc": _INSIDE_VPC,
        "routes": Parts(
            said="route", then=_LATER_OPEN, slot=("destination", "prefix_list", "propagated")
        ),
        "main": Compared(
            said="main table", then="It takes effect with the next subnet that names no table."
        ),
        "gateway": Reference(said="gateway whose incoming packets it routes", mend=calls.edge),
        "lists": _COUNTED,
        "learns_from": Compared(
            said="VPN gateways whose routes it learns",
            then="It takes effect with the next route that a site announces: nobody here decides "
            "which those are.",
            mend=calls.learning,
        ),
    },
    Route: {
        "destination": Compared(said="destination"),
        "target": Compared(said="kind of target"),
        "target_id": Reference(said="target"),
        "propagated": Compared(said="propagated"),
        "blackhole": Compared(said="blackhole"),
        "prefix_list": Compared(said="prefix list"),
        "certain": Compared(said="whether it is there for certain"),
    },
    InternetGateway: {"id": _ID, "name": _NAME, "vpc": _INSIDE_VPC},
    VpnGateway: {
        "id": _ID,
        "name": _NAME,
        "vpc": _INSIDE_VPC,
        "asn": Compared(
            said="ASN",
            then="Sites that speak BGP know it by another number, and take nothing from it.",
            unknown=None,
        ),
    },
    EgressOnlyGateway: {"id": _ID, "name": _NAME, "vpc": _INSIDE_VPC},
    NatGateway: {
        "id": _ID,
        "name": _NAME,
        "vpc": _INSIDE_VPC,
        "subnet": Reference(said="subnet", inside=True),
        "address": Compared(said="address"),
        "public_address": Compared(said="public address"),
        "more_public": Compared(said="more public addresses"),
        "more_addresses": Compared(said="secondary addresses"),
        "route_table": Reference(said="route table"),
        "zones": Compared(said="public addresses by zone"),
        "expands": Compared(said="comes to further zones by itself"),
        "available": Compared(said="available"),
    },
    Peering: {
        "id": _ID,
        "name": _NAME,
        "requester": Compared(said="requester"),
        "accepter": Compared(said="accepter"),
        "active": Compared(said="active"),
    },
    PeeredVpc: {
        "vpc": Reference(said="VPC"),
        "region": Compared(said="Region"),
        "cidrs": Compared(said="blocks"),
    },
    TransitGateway: {
        "id": _ID,
        "name": _NAME,
        "region": Compared(said="Region"),
        "references": Compared(said="references to groups"),
    },
    TransitAttachment: {
        "id": _ID,
        "name": _NAME,
        "gateway": Reference(said="transit gateway", inside=True),
        "kind": Compared(said="kind"),
        "resource": Reference(said="what is attached"),
        "table": Reference(said="route table"),
        "subnets": Reference(said="subnets"),
        "available": Compared(said="available"),
        "references": Compared(said="references to groups"),
        "appliance_mode": Compared(said="appliance mode"),
        "peer_gateway": Reference(said="gateway at the other end"),
    },
    TransitRouteTable: {
        "id": _ID,
        "name": _NAME,
        "gateway": Reference(said="transit gateway", inside=True),
        "routes": Parts(said="route", then=_LATER_OPEN, slot=("destination", "propagated")),
    },
    TransitRoute: {
        "destination": Compared(said="destination"),
        "attachments": Reference(said="attachments"),
        "propagated": Compared(said="propagated"),
        "blackhole": Compared(said="blackhole"),
        "certain": Compared(said="whether it is there for certain"),
    },
    GatewayEndpoint: {
        "id": _ID,
        "name": _NAME,
        "vpc": _INSIDE_VPC,
        "service": Compared(said="service"),
        "prefix_list": Indifferent(why="an id that AWS gives, and routes and rules name"),
        "cidrs": Indifferent(why="AWS changes them; routes and rules say what they let pass"),
    },
    Firewall: {
        "id": _ID,
        "name": _NAME,
        "vpc": _INSIDE_VPC,
        # Endpoint ids are AWS's, the subnets that they stand in are the plan's.
        "endpoints": Reference(said="subnets of its endpoints", ids=lambda each: each[1:]),
        "stateless": Parts(said="stateless rule", ordered=True),
        "stateless_default": Compared(said="stateless default"),
        "stateful": Parts(said="stateful rule", ordered=True),
        "stateful_default": Compared(said="stateful default"),
        "action_order": Compared(said="order of actions"),
        "tcp_idle": Compared(said="idle timeout of tcp"),
    },
    FirewallRule: {
        "id": _ID,
        "action": Compared(said="action"),
        "protocols": Compared(said="protocols"),
        "sources": Compared(said="sources"),
        "destinations": Compared(said="destinations"),
        "client_ports": Compared(said="client ports"),
        "ports": Compared(said="ports"),
        "both_ways": Compared(said="both ways"),
    },
    LoadBalancer: {
        "id": _ID,
        "name": _NAME,
        "vpc": _INSIDE_VPC,
        "interfaces": Reference(said="interfaces"),
        "listeners": Parts(
            said="listener",
            slot=("protocol", "port"),
            then="It opens nothing of itself: groups and network ACLs say who gets in.",
        ),
    },
    BalancedPort: {
        "protocol": Compared(said="protocol"),
        "port": Compared(said="port"),
        "targets": Reference(said="targets"),
        "keeps_client_address": Compared(
            said="keeping of the client's address",
            then="It breaks what is passed on: network ACLs let in the load balancer, and the "
            "packets come from its clients.",
        ),
        "tcp_idle": Compared(
            said="idle timeout of tcp",
            then="Connections that are silent for long are forgotten at other times.",
            unknown=None,
        ),
        "crosses_zones": Compared(
            said="passing on to other zones",
            then="Who meets it in a zone without copies may meet none.",
            unknown=None,
        ),
    },
    CustomerGateway: {
        "id": _ID,
        "name": _NAME,
        "address": Compared(
            said="address",
            then=_DEVICE,
            mend=calls.both_tunnels,
        ),
        "asn": Compared(said="ASN", then=_LATER_BREAK, mend=calls.both_tunnels),
    },
    VpnConnection: {
        "id": _ID,
        "name": _NAME,
        "vpn_gateway": Reference(said="VPN gateway", inside=True),
        "customer_gateway": Reference(
            said="customer gateway",
            then=_DEVICE,
            unknown="",
            mend=calls.both_tunnels,
        ),
        "routes": Compared(
            said="routes",
            then="It opens nothing today: it takes effect with the first route that leads there.",
            mend=calls.routes_of_connection,
        ),
        "tunnels": Parts(
            said="tunnel",
            slot=("inside_cidr",),
            then=_OTHER_ALGORITHMS,
            unknown=(),
        ),
        "routing": Compared(
            said="routing",
            then="How AWS knows what lies behind it: one that stands is never changed from static "
            "routes to BGP or back, the engine makes another.",
            unknown=None,
        ),
        "learns": Compared(
            said="what it learns by BGP",
            then="It opens nothing itself: the site may lead more to its tunnels than is known.",
        ),
        "version": Compared(said="family inside its tunnels", unknown=None),
        "site": Compared(
            said="site",
            then=_SAID + "what lies behind it, and so what is declared for it.",
            tag=True,
        ),
        "available": Compared(said="available"),
    },
    Tunnel: {
        "inside_cidr": Compared(said="inside network"),
        "ike_versions": Compared(said="IKE versions", then=_OTHER_ALGORITHMS),
        "phase1_encryption": Compared(said="encryption of phase 1", then=_OTHER_ALGORITHMS),
        "phase1_integrity": Compared(said="integrity of phase 1", then=_OTHER_ALGORITHMS),
        "phase1_dh_groups": Compared(
            said="Diffie-Hellman groups of phase 1", then=_OTHER_ALGORITHMS
        ),
        "phase2_encryption": Compared(said="encryption of phase 2", then=_OTHER_ALGORITHMS),
        "phase2_integrity": Compared(said="integrity of phase 2", then=_OTHER_ALGORITHMS),
        "phase2_dh_groups": Compared(
            said="Diffie-Hellman groups of phase 2", then=_OTHER_ALGORITHMS
        ),
        "phase1_lifetime": Compared(said="lifetime of phase 1 in seconds", then=_OTHER_LIFETIME),
        "phase2_lifetime": Compared(said="lifetime of phase 2 in seconds", then=_OTHER_LIFETIME),
        "dpd_action": Compared(said="action on a dead peer", then=_DEAD_PEER),
        "startup_action": Compared(
            said="startup action",
            then="It takes effect with the next negotiation: `start` lets AWS open the tunnel, "
            "to whatever answers at the customer gateway's address; `add` waits for the device.",
        ),
        "dpd_timeout": Compared(
            said="seconds until a silent peer is dead", then=_DEAD_PEER, unknown=None, asked=False
        ),
        "rekey_margin": Compared(
            said="rekey margin in seconds", then=_OTHER_LIFETIME, unknown=None, asked=False
        ),
        "rekey_fuzz": Compared(
            said="rekey fuzz in percent", then=_OTHER_LIFETIME, unknown=None, asked=False
        ),
        "replay_window": Compared(
            said="replay window in packets",
            then="It opens nothing: a larger one takes in what was sent again, or only late; a "
            "smaller one drops what came late.",
            unknown=None,
            asked=False,
        ),
        "lifecycle_control": Compared(
            said="lifecycle control",
            then="It opens nothing: without it AWS replaces the endpoint when it likes, and the "
            "tunnel is down meanwhile.",
            unknown=None,
            asked=False,
        ),
        "logs": Compared(
            said="logs",
            then="It opens nothing: without them nobody sees who negotiated, or why it broke.",
            unknown=None,
            asked=False,
        ),
    },
    Site: {
        "name": _NAME,
        "cidrs": Compared(said="networks"),
        "vpn_connection": Reference(said="VPN connection", inside=True),
        "trusted": Compared(
            said="trusted",
            then=_SAID + "what the site may be declared to reach.",
            tag=True,
        ),
        "client_ports": Compared(
            said="client ports",
            then=_SAID + "to which ports of its hosts replies have to come.",
            tag=True,
        ),
        "host_ports": Compared(
            said="client ports of some of its hosts",
            plain=lambda each: tuple(f"{at}: {ports}" for at, ports in sorted(each.host_ports)),
            then=_SAID + "to which ports of these replies have to come.",
            tag=True,
        ),
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The things of one field of a Network: what one is called, and what takes one away.

    `then`: what one does that no packet shows today, `lost`: what it does that one is
    gone; `grants`: what one does whether a packet shows it or not. `absent`: how it is
    said that one is not there. `removal` is a call of the AWS CLI.
    """

    said: str
    absent: str = "is not there"
    removal: str = ""
    then: str = _LATER_OPEN
    lost: str = "It breaks no declared flow today."
    grants: str = ""


_AWS: Final = "aws ec2 "
KINDS: Final[Mapping[str, Kind]] = {
    "vpcs": Kind(
        said="VPC",
        removal=_AWS + "delete-vpc --vpc-id {id}",
        then="It opens nothing today: nothing leads from it to the planned one.",
    ),
    "subnets": Kind(
        said="subnet",
        removal=_AWS + "delete-subnet --subnet-id {id}",
        then="It opens nothing today: it takes effect at the first launch in it.",
        lost="It breaks no declared flow today: it takes effect at the next launch.",
    ),
    "internet_gateways": Kind(
        said="internet gateway",
        absent="is not attached to the VPC",
        removal=_AWS + "detach-internet-gateway --internet-gateway-id {id} --vpc-id {vpc}",
        then="It opens nothing today: it takes effect with the first route that leads there.",
    ),
    "egress_only_gateways": Kind(
        said="egress-only internet gateway",
        removal=_AWS + "delete-egress-only-internet-gateway --egress-only-internet-gateway-id {id}",
        then="It opens nothing today: it takes effect with the first route that leads there.",
    ),
    "vpn_gateways": Kind(
        said="VPN gateway",
        absent="is not attached to the VPC",
        removal=_AWS + "detach-vpn-gateway --vpn-gateway-id {id} --vpc-id {vpc}",
        then="It opens nothing today: it takes effect with the first route that leads there.",
    ),
    "nat_gateways": Kind(
        said="NAT gateway", removal=_AWS + "delete-nat-gateway --nat-gateway-id {id}"
    ),
    "peerings": Kind(
        said="VPC peering connection",
        removal=_AWS + "delete-vpc-peering-connection --vpc-peering-connection-id {id}",
        then="It opens nothing today: it takes effect once it is accepted and routes lead there.",
    ),
    "transit_gateways": Kind(
        said="transit gateway",
        removal=_AWS + "delete-transit-gateway --transit-gateway-id {id}",
        then="It opens nothing today: it takes effect with the first route that leads there.",
    ),
    "gateway_endpoints": Kind(
        said="gateway endpoint",
        removal=_AWS + "delete-vpc-endpoints --vpc-endpoint-ids {id}",
        then="It opens nothing today: it takes effect with the first route table it is put into.",
    ),
    "nacls": Kind(
        said="network ACL",
        removal=_AWS + "delete-network-acl --network-acl-id {id}",
        then="It opens nothing today: it takes effect with the first subnet that is put behind it.",
    ),
    "route_tables": Kind(
        said="route table",
        removal=_AWS + "delete-route-table --route-table-id {id}",
        then="It opens nothing today: it takes effect with the first subnet that is put behind it.",
    ),
    "security_groups": Kind(
        said="security group",
        removal=_AWS + "delete-security-group --group-id {id}",
        then="It opens nothing today: it takes effect with the first interface that holds it.",
    ),
    "interfaces": Kind(
        said="interface",
        removal=_AWS + "delete-network-interface --network-interface-id {id}",
        then="It opens nothing today: it takes effect with the first rule of its groups.",
        lost="It breaks what that host had to do: one of its service is gone.",
        grants="Opens to whoever runs there every flow of the groups that it holds.",
    ),
    "firewalls": Kind(
        said="network firewall",
        removal="aws network-firewall delete-firewall --firewall-name {name}",
    ),
    "load_balancers": Kind(
        said="load balancer",
        removal="aws elbv2 delete-load-balancer --load-balancer-arn {id}",
    ),
    "customer_gateways": Kind(
        said="customer gateway",
        removal=_AWS + "delete-customer-gateway --customer-gateway-id {id}",
        then="A VPN connection leads to a device that no plan has.",
    ),
    "vpn_connections": Kind(
        said="VPN connection",
        removal=_AWS + "delete-vpn-connection --vpn-connection-id {id}",
        then="",
        grants="Opens one more way into the VPC: whoever has its other end is the site.",
    ),
    "sites": Kind(said="site"),
    "transit_attachments": Kind(
        said="transit gateway attachment",
        removal=_AWS + "delete-transit-gateway-vpc-attachment --transit-gateway-attachment-id {id}",
    ),
    "transit_route_tables": Kind(
        said="transit gateway route table",
        removal=_AWS + "delete-transit-gateway-route-table --transit-gateway-route-table-id {id}",
    ),
}
"""What a thing is inside of comes before it, and what it leads to as far as that goes."""

UNCOMPARED: Final[Mapping[str, str]] = {
    "services": "they are what tags of groups and interfaces say, which are compared",
    "listeners": "tags that name ports in words: rules decide, and the topology declares",
    "unmodelled": "what nobody knows is judged as not known",
    "unobserved": "it says of what nothing is known",
    "unlisted": "what the source does not list is held against nothing",
    "beside": "it says what is others': no difference of ours",
    "peers": "names of addresses: what leads there is compared",
    "prefix_lists": "what they hold is compared by itself (of_lists), and no packet depends on it",
    "associations": "ids that AWS gives and changes; what they join is compared",
}
"""Fields of a Network that hold no things of their own, and why nothing is lost by that."""
