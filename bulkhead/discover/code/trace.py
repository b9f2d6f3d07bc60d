"""The sockets of one program: where each is made, what is done with it, by which options."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from bulkhead.discover.code import danger, settings
from bulkhead.discover.code.bindings.binding import Binding, EndCall, Family
from bulkhead.discover.code.bindings.words import socket_type
from bulkhead.discover.code.endings import ends_of, is_endpoint, notation, placed, possible
from bulkhead.discover.code.evaluate import Evaluator
from bulkhead.discover.code.files import is_test
from bulkhead.discover.code.found import (
    CodePlace,
    Deserialised,
    EndInCode,
    OptionInCode,
    SocketInCode,
)
from bulkhead.discover.code.guarding import shut
from bulkhead.discover.code.parts import template
from bulkhead.discover.code.sites import Site, Sites
from bulkhead.discover.code.tree import (
    CallExpr,
    Expr,
    Index,
    Lambda,
    MemberExpr,
    Name,
    Scope,
    TextExpr,
    dotted,
)
from bulkhead.discover.code.values import CallFrame, Instance, Made, Module, SaidText, texts
from bulkhead.discover.code.world import Codebase

_NOTHING: Final = frozenset({"NULL", "nullptr", "null", "nil", "None", "0", "undefined"})
"""What stands where a constructor may take an endpoint, and is given none."""

Key = tuple[int, str]
"""Of a socket: the call that makes it and which part; or of one made nowhere its own."""


@dataclass(slots=True)
class _Tracked:
    site: Site | None
    name: str
    place: CodePlace
    scope: Scope
    binding: Binding
    types: tuple[str, ...]
    part: str = ""
    ends: dict[tuple[str, str, str | None], EndInCode] = field(default_factory=dict)
    options: dict[tuple[str, int], OptionInCode] = field(default_factory=dict)
    deserialised: dict[int, Deserialised] = field(default_factory=dict)


class Tracer:
    """Follows the sockets of one program through the files that have them."""

    def __init__(self, world: Codebase, family: Family, sources: dict[str, str]) -> None:
        self.world = world
        self.sites = Sites(family, sources)
        self.evaluator = Evaluator(world, self.sites)
        self.sites.evaluator = self.evaluator
        self.family = family
        self._tracked: dict[Key, _Tracked] = {}
        self._of_class: dict[str, list[Key]] = defaultdict(list)
        self.authenticators: list[CodePlace] = []
        self.too_deep = 0

    def sockets(self, program: str, language: dict[str, str]) -> list[SocketInCode]:
        """All of them, by file and line. `language` is that of each file."""
        self._reach()
        for scope in self._scopes():
            for call in scope.calls:
                self._bounded(self._make, call, scope)
        for scope in self._scopes():
            for call in scope.calls:
                self._bounded(self._use, call, scope)
            for target, value in scope.stored:
                self._bounded(self._set, target, value, scope)
        return [self._said(each, program, language) for each in self._in_order()]

    def _bounded(self, do: Callable[..., None], *about: object) -> None:
        """What leads deeper than Python goes is counted, and ends nothing else."""
        try:
            do(*about)
        except RecursionError:
            self.too_deep += 1

    def _reach(self) -> None:
        """Read the files that use what makes sockets here: a wrapper, a factory, a subclass."""
        for _ in range(2):
            names = {
                name
                for scope in self._scopes()
                for call in scope.calls
                if self.sites.of(call, scope) is not None
                for name in self._known_by(scope)
            }
            names |= {
                each.name
                for each in self._scopes()
                if each.kind == "class" and self.sites.is_socket_class(each)
            }
            found = [self.world.look_for(each) for each in sorted(names)]
            before = len(self.world.modules)
            for scope in self._scopes():
                for call in scope.calls:
                    self._bounded(self._handed_on, call, scope)
            found.append(len(self.world.modules) > before)
            if not any(found):
                break

    def _handed_on(self, call: CallExpr, scope: Scope) -> None:
        """Where a socket is an argument, read the function that gets it."""
        for each in call.args:
            if isinstance(each, Name | MemberExpr) and any(
                isinstance(value, Made) for value in self.evaluator.values(each, scope)
            ):
                self.evaluator.callers.called(call, scope, None)
                return

    def _known_by(self, scope: Scope) -> Iterator[str]:
        """The names by which other files get at a socket that is made here."""
        holder = self.evaluator.holder(scope)
        if holder is not None and len(holder.name) > 3:
            yield holder.name
        function = scope.within("function")
        if function is not None and function.returns and len(function.name) > 3:
            yield function.name

    def _scopes(self) -> list[Scope]:
        return [scope for module in list(self.world.modules.values()) for scope in module.walk()]

    def _in_order(self) -> list[_Tracked]:
        return sorted(self._tracked.values(), key=lambda each: (each.place, each.part))

    # Where they are made

    def _make(self, call: CallExpr, scope: Scope) -> None:
        site = self.sites.of(call, scope)
        if site is not None and not self._given_a_socket(site):
            self._track(site)
            holder = self.world.classes.get(dotted(call.of).rpartition(".")[2])
            for each in holder or ():
                self._of_class[each.name].append((id(call), ""))
        for part in self.sites.parts(call, scope):
            self._track(part)
        for binding in self.sites.bindings(scope.file):
            if (binding.zap is not None and binding.zap.search(dotted(call.of))) or (
                binding.name == "czmq"
                and dotted(call.of).endswith("zactor_new")
                and (call.args and dotted(call.args[0]) == "zauth")
            ):
                self.authenticators.append(CodePlace(scope.file, call.line))

    def _given_a_socket(self, site: Site) -> bool:
        """`PUBHandler(socket)`: what takes an endpoint, or a socket that is there already."""
        at = site.constructor.ends_at if site.constructor is not None else -1
        arg = site.call.argument(at) if at >= 0 else None
        return arg is not None and any(
            isinstance(each, Made) for each in self.evaluator.ask(arg, site.scope)
        )

    def _track(self, site: Site) -> None:
        key = (id(site.call), site.part)
        place = CodePlace(site.scope.file, site.call.line)
        tracked = _Tracked(
            site,
            self._named(site.call, site.scope),
            place,
            site.scope,
            site.binding,
            site.types,
            site.part,
        )
        self._tracked[key] = tracked
        if site.constructor is None:
            return
        constructor = site.constructor
        if constructor.named:
            for name, value in site.call.named:
                if name in ("bind", "connect"):
                    self._ended(
                        tracked,
                        "bind" if name == "bind" else "connect",
                        value,
                        site.call,
                        site.scope,
                    )
        if (
            constructor.ends_at >= 0
            and (arg := site.call.argument(constructor.ends_at)) is not None
        ):
            side = constructor.side or (
                "bind" if set(site.types) & constructor.binds else "connect"
            )
            if not isinstance(arg, Lambda) and constructor.called.pattern.find("async_zmq") < 0:
                for each in texts(self.evaluator.ask(arg, site.scope)):
                    if is_endpoint(each) or (each.known is None and not _nothing(each)):
                        for one, parts in notation(each, side):
                            self._put(tracked, one, parts, site.call.line, site.scope.file)
        for name, value in site.call.named:
            self._optioned(tracked, name, value, site.call.line, site.scope)

    @staticmethod
    def _named(call: CallExpr, scope: Scope) -> str:
        """What the code calls it: the name or the field that the call is given to."""
        around: Scope | None = scope
        while around is not None:
            for name, sets in around.names.items():
                if any(_holds(each.value, call) and not _beside(each.value) for each in sets):
                    return name
            for target, value in around.stored:
                if _holds(value, call):
                    return dotted(target).removeprefix("this.")
            if around.kind == "class":
                for name, values in around.fields.items():
                    if any(_holds(value, call) for value, _ in values):
                        return name
            around = around.parent
        return ""

    # What is done with them

    def _use(self, call: CallExpr, scope: Scope) -> None:
        path = dotted(call.of)
        found_end = False
        for end in self._endings(path, scope):
            found_end = self._end(end, call, scope)
            if found_end:
                break
        if not found_end:
            self._option_call(call, scope)
        for sink, receiver in danger.sinks(call, path, self.family, scope):
            self._dangerous(sink, receiver, call, scope)

    def _endings(self, path: str, scope: Scope) -> Iterator[EndCall]:
        last = path.rpartition(".")[2]
        if (
            not last.lower()
            .lstrip("z")
            .startswith(("bind", "connect", "listen", "dial", "sock", "mq", "attach", "tunnel"))
        ):
            return
        seen: set[int] = set()
        bindings = self.sites.bindings(scope.file) or tuple(
            {each.binding.name: each.binding for each in self._tracked.values()}.values()
        )
        whole = path if "." in path else f".{path}" if "this" in scope.names else path
        for binding in bindings:
            for end in binding.ends:
                if end.called.search(whole) and id(end) not in seen:
                    seen.add(id(end))
                    yield end

    def _end(self, end: EndCall, call: CallExpr, scope: Scope) -> bool:
        """Bind or connect what the call is about. Whether it was about a socket."""
        if end.form == "typed":
            return self._typed(end, call, scope)
        socket = self._socket_of(end, call, scope)
        if socket is None or dotted(socket) in ("super()", "zmq", "socket"):
            socket = (
                Name("this", call.line)
                if socket is not None and dotted(socket) == "super()"
                else socket
            )
        if socket is None:
            return False
        if end.form == "own":
            return self._own(end, call, self._those(socket, scope, end.part))
        about = False
        for frame in self.evaluator.frames(scope):
            if shut(self.evaluator, call, scope, frame):
                about = True
                continue
            tracked = self._those(socket, scope, end.part, (frame,))
            given = ends_of(self.evaluator, end, call, scope, (frame,))
            unknown = not tracked and self.sites.marked(scope.file)
            if unknown and any(map(is_endpoint, given)) and not self._an_object(socket, scope):
                tracked = [self._orphan(socket, call, scope)]
            for each in tracked:
                self._given(end, each, possible(given, end.side), call, scope)
            about = about or bool(tracked and given)
        return about

    def _given(
        self, end: EndCall, tracked: _Tracked, given: list[SaidText], call: CallExpr, scope: Scope
    ) -> None:
        side: str = end.side
        if end.form == "attach":
            serving = call.argument(end.endpoint_at + 1)
            side = "bind" if serving is not None and dotted(serving) in ("true", "1") else "connect"
        for said in given:
            for one, parts in notation(said, side, strict=end.form != "attach"):
                self._put(tracked, one, parts, call.line, scope.file)

    @staticmethod
    def _socket_of(end: EndCall, call: CallExpr, scope: Scope) -> Expr | None:
        if end.socket_at >= 0:
            return call.args[end.socket_at] if len(call.args) > end.socket_at else None
        if isinstance(call.of, MemberExpr):
            return call.of.of
        return Name("this", call.line) if "this" in scope.names else None

    def _ended(
        self, tracked: _Tracked, side: str, value: Expr, call: CallExpr, scope: Scope
    ) -> None:
        for each in texts(self.evaluator.ask(value, scope)):
            self._put(tracked, side, each, call.line, scope.file)

    def _own(self, end: EndCall, call: CallExpr, tracked: list[_Tracked]) -> bool:
        for each in tracked:
            arg = each.site.call.args[0] if each.site is not None and each.site.call.args else None
            if arg is not None:
                for said in texts(self.evaluator.ask(arg, each.scope)):
                    self._put(each, end.side, said, call.line, each.scope.file)
        return bool(tracked)

    def _typed(self, end: EndCall, call: CallExpr, scope: Scope) -> bool:
        """`ctx.bind(:PUB, "tcp://…")` of Ruby makes the socket that it binds."""
        said = socket_type(dotted(call.args[0])) if len(call.args) > 1 else None
        if said is None:
            return False
        binding = self.sites.bindings(scope.file)[0]
        tracked = _Tracked(
            None,
            self._named(call, scope),
            CodePlace(scope.file, call.line),
            scope,
            binding,
            (said,),
        )
        self._tracked[id(call), "typed"] = tracked
        self._ended(tracked, end.side, call.args[end.endpoint_at], call, scope)
        return True

    def _those(
        self,
        socket: Expr,
        scope: Scope,
        part: str = "",
        frames: Iterable[CallFrame | None] | None = None,
    ) -> list[_Tracked]:
        """The sockets that an expression may be."""
        found: dict[int, _Tracked] = {}
        for value in self.evaluator.ask(socket, scope, frames):
            keys: list[Key] = []
            match value:
                case Made(call=call):
                    keys = [(id(call), "")]
                case Instance(cls=cls) if self.sites.is_socket_class(cls):
                    names = [each.name for each in self.world.lineage(cls)]
                    names += [each.name for each in self.world.derived.get(cls.name, ())]
                    keys = [key for name in names for key in self._of_class.get(name, ())]
                case _:
                    continue
            for key in keys:
                if key in self._tracked:
                    found.setdefault(id(self._tracked[key]), self._tracked[key])
        if part:
            for call in self._device_calls(socket, scope):
                if (id(call), part) in self._tracked:
                    each = self._tracked[id(call), part]
                    found.setdefault(id(each), each)
        return list(found.values())

    def _device_calls(self, socket: Expr, scope: Scope) -> Iterator[CallExpr]:
        """The calls that a name of a device was given."""
        match socket:
            case Name(name=name):
                around: Scope | None = scope
                while around is not None:
                    for each in around.names.get(name, ()):
                        if isinstance(each.value, CallExpr):
                            yield each.value
                    around = around.parent
            case MemberExpr(name=name):
                holder = self.evaluator.holder(scope)
                for value, _ in holder.fields.get(name, ()) if holder is not None else ():
                    if isinstance(value, CallExpr):
                        yield value
            case _:
                return

    def _an_object(self, socket: Expr, scope: Scope) -> bool:
        """Whether it is of a class of the program that has a `bind` of its own."""
        return any(
            isinstance(each, Module)
            or (isinstance(each, Instance) and not self.sites.is_socket_class(each.cls))
            for each in self.evaluator.ask(socket, scope)
        )

    def _orphan(self, socket: Expr, call: CallExpr, scope: Scope) -> _Tracked:
        """A socket that came from where nothing here leads to; the same name is the same one."""
        holder = self.evaluator.holder(scope) if dotted(socket).startswith("this.") else None
        around = holder or scope.within("function") or scope
        key = (id(around), f"made elsewhere {dotted(socket)}")
        if key not in self._tracked:
            binding = self.sites.bindings(scope.file)[0]
            self._tracked[key] = _Tracked(
                None,
                dotted(socket).removeprefix("this."),
                CodePlace(scope.file, call.line),
                scope,
                binding,
                (),
            )
        return self._tracked[key]

    def _put(self, tracked: _Tracked, side: str, said: SaidText, line: int, file: str) -> None:
        end = placed(side, said, CodePlace(file, line))
        if end is not None:
            tracked.ends.setdefault((end.side, end.text, end.default), end)

    # Options

    def _option_call(self, call: CallExpr, scope: Scope) -> None:
        for socket, name, value in settings.calls(call, self.family):
            for each in self._those(socket, scope):
                self._optioned(each, name, value, call.line, scope)

    def _set(self, target: MemberExpr, value: Expr, scope: Scope) -> None:
        name = settings.named(target.name)
        if name is None:
            return
        of = target.of
        if isinstance(of, MemberExpr) and of.name in ("Options", "options", "sockopt"):
            of = of.of
        for each in self._those(of, scope):
            self._optioned(each, name, value, target.line, scope)

    def _optioned(
        self, tracked: _Tracked, name: str, value: Expr | None, line: int, scope: Scope
    ) -> None:
        option = settings.option(self.evaluator, name, value, CodePlace(scope.file, line), scope)
        if option is not None:
            tracked.options.setdefault((option.name, line), option)

    def _dangerous(self, sink: str, receiver: Expr, call: CallExpr, scope: Scope) -> None:
        tracked = self._those(receiver, scope)
        if not tracked and sink in danger.OF_SOCKETS and self.sites.marked(scope.file):
            tracked = [self._orphan(receiver, call, scope)]
        for each in tracked:
            place = CodePlace(scope.file, call.line)
            each.deserialised.setdefault(call.line, Deserialised(sink, place))

    # What is said

    def _said(self, tracked: _Tracked, program: str, language: dict[str, str]) -> SocketInCode:
        around = tracked.scope.within("function")
        holder = self.evaluator.holder(tracked.scope)
        within = ".".join(
            each for each in (holder.name if holder else "", around.name if around else "") if each
        )
        made = tracked.site is not None or tracked.types != ()
        return SocketInCode(
            program=program,
            language=language.get(tracked.place.file, self.family),
            binding=tracked.binding.name,
            types=tracked.types,
            place=tracked.place,
            name=tracked.name,
            within=within,
            made=made,
            part=tracked.part,
            ends=tuple(
                sorted(tracked.ends.values(), key=lambda each: (each.place, each.side, each.text))
            ),
            options=tuple(
                sorted(tracked.options.values(), key=lambda each: (each.place, each.name))
            ),
            deserialised=tuple(tracked.deserialised.values()),
            test=is_test(tracked.place.file),
        )


def _nothing(said: SaidText) -> bool:
    """Whether it is the word of a language for no value at all."""
    return said.unresolved and template(said.parts).strip("{}") in _NOTHING


def _beside(value: Expr) -> bool:
    """Whether it is what stands behind a value: `err` of `socket, err := zmq.NewSocket(…)`."""
    return isinstance(value, Index) and isinstance(value.key, TextExpr) and value.key.value != "0"


def _holds(value: Expr, call: CallExpr) -> bool:
    """Whether a value is what a call makes, with nothing but wrappers around."""
    seen = 0
    inner: Expr | None = value
    while inner is not None and seen < 6:
        if inner is call:
            return True
        seen += 1
        match inner:
            case CallExpr(of=MemberExpr(of=of), args=args):
                if any(each is call for each in args):
                    return True
                inner = of
            case CallExpr(args=(first, *_)):
                inner = first
            case _:
                parts = getattr(inner, "items", None) or getattr(inner, "options", None) or ()
                if parts and isinstance(parts[0], tuple):
                    parts = tuple(each for _, each in parts)
                if any(each is call for each in parts):
                    return True
                inner = (
                    getattr(inner, "of", None)
                    if not isinstance(getattr(inner, "of", ""), str)
                    else None
                )
    return False
