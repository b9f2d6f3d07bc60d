"""The calls of the AWS CLI that put a single difference right where the engine does not.

What a plan never spoke of the engine leaves as it finds it: a rule, a route or an address
that somebody added stays there, whatever is refreshed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields
from ipaddress import IPv4Network, collapse_addresses
from typing import Any, Final

from bulkhead.network import (
    BOTH_TUNNELS,
    AclEntry,
    BalancedPort,
    CidrPeer,
    CustomerGateway,
    GroupRule,
    Interface,
    InterfaceKind,
    Route,
    RouteTable,
    SiteRouting,
    TargetKind,
    Tunnel,
    VpnConnection,
    consent_to_both,
    in_a_rule,
)
from bulkhead.network.idle import UDP_SINGLE, UDP_STREAM, usual_tcp

REFRESH: Final = "pulumi up --refresh"
_EC2: Final = "aws ec2"
_ELB: Final = "aws elbv2"
_DELEGATED: Final = 28
"""(docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html)"""


def taken_away(owner: str, part: object) -> str:
    """The call that takes a rule, an entry or a route away from what holds it."""
    match part:
        case GroupRule():
            call = f"{_EC2} revoke-security-group-{part.direction} --group-id {owner}"
            if part.id.startswith("sgr-"):
                # A rule by prefix list is here once for each block of that.
                return f"{call} --security-group-rule-ids {part.id.partition('/')[0]}"
            return f"{call} --ip-permissions '{','.join(_permission(part))}'"
        case AclEntry():
            return (
                f"{_EC2} delete-network-acl-entry --network-acl-id {owner} "
                f"--rule-number {part.number} --{part.direction}"
            )
        case Route():
            return _route_gone(owner, part)
        case BalancedPort():
            return f"{_ELB} delete-listener --listener-arn {_listener(owner, part, 'ListenerArn')}"
        case _:
            return ""


def _route_gone(table: str, route: Route) -> str:
    """Nobody deletes a route that is propagated
    (docs.aws.amazon.com/vpc/latest/userguide/WorkWithRouteTables.html)."""
    if route.propagated and route.target is TargetKind.VPN_GATEWAY:
        return (
            f"{_EC2} disable-vgw-route-propagation "
            f"--gateway-id {route.target_id} --route-table-id {table}"
        )
    return f"{_EC2} delete-route --route-table-id {table} {_destination(route)}"


def no_targets(balancer: str, port: BalancedPort, targets: Iterable[tuple[str, int]]) -> str:
    """The call by which a listener no longer passes on to some (address, port)."""
    group = _listener(balancer, port, "DefaultActions[0].TargetGroupArn")
    said = " ".join(f"Id={address},Port={number}" for address, number in targets)
    return f"{_ELB} deregister-targets --target-group-arn {group} --targets {said}"


def _listener(balancer: str, port: BalancedPort, what: str) -> str:
    """What AWS says of the one at a port, in a line for a shell."""
    where = f"Listeners[?to_string(Port)=='{port.port}'].{what}|[0]"
    return _asked(f"{_ELB} describe-listeners --load-balancer-arn {balancer}", where)


def _destination(route: Route) -> str:
    if route.prefix_list:
        return f"--destination-prefix-list-id {route.prefix_list}"
    option = "cidr" if route.destination.version == 4 else "ipv6-cidr"
    return f"--destination-{option}-block {route.destination}"


def _permission(rule: GroupRule) -> Iterator[str]:
    """A rule whose id nobody told, in the CLI's shorthand
    (docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html)."""
    yield f"IpProtocol={rule.protocol}"
    if (both := in_a_rule(rule.protocol, rule.ports)) is not None:
        yield f"FromPort={both[0]}"
        yield f"ToPort={both[1]}"
    if not isinstance(rule.peer, CidrPeer):
        yield f"UserIdGroupPairs=[{{GroupId={rule.peer.group}}}]"
    elif rule.peer.cidr.version == 4:
        yield f"IpRanges=[{{CidrIp={rule.peer.cidr}}}]"
    else:
        yield f"Ipv6Ranges=[{{CidrIpv6={rule.peer.cidr}}}]"


_MADE_FOR: Final = (
    (
        re.compile(r"(?:VPC Endpoint Interface )?(vpce-[0-9a-f]+)"),
        f"{_EC2} delete-vpc-endpoints --vpc-endpoint-ids {{}}",
    ),
    (re.compile(r"(nat-[0-9a-f]+)"), f"{_EC2} delete-nat-gateway --nat-gateway-id {{}}"),
    (
        re.compile(r"(tgw-attach-[0-9a-f]+)"),
        f"{_EC2} delete-transit-gateway-vpc-attachment --transit-gateway-attachment-id {{}}",
    ),
)
"""What AWS makes interfaces for, by the id that they are called after, and the call that takes
them along: nobody else may delete them
(docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html)."""
_NAMED: Final = re.compile(r"[A-Za-z0-9_-]+")
_BALANCER: Final = (
    "aws elbv2 delete-load-balancer --load-balancer-arn $(aws elbv2 describe-load-balancers"
    " --names {} --query 'LoadBalancers[0].LoadBalancerArn' --output text)"
)
_FUNCTION: Final = (
    "aws lambda update-function-configuration --function-name {}"
    " --vpc-config SubnetIds=[],SecurityGroupIds=[]"
)


def gone(interface: Interface) -> str:
    """The call that takes an interface away, with the instance or what else it is of."""
    if interface.instance:
        return f"{_EC2} terminate-instances --instance-ids {interface.instance}"
    for made_for, call in _MADE_FOR:
        if interface.kind is not InterfaceKind.HOST and (of := made_for.fullmatch(interface.name)):
            return call.format(of[1])
    named = _NAMED.fullmatch(interface.name) and interface.name != interface.id
    if named and interface.kind is InterfaceKind.LOAD_BALANCER:
        return _BALANCER.format(interface.name)
    if named and interface.function:
        return _FUNCTION.format(interface.name)
    return f"{_EC2} delete-network-interface --network-interface-id {interface.id}"


def table_gone(table: RouteTable) -> str:
    """The calls that take a route table away, after the gateway that it routes for."""
    call = f"{_EC2} delete-route-table --route-table-id {table.id}"
    return f"{_off_its_gateway(table)} && {call}" if table.gateway else call


def recreated(_: Interface, observed: Interface) -> str:
    """No call moves an interface to another subnet or primary address
    (docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html)."""
    return f"{gone(observed)} && {REFRESH}"


def secondary_addresses(planned: Interface, observed: Interface) -> str:
    """The calls that take away what no plan has, and give back what was planned."""
    return " && ".join(
        f"{_EC2} {call}-private-ip-addresses --network-interface-id {observed.id} {how}"
        for call, how in (
            *_blocks("unassign", _without(observed, planned)),
            *_blocks("assign", _without(planned, observed)),
        )
    )


def _without(one: Interface, other: Interface) -> Collection[Any]:
    return sorted(set(one.secondary_addresses) - set(other.secondary_addresses))


def _blocks(call: str, addresses: Collection[Any]) -> Iterator[tuple[str, str]]:
    """Whole delegated blocks go as such, other addresses one by one."""
    whole = [
        block
        for each in collapse_addresses(addresses)
        if each.prefixlen <= _DELEGATED
        for block in each.subnets(new_prefix=_DELEGATED)
    ]
    if whole:
        yield call, f"--ipv4-prefixes {' '.join(map(str, whole))}"
    single = [each for each in addresses if not any(each in block for block in whole)]
    if single:
        yield call, f"--private-ip-addresses {' '.join(map(str, single))}"


def asked_of_vpc(vpc: str, block: object) -> str:
    """The call that names the association of a block, for a shell."""
    family = "" if isinstance(block, IPv4Network) else "Ipv6"
    return _asked(
        f"{_EC2} describe-vpcs --vpc-ids {vpc}",
        f"Vpcs[0].{family}CidrBlockAssociationSet[?{family}CidrBlock=='{block}'].AssociationId|[0]",
    )


def asked_of_subnet(subnet: str, block: object) -> str:
    """The call that names the association of a block of IPv6, for a shell."""
    return _asked(
        f"{_EC2} describe-subnets --subnet-ids {subnet}",
        f"Subnets[0].Ipv6CidrBlockAssociationSet[?Ipv6CidrBlock=='{block}'].AssociationId|[0]",
    )


def asked_of_address(_: str, address: object) -> str:
    """The call that names the association of a public address, for a shell."""
    return _asked(f"{_EC2} describe-addresses --public-ips {address}", "Addresses[0].AssociationId")


def edge(planned: RouteTable, observed: RouteTable) -> str:
    """The call that lets a gateway route its incoming packets itself again."""
    return "" if planned.gateway or not observed.gateway else _off_its_gateway(observed)


def _off_its_gateway(observed: RouteTable) -> str:
    associations = f"RouteTables[0].Associations[?GatewayId=='{observed.gateway}']"
    return f"{_EC2} disassociate-route-table --association-id " + _asked(
        f"{_EC2} describe-route-tables --route-table-ids {observed.id}",
        f"{associations}.RouteTableAssociationId|[0]",
    )


def both_tunnels(planned: CustomerGateway | VpnConnection, _: object) -> str:
    """By the engine, which takes both tunnels of a site down only where its stack says that it may
    (`bulkhead.components.one_tunnel`)."""
    site = (isinstance(planned, VpnConnection) and planned.site) or planned.name
    return f"{consent_to_both(site)} && {REFRESH} && pulumi config rm {':'.join(BOTH_TUNNELS)}"


def of_tunnels(planned: VpnConnection, observed: VpnConnection) -> str:
    """By the engine, of which somebody has to let both go where it would change both."""
    there = {each.inside_cidr: each for each in observed.tunnels}
    changed = [
        each
        for each in planned.tunnels
        if (other := there.get(each.inside_cidr)) is None or _is_otherwise(each, other)
    ]
    return both_tunnels(planned, observed) if len(changed) > 1 else REFRESH


def _is_otherwise(planned: Tunnel, observed: Tunnel) -> bool:
    """In what a plan says of it; None, and nothing, say that it may stay as it stands."""
    said = {each.name: getattr(planned, each.name) for each in fields(planned)}
    return any(
        said[name] not in (None, ()) and said[name] != getattr(observed, name) for name in said
    )


def routes_of_connection(planned: VpnConnection, observed: VpnConnection) -> str:
    """The calls that take networks away that no plan has; what a device announces nobody can."""
    if observed.routing is SiteRouting.BGP:
        return ""
    return " && ".join(
        f"{_EC2} delete-vpn-connection-route --vpn-connection-id {observed.id} "
        f"--destination-cidr-block {block}"
        for block in observed.routes
        if block not in planned.routes
    )


def learning(planned: RouteTable, observed: RouteTable) -> str:
    """The calls after which a table learns nothing that no plan has it learn. What it learned goes
    with them."""
    return " && ".join(
        f"{_EC2} disable-vgw-route-propagation --route-table-id {observed.id} "
        f"--gateway-id {gateway}"
        for gateway in observed.learns_from
        if gateway not in planned.learns_from
    )


def _asked(call: str, query: str) -> str:
    """The answer of a call, in a line for a shell."""
    return f'"$({call} --query "{query}" --output text)"'


def ipv6_addresses(planned: Interface, observed: Interface) -> str:
    """The call that takes IPv6 addresses away that no plan has."""
    more = sorted(set(observed.ipv6_addresses) - set(planned.ipv6_addresses))
    said = " ".join(map(str, more))
    call = f"{_EC2} unassign-ipv6-addresses --network-interface-id {observed.id}"
    return f"{call} --ipv6-addresses {said}" if more else ""


def idle_timeouts(_: Interface, observed: Interface) -> str:
    """The call that gives AWS's own time-outs back."""
    tcp = usual_tcp(observed)
    said = f"TcpEstablishedTimeout={tcp},UdpStreamTimeout={UDP_STREAM},UdpTimeout={UDP_SINGLE}"
    return (
        f"{_EC2} modify-network-interface-attribute --network-interface-id {observed.id} "
        f"--connection-tracking-specification {said}"
    )
