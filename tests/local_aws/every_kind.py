"""One resource of every type that the stand-in knows, made in an order in which it can be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from local_aws.provider.kinds import KINDS
from local_aws.strict.images import IMAGES, described
from local_aws.wire import Properties, received

AMI: Final = described("eu-west-1", *IMAGES[0])["ImageId"]
Made = tuple[str, str, Any, Any]
"""Token, id, inputs, state."""
Make = Callable[..., str]

IMPORT_IDS: Final = {
    "Route": "{routeTableId}_{destination}",
    "RouteTableAssociation": "{subnetId}/{routeTableId}",
    "NetworkAclRule": "{networkAclId}:{ruleNumber}:{protocol}:{egress}",
    "RolePolicyAttachment": "{role}/{policyArn}",
    "EventTarget": "{rule}/{targetId}",
    "LogMetricFilter": "{logGroupName}:{name}",
    "SecurityGroupRule": "{securityGroupId}_{type}_{protocol}_{fromPort}_{toPort}_{blocks}",
    "VpcDhcpOptionsAssociation": "{vpcId}",
    "VpcEndpointRouteTableAssociation": "{vpcEndpointId}/{routeTableId}",
    "VpcEndpointSubnetAssociation": "{vpcEndpointId}/{subnetId}",
}
"""Of the types that are imported by another name than their id."""
NOT_IMPORTED: Final = (
    "VpnGatewayAttachment",
    "VpnGatewayRoutePropagation",
    "MainRouteTableAssociation",
    "TargetGroupAttachment",
)


class Engine(Protocol):
    def check(self, token: str, news: dict[str, Any]) -> Any: ...

    def create(self, token: str, inputs: dict[str, Any]) -> Any: ...


def one_of_each(engine: Engine) -> list[Made]:
    """One resource of every type, and several of those whose values are of several sorts."""
    made: list[Made] = []

    def make(short: str, **inputs: Any) -> str:
        token = token_of(short)
        checked = engine.check(token, inputs).inputs
        created = engine.create(token, inputs)
        made.append((token, created.id, checked, created.properties))
        return str(created.id)

    a_network(make, made)
    what_is_there(make)
    the_way_out(make, made)
    what_is_watched(make)
    as_people_list_it(make)
    what_is_beside(make)
    a_hub(make)
    what_comes_and_goes(make, made)
    a_cluster(make, made)
    what_passes_on(make)
    return made


ROOMS: Final = {"transit": "aws:ec2transitgateway/", "eks": "aws:eks/"}


def token_of(short: str) -> str:
    """`Route` is of a VPC's table, and `transit Route` of a transit gateway's."""
    room, _, name = short.rpartition(" ")
    named = [token for token in KINDS if token.endswith(f":{name}")]
    return next(token for token in named if token.startswith(ROOMS.get(room, "")))


def import_id(token: str, said: Properties, name: str) -> str:
    destinations = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
    values = {
        **said,
        "blocks": "_".join(said.get("cidrBlocks") or ()),
        "egress": str(said.get("egress", False)).lower(),
        "destination": next((said[each] for each in destinations if said.get(each)), None),
    }
    short = token.rpartition(":")[2]
    if short in IMPORT_IDS and token == token_of(short):
        name = IMPORT_IDS[short].format(**values)
    return f"{name}@{said['region']}" if said.get("region") else name


def a_network(make: Make, made: list[Made]) -> None:
    """A VPC with groups, lists, tables and a VPN."""
    vpc = make("Vpc", cidrBlock="10.0.0.0/16", tags={"a": "b"})
    defaults = received(made[0][3])
    make("DefaultSecurityGroup", vpcId=vpc)
    make("DefaultNetworkAcl", defaultNetworkAclId=defaults["defaultNetworkAclId"])
    make("DefaultRouteTable", defaultRouteTableId=defaults["defaultRouteTableId"], routes=[])
    subnet = make("Subnet", vpcId=vpc, cidrBlock="10.0.0.0/24", mapPublicIpOnLaunch=True)
    group = make("SecurityGroup", vpcId=vpc)
    rule = {"securityGroupId": group, "referencedSecurityGroupId": group, "ipProtocol": "tcp"}
    make("SecurityGroupIngressRule", **rule, fromPort=1, toPort=2, description="d")
    make("SecurityGroupEgressRule", securityGroupId=group, cidrIpv4="0.0.0.0/0", ipProtocol="-1")
    anywhere = {"securityGroupId": group, "cidrIpv4": "10.0.0.0/8"}
    make("SecurityGroupIngressRule", **anywhere, ipProtocol="47")
    make("SecurityGroupIngressRule", **anywhere, ipProtocol="132")
    make("SecurityGroupIngressRule", **anywhere, ipProtocol="icmp", fromPort=8, toPort=-1)
    make("SecurityGroupEgressRule", **anywhere, ipProtocol="icmp", fromPort=-1, toPort=-1)
    acl = make("NetworkAcl", vpcId=vpc)
    entry = {"networkAclId": acl, "ruleAction": "allow", "cidrBlock": "10.0.0.0/16"}
    make("NetworkAclRule", **entry, ruleNumber=100, protocol="tcp", fromPort=1, toPort=2)
    make("NetworkAclRule", **entry, ruleNumber=110, protocol="-1", egress=True)
    make("NetworkAclRule", **entry, ruleNumber=120, protocol="icmp", icmpType=3, icmpCode=4)
    make("NetworkAclRule", **entry, ruleNumber=130, protocol="47")
    make("NetworkAclAssociation", networkAclId=acl, subnetId=subnet)
    make("NetworkInterface", subnetId=subnet, securityGroups=[group], sourceDestCheck=False)
    image = {"imageId": "ami-0123456789abcdef0", "instanceType": "c7gn.large"}
    make("LaunchTemplate", **image, userData="aGVsbG8=", vpcSecurityGroupIds=[group])
    own = make("NetworkInterface", subnetId=subnet, securityGroups=[group])
    launched = {"ami": AMI, "instanceType": "t3.micro"}
    made_for = [{"networkInterfaceId": own, "deviceIndex": 0}]
    make("Instance", **launched, networkInterfaces=made_for)
    within = {"subnetId": subnet, "vpcSecurityGroupIds": [group], "userData": "#!/bin/sh"}
    guarded = {"metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 2}}
    make(
        "Instance", **launched, **within, **guarded, associatePublicIpAddress=False, tags={"a": "b"}
    )
    internet = make("InternetGateway")
    make("InternetGatewayAttachment", internetGatewayId=internet, vpcId=vpc)
    gateway = make("VpnGateway", amazonSideAsn="64600")
    make("VpnGatewayAttachment", vpnGatewayId=gateway, vpcId=vpc)
    customer = make("CustomerGateway", bgpAsn="65010", ipAddress="203.0.113.10", type="ipsec.1")
    vpn = make(
        "VpnConnection",
        customerGatewayId=customer,
        vpnGatewayId=gateway,
        type="ipsec.1",
        staticRoutesOnly=True,
        tunnel1InsideCidr="169.254.10.0/30",
        tunnel1IkeVersions=["ikev2"],
        tunnel2Phase1DhGroupNumbers=[20, 21],
        tunnel2DpdTimeoutSeconds=40,
        tunnel2LogOptions={
            "cloudwatchLogOptions": {
                "logEnabled": True,
                "logGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:tunnels",
                "logOutputFormat": "json",
            }
        },
    )
    make("VpnConnectionRoute", destinationCidrBlock="192.168.10.0/24", vpnConnectionId=vpn)
    table = make("RouteTable", vpcId=vpc)
    make("RouteTableAssociation", routeTableId=table, subnetId=subnet)
    make("Route", routeTableId=table, destinationCidrBlock="192.168.10.0/24", gatewayId=gateway)
    taking = make("RouteTable", vpcId=vpc, propagatingVgws=[gateway])
    make("VpnGatewayRoutePropagation", routeTableId=table, vpnGatewayId=gateway)
    other = {"destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway}
    make("Route", routeTableId=taking, **other)


def what_is_there(make: Make) -> None:
    """What every account begins with."""
    make("DefaultVpc", tags={"a": "b"})
    make("DefaultSubnet", availabilityZone="eu-west-1a", mapPublicIpOnLaunch=False)


def the_way_out(make: Make, made: list[Made]) -> None:
    """A dual-stack VPC with everything that leads out of one."""
    vpc = make(
        "Vpc", cidrBlock="10.8.0.0/16", enableDnsHostnames=True, assignGeneratedIpv6CidrBlock=True
    )
    prefix = str(received(made[-1][3])["ipv6CidrBlock"]).removesuffix("00::/56")
    make("VpcIpv4CidrBlockAssociation", vpcId=vpc, cidrBlock="10.9.0.0/20")
    make("VpcIpv6CidrBlockAssociation", vpcId=vpc, assignGeneratedIpv6CidrBlock=True)
    options = make("VpcDhcpOptions", domainName="corp.example", domainNameServers=["10.8.0.2"])
    make("VpcDhcpOptionsAssociation", vpcId=vpc, dhcpOptionsId=options)
    public = make(
        "Subnet",
        vpcId=vpc,
        cidrBlock="10.8.0.0/24",
        ipv6CidrBlock=f"{prefix}01::/64",
        assignIpv6AddressOnCreation=True,
        availabilityZone="eu-west-1a",
    )
    inside = make("Subnet", vpcId=vpc, cidrBlock="10.9.0.0/24", availabilityZone="eu-west-1b")
    internet = make("InternetGateway", vpcId=vpc)
    outward = make("EgressOnlyInternetGateway", vpcId=vpc, tags={"a": "b"})
    table = make("RouteTable", vpcId=vpc)
    make("Route", routeTableId=table, destinationCidrBlock="0.0.0.0/0", gatewayId=internet)
    v6 = {"routeTableId": table, "destinationIpv6CidrBlock": "::/0"}
    make("Route", **v6, egressOnlyGatewayId=outward)
    hosts = make("ManagedPrefixList", addressFamily="IPv4", maxEntries=3, name="hosts")
    make("ManagedPrefixListEntry", prefixListId=hosts, cidr="192.0.2.0/24")
    nat_address = make("Eip", domain="vpc")
    nat = make("NatGateway", subnetId=public, allocationId=nat_address)
    make("NatGateway", subnetId=inside, connectivityType="private", privateIp="10.9.0.9")
    make("NatGateway", vpcId=vpc, availabilityMode="regional")
    make("Route", routeTableId=table, destinationPrefixListId=hosts, natGatewayId=nat)
    interface = make(
        "NetworkInterface",
        subnetId=public,
        ipv6Addresses=[f"{prefix}01::10"],
        privateIps=["10.8.0.8"],
    )
    address = make("Eip", domain="vpc", tags={"a": "b"})
    make("EipAssociation", allocationId=address, networkInterfaceId=interface)
    another = make("NetworkInterface", subnetId=public, ipv6AddressCount=2)
    make("Eip", networkInterface=another)
    store = make("VpcEndpoint", vpcId=vpc, serviceName="com.amazonaws.eu-west-1.s3")
    make("VpcEndpointRouteTableAssociation", vpcEndpointId=store, routeTableId=table)
    group = make("SecurityGroup", vpcId=vpc)
    make(
        "VpcEndpoint",
        vpcId=vpc,
        serviceName="com.amazonaws.eu-west-1.sqs",
        vpcEndpointType="Interface",
        subnetIds=[public],
        subnetConfigurations=[{"subnetId": public, "ipv4": "10.8.0.77"}],
        securityGroupIds=[group],
        privateDnsEnabled=True,
    )
    logs = {"serviceName": "com.amazonaws.eu-west-1.logs", "vpcEndpointType": "Interface"}
    endpoint = make("VpcEndpoint", vpcId=vpc, **logs)
    make("VpcEndpointSubnetAssociation", vpcEndpointId=endpoint, subnetId=inside)


TRUST: Final = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
 "Action": "sts:AssumeRole", "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}}]}"""
