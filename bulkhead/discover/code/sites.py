"""Which calls make a socket, and of which type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulkhead.discover.code.bindings.binding import Binding, Constructor, Family
from bulkhead.discover.code.bindings.table import of_family
from bulkhead.discover.code.bindings.words import socket_type
from bulkhead.discover.code.parts import OpenPart
from bulkhead.discover.code.tree import (
    CallExpr,
    Expr,
    Import,
    MemberExpr,
    Name,
    Scope,
    TextExpr,
    dotted,
)
from bulkhead.discover.code.values import Bundle, texts
from bulkhead.discover.code.world import called_name

if TYPE_CHECKING:
    from bulkhead.discover.code.evaluate import Evaluator

_CONTEXT: Final = re.compile(r"ctx|context|zmq|zcontext|zctx|^c$|^z$", re.IGNORECASE)
_BASES: Final = frozenset({"Socket", "socket_t", "ZMQSocket", "ZSocket", "SocketBase"})
_FIELD: Final = "field "
_DEVICES: Final = re.compile(
    r"(?:^|\.)(?:Thread|Process|)(?:Monitored)?(?:Device|Queue|Proxy|ProxySteerable)$"
)


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A call that makes a socket; of a device one of several, told apart by `part`."""

    call: CallExpr
    scope: Scope
    binding: Binding
    constructor: Constructor | None
    types: tuple[str, ...]
    part: str = ""


