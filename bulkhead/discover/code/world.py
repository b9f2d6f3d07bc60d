"""Everything that one program says, found by its names: functions, classes, constants, callers.

Files are read when a name leads to them: those that speak of ZeroMQ at first, then whoever has
the word that is looked for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from os.path import normpath
from pathlib import PurePath
from typing import Final

from bulkhead.discover.code.tree import (
    CallExpr,
    Expr,
    Import,
    MemberExpr,
    Name,
    Scope,
    Set,
    TextExpr,
    dotted,
    walk,
)
from bulkhead.discover.code.words import words

MOST_FILES: Final = 40
"""A word that more files have leads nowhere: it is too common to mean one thing."""

Found = tuple[Expr, Scope]


class Codebase:
    """One program in one family of languages. `read` gives the module that a file is, or None."""

    def __init__(
        self, read: Callable[[str], Scope | None], having: Callable[[str], Iterable[str]]
    ) -> None:
        self._read = read
        self._having = having
        self.modules: dict[str, Scope] = {}
        self.functions: dict[str, list[Scope]] = defaultdict(list)
        self.classes: dict[str, list[Scope]] = defaultdict(list)
        self.constants: dict[str, list[tuple[Set, Scope]]] = defaultdict(list)
        self.called: dict[str, list[tuple[CallExpr, Scope]]] = defaultdict(list)
        self.holders: dict[str, list[Scope]] = defaultdict(list)
        """By the name of a field the classes that have it."""
        self.stores: dict[str, list[tuple[Scope, Expr]]] = defaultdict(list)
        """By the name of a member what it is given, anywhere."""
        self.handed: list[tuple[CallExpr, Scope]] = []
        """Calls that say which function is to run, `Worker(target=work, args=(url,))`."""
        self._imports: dict[tuple[str, str, str], Scope | None] = {}
        self._packages: frozenset[str] | None = None
        self.prototypes: dict[str, list[Scope]] = defaultdict(list)
        self.spaces: set[str] = set()
        """Namespaces of C++."""
        self.derived: dict[str, list[Scope]] = defaultdict(list)
        self._looked_for: set[str] = set()
        self._missing: set[str] = set()
        self.options: dict[str, list[tuple[CallExpr, Scope]]] = defaultdict(list)

    # Files

    def add(self, file: str) -> bool:
        """Read a file. Whether it was new."""
        if file in self.modules or file in self._missing:
            return False
        module = self._read(file)
        if module is None:
            self._missing.add(file)
            return False
        self.modules[file] = module
        for scope in module.walk():
            self._index(scope)
        return True

    def _index(self, scope: Scope) -> None:
        if scope.kind == "function" and scope.name:
            self.functions[scope.name].append(scope)
        elif scope.kind == "class" and scope.name:
            for name in scope.fields:
                self.holders[name].append(scope)
            self.classes[scope.name].append(scope)
            for base in scope.bases:
                self.derived[base].append(scope)
        elif scope.kind == "module":
            self.spaces |= scope.spaces
            for name, sets in scope.names.items():
                self.constants[name] += [(each, scope) for each in sets]
        for each in scope.prototypes:
            self.prototypes[each.name].append(each)
        for target, value in scope.stored:
            self.stores[target.name].append((scope, value))
        for call in scope.calls:
            name = called_name(call.of)
            self.called[name].append((call, scope))
            if {"target", "args"} <= {key for key, _ in call.named}:
                self.handed.append((call, scope))
            if name in OPTIONS:
                self._option(call, scope)

    def _option(self, call: CallExpr, scope: Scope) -> None:
        for dest in option_names(call):
            self.options[dest].append((call, scope))

    def look_for(self, word: str) -> bool:
        """Read the files that have a word. Whether any of them was new."""
        if word in self._looked_for or len(word) < 2:
            return False
        self._looked_for.add(word)
        files = list(self._having(word))
        if len(files) > MOST_FILES:
            return False
        added = [self.add(each) for each in files]
        return any(added)

    # Names

    def function(self, name: str) -> list[Scope]:
        if name not in self.functions:
            self.look_for(name)
        return self.functions.get(name, [])

    def class_(self, name: str) -> list[Scope]:
        if name not in self.classes:
            self.look_for(name)
        return self.classes.get(name, [])

    def constant(self, name: str, near: Scope) -> list[tuple[Set, Scope]]:
        """The module-level values of a name: those of the nearest file that has it."""
        if name not in self.constants:
            self.look_for(name)
        found = self.constants.get(name, [])
        files = {scope.file for _, scope in found}
        if len(files) <= 1:
            return found
        folder = PurePath(near.file).parent
        beside = {each for each in files if PurePath(each).parent == folder}
        if near.file in files:
            beside = {near.file}
        return [each for each in found if each[1].file in beside] if len(beside) == 1 else []

    def default(self, function: Scope, name: str) -> Found | None:
        """What a parameter is where it is not given, and where that is said: of C++ often where
        the function is declared, which has its parameters in the same order."""
        at, param = next(
            ((at, each) for at, each in enumerate(function.params) if each.name == name), (0, None)
        )
        if param is not None and param.default is not None:
            return param.default, function.parent or function
        for each in self.prototypes.get(function.name, ()):
            around = each.parent
            owner = around.name if around is not None and around.kind == "class" else ""
            if owner == function.owner and len(each.params) == len(function.params):
                default = each.params[at].default
                if around is not None and default is not None:
                    return default, around
        return None

    def callers(self, name: str) -> list[tuple[CallExpr, Scope]]:
        self.look_for(name)
        return self.called.get(name, [])

    def module_of(self, import_: Import, scope: Scope) -> Scope | None:
        """The file of this program that an import of Python or of Node means."""
        key = (import_.module, import_.member, scope.file)
        if key not in self._imports:
            self._imports[key] = self._module_of(import_, scope)
        return self._imports[key]

    def _module_of(self, import_: Import, scope: Scope) -> Scope | None:
        relative, here = import_.module.startswith("."), PurePath(scope.file).parent
        beside = import_.module.startswith(("./", "../"))
        if beside and (found := self._at(here / import_.module)) is not None:
            return found
        if "/" in import_.module:
            parts = [each for each in import_.module.split("/") if each not in ("", ".", "..")]
            parts[-1:] = [re.sub(r"\.[cm]?[jt]sx?$", "", each) for each in parts[-1:]]
            import_, relative = Import(import_.module), False
        else:
            parts = [each for each in import_.module.split(".") if each]
        if relative:
            for _ in range(len(import_.module) - len(import_.module.lstrip(".")) - 1):
                here = here.parent
        for tail in _tails(import_, parts):
            for file, module in self._with_stem(tail[-1]):
                path = _without_suffix(file)
                if path.parts[-len(tail) :] != tail or file == scope.file:
                    continue
                where = PurePath(*path.parts[: -len(tail)])
                if relative and where != here:
                    continue
                if (
                    len(tail) > 1
                    or relative
                    or "/" in import_.module
                    or self._importable(where, here)
                ):
                    return module
        return None

    def _at(self, path: PurePath) -> Scope | None:
        """The file of JavaScript or TypeScript that `./conf` means, beside the one that says so."""
        wanted = PurePath(normpath(path))
        if wanted.suffix in (".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".mts", ".cts"):
            wanted = wanted.with_suffix("")
        for file, module in self._with_stem(wanted.name):
            if _without_suffix(file) == wanted:
                return module
        return None

    def package(self, path: str, word: str) -> list[Scope]:
        """The files with a word in the folder that an import of Go means: the one whose path ends
        like the import's the longest, because where the module begins nobody says here."""
        parts = path.split("/")
        ends = {each: _same_end(PurePath(each).parent.parts, parts) for each in self._having(word)}
        longest = max(ends.values(), default=0)
        found = [each for each, end in ends.items() if end == longest] if longest else []
        for each in found:
            self.add(each)
        return [self.modules[each] for each in found if each in self.modules]

    def _importable(self, where: PurePath, here: PurePath) -> bool:
        """Whether `import queue` may mean a file in this folder, and not that of Python."""
        if self._packages is None:
            inside = self._having("/__init__")
            self._packages = frozenset(str(PurePath(each).parent) for each in inside)
        return where == here or str(where) not in self._packages

    def _with_stem(self, stem: str) -> Iterator[tuple[str, Scope]]:
        for file in self._having(f"/{stem}"):
            self.add(file)
            if file in self.modules:
                yield file, self.modules[file]

    def lineage(self, scope: Scope) -> list[Scope]:
        """A class, all that are called like it, and its bases, the nearest first."""
        found, left = [], [scope.name]
        seen: set[str] = set()
        while left:
            name = left.pop(0)
            if name in seen:
                continue
            seen.add(name)
            for each in by_nearness(self.class_(name), scope):
                found.append(each)
                left += each.bases
        return found or [scope]