WRITE: Final = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
 "Action": ["logs:PutLogEvents", "logs:CreateLogStream"], "Resource": "*"}]}"""
DELIVERY: Final = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
 "Principal": {"Service": "delivery.logs.amazonaws.com"}, "Action": "s3:PutObject",
 "Resource": "arn:aws:s3:::records-of-flows/*"}]}"""


def what_is_watched(make: Make) -> None:
    """A VPC with its flow logs and what they need, its names, and what it may not do."""
    vpc = make("Vpc", cidrBlock="10.16.0.0/16")
    subnet = make("Subnet", vpcId=vpc, cidrBlock="10.16.0.0/24")
    make("VpcBlockPublicAccessOptions", internetGatewayBlockMode="block-ingress")
    exclusion = {"internetGatewayExclusionMode": "allow-egress", "subnetId": subnet}
    make("VpcBlockPublicAccessExclusion", **exclusion)
    control = {"mode": "enforce", "natGatewayExclusion": "enable"}
    make("VpcEncryptionControl", vpcId=vpc, **control)
    group = make("LogGroup", name="/flows/main", retentionInDays=30, tags={"a": "b"})
    role = make("Role", assumeRolePolicy=TRUST, tags={"a": "b"})
    make("RolePolicy", role=role, policy=WRITE, name="write")
    policy = make("Policy", policy=WRITE, name="write", description="d")
    make("RolePolicyAttachment", role=role, policyArn=policy)
    make("InstanceProfile", role=role, name="host")
    look = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    own = {"inlinePolicies": [{"name": "write", "policy": WRITE}], "managedPolicyArns": look}
    make("Role", name="whole", assumeRolePolicy=TRUST, **own)
    account = "123456789012"
    make(
        "FlowLog",
        vpcId=vpc,
        trafficType="ALL",
        iamRoleArn=f"arn:aws:iam::{account}:role/{role}",
        logDestination=f"arn:aws:logs:eu-west-1:{account}:log-group:{group}",
        maxAggregationInterval=60,
    )
    topic = f"arn:aws:sns:eu-west-1:{account}:network"
    counted = {"name": "refused", "namespace": "Own", "value": "1"}
    refused = {"logGroupName": group, "pattern": '"No Proposal"', "metricTransformation": counted}
    make("LogMetricFilter", name="refused", **refused)
    make(
        "MetricAlarm",
        name="down",
        namespace="AWS/VPN",
        metricName="TunnelState",
        dimensions={"VpnId": "vpn-1"},
        statistic="Minimum",
        period=300,
        evaluationPeriods=1,
        comparisonOperator="LessThanThreshold",
        threshold=1,
        treatMissingData="breaching",
        alarmActions=[topic],
        tags={"a": "b"},
    )
    make("Dashboard", dashboardName="tunnels", dashboardBody='{"widgets": []}')
    rule = make("EventRule", name="health", eventPattern='{"source": ["aws.health"]}')
    make("EventTarget", rule=rule, targetId="notify", arn=topic)
    bucket = make("Bucket", bucket="records-of-flows", tags={"a": "b"})
    make("BucketV2", bucket="others")
    make("BucketPublicAccessBlock", bucket=bucket, blockPublicAcls=True, blockPublicPolicy=True)
    make("BucketPolicy", bucket=bucket, policy=DELIVERY)
    make(
        "FlowLog",
        subnetId=subnet,
        trafficType="REJECT",
        logDestinationType="s3",
        logDestination=f"arn:aws:s3:::{bucket}/flows/",
        logFormat="${srcaddr} ${dstaddr}",
        destinationOptions={"fileFormat": "parquet", "perHourPartition": True},
    )
    zone = make("Zone", name="corp.example", vpcs=[{"vpcId": vpc}], tags={"a": "b"})
    make("Record", zoneId=zone, name="db", type="A", ttl=60, records=["10.16.0.10", "10.16.0.9"])
    alias = {"name": "db.corp.example", "zoneId": zone, "evaluateTargetHealth": False}
    make("Record", zoneId=zone, name="store.corp.example", type="A", aliases=[alias])


