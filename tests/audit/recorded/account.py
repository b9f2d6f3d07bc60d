"""An account that holds all the variants: what `build` makes, through boto3, on the local AWS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.audit.recorded.variants import (
    ACLS,
    ENDPOINTS,
    FIREWALLS,
    FLOW_LOGS,
    GROUPS,
    PREFIX_LISTS,
    REGION,
    REQUESTED_BY_THE_PEER,
    ROUTES,
    TEMPLATES,
    TOKENS,
    UNHELD,
    UNUSED_ACLS,
    VPCS,
    Rule,
)


def build(client: Callable[[str], Any]) -> None:
    """Make all of it, in an account that holds nothing but what AWS puts there by itself.

    `client` gives a client of boto3 by the name of its service.
    """
    _Account(client("ec2"), client("logs"), client("network-firewall")).build()


class _Account:
    def __init__(self, ec2: Any, logs: Any, firewalls: Any) -> None:
        self.ec2, self.logs, self.firewalls = ec2, logs, firewalls
        self.ids: dict[str, str] = {}
        self._octets: Iterator[int] = iter(range(1, 200))

    def build(self) -> None:
        for name, block in VPCS.items():
            made = self.ec2.create_vpc(CidrBlock=block, **_named("vpc", name))
            self.ids[name] = made["Vpc"]["VpcId"]
        self.ids["hosts"] = self._subnet("hosts")
        self._prefix_lists()
        self._groups()
        self._acls()
        self._instances()
        self._templates()
        self._subnets()
        self._flow_logs()
        self._endpoints()
        self._peerings()
        self._transit()
        self._tunnels()
        self._addresses()
        self._firewalls()

    def _subnet(self, name: str, vpc: str = "main", block: str = "") -> str:
        made = self.ec2.create_subnet(
            VpcId=self.ids[vpc],
            CidrBlock=block or f"10.0.{next(self._octets)}.0/24",
            AvailabilityZone=f"{REGION}a",
            **_named("subnet", name),
        )
        return str(made["Subnet"]["SubnetId"])

    def _prefix_lists(self) -> None:
        for name, blocks in PREFIX_LISTS.items():
            made = self.ec2.create_managed_prefix_list(
                PrefixListName=name,
                MaxEntries=5,
                AddressFamily="IPv4",
                Entries=[{"Cidr": each} for each in blocks],
            )
            self.ids[f"pl:{name}"] = made["PrefixList"]["PrefixListId"]

    def _groups(self) -> None:
        for name in GROUPS:
            made = self.ec2.create_security_group(
                GroupName=name,
                Description=name,
                VpcId=self.ids["main"],
                **_named("security-group", name),
            )
            self.ids[f"sg:{name}"] = made["GroupId"]
        for name, rules in GROUPS.items():
            for rule in rules:
                self.ec2.authorize_security_group_ingress(
                    GroupId=self.ids[f"sg:{name}"], IpPermissions=[self._permission(rule)]
                )
            if name not in UNHELD:
                self.ec2.create_network_interface(
                    SubnetId=self.ids["hosts"],
                    Groups=[self.ids[f"sg:{name}"]],
                    **_named("network-interface", f"holds-{name}"),
                )

    def _permission(self, rule: Rule) -> dict[str, Any]:
        protocol, first, last, peer = rule
        said: dict[str, Any] = {"IpProtocol": protocol}
        if first is not None:
            said |= {"FromPort": first, "ToPort": last}
        if peer.startswith("pl:"):
            return said | {"PrefixListIds": [{"PrefixListId": self.ids[peer]}]}
        if peer.startswith("sg:"):
            return said | {"UserIdGroupPairs": [{"GroupId": self.ids[peer]}]}
        if ":" in peer:
            return said | {"Ipv6Ranges": [{"CidrIpv6": peer}]}
        return said | {"IpRanges": [{"CidrIp": peer}]}

    def _acls(self) -> None:
        for name, entries in ACLS.items():
            made = self.ec2.create_network_acl(
                VpcId=self.ids["main"], **_named("network-acl", name)
            )
            id_ = made["NetworkAcl"]["NetworkAclId"]
            for number, action, protocol, first, last, block in entries:
                self.ec2.create_network_acl_entry(
                    NetworkAclId=id_,
                    RuleNumber=number,
                    RuleAction=action,
                    Protocol=protocol,
                    Egress=False,
                    **({"Ipv6CidrBlock": block} if ":" in block else {"CidrBlock": block}),
                    **({"PortRange": {"From": first, "To": last}} if first is not None else {}),
                )
            if name not in UNUSED_ACLS:
                self._guard(self._subnet(f"behind-{name}"), id_)

    def _guard(self, subnet: str, acl: str) -> None:
        is_its = [{"Name": "association.subnet-id", "Values": [subnet]}]
        (now,) = self.ec2.describe_network_acls(Filters=is_its)["NetworkAcls"]
        (tie,) = [each for each in now["Associations"] if each["SubnetId"] == subnet]
        self.ec2.replace_network_acl_association(
            AssociationId=tie["NetworkAclAssociationId"], NetworkAclId=acl
        )

    def _instance(self, name: str, *, group: str = "closed", **more: Any) -> str:
        image = self.ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        about: dict[str, Any] = {
            "SubnetId": self.ids["hosts"],
            "SecurityGroupIds": [self.ids[f"sg:{group}"]],
        }
        if "NetworkInterfaces" in more:
            about = {}
        made = self.ec2.run_instances(
            ImageId=image,
            InstanceType="t3.micro",
            MinCount=1,
            MaxCount=1,
            **about,
            **_named("instance", name),
            **more,
        )
        return str(made["Instances"][0]["InstanceId"])

    def _instances(self) -> None:
        for name, options in TOKENS.items():
            self._instance(name, MetadataOptions=options)
        self._instance("silent")
        for name, public in (("public", True), ("private", False)):
            interface = {
                "DeviceIndex": 0,
                "SubnetId": self.ids["hosts"],
                "Groups": [self.ids["sg:closed"]],
                "AssociatePublicIpAddress": public,
            }
            self._instance(name, NetworkInterfaces=[interface])
        twice = self._instance("two-interfaces")
        made = self.ec2.create_network_interface(
            SubnetId=self.ids["hosts"], Groups=[self.ids["sg:closed"]]
        )
        self.ec2.attach_network_interface(
            DeviceIndex=1,
            InstanceId=twice,
            NetworkInterfaceId=made["NetworkInterface"]["NetworkInterfaceId"],
        )
        self.ids["elastic"] = self._instance("elastic")
        # Named for the group that each holds.
        for name in ("cifs", "cifs-from-a-network"):
            self._instance(name, group=name)

    def _templates(self) -> None:
        for name, (default, versions) in TEMPLATES.items():
            first, *later = versions
            made = self.ec2.create_launch_template(
                LaunchTemplateName=name, LaunchTemplateData=first
            )
            id_ = made["LaunchTemplate"]["LaunchTemplateId"]
            for each in later:
                self.ec2.create_launch_template_version(
                    LaunchTemplateId=id_, LaunchTemplateData=each
                )
            if default != 1:
                self.ec2.modify_launch_template(LaunchTemplateId=id_, DefaultVersion=str(default))

    def _subnets(self) -> None:
        """Held by an interface each: prowler asks about no other."""
        for name, public in (("gives-public", True), ("gives-none", False)):
            id_ = self._subnet(name)
            self.ec2.modify_subnet_attribute(SubnetId=id_, MapPublicIpOnLaunch={"Value": public})
            self.ec2.create_network_interface(SubnetId=id_, Groups=[self.ids["sg:closed"]])
        for name, block in VPCS.items():
            if name != "main":
                # In the default group of its VPC, as whatever names none.
                id_ = self._subnet(f"of-{name}", name, f"{block.removesuffix('.0.0/16')}.1.0/24")
                self.ec2.create_network_interface(SubnetId=id_)
        self._close_default_group("peer")

    def _close_default_group(self, vpc: str) -> None:
        its = [
            {"Name": "vpc-id", "Values": [self.ids[vpc]]},
            {"Name": "group-name", "Values": ["default"]},
        ]
        (group,) = self.ec2.describe_security_groups(Filters=its)["SecurityGroups"]
        self.ec2.revoke_security_group_ingress(
            GroupId=group["GroupId"], IpPermissions=group["IpPermissions"]
        )
        self.ec2.revoke_security_group_egress(
            GroupId=group["GroupId"], IpPermissions=group["IpPermissionsEgress"]
        )

    def _flow_logs(self) -> None:
        for name, traffic in FLOW_LOGS.items():
            if name != "undelivered":
                self.logs.create_log_group(logGroupName=f"of-{name}")
            self.ec2.create_flow_logs(
                ResourceIds=[self.ids[name]],
                ResourceType="VPC",
                TrafficType=traffic,
                LogGroupName=f"of-{name}",
                DeliverLogsPermissionArn="arn:aws:iam::123456789012:role/logs",
            )

    def _endpoints(self) -> None:
        for name, endpoints in ENDPOINTS.items():
            for service, kind in endpoints:
                self.ec2.create_vpc_endpoint(
                    VpcId=self.ids[name],
                    ServiceName=f"com.amazonaws.{REGION}.{service}",
                    VpcEndpointType=kind,
                )

    def _peerings(self) -> None:
        for name, (block, routes) in ROUTES.items():
            peer = self.ec2.create_vpc(CidrBlock=block, **_named("vpc", name))["Vpc"]["VpcId"]
            ends = (self.ids["main"], peer)
            requester, accepter = ends[::-1] if name in REQUESTED_BY_THE_PEER else ends
            made = self.ec2.create_vpc_peering_connection(
                VpcId=requester, PeerVpcId=accepter, **_named("vpc-peering-connection", name)
            )
            id_ = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
            self.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=id_)
            table = self.ec2.create_route_table(
                VpcId=self.ids["main"], **_named("route-table", name)
            )
            for each in routes:
                self.ec2.create_route(
                    RouteTableId=table["RouteTable"]["RouteTableId"],
                    DestinationCidrBlock=each,
                    VpcPeeringConnectionId=id_,
                )

    def _transit(self) -> None:
        for name, accepts in (("accepts", "enable"), ("asks", "disable")):
            self.ec2.create_transit_gateway(
                Options={"AutoAcceptSharedAttachments": accepts},
                **_named("transit-gateway", name),
            )

    def _tunnels(self) -> None:
        gateway = self.ec2.create_vpn_gateway(Type="ipsec.1", **_named("vpn-gateway", "vgw"))
        id_ = gateway["VpnGateway"]["VpnGatewayId"]
        self.ec2.attach_vpn_gateway(VpcId=self.ids["main"], VpnGatewayId=id_)
        customer = self.ec2.create_customer_gateway(
            Type="ipsec.1", PublicIp="203.0.113.9", BgpAsn=65000
        )
        self.ec2.create_vpn_connection(
            Type="ipsec.1",
            CustomerGatewayId=customer["CustomerGateway"]["CustomerGatewayId"],
            VpnGatewayId=id_,
            Options={"StaticRoutesOnly": True},
            **_named("vpn-connection", "plant"),
        )

    def _addresses(self) -> None:
        self.ec2.allocate_address(Domain="vpc", **_named("elastic-ip", "unused"))
        held = self.ec2.allocate_address(Domain="vpc", **_named("elastic-ip", "used"))
        gateway = self.ec2.create_internet_gateway(**_named("internet-gateway", "igw"))
        self.ec2.attach_internet_gateway(
            VpcId=self.ids["main"],
            InternetGatewayId=gateway["InternetGateway"]["InternetGatewayId"],
        )
        self.ec2.associate_address(
            AllocationId=held["AllocationId"], InstanceId=self.ids["elastic"]
        )

    def _firewalls(self) -> None:
        for name, (protected, log) in FIREWALLS.items():
            self.firewalls.create_firewall(
                FirewallName=name,
                FirewallPolicyArn=f"arn:aws:network-firewall:{REGION}:123456789012:firewall-policy/p",
                VpcId=self.ids["main"],
                SubnetMappings=[{"SubnetId": self._subnet(f"of-{name}")}],
                DeleteProtection=protected,
            )
            if log:
                destination = {
                    "LogType": log,
                    "LogDestinationType": "S3",
                    "LogDestination": {"bucketName": "logs"},
                }
                self.firewalls.update_logging_configuration(
                    FirewallName=name,
                    LoggingConfiguration={"LogDestinationConfigs": [destination]},
                )


def _named(kind: str, name: str) -> dict[str, Any]:
    tags = [{"Key": "Name", "Value": name}]
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]}
