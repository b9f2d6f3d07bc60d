"""A Python of our own in which nothing runs but the interpreter's own packages and this one.

`python -m` puts the current directory first on the path, and PYTHONPATH says what
else: a zmq.py that lies in a folder somebody sent would run with our rights.
Isolated mode leaves both out (docs.python.org/3/using/cmdline.html, -I); then
bulkhead is taken from where it runs now, and from nowhere else.
"""

from __future__ import annotations

import site
import sys
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parents[1]

_START: Final = """
import importlib.util, runpy, sys
package, module, user_site, *sys.argv[1:] = sys.argv[1:]
if user_site:
    sys.path.append(user_site)
spec = importlib.util.spec_from_file_location(
    "bulkhead", package + "/__init__.py", submodule_search_locations=[package]
)
sys.modules["bulkhead"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["bulkhead"])
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""


def command(module: str, *arguments: str) -> list[str]:
    """What starts a module of bulkhead, as `python -m` would."""
    user_site = site.getusersitepackages() if site.ENABLE_USER_SITE else ""
    return [sys.executable, "-I", "-c", _START, str(_PACKAGE), module, user_site, *arguments]
