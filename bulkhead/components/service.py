"""A service: its security group, its rules, its interfaces."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component, with_two_dots
from bulkhead.components.ipv6 import Ipv6Block, by_family, made
from bulkhead.network import (
    LINUX_PORTS,
    CidrPeer,
    Direction,
    GroupPeer,
    GroupRule,
    Interface,
    Listener,
    SaidOf,
    SecurityGroup,
    in_a_rule,
    protocol_name,
    tags,
)

_LIKE_A_RULE: Final = re.compile(r"-(ingress|egress)-[a-z0-9]+-[0-9-]+-sg-")


class Service(Component):
    """A security group that starts closed, and an interface per replica that holds it.

    Where its rules are more than one group holds there are several, and an interface holds all.

    Groups refer to each other, also in circles, so the rules come in a second
    step: create all services, then call `open` on each.

    Produces: aws.ec2.SecurityGroup, NetworkInterface per replica, an Eip for each that has a
    public address, and by `open`
    a vpc.SecurityGroupIngressRule or SecurityGroupEgressRule per rule.
    """

    security_group_id: pulumi.Output[str]
    """Id of the service's security group, by which rules of others name it."""
    security_group_ids: Sequence[pulumi.Output[str]]
    """The same, then those of the groups that have more of its rules, and those that it shares."""
    interface_ids: Mapping[str, pulumi.Output[str]]
    """Id of each interface, by its name ('ticker-1')."""
    addresses: Mapping[str, list[pulumi.Input[str]]]
    """The private addresses of each interface, that of IPv4 first, by its name."""
    interface_urns: Mapping[str, pulumi.Output[str]]
    """The same by URN, which is known in a preview and told once the interface stands."""
    interfaces: Sequence[pulumi.Resource]
    """The interfaces themselves, for what is to come after them."""
    rules: Mapping[str, pulumi.Resource]
    """The rules, by what they are called in the plan; none before `open`."""
    public_addresses: Mapping[str, pulumi.Output[str]]
    """By its name the public address of each interface that peers on the internet connect to."""

    def __init__(
        self,
        name: str,
        topology: str,
        *,
        group: SecurityGroup,
        more: Sequence[SecurityGroup] = (),
        shared: Sequence[pulumi.Input[str]] = (),
        vpc_id: pulumi.Input[str],
        interfaces: Sequence[Interface] = (),
        listeners: Sequence[Listener] = (),
        interface: str = "",
        of: str = "",
        subnet_ids: Mapping[str, pulumi.Input[str]] | None = None,
        ipv6: Ipv6Block | None = None,
        words: SaidOf | None = None,
        was: Sequence[str] = (),
        after: Sequence[pulumi.Resource] | Awaitable[list[pulumi.Resource]] = (),
        attached: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`group` is what is planned of it, `more` the groups with the rules for which that has no
        room, `shared` the ids of those that it shares with others,
        and `interfaces` those that hold all of them, each in a subnet
        whose id `subnet_ids` gives by its planned one, made and changed `after` what guards that
        and what its groups need; public
        addresses need the internet gateway `attached`. `ipv6` is the block of the VPC that planned
        addresses are of. `listeners` (what waits behind it) and `words` become tags.

        A group with `members` is held by what others make, an autoscaling group say: it has no
        `interfaces` here, and what is said of them becomes tags of the group.

        Of a service with several network interfaces each is one of these: all but the first are
        `interface` eth1 `of` router.
        """
        super().__init__(name, topology, opts, words=words, was=was)
        self._ipv6 = ipv6
        called = group.service or group.name
        # The description can never change without replacing the group, and says
        # nothing that could
        # (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html).
        security_group = aws.ec2.SecurityGroup(
            self.key("group"),
            name=group_name(self.key("group")),
            description="Managed by Bulkhead",
            vpc_id=vpc_id,
            tags=self.word_tags(
                group.name,
                {
                    **tags.service_tags(called, interface, of),
                    **tags.socket_tags(listeners),
                    **tags.members_tags(group.members),
                },
            ),
            opts=self.child(),
        )
        self.security_group_id = security_group.id
        beside = [
            aws.ec2.SecurityGroup(
                self.key("group", number),
                name=group_name(self.key("group", number)),
                description="Managed by Bulkhead",
                vpc_id=vpc_id,
                tags=self.word_tags(each.name, tags.more_of_tag(each.more_of)),
                opts=self.child(),
            ).id
            for number, each in enumerate(more, start=2)
        ]
        own = (security_group.id, *beside)
        self.security_group_ids = (*own, *(pulumi.Output.from_input(each) for each in shared))
        self._planned = tuple(zip(own, (group, *more), strict=True))
        self.rules = {}
        interfaces_made = {
            each.name: aws.ec2.NetworkInterface(
                self.key(each.name.removeprefix(f"{called}-"), "interface"),
                subnet_id=(subnet_ids or {})[each.subnet],
                private_ips=[str(each.address)],
                ipv6_addresses=self._of_ipv6(each),
                security_groups=[*self.security_group_ids],
                source_dest_check=each.source_dest_check,
                tags=self.word_tags(
                    each.name,
                    {
                        **tags.service_tags(called, interface, of, each.host),
                        **tags.client_tag(each.client_ports, LINUX_PORTS),
                    },
                ),
                # In another subnet it has another address: the new one stands before the old goes,
                # and whoever holds it (an instance, say) goes over in between.
                opts=self.child(after=([*after] or None) if isinstance(after, Sequence) else after),
            )
            for each in interfaces
        }
        self.interfaces = (*interfaces_made.values(),)
        self.interface_ids = {name: each.id for name, each in interfaces_made.items()}
        self.interface_urns = {name: each.urn for name, each in interfaces_made.items()}
        self.addresses = {
            each.name: [str(each.address), *(made(one, ipv6) for one in each.ipv6_addresses)]
            for each in interfaces
        }
        self.public_addresses = {
            each.name: aws.ec2.Eip(
                self.key(each.name.removeprefix(f"{called}-"), "address"),
                domain="vpc",
                network_interface=interfaces_made[each.name].id,
                tags=self.word_tags(each.name),
                opts=self.child(after=[*attached] or None),
            ).public_ip
            for each in interfaces
            if each.public_address is not None
        }
        self.register_outputs(
            {
                "securityGroupId": self.security_group_id,
                "interfaceIds": self.interface_ids,
                **({"securityGroupIds": self.security_group_ids} if beside or shared else {}),
                **({"publicAddresses": self.public_addresses} if self.public_addresses else {}),
            }
        )

    def open(
        self,
        group_ids: Mapping[str, pulumi.Input[str]],
        were: Mapping[str, Sequence[str]] | None = None,
        list_ids: Mapping[str, pulumi.Input[str]] | None = None,
        joins: Mapping[str, pulumi.Resource] | None = None,
    ) -> None:
        """Create the rules. `group_ids` gives the id of each planned security group, `were` what
        a planned group was called before, `list_ids` the id of each prefix list of AWS's, by the
        service that it is of ('s3'), `joins` of each planned group of another VPC what has to
        join the two before."""
        rules = {}
        for group_id, rule in ((id_, each) for id_, one in self._planned for each in one.rules):
            kind = (
                aws.vpc.SecurityGroupIngressRule
                if rule.direction is Direction.INGRESS
                else aws.vpc.SecurityGroupEgressRule
            )
            first, last = in_a_rule(rule.protocol, rule.ports) or (None, None)
            listed = (list_ids or {})[rule.prefix_list] if rule.prefix_list else None
            cidr = rule.peer.cidr if isinstance(rule.peer, CidrPeer) and not listed else None
            rules[rule.id] = kind(
                self.key(*_what_it_says(rule)),
                security_group_id=group_id,
                ip_protocol=protocol_name(rule.protocol) if rule.protocol >= 0 else "-1",
                from_port=first,
                to_port=last,
                **(by_family(cidr, self._ipv6, v4="cidr_ipv4", v6="cidr_ipv6") if cidr else {}),
                prefix_list_id=listed,
                referenced_security_group_id=(
                    None if isinstance(rule.peer, CidrPeer) else group_ids[rule.peer.group]
                ),
                description=rule.description,
                tags=self.tags(rule.description),
                opts=self.child(
                    after=_joined_by(rule, joins or {}), was=self._former_keys(rule, were or {})
                ),
            )
        self.rules = rules

    def _of_ipv6(self, interface: Interface) -> list[pulumi.Input[str]] | None:
        """Its addresses. Where its VPC has IPv6 and it has none, that is said too: AWS would
        leave it those that it had."""
        if self._ipv6 is None:
            return None
        return [made(each, self._ipv6) for each in interface.ipv6_addresses]

    def _former_keys(self, rule: GroupRule, were: Mapping[str, Sequence[str]]) -> Iterator[str]:
        """What a rule was called while its peer was called otherwise."""
        if isinstance(rule.peer, GroupPeer):
            for old in were.get(rule.peer.group, ()):
                yield self.key(*_what_it_says(replace(rule, peer=GroupPeer(old))))


def _joined_by(
    rule: GroupRule, joins: Mapping[str, pulumi.Resource]
) -> list[pulumi.Resource] | None:
    named = rule.peer.group if isinstance(rule.peer, GroupPeer) else ""
    return [joins[named]] if named in joins else None


def group_name(key: str) -> str | None:
    """A name that AWS takes; None where the engine's own, '<key>-<random>', is one.

    No group of a user may be called 'sg-…'
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html).
    """
    return f"bulkhead-{key}" if key.startswith("sg-") else None


def _what_it_says(rule: GroupRule) -> tuple[object, ...]:
    """A rule's identity is its content, never its place in a list."""
    peer = f"list-{rule.prefix_list}" if rule.prefix_list else str(rule.peer)
    if isinstance(rule.peer, GroupPeer):
        peer = with_two_dots(peer)
    # Where the peer itself is called like a rule, 'a' with 'b-ingress-tcp-1-sg-c' would be
    # named as a service 'a-…-b' with 'c' is: a single dot, which none has here, parts them.
    if _LIKE_A_RULE.search(peer):
        peer = peer.replace("/", ".", 1)
    return rule.direction, protocol_name(rule.protocol), rule.ports, peer
