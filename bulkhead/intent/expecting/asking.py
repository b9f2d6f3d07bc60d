"""Who asks in a test: all whom `from` means, less those whom `except` means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.expecting.aims import TestAim
from bulkhead.intent.expecting.everybody import Callers, Everybody
from bulkhead.intent.written import WrittenTest
from bulkhead.intent.wrong import LONGEST_QUOTE, Wrong, quoted


@dataclass(frozen=True, slots=True)
class Asking:
    """Clients by name, and of sites the hosts from which nobody asks."""

    text: str
    """As it is written, in a line."""
    callers: Callers
    hosts_but: Mapping[str, tuple[str, ...]]


class Askers:
    """Reads `from` and `except` of tests."""

    def __init__(
        self, everybody: Everybody, read: Callable[[str], TestAim], complain: Complain
    ) -> None:
        self._everybody = everybody
        self._read = read
        self._complain = complain

    def of(self, test: WrittenTest, path: KeyPath) -> Asking | None:
        """Who asks in one test; None, and a complaint, where that cannot be told."""
        if test.from_ is None or test.except_ is None:
            return None
        text = _shown(test.from_)
        meant = [*self._meant(test.from_, (*path, "from"), "from")]
        left_out = [*self._meant(test.except_, (*path, "except"), f"from {text}, except")]
        if len(meant) < len(test.from_) or len(left_out) < len(test.except_):
            return None
        declared = dict.fromkeys(name for _, each in meant for name in each.declared)
        others = dict.fromkeys(name for _, each in meant for name in each.others)
        everybody = {**declared, **others}
        but: dict[str, list[str]] = defaultdict(list)
        for index, (aim, each) in enumerate(left_out):
            gone = everybody.keys() & {*each.declared, *each.others}
            for name in gone:
                declared.pop(name, None)
                others.pop(name, None)
            site, slash, host = aim.name.partition("/")
            if slash and site in everybody:
                but[site].append(host)
            elif not gone:
                what = f"test from {text}: {quoted(aim.text)} is not among these"
                self._complain((*path, "except", index), what, "remove it from except:")
                return None
        if everybody and not declared and not others:
            what = f"test from {text}: except: leaves nobody"
            self._complain((*path, "except"), what, "leave out fewer, or remove the test")
            return None
        callers = Callers(tuple(declared), tuple(each for each in others if each not in declared))
        return Asking(text, callers, {site: tuple(hosts) for site, hosts in but.items()})

    def _meant(
        self, texts: Iterable[str], path: KeyPath, called: str
    ) -> Iterator[tuple[TestAim, Callers]]:
        seen: set[str] = set()
        for index, text in enumerate(texts):
            try:
                if text in seen:
                    raise Wrong("it is named twice", "name it once")
                seen.add(text)
                aim = self._read(text)
                yield aim, self._everybody.callers(aim)
            except Wrong as wrong:
                what = f"test {called} {quoted(text)}: {wrong.what}"
                self._complain((*path, index), what, wrong.remedy)


def _shown(texts: Iterable[str]) -> str:
    shown = ", ".join(texts)
    return shown if len(shown) <= LONGEST_QUOTE else shown[:LONGEST_QUOTE] + "…"
