"""Which checks of prowler and checkov ask what one of ours asks.

As prowler maps its checks to CIS 7.0 and to AWS Foundational Security Best Practices
(prowler/compliance/aws/), and by what each check of checkov says that it ensures.
"""

from __future__ import annotations

from typing import Final

_FROM_INTERNET: Final = "ec2_securitygroup_allow_ingress_from_internet_to"
_NACL: Final = "ec2_networkacl_allow_ingress"

PROWLER: Final = {
    "group-port-22": (f"{_FROM_INTERNET}_tcp_port_22", f"{_FROM_INTERNET}_all_ports"),
    "group-port-3389": (f"{_FROM_INTERNET}_tcp_port_3389", f"{_FROM_INTERNET}_all_ports"),
    "group-high-risk-ports": (
        f"{_FROM_INTERNET}_high_risk_tcp_ports",
        f"{_FROM_INTERNET}_all_ports",
    ),
    "group-cifs": ("ec2_instance_port_cifs_exposed_to_internet",),
    "default-group-closed": ("ec2_securitygroup_default_restrict_traffic",),
    "nacl-admin-ports": (
        f"{_NACL}_any_port",
        f"{_NACL}_tcp_port_22",
        f"{_NACL}_tcp_port_3389",
    ),
    "nacl-used": ("ec2_networkacl_unused",),
    "elastic-address-used": ("ec2_elastic_ip_unassigned",),
    "instance-imdsv2": ("ec2_instance_imdsv2_enabled",),
    "instance-not-public": ("ec2_instance_public_ip",),
    "instance-has-one-interface": ("ec2_instance_uses_single_eni",),
    "template-imdsv2": ("ec2_launch_template_imdsv2_required",),
    "template-not-public": ("ec2_launch_template_no_public_ip",),
    "transit-accepts-nobody": ("ec2_transitgateway_auto_accept_vpc_attachments",),
    "endpoint-ec2": ("vpc_endpoint_for_ec2_enabled",),
    "flow-logs-on": ("vpc_flow_logs_enabled",),
    "peering-routes-narrow": ("vpc_peering_routing_tables_with_least_privilege",),
    "subnet-gives-no-public-address": ("vpc_subnet_no_public_ip_by_default",),
    "tunnels-up": ("vpc_vpn_connection_tunnels_up",),
    "firewall-delete-protected": ("networkfirewall_deletion_protection",),
    "firewall-logged": ("networkfirewall_logging_enabled",),
}
"""By check of ours: those that together decide the control that it decides."""
CHECKOV: Final = {
    "group-port-22": ("CKV_AWS_24",),
    "group-port-3389": ("CKV_AWS_25",),
    "default-group-closed": ("CKV2_AWS_12",),
    "nacl-admin-ports": ("CKV_AWS_231", "CKV_AWS_232"),
    "elastic-address-used": ("CKV2_AWS_19",),
    "instance-imdsv2": ("CKV_AWS_79",),
    "instance-not-public": ("CKV_AWS_88",),
    "template-imdsv2": ("CKV_AWS_79",),
    "template-not-public": ("CKV_AWS_88",),
    "transit-accepts-nobody": ("CKV_AWS_331",),
    "flow-logs-on": ("CKV2_AWS_11",),
    "peering-routes-narrow": ("CKV2_AWS_44",),
    "subnet-gives-no-public-address": ("CKV_AWS_130",),
    "firewall-delete-protected": ("CKV_AWS_344",),
    "firewall-logged": ("CKV2_AWS_63",),
}
ABOUT_DEFAULT_GROUPS: Final = frozenset({"CKV2_AWS_12"})
"""Checks of checkov that name a VPC, and mean its default group."""