OPTIONS: Final = words(
    "add_argument add_option option Option argument Argument DEFINE_string DEFINE_integer "
    "DEFINE_int32 DEFINE_int DEFINE_uint32 DEFINE_bool DEFINE_float define add_options long"
)
"""Calls that declare an option of a command line, in the libraries that people use."""


def option_names(call: CallExpr) -> list[str]:
    """The names by which a program asks for what a call declares."""
    texts = [each.value for each in call.args if isinstance(each, TextExpr)]
    for key, value in call.named:
        if key == "dest" and isinstance(value, TextExpr):
            return [value.value]
    name = called_name(call.of)
    if name.startswith("DEFINE_") or name == "define":
        first = call.args[0] if call.args else None
        if isinstance(first, Name):
            return [f"FLAGS_{first.name}", first.name]
        return texts[:1]
    flags = [
        each for text in texts for each in text.replace(",", " ").split() if each.startswith("-")
    ]
    found = [each.lstrip("-").partition("=")[0].replace("-", "_") for each in flags]
    if not found and texts and name in ("add_argument", "argument", "option"):
        found = [texts[0].replace("-", "_")]
    camel = [_camel(each) for each in found if "_" in each]
    return [*found, *camel]


def by_nearness(several: Sequence[Scope], to: Scope) -> list[Scope]:
    """Of what is called alike first itself, then what is in its file, in its folder, beside that.

    Programs that lie in one tree (examples, services) each have a `Client` of their own.
    """
    if len(several) < 2:
        return list(several)
    return sorted(several, key=lambda each: (each is not to, -_common(each.file, to.file)))


