"""How a name gets its value, whatever language says it."""

from __future__ import annotations

import re
from typing import Final

from bulkhead.discover.code.reaching import reached
from bulkhead.discover.code.tree import (
    Blocks,
    Each,
    Either,
    Expr,
    Index,
    Join,
    Many,
    MemberExpr,
    Name,
    Pairs,
    Scope,
    Set,
    TextExpr,
    dotted,
)

_SEPARATOR: Final = re.compile(r"::|\.|->|\\")
_GENERIC: Final = re.compile(r"<.*>|\[.*\]")
_POINTER: Final = re.compile(
    r"\b(?:const|std::unique_ptr|unique_ptr|shared_ptr|mut|struct|Option|Arc|Box)\b"
)


def typed(text: str, line: int) -> Expr:
    """A type or a path as it is written, 'zmq::socket_t', as the members that it is."""
    words = [each for each in _SEPARATOR.split(_GENERIC.sub("", text).strip(" *&?()")) if each]
    words = [re.sub(r"[^\w@]", "", each) for each in words]
    if not words or not words[0]:
        return Name(text[:80], line)
    found: Expr = Name("this" if words[0] in ("self", "this") else words[0], line)
    for each in words[1:]:
        found = MemberExpr(found, each, line)
    return found


def named_in(type_: str) -> str:
    """Of a type as written the class that it is of: 'Foo' of 'std::unique_ptr<ns::Foo> const&'."""
    inner = re.search(r"<([^<>]*)>", type_)
    text = inner[1] if inner and _POINTER.search(type_) else _GENERIC.sub("", type_)
    words = re.findall(r"\w+", _POINTER.sub("", text))
    return words[-1] if words else ""


def under(before: Expr, path: Expr, line: int) -> Expr:
    """`a` and `b.c` as `a.b.c`: the grammar of C++ nests what stands behind."""
    match path:
        case MemberExpr(of=of, name=name):
            return MemberExpr(under(before, of, line), name, line)
        case Name(name=name):
            return MemberExpr(before, name, line)
        case _:
            return path


def put(scope: Scope, target: Expr, value: Expr, blocks: Blocks, *, more: bool = False) -> None:  # noqa: PLR0912 - a case a form
    """Give a target its value: a name, a member, an element, or several of them at once."""
    match target:
        case Name(name=name, line=line):
            scope.names[name].append(Set(value, line, blocks, more))
            if scope.kind == "class":
                scope.fields[name].append((value, scope))
        case MemberExpr(of=of, name=name, line=line):
            _store(scope, target, value)
            if not blocks:
                scope.surely.add(id(target))
        case Index(of=of, key=key, line=line):
            one = (
                Pairs(((key, value),), line) if isinstance(key, TextExpr) else Many((value,), line)
            )
            put(scope, of, one, blocks, more=True)
        case Many(items=items, line=line):
            for at, each in enumerate(items):
                if isinstance(value, Many) and len(value.items) == len(items):
                    put(scope, each, value.items[at], blocks, more=more)
                elif isinstance(value, Each):
                    put(scope, each, value, blocks, more=more)
                else:
                    put(
                        scope,
                        each,
                        Index(value, TextExpr(str(at), line, number=True), line),
                        blocks,
                    )
        case Pairs(items=pairs, line=line):
            for key, each in pairs:
                if isinstance(key, TextExpr):
                    put(scope, each, MemberExpr(value, key.value, line), blocks)
        case _:
            return


def _store(scope: Scope, target: MemberExpr, value: Expr) -> None:
    """`this.x = v` is a field of the class around; any other is kept as it is."""
    scope.stored.append((target, value))
    path, module = dotted(target), scope.within("module") or scope
    if path == "module.exports" and isinstance(value, Pairs):
        for key, each in value.items:
            if isinstance(key, TextExpr) and key.value not in module.names:
                module.names[key.value].append(Set(each, target.line))
    elif path.startswith(("exports.", "module.exports.")):
        module.names[target.name].append(Set(value, target.line))
    if (holder := _holder(scope, target)) is not None:
        holder.fields[target.name].append((value, scope))


def _holder(scope: Scope, target: MemberExpr) -> Scope | None:
    """The class whose field `this.x` is, made where it is not written there."""
    function = scope.within("function")
    while function is not None:
        if dotted(target.of) in ("this", function.receiver) and function.receiver:
            holder = function.parent.within("class") if function.parent else None
            made_by = function.name if function.name[:1].isupper() else ""  # of JS, without `class`
            if holder is None and (owner := function.owner or made_by):
                module = function.within("module") or function
                holder = class_of(module, owner, function.file, function.line)
            if holder is not None:
                return holder
        function = function.parent.within("function") if function.parent else None
    return None


def put_behind(
    scope: Scope, target: Name | MemberExpr, value: Expr, blocks: Blocks, line: int
) -> None:
    """`ep += ":5556"`: what the target held where this runs, and the value behind it."""
    sets = scope.names[f"{dotted(target)} +=" if isinstance(target, MemberExpr) else target.name]
    if isinstance(target, MemberExpr) and not sets:
        path = dotted(target)
        sets += [
            Set(each, each_target.line, ())
            for each_target, each in scope.stored
            if dotted(each_target) == path
        ]
    before = reached(sets, Name("", line, blocks)) if sets else []
    held = tuple(each.value for each in before)
    first = (held[0] if len(held) == 1 else Either(held, line),) if held else ()
    joined = Join((*first, value), line)
    for each in before:
        if each.blocks == blocks:  # nothing of it is left
            sets.remove(each)
            holder = _holder(scope, target) if isinstance(target, MemberExpr) else None
            if holder is not None:
                fields = holder.fields[target.name]
                fields[:] = [one for one in fields if one[0] is not each.value]
    if isinstance(target, MemberExpr):
        sets.append(Set(joined, line, blocks))
    put(scope, target, joined, blocks)


def class_of(module: Scope, name: str, file: str, line: int) -> Scope:
    """The class of this name in a module, made where it is not written there."""
    for each in module.scopes:
        if each.kind == "class" and each.name == name:
            return each
    made = Scope("class", name, file, line, module)
    module.scopes.append(made)
    return made


def unquoted(text: str) -> str:
    """A literal without its prefix and quotes."""
    match = re.fullmatch(r"[A-Za-z@$]{0,3}#*(\"\"\"|'''|\"|'|`)(.*?)\1#*", text, re.DOTALL)
    return match[2] if match else text


def spelt(text: str) -> str:
    """A name with its owner as 'Server.stop', also of C++ and Lua."""
    return re.sub(r"::|:", ".", _GENERIC.sub("", text).strip(" *&~"))
