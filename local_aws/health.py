"""Who answers at an address: the local AWS of this folder, another one, a stranger, nobody."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_aws.door import HEALTH, KEY_HEADER, OWN, read_token
from local_aws.place import HOST, Place

SERVICE = "bulkhead-local-aws"
RESET = f"{OWN}reset"
STOP = f"{OWN}stop"
SWEEP = f"{OWN}sweep"
VERSION = 4  # of what this endpoint says and takes
TIMEOUT = 10.0  # it answers in milliseconds, unless the machine is very busy
PATIENCE = 5.0
TELL_TIMEOUT = 120.0  # a sweep waits for the calls of a killed run, and deletes


@dataclass(frozen=True)
class Health:
    """What the local AWS says of itself."""

    instance: str  # made at boot and at each reset: the same instance still holds what was made
    pid: int
    provider_port: int
    endpoint: str  # where its providers work: its own address, or somebody else's emulator


class Stranger(Exception):
    """Something else answers at the address."""


def health(place: Place) -> Health | None:
    """What the local AWS at this address says, None if nobody listens; Stranger otherwise.

    A server that is about to end may take a connection and drop it: that is asked again.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return asked(place)
        except (ConnectionError, http.client.BadStatusLine):
            if time.monotonic() > deadline:
                raise Stranger(strange(place)) from None
            time.sleep(0.05)


def asked(place: Place) -> Health | None:
    connection = http.client.HTTPConnection(HOST, place.port, timeout=TIMEOUT)
    try:
        connection.request("GET", HEALTH)
        answer = connection.getresponse()
        said: Any = json.loads(answer.read(65536))
    except ConnectionRefusedError:
        return None
    except (TimeoutError, ValueError):
        raise Stranger(strange(place)) from None
    finally:
        connection.close()
    return recognised(place, said)


def recognised(place: Place, said: Any) -> Health:
    if not isinstance(said, dict) or said.get("service") != SERVICE:
        raise Stranger(strange(place))
    if said.get("version") != VERSION:
        raise Stranger(
            f"the local AWS at {place.address} is of another version of this project:"
            " stop it there, and start it here"
        )
    if Path(said["root"]) != place.root.resolve():
        raise Stranger(
            f"the local AWS at {place.address} belongs to {said['root']}: stop it there"
            " (python -m local_aws stop), or use another port"
        )
    return Health(said["instance"], said["pid"], said["provider_port"], said["endpoint"])


def strange(place: Place) -> str:
    return (
        f"port {place.port} is taken by something that is not the local AWS (another emulator?):"
        " stop it, or choose another port in aws:endpoints of Pulumi.<stack>.yaml"
    )


def tell(place: Place, path: str, content: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A request for a change, with the token that shows that it may ask: RESET, STOP, SWEEP."""
    connection = http.client.HTTPConnection(HOST, place.port, timeout=TELL_TIMEOUT)
    head = {KEY_HEADER: read_token(place.token_file), "Content-Type": "application/json"}
    try:
        connection.request("POST", path, body=json.dumps(content or {}), headers=head)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status == 403:
        raise Stranger(
            f"the local AWS at {place.address} does not know the token in {place.token_file}:"
            " it was started by another user, or its files were removed under it"
        )
    if answer.status != 200:
        raise Stranger(strange(place))
    said: dict[str, Any] = json.loads(body)
    return said
