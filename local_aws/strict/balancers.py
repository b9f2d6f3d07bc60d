"""Network Load Balancers: an interface in each of their subnets, with their groups and addresses.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Any, Final

from moto.elbv2.exceptions import (
    DuplicateListenerError,
    DuplicateLoadBalancerName,
    ELBClientError,
    LoadBalancerNotFoundError,
    ResourceInUseError,
    SubnetNotFoundError,
    TargetGroupNotFoundError,
)
from moto.elbv2.models import AvailabilityZone, ELBv2Backend, FakeLoadBalancer

from local_aws.strict.managed_interfaces import managed_interface
from local_aws.strict.rules import ONE_CALL_AT_A_TIME
from local_aws.strict.spreading import apart, cloud_of, last_free, missing_in

_CREATE: Final[Any] = ELBv2Backend.create_load_balancer
_TARGETS: Final[Any] = ELBv2Backend.create_target_group
_REGISTER: Final[Any] = ELBv2Backend.register_targets
_LISTEN: Final[Any] = ELBv2Backend.create_listener
_REMOVE_GROUP: Final[Any] = ELBv2Backend.delete_target_group
_MODIFY_LISTENER: Final[Any] = ELBv2Backend.modify_listener_attributes
_NAME: Final = re.compile(r"(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)")
_PROTOCOLS: Final = ("TCP", "UDP", "TCP_UDP", "TLS")
IDLE: Final = "tcp.idle_timeout.seconds"
_USUAL_IDLE: Final = "350"
_IDLE: Final = range(60, 6001)
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html"""


def refused(code: str, message: str) -> ELBClientError:
    return ELBClientError(code, message)


def create(
    backend: Any,
    name: str,
    security_groups: list[str],
    subnet_ids: list[str],
    subnet_mappings: list[dict[str, str]] | None = None,
    scheme: str | None = None,
    loadbalancer_type: str | None = None,
    ip_address_type: str = "ipv4",
    tags: list[dict[str, str]] | None = None,
) -> Any:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"""
    with ONE_CALL_AT_A_TIME:
        if loadbalancer_type != "network":
            raise refused(
                "OperationNotPermitted", "The local AWS makes Network Load Balancers alone."
            )
        if ip_address_type != "ipv4":
            raise refused(
                "OperationNotPermitted", "The local AWS makes load balancers of IPv4 alone."
            )
        if not _NAME.fullmatch(name or ""):
            raise refused("ValidationError", f"The load balancer name '{name}' is not valid")
        scheme = scheme or "internet-facing"
        if bool(subnet_ids) == bool(subnet_mappings):
            raise refused("ValidationError", "Specify either subnets or subnet mappings")
        places = subnet_mappings or [{"SubnetId": each} for each in subnet_ids]
        cloud = cloud_of(backend)
        standing = [each for each in backend.load_balancers.values() if each.name == name]
        asked = (scheme, sorted(each["SubnetId"] for each in places), sorted(security_groups))
        for each in standing:
            held = (each.scheme, sorted(one.id for one in each.subnets), [*each.security_groups])
            if (*held[:2], sorted(held[2])) != asked:
                raise DuplicateLoadBalancerName()
            return each
        _check_places(cloud, places, security_groups, scheme)
        made = _CREATE(
            backend,
            name,
            security_groups,
            [each["SubnetId"] for each in places],
            None,
            scheme,
            loadbalancer_type,
            ip_address_type,
            None,
        )
        # moto calls all of them application load balancers.
        before, made.arn = made.arn, made.arn.replace(":loadbalancer/app/", ":loadbalancer/net/")
        backend.load_balancers[made.arn] = backend.load_balancers.pop(before)
        backend.tagging_service.tag_resource(made.arn, tags)
        made.attrs.pop("access_logs.s3.bucket", None)
        made.attrs.pop("access_logs.s3.prefix", None)
        made.interfaces = {}
        made.told = {each["SubnetId"] for each in places if each.get("PrivateIPv4Address")}
        for each in places:
            _stand(cloud, made, each)
        return made


def _check_places(
    cloud: Any, places: Sequence[Mapping[str, str]], groups: Sequence[str], scheme: str
) -> None:
    subnets = [each["SubnetId"] for each in places]
    subnet, group = missing_in(cloud, subnets, groups)
    if subnet:
        raise SubnetNotFoundError()
    if group:
        raise refused("InvalidSecurityGroup", f"The security group '{group}' does not exist")
    if not_of_it := apart(cloud, subnets, groups):
        first, other = not_of_it
        code = "InvalidSecurityGroup" if other.startswith("sg-") else "InvalidConfigurationRequest"
        raise refused(code, f"'{other}' is not in the VPC of '{first}'")
    zones = [cloud.get_subnet(each).availability_zone for each in subnets]
    if len(set(zones)) < len(zones):
        raise refused(
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        )
    vpc = cloud.get_subnet(subnets[0]).vpc_id
    public = scheme == "internet-facing"
    attached = any(
        each.vpc is not None and each.vpc.id == vpc for each in cloud.internet_gateways.values()
    )
    if public and not attached:
        raise refused("InvalidSubnet", f"VPC {vpc} has no internet gateway")
    for each in places:
        _check_address(cloud, each, public=public)


def _check_address(cloud: Any, place: Mapping[str, str], *, public: bool) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SubnetMapping.html"""
    allocation = place.get("AllocationId")
    if allocation and not public:
        raise refused(
            "InvalidConfigurationRequest", "An internal load balancer takes no Elastic IP address"
        )
    if place.get("PrivateIPv4Address") and public:
        raise refused(
            "InvalidConfigurationRequest",
            "A private IPv4 address can be specified for an internal load balancer alone",
        )
    if public and not allocation:
        raise refused(
            "OperationNotPermitted",
            "The local AWS gives an internet-facing load balancer the Elastic IP addresses that "
            "it is told, one for each subnet.",
        )
    if allocation:
        known = [each for each in cloud.addresses if each.allocation_id == allocation]
        if not known:
            raise refused("AllocationIdNotFound", f"The allocation ID '{allocation}' is not known")
        if known[0].association_id:
            raise refused("ResourceInUse", f"The allocation ID '{allocation}' is already in use")