def as_people_list_it(make: Make) -> None:
    """A VPC whose groups, tables and lists hold what is in them, as most examples have it."""
    vpc = make("Vpc", cidrBlock="10.24.0.0/16")
    subnet = make("Subnet", vpcId=vpc, cidrBlock="10.24.0.0/24")
    internet = make("InternetGateway", vpcId=vpc)
    tcp = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "description": "web"}
    web = make(
        "SecurityGroup",
        vpcId=vpc,
        ingress=[
            {**tcp, "cidrBlocks": ["0.0.0.0/0", "10.0.0.0/8"], "ipv6CidrBlocks": ["::/0"]},
            {"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True},
        ],
        egress=[{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}],
    )
    ssh = {"protocol": "6", "fromPort": 22, "toPort": 22, "type": "ingress"}
    inside = make("SecurityGroup", vpcId=vpc, name="inside")
    blocks = ["10.24.0.0/24", "10.24.1.0/24"]
    make("SecurityGroupRule", securityGroupId=inside, **ssh, cidrBlocks=blocks)
    ping = {"protocol": "icmp", "fromPort": 8, "toPort": -1, "type": "egress"}
    make("SecurityGroupRule", securityGroupId=inside, **ping, cidrBlocks=blocks[:1])
    table = make(
        "RouteTable", vpcId=vpc, routes=[{"cidrBlock": "0.0.0.0/0", "gatewayId": internet}]
    )
    make("MainRouteTableAssociation", vpcId=vpc, routeTableId=table)
    anywhere = {"cidrBlock": "0.0.0.0/0", "action": "allow"}
    ports = {"fromPort": 1024, "toPort": 65535}
    make(
        "NetworkAcl",
        vpcId=vpc,
        subnetIds=[subnet],
        ingress=[
            {"ruleNo": 100, "protocol": "tcp", **anywhere, **ports},
            {"ruleNo": 110, "protocol": "icmp", **anywhere, "icmpType": 3, "icmpCode": 4},
        ],
        egress=[{"ruleNo": 100, "protocol": "-1", **anywhere, "fromPort": 0, "toPort": 0}],
    )
    other = {"protocol": "tcp", "fromPort": 80, "toPort": 80, "securityGroups": [web]}
    make("SecurityGroup", vpcId=vpc, name="other", ingress=[other])


KEY: Final = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"


def what_is_beside(make: Make) -> None:
    """Two VPCs that are peered, and a key."""
    here = make("Vpc", cidrBlock="10.32.0.0/16")
    there = make("Vpc", cidrBlock="10.33.0.0/16")
    peering = make("VpcPeeringConnection", vpcId=here, peerVpcId=there, autoAccept=True)
    make("VpcPeeringConnectionAccepter", vpcPeeringConnectionId=peering, autoAccept=True)
    table = make("RouteTable", vpcId=here)
    way = {"destinationCidrBlock": "10.33.0.0/16", "vpcPeeringConnectionId": peering}
    make("Route", routeTableId=table, **way)
    make("KeyPair", publicKey=f"{KEY} me@host", keyName="mine", tags={"a": "b"})


def a_hub(make: Make) -> None:
    """Two VPCs and a VPN at a transit gateway, and its peer in another Region."""
    hub = make("TransitGateway", description="hub", tags={"a": "b"})
    vpc = make("Vpc", cidrBlock="10.48.0.0/16")
    subnet = make("Subnet", vpcId=vpc, cidrBlock="10.48.0.0/24")
    both = {"transitGatewayId": hub, "vpcId": vpc}
    attached = make("VpcAttachment", **both, subnetIds=[subnet], applianceModeSupport="enable")
    far = make("Vpc", cidrBlock="10.49.0.0/16")
    inside = make("Subnet", vpcId=far, cidrBlock="10.49.0.0/24")
    untied = {
        f"transitGatewayDefaultRouteTable{way}": False for way in ("Association", "Propagation")
    }
    other = make("VpcAttachment", transitGatewayId=hub, vpcId=far, subnetIds=[inside], **untied)
    table = make("transit RouteTable", transitGatewayId=hub, tags={"a": "b"})
    at = {"transitGatewayRouteTableId": table}
    tie = {**at, "transitGatewayAttachmentId": other}
    make("transit RouteTableAssociation", **tie)
    make("RouteTablePropagation", **at, transitGatewayAttachmentId=attached)
    make("transit Route", **tie, destinationCidrBlock="0.0.0.0/0")
    make("transit Route", **at, destinationCidrBlock="192.0.2.0/24", blackhole=True)
    sites = make("ManagedPrefixList", addressFamily="IPv4", maxEntries=2, name="sites")
    make("PrefixListReference", **tie, prefixListId=sites)
    inner = make("RouteTable", vpcId=vpc)
    make("Route", routeTableId=inner, destinationCidrBlock="10.49.0.0/16", transitGatewayId=hub)
    customer = make("CustomerGateway", bgpAsn="65011", ipAddress="203.0.113.11", type="ipsec.1")
    vpn = {"customerGatewayId": customer, "type": "ipsec.1", "transitGatewayId": hub}
    make("VpnConnection", **vpn, staticRoutesOnly=True, enableAcceleration=True)
    there = make("TransitGateway", amazonSideAsn=64513, region="us-east-1")
    peer = {"peerTransitGatewayId": there, "peerRegion": "us-east-1"}
    peering = make("PeeringAttachment", transitGatewayId=hub, **peer)
    make("PeeringAttachmentAccepter", transitGatewayAttachmentId=peering, region="us-east-1")


TRUST: Final = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"Service":"lambda.amazonaws.com"}}]}'
)
ACCESS: Final = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"


