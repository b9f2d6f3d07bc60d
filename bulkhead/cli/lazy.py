"""Verbs that are imported when they are called: all of them take longer than an answer."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Never

import typer
from typer.core import TyperGroup
from typer.main import get_command


def _exit(code: int) -> Never:
    raise typer.Exit(code)


def app_of(**more: Any) -> typer.Typer:
    """An application as all of ours are."""
    return typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, **more
    )


def verbs_of(package: str, verbs: Mapping[str, str], **more: Any) -> typer.Typer:
    """What has these verbs, by the sentence that the help shows: each a module of `package`.

    The module has a function of its name; or it is a package of further verbs, `VERBS`.
    """

    class Verbs(TyperGroup):
        def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
            name, named, rest = super().resolve_command(ctx, args)
            return name, named and _loaded(package, args[0], verbs[args[0]]), rest

    app = app_of(
        cls=Verbs,
        result_callback=_exit,  # what a verb returns is the exit code
        no_args_is_help=True,
        **more,
    )
    for verb, says in verbs.items():
        app.command(verb, help=says)(lambda: None)  # what the help shows; `Verbs` has the rest
    return app


def _loaded(package: str, verb: str, says: str) -> Any:
    module = import_module(f"{package}.{verb}")
    if hasattr(module, "VERBS"):
        group = verbs_of(module.__name__, module.VERBS, name=verb, help=says)
        group.callback()(lambda: None)  # a group also where it has one verb
        return get_command(group)
    alone = app_of()
    alone.command(verb)(getattr(module, verb))
    return get_command(alone)
