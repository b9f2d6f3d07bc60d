"""What `bulkhead` imports is what its distribution brings, and no happy accident of ours."""

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BROUGHT_BY = {"botocore": "boto3", "pydantic_core": "pydantic", "click": "typer"}
"""Parts of what is needed that have a distribution of their own."""


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def called(requirement):
    """As package indexes do (packaging.python.org/specifications/name-normalization)."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def test_every_import_of_the_core_is_one_of_its_dependencies():
    optional = [each for part in PROJECT["optional-dependencies"].values() for each in part]
    declared = {called(each) for each in [*PROJECT["dependencies"], *optional]}
    distributions = metadata.packages_distributions()
    strangers = set()
    for path in (ROOT / "bulkhead").rglob("*.py"):
        for name in imported(path):
            top = name.split(".")[0]
            if top == "bulkhead" or top in sys.stdlib_module_names:
                continue
            of = distributions.get(top, [top])
            if name.startswith("ruamel."):
                of = ["ruamel.yaml"]
            brought = {called(BROUGHT_BY.get(top, each)) for each in of}
            if not brought & declared:
                strangers.add((str(path.relative_to(ROOT)), name))
    assert not strangers
