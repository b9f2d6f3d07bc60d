"""The variables with which a shell, or a test, talks to the local AWS and runs local stacks."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from local_aws.place import CHECKOUT, DEFAULT_PORT, PROVIDER_VERSION, Place
from local_aws.provider.shim import VARIABLE

SHIM = Path(__file__).resolve().parent / "provider" / "shim.py"
PULUMI_CLI = CHECKOUT / "tools" / "pulumi_cli.py"


class NoToolchain(Exception):
    """No usable `pulumi`, and none could be built; the tool has said why on stderr."""


def pulumi_path(toolchain: Path | None = None) -> Path:
    """A usable `pulumi`; the first time it is built, which takes about four minutes."""
    command = [sys.executable, str(PULUMI_CLI)]
    if toolchain is not None:
        command += ["--toolchain", str(toolchain)]
    found = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if found.returncode != 0:
        raise NoToolchain("there is no usable pulumi (see above)")
    return Path(found.stdout.strip())


def local_variables(place: Place, region: str = "eu-west-1") -> dict[str, str]:
    """What differs from any other environment."""
    return {
        "AWS_ENDPOINT_URL": place.endpoint,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        VARIABLE: place.address,
        "PULUMI_HOME": str(place.pulumi_home),
        "PULUMI_BACKEND_URL": f"file://{place.backend}",
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
    }


# What would reach past the local AWS, or point Pulumi elsewhere.
NOT_INHERITED = (
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE_FILE",
    "PULUMI_STACK",
    "PULUMI_DEBUG_PROVIDERS",
)


def local_environment(
    root: Path = CHECKOUT,
    port: int = DEFAULT_PORT,
    region: str = "eu-west-1",
    pulumi: Path | None = None,
    emulator: str | None = None,
) -> dict[str, str]:
    """A whole environment for a process that works with the local AWS of a folder and port.

    `pulumi` is put on PATH when given, after this interpreter's own folder. With `emulator`, AWS
    is the one at that address.
    """
    place = Place(root.resolve(), port, emulator)
    inherited = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
    folders = [str(Path(sys.executable).parent)]
    if pulumi is not None:
        folders.append(str(pulumi.parent))
    path = os.pathsep.join([*folders, os.environ.get("PATH", "")])
    return {**inherited, **local_variables(place, region), "PATH": path}


def exports(place: Place, region: str, pulumi: Path | None) -> str:
    """The same for a shell: `eval "$(python -m local_aws env)"`."""
    environment = local_environment(place.root, place.port, region, pulumi, place.emulator)
    lines = [f"unset {' '.join(NOT_INHERITED)}"]
    for name in (*local_variables(place, region), "PATH"):
        lines.append(f"export {name}={shlex.quote(environment[name])}")
    return "\n".join(lines)


def install_plugin(place: Place) -> Path:
    """The stand-in as a properly installed plugin of this place's PULUMI_HOME."""
    folder = place.pulumi_home / "plugins" / f"resource-aws-v{PROVIDER_VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    place.backend.mkdir(parents=True, exist_ok=True)
    executable = folder / "pulumi-resource-aws"
    # -I -S: neither this environment's packages nor the caller's PYTHONPATH; it needs neither.
    text = f'#!/bin/sh\nexec "{sys.executable}" -I -S "{SHIM}" "$@"\n'
    if not executable.exists() or executable.read_text() != text:
        handle, unfinished = tempfile.mkstemp(dir=place.pulumi_home, prefix=".unfinished-")
        with os.fdopen(handle, "w") as file:
            file.write(text)
        Path(unfinished).chmod(0o755)
        Path(unfinished).replace(executable)
    return executable
