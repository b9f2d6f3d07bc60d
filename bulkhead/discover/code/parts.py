"""What a text in a program is made of: parts that are known, and parts that are open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias


class OpenKind(StrEnum):
    """Who decides what stands in an open part."""

    ARGUMENT = "argument"
    ENVIRONMENT = "environment"
    KEY = "key"
    PARAMETER = "parameter"
    CHOSEN = "chosen"
    UNRESOLVED = "unresolved"


_SAID: Final = {
    OpenKind.ARGUMENT: "from argument {}",
    OpenKind.ENVIRONMENT: "from environment variable {}",
    OpenKind.KEY: "from key {}",
    OpenKind.PARAMETER: "parameter {}",
    OpenKind.CHOSEN: "{}",
    OpenKind.UNRESOLVED: "{} cannot be told by reading",
}


@dataclass(frozen=True, slots=True)
class KnownPart:
    text: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class OpenPart:
    """What only a running program knows.

    `name` is how the code calls it; `source` what decides it: '--port', 'ZMQ_HOST',
    'zmq.endpoint', 'host of serve'. `default` is what it is where nobody decides, `None` where
    there is none or it cannot be told.
    """

    name: str
    kind: OpenKind
    source: str
    default: str | None = None

    @property
    def said(self) -> str:
        """'port, from argument --port, default 5556'."""
        told = _SAID[self.kind].format(self.source)
        default = f", default {self.default}" if self.default is not None else ""
        before = f"{self.name}, " if self.kind is not OpenKind.UNRESOLVED else ""
        return f"{before}{told}{default}"


Part: TypeAlias = KnownPart | OpenPart
Parts: TypeAlias = tuple[Part, ...]


def joined(parts: Parts) -> Parts:
    """The same text in the fewest parts."""
    found: list[Part] = []
    for each in parts:
        last = found[-1] if found else None
        if isinstance(each, KnownPart) and isinstance(last, KnownPart):
            found[-1] = KnownPart(last.text + each.text)
        elif not isinstance(each, KnownPart) or each.text or len(parts) == 1:
            found.append(each)
    return tuple(found)


def template(parts: Parts) -> str:
    """'tcp://*:{port}'."""
    return "".join(
        each.text if isinstance(each, KnownPart) else f"{{{each.name}}}" for each in parts
    )


def by_default(parts: Parts) -> str | None:
    """What it is where nobody decides otherwise; None where that cannot be told."""
    texts = [each.text if isinstance(each, KnownPart) else each.default for each in parts]
    return None if any(each is None for each in texts) else "".join(each or "" for each in texts)


def start(parts: Parts) -> str:
    """The known text that it begins with."""
    return parts[0].text if parts and isinstance(parts[0], KnownPart) else ""
