"""`bulkhead comment`: an answer on the pull request that it is about."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from bulkhead.cli.codes import YES, unusable
from bulkhead.files import read_file
from bulkhead.forge import Became, Marker, Message, Posted, post
from bulkhead.forge.halves import LARGEST_TEXT, Half, expect_of, read_half, write_half
from bulkhead.forge.pull_request import PullRequest, pull_request, thread
from bulkhead.forge.runner import add_to_summary
from bulkhead.problems import UnusableError

_SAID: Final = {
    Became.CREATED: "commented",
    Became.UPDATED: "updated the comment",
    Became.NEWER: "left the comment alone: a later run wrote it",
    Became.OUTDATED: "posted nothing: the pull request has moved on to another commit",
    Became.NOTHING: "posted nothing: there is nothing to say, and no comment that says otherwise",
}


def comment(
    body: Annotated[
        Path | None,
        typer.Argument(metavar="[BODY]", help="Markdown, such as `bulkhead review` writes."),
    ] = None,
    *,
    key: Annotated[
        str, typer.Option(help="Tells several comments of one pull request apart.")
    ] = "review",
    only_update: Annotated[
        bool,
        typer.Option("--only-update", help="Make no comment, but update one that is there."),
    ] = False,
    repository: Annotated[
        str | None,
        typer.Option(metavar="OWNER/NAME", help="Instead of the job's own."),
    ] = None,
    number: Annotated[
        int | None, typer.Option(min=1, help="The pull or merge request, instead of the job's own.")
    ] = None,
    head: Annotated[
        str | None, typer.Option(metavar="SHA", help="The commit that BODY is about.")
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Post nothing: write what another job posts with --from DIR."
        ),
    ] = None,
    from_: Annotated[
        Path | None,
        typer.Option("--from", metavar="DIR", help="Post what --write wrote, in workflow_run."),
    ] = None,
    summary: Annotated[
        bool,
        typer.Option(help="What may not be posted goes to the summary of the job."),
    ] = True,
) -> int:
    """Put an answer on its pull request: one comment, updated in place.

    In a job of GitHub Actions (with GITHUB_TOKEN) or GitLab CI (with GITLAB_TOKEN) it knows which
    pull request that is. Only a comment of our own is touched, and one of a later run never.
    Exit code 0: it is there, or a later run's is, or nothing needs to be. 2: it cannot be posted.
    """
    if (body is None) == (from_ is None) or (write and from_):
        unusable("name one: BODY, the Markdown to post, or --from DIR; --write goes with BODY")
    about = pull_request(os.environ, repository=repository, number=number, head=head)
    half = read_half(from_) if from_ else _half(body, about, only_update=only_update)
    if write:
        write_half(write, half)
        typer.echo(f"wrote {write}: post it with --from, in a workflow that may write")
        return YES
    if from_:
        expect_of(half, about.head)
    posted = _posted(about, half, key, os.environ, summary=summary)
    typer.echo(f"{_SAID[posted.became]}{f': {posted.url}' if posted.url else ''}")
    return YES


def _half(body: Path | None, about: PullRequest, *, only_update: bool) -> Half:
    assert body is not None  # noqa: S101 - one of the two was named
    remedy = "name the Markdown that `bulkhead review` wrote"
    written = read_file(body, largest=LARGEST_TEXT, remedy=remedy)
    return Half(
        text=written.decode("utf-8", "replace"),
        head=about.head,
        number=about.number,
        only_update=only_update,
    )


def _posted(
    about: PullRequest, half: Half, key: str, environ: Mapping[str, str], *, summary: bool
) -> Posted:
    marker = Marker(key=key, head=about.head, run=about.run, at=datetime.now(UTC))
    message = Message(marker=marker, text=half.text, only_update=half.only_update)
    try:
        conversation = thread(about, environ, suggested=half.number)
        if conversation is None:
            return Posted(became=Became.OUTDATED)
        return post(conversation, message)
    except UnusableError as error:
        if summary and add_to_summary(environ, half.text):
            error.add_note("the review is in the summary of this job")
        raise
