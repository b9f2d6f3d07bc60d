"""How much of each an account may have in a Region, as Service Quotas tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Final

import boto3
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from bulkhead.network.quotas import NAMES, QuotaName, key_of
from bulkhead.observe.calls import QUOTA
from bulkhead.observe.errors import ObserveError
from bulkhead.observe.live.account import region_of, said_plainly
from bulkhead.observe.live.asking import REFUSALS, refusal

_METHOD: Final = QUOTA.command.replace("-", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotasTold:
    """What an account may have in a Region, by the key of a topology; `untold` are those of which
    Service Quotas says nothing: AWS's default stands, as far as anybody knows."""

    region: str
    told: Mapping[str, int]
    untold: tuple[str, ...] = ()


def read_quotas(region: str, *, session: boto3.Session | None = None) -> QuotasTold:
    """Those that are counted, as they are applied to the account of the AWS environment.

    Raises ObserveError with a remedy: one that is denied would be taken for AWS's default.
    """
    with said_plainly():
        client = region_of(session, region).client(QUOTA.service)
        every = dict(_told(client))
    return QuotasTold(
        region=region,
        told={key: value for key, value in every.items() if value is not None},
        untold=tuple(key for key, value in every.items() if value is None),
    )


def _told(client: BaseClient) -> Iterator[tuple[str, int | None]]:
    for field, name in NAMES.items():
        try:
            yield key_of(field), _value(client, name)
        except REFUSALS as error:
            # 'NoSuchResourceException': the quota has no value of the account's own
            # (docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html).
            if isinstance(error, ClientError) and _is_untold(error):
                yield key_of(field), None
                continue
            why = refusal(QUOTA, error, client)
            raise ObserveError(
                f"{why}, so the quotas of the account are not known; grant "
                f"{QUOTA.permission}, or write quotas: in the topology"
            ) from None


def _value(client: BaseClient, name: QuotaName) -> int:
    asked = {"ServiceCode": name.service, "QuotaCode": name.code}
    ask: Callable[..., Mapping[str, Mapping[str, object]]] = getattr(client, _METHOD)
    answer = ask(**asked)
    said = answer.get(QUOTA.key, {})
    value = said.get("Value")
    wrong_one = any(said.get(key) != of for key, of in asked.items())
    if wrong_one or not isinstance(value, int | float) or not _is_whole(value):
        raise ObserveError(
            f"the answer of {client.meta.endpoint_url} to {QUOTA.operation} is not AWS's: "
            f"{name} is {value!r} there"
        )
    return int(value)


def _is_whole(value: float) -> bool:
    return isfinite(value) and value == int(value) >= 0


def _is_untold(error: ClientError) -> bool:
    code: str = error.response.get("Error", {}).get("Code", "")
    return code == "NoSuchResourceException"
