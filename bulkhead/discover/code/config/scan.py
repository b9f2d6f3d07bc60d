"""Endpoints and published ports in configuration, joined to the code that reads them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from bulkhead.discover.code.config.keys import ConfigKey, keys_of, kind_of
from bulkhead.discover.code.files import Walked, shown, source_of
from bulkhead.discover.code.found import (
    CodePlace,
    EndInCode,
    EndpointInConfig,
    SkippedFile,
    SkipReason,
    SocketInCode,
)
from bulkhead.discover.code.parts import OpenKind

_ENDPOINT: Final = re.compile(
    r"(?<![\w+.])[@>]?(?:tcp|ipc|inproc|ws|wss|udp|e?pgm|norm|tipc)://[^\s\"'`,;<>()\]]+"
)
_SELDOM: Final = re.compile(r"(?:wss?|udp)://")
"""What other protocols say far more often: told where code asks for it, or has such an end."""
_PUBLISHES: Final = re.compile(
    r"(^|\.)(ports|expose|EXPOSE|containerPort|hostPort|port|targetPort|nodePort|ListenStream)$"
)
_PORTS: Final = re.compile(r"(?<![\d.])(\d{2,5})(?:-(\d{2,5}))?(?![\d.])")
_NOT_ZMQ: Final = re.compile(
    r"docker|mqtt|postgres|mysql|redis|amqp|rabbit|mongo|kafka|nats|php_fpm|fcgi|syslog|statsd|buildkit"
    r"|gelf|fluent|graphite|jdbc|clickhouse|memcache|graylog|zookeeper|modbus|announce",
    re.IGNORECASE,
)
_SECRET: Final = re.compile(
    r"secret|passw|token|private|credential|api_?key|_key$|^key$", re.IGNORECASE
)
_CREDENTIALS: Final = re.compile(r"(?<=://)[^/@\s]+@(?=[^@/])")
_QUERY: Final = re.compile(r"(?i)([?&;][\w.-]*(?:secret|passw|token|key)[\w.-]*=)[^&;\s]+")
_KEY: Final = re.compile(r"(?<![\w/])[0-9A-Za-z.\-:+=^!/*?&<>()\[\]{}@%$#]{40}(?![\w/])")
"""A CURVE key in Z85 (rfc.zeromq.org/spec/32): 40 of these."""
_LONGEST: Final = 200


def is_config(path: Path) -> bool:
    """Whether a file configures programs, by its name."""
    return kind_of(path.name) is not None


def configured(
    files: Iterable[Path], sockets: list[SocketInCode], walked: Walked, counted: Counter[str]
) -> list[EndpointInConfig]:
    """What configures the sockets, by file and line; nothing where no code has any."""
    if not sockets:
        return []
    readers = _Readers(sockets)
    found: list[EndpointInConfig] = []
    for path in files:
        kind = kind_of(path.name)
        data = source_of(path, walked)
        if kind is None or data is None:
            continue
        counted[kind] += 1
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            walked.skipped.append(SkippedFile(shown(path), SkipReason.ENCODING))
            continue
        file = shown(path)
        told: dict[tuple[int, str], EndpointInConfig] = {}
        for key in keys_of(kind, text):
            for each in _of_key(key, kind, file, readers):
                told.setdefault((each.place.line, each.text), each)
        found += sorted(told.values(), key=lambda each: each.place)
    return found


def _of_key(key: ConfigKey, kind: str, file: str, readers: _Readers) -> Iterator[EndpointInConfig]:
    place = CodePlace(file, key.line)
    reads = readers.of(key)
    if not _NOT_ZMQ.search(f"{key.path} {key.value}"):
        for match in _ENDPOINT.finditer(key.value):
            text = masked(match[0].lstrip("@>"))
            ports = tuple(int(each) for each in re.findall(r":(\d{1,5})(?:$|/)", text))
            if _SELDOM.match(text) and not reads and not readers.speak(text.partition(":")[0]):
                continue
            yield EndpointInConfig(
                place=place,
                kind=kind,
                key=key.path,
                text=text,
                ports=ports,
                read_by=reads or readers.at(ports),
            )
    if reads and not _ENDPOINT.search(key.value):
        value = "(not shown)" if _SECRET.search(key.name) else masked(key.value)[:_LONGEST]
        ports = (int(value),) if value.isdecimal() and len(value) < 6 else ()
        yield EndpointInConfig(
            place=place, kind=kind, key=key.path, text=value, ports=ports, read_by=reads
        )
    if _PUBLISHES.search(key.path) and len(key.value) < 60:
        ports = tuple(dict.fromkeys(_each_port(key.value)))
        by = readers.at(ports)
        if by:
            yield EndpointInConfig(
                place=place,
                kind=f"{kind}, published",
                key=key.path,
                text=key.value.strip(),
                ports=ports,
                read_by=by,
            )


def _each_port(text: str) -> Iterator[int]:
    for match in _PORTS.finditer(text.partition("/")[0]):
        first, last = int(match[1]), int(match[2] or match[1])
        if first <= last <= 65535 and last - first < 256:
            yield from range(first, last + 1)


def masked(text: str) -> str:
    """Without names and passwords, keys of CURVE and what is called a secret."""
    text = _QUERY.sub(r"\1…", _CREDENTIALS.sub("…@", text))
    return _KEY.sub("(a key)", text) if "://" not in text[:8] else text


class _Readers:
    """The places in code that ask for a key, a variable or an option, and those of each port."""

    def __init__(self, sockets: Iterable[SocketInCode]) -> None:
        self._by_word: dict[str, list[tuple[OpenKind, str, CodePlace]]] = {}
        self._by_port: dict[int, list[CodePlace]] = {}
        self._schemes: set[str] = set()
        for socket in sockets:
            for end in socket.ends:
                self._add(end)

    def _add(self, end: EndInCode) -> None:
        for part in end.open_parts:
            if part.kind in (OpenKind.KEY, OpenKind.ENVIRONMENT, OpenKind.ARGUMENT):
                word = _word(part.source.rpartition(".")[2])
                self._by_word.setdefault(word, []).append((part.kind, part.source, end.place))
        self._schemes.add(end.text.partition("://")[0])
        match = re.search(r":(\d{1,5})(?:$|/)", end.default or end.text)
        if match and end.side == "bind":
            self._by_port.setdefault(int(match[1]), []).append(end.place)

    def of(self, key: ConfigKey) -> tuple[CodePlace, ...]:
        """Who asks for it: of a variable by its very name, of a key by its path's end."""
        found: dict[CodePlace, None] = {}
        for kind, source, place in self._by_word.get(_word(key.name), ()):
            if kind is OpenKind.ENVIRONMENT and source != key.name:
                continue
            if kind is OpenKind.KEY and "." in source:
                wanted = [_word(each) for each in source.split(".")]
                had = [_word(each) for each in key.path.split(".")]
                if len(had) > 1 and not _ends_alike(had, wanted):
                    continue
            if kind is OpenKind.ARGUMENT and len(source.lstrip("-")) < 4:
                continue
            found[place] = None
        return tuple(found)

    def speak(self, scheme: str) -> bool:
        """Whether a socket has an end of this transport."""
        return scheme in self._schemes

    def at(self, ports: Iterable[int]) -> tuple[CodePlace, ...]:
        """Who binds one of these ports."""
        return tuple(
            dict.fromkeys(place for port in ports for place in self._by_port.get(port, ()))
        )


def _ends_alike(had: list[str], wanted: list[str]) -> bool:
    shorter = min(len(had), len(wanted), 2)
    return had[-shorter:] == wanted[-shorter:]


def _word(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
