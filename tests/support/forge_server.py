"""A GitHub and a GitLab on this machine, as far as a comment needs them, with all that goes wrong.

It behaves as their pages say: pages of at most 100 with a Link header, ids that only grow, 404 for
what was deleted, 403 and 429 with the headers of a limit, 422 for a body that is too long. What it
has not, it answers 404.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

HEAD = "a" * 40
JOB = "github-actions[bot]"


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Fault:
    """An answer that is given instead, `times` times, to what matches; None: the line is cut.

    `after` does what was asked before the answer is lost.
    """

    method: str
    path: str
    status: int | None
    headers: dict[str, str] = field(default_factory=dict)
    message: str = "no"
    times: int = 1
    after: bool = False


@dataclass
class ForgeServer:
    root: str = ""
    login: str = JOB
    """Who the token `good` is."""
    head: str | None = HEAD
    """Of the one pull request there is, number 7; None: not told."""
    graphql: bool = True
    user: bool = False
    links: bool = True
    """Whether pages say by a Link header what comes next; else by X-Next-Page alone."""
    token: str = "good"  # noqa: S105 - opens nothing but this server
    comments: dict[int, dict[str, Any]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    before: Callable[[Asked], None] = lambda _: None
    lock: Any = field(default_factory=threading.Lock)

    def comment(self, body: str, login: str | None = None) -> int:
        """Somebody writes one."""
        id_ = max(self.comments, default=1000) + 1
        author = login or self.login
        self.comments[id_] = {
            "id": id_,
            "body": body,
            "html_url": f"https://example.test/c/{id_}",
            "user": {"login": author, "type": "Bot" if author.endswith("]") else "User"},
            "author": {"username": author},
            "system": False,
        }
        return id_

    def of(self, login: str | None = None) -> list[str]:
        """The bodies of what somebody wrote, the oldest first."""
        return [
            each["body"]
            for _, each in sorted(self.comments.items())
            if each["user"]["login"] == (login or self.login)
        ]

    def calls(self, method: str) -> list[str]:
        return [each.path for each in self.asked if each.method == method]

    def fail(self, method: str, path: str, status: int | None, **more: Any) -> None:
        self.faults.append(Fault(method, path, status, **more))

    def answer(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        path = urlsplit(asked.path)
        given = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if self.token not in (given, asked.headers.get("private-token")):
            return 401, {}, {"message": "Bad credentials"}
        match asked.method, path.path.strip("/").split("/"):
            case "POST", ["graphql"] if self.graphql:
                return 200, {}, {"data": {"viewer": {"login": self.login}}}
            case "GET", ["user"] if self.user:
                return 200, {}, {"login": self.login, "username": self.login}
            case "GET", ["user"]:
                return 403, {}, {"message": "Resource not accessible by integration"}
            case "GET", ["repos", _, _, "pulls"]:
                wanted = parse_qs(path.query)["head"][0]
                return 200, {}, [each for each in self.pulls if each["from"] == wanted]
            case ("GET", ["repos", _, _, "pulls", "7"]) if self.head:
                return 200, {}, {"number": 7, "head": {"sha": self.head}}
            case ("GET", ["projects", "group%2Fshop", "merge_requests", "7"]) if self.head:
                return 200, {}, {"iid": 7, "sha": self.head}
            case (
                method,
                ["repos", "owner", "shop", "issues", "7", "comments"]
                | ["projects", "group%2Fshop", "merge_requests", "7", "notes"],
            ):
                return self._listed(path) if method == "GET" else self._made(asked)
            case (
                method,
                ["repos", "owner", "shop", "issues", "comments", id_]
                | ["projects", "group%2Fshop", "merge_requests", "7", "notes", id_],
            ):
                return self._changed(method, int(id_), asked)
        return 404, {}, {"message": "Not Found"}

    def _listed(self, path: Any) -> tuple[int, dict[str, str], Any]:
        query = parse_qs(path.query)
        size = min(int(query.get("per_page", ["30"])[0]), 100)
        page = int(query.get("page", ["1"])[0])
        every = [each for _, each in sorted(self.comments.items())]
        found, more = every[(page - 1) * size : page * size], len(every) > page * size
        where = re.sub(r"&page=\d+", "", path.query)
        url = f"{self.root}{path.path}?{where}&page="
        link = f'<{url}{page + 1}>; rel="next", <{url}99>; rel="last"'
        following = {"Link": link} if self.links else {"X-Next-Page": str(page + 1)}
        return 200, following if more else {"X-Next-Page": ""}, found

    def _made(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        if len(asked.body["body"]) > 65_536:
            return 422, {}, {"message": "Validation Failed", "errors": ["body is too long"]}
        return 201, {}, dict(self.comments[self.comment(asked.body["body"])])

    def _changed(self, method: str, id_: int, asked: Asked) -> tuple[int, dict[str, str], Any]:
        if id_ not in self.comments:
            return 404, {}, {"message": "Not Found"}
        if method == "DELETE":
            del self.comments[id_]
            return 204, {}, None
        self.comments[id_]["body"] = asked.body["body"]
        return 200, {}, dict(self.comments[id_])

    def fault(self, asked: Asked) -> Fault | None:
        for each in self.faults:
            if each.times and each.method == asked.method and each.path in asked.path:
                each.times -= 1
                return each
        return None


@contextmanager
def forge_server() -> Iterator[ForgeServer]:
    """Served until the end of the block, at `root`."""
    state = ForgeServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body)
            state.before(asked)
            with state.lock:
                state.asked.append(asked)
                fault = state.fault(asked)
                status, more, said = (
                    state.answer(asked) if fault is None or fault.after else (0, {}, None)
                )
            if fault is not None and fault.status is None:
                self.close_connection = True
                return
            if fault is not None:
                status, more, said = fault.status or 0, fault.headers, {"message": fault.message}
            data = b"" if said is None else json.dumps(said).encode()
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815 - http.server asks

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.root = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
