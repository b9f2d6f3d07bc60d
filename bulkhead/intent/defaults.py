"""What is left out is filled in before anything is judged, with the place of the default.

The nearest wins: what is written, the defaults of the segment, of the file, of the files that
include it. A mistake in a default is told once, at the default.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from bulkhead.intent.complaints import Complain, Complaints
from bulkhead.intent.document import MOST_VALUES, FileLine, KeyPath, YamlNode
from bulkhead.intent.including import FilePart, Gathered
from bulkhead.intent.mechanisms import Mechanism
from bulkhead.intent.sockets import SocketType
from bulkhead.intent.written import WrittenDefaults, WrittenSegmentDefaults
from bulkhead.intent.written.fields import Written
from bulkhead.intent.written.reading import read, refuse_empty_values, set_all_aside
from bulkhead.intent.written.service import OF_HOSTS

_SECTIONS: Final = {"segment": "segments", "site": "sites", "service": "services"}


@dataclass(frozen=True, slots=True)
class _Default:
    value: Any
    """None where it could not be read, so that the rules stay silent on it."""
    node: YamlNode
    place: FileLine


_ByKey = Mapping[str, _Default]
_ByKind = Mapping[str, _ByKey]


def fill_in(
    data: Any, places: dict[KeyPath, FileLine], gathered: Gathered, complain: Complaints
) -> None:
    """Give everything in `data` the keys that it leaves out, and `places` where they are written.

    `data` has lost its empty values already; it loses the defaults of its segments.
    """
    if not isinstance(data, dict):
        return
    levels = _Levels(data, gathered, complain)
    values = 0
    for kind, path, thing, segment in _things(data):
        file = places[path].file
        for key, default in levels.of(kind, file, segment).items():
            if key not in thing and _fits(kind, thing, key, default.value):
                values += default.node.size
                if values > MOST_VALUES:
                    what = f"all that defaults fill in is more than {MOST_VALUES} values"
                    complain(path, f"up to here {what}", "write shorter defaults")
                    return
                thing[key] = deepcopy(default.value)
                places[*path, key] = default.place
                places.update(default.node.places((*path, key)))


_Thing = tuple[str, KeyPath, dict[str, Any], str | None]


def _things(data: Mapping[str, Any]) -> Iterator[_Thing]:
    """Kind, path and keys of everything that takes defaults, and the segment that it is in."""
    for kind, section in _SECTIONS.items():
        for name, thing in _mappings(data.get(section)):
            segment = thing.get("segment") if kind == "service" else None
            segment = segment if isinstance(segment, str) else None
            yield kind, (section, name), thing, segment
            for socket, inside in _mappings(thing.get("sockets")):
                yield "socket", (section, name, "sockets", socket), inside, segment


def _mappings(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield from ((name, each) for name, each in value.items() if isinstance(each, dict))


class _Levels:
    """The defaults of every file and of every segment, each read once."""

    def __init__(self, data: Mapping[str, Any], gathered: Gathered, complain: Complaints) -> None:
        self.parts = gathered.parts
        self.files = {
            file: _of_file(part, gathered, complain) for file, part in gathered.parts.items()
        }
        self.segments = dict(_of_segments(data, gathered.root, complain))
        self.of = cache(self._of)

    def _of(self, kind: str, file: str, segment: str | None) -> _ByKey:
        levels = [self.files[each] for each in reversed(list(self._around(file)))]
        levels.append(self.segments.get(segment or "", {}))
        return {key: each for level in levels for key, each in level.get(kind, {}).items()}

    def _around(self, file: str) -> Iterator[str]:
        part: FilePart | None = self.parts[file]
        while part is not None:
            yield part.file
            part = part.within


def _of_file(part: FilePart, gathered: Gathered, complain: Complaints) -> _ByKind:
    node = part.defaults
    if node is None:
        return {}
    whole = FileLine(part.file, node.place.line)
    inside = complain.among(node.places(("defaults",)), whole)
    held = {"defaults": node.plain()}
    refuse_empty_values(held, inside)
    set_all_aside(held, gathered.unreadable)
    return _read(held["defaults"], node, WrittenDefaults, inside, ("defaults",))


def _of_segments(
    data: Mapping[str, Any], root: YamlNode, complain: Complain
) -> Iterator[tuple[str, _ByKind]]:
    for name, segment in _mappings(data.get("segments")):
        if segment.get("defaults") is not None:
            node = root.mapping["segments"].mapping[name].mapping["defaults"]
            at = ("segments", name, "defaults")
            held = segment.pop("defaults")
            yield name, _read(held, node, WrittenSegmentDefaults, complain, at)


def _read(
    held: Any, node: YamlNode, shape: type[Written], complain: Complain, at: KeyPath
) -> _ByKind:
    if held is None or read(shape, held, complain, at) is None:
        return {}
    return {
        kind: {
            key: _Default(
                value, node.mapping[kind].mapping[key], node.mapping[kind].key_places[key]
            )
            for key, value in keys.items()
        }
        for kind, keys in _mappings(held)
    }


def _fits(kind: str, thing: Mapping[str, Any], key: str, value: Any) -> bool:
    """Whether a default is one for this thing: no mechanism of ZeroMQ for a TCP socket, no TLS
    for any other; and nothing of hosts for a function, which has none."""
    if kind == "service" and thing.get("runs-on") == "lambda":
        return key not in OF_HOSTS
    if kind != "socket" or key not in ("mechanism", "zap"):
        return True
    tls = key == "mechanism" and value == Mechanism.TLS
    return str(thing.get("type")) not in (_OTHERS_THAN_TCP if tls else _RAW)


_RAW: Final = frozenset(str(each) for each in SocketType if not each.speaks_zmtp)
_OTHERS_THAN_TCP: Final = frozenset(
    str(each) for each in SocketType if each.speaks_zmtp or "tcp" not in each.transports
)
