"""A real browser without a window: Debian's Chromium, spoken to over a pipe.

It speaks the DevTools protocol (chromedevtools.github.io/devtools-protocol) on file descriptors 3
and 4, messages ended by a zero byte (`--remote-debugging-pipe`): no port, no driver of another
version, no package. A machine without one fails with what to install: nothing is skipped.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from time import monotonic
from typing import Any, Final

DEADLINE: Final = 60.0
"""Seconds for one answer: the machine may be busy, a browser that hangs ends the test."""

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")


class BrowserError(AssertionError):
    """There is none, it left, or it does not answer."""


class Browser:
    """One Chromium. Every page is a tab of its own, with nothing kept from another."""

    def __init__(self, to: int, from_: int) -> None:
        self._to = to
        self._from = from_
        self._buffer = b""
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def send(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """Ask, and wait for the answer; what happens meanwhile is kept in `events`."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            said = self._next()
            if said.get("id") == self._number:
                if "error" in said:
                    raise BrowserError(f"{method}: {said['error']['message']}")
                return dict(said["result"])
            self.events.append(said)

    def wait(self, method: str, session: str) -> dict[str, Any]:
        """The next event of this kind."""
        while True:
            for number, each in enumerate(self.events):
                if each.get("method") == method and each.get("sessionId") == session:
                    return dict(self.events.pop(number)["params"])
            self.events.append(self._next())

    def _next(self) -> dict[str, Any]:
        until = monotonic() + DEADLINE
        while b"\0" not in self._buffer:
            ready, _, _ = select([self._from], [], [], max(0.0, until - monotonic()))
            read = os.read(self._from, 1 << 20) if ready else b""
            if not read:
                raise BrowserError("the browser left" if ready else "the browser does not answer")
            self._buffer += read
        message, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(message))

    @contextmanager
    def page(
        self,
        file: Path,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        scripts: bool = True,
        fragment: str = "",
    ) -> Iterator[Page]:
        """A file, opened and loaded."""
        context = self.send("Target.createBrowserContext")["browserContextId"]
        made = self.send("Target.createTarget", url="about:blank", browserContextId=context)
        attached = self.send("Target.attachToTarget", targetId=made["targetId"], flatten=True)
        page = Page(self, attached["sessionId"])
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.send(f"{domain}.enable")
        page.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        page.send("Emulation.setEmulatedMedia", features=[scheme])
        page.send("Emulation.setScriptExecutionDisabled", value=not scripts)
        page.send("Page.navigate", url=f"{file.resolve().as_uri()}{fragment}")
        self.wait("Page.loadEventFired", page.session)
        try:
            yield page
        finally:
            self.send("Target.disposeBrowserContext", browserContextId=context)


class Page:
    """One tab."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser = browser
        self.session = session

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        return self._browser.send(method, self.session, **params)

    def ask(self, expression: str) -> Any:
        """What a JavaScript expression comes to, as JSON; promises are awaited."""
        found = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in found:
            raise BrowserError(str(found["exceptionDetails"]))
        return found["result"].get("value")

    def type(self, text: str) -> None:
        """As from a keyboard, into what has the focus."""
        for each in text:
            self.press(each, text=each)

    def press(self, key: str, *, text: str = "", code: int = 0) -> None:
        for kind in ("keyDown", "keyUp"):
            self.send(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                text=text,
                windowsVirtualKeyCode=code,
            )

    def requests(self) -> list[str]:
        """Every address that it asked for, also where it was refused."""
        return [each["request"]["url"] for each in self._of("Network.requestWillBeSent")]

    def complaints(self) -> list[str]:
        """All that stands in its console: errors, refused loads, violations of its policy."""
        thrown = [str(each["exceptionDetails"]) for each in self._of("Runtime.exceptionThrown")]
        logged = [str(each["entry"]["text"]) for each in self._of("Log.entryAdded")]
        said = [str(each["args"]) for each in self._of("Runtime.consoleAPICalled")]
        return thrown + logged + said

    def _of(self, method: str) -> list[dict[str, Any]]:
        return [
            each["params"]
            for each in self._browser.events
            if each.get("method") == method and each.get("sessionId") == self.session
        ]

    def screenshot(self, path: Path) -> None:
        """The whole page."""
        shot = self.send("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(b64decode(shot["data"]))


def executable() -> str:
    """Where the browser is."""
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    raise BrowserError(
        "no browser here: `apt-get install --no-install-recommends chromium`, which "
        "tools/setup.sh does where it may"
    )


@contextmanager
def browser() -> Iterator[Browser]:
    """Started, and ended with all that it started."""
    program = executable()
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = _started(program, profile, _high(to_read), _high(from_write))
        try:
            yield Browser(to_write, from_read)
        finally:
            os.close(to_write)  # it leaves when nobody speaks to it
            try:
                process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            os.close(from_read)


def _high(descriptor: int) -> int:
    """The same, as one that is neither 3 nor 4."""
    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return high


def _started(program: str, profile: str, commands: int, answers: int) -> subprocess.Popen[bytes]:
    words = [
        program,
        "--headless",
        "--remote-debugging-pipe",
        "--disable-gpu",
        "--disable-dev-shm-usage",  # containers have little of it
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        f"--user-data-dir={profile}",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),  # Chromium has none as root
    ]
    # Descriptors 3 and 4 are what the protocol is spoken on.
    shell = f'exec 3<&{commands} 4>&{answers} {commands}<&- {answers}>&-; exec "$@"'
    try:
        return subprocess.Popen(
            ["bash", "-c", shell, "bash", *words],
            pass_fds=(commands, answers),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    finally:
        os.close(commands)
        os.close(answers)
