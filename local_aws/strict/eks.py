"""Clusters and managed node groups of EKS: the interfaces of a control plane, its group, and nodes.

https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from moto.autoscaling.models import autoscaling_backends
from moto.eks.exceptions import InvalidParameterException, InvalidRequestException
from moto.eks.models import EKSBackend
from moto.iam.models import iam_backends

from local_aws.strict.images import IMAGES, described
from local_aws.strict.managed_interfaces import managed_interface
from local_aws.strict.networks import GROUPS_PER_INTERFACE
from local_aws.strict.rules import ONE_CALL_AT_A_TIME
from local_aws.strict.spreading import apart, cloud_of, last_free, missing_in

_CREATE: Final[Any] = EKSBackend.create_cluster
_DELETE: Final[Any] = EKSBackend.delete_cluster
_CREATE_NODES: Final[Any] = EKSBackend.create_nodegroup
_UPDATE_NODES: Final[Any] = EKSBackend.update_nodegroup_config
_DELETE_NODES: Final[Any] = EKSBackend.delete_nodegroup

MOST_INTERFACES: Final = 4
"""Of a control plane: "2-4 elastic network interfaces"."""
VERSION: Final = "1.33"
ACCESS: Final = {"endpointPublicAccess": True, "endpointPrivateAccess": False}


def wrong(message: str, cluster: str | None = None) -> InvalidParameterException:
    return InvalidParameterException(
        clusterName=cluster, nodegroupName=None, addonName=None, message=message
    )


def create(backend: Any, name: str, role_arn: str, resources_vpc_config: Any, **said: Any) -> Any:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html"""
    with ONE_CALL_AT_A_TIME:
        cloud = cloud_of(backend)
        config = {**ACCESS, **resources_vpc_config}
        subnets = config.get("subnetIds") or []
        groups = config.get("securityGroupIds") or []
        check_role(backend, role_arn, "eks.amazonaws.com")
        check_places(cloud, subnets, groups, name)
        zones = {cloud.get_subnet(each).availability_zone for each in subnets}
        if len(zones) < 2:
            raise wrong("Subnets specified must be in at least two different AZs", name)
        if len(groups) >= GROUPS_PER_INTERFACE:
            raise wrong(f"At most {GROUPS_PER_INTERFACE - 1} security groups beside its own", name)
        if not (config["endpointPublicAccess"] or config["endpointPrivateAccess"]):
            raise wrong("Private and public endpoint access cannot both be false", name)
        said["version"] = said.get("version") or VERSION
        made = _CREATE(backend, name=name, role_arn=role_arn, resources_vpc_config=config, **said)
        vpc = cloud.get_subnet(subnets[0]).vpc_id
        config["vpcId"] = vpc
        config["clusterSecurityGroupId"] = own = group_of_cluster(cloud, name, vpc)
        config.setdefault("publicAccessCidrs", ["0.0.0.0/0"])
        config.setdefault("securityGroupIds", [])
        made.interfaces = [
            managed_interface(
                cloud,
                cloud.get_subnet(each),
                "interface",
                f"Amazon EKS {name}",
                groups=[own, *groups],
                address=last_free(cloud, each),
            )
            for each in subnets[:MOST_INTERFACES]
        ]
        return made


def check_role(backend: Any, arn: str, service: str) -> None:
    roles = iam_backends[backend.account_id]["aws"].roles.values()
    trusts = any(each.arn == arn and service in each.assume_role_policy_document for each in roles)
    if not trusts:
        raise wrong(
            f"Role with arn: {arn}, could not be assumed because it does not exist or the trusted"
            " entity is not correct"
        )


def check_places(cloud: Any, subnets: list[str], groups: list[str], cluster: str) -> None:
    if not subnets:
        raise wrong("At least one subnet must be specified.", cluster)
    lacking, unknown = missing_in(cloud, subnets, groups)
    if lacking:
        raise wrong(f"The subnet ID '{lacking}' does not exist", cluster)
    if unknown:
        raise wrong(f"The security group ID '{unknown}' does not exist", cluster)
    if two := apart(cloud, subnets, groups):
        one, other = two
        raise wrong(f"{one} and {other} are not of one VPC.", cluster)


def group_of_cluster(cloud: Any, name: str, vpc: str) -> str:
    """Its members reach each other, and everybody:
    https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html"""
    called = f"eks-cluster-sg-{name}-{uuid.uuid4().int % 10**9}"
    tags = {"aws:eks:cluster-name": name, f"kubernetes.io/cluster/{name}": "owned", "Name": called}
    what = "EKS created security group applied to ENI that is attached to EKS Control Plane"
    group = cloud.create_security_group(called, f"{what} master nodes", vpc, tags=tags)
    members = [{"GroupId": group.id}]
    cloud.authorize_security_group_ingress(group.id, "-1", None, None, [], source_groups=members)
    cloud.authorize_security_group_egress(group.id, "-1", None, None, [], source_groups=members)
    return str(group.id)


def delete(backend: Any, name: str) -> Any:
    """ "you must first delete … node groups":
    https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteCluster.html"""
    with ONE_CALL_AT_A_TIME:
        gone, cloud = _DELETE(backend, name), cloud_of(backend)
        for each in gone.interfaces:
            cloud.enis.pop(each.id, None)
        own = gone.resources_vpc_config["clusterSecurityGroupId"]
        cloud.groups[gone.resources_vpc_config["vpcId"]].pop(own, None)
        cloud.tags.pop(own, None)
        return gone


