"""Services of ECS on Fargate: each task has an interface of its own in a subnet of the service.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final

from moto.ec2.utils import random_public_ip
from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend as Backend
from moto.elbv2.models import elbv2_backends

from local_aws.strict.managed_interfaces import managed_interface
from local_aws.strict.rules import ONE_CALL_AT_A_TIME
from local_aws.strict.spreading import apart, cloud_of, fewest, last_free, missing_in

_CREATE: Final[Any] = Backend.create_service
_UPDATE: Final[Any] = Backend.update_service
_DELETE: Final[Any] = Backend.delete_service
_DELETE_CLUSTER: Final[Any] = Backend.delete_cluster


def create(
    backend: Any,
    cluster_str: str,
    service_name: str,
    desired_count: int | None,
    task_definition_str: str | None = None,
    *rest: Any,
    **said: Any,
) -> Any:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html"""
    with ONE_CALL_AT_A_TIME:
        cluster = backend._get_cluster(cluster_str)
        before = backend.services.get(f"{cluster.name}:{service_name}")
        if before is not None and before.status == "ACTIVE":
            raise InvalidParameterException("Creation of service was not idempotent.")
        launch_type = rest[4] if len(rest) > 4 else said.get("launch_type")
        network = said.get("network_configuration")
        balanced = rest[0] if rest else said.get("load_balancers")
        if task_definition_str is not None:
            _check(backend, task_definition_str, launch_type or "EC2", network)
            _check_balanced(backend, task_definition_str, balanced or [])
        made = _CREATE(
            backend,
            cluster_str,
            service_name,
            desired_count,
            task_definition_str,
            *rest,
            **said,
        )
        _tend(backend, made)
        return made


def update(backend: Any, service_properties: dict[str, Any]) -> Any:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html"""
    with ONE_CALL_AT_A_TIME:
        named = service_properties.get("cluster") or "default"
        service = backend._get_service(named, service_properties["service"].split("/")[-1])
        network = service_properties.get("network_configuration")
        wanted = service_properties.get("task_definition")
        if network or wanted:
            now = network or service.network_configuration
            _check(backend, wanted or service.task_definition, service.launch_type, now)
        balanced = service_properties.get("load_balancers")
        if balanced is not None:
            _check_balanced(backend, wanted or service.task_definition, balanced)
        anew = bool(network and network != service.network_configuration) or (
            balanced is not None and balanced != service.load_balancers
        )
        if anew:  # from the target groups that it has until now
            _stop(backend, service, len(_interfaces(service)))
        changed = _UPDATE(backend, service_properties)
        _tend(backend, changed)
        return changed


def delete(backend: Any, cluster_name: str, service_name: str, force: bool) -> Any:
    with ONE_CALL_AT_A_TIME:
        service = _DELETE(backend, cluster_name, service_name, force)
        _stop(backend, service, len(_interfaces(service)))
        return service


def delete_cluster(backend: Any, cluster_str: str) -> Any:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html"""
    with ONE_CALL_AT_A_TIME:
        cluster = backend._get_cluster(cluster_str)
        for each in backend.services.values():
            if each.cluster_name == cluster.name and each.status == "ACTIVE":
                raise ECSException(
                    "ClusterContainsServicesException",
                    "The Cluster cannot be deleted while Services are active.",
                )
        return _DELETE_CLUSTER(backend, cluster_str)


def _check(backend: Any, definition: str, launch_type: str, network: Any) -> None:
    task = backend.describe_task_definition(definition)
    if task.network_mode == "awsvpc" and not network:
        raise InvalidParameterException(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        )
    if network and task.network_mode != "awsvpc":
        raise InvalidParameterException(
            "Network Configuration is not valid for the given networkMode of this task definition."
        )
    if launch_type == "FARGATE" and "FARGATE" not in (task.requires_compatibilities or ()):
        raise InvalidParameterException("Task definition does not support launch_type FARGATE.")
    if network:
        _check_network(cloud_of(backend), network["awsvpcConfiguration"])


