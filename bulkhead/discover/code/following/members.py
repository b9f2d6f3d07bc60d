"""What members and elements are: fields, keys, items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePath
from typing import Final

from bulkhead.discover.code import origins
from bulkhead.discover.code.asked import (
    declared_option,
    environment,
    key_of,
    last_word,
)
from bulkhead.discover.code.callers import SPACED
from bulkhead.discover.code.following.asking import LONGEST_NAME
from bulkhead.discover.code.following.naming import Naming
from bulkhead.discover.code.parts import (
    KnownPart,
    OpenKind,
    OpenPart,
)
from bulkhead.discover.code.tree import (
    Each,
    Expr,
    Index,
    Many,
    MemberExpr,
    Name,
    Pairs,
    Scope,
    TextExpr,
    dotted,
)
from bulkhead.discover.code.values import (
    Bundle,
    CallFrame,
    Code,
    Instance,
    Made,
    Module,
    SaidText,
    Value,
    open_,
    texts,
    unresolved,
)
from bulkhead.discover.code.world import called_name, nearest

_BINDS: Final = frozenset({"bind", "bindSync", "Bind"})


_OF_THE_CRATE: Final = frozenset({"crate", "self", "super"})


class FollowMembers(Naming):
    """Follows members, elements and indexes."""

    def fields(self, cls: Scope, name: str) -> list[Value]:
        """What the field of a class may be, its bases and those that go on from it included."""
        found: list[Value] = []
        lineage = self.world.lineage(cls)
        for each in lineage:
            for value, where in each.fields.get(name, ()):
                step = self.step(name, value, where) if where.kind != "function" else ()
                found += [
                    one.by(*step) if isinstance(one, SaidText) else one
                    for one in self.values(value, where)
                ]
            if not found:
                found += self._properties(each, name)
            if found:
                break
        if not found:
            for each in self.world.derived.get(cls.name, ()):
                for value, where in each.fields.get(name, ()):
                    found += self.values(value, where)
        found = found or self._given_by_name(cls, name)
        better = [each for each in found if not (isinstance(each, SaidText) and each.unresolved)]
        if better or found:
            return better or found
        for each in lineage:
            if type_ := each.types.get(name):
                return self.of_type(type_, cls)
        return []

    def _own_field(self, of: Instance, name: str) -> list[Value]:
        """The field of an object whose constructor, and nobody else, gives it what it was given."""
        sets = of.cls.fields.get(name, ())
        if of.given is None or not sets or any(at is not of.given.scope for _, at in sets):
            return []
        found = [one for value, at in sets for one in self.values(value, at, of.given)]
        return [] if any(_vague(one) for one in found) else found

    def _given_by_name(self, cls: Scope, name: str) -> list[Value]:
        """What those who make one give it: `new Settings { Endpoint = "tcp://…" }` of C#."""
        same = self.world.classes[cls.name]
        return [
            value
            for call, where in self.world.callers(cls.name)
            if call.new and any(each is cls for each in nearest(same, where))
            for key, given in call.named
            if key == name
            for value in self.values(given, where)
        ]

    def _properties(self, cls: Scope, name: str) -> list[Value]:
        for each in cls.scopes:
            if each.name == name and each.kind == "function":
                if any("property" in dotted(by) for by in each.decorators):
                    return [value for one in each.returns for value in self.values(one, each)]
                return [Code(each)]
            if each.name == name and each.kind == "class":
                return [Instance(each)]
        return []

    def member(  # noqa: PLR0911, PLR0912 - a case a form
        self, member: MemberExpr, scope: Scope, frame: CallFrame | None
    ) -> list[Value]:
        path = dotted(member)
        if (asked := environment(path)) is not None:
            return [open_(asked, OpenKind.ENVIRONMENT, asked)]
        found: list[Value] = []
        if now := self._put_here(member, path, scope, frame):
            return now
        held = self.stored(member, path, scope)
        if held and all(isinstance(each, Made) for each in held):
            return held
        if inside := self._of_package(member, scope):
            return inside
        owners = self.values(member.of, scope, frame)
        for each in owners:
            match each:
                case Instance(cls=cls):
                    found += self._own_field(each, member.name) or self.fields(cls, member.name)
                case Module(scope=module):
                    found += self.inside(module, member.name) or self._returned(module, member.name)
                case Bundle():
                    found += self.keyed(each, member.name)
                case Made() if member.name.lower() == "last_endpoint":
                    found += self.bound_at(each)
                case Made() if member.name in ("socket", "inner"):  # of a stream its socket
                    found.append(each)
                case _:
                    continue
        if all(_vague(each) for each in found):
            found = self.stored(member, path, scope) or found
        found = found or self._of_namespace(member, scope)
        if found:
            return found
        if option := declared_option(self, member.name, scope, path=path):
            return [option]
        if isinstance(member.of, Name) and member.of.name != "this":
            for cls in self.world.class_(member.of.name)[:2]:
                found += self.fields(cls, member.name)
        if not found and not any(isinstance(each, Made) for each in owners):
            found = self._only_field(member) or self._only_store(member, scope)
        return found or [self._unknown_member(member, path, owners)]

    def _put_here(
        self, member: MemberExpr, path: str, scope: Scope, frame: CallFrame | None
    ) -> list[Value]:
        """The socket that this very method gave a field, before it is used: a base class that
        serves in one method and asks in another has two."""
        if path.count(".") != 1:
            return []
        before = [
            (target, value)
            for target, value in scope.stored
            if target.line <= member.line and target.name == member.name and dotted(target) == path
        ]
        sure = [at for at, (target, _) in enumerate(before) if id(target) in scope.surely]
        given = before[sure[-1] :] if sure else []
        found = [one for _, value in given for one in self.values(value, scope, frame)]
        return found if all(isinstance(each, Made) for each in found) else []

    def _of_package(self, member: MemberExpr, scope: Scope) -> list[Value]:
        """`config.Endpoint` of Go: what a package that this file imports calls so."""
        packages = (scope.within("module") or scope).packages
        if not isinstance(member.of, Name) or member.of.name not in packages:
            return []
        around: Scope | None = scope
        while around is not None:
            if member.of.name in around.names or member.of.name in {p.name for p in around.params}:
                return []
            around = around.parent
        return [
            value
            for module in self.world.package(packages[member.of.name], member.name)
            for value in self.inside(module, member.name)
        ]

    def _of_namespace(self, member: MemberExpr, scope: Scope) -> list[Value]:
        """`acme::bus::PORT` of C++, `crate::config::PORT` of Rust: a constant of a file that puts
        names into `bus`, of the file `config.rs`."""
        if not scope.file.endswith((*SPACED, ".rs")):
            return []
        space, constants = called_name(member.of), self.world.constant(member.name, scope)
        if space not in self.world.spaces and space not in _OF_THE_CRATE:
            every = self.world.constants.get(member.name, [])
            constants = [each for each in every if _is_mod(each[1].file, space)]
            near = nearest([where for _, where in constants], scope)
            constants = [each for each in constants if any(each[1] is one for one in near)]
        return [
            value.by(*self.step(member.name, each.value, where))
            if isinstance(value, SaidText)
            else value
            for each, where in constants
            for value in self.values(each.value, where)
        ]

    def bound_at(self, made: Made) -> list[Value]:
        """ZMQ_LAST_ENDPOINT of a socket: where it was bound, as libzmq then says it."""
        module = made.scope.within("module") or made.scope
        return [
            _as_bound(said)
            for scope in module.walk()
            for call in scope.calls
            if isinstance(call.of, MemberExpr) and call.of.name in _BINDS and call.args
            if any(
                isinstance(each, Made) and each.call is made.call
                for each in self.values(call.of.of, scope)
            )
            for said in texts(self.values(call.args[0], scope))
        ]

    def _returned(self, module: Scope, name: str) -> list[Value]:
        """Of a module of Lua what it returns has the names."""
        found: list[Value] = []
        for each in module.returns:
            for value in self.values(each, module):
                if isinstance(value, Bundle):
                    found += self.keyed(value, name)
            if isinstance(each, Name):
                found += self.stored(MemberExpr(each, name, 0), f"{each.name}.{name}", module)
        return found

    def stored(self, member: MemberExpr, path: str, scope: Scope) -> list[Value]:
        """`config.port = 5556`, somewhere in the same file, of an object of no class."""
        if not path or path.startswith(".") or (path.startswith("this.") and path.count(".") < 2):
            return []
        module = scope.within("module") or scope
        if id(module) not in self._stores:
            self._stores[id(module)] = _stores(module)
        same = self._stores[id(module)].get(member.name, ())
        exactly = [
            value
            for each, target, stored in same
            if dotted(target).removeprefix("this.") == path.removeprefix("this.")
            and stored is not member
            for value in self.values(stored, each)
        ]
        if exactly:
            return exactly
        values = [value for each, _, stored in same for value in self.values(stored, each)]
        return [each for each in values if isinstance(each, Made)]

    def _only_field(self, member: MemberExpr) -> list[Value]:
        """The field of an object of an unknown class, where one class alone has such a field."""
        holders = self.world.holders.get(member.name, [])
        names = {each.name for each in holders}
        if len(names) != 1 or len(member.name) < 4:
            return []
        return [
            value
            for each in holders[:1]
            for value in self.fields(each, member.name)
            if not (isinstance(value, SaidText) and value.unresolved)
        ]

    def _only_store(self, member: MemberExpr, scope: Scope) -> list[Value]:
        """`self->dealer` of C is the socket that one file alone puts in a member of that name."""
        if not scope.file.endswith((".c", ".h", ".inc")):
            return []
        held = [
            value
            for where, stored in self.world.stores.get(member.name, ())
            for value in self.values(stored, where)
            if isinstance(value, Made)
        ]
        return list(held) if len({id(each.call) for each in held}) == 1 else []

    def _unknown_member(self, member: MemberExpr, path: str, owners: Iterable[Value]) -> SaidText:
        for each in texts(owners):
            first = each.parts[0] if each.parts else None
            if isinstance(first, OpenPart) and first.kind is OpenKind.KEY:
                return open_(member.name, OpenKind.KEY, f"{first.source}.{member.name}")
            if isinstance(first, OpenPart) and first.kind is OpenKind.PARAMETER:
                whose = first.source.rpartition("of ")[2]
                source = f"{path.removeprefix('this.')} of {whose}"
                return open_(member.name, OpenKind.PARAMETER, source)
        if origins.configuration(path.rpartition(".")[0]):
            return open_(member.name, OpenKind.KEY, key_of(path))
        short = path.removeprefix("this.")
        return open_(member.name, OpenKind.UNRESOLVED, short[-LONGEST_NAME:] or member.name)

    def elements(self, values: Iterable[Value], of: Expr) -> list[Value]:
        """Each element of what is gone through."""
        found: list[Value] = []
        for each in values:
            match each:
                case Bundle(expr=Many(items=items), scope=scope, frame=frame):
                    for item in items:
                        inner = self.values(item, scope, frame)
                        found += self.elements(inner, item) if isinstance(item, Each) else inner
                case Bundle(expr=Pairs(items=pairs), scope=scope, frame=frame):
                    for _, item in pairs:
                        found += self.values(item, scope, frame)
                case SaidText() if each.known is None:
                    name = last_word(of)
                    part = each.parts[0] if each.parts else None
                    if len(each.parts) == 1 and isinstance(part, OpenPart):
                        found.append(
                            open_(f"each of {part.name}", part.kind, part.source, part.default)
                        )
                    else:
                        found.append(unresolved(f"each of {name}"))
                case _:
                    found.append(each)
        return found

    def keyed(self, bundle: Bundle, key: str) -> list[Value]:
        if isinstance(bundle.expr, Pairs):
            for name, value in bundle.expr.items:
                if any(
                    each.known == key
                    for each in texts(self.values(name, bundle.scope, bundle.frame))
                ):
                    return self.values(value, bundle.scope, bundle.frame)
            return []
        if bundle.expr.of and not key.isdecimal():
            return self._by_place(bundle, bundle.expr, key)
        if key.lstrip("-").isdecimal() and bundle.expr.items:
            at = int(key)
            if -len(bundle.expr.items) <= at < len(bundle.expr.items):
                return self.values(bundle.expr.items[at], bundle.scope, bundle.frame)
        return []

    def constructed(self, type_: str, scope: Scope) -> list[Value]:
        """`Client client{"tcp://…"}` of C++, where the class has a constructor: one of it."""
        return [
            each
            for each in self.of_type(type_, scope)
            if isinstance(each, Instance)
            and (
                any(one.name == each.cls.name for one in (*each.cls.scopes, *each.cls.prototypes))
                or any(one.owner == each.cls.name for one in self.world.function(each.cls.name))
            )
        ]

    def _by_place(self, bundle: Bundle, list_: Many, name: str) -> list[Value]:
        """The field of a struct that a list fills by place; what it leaves out has its default."""
        for each in self.of_type(list_.of, bundle.scope):
            if not isinstance(each, Instance) or name not in each.cls.types:
                continue
            at = list(each.cls.types).index(name)
            if at < len(list_.items):
                return self.values(list_.items[at], bundle.scope, bundle.frame)
            return self.fields(each.cls, name)
        return []

    def index(self, index: Index, scope: Scope, frame: CallFrame | None) -> list[Value]:  # noqa: PLR0911, PLR0912 - a case a form
        path = dotted(index.of)
        keys = [
            each.known
            for each in texts(self.values(index.key, scope, frame))
            if each.known is not None
        ]
        if path in origins.MAPPINGS and keys:
            return [open_(each, OpenKind.ENVIRONMENT, each) for each in keys[:1]]
        if path in origins.ARGUMENTS and keys and keys[0].isdecimal():
            return [
                open_(f"argument {keys[0]}", OpenKind.ARGUMENT, f"{keys[0]} of the command line")
            ]
        found: list[Value] = []
        of = self.values(index.of, scope, frame)
        for each in of:
            match each:
                case Bundle():
                    picked = [value for key in keys for value in self.keyed(each, key)]
                    found += picked or (self.elements([each], index.of) if not keys else [])
                case Made():
                    if not keys or keys[0] in ("0", "1") or not keys[0].isdecimal():
                        found.append(each)
                case Instance() if keys and keys[0] == "0":
                    found.append(each)
                case SaidText() if (
                    keys and keys[0] == "0" and isinstance(index.key, TextExpr) and index.key.number
                ):
                    found.append(each)
                case _:
                    continue
        if found:
            return found
        if not keys:
            return self.elements(of, index.of)
        if keys[0] in self.world.options and (
            option := declared_option(self, keys[0], scope, path=f"{path}.x")
        ):
            return [option]
        for each in texts(of):
            first = each.parts[0] if each.parts else None
            if isinstance(first, OpenPart) and first.kind is OpenKind.KEY:
                return [open_(keys[0], OpenKind.KEY, f"{first.source}.{keys[0]}")]
        if not keys[0].isdecimal() and len(keys[0]) <= LONGEST_NAME:
            return [open_(keys[0], OpenKind.KEY, key_of(f"{path}.{keys[0]}"))]
        return [unresolved(f"{path}[{keys[0]}]"[:LONGEST_NAME])]


