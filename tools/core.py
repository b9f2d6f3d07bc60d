"""Of the lock, what `bulkhead` alone needs, and what builds it: `python tools/core.py`;
with `code` also what reads source code.

Where nothing is deployed (a review of a pull request) the engine's SDK, which is most of what
everyone installs, would only take time. Standard library only: it runs before anything is there.
"""

from __future__ import annotations

import re
import sys
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
READS_CODE = frozenset({"ast-grep-py", "astroid"})
"""What else it takes to read source code."""
BUILDS = "setuptools"
"""Pinned with the tests, which build the wheel."""


def core(lock: str, besides: frozenset[str] = frozenset()) -> str:
    """The pins of the core, and of what else is named, with their hashes, as pip reads them."""
    pins = re.findall(r"^[^\s#].*(?:\n +.*)*", lock, re.M)
    wanted = {pin.partition("==")[0]: pin for pin in pins}
    pinned = [wanted[name] for name in (*sorted(CORE | besides), BUILDS)]
    return "\n".join(re.sub(r" ; extra == '\w+'", "", each) for each in pinned) + "\n"


if __name__ == "__main__":
    print(core(LOCK.read_text(), READS_CODE if sys.argv[1:] == ["code"] else frozenset()), end="")
