"""Programs of other people, whole, as one finds them; tests break one thing of them at a time."""

from __future__ import annotations

from typing import Any

from tests.support.programs import Made, Program

EVERYWHERE = "0.0.0.0/0"


class Shop(Program):
    """A VPC with a public subnet, and a host in it that a security group of its own guards."""

    def __init__(self, **known: Any) -> None:
        super().__init__(**known)
        self.vpc = self.network("10.0.0.0/16")
        self.gateway = self.add("ec2/internetGateway:InternetGateway", "gateway", vpcId=self.vpc.id)
        self.subnet = self.add(
            "ec2/subnet:Subnet",
            "public",
            vpcId=self.vpc.id,
            cidrBlock="10.0.1.0/24",
            availabilityZone="eu-west-1a",
        )
        self.table = self.add("ec2/routeTable:RouteTable", "table", vpcId=self.vpc.id)
        self.add(
            "ec2/route:Route",
            "out",
            routeTableId=self.table.id,
            destinationCidrBlock=EVERYWHERE,
            gatewayId=self.gateway.id,
        )
        self.add(
            "ec2/routeTableAssociation:RouteTableAssociation",
            "in-public",
            subnetId=self.subnet.id,
            routeTableId=self.table.id,
        )
        self.group = self.add(
            "ec2/securityGroup:SecurityGroup", "web", vpcId=self.vpc.id, name="web"
        )
        self.host = self.instance("shop", self.subnet, self.group)

    def network(self, cidr: str, name: str = "main") -> Made:
        """A VPC, with what AWS makes with it."""
        return self.add(
            "ec2/vpc:Vpc",
            name,
            cidrBlock=cidr,
            answers={
                "defaultSecurityGroupId": f"sg-{name}",
                "defaultNetworkAclId": f"acl-{name}",
                "defaultRouteTableId": f"rtb-{name}",
                "mainRouteTableId": f"rtb-{name}",
            },
        )

    def instance(self, name: str, subnet: Made, group: Made, *, public: bool = True) -> Made:
        number = len(self.made)
        return self.add(
            "ec2/instance:Instance",
            name,
            ami="ami-1",
            instanceType="t3.micro",
            subnetId=subnet.id,
            vpcSecurityGroupIds=[group.id],
            associatePublicIpAddress=public,
            answers={
                "privateIp": f"10.0.1.{number}",
                "primaryNetworkInterfaceId": f"eni-{number}",
                **({"publicIp": f"3.3.3.{number}"} if public else {}),
            },
        )

    def rule(self, name: str, port: int, cidr: str, **other: Any) -> Made:
        """A rule as AWS advises it: a resource of its own, with one peer."""
        return self.add(
            "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            name,
            **{
                "securityGroupId": self.group.id,
                "ipProtocol": "tcp",
                "fromPort": port,
                "toPort": port,
                "cidrIpv4": cidr,
                **other,
            },
        )