def _check_balanced(backend: Any, definition: str, balanced: list[Mapping[str, Any]]) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html"""
    task = backend.describe_task_definition(definition)
    ports = {
        each["name"]: [one.get("containerPort") for one in each.get("portMappings") or ()]
        for each in task.container_definitions
    }
    for each in balanced:
        arn, container = str(each.get("targetGroupArn")), each.get("containerName")
        group = _groups(backend).get(arn)
        if group is None:
            raise InvalidParameterException(f"The target group {arn} does not exist.")
        if not group.load_balancer_arns:
            raise InvalidParameterException(
                f"The target group with targetGroupArn {arn} does not have an associated load "
                "balancer."
            )
        if task.network_mode == "awsvpc" and group.target_type != "ip":
            raise InvalidParameterException(
                f"The provided target group {arn} has target type {group.target_type}, which is "
                "incompatible with the awsvpc network mode specified in the task definition."
            )
        if container not in ports:
            raise InvalidParameterException(
                f"The container {container} does not exist in the task definition."
            )
        if int(each.get("containerPort") or 0) not in map(int, ports[container]):
            raise InvalidParameterException(
                f"The container {container} did not have a container port "
                f"{each.get('containerPort')} defined."
            )


def _groups(backend: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = elbv2_backends[backend.account_id][backend.region_name].target_groups
    return found


def _check_network(cloud: Any, said: Mapping[str, Any]) -> None:
    subnets, groups = said.get("subnets") or [], said.get("securityGroups") or []
    if not subnets:
        raise InvalidParameterException("subnets can not be empty.")
    lacking, unknown = missing_in(cloud, subnets, groups)
    if lacking:
        raise InvalidParameterException(
            f"Error retrieving subnet information for [{lacking}]: The subnet ID '{lacking}' does "
            "not exist (ErrorCode: InvalidSubnetID.NotFound)"
        )
    if unknown:
        raise InvalidParameterException(
            f"Error retrieving security group information for [{unknown}]: The security group "
            f"'{unknown}' does not exist (ErrorCode: InvalidGroup.NotFound)"
        )
    if two := apart(cloud, subnets, groups):
        one, other = two
        raise InvalidParameterException(
            f"Error validating network configuration: {other} and {one} belong to different "
            "networks."
        )


def _interfaces(service: Any) -> list[Any]:
    held: list[Any] = service.__dict__.setdefault("_task_interfaces", [])
    return held


def _tend(backend: Any, service: Any) -> None:
    """As many tasks as are wanted: on Fargate, for there are no instances to run them on."""
    wanted = service.desired_count if service.launch_type == "FARGATE" else 0
    there = _interfaces(service)
    said = (service.network_configuration or {}).get("awsvpcConfiguration")
    if said is None:
        return
    _stop(backend, service, len(there) - wanted)
    cloud = cloud_of(backend)
    while len(there) < wanted:
        subnet = cloud.get_subnet(fewest(said["subnets"], (each.subnet.id for each in there)))
        default = cloud.get_default_security_group(subnet.vpc_id).id
        arn = f"arn:aws:ecs:{backend.region_name}:{backend.account_id}:attachment/{uuid.uuid4()}"
        there.append(
            managed_interface(
                cloud,
                subnet,
                "interface",
                arn,
                groups=said.get("securityGroups") or [default],
                address=last_free(cloud, subnet.id),
            )
        )
        if said.get("assignPublicIp") == "ENABLED":
            there[-1].public_ip = random_public_ip()
        for group, target in _targets(backend, service, there[-1]):
            group.register([target])
    service.running_count, service.pending_count = len(there), service.desired_count - len(there)
    for each in service.deployments:
        each.update(
            desiredCount=service.desired_count,
            runningCount=service.running_count,
            pendingCount=service.pending_count,
            rolloutState="IN_PROGRESS" if service.pending_count else "COMPLETED",
            networkConfiguration=service.network_configuration,
        )


def _stop(backend: Any, service: Any, count: int) -> None:
    there, cloud = _interfaces(service), cloud_of(backend)
    for _ in range(max(0, count)):
        eni = there.pop()
        for group, target in _targets(backend, service, eni):
            if target["Id"] in group.targets:
                group.deregister([target])
        cloud.enis.pop(eni.id, None)


def _targets(backend: Any, service: Any, eni: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """A task, as each of the service's target groups knows it."""
    for each in service.load_balancers or ():
        group = _groups(backend).get(str(each.get("targetGroupArn")))
        if group is not None:
            yield group, {"Id": eni.private_ip_address, "Port": int(each["containerPort"])}


MENDED: Final = (
    (Backend, "create_service", create),
    (Backend, "update_service", update),
    (Backend, "delete_service", delete),
    (Backend, "delete_cluster", delete_cluster),
)
