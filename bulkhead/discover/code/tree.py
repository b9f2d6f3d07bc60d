"""What a program says, in one form for all languages: scopes, and the expressions in them.

A language's reader lowers its syntax to this (`lower/`), and everything else knows this alone. An
expression is itself and equals nothing else: two calls on one line are two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Blocks: TypeAlias = tuple[tuple[int, int], ...]
"""The blocks around a place, from the outside in: which one, and which branch of it."""


@dataclass(frozen=True, slots=True, eq=False)
class TextExpr:
    """A string or a number, as it is written."""

    value: str
    line: int
    number: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    name: str
    line: int
    blocks: Blocks = ()


@dataclass(frozen=True, slots=True, eq=False)
class MemberExpr:
    """`of.name`, `of->name`, `of::name`, in every language."""

    of: Expr
    name: str
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class CallExpr:
    """A call, or a `new`; of what was called by a macro or a constructor too."""

    of: Expr
    args: tuple[Expr, ...]
    named: tuple[tuple[str, Expr], ...]
    line: int
    new: bool = False

    def argument(self, at: int, name: str = "") -> Expr | None:
        """By its name, or else by its place."""
        for called, value in self.named:
            if name and called == name:
                return value
        return self.args[at] if 0 <= at < len(self.args) else None


@dataclass(frozen=True, slots=True, eq=False)
class Join:
    """Texts one behind the other: f-strings, `+`, templates."""

    parts: tuple[Expr, ...]
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """One of several: `a if b else c`, `a or b`, `a ?? b`. With `fallback`, the last stands in."""

    options: tuple[Expr, ...]
    line: int
    fallback: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    of: Expr
    key: Expr
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """A list, a tuple, an array; of what is appended to one, the part."""

    items: tuple[Expr, ...]
    line: int
    of: str = ""
    """The type that was declared, whose fields it may fill by place: `Topic t{"left", 9800}`."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """A mapping that is written out."""

    items: tuple[tuple[Expr, Expr], ...]
    line: int
    of: str = ""
    """The type that it makes one of: `&S{ep: e}` of Go, `S { ep: e }` of Rust."""


@dataclass(frozen=True, slots=True, eq=False)
class Each:
    """An element of what is gone through."""

    of: Expr
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Lambda:
    scope: Scope
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Opaque:
    """What has no form here: its source, what is in it, and who may still infer its value."""

    text: str
    line: int
    inside: tuple[Expr, ...] = ()
    infer: Callable[[], tuple[str, ...]] | None = None


Expr: TypeAlias = (
    TextExpr
    | Name
    | MemberExpr
    | CallExpr
    | Join
    | Either
    | Index
    | Many
    | Pairs
    | Each
    | Lambda
    | Opaque
)


@dataclass(frozen=True, slots=True, eq=False)
class Param:
    name: str
    default: Expr | None = None
    type: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Set:
    """A name gets a value. `more`: beside what it had, as what is appended to a list."""

    value: Expr
    line: int
    blocks: Blocks = ()
    more: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """What holds where a branch of a fork runs: `of` is true, or is one of `equals`; with `holds`
    False, it is not."""

    of: Expr
    equals: tuple[Expr, ...] = ()
    holds: bool = True

    def otherwise(self) -> Guard:
        """What holds in the other branch."""
        return Guard(self.of, self.equals, not self.holds)


@dataclass(frozen=True, slots=True)
class Import:
    module: str
    member: str = ""


@dataclass(slots=True, eq=False)
class Scope:
    """A module, a class or a function. Filled while a file is read, and then only looked at."""

    kind: Literal["module", "class", "function"]
    name: str
    file: str
    line: int
    parent: Scope | None = None
    params: list[Param] = field(default_factory=list)
    names: dict[str, list[Set]] = field(default_factory=lambda: defaultdict(list))
    fields: dict[str, list[tuple[Expr, Scope]]] = field(default_factory=lambda: defaultdict(list))
    types: dict[str, str] = field(default_factory=dict)
    """Of names and fields that were declared, the type as written."""
    returns: list[Expr] = field(default_factory=list)
    calls: list[CallExpr] = field(default_factory=list)
    guards: dict[int, tuple[Guard, ...]] = field(default_factory=dict)
    """By the id of a call what holds where it runs, as far as forks of this scope say."""
    stored: list[tuple[MemberExpr, Expr]] = field(default_factory=list)
    surely: set[int] = field(default_factory=set)
    """The ids of those targets of `stored` that no fork stands before."""
    """`of.name = value`, in order."""
    bases: list[str] = field(default_factory=list)
    decorators: list[Expr] = field(default_factory=list)
    imports: dict[str, Import] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)
    """Of Go, by what a file calls them, the paths of the packages that it imports."""
    scopes: list[Scope] = field(default_factory=list)
    spaces: set[str] = field(default_factory=set)
    """Of C++, the namespaces into which a file puts names."""
    generics: list[str] = field(default_factory=list)
    """Its parameters that are types."""
    prototypes: list[Scope] = field(default_factory=list)
    """Of C++, the functions that are declared here with defaults, and written elsewhere."""
    receiver: str = ""
    """How a method calls its own object: 'self', of Go what it says."""
    owner: str = ""
    """The class of a method that is written outside of it."""

    def within(self, kind: str) -> Scope | None:
        """Itself or the nearest around it of this kind."""
        scope: Scope | None = self
        while scope is not None and scope.kind != kind:
            scope = scope.parent
        return scope

    def walk(self) -> Iterator[Scope]:
        """Itself and every scope inside."""
        yield self
        for each in self.scopes:
            yield from each.walk()


def dotted(expr: Expr) -> str:
    """'zmq.asyncio.Context' of names and members; of a call in it, what is called: 'a().b'."""
    match expr:
        case Name(name=name) | TextExpr(value=name):
            return name
        case MemberExpr(of=of, name=name):
            before = dotted(of)
            return f"{before}.{name}" if before else f".{name}"
        case CallExpr(of=of):
            return f"{dotted(of)}()"
        case Index(of=of):
            return f"{dotted(of)}[]"
        case _:
            return ""


def children(expr: Expr) -> tuple[Expr, ...]:  # noqa: PLR0911 - a case a form
    """The expressions right inside."""
    match expr:
        case MemberExpr(of=of) | Each(of=of):
            return (of,)
        case CallExpr(of=of, args=args, named=named):
            return (of, *args, *(each for _, each in named))
        case Join(parts=inside) | Either(options=inside) | Many(items=inside):
            return inside
        case Opaque(inside=inside):
            return inside
        case Index(of=of, key=key):
            return (of, key)
        case Pairs(items=items):
            return tuple(each for pair in items for each in pair)
        case _:
            return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """An expression and all inside, without what is in functions."""
    yield expr
    for each in children(expr):
        yield from walk(each)
