"""aws.iam.Role with its policies, aws.iam.Policy, aws.iam.InstanceProfile. IAM is of no Region."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws
from local_aws.provider.documents import policy
from local_aws.provider.refusals import Refused
from local_aws.provider.table import Create, Kind, Property, State, tag_list, unordered
from local_aws.wire import Properties


def named_policies(value: Any) -> Any:
    """Inline policies, in whatever order they are said."""
    if not isinstance(value, list):
        return value
    return sorted((str(each.get("name")), str(policy(each.get("policy")))) for each in value)


ROLE = (
    Property("assumeRolePolicy", required=True, canonical=policy),
    Property("description", default=""),
    Property("forceDetachPolicies", default=False),
    Property("maxSessionDuration", default=3600),
    Property("name", replaces=True),
    Property("path", default="/", replaces=True),
    Property("inlinePolicies", computed=True, canonical=named_policies),
    Property("managedPolicyArns", computed=True, canonical=unordered),
)


def document(shown: Any) -> str:
    """boto3 reads some documents, and leaves others as they were sent."""
    return unquote(shown) if isinstance(shown, str) else json.dumps(shown, separators=(",", ":"))


def iam(aws: Aws, operation: str, **arguments: Any) -> Answer:
    return aws.call(operation, service="iam", **arguments)


def tags_in(shown: Answer) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in listed(shown, "Tags")}


def retagged(what: str, argument: str) -> Any:
    def retag(aws: Aws, name: str, removed: list[str], changed: Mapping[str, str]) -> None:
        which = {argument: name}
        if removed:
            iam(aws, f"untag_{what}", **which, TagKeys=removed)
        if changed:
            iam(aws, f"tag_{what}", **which, Tags=tag_list(changed))

    return retag


def create_role(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    answer = iam(
        aws,
        "create_role",
        RoleName=inputs["name"],
        AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
        Description=inputs.get("description") or None,
        MaxSessionDuration=inputs.get("maxSessionDuration"),
        Path=inputs.get("path"),
        Tags=tag_list(tags) or None,
    )
    return str(answer["Role"]["RoleName"])


def read_role(aws: Aws, name: str, state: State) -> State | None:
    shown = aws.found("get_role", "Role", service="iam", RoleName=name)
    if shown is None:
        return None
    return {
        "assumeRolePolicy": document(shown["AssumeRolePolicyDocument"]),
        "description": shown.get("Description") or "",
        "maxSessionDuration": shown.shown("MaxSessionDuration"),
        "name": shown["RoleName"],
        "path": shown.shown("Path"),
        "arn": shown["Arn"],
        "createDate": str(shown.get("CreateDate", "")),
        "uniqueId": shown.get("RoleId"),
        "tags": tags_in(shown),
        **policies_of(aws, name, state),
    }


def policies_of(aws: Aws, name: str, state: State) -> State:
    """Those that the program lists; what it does not list are other resources'."""
    live: State = {}
    if not state or state.get("managedPolicyArns") is not None:
        live["managedPolicyArns"] = attached_to(aws, name)
    if not state or state.get("inlinePolicies") is not None:
        live["inlinePolicies"] = [
            {"name": each, "policy": (read_role_policy(aws, f"{name}:{each}", {}) or {})["policy"]}
            for each in inline_in(aws, name)
        ]
    return live


def attached_to(aws: Aws, role: str) -> list[str]:
    held = aws.listed(
        "list_attached_role_policies", "AttachedPolicies", service="iam", RoleName=role
    )
    return [each["PolicyArn"] for each in held]


def inline_in(aws: Aws, role: str) -> list[str]:
    return list(iam(aws, "list_role_policies", RoleName=role)["PolicyNames"])


def set_policies(aws: Aws, name: str, inputs: Properties) -> None:
    """A role comes to have these and no others, of each sort that the program lists."""
    if inputs.get("managedPolicyArns") is not None:
        attached, wanted = set(attached_to(aws, name)), set(inputs["managedPolicyArns"])
        for arn in sorted(attached - wanted):
            detach(aws, name, arn)
        for arn in sorted(wanted - attached):
            iam(aws, "attach_role_policy", RoleName=name, PolicyArn=arn)
    if inputs.get("inlinePolicies") is not None:
        said = {str(each["name"]): each["policy"] for each in inputs["inlinePolicies"] if each}
        held = inline_in(aws, name)
        for each in sorted(set(held) - said.keys()):
            delete_role_policy(aws, f"{name}:{each}", {})
        for each, text in said.items():
            live = read_role_policy(aws, f"{name}:{each}", {}) if each in held else None
            # What an attempt before this one has put is not put again.
            if live is None or policy(live["policy"]) != policy(text):
                put_role_policy(aws, {"role": name, "name": each, "policy": text}, {})


