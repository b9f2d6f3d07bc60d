"""Files that are something else: told at once, and not by forty keys that are wrong."""

from __future__ import annotations

import re
from typing import Final

from bulkhead.intent.document import YamlNode
from bulkhead.problems import InputError, Problem

_OF_AWS: Final = re.compile(r"[A-Z][A-Za-z0-9]+")
_A_TOPOLOGY: Final = "name a topology file, which has name:, region: and cidr:"
_KINDS: Final = (
    ("AWSTemplateFormatVersion", "is a template of CloudFormation, and no topology", _A_TOPOLOGY),
    ("apiVersion", "is a manifest of Kubernetes, and no topology", _A_TOPOLOGY),
    ("runtime", "is the project file of a Pulumi program, and no topology", _A_TOPOLOGY),
    (
        "deployment",
        "is the state of a Pulumi stack, and no topology",
        "`bulkhead prove` and the other verbs that take a SOURCE read it",
    ),
    (
        "checkpoint",
        "is the state of a Pulumi stack, and no topology",
        "`bulkhead prove` and the other verbs that take a SOURCE read it",
    ),
)
"""A key at the top that no topology has, what the file is, and what would be right."""


def refuse_stranger(file: str, root: YamlNode) -> None:
    """Raises InputError where a file is no topology but something that people have beside one."""
    keys = root.mapping
    for key, what, remedy in _KINDS:
        if key in keys:
            raise InputError([Problem(file, root.key_places[key].line, what, remedy)])
    # Keys of AWS begin with a capital, and those of a topology never do.
    if keys and all(map(_OF_AWS.fullmatch, keys)):
        key = next(iter(keys))
        raise InputError(
            [
                Problem(
                    file,
                    root.key_places[key].line,
                    f"is an answer of AWS ({key}), and no topology",
                    "`bulkhead prove` reads answers as JSON: aws … --output json > answer.json",
                )
            ]
        )
