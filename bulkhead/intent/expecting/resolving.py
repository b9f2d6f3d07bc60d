"""Resolves tests one after the other, and sees that they agree with each other."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import FileLine, KeyPath
from bulkhead.intent.expecting.aims import TestAim
from bulkhead.intent.expecting.asking import Askers
from bulkhead.intent.expecting.contradictions import Contradictions, Wish
from bulkhead.intent.expecting.everybody import Callers, Everybody
from bulkhead.intent.model import Test
from bulkhead.intent.model.test import Target
from bulkhead.intent.selectors import EVERYBODY
from bulkhead.intent.written import WrittenTest, WrittenTopology
from bulkhead.intent.wrong import Wrong, quoted

MOST_MEANT: Final = 100_000
"""Pairs of a client and what it is to reach, in all tests together."""


@dataclass(frozen=True, slots=True, eq=False)
class _Item:
    """One text of a test's lists, and what it means. No two are the same."""

    aim: TestAim
    accept: bool
    targets: tuple[Target, ...]
    path: KeyPath


class Expectations:
    """All tests of a topology, resolved."""

    def __init__(self, written: WrittenTopology, everybody: Everybody, complain: Complain) -> None:
        self.written = written
        self.complain = complain
        self.everybody = everybody
        self.contradictions = Contradictions()
        self.meant = 0
        self.read = cache(everybody.read)
        self.targets = cache(self.everybody.targets)
        self.askers = Askers(everybody, self.read, complain)

    def resolve(self, places: Mapping[KeyPath, FileLine]) -> tuple[Test, ...]:
        """A test for each client that one is from."""
        tests: list[Test] = []
        for index, test in enumerate(self.written.tests or ()):
            if test is not None:
                path: KeyPath = ("tests", index)
                tests += self._of_line(index, test, path, places[path])
        self.contradictions.complain(self.complain)
        return tuple(tests)

    def _of_line(
        self, index: int, test: WrittenTest, path: KeyPath, place: FileLine
    ) -> Iterator[Test]:
        asking = self.askers.of(test, path)
        if asking is None:
            return
        from_, callers = asking.text, asking.callers
        if test.accept == () and test.deny == ():
            what = f"test from {from_} expects nothing"
            remedy = "add accept: or deny: with a list such as [service.socket]"
            self.complain(path, what, remedy)
            return
        items = [*self._items(from_, test, path)]
        texts = len({*(test.accept or ())}) + len({*(test.deny or ())})
        if not self._checked(from_, callers, items) or len(items) < texts:
            return
        several = len(callers.declared) + len(callers.others) > 1
        say = cache(lambda item, target: self._said(index, item, target, place, several=several))
        accepting = frozenset(callers.declared)
        for client in (*callers.declared, *callers.others):
            own = items if client in accepting else ()
            accepted = {
                target: item
                for target, item in self._reached(client, own, accept=True).items()
                if self.everybody.goes(client, target, item.aim, callers.declared)
            }
            denied = self._reached(client, items, accept=False, but=accepted)
            for reached in (accepted, denied):
                for target, item in reached.items():
                    self.contradictions.say(client, target.to, say(item, target))
            if accepted or denied:
                yield Test(
                    from_=client,
                    accept=tuple(accepted),
                    deny=tuple(denied),
                    file=place.file,
                    line=place.line,
                    name=test.name or "",
                    why=test.why or "",
                    hosts_but=asking.hosts_but.get(client, ()),
                )

    def _said(
        self, test: int, item: _Item, target: Target, place: FileLine, *, several: bool
    ) -> Wish:
        return Wish(
            test=test,
            several=several,
            accept=item.accept,
            sweeping=item.aim.sweeping,
            what=_words(item, target),
            where=tuple(self.everybody.where(target)),
            path=item.path,
            place=place,
        )

    def _items(self, from_: str, test: WrittenTest, path: KeyPath) -> Iterator[_Item]:
        for key, texts in (("accept", test.accept), ("deny", test.deny)):
            for index, text in enumerate(dict.fromkeys(texts or ())):
                at = (*path, key, index)
                try:
                    aim = self.read(text)
                    targets = self.targets(aim, accept=key == "accept")
                except Wrong as wrong:
                    self.complain(at, f"test from {from_}: {wrong.what}", wrong.remedy)
                else:
                    yield _Item(aim, key == "accept", targets, at)

    def _checked(self, from_: str, callers: Callers, items: Iterable[_Item]) -> bool:
        """Whether every text means something, or a complaint and False."""
        items = tuple(items)
        if not callers.declared and any(e.in_doubt for e in self.everybody.owners.values()):
            return False  # who is meant could not be read, and that was said
        good, means = True, False
        accepting = sum(each.accept for each in items)
        for item in items:
            if not item.targets and item.aim.kind in ("socket", "owner"):
                return False  # what it is about could not be read, and that was said
            who = callers.declared if item.accept else (*callers.declared, *callers.others)
            each = 1 + accepting * (item.aim.sweeping and item.aim.traffic is not None)
            if not self._affordable(len(who) * len(item.targets) * each, item.path):
                return False
            met = any(self.everybody.meets(each, target) for each in who for target in item.targets)
            means |= met
            if not met and (item.accept or item.aim.kind in ("socket", "owner", "internet")):
                self._explain_unreachable(from_, callers, item)
                good = False
        if good and not means and items:
            what = f"test from {from_}: {quoted(items[0].aim.text)} leaves no socket to test"
            self.complain(items[0].path, what, "remove it, or name a port, as in *:22")
        return good and means

    def _affordable(self, more: int, path: KeyPath) -> bool:
        """A "*" in each of many tests is cheap to write, and a product to judge."""
        before, self.meant = self.meant, self.meant + more
        if before <= MOST_MEANT < self.meant:
            what = (
                f"the tests up to here mean more than {MOST_MEANT} pairs of a client and a socket"
            )
            self.complain(path, what, f"name services or sockets, not {quoted(EVERYBODY)}")
        return self.meant <= MOST_MEANT

    def _explain_unreachable(self, from_: str, callers: Callers, item: _Item) -> None:
        text, whole = item.aim.text, f"test from {from_}: "
        if item.accept and not callers.declared:
            what = "it means no service, and in accept services alone are meant"
            remedy = "name somebody who shall connect"
        elif not item.targets:
            what = f"{quoted(text)} leaves no socket to test"
            remedy = "name a socket that binds tcp, or a port, as in *:22"
        elif self.everybody.is_own(callers.declared, item.aim):
            own = text if item.aim.kind == "socket" else quoted(text)
            what = f"{own} is its own, on the same host"
            remedy = "remove it; only replicas meet over the network"
        else:
            what = f"no packet from there to {text} would cross the VPC"
            remedy = "remove it; test sockets of services from outside"
        self.complain(item.path, f"{whole}{what}", remedy)

    def _reached(
        self, client: str, items: Iterable[_Item], *, accept: bool, but: Container[Target] = ()
    ) -> dict[Target, _Item]:
        """What a client shall reach, or not, each once and in the order of the file."""
        found: dict[Target, _Item] = {}
        for item in items:
            if item.accept is accept:
                for target in item.targets:
                    left_out = item.aim.sweeping and target in but
                    if not left_out and self.everybody.meets(client, target):
                        found.setdefault(target, item)
        return found


def _words(item: _Item, target: Target) -> str:
    """What a text means of one that it is about."""
    if target.traffic is None:
        return target.reference
    _, colon, traffic = item.aim.text.removeprefix("segment:").removeprefix("label:").partition(":")
    who = target.to if target.at is None else item.aim.name
    return f"{who}:{traffic.strip() if colon else '*'}"
