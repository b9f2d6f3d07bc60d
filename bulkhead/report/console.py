"""Where reports go: colour on a terminal, plain text in a pipe, progress on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from bulkhead.problems import printable

PIPE_WIDTH = 160
"""Columns where there is no terminal: wide enough for a matrix, narrow enough for a log."""

_FURTHER = 2


class ShownConsole(Console):
    """Shows what a terminal would obey, wherever in an answer or a message it stands."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        for text, style, control in super().render(renderable, options):
            shown = text if control else "\n".join(map(printable, text.split("\n")))
            yield Segment(shown, style, control)


def output() -> Console:
    """Standard output; NO_COLOR and FORCE_COLOR are honoured. A pipe gets whole lines."""
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    return ShownConsole(
        highlight=False, emoji=False, markup=False, soft_wrap=width is not None, width=width
    )


def print_indented(console: Console, indent: int, text: Text) -> None:
    """A line, of which what does not fit a terminal goes on a little further in."""
    if console.soft_wrap:
        console.print(Text.assemble(" " * indent, text))
        return
    room = max(1, console.width - indent - _FURTHER)
    for number, line in enumerate(text.wrap(console, room)):
        console.print(Text.assemble(" " * (indent + (number > 0) * _FURTHER), line))


def errors() -> Console:
    """Standard error, for messages and progress: never wrapped, so that file:line stays whole."""
    return ShownConsole(stderr=True, highlight=False, emoji=False, markup=False, soft_wrap=True)


@contextmanager
def progress(start: str) -> Iterator[Callable[[str], None]]:
    """Say on stderr what is being done: one changing line on a terminal, nothing in a pipe."""
    console = errors()
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status(start, spinner="dots") as status:
        yield status.update
