"""What other tools write and is not read, by name: which it is, and what would be read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from bulkhead.problems import Problem

_SHOW: Final = "write it with 'terraform show -json FILE' (or 'tofu show -json FILE')"
_PLAN: Final = (
    "write it with 'terraform plan -out FILE' and then 'terraform show -json FILE' (or tofu)"
)
_DECRYPT: Final = "write it with 'tofu show -json FILE' where the configuration has its key"
_ASK_AWS: Final = "name the account that it was deployed to (aws:REGION), or a dump of that"
_TEMPLATE: Final = "it is a template of CloudFormation, which is not read"
_BY_KEYS: Final = (
    # opentofu.org/docs/language/state/encryption
    ({"encrypted_data", "encryption_version"}, "it is encrypted by OpenTofu", _DECRYPT),
    ({"lineage", "serial"}, "it is a state of Terraform as it keeps it", _SHOW),
    ({"format_version", "terraform_version"}, "it is a state of Terraform that is empty", _SHOW),
    ({"AWSTemplateFormatVersion"}, _TEMPLATE, _ASK_AWS),
    ({"Resources"}, _TEMPLATE, _ASK_AWS),
    ({"collector_version"}, "it is what np-guard collected, which is not read", _ASK_AWS),
    # developer.hashicorp.com/terraform/internals/machine-readable-ui
    ({"@level", "@message"}, "it is what `terraform plan -json` streams: no values", _PLAN),
)
"""By keys that no other form has."""
_OUTPUT: Final = frozenset({"sensitive", "type", "value"})
_BY_TEXT: Final = (
    (
        re.compile(
            r"(?:No changes\.|(?:Terraform|OpenTofu) (?:used|will)"
            r"|# (?:module\.[^\s]+\.)?aws_\w+\.[^\s]+(?: will be .*|:)$"
            r"|aws_\w+\.[^\s]+: Refreshing state)",
            re.MULTILINE,
        ),
        "it is what Terraform shows people, which leaves out values",
        _SHOW,
    ),
    (
        re.compile(r'^(?:resource|data|module|provider) +"[^"]+".*\{|^terraform +\{', re.MULTILINE),
        "it is a program of Terraform, which is not read",
        _PLAN,
    ),
)
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")
_LOOKED_AT: Final = 20_000
"""Bytes of what is no JSON by which it is told."""


def of_others(name: str, data: bytes) -> Problem | None:
    """What other tools write: which that is, and what would be read; None of anything else."""
    if data.startswith(b"PK\x03\x04"):
        return Problem(name, 0, "it may be a plan of Terraform as it keeps it", _SHOW)
    document = _first(data)
    if document is None:
        return _of_text(name, data)
    for keys, what, remedy in _BY_KEYS:
        if keys <= document.keys():
            return Problem(name, 0, what, remedy)
    if document and all(isinstance(v, Mapping) and v.keys() == _OUTPUT for v in document.values()):
        return Problem(name, 0, "it is what `terraform output -json` writes: no resources", _SHOW)
    return None


def _first(data: bytes) -> Mapping[str, object] | None:
    """The JSON object that it is, or that its first line is."""
    for part in (data, data.split(b"\n", 1)[0]):
        try:
            document = json.loads(part)
        except (ValueError, RecursionError):
            continue
        return document if isinstance(document, dict) else {}
    return None


def _of_text(name: str, data: bytes) -> Problem | None:
    start = data[:_LOOKED_AT]
    text = _COLOURS.sub("", start.decode(json.detect_encoding(start), "replace")).lstrip("\ufeff")
    if text.lstrip().startswith(("{", "[")):
        return None
    for pattern, what, remedy in _BY_TEXT:
        if pattern.search(text):
            return Problem(name, 0, what, remedy)
    return None
