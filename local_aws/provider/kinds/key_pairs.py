"""aws.ec2.KeyPair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws
from local_aws.provider.table import Kind, Property, State, deleted_by, tag_list, tags_of
from local_aws.wire import Properties


def without_comment(key: Any) -> Any:
    """`ssh-rsa AAAA… me@host`: the last word is nobody's but its owner's."""
    return key.split()[:2] if isinstance(key, str) else key


PAIR = (
    Property("keyName", replaces=True),
    Property("publicKey", required=True, replaces=True, canonical=without_comment),
)


def find_pair(aws: Aws, name: str) -> Answer | None:
    return aws.one("describe_key_pairs", "KeyPairs", KeyNames=[name], IncludePublicKey=True)


def import_pair(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    arguments: dict[str, Any] = {}
    if tags:
        arguments["TagSpecifications"] = [{"ResourceType": "key-pair", "Tags": tag_list(tags)}]
    key = str(inputs["publicKey"]).encode()
    answer = aws.call(
        "import_key_pair", KeyName=inputs["keyName"], PublicKeyMaterial=key, **arguments
    )
    return str(answer["KeyName"])


def read_pair(aws: Aws, name: str, state: State) -> State | None:
    shown = find_pair(aws, name)
    if shown is None:
        return None
    live: State = {
        "keyName": shown["KeyName"],
        "arn": aws.arn("key-pair", name),
        "fingerprint": shown.get("KeyFingerprint"),
        "keyPairId": shown["KeyPairId"],
        "keyType": shown.get("KeyType"),
        "tags": tags_of(shown),
    }
    if shown.get("PublicKey"):
        live["publicKey"] = shown["PublicKey"].strip()
    return live


def retag(aws: Aws, name: str, removed: list[str], changed: Mapping[str, str]) -> None:
    """Tags are kept by the pair's id, which is not its name."""
    shown = find_pair(aws, name)
    if shown is None:
        return
    if removed:
        keys = [{"Key": key} for key in removed]
        aws.call("delete_tags", Resources=[shown["KeyPairId"]], Tags=keys)
    if changed:
        aws.call("create_tags", Resources=[shown["KeyPairId"]], Tags=tag_list(changed))


KINDS = (
    Kind(
        token="aws:ec2/keyPair:KeyPair",
        properties=PAIR,
        outputs=("arn", "fingerprint", "keyPairId", "keyType"),
        create=import_pair,
        read=read_pair,
        delete=deleted_by("delete_key_pair", "KeyName"),
        find=lambda aws, inputs: inputs.get("keyName"),
        retag=retag,
        autonamed="keyName",
        refused={"keyNamePrefix": "give keyName, or nothing"},
    ),
)
