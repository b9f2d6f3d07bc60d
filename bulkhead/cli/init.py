"""`bulkhead init`: a first topology."""

from __future__ import annotations

import os
from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as NotConfiguration
from pathlib import Path
from typing import Annotated, Final

import typer

from bulkhead.cli.codes import YES, unusable
from bulkhead.intent.schema import schema_text
from bulkhead.intent.starting import FIRST, begun, examples, name_like, region_like, summary
from bulkhead.intent.wrong import nearest
from bulkhead.report.console import errors, output

_FILE: Final = "topology.yaml"
_SCHEMA: Final = "topology.schema.json"


def init(
    file: Annotated[Path, typer.Argument(help="What to write; in a folder, topology.yaml.")] = Path(
        _FILE
    ),
    example: Annotated[
        str | None, typer.Option("--example", metavar="NAME", help="Another one to begin with.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Say which examples there are.")] = False,
) -> int:
    """Write a first topology that check accepts, to be changed into yours.

    It has the name of its folder, and the Region of this machine's AWS configuration; AWS itself
    is not asked. Beside it stands topology.schema.json, by which an editor completes it. Nothing
    that is there is overwritten.
    """
    if list_:
        for name in examples():
            output().print(f"{name:10} {summary(name)}")
        return YES
    if example is not None and example not in examples():
        unusable(f"there is no example {example!r}; {nearest(example, examples())}")
    path = file / _FILE if file.is_dir() else file
    if path.suffix not in (".yaml", ".yml"):
        unusable(f"{path}: is no .yaml file; name one, such as {_FILE}")
    folder = name_like(path.absolute().parent.name)
    region = configured_region(os.environ)
    text = begun(example or FIRST, name=None if example else folder, region=region)
    _create(path, text)
    schema = path.with_name(_SCHEMA)
    if os.path.lexists(schema):
        errors().print(f"kept {schema} as it is; bulkhead schema -o writes the current one")
    else:
        _create(schema, schema_text())
    errors().print(f"next: bulkhead check {path}")
    return YES


def _create(path: Path, text: str) -> None:
    """Write a file that is not there."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        unusable(f"{path}: is there already, and nothing is overwritten; name another file")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        unusable(f"{path}: cannot be written ({why}); name another file")
    errors().print(f"wrote {path}")


def configured_region(environment: Mapping[str, str]) -> str | None:
    """The Region that AWS's tools would take, by environment or configuration file.

    docs.aws.amazon.com/sdkref/latest/guide/feature-region.html; the AWS CLI prefers AWS_REGION,
    and boto3 reads AWS_DEFAULT_REGION. None where nobody says it, or says none.
    """
    for key in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        if region := region_like(environment.get(key)):
            return region
    profile = environment.get("AWS_PROFILE") or environment.get("AWS_DEFAULT_PROFILE") or "default"
    configuration = ConfigParser(interpolation=None, strict=False)
    try:
        configuration.read(
            Path(environment.get("AWS_CONFIG_FILE") or "~/.aws/config").expanduser(),
            encoding="utf-8",
        )
    except (NotConfiguration, OSError, RuntimeError, ValueError):
        return None
    for section in (f"profile {profile}", profile):
        if configuration.has_section(section):
            return region_like(configuration.get(section, "region", fallback=None))
    return None
