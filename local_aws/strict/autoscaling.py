"""Auto Scaling groups: their instances stand in the subnets of the group, with the groups of the
template, and go with what is scaled in.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
"""

from __future__ import annotations

from typing import Any, Final

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import ASG_NAME_TAG, AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.models import InstanceState as Held
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.exceptions import ServiceException

from local_aws.strict.rules import ONE_CALL_AT_A_TIME
from local_aws.strict.spreading import apart, cloud_of, fewest, last_free, missing_in

_CREATE: Final[Any] = AutoScalingBackend.create_auto_scaling_group
_UPDATE: Final[Any] = AutoScalingBackend.update_auto_scaling_group
_DELETE: Final[Any] = AutoScalingResponse.delete_auto_scaling_group
_SCALE: Final[Any] = AutoScalingResponse.set_desired_capacity
_BAD_TEMPLATE: Final = "You must use a valid fully-formed launch template."
"""https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-launch-template.html"""


def create(backend: Any, **said: Any) -> Any:
    with ONE_CALL_AT_A_TIME:
        name = said["name"]
        if name in backend.autoscaling_groups:
            raise AutoscalingClientError(
                "AlreadyExists",
                "AutoScalingGroup by this name already exists - "
                f"A group with the name {name} already exists",
            )
        if said.get("launch_config_name") or said.get("mixed_instances_policy"):
            raise ValidationError("The local AWS starts instances from a LaunchTemplate alone.")
        _check_sizes(said["min_size"], said["max_size"], said.get("desired_capacity"))
        _check_places(backend, said.get("vpc_zone_identifier"), said.get("launch_template"))
        return _CREATE(backend, **said)


def update(backend: Any, **said: Any) -> Any:
    with ONE_CALL_AT_A_TIME:
        group = backend.autoscaling_groups.get(said["name"])
        if group is not None:
            least, most = (
                now if new is None else new
                for now, new in (
                    (group.min_size, said.get("min_size")),
                    (group.max_size, said.get("max_size")),
                )
            )
            _check_sizes(least, most, said.get("desired_capacity"))
            template = said.get("launch_template") or _template_of(group)
            places = said.get("vpc_zone_identifier") or group.vpc_zone_identifier
            _check_places(backend, places, template)
        return _UPDATE(backend, **said)


def _template_of(group: Any) -> dict[str, str]:
    held, version = group.ec2_launch_template, group.launch_template_version
    return {"LaunchTemplateId": held.id, "Version": version} if held else {}


def _check_sizes(least: int | None, most: int | None, wanted: int | None) -> None:
    if least is None or most is None:
        raise ValidationError("MinSize and MaxSize are required.")
    if most < least:
        raise ValidationError(
            f"Max bound, {most}, must be greater than or equal to min bound, {least}"
        )
    if wanted is not None and not least <= wanted <= most:
        raise ValidationError(
            f"Desired capacity:{wanted} must be between the specified min size:{least} and "
            f"max size:{most}"
        )


def _check_places(backend: Any, places: str | None, template: Any) -> None:
    """That what starts could: the subnets are there, and the template fits them."""
    subnets = [each for each in (places or "").split(",") if each]
    if not subnets:
        raise ValidationError(
            "The local AWS has no default VPC for instances: name subnets (VPCZoneIdentifier)."
        )
    cloud = cloud_of(backend)
    lacking, _ = missing_in(cloud, subnets, ())
    if lacking:
        raise ValidationError(f"The subnet ID '{lacking}' does not exist")
    version = _version(cloud, template or {})
    for member, field in (("ImageId", "image_id"), ("InstanceType", "instance_type")):
        if not getattr(version, field):
            raise ValidationError(
                f"{_BAD_TEMPLATE} The request must contain the parameter {member}"
            )
    groups = version.data.get("SecurityGroupIds") or []
    _, unknown = missing_in(cloud, (), groups)
    if unknown:
        raise ValidationError(f"{_BAD_TEMPLATE} The security group '{unknown}' does not exist")
    if two := apart(cloud, subnets, groups):
        one, other = two
        what = f"Security group {other} and subnet {one} belong to different networks."
        raise ValidationError(f"{_BAD_TEMPLATE} {what}")


def _version(cloud: Any, template: Any) -> Any:
    id_, name = template.get("LaunchTemplateId"), template.get("LaunchTemplateName")
    try:
        if id_:
            held = cloud.get_launch_template(id_)
        elif name:
            held = cloud.get_launch_template_by_name(name)
        else:
            raise ValidationError(
                "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, "
                "InstanceId or MixedInstancesPolicy parameter."
            )
        return held.get_version(template.get("Version") or "$Default")
    except ServiceException as error:
        if isinstance(error, ValidationError):
            raise
        raise ValidationError(
            f"{_BAD_TEMPLATE} The specified launch template, {id_ or name}, does not exist."
        ) from None


def start(group: Any, count: int, propagated: dict[str, str]) -> None:
    """One after the other, each in the subnet in which fewest are."""
    cloud = group.autoscaling_backend.ec2_backend
    subnets = group.vpc_zone_identifier.split(",")
    version = _version(cloud, _template_of(group))
    for _ in range(count):
        subnet = fewest(subnets, (each.instance.subnet_id for each in group.instance_states))
        reservation = cloud.run_instances(
            version.image_id,
            1,
            version.user_data,
            [],
            instance_type=version.instance_type,
            is_instance_type_default=False,
            security_group_ids=list(version.data.get("SecurityGroupIds") or ()),
            subnet_id=subnet,
            placement=cloud.get_subnet(subnet).availability_zone,
            private_ip=last_free(cloud, subnet),
            associate_public_ip=None,  # as the subnet has it
            tags={"instance": {**propagated, ASG_NAME_TAG: group.name}},
        )
        for instance in reservation.instances:
            instance.autoscaling_group = group
            for each in instance.nics.values():
                each.delete_on_termination = True
            group.instance_states.append(
                Held(instance, protected_from_scale_in=group.new_instances_protected_from_scale_in)
            )


def scale(response: Any) -> Any:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetDesiredCapacity.html"""
    with ONE_CALL_AT_A_TIME:
        name, wanted = (
            response._get_param("AutoScalingGroupName"),
            response._get_int_param("DesiredCapacity"),
        )
        group = response.autoscaling_backend.autoscaling_groups.get(name)
        if group is None:
            raise ValidationError(f"AutoScalingGroup name not found - no such group: {name}")
        for side, bound in (("above max", group.max_size), ("below min", group.min_size)):
            if wanted > bound if side == "above max" else wanted < bound:
                raise ValidationError(
                    f"New SetDesiredCapacity value {wanted} is {side} value {bound} for the "
                    "AutoScalingGroup."
                )
        return _SCALE(response)


def delete(response: Any) -> Any:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html"""
    with ONE_CALL_AT_A_TIME:
        name = response._get_param("AutoScalingGroupName")
        group = response.autoscaling_backend.autoscaling_groups.get(name)
        force = response._get_bool_param("ForceDelete", False)
        if group is not None and group.instance_states and not force:
            raise AutoscalingClientError(
                "ResourceInUse",
                "You cannot delete an AutoScalingGroup while there are instances or pending "
                "Spot instance request(s) still in the group.",
            )
        return _DELETE(response)


MENDED: Final = (
    (AutoScalingBackend, "create_auto_scaling_group", create),
    (AutoScalingBackend, "update_auto_scaling_group", update),
    (FakeAutoScalingGroup, "replace_autoscaling_group_instances", start),
    (AutoScalingResponse, "set_desired_capacity", scale),
    (AutoScalingResponse, "delete_auto_scaling_group", delete),
)
