"""Application Load Balancers: what differs from those of networks.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from moto.elbv2.exceptions import ELBClientError, TargetGroupNotFoundError

from local_aws.strict.spreading import cloud_of

HTTP: Final = ("HTTP", "HTTPS")
ATTRIBUTES: Final[Mapping[str, str]] = {
    "idle_timeout.timeout_seconds": "60",
    "routing.http2.enabled": "true",
    "routing.http.drop_invalid_header_fields.enabled": "false",
    "routing.http.preserve_host_header.enabled": "false",
    "load_balancing.cross_zone.enabled": "true",
}
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html"""
_GROUPS: Final[Mapping[str, str]] = {
    "stickiness.enabled": "false",
    "stickiness.type": "lb_cookie",
    "stickiness.lb_cookie.duration_seconds": "86400",
    "load_balancing.algorithm.type": "round_robin",
    "slow_start.duration_seconds": "0",
}
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html"""


def refused(code: str, message: str) -> ELBClientError:
    return ELBClientError(code, message)


def check_places(places: Sequence[Mapping[str, str]], zones: Sequence[str]) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html"""
    if any(each.get("AllocationId") or each.get("PrivateIPv4Address") for each in places):
        raise refused(
            "InvalidConfigurationRequest",
            "An Application Load Balancer takes no addresses that somebody chose",
        )
    if len(set(zones)) < 2:
        raise refused(
            "ValidationError",
            "At least two subnets in two different Availability Zones must be specified",
        )


def groups_of(cloud: Any, vpc: str, groups: Sequence[str]) -> list[str]:
    """ "If you do not specify security groups [...], the default security group":
    it is never without."""
    return list(groups) or [cloud.get_default_security_group(vpc).id]


def attributes_of_group(attributes: Mapping[str, Any]) -> dict[str, str]:
    kept = ("deregistration_delay.timeout_seconds", "load_balancing.cross_zone.enabled")
    return {**{key: str(attributes[key]) for key in kept}, **_GROUPS}


def check_listener(
    backend: Any, balancer: Any, protocol: str, actions: Sequence[Mapping[str, Any]]
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html"""
    if protocol not in HTTP:
        raise refused("UnsupportedProtocol", f"An Application Load Balancer takes no {protocol}")
    if protocol == "HTTPS":
        raise refused(
            "UnsupportedProtocol",
            "The local AWS has no certificates: an Application Load Balancer listens to HTTP here",
        )
    check_actions(backend, balancer, actions)


def check_actions(backend: Any, balancer: Any, actions: Sequence[Mapping[str, Any]]) -> None:
    for each in actions:
        for arn in forwarded(each):
            group = backend.target_groups.get(arn)
            if group is None:
                raise TargetGroupNotFoundError()
            if group.vpc_id != balancer.vpc_id:
                raise refused("InvalidConfigurationRequest", "The target group is of another VPC")
            if group.protocol not in HTTP:
                raise refused(
                    "InvalidConfigurationRequest",
                    f"A listener of HTTP forwards to no target group of {group.protocol}",
                )
            if any(one != balancer.arn for one in group.load_balancer_arns):
                raise refused(
                    "TargetGroupAssociationLimit",
                    "The target group is associated with another load balancer already",
                )


def forwarded(action: Mapping[str, Any]) -> list[str]:
    """ARNs of the target groups to which an action leads; none where it answers by itself."""
    config = action.get("ForwardConfig") or {}
    several = [each["TargetGroupArn"] for each in config.get("TargetGroups") or ()]
    one = action.get("TargetGroupArn")
    return several or ([one] if one else [])


def in_use(balancer: Any, arn: str) -> bool:
    """Whether a listener or a rule of it forwards to a target group."""
    return any(
        arn in forwarded(action.data)
        for listener in balancer.listeners.values()
        for rule in listener.rules.values()
        for action in rule.actions
    )


def balancer_of(backend: Any, listener_arn: str) -> Any:
    (listener,) = backend.describe_listeners(None, [listener_arn])
    return backend.load_balancers[listener.load_balancer_arn]


def check_rule(backend: Any, listener_arn: str, actions: Sequence[Mapping[str, Any]]) -> None:
    """Rules are of Application Load Balancers:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html"""
    balancer = balancer_of(backend, listener_arn)
    if balancer.type != "application":
        raise refused(
            "UnsupportedFeature", "Listeners of a Network Load Balancer have no further rules"
        )
    check_actions(backend, balancer, actions)


def move(backend: Any, balancer: Any, subnets: Sequence[str]) -> list[str]:
    """Which of its subnets it leaves; "at least two Availability Zones" stay:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSubnets.html"""
    cloud = cloud_of(backend)
    zones = [cloud.get_subnet(each).availability_zone for each in subnets]
    check_places([{"SubnetId": each} for each in subnets], zones)
    return [each.id for each in balancer.subnets if each.id not in subnets]
