"""What load balancers listen on, by which rules they pass it on, and to which targets.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network
from typing import Any, Final

from moto.elbv2.exceptions import (
    DuplicateListenerError,
    LoadBalancerNotFoundError,
    ResourceInUseError,
    TargetGroupNotFoundError,
)
from moto.elbv2.models import ELBv2Backend

from local_aws.strict import http_balancers
from local_aws.strict.http_balancers import refused
from local_aws.strict.rules import ONE_CALL_AT_A_TIME
from local_aws.strict.spreading import cloud_of

_TARGETS: Final[Any] = ELBv2Backend.create_target_group
_REGISTER: Final[Any] = ELBv2Backend.register_targets
_LISTEN: Final[Any] = ELBv2Backend.create_listener
_REMOVE_GROUP: Final[Any] = ELBv2Backend.delete_target_group
_MODIFY: Final[Any] = ELBv2Backend.modify_listener
_RULE: Final[Any] = ELBv2Backend.create_rule
_MODIFY_RULE: Final[Any] = ELBv2Backend.modify_rule
_MODIFY_LISTENER: Final[Any] = ELBv2Backend.modify_listener_attributes
_PROTOCOLS: Final = ("TCP", "UDP", "TCP_UDP", "TLS")
IDLE: Final = "tcp.idle_timeout.seconds"
_USUAL_IDLE: Final = "350"
_IDLE: Final = range(60, 6001)
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html"""


def create_target_group(backend: Any, name: str, **said: Any) -> Any:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"""
    with ONE_CALL_AT_A_TIME:
        of_http = said.get("protocol") in http_balancers.HTTP
        known = of_http or said.get("protocol") in _PROTOCOLS
        if not known or said.get("target_type") not in (None, "instance", "ip"):
            raise refused(
                "OperationNotPermitted",
                "The local AWS makes target groups of instances and of addresses, alone.",
            )
        # "If you attempt to create multiple target groups with the same settings, each call
        # succeeds."
        for standing in backend.target_groups.values():
            held = (standing.protocol, standing.port, standing.vpc_id, standing.target_type)
            asked = (said["protocol"], said.get("port"), said.get("vpc_id"))
            if standing.name == name and held == (*asked, said.get("target_type") or "instance"):
                return standing
        made = _TARGETS(backend, name, **said)
        if of_http:
            made.attributes = http_balancers.attributes_of_group(made.attributes)
            return made
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
        actions = said.get("actions") or (rest[2] if len(rest) > 2 else [])
        if balancer.type == "application":
            http_balancers.check_listener(backend, balancer, protocol, actions)
        elif protocol not in _PROTOCOLS or protocol == "TLS":
            raise refused(
                "UnsupportedProtocol", f"The local AWS has listeners of TCP and UDP, not {protocol}"
            )
        asked = (protocol, [http_balancers.forwarded(each) for each in actions])
        for each in balancer.listeners.values():
            if int(each.port) == int(port):
                held = [http_balancers.forwarded(one.data) for one in each.default_actions]
                if (each.protocol, held) != asked:
                    raise DuplicateListenerError()
                return each  # "with the same settings, each call succeeds"
        for each in actions if balancer.type == "network" else ():
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


def modify_listener(backend: Any, arn: str, *rest: Any, **said: Any) -> Any:
    with ONE_CALL_AT_A_TIME:
        balancer = http_balancers.balancer_of(backend, arn)
        named = ("port", "protocol", "ssl_policy", "certificates", "actions")
        asked = {**dict(zip(named, rest, strict=False)), **said}
        actions = asked.get("actions") or asked.get("default_actions") or ()
        if balancer.type == "application":
            protocol = asked.get("protocol") or "HTTP"
            http_balancers.check_listener(backend, balancer, protocol, actions)
        changed = _MODIFY(backend, arn, *rest, **said)
        if actions:
            for group in backend.target_groups.values():
                group.load_balancer_arns = [
                    each
                    for each in group.load_balancer_arns
                    if each != balancer.arn or http_balancers.in_use(balancer, group.arn)
                ]
                if http_balancers.in_use(balancer, group.arn) and not group.load_balancer_arns:
                    group.load_balancer_arns.append(balancer.arn)
        return changed


def create_rule(
    backend: Any, listener_arn: str, conditions: Any, priority: int, actions: Any, tags: Any = None
) -> Any:
    with ONE_CALL_AT_A_TIME:
        http_balancers.check_rule(backend, listener_arn, actions)
        return _RULE(backend, listener_arn, conditions, priority, actions, tags)


def modify_rule(backend: Any, rule_arn: str, conditions: Any, actions: Any) -> Any:
    with ONE_CALL_AT_A_TIME:
        (rule,) = backend.describe_rules(None, [rule_arn])
        if actions:
            http_balancers.check_rule(backend, rule.listener_arn, actions)
        return _MODIFY_RULE(backend, rule_arn, conditions, actions)


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
            if http_balancers.in_use(balancer, target_group_arn):
                raise ResourceInUseError(
                    f"Target group '{target_group_arn}' is currently in use by a listener or a rule"
                )
        return _REMOVE_GROUP(backend, target_group_arn)


MENDED: Final = (
    (ELBv2Backend, "create_target_group", create_target_group),
    (ELBv2Backend, "delete_target_group", delete_target_group),
    (ELBv2Backend, "register_targets", register),
    (ELBv2Backend, "create_listener", listen),
    (ELBv2Backend, "create_rule", create_rule),
    (ELBv2Backend, "modify_rule", modify_rule),
    (ELBv2Backend, "modify_listener", modify_listener),
    (ELBv2Backend, "modify_listener_attributes", modify_listener_attributes),
)
