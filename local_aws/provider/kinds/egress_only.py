"""aws.ec2.EgressOnlyInternetGateway."""

from __future__ import annotations

from local_aws.provider.kinds.gateways import attached_vpc
from local_aws.provider.table import Kind, Property, deleted_by, made_by, shown_by

GATEWAY = (Property("vpcId", "VpcId", required=True, replaces=True),)
ID = "EgressOnlyInternetGateway.EgressOnlyInternetGatewayId"

KINDS = (
    Kind(
        token="aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
        properties=GATEWAY,
        outputs=(),
        create=made_by(
            "create_egress_only_internet_gateway", ID, GATEWAY, "egress-only-internet-gateway"
        ),
        once=True,
        read=shown_by(
            "describe_egress_only_internet_gateways",
            "EgressOnlyInternetGatewayIds",
            "EgressOnlyInternetGateways",
            (),
            {},
            lambda aws, shown: {"vpcId": attached_vpc(shown, "Attachments")},
        ),
        delete=deleted_by("delete_egress_only_internet_gateway", "EgressOnlyInternetGatewayId"),
    ),
)
