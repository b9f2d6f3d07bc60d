"""aws.lambda_.Function, of text in the program, an object in S3 or an image."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws
from local_aws.provider.table import Kind, Property, State, unordered
from local_aws.wire import SIGNATURE, Properties

_SERVICE: Final = "lambda"
_NO_LIMIT: Final = -1
"""Terraform's word for functions whose concurrency is not reserved."""


def places(value: Any) -> Any:
    """Where it is, in whatever order that is said."""
    if not isinstance(value, Mapping):
        return value
    said = (value.get("subnetIds"), value.get("securityGroupIds"))
    return tuple(unordered(list(each or ())) for each in said)


def variables(value: Any) -> Any:
    return dict(value.get("variables") or {}) if isinstance(value, Mapping) else value


CODE: Final = ("code", "imageUri", "s3Bucket", "s3Key")
FUNCTION = (
    Property("name", replaces=True),
    Property("role", "Role", required=True),
    Property("runtime", "Runtime"),
    Property("handler", "Handler"),
    Property("description", "Description", default=""),
    Property("memorySize", "MemorySize", default=128),
    Property("timeout", "Timeout", default=3),
    Property("packageType", "PackageType", default="Zip", replaces=True),
    Property("architectures", "Architectures", computed=True),
    Property("environment", canonical=variables),
    Property("vpcConfig", canonical=places),
    Property("reservedConcurrentExecutions", default=_NO_LIMIT),
    Property("publish", default=False),
    *(Property(each) for each in CODE),
)
CONFIGURED: Final = ("role", "runtime", "handler", "description", "memorySize", "timeout")


def code_of(inputs: Mapping[str, Any]) -> dict[str, Any]:
    if inputs.get("imageUri"):
        return {"ImageUri": inputs["imageUri"]}
    if inputs.get("s3Bucket"):
        return {"S3Bucket": inputs["s3Bucket"], "S3Key": inputs["s3Key"]}
    return {"ZipFile": zipped(inputs["code"]["assets"])}


