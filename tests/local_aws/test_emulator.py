"""The stand-in works with somebody else's AWS where that was named, and on this machine only."""

from __future__ import annotations

import threading
from argparse import ArgumentTypeError
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2_grpc

from local_aws.control import CannotStart, start
from local_aws.environment import local_environment
from local_aws.health import SWEEP, health, tell
from local_aws.place import Place, on_this_machine
from local_aws.provider.host import serve
from local_aws.server import listener, serving
from tests.local_aws.test_provider import VPC, Engine

SAID = (
    b"<Response><Errors><Error><Code>Another.Aws</Code><Message>it is</Message></Error></Errors>"
    b"<RequestID>1</RequestID></Response>"
)


class Another(BaseHTTPRequestHandler):
    """An AWS that refuses everything, in words of its own."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(400)
        self.send_header("Content-Length", str(len(SAID)))
        self.end_headers()
        self.wfile.write(SAID)

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def another() -> Iterator[str]:
    """The address of an AWS that is none of ours."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Another) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_an_emulator_on_this_machine_may_be_named(name: str) -> None:
    assert on_this_machine(f"http://{name}:4567/") == f"http://{name}:4567"


@pytest.mark.parametrize(
    "address",
    [
        "http://10.0.0.1:4567",
        "http://127.0.0.1.example.com:4567",
        "http://127.0.0.1:80@example.com:4567",
        "https://ec2.eu-west-1.amazonaws.com",
        "http://127.0.0.1",
        "http://127.0.0.1:port",
        "http://127.0.0.1:4567/elsewhere",
        "127.0.0.1:4567",
        "",
    ],
)
def test_nothing_else_may(address: str) -> None:
    with pytest.raises(ArgumentTypeError, match="not an address of this machine"):
        on_this_machine(address)


@pytest.mark.slow
def test_the_providers_and_the_sweep_work_there_and_the_environment_says_so(
    tmp_path: Path, another: str
) -> None:
    with listener(0) as bound, serving(tmp_path, bound, emulator=another) as application:
        place = application.place
        found = health(place)
        assert found is not None
        assert found.endpoint == another
        assert local_environment(tmp_path, emulator=another)["AWS_ENDPOINT_URL"] == another
        asked = {"stack": "p/dev/", "region": "eu-west-1", "unfinished": [], "keep": []}
        ((_, why),) = tell(place, SWEEP, asked)["left"]
        assert "Another.Aws" in why
        with pytest.raises(CannotStart, match=another):
            start(Place(tmp_path, place.port))


@pytest.mark.slow
def test_a_stack_that_names_another_address_than_the_emulators_is_refused(another: str) -> None:
    running, port = serve(another)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        engine = Engine(provider_pb2_grpc.ResourceProviderStub(channel))
        with pytest.raises(grpc.RpcError, match="aws:endpoints"):
            engine.configure(region="eu-west-1", endpoints=[{"ec2": "http://127.0.0.1:4566"}])
        engine.configure(region="eu-west-1", endpoints=[{"ec2": another}])
        with pytest.raises(grpc.RpcError, match=r"Another\.Aws"):
            engine.create(VPC, {"cidrBlock": "10.0.0.0/16"})
    running.stop(grace=0).wait()
