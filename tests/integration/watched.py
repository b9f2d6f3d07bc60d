"""An AWS whose calls come one at a time, each looked at before the next one is let go.

The engine calls as ever, several at once. Of those that wait what denies goes first, and then what
arrived last: whatever depends on nothing comes in as bad an order as it may come in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

import boto3
import pytest

from bulkhead.network import Network
from bulkhead.observe.describe import convert
from bulkhead.observe.live.asking import Asked, Region
from local_aws import server
from local_aws.server import listener, serving, write_state
from tests.integration.conftest import Checkout

CHANGES = ("Create", "Delete", "Authorize", "Revoke", "Associate", "Disassociate", "Replace")
CHANGES += ("Modify", "Attach", "Detach", "Allocate", "Release")

Look = Callable[[str, Network], None]
"""What is done after a call, by its name, with what stands then; nobody else calls meanwhile."""


def changes_something(action: str) -> bool:
    return action.startswith(CHANGES) and not action.endswith("Tags")


@dataclass
class Watched:
    """Looks at what stands after every call that changes something."""

    checkout: Checkout
    before: dict[str, Any] = field(default_factory=dict)
    look: Look | None = None
    most_at_once: int = 0
    failed: Exception | None = None
    _waiting: list[tuple[bool, int]] = field(default_factory=list)
    _arrived: int = 0
    _busy: bool = False
    _turn: threading.Condition = field(default_factory=threading.Condition)

    def behind(self, inside: Any) -> Any:
        def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            asked = {
                name: each[0] for name, each in parse_qs(body.decode(errors="replace")).items()
            }
            action = asked.get("Action", "")
            if self.look is None or not changes_something(action):
                return inside(environ, start_response)
            with self._alone(denies=asked.get("RuleAction") == "deny"):
                answered = [*inside(environ, start_response)]
                self._look(action)
                return answered

        return answer

    @contextmanager
    def looking(self, look: Look) -> Iterator[None]:
        """Whatever goes wrong in a look is raised at the end: until then AWS answers."""
        self.before, self.failed, self.most_at_once = everything(self.checkout), None, 0
        self.look = look
        yield
        self.look = None
        if self.failed:
            raise self.failed

    def network(self) -> Network:
        """What stands now."""
        state = {**(self.before or everything(self.checkout)), **self._now()}
        return convert.network(state, region="eu-west-1", topology="trading", missing={})

    @contextmanager
    def _alone(self, *, denies: bool) -> Iterator[None]:
        with self._turn:
            self._arrived += 1
            mine = denies, self._arrived
            self._waiting.append(mine)
            self.most_at_once = max(self.most_at_once, len(self._waiting))
            self._turn.wait_for(lambda: not self._busy and max(self._waiting) == mine)
            self._waiting.remove(mine)
            self._busy = True
        try:
            yield
        finally:
            with self._turn:
                self._busy = False
                self._turn.notify_all()

    def _look(self, action: str) -> None:
        if self.look is not None and self.failed is None:
            try:
                self.look(action, self.network())
            except Exception as error:
                self.failed = error  # raised where the update ends

    def _now(self) -> dict[str, Any]:
        """What an update changes, as a caller is told it."""
        ec2 = self.checkout.ec2
        return {
            "Subnets": ec2.describe_subnets()["Subnets"],
            "NetworkAcls": ec2.describe_network_acls()["NetworkAcls"],
            "RouteTables": ec2.describe_route_tables()["RouteTables"],
            "SecurityGroups": ec2.describe_security_groups()["SecurityGroups"],
            "SecurityGroupRules": ec2.describe_security_group_rules()["SecurityGroupRules"],
            "NetworkInterfaces": ec2.describe_network_interfaces()["NetworkInterfaces"],
        }


@contextmanager
def watched(checkout: Checkout) -> Iterator[Watched]:
    """The local AWS of a checkout, in this process."""
    found = Watched(checkout)
    with pytest.MonkeyPatch.context() as patch:
        moto = server.DomainDispatcherApplication
        patch.setattr(server, "DomainDispatcherApplication", lambda of: found.behind(moto(of)))
        with listener(checkout.port) as bound, serving(checkout.root, bound) as application:
            write_state(application.place, application.said())
            yield found


def everything(checkout: Checkout) -> dict[str, Any]:
    """All that an account answers."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, checkout.environment[name])
        asked = Asked(Region(boto3.Session(), "eu-west-1"))
        asked.everything()
    return asked.document
