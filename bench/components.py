"""What components take beside the same resources written one by one, without an engine.

Both programs say the same to a monitor that answers at once. What the engine and AWS take for a
resource is beside both; that of a component itself the engine alone is asked for.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi.runtime import mocks

from bench.clock import best
from bench.written import fleet
from bulkhead.components.fabric import build
from bulkhead.intent.load import topology_of
from bulkhead.plan import plan


@dataclass(frozen=True)
class Registration:
    """A resource as a program asks for it: its class, its name, what it is to be."""

    kind: type[pulumi.CustomResource]
    name: str
    arguments: dict[str, Any]

    @property
    def id(self) -> str:
        return f"{self.name}-id"


class _Account(mocks.Mocks):
    """Gives every resource an id and what others refer to, and remembers it."""

    def __init__(self) -> None:
        self.resources: list[Registration] = []
        self.components = 0

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.custom:
            _, module, kind = args.typ.split(":")
            made = getattr(getattr(aws, module.partition("/")[0]), kind)
            arguments = {_snake(key): each for key, each in args.inputs.items()}
            self.resources.append(Registration(made, args.name, arguments))
        else:
            self.components += args.typ != STACK
        others = {"defaultNetworkAclId": "acl", "defaultRouteTableId": "rtb", "arn": _ARN}
        return f"{args.name}-id", {**others, **args.inputs}

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        raise AssertionError(f"nobody asks AWS here: {args.token}")


STACK = "pulumi:pulumi:Stack"
_ARN = "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc"


def _snake(word: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word).lower()


def components(services: int) -> tuple[int, int, float, float]:
    """How many resources a fleet has and how many components ask for them, and milliseconds with
    components and without."""
    planned = plan(topology_of("fleet.yaml", fleet(services).encode()))
    account = _ran(partial(build, planned))
    flat = account.resources
    one, other = partial(_ran, partial(build, planned)), partial(_ran, partial(_flat, flat))
    # By turns: what else the machine does is then in both.
    figures = [(best(one, times=1), best(other, times=1)) for _ in range(4)]
    ours, bare = (min(found) for found in zip(*figures, strict=True))
    return len(flat), account.components, ours, bare


def _flat(resources: list[Registration]) -> None:
    """The same, each referring to others by their outputs."""
    ids: dict[str, pulumi.Output[str]] = {}

    def linked(value: Any) -> Any:
        if isinstance(value, list):
            return [linked(each) for each in value]
        return ids.get(value, value) if isinstance(value, str) else value

    for each in resources:
        made = each.kind(each.name, **{key: linked(it) for key, it in each.arguments.items()})
        ids[each.id] = made.id


def _ran(program: Callable[[], object]) -> _Account:
    asyncio.set_event_loop(asyncio.new_event_loop())
    account = _Account()
    pulumi.runtime.set_mocks(account, project="bench", preview=False)

    async def whole() -> None:
        program()

    pulumi.runtime.test(whole)()
    return account
