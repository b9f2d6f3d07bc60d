"""Which things of a Network an item of an answer speaks of: what is in doubt if it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, Protocol

from bulkhead.network import Network
from bulkhead.observe.calls import KEYS
from bulkhead.observe.describe.described import Described, identity
from bulkhead.observe.record import Gaps, Record


class _Inside(Protocol):
    """What is in a VPC, and may have a part in packets of others."""

    @property
    def id(self) -> str: ...
    @property
    def vpc(self) -> str: ...


def in_vpc(found: Network, vpc: str) -> Iterator[str]:
    """By whatever a packet may pass through a VPC, or be let in and out."""
    kinds: tuple[tuple[_Inside, ...], ...] = (
        *(found.nacls, found.route_tables, found.internet_gateways, found.vpn_gateways),
        *(found.egress_only_gateways, found.nat_gateways, found.gateway_endpoints),
        *(found.firewalls, found.load_balancers),
    )
    yield from (each.id for things in kinds for each in things if each.vpc == vpc)
    yield from (
        each.id for each in found.peerings if vpc in (each.requester.vpc, each.accepter.vpc)
    )
    yield from (each.id for each in found.transit_attachments if each.resource == vpc)


def in_subnet(found: Network, subnet: str) -> Iterator[str]:
    """What stands in a subnet by which packets of others pass."""
    yield from (each.id for each in found.nat_gateways if each.subnet == subnet)
    yield from (each.id for each in found.transit_attachments if subnet in each.subnets)
    for firewall in found.firewalls:
        yield from (endpoint for endpoint, where in firewall.endpoints if where == subnet)


def carried(found: Network, gaps: Gaps) -> None:
    """Where a VPC or a subnet is itself in doubt, so is what carries packets of others there."""
    for each in tuple(gaps.unmodelled):
        others: Iterable[str] = ()
        itself = not each.unseen and each.scope in each.id.split(" and ")
        if itself and each.scope in found.vpc:
            others = in_vpc(found, each.scope)
        if itself and each.scope in found.subnet:
            others = in_subnet(found, each.scope)
        for other in others:
            gaps.add(each.kind, each.id, other, each.why, each.protocol, unseen=each.unseen)


class Concerned:
    """A Network, and the answers that it was read from."""

    def __init__(self, described: Described, found: Network) -> None:
        self._described = described
        self._found = found

    def by(self, key: str, item: Record) -> tuple[str, ...]:
        """The ids of all that an item decides about; none where nothing here depends on it."""
        ask = _ASK.get(key)
        named = ask(self, item) if ask else [identity(item, KEYS[key].id)]
        return tuple(dict.fromkeys(each for each in named if each in self._there))

    def internet_gateways(self, item: Record) -> tuple[str, ...]:
        """Those of the VPC that an item is, or is in."""
        vpc = item.maybe("VpcId")
        return tuple(each.id for each in self._found.internet_gateways if each.vpc == vpc)

    def egress_only_gateways(self, item: Record) -> tuple[str, ...]:
        vpc = item.maybe("VpcId")
        return tuple(each.id for each in self._found.egress_only_gateways if each.vpc == vpc)

    def regional_gateways(self, item: Record) -> tuple[str, ...]:
        """NAT gateways that are in no subnet of theirs."""
        vpc, every = item.maybe("VpcId"), self._found.nat_gateways
        return tuple(each.id for each in every if each.vpc == vpc and not each.subnet)

    @cached_property
    def _there(self) -> set[str]:
        ids = {each.id for each in self._found.things}
        return ids | {each for firewall in self._found.firewalls for each, _ in firewall.endpoints}

    # What lies in what

    def _vpc(self, item: Record) -> Iterator[str]:
        """It, and by whatever a packet may pass through it."""
        yield item.text("VpcId")
        yield from in_vpc(self._found, item.text("VpcId"))

    def _subnet(self, item: Record) -> Iterator[str]:
        """It, and what stands in it by which packets of others pass."""
        yield item.text("SubnetId")
        yield from in_subnet(self._found, item.text("SubnetId"))

    def _interface(self, item: Record) -> Iterator[str]:
        """It, and what it is the interface of."""
        name = item.text("NetworkInterfaceId")
        yield name
        yield from (item.maybe("Description") or "").split()
        yield from self._runs.get(name, ())
        yield from (each.id for each in self._found.load_balancers if name in each.interfaces)

    @cached_property
    def _runs(self) -> Mapping[str, list[str]]:
        """Interface -> the NAT gateways and the endpoints that say that it is theirs."""
        runs: dict[str, list[str]] = {}
        for record in self._described["NatGateways"]:
            for each in record.records("NatGatewayAddresses"):
                runs.setdefault(each.maybe("NetworkInterfaceId") or "", []).append(
                    record.text("NatGatewayId")
                )
        for record in self._described["VpcEndpoints"]:
            for name in record.texts("NetworkInterfaceIds"):
                runs.setdefault(name, []).append(record.text("VpcEndpointId"))
        return runs

    def _instances(self, item: Record) -> Iterator[str]:
        named = {each.maybe("InstanceId") for each in item.records("Instances")}
        named.add(item.maybe("InstanceId"))
        yield from (each.id for each in self._found.interfaces if each.instance in named - {None})
        for instance in (item, *item.records("Instances")):
            yield from (
                each.maybe("NetworkInterfaceId") or ""
                for each in instance.records("NetworkInterfaces")
            )

    def _route_table(self, item: Record) -> Iterator[str]:
        """It, and as it stands for each gateway."""
        table = item.text("RouteTableId")
        for each in self._found.route_tables:
            if each.id.partition("/")[0] == table:
                yield each.id

    def _peering_attachment(self, item: Record) -> Iterator[str]:
        yield item.text("TransitGatewayAttachmentId")
        yield item.maybe("AccepterTransitGatewayAttachmentId") or ""

    def _endpoint(self, item: Record) -> Iterator[str]:
        yield item.text("VpcEndpointId")
        yield from item.texts("NetworkInterfaceIds")

    def _of_its_group(self, item: Record) -> Iterator[str]:
        yield item.text("GroupId")

    def _of_its_transit_table(self, item: Record) -> Iterator[str]:
        yield item.text("TransitGatewayRouteTableId")

    def _connection(self, item: Record) -> Iterator[str]:
        """It, and that by which whoever is behind it sends, also as somebody else."""
        connection = item.text("VpnConnectionId")
        yield from (connection, item.maybe("VpnGatewayId") or "")
        yield from (
            each.id for each in self._found.transit_attachments if each.resource == connection
        )

    def _public_access(self, _: Record) -> Iterator[str]:
        yield from (each.id for each in self._found.internet_gateways)
        yield from (each.id for each in self._found.egress_only_gateways)

    # Load balancers and firewalls

    def _balancer(self, item: Record) -> Iterator[str]:
        """It, and its interfaces."""
        arn = item.maybe("LoadBalancerArn")
        for each in self._found.load_balancers:
            if each.id == arn:
                yield from (arn, *each.interfaces)

    def _rule(self, item: Record) -> Iterator[str]:
        """'…:listener-rule/app/front/50dc/f2f7/9683' is of '…:loadbalancer/app/front/50dc'."""
        arn = item.text("RuleArn").replace(":listener-rule/", ":loadbalancer/")
        yield "/".join(arn.split("/")[:4])

    def _listener(self, item: Record) -> Iterator[str]:
        """'…:listener/net/front/50dc/f2f7' is of '…:loadbalancer/net/front/50dc'."""
        arn = item.text("ListenerArn").replace(":listener/", ":loadbalancer/")
        yield "/".join(arn.split("/")[:4])

    def _target_group(self, item: Record) -> Iterator[str]:
        arn = item.text("TargetGroupArn")
        for group in self._described["TargetGroups"]:
            if group.text("TargetGroupArn") == arn:
                yield from group.texts("LoadBalancerArns")

    def _firewall(self, item: Record) -> Iterator[str]:
        firewall = item.inside("Firewall") or item
        yield firewall.text("FirewallArn")

    def _policy(self, item: Record) -> Iterator[str]:
        yield from self._enforcing({identity(item, KEYS["FirewallPolicies"].id)})

    def _rule_group(self, item: Record) -> Iterator[str]:
        group = identity(item, KEYS["RuleGroups"].id)
        yield from self._enforcing(
            {
                identity(policy, KEYS["FirewallPolicies"].id)
                for policy in self._described["FirewallPolicies"]
                if (inside := policy.inside("FirewallPolicy"))
                for kind in ("StatelessRuleGroupReferences", "StatefulRuleGroupReferences")
                for each in inside.records(kind)
                if each.maybe("ResourceArn") == group
            }
        )

    def _enforcing(self, policies: set[str]) -> Iterator[str]:
        for record in self._described["Firewalls"]:
            firewall = record.inside("Firewall")
            if firewall is not None and firewall.maybe("FirewallPolicyArn") in policies:
                yield firewall.text("FirewallArn")

    def _nothing(self, _: Record) -> Iterable[str]:
        """Whoever names a prefix list says that it is not known; of a control no packet depends."""
        return ()


_ASK: Final[Mapping[str, Callable[[Concerned, Record], Iterable[str]]]] = {
    "Vpcs": Concerned._vpc,
    "Subnets": Concerned._subnet,
    "NetworkInterfaces": Concerned._interface,
    "Reservations": Concerned._instances,
    "RouteTables": Concerned._route_table,
    "SecurityGroupRules": Concerned._of_its_group,
    "TransitGatewayPeeringAttachments": Concerned._peering_attachment,
    "TransitGatewayRoutes": Concerned._of_its_transit_table,
    "TransitGatewayStaticRoutes": Concerned._of_its_transit_table,
    "TransitGatewayPropagations": Concerned._of_its_transit_table,
    "TransitGatewayAssociations": Concerned._of_its_transit_table,
    "VpcEndpoints": Concerned._endpoint,
    "VpnConnections": Concerned._connection,
    "LoadBalancers": Concerned._balancer,
    "Listeners": Concerned._balancer,
    "Rules": Concerned._rule,
    "TargetGroups": Concerned._target_group,
    "TargetHealth": Concerned._target_group,
    "TargetGroupAttributes": Concerned._target_group,
    "ListenerAttributes": Concerned._listener,
    "BalancerAttributes": Concerned._balancer,
    "Firewalls": Concerned._firewall,
    "FirewallPolicies": Concerned._policy,
    "RuleGroups": Concerned._rule_group,
    "PrefixLists": Concerned._nothing,
    "VpcEncryptionControls": Concerned._nothing,
    "VpcBlockPublicAccessOptions": Concerned._public_access,
    "VpcBlockPublicAccessExclusions": Concerned._public_access,
}
"""Where it is not the thing of the item's own id."""