def nearest(several: Sequence[Scope], to: Scope) -> list[Scope]:
    """The first of these, and those that are as near."""
    if len(several) < 2:
        return list(several)
    common = [_common(each.file, to.file) for each in several]
    return [each for each, at in zip(several, common, strict=True) if at == max(common)]


@lru_cache(maxsize=65_536)
def _common(file: str, other: str) -> int:
    """How many parts of two paths are the same from the first on."""
    if file == other:
        return 1_000
    pairs = zip(PurePath(file).parts[:-1], PurePath(other).parts[:-1], strict=False)
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], pairs))


def _same_end(one: Sequence[str], other: Sequence[str]) -> int:
    """How many parts are the same from the last on."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], pairs))


def _without_suffix(file: str) -> PurePath:
    """'pkg/conf' of 'pkg/conf.py', 'pkg' of 'pkg/__init__.py'."""
    path = PurePath(file)
    return path.parent if path.stem in ("__init__", "index") else path.with_suffix("")


def _camel(text: str) -> str:
    first, *rest = text.split("_")
    return first + "".join(each.capitalize() for each in rest)


def _tails(import_: Import, parts: list[str]) -> Iterator[tuple[str, ...]]:
    if import_.member:
        yield (*parts, import_.member)
    if parts:
        yield tuple(parts)


def called_name(expr: Expr) -> str:
    """The last name of what is called."""
    match expr:
        case MemberExpr(name=name) | Name(name=name):
            return name
        case _:
            return dotted(expr).rpartition(".")[2]


def calls_inside(expr: Expr) -> Iterator[CallExpr]:
    """The calls in an expression."""
    for each in walk(expr):
        if isinstance(each, CallExpr):
            yield each
