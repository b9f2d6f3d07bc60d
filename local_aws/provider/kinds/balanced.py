"""What all kinds of Elastic Load Balancing have in common: tags, attributes, words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws
from local_aws.provider.table import tag_list

SERVICE: Final = "elbv2"
HTTP: Final = ("HTTP", "HTTPS")


def retag(aws: Aws, name: str, removed: list[str], changed: Mapping[str, str]) -> None:
    if removed:
        aws.call("remove_tags", service=SERVICE, ResourceArns=[name], TagKeys=removed)
    if changed:
        aws.call("add_tags", service=SERVICE, ResourceArns=[name], Tags=tag_list(changed))


def tags_on(aws: Aws, arn: str) -> dict[str, str]:
    (shown,) = aws.listed(
        "describe_tags", "TagDescriptions", service=SERVICE, ResourceArns=[arn]
    ) or (Answer({}, "DescribeTags"),)
    return {each["Key"]: each["Value"] for each in listed(shown, "Tags")}


def attributes_of(aws: Aws, operation: str, **asked: str) -> dict[str, str]:
    shown = aws.listed(operation, "Attributes", service=SERVICE, **asked)
    return {each["Key"]: each["Value"] for each in shown}


def said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
