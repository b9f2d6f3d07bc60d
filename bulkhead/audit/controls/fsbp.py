"""AWS Foundational Security Best Practices; its mappings name no version."""

from __future__ import annotations

from functools import partial
from typing import Final

from bulkhead.audit.controls.table import Control, ControlStatus, Framework

_control = partial(Control, framework=Framework.FSBP, version="")
_unverified = partial(_control, status=ControlStatus.UNVERIFIED)

FSBP: Final = (
    _control(
        id="EC2.2",
        requires="default security groups let nothing in or out",
        checks=("default-group-closed",),
    ),
    _control(id="EC2.6", requires="flow logs are on, at least of REJECT", checks=("flow-logs-on",)),
    _control(id="EC2.8", requires="instances require IMDSv2", checks=("instance-imdsv2",)),
    _control(
        id="EC2.9",
        requires="instances have no public IPv4 address",
        checks=("instance-not-public",),
    ),
    _control(
        id="EC2.10",
        requires="each VPC has an interface endpoint of EC2",
        checks=("endpoint-ec2",),
    ),
    _control(
        id="EC2.12",
        requires="no elastic address is unused",
        checks=("elastic-address-used",),
        live=True,
    ),
    _control(
        id="EC2.13",
        requires="no security group lets everybody in on port 22",
        checks=("group-port-22",),
    ),
    _control(
        id="EC2.14",
        requires="no security group lets everybody in on port 3389",
        checks=("group-port-3389",),
    ),
    _control(
        id="EC2.15",
        requires="subnets give out no public addresses",
        checks=("subnet-gives-no-public-address",),
    ),
    _control(id="EC2.16", requires="no network ACL is unused", checks=("nacl-used",)),
    _control(
        id="EC2.17",
        requires="an instance has one network interface",
        checks=("instance-has-one-interface",),
    ),
    _control(
        id="EC2.18",
        requires="security groups let everybody in on authorised ports alone",
        checks=("group-authorised-ports",),
    ),
    _control(
        id="EC2.19",
        requires="no security group lets everybody in on high-risk ports",
        checks=("group-high-risk-ports",),
    ),
    _control(
        id="EC2.20",
        requires="both tunnels of a VPN connection are up",
        checks=("tunnels-up",),
        live=True,
    ),
    _control(
        id="EC2.21",
        requires="no network ACL lets everybody in on ports 22 and 3389",
        checks=("nacl-admin-ports",),
    ),
    _control(
        id="EC2.23",
        requires="transit gateways do not accept attachments by themselves",
        checks=("transit-accepts-nobody",),
    ),
    _control(
        id="EC2.25",
        requires="launch templates give no public addresses",
        checks=("template-not-public",),
    ),
    _control(
        id="EC2.51",
        requires="Client VPN endpoints log connections",
        outside="Client VPN endpoints: they are not modelled",
    ),
    _control(
        id="EC2.53",
        requires="no security group lets 0.0.0.0/0 in on ports of administration",
        checks=("group-admin-ports-ipv4",),
    ),
    _control(
        id="EC2.54",
        requires="no security group lets ::/0 in on ports of administration",
        checks=("group-admin-ports-ipv6",),
    ),
    *(
        _control(
            id=number,
            requires=f"each VPC has an interface endpoint of {what}",
            checks=(f"endpoint-{check}",),
        )
        for number, what, check in (
            ("EC2.55", "the ECR API", "ecr-api"),
            ("EC2.56", "the Docker registry of ECR", "ecr-dkr"),
            ("EC2.57", "Systems Manager", "ssm"),
            ("EC2.58", "Systems Manager contacts", "ssm-contacts"),
            ("EC2.60", "Systems Manager incidents", "ssm-incidents"),
        )
    ),
    _control(
        id="EC2.170",
        requires="launch templates require IMDSv2",
        checks=("template-imdsv2",),
    ),
    _control(
        id="EC2.171",
        requires="both tunnels of a VPN connection log to CloudWatch",
        checks=("tunnels-logged",),
    ),
    _control(
        id="EC2.172",
        requires="VPC Block Public Access blocks internet gateway traffic",
        checks=("public-access-blocked",),
    ),
    _control(
        id="EC2.180",
        requires="interfaces check source and destination",
        checks=("source-dest-check-on",),
    ),
    _unverified(
        id="NetworkFirewall.1",
        requires="a firewall stands in several zones",
        checks=("firewall-zones",),
    ),
    _control(id="NetworkFirewall.2", requires="a firewall logs", checks=("firewall-logged",)),
    _control(
        id="NetworkFirewall.3",
        requires="a firewall policy has a rule group",
        checks=("firewall-has-rules",),
    ),
    _control(
        id="NetworkFirewall.4",
        requires="a policy drops or forwards full packets by default",
        checks=("firewall-full-packets",),
    ),
    _control(
        id="NetworkFirewall.5",
        requires="a policy drops or forwards fragments by default",
        checks=("firewall-fragments",),
    ),
    _control(
        id="NetworkFirewall.6",
        requires="a stateless rule group is not empty",
        checks=("firewall-group-not-empty",),
    ),
    _control(
        id="NetworkFirewall.9",
        requires="a firewall is protected against deletion",
        checks=("firewall-delete-protected",),
    ),
    _control(
        id="NetworkFirewall.10",
        requires="a firewall is protected against a change of its subnets",
        checks=("firewall-subnets-protected",),
    ),
)
