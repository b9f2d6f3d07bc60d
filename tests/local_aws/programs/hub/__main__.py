"""Two spokes and what they share at a transit gateway, as public examples write it: each spoke
reaches the shared VPC, the office too, and no spoke the other."""

import pulumi
import pulumi_aws as aws

PORT = 5556
NETWORKS = {"shared": "10.100", "prod": "10.101", "dev": "10.102"}
OFFICE = "192.168.0.0/16"

config = pulumi.Config()
zones = aws.get_availability_zones(state="available").names[:2]
hub = aws.ec2transitgateway.TransitGateway(
    "hub",
    description="between the VPCs",
    amazon_side_asn=64600,
    default_route_table_association="disable",
    default_route_table_propagation="disable",
    security_group_referencing_support="enable",
    tags={"Name": "hub"},
)
tables = {
    name: aws.ec2transitgateway.RouteTable(name, transit_gateway_id=hub.id, tags={"Name": name})
    for name in ("core", "spoke")
}


def attach(name: str, block: str) -> aws.ec2transitgateway.VpcAttachment:
    """A VPC, a subnet a zone that leads to the hub, and a host in the first."""
    vpc = aws.ec2.Vpc(name, cidr_block=f"{block}.0.0/16", tags={"Name": name})
    subnets = [
        aws.ec2.Subnet(
            f"{name}-{zone}",
            vpc_id=vpc.id,
            cidr_block=f"{block}.{number}.0/24",
            availability_zone=zone,
        )
        for number, zone in enumerate(zones)
    ]
    attachment = aws.ec2transitgateway.VpcAttachment(
        name,
        transit_gateway_id=hub.id,
        vpc_id=vpc.id,
        subnet_ids=[each.id for each in subnets],
        appliance_mode_support=config.get("appliance") or "disable",
        transit_gateway_default_route_table_association=False,
        transit_gateway_default_route_table_propagation=False,
        tags={"Name": name},
    )
    table = aws.ec2.RouteTable(name, vpc_id=vpc.id)
    for number, each in enumerate(subnets):
        aws.ec2.RouteTableAssociation(
            f"{name}-{number}", subnet_id=each.id, route_table_id=table.id
        )
    for number, block_beyond in enumerate(("10.0.0.0/8", OFFICE)):
        aws.ec2.Route(
            f"{name}-{number}",
            route_table_id=table.id,
            destination_cidr_block=block_beyond,
            transit_gateway_id=hub.id,
            opts=pulumi.ResourceOptions(depends_on=[attachment]),
        )
    group = aws.ec2.SecurityGroup(
        name,
        vpc_id=vpc.id,
        ingress=[
            {
                "protocol": "tcp",
                "from_port": PORT,
                "to_port": PORT,
                "cidr_blocks": ["10.0.0.0/8", OFFICE],
            }
        ],
        egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
    )
    aws.ec2.NetworkInterface(
        name,
        subnet_id=subnets[0].id,
        private_ips=[f"{block}.0.10"],
        security_groups=[group.id],
        tags={"Name": f"{name}-host"},
    )
    return attachment


attachments = {name: attach(name, block) for name, block in NETWORKS.items()}
office = aws.ec2.VpnConnection(
    "office",
    transit_gateway_id=hub.id,
    customer_gateway_id=aws.ec2.CustomerGateway(
        "office", bgp_asn="65010", ip_address="203.0.113.10", type="ipsec.1"
    ).id,
    type="ipsec.1",
    static_routes_only=True,
)
for name, attachment in attachments.items():
    own = tables["core" if name == "shared" else "spoke"]
    tied = aws.ec2transitgateway.RouteTableAssociation(
        name,
        transit_gateway_attachment_id=attachment.id,
        transit_gateway_route_table_id=own.id,
    )
    # The shared VPC is known to the spokes and the office, and the spokes to it alone.
    aws.ec2transitgateway.RouteTablePropagation(
        name,
        transit_gateway_attachment_id=attachment.id,
        transit_gateway_route_table_id=tables["spoke" if name == "shared" else "core"].id,
    )
aws.ec2transitgateway.RouteTableAssociation(
    "office",
    transit_gateway_attachment_id=office.transit_gateway_attachment_id,
    transit_gateway_route_table_id=tables["spoke"].id,
)
aws.ec2transitgateway.Route(
    "office",
    destination_cidr_block=OFFICE,
    transit_gateway_attachment_id=office.transit_gateway_attachment_id,
    transit_gateway_route_table_id=tables["core"].id,
)
# What nobody has said a way for goes nowhere.
aws.ec2transitgateway.Route(
    "nowhere",
    destination_cidr_block="10.96.0.0/12",
    blackhole=True,
    transit_gateway_route_table_id=tables["spoke"].id,
)
if config.get_bool("leak"):
    aws.ec2transitgateway.RouteTablePropagation(
        "leak",
        transit_gateway_attachment_id=attachments["prod"].id,
        transit_gateway_route_table_id=tables["spoke"].id,
    )
    aws.ec2transitgateway.RouteTablePropagation(
        "leak-back",
        transit_gateway_attachment_id=attachments["dev"].id,
        transit_gateway_route_table_id=tables["spoke"].id,
    )
pulumi.export("hub", hub.id)
