"""Runs the calls of the AWS CLI that answers name, without the AWS CLI: botocore knows them all."""

from __future__ import annotations

import re
import shlex
from typing import Any

import jmespath
from botocore import xform_name

ENGINE = "pulumi up --refresh"


def run(ec2: Any, line: str) -> Any:
    """What `aws ec2 …` answers; its options become arguments as the CLI itself makes them.

    A `$(aws ec2 …)` within is run first, calls joined by `&&` one after the other, without
    the engine's. Raises where the line is none that the CLI would take.
    """
    if " && " in line:
        return [run(ec2, each) for each in line.split(" && ") if each != ENGINE]
    line = re.sub(r'"?\$\((aws [^)]*)\)"?', lambda inner: str(run(ec2, inner[1])), line)
    aws, service, operation, *words = shlex.split(line)
    assert (aws, service) == ("aws", "ec2"), line
    method = operation.replace("-", "_")
    shape = ec2.meta.service_model.operation_model(
        ec2.meta.method_to_api_mapping[method]
    ).input_shape
    members = {xform_name(name, "-"): (name, of) for name, of in shape.members.items()}
    options: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            options[word[2:]] = []
        else:
            options[list(options)[-1]].append(word)
    query = options.pop("query", None)
    options.pop("output", None)
    answer = getattr(ec2, method)(**dict(_argument(members, *each) for each in options.items()))
    return jmespath.search(query[0], answer) if query else answer


def _argument(members: Any, option: str, words: list[str]) -> tuple[str, Any]:
    if option in ("ingress", "egress"):
        return "Egress", option == "egress"
    name, shape = members[option]
    if shape.type_name == "list":
        return name, [_value(shape.member, word) for word in words]
    (word,) = words
    return name, _value(shape, word)


def _value(shape: Any, word: str) -> Any:
    """A word, a number, or the CLI's shorthand: Name=x,Values=y or A=[{B=1}]
    (docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html)."""
    match shape.type_name:
        case "structure":
            pairs = (part.split("=", 1) for part in _parts(word.removeprefix("{")))
            return {key: _value(shape.members[key], value) for key, value in pairs}
        case "list":
            inner = _parts(word[1:]) if word.startswith("[") else [word]
            return [_value(shape.member, each) for each in inner]
        case "integer":
            return int(word)
        case _:
            return word


def _parts(text: str) -> list[str]:
    """What commas part, up to the bracket that closes the text or its end."""
    found, depth = [""], 0
    for letter in text:
        depth += (letter in "[{") - (letter in "]}")
        if depth < 0:
            break
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return found
