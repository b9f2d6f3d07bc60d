"""Network ACLs: entries, the implicit denials, the quota, and what may be deleted."""

from __future__ import annotations

from typing import Any

from local_aws.strict.rules import Request, Result, amends, invalid, refusal, refuses
from local_aws.strict.values import canonical, check_port_range, protocol_number

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
    params[families[0]] = canonical(params[families[0]])
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
    vpc = request.cloud.get_vpc(acl.vpc_id)
    families = {32767: ("0.0.0.0/0", None)}
    if vpc.get_cidr_block_association_set(ipv6=True):
        families[32768] = (None, "::/0")  # type: ignore[assignment]  # one of the two is None
    for number, (ipv4, ipv6) in families.items():
        for egress in (True, False):
            request.cloud.create_network_acl_entry(
                network_acl_id=acl.id,
                rule_number=number,
                protocol="-1",
                rule_action="deny",
                egress=egress,
                cidr_block=ipv4,
                icmp_code=None,
                icmp_type=None,
                port_range_from=None,
                port_range_to=None,
                ipv6_cidr_block=ipv6,
            )
