"""Every key of a file of configuration with its value and its line, whatever the notation.

YAML and JSON are composed and never constructed: no tag makes an object, no alias is spelt out.
What does not parse (a Helm template) is read line by line, as TOML, INI and the rest are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

import yaml

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_KEYS: Final = 50_000
_SECTION: Final = re.compile(r"\s*\[+\s*[\"']?([^\]\"']+)[\"']?\s*\]+\s*(?:[#;].*)?$")
_PAIR: Final = re.compile(
    r"\s*(?:export\s+|ENV\s+|ARG\s+|-\s+)?[\"']?([\w.\-/]+)[\"']?\s*[:=]\s*(.+?)\s*,?\s*$"
)
_ENVIRONMENT: Final = re.compile(r"[\"']?(\w+)=((?:[^\"'\s]|(?<=\\)\s)+)[\"']?")
_SPACED: Final = re.compile(r"\s*(EXPOSE|ENV|CMD|ENTRYPOINT)\s+(.+)$")


@dataclass(frozen=True, slots=True)
class ConfigKey:
    """`path` is that of the key, dotted, with the sections or mappings around it."""

    path: str
    value: str
    line: int

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]


def kind_of(file: str) -> str | None:  # noqa: PLR0911 - a case a form
    """What sort of configuration a file is, by its name; None where it is none."""
    path = PurePath(file)
    name, suffix = path.name.lower(), path.suffix.lower()
    if re.match(r"(docker-)?compose[\w.-]*\.ya?ml$", name):
        return "compose"
    if name.startswith("dockerfile") or name.endswith(".dockerfile") or name == "containerfile":
        return "Dockerfile"
    if re.match(r"values[\w.-]*\.ya?ml$", name):
        return "Helm values"
    if name == ".env" or name.startswith(".env.") or suffix == ".env":
        return "env"
    if suffix in (".service", ".socket"):
        return "systemd"
    if "supervisor" in name and suffix in (".conf", ".ini"):
        return "supervisor"
    if "circus" in name and suffix in (".ini", ".conf", ".cfg"):
        return "circus"
    return {
        ".yaml": "YAML", ".yml": "YAML", ".json": "JSON", ".toml": "TOML", ".ini": "INI",
        ".cfg": "INI", ".conf": "INI", ".properties": "properties", ".config": "XML",
    }.get(suffix)  # fmt: skip


def keys_of(kind: str, text: str) -> list[ConfigKey]:
    """All keys in order; never an error."""
    if kind in ("YAML", "compose", "Helm values", "JSON"):
        try:
            return list(_composed(text))
        except (yaml.YAMLError, RecursionError, ValueError):
            return list(_lines(text))
    return list(_lines(text))


def _composed(text: str) -> Iterator[ConfigKey]:
    count = 0
    for document in yaml.compose_all(text, Loader=_LOADER):
        for each in _walk(document, "", set()):
            yield each
            count += 1
            if count >= _MOST_KEYS:
                return


def _walk(node: yaml.Node | None, path: str, seen: set[int]) -> Iterator[ConfigKey]:
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    match node:
        case yaml.MappingNode():
            for key, value in node.value:
                name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
                yield from _walk(value, f"{path}.{name}" if path else name, seen)
            yield from _named_value(node, path)
        case yaml.SequenceNode():
            for each in node.value:
                yield from _walk(each, path, seen)
        case yaml.ScalarNode():
            yield from _scalar(node, path)


def _scalar(node: yaml.ScalarNode, path: str) -> Iterator[ConfigKey]:
    line = node.start_mark.line + 1
    yield ConfigKey(path, str(node.value), line)
    if re.search(r"(^|\.)(environment|env|command|args|entrypoint)$", path):
        for match in _ENVIRONMENT.finditer(str(node.value)):
            yield ConfigKey(f"{path}.{match[1]}", match[2], line)


def _named_value(node: yaml.MappingNode, path: str) -> Iterator[ConfigKey]:
    """`{name: ZMQ_PORT, value: "5556"}` of Kubernetes."""
    said = {
        key.value: value
        for key, value in node.value
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
    }
    if "name" in said and "value" in said:
        value = said["value"]
        yield ConfigKey(f"{path}.{said['name'].value}", str(value.value), value.start_mark.line + 1)


def _lines(text: str) -> Iterator[ConfigKey]:
    section = ""
    for number, line in enumerate(text.splitlines()[:_MOST_KEYS], start=1):
        if line.lstrip()[:1] in ("#", ";") or not line.strip():
            continue
        if match := _SECTION.match(line):
            section = match[1].strip()
            continue
        if match := _SPACED.match(line):
            found = list(_ENVIRONMENT.finditer(match[2])) if match[1] == "ENV" else []
            for each in found:
                yield ConfigKey(each[1], each[2], number)
            if not found:
                yield ConfigKey(match[1], match[2], number)
            continue
        if match := _PAIR.match(line):
            value = match[2].strip().strip("\"'")
            path = f"{section}.{match[1]}" if section else match[1]
            yield ConfigKey(path, value, number)
            if match[1].lower() in ("environment", "env", "execstart", "command", "cmd"):
                for each in _ENVIRONMENT.finditer(match[2]):
                    yield ConfigKey(f"{path}.{each[1]}", each[2], number)
