"""Functions of Lambda in a VPC: AWS makes an interface for each subnet and set of groups, which all
functions share that have them.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

import fnmatch
import json
import uuid
from collections.abc import Iterable, Iterator
from typing import Any, Final

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from local_aws.strict.encryption_enforced import keeps_out
from local_aws.strict.managed_interfaces import managed_interface
from local_aws.strict.rules import ONE_CALL_AT_A_TIME
from local_aws.strict.spreading import apart, cloud_of, last_free, missing_in

_CREATE: Final[Any] = LambdaBackend.create_function
_CONFIGURE: Final[Any] = LambdaBackend.update_function_configuration
_DELETE: Final[Any] = LambdaBackend.delete_function
_NEEDED: Final = "ec2:CreateNetworkInterface"
_KIND: Final = "lambda"


def create(backend: Any, spec: dict[str, Any]) -> Any:
    """https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html"""
    with ONE_CALL_AT_A_TIME:
        role = _role(backend, spec.get("Role") or "")
        _check(backend, spec.get("VpcConfig") or {}, role)
        made = _CREATE(backend, spec)
        _tend(backend)
        return made


def configure(backend: Any, function_name: str, qualifier: str, body: dict[str, Any]) -> Any:
    """https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html"""
    with ONE_CALL_AT_A_TIME:
        function = backend.get_function(function_name, qualifier)
        role = _role(backend, body.get("Role") or function.role)
        _check(backend, body.get("VpcConfig", function._vpc_config) or {}, role)
        changed = _CONFIGURE(backend, function_name, qualifier, body)
        _tend(backend)
        return changed


def delete(backend: Any, function_name: str, qualifier: str | None = None) -> None:
    with ONE_CALL_AT_A_TIME:
        _DELETE(backend, function_name, qualifier)
        _tend(backend)


def _role(backend: Any, arn: str) -> Any:
    """The role, which has to trust Lambda."""
    roles = iam_backends[backend.account_id]["aws"].roles.values()
    role = next((each for each in roles if each.arn == arn), None)
    if role is None or "lambda.amazonaws.com" not in str(role.assume_role_policy_document):
        raise InvalidParameterValueException(
            "The role defined for the function cannot be assumed by Lambda."
        )
    return role


def _check(backend: Any, said: dict[str, Any], role: Any) -> None:
    subnets, groups = said.get("SubnetIds") or [], said.get("SecurityGroupIds") or []
    if not subnets and not groups:
        return
    if not subnets or not groups:
        raise InvalidParameterValueException(
            "SubnetIds and SecurityGroupIds must coexist or be both empty list."
        )
    cloud = cloud_of(backend)
    lacking, unknown = missing_in(cloud, subnets, groups)
    if lacking:
        raise InvalidParameterValueException(
            "Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. "
            f"EC2 Error Message: The subnet ID '{lacking}' does not exist"
        )
    if unknown:
        raise InvalidParameterValueException(
            "Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. "
            f"EC2 Error Message: The security group '{unknown}' does not exist"
        )
    if keeps_out(cloud, cloud.get_subnet(subnets[0]).vpc_id, "Lambda"):
        raise InvalidParameterValueException(
            "The VPC enforces encryption, and functions do not encrypt."
        )
    if apart(cloud, subnets, groups):
        raise InvalidParameterValueException(
            "The subnets and the security groups are not all of one VPC."
        )
    if not any(_lets(each) for each in _documents(backend, role)):
        raise InvalidParameterValueException(
            "The provided execution role does not have permissions to call "
            "CreateNetworkInterface on EC2"
        )


def _documents(backend: Any, role: Any) -> Iterator[Any]:
    """Policies of a role: its own, and those that are attached to it."""
    yield from role.policies.values()
    for each in role.managed_policies.values():
        yield from (one.document for one in each.versions if one.is_default)


def _lets(document: Any) -> bool:
    """Whether a policy lets its holder make interfaces. Conditions are not looked at."""
    read = json.loads(document) if isinstance(document, str) else document
    for statement in _several(read.get("Statement")):
        wanted = (each.lower() for each in _several(statement.get("Action")))
        if statement.get("Effect") == "Allow" and any(
            fnmatch.fnmatchcase(_NEEDED.lower(), each) for each in wanted
        ):
            return True
    return False


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _tend(backend: Any) -> None:
    """The interfaces that functions need, and no others."""
    cloud = cloud_of(backend)
    needed = {place: name for name, place in _places(backend._lambdas.latest())}
    there = {
        (each.subnet.id, frozenset(group.id for group in each.group_set)): each
        for each in cloud.enis.values()
        if each.interface_type == _KIND
    }
    for place in there.keys() - needed.keys():
        cloud.enis.pop(there[place].id)
    for place in [each for each in needed if each not in there]:
        subnet, groups = place
        managed_interface(
            cloud,
            cloud.get_subnet(subnet),
            _KIND,
            f"AWS Lambda VPC ENI-{needed[place]}-{uuid.uuid4()}",
            groups=sorted(groups),
            address=last_free(cloud, subnet),
        )


def _places(functions: Iterable[Any]) -> Iterator[tuple[str, tuple[str, frozenset[str]]]]:
    for each in functions:
        said = each._vpc_config or {}
        for subnet in said.get("SubnetIds") or ():
            yield each.function_name, (subnet, frozenset(said["SecurityGroupIds"]))


def vpc_config(function: Any) -> dict[str, Any] | None:
    """With the VPC in which the subnets are."""
    said = function._vpc_config
    if not said:
        return None
    subnets = said.get("SubnetIds") or []
    cloud = ec2_backends[function.account_id][function.region]
    vpc = cloud.get_subnet(subnets[0]).vpc_id if subnets else ""
    return {**said, "VpcId": vpc}


MENDED: Final = (
    (LambdaBackend, "create_function", create),
    (LambdaBackend, "update_function_configuration", configure),
    (LambdaBackend, "delete_function", delete),
    (LambdaFunction, "vpc_config", property(vpc_config)),
)
