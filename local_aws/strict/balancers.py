"""Load balancers: an interface in each of their subnets, with their groups and addresses.

What differs for those of applications is in http_balancers, what they listen on in listeners.
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from moto.ec2.utils import random_public_ip
from moto.elbv2.exceptions import (
    DuplicateLoadBalancerName,
    LoadBalancerNotFoundError,
    SubnetNotFoundError,
)
from moto.elbv2.models import AvailabilityZone, ELBv2Backend, FakeLoadBalancer

from local_aws.strict import http_balancers
from local_aws.strict.http_balancers import refused
from local_aws.strict.managed_interfaces import managed_interface
from local_aws.strict.rules import ONE_CALL_AT_A_TIME
from local_aws.strict.spreading import apart, cloud_of, last_free, missing_in

_CREATE: Final[Any] = ELBv2Backend.create_load_balancer
_NAME: Final = re.compile(r"(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)")


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
        kind = loadbalancer_type or "application"
        if kind not in ("network", "application"):
            raise refused("OperationNotPermitted", "The local AWS makes no Gateway Load Balancers.")
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
        of_http = kind == "application"
        if of_http:
            security_groups = _groups_of_http(cloud, places, security_groups)
        standing = [each for each in backend.load_balancers.values() if each.name == name]
        asked = (scheme, sorted(each["SubnetId"] for each in places), sorted(security_groups))
        for each in standing:
            held = (each.scheme, sorted(one.id for one in each.subnets), [*each.security_groups])
            if (*held[:2], sorted(held[2])) != asked:
                raise DuplicateLoadBalancerName()
            return each
        _check_places(cloud, places, security_groups, scheme)
        if of_http:
            zones = [cloud.get_subnet(each["SubnetId"]).availability_zone for each in places]
            http_balancers.check_places(places, zones)
        made = _CREATE(
            backend,
            name,
            security_groups,
            [each["SubnetId"] for each in places],
            None,
            scheme,
            kind,
            ip_address_type,
            None,
        )
        if not of_http:  # moto calls all of them application load balancers
            before, made.arn = (
                made.arn,
                made.arn.replace(":loadbalancer/app/", ":loadbalancer/net/"),
            )
            backend.load_balancers[made.arn] = backend.load_balancers.pop(before)
        backend.tagging_service.tag_resource(made.arn, tags)
        made.attrs.pop("access_logs.s3.bucket", None)
        made.attrs.pop("access_logs.s3.prefix", None)
        made.attrs.update(http_balancers.ATTRIBUTES if of_http else {})
        made.interfaces = {}
        made.told = {each["SubnetId"] for each in places if each.get("PrivateIPv4Address")}
        for each in places:
            _stand(cloud, made, each)
        return made


def _groups_of_http(
    cloud: Any, places: Sequence[Mapping[str, str]], groups: list[str]
) -> list[str]:
    lacking, _ = missing_in(cloud, [each["SubnetId"] for each in places], ())
    if lacking:
        raise SubnetNotFoundError()
    return http_balancers.groups_of(cloud, cloud.get_subnet(places[0]["SubnetId"]).vpc_id, groups)


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
        "interface" if balancer.type == "application" else "network_load_balancer",
        f"ELB {balancer.arn.partition(':loadbalancer/')[2]}",
        groups=balancer.security_groups,
        address=place.get("PrivateIPv4Address") or last_free(cloud, subnet.id),
    )
    balancer.interfaces[subnet.id] = eni
    if place.get("AllocationId"):
        cloud.associate_address(eni=eni, allocation_id=place["AllocationId"])
    elif balancer.scheme == "internet-facing":
        eni.public_ip = random_public_ip()  # one of AWS's own


def _leave(cloud: Any, eni: Any) -> None:
    for address in cloud.addresses:
        if address.eni is eni:
            cloud.disassociate_address(address=address.public_ip)
    cloud.enis.pop(eni.id, None)


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
            _leave(cloud, eni)
        for group in backend.target_groups.values():
            group.load_balancer_arns = [each for each in group.load_balancer_arns if each != arn]
        backend.load_balancers.pop(arn)


def set_security_groups(backend: Any, arn: str, sec_groups: list[str]) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html"""
    with ONE_CALL_AT_A_TIME:
        balancer = backend.load_balancers.get(arn)
        if balancer is None:
            raise LoadBalancerNotFoundError()
        of_http = balancer.type == "application"
        if bool(balancer.security_groups) != bool(sec_groups) and (not of_http or not sec_groups):
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
    with ONE_CALL_AT_A_TIME:
        balancer = backend.load_balancers.get(arn)
        if balancer is None:
            raise LoadBalancerNotFoundError()
        if balancer.type != "application":
            raise refused(
                "OperationNotPermitted",
                "The local AWS leaves a Network Load Balancer in its subnets: replace it.",
            )
        wanted = subnets or [each["SubnetId"] for each in subnet_mappings]
        cloud, places = cloud_of(backend), [{"SubnetId": each} for each in wanted]
        _check_places(cloud, places, balancer.security_groups, balancer.scheme)
        for each in http_balancers.move(backend, balancer, wanted):
            _leave(cloud, balancer.interfaces.pop(each))
        for place in places:
            if place["SubnetId"] not in balancer.interfaces:
                _stand(cloud, balancer, place)
        balancer.subnets = [cloud.get_subnet(each) for each in wanted]
        return balancer.availability_zones


MENDED: Final = (
    (ELBv2Backend, "create_load_balancer", create),
    (ELBv2Backend, "delete_load_balancer", delete),
    (ELBv2Backend, "set_security_groups", set_security_groups),
    (ELBv2Backend, "set_subnets", set_subnets),
    (FakeLoadBalancer, "availability_zones", property(zones_of)),
)
