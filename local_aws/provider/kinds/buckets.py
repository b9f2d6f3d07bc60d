"""aws.s3.Bucket, with its policy and its public access block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws
from local_aws.provider.documents import policy
from local_aws.provider.refusals import Refused
from local_aws.provider.table import Create, Kind, Property, State, tag_list
from local_aws.wire import Properties

BUCKET = (Property("bucket", replaces=True), Property("forceDestroy", default=False))
OF_ITS_OWN = {
    "accelerationStatus": "aws.s3.BucketAccelerateConfiguration",
    "acl": "aws.s3.BucketAcl",
    "corsRules": "aws.s3.BucketCorsConfiguration",
    "lifecycleRules": "aws.s3.BucketLifecycleConfiguration",
    "loggings": "aws.s3.BucketLogging",
    "policy": "aws.s3.BucketPolicy",
    "serverSideEncryptionConfiguration": "aws.s3.BucketServerSideEncryptionConfiguration",
    "versioning": "aws.s3.BucketVersioning",
}


def there(aws: Aws, name: str) -> bool:
    try:
        aws.call("head_bucket", service="s3", Bucket=name)
    except Refused as refused:
        if refused.not_found:
            return False
        raise
    return True


def create_bucket(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    """In us-east-1 a place is not said:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html"""
    name = str(inputs["bucket"])
    place: dict[str, Any] = {}
    if aws.region != "us-east-1":
        place["CreateBucketConfiguration"] = {"LocationConstraint": aws.region}
    aws.call("create_bucket", service="s3", Bucket=name, **place)
    if tags:
        retag(aws, name, [], tags)
    return name


def tags_there(aws: Aws, name: str) -> dict[str, str]:
    try:
        answer = aws.call("get_bucket_tagging", service="s3", Bucket=name)
    except Refused as refused:
        if refused.code == "NoSuchTagSet":
            return {}
        raise
    return {tag["Key"]: tag["Value"] for tag in listed(answer, "TagSet")}


def read_bucket(aws: Aws, name: str, state: State) -> State | None:
    if not there(aws, name):
        return None
    place = aws.call("get_bucket_location", service="s3", Bucket=name)
    region = place.get("LocationConstraint") or "us-east-1"
    if region != aws.region:
        raise Refused("", f"{name} is in {region}, not in {aws.region}")
    return {
        "bucket": name,
        "arn": f"arn:aws:s3:::{name}",
        "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegion": region,
        "bucketRegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
        "tags": tags_there(aws, name),
    }


def retag(aws: Aws, name: str, removed: list[str], changed: Mapping[str, str]) -> None:
    """S3 knows one set of tags, which is put whole."""
    held = {key: value for key, value in tags_there(aws, name).items() if key not in removed}
    wanted = {**held, **changed}
    if wanted:
        tagging = {"TagSet": tag_list(wanted)}
        aws.call("put_bucket_tagging", service="s3", Bucket=name, Tagging=tagging)
    else:
        aws.call("delete_bucket_tagging", service="s3", Bucket=name)


def delete_bucket(aws: Aws, name: str, state: State) -> None:
    if state.get("forceDestroy") and there(aws, name):
        for held in aws.listed("list_objects_v2", "Contents", service="s3", Bucket=name):
            aws.gone("delete_object", service="s3", Bucket=name, Key=held["Key"])
    aws.gone("delete_bucket", service="s3", Bucket=name)


def bucket_kind(token: str) -> Kind:
    return Kind(
        token=token,
        properties=BUCKET,
        outputs=(
            "arn",
            "bucketDomainName",
            "bucketRegion",
            "bucketRegionalDomainName",
            "hostedZoneId",
            "websiteDomain",
            "websiteEndpoint",
        ),
        create=create_bucket,
        read=read_bucket,
        delete=delete_bucket,
        find=lambda aws, inputs: inputs.get("bucket"),
        retag=retag,
        autonamed="bucket",
        refused={
            **{name: f"write an {kind} of its own" for name, kind in OF_ITS_OWN.items()},
            "bucketPrefix": "give bucket, or nothing",
        },
    )


POLICY = (
    Property("bucket", required=True, replaces=True),
    Property("policy", required=True, canonical=policy),
)


def put_policy(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    name = str(inputs["bucket"])
    aws.call("put_bucket_policy", service="s3", Bucket=name, Policy=inputs["policy"])
    return name


def read_policy(aws: Aws, name: str, state: State) -> State | None:
    shown = named_answer(aws, "get_bucket_policy", name)
    return None if shown is None else {"bucket": name, "policy": shown["Policy"]}


def named_answer(aws: Aws, operation: str, name: str) -> Answer | None:
    try:
        return aws.call(operation, service="s3", Bucket=name)
    except Refused as refused:
        if refused.not_found:
            return None
        raise


def set_to(put: Create, aws: Aws, inputs: Properties) -> None:
    put(aws, inputs, {})


BLOCKS = {
    "blockPublicAcls": "BlockPublicAcls",
    "blockPublicPolicy": "BlockPublicPolicy",
    "ignorePublicAcls": "IgnorePublicAcls",
    "restrictPublicBuckets": "RestrictPublicBuckets",
}
BLOCK = (
    Property("bucket", required=True, replaces=True),
    *(Property(name, default=False) for name in BLOCKS),
)


def put_block(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    name = str(inputs["bucket"])
    said = {member: inputs.get(prop, False) for prop, member in BLOCKS.items()}
    aws.call(
        "put_public_access_block",
        service="s3",
        Bucket=name,
        PublicAccessBlockConfiguration=said,
    )
    return name


def read_block(aws: Aws, name: str, state: State) -> State | None:
    answer = named_answer(aws, "get_public_access_block", name)
    if answer is None:
        return None
    shown = answer["PublicAccessBlockConfiguration"]
    return {"bucket": name, **{prop: shown.shown(member) for prop, member in BLOCKS.items()}}


KINDS = (
    bucket_kind("aws:s3/bucket:Bucket"),
    bucket_kind("aws:s3/bucketV2:BucketV2"),
    Kind(
        token="aws:s3/bucketPolicy:BucketPolicy",
        properties=POLICY,
        outputs=(),
        create=put_policy,
        read=read_policy,
        update=lambda aws, name, old, new: set_to(put_policy, aws, new),
        delete=lambda aws, name, state: aws.gone("delete_bucket_policy", service="s3", Bucket=name),
        find=lambda aws, inputs: inputs.get("bucket"),
        taggable=False,
    ),
    Kind(
        token="aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        properties=BLOCK,
        outputs=(),
        create=put_block,
        read=read_block,
        update=lambda aws, name, old, new: set_to(put_block, aws, new),
        delete=lambda aws, name, state: aws.gone(
            "delete_public_access_block", service="s3", Bucket=name
        ),
        find=lambda aws, inputs: inputs.get("bucket"),
        taggable=False,
    ),
)