def create_nodes(backend: Any, cluster_name: str, node_role: str, **said: Any) -> Any:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html"""
    with ONE_CALL_AT_A_TIME:
        cluster = backend.describe_cluster(cluster_name)
        cloud, config = cloud_of(backend), cluster.resources_vpc_config
        check_role(backend, node_role, "ec2.amazonaws.com")
        check_places(cloud, said["subnets"], [config["clusterSecurityGroupId"]], cluster_name)
        sizes = {"minSize": 1, "maxSize": 2, "desiredSize": 2, **(said.get("scaling_config") or {})}
        check_sizes(sizes)
        said["scaling_config"] = sizes
        said["version"] = said.get("version") or cluster.version
        data = data_of_nodes(cloud, cluster, said)
        made = _CREATE_NODES(backend, cluster_name=cluster_name, node_role=node_role, **said)
        name = made.resources["autoScalingGroups"][0]["name"]
        made.template = cloud.create_launch_template(name, "", data, {})
        started = {
            "LaunchTemplateId": made.template.id,
            "Version": "$Latest",
        }
        scaling(backend).create_auto_scaling_group(
            name=name,
            availability_zones=[],
            desired_capacity=sizes["desiredSize"],
            max_size=sizes["maxSize"],
            min_size=sizes["minSize"],
            launch_config_name="",
            launch_template=started,
            vpc_zone_identifier=",".join(said["subnets"]),
            default_cooldown=None,
            health_check_period=None,
            health_check_type=None,
            load_balancers=[],
            target_group_arns=[],
            placement_group=None,
            termination_policies=[],
            tags=[
                {"Key": key, "Value": value, "PropagateAtLaunch": True, "ResourceId": name}
                for key, value in {
                    "eks:cluster-name": cluster_name,
                    "eks:nodegroup-name": made.nodegroup_name,
                    f"kubernetes.io/cluster/{cluster_name}": "owned",
                }.items()
            ],
        )
        return made


def check_sizes(sizes: dict[str, int]) -> None:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupScalingConfig.html"""
    least, wanted, most = (int(sizes[each]) for each in ("minSize", "desiredSize", "maxSize"))
    if most < 1:
        raise wrong("maxSize must be at least 1")
    if least > most:
        raise wrong(f"Minimum capacity {least} can't be greater than maximum capacity {most}")
    if not least <= wanted <= most:
        raise wrong(f"Desired capacity {wanted} must be between {least} and {most}")


def data_of_nodes(cloud: Any, cluster: Any, said: dict[str, Any]) -> dict[str, Any]:
    """What a node starts with. Without groups of a launch template it holds the cluster's own:
    https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html"""
    own = cluster.resources_vpc_config["clusterSecurityGroupId"]
    asked = said.get("launch_template") or {}
    data: dict[str, Any] = {}
    if asked:
        if not asked.get("id") and not asked.get("name"):
            raise wrong("Either launch template ID or name must be specified.", cluster.name)
        held = (
            cloud.get_launch_template(asked["id"])
            if asked.get("id")
            else cloud.get_launch_template_by_name(asked["name"])
        )
        data = dict(held.get_version(asked.get("version") or "$Default").data)
        if data.get("InstanceType") and said.get("instance_types"):
            raise InvalidRequestException(
                message="Cannot specify instance types in launch template and API request"
            )
        if data.get("IamInstanceProfile"):
            raise InvalidRequestException(
                message="Launch template should not specify an instance profile. The noderole in"
                " your request will be used to construct an instance profile."
            )
    types = said.get("instance_types") or [data.get("InstanceType") or "t3.medium"]
    return {
        "ImageId": described(cloud.region_name, *IMAGES[0])["ImageId"],
        **data,
        "InstanceType": types[0],
        "SecurityGroupIds": data.get("SecurityGroupIds") or [own],
    }


def scaling(backend: Any) -> Any:
    return autoscaling_backends[backend.account_id][backend.region_name]


def update_nodes(backend: Any, cluster_name: str, nodegroup_name: str, **said: Any) -> Any:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateNodegroupConfig.html"""
    with ONE_CALL_AT_A_TIME:
        held = backend.describe_nodegroup(cluster_name, nodegroup_name)
        sizes = {**held.scaling_config, **(said.get("scaling_config") or {})}
        check_sizes(sizes)
        said["scaling_config"] = sizes
        answer = _UPDATE_NODES(
            backend, cluster_name=cluster_name, nodegroup_name=nodegroup_name, **said
        )
        group = scaling(backend).autoscaling_groups[held.resources["autoScalingGroups"][0]["name"]]
        group.min_size, group.max_size = sizes["minSize"], sizes["maxSize"]
        group.set_desired_capacity(sizes["desiredSize"])
        return answer


def delete_nodes(backend: Any, cluster_name: str, nodegroup_name: str) -> Any:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteNodegroup.html"""
    with ONE_CALL_AT_A_TIME:
        gone = _DELETE_NODES(backend, cluster_name, nodegroup_name)
        scaling(backend).delete_auto_scaling_group(gone.resources["autoScalingGroups"][0]["name"])
        cloud = cloud_of(backend)
        cloud.launch_templates.pop(gone.template.id, None)
        cloud.launch_template_name_to_ids.pop(gone.template.name, None)
        cloud.launch_template_insert_order.remove(gone.template.id)
        return gone


MENDED: Final = (
    (EKSBackend, "create_cluster", create),
    (EKSBackend, "delete_cluster", delete),
    (EKSBackend, "create_nodegroup", create_nodes),
    (EKSBackend, "update_nodegroup_config", update_nodes),
    (EKSBackend, "delete_nodegroup", delete_nodes),
)
