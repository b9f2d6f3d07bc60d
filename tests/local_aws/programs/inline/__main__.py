"""A small web network with its rules, routes and entries inline, as most public examples are."""

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
port = config.get_int("port") or 443

zones = aws.get_availability_zones(state="available")
vpc = aws.ec2.Vpc("main", cidr_block="10.40.0.0/16", enable_dns_hostnames=True)
gateway = aws.ec2.InternetGateway("main", vpc_id=vpc.id)
table = aws.ec2.RouteTable(
    "main", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}]
)
aws.ec2.MainRouteTableAssociation("main", vpc_id=vpc.id, route_table_id=table.id)
subnets = [
    aws.ec2.Subnet(
        f"web-{index}",
        vpc_id=vpc.id,
        cidr_block=f"10.40.{index}.0/24",
        availability_zone=zones.names[index],
    )
    for index in range(2)
]
web = aws.ec2.SecurityGroup(
    "web",
    vpc_id=vpc.id,
    ingress=[
        {
            "protocol": "tcp",
            "from_port": port,
            "to_port": port,
            "cidr_blocks": ["0.0.0.0/0"],
            "description": "clients",
        },
        {"protocol": "tcp", "from_port": 9000, "to_port": 9000, "self": True},
    ],
    egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
)
store = aws.ec2.SecurityGroup("store", vpc_id=vpc.id)
aws.ec2.SecurityGroupRule(
    "store",
    type="ingress",
    security_group_id=store.id,
    protocol="tcp",
    from_port=5432,
    to_port=5432,
    source_security_group_id=web.id,
    description="web",
)
aws.ec2.NetworkAcl(
    "web",
    vpc_id=vpc.id,
    subnet_ids=[subnet.id for subnet in subnets],
    ingress=[
        {
            "rule_no": 100,
            "protocol": "tcp",
            "action": "allow",
            "cidr_block": "0.0.0.0/0",
            "from_port": port,
            "to_port": port,
        }
    ],
    egress=[
        {
            "rule_no": 100,
            "protocol": "-1",
            "action": "allow",
            "cidr_block": "0.0.0.0/0",
            "from_port": 0,
            "to_port": 0,
        }
    ],
)
found = aws.ec2.get_subnets_output(
    filters=[{"name": "vpc-id", "values": [subnets[0].vpc_id]}],
    opts=pulumi.InvokeOutputOptions(depends_on=subnets),
)
pulumi.export("subnets", found.ids)
pulumi.export("cidr", aws.ec2.get_vpc_output(id=vpc.id).cidr_block)
pulumi.export("partition", aws.get_partition().partition)
pulumi.export("zone", aws.ec2.get_subnet_output(id=subnets[0].id).availability_zone)
image = aws.ec2.get_ami(
    most_recent=True,
    owners=["amazon"],
    filters=[{"name": "name", "values": ["al2023-ami-*-x86_64"]}],
)
pulumi.export("image", image.id)
