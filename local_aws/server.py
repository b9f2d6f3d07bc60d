"""The resident process: moto with the strict layer at one port, the provider's host at another.

    python -m local_aws.server --root FOLDER --port 4566 [--ready FD]

Its log holds starts, stops and tracebacks. Requests are not logged: they carry pre-shared keys.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import signal
import socket
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from local_aws import health
from local_aws.place import HOST, Place
from local_aws.provider.host import ProviderHost
from local_aws.strict import answers

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
LISTEN_BACKLOG = 256


class Quiet(MotoRequestHandler):
    """No line a request; answers go out at once."""

    disable_nagle_algorithm = True

    def log_request(self, *arguments: Any) -> None:
        pass


class LocalAws:
    """The WSGI application: our own paths, and moto's for everything else."""

    def __init__(self, place: Place, provider_port: int) -> None:
        self.place = place
        self.provider_port = provider_port
        self.instance = uuid.uuid4().hex
        self.moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD")
        if path == health.PATH:
            return reply(start_response, self.said())
        if path in ("/_bulkhead/reset", "/moto-api/reset") and method == "POST":
            return self.reset(environ, start_response)
        answer: Iterable[bytes] = self.moto(environ, start_response)
        return answer

    def said(self) -> dict[str, Any]:
        return {
            "service": health.SERVICE,
            "version": health.VERSION,
            "instance": self.instance,
            "pid": os.getpid(),
            "root": str(self.place.root),
            "address": self.place.address,
            "provider_port": self.provider_port,
        }

    def reset(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Everything is gone, so this is another instance from here on."""
        with answers.ONE_CALL_AT_A_TIME:
            consume(self.moto({**environ, "PATH_INFO": "/moto-api/reset"}, lambda *_: None))
            self.instance = uuid.uuid4().hex
            write_state(self.place, self.said())
        return reply(start_response, {"status": "ok", "instance": self.instance})


def consume(answer: Iterable[bytes]) -> None:
    for _ in answer:
        pass
    close = getattr(answer, "close", None)
    if close is not None:
        close()


def reply(start_response: StartResponse, content: dict[str, Any]) -> Iterable[bytes]:
    body = json.dumps(content).encode()
    start_response(
        "200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    )
    return [body]


def write_state(place: Place, said: dict[str, Any]) -> None:
    place.folder.mkdir(parents=True, exist_ok=True)
    unfinished = place.state_file.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(said, indent=2) + "\n")
    unfinished.replace(place.state_file)


def listener(port: int) -> socket.socket:
    """The address is bound here, so that of two servers started at once one fails."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((HOST, port))
    bound.listen(LISTEN_BACKLOG)
    return bound


@contextlib.contextmanager
def serving(root: Path, bound: socket.socket) -> Iterator[LocalAws]:
    """A local AWS at a bound address while the block runs: moto, the strict layer, providers."""
    place = Place(root, bound.getsockname()[1])
    # moto calls itself here when one of its services asks another.
    os.environ["MOTO_PORT"] = str(place.port)
    host = ProviderHost(place.address)
    application = LocalAws(place, host.port)
    server: Any = make_server(
        HOST, place.port, application, threaded=True, request_handler=Quiet, fd=bound.fileno()
    )
    server.daemon_threads = True
    with answers.strict():
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host.start()
        try:
            yield application
        finally:
            host.stop()
            server.shutdown()
            server.server_close()


def run(place: Place, ready: int | None) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    log = logging.getLogger("local_aws")
    log.setLevel(logging.INFO)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with listener(place.port) as bound, serving(place.root, bound) as application:
        write_state(place, application.said())
        log.info("started at %s, instance %s", place.address, application.instance)
        if ready is not None:
            os.write(ready, b"ready")
            os.close(ready)
        ended.wait()
    with contextlib.suppress(OSError):
        place.state_file.unlink()
    log.info("stopped")


def main() -> None:
    parser = argparse.ArgumentParser(description="The resident process of the local AWS.")
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ready", type=int, help="a file descriptor to write to when serving")
    options = parser.parse_args()
    run(Place(options.root.resolve(), options.port), options.ready)


if __name__ == "__main__":
    main()
