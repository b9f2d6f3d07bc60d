"""Of the lock, what `bulkhead` alone needs, and what builds it: `python tools/core.py`.

Where nothing is deployed (a review of a pull request) the engine's SDK, which is most of what
everyone installs, would only take time. Standard library only: it runs before anything is there.
"""

from __future__ import annotations

import re
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "requirements.txt"
CORE = frozenset(
    {
        "annotated-doc",
        "annotated-types",
        "boto3",
        "botocore",
        "jmespath",
        "markdown-it-py",
        "mdurl",
        "pydantic",
        "pydantic-core",
        "pygments",
        "python-dateutil",
        "pyyaml",
        "pyzmq",
        "rich",
        "s3transfer",
        "shellingham",
        "six",
        "typer",
        "typing-extensions",
        "typing-inspection",
        "urllib3",
    }
)
BUILDS = "setuptools"
"""Pinned with the tests, which build the wheel."""


def core(lock: str) -> str:
    """The pins of the core with their hashes, as pip reads them."""
    pins = re.findall(r"^[^\s#].*(?:\n +.*)*", lock, re.M)
    wanted = {pin.partition("==")[0]: pin for pin in pins}
    builds = re.sub(r" ; extra == '\w+'", "", wanted[BUILDS])
    return "\n".join([*(wanted[name] for name in sorted(CORE)), builds]) + "\n"


if __name__ == "__main__":
    print(core(LOCK.read_text()), end="")
