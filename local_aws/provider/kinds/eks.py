"""aws.eks.Cluster, and NodeGroup in its subnets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws
from local_aws.provider.refusals import Refused
from local_aws.provider.table import Kind, Property, State, unordered
from local_aws.provider.waiting import gone, settled
from local_aws.wire import Properties

_SERVICE: Final = "eks"
UNDER_WAY: Final = ("creating", "updating", "deleting")
PLACES: Final = ("subnetIds", "securityGroupIds")


def status(shown: Answer) -> str:
    return str(shown["status"]).lower()


def places(value: Any) -> Any:
    """Where it is and who reaches it, less what AWS adds."""
    if not isinstance(value, Mapping):
        return value
    return (
        *(unordered(list(value.get(each) or ())) for each in PLACES),
        bool(value.get("endpointPrivateAccess", False)),
        bool(value.get("endpointPublicAccess", True)),
        unordered(list(value.get("publicAccessCidrs") or ["0.0.0.0/0"])),
    )


CLUSTER = (
    Property("name", replaces=True),
    Property("roleArn", required=True, replaces=True),
    Property("version", computed=True),
    Property("vpcConfig", required=True, canonical=places),
)


def create_cluster(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    name = str(inputs["name"])
    said = inputs["vpcConfig"]
    aws.call(
        "create_cluster",
        service=_SERVICE,
        name=name,
        roleArn=inputs["roleArn"],
        version=inputs.get("version"),
        resourcesVpcConfig={
            key: said[key]
            for key in (
                *PLACES,
                "endpointPrivateAccess",
                "endpointPublicAccess",
                "publicAccessCidrs",
            )
            if said.get(key) is not None
        },
        tags=dict(tags) or None,
    )
    settled(lambda: find_cluster(aws, name), f"the creation of {name}", UNDER_WAY, status)
    return name


def find_cluster(aws: Aws, name: str) -> Answer | None:
    return aws.found("describe_cluster", "cluster", service=_SERVICE, name=name)


def read_cluster(aws: Aws, name: str, state: State) -> State | None:
    found = find_cluster(aws, name)
    if found is None:
        return None
    config = found["resourcesVpcConfig"]
    data = found.inside("certificateAuthority").get("data")
    issuer = found.inside("identity").inside("oidc").get("issuer")
    return {
        "name": found["name"],
        "roleArn": found["roleArn"],
        "version": found["version"],
        "vpcConfig": {
            "clusterSecurityGroupId": config["clusterSecurityGroupId"],
            "endpointPrivateAccess": config["endpointPrivateAccess"],
            "endpointPublicAccess": config["endpointPublicAccess"],
            "publicAccessCidrs": list(config.get("publicAccessCidrs") or ()),
            "securityGroupIds": list(config.get("securityGroupIds") or ()),
            "subnetIds": list(config["subnetIds"]),
            "vpcId": config["vpcId"],
        },
        "arn": found["arn"],
        "certificateAuthority": {"data": data} if data else None,
        "endpoint": found.get("endpoint"),
        "identities": [{"oidcs": [{"issuer": issuer}]}] if issuer else [],
        "platformVersion": found.get("platformVersion"),
        "status": found.get("status"),
        "tags": shown_tags(found),
    }


def shown_tags(found: Answer) -> dict[str, str]:
    held = found.get("tags") or {}
    return {key: value for key, value in held.items() if not key.startswith("aws:")}


def delete_cluster(aws: Aws, name: str, state: State) -> None:
    aws.gone("delete_cluster", service=_SERVICE, name=name)
    gone(lambda: find_cluster(aws, name), name)


def retag_at(arn: str, aws: Aws, removed: list[str], changed: Mapping[str, str]) -> None:
    if removed:
        aws.call("untag_resource", service=_SERVICE, resourceArn=arn, tagKeys=removed)
    if changed:
        aws.call("tag_resource", service=_SERVICE, resourceArn=arn, tags=dict(changed))


def retag_cluster(aws: Aws, name: str, removed: list[str], changed: Mapping[str, str]) -> None:
    found = find_cluster(aws, name)
    if found is not None:
        retag_at(str(found["arn"]), aws, removed, changed)


_TEMPLATE: Final = ("id", "name", "version")


def template(value: Any) -> Any:
    """AWS shows both the id and the name: which of them was said decides what is compared."""
    if not isinstance(value, Mapping):
        return value
    named = value.get("id") or value.get("name")
    return named, str(value.get("version"))


def sizes(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return tuple(int(value.get(each) or 0) for each in ("minSize", "desiredSize", "maxSize"))


NODES = (
    Property("clusterName", "clusterName", required=True, replaces=True),
    Property("nodeGroupName", "nodegroupName", replaces=True),
    Property("nodeRoleArn", "nodeRole", required=True, replaces=True),
    Property("subnetIds", "subnets", required=True, replaces=True, canonical=unordered),
    Property("scalingConfig", required=True, canonical=sizes),
    Property("launchTemplate", replaces=True, canonical=template),
    Property("instanceTypes", "instanceTypes", replaces=True, computed=True),
    Property("amiType", "amiType", replaces=True, computed=True),
    Property("capacityType", "capacityType", replaces=True, computed=True),
    Property("labels", "labels"),
    Property("version", "version", replaces=True, computed=True),
)


def node_id(inputs: Mapping[str, Any]) -> str:
    return f"{inputs['clusterName']}:{inputs['nodeGroupName']}"


def create_nodes(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    said = inputs.get("launchTemplate") or {}
    wanted = {each: str(said[each]) for each in _TEMPLATE if said.get(each) is not None}
    aws.call(
        "create_nodegroup",
        service=_SERVICE,
        scalingConfig=inputs["scalingConfig"],
        launchTemplate=wanted or None,
        tags=dict(tags) or None,
        also={each.member: inputs.get(each.name) for each in NODES if each.member},
    )
    name = node_id(inputs)
    settled(lambda: find_nodes(aws, name), f"the creation of {name}", UNDER_WAY, status)
    return name


def find_nodes(aws: Aws, name: str) -> Answer | None:
    cluster, _, group = name.partition(":")
    if not group:
        raise Refused("", "import a node group by <cluster>:<node group>")
    return aws.found(
        "describe_nodegroup",
        "nodegroup",
        service=_SERVICE,
        clusterName=cluster,
        nodegroupName=group,
    )


def read_nodes(aws: Aws, name: str, state: State) -> State | None:
    found = find_nodes(aws, name)
    if found is None:
        return None
    shown = found.get("launchTemplate")
    said = state.get("launchTemplate") or {}
    by = "name" if said.get("name") and not said.get("id") else "id"
    return {
        "clusterName": found["clusterName"],
        "nodeGroupName": found["nodegroupName"],
        "nodeRoleArn": found["nodeRole"],
        "subnetIds": list(found["subnets"]),
        "scalingConfig": {
            each: found["scalingConfig"][each] for each in ("minSize", "desiredSize", "maxSize")
        },
        "launchTemplate": {by: shown[by], "version": shown["version"]} if shown else None,
        "instanceTypes": found.get("instanceTypes"),
        "amiType": found.get("amiType"),
        "capacityType": found.get("capacityType"),
        "labels": found.get("labels") or None,
        "version": found.get("version"),
        "arn": found["nodegroupArn"],
        "status": found.get("status"),
        "tags": shown_tags(found),
    }


def change_nodes(aws: Aws, name: str, old: State, new: Properties) -> None:
    cluster, _, group = name.partition(":")
    labels, before = new.get("labels") or {}, old.get("labels") or {}
    aws.call(
        "update_nodegroup_config",
        service=_SERVICE,
        clusterName=cluster,
        nodegroupName=group,
        scalingConfig=new["scalingConfig"],
        labels={
            "addOrUpdateLabels": {k: v for k, v in labels.items() if before.get(k) != v},
            "removeLabels": sorted(before.keys() - labels.keys()),
        },
    )
    settled(lambda: find_nodes(aws, name), f"the change of {name}", UNDER_WAY, status)


def delete_nodes(aws: Aws, name: str, state: State) -> None:
    cluster, _, group = name.partition(":")
    which = {"clusterName": cluster, "nodegroupName": group}
    aws.gone("delete_nodegroup", service=_SERVICE, also=which)
    gone(lambda: find_nodes(aws, name), name)


def retag_nodes(aws: Aws, name: str, removed: list[str], changed: Mapping[str, str]) -> None:
    found = find_nodes(aws, name)
    if found is not None:
        retag_at(str(found["nodegroupArn"]), aws, removed, changed)


_NOTHING_RUNS: Final = "its clusters run nothing"
KINDS = (
    Kind(
        token="aws:eks/cluster:Cluster",
        properties=CLUSTER,
        outputs=(
            "arn",
            "certificateAuthority",
            "endpoint",
            "identities",
            "platformVersion",
            "status",
        ),
        create=create_cluster,
        read=read_cluster,
        delete=delete_cluster,
        find=lambda aws, inputs: str(inputs["name"]) if find_cluster(aws, inputs["name"]) else None,
        retag=retag_cluster,
        autonamed="name",
        also_replaces=lambda state, news, changed: frozenset({"vpcConfig", "version"}) & changed,
        refused={"computeConfig": _NOTHING_RUNS, "storageConfig": _NOTHING_RUNS},
    ),
    Kind(
        token="aws:eks/nodeGroup:NodeGroup",
        properties=NODES,
        outputs=("arn", "status"),
        create=create_nodes,
        read=read_nodes,
        update=change_nodes,
        delete=delete_nodes,
        find=lambda aws, inputs: node_id(inputs) if find_nodes(aws, node_id(inputs)) else None,
        retag=retag_nodes,
        autonamed="nodeGroupName",
        refused={"remoteAccess": "its nodes take no SSH: give a launch template with groups"},
    ),
)
