"""A live account, asked through boto3 with read-only calls."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's own name
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
)
from botocore.parsers import ResponseParserError

from bulkhead.network import Network
from bulkhead.observe import convert
from bulkhead.observe.calls import BLOCK_PUBLIC_ACCESS, CALLS, PREFIX_LIST_ENTRIES, Call
from bulkhead.observe.errors import MalformedDescriptionError, ObserveError

_AWS: Final = re.compile(
    r"\.(amazonaws\.com(\.cn|\.eu)?|api\.aws|api\.amazonwebservices\.com\.cn)$"
)
_DENIED: Final = frozenset({"UnauthorizedOperation", "AccessDenied", "AccessDeniedException"})
_UNKNOWN: Final = frozenset(
    {"InvalidAction", "UnknownOperation", "UnknownOperationException", "UnsupportedOperation"}
    | {"NotImplemented", "NotYetImplemented", "InternalFailure.NotImplemented", "501"}
)
_BAD_CREDENTIALS: Final = frozenset(
    {"AuthFailure", "InvalidClientTokenId", "SignatureDoesNotMatch", "UnrecognizedClientException"}
    | {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidToken"}
)
_SECRETS: Final = frozenset({"PreSharedKey", "CustomerGatewayConfiguration"})


def account(
    region: str | None = None,
    *,
    session: boto3.Session | None = None,
    topology: str | None = None,
) -> Network:
    """Everything in one region of the account that the AWS environment points at.

    Credentials, profile and endpoint (AWS_ENDPOINT_URL) are the ordinary ones
    of boto3; AWS_REGION, which the other SDKs read and boto3 does not, counts
    before the profile's region. With `topology`, only the VPCs that were built from it.

    Raises ObserveError with a remedy where AWS cannot be asked; what a denied
    call leaves open is in the Network's `unmodelled`.
    """
    try:
        client = _client(session or boto3.Session(), region or os.environ.get("AWS_REGION"))
        document, missing = _ask(client)
    except NoRegionError:
        raise ObserveError("no region is set; name one, or set AWS_REGION") from None
    except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, SSOError) as e:
        raise ObserveError(
            f"no usable AWS credentials ({_line(e)}); set AWS_PROFILE, or run 'aws sso login'"
        ) from None
    except ProfileNotFound as error:
        raise ObserveError(f"{_line(error)}; set AWS_PROFILE to one that exists") from None
    except (EndpointConnectionError, ConnectionError, HTTPClientError) as error:
        raise ObserveError(
            f"the EC2 endpoint cannot be reached ({_line(error)}); "
            "check the network, the region and AWS_ENDPOINT_URL"
        ) from None
    except (BotoCoreError, ValueError) as error:
        raise ObserveError(f"AWS could not be asked: {_line(error)}") from None
    name = client.meta.region_name
    owners = sorted({str(vpc["OwnerId"]) for vpc in document["Vpcs"] if vpc.get("OwnerId")})
    where = f"region {name}" + (f" of account {', '.join(owners)}" if owners else "")
    try:
        return convert.network(
            document, region=name, where=where, topology=topology, missing=missing
        )
    except MalformedDescriptionError as error:
        raise ObserveError(
            f"the answer of {client.meta.endpoint_url} is not AWS's: {error.faults[0]}"
        ) from None


def _client(session: boto3.Session, region: str | None) -> BaseClient:
    """Patient with AWS, which throttles; brief with any other endpoint, which has no reason to.

    'standard' backs off on RequestLimitExceeded and gives up after its attempts
    (boto3.amazonaws.com/v1/documentation/api/latest/guide/retries.html).
    """
    client = _made(session, region, attempts=8, seconds=10)
    return client if _is_aws(client) else _made(session, region, attempts=1, seconds=5)


def _made(session: boto3.Session, region: str | None, attempts: int, seconds: int) -> BaseClient:
    config = Config(
        retries={"mode": "standard", "total_max_attempts": attempts},
        connect_timeout=seconds,
        read_timeout=60,
    )
    return session.client("ec2", region_name=region, config=config)


def _is_aws(client: BaseClient) -> bool:
    return bool(_AWS.search(urlsplit(client.meta.endpoint_url).hostname or ""))


def _ask(client: BaseClient) -> tuple[dict[str, Any], dict[str, str]]:
    """The describe-shaped document, and for each key that is not in it, why."""
    document: dict[str, Any] = {}
    missing: dict[str, str] = {}
    for call in CALLS:
        try:
            document[call.key] = list(_items(client, call))
        except (ClientError, ResponseParserError) as error:
            missing[call.key] = _refusal(call, error, client)
    wanted = _named_prefix_lists(document)
    lists = document[PREFIX_LIST_ENTRIES.key] = []
    for name in sorted(wanted):
        try:
            entries = list(_items(client, PREFIX_LIST_ENTRIES, "Entries", PrefixListId=name))
            lists.append({"PrefixListId": name, "Entries": entries})
        except (ClientError, ResponseParserError) as error:
            # A list that another account shared, or that is gone: its entries stay unknown.
            if not (isinstance(error, ClientError) and _code(error).endswith("NotFound")):
                missing[PREFIX_LIST_ENTRIES.key] = _refusal(PREFIX_LIST_ENTRIES, error, client)
    try:
        document.update(
            {BLOCK_PUBLIC_ACCESS.key: _answer(client, BLOCK_PUBLIC_ACCESS)[BLOCK_PUBLIC_ACCESS.key]}
        )
    except (ClientError, ResponseParserError) as error:
        refusal = _refusal(BLOCK_PUBLIC_ACCESS, error, client)
        # An endpoint that is not AWS and does not know of it cannot be blocking anything.
        if _is_aws(client) or _denied(error):
            missing[BLOCK_PUBLIC_ACCESS.key] = refusal
    return document, missing


def _items(
    client: BaseClient, call: Call, key: str | None = None, **arguments: str
) -> Iterator[dict[str, Any]]:
    method = _method(call.operation)
    if call.page is None or not client.can_paginate(method):
        pages: Any = [getattr(client, method)(**arguments)]
    else:
        pages = client.get_paginator(method).paginate(
            PaginationConfig={"PageSize": call.page}, **arguments
        )
    for page in pages:
        for item in page.get(key or call.key, ()):
            yield _without_secrets(item)


def _answer(client: BaseClient, call: Call) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = getattr(client, _method(call.operation))()
    return answer


def _method(operation: str) -> str:
    """'DescribeVpcs' -> 'describe_vpcs', as boto3 names it."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_secrets(each) for key, each in value.items() if key not in _SECRETS}
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    return value


