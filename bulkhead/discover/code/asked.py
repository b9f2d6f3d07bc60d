"""What a program asks those who start it: options of its command line, variables, keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bulkhead.discover.code import origins
from bulkhead.discover.code.parts import OpenKind, by_default
from bulkhead.discover.code.tree import (
    CallExpr,
    Each,
    Expr,
    Index,
    MemberExpr,
    Name,
    Pairs,
    Scope,
    TextExpr,
    dotted,
)
from bulkhead.discover.code.values import SaidText, open_, texts
from bulkhead.discover.code.world import OPTIONS, called_name, option_names

if TYPE_CHECKING:
    from bulkhead.discover.code.following.asking import Asking

_LOOSE: Final = re.compile(
    r"^(?:this\.|self\.)*_?(?:config|cfg|conf|settings|self|this)\.?", re.IGNORECASE
)


def environment(path: str) -> str | None:
    """'PORT' of 'process.env.PORT'."""
    for each in ("process.env.", "Deno.env.", "import.meta.env."):
        if path.startswith(each):
            return path.removeprefix(each)
    return None


def key_of(path: str) -> str:
    """'zmq.endpoint' of 'self.config.zmq.endpoint': what a file would call it."""
    text = path.replace("()", "").replace("[]", "")
    while True:
        shorter = _LOOSE.sub("", text, count=1)
        if shorter == text or not shorter:
            return text.strip(".") or path
        text = shorter


def last_word(expr: Expr) -> str:
    """How the code calls it: 'port' of 'self.config.port'."""
    match expr:
        case Name(name=name) | MemberExpr(name=name):
            return name
        case Index(key=TextExpr(value=key)):
            return key
        case Index(of=of) | Each(of=of):
            return last_word(of)
        case CallExpr(of=of):
            return f"{called_name(of)}()"
        case _:
            return dotted(expr)


def declared_option(
    evaluator: Asking,
    name: str,
    scope: Scope,
    *,
    path: str = "",
    alone: bool = False,
    decorated: bool = False,
) -> SaidText | None:
    """The option of a command line that a name stands for, with its default.

    `path` is how it is asked for (`args.port`), `alone` where it is a name by itself, `decorated`
    where it is a parameter of a function that decorators give its options.
    """
    for call, where in evaluator.world.options.get(name, ()):
        if decorated:
            if call not in scope.decorators:
                continue
        elif alone:
            if not called_name(call.of).startswith("DEFINE_"):
                continue
        elif not _asks(path):
            continue
        return _option(evaluator, call, where, name)
    if decorated:
        return _typer(evaluator, name, scope)
    return None


def _asks(path: str) -> bool:
    before = path.rpartition(".")[0]
    last = before.rpartition(".")[2].removesuffix("()").removesuffix("[]")
    return (
        last.lower() in {each.lower() for each in origins.NAMESPACES}
        or last.endswith(("args", "opts", "options", "_args"))
        or "parse_args" in before
        or "opts()" in before
        or origins.configuration(before)
    )


def _option(evaluator: Asking, call: CallExpr, where: Scope, name: str) -> SaidText:
    flags = [
        word
        for arg in call.args
        if isinstance(arg, TextExpr)
        for word in re.split(r"[ ,|]+", arg.value)
        if word.startswith("-")
    ]
    long = next((each for each in flags if each.startswith("--")), flags[0] if flags else "")
    called = called_name(call.of)
    if not long and call.args and isinstance(call.args[0], TextExpr):
        long = (
            call.args[0].value
            if called in ("add_argument", "argument")
            else f"--{call.args[0].value}"
        )
    if called.startswith("DEFINE_") and isinstance(call.args[0], Name):
        long = f"--{call.args[0].name}"
    default = call.argument(-1, "default")
    if default is None and (called.startswith("DEFINE_") or called == "define"):
        default = call.argument(1)
    if default is None and called == "option" and len(call.args) > 2:
        default = call.args[2]
    if default is None:  # `.option("bind-pub", { default: "tcp://*:5556" })` of yargs
        default = next((each for arg in call.args[1:] for each in _held(arg, "default")), None)
    given = texts(evaluator.values(default, where)) if default is not None else []
    said = by_default(given[0].parts) if given else None
    return open_(name, OpenKind.ARGUMENT, long.partition("=")[0] or f"--{name}", said)


def _held(expr: Expr, name: str) -> list[Expr]:
    """What a mapping that is written out has under a key."""
    if not isinstance(expr, Pairs):
        return []
    return [value for key, value in expr.items if isinstance(key, TextExpr) and key.value == name]


def _typer(evaluator: Asking, name: str, scope: Scope) -> SaidText | None:
    """`port: int = typer.Option(5556, "--port")`, and `Annotated[int, typer.Option()] = 5556`."""
    for param in scope.params:
        if param.name != name:
            continue
        default = param.default
        if isinstance(default, CallExpr) and called_name(default.of) in OPTIONS:
            first = default.argument(0, "default")
            given = (
                texts(evaluator.values(first, scope.parent or scope)) if first is not None else []
            )
            flags = [each for each in option_names(default) if each]
            variable = default.argument(-1, "envvar")
            if isinstance(variable, TextExpr):
                said = by_default(given[0].parts) if given else None
                return open_(name, OpenKind.ENVIRONMENT, variable.value, said)
            flag = f"--{(flags[0] if flags else name).replace('_', '-')}"
            return open_(
                name, OpenKind.ARGUMENT, flag, by_default(given[0].parts) if given else None
            )
        commanded = any(
            called_name(each.of if isinstance(each, CallExpr) else each) in ("command", "callback")
            for each in scope.decorators
        )
        if commanded or re.search(r"typer\.(Option|Argument)", param.type):
            given = (
                texts(evaluator.values(default, scope.parent or scope))
                if default is not None
                else []
            )
            flag = f"--{name.replace('_', '-')}"
            return open_(
                name, OpenKind.ARGUMENT, flag, by_default(given[0].parts) if given else None
            )
    return None
