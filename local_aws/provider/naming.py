"""Names and defaults that Check fills in, stable from one run to the next."""

from __future__ import annotations

import json
import random
from typing import Any

from pulumi.runtime.proto import provider_pb2

from local_aws.provider.documents import policy
from local_aws.provider.table import Kind
from local_aws.wire import UNKNOWN, Properties, Secret, has_secret, has_unknown, plain

SUFFIX = 7  # hexadecimal digits, as the real provider
MANAGED = "Managed by Pulumi"


def named(
    kind: Kind, olds: Properties, news: Properties, request: Any
) -> tuple[Properties, dict[str, str]]:
    """The inputs with a name, if the type has names and the program gave none.

    The old name is taken again: a new one at each run would replace the resource each time.
    """
    inputs = {name: value for name, value in news.items() if name != "__defaults"}
    problems: dict[str, str] = {}
    filled: list[str] = []
    key = kind.autonamed
    if key is not None and inputs.get(key) is None:
        old_fills = olds.get("__defaults", [])
        if olds.get(key) is not None and key in old_fills:
            inputs[key] = olds[key]
            filled.append(key)
        elif request.HasField("autonaming"):
            options = provider_pb2.CheckRequest.AutonamingOptions
            if request.autonaming.mode == options.DISABLE:
                problems[key] = "automatic naming is disabled: give a name"
            else:
                inputs[key] = request.autonaming.proposed_name
                filled.append(key)
        else:
            inputs[key] = new_name(resource_name(request), bytes(request.randomSeed))
            filled.append(key)
    for prop in kind.properties:
        # What Pulumi itself defaults shows in the inputs; what AWS defaults does not.
        if prop.default == MANAGED and plain(inputs.get(prop.name)) is None:
            inputs[prop.name] = MANAGED
            filled.append(prop.name)
        if prop.canonical is policy and isinstance(plain(inputs.get(prop.name)), dict):
            inputs[prop.name] = written(inputs[prop.name])
    inputs["__defaults"] = sorted(filled)
    return inputs, problems


def written(document: Any) -> Any:
    """A policy that the program gives as an object is, from here on, what AWS is sent."""
    if has_unknown(document):
        return UNKNOWN
    text = json.dumps(plain(document), separators=(",", ":"))
    return Secret(text) if has_secret(document) else text


def resource_name(request: Any) -> str:
    return str(request.name or request.urn.split("::")[-1])


def new_name(base: str, seed: bytes) -> str:
    # The engine's seed makes the preview and the update that follows it agree.
    source = random.Random(seed) if seed else random.SystemRandom()  # noqa: S311 - a name
    return f"{base}-" + "".join(source.choice("0123456789abcdef") for _ in range(SUFFIX))