def _stand(cloud: Any, balancer: Any, place: Mapping[str, str]) -> None:
    """An interface of it in a subnet."""
    subnet = cloud.get_subnet(place["SubnetId"])
    eni = managed_interface(
        cloud,
        subnet,
        "network_load_balancer",
        f"ELB {balancer.arn.partition(':loadbalancer/')[2]}",
        groups=balancer.security_groups,
        address=place.get("PrivateIPv4Address") or last_free(cloud, subnet.id),
    )
    balancer.interfaces[subnet.id] = eni
    if place.get("AllocationId"):
        cloud.associate_address(eni=eni, allocation_id=place["AllocationId"])


def zones_of(balancer: Any) -> list[Any]:
    """Each with the address that somebody gave it there."""
    found: list[Any] = [AvailabilityZone(each) for each in balancer.subnets]
    for each, subnet in zip(found, balancer.subnets, strict=True):
        eni = balancer.interfaces[subnet.id]
        addresses = [one for one in subnet.ec2_backend.addresses if one.eni is eni]
        each.load_balancer_addresses = [
            {"IpAddress": one.public_ip, "AllocationId": one.allocation_id} for one in addresses
        ]
        if subnet.id in balancer.told:
            each.load_balancer_addresses = [{"PrivateIPv4Address": eni.private_ip_address}]
    return found


