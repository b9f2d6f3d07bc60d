"""What names are: variables, parameters, imports, constants of the program."""

from __future__ import annotations

from bulkhead.discover.code import origins
from bulkhead.discover.code.asked import (
    declared_option,
)
from bulkhead.discover.code.following.asking import Asking
from bulkhead.discover.code.lower.putting import named_in
from bulkhead.discover.code.parts import (
    OpenKind,
    OpenPart,
    by_default,
)
from bulkhead.discover.code.reaching import reached, unset
from bulkhead.discover.code.tree import (
    Expr,
    Name,
    Opaque,
    Param,
    Scope,
)
from bulkhead.discover.code.values import (
    Bundle,
    CallFrame,
    Code,
    Instance,
    Module,
    SaidText,
    Value,
    open_,
    texts,
    unresolved,
)
from bulkhead.discover.code.world import by_nearness


class Naming(Asking):
    """Follows names."""

    def name(self, name: Name, scope: Scope, frame: CallFrame | None) -> list[Value]:
        around: Scope | None = scope
        while around is not None:
            found = self.here(
                name,
                around,
                frame if frame and frame.scope is around else None,
                own=around is scope,
            )
            if found is not None:
                return found
            around = around.parent
        return self._elsewhere(name, scope)

    def here(  # noqa: PLR0911, PLR0912 - a case a form
        self, name: Name, scope: Scope, frame: CallFrame | None, *, own: bool
    ) -> list[Value] | None:
        """What a name is in one scope; None where the scope has none of that name."""
        python = scope.file.endswith((".py", ".pyi", ".pyx"))
        if scope.kind == "class" and python and not own:
            return None
        if scope.kind == "function" and name.name == scope.receiver and scope.owner:
            owners = by_nearness(self.world.class_(scope.owner), scope)
            return [Instance(cls) for cls in owners[:1]]
        if frame is not None and name.name in frame.bound:
            value, where, further = frame.bound[name.name]
            step = self.step(name.name, value, where)
            return [
                each.by(*step) if isinstance(each, SaidText) else each
                for each in self.values(value, where, further)
            ]
        if scope.kind == "class" and not python and (held := self.fields(scope, name.name)):
            return held
        if sets := scope.names.get(name.name):
            if own and unset(sets, name) and name.name in {each.name for each in scope.params}:
                return self._param(scope, name.name)
            reaching = reached(sets, name) if own else sets
            found: list[Value] = []
            for each in reaching:
                step = (
                    self.step(name.name, each.value, scope)
                    if not own or scope.kind == "module"
                    else ()
                )
                found += [
                    value.by(*step) if isinstance(value, SaidText) else value
                    for value in self.values(each.value, scope, frame)
                ]
            if (
                scope.kind == "function"
                and name.name in {each.name for each in scope.params}
                and not any(not each.blocks for each in reaching)
            ):
                found += self._param(scope, name.name)
            if found or scope.kind != "class":
                return found if found else None if name.name in scope.types else []
        for param in scope.params:
            if param.name == name.name:
                return self._param(scope, name.name)
        if scope.kind == "function" and scope.owner:
            for cls in by_nearness(self.world.class_(scope.owner), scope):
                if found := self.fields(cls, name.name):
                    return found
        if name.name in scope.imports:
            return self._imported(name.name, scope)
        for inner in scope.scopes:
            if inner.name == name.name and inner.kind in ("class", "function"):
                return [Instance(inner) if inner.kind == "class" else Code(inner)]
        if type_ := scope.types.get(name.name):
            return self.of_type(type_, scope) or None
        return None

    def of_type(self, type_: str, near: Scope) -> list[Value]:
        """An object of the class that something is declared to be of, if it is of this program."""
        name = named_in(type_)
        there = by_nearness(self.world.classes.get(name, []), near) if name else []
        return [Instance(each) for each in there[:1]]

    def step(self, name: str, value: Expr, scope: Scope) -> tuple[str, ...]:
        """How a value was come by; what is written where it is used needs no telling."""
        if isinstance(value, Opaque | Bundle):
            return ()
        return (f"{name} ({scope.file}:{getattr(value, 'line', 0)})",)

    def _imported(self, name: str, scope: Scope) -> list[Value]:
        import_ = scope.imports[name]
        module = self.world.module_of(import_, scope)
        if module is None:
            return [unresolved(name)]
        if not import_.member or (
            import_.member == module.file.rpartition("/")[2].partition(".")[0]
            and import_.member not in module.names
            and not any(each.name == import_.member for each in module.scopes)
        ):
            return self.inside(module, "default") if "default" in module.names else [Module(module)]
        return self.inside(module, import_.member) or [unresolved(name)]

    def inside(self, module: Scope, name: str) -> list[Value]:
        """What a module has under a name; one that two hand on to each other has nothing."""
        if (module.file, name) in self._handing:
            return []
        self._handing.add((module.file, name))
        try:
            return self._had(module, name)
        finally:
            self._handing.discard((module.file, name))

    def _had(self, module: Scope, name: str) -> list[Value]:
        found = self.here(Name(name, 0), module, None, own=False)
        return found or []

    def _elsewhere(self, name: Name, scope: Scope) -> list[Value]:  # noqa: PLR0911 - a case a form
        """What is known by a name in all of the program."""
        if name.name == "this":
            holder = self.holder(scope)
            return [Instance(holder)] if holder is not None else []
        found: list[Value] = []
        for each, where in self.world.constant(name.name, scope):
            step = self.step(name.name, each.value, where)
            found += [
                value.by(*step) if isinstance(value, SaidText) else value
                for value in self.values(each.value, where)
            ]
        if found:
            return found
        if option := declared_option(self, name.name, scope, alone=True):
            return [option]
        if classes := self.world.classes.get(name.name):
            return [Instance(by_nearness(classes, scope)[0])]
        if functions := self.world.functions.get(name.name):
            return [Code(each) for each in functions[:2]]
        if name.name.isupper() and (imported := self._constant_of_class(name.name)):
            return imported
        return [unresolved(name.name)]

    def _constant_of_class(self, name: str) -> list[Value]:
        """What one class alone calls so: `import static` of Java, `using static` of C#."""
        self.world.look_for(name)
        found = self.world.holders.get(name, [])
        holders = [each for each in found if not each.file.endswith(".py")]
        return self.fields(holders[0], name) if len(holders) == 1 else []

    def _param(self, scope: Scope, name: str) -> list[Value]:
        """A parameter of which no call is looked at: of all calls, what they give."""
        param = next((each for each in scope.params if each.name == name), None)
        if param is None:
            return [unresolved(name)]
        found: list[Value] = []
        frames = self.callers.frames(scope)
        for frame in frames:
            if name in frame.bound:
                value, where, further = frame.bound[name]
                step = self.step(name, value, where)
                found += [
                    each.by(*step) if isinstance(each, SaidText) else each
                    for each in self.values(value, where, further)
                ]
        return found or self.unasked(scope, param)

    def unasked(self, scope: Scope, param: Param) -> list[Value]:
        """A parameter that nobody gives: its default, its option, or open."""
        if option := declared_option(self, param.name, scope, decorated=True):
            return [option]
        given = self.world.default(scope, param.name)
        values = self.values(*given) if given is not None else []
        default = texts(values)
        if values and not default:
            return values
        if default and isinstance(default[0].parts[0], OpenPart):
            return list(default)
        if not default and (objects := self.of_type(param.type, scope)):
            return list(objects)
        holder = self.holder(scope)
        where = f"{holder.name}.{scope.name}" if holder is not None and holder.name else scope.name
        said = by_default(default[0].parts) if default else None
        if origins.configuration(param.name) or not where:
            return [
                open_(
                    param.name, OpenKind.PARAMETER, f"{param.name} of {where or 'a function'}", said
                )
            ]
        return [open_(param.name, OpenKind.PARAMETER, f"of {where}()", said)]
