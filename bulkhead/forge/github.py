"""Comments of a pull request of GitHub.

https://docs.github.com/en/rest/issues/comments: every pull request is an issue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from bulkhead.forge.api import Api, api_of
from bulkhead.forge.pages import listed, mapping, number, text
from bulkhead.forge.thread import Comment, GoneError, RefusedError
from bulkhead.problems import UnusableError

_JOBS: Final = "github-actions[bot]"
"""Who the token of a job is, where nothing says it better."""


def github(root: str, token: str) -> Api:
    """Raises UnusableError where there is no token."""
    if not token.strip():
        raise UnusableError(
            "there is no token for GitHub; in a workflow set GITHUB_TOKEN: ${{ github.token }} in "
            "the step's env (a pull request from a fork has no secrets, but it has this token)"
        )
    headers = {
        "Authorization": f"Bearer {token.strip()}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
        "User-Agent": "bulkhead",
    }
    return api_of("GitHub", root, headers, _refused)


def _refused(status: int, says: str) -> str:
    answer = f"GitHub answers {status}" + (f" ({says})" if says else "")
    remedy = {
        401: "the token is wrong or has expired; pass the job's own, ${{ github.token }}",
        403: "this token may not comment; give the job `permissions: pull-requests: write`, and "
        "for pull requests from forks, whose jobs get no such token, use the two workflows of "
        "docs/ci.md",
        404: "there is no such pull request, or this token may not see it",
        410: "the comments of this repository are switched off",
        422: "it takes no such comment",
    }.get(status, "it does not do what we ask")
    if "locked" in says.lower():
        remedy = "the conversation of this pull request is locked; unlock it, or do not comment"
    return f"{answer}: {remedy}"


@dataclass(frozen=True, slots=True)
class GitHubThread:
    """The conversation of one pull request; `repository` is OWNER/NAME."""

    api: Api
    repository: str
    number: int

    longest = 65_536
    """https://docs.github.com/en/rest/issues/comments: more is refused, with 422."""

    @property
    def _repository(self) -> str:
        return f"repos/{quote(self.repository)}"

    def head(self) -> str | None:
        try:
            found = self.api.get(f"{self._repository}/pulls/{self.number}").json
        except RefusedError as refused:
            if refused.status == 401:
                raise
            return None
        return text(mapping(mapping(found).get("head")).get("sha")) or None

    def whoami(self) -> str | None:
        """GraphQL knows the viewer of every token; `GET /user` refuses those of an app.

        https://docs.github.com/en/graphql/reference/queries#viewer
        """
        graphql = f"{self.api.root.removesuffix('/v3')}/graphql"
        try:
            found = mapping(
                self.api.call("POST", graphql, {"query": "query { viewer { login } }"}).json
            )
            viewer = mapping(mapping(found.get("data")).get("viewer"))
            return text(viewer.get("login")) or self._user()
        except RefusedError:
            return self._user()

    def _user(self) -> str:
        try:
            return text(mapping(self.api.get("user").json).get("login")) or _JOBS
        except RefusedError as refused:
            if refused.status == 401:
                raise
            return _JOBS

    def comments(self) -> Iterator[Comment]:
        path = f"{self._repository}/issues/{self.number}/comments?per_page=100"
        return map(_comment, listed(self.api, path))

    def create(self, body: str) -> Comment:
        path = f"{self._repository}/issues/{self.number}/comments"
        return _comment(mapping(self.api.call("POST", path, {"body": body}).json))

    def update(self, comment: int, body: str) -> Comment:
        path = f"{self._repository}/issues/comments/{comment}"
        try:
            return _comment(mapping(self.api.call("PATCH", path, {"body": body}).json))
        except RefusedError as refused:
            if refused.status in (404, 410):
                raise GoneError(f"{refused}; comment {comment} cannot be updated") from None
            raise

    def delete(self, comment: int) -> None:
        try:
            self.api.call("DELETE", f"{self._repository}/issues/comments/{comment}")
        except RefusedError as refused:
            if refused.status not in (404, 410):
                raise


def _comment(found: dict[str, Any]) -> Comment:
    return Comment(
        id=number(found.get("id")),
        author=text(mapping(found.get("user")).get("login")),
        body=text(found.get("body")),
        url=text(found.get("html_url")),
    )


def proposed(api: Api, repository: str, *, owner: str, branch: str, head: str) -> list[int]:
    """The open pull requests of a branch of `owner` whose head is this commit.

    What a run was of is asked of GitHub: an event of a fork lists no pull requests.
    https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
    """
    query = urlencode({"state": "open", "head": f"{owner}:{branch}", "per_page": 100})
    return [
        number(each.get("number"))
        for each in listed(api, f"repos/{quote(repository)}/pulls?{query}")
        if mapping(each.get("head")).get("sha") == head
    ]
