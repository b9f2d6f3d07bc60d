"""What people may write for SOURCE, and the Network it stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bulkhead import observe
from bulkhead.network import Network
from bulkhead.plan import Plan
from bulkhead.plan.files import locked_plan
from bulkhead.problems import InputError, Problem

_ACCOUNT = re.compile(r"aws(?::(?P<region>[a-z0-9-]+))?")
_FORMS = "name a topology (.yaml), a `pulumi stack export` (.json), aws, or aws:REGION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A Network, what it was read from, and the plan if it was planned here."""

    label: str
    network: Network
    plan: Plan | None = None


def open_source(text: str, *, topology: str | None = None) -> Source:
    """The network that SOURCE stands for.

    With `topology`, only what was built for the topology of that name.
    Raises InputError or observe.ObserveError.
    """
    account = _ACCOUNT.fullmatch(text)
    path = Path(text)
    if account and not path.exists():
        network = observe.account(account["region"], topology=topology)
        return Source(label=text, network=network)
    if not path.exists():
        raise InputError([Problem(text, 0, "there is no such file", _FORMS)])
    if path.suffix in (".yaml", ".yml"):
        planned = locked_plan(path, write=False)
        return Source(label=text, network=planned.network, plan=planned)
    if path.suffix == ".json":
        network = observe.state(path, topology=topology)
        return Source(label=text, network=network)
    raise InputError([Problem(text, 0, "is not a source", _FORMS)])
