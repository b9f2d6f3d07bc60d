"""Formulas that are made once: a way of many steps asks for the same ones over and over."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from bulkhead.doubt.smt.terms import Formula


class _Remembers(Hashable, Protocol):
    @property
    def made(self) -> dict[Any, Formula]: ...


Holder = TypeVar("Holder", bound=_Remembers)
Arguments = ParamSpec("Arguments")


def remembered(
    make: Callable[Concatenate[Holder, Arguments], Formula],
) -> Callable[Concatenate[Holder, Arguments], Formula]:
    """Keep what a function makes of its arguments with the first of them."""

    @wraps(make)
    def kept(holder: Holder, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Formula:
        key = (make, holder, args, *kwargs.items())
        if key not in holder.made:
            holder.made[key] = make(holder, *args, **kwargs)
        return holder.made[key]

    return kept
