"""The Pulumi language host for Python: what the engine asks in order to run a program.

Pulumi's own host is a Go module that no registry resolves, so the CLI built from tools/go.mod
comes without one. The protocol is pulumirpc.LanguageRuntime: the engine starts this program,
reads a port from its first line, and calls Run. The program itself is run by Pulumi's own
script, pulumi-language-python-exec, which stands beside this file.

Whatever is printed to stderr lands among the user's diagnostics: hence nothing is.
"""

from __future__ import annotations

import json
import os
import platform
import queue
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from importlib import metadata
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

EXEC_SCRIPT = Path(__file__).resolve().parent / "pulumi-language-python-exec"
ALREADY_REPORTED = 32  # the exit code of a program whose error the engine has been told
NO_MESSAGE_LIMIT = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def virtual_environment(options: Any, root: str) -> Path | None:
    """The folder that `runtime.options.virtualenv` names, relative to the project."""
    named = json_format.MessageToDict(options).get("virtualenv") if options is not None else None
    return Path(root or ".") / str(named) if named else None


def interpreter(environment: Path | None) -> str:
    """The environment's interpreter when it exists, else the one that runs this host."""
    if environment is not None:
        for candidate in ("bin/python", "Scripts/python.exe"):
            if (environment / candidate).exists():
                return str((environment / candidate).absolute())
    return sys.executable