def what_comes_and_goes(make: Make, made: list[Made]) -> None:
    """An Auto Scaling group, a service of ECS and a function, each in a subnet with a group."""
    vpc = make("Vpc", cidrBlock="10.40.0.0/16")
    subnet = make("Subnet", vpcId=vpc, cidrBlock="10.40.0.0/24")
    group = make("SecurityGroup", vpcId=vpc)
    image = {"imageId": "ami-0123456789abcdef0", "instanceType": "c7gn.large"}
    template = make("LaunchTemplate", name="fleet", **image, vpcSecurityGroupIds=[group])
    make(
        "Group",
        minSize=1,
        maxSize=3,
        desiredCapacity=2,
        vpcZoneIdentifiers=[subnet],
        launchTemplate={"id": template, "version": "$Latest"},
        tags=[{"key": "a", "value": "b", "propagateAtLaunch": True}],
    )
    cluster = make("Cluster", tags={"a": "b"})
    task = make(
        "TaskDefinition",
        family="router",
        cpu="256",
        memory="512",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        containerDefinitions='[{"name":"router","image":"router:7"}]',
    )
    make(
        "Service",
        cluster=cluster,
        taskDefinition=task,
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration={"subnets": [subnet], "securityGroups": [group]},
    )
    role = make("Role", name="called", assumeRolePolicy=TRUST)
    make("RolePolicyAttachment", role=role, policyArn=ACCESS)
    make(
        "Function",
        role=received(next(each for each in made if each[1] == role)[3])["arn"],
        packageType="Image",
        imageUri="123456789012.dkr.ecr.eu-west-1.amazonaws.com/report:7",
        environment={"variables": {"A": "b"}},
        vpcConfig={"subnetIds": [subnet], "securityGroupIds": [group]},
        tags={"a": "b"},
    )


