"""A network with every type that the stand-in knows, for the tests of the real engine."""

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
port = config.get_int("port") or 5556
rule_number = config.get_int("ruleNumber") or 100
group_description = config.get("groupDescription") or "ticker"

zones = aws.get_availability_zones(state="available")
vpc = aws.ec2.Vpc(
    "main", cidr_block="10.20.0.0/16", enable_dns_hostnames=True, tags={"Name": "main"}
)

aws.ec2.DefaultSecurityGroup("closed", vpc_id=vpc.id)
aws.ec2.DefaultNetworkAcl("closed", default_network_acl_id=vpc.default_network_acl_id)
aws.ec2.DefaultRouteTable("closed", default_route_table_id=vpc.default_route_table_id, routes=[])

subnets = [
    aws.ec2.Subnet(
        f"feed-{index}",
        vpc_id=vpc.id,
        cidr_block=f"10.20.{index}.0/24",
        availability_zone=zones.names[index],
    )
    for index in range(2)
]
acl = aws.ec2.NetworkAcl("feed", vpc_id=vpc.id)
for index, subnet in enumerate(subnets):
    aws.ec2.NetworkAclAssociation(f"feed-{index}", network_acl_id=acl.id, subnet_id=subnet.id)
aws.ec2.NetworkAclRule(
    f"in-{rule_number}",
    network_acl_id=acl.id,
    rule_number=rule_number,
    protocol="tcp",
    rule_action="allow",
    cidr_block="10.20.0.0/16",
    from_port=port,
    to_port=port,
)
aws.ec2.NetworkAclRule(
    "out",
    network_acl_id=acl.id,
    rule_number=100,
    egress=True,
    protocol="tcp",
    rule_action="allow",
    cidr_block="10.20.0.0/16",
    from_port=1024,
    to_port=65535,
)

ticker = aws.ec2.SecurityGroup("ticker", vpc_id=vpc.id, description=group_description)
strategy = aws.ec2.SecurityGroup("strategy", vpc_id=vpc.id)
aws.vpc.SecurityGroupIngressRule(
    f"ticker-{port}",
    security_group_id=ticker.id,
    referenced_security_group_id=strategy.id,
    ip_protocol="tcp",
    from_port=port,
    to_port=port,
    description="ticks",
)
aws.vpc.SecurityGroupEgressRule(
    "strategy-ticks",
    security_group_id=strategy.id,
    referenced_security_group_id=ticker.id,
    ip_protocol="tcp",
    from_port=port,
    to_port=port,
    description="ticks",
)
interfaces = [
    aws.ec2.NetworkInterface(
        "ticker", subnet_id=subnets[0].id, private_ips=["10.20.0.10"], security_groups=[ticker.id]
    ),
    aws.ec2.NetworkInterface("strategy", subnet_id=subnets[1].id, security_groups=[strategy.id]),
]

table = aws.ec2.RouteTable("feed", vpc_id=vpc.id)
for index, subnet in enumerate(subnets):
    aws.ec2.RouteTableAssociation(f"feed-{index}", route_table_id=table.id, subnet_id=subnet.id)
gateway = aws.ec2.VpnGateway("main", tags={"Name": "main"})
attachment = aws.ec2.VpnGatewayAttachment("main", vpc_id=vpc.id, vpn_gateway_id=gateway.id)
customer = aws.ec2.CustomerGateway(
    "exchange", bgp_asn="65010", ip_address="203.0.113.10", type="ipsec.1"
)
vpn = aws.ec2.VpnConnection(
    "exchange",
    customer_gateway_id=customer.id,
    vpn_gateway_id=gateway.id,
    type="ipsec.1",
    static_routes_only=True,
    preshared_key_storage="SecretsManager",
    tunnel1_inside_cidr="169.254.10.0/30",
    tunnel2_inside_cidr="169.254.10.4/30",
    tunnel1_ike_versions=["ikev2"],
    tunnel2_ike_versions=["ikev2"],
    tunnel1_phase1_encryption_algorithms=["AES256-GCM-16"],
    tunnel1_phase1_dh_group_numbers=[20, 21],
)
aws.ec2.VpnConnectionRoute(
    "exchange", destination_cidr_block="192.168.10.0/24", vpn_connection_id=vpn.id
)
aws.ec2.Route(
    "exchange",
    route_table_id=table.id,
    destination_cidr_block="192.168.10.0/24",
    gateway_id=gateway.id,
    opts=pulumi.ResourceOptions(depends_on=[attachment]),
)
internet = aws.ec2.InternetGateway("main", vpc_id=vpc.id)

pulumi.export("vpc", vpc.id)
pulumi.export("zones", zones.names)
pulumi.export("account", aws.get_caller_identity().account_id)
pulumi.export("tunnel1", vpn.tunnel1_address)
pulumi.export("psk", vpn.tunnel1_preshared_key)
pulumi.export("addresses", [interface.private_ip for interface in interfaces])
