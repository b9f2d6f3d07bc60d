"""HTTP to a forge: one host, one token, and an answer or a sentence.

The token goes to the host that it is for and to no other, and is in no message.
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message as Headers
from typing import IO, Any, Final
from urllib.parse import SplitResult, urljoin, urlsplit

from bulkhead.forge.thread import RefusedError, UnavailableError
from bulkhead.problems import UnusableError, printable

_TIMEOUT: Final = 30.0
_LARGEST: Final = 64 * 1024 * 1024
_REDIRECTS: Final = 5
_LIMITED: Final = 60.0
"""Seconds that GitHub asks for where a limit says none.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Headers
    json: Any


class _AsItIs(urllib.request.HTTPErrorProcessor):
    """Every answer is one: no exception of a status, no redirect that takes the token along."""

    def http_response(self, _request: urllib.request.Request, response: Any) -> Any:
        return response

    def https_response(self, _request: urllib.request.Request, response: Any) -> Any:
        return response


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """`refused` says in a sentence what to do about a status and the words that came with it."""

    forge: str
    root: str
    headers: Mapping[str, str]
    refused: Callable[[int, str], str]

    def get(self, path: str) -> Reply:
        return self.call("GET", path)

    def call(self, method: str, path: str, body: object = None) -> Reply:
        """Ask once. `path` is one below the root, or a whole address on the same host.

        Raises RefusedError; and UnavailableError where it was not done for now, or nobody knows.
        """
        url = self._within(path)
        for _ in range(_REDIRECTS):
            answer = self._sent(method, url, body)
            target = answer.headers.get("location")
            if answer.status not in (301, 302, 307, 308) or not target:
                return self._judged(answer)
            # "repeat the same request verbatim": docs.github.com, best practices of the REST API
            url = self._within(urljoin(url, target))
        raise UnusableError(f"{self.forge} redirects more than {_REDIRECTS} times; check its URL")

    def _within(self, path: str) -> str:
        url = path if "://" in path else f"{self.root}/{path.removeprefix('/')}"
        if _origin(urlsplit(url)) != _origin(urlsplit(self.root)):
            raise UnusableError(
                f"{self.forge} at {_said(self.root)} sends us on to {_said(url)}, which is another "
                "host: the token does not go there; name the host that answers itself"
            )
        return url

    def _sent(self, method: str, url: str, body: object) -> Reply:
        data = None if body is None else json.dumps(body).encode()
        headers = dict(self.headers)
        if data is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - `_within`
        opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(),
            _AsItIs(),
        ):
            opener.add_handler(handler)
        try:
            with opener.open(request, timeout=_TIMEOUT) as response:
                return Reply(response.status, response.headers, _parsed(response))
        except (OSError, http.client.HTTPException) as error:
            why = printable(str(getattr(error, "reason", error)) or type(error).__name__)
            raise UnavailableError(
                f"{self.forge} at {_said(self.root)} does not answer ({why}); run the job again"
            ) from None

    def _judged(self, answer: Reply) -> Reply:
        status, says = answer.status, _words(answer.json)
        if status < 300:
            return answer
        wait = _limit(status, answer.headers, says)
        if wait is not None:
            until = time.strftime("%H:%M:%S UTC", time.gmtime(time.time() + wait))
            raise UnavailableError(
                f"{self.forge} takes no more calls of this token until {until} ({status}, rate "
                "limit); nothing was posted: run the job again after that",
                wait=wait,
            )
        if status >= 500:
            raise UnavailableError(f"{self.forge} answers {status}; run the job again")
        raise RefusedError(self.refused(status, says), status=status)


def api_of(
    forge: str,
    root: str,
    headers: Mapping[str, str],
    refused: Callable[[int, str], str],
) -> Api:
    """Raises UnusableError where a token would be readable on the way, or is none."""
    parts = urlsplit(root)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise UnusableError(
            f"{_said(root)} is no https:// address: a token is not sent where others can read it"
        )
    for value in headers.values():
        # What http.client says of such a value repeats it.
        if not (value.isascii() and value.isprintable()):
            raise UnusableError(
                f"the token for {forge} has a line break or another sign that no token has; "
                "set it again, without what was pasted beside it"
            )
    return Api(forge=forge, root=root.rstrip("/"), headers=headers, refused=refused)


def _origin(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port or {"https": 443, "http": 80}.get(url.scheme)


def _said(url: str) -> str:
    parts = urlsplit(url)
    return printable(f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}")


def _parsed(response: IO[bytes]) -> Any:
    data = response.read(_LARGEST)
    try:
        return json.loads(data) if data else None
    except ValueError:
        return None


def _words(answer: Any) -> str:
    """What the forge says of a refusal."""
    said = answer.get("message") or answer.get("error") if isinstance(answer, dict) else None
    errors = answer.get("errors") if isinstance(answer, dict) else None
    more = [
        str(each.get("message", "")) if isinstance(each, dict) else str(each)
        for each in (errors if isinstance(errors, list) else [])
    ]
    return printable("; ".join(filter(None, [str(said or ""), *more])))[:300]


def _limit(status: int, headers: Headers, says: str) -> float | None:
    """Seconds until a limit of calls ends; None where it is no limit that refuses.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/
    """
    if status not in (403, 429):
        return None
    if (after := headers.get("retry-after")) is not None:
        return float(after) if after.isdecimal() else _LIMITED
    if "0" in (headers.get("x-ratelimit-remaining"), headers.get("ratelimit-remaining")):
        reset = headers.get("x-ratelimit-reset") or headers.get("ratelimit-reset") or ""
        return max(1.0, float(reset) - time.time()) if reset.isdecimal() else _LIMITED
    return _LIMITED if status == 429 or "rate limit" in says.lower() else None
