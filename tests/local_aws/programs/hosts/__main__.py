"""A web server and what it takes, as public examples write it, and a host on an interface."""

import pulumi
import pulumi_aws as aws

config = pulumi.Config()

image = aws.ec2.get_ami(
    most_recent=True,
    owners=["amazon"],
    filters=[{"name": "name", "values": ["al2023-ami-*-x86_64"]}],
)
vpc = aws.ec2.Vpc("main", cidr_block="10.40.0.0/16", assign_generated_ipv6_cidr_block=True)
gateway = aws.ec2.InternetGateway("main", vpc_id=vpc.id)
subnet = aws.ec2.Subnet(
    "public",
    vpc_id=vpc.id,
    cidr_block="10.40.1.0/24",
    ipv6_cidr_block=vpc.ipv6_cidr_block.apply(lambda cidr: cidr.replace("00::/56", "01::/64")),
    availability_zone="eu-west-1a",
    map_public_ip_on_launch=True,
    opts=pulumi.ResourceOptions(depends_on=[gateway]),
)
group = aws.ec2.SecurityGroup(
    "web",
    vpc_id=vpc.id,
    ingress=[{"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["0.0.0.0/0"]}],
)
role = aws.iam.Role(
    "web",
    assume_role_policy=aws.iam.get_policy_document(
        statements=[
            {
                "actions": ["sts:AssumeRole"],
                "principals": [{"type": "Service", "identifiers": ["ec2.amazonaws.com"]}],
            }
        ]
    ).json,
)
profile = aws.iam.InstanceProfile("web", role=role.name)
server = aws.ec2.Instance(
    "web",
    ami=image.id,
    instance_type=config.get("type") or "t3.micro",
    subnet_id=subnet.id,
    vpc_security_group_ids=[group.id],
    user_data=pulumi.Output.secret("#!/bin/sh\npython3 -m http.server 80 &\n"),
    metadata_options={"http_tokens": "required"},
    iam_instance_profile=profile.name,
    ipv6_address_count=1,
    tags={"Name": "web"},
)
address = aws.ec2.Eip("web", instance=server.id, domain="vpc")
interface = aws.ec2.NetworkInterface(
    "ticker", subnet_id=subnet.id, private_ips=["10.40.1.10"], security_groups=[group.id]
)
aws.ec2.Instance(
    "ticker",
    ami=image.id,
    instance_type="c7g.large",
    network_interfaces=[{"network_interface_id": interface.id, "device_index": 0}],
)
pulumi.export("publicIp", address.public_ip)
pulumi.export("privateIp", server.private_ip)
