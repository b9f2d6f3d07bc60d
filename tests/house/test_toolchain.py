"""The first minutes: what takes long says how long, how to be faster, and little else."""

import importlib.util
import io
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tool():
    spec = importlib.util.spec_from_file_location("pulumi_cli", ROOT / "tools" / "pulumi_cli.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Terminal(io.StringIO):
    def isatty(self):
        return True


def script(text):
    return [sys.executable, "-c", text]


def test_what_a_step_prints_goes_to_a_file_and_not_to_the_reader(tool, tmp_path, capsys):
    log = tmp_path / "build.log"
    tool.run_with_progress(script("print('a line of the compiler')"), tmp_path, None, log)
    assert capsys.readouterr().err == ""
    assert "a line of the compiler" in log.read_text()


def test_a_step_that_fails_shows_its_last_lines_and_where_all_of_them_are(tool, tmp_path):
    log = tmp_path / "build.log"
    failing = script("import sys; print(*range(40), sep='\\n'); print('no space'); sys.exit(1)")
    with pytest.raises(tool.ToolchainError) as told:
        tool.run_with_progress(failing, tmp_path, None, log)
    assert "no space" in str(told.value)
    assert str(log) in str(told.value)
    assert "\n3\n" not in str(told.value)


def test_on_a_terminal_the_seconds_pass_in_one_line(tool, tmp_path, monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(tool.subprocess, "Popen", _three_waits(tool))
    tool.run_with_progress(["it"], tmp_path, None, tmp_path / "log")
    shown = screen.getvalue()
    assert "\n" not in shown
    assert shown.count(tool.ERASE_LINE) == 4
    assert shown.endswith(tool.ERASE_LINE)


def test_in_a_pipe_there_is_a_line_a_minute(tool, tmp_path, monkeypatch, capsys):
    waits = []
    monkeypatch.setattr(tool.subprocess, "Popen", _three_waits(tool, waits))
    tool.run_with_progress(["it"], tmp_path, None, tmp_path / "log")
    said = capsys.readouterr().err
    assert said.count("\n") == 3
    assert tool.ERASE_LINE not in said
    assert set(waits) == {60}


def _three_waits(tool, waits=None):
    """A process that is still there three times, then done."""

    class Process:
        def __init__(self, *_, **__):
            self._left = 3

        def wait(self, timeout=None):
            if waits is not None:
                waits.append(timeout)
            if self._left:
                self._left -= 1
                raise tool.subprocess.TimeoutExpired("it", timeout)
            return 0

        def poll(self):
            return 0

    return Process


def test_before_minutes_of_building_one_is_told_how_to_have_it_in_seconds(
    tool, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(tool, "go_command", lambda _: "go")
    monkeypatch.setattr(tool, "go_environment", lambda _: {})

    def stop(*_, **__):
        raise tool.ToolchainError("that is far enough")

    monkeypatch.setattr(tool, "run_with_progress", stop)
    with pytest.raises(tool.ToolchainError):
        tool.build(tmp_path, tmp_path / "home")
    said = capsys.readouterr().err
    assert "minutes" in said
    assert "on the PATH, with its pulumi-language-python" in said
    assert len(said.splitlines()) == 2