def change_role(aws: Aws, name: str, old: State, new: Properties) -> None:
    if policy(new["assumeRolePolicy"]) != policy(old.get("assumeRolePolicy")):
        said = new["assumeRolePolicy"]
        iam(aws, "update_assume_role_policy", RoleName=name, PolicyDocument=said)
    iam(
        aws,
        "update_role",
        RoleName=name,
        Description=new.get("description", ""),
        MaxSessionDuration=new.get("maxSessionDuration", 3600),
    )
    set_policies(aws, name, new)


def delete_role(aws: Aws, name: str, state: State) -> None:
    """With the policies that the program listed as the role's, as Terraform does."""
    force = bool(state.get("forceDetachPolicies"))
    if aws.found("get_role", "Role", service="iam", RoleName=name) is None:
        return
    if force or state.get("managedPolicyArns"):
        set_policies(aws, name, {"managedPolicyArns": []})
    if force or state.get("inlinePolicies"):
        set_policies(aws, name, {"inlinePolicies": []})
    aws.gone("delete_role", service="iam", RoleName=name)


ROLE_POLICY = (
    Property("name", replaces=True),
    Property("policy", required=True, canonical=policy),
    Property("role", required=True, replaces=True),
)


def put_role_policy(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    iam(
        aws,
        "put_role_policy",
        RoleName=inputs["role"],
        PolicyName=inputs["name"],
        PolicyDocument=inputs["policy"],
    )
    return role_policy_id(inputs)


def role_policy_id(inputs: Properties) -> str:
    return f"{inputs['role']}:{inputs['name']}"


def read_role_policy(aws: Aws, name: str, state: State) -> State | None:
    role, _, of = name.partition(":")
    try:
        shown = iam(aws, "get_role_policy", RoleName=role, PolicyName=of)
    except Refused as refused:
        if refused.not_found:
            return None
        raise
    return {"name": of, "role": role, "policy": document(shown["PolicyDocument"])}


def delete_role_policy(aws: Aws, name: str, state: State) -> None:
    role, _, of = name.partition(":")
    aws.gone("delete_role_policy", service="iam", RoleName=role, PolicyName=of)


ATTACHMENT = (
    Property("policyArn", required=True, replaces=True),
    Property("role", required=True, replaces=True),
)


def attach(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    iam(aws, "attach_role_policy", RoleName=inputs["role"], PolicyArn=inputs["policyArn"])
    return f"{inputs['role']}/{inputs['policyArn']}"


def read_attachment(aws: Aws, name: str, state: State) -> State | None:
    role, _, arn = name.partition("/")
    try:
        held = aws.listed(
            "list_attached_role_policies", "AttachedPolicies", service="iam", RoleName=role
        )
    except Refused as refused:
        if refused.not_found:
            return None
        raise
    there = any(each["PolicyArn"] == arn for each in held)
    return {"policyArn": arn, "role": role} if there else None


def detach(aws: Aws, role: str, arn: str) -> None:
    aws.gone("detach_role_policy", service="iam", RoleName=role, PolicyArn=arn)


POLICY = (
    Property("description", default="", replaces=True),
    Property("name", replaces=True),
    Property("path", default="/", replaces=True),
    Property("policy", required=True, canonical=policy),
)
VERSIONS = 5  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html


def create_policy(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    answer = iam(
        aws,
        "create_policy",
        PolicyName=inputs["name"],
        PolicyDocument=inputs["policy"],
        Description=inputs.get("description") or None,
        Path=inputs.get("path"),
        Tags=tag_list(tags) or None,
    )
    return str(answer["Policy"]["Arn"])


def policy_arn(aws: Aws, inputs: Properties) -> str:
    return f"arn:aws:iam::{aws.account}:policy{inputs.get('path', '/')}{inputs['name']}"


def read_policy(aws: Aws, name: str, state: State) -> State | None:
    shown = aws.found("get_policy", "Policy", service="iam", PolicyArn=name)
    if shown is None:
        return None
    version = iam(aws, "get_policy_version", PolicyArn=name, VersionId=shown["DefaultVersionId"])
    return {
        "description": shown.get("Description") or "",
        "name": shown["PolicyName"],
        "path": shown.shown("Path"),
        "policy": document(version["PolicyVersion"]["Document"]),
        "arn": shown["Arn"],
        "attachmentCount": shown.get("AttachmentCount"),
        "policyId": shown.get("PolicyId"),
        "tags": tags_in(shown),
    }


def change_policy(aws: Aws, name: str, old: State, new: Properties) -> None:
    if policy(new["policy"]) == policy(old.get("policy")):
        return
    versions = aws.listed("list_policy_versions", "Versions", service="iam", PolicyArn=name)
    others = sorted(each["VersionId"] for each in versions if not each["IsDefaultVersion"])
    if len(versions) >= VERSIONS:
        iam(aws, "delete_policy_version", PolicyArn=name, VersionId=others[0])
    said = new["policy"]
    iam(aws, "create_policy_version", PolicyArn=name, PolicyDocument=said, SetAsDefault=True)


def delete_policy(aws: Aws, name: str, state: State) -> None:
    try:
        versions = aws.listed("list_policy_versions", "Versions", service="iam", PolicyArn=name)
    except Refused as refused:
        if refused.not_found:
            return
        raise
    for each in versions:
        if not each["IsDefaultVersion"]:
            iam(aws, "delete_policy_version", PolicyArn=name, VersionId=each["VersionId"])
    aws.gone("delete_policy", service="iam", PolicyArn=name)


PROFILE = (
    Property("name", replaces=True),
    Property("path", default="/", replaces=True),
    Property("role"),
)


def create_profile(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    answer = iam(
        aws,
        "create_instance_profile",
        InstanceProfileName=inputs["name"],
        Path=inputs.get("path"),
        Tags=tag_list(tags) or None,
    )
    return str(answer["InstanceProfile"]["InstanceProfileName"])


def take_role(aws: Aws, name: str, old: State, new: Properties) -> None:
    """A profile has one role at most."""
    held, wanted = old.get("role"), new.get("role")
    profile = {"InstanceProfileName": name}
    if held and held != wanted:
        iam(aws, "remove_role_from_instance_profile", **profile, RoleName=held)
    if wanted and held != wanted:
        iam(aws, "add_role_to_instance_profile", **profile, RoleName=wanted)


def read_profile(aws: Aws, name: str, state: State) -> State | None:
    shown = aws.found(
        "get_instance_profile", "InstanceProfile", service="iam", InstanceProfileName=name
    )
    if shown is None:
        return None
    roles = listed(shown, "Roles")
    return {
        "name": shown["InstanceProfileName"],
        "path": shown.shown("Path"),
        "role": roles[0]["RoleName"] if roles else None,
        "arn": shown["Arn"],
        "createDate": str(shown.get("CreateDate", "")),
        "uniqueId": shown.get("InstanceProfileId"),
        "tags": tags_in(shown),
    }


def delete_profile(aws: Aws, name: str, state: State) -> None:
    live = read_profile(aws, name, state)
    if live is not None:
        take_role(aws, name, live, {})
        aws.gone("delete_instance_profile", service="iam", InstanceProfileName=name)


def set_to(put: Create, aws: Aws, inputs: Properties) -> None:
    put(aws, inputs, {})


def by_name(aws: Aws, inputs: Properties) -> str | None:
    name = inputs.get("name")
    return None if name is None else str(name)


PREFIX = {"namePrefix": "give name, or nothing"}
KINDS = (
    Kind(
        token="aws:iam/role:Role",
        properties=ROLE,
        outputs=("arn", "createDate", "uniqueId"),
        create=create_role,
        after_create=set_policies,
        read=read_role,
        update=change_role,
        delete=delete_role,
        find=by_name,
        retag=retagged("role", "RoleName"),
        autonamed="name",
        refused={
            **PREFIX,
            "permissionsBoundary": "it grants everything to everybody",
        },
    ),
    Kind(
        token="aws:iam/rolePolicy:RolePolicy",
        properties=ROLE_POLICY,
        outputs=(),
        create=put_role_policy,
        read=read_role_policy,
        update=lambda aws, name, old, new: set_to(put_role_policy, aws, new),
        delete=delete_role_policy,
        find=lambda aws, inputs: role_policy_id(inputs),
        taggable=False,
        autonamed="name",
        refused=PREFIX,
    ),
    Kind(
        token="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        properties=ATTACHMENT,
        outputs=(),
        create=attach,
        read=read_attachment,
        delete=lambda aws, name, state: detach(aws, *name.split("/", 1)),
        find=lambda aws, inputs: f"{inputs['role']}/{inputs['policyArn']}",
        taggable=False,
    ),
    Kind(
        token="aws:iam/policy:Policy",
        properties=POLICY,
        outputs=("arn", "attachmentCount", "policyId"),
        create=create_policy,
        read=read_policy,
        update=change_policy,
        delete=delete_policy,
        find=policy_arn,
        retag=retagged("policy", "PolicyArn"),
        autonamed="name",
        refused={**PREFIX, "delayAfterPolicyCreationInMs": "its policies hold at once"},
    ),
    Kind(
        token="aws:iam/instanceProfile:InstanceProfile",
        properties=PROFILE,
        outputs=("arn", "createDate", "uniqueId"),
        create=create_profile,
        after_create=lambda aws, name, inputs: take_role(
            aws, name, read_profile(aws, name, {}) or {}, inputs
        ),
        read=read_profile,
        update=take_role,
        delete=delete_profile,
        find=by_name,
        retag=retagged("instance_profile", "InstanceProfileName"),
        autonamed="name",
        refused=PREFIX,
    ),
)