def a_cluster(make: Make, made: list[Made]) -> None:
    """A cluster of EKS with nodes that hold a group of their own."""

    def arn_of(role: str) -> Any:
        return received(next(each for each in made if each[1] == role)[3])["arn"]

    vpc = make("Vpc", cidrBlock="10.56.0.0/16")
    subnets = [
        make("Subnet", vpcId=vpc, cidrBlock=f"10.56.{n}.0/24", availabilityZone=f"eu-west-1{zone}")
        for n, zone in enumerate("ab")
    ]
    group = make("SecurityGroup", vpcId=vpc)
    rules = make("Role", name="rules", assumeRolePolicy=TRUST.replace("lambda", "eks"))
    cluster = make(
        "eks Cluster",
        name="pods",
        roleArn=arn_of(rules),
        vpcConfig={"subnetIds": subnets, "securityGroupIds": [group]},
        tags={"a": "b"},
    )
    runs = make("Role", name="runs", assumeRolePolicy=TRUST.replace("lambda", "ec2"))
    template = make("LaunchTemplate", name="nodes", vpcSecurityGroupIds=[group])
    make(
        "NodeGroup",
        clusterName=cluster,
        nodeGroupName="first",
        nodeRoleArn=arn_of(runs),
        subnetIds=subnets,
        scalingConfig={"minSize": 1, "desiredSize": 2, "maxSize": 3},
        launchTemplate={"id": template, "version": "1"},
        instanceTypes=["m7g.large"],
        labels={"c": "d"},
        tags={"a": "b"},
    )


