"""Repositories of git, made for one test."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


class Sandbox:
    """A repository of git with a file `net/a.yaml`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q", "-b", "main")
        self.file = folder / "net" / "a.yaml"
        self.file.parent.mkdir()

    def git(self, *arguments: str) -> str:
        own = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        ran = subprocess.run(
            ["git", "-C", self.folder, *identity, *arguments],
            env=own | {"GIT_CONFIG_GLOBAL": os.devnull},
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout.strip()

    def commit(self, text: str) -> str:
        self.file.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", text)
        return self.git("rev-parse", "HEAD")
