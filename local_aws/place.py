"""Where a local AWS lives: its folder, its address, and the files that it keeps there."""

from __future__ import annotations

from argparse import ArgumentTypeError
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CHECKOUT = Path(__file__).resolve().parent.parent
DEFAULT_PORT = 4566
HOST = "127.0.0.1"
PROVIDER_VERSION = "7.51.1"  # of pulumi_aws: the SDK refuses an older plugin


def on_this_machine(address: str) -> str:
    """The address, if it is an http one that no other machine answers at.

    Raises ArgumentTypeError, whose text argparse shows.
    """
    parts = urlsplit(address)
    try:
        local = parts.hostname in (HOST, "localhost", "::1") and parts.port is not None
    except ValueError:
        local = False
    if parts.scheme != "http" or not local or parts.path not in ("", "/"):
        raise ArgumentTypeError(
            f"{address!r} is not an address of this machine, as http://{HOST}:4567 is"
        )
    return address.rstrip("/")


@dataclass(frozen=True)
class Place:
    """A project folder and a port: two places share nothing."""

    root: Path = CHECKOUT
    port: int = DEFAULT_PORT
    emulator: str | None = None
    """The address of somebody else's AWS on this machine, where that is to be worked with."""

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def endpoint(self) -> str:
        """Where AWS's calls go: here, unless an emulator was named."""
        return self.emulator or self.address

    @property
    def folder(self) -> Path:
        return self.root / ".bulkhead" / "local"

    @property
    def state_file(self) -> Path:
        """Written by the running server: pid, address, instance. A hint, never a proof."""
        return self.folder / f"aws-{self.port}.json"

    @property
    def token_file(self) -> Path:
        """What whoever resets or stops the running server must know; its user alone reads it."""
        return self.folder / f"aws-{self.port}.token"

    @property
    def log_file(self) -> Path:
        return self.folder / f"aws-{self.port}.log"

    @property
    def lock_file(self) -> Path:
        return self.folder / f"aws-{self.port}.lock"

    @property
    def pulumi_home(self) -> Path:
        """Plugins of local stacks only: a stack for the real AWS never sees the stand-in."""
        return self.folder / "pulumi-home"

    @property
    def backend(self) -> Path:
        return self.folder / "state"

    @property
    def marks(self) -> Path:
        """Which instance of the local AWS each stack was last brought up in."""
        return self.folder / "stacks"
