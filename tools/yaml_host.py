"""A `pulumi-language-yaml` for programs in Pulumi's YAML, built on first use: prints its path.

    python tools/yaml_host.py

The integration tests run one such program, with the component package. One on PATH is used;
otherwise the one pinned by tools/yaml/go.mod is built, as `pulumi` itself is (pulumi_cli.py). It is
a module of its own, because it is made against an older pulumi than the engine's, whose protocol
it speaks.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from pulumi_cli import (
    BUILD,
    TOOLCHAIN,
    TOOLS,
    ToolchainError,
    fresh_folder,
    go_command,
    go_environment,
    locked,
    run_with_progress,
    say,
)

NAME = "pulumi-language-yaml"
MODULE = TOOLS / "yaml"
PACKAGE = f"github.com/pulumi/pulumi-yaml/cmd/{NAME}"
SOURCES = ["go.mod", "go.sum"]


def yaml_host(toolchain: Path = TOOLCHAIN) -> Path:
    """Its path. Raises ToolchainError."""
    found = shutil.which(NAME)
    if found is not None:
        return Path(found)
    digest = hashlib.sha256(b"".join((MODULE / name).read_bytes() for name in SOURCES))
    home = toolchain / f"yaml-{digest.hexdigest()[:16]}"
    if not (home / NAME).exists():
        toolchain.mkdir(parents=True, exist_ok=True)
        with locked(toolchain / "build.lock"):
            if not (home / NAME).exists():  # another process may have built it meanwhile
                build(toolchain, home)
    return home / NAME


def build(toolchain: Path, home: Path) -> None:
    go = go_command(toolchain)
    say("building the host for programs in YAML, once: one to four minutes")
    with fresh_folder(toolchain, home) as work:
        command = [go, *BUILD, "-o", str(work / NAME), PACKAGE]
        log = toolchain / "yaml.log"
        run_with_progress(command, cwd=MODULE, env=go_environment(go), log=log)


if __name__ == "__main__":
    try:
        print(yaml_host())
    except ToolchainError as error:
        say(str(error))
        sys.exit(1)
