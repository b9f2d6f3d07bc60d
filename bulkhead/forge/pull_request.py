"""Which pull request a job is about, from what its forge tells it.

Of GitHub the event decides (https://docs.github.com/en/actions/reference/workflows-and-actions/variables),
of GitLab the predefined variables (https://docs.gitlab.com/ci/variables/predefined_variables/).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Never

from bulkhead.files import read_file
from bulkhead.forge.github import GitHubThread, github, proposed
from bulkhead.forge.gitlab import GitLabThread, gitlab
from bulkhead.forge.pages import mapping, number, text
from bulkhead.forge.thread import Thread
from bulkhead.problems import InputError, Problem, UnusableError, printable

_LARGEST_EVENT: Final = 64 * 1024 * 1024
_SHA: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)
_NAME: Final = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
GITHUB: Final = "https://api.github.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """`number` is None where the event does not say it (one of a fork): GitHub is asked then.

    `owner` and `branch` are where the head comes from, for that question.
    """

    gitlab: bool
    repository: str
    number: int | None
    head: str
    run: tuple[int, int] | None = None
    owner: str = ""
    branch: str = ""


def pull_request(
    environ: Mapping[str, str],
    *,
    repository: str | None = None,
    number: int | None = None,
    head: str | None = None,
) -> PullRequest:
    """What a person says goes before what the job's environment says. Raises UnusableError."""
    at_gitlab = "CI_API_V4_URL" in environ
    told = _of_gitlab(environ) if at_gitlab else _of_github(environ, asked=number is not None)
    found = PullRequest(
        gitlab=at_gitlab,
        repository=repository or told.repository,
        number=number or told.number,
        head=head or told.head,
        run=told.run,
        owner=told.owner,
        branch=told.branch,
    )
    _complete(found)
    return found


def thread(
    found: PullRequest, environ: Mapping[str, str], *, suggested: int | None = None
) -> Thread | None:
    """The conversation of it; None where no open pull request has this head any more.

    `suggested` is a number that a stranger wrote: it chooses among those that GitHub names.
    """
    if found.gitlab:
        api = gitlab(environ.get("CI_API_V4_URL", ""), environ.get("GITLAB_TOKEN", ""))
        return GitLabThread(api, found.repository, found.number or 0)
    root = environ.get("GITHUB_API_URL") or GITHUB
    api = github(root, environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN") or "")
    if found.number is not None:
        return GitHubThread(api, found.repository, found.number)
    numbers = proposed(
        api, found.repository, owner=found.owner, branch=found.branch, head=found.head
    )
    if not numbers:
        return None
    chosen = suggested if suggested in numbers else numbers[0]
    if len(numbers) > 1 and suggested not in numbers:
        several = ", ".join(f"#{each}" for each in numbers)
        raise UnusableError(f"{found.head[:12]} is the head of {several}; name one: --number")
    return GitHubThread(api, found.repository, chosen)


def _complete(found: PullRequest) -> None:
    said = "merge request" if found.gitlab else "pull request"
    where = "CI_PROJECT_ID" if found.gitlab else "GITHUB_REPOSITORY"
    if not found.repository or not (found.gitlab or _NAME.fullmatch(found.repository)):
        shown = printable(found.repository)
        _unknown(f"of which repository ({where} is {shown!r})", "--repository OWNER/NAME")
    if found.number is None and not found.branch:
        _unknown(f"of which {said} this job is", "run it on one, or name --number")
    if not _SHA.fullmatch(found.head):
        _unknown(
            f"what the head of the {said} is ({printable(found.head)!r})", "--head SHA, all of it"
        )


def _unknown(what: str, remedy: str) -> Never:
    raise UnusableError(f"nothing says {what}; {remedy}")


def _of_github(environ: Mapping[str, str], *, asked: bool) -> PullRequest:
    event = _event(environ.get("GITHUB_EVENT_PATH", ""))
    proposal, ran = mapping(event.get("pull_request")), mapping(event.get("workflow_run"))
    run = _numbers(environ.get("GITHUB_RUN_ID"), environ.get("GITHUB_RUN_ATTEMPT"))
    repository = environ.get("GITHUB_REPOSITORY", "")
    if not ran:
        return PullRequest(
            gitlab=False,
            repository=repository,
            number=number(proposal["number"]) if "number" in proposal else None,
            head=text(mapping(proposal.get("head")).get("sha")),
            run=run,
        )
    if ran.get("event") != "pull_request" and not asked:
        _unknown(
            f"of which pull request the run was (it was of {printable(str(ran.get('event')))})",
            "let the workflow that writes the review run on pull_request alone",
        )
    return PullRequest(
        gitlab=False,
        repository=repository,
        number=None,
        head=text(ran.get("head_sha")),
        # The order is that of the runs that reviewed, not of those that post.
        run=_numbers(ran.get("id"), ran.get("run_attempt")),
        owner=text(mapping(mapping(ran.get("head_repository")).get("owner")).get("login")),
        branch=text(ran.get("head_branch")),
    )


def _of_gitlab(environ: Mapping[str, str]) -> PullRequest:
    own = environ.get("CI_PROJECT_ID", "")
    iid = environ.get("CI_MERGE_REQUEST_IID", "")
    return PullRequest(
        gitlab=True,
        repository=environ.get("CI_MERGE_REQUEST_PROJECT_ID") or own,
        number=int(iid) if iid.isdecimal() else None,
        # In a pipeline for merged results CI_COMMIT_SHA is a commit that GitLab made.
        head=environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environ.get("CI_COMMIT_SHA", ""),
        run=_numbers(environ.get("CI_PIPELINE_ID"), environ.get("CI_JOB_ID")),
    )


def _numbers(first: object, second: object) -> tuple[int, int] | None:
    if not str(first).isdecimal():
        return None
    return int(str(first)), int(str(second)) if str(second).isdecimal() else 1


def _event(path: str) -> dict[str, Any]:
    if not path:
        return {}
    remedy = "GITHUB_EVENT_PATH names what the runner wrote; unset it outside of one"
    try:
        return mapping(json.loads(read_file(Path(path), largest=_LARGEST_EVENT, remedy=remedy)))
    except ValueError:
        raise InputError([Problem(path, 0, "is no JSON", remedy)]) from None
