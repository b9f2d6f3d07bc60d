"""Service Quotas of the local AWS: AWS's defaults are applied, and codes are checked."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from bulkhead import observe
from bulkhead.network.quotas import DEFAULTS, NAMES, key_of
from tests.local_aws.conftest import client_of


@pytest.fixture
def quotas(server: Any) -> Any:
    return client_of(server.place, "service-quotas")


def test_what_bulkhead_asks_for_is_answered_with_the_defaults_that_it_counts_by(server):
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test")  # noqa: S106
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", server.place.address)
        found = observe.read_quotas("eu-west-1", session=session)
    assert found.told == {key_of(field): getattr(DEFAULTS, field) for field in NAMES}


def test_they_are_listed_in_pages_and_each_is_as_it_is_alone(quotas):
    pages = quotas.get_paginator("list_service_quotas").paginate(
        ServiceCode="vpc", PaginationConfig={"PageSize": 10}
    )
    sizes = [len(page["Quotas"]) for page in pages]
    assert len(sizes) > 2
    assert set(sizes[:-1]) == {10}
    for each in quotas.list_service_quotas(ServiceCode="ec2")["Quotas"]:
        asked = {key: each[key] for key in ("ServiceCode", "QuotaCode")}
        assert quotas.get_service_quota(**asked)["Quota"] == each
        assert f":000000000000:ec2/{each['QuotaCode']}" in each["QuotaArn"].replace(
            "123456789012", "000000000000"
        )


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"ServiceCode": "vpc", "QuotaCode": "L-00000000"}, "NoSuchResourceException"),
        ({"ServiceCode": "sqs", "QuotaCode": "L-0EA8095F"}, "NoSuchResourceException"),
        ({"ServiceCode": "v!c", "QuotaCode": "L-0EA8095F"}, "IllegalArgumentException"),
        ({"ServiceCode": "vpc", "QuotaCode": "0EA8095F"}, "IllegalArgumentException"),
    ],
)
def test_a_quota_that_there_is_not_is_refused_by_name(quotas, asked, code):
    with pytest.raises(ClientError) as refused:
        quotas.get_service_quota(**asked)
    assert refused.value.response["Error"]["Code"] == code


def test_a_page_of_too_many_and_a_token_of_nobody_are_refused(quotas):
    for more, code in (
        ({"MaxResults": 101}, "IllegalArgumentException"),
        ({"NextToken": "nobody"}, "InvalidPaginationTokenException"),
    ):
        with pytest.raises(ClientError) as refused:
            quotas.list_service_quotas(ServiceCode="vpc", **more)
        assert refused.value.response["Error"]["Code"] == code
