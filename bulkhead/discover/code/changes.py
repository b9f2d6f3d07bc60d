"""Which ends of sockets one version of some code has, and the other has not.

An end is the same wherever it stands: by its program, the types of its socket, and what it binds
or connects to. So moving code, or renaming a file, is no change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bulkhead.discover.code.found import CodeScan, EndInCode, OpenTo, SocketInCode

_Same = tuple[str, tuple[str, ...], str, str]


@dataclass(frozen=True, slots=True)
class CodeEndChanged:
    """An end that one of the two has, with its socket."""

    socket: SocketInCode
    end: EndInCode

    @property
    def crosses(self) -> bool:
        """Whether it may leave its host, as far as its text tells."""
        return self.end.exposure in (OpenTo.NETWORK, OpenTo.UNTOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChanges:
    """`since` is what people call the version before. Sockets of tests are left out of both."""

    since: str
    new: tuple[CodeEndChanged, ...]
    gone: tuple[CodeEndChanged, ...]

    @property
    def boundaries(self) -> tuple[CodeEndChanged, ...]:
        """New ones that may leave their host."""
        return tuple(each for each in self.new if each.crosses)


def changed(since: str, before: CodeScan, after: CodeScan) -> CodeChanges:
    """What came, and what went, each in the order of the code."""
    was, becomes = list(_ends(before)), list(_ends(after))
    return CodeChanges(since=since, new=_besides(becomes, was), gone=_besides(was, becomes))


def _ends(scan: CodeScan) -> Iterable[CodeEndChanged]:
    for socket in scan.sockets:
        if not socket.test:
            yield from (CodeEndChanged(socket, each) for each in socket.ends)


def _besides(
    some: Iterable[CodeEndChanged], others: Iterable[CodeEndChanged]
) -> tuple[CodeEndChanged, ...]:
    """Those of some that the others have not, or have less often."""
    left = Counter(map(_same, others))
    found = []
    for each in some:
        if left[_same(each)] > 0:
            left[_same(each)] -= 1
        elif each.end.exposure is not OpenTo.PROCESS:
            found.append(each)
    return tuple(found)


def _same(each: CodeEndChanged) -> _Same:
    return each.socket.program, each.socket.types, each.end.side, each.end.text
