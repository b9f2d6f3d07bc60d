"""Faults put into the prover itself, in place, and taken out again.

A fault is a piece of a module's source and what stands there instead. The
module is compiled with it, and every function whose code differs gets that
code: whoever imported the function meets the fault too.
"""

import importlib
import inspect
import types
from contextlib import contextmanager


@contextmanager
def fault(module, old, new):
    """`old` must stand exactly once in the source of `bulkhead.MODULE`."""
    made = importlib.import_module(f"bulkhead.{module}")
    source = inspect.getsource(made)
    assert source.count(old) == 1, f"{module}: {old!r} stands there {source.count(old)} times"
    with replaced(made, compile(source.replace(old, new), made.__file__, "exec")):
        yield


@contextmanager
def replaced(module, code):
    """The functions of a module with other code, for a while."""
    wanted = {each.co_qualname: each for each in _codes(code)}
    changed = []
    for function in _functions(module):
        other = wanted.get(function.__code__.co_qualname)
        if other is not None and not _same(function.__code__, other):
            changed.append((function, function.__code__))
            function.__code__ = other
    assert changed, "the fault changes no function"
    try:
        yield
    finally:
        for function, before in changed:
            function.__code__ = before


def _codes(code):
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield each
            yield from _codes(each)


def _functions(module):
    for thing in vars(module).values():
        if getattr(thing, "__module__", "") != module.__name__:
            continue
        if isinstance(thing, types.FunctionType):
            yield thing
        elif isinstance(thing, type):
            for member in vars(thing).values():
                inner = getattr(member, "fget", None) or getattr(member, "func", None) or member
                if isinstance(inner, types.FunctionType) and inner.__module__ == module.__name__:
                    yield inner


def _same(one, other):
    if (one.co_code, one.co_names, len(one.co_consts)) != (
        other.co_code,
        other.co_names,
        len(other.co_consts),
    ):
        return False
    return all(
        _same(here, there)
        if isinstance(here, types.CodeType) and isinstance(there, types.CodeType)
        else (type(here), here) == (type(there), there)
        for here, there in zip(one.co_consts, other.co_consts, strict=True)
    )
