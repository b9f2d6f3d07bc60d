"""Sockets as Bulkhead plans them: pyzmq and the standard library, to copy into a program.

    settings = from_environment()                          # bulkhead endpoints … --format env
    settings = from_json(Path("ticker.json"))              # … --format json --replica 1
    with sockets_of(settings, keys=Path("/run/keys")) as opened:
        opened["ticks"].send(b"EURUSD 1.08")

`keys` holds the certificates of zmq.auth under the names of their references:
secret:bulkhead/sample/ticker/ticks#public is bulkhead/sample/ticker/ticks.key in it, #secret
ticks.key_secret beside that. Fill it from whatever keeps your secrets, for this program its own
pair and the public keys that it is told of.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import zmq
import zmq.auth
from zmq.auth.thread import ThreadAuthenticator


@dataclass(frozen=True, kw_only=True)
class SocketSettings:
    """One socket: `connect` are endpoints, each with a reference to its server's key or ''."""

    type: str
    mechanism: str = "NULL"
    zap: bool = False
    bind: tuple[str, ...] = ()
    connect: tuple[tuple[str, str], ...] = ()
    secret_key: str = ""
    client_keys: tuple[str, ...] = ()
    options: Mapping[str, int | str] = field(default_factory=dict)


def from_environment(variables: Mapping[str, str] = os.environ) -> dict[str, SocketSettings]:
    """What `bulkhead endpoints TOPOLOGY --service S --replica N --format env` prints."""

    def words(name: str) -> list[str]:
        said = variables.get(f"BULKHEAD_{name}", "")
        return said.split(",") if said else []

    found = {}
    for socket in words("SOCKETS"):
        stem = "".join(each if each.isalnum() else "_" for each in socket.upper())
        connect = words(f"{stem}_CONNECT")
        options = dict(each.split("=", 1) for each in words(f"{stem}_OPTIONS"))
        found[socket] = SocketSettings(
            type=variables[f"BULKHEAD_{stem}_TYPE"],
            mechanism=variables.get(f"BULKHEAD_{stem}_MECHANISM", ""),
            zap=variables.get(f"BULKHEAD_{stem}_ZAP") == "1",
            bind=tuple(words(f"{stem}_BIND")),
            connect=tuple(
                zip(connect, words(f"{stem}_SERVER_KEYS") or [""] * len(connect), strict=True)
            ),
            secret_key=variables.get(f"BULKHEAD_{stem}_SECRET_KEY", ""),
            client_keys=tuple(words(f"{stem}_CLIENT_KEYS")),
            options={key: int(text) if text.isdecimal() else text for key, text in options.items()},
        )
    return found


def from_json(path: Path) -> dict[str, SocketSettings]:
    """What `--format json` prints of one replica, or of a site."""
    document = json.loads(path.read_text())
    if len(document["replicas"]) > 1:
        raise SystemExit(f"{path} is of several replicas: print it with --replica N")
    for name, socket in document["sockets"].items():
        for each in (*socket["bind"], *socket["connect"]):
            if each["endpoint"] is None:
                raise SystemExit(f"{name}: {each['why']}")
    return {
        name: SocketSettings(
            type=socket["type"],
            mechanism=socket["mechanism"] or "",
            zap=socket["zap"],
            bind=tuple(each["endpoint"] for each in socket["bind"]),
            connect=tuple(
                (each["endpoint"], each["server_key"] or "") for each in socket["connect"]
            ),
            secret_key=socket["secret_key"] or "",
            client_keys=tuple(socket["client_keys"]),
            options=socket["profile"]["options"],
        )
        for name, socket in document["sockets"].items()
    }


Place = Callable[[str], str]


def on_loopback(endpoint: str) -> str:
    """10.20.0.4 as 127.20.0.4: of Linux, where all of 127.0.0.0/8 is this host. For a trial."""
    scheme, _, rest = endpoint.partition("://10.")
    return f"{scheme}://127.{rest}" if rest else endpoint


@contextmanager
def sockets_of(
    settings: Mapping[str, SocketSettings],
    *,
    keys: Path,
    place: Place = str,
) -> Iterator[dict[str, zmq.Socket]]:
    """Every socket, bound and connected; closed when the block is left.

    `place` may put endpoints elsewhere.
    """
    context = zmq.Context()
    opened: dict[str, zmq.Socket] = {}
    authenticator = _authenticator(context, settings, keys)
    try:
        for name, each in settings.items():
            opened[name] = socket = context.socket(getattr(zmq, each.type))
            for option, value in each.options.items():
                _set(socket, option, value)
            _open(socket, each, keys, place)
        yield opened
    finally:
        for socket in opened.values():
            socket.close()
        if authenticator is not None:
            authenticator.stop()
        context.term()


