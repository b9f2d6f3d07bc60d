"""A program of other people that does everything well: no policy has a word to say of it.

Each test of a policy breaks one thing of it.
"""

from __future__ import annotations

from typing import Any

from tests.support.programs import Made, Program

SITE = "192.168.10.0/24"
HOME = "10.0.0.0/16"
STRONG = {
    "IkeVersions": ["ikev2"],
    "Phase1EncryptionAlgorithms": ["AES256-GCM-16"],
    "Phase1IntegrityAlgorithms": ["SHA2-256"],
    "Phase1DhGroupNumbers": [20],
    "Phase2EncryptionAlgorithms": ["AES256-GCM-16"],
    "Phase2IntegrityAlgorithms": ["SHA2-256"],
    "Phase2DhGroupNumbers": [20],
    "LogOptions": {"cloudwatchLogOptions": {"logEnabled": True, "logGroupArn": "arn:aws:logs:x"}},
}


class Tidy(Program):
    """An application and its store, and a site that the application asks by a VPN."""

    def __init__(self, **known: Any) -> None:
        super().__init__(**known)
        self.home = self.component("acme:network:Home", "home")
        self.vpc = self.network("main", HOME)
        self.default_group = self.add(
            "ec2/defaultSecurityGroup:DefaultSecurityGroup", "closed", vpcId=self.vpc.id
        )
        self.default_group.answers = {"id": self.vpc.answers["defaultSecurityGroupId"]}
        self.default_nacl = self.add(
            "ec2/defaultNetworkAcl:DefaultNetworkAcl",
            "closed",
            defaultNetworkAclId=self.vpc["defaultNetworkAclId"],
        )
        self.default_nacl.answers = {
            "id": self.vpc.answers["defaultNetworkAclId"],
            "vpcId": self.vpc.id,
        }
        self.subnet = self.place("apps", "10.0.1.0/24")
        self.gateway = self.add("ec2/vpnGateway:VpnGateway", "vpn", vpcId=self.vpc.id)
        self.table = self.add("ec2/routeTable:RouteTable", "table", vpcId=self.vpc.id)
        self.add(
            "ec2/route:Route",
            "to-site",
            routeTableId=self.table.id,
            destinationCidrBlock=SITE,
            gatewayId=self.gateway.id,
        )
        self.add(
            "ec2/routeTableAssociation:RouteTableAssociation",
            "apps",
            subnetId=self.subnet.id,
            routeTableId=self.table.id,
        )
        self.nacl = self.add(
            "ec2/networkAcl:NetworkAcl", "apps", vpcId=self.vpc.id, subnetIds=[self.subnet.id]
        )
        for egress in (False, True):
            self.entry(f"home-{egress}", 100, HOME, egress=egress)
            self.entry(f"site-{egress}", 110, SITE, egress=egress)
        self.app = self.group("app")
        self.store = self.group("store")
        self.ingress("store-from-app", self.store, 5556, referencedSecurityGroupId=self.app.id)
        self.egress("app-to-store", self.app, 5556, referencedSecurityGroupId=self.store.id)
        self.egress("app-to-site", self.app, 8443, cidrIpv4=SITE)
        self.hosts = [self.host("app", self.app, 10), self.host("store", self.store, 20)]
        self.add(
            "ec2/flowLog:FlowLog",
            "log",
            vpcId=self.vpc.id,
            trafficType="ALL",
            logDestinationType="s3",
            logDestination="arn:aws:s3:::logs",
        )
        self.vpn = self.connection()

    def network(self, name: str, cidr: str) -> Made:
        """A VPC, with what AWS makes with it."""
        return self.add(
            "ec2/vpc:Vpc",
            name,
            parent=self.home,
            cidrBlock=cidr,
            tags={"Purpose": "trading"},
            answers={
                "defaultSecurityGroupId": f"sg-{name}",
                "defaultNetworkAclId": f"acl-{name}",
                "defaultRouteTableId": f"rtb-{name}",
                "mainRouteTableId": f"rtb-{name}",
            },
        )

    def place(self, name: str, cidr: str) -> Made:
        return self.add(
            "ec2/subnet:Subnet",
            name,
            parent=self.home,
            vpcId=self.vpc.id,
            cidrBlock=cidr,
            availabilityZone=f"{self.region}a",
            mapPublicIpOnLaunch=False,
            tags={"Purpose": name},
        )

    def entry(self, name: str, number: int, cidr: str, **other: Any) -> Made:
        return self.add(
            "ec2/networkAclRule:NetworkAclRule",
            name,
            **{
                "networkAclId": self.nacl.id,
                "ruleNumber": number,
                "egress": False,
                "protocol": "6",
                "ruleAction": "allow",
                "cidrBlock": cidr,
                "fromPort": 1024,
                "toPort": 65535,
                **other,
            },
        )

    def group(self, name: str, **other: Any) -> Made:
        return self.add(
            "ec2/securityGroup:SecurityGroup",
            name,
            vpcId=self.vpc.id,
            tags={"Purpose": name},
            **other,
        )

    def ingress(self, called: str, group: Made, port: int, **peer: Any) -> Made:
        return self._rule("Ingress", called, group, port, peer)

    def egress(self, called: str, group: Made, port: int, **peer: Any) -> Made:
        return self._rule("Egress", called, group, port, peer)

    def _rule(self, way: str, called: str, group: Made, port: int, peer: dict[str, Any]) -> Made:
        return self.add(
            f"vpc/securityGroup{way}Rule:SecurityGroup{way}Rule",
            called,
            securityGroupId=group.id,
            **{"ipProtocol": "tcp", "fromPort": port, "toPort": port, **peer},
        )

    def host(self, name: str, group: Made, number: int, **other: Any) -> Made:
        return self.add(
            "ec2/instance:Instance",
            name,
            ami="ami-1",
            instanceType="t3.micro",
            subnetId=self.subnet.id,
            vpcSecurityGroupIds=[group.id],
            metadataOptions={"httpTokens": "required", "httpEndpoint": "enabled"},
            answers={
                "privateIp": f"10.0.1.{number}",
                "primaryNetworkInterfaceId": f"eni-{name}",
            },
            **other,
        )

    def connection(self) -> Made:
        device = self.add(
            "ec2/customerGateway:CustomerGateway",
            "device",
            bgpAsn="65000",
            ipAddress="203.0.113.7",
            type="ipsec.1",
        )
        made = self.add(
            "ec2/vpnConnection:VpnConnection",
            "site",
            vpnGatewayId=self.gateway.id,
            customerGatewayId=device.id,
            type="ipsec.1",
            staticRoutesOnly=True,
            presharedKeyStorage="SecretsManager",
            **{f"tunnel{number}{key}": value for number in (1, 2) for key, value in STRONG.items()},
        )
        self.add(
            "ec2/vpnConnectionRoute:VpnConnectionRoute",
            "site",
            vpnConnectionId=made.id,
            destinationCidrBlock=SITE,
        )
        return made

    def itself(self) -> None:
        """Nothing is done to it."""

    def on_the_internet(self) -> Made:
        """With a gateway, a way to it, a NACL that lets all in, and a public address of the app."""
        gateway = self.add("ec2/internetGateway:InternetGateway", "internet", vpcId=self.vpc.id)
        self.add(
            "ec2/route:Route",
            "out",
            routeTableId=self.table.id,
            destinationCidrBlock="0.0.0.0/0",
            gatewayId=gateway.id,
        )
        for egress in (False, True):
            self.entry(f"world-{egress}", 120, "0.0.0.0/0", egress=egress)
        app = self.hosts[0]
        app.inputs["associatePublicIpAddress"] = True
        app.answers["publicIp"] = "3.3.3.3"
        return gateway
