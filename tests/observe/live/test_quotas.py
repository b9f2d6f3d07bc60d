"""The quotas of an account: each as Service Quotas tells it, and never a guess instead."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from bulkhead import observe
from bulkhead.network.quotas import NAMES, key_of


class Account:
    """A session whose Service Quotas answers as it is told, one after the other."""

    def __init__(self) -> None:
        self._client = boto3.client(
            "service-quotas",
            region_name="eu-west-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - no secret: nobody is asked
        )
        self.stub = Stubber(self._client)

    def client(self, service: str, *, region_name: str, config: Any) -> Any:
        assert (service, region_name) == ("service-quotas", "eu-west-1")
        return self._client

    def tells(self, field: str, value: Any, **other: Any) -> None:
        name = NAMES[field]
        asked = {"ServiceCode": name.service, "QuotaCode": name.code}
        self.stub.add_response(
            "get_service_quota", {"Quota": {**asked, "Value": value, **other}}, asked
        )

    def refuses(self, code: str, status: int = 400) -> None:
        self.stub.add_client_error("get_service_quota", code, "no", status)

    def read(self) -> observe.QuotasTold:
        session: Any = self
        with self.stub:
            return observe.read_quotas("eu-west-1", session=session)


@pytest.fixture
def account() -> Account:
    return Account()


def test_each_that_is_counted_is_asked_for_by_its_code_and_told_by_its_key(account):
    for number, field in enumerate(NAMES, start=1):
        account.tells(field, float(number))
    found = account.read()
    assert found.told == {key_of(field): number for number, field in enumerate(NAMES, start=1)}
    assert (found.region, found.untold) == ("eu-west-1", ())
    account.stub.assert_no_pending_responses()


def test_one_that_the_account_has_no_value_of_is_said_to_be_untold(account):
    first, *rest = NAMES
    account.refuses("NoSuchResourceException")
    for field in rest:
        account.tells(field, 7.0)
    found = account.read()
    assert found.untold == (key_of(first),)
    assert key_of(first) not in found.told


@pytest.mark.parametrize("code", ["AccessDeniedException", "UnrecognizedClientException"])
def test_where_it_is_denied_nothing_is_taken_for_a_default(account, code):
    account.refuses(code)
    with pytest.raises(observe.ObserveError) as told:
        account.read()
    denied = code == "AccessDeniedException"
    assert ("servicequotas:GetServiceQuota is denied" in str(told.value)) is denied


@pytest.mark.parametrize(
    ("value", "other"), [(float("inf"), {}), (1.5, {}), (60.0, {"QuotaCode": "L-00000000"})]
)
def test_an_answer_that_is_none_is_refused(account, value, other):
    account.tells(next(iter(NAMES)), value, **other)
    with pytest.raises(observe.ObserveError, match="GetServiceQuota is not AWS's"):
        account.read()
