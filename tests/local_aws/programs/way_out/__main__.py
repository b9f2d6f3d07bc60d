"""A dual-stack VPC that reaches out, with its flow logs, as public examples write one."""

import json

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
hosts = config.get_object("hosts") or ["192.0.2.0/24"]
private_too = config.get_bool("privateToo") or False

vpc = aws.ec2.Vpc(
    "main",
    cidr_block="10.30.0.0/16",
    assign_generated_ipv6_cidr_block=True,
    enable_dns_hostnames=True,
    tags={"Name": "main"},
)
second = aws.ec2.VpcIpv4CidrBlockAssociation("second", vpc_id=vpc.id, cidr_block="10.31.0.0/20")
options = aws.ec2.VpcDhcpOptions("names", domain_name_servers=["AmazonProvidedDNS"])
aws.ec2.VpcDhcpOptionsAssociation("names", vpc_id=vpc.id, dhcp_options_id=options.id)
internet = aws.ec2.InternetGateway("main", vpc_id=vpc.id)
outward = aws.ec2.EgressOnlyInternetGateway("main", vpc_id=vpc.id)


def block(number: int) -> pulumi.Output[str]:
    return vpc.ipv6_cidr_block.apply(lambda cidr: cidr.replace("00::/56", f"{number:02x}::/64"))


public = aws.ec2.Subnet(
    "public",
    vpc_id=vpc.id,
    cidr_block="10.30.0.0/24",
    ipv6_cidr_block=block(1),
    assign_ipv6_address_on_creation=True,
    availability_zone="eu-west-1a",
)
private = aws.ec2.Subnet(
    "private", vpc_id=second.vpc_id, cidr_block="10.31.0.0/24", availability_zone="eu-west-1b"
)
table = aws.ec2.RouteTable("public", vpc_id=vpc.id)
aws.ec2.RouteTableAssociation("public", subnet_id=public.id, route_table_id=table.id)
aws.ec2.Route(
    "internet", route_table_id=table.id, destination_cidr_block="0.0.0.0/0", gateway_id=internet.id
)
address = aws.ec2.Eip("nat", domain="vpc", opts=pulumi.ResourceOptions(depends_on=[internet]))
nat = aws.ec2.NatGateway("zonal", subnet_id=public.id, allocation_id=address.id)
aws.ec2.NatGateway("regional", vpc_id=internet.vpc_id, availability_mode="regional")
inside = aws.ec2.RouteTable("private", vpc_id=vpc.id)
aws.ec2.RouteTableAssociation("private", subnet_id=private.id, route_table_id=inside.id)
venues = aws.ec2.ManagedPrefixList(
    "venues",
    address_family="IPv4",
    max_entries=5,
    entries=[{"cidr": host, "description": "a venue"} for host in hosts],
)
aws.ec2.Route(
    "venues",
    route_table_id=inside.id,
    destination_prefix_list_id=venues.id,
    nat_gateway_id=nat.id,
)
aws.ec2.Route(
    "outward",
    route_table_id=inside.id,
    destination_ipv6_cidr_block="::/0",
    egress_only_gateway_id=outward.id,
)
aws.ec2.VpcEndpoint(
    "s3",
    vpc_id=vpc.id,
    service_name="com.amazonaws.eu-west-1.s3",
    route_table_ids=[table.id, inside.id] if private_too else [table.id],
)
door = aws.ec2.SecurityGroup("door", vpc_id=vpc.id)
queue = aws.ec2.VpcEndpoint(
    "sqs",
    vpc_id=vpc.id,
    service_name="com.amazonaws.eu-west-1.sqs",
    vpc_endpoint_type="Interface",
    subnet_ids=[public.id, private.id] if private_too else [public.id],
    security_group_ids=[door.id],
    private_dns_enabled=True,
)
interface = aws.ec2.NetworkInterface("host", subnet_id=public.id, ipv6_address_count=1)
reached = aws.ec2.Eip("host", domain="vpc", opts=pulumi.ResourceOptions(depends_on=[internet]))
aws.ec2.EipAssociation("host", allocation_id=reached.id, network_interface_id=interface.id)

trust = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
group = aws.cloudwatch.LogGroup("flows", retention_in_days=30 if private_too else 7)
role = aws.iam.Role("flows", assume_role_policy=json.dumps(trust))
aws.iam.RolePolicy(
    "flows",
    role=role.id,
    policy={
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": "*"}],
    },
)
aws.iam.RolePolicyAttachment(
    "look", role=role.name, policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess"
)
aws.ec2.FlowLog(
    "logs",
    vpc_id=vpc.id,
    traffic_type="ALL",
    iam_role_arn=role.arn,
    log_destination=group.arn,
    max_aggregation_interval=60,
)
bucket = aws.s3.Bucket("flows", force_destroy=True)
aws.ec2.FlowLog(
    "bucket",
    vpc_id=vpc.id,
    traffic_type="REJECT",
    log_destination_type="s3",
    log_destination=pulumi.Output.format("{0}/rejected/", bucket.arn),
)
zone = aws.route53.Zone("inside", name="inside.example", vpcs=[{"vpc_id": vpc.id}])
aws.route53.Record(
    "host",
    zone_id=zone.zone_id,
    name="host.inside.example",
    type="A",
    ttl=60,
    records=[interface.private_ip],
)
aws.ec2.VpcBlockPublicAccessOptions("region", internet_gateway_block_mode="block-ingress")
aws.ec2.VpcBlockPublicAccessExclusion(
    "public", subnet_id=public.id, internet_gateway_exclusion_mode="allow-bidirectional"
)
aws.ec2.VpcEncryptionControl("main", vpc_id=vpc.id, mode="monitor")

pulumi.export("vpc", vpc.id)
pulumi.export("names", zone.name_servers)
pulumi.export("nat", nat.public_ip)
pulumi.export("queue", queue.dns_entries.apply(lambda entries: entries[0].dns_name))
