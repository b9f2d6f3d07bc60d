"""Calls that give a name a value: `sprintf(buf, …)`, `list.append(x)`, `flag.StringVar(&x, …)`."""

from __future__ import annotations

from typing import Final

from bulkhead.discover.code.lower.putting import put
from bulkhead.discover.code.tree import (
    Blocks,
    CallExpr,
    Either,
    Expr,
    Guard,
    Join,
    Many,
    MemberExpr,
    Name,
    Scope,
    Set,
    TextExpr,
    dotted,
)
from bulkhead.discover.code.words import words

_APPENDS: Final = words(
    "append push_back emplace_back push add Add insert extend AddRange put addAll"
)
_INTO_FIRST: Final = {  # which argument is the format
    "sprintf": 1, "snprintf": 2, "asprintf": 1, "vsnprintf": 2, "sprintf_s": 2, "strcpy": 1,
    "strncpy": 1, "strlcpy": 1, "g_snprintf": 2, "_snprintf": 2, "wsprintf": 1,
}  # fmt: skip
_CPP: Final = (".h", ".hpp", ".hh", ".hxx", ".cc", ".cpp", ".cxx")
_FLAGS: Final = frozenset({"StringVar", "IntVar", "StringVarP", "IntVarP", "UintVar", "Uint16Var"})


def effects(call: CallExpr, scope: Scope, blocks: Blocks) -> None:
    """What a call does to the names around it."""
    name = dotted(call.of).rpartition(".")[2]
    at = _INTO_FIRST.get(name)
    if at is not None and len(call.args) > at:
        made = CallExpr(Name("format", call.line), call.args[at:], (), call.line)
        put(scope, call.args[0], made, blocks)
    elif name in ("strcat", "strncat") and len(call.args) > 1 and isinstance(call.args[0], Name):
        _more(scope, call.args[0], call.args[1], blocks)
    elif name in _FLAGS and len(call.args) > 2:
        put(scope, call.args[0], CallExpr(call.of, call.args[1:], call.named, call.line), blocks)
    elif name == "add_option" and len(call.args) > 1 and scope.file.endswith(_CPP):
        _by_option(scope, call, blocks)
    elif name == "define" and len(call.args) == 2 and scope.file.endswith(".php"):
        if isinstance(call.args[0], TextExpr):
            module = scope.within("module") or scope
            module.names[call.args[0].value].append(Set(call.args[1], call.line))
    elif isinstance(call.of, MemberExpr) and name == "reset" and len(call.args) == 1:
        put(scope, call.of.of, call.args[0], blocks)  # of a pointer that owns what it points to
    elif isinstance(call.of, MemberExpr) and name in _APPENDS and call.args:
        put_more(scope, call.of.of, call.args[-1], blocks)


def _by_option(scope: Scope, call: CallExpr, blocks: Blocks) -> None:
    """`app.add_option("-p,--port", port)` of CLI11: what the variable held is the default."""
    flags, target = call.args[:2]
    if not isinstance(flags, TextExpr) or not isinstance(target, Name | MemberExpr):
        return
    held = scope.names[target.name] if isinstance(target, Name) else []
    before = tuple(each.value for each in held[-1:])
    asked = CallExpr(Name("#[option]", call.line), (flags, *before), (), call.line)
    put(scope, target, asked, blocks)


def guarded(call: CallExpr, scope: Scope, guards: tuple[tuple[Scope, Guard], ...]) -> None:
    """Keep what forks of the same function ask before a call runs."""
    if held := tuple(each for where, each in guards if where is scope):
        scope.guards[id(call)] = held


def put_more(scope: Scope, target: Expr, value: Expr, blocks: Blocks) -> None:
    """Beside what it holds, a list holds this."""
    if isinstance(target, Name | MemberExpr):
        put(scope, target, Many((value,), value.line), blocks, more=True)


def _more(scope: Scope, target: Name, value: Expr, blocks: Blocks) -> None:
    held = scope.names[target.name]
    before = tuple(each.value for each in held)
    held.clear()
    first = (Either(before, target.line),) if before else ()
    held.append(Set(Join((*first, value), target.line), target.line, blocks))
