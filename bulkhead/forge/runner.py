"""What a runner of GitHub shows besides: the summary of a job, its outputs, annotations.

The action asks for all of it at once: `python -m bulkhead.forge.runner review.json review.md`.
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bulkhead.forge.body import fitted
from bulkhead.forge.pages import mapping, text
from bulkhead.problems import InputError, Problem, printable

LARGEST_SUMMARY: Final = 1024 * 1024
"""Bytes of a step's summary: a larger one is not shown at all."""
MOST_OF_A_LEVEL: Final = 10
"""Annotations of one level that a step may have; of more, GitHub shows these."""
_SHORTEST: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """`level` is error, warning or notice; `line` counts from 1, and 0 is the file as a whole."""

    level: str
    file: str
    line: int
    title: str
    message: str

    def __str__(self) -> str:
        """The command that makes it; whatever is in a name is no command of its own."""
        place = [("file", self.file), ("line", str(self.line or 1))] if self.file else []
        named = [*place, ("title", self.title)]
        properties = ",".join(f"{name}={_property(value)}" for name, value in named if value)
        return f"::{self.level} {properties}::{_data(self.message)}"


def add_to_summary(environ: Mapping[str, str], said: str) -> bool:
    """Append Markdown to the summary of the step, as far as there is room; False: there is none."""
    named = environ.get("GITHUB_STEP_SUMMARY")
    if not named:
        return False
    path = Path(named)
    taken = path.stat().st_size if path.exists() else 0
    room = LARGEST_SUMMARY - taken - 1
    if room < _SHORTEST:
        return False
    # A character has at most four bytes.
    fits = said if len(said.encode()) <= room else fitted(said, room // 4)
    _append(path, f"{fits}\n")
    return True


def add_outputs(environ: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """Say what later steps may ask for; no value can be taken for another output."""
    if named := environ.get("GITHUB_OUTPUT"):
        end = f"end-{secrets.token_hex(16)}"
        lines = (f"{name}<<{end}\n{value}\n{end}\n" for name, value in outputs.items())
        _append(Path(named), "".join(lines))


def outputs(review: Mapping[str, Any]) -> dict[str, str]:
    """Of a `bulkhead.review/1`: the verdict, whether anything changes, how many flows do how."""
    counts = mapping(review.get("counts"))
    return {
        "verdict": printable(text(review.get("verdict"))),
        "changed": "true" if review.get("changes") else "false",
        "failed": ",".join(map(str, review.get("failed") or [])),
        **{f"{kind.replace(' ', '-')}": str(count) for kind, count in counts.items()},
    }


def annotated(answer: Mapping[str, Any], head: str = "") -> Iterator[Annotation]:
    """What stands at a line that is here: findings, flows, replacements; or why there is no review.

    `head` is the commit that is reviewed, whose files are called by it where they were read in git.

    An error is what untrusted places reach now, and a question that could not be asked. What only
    the base has a line for (a flow that closes because its line is gone) is in the comment.
    """
    for error in answer.get("errors") or []:
        yield _annotation(
            "error", "No review", text(error.get("message")), _in_checkout(error, head)
        )
    for finding in answer.get("findings") or []:
        if place := _here([finding]):
            title = text(finding.get("kind")).capitalize()
            yield _annotation("warning", title, text(finding.get("message")), place)
    for flow in answer.get("flows") or []:
        causes = [mapping(each).get("origin") for each in flow.get("causes") or []]
        if place := _here([flow.get("origin"), *causes]):
            level = "error" if flow.get("reached") else "warning"
            yield _annotation(level, f"Flow {flow.get('kind')}", _flow(flow), place)
    for each in answer.get("replacements") or []:
        if place := _here([each.get("origin")]):
            said = f"{each.get('kind')} {each.get('name')}: {each.get('why')}; {each.get('means')}"
            yield _annotation("warning", "Replaced", said, place)


def _in_checkout(error: Mapping[str, Any], head: str) -> Mapping[str, Any]:
    """The place of a mistake; a file of the head that was read in git is the one that is here."""
    revision, _, path = text(error.get("file")).partition(":")
    read_in_git = revision and path and head.startswith(revision)
    return {**error, "file": path} if read_in_git else error


def _here(origins: Iterable[Any]) -> dict[str, Any]:
    """The first place of these in a file of this checkout, as it is in it."""
    places = (mapping(each) for each in origins)
    return next(
        (each for each in places if not each.get("revision") and _is_here(text(each.get("file")))),
        {},
    )


def _is_here(file: str) -> bool:
    try:
        return bool(file) and Path(file).is_file()
    except (OSError, ValueError):
        return False


def _flow(flow: Mapping[str, Any]) -> str:
    """One line of a review: from whom to whom, what, and how it fares."""
    names = [text(mapping(flow.get(end)).get("name")) for end in ("from", "to")]
    ports = [f"{low}-{high}" if low != high else f"{low}" for low, high in flow.get("ports") or []]
    what = " ".join(filter(None, [text(flow.get("protocol")), ", ".join(ports[:MOST_OF_A_LEVEL])]))
    to = text(flow.get("socket")) or names[1]
    return f"{names[0]} -> {to}  {what}: {flow.get('before')} -> {flow.get('after')}"


def shown(found: Iterator[Annotation]) -> list[Annotation]:
    """As many of each level as GitHub shows, those at a line first, none of them twice."""
    every = sorted(dict.fromkeys(found), key=lambda each: not each.line)
    taken: dict[str, int] = {}
    kept = []
    for each in every:
        taken[each.level] = taken.get(each.level, 0) + 1
        if taken[each.level] <= MOST_OF_A_LEVEL:
            kept.append(each)
    return kept


def _annotation(level: str, title: str, message: str, where: Any) -> Annotation:
    place = mapping(where)
    line = place.get("line")
    return Annotation(
        level=level,
        file=text(place.get("file")),
        line=line if isinstance(line, int) else 0,
        title=title,
        message=printable(message),
    )


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def _append(path: Path, said: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(said)
    except OSError as error:
        why = f"cannot be written ({error.strerror})"
        raise InputError([Problem(str(path), 0, why, "the runner names it; see its log")]) from None


def main() -> int:
    """Say all of it. Exit code 2: that was no review, and why is said."""
    answer, markdown = (Path(each) for each in sys.argv[1:3])
    try:
        found = mapping(json.loads(answer.read_bytes()))
    except (OSError, ValueError):
        found = {}
    reviewed = text(found.get("schema")).startswith("bulkhead.review/")
    if not reviewed and not found.get("errors"):
        found = {"errors": [{"message": "bulkhead gave no answer; the log of this step says why"}]}
    if markdown.is_file() and (said := markdown.read_text(encoding="utf-8", errors="replace")):
        add_to_summary(os.environ, said)
    add_outputs(os.environ, outputs(found))
    for each in shown(annotated(found, os.environ.get("HEAD", ""))):
        sys.stdout.write(f"{each}\n")
    return 0 if reviewed else 2


if __name__ == "__main__":
    sys.exit(main())
