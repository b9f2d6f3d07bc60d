"""AWS as the kinds of resources see it: calls by name, arguments coerced to botocore's types."""

from __future__ import annotations

import copy
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from botocore.parsers import ResponseParserError

from local_aws.provider.answers import Answer
from local_aws.provider.refusals import Refused, Unsure

Arguments = Mapping[str, Any]
ATTEMPTS: Final = 4
PAUSE = 0.05  # seconds before the second attempt; each further one waits twice as long
ANSWER_SECONDS = 60.0  # botocore's own; a call without an answer by then may have taken effect
Result = TypeVar("Result")
THROTTLED: Final = ("RequestLimitExceeded", "Throttling", "ThrottlingException")
"""docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html: some come as a 400."""
READS: Final = ("describe_", "get_", "list_", "search_")
GONE: Final = ("deleted", "deleting", "delete-complete")


def patiently(work: Callable[[int], Result]) -> Result:
    """The result of `work(attempt)`, tried again while it is unsure; the last Unsure goes on."""
    for attempt in range(ATTEMPTS - 1):
        try:
            return work(attempt)
        except Unsure:
            time.sleep(PAUSE * 2**attempt)
    return work(ATTEMPTS - 1)


@dataclass(frozen=True)
class Settings:
    """What the stack's config says of the provider."""

    region: str
    endpoint: str
    access_key: str
    secret_key: str
    default_tags: Mapping[str, str] = field(default_factory=dict)


# Shared, because a session reads the model of EC2 (2 MB) once; made under a lock, because boto3
# says that making clients is not thread-safe.
_SESSION: Any = boto3.session.Session()
_MAKING_CLIENTS = threading.Lock()


class Aws:
    """One region of one account behind one endpoint."""

    def __init__(self, settings: Settings, region: str) -> None:
        self.region = region
        # botocore would create twice when an answer is lost: what to try again is said here.
        config = Config(
            retries={"total_max_attempts": 1},
            connect_timeout=10,
            read_timeout=ANSWER_SECONDS,
            max_pool_connections=32,
            # A bucket's name in the host would have to be resolved; in the path it need not.
            s3={"addressing_style": "path"},
        )
        self._named: dict[str, Any] = {
            "region_name": region,
            "endpoint_url": settings.endpoint,
            "aws_access_key_id": settings.access_key,
            "aws_secret_access_key": settings.secret_key,
            "config": config,
        }
        self._endpoint = settings.endpoint
        self._clients: dict[str, Any] = {}
        self._account: str | None = None
        self._token: str | None = None

    def client(self, service: str) -> Any:
        """Made when first asked for: most stacks use EC2 alone."""
        with _MAKING_CLIENTS:
            if service not in self._clients:
                self._clients[service] = _SESSION.client(service, **self._named)
            return self._clients[service]

    @property
    def token(self) -> str:
        """What makes one creation one, however often it is sent."""
        return self._token or uuid.uuid4().hex

    def once(self, token: str) -> Aws:
        """The same, where each call that takes a client token carries this one: sent again, it
        has the effect and the answer of the first time
        (docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html)."""
        with_token = copy.copy(self)
        with_token._token = token
        return with_token

    @property
    def account(self) -> str:
        if self._account is None:
            self._account = str(self.call("get_caller_identity", service="sts")["Account"])
        return self._account

    def arn(self, kind: str, name: str) -> str:
        return f"arn:aws:ec2:{self.region}:{self.account}:{kind}/{name}"

    def call(
        self,
        operation: str,
        *,
        service: str = "ec2",
        also: Arguments | None = None,
        **arguments: Any,
    ) -> Answer:
        """AWS's answer. Raises Refused, or Unsure; what only reads is asked again before that.

        `also` are arguments that are called as one of ours is.
        """
        arguments |= also or {}
        if operation.startswith(READS):
            return patiently(lambda _: self._called(operation, service, arguments))
        return self._called(operation, service, arguments)

    def _called(self, operation: str, service: str, arguments: Arguments) -> Answer:
        client = self.client(service)
        name = client.meta.method_to_api_mapping[operation]
        shape = client.meta.service_model.operation_model(name).input_shape
        given = {key: value for key, value in arguments.items() if value is not None}
        if self._token is not None and shape is not None and "ClientToken" in shape.members:
            given["ClientToken"] = self._token
        try:
            return Answer(getattr(client, operation)(**coerced(given, shape)), name)
        except ClientError as error:
            said = error.response["Error"]
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            kind = Unsure if status >= 500 or said.get("Code") in THROTTLED else Refused
            raise kind(said.get("Code", ""), f"{operation}: {said.get('Message', '')}") from None
        except ParamValidationError as error:
            raise Refused("InvalidParameter", f"{operation}: {error}") from None
        except ResponseParserError:
            raise Unsure("InternalError", f"{operation} was not answered as AWS answers") from None
        except BotoCoreError as error:
            said_so = f"{operation}: no answer from {self._endpoint}: {error}"
            raise Unsure(type(error).__name__, said_so) from None

    def listed(
        self, operation: str, path: str, *, service: str = "ec2", **arguments: Any
    ) -> list[Answer]:
        found = self.call(operation, service=service, **arguments).get(path, [])
        return list(found)

    def one(
        self, operation: str, path: str, *, service: str = "ec2", **arguments: Any
    ) -> Answer | None:
        """The object, or None if AWS says, in either of its two ways, that there is none."""
        try:
            found = self.listed(operation, path, service=service, **arguments)
        except Refused as refused:
            if refused.not_found:
                return None
            raise
        living = [each for each in found if each.get("State") not in GONE]
        return living[0] if living else None

    def found(
        self, operation: str, field: str, *, service: str = "ec2", **arguments: Any
    ) -> Answer | None:
        """The one object that such an answer holds, or None where AWS says that it is not there."""
        try:
            held: Answer = self.call(operation, service=service, **arguments)[field]
        except Refused as refused:
            if refused.not_found:
                return None
            raise
        return held

    def whole(self, operation: str, *, service: str, **arguments: Any) -> Answer | None:
        """An answer that is the object, or None where AWS says that it is not there."""
        try:
            return self.call(operation, service=service, **arguments)
        except Refused as refused:
            if refused.not_found:
                return None
            raise

    def gone(self, operation: str, *, service: str = "ec2", **arguments: Any) -> None:
        """Delete, where an object that is not there counts as deleted."""
        try:
            self.call(operation, service=service, **arguments)
        except Refused as refused:
            if not refused.not_found:
                raise


def filters(**named: str | Iterable[str]) -> list[dict[str, Any]]:
    return [
        {
            "Name": name.replace("__", ".").replace("_", "-"),
            "Values": [value] if isinstance(value, str) else list(value),
        }
        for name, value in named.items()
    ]


def coerced(value: Any, shape: Any) -> Any:
    """The value in the type that botocore wants there: a program may say "65000" or 65000."""
    if shape is None or value is None:
        return value
    kind = shape.type_name
    if kind == "structure" and isinstance(value, Mapping):
        return {key: coerced(item, shape.members.get(key)) for key, item in value.items()}
    if kind == "list" and isinstance(value, list):
        return [coerced(item, shape.member) for item in value]
    return scalar(value, kind)


def scalar(value: Any, kind: str) -> Any:
    if kind in ("integer", "long") and isinstance(value, str) and value.lstrip("-").isdecimal():
        return int(value)
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    if kind == "string" and isinstance(value, (int, float)):
        return str(value)
    return value
