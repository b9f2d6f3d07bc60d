"""aws.ecs.Cluster, TaskDefinition, Service: on Fargate, in subnets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws
from local_aws.provider.table import Kind, Property, State, unordered
from local_aws.wire import Properties

_SERVICE: Final = "ecs"


def tags_as_said(tags: Mapping[str, str]) -> list[dict[str, str]] | None:
    return [{"key": key, "value": value} for key, value in sorted(tags.items())] or None


def tags_in(shown: Answer) -> dict[str, str]:
    return {each["key"]: each["value"] for each in listed(shown, "tags")}


def retag(aws: Aws, name: str, removed: list[str], changed: Mapping[str, str]) -> None:
    if removed:
        aws.call("untag_resource", service=_SERVICE, resourceArn=name, tagKeys=removed)
    if changed:
        aws.call("tag_resource", service=_SERVICE, resourceArn=name, tags=tags_as_said(changed))


def last_part(value: Any) -> Any:
    """What an ARN names: 'fleet' of 'arn:aws:ecs:eu-west-1:123456789012:cluster/fleet'."""
    return value.rpartition("/")[2] if isinstance(value, str) else value


def by_name(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return sorted((str(each.get("name")), str(each.get("value"))) for each in value)


CLUSTER = (Property("name", replaces=True), Property("settings", computed=True, canonical=by_name))


def create_cluster(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    made = aws.call(
        "create_cluster",
        service=_SERVICE,
        clusterName=inputs["name"],
        settings=inputs.get("settings"),
        tags=tags_as_said(tags),
    )
    return str(made["cluster"]["clusterArn"])


def find_cluster(aws: Aws, name: str) -> Answer | None:
    found = aws.listed(
        "describe_clusters",
        "clusters",
        service=_SERVICE,
        clusters=[name],
        include=["TAGS", "SETTINGS"],
    )
    living = [each for each in found if each["status"] == "ACTIVE"]
    return living[0] if living else None


def read_cluster(aws: Aws, name: str, state: State) -> State | None:
    shown = find_cluster(aws, name)
    if shown is None:
        return None
    return {
        "name": shown["clusterName"],
        "settings": [
            {"name": each["name"], "value": each["value"]} for each in listed(shown, "settings")
        ],
        "arn": shown["clusterArn"],
        "tags": tags_in(shown),
    }


def change_cluster(aws: Aws, name: str, old: State, new: Properties) -> None:
    if new.get("settings") is not None:
        aws.call(
            "update_cluster_settings", service=_SERVICE, cluster=name, settings=new["settings"]
        )


def delete_cluster(aws: Aws, name: str, state: State) -> None:
    aws.gone("delete_cluster", service=_SERVICE, cluster=name)


def containers(value: Any) -> Any:
    """Definitions however they are written, and less what AWS fills in."""
    if not isinstance(value, str):
        return value
    try:
        read = json.loads(value)
    except ValueError:
        return value
    held = [
        {key: item for key, item in each.items() if item not in ([], None, 0, {})}
        | {"essential": each.get("essential", True)}
        for each in read
    ]
    return sorted(held, key=lambda each: str(each.get("name")))


_PLATFORM: Final = ("cpuArchitecture", "operatingSystemFamily")


def platform(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return tuple(value.get(each) for each in _PLATFORM)


_ROLES: Final = ("executionRoleArn", "taskRoleArn")
DEFINITION = (
    Property("family", required=True, replaces=True),
    Property("containerDefinitions", required=True, replaces=True, canonical=containers),
    Property("cpu", replaces=True),
    Property("memory", replaces=True),
    Property("networkMode", replaces=True, computed=True),
    Property("requiresCompatibilities", replaces=True, canonical=unordered),
    *(Property(each, replaces=True) for each in _ROLES),
    Property("runtimePlatform", replaces=True, canonical=platform),
    Property("skipDestroy", default=False),
)
_PLAIN: Final = ("cpu", "memory", "networkMode", "requiresCompatibilities", *_ROLES)


def register(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    made = aws.call(
        "register_task_definition",
        service=_SERVICE,
        family=inputs["family"],
        containerDefinitions=json.loads(inputs["containerDefinitions"]),
        runtimePlatform=inputs.get("runtimePlatform"),
        tags=tags_as_said(tags),
        **{each: inputs.get(each) for each in _PLAIN},
    )
    return str(made["taskDefinition"]["taskDefinitionArn"])


def read_definition(aws: Aws, name: str, state: State) -> State | None:
    found = aws.found(
        "describe_task_definition", "taskDefinition", service=_SERVICE, taskDefinition=name
    )
    if found is None or found["status"] == "INACTIVE":
        return None
    told = aws.call("list_tags_for_resource", service=_SERVICE, resourceArn=name)
    return {
        "family": found["family"],
        "containerDefinitions": json.dumps(
            [
                {**each, **{key: each[key] for key in ("name", "image", "cpu", "essential")}}
                for each in listed(found, "containerDefinitions")
            ],
            sort_keys=True,
        ),
        **{each: found.get(each) for each in _PLAIN},
        "runtimePlatform": {each: found["runtimePlatform"].get(each) for each in _PLATFORM}
        if found.get("runtimePlatform")
        else None,
        "arn": found["taskDefinitionArn"],
        "arnWithoutRevision": found["taskDefinitionArn"].rpartition(":")[0],
        "revision": found["revision"],
        "tags": tags_in(told),
    }


def deregister(aws: Aws, name: str, state: State) -> None:
    if not state.get("skipDestroy"):
        aws.gone("deregister_task_definition", service=_SERVICE, taskDefinition=name)


def network(value: Any) -> Any:
    """Where tasks are, in whatever order it is said."""
    if not isinstance(value, Mapping):
        return value
    return (
        unordered(list(value.get("subnets") or ())),
        unordered(list(value.get("securityGroups") or ())),
        bool(value.get("assignPublicIp")),
    )


def balanced(value: Any) -> Any:
    """Target groups, in whatever order they are said."""
    if not isinstance(value, list):
        return value
    return sorted(
        (
            str(each.get("targetGroupArn")),
            str(each.get("containerName")),
            int(each["containerPort"]),
        )
        for each in value
        if isinstance(each, Mapping) and str(each.get("containerPort")).isdecimal()
    )


_AS_SAID: Final = (
    *("deploymentCircuitBreaker", "deploymentMaximumPercent", "deploymentMinimumHealthyPercent"),
    *("enableEcsManagedTags", "enableExecuteCommand", "healthCheckGracePeriodSeconds"),
    *("forceNewDeployment", "platformVersion", "propagateTags"),
)
"""How tasks are replaced and looked after. Nothing runs here, so it is kept as it is said."""
SERVICE = (
    Property("name", replaces=True),
    Property("cluster", required=True, replaces=True, canonical=last_part),
    Property("taskDefinition", required=True, canonical=last_part),
    Property("desiredCount", default=0),
    Property("launchType", default="EC2", replaces=True),
    Property("networkConfiguration", canonical=network),
    Property("schedulingStrategy", default="REPLICA", replaces=True),
    Property("waitForSteadyState", default=False),
    Property("loadBalancers", canonical=balanced),
    *(Property(each) for each in _AS_SAID),
)


def awsvpc(inputs: Mapping[str, Any]) -> dict[str, Any] | None:
    said = inputs.get("networkConfiguration")
    if said is None:
        return None
    public = "ENABLED" if said.get("assignPublicIp") else "DISABLED"
    groups = list(said.get("securityGroups") or ())
    return {
        "awsvpcConfiguration": {
            "subnets": list(said["subnets"]),
            "securityGroups": groups,
            "assignPublicIp": public,
        }
    }


def target_groups(inputs: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {key: each[key] for key in ("targetGroupArn", "containerName", "containerPort")}
        for each in inputs.get("loadBalancers") or ()
    ]


def of_deployments(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """As the API has it."""
    config: dict[str, Any] = {
        member: inputs[name]
        for name, member in (
            ("deploymentMaximumPercent", "maximumPercent"),
            ("deploymentMinimumHealthyPercent", "minimumHealthyPercent"),
        )
        if inputs.get(name) is not None
    }
    if breaker := inputs.get("deploymentCircuitBreaker"):
        config["deploymentCircuitBreaker"] = {
            key: bool(breaker.get(key)) for key in ("enable", "rollback")
        }
    plain = ("enableExecuteCommand", "healthCheckGracePeriodSeconds", "platformVersion")
    return {
        "deploymentConfiguration": config or None,
        "enableECSManagedTags": inputs.get("enableEcsManagedTags"),
        "propagateTags": inputs.get("propagateTags"),
        **{each: inputs.get(each) for each in plain},
    }


def create_service(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    made = aws.call(
        "create_service",
        service=_SERVICE,
        cluster=inputs["cluster"],
        serviceName=inputs["name"],
        taskDefinition=inputs["taskDefinition"],
        desiredCount=inputs.get("desiredCount", 0),
        launchType=inputs.get("launchType", "EC2"),
        schedulingStrategy=inputs.get("schedulingStrategy", "REPLICA"),
        networkConfiguration=awsvpc(inputs),
        loadBalancers=target_groups(inputs) or None,
        tags=tags_as_said(tags),
        **of_deployments(inputs),
    )
    return str(made["service"]["serviceArn"])


def find_service(aws: Aws, name: str) -> Answer | None:
    """Of its ARN, which names its cluster before it."""
    cluster = name.split("/")[-2]
    answer = aws.call(
        "describe_services", service=_SERVICE, cluster=cluster, services=[name], include=["TAGS"]
    )
    living = [each for each in listed(answer, "services") if each["status"] == "ACTIVE"]
    return living[0] if living else None


def read_service(aws: Aws, name: str, state: State) -> State | None:
    if find_cluster(aws, name.split("/")[-2]) is None:
        return None
    shown = find_service(aws, name)
    if shown is None:
        return None
    said = shown.inside("networkConfiguration").get("awsvpcConfiguration")
    return {
        "name": shown["serviceName"],
        "cluster": shown["clusterArn"],
        "taskDefinition": shown["taskDefinition"],
        "desiredCount": shown["desiredCount"],
        "launchType": shown["launchType"],
        "schedulingStrategy": shown["schedulingStrategy"],
        "networkConfiguration": None
        if said is None
        else {
            "subnets": list(said["subnets"]),
            "securityGroups": list(said.get("securityGroups") or ()),
            "assignPublicIp": said.get("assignPublicIp") == "ENABLED",
        },
        "loadBalancers": [
            {
                "targetGroupArn": each["targetGroupArn"],
                "containerName": each["containerName"],
                "containerPort": each["containerPort"],
            }
            for each in listed(shown, "loadBalancers")
        ]
        or None,
        "arn": shown["serviceArn"],
        "tags": tags_in(shown),
    }


def change_service(aws: Aws, name: str, old: State, new: Properties) -> None:
    aws.call(
        "update_service",
        service=_SERVICE,
        also={"service": name},
        cluster=name.split("/")[-2],
        taskDefinition=new["taskDefinition"],
        desiredCount=new.get("desiredCount", 0),
        networkConfiguration=awsvpc(new),
        loadBalancers=target_groups(new)
        if balanced(new.get("loadBalancers")) != balanced(old.get("loadBalancers"))
        else None,
    )


def delete_service(aws: Aws, name: str, state: State) -> None:
    """With its tasks, as Terraform does, which scales it to none first."""
    if read_service(aws, name, state) is None:
        return
    which, cluster = {"service": name}, name.split("/")[-2]
    aws.call("update_service", service=_SERVICE, also=which, cluster=cluster, desiredCount=0)
    aws.gone("delete_service", service=_SERVICE, also=which, cluster=cluster)


def cluster_arn(aws: Aws, inputs: Mapping[str, Any]) -> str | None:
    found = find_cluster(aws, str(inputs["name"]))
    return None if found is None else str(found["clusterArn"])


def service_arn(aws: Aws, inputs: Mapping[str, Any]) -> str | None:
    cluster = last_part(inputs["cluster"])
    arn = f"arn:aws:ecs:{aws.region}:{aws.account}:service/{cluster}/{inputs['name']}"
    return arn if read_service(aws, arn, {}) else None


KINDS = (
    Kind(
        token="aws:ecs/cluster:Cluster",
        properties=CLUSTER,
        outputs=("arn",),
        create=create_cluster,
        read=read_cluster,
        update=change_cluster,
        delete=delete_cluster,
        find=cluster_arn,
        retag=retag,
        autonamed="name",
    ),
    Kind(
        token="aws:ecs/taskDefinition:TaskDefinition",
        properties=DEFINITION,
        outputs=("arn", "arnWithoutRevision", "revision"),
        create=register,
        read=read_definition,
        delete=deregister,
        retag=retag,
        refused={
            "trackLatest": "it takes the revision that was made",
            "volumes": "its tasks run nothing",
        },
    ),
    Kind(
        token="aws:ecs/service:Service",
        properties=SERVICE,
        outputs=("arn",),
        create=create_service,
        read=read_service,
        update=change_service,
        delete=delete_service,
        find=service_arn,
        retag=retag,
        autonamed="name",
        refused={
            "capacityProviderStrategies": "give launchType",
            "serviceRegistries": "it has no Cloud Map",
        },
    ),
)