def _open(socket: zmq.Socket, each: SocketSettings, keys: Path, place: Place) -> None:
    """libzmq takes the options over at each bind and connect, so each has its own just before."""
    if each.mechanism not in ("", "NULL", "CURVE", "TLS"):
        raise SystemExit(f"{each.mechanism} is not in this sample: set its options here")
    for endpoint in each.bind:
        if each.mechanism == "CURVE" and not endpoint.startswith("inproc:"):
            _identify(socket, each, keys)
            socket.curve_server = True
        _bind(socket, place(endpoint))
    for endpoint, server in each.connect if each.type != "DGRAM" else ():
        if server:
            _identify(socket, each, keys)
            socket.curve_serverkey = public_key(keys, server)
        socket.connect(place(endpoint))


def _bind(socket: zmq.Socket, endpoint: str) -> None:
    """One port, or some free one of a range: tcp://10.20.0.4:*[51000-51999], or with a !."""
    if of_range := re.fullmatch(r"(.+):[*!]\[(\d+)-(\d+)\]", endpoint):
        first, last = int(of_range[2]), int(of_range[3])
        socket.bind_to_random_port(of_range[1], min_port=first, max_port=last + 1)
    else:
        socket.bind(endpoint)


def _identify(socket: zmq.Socket, each: SocketSettings, keys: Path) -> None:
    public, secret = zmq.auth.load_certificate(_file(keys, each.secret_key))
    socket.curve_publickey, socket.curve_secretkey = public, secret or b""


def _set(socket: zmq.Socket, option: str, value: int | str) -> None:
    if isinstance(value, str):
        socket.setsockopt_string(getattr(zmq, option), value)
    else:
        socket.setsockopt(getattr(zmq, option), value)


def _authenticator(
    context: zmq.Context, settings: Mapping[str, SocketSettings], keys: Path
) -> ThreadAuthenticator | None:
    """Answers ZAP where a socket asks: each admits the clients that it was told of, and no others.

    Its ZAP domain tells which socket asks.
    """
    asking = [each for each in settings.values() if each.zap and each.bind]
    if not asking:
        return None
    authenticator = ThreadAuthenticator(context)
    authenticator.start()
    for each in asking:
        admitted = _Admits({public_key(keys, client) for client in each.client_keys})
        authenticator.configure_curve_callback(str(each.options["ZAP_DOMAIN"]), admitted)
    return authenticator


class _Admits:
    """Who shows one of these keys may connect."""

    def __init__(self, keys: set[bytes]) -> None:
        self._keys = keys

    def callback(self, domain: str, key: bytes) -> bool:  # noqa: ARG002 - as zmq.auth calls it
        return key in self._keys


def public_key(keys: Path, reference: str) -> bytes:
    """Of a reference, as libzmq takes it."""
    return zmq.auth.load_certificate(_file(keys, reference))[0]


def _file(keys: Path, reference: str) -> Path:
    name, _, half = reference.removeprefix("secret:").partition("#")
    return keys / f"{name}{'.key_secret' if half == 'secret' else '.key'}"


def make_keys(keys: Path, reference: str) -> None:
    """A new pair under the name of a reference."""
    path = _file(keys, reference).with_suffix("")
    path.parent.mkdir(parents=True, exist_ok=True)
    zmq.auth.create_certificates(path.parent, path.name)


def make_missing_keys(keys: Path, settings: Mapping[str, SocketSettings]) -> None:
    """For a trial: a pair for each reference that has none yet."""
    for each in settings.values():
        for reference in (each.secret_key, *each.client_keys, *(key for _, key in each.connect)):
            if reference and not _file(keys, reference).exists():
                make_keys(keys, reference)


def asked(what: str | None) -> argparse.Namespace:
    """The words of a sample's command line, with its `settings` read."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--settings", type=Path, help="JSON; the environment if not said")
    parser.add_argument("--keys", type=Path, required=True, help="certificates of zmq.auth")
    parser.add_argument("--make-keys", action="store_true", help="make those that are not there")
    parser.add_argument("--loopback", action="store_true", help="try it on this host alone")
    parser.add_argument("--times", type=int, default=1, help="how often, of the ticker")
    words = parser.parse_args()
    words.settings = from_json(words.settings) if words.settings else from_environment()
    words.place = on_loopback if words.loopback else str
    if not words.settings:
        parser.error("no BULKHEAD_SOCKETS in the environment: name --settings")
    if words.make_keys:
        make_missing_keys(words.keys, words.settings)
    return words
