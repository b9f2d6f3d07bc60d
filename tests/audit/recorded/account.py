"""An account that holds what auditors look for, one variant a resource, each named for what it is.

Every group, NACL, subnet … carries its Name; `build` makes them through boto3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

REGION: Final = "eu-west-1"
WORLD, WORLD6 = "0.0.0.0/0", "::/0"

Rule = tuple[str, int | None, int | None, str]
"""Protocol, first port, last port, and the block, group or prefix list that may come in."""

GROUPS: Final[dict[str, tuple[Rule, ...]]] = {
    "closed": (),
    "ssh": (("tcp", 22, 22, WORLD),),
    "ssh-in-a-range": (("tcp", 20, 25, WORLD),),
    "ssh-ipv6": (("tcp", 22, 22, WORLD6),),
    "ssh-from-a-network": (("tcp", 22, 22, "198.51.100.0/24"),),
    "ssh-in-halves": (("tcp", 22, 22, "0.0.0.0/1"), ("tcp", 22, 22, "128.0.0.0/1")),
    "ssh-from-one-half": (("tcp", 22, 22, "0.0.0.0/1"),),
    "ssh-from-ipv6-halves": (("tcp", 22, 22, "::/1"), ("tcp", 22, 22, "8000::/1")),
    "ssh-by-prefix-list": (("tcp", 22, 22, "pl:everybody"),),
    "ssh-by-prefix-list-of-offices": (("tcp", 22, 22, "pl:offices"),),
    "ssh-from-a-group": (("tcp", 22, 22, "sg:closed"),),
    "ssh-of-nobody": (("tcp", 22, 22, WORLD),),
    "udp-22": (("udp", 22, 22, WORLD),),
    "rdp": (("tcp", 3389, 3389, WORLD),),
    "rdp-udp": (("udp", 3389, 3389, WORLD),),
    "rdp-ipv6": (("tcp", 3389, 3389, WORLD6),),
    "everything": (("-1", None, None, WORLD),),
    "everything-ipv6": (("-1", None, None, WORLD6),),
    "every-tcp-port": (("tcp", 0, 65535, WORLD),),
    "every-udp-port": (("udp", 0, 65535, WORLD),),
    "everything-private": (("-1", None, None, "10.0.0.0/8"),),
    "https": (("tcp", 443, 443, WORLD),),
    "web": (("tcp", 80, 80, WORLD), ("tcp", 443, 443, WORLD6)),
    "zeromq": (("tcp", 5556, 5556, WORLD),),
    "cifs": (("tcp", 445, 445, WORLD),),
    "cifs-from-a-network": (("tcp", 445, 445, "198.51.100.0/24"),),
    "postgres": (("tcp", 5432, 5432, WORLD),),
    "rails": (("tcp", 3000, 3000, WORLD),),
    "port-8888": (("tcp", 8888, 8888, WORLD),),
    "ping": (("icmp", 8, -1, WORLD),),
    "any-icmp": (("icmp", -1, -1, WORLD),),
}
UNHELD: Final = frozenset({"ssh-of-nobody"})

Entry = tuple[int, str, str, int | None, int | None, str]
"""Number, allow or deny, protocol, first port, last port, block."""

ACLS: Final[dict[str, tuple[Entry, ...]]] = {
    "acl-closed": (),
    "acl-all": ((100, "allow", "-1", None, None, WORLD),),
    "acl-all-ipv6": ((100, "allow", "-1", None, None, WORLD6),),
    "acl-range": ((100, "allow", "6", 20, 25, WORLD),),
    "acl-low-ports": ((100, "allow", "6", 0, 1023, WORLD),),
    "acl-every-tcp-port": ((100, "allow", "6", 0, 65535, WORLD),),
    "acl-https": ((100, "allow", "6", 443, 443, WORLD),),
    "acl-udp-22": ((100, "allow", "17", 22, 22, WORLD),),
    "acl-rdp": ((100, "allow", "6", 3389, 3389, WORLD),),
    "acl-denied-before": (
        (90, "deny", "6", 22, 22, WORLD),
        (91, "deny", "6", 3389, 3389, WORLD),
        (92, "deny", "17", 0, 65535, WORLD),
        (100, "allow", "-1", None, None, WORLD),
    ),
    "acl-ssh-denied-before": (
        (90, "deny", "6", 22, 22, WORLD),
        (100, "allow", "-1", None, None, WORLD),
    ),
    "acl-denied-after": (
        (100, "allow", "6", 22, 22, WORLD),
        (110, "deny", "6", 22, 22, WORLD),
    ),
    "acl-denied-to-some": (
        (90, "deny", "6", 22, 22, "10.0.0.0/8"),
        (100, "allow", "-1", None, None, WORLD),
    ),
    "acl-halves": (
        (100, "allow", "6", 22, 22, "0.0.0.0/1"),
        (101, "allow", "6", 22, 22, "128.0.0.0/1"),
    ),
    "acl-denied-in-halves": (
        (90, "deny", "-1", None, None, "0.0.0.0/1"),
        (91, "deny", "-1", None, None, "128.0.0.0/1"),
        (100, "allow", "-1", None, None, WORLD),
    ),
    "acl-private": ((100, "allow", "-1", None, None, "10.0.0.0/8"),),
}
UNUSED_ACLS: Final = frozenset({"acl-closed", "acl-https"})


def addressed(*, public: bool) -> dict[str, Any]:
    return {"NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": public}]}


TOKENS: Final[dict[str, dict[str, str]]] = {
    "tokens-required": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
    "tokens-optional": {"HttpTokens": "optional", "HttpEndpoint": "enabled"},
    "metadata-off": {"HttpTokens": "optional", "HttpEndpoint": "disabled"},
}
TEMPLATES: Final[dict[str, tuple[int, tuple[dict[str, Any], ...]]]] = {
    "template-required": (1, ({"MetadataOptions": TOKENS["tokens-required"]},)),
    "template-optional": (1, ({"MetadataOptions": TOKENS["tokens-optional"]},)),
    "template-off": (1, ({"MetadataOptions": TOKENS["metadata-off"]},)),
    "template-tokens-alone": (1, ({"MetadataOptions": {"HttpTokens": "required"}},)),
    "template-silent": (1, ({"InstanceType": "t3.micro"},)),
    "template-better-since": (
        1,
        (
            {"MetadataOptions": TOKENS["tokens-optional"]},
            {"MetadataOptions": TOKENS["tokens-required"]},
        ),
    ),
    "template-worse-since": (
        1,
        (
            {"MetadataOptions": TOKENS["tokens-required"]},
            {"MetadataOptions": TOKENS["tokens-optional"]},
        ),
    ),
    "template-public": (1, (addressed(public=True),)),
    "template-private": (1, (addressed(public=False),)),
    "template-public-once": (2, (addressed(public=True), addressed(public=False))),
}
"""The default version, and the data of each version."""

PREFIX_LISTS: Final = {"everybody": (WORLD,), "offices": ("198.51.100.0/24",)}
ENDPOINTS: Final = {
    # VPC: service, kind
    "main": (("ec2", "Interface"), ("s3", "Gateway")),
    "peer": (("ec2messages", "Interface"),),
    "accepted": (("s3", "Gateway"),),
}
FLOW_LOGS: Final = {"main": "ALL", "peer": "REJECT", "accepted": "ACCEPT", "undelivered": "ALL"}
"""By VPC; 'unlogged' has none, and the one of 'undelivered' has nowhere to write."""
VPCS: Final = {
    "main": "10.0.0.0/16",
    "peer": "10.1.0.0/16",
    "accepted": "10.2.0.0/16",
    "unlogged": "10.3.0.0/16",
    "undelivered": "10.4.0.0/16",
}
ROUTES: Final = {
    "to-the-block": ("10.11.0.0/16", ("10.11.0.0/16",)),
    "to-a-subnet": ("10.12.0.0/16", ("10.12.3.0/24",)),
    "to-more-than-the-block": ("10.14.0.0/16", ("10.14.0.0/15",)),
    "to-the-world": ("10.16.0.0/16", (WORLD,)),
    "to-both-halves": ("10.17.0.0/16", ("10.17.0.0/17", "10.17.128.0/17")),
    "to-one-half": ("10.18.0.0/16", ("10.18.0.0/17",)),
    "back-to-the-block": ("10.19.0.0/16", ("10.19.0.0/16",)),
}
"""By peering of 'main': the block of the peer, and the routes that lead over it."""
REQUESTED_BY_THE_PEER: Final = frozenset({"back-to-the-block"})


def build(client: Callable[[str], Any]) -> None:
    """Make all of it, in an account that holds nothing but what AWS puts there by itself.

    `client` gives a client of boto3 by the name of its service.
    """
    _Account(client("ec2"), client("logs")).build()


class _Account:
    def __init__(self, ec2: Any, logs: Any) -> None:
        self.ec2, self.logs = ec2, logs
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


def _named(kind: str, name: str) -> dict[str, Any]:
    tags = [{"Key": "Name", "Value": name}]
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]}
