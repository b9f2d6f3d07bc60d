"""What calls give: of the program, of the environment, of configuration."""

from __future__ import annotations

import re
from typing import Final

from bulkhead.discover.code import origins
from bulkhead.discover.code.asked import (
    declared_option,
    key_of,
    last_word,
)
from bulkhead.discover.code.following.asking import LONGEST_NAME
from bulkhead.discover.code.following.writing import Writing
from bulkhead.discover.code.parts import (
    OpenKind,
    OpenPart,
    by_default,
)
from bulkhead.discover.code.tree import (
    CallExpr,
    Either,
    Import,
    MemberExpr,
    Name,
    Scope,
    TextExpr,
    dotted,
)
from bulkhead.discover.code.values import (
    Bundle,
    CallFrame,
    Instance,
    Made,
    Module,
    SaidText,
    Value,
    open_,
    texts,
    unresolved,
)
from bulkhead.discover.code.words import words
from bulkhead.discover.code.world import called_name

_CONSTRUCTORS: Final = words("__init__ constructor initialize __construct new apply")

_STANDARD: Final = words(
    "String.from Box.new Arc.new Rc.new Some Ok CString.new PathBuf.from Cow.from"
)
"""Calls that give their argument, also where the program says `impl From<…> for String`."""


class Calling(Writing):
    """Follows calls."""

    def call(self, call: CallExpr, scope: Scope, frame: CallFrame | None) -> list[Value]:  # noqa: PLR0911, PLR0912 - a case a form
        if self.makes(call, scope):
            return [Made(call, scope)]
        path, name = dotted(call.of), called_name(call.of)
        if name == "require" and call.args and isinstance(call.args[0], TextExpr):
            module = self.world.module_of(Import(call.args[0].value), scope)
            return [Module(module)] if module is not None else [unresolved(call.args[0].value)]
        if name in origins.CHOOSES:
            return [open_("port", OpenKind.CHOSEN, "chosen when it binds")]
        if name == "bind" and call.args and self._on_a_socket(call, scope, frame):
            return self.values(call.args[0], scope, frame)  # of Rust: where it is bound
        if self._is_environment(path, name, call, scope):
            return [self._environment(call, scope, frame)]
        if path in origins.TEMPORARY and not call.args:
            return [open_("tmpdir", OpenKind.ENVIRONMENT, "TMPDIR", "/tmp")]  # noqa: S108 - what they say
        if (asked := self._flag(path, name, call, scope, frame)) is not None:
            return [asked]
        if (texts_ := self._text_call(name, call, scope, frame)) is not None:
            return texts_
        if name in ("zconfig_get", "zconfig_resolve") and len(call.args) > 1:
            return [self._of_zconfig(call, scope, frame)]
        if call.args and dotted(call.args[0]).endswith("LAST_ENDPOINT"):
            of = call.of.of if isinstance(call.of, MemberExpr) else call.of
            made = [each for each in self.values(of, scope, frame) if isinstance(each, Made)]
            return [said for each in made for said in self.bound_at(each)] or [unresolved(name)]
        if dotted(call.of) in _STANDARD and call.args:
            return self.values(call.args[0], scope, frame)
        if found := self._of_program(call, scope, frame):
            return found
        if name in origins.SAME or name in origins.WRAPS or name in origins.FALLBACKS:
            return self._same(name, call, scope, frame)
        asks = name in origins.GETS or origins.configuration(path.rpartition(".")[0])
        if asks and (got := self._got(path, call, scope, frame)) is not None:
            return got
        if call.new and len(call.args) == 1 and name not in self.world.classes:
            return self.values(call.args[0], scope, frame)
        return [unresolved(f"{path[-LONGEST_NAME:]}()")]

    def _on_a_socket(self, call: CallExpr, scope: Scope, frame: CallFrame | None) -> bool:
        of = call.of.of if isinstance(call.of, MemberExpr) else None
        return of is not None and any(
            isinstance(each, Made) for each in self.values(of, scope, frame)
        )

    def _is_environment(self, path: str, name: str, call: CallExpr, scope: Scope) -> bool:
        if not call.args or not origins.variable_asked(path):
            return False
        if name in ("env", "env_var", "get_env", "EnvVar", "env_or"):
            return not self.world.functions.get(name) and isinstance(call.args[0], TextExpr)
        del scope
        return True

    def _environment(self, call: CallExpr, scope: Scope, frame: CallFrame | None) -> SaidText:
        names = [
            each.known for each in texts(self.values(call.args[0], scope, frame)) if each.known
        ]
        default = call.argument(1, "default")
        given = texts(self.values(default, scope, frame)) if default is not None else []
        said = by_default(given[0].parts) if given else None
        name = names[0] if names else last_word(call.args[0])
        return open_(name, OpenKind.ENVIRONMENT, name, said)

    def _flag(
        self, path: str, name: str, call: CallExpr, scope: Scope, frame: CallFrame | None
    ) -> SaidText | None:
        """`flag.String("addr", "tcp://*:5555", "…")`, `typer.Option(5555, "--port")`, `#[arg]`."""
        head = path.partition(".")[0]
        first = texts(self.values(call.args[0], scope, frame)) if call.args else []
        if (
            head in ("flag", "pflag", "kingpin", "fs", "flags", "flagSet") and name in origins.FLAGS
        ) or name in ("#[arg]", "#[option]"):
            if not first or first[0].known is None:
                return None
            default = texts(self.values(call.args[1], scope, frame)) if len(call.args) > 1 else []
            said = by_default(default[0].parts) if default else None
            if name == "#[option]":  # "-p,--port" of CLI11; a word without dashes is a place
                flag = max(first[0].known.split(","), key=len).strip()
                return open_(flag.strip("-"), OpenKind.ARGUMENT, flag, said)
            dashes = "--" if name.endswith("P") or name == "#[arg]" else "-"
            return open_(
                first[0].known,
                OpenKind.ARGUMENT,
                f"{dashes}{first[0].known.replace('_', '-')}",
                said,
            )
        if name == "@Value" and first and first[0].known:
            match = re.fullmatch(r"\$\{([^:}]+)(?::(.*))?\}", first[0].known)
            if match:
                return open_(match[1].rpartition(".")[2], OpenKind.KEY, match[1], match[2])
        return None

    def _of_zconfig(self, call: CallExpr, scope: Scope, frame: CallFrame | None) -> SaidText:
        """`zconfig_get (config, "tower/address", "tcp://*:5557")` of czmq."""
        path, *rest = (texts(self.values(each, scope, frame)) for each in call.args[1:3])
        key = (path[0].known if path else None) or last_word(call.args[1])
        default = by_default(rest[0][0].parts) if rest and rest[0] else None
        return open_(key.rpartition("/")[2], OpenKind.KEY, key, default)

    def _of_program(self, call: CallExpr, scope: Scope, frame: CallFrame | None) -> list[Value]:
        """A function or a class of the program: what it returns, an object of it."""
        found: list[Value] = []
        for each in self.callers.called(call, scope, frame):
            if isinstance(each, Instance):
                found.append(self._given(each, call, scope, frame))
                continue
            holder = self.holder(each.scope)
            named = each.scope.name in _CONSTRUCTORS and not each.scope.returns
            if holder is not None and (named or each.scope.name == holder.name):
                found.append(Instance(holder))
                continue
            inside = self.callers.bind(each.scope, call, scope, frame)
            for returned in each.scope.returns:
                found += self.values(returned, each.scope, inside)
        return [
            each for each in found if not (isinstance(each, SaidText) and each.unresolved)
        ] or found

    def _given(
        self, made: Instance, call: CallExpr, scope: Scope, frame: CallFrame | None
    ) -> Instance:
        """An object with what its one constructor is given, so that it is told from others."""
        cls = made.cls
        own = [
            each
            for each in cls.scopes
            if each.kind == "function" and (each.name in _CONSTRUCTORS or each.name == cls.name)
        ]
        if len(own) != 1 or not own[0].params:
            return made
        return Instance(cls, self.callers.bind(own[0], call, scope, frame))

    def _same(
        self, name: str, call: CallExpr, scope: Scope, frame: CallFrame | None
    ) -> list[Value]:
        of = call.of.of if isinstance(call.of, MemberExpr) else None
        around = of
        static = (isinstance(of, Name) and of.name[:1].isupper()) or (
            isinstance(of, Name) and of.name in ("std", "strconv", "String", "zmq", "os", "strings")
        )
        if (
            of is None
            or name in origins.WRAPS
            or (static and call.args)
            or (isinstance(of, MemberExpr) and call.args and name in ("new", "from"))
        ):
            around = call.args[0] if call.args else None
        if around is None:
            return [unresolved(f"{name}()")]
        found = self.values(around, scope, frame)
        if not found:
            return [unresolved(last_word(around)[:LONGEST_NAME] or "…")]
        if name in origins.FALLBACKS and call.args and of is not None:
            return self.either(Either((of, call.args[0]), call.line, fallback=True), scope, frame)
        return found

    def _got(
        self, path: str, call: CallExpr, scope: Scope, frame: CallFrame | None
    ) -> list[Value] | None:
        """`config.get("zmq", "endpoint")`, `settings.getProperty("zmq.endpoint", "tcp://…")`."""
        of = call.of.of if isinstance(call.of, MemberExpr) else None
        given = [texts(self.values(each, scope, frame)) for each in call.args]
        keys = [each[0].known for each in given if each and each[0].known is not None]
        for each in self.values(of, scope, frame) if of is not None else ():
            if isinstance(each, Bundle) and keys and (found := self.keyed(each, keys[0])):
                return found
            if isinstance(each, Made):
                return [each]
        if not keys:
            return (
                self.elements(self.values(of, scope, frame), of)
                if of is not None and not call.args
                else None
            )
        if not origins.configuration(path.rpartition(".")[0] or path) and called_name(
            call.of
        ) not in (
            "get",
            "getProperty",
            "get_str",
            "get_string",
            "getString",
            "GetString",
            "getInt",
        ):
            return None
        if keys[0] in self.world.options and (
            option := declared_option(self, keys[0], scope, path=f"{path}.x")
        ):
            return [option]
        named = call.argument(-1, "fallback") or call.argument(-1, "default")
        name = called_name(call.of)
        two = name == "get" and len(keys) > 1 and _config_parser(path) and named is None
        key = ".".join(keys[:2]) if two or (named is not None and len(keys) > 1) else keys[0]
        rest = (
            texts(self.values(named, scope, frame))
            if named is not None
            else (given[1] if len(given) > 1 and not two else [])
        )
        default = by_default(rest[0].parts) if rest else None
        before = key_of(path.rpartition(".")[0])
        if (
            "." not in key
            and before
            and "(" not in before
            and before not in ("self", "this")
            and (
                of is not None
                and any(
                    isinstance(p, OpenPart) and p.kind is OpenKind.KEY
                    for each in texts(self.values(of, scope, frame))
                    for p in each.parts
                )
            )
        ):
            key = f"{before}.{key}"
        return [open_(key.rpartition(".")[2], OpenKind.KEY, key, default)]


def _config_parser(path: str) -> bool:
    return re.search(r"(config|parser|cfg|cp|conf|ini)\w*\.get$", path, re.IGNORECASE) is not None