class Children:
    """The processes that this host started, so that none outlives it."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()

    def start(self, command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        with self._lock:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, **options)
            self._running.add(child)
        return child

    def finished(self, child: subprocess.Popen[bytes]) -> None:
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(timeout=5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        with self._lock:
            self._running.discard(child)

    def end_all(self) -> None:
        with self._lock:
            running = list(self._running)
        for child in running:
            self.finished(child)


def streamed(child: subprocess.Popen[bytes]) -> Iterator[tuple[str, bytes]]:
    """What a process writes, as it writes it: ("stdout" or "stderr", bytes)."""
    pieces: queue.SimpleQueue[tuple[str, bytes] | None] = queue.SimpleQueue()

    def pump(name: str, stream: Any) -> None:
        while data := stream.read1(65536):
            pieces.put((name, data))
        pieces.put(None)

    for name, stream in (("stdout", child.stdout), ("stderr", child.stderr)):
        threading.Thread(target=pump, args=(name, stream), daemon=True).start()
    open_streams = 2
    while open_streams:
        piece = pieces.get()
        if piece is None:
            open_streams -= 1
        else:
            yield piece


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Every method is one question of the engine; names and fields are pulumirpc's."""

    def __init__(self, engine_address: str) -> None:
        self.engine_address = engine_address
        self.children = Children()

    def Handshake(self, request: Any, context: Any) -> Any:
        self.engine_address = request.engine_address or self.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi"))

    def GetRequiredPackages(self, request: Any, context: Any) -> Any:
        # None: the engine then asks for a plugin when the program first needs it, and says
        # by name which one it did not find.
        return language_pb2.GetRequiredPackagesResponse()

    def GetRequiredPlugins(self, request: Any, context: Any) -> Any:
        return language_pb2.GetRequiredPluginsResponse()

    def GetProgramDependencies(self, request: Any, context: Any) -> Any:
        python = interpreter(virtual_environment(request.info.options, request.info.root_directory))
        listed = subprocess.run(
            [python, "-m", "pip", "list", "--format", "json"], capture_output=True, check=False
        )
        packages = json.loads(listed.stdout) if listed.returncode == 0 else []
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[
                language_pb2.DependencyInfo(name=package["name"], version=package["version"])
                for package in packages
            ]
        )

    def About(self, request: Any, context: Any) -> Any:
        python = interpreter(virtual_environment(request.info.options, request.info.root_directory))
        said = subprocess.run(
            [python, "-c", "import platform; print(platform.python_version())"],
            capture_output=True,
            text=True,
            check=False,
        )
        version = said.stdout.strip() or platform.python_version()
        return language_pb2.AboutResponse(executable=python, version=version)

    def RuntimeOptionsPrompts(self, request: Any, context: Any) -> Any:
        return language_pb2.RuntimeOptionsResponse()

    def InstallDependencies(self, request: Any, context: Any) -> Iterator[Any]:
        """`pulumi install`: requirements.txt into the project's own environment."""
        root = request.info.root_directory or request.directory
        environment = virtual_environment(request.info.options, root)
        if environment is not None and not environment.exists():
            yield from self._installing([sys.executable, "-m", "venv", str(environment)], root)
        python = interpreter(environment)
        for folder in dict.fromkeys([request.info.program_directory, request.directory, root]):
            requirements = Path(folder or ".") / "requirements.txt"
            if requirements.exists():
                pip = [python, "-m", "pip", "install", "-r", str(requirements)]
                yield from self._installing(pip, str(requirements.parent))
                return

    def _installing(self, command: list[str], folder: str) -> Iterator[Any]:
        child = self.children.start(
            command, cwd=folder or None, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        try:
            for name, data in streamed(child):
                yield language_pb2.InstallDependenciesResponse(**{name: data})
            if child.wait() != 0:
                raise RuntimeError(f"{' '.join(command[1:4])} ended with code {child.returncode}")
        finally:
            self.children.finished(child)

    def Run(self, request: Any, context: Any) -> Any:
        root = request.info.root_directory or request.pwd
        program = request.info.program_directory or request.program or "."
        if request.info.entry_point not in ("", "."):
            program = str(Path(program) / request.info.entry_point)
        flags = {
            "monitor": request.monitor_address,
            "engine": self.engine_address,
            "project": request.project,
            "stack": request.stack,
            "root_directory": root,
            "organization": request.organization,
            "pwd": request.pwd,
            "dry_run": str(request.dryRun).lower(),
            "parallel": str(request.parallel),
        }
        # The script takes a flag only if it has a value: argparse would swallow the next one.
        arguments = [
            word for name, value in flags.items() if value for word in (f"--{name}", value)
        ]
        environment = {
            **os.environ,
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        python = interpreter(virtual_environment(request.info.options, root))
        command = [python, "-u", str(EXEC_SCRIPT), *arguments, program, *request.args]
        child = self.children.start(command, cwd=request.pwd or None, env=environment)
        context.add_callback(lambda: self.children.finished(child))
        try:
            code = child.wait()
        finally:
            self.children.finished(child)
        if code == 0:
            return language_pb2.RunResponse()
        if code == ALREADY_REPORTED:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(error=f"the program ended with exit code {code}")

    def RunPlugin(self, request: Any, context: Any) -> Iterator[Any]:
        """A plugin written in Python: a policy pack (kind "analyzer") or a provider."""
        folder = request.info.program_directory or request.program
        root = request.info.root_directory or folder
        python = interpreter(virtual_environment(request.info.options, root))
        if request.kind == "analyzer":
            command = [python, "-u", "-m", "pulumi.policy", *request.args, folder]
        else:
            command = [python, "-u", folder, *request.args]
        child = self.children.start(
            command,
            cwd=folder if request.kind == "analyzer" else (request.pwd or None),
            env=dict(pair.split("=", 1) for pair in request.env if "=" in pair) or None,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        context.add_callback(lambda: self.children.finished(child))
        try:
            for name, data in streamed(child):
                yield language_pb2.RunPluginResponse(**{name: data})
            yield language_pb2.RunPluginResponse(exitcode=child.wait())
        finally:
            self.children.finished(child)

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


def end_with(parent: int, ended: threading.Event) -> None:
    """Set `ended` when the engine that started this host is gone, however it went.

    Not PR_SET_PDEATHSIG: that tells of the end of the parent's thread (man 2 prctl), and Go
    ends threads at will.
    """
    if parent <= 1 or not hasattr(os, "pidfd_open"):
        return
    try:
        engine = os.pidfd_open(parent)
    except ProcessLookupError:
        ended.set()
        return

    def watch() -> None:
        select.select([engine], [], [])  # a pidfd is readable once its process has ended
        ended.set()

    threading.Thread(target=watch, daemon=True).start()


def serve(engine_address: str, announce: Callable[[int], None]) -> None:
    host = LanguageHost(engine_address)
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16), options=NO_MESSAGE_LIMIT)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    end_with(os.getppid(), ended)
    server.start()
    announce(port)
    ended.wait()
    host.children.end_all()
    server.stop(grace=0).wait()


def main() -> int:
    positional = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    serve(positional[0] if positional else "", lambda port: print(port, flush=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
