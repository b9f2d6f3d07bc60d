"""A checkout of its own, with a local AWS of its own, for stacks that are really built."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from local_aws.environment import local_environment, pulumi_path
from tests.support.asking import Ask

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("Pulumi.yaml", "infra", "components", "bulkhead", "topologies")
LONGEST_RUN = 300


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


@dataclass(frozen=True)
class Checkout:
    """A copy of what a stack is built from, and the commands a user would give in it."""

    root: Path
    port: int
    environment: Mapping[str, str]

    @property
    def topology(self) -> Path:
        return self.root / "topologies" / "trading.yaml"

    def run(self, *command: str | Path, folder: Path | None = None) -> Ran:
        """A command, in this checkout unless a folder is named."""
        done = subprocess.run(
            [str(word) for word in command],
            cwd=folder or self.root,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST_RUN,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def start(self, verb: str) -> subprocess.Popen[str]:
        """`make up`, not waited for."""
        return subprocess.Popen(
            self.command(verb),
            cwd=ROOT,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def command(self, verb: str) -> list[str]:
        """What `make` runs, of the checkout that is tested; it builds what is in this one."""
        return [sys.executable, "-m", "local_aws", "--root", str(self.root), verb]

    def stack(self, verb: str, *arguments: str) -> Ran:
        return self.run(*self.command(verb), *arguments, folder=ROOT)

    def begin(self) -> None:
        """Start an empty local AWS, and forget what the lock has allotted."""
        self.topology.with_suffix(".lock.json").unlink()
        started = self.stack("start", "--port", str(self.port))
        assert started.code == 0, started.said

    def bring_up(self, text: str) -> None:
        """Build another topology from the beginning."""
        self.topology.with_suffix(".lock.json").unlink()
        self.topology.write_text(text)
        ran = self.stack("up")
        assert ran.code == 0, ran.said

    def stop(self) -> Ran:
        """End the local AWS: what it held is gone."""
        return self.stack("stop", "--port", str(self.port))

    def pulumi(self, *arguments: str) -> Ran:
        return self.run(pulumi_path(), *arguments)

    def bulkhead(self, *arguments: str | Path) -> Ran:
        return self.run(Path(sys.executable).with_name("bulkhead"), *arguments)

    def edit(self, old: str, new: str) -> None:
        text = self.topology.read_text()
        assert old in text
        self.topology.write_text(text.replace(old, new))

    @property
    def ec2(self) -> Any:
        return self.client("ec2")

    def client(self, service: str) -> Any:
        """Of one of the services of the local AWS."""
        return boto3.client(
            service,
            region_name="eu-west-1",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
            config=Config(retries={"total_max_attempts": 1}),
        )

    def tagged(self, operation: str, key: str, **tags: str) -> dict[str, Any]:
        """The one object of a describe call that has all these tags."""
        filters = [
            {"Name": f"tag:{name.replace('__', ':')}", "Values": [value]}
            for name, value in tags.items()
        ]
        (found,) = getattr(self.ec2, operation)(Filters=filters)[key]
        return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_checkout(root: Path) -> Checkout:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, root / name)
    port = free_port()
    config = (ROOT / "Pulumi.dev.yaml").read_text().replace(":4566", f":{port}")
    (root / "Pulumi.dev.yaml").write_text(config)
    environment = {
        **local_environment(root, port),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    environment.pop("CI", None)
    return Checkout(root, port, environment)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    made = make_checkout(tmp_path_factory.mktemp("checkout"))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def standing(checkout: Checkout) -> Checkout:
    """The example stack, up. Tests that change it put it back."""
    ran = checkout.stack("up")
    assert ran.code == 0, ran.said
    return checkout


@pytest.fixture(scope="module")
def session() -> boto3.Session:
    """One for all that is asked in this process: it reads the model of EC2 once."""
    return boto3.Session()


@pytest.fixture
def asked(
    standing: Checkout, session: boto3.Session, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> Ask:
    """`bulkhead WORDS…` about the stack that stands, in this process."""
    for name, value in standing.environment.items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "Session", lambda: session)
    return ask
