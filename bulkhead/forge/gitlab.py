"""Notes of a merge request of GitLab: https://docs.gitlab.com/api/notes/#merge-requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bulkhead.forge.api import Api, api_of
from bulkhead.forge.body import without_commands
from bulkhead.forge.pages import listed, mapping, number, text
from bulkhead.forge.thread import Comment, GoneError, RefusedError
from bulkhead.problems import UnusableError


def gitlab(root: str, token: str) -> Api:
    """Raises UnusableError where there is no token."""
    if not token.strip():
        raise UnusableError(
            "there is no token for GitLab; a job's CI_JOB_TOKEN may not write notes "
            "(https://docs.gitlab.com/ci/jobs/ci_job_token/): make a project access token with "
            "the role Reporter and the scope api, and set it as the masked CI/CD variable "
            "GITLAB_TOKEN"
        )
    headers = {"PRIVATE-TOKEN": token.strip(), "User-Agent": "bulkhead"}
    return api_of("GitLab", root, headers, _refused)


def _refused(status: int, says: str) -> str:
    answer = f"GitLab answers {status}" + (f" ({says})" if says else "")
    remedy = {
        401: "GITLAB_TOKEN is wrong, has expired, or is a CI_JOB_TOKEN, which may not write notes; "
        "make a project access token with the scope api",
        403: "GITLAB_TOKEN may not write notes; it needs the role Reporter and the scope api",
        404: "there is no such merge request, or GITLAB_TOKEN may not see it",
    }.get(status, "it does not do what we ask")
    return f"{answer}: {remedy}"


@dataclass(frozen=True, slots=True)
class GitLabThread:
    """The conversation of one merge request; `project` is an id or GROUP/NAME."""

    api: Api
    project: str
    number: int

    longest = 1_000_000
    """https://docs.gitlab.com/administration/instance_limits/#size-of-comments-and-descriptions"""

    @property
    def _request(self) -> str:
        return f"projects/{quote(self.project, safe='')}/merge_requests/{self.number}"

    def head(self) -> str | None:
        try:
            return text(mapping(self.api.get(self._request).json).get("sha")) or None
        except RefusedError as refused:
            if refused.status == 401:
                raise
            return None

    def whoami(self) -> str | None:
        try:
            return text(mapping(self.api.get("user").json).get("username")) or None
        except RefusedError as refused:
            if refused.status == 401:
                raise
            return None

    def comments(self) -> Iterator[Comment]:
        path = f"{self._request}/notes?sort=asc&order_by=created_at&per_page=100"
        return map(self._note, (each for each in listed(self.api, path) if not each.get("system")))

    def create(self, body: str) -> Comment:
        return self._note(
            mapping(
                self.api.call(
                    "POST", f"{self._request}/notes", {"body": without_commands(body)}
                ).json
            )
        )

    def update(self, comment: int, body: str) -> Comment:
        path = f"{self._request}/notes/{comment}"
        try:
            return self._note(
                mapping(self.api.call("PUT", path, {"body": without_commands(body)}).json)
            )
        except RefusedError as refused:
            if refused.status == 404:
                raise GoneError(f"{refused}; note {comment} cannot be updated") from None
            raise

    def delete(self, comment: int) -> None:
        try:
            self.api.call("DELETE", f"{self._request}/notes/{comment}")
        except RefusedError as refused:
            if refused.status != 404:
                raise

    def _written(self, method: str, path: str, body: str) -> Comment:
        said = {"body": without_commands(body)}
        return self._note(mapping(self.api.call(method, path, said).json))

    def _note(self, found: dict[str, Any]) -> Comment:
        return Comment(
            id=number(found.get("id")),
            author=text(mapping(found.get("author")).get("username")),
            body=text(found.get("body")),
            url="",
        )
