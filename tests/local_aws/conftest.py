"""A local AWS for the tests: in this process for calls, as a resident process for the engine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local_aws.control import stop
from local_aws.environment import local_environment, pulumi_path
from local_aws.health import RESET, tell
from local_aws.place import CHECKOUT, Place
from local_aws.server import LocalAws, listener, serving

PROGRAM = Path(__file__).parent / "program"


def client_of(place: Place, service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=place.address,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - no secret: the local AWS takes any
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    with listener(0) as bound, serving(tmp_path_factory.mktemp("server"), bound) as application:
        yield application


@pytest.fixture(scope="session")
def client(server: LocalAws) -> Any:
    """Made once: reading the description of EC2 takes longer than most tests."""
    return client_of(server.place, "ec2")


@pytest.fixture
def ec2(server: LocalAws, client: Any) -> Any:
    """A client of an empty local AWS."""
    tell(server.place, RESET)
    return client


@pytest.fixture
def secrets_manager(server: LocalAws) -> Any:
    return client_of(server.place, "secretsmanager")


@pytest.fixture
def refused() -> Any:
    """`refused(call, **arguments)`: the error code of a call that must fail."""

    def code(call: Any, **arguments: Any) -> str:
        with pytest.raises(ClientError) as caught:
            call(**arguments)
        return str(caught.value.response["Error"]["Code"])

    return code


@dataclass(frozen=True)
class Project:
    """A Pulumi project with a local stack, in a folder and at a port of its own."""

    place: Place
    pulumi: Path

    @property
    def ec2(self) -> Any:
        return self.client("ec2")

    def client(self, service: str) -> Any:
        return client_of(self.place, service)

    def local_aws(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "local_aws", "--root", str(self.place.root), *arguments]
        return self.run(command, dict(os.environ), check, folder=CHECKOUT)

    def pulumi_run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        environment = local_environment(self.place.root, self.place.port, pulumi=self.pulumi)
        return self.run([str(self.pulumi), *arguments, "--stack", "dev"], environment, check)

    def run(
        self,
        command: list[str],
        environment: dict[str, str],
        check: bool,
        folder: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            cwd=folder or self.place.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        if check and done.returncode != 0:
            pytest.fail(f"{' '.join(command[-3:])}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def config(self, name: str, value: str) -> None:
        self.pulumi_run("config", "set", name, value)


@pytest.fixture(scope="session")
def pulumi() -> Path:
    """The engine; building it takes minutes, and is said on stderr."""
    return pulumi_path()


@pytest.fixture
def project(tmp_path: Path, pulumi: Path) -> Iterator[Project]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    shutil.copytree(PROGRAM, tmp_path / "program")
    (tmp_path / "Pulumi.yaml").write_text("name: probe\nruntime: python\nmain: program/\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(
        "config:\n"
        "  aws:region: eu-west-1\n"
        f'  aws:endpoints: [{{ec2: "http://127.0.0.1:{port}", sts: "http://127.0.0.1:{port}"}}]\n'
        "  aws:accessKey: test\n"
        "  aws:secretKey: test\n"
        "  aws:skipCredentialsValidation: true\n"
        "  aws:defaultTags: {tags: {project: probe}}\n"
    )
    place = Place(tmp_path, port)
    yield Project(place, pulumi)
    stop(place)
