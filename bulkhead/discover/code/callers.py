"""Who calls a function, and what each call gives its parameters."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from bulkhead.discover.code import origins
from bulkhead.discover.code.files import is_test
from bulkhead.discover.code.tree import (
    CallExpr,
    Expr,
    Import,
    Lambda,
    Many,
    MemberExpr,
    Name,
    Scope,
    TextExpr,
    dotted,
)
from bulkhead.discover.code.values import CallFrame, Code, Instance, SaidText, Value
from bulkhead.discover.code.world import OPTIONS, Codebase, by_nearness, called_name, nearest

if TYPE_CHECKING:
    from bulkhead.discover.code.following.asking import Asking

SPACED: Final = (".h", ".hpp", ".hh", ".hxx", ".cc", ".cpp", ".cxx")
"""Of languages with namespaces: `transport::bind(socket, address)` is a plain function."""
_MOST_CALLERS: Final = 12
_CONSTRUCTORS: Final = frozenset(
    {"__init__", "constructor", "initialize", "__construct", "__new__", "__aenter__"}
)
_RUNS: Final = frozenset(
    {
        "Thread",
        "Process",
        "submit",
        "run_in_executor",
        "start_new_thread",
        "Greenlet",
        "spawn",
        "thread",
        "async",
        "zactor_new",
        "pthread_create",
        "create_task",
        "partial",
        "run",
        "apply_async",
        "zthread_fork",
        "spawn_later",
        "defaultMain",
        "spawn_link",
        "to_thread",
    }
)


class Callers:
    def __init__(self, world: Codebase, evaluator: Asking) -> None:
        self._world = world
        self._evaluator = evaluator
        self._frames: dict[int, list[CallFrame]] = {}
        self._finding: dict[int, int] = {}
        self._bound: dict[tuple[int, int, int], CallFrame] = {}
        self._kept: list[object] = []

    def frames(self, scope: Scope) -> list[CallFrame]:
        """One frame a call of the function that a scope is, or is in; none where nobody calls."""
        function = scope.within("function")
        if function is None or not function.params:
            return []
        if id(function) in self._frames:
            return self._frames[id(function)]
        if id(function) in self._finding:
            self._evaluator.cut(self._finding[id(function)])
            return []
        self._finding[id(function)] = self._evaluator.depth
        try:
            found = self._find(function)
        finally:
            del self._finding[id(function)]
        self._frames[id(function)] = found
        return found

    def generic(self, function: Scope, name: str) -> list[Expr]:
        """The types that callers choose for a type parameter: `bind::<RouterSocket>()`."""
        at = function.generics.index(name)
        return [
            value
            for call, _ in self._world.callers(function.name)
            for key, value in call.named
            if key == f"<{at}>"
        ]

    def _find(self, function: Scope) -> list[CallFrame]:
        found: list[CallFrame] = []
        tested = is_test(function.file)
        for call, where in self._calls_of(function):
            if where is function or (is_test(where.file) and not tested):
                continue
            if self._foreign(call, where, function):
                continue
            frame = self.bind(function, call, where, None)
            if frame.bound:
                found.append(frame)
            if len(found) >= _MOST_CALLERS:
                break
        return found

    def _calls_of(self, function: Scope) -> list[tuple[CallExpr, Scope]]:
        holder = self._evaluator.holder(function)
        named_so = holder is not None and (
            function.name in _CONSTRUCTORS
            or function.name == holder.name
            or (function.name == "new" and not function.receiver)
        )
        if named_so and holder is not None:
            found = list(self._world.callers(holder.name))
            found = [each for each in found if not self._other_class(*each, holder)]
            found += self._through_bases(holder, function.name)
            return [each for each in found if not self._is_declaration(each[0], function)]
        if not function.name:
            return self._of_export(function)
        if len(function.name) < 2:
            return []
        found = self._world.callers(function.name)
        if function.name == "new" and holder is not None:
            return [
                each
                for each in found
                if dotted(each[0].of).endswith(f"{holder.name}.new")
                or dotted(each[0].of) == "Self.new"
            ]
        same = self._world.functions.get(function.name, [])
        if len(same) > 1:
            found = [each for each in found if self._means(each[0], each[1], function, holder)]
        handed = self._handed(function)
        return [*found, *handed]

    def _of_export(self, function: Scope) -> list[tuple[CallExpr, Scope]]:
        """`require("./unit")(options)` of Node, where the file is `module.exports = function …`."""
        module = function.parent
        if module is None or not any(
            isinstance(value, Lambda) and value.scope is function
            for target, value in module.stored
            if dotted(target) == "module.exports"
        ):
            return []
        path = PurePath(module.file)
        self._world.look_for(path.parent.name if path.stem == "index" else path.stem)
        found: list[tuple[CallExpr, Scope]] = []
        for each in list(self._world.modules.values()):
            names = {
                name
                for name, sets in each.names.items()
                if any(self._requires(one.value, each) is module for one in sets)
            }
            found += [
                (call, scope)
                for scope in each.walk()
                for call in scope.calls
                if (isinstance(call.of, Name) and call.of.name in names)
                or self._requires(call.of, scope) is module
            ]
        return found

    def _requires(self, expr: Expr, scope: Scope) -> Scope | None:
        """The file that `require("./unit")` gives."""
        if not isinstance(expr, CallExpr) or not expr.args or dotted(expr.of) != "require":
            return None
        first = expr.args[0]
        if not isinstance(first, TextExpr):
            return None
        return self._world.module_of(Import(first.value), scope)

    def _other_class(self, call: CallExpr, where: Scope, holder: Scope) -> bool:
        """Whether `Pool.Worker(…)` makes one of another class that is called like this one, or
        `Worker(…)` of one that is nearer."""
        same = self._world.classes[holder.name]
        if len(same) < 2:
            return False
        if not isinstance(call.of, MemberExpr):
            near = nearest(same, where)
            return not (_imported(call, where) or any(each is holder for each in near))
        inner = [
            one
            for each in self._evaluator.values(call.of.of, where)
            if isinstance(each, Instance)
            for one in each.cls.scopes
            if one.kind == "class" and one.name == holder.name
        ]
        return bool(inner) and not any(each is holder for each in inner)

    def _foreign(self, call: CallExpr, where: Scope, function: Scope) -> bool:
        """Whether what is called came from a module of others, or another of this program."""
        head = dotted(call.of).partition(".")[0]
        around: Scope | None = where
        while around is not None:
            import_ = around.imports.get(head)
            if import_ is not None:
                module = self._world.module_of(import_, where)
                if module is None:
                    return True
                holder = self._evaluator.holder(function)
                name = holder.name if holder is not None else function.name
                return (
                    module.file != function.file
                    and import_.member == name
                    and any(each.name == name for each in module.scopes)
                )
            if head in around.names or (
                around is not where
                and any(each.name == head and each.kind == "class" for each in around.scopes)
            ):
                return False
            around = around.parent
        return False

    def _handed(self, function: Scope) -> list[tuple[CallExpr, Scope]]:
        """`Thread(target=worker, args=(ctx, url))`: called by somebody else with these."""
        found: list[tuple[CallExpr, Scope]] = []
        others = [each for each in self._world.handed if called_name(each[0].of) not in _RUNS]
        for name in ("", *_RUNS):
            for call, where in self._world.called.get(name, ()) if name else others:
                target = call.argument(-1, "target") or call.argument(-1, "func")
                given = call.argument(-1, "args")
                rest = _listed(given)
                if target is None:
                    at = next(
                        (
                            at
                            for at, each in enumerate(call.args)
                            if isinstance(each, Name | MemberExpr)
                            and called_name(each) == function.name
                        ),
                        None,
                    )
                    if at is None:
                        continue
                    target, rest = call.args[at], call.args[at + 1 :]
                    if len(rest) == 1 and name in ("apply_async", "start_new_thread"):
                        rest = _listed(rest[0]) or rest
                if called_name(target) == function.name:
                    kwargs = call.argument(-1, "kwargs")
                    pairs = getattr(kwargs, "items", ()) if kwargs is not None else ()
                    named = tuple(
                        (key.value, value) for key, value in pairs if hasattr(key, "value")
                    )
                    found.append((CallExpr(target, rest, named, call.line), where))
        return found

    def _through_bases(self, holder: Scope, name: str) -> list[tuple[CallExpr, Scope]]:
        """`super().__init__(port)` of who goes on from it; of who has none, what makes those."""
        found: list[tuple[CallExpr, Scope]] = []
        for derived in self._world.derived.get(holder.name, ()):
            own = [
                each
                for each in derived.scopes
                if each.kind == "function"
                and (each.name in _CONSTRUCTORS or each.name == derived.name)
            ]
            own += [
                each
                for each in self._world.functions.get(derived.name, ())
                if each.owner == derived.name and not any(each is one for one in own)
            ]
            if not own:
                found += self._world.callers(derived.name)
            for each in own:
                for inner in each.walk():
                    found += [
                        (call, inner)
                        for call in inner.calls
                        if dotted(call.of)
                        in (
                            f"super().{name}",
                            "super",
                            f"{holder.name}.{name}",
                            f"super(). {name}",
                            f"field {holder.name}",
                            "parent",
                            f"parent.{name}",
                            "base",
                            "super().initialize",
                        )
                    ]
        return found

    @staticmethod
    def _is_declaration(call: CallExpr, function: Scope) -> bool:
        return call.line == function.line and not call.args

    def _means(self, call: CallExpr, where: Scope, function: Scope, holder: Scope | None) -> bool:
        """Whether a call of this name is one of this function, where several are called so."""
        if not isinstance(call.of, MemberExpr):
            if holder is not None:
                around = self._evaluator.holder(where)
                return around is not None and (
                    any(each is holder for each in self._world.lineage(around))
                    or any(each is around for each in self._world.lineage(holder))
                )
            return where.file == function.file or not any(
                each.file == where.file for each in self._world.functions[function.name]
            )
        if holder is None:
            alone = [
                each
                for each in self._world.functions[function.name]
                if self._evaluator.holder(each) is None
            ]
            objects = self._evaluator.values(call.of.of, where)
            space = len(alone) == 1 and not any(isinstance(each, Instance) for each in objects)
            return dotted(call.of.of).rpartition(".")[2] in function.file or (
                space and function.file.endswith(SPACED)
            )
        itself = isinstance(call.of.of, Name) and call.of.of.name in ("this", where.receiver)
        for each in self._evaluator.values(call.of.of, where):
            if isinstance(each, Instance) and any(
                one is holder or one.name == holder.name for one in self._world.lineage(each.cls)
            ):
                return True
            if (  # what a base leaves to who goes on from it
                itself
                and isinstance(each, Instance)
                and any(one is each.cls for one in self._world.lineage(holder))
            ):
                return True
        return False

    def bind(
        self, function: Scope, call: CallExpr, where: Scope, frame: CallFrame | None
    ) -> CallFrame:
        """What a call gives the parameters; the same for the same call."""
        key = (id(function), id(call), id(frame))
        if key not in self._bound:
            self._bound[key] = self._bind(function, call, where, frame)
            self._kept.append((function, call, frame))
        return self._bound[key]

    def _bind(
        self, function: Scope, call: CallExpr, where: Scope, frame: CallFrame | None
    ) -> CallFrame:
        """What a call gives the parameters; a default where it gives none."""
        bound: dict[str, tuple[Expr, Scope, CallFrame | None]] = {}
        args = list(call.args)
        if (
            function.receiver
            and isinstance(call.of, MemberExpr)
            and args
            and (
                dotted(call.of.of) == (self._evaluator.holder(function) or function).name
                and function.name in _CONSTRUCTORS
                and called_name(call.of) == function.name
            )
        ):
            args = args[1:]  # Base.__init__(self, port)
        named = dict(call.named)
        for at, param in enumerate(function.params):
            if param.name in named:
                bound[param.name] = (named[param.name], where, frame)
            elif at < len(args):
                bound[param.name] = (args[at], where, frame)
            elif (
                default := self._world.default(function, param.name)
            ) is not None and not _is_option(default[0]):
                bound[param.name] = (*default, None)
        return CallFrame(bound, function)

    def called(  # noqa: PLR0911 - a case a form
        self, call: CallExpr, scope: Scope, frame: CallFrame | None
    ) -> list[Code | Instance]:
        """The functions of the program that a call may mean."""
        name = called_name(call.of)
        if isinstance(call.of, Lambda):
            return [Code(call.of.scope)]
        if isinstance(call.of, Name):
            found = self._evaluator.values(call.of, scope, frame)
            return [each for each in found if isinstance(each, Code | Instance)]
        if not isinstance(call.of, MemberExpr):
            return []
        owners = self._evaluator.values(call.of.of, scope, frame)
        objects = [each for each in owners if isinstance(each, Instance)]
        for each in objects:
            for cls in self._world.lineage(each.cls):
                methods = [
                    Code(one) for one in cls.scopes if one.name == name and one.kind == "function"
                ]
                methods += [
                    Code(one)
                    for one in self._world.functions.get(name, ())
                    if one.owner == cls.name
                ]
                if methods and not any(one.scope.returns for one in methods):
                    methods = self._left_to(each.cls, name) or methods
                if methods:
                    return list(methods[:2])
        through = self._evaluator.values(call.of, scope, frame)
        direct = [each for each in through if isinstance(each, Code | Instance)]
        if direct:
            return direct
        if isinstance(call.of.of, Name) and (classes := self._world.classes.get(name)):
            return [Instance(by_nearness(classes, scope)[0])]
        functions = self._world.functions.get(name, [])
        if len(functions) == 1 and len(name) > 3 and not objects and not _taken(name, owners):
            return [Code(functions[0])]
        return []

    def _left_to(self, cls: Scope, name: str) -> list[Code]:
        """The methods of this name that give something, of the classes that go on from one."""
        return [
            Code(one)
            for each in self._world.derived.get(cls.name, ())
            for one in each.scopes
            if one.name == name and one.kind == "function" and one.returns
        ]


def _imported(call: CallExpr, where: Scope) -> bool:
    """Whether what is called is imported by its name, so that it is known whose it is."""
    head = dotted(call.of).partition(".")[0]
    around: Scope | None = where
    while around is not None:
        if head in around.imports:
            return True
        around = around.parent
    return False


def _is_option(default: Expr) -> bool:
    """Whether a default is what typer makes of the command line: `typer.Option(5556)`."""
    return isinstance(default, CallExpr) and called_name(default.of) in OPTIONS


def _listed(expr: Expr | None) -> tuple[Expr, ...]:
    return expr.items if isinstance(expr, Many) else ()


def _taken(name: str, owners: list[Value]) -> bool:
    """Names of methods that every library has: of an unknown object they mean nothing, and of a
    text what `SAME` says."""
    if name in origins.SAME and any(isinstance(each, SaidText) for each in owners):
        return True
    return name in {
        "send",
        "recv",
        "close",
        "start",
        "stop",
        "connect",
        "bind",
        "read",
        "write",
        "append",
        "join",
        "format",
        "split",
        "items",
        "keys",
        "values",
        "update",
    }
