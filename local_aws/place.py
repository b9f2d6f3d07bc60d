"""Where a local AWS lives: its folder, its address, and the files that it keeps there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
DEFAULT_PORT = 4566
HOST = "127.0.0.1"
PROVIDER_VERSION = "7.51.1"  # of pulumi_aws: the SDK refuses an older plugin


@dataclass(frozen=True)
class Place:
    """A project folder and a port: two places share nothing."""

    root: Path = CHECKOUT
    port: int = DEFAULT_PORT

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

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
