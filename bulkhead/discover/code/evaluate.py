"""What an expression may be, followed through names, fields, calls and files."""

from __future__ import annotations

from bulkhead.discover.code.following.asking import LONGEST_NAME
from bulkhead.discover.code.following.calling import Calling
from bulkhead.discover.code.tree import (
    CallExpr,
    Each,
    Either,
    Expr,
    Index,
    Join,
    Lambda,
    Many,
    MemberExpr,
    Name,
    Opaque,
    Pairs,
    Scope,
    TextExpr,
)
from bulkhead.discover.code.values import (
    Bundle,
    CallFrame,
    Code,
    Instance,
    Made,
    Value,
    known,
    unresolved,
)


class Evaluator(Calling):
    """Answers of one program: all that an expression may be, whatever its form.

    Everything that may be is found, and nothing is run: where only the running program knows, the
    value says so (`OpenPart`). Bounded in depth and in number.
    """

    def form(self, expr: Expr, scope: Scope, frame: CallFrame | None) -> list[Value]:  # noqa: PLR0911, PLR0912 - a case a form
        match expr:
            case TextExpr(value=text, number=number):
                return [known(text, number=number)]
            case Name():
                return self.name(expr, scope, frame)
            case MemberExpr():
                return self.member(expr, scope, frame)
            case CallExpr():
                return self.call(expr, scope, frame)
            case Join(parts=parts):
                return self.joined(parts, scope, frame)
            case Either():
                return self.either(expr, scope, frame)
            case Index():
                return self.index(expr, scope, frame)
            case Many(of=of) if of and (built := self.constructed(of, scope)):
                return built
            case Many() | Pairs(of=""):
                return [Bundle(expr, scope, frame)]
            case Pairs(of=of):
                return [Instance(each) for each in self.world.class_(of.rpartition(".")[2])[:1]]
            case Each(of=of):
                return self.elements(self.values(of, scope, frame), of)
            case Lambda(scope=inside):
                return [Code(inside)]
            case Opaque(inside=inside, infer=infer):
                if infer is not None and (inferred := infer()):
                    return [known(each, number=each.isdecimal()) for each in inferred]
                inner = [each for part in inside for each in self.values(part, scope, frame)]
                if made := [each for each in inner if isinstance(each, Made)]:
                    return list(made)
                return [] if expr.text == "None" else [unresolved(expr.text[:LONGEST_NAME] or "…")]
