"""What the tunnels of sites were given, as lines of a lock.

    "option exchange/1 logs": "cloudwatch",
    "option exchange/1 startup": "start",

AWS replaces the endpoint of a tunnel whose options change, so a change is made to one tunnel after
the other: these lines say how far it is. A tunnel without any has what every one is given.
(docs.aws.amazon.com/vpn/latest/s2svpn/endpoint-replacements.html)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import TypeAdapter, ValidationError

from bulkhead.intent.model import OPTIONS, TunnelOption, Tunnels

OptionsByTunnel = Mapping[tuple[str, int], Mapping[str, TunnelOption]]
"""By site and number of the tunnel, 1 or 2: its options, by their names in `Tunnels`."""

_BEGINS: Final = "option "
_KEYS: Final = {name.replace("_", "-"): name for name in OPTIONS}
_READ: Final = TypeAdapter(Tunnels)


def is_of_options(name: str) -> bool:
    """Whether a line is about an option of a tunnel."""
    return name.startswith(_BEGINS)


def option_lines(options: OptionsByTunnel) -> Iterator[tuple[str, object]]:
    """The lines that say it."""
    for (site, number), several in options.items():
        for name, value in several.items():
            yield f"{_BEGINS}{site}/{number} {name.replace('_', '-')}", value


def options_in(document: Mapping[str, object]) -> tuple[OptionsByTunnel, Mapping[str, str]]:
    """What the lines say, and what is wrong with those that say nothing."""
    found: dict[tuple[str, int], dict[str, TunnelOption]] = {}
    wrong: dict[str, str] = {}
    for line, value in document.items():
        if not is_of_options(line):
            continue
        tunnel, _, key = line.removeprefix(_BEGINS).partition(" ")
        site, _, number = tunnel.rpartition("/")
        option = _option(key, value)
        if site and number in ("1", "2") and option is not None:
            found.setdefault((site, int(number)), {})[_KEYS[key]] = option
        else:
            wrong[line] = f"{line!r} says nothing of a tunnel: {json.dumps(value)[:80]}"
    return found, wrong


def _option(key: str, value: object) -> TunnelOption | None:
    name = _KEYS.get(key)
    if name is None:
        return None
    try:
        return _READ.validate_python({name: value}).said.get(name)
    except ValidationError:
        return None
