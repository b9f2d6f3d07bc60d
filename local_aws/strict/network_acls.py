"""Network ACLs: entries, the implicit denials, the quota, and what may be deleted."""

from __future__ import annotations

from typing import Any

from local_aws.strict.rules import Request, Result, amends, invalid, refusal, refuses
from local_aws.strict.values import canonical, check_port_range, protocol_number, version_of

ENTRY = ("CreateNetworkAclEntry", "ReplaceNetworkAclEntry")
# 20 in each direction and address family, of which one is the implicit denial:
# https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
ENTRIES = 20
LAST_RULE = 32766


@refuses(*ENTRY)
def an_entry_is_well_formed(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html"""
    params = request.params
    number = params.get("RuleNumber")
    if number is None or not 1 <= number <= LAST_RULE:
        raise invalid(
            f"Invalid value '{number}' for ruleNumber. Must be between 1 and {LAST_RULE}."
        )
    if params.get("RuleAction") not in ("allow", "deny"):
        raise invalid(f"Invalid value '{params.get('RuleAction')}' for ruleAction. allow or deny.")
    families = [key for key in ("CidrBlock", "Ipv6CidrBlock") if params.get(key)]
    if len(families) != 1:
        raise refusal(
            "MissingParameter", "Exactly one of cidrBlock and ipv6CidrBlock must be given"
        )
    params[families[0]] = canonical(params[families[0]], version_of(families[0]))
    params["Protocol"] = protocol_number(params.get("Protocol"))
    ports = params.get("PortRange") or {}
    if params["Protocol"] in ("6", "17"):
        check_port_range(ports.get("From"), ports.get("To"))
    else:  # AWS lets all ports through whatever was said, and shows none
        params.pop("PortRange", None)
    icmp = params.pop("IcmpTypeCode", None) or params.get("Icmp")
    if params["Protocol"] in ("1", "58"):
        if not icmp or icmp.get("Type") is None or icmp.get("Code") is None:
            raise refusal("MissingParameter", "icmpTypeCode is required for the ICMP protocols")
        params["Icmp"] = icmp
    else:
        params.pop("Icmp", None)


@refuses("CreateNetworkAclEntry")
def a_list_has_twenty_entries_at_most(request: Request) -> None:
    entries = same_direction(request)
    if any(entry.rule_number == request.params["RuleNumber"] for entry in entries):
        return  # moto answers NetworkAclEntryAlreadyExists
    ipv6 = bool(request.params.get("Ipv6CidrBlock"))
    if sum(bool(entry.ipv6_cidr_block) == ipv6 for entry in entries) >= ENTRIES:
        raise refusal(
            "NetworkAclEntryLimitExceeded",
            f"The maximum number of network ACL entries ({ENTRIES}) has been reached.",
        )


@refuses("ReplaceNetworkAclEntry", "DeleteNetworkAclEntry")
def an_entry_must_exist(request: Request) -> None:
    number = request.params.get("RuleNumber")
    if number is None or number > LAST_RULE:
        raise invalid(
            f"Invalid value '{number}' for ruleNumber. Must be between 1 and {LAST_RULE}."
        )
    if not any(entry.rule_number == number for entry in same_direction(request)):
        direction = "egress" if request.params.get("Egress") else "ingress"
        raise refusal(
            "InvalidNetworkAclEntry.NotFound",
            f"The {direction} network acl entry {number} does not exist in"
            f" {request.params['NetworkAclId']}",
        )


@refuses("DeleteNetworkAcl")
def the_default_list_stays(request: Request) -> None:
    acl = request.cloud.get_network_acl(request.params["NetworkAclId"])
    if acl.default:
        raise invalid(
            f"The network acl '{acl.id}' is the default network acl and cannot be deleted"
        )


@refuses("ReplaceNetworkAclAssociation")
def an_association_stays_in_its_vpc(request: Request) -> None:
    target = request.cloud.get_network_acl(request.params["NetworkAclId"])
    for acl in request.cloud.network_acls.values():
        if request.params["AssociationId"] in acl._associations:
            if acl.vpc_id != target.vpc_id:
                raise invalid(f"The network acl {target.id} belongs to another VPC")
            return
    raise refusal(
        "InvalidAssociationID.NotFound",
        f"The association ID '{request.params['AssociationId']}' does not exist",
    )


def same_direction(request: Request) -> list[Any]:
    acl = request.cloud.get_network_acl(request.params["NetworkAclId"])
    egress = bool(request.params.get("Egress"))
    return [entry for entry in acl.network_acl_entries if bool(entry.egress) == egress]


@amends("CreateNetworkAcl")
def a_custom_list_denies_what_it_does_not_allow(request: Request, result: Result) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html"""
    acl = result["NetworkAcl"]
    deny_the_rest(request.cloud, acl)


def deny_the_rest(cloud: Any, acl: Any) -> None:
    vpc = cloud.get_vpc(acl.vpc_id)
    add_entries(cloud, acl, 32767, "deny", "0.0.0.0/0")
    if vpc.get_cidr_block_association_set(ipv6=True):
        add_entries(cloud, acl, 32768, "deny", "::/0")


@amends("CreateVpc", "AssociateVpcCidrBlock")
def what_is_as_it_was_made_lets_ipv6_through(request: Request, result: Result) -> None:
    """What nobody modified allows it as it allows IPv4, each direction by itself:
    https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
    https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html"""
    cloud = request.cloud
    made = result.get("Vpc")
    vpc = cloud.get_vpc(made.id if made is not None else request.params["VpcId"])
    if not vpc.get_cidr_block_association_set(ipv6=True):
        return
    for acl in cloud.network_acls.values():
        if acl.vpc_id == vpc.id:
            deny_the_rest(cloud, acl)
            for egress in (True, False) if acl.default else ():
                if as_it_was_made(acl, egress):
                    add_entries(cloud, acl, 101, "allow", "::/0", (egress,))
    for group in cloud.groups.get(vpc.id, {}).values():
        if [each.ip_range for each in group.egress_rules] == [{"CidrIp": "0.0.0.0/0"}]:
            cloud.authorize_security_group_egress(
                group.id, "-1", None, None, ip_ranges=[{"CidrIpv6": "::/0"}]
            )


def as_it_was_made(acl: Any, egress: bool) -> bool:
    written = [
        (each.rule_number, each.rule_action, each.protocol, each.cidr_block)
        for each in acl.network_acl_entries
        if bool(each.egress) == egress and each.rule_number < 32767
    ]
    return written == [(100, "allow", "-1", "0.0.0.0/0")]


def add_entries(
    cloud: Any,
    acl: Any,
    number: int,
    action: str,
    block: str,
    ways: tuple[bool, ...] = (True, False),
) -> None:
    held = {(each.rule_number, bool(each.egress)) for each in acl.network_acl_entries}
    ipv6 = ":" in block
    for egress in ways:
        if (number, egress) not in held:
            cloud.create_network_acl_entry(
                network_acl_id=acl.id,
                rule_number=number,
                protocol="-1",
                rule_action=action,
                egress=egress,
                cidr_block=None if ipv6 else block,
                icmp_code=None,
                icmp_type=None,
                port_range_from=None,
                port_range_to=None,
                ipv6_cidr_block=block if ipv6 else None,
            )
