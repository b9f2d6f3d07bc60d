"""A live account for the tests: moto's server over HTTP, asked as an AWS endpoint would be."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

import boto3
import botocore.session
import pytest
from botocore.loaders import create_loader
from moto.server import ThreadedMotoServer

# What EC2 is able to do is a file of megabytes: read once, not for each session.
LOADER = create_loader()


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patch:
        # Its thousand images, which nothing asks for, take most of the time of an emptied account.
        patch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        yield server.get_host_and_port()[1]
        server.stop()


@pytest.fixture(scope="session")
def emptied(port: int) -> Callable[[], None]:
    """Empty the account: its content is one for the whole process."""

    def empty() -> None:
        asked = http.client.HTTPConnection("127.0.0.1", port)
        asked.request("POST", "/moto-api/reset")
        assert asked.getresponse().status == HTTPStatus.OK
        asked.close()

    return empty


@pytest.fixture
def session(port: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> boto3.Session:
    """The ordinary AWS environment, pointed at the local endpoint."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    core = botocore.session.get_session()
    core.register_component("data_loader", LOADER)
    return boto3.Session(botocore_session=core)