def zipped(texts: Mapping[str, Any]) -> bytes:
    """The same bytes each time."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, asset in sorted(texts.items()):
            archive.writestr(zipfile.ZipInfo(name), asset["text"])
    return held.getvalue()


def code_that_can_be_had(inputs: Mapping[str, Any]) -> Mapping[str, str]:
    """A path is one of where the program runs, and the provider runs elsewhere."""
    code = inputs.get("code")
    if code is None:
        some = inputs.get("imageUri") or inputs.get("s3Bucket")
        return {} if some else {"code": "give code, imageUri, or s3Bucket and s3Key"}
    assets = code.get("assets") if isinstance(code, Mapping) and SIGNATURE in code else None
    if isinstance(assets, Mapping) and all("text" in each for each in assets.values()):
        return {}
    return {"code": "give an AssetArchive of StringAssets, or imageUri"}


def vpc_said(inputs: Mapping[str, Any]) -> dict[str, list[str]]:
    said = inputs.get("vpcConfig") or {}
    return {
        "SubnetIds": list(said.get("subnetIds") or ()),
        "SecurityGroupIds": list(said.get("securityGroupIds") or ()),
    }


def create_function(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    name = str(inputs["name"])
    members = {str(each.member): inputs.get(each.name) for each in FUNCTION if each.member}
    made = aws.call(
        "create_function",
        service=_SERVICE,
        FunctionName=name,
        Code=code_of(inputs),
        Environment={"Variables": variables(inputs.get("environment")) or {}},
        VpcConfig=vpc_said(inputs) if inputs.get("vpcConfig") else None,
        Publish=inputs.get("publish"),
        Tags=dict(tags) or None,
        **members,
    )
    return str(made["FunctionName"])


def reserve(aws: Aws, name: str, inputs: Properties) -> None:
    count = inputs.get("reservedConcurrentExecutions", _NO_LIMIT)
    if count != _NO_LIMIT:
        aws.call(
            "put_function_concurrency",
            service=_SERVICE,
            FunctionName=name,
            ReservedConcurrentExecutions=count,
        )


def find_function(aws: Aws, name: str) -> Answer | None:
    return aws.found("get_function", "Configuration", service=_SERVICE, FunctionName=name)


def image_of(aws: Aws, name: str, shown: Answer) -> State:
    """Of one that is an image; what is in an archive nobody shows."""
    if shown.get("PackageType") != "Image":
        return {}
    told = aws.call("get_function", service=_SERVICE, FunctionName=name)
    return {"imageUri": told["Code"]["ImageUri"]}


def read_function(aws: Aws, name: str, state: State) -> State | None:
    shown = find_function(aws, name)
    if shown is None:
        return None
    arn = str(shown["FunctionArn"])
    vpc = shown.inside("VpcConfig")
    told = aws.call("list_tags", service=_SERVICE, Resource=arn)
    reserved = aws.call("get_function_concurrency", service=_SERVICE, FunctionName=name)
    held = dict(shown.inside("Environment").get("Variables") or {})
    invoke = "arn:aws:apigateway:{}:lambda:path/2015-03-31/functions/{}/invocations"
    return {
        **image_of(aws, name, shown),
        "name": shown["FunctionName"],
        **{
            each.name: shown.get(str(each.member))
            if each.name in ("runtime", "handler")
            else shown.shown(str(each.member))
            for each in FUNCTION
            if each.member
        },
        "environment": {"variables": held} if held else None,
        "vpcConfig": {
            "subnetIds": list(vpc["SubnetIds"]),
            "securityGroupIds": list(vpc["SecurityGroupIds"]),
        }
        if vpc.get("SubnetIds")
        else None,
        "reservedConcurrentExecutions": reserved.get("ReservedConcurrentExecutions", _NO_LIMIT),
        "arn": arn,
        "invokeArn": invoke.format(aws.region, arn),
        "lastModified": shown.get("LastModified"),
        "qualifiedArn": f"{arn}:$LATEST",
        "sourceCodeSize": shown.get("CodeSize"),
        "version": shown.get("Version"),
        "tags": dict(told.get("Tags") or {}),
    }


def change_function(aws: Aws, name: str, old: State, new: Properties) -> None:
    if any(old.get(each) != new.get(each) for each in CODE):
        aws.call("update_function_code", service=_SERVICE, FunctionName=name, **code_of(new))
    members = {str(each.member): new.get(each.name) for each in FUNCTION if each.name in CONFIGURED}
    aws.call(
        "update_function_configuration",
        service=_SERVICE,
        FunctionName=name,
        Environment={"Variables": variables(new.get("environment")) or {}},
        VpcConfig=vpc_said(new),
        **members,
    )
    if new.get("reservedConcurrentExecutions", _NO_LIMIT) == _NO_LIMIT:
        aws.gone("delete_function_concurrency", service=_SERVICE, FunctionName=name)
    reserve(aws, name, new)


def retag(aws: Aws, name: str, removed: list[str], changed: Mapping[str, str]) -> None:
    shown = find_function(aws, name)
    arn = None if shown is None else shown["FunctionArn"]
    if removed:
        aws.call("untag_resource", service=_SERVICE, Resource=arn, TagKeys=removed)
    if changed:
        aws.call("tag_resource", service=_SERVICE, Resource=arn, Tags=dict(changed))


def delete_function(aws: Aws, name: str, state: State) -> None:
    aws.gone("delete_function", service=_SERVICE, FunctionName=name)


KINDS = (
    Kind(
        token="aws:lambda/function:Function",
        properties=FUNCTION,
        outputs=(
            "arn",
            "invokeArn",
            "lastModified",
            "qualifiedArn",
            "sourceCodeSize",
            "version",
        ),
        create=create_function,
        after_create=reserve,
        read=read_function,
        update=change_function,
        delete=delete_function,
        find=lambda aws, inputs: inputs.get("name"),
        retag=retag,
        autonamed="name",
        problems=code_that_can_be_had,
        refused={
            "deadLetterConfig": "it runs nothing",
            "fileSystemConfig": "it has no file systems",
            "kmsKeyArn": "it has no keys",
            "layers": "it runs nothing",
        },
        unsettled={"*": ("lastModified", "sourceCodeSize")},
    ),
)
