"""The `tests:` block: who shall reach which socket, and who shall not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import FileLine, KeyPath
from bulkhead.intent.model import PlainFlow, Test
from bulkhead.intent.values import PUBLIC_INTERNET
from bulkhead.intent.wiring import Owner, ends_of
from bulkhead.intent.written import WrittenTest, WrittenTopology
from bulkhead.intent.wrong import KnownNames, alternatives, quoted

EVERYTHING: Final = "*"
MOST_MEANT: Final = 100_000
"""Pairs of a client and a socket, in all tests together."""


class Expectations:
    """Resolves tests one after the other, and sees that they agree with each other."""

    def __init__(
        self, owners: Mapping[str, Owner], flows: Iterable[PlainFlow], complain: Complain
    ) -> None:
        self.owners = owners
        self.complain = complain
        self.said: dict[tuple[str, str], tuple[bool, FileLine]] = {}
        self.meant = 0
        self.listening = _Listening(owners, flows)
        self.owner_names = KnownNames(owners)
        self.client_names = KnownNames([*owners, PUBLIC_INTERNET])
        self.sockets_of = cache(lambda owner: KnownNames(owners[owner].sockets))
        self.choices_of = cache(lambda owner: alternatives(self.listening.sockets[owner]))

    def resolve(
        self, written: WrittenTopology, places: Mapping[KeyPath, FileLine]
    ) -> tuple[Test, ...]:
        tests = []
        for index, test in enumerate(written.tests or ()):
            if test is None or test.from_ is None:
                continue
            path: KeyPath = ("tests", index)
            found = self._resolve_one(test.from_, test, path, places[path])
            if found is not None:
                tests.append(found)
        return tuple(tests)

    def _resolve_one(
        self, client: str, test: WrittenTest, path: KeyPath, place: FileLine
    ) -> Test | None:
        if client != PUBLIC_INTERNET and client not in self.owners:
            what = f"test from {quoted(client)}, which is no service and no site"
            self.complain((*path, "from"), what, self.client_names.nearest(client))
            return None
        if test.accept == () and test.deny == ():
            what = f"test from {client} expects nothing"
            self.complain(path, what, "add accept: or deny: with a list of service.socket")
            return None
        accept = self._select(client, test.accept, (*path, "accept"), frozenset())
        deny = self._select(client, test.deny, (*path, "deny"), frozenset(accept))
        for reference in accept:
            self._say(client, reference, True, (*path, "accept"), place)
        for reference in deny:
            self._say(client, reference, False, (*path, "deny"), place)
        return Test(from_=client, accept=accept, deny=deny, file=place.file, line=place.line)

    def _select(
        self,
        client: str,
        texts: tuple[str, ...] | None,
        path: KeyPath,
        accepted: frozenset[str],
    ) -> tuple[str, ...]:
        """The sockets that references mean, in the order of the file, each once.

        "*" and a service's bare name leave out what the same test accepts.
        """
        found: dict[str, None] = {}
        seen: set[str] = set()
        for index, text in enumerate(texts or ()):
            at = (*path, index)
            if text in seen or not self._known(client, text, at):
                continue
            seen.add(text)
            meant = self.listening.meant(client, text)
            if not self._affordable(len(meant), at):
                break
            if text == EVERYTHING or "." not in text:
                meant = [each for each in meant if each not in accepted]
                if not meant:
                    what = f"test from {client}: {quoted(text)} leaves no socket to test"
                    self.complain(at, what, "remove it, or name a socket that binds tcp")
            elif text in accepted:
                what = f"test from {client} accepts and denies {text}"
                self.complain(at, what, "keep one of the two")
            found.update(dict.fromkeys(meant))
        return tuple(found)

    def _affordable(self, more: int, path: KeyPath) -> bool:
        """A "*" in each of many tests is cheap to write, and a product to judge."""
        before, self.meant = self.meant, self.meant + more
        if before <= MOST_MEANT < self.meant:
            what = (
                f"the tests up to here mean more than {MOST_MEANT} pairs of a client and a socket"
            )
            self.complain(path, what, f"name services or sockets, not {quoted(EVERYTHING)}")
        return self.meant <= MOST_MEANT

    def _known(self, client: str, text: str, path: KeyPath) -> bool:
        """Whether a reference means something, or a complaint and False."""
        name, dot, socket = text.partition(".")
        owner = self.owners.get(name)
        if text == EVERYTHING or (owner and not dot) or self.listening.meant(client, text):
            return True
        if owner is None:
            what = f"test from {client}: there is no service or site {quoted(name)}"
            self.complain(path, what, self.owner_names.nearest(name))
        elif socket not in owner.sockets:
            what = f"test from {client}: {owner.noun} has no socket {quoted(socket)}"
            self.complain(path, what, self.sockets_of(name).nearest(socket))
        else:
            written = owner.sockets[socket]
            if written is not None and written.bind is not None:
                self._explain_unreachable(client, text, owner, path)
        return False

    def _explain_unreachable(self, client: str, text: str, owner: Owner, path: KeyPath) -> None:
        listening = self.listening.sockets.get(owner.name, {})
        if text not in listening:
            what = f"test from {client}: {text} binds no tcp port that another host can reach"
            remedy = f"name {self.choices_of(owner.name)}" if listening else "remove it"
        elif owner.name == client:
            what = f"test from {client}: {text} is its own, on the same host"
            remedy = "remove it; only replicas meet over the network"
        else:
            what = f"test from {client}: no packet from there to {text} would cross the VPC"
            remedy = "remove it; test sockets of services from outside"
        self.complain(path, what, remedy)

    def _say(
        self, client: str, reference: str, accept: bool, path: KeyPath, place: FileLine
    ) -> None:
        before, where = self.said.setdefault((client, reference), (accept, place))
        if before != accept and where != place:
            words = ("accepts", "denies") if before else ("denies", "accepts")
            self.complain(
                path,
                f"the test on {where.seen_from(place)} {words[0]} {client} -> {reference}, "
                f"and this one {words[1]} it",
                f"put what {client} may reach into one test",
            )


class _Listening:
    """What another host can reach, by who owns it and in the order of the file: sockets, and
    what answers flows that are not ZeroMQ."""

    def __init__(self, owners: Mapping[str, Owner], flows: Iterable[PlainFlow]) -> None:
        self.owners = owners
        self.sockets: dict[str, dict[str, None]] = {}
        for end in ends_of(owners):
            if end.written.listens:
                self.sockets.setdefault(end.owner.name, {})[end.reference] = None
        for flow in flows:
            self.sockets.setdefault(flow.server, {})[flow.reference] = None
        everybody = list(self.sockets)
        self.to_services = [each for each in everybody if not owners[each].is_site]
        self.to_all = everybody

    def meant(self, client: str, text: str) -> list[str]:
        """What a reference means of the listeners that a packet of `client` could ever meet.

        Not those of its own single copy, which is the same host; and from
        outside, not those of a site, where no packet would cross the VPC.
        """
        origin = self.owners.get(client)
        outside = origin is None or origin.is_site
        in_reach = self.to_services if outside else self.to_all
        name, dot, _ = text.partition(".")
        of = in_reach if text == EVERYTHING else [name]
        return [
            reference
            for owner in of
            if owner in self.sockets
            and not (outside and self.owners[owner].is_site)
            and not (origin is not None and owner == client and origin.replicas == 1)
            for reference in ([text] if dot else self.sockets[owner])
            if reference in self.sockets[owner]
        ]
