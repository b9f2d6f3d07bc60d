"""How a rule is written down: a function, registered under the EC2 operations it concerns.

Three kinds. A *refusal* looks at a request before moto does and raises what AWS would answer, or
rewrites the request as AWS does. An *operation* takes the place of a moto operation that is
missing or wrong. An *amendment* mends the state or the answer afterwards.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.ec2.exceptions import EC2ClientError

# moto keeps its state in plain dictionaries: two calls at once would see half a change.
ONE_CALL_AT_A_TIME = threading.RLock()


@dataclass(frozen=True)
class Request:
    """One EC2 call: its name, its parameters under botocore's names, and moto's region state."""

    operation: str
    params: dict[str, Any]
    cloud: Any  # moto.ec2.models.EC2Backend, whose attributes moto does not type


Result = dict[str, Any]
Refusal = Callable[[Request], None]
Operation = Callable[[Request], Result]
Amendment = Callable[[Request, Result], None]

EVERY = "*"
"""Stands for every operation: a refusal that looks at what any request may hold."""

REFUSALS: dict[str, list[Refusal]] = defaultdict(list)
OPERATIONS: dict[str, Operation] = {}
AMENDMENTS: dict[str, list[Amendment]] = defaultdict(list)


def refuses(*operations: str) -> Callable[[Refusal], Refusal]:
    def register(rule: Refusal) -> Refusal:
        for operation in operations:
            REFUSALS[operation].append(rule)
        return rule

    return register


def answers(operation: str) -> Callable[[Operation], Operation]:
    def register(handler: Operation) -> Operation:
        OPERATIONS[operation] = handler
        return handler

    return register


def amends(*operations: str) -> Callable[[Amendment], Amendment]:
    def register(rule: Amendment) -> Amendment:
        for operation in operations:
            AMENDMENTS[operation].append(rule)
        return rule

    return register


def refusal(code: str, message: str) -> EC2ClientError:
    return EC2ClientError(code, message)


def invalid(message: str) -> EC2ClientError:
    return refusal("InvalidParameterValue", message)


def dependency(what: str) -> EC2ClientError:
    return refusal("DependencyViolation", f"{what} has dependencies and cannot be deleted.")
