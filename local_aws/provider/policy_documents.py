"""aws.iam.get_policy_document: a policy written as arguments. It asks nobody."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from local_aws.provider.aws import Aws
from local_aws.provider.refusals import Refused
from local_aws.wire import Properties

LISTS = {
    "actions": "Action",
    "notActions": "NotAction",
    "resources": "Resource",
    "notResources": "NotResource",
}
PRINCIPALS = {"principals": "Principal", "notPrincipals": "NotPrincipal"}
MERGED = ("overrideJson", "overridePolicyDocuments", "sourceJson", "sourcePolicyDocuments")


def single(values: list[Any]) -> Any:
    """As Terraform: a list of one is written as the one."""
    return values[0] if len(values) == 1 else sorted(values, reverse=True)


def statement(said: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if said.get("sid"):
        found["Sid"] = said["sid"]
    found["Effect"] = said.get("effect") or "Allow"
    for name, member in LISTS.items():
        if said.get(name):
            found[member] = single(list(said[name]))
    for name, member in PRINCIPALS.items():
        held: dict[str, list[Any]] = {}
        for each in said.get(name) or ():
            held.setdefault(each["type"], []).extend(each["identifiers"])
        if held:
            anybody = held.get("*") == ["*"] and len(held) == 1
            found[member] = "*" if anybody else {key: single(held[key]) for key in sorted(held)}
    tests: dict[str, dict[str, Any]] = {}
    for each in said.get("conditions") or ():
        tests.setdefault(each["test"], {})[each["variable"]] = single(list(each["values"]))
    if tests:
        found["Condition"] = tests
    return found


def get_policy_document(aws: Aws, arguments: Mapping[str, Any]) -> Properties:
    if given := [name for name in MERGED if arguments.get(name)]:
        raise Refused(
            "", f"the local AWS merges no documents ({', '.join(given)}): write their statements"
        )
    document: dict[str, Any] = {"Version": arguments.get("version") or "2012-10-17"}
    if arguments.get("policyId"):
        document["Id"] = arguments["policyId"]
    document["Statement"] = [statement(each) for each in arguments.get("statements") or ()]
    text = json.dumps(document, indent=2)
    return {
        **arguments,
        "id": str(zlib.crc32(text.encode())),
        "json": text,
        "minifiedJson": json.dumps(document, separators=(",", ":")),
        "version": document["Version"],
    }
