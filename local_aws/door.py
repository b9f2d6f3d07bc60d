"""Who may speak to the local AWS: programs of this machine that sign, as AWS demands, no web page.

Any page that a browser shows may send requests to this machine. What it cannot do is leave out
the headers by which a browser tells on it, name this machine by its own address, or add an
Authorization header without asking first (fetch.spec.whatwg.org, "CORS protocol"). So each of
these is asked for, and nothing ever answers that a foreign page may read.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from local_aws.place import HOST, Place

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

OWN: Final = "/_bulkhead/"
HEALTH: Final = f"{OWN}health"
KEY_HEADER: Final = "X-Bulkhead-Key"
_BROWSERS: Final = ("HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE", "HTTP_SEC_FETCH_MODE")
"""What only a browser sends. A request of a page for itself has them too: there is no page here."""


def new_token(place: Place) -> str:
    """A fresh secret in a file that only this user reads: whoever knows it is of this checkout."""
    token = secrets.token_urlsafe(32)
    place.folder.mkdir(parents=True, exist_ok=True)
    place.token_file.unlink(missing_ok=True)
    place.token_file.touch(mode=0o600, exist_ok=False)
    place.token_file.write_text(token)
    return token


def read_token(file: Path) -> str:
    """The secret of the running server; '' where there is none to read."""
    try:
        return file.read_text().strip()
    except OSError:
        return ""


class Door:
    """A WSGI application that lets in what may come in, and hands out nothing that a page reads."""

    def __init__(self, inside: Application, own: Application, port: int, token: str) -> None:
        self._inside = inside
        self._own = own
        self._names = {f"{name}:{port}" for name in (HOST, "localhost", "[::1]")}
        self._token = token

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        why = self._foreign(environ)
        if why:
            return _refused(start_response, "AccessDenied", why)
        if path.startswith(OWN):
            if path != HEALTH and not self._knows(environ):
                return _refused(
                    start_response, "AccessDenied", f"{path} needs the token of this local AWS"
                )
            return self._own(environ, start_response)
        if not _signed(environ):
            why = "the request carries no signature in its headers"
            return _refused(start_response, "MissingAuthenticationToken", why)
        return self._inside(environ, _without_cors(start_response))

    def _foreign(self, environ: Environ) -> str:
        """A name of its own that leads here is how a page gets around the rules for origins."""
        if environ.get("HTTP_HOST") not in self._names:
            return "this is the local AWS of one machine: call it by its loopback address"
        if any(environ.get(header) not in (None, "") for header in _BROWSERS):
            return "the local AWS does not answer web pages"
        return ""

    def _knows(self, environ: Environ) -> bool:
        given = str(environ.get("HTTP_" + KEY_HEADER.upper().replace("-", "_"), ""))
        return hmac.compare_digest(given.encode(), self._token.encode())


def _signed(environ: Environ) -> bool:
    """Whether there is a signature in the headers; one in the address could be a page's."""
    return str(environ.get("HTTP_AUTHORIZATION", "")).startswith("AWS4-HMAC-SHA256 ")


def _refused(start_response: StartResponse, code: str, why: str) -> Iterable[bytes]:
    """As EC2 words an error, so that an AWS client shows it."""
    body = (
        "<Response><Errors><Error>"
        f"<Code>{code}</Code><Message>{why}</Message>"
        "</Error></Errors><RequestID>local</RequestID></Response>"
    ).encode()
    head = [("Content-Type", "text/xml"), ("Content-Length", str(len(body)))]
    start_response("403 Forbidden", head)
    return [body]


def _without_cors(start_response: StartResponse) -> StartResponse:
    """moto's answers invite every page that asks."""

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        kept = [each for each in headers if not each[0].lower().startswith("access-control-")]
        return start_response(status, kept, *rest)

    return start
