"""From the tree of astroid to `tree`; what has no form there astroid may still infer.

astroid reads a module's source and never imports one: a name that leads out of what was given to
it stays unknown (`alone`), so that nothing of what is scanned, nor of what is installed beside
this program, is looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from bulkhead.discover.code.lower.effects import effects, guarded
from bulkhead.discover.code.lower.putting import put
from bulkhead.discover.code.tree import (
    Blocks,
    CallExpr,
    Each,
    Either,
    Expr,
    Guard,
    Import,
    Index,
    Join,
    Lambda,
    Many,
    MemberExpr,
    Name,
    Opaque,
    Pairs,
    Param,
    Scope,
    TextExpr,
)

if TYPE_CHECKING:
    from astroid import nodes

_SCANNED: Final = "scanned "
_MOST_INFERRED: Final = 4
_LONGEST: Final = 120
_AROUND: Final = frozenset({"int", "str", "bytes", "repr", "float"})


class _Elsewhere(set[str]):
    """The modules that astroid may not look for: all but the one that it makes of the builtins."""

    def __contains__(self, name: object) -> bool:
        return name != "builtins"


@contextmanager
def alone() -> Iterator[None]:
    """Inside, astroid imports nothing and reads no file; what it remembers is forgotten behind."""
    from astroid import MANAGER  # noqa: PLC0415 - an optional part

    denied, said = MANAGER.module_denylist, MANAGER.brain["module_denylist"]
    MANAGER.module_denylist = MANAGER.brain["module_denylist"] = _Elsewhere()
    try:
        yield
    finally:
        MANAGER.module_denylist, MANAGER.brain["module_denylist"] = denied, said
        for name in [each for each in MANAGER.astroid_cache if each.startswith(_SCANNED)]:
            del MANAGER.astroid_cache[name]


def lowered_python(text: str, file: str) -> Scope:
    """The module that a file is. Raises AstroidSyntaxError."""
    from astroid import MANAGER  # noqa: PLC0415 - an optional part
    from astroid.builder import AstroidBuilder  # noqa: PLC0415 - an optional part

    builder = AstroidBuilder(MANAGER, apply_transforms=False)
    # A name of its own: a scanned `builtins.py` must not be taken for that of Python.
    return _Python(file).module(builder.string_build(text, modname=f"{_SCANNED}{file}", path=file))


class _Python:
    def __init__(self, file: str) -> None:
        self.file = file
        self.scope = Scope("module", "", file, 1)
        self.blocks: Blocks = ()
        self.guards: tuple[tuple[Scope, Guard], ...] = ()

    def module(self, node: nodes.Module) -> Scope:
        self._body(node.body)
        return self.scope

    def _body(self, body: list[Any]) -> None:
        for each in body:
            self.statement(each)

    # Statements

    def statement(self, node: Any) -> None:
        kind = type(node).__name__
        handler: Callable[[Any], None] | None = getattr(self, f"on_{kind.lower()}", None)
        if handler is not None:
            handler(node)
        else:
            for each in node.get_children():
                self.expr(each)

    def on_expr(self, node: Any) -> None:
        self.expr(node.value)

    def on_assign(self, node: Any) -> None:
        value = self.expr(node.value)
        for target in node.targets:
            put(self.scope, self.target(target), value, self.blocks)

    def on_annassign(self, node: Any) -> None:
        target = self.target(node.target)
        if isinstance(target, Name):
            self.scope.types[target.name] = node.annotation.as_string()
        if node.value is not None:
            put(self.scope, target, self.expr(node.value), self.blocks)

    def on_augassign(self, node: Any) -> None:
        target, value = self.target(node.target), self.expr(node.value)
        if node.op != "+=":
            return
        if isinstance(target, Name) and not isinstance(value, Many):
            held = self.scope.names[target.name]
            before = tuple(each.value for each in held)
            held.clear()
            value = Join((*((Either(before, node.lineno),) if before else ()), value), node.lineno)
            put(self.scope, target, value, self.blocks)
        else:
            put(self.scope, target, value, self.blocks, more=True)

    def on_return(self, node: Any) -> None:
        if node.value is not None:
            value = self.expr(node.value)
            (self.scope.within("function") or self.scope).returns.append(value)

    def on_if(self, node: Any) -> None:
        held = _held(node.test, self.expr(node.test))
        self._branches(node, node.body, node.orelse, guards=(held, held.otherwise()))

    def on_while(self, node: Any) -> None:
        self.expr(node.test)
        self._branches(node, node.body, node.orelse)

    def on_for(self, node: Any) -> None:
        over = self.expr(node.iter)
        before = self.blocks
        self.blocks = (*before, (id(node), 0))
        self._iterate(node.target, over, node.lineno)
        self.blocks = before
        self._branches(node, node.body, node.orelse)

    on_asyncfor = on_for

    def _iterate(self, target: Any, over: Expr, line: int) -> None:
        """`for x in xs`, `for i, x in enumerate(xs)`, `for a, b in zip(as, bs)`."""
        spot = self.target(target)
        if isinstance(over, CallExpr) and isinstance(over.of, Name) and isinstance(spot, Many):
            if over.of.name == "enumerate" and over.args and len(spot.items) == 2:
                put(self.scope, spot.items[1], Each(over.args[0], line), self.blocks)
                return
            if over.of.name == "zip" and len(over.args) == len(spot.items):
                for each, inner in zip(spot.items, over.args, strict=True):
                    put(self.scope, each, Each(inner, line), self.blocks)
                return
        match over, spot:
            case CallExpr(of=MemberExpr(of=of, name="items")), Many(items=(_, second)):
                put(self.scope, second, Each(of, line), self.blocks)
                return
        element = Each(over, line)
        if isinstance(spot, Many):
            for at, each in enumerate(spot.items):
                put(
                    self.scope,
                    each,
                    Index(element, TextExpr(str(at), line, True), line),
                    self.blocks,
                )
        else:
            put(self.scope, spot, element, self.blocks)

    def on_with(self, node: Any) -> None:
        for made, target in node.items:
            value = self.expr(made)
            if target is not None:
                put(self.scope, self.target(target), value, self.blocks)
        self._body(node.body)

    on_asyncwith = on_with

    def on_try(self, node: Any) -> None:
        self._branches(node, node.body, *(each.body for each in node.handlers), node.orelse)
        self._body(node.finalbody)

    on_trystar = on_try

    def on_match(self, node: Any) -> None:
        self.expr(node.subject)
        self._branches(node, *(each.body for each in node.cases))

    def _branches(self, node: Any, *bodies: list[Any], guards: tuple[Guard, ...] = ()) -> None:
        before, held = self.blocks, self.guards
        for branch, body in enumerate(bodies):
            self.blocks = (*before, (id(node), branch))
            if guards:
                self.guards = (*held, (self.scope, guards[branch]))
            self._body(body)
        self.blocks, self.guards = before, held

    def on_import(self, node: Any) -> None:
        for name, alias in node.names:
            called = alias or name.partition(".")[0]
            self.scope.imports[called] = Import(name if alias else called)

    def on_importfrom(self, node: Any) -> None:
        module = "." * (node.level or 0) + (node.modname or "")
        for name, alias in node.names:
            self.scope.imports[alias or name] = Import(module, name)

    def on_functiondef(self, node: Any) -> None:
        decorators = [self.expr(each) for each in node.decorators.nodes] if node.decorators else []
        scope = Scope("function", node.name, self.file, node.lineno, self.scope)
        scope.decorators = decorators
        self._inside(scope, node.args, lambda: self._body(node.body))

    on_asyncfunctiondef = on_functiondef

    def _inside(self, scope: Scope, args: Any, read: Callable[[], None]) -> None:
        self.scope.scopes.append(scope)
        params = self._params(args)
        in_class = scope.parent is not None and scope.parent.kind == "class"
        static = any(
            isinstance(each, Name) and each.name == "staticmethod" for each in scope.decorators
        )
        if in_class and params and not static:
            scope.receiver = params[0].name
            params = params[1:]
        scope.params = params
        before = self.scope, self.blocks
        self.scope, self.blocks = scope, ()
        read()
        self.scope, self.blocks = before

    def _params(self, args: Any) -> list[Param]:
        positional = [*(args.posonlyargs or []), *(args.args or [])]
        annotations = [*(args.posonlyargs_annotations or []), *(args.annotations or [])]
        defaults = [None] * (len(positional) - len(args.defaults or [])) + list(args.defaults or [])
        found = [
            Param(
                each.name,
                self.expr(default) if default is not None else None,
                annotation.as_string() if annotation is not None else "",
            )
            for each, default, annotation in zip(positional, defaults, annotations, strict=False)
        ]
        found += [
            Param(
                each.name,
                self.expr(default) if default is not None else None,
                annotation.as_string() if annotation is not None else "",
            )
            for each, default, annotation in zip(
                args.kwonlyargs or [],
                args.kw_defaults or [],
                args.kwonlyargs_annotations or [],
                strict=False,
            )
        ]
        return found

    def on_classdef(self, node: Any) -> None:
        scope = Scope("class", node.name, self.file, node.lineno, self.scope)
        scope.bases = [each.as_string().rpartition(".")[2] for each in node.bases]
        scope.decorators = (
            [self.expr(each) for each in node.decorators.nodes] if node.decorators else []
        )
        self.scope.scopes.append(scope)
        before = self.scope, self.blocks
        self.scope, self.blocks = scope, ()
        self._body(node.body)
        self.scope, self.blocks = before

    # Expressions

    def target(self, node: Any) -> Expr:
        match type(node).__name__:
            case "AssignName" | "DelName":
                return Name(node.name, node.lineno, self.blocks)
            case "AssignAttr":
                return MemberExpr(self.expr(node.expr), node.attrname, node.lineno)
            case "Tuple" | "List":
                return Many(tuple(self.target(each) for each in node.elts), node.lineno)
            case "Starred":
                return self.target(node.value)
            case _:
                return self.expr(node)

    def expr(self, node: Any) -> Expr:
        handler: Callable[[Any], Expr] | None = getattr(
            self, f"of_{type(node).__name__.lower()}", None
        )
        if handler is not None:
            return handler(node)
        return self._opaque(node)

    def _opaque(self, node: Any) -> Opaque:
        inside = tuple(self.expr(each) for each in node.get_children())
        return Opaque("", getattr(node, "lineno", 0) or 0, inside, infer=lambda: _inferred(node))

    def of_const(self, node: Any) -> Expr:
        value = node.value
        if isinstance(value, bytes):
            return TextExpr(value.decode("utf-8", "replace"), node.lineno)
        if value is None or value is Ellipsis:
            return Opaque("None", node.lineno)
        number = isinstance(value, int) and not isinstance(value, bool)
        return TextExpr(str(value), node.lineno, number)

    def of_name(self, node: Any) -> Expr:
        scope = self.scope.within("function")
        if scope is not None and node.name == scope.receiver:
            return Name("this", node.lineno)
        return Name(node.name, node.lineno, self.blocks)

    def of_attribute(self, node: Any) -> Expr:
        return MemberExpr(self.expr(node.expr), node.attrname, node.lineno)

    of_assignattr = of_attribute

    def of_joinedstr(self, node: Any) -> Expr:
        return Join(tuple(self.expr(each) for each in node.values), node.lineno)

    def of_formattedvalue(self, node: Any) -> Expr:
        return self.expr(node.value)

    def of_call(self, node: Any) -> Expr:
        of = self.expr(node.func)
        args = tuple(self.expr(each) for each in node.args)
        named = tuple((each.arg or "**", self.expr(each.value)) for each in node.keywords)
        call = CallExpr(of, args, named, node.lineno)
        self.scope.calls.append(call)
        guarded(call, self.scope, self.guards)
        effects(call, self.scope, self.blocks)
        return call

    def of_binop(self, node: Any) -> Expr:
        one, other = self.expr(node.left), self.expr(node.right)
        if node.op == "+":
            return Join((one, other), node.lineno)
        if node.op == "%":
            return CallExpr(Name("%", node.lineno), (one, other), (), node.lineno)
        if node.op == "/" and not (isinstance(other, TextExpr) and other.number):  # of paths
            return Join((one, TextExpr("/", node.lineno), other), node.lineno)
        return Opaque(
            node.as_string()[:_LONGEST], node.lineno, (one, other), infer=lambda: _inferred(node)
        )

    def of_boolop(self, node: Any) -> Expr:
        values = tuple(self.expr(each) for each in node.values)
        if node.op == "or":
            return Either(values, node.lineno, fallback=True)
        return Either(values[-1:], node.lineno)

    def of_ifexp(self, node: Any) -> Expr:
        self.expr(node.test)
        return Either((self.expr(node.body), self.expr(node.orelse)), node.lineno)

    def of_subscript(self, node: Any) -> Expr:
        return Index(self.expr(node.value), self.expr(node.slice), node.lineno)

    def _many(self, node: Any) -> Expr:
        return Many(tuple(self.expr(each) for each in node.elts), node.lineno)

    of_list = of_tuple = of_set = _many

    def of_dict(self, node: Any) -> Expr:
        pairs = tuple((self.expr(key), self.expr(value)) for key, value in node.items)
        return Pairs(pairs, node.lineno)

    def of_dictunpack(self, node: Any) -> Expr:
        return Opaque("**", node.lineno or 0)

    def of_starred(self, node: Any) -> Expr:
        return Each(self.expr(node.value), node.lineno)

    def of_await(self, node: Any) -> Expr:
        return self.expr(node.value) if node.value is not None else Opaque("None", node.lineno)

    of_yield = of_yieldfrom = of_keyword = of_await

    def of_namedexpr(self, node: Any) -> Expr:
        value = self.expr(node.value)
        put(self.scope, self.target(node.target), value, self.blocks)
        return value

    def of_lambda(self, node: Any) -> Expr:
        scope = Scope("function", "", self.file, node.lineno, self.scope)
        self._inside(scope, node.args, lambda: scope.returns.append(self.expr(node.body)))
        return Lambda(scope, node.lineno)

    def _comprehension(self, node: Any) -> Expr:
        for each in node.generators:
            over = self.expr(each.iter)
            self._iterate(each.target, over, node.lineno)
            for test in each.ifs:
                self.expr(test)
        element = node.elt if hasattr(node, "elt") else node.value
        if not hasattr(node, "elt"):
            self.expr(node.key)
        return Many((self.expr(element),), node.lineno)

    of_listcomp = of_setcomp = of_generatorexp = of_dictcomp = _comprehension


def _inferred(node: Any) -> tuple[str, ...]:
    """The texts and numbers that an expression may have; none where any of them is unknown."""
    from astroid import nodes  # noqa: PLC0415 - an optional part
    from astroid.exceptions import AstroidError  # noqa: PLC0415 - an optional part

    try:
        found = list(islice(node.infer(), _MOST_INFERRED + 1))
    except (AstroidError, RecursionError):
        return ()
    if len(found) > _MOST_INFERRED or not all(isinstance(each, nodes.Const) for each in found):
        return ()
    values = [each.value for each in found]
    if not all(
        isinstance(each, str | int | bytes) and not isinstance(each, bool) for each in values
    ):
        return ()
    return tuple(
        each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in values
    )


def _held(node: Any, test: Expr) -> Guard:
    """What holds where a test is true."""
    match test:
        case Opaque(inside=(of,)) if getattr(node, "op", "") == "not":
            return _held(node.operand, of).otherwise()
        case Opaque(inside=(of, other)) if hasattr(node, "ops"):
            if node.ops[0][0] in ("==", "is"):
                return Guard(of, (other,))
            if node.ops[0][0] in ("!=", "is not"):
                return Guard(of, (other,), holds=False)
            if node.ops[0][0] == "in" and isinstance(other, Many) and other.items:
                return Guard(of, other.items)
    return Guard(test)
