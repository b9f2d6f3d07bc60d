"""A runner of GitHub, as far as a composite action needs one: its expressions, steps and files.

https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_TOKEN = re.compile(r"\s*(?:'((?:[^']|'')*)'|(==|!=|&&|\|\||!|\(|\))|([\w.-]+))")


def documents(path: Path) -> list[Any]:
    """The documents of a YAML file as plain data; `on` stays a word."""
    return list(YAML(typ="safe", pure=True).load_all(path))


def parsed(path: Path) -> Any:
    """The only one."""
    (document,) = documents(path)
    return document


def evaluated(expression: str, contexts: Mapping[str, Any]) -> Any:
    """The value of an expression: literals, names, `!`, `==`, `!=`, `&&`, `||` and brackets."""
    tokens = [match.groups() for match in _TOKEN.finditer(expression)]
    position = 0

    def peek() -> str | None:
        return tokens[position][1] if position < len(tokens) else None

    def take() -> tuple[Any, ...]:
        nonlocal position
        position += 1
        return tokens[position - 1]

    def primary() -> Any:
        literal, sign, name = take()
        if sign == "!":
            return not primary()
        if sign == "(":
            value = either()
            take()
            return value
        if literal is not None:
            return literal.replace("''", "'")
        if peek() == "(":  # a function of no arguments
            take(), take()
            return {"cancelled": False, "always": True, "success": True}[name]
        value: Any = contexts
        for part in name.split("."):
            value = value.get(part, "") if isinstance(value, Mapping) else ""
        return {"true": True, "false": False}.get(name, value)

    def equal() -> Any:
        value = primary()
        while peek() in ("==", "!="):
            sign = take()[1]
            value = (value == primary()) == (sign == "==")
        return value

    def both() -> Any:
        value = equal()
        while peek() == "&&":
            take()
            other = equal()
            value = value and other
        return value

    def either() -> Any:
        value = both()
        while peek() == "||":
            take()
            other = both()
            value = value or other
        return value

    return either()


def filled(text: str, contexts: Mapping[str, Any]) -> str:
    """A text with the values of its expressions."""

    def value(match: re.Match[str]) -> str:
        found = evaluated(match[1], contexts)
        return str(found).lower() if isinstance(found, bool) else str(found)

    return re.sub(r"\$\{\{(.*?)\}\}", value, text)


@dataclass
class Ran:
    """What became of an action: of its steps, by id, and what it showed."""

    code: int = 0
    log: str = ""
    steps: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    used: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@dataclass
class Runner:
    """`environment` is what steps see beside their own; `temp` is RUNNER_TEMP."""

    action: Path
    workspace: Path
    temp: Path
    environment: Mapping[str, str]
    github: Mapping[str, Any]

    def run(self, **inputs: str) -> Ran:
        """Run the action with these inputs (underscores for hyphens), until a step fails."""
        action = parsed(self.action)
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert given.keys() <= action["inputs"].keys()
        contexts: dict[str, Any] = {
            "github": {"action_path": str(self.action.parent), **self.github},
            "steps": {},
        }
        contexts["inputs"] = {
            name: given.get(name, filled(str(each.get("default", "")), contexts))
            for name, each in action["inputs"].items()
        }
        ran = Ran(steps=contexts["steps"])
        for number, step in enumerate(action["runs"]["steps"]):
            condition = str(step.get("if", "success()"))
            condition = filled(condition, contexts) if "${{" in condition else condition
            status = re.search(r"\b(always|cancelled|failure)\(\)", str(step.get("if", "")))
            if (ran.code and not status) or not _true(evaluated(condition, contexts)):
                continue
            if "uses" in step:
                options = {key: filled(str(each), contexts) for key, each in step["with"].items()}
                ran.used.append((step["uses"], options))
                continue
            self._step(number, step, contexts, ran)
        ran.outputs = {
            name: filled(each["value"], contexts) for name, each in action["outputs"].items()
        }
        return ran

    def _step(self, number: int, step: Any, contexts: dict[str, Any], ran: Ran) -> None:
        assert step["shell"] == "bash"
        files = {name: self.temp / f"{name}.{number}" for name in ("output", "summary", "script")}
        files["output"].write_text("")
        files["summary"].write_text("")
        files["script"].write_text(step["run"])
        own = {name: filled(str(each), contexts) for name, each in step.get("env", {}).items()}
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(files["script"])],
            cwd=self.workspace,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.temp),
                "RUNNER_TEMP": str(self.temp),
                "GITHUB_OUTPUT": str(files["output"]),
                "GITHUB_STEP_SUMMARY": str(files["summary"]),
                **self.environment,
                **own,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        ran.log += ended.stdout
        ran.code = ran.code or ended.returncode
        ran.summary += files["summary"].read_text()
        contexts["steps"][step["id"]] = {
            "outputs": _outputs(files["output"].read_text()),
            "outcome": "failure" if ended.returncode else "success",
        }


def _true(value: Any) -> bool:
    return value not in ("", "false", False, None)


def _outputs(text: str) -> dict[str, str]:
    """What a step wrote: name=value, or name<<END and lines until END."""
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, heredoc, end = line.partition("<<")
        if heredoc and "=" not in name:
            value = []
            for each in lines:
                if each == end:
                    break
                value.append(each)
            found[name] = "\n".join(value)
        else:
            name, _, value_ = line.partition("=")
            found[name] = value_
    return found


def commands(log: str) -> list[str]:
    """The workflow commands in a log that the runner obeys: not those between stop-commands.

    An older form, `##[error]`, is one wherever it stands in a line.
    """
    found: list[str] = []
    end: str | None = None
    for line in log.splitlines():
        if end is not None:
            end = None if line.strip() == f"::{end}::" else end
        elif line.lstrip().startswith("::stop-commands::"):
            end = line.strip().removeprefix("::stop-commands::")
        elif re.match(r"\s*::[a-z-]+( |::)", line) or "##[" in line:
            found.append(line.strip())
    return found