def delete(backend: Any, arn: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html"""
    with ONE_CALL_AT_A_TIME:
        balancer = backend.load_balancers.get(arn)
        if balancer is None:
            return  # "If the load balancer does not exist [...] the call succeeds."
        if balancer.attrs.get("deletion_protection.enabled") == "true":
            raise refused(
                "OperationNotPermitted",
                f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
            )
        cloud = cloud_of(backend)
        for eni in balancer.interfaces.values():
            for address in cloud.addresses:
                if address.eni is eni:
                    cloud.disassociate_address(address=address.public_ip)
            cloud.enis.pop(eni.id, None)
        for group in backend.target_groups.values():
            group.load_balancer_arns = [each for each in group.load_balancer_arns if each != arn]
        backend.load_balancers.pop(arn)


def set_security_groups(backend: Any, arn: str, sec_groups: list[str]) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html"""
    with ONE_CALL_AT_A_TIME:
        balancer = backend.load_balancers.get(arn)
        if balancer is None:
            raise LoadBalancerNotFoundError()
        if bool(balancer.security_groups) != bool(sec_groups):
            raise refused(
                "InvalidConfigurationRequest",
                "A Network Load Balancer that was made with security groups keeps some, and one "
                "that was made without takes none",
            )
        cloud = cloud_of(backend)
        known = cloud.groups[balancer.vpc_id]
        for each in sec_groups:
            if each not in known:
                raise refused("InvalidSecurityGroup", f"The security group '{each}' is not known")
        balancer.security_groups = sec_groups
        for eni in balancer.interfaces.values():
            eni._group_set = [known[each] for each in sec_groups]


def set_subnets(backend: Any, arn: str, subnets: list[str], subnet_mappings: list[Any]) -> Any:
    raise refused(
        "OperationNotPermitted", "The local AWS leaves a load balancer in its subnets: replace it."
    )


def create_target_group(backend: Any, name: str, **said: Any) -> Any:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"""
    with ONE_CALL_AT_A_TIME:
        if said.get("protocol") not in _PROTOCOLS or said.get("target_type") not in (
            None,
            "instance",
            "ip",
        ):
            raise refused(
                "OperationNotPermitted",
                "The local AWS makes target groups of Network Load Balancers, of instances and of "
                "addresses, alone.",
            )
        # "If you attempt to create multiple target groups with the same settings, each call
        # succeeds."
        for standing in backend.target_groups.values():
            held = (standing.protocol, standing.port, standing.vpc_id, standing.target_type)
            asked = (said["protocol"], said.get("port"), said.get("vpc_id"))
            if standing.name == name and held == (*asked, said.get("target_type") or "instance"):
                return standing
        made = _TARGETS(backend, name, **said)
        kept = ("deregistration_delay.timeout_seconds", "load_balancing.cross_zone.enabled")
        by_address = made.target_type == "ip" and made.protocol in ("TCP", "TLS")
        made.attributes = {
            **{key: str(made.attributes[key]) for key in kept},
            "stickiness.enabled": "false",
            "stickiness.type": "source_ip",
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/network/
            # edit-target-group-attributes.html
            "preserve_client_ip.enabled": "false" if by_address else "true",
            "proxy_protocol_v2.enabled": "false",
            "deregistration_delay.connection_termination.enabled": "false",
        }
        return made


def register(backend: Any, target_group_arn: str, instances: list[Any]) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html"""
    with ONE_CALL_AT_A_TIME:
        group = backend.target_groups.get(target_group_arn)
        if group is None:
            raise TargetGroupNotFoundError()
        cloud = cloud_of(backend)
        for each in instances if group.target_type == "ip" else ():
            _check_target(cloud, group, each["Id"])
        for each in instances if group.target_type == "instance" else ():
            known = cloud.get_instance_by_id(each["Id"])
            if known is None or known.vpc_id != group.vpc_id:
                raise refused("InvalidTarget", f"The instance '{each['Id']}' is not in the VPC")
        _REGISTER(backend, target_group_arn, instances)


_ELSEWHERE: Final = tuple(
    map(IPv4Network, ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"))
)


def _check_target(cloud: Any, group: Any, target: str) -> None:
    """Of the VPC, or private: others are no targets."""
    try:
        address = IPv4Address(target)
    except ValueError:
        raise refused("ValidationError", f"'{target}' is not a valid IPv4 address") from None
    blocks = _blocks(cloud.get_vpc(group.vpc_id))
    if not any(address in each for each in (*blocks, *_ELSEWHERE)):
        raise refused(
            "InvalidTarget", f"The IP address '{target}' is not within a range valid for the VPC"
        )


def _blocks(vpc: Any) -> Iterable[IPv4Network]:
    several = [each["cidr_block"] for each in vpc.get_cidr_block_association_set()]
    return [IPv4Network(each) for each in (vpc.cidr_block, *several)]


def listen(
    backend: Any, load_balancer_arn: str, protocol: str, port: Any, *rest: Any, **said: Any
) -> Any:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html"""
    with ONE_CALL_AT_A_TIME:
        balancer = backend.load_balancers.get(load_balancer_arn)
        if balancer is None:
            raise LoadBalancerNotFoundError()
        if protocol not in _PROTOCOLS or protocol == "TLS":
            raise refused(
                "UnsupportedProtocol", f"The local AWS has listeners of TCP and UDP, not {protocol}"
            )
        actions = said.get("actions") or (rest[2] if len(rest) > 2 else [])
        asked = (protocol, [each.get("TargetGroupArn") for each in actions])
        for each in balancer.listeners.values():
            if int(each.port) == int(port):
                held = [one.data.get("TargetGroupArn") for one in each.default_actions]
                if (each.protocol, held) != asked:
                    raise DuplicateListenerError()
                return each  # "with the same settings, each call succeeds"
        for each in actions:
            group = backend.target_groups.get(each.get("TargetGroupArn") or "")
            if each.get("Type") != "forward" or group is None:
                raise TargetGroupNotFoundError()
            if group.vpc_id != balancer.vpc_id:
                raise refused("InvalidConfigurationRequest", "The target group is of another VPC")
            if group.protocol != protocol:
                raise refused(
                    "InvalidConfigurationRequest",
                    f"A listener of {protocol} forwards to no target group of {group.protocol}",
                )
            # "Each target group can be used with only one load balancer"
            # (the same guide, load-balancer-target-groups.html).
            if any(one != load_balancer_arn for one in group.load_balancer_arns):
                raise refused(
                    "TargetGroupAssociationLimit",
                    "The target group is associated with another load balancer already",
                )
        made = _LISTEN(backend, load_balancer_arn, protocol, port, *rest, **said)
        made.attributes = {IDLE: _USUAL_IDLE} if protocol == "TCP" else {}
        return made


def modify_listener_attributes(backend: Any, listener_arn: str, attrs: list[dict[str, str]]) -> Any:
    with ONE_CALL_AT_A_TIME:
        for each in attrs:
            value = each["Value"]
            if each["Key"] != IDLE:
                raise refused("InvalidConfigurationRequest", f"Key {each['Key']} is not valid")
            if not value.isdigit() or int(value) not in _IDLE:
                raise refused(
                    "InvalidConfigurationRequest", f"{IDLE} is from 60 to 6000, not {value}"
                )
        return _MODIFY_LISTENER(backend, listener_arn, attrs)


def delete_target_group(backend: Any, target_group_arn: str) -> Any:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html"""
    with ONE_CALL_AT_A_TIME:
        for balancer in backend.load_balancers.values():
            for listener in balancer.listeners.values():
                for action in listener.default_actions:
                    if action.data.get("TargetGroupArn") == target_group_arn:
                        raise ResourceInUseError(
                            f"Target group '{target_group_arn}' is currently in use by a listener "
                            "or a rule"
                        )
        return _REMOVE_GROUP(backend, target_group_arn)


MENDED: Final = (
    (ELBv2Backend, "create_load_balancer", create),
    (ELBv2Backend, "delete_load_balancer", delete),
    (ELBv2Backend, "set_security_groups", set_security_groups),
    (ELBv2Backend, "set_subnets", set_subnets),
    (ELBv2Backend, "create_target_group", create_target_group),
    (ELBv2Backend, "delete_target_group", delete_target_group),
    (ELBv2Backend, "register_targets", register),
    (ELBv2Backend, "create_listener", listen),
    (ELBv2Backend, "modify_listener_attributes", modify_listener_attributes),
    (FakeLoadBalancer, "availability_zones", property(zones_of)),
)
