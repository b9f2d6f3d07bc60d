"""What a stack's config says of the provider, and the guard against one for the real AWS."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from local_aws.provider.aws import Settings
from local_aws.provider.refusals import Refused
from local_aws.wire import Properties, plain, received


def configuration(request: Any) -> Properties:
    """The stack's `aws:` settings: some arrive as JSON in a string, some as they are."""
    found: Properties = {
        name.removeprefix("aws:config:"): value for name, value in request.variables.items()
    }
    found.update(plain(received(request.args)))
    return {name: decoded(value) for name, value in found.items()}


def decoded(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def settings_of(config: Properties, local: str) -> Settings:
    """The guard: a stack meant for the real AWS that got this provider by accident stops here."""
    given = ec2_endpoint(config.get("endpoints"))
    remedy = (
        f"This is the stand-in for the aws provider: it talks to the local AWS at {local} and to"
        " nothing else. For a local stack, put into its Pulumi.<stack>.yaml:\n"
        f"  aws:endpoints: [{{ec2: {local}, sts: {local}}}]\n"
        "For the real AWS, run plain `pulumi` in a shell without the variables of"
        " `python -m local_aws env` (PULUMI_HOME above all)."
    )
    if given is None:
        raise Refused(
            "", f"the stack names no endpoint for EC2, so it means the real AWS. {remedy}"
        )
    if not same_address(given, local):
        raise Refused("", f"the stack's endpoint for EC2 is {given}. {remedy}")
    region = config.get("region")
    if not region:
        raise Refused("", "the stack names no region: pulumi config set aws:region eu-west-1")
    tags = (config.get("defaultTags") or {}).get("tags") or {}
    return Settings(
        region=str(region),
        endpoint=local,
        access_key=str(config.get("accessKey") or "test"),
        secret_key=str(config.get("secretKey") or "test"),
        default_tags={str(key): str(value) for key, value in tags.items()},
    )


def ec2_endpoint(endpoints: Any) -> str | None:
    """The address of EC2 in the setting `aws:endpoints`."""
    listed = [endpoints] if isinstance(endpoints, dict) else endpoints or []
    return next((str(each["ec2"]) for each in listed if each.get("ec2")), None)


def ec2_address(endpoints: Any) -> tuple[str, int | None]:
    return loopback(ec2_endpoint(endpoints) or "")


def loopback(url: str) -> tuple[str, int | None]:
    """Host and port, under one name for this machine."""
    parts = urlsplit(url)
    return ("127.0.0.1" if parts.hostname == "localhost" else parts.hostname or "", parts.port)


def same_address(one: str, other: str) -> bool:
    return loopback(one) == loopback(other)