def _is_mod(file: str, name: str) -> bool:
    """Whether a file of Rust is the module of this name."""
    path = PurePath(file)
    return path.suffix == ".rs" and name == (path.parent.name if path.stem == "mod" else path.stem)


def _vague(value: Value) -> bool:
    """Whether it is a text of which this much is known: nothing, or whose parameter it is."""
    part = value.parts[0] if isinstance(value, SaidText) and len(value.parts) == 1 else None
    return isinstance(part, OpenPart) and part.kind in (OpenKind.UNRESOLVED, OpenKind.PARAMETER)


def _as_bound(said: SaidText) -> SaidText:
    """'tcp://0.0.0.0:{port}' of 'tcp://*:*' (src/tcp_listener.cpp of libzmq)."""
    parts = [
        KnownPart(each.text.replace("://*", "://0.0.0.0"), each.number)
        if isinstance(each, KnownPart)
        else each
        for each in said.parts
    ]
    last = parts[-1] if parts else None
    if isinstance(last, KnownPart) and last.text[-2:] in (":*", ":0"):
        chosen = OpenPart("port", OpenKind.CHOSEN, "chosen when it binds")
        parts[-1:] = [KnownPart(last.text[:-1]), chosen]
    return SaidText(tuple(parts), said.trail)


def _stores(module: Scope) -> dict[str, list[tuple[Scope, MemberExpr, Expr]]]:
    """By the name of a member what it is given anywhere in a file."""
    found: dict[str, list[tuple[Scope, MemberExpr, Expr]]] = defaultdict(list)
    for scope in module.walk():
        for target, value in scope.stored:
            found[target.name].append((scope, target, value))
    return found