def what_passes_on(make: Make) -> None:
    """Load balancers: of networks, one that the internet reaches and one inside; and of HTTP."""
    vpc = make("Vpc", cidrBlock="10.48.0.0/16")
    make("InternetGateway", vpcId=vpc)
    subnet = make("Subnet", vpcId=vpc, cidrBlock="10.48.0.0/24", availabilityZone="eu-west-1a")
    group = make("SecurityGroup", vpcId=vpc)
    address = make("Eip", domain="vpc")
    front = make(
        "LoadBalancer",
        name="front",
        loadBalancerType="network",
        securityGroups=[group],
        subnetMappings=[{"subnetId": subnet, "allocationId": address}],
        enableCrossZoneLoadBalancing=True,
        tags={"a": "b"},
    )
    inside = {"internal": True, "loadBalancerType": "network", "subnets": [subnet]}
    make("LoadBalancer", name="inside", **inside)
    check = {"protocol": "TCP", "interval": 10}
    tcp = {"port": 5556, "protocol": "TCP", "vpcId": vpc, "targetType": "ip"}
    targets = make("TargetGroup", name="tape", **tcp, healthCheck=check, tags={"a": "b"})
    make("TargetGroup", name="others", port=53, protocol="UDP", vpcId=vpc)
    make("TargetGroupAttachment", targetGroupArn=targets, targetId="10.48.0.9", port=5556)
    make(
        "Listener",
        loadBalancerArn=front,
        port=5556,
        protocol="TCP",
        defaultActions=[{"type": "forward", "targetGroupArn": targets}],
        tcpIdleTimeoutSeconds=600,
        tags={"a": "b"},
    )
    other = make("Subnet", vpcId=vpc, cidrBlock="10.48.1.0/24", availabilityZone="eu-west-1b")
    web = make(
        "LoadBalancer",
        name="web",
        securityGroups=[group],
        subnets=[subnet, other],
        idleTimeout=120,
        dropInvalidHeaderFields=True,
    )
    http = {"port": 8080, "protocol": "HTTP", "vpcId": vpc, "targetType": "ip"}
    pages = make(
        "TargetGroup",
        name="pages",
        **http,
        healthCheck={"path": "/health", "matcher": "200-299", "interval": 15},
        stickiness={"type": "lb_cookie", "cookieDuration": 3600},
        slowStart=60,
    )
    answer = {"contentType": "text/plain", "messageBody": "no", "statusCode": "404"}
    listener = make(
        "Listener",
        loadBalancerArn=web,
        port=80,
        defaultActions=[{"type": "fixed-response", "fixedResponse": answer}],
    )
    make(
        "ListenerRule",
        listenerArn=listener,
        priority=10,
        conditions=[{"pathPattern": {"values": ["/a/*", "/b/*"]}}],
        actions=[{"type": "forward", "targetGroupArn": pages}],
        tags={"a": "b"},
    )