class Sites:
    """Tells them of one program. `marked` says whether a file speaks of a binding."""

    def __init__(self, family: Family, sources: dict[str, str]) -> None:
        self._family = family
        self._sources = sources
        self._bindings: dict[str, tuple[Binding, ...]] = {}
        self._known: dict[int, Site | None] = {}
        self._kept: list[CallExpr] = []  # an id is another's once its object is gone
        self._devices: dict[int, tuple[Site, ...]] = {}
        self.evaluator: Evaluator

    def bindings(self, file: str) -> tuple[Binding, ...]:
        """Those that a file speaks of; of a file that has only what others made, all."""
        if file not in self._bindings:
            source = self._sources.get(file, "")
            every = of_family(self._family)
            self._bindings[file] = tuple(each for each in every if each.mark.search(source))
        return self._bindings[file]

    def marked(self, file: str) -> bool:
        return bool(self.bindings(file))

    def __call__(self, call: CallExpr, scope: Scope) -> bool:
        return self.of(call, scope) is not None

    def of(self, call: CallExpr, scope: Scope) -> Site | None:
        """The socket that a call makes, if it does."""
        if id(call) not in self._known:
            self._kept.append(call)
            self._known[id(call)] = None  # what asks for itself is none
            self._known[id(call)] = self._made(call, scope)
        return self._known[id(call)]

    def parts(self, call: CallExpr, scope: Scope) -> tuple[Site, ...]:
        """Of `ThreadDevice(zmq.QUEUE, zmq.ROUTER, zmq.DEALER)` of pyzmq its sockets."""
        if id(call) not in self._devices:
            self._devices[id(call)] = self._device(call, scope)
        return self._devices[id(call)]

    def _device(self, call: CallExpr, scope: Scope) -> tuple[Site, ...]:
        path = dotted(call.of)
        if self._family != "python" or not _DEVICES.search(path):
            return ()
        first = 0 if "Proxy" in path else 1
        found = []
        for at, part in enumerate(("in", "out", "mon", "ctrl")):
            arg = call.argument(first + at, f"{part}_type")
            if arg is not None and (types := self.types(arg, scope)):
                binding = of_family("python")[0]
                found.append(Site(call, scope, binding, None, types, part))
        return tuple(found) if len(found) > 1 else ()

    def _made(self, call: CallExpr, scope: Scope) -> Site | None:
        path = dotted(call.of)
        if path.startswith(_FIELD):
            path = self._field_type(path.removeprefix(_FIELD), scope)
        if not path:
            return None
        for binding in self.bindings(scope.file):
            for constructor in binding.constructors:
                match = constructor.called.search(path)
                if match and (
                    site := self._checked(call, scope, binding, constructor, match, path)
                ):
                    return site
        return self._of_subclass(call, scope)

    def _field_type(self, name: str, scope: Scope) -> str:
        """The type of a member that a constructor of C++ initialises, or its base."""
        holder = self.evaluator.holder(scope)
        for each in self.evaluator.world.lineage(holder) if holder is not None else ():
            if name in each.types:
                inner = re.search(r"<\s*([\w:]+)", each.types[name])
                pointer = "*" in each.types[name]
                text = inner[1] if inner else each.types[name]
                return "" if pointer else re.sub(r"::", ".", re.sub(r"[&\s]|const", "", text))
        return name if name in _BASES else ""

    def _checked(  # noqa: PLR0911, PLR0917 - a case a form
        self,
        call: CallExpr,
        scope: Scope,
        binding: Binding,
        constructor: Constructor,
        match: re.Match[str],
        path: str,
    ) -> Site | None:
        if constructor.new and not call.new:
            return None
        if constructor.imported and not self._imported(call.of, scope, binding):
            return None
        if constructor.always:
            return Site(call, scope, binding, constructor, (constructor.always,))
        if constructor.generic:
            return self._of_generic(call, scope, binding, constructor)
        if "type" in constructor.called.groupindex:
            said = socket_type(match["type"])
            return Site(call, scope, binding, constructor, (said,)) if said else None
        arg = call.argument(constructor.type_at)
        for name in (*constructor.type_named, "0"):
            arg = call.argument(-1, name) or arg
        if constructor.whole and (arg is None or not self._is_socket_like(arg)):
            declared = not call.args and binding.name == "cppzmq"
            return (
                Site(call, scope, binding, constructor, ()) if arg is not None or declared else None
            )
        if arg is None:
            return None
        types = self.types(arg, scope)
        if types:
            return Site(call, scope, binding, constructor, types)
        if constructor.whole or self._is_context(call, scope, path, binding):
            return Site(call, scope, binding, constructor, ())
        return None

    def _of_generic(
        self, call: CallExpr, scope: Scope, binding: Binding, constructor: Constructor
    ) -> Site | None:
        of = call.of.of if isinstance(call.of, MemberExpr) else None
        function = scope.within("function")
        if not isinstance(of, Name) or function is None or of.name not in function.generics:
            return None
        said = [dotted(each) for each in self.evaluator.callers.generic(function, of.name)]
        types = {socket_type(each.removesuffix("Socket")): None for each in said}
        found = tuple(each for each in types if each is not None)
        return Site(call, scope, binding, constructor, found) if found else None

    @staticmethod
    def _is_socket_like(arg: Expr) -> bool:
        """`zmq::socket_t(std::move(other))` makes none."""
        return not (isinstance(arg, CallExpr) and called_name(arg.of) in ("move", "nullptr"))

    def _is_context(self, call: CallExpr, scope: Scope, path: str, binding: Binding) -> bool:
        """Whether what makes something of a type nobody can tell is a context of ZeroMQ."""
        if not isinstance(call.of, MemberExpr) or path in ("socket.socket",):
            return False
        del scope
        before = path.rpartition(".")[0]
        last = before.rpartition(".")[2].removesuffix("()")
        return binding.family in ("python", "rust", "jvm", "ruby", "lua") and bool(
            _CONTEXT.search(last)
        )

    def _imported(self, of: Expr, scope: Scope, binding: Binding) -> bool:
        """Whether a common name came from the binding's module."""
        path = dotted(of)
        head, _, rest = path.partition(".")
        if head in binding.modules and rest:
            return True
        if self._family == "rust":
            source = self._sources.get(scope.file, "")
            word = re.escape(path.partition(".")[0])
            return bool(
                re.search(rf"use\s+(?:{'|'.join(binding.modules)})::[^;]*\b{word}\b", source)
            ) or bool(not rest and re.search(rf"use\s+(?:{'|'.join(binding.modules)})::\*", source))
        around: Scope | None = scope
        while around is not None:
            if (import_ := around.imports.get(head)) is not None:
                return _of_modules(import_, binding)
            for each in around.names.get(head, ()):
                if _requires(each.value, binding):
                    return True
            around = around.parent
        return False

    def _of_subclass(self, call: CallExpr, scope: Scope) -> Site | None:
        """An object of a class of the program that is a socket itself."""
        name = called_name(call.of)
        world = self.evaluator.world
        if name not in world.classes or not isinstance(call.of, Name | MemberExpr):
            return None
        for cls in world.classes[name]:
            bindings = self.bindings(cls.file)
            if not bindings or not self._is_socket_class(cls):
                continue
            said = [self.types(each, scope) for each in (*call.args[1:2], *call.args[:1])]
            types = next(filter(None, said), ()) or self._types_inside(cls)
            return Site(call, scope, bindings[0], None, types)
        return None

    def is_socket_class(self, cls: Scope) -> bool:
        """Whether a class goes on from the socket of a binding."""
        return self.marked(cls.file) and self._is_socket_class(cls)

    def _is_socket_class(self, cls: Scope) -> bool:
        world = self.evaluator.world
        return any(
            base in _BASES and base not in world.classes
            for each in world.lineage(cls)
            for base in each.bases
        )

    def _types_inside(self, cls: Scope) -> tuple[str, ...]:
        for inner in cls.walk():
            for call in inner.calls:
                if dotted(call.of).rpartition(".")[2] in ("__init__", "super", "initialize"):
                    for arg in (*call.args, *(value for _, value in call.named)):
                        if types := self.types(arg, inner):
                            return types
        return ()

    def types(self, arg: Expr, scope: Scope) -> tuple[str, ...]:
        """The types that an argument may mean, in order of where they are said."""
        if isinstance(arg, MemberExpr | TextExpr) and (said := socket_type(dotted(arg))):
            return (said,)
        if isinstance(arg, Name) and arg.name.isupper() and (said := socket_type(arg.name)):
            return (said,)
        if (
            isinstance(arg, Name)
            and self._family in ("rust", "c", "beam")
            and (said := socket_type(arg.name))
            and (arg.name not in scope.names)
        ):
            return (said,)
        found: dict[str, None] = {}
        asked = self.evaluator.ask(arg, scope)
        for value in (
            *asked,
            *(
                each
                for one in asked
                if isinstance(one, Bundle)
                for each in self.evaluator.elements([one], arg)
            ),
        ):
            for each in texts([value]):
                text = each.known
                first = each.parts[0] if each.parts else None
                if text is None and isinstance(first, OpenPart):
                    text = first.name
                if text and (said := socket_type(text)):
                    found[said] = None
        return tuple(found)


def _of_modules(import_: Import, binding: Binding) -> bool:
    return import_.module in binding.modules or any(
        import_.module.startswith(f"{each}/") for each in binding.modules
    )


def _requires(value: Expr, binding: Binding) -> bool:
    """`require("zeromq")`, or something of it."""
    while isinstance(value, MemberExpr):
        value = value.of
    return (
        isinstance(value, CallExpr)
        and called_name(value.of) in ("require", "import")
        and bool(value.args)
        and isinstance(value.args[0], TextExpr)
        and value.args[0].value in binding.modules
    )
