"""What a text behind `connect` means, among all that is declared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.nobody import expect_no_address
from bulkhead.intent.selectors import EVERYBODY, SEGMENT, is_selector, services_meant
from bulkhead.intent.values import PUBLIC_INTERNET
from bulkhead.intent.wiring.owners import End, Owner, ends_of
from bulkhead.intent.wrong import KnownNames, Wrong, alternatives, quoted


class SocketReferences:
    """What a text behind `connect` means, among all that is declared."""

    def __init__(self, owners: Mapping[str, Owner], complain: Complain) -> None:
        self.owners = owners
        self.complain = complain
        self.names = KnownNames(owners)
        self.sockets_of = cache(lambda owner: KnownNames(owners[owner].sockets))
        self.choices_of = cache(lambda owner: _choices(owners[owner]))
        self.meant = cache(lambda selector: services_meant(selector, owners.values()))
        self.bound_at = cache(lambda: _BoundAt(owners))

    def find(self, text: str, path: KeyPath, client: End) -> list[End]:
        """The sockets that a reference means, or a complaint and none."""
        if "://" in text:
            what = f"connect takes a reference to a socket, not the endpoint {quoted(text)}"
            bound = self.bound_at().find(text.rpartition(":")[2])
            self.complain(path, what, f"write {bound or 'service.socket'}")
            return []
        selector, dot, socket_name = text.rpartition(".")
        if is_selector(selector) or is_selector(text):
            return self._selected(selector if dot else text, socket_name, path, client)
        found = self._named(text, path, client)
        return [] if found is None else [found]

    def _selected(self, selector: str, name: str, path: KeyPath, client: End) -> list[End]:
        """The sockets of that name which bind, of all services that are meant but the client's."""
        if not name or is_selector(name):
            what = f"{client.reference} connects to {quoted(selector)}, and to none of its sockets"
            self.complain(path, what, f"add the socket's name, as in {selector}.metrics")
            return []
        try:
            services = self.meant(selector)
        except Wrong as wrong:
            what = f"{client.reference} connects to {quoted(f'{selector}.{name}')}: {wrong.what}"
            self.complain(path, what, wrong.remedy)
            return []
        sockets = [
            (each, written)
            for each in services
            if each.name != client.owner.name and (written := each.sockets.get(name)) is not None
        ]
        ends = [End(each, name, written) for each, written in sockets if written.bind != ()]
        binding = [each for each in ends if _is_there(each, selector)]
        unread = (each.in_doubt or each.sockets.get(name, ...) is None for each in services)
        if services and not binding and not any(unread):
            what = f"{client.reference} connects to {quoted(f'{selector}.{name}')}"
            none = "binds" if sockets else "has"
            self.complain(
                path,
                f"{what}: no other service that is meant {none} a socket {quoted(name)}",
                "name one that binds",
            )
        apart = [each for each in binding if each.bind and not each.written.listens]
        if len(apart) == len(binding):
            return binding  # and of each it is told why nobody gets there
        if apart:
            shown = alternatives(each.reference for each in apart).replace(" or ", " and ")
            self.complain.warn(
                path,
                f"{client.reference} connects to {quoted(f'{selector}.{name}')}, and {shown} "
                f"{'is' if len(apart) == 1 else 'are'} not among these: what it binds stays on its "
                "host",
                'let it bind tcp, as in "tcp://*:5556", or give it another name',
            )
        return [each for each in binding if each not in apart]

    def _named(self, text: str, path: KeyPath, client: End) -> End | None:
        name, dot, socket_name = text.partition(".")
        owner = self.owners.get(name)
        if owner is None:
            self._explain_unknown(text, name, path, client)
            return None
        if not dot or socket_name not in owner.sockets:
            missing = f"{owner.noun} has no socket {quoted(socket_name)}"
            whole = f"that is a {owner.kind[:-1]}, not one of its sockets"
            what = f"{client.reference} connects to {quoted(text)}: {missing if dot else whole}"
            if not dot:
                remedy = f"write {self.choices_of(name)}"
            elif owner.sockets and socket_name == EVERYBODY:
                remedy = f"list those that it talks to: {self.choices_of(name)}"
            elif owner.sockets:
                remedy = self.sockets_of(name).nearest(socket_name)
            else:
                remedy = "declare one there"
            self.complain(path, what, remedy)
            return None
        written = owner.sockets[socket_name]
        return None if written is None else End(owner, socket_name, written)

    def _explain_unknown(self, text: str, name: str, path: KeyPath, client: End) -> None:
        if name == PUBLIC_INTERNET:
            what = "nothing connects to the whole internet"
            remedy = "name whom it is for under peers:, with addresses and sockets"
            self.complain(path, what, remedy)
        else:
            what = f"{client.reference} connects to {quoted(text)}, and there is no {quoted(name)}"
            remedy = self.names.nearest(name)
            if any(each.ends_in(name) for each in self.owners.values()):
                what += " but a segment"
                remedy = f"write {SEGMENT}{text}"
            site, slash, _ = name.partition("/")
            if slash and site in self.owners:
                remedy = f"write {site}{text.removeprefix(name)}: a socket is its site's"
            try:
                expect_no_address(text)
            except Wrong:
                what = f"{client.reference} connects to an address, {quoted(text)}"
                remedy = "write service.socket; addresses are the plan's"
            self.complain(path, what, remedy)


def _is_there(end: End, selector: str) -> bool:
    """Of a segment: whether it waits at the interface that its service has there."""
    if not (end.owner.several and selector.startswith(SEGMENT)):
        return True
    segments = {end.owner.segment_at(end, each) for each in end.written.listens}
    return selector.removeprefix(SEGMENT) in segments


def _choices(owner: Owner) -> str:
    return alternatives(f"{owner.name}.{socket}" for socket in sorted(owner.sockets))


class _BoundAt:
    """The sockets that listen on each port, in words."""

    def __init__(self, owners: Mapping[str, Owner]) -> None:
        self._named: dict[str, dict[str, None]] = defaultdict(dict)
        self._ranges: dict[tuple[int, int], dict[str, None]] = defaultdict(dict)
        for end in ends_of(owners):
            for endpoint in end.bind:
                if endpoint.ports is not None:
                    self._named[endpoint.at][end.reference] = None
                    if endpoint.ports[0] < endpoint.ports[1]:
                        self._ranges[endpoint.ports][end.reference] = None

    def find(self, said: str) -> str:
        """Of a port, or of a range as it was written; '' where nobody does."""
        found = dict(self._named.get(said, ()))
        if said.isascii() and said.isdecimal():
            port = int(said[:6])
            for (first, last), references in self._ranges.items():
                if first <= port <= last:
                    found.update(references)
        return alternatives(found) if found else ""
