"""Who is meant by `from` and `to` of a flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from ipaddress import IPv4Network

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.nobody import expect_somebody
from bulkhead.intent.selectors import SEGMENT, is_selector, services_meant
from bulkhead.intent.values import PUBLIC_INTERNET
from bulkhead.intent.wiring import Owner
from bulkhead.intent.wrong import KnownNames, Wrong, alternatives, nearest, quoted


@dataclass(frozen=True, slots=True)
class FlowEnd:
    """One end of a flow. `named`: it is meant by its own name, and not as one of many."""

    owner: Owner
    named: bool
    host: str = ""
    """Of a site, at which of its hosts alone; '' at any."""
    interface: str = ""
    """Of a service with several interfaces, the one that is said; '' where none is."""

    @property
    def at(self) -> IPv4Network | None:
        return self.owner.hosts.get(self.host)

    @property
    def end(self) -> str:
        """What flows call it: 'ticker', 'router.eth1'."""
        return self.owner.called(self.interface)

    @property
    def segment(self) -> str:
        return self.owner.interfaces.get(self.interface or self.owner.first, self.owner.segment)

    def by(self, interface: str) -> FlowEnd:
        """The same, by one of its interfaces."""
        return replace(self, interface=interface)

    def __str__(self) -> str:
        return f"{self.owner.name}/{self.host}" if self.host else self.end


class FlowEnds:
    """What the texts behind `from` and `to` mean, among all that is declared."""

    def __init__(self, owners: Mapping[str, Owner], complain: Complain) -> None:
        self._owners = owners
        self._complain = complain
        self._names = KnownNames(owners)
        self._meant = cache(lambda selector: services_meant(selector, owners.values()))

    def find(self, texts: Iterable[str], path: KeyPath, flow: str) -> list[FlowEnd]:
        """Everybody who is meant, once; complains about what means nobody."""
        found: dict[tuple[str, str], FlowEnd] = {}
        seen: set[str] = set()
        for index, text in enumerate(texts):
            at = (*path, index)
            if text in seen:
                self._complain(at, f"flow {flow} names {text} twice", "name it once")
                continue
            seen.add(text)
            for each in self._of(text, at, flow):
                key = each.end, each.host
                known = found.get(key)
                found[key] = each if known is None or each.named else known
        return [*found.values()]

    def _of(self, text: str, at: KeyPath, flow: str) -> list[FlowEnd]:
        if is_selector(text):
            try:
                return [
                    FlowEnd(
                        each, named=False, interface=each.interface_in(text.removeprefix(SEGMENT))
                    )
                    for each in self._meant(text)
                ]
            except Wrong as wrong:
                self._complain(at, f"flow {flow}: {wrong.what}", wrong.remedy)
                return []
        if text in self._owners:
            return [FlowEnd(self._owners[text], named=True)]
        name, _, interface = text.partition(".")
        if (owner := self._owners.get(name)) and interface in owner.interfaces:
            return [FlowEnd(owner, named=True, interface=interface)]
        name, slash, host = text.partition("/")
        if slash and (owner := self._owners.get(name)) and host in owner.hosts:
            return [FlowEnd(owner, named=True, host=host)]
        self._explain(text, at, flow)
        return []

    def _explain(self, text: str, at: KeyPath, flow: str) -> None:
        owner = self._owners.get(text.partition(".")[0])
        what, remedy = f"there is no {quoted(text)}", self._names.nearest(text)
        if text == PUBLIC_INTERNET:
            what = "flows from or to the whole internet are not planned yet"
            remedy = "name whom it is for under peers:, with its addresses"
        elif "/" in text and (site := self._owners.get(text.partition("/")[0])) is not None:
            name, _, host = text.partition("/")
            what = f"{site.noun} has no host {quoted(host)}"
            remedy = nearest(host, site.hosts) if site.outside else f"write {name}"
        elif "." in text and owner is not None and owner.several:
            what = f"{owner.noun} has no interface {quoted(text.partition('.')[2])}"
            remedy = f"write {alternatives(f'{owner.name}.{each}' for each in owner.interfaces)}"
        elif "." in text and owner is not None:
            what = f"{quoted(text)} is one of its sockets, and a flow is between hosts"
            remedy = f"write {owner.name}; who talks to a socket connects to it there"
        try:
            expect_somebody(text, self._owners)
        except Wrong as wrong:
            what, remedy = wrong.what, wrong.remedy
        self._complain(at, f"flow {flow}: {what}", remedy)
