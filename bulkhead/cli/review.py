"""`bulkhead review`: what a change does, and whether it may pass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bulkhead.cli import pages
from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.cli.forms import asked as files_asked
from bulkhead.cli.options import (
    CodeQualityFile,
    CsvFile,
    HtmlFile,
    Json,
    JunitFile,
    SarifFile,
    StackOption,
    StateOption,
    VpcOption,
    read_both,
    within,
)
from bulkhead.observe import Wanted
from bulkhead.report.code_changes import (
    changes_document,
    changes_markdown,
    print_changes,
)
from bulkhead.report.console import output, progress
from bulkhead.report.documents.review import review as document
from bulkhead.report.documents.writing import write
from bulkhead.report.markdown.budget import FRAMED
from bulkhead.report.markdown.review import review as comment
from bulkhead.report.review import print_review
from bulkhead.report.scope import scope_lines
from bulkhead.review import DEFAULT, FailOn, Version, failing
from bulkhead.review import review as reviewed
from bulkhead.sources import Source, is_state

if TYPE_CHECKING:
    from bulkhead.discover.code.changes import CodeChanges

_BACKWARDS: Final = (
    "BASE is a preview and HEAD a state, so this is what undoes the update; "
    "for what the update does, name the state first"
)

BaseArgument = Annotated[
    str, typer.Argument(metavar="BASE", help="What is: any source that `bulkhead prove` takes.")
]
HeadArgument = Annotated[
    str | None,
    typer.Argument(metavar="[HEAD]", help="What would be, or is by now: any source."),
]
GitOption = Annotated[
    str | None,
    typer.Option(
        "--git",
        metavar="RANGE",
        help="BASE is a topology, reviewed between two revisions: main..HEAD, main...HEAD (from "
        "where the two parted, as a pull request is), or main alone, against the working tree.",
    ),
]
Markdown = Annotated[
    bool, typer.Option("--markdown", help="Print a comment for a pull request instead of text.")
]
FailOnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on",
        metavar="CONDITION,…",
        help=f"Exit 1 where one of these holds: {', '.join(FailOn)}; none: never. "
        f"Without it: {', '.join(DEFAULT)}.",
    ),
]


def review(
    base: BaseArgument,
    head: HeadArgument = None,
    *,
    git: GitOption = None,
    code: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH",
            help="With --git: also name the boundaries that are new in this source code; "
            "repeatable.",
        ),
    ] = None,
    vpc: VpcOption = None,
    stack: StackOption = None,
    state: StateOption = None,
    fail_on: FailOnOption = None,
    as_json: Json = False,
    markdown: Markdown = False,
    sarif: SarifFile = None,
    junit: JunitFile = None,
    csv: CsvFile = None,
    code_quality: CodeQualityFile = None,
    html: HtmlFile = None,
) -> int:
    """What a change does, from BASE to HEAD; where that is written; may it pass?

    What untrusted places reach comes first. Where BASE is a topology and HEAD is not, each
    difference from the plan leads, with the flows that it opens or breaks under it. Exit
    code 0: none of the conditions of --fail-on holds. 1: some do.
    """
    if as_json and markdown:
        unusable("--json and --markdown exclude each other")
    if code and git is None:
        unusable("--code is read at two revisions: it goes with --git RANGE")
    conditions = asked(fail_on)
    forms = files_asked(
        sarif=sarif,
        junit=junit,
        csv=csv,
        code_quality=code_quality,
        html=html,
        as_json=as_json,
        markdown=markdown,
    )
    one, other = _sides(base, head, git, state, within(None, vpc, stack))
    with progress("proving both"):
        sides = version(one), version(other)
        found = reviewed(*sides)
    if found.residue_untold and FailOn.RESIDUE in conditions:
        unusable(f"--fail-on residue: {found.residue_untold}; give a topology as BASE or as HEAD")
    failed = failing(found, conditions)
    changes = _in_code(code, git) if code and git else None
    if forms:
        from bulkhead.report.sheets.review import review as sheet  # noqa: PLC0415 - for who asks for a file

        forms.write(
            sheet(found, sides, conditions, provenance=other.provenance),
            pages.of_two(one, other, found),
        )
    if forms.instead:
        return NO if failed else YES
    if as_json:
        made_from = one.provenance, other.provenance
        whole = document(found, conditions, failed, provenance=made_from)
        if changes:
            whole["changes"] = whole["changes"] or bool(changes.new or changes.gone)
        write(whole | {"code": changes_document(changes) if changes else None})
    elif markdown:
        told = changes_markdown(changes) if changes else ""
        typer.echo("\n\n".join(filter(None, (comment(found, failed, FRAMED - len(told)), told))))
    else:
        print_review(output(), found, failed)
        if changes:
            print_changes(output(), changes)
    return NO if failed else YES


def _sides(
    base: str, head: str | None, git: str | None, state: str | None, wanted: Wanted
) -> tuple[Source, Source]:
    """Two sources, or two revisions of one topology."""
    if git is None:
        if head is None:
            unusable("name BASE and HEAD, or --git RANGE and a topology")
        one, other = read_both(base, head, wanted, state=state)
        if one.replaced is not None and other.replaced is None and is_state(head):
            other = replace(other, notes=(*other.notes, _BACKWARDS))
        return one, other
    if head is not None or state is not None or not wanted.everything:
        unusable("--git takes one topology, and neither HEAD, --state, --vpc nor --stack")
    from bulkhead.sources.revisions import open_range  # noqa: PLC0415 - needs the planner

    with progress(f"planning {base} at {git}"):
        return open_range(git, base)


def _in_code(paths: list[Path], git: str) -> CodeChanges:
    from bulkhead.sources.code_at import code_between  # noqa: PLC0415 - for who asks about code

    with progress("reading code at both") as say:
        return code_between(paths, git, say)


def version(source: Source) -> Version:
    """A source as one of the two that are reviewed."""
    return Version(
        label=source.label,
        network=source.network,
        origins=source.origins,
        declaration=source.plan.declaration if source.plan else None,
        words=source.plan.words if source.plan else (),
        month=source.plan.month if source.plan else None,
        replaced=source.replaced,
        notes=(*source.notes, *scope_lines(source.provenance.scope)),
    )


def asked(words: list[str] | None) -> tuple[FailOn, ...]:
    """The conditions that somebody names, or the usual ones. Raises UnusableError."""
    if not words:
        return DEFAULT
    named = [each.strip() for word in words for each in word.split(",") if each.strip()]
    if not named:
        unusable("--fail-on names no condition; write none if nothing is to fail")
    if unknown := [each for each in named if each != "none" and each not in set(FailOn)]:
        unusable(
            f"--fail-on {', '.join(unknown)}: no such condition; there are {', '.join(FailOn)}, "
            "and none"
        )
    return tuple(dict.fromkeys(FailOn(each) for each in named if each != "none"))
