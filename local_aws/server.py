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

from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.exceptions import NotFound
from werkzeug.serving import make_server

from local_aws import door, health
from local_aws.place import HOST, Place, on_this_machine
from local_aws.provider.aws import Aws, Settings
from local_aws.provider.host import ProviderHost
from local_aws.provider.ledger import Ledger
from local_aws.provider.refusals import Refused
from local_aws.provider.sweep import sweep
from local_aws.strict import answers, rules

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
LISTEN_BACKLOG = 256


class Quiet(MotoRequestHandler):
    """No line a request; answers go out at once."""

    disable_nagle_algorithm = True

    def log_request(self, *arguments: Any) -> None:
        pass


class LocalAws:
    """What stands behind the door: our own paths, and moto's services."""

    def __init__(
        self, place: Place, provider_port: int, ledger: Ledger, ended: threading.Event
    ) -> None:
        self.place = place
        self.provider_port = provider_port
        self.ledger = ledger
        self.instance = uuid.uuid4().hex
        self.moto = DomainDispatcherApplication(service)
        self._ended = ended

    def own(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        match environ.get("REQUEST_METHOD"), environ.get("PATH_INFO"):
            case "GET", door.HEALTH:
                return reply(start_response, self.said())
            case "POST", health.RESET:
                return reply(start_response, self.reset())
            case "POST", health.SWEEP:
                length = int(environ.get("CONTENT_LENGTH") or 0)
                asked = json.loads(environ["wsgi.input"].read(length))
                return reply(start_response, self.swept(asked))
            case "POST", health.STOP:
                self._ended.set()
                return reply(start_response, {"status": "ok"})
            case _:
                return reply(start_response, {"status": "there is no such path"}, "404 Not Found")

    def said(self) -> dict[str, Any]:
        return {
            "service": health.SERVICE,
            "version": health.VERSION,
            "instance": self.instance,
            "pid": os.getpid(),
            "root": str(self.place.root),
            "address": self.place.address,
            "endpoint": self.place.endpoint,
            "provider_port": self.provider_port,
        }

    def swept(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What one stack made and its state does not keep goes; the ids, and what stayed and why.

        `stack` is "project/stack/", `keep` ids, `unfinished` creations with `type` and `inputs`.
        """
        region = str(asked["region"])
        try:
            done = sweep(
                str(asked["stack"]),
                frozenset(asked["keep"]),
                asked["unfinished"],
                lambda name: Aws(Settings(name, self.place.endpoint, "test", "test"), name),
                region,
                self.ledger,
            )
        except Refused as refused:
            return {"removed": [], "left": [["", str(refused)]]}
        return {"removed": done.removed, "left": done.left}

    def reset(self) -> dict[str, Any]:
        """Everything is gone, so this is another instance from here on."""
        with rules.ONE_CALL_AT_A_TIME:
            moto_api_backend.reset()
            self.ledger.clear()
            self.instance = uuid.uuid4().hex
            write_state(self.place, self.said())
        return {"status": "ok", "instance": self.instance}


def service(name: Any) -> Any:
    """An AWS service of moto's; what moto has beside them (reset, recorder, proxy) is no AWS."""
    return NotFound() if name in ("moto_api", "instance_metadata") else create_backend_app(name)


def reply(
    start_response: StartResponse, content: dict[str, Any], status: str = "200 OK"
) -> Iterable[bytes]:
    body = json.dumps(content).encode()
    start_response(
        status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
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
def serving(
    root: Path,
    bound: socket.socket,
    ended: threading.Event | None = None,
    emulator: str | None = None,
) -> Iterator[LocalAws]:
    """A local AWS at a bound address while the block runs: moto, the strict layer, providers.

    `ended` is set when somebody who may do so asks it to stop. With `emulator`, the address of
    another AWS on this machine, the providers work there.
    """
    place = Place(root, bound.getsockname()[1], emulator)
    # moto calls itself here when one of its services asks another.
    os.environ["MOTO_PORT"] = str(place.port)
    # Nothing here starts from an image, and to make its thousand takes longer than all else.
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"  # AWS has them, and programs name them
    host = ProviderHost(place.endpoint)
    application = LocalAws(place, host.port, host.ledger, ended or threading.Event())
    entrance = door.Door(application.moto, application.own, place.port, door.new_token(place))
    server: Any = make_server(
        HOST, place.port, entrance, threaded=True, request_handler=Quiet, fd=bound.fileno()
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
    with (
        listener(place.port) as bound,
        serving(place.root, bound, ended, place.emulator) as application,
    ):
        write_state(place, application.said())
        log.info("started at %s, instance %s", place.address, application.instance)
        if ready is not None:
            os.write(ready, b"ready")
            os.close(ready)
        ended.wait()
    for file in (place.state_file, place.token_file):
        file.unlink(missing_ok=True)
    log.info("stopped")


def main() -> None:
    parser = argparse.ArgumentParser(description="The resident process of the local AWS.")
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument(
        "--emulator", type=on_this_machine, help="another AWS on this machine, for the providers"
    )
    parser.add_argument("--ready", type=int, help="a file descriptor to write to when serving")
    options = parser.parse_args()
    run(Place(options.root.resolve(), options.port, options.emulator), options.ready)


if __name__ == "__main__":
    main()
