"""The VPC, with everything that AWS opens by default closed."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.components.encryption import encryption_control
from bulkhead.components.ipv6 import Ipv6Block
from bulkhead.components.public_access import exclusion
from bulkhead.network import AMAZON_ASN, Exclusion, SaidOf, tags
from bulkhead.network import EgressOnlyGateway as PlannedEgressOnlyGateway
from bulkhead.network import InternetGateway as PlannedInternetGateway
from bulkhead.network import Vpc as PlannedVpc
from bulkhead.network import VpnGateway as PlannedVpnGateway

_CLOSED = "came with the VPC and is kept closed"
_BLOCKS: Final = (
    *("assignGeneratedIpv6CidrBlock", "ipv6CidrBlock", "ipv6IpamPoolId", "ipv6NetmaskLength"),
)
"""What a VPC says of its block of IPv6, which it is given apart from it: the block can go only
when the last subnet has left it, so it has to be a resource that goes after these changed."""


def _asn(gateway: PlannedVpnGateway) -> str | None:
    return None if gateway.asn in (None, AMAZON_ASN) else str(gateway.asn)


class Vpc(Component):
    """A VPC whose default security group, NACL and main route table let nothing through.

    Produces: aws.ec2.Vpc, DefaultSecurityGroup, DefaultNetworkAcl, DefaultRouteTable, a
    VpcIpv4CidrBlockAssociation for each further block, a VpcIpv6CidrBlockAssociation where it is
    planned with IPv6, a VpcEncryptionControl where the plan asks for one, a
    VpcBlockPublicAccessExclusion where the plan excludes all of it, and a VpnGateway, an
    InternetGateway and an EgressOnlyInternetGateway where the plan has one. Of a VPC and a VPN
    gateway that are there already it only reads what they are, and touches nothing of them.
    """

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""
    vpc_arn: pulumi.Output[str]
    """Its ARN, which names the account, the Region and the partition of AWS."""
    ipv6: Ipv6Block | None
    """Its block of IPv6, as planned and as it is given; None where it has none."""
    more_blocks: dict[IPv4Network, pulumi.Resource]
    """What gives it each further block of IPv4: subnets there are made after that."""
    vpn_gateway_id: pulumi.Output[str] | None
    """Id of the VPN gateway, None where no site is connected."""
    internet_gateway_id: pulumi.Output[str] | None
    """Id of the internet gateway, None where nothing crosses the internet by IPv4, or comes in."""
    egress_only_gateway_id: pulumi.Output[str] | None
    """Id of the egress-only internet gateway, None where nobody connects to a peer by IPv6."""
    encryption_control_id: pulumi.Output[str] | None
    """Id of what makes AWS keep out what sends in clear text, None where nobody asks for that."""
    held: list[pulumi.Resource]
    """What must stand before anything that AWS may refuse because of it: that control."""
    exclusions: list[pulumi.Resource]
    """That of the whole VPC from VPC Block Public Access: it stands before that is turned on."""
    attached: list[pulumi.Resource]
    """What must stand before anything has a public address: that gateway."""

    def __init__(
        self,
        name: str,
        vpc: PlannedVpc,
        vpn_gateway: PlannedVpnGateway | None = None,
        opts: pulumi.ResourceOptions | None = None,
        *,
        internet_gateway: PlannedInternetGateway | None = None,
        egress_only_gateway: PlannedEgressOnlyGateway | None = None,
        words: SaidOf | None = None,
        existing: str | None = None,
        gateway_exists: bool = False,
        ipv6_pool: str | None = None,
    ) -> None:
        """`words` become tags of the VPC; `existing` is the id of one that is there, others', and
        the VPN gateway is theirs too, by its id, where that `gateway_exists`.

        Its block of IPv6, if it is to have one, comes from `ipv6_pool`, of IPAM ('ipam-pool-…') or
        of addresses that the account brought ('ipv6pool-ec2-…'); '': Amazon gives one, and the
        planned one stands for it.
        """
        super().__init__(name, vpc.topology or vpc.name, opts, words=words)
        self.ipv6, self.more_blocks = None, {}
        if existing:
            network = aws.ec2.Vpc.get(self.key("vpc"), existing, opts=self.child())
        else:
            network, closed = self._made(vpc)
            for block in vpc.cidrs[1:]:
                if isinstance(block, IPv4Network):
                    self.more_blocks[block] = aws.ec2.VpcIpv4CidrBlockAssociation(
                        self.key("block", block),
                        vpc_id=network.id,
                        cidr_block=str(block),
                        opts=self.child(),
                    )
            if ipv6_pool is not None:
                self.ipv6 = self._given(vpc, ipv6_pool, network, closed)
        self.vpc_id, self.vpc_arn = network.id, network.arn
        self.encryption_control_id, self.held = None, []
        outputs: dict[str, Any] = {"vpcId": self.vpc_id}
        if vpc.encryption is not None and not existing:
            control = encryption_control(self, vpc, network)
            self.encryption_control_id, self.held = control.id, [control]
            outputs["encryptionControlId"] = control.id
        self.exclusions = []
        excluded = vpc.access_block.excluded if vpc.access_block else None
        if excluded not in (None, Exclusion.NONE):
            self.exclusions.append(
                exclusion(self, vpc.name, excluded, key=("exclusion",), vpc_id=network.id)
            )
        self.vpn_gateway_id = None
        if vpn_gateway is not None:
            self.vpn_gateway_id = (
                aws.ec2.VpnGateway.get(
                    self.key("vpn-gateway"), vpn_gateway.id, opts=self.child()
                ).id
                if gateway_exists
                else aws.ec2.VpnGateway(
                    self.key("vpn-gateway"),
                    vpc_id=self.vpc_id,
                    # AWS's own default is not said: what stood before stays as it is.
                    amazon_side_asn=_asn(vpn_gateway),
                    tags=self.word_tags(vpn_gateway.name, purpose="the VPN to the sites"),
                    opts=self.child(after=self.held),
                ).id
            )
        outputs["vpnGatewayId"] = self.vpn_gateway_id
        self.internet_gateway_id, self.attached = None, []
        if internet_gateway is not None:
            gateway = aws.ec2.InternetGateway(
                self.key("internet-gateway"),
                vpc_id=self.vpc_id,
                tags=self.word_tags(internet_gateway.name, purpose="the way to and from peers"),
                opts=self.child(after=self.held),
            )
            self.internet_gateway_id, self.attached = gateway.id, [gateway]
            outputs["internetGatewayId"] = gateway.id
        self.egress_only_gateway_id = None
        if egress_only_gateway is not None:
            self.egress_only_gateway_id = aws.ec2.EgressOnlyInternetGateway(
                self.key("egress-only-gateway"),
                vpc_id=self.vpc_id,
                tags=self.word_tags(egress_only_gateway.name, purpose="the way to peers by IPv6"),
                opts=self.child(after=self.held),
            ).id
            outputs["egressOnlyGatewayId"] = self.egress_only_gateway_id
        self.register_outputs(outputs)

    def _made(self, vpc: PlannedVpc) -> tuple[aws.ec2.Vpc, list[pulumi.Resource]]:
        """One of the topology's own, and what closes it."""
        network = aws.ec2.Vpc(
            self.key("vpc"),
            cidr_block=str(vpc.cidrs[0]),
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=self.word_tags(vpc.name, tags.vpc_tag(vpc.called)),
            opts=self.child(ignore_changes=[*_BLOCKS]),
        )
        # AWS creates these three with the VPC: members of the default group may
        # talk to each other and to everyone, the default NACL allows everything
        # (docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html).
        # Adopting them without rules closes them for whatever lands there later.
        group = aws.ec2.DefaultSecurityGroup(
            self.key("default-group"),
            vpc_id=network.id,
            tags=self.word_tags("default", purpose=_CLOSED),
            opts=self.child(),
        )
        acl = aws.ec2.DefaultNetworkAcl(
            self.key("default-acl"),
            default_network_acl_id=network.default_network_acl_id,
            tags=self.word_tags("default", purpose=_CLOSED),
            opts=self.child(),
        )
        aws.ec2.DefaultRouteTable(
            self.key("main-routes"),
            default_route_table_id=network.default_route_table_id,
            routes=[],
            tags=self.word_tags("main", purpose=_CLOSED),
            opts=self.child(),
        )
        return network, [group, acl]

    def _given(
        self,
        vpc: PlannedVpc,
        pool: str,
        network: aws.ec2.Vpc,
        closed: list[pulumi.Resource],
    ) -> Ipv6Block:
        """The block of IPv6 that it gets.

        After its defaults are closed: to one that is as it was made AWS adds what lets all of IPv6
        through (docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html).
        """
        (planned,) = (each for each in vpc.cidrs if isinstance(each, IPv6Network))
        out_of = "ipv6_ipam_pool_id" if pool.startswith("ipam-pool-") else "ipv6_pool"
        block: dict[str, Any] = (
            {"ipv6_cidr_block": str(planned), out_of: pool}
            if pool
            else {"assign_generated_ipv6_cidr_block": True}
        )
        given = aws.ec2.VpcIpv6CidrBlockAssociation(
            self.key("ipv6"), vpc_id=network.id, **block, opts=self.child(after=closed)
        )
        return Ipv6Block(planned, given.ipv6_cidr_block)
