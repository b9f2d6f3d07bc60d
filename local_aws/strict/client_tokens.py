"""A request that carries a client token is done once, however often it is sent.

https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final, TypeVar

from local_aws.strict.rules import Request, invalid, refusal

LONGEST: Final = 64  # ASCII characters
NOT_HELD_AGAINST: Final = ("ClientToken", "AvailabilityZone", "AvailabilityZoneId")
Answer = TypeVar("Answer")


def once(request: Request, work: Callable[[], Answer]) -> Answer:
    """The answer of `work`, or the one that a request with this token has had already.

    Raises IdempotentParameterMismatch where that one said something else. What was refused
    had no effect, so its token may be sent again.
    """
    token = request.params.get("ClientToken")
    if not token:
        return work()
    if len(token) > LONGEST or not token.isascii():
        raise invalid(f"Invalid value for clientToken: at most {LONGEST} ASCII characters.")
    # With moto's own state of the Region, so that a reset empties it too.
    answered: dict[tuple[str, str], tuple[str, Answer]] = vars(request.cloud).setdefault(
        "answered_client_tokens", {}
    )
    said = fingerprint(request.params)
    held = answered.get((request.operation, token))
    if held is None:
        answer = work()
        answered[request.operation, token] = (said, answer)
        return answer
    if held[0] != said:
        raise refusal(
            "IdempotentParameterMismatch",
            f"The client token {token} was sent with other parameters before.",
        )
    return held[1]


def fingerprint(params: dict[str, Any]) -> str:
    told = {key: value for key, value in params.items() if key not in NOT_HELD_AGAINST}
    return json.dumps(told, sort_keys=True, default=str)