def _named_prefix_lists(document: Mapping[str, Any]) -> set[str]:
    """Every prefix list that a rule, or a route that is not a gateway endpoint's, refers to."""
    rules = {each.get("PrefixListId") for each in document.get("SecurityGroupRules", ())}
    folded = {
        each["PrefixListId"]
        for group in document["SecurityGroups"]
        for key in ("IpPermissions", "IpPermissionsEgress")
        for permission in group.get(key, ())
        for each in permission.get("PrefixListIds", ())
    }
    routes = {
        route.get("DestinationPrefixListId")
        for table in document["RouteTables"]
        for route in table.get("Routes", ())
        if not route.get("GatewayId", "").startswith("vpce-")
    }
    return (rules | folded | routes) - {None}


def _denied(error: Exception) -> bool:
    return isinstance(error, ClientError) and _code(error) in _DENIED


def _refusal(call: Call, error: ClientError | ResponseParserError, client: BaseClient) -> str:
    """Why an answer may be done without. Raises ObserveError where it may not."""
    if isinstance(error, ResponseParserError):
        if _is_aws(client):
            raise ObserveError(f"{call.operation} got an answer that is not AWS's; try again")
        why = f"the endpoint does not implement {call.operation} ({call.permission})"
    elif _code(error) in _BAD_CREDENTIALS:
        raise ObserveError(
            f"AWS does not accept the credentials ({_code(error)}); renew them or set AWS_PROFILE"
        )
    elif _denied(error):
        why = f"{call.permission} is denied"
    elif _code(error) in _UNKNOWN:
        why = f"the endpoint does not implement {call.operation} ({call.permission})"
    else:
        raise ObserveError(f"{call.operation} failed: {_code(error)}: {_line(error)}")
    if call.core:
        raise ObserveError(
            f"{why}, and nothing can be judged without it; "
            "grant the read-only policy of docs/observe.md"
        )
    return why


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
