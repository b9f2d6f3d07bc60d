"""Which services are cut off, and who still reaches them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Network

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.model import InQuarantine, PlainFlow, Test
from bulkhead.intent.nobody import expect_somebody
from bulkhead.intent.selectors import is_selector
from bulkhead.intent.wiring import Owner, Wire
from bulkhead.intent.written import WrittenQuarantine, WrittenTopology
from bulkhead.intent.wrong import Wrong, alternatives, nearest, quoted

DeclaredEnds = tuple[str, str, tuple[IPv4Network, ...]]
"""Of a declared flow its client and its server, and where at a site the client is alone."""


def resolve_quarantine(
    written: WrittenTopology,
    owners: Mapping[str, Owner],
    declared: Iterable[DeclaredEnds],
    tests: Iterable[Test],
    complain: Complain,
) -> tuple[InQuarantine, ...]:
    """Every line of `quarantine:`; complains about those that cannot be, warns of all others."""
    declared = tuple(declared) if written.quarantine else ()
    named = {each.service: at for at, each in enumerate(written.quarantine or ()) if each}
    found: list[InQuarantine] = []
    for index, each in enumerate(written.quarantine or ()):
        if each is None or each.service is None:
            continue
        path: KeyPath = ("quarantine", index)
        if named[each.service] != index:
            what = f"quarantine names {quoted(each.service)} twice"
            complain(path, what, "keep one of the two")
        elif _is_a_service(each.service, owners, path, complain):
            if not _can_be_told_apart(owners[each.service], owners, written):
                what = f"quarantine of {each.service}: its copies come and go at any address of "
                what += f"segment {owners[each.service].segment}, which others share"
                complain(path, what, "give it a segment of its own, or isolation: service")
                continue
            one = _resolved(each, owners, named, path, complain)
            if one is not None and _has_a_path(one, declared, complain):
                found.append(one)
                _warn(one, declared, tests, complain)
    return tuple(found)


def _can_be_told_apart(owner: Owner, owners: Mapping[str, Owner], written: WrittenTopology) -> bool:
    """Whether a NACL can name its hosts: by their addresses, or by subnets that are its alone."""
    if not owner.comes_and_goes:
        return True
    segment = (written.segments or {}).get(owner.segment)
    alone = segment is not None and segment.isolation == "service"
    others = (each for each in owners.values() if each.ends_in(owner.segment))
    return alone or all(each.name == owner.name for each in others)


def declared_ends(
    owners: Mapping[str, Owner], wires: Iterable[Wire], flows: Iterable[PlainFlow]
) -> Iterator[DeclaredEnds]:
    """What is declared between two hosts, by the names of services and sites."""
    for wire in wires:
        if wire.endpoints:
            at = wire.client.at
            yield wire.client.owner.name, wire.server.owner.name, () if at is None else (at,)
    whose = {end: owner.name for owner in owners.values() for end in owner.ends}
    for flow in flows:
        yield whose[flow.client], whose[flow.server], flow.clients_at


def _is_a_service(
    name: str, owners: Mapping[str, Owner], path: KeyPath, complain: Complain
) -> bool:
    owner = owners.get(name)
    if owner is not None and not owner.is_site:
        return True
    services = [each.name for each in owners.values() if not each.is_site]
    around = owners.get(name.partition(".")[0])
    what, remedy = f"there is no service {quoted(name)}", nearest(name, services)
    if is_selector(name):
        what, remedy = f"{quoted(name)} means several", "name each service that is cut off"
    elif owner is not None:
        what = f"{name} is a site, and what is there is not ours to cut off"
        remedy = "name the services; a site is cut off by its gateway"
    elif around is not None and not around.is_site and "." in name:
        what = f"{quoted(name)} is a part of service {around.name}"
        remedy = f"write {around.name}: a host is cut off as a whole"
    complain(path, f"quarantine: {what}", remedy)
    return False


def _resolved(
    written: WrittenQuarantine,
    owners: Mapping[str, Owner],
    named: Mapping[str | None, int],
    path: KeyPath,
    complain: Complain,
) -> InQuarantine | None:
    name, said = written.service or "", written.responder
    owner, host = "", ""
    if said is not None:
        owner, _, host = said.partition("/")
        try:
            _expect_responder(said, name, owners, named)
        except Wrong as wrong:
            complain((*path, "responder"), f"quarantine of {name}: {wrong.what}", wrong.remedy)
            return None
    return InQuarantine(
        service=name,
        why=written.why or "",
        owner=written.owner or "",
        responder=owner,
        responder_host=host,
        responder_at=owners[owner].hosts[host] if host else None,
        path=path,
    )


def _expect_responder(
    said: str, service: str, owners: Mapping[str, Owner], named: Mapping[str | None, int]
) -> None:
    """Raises Wrong where somebody can be no responder to a service."""
    name, slash, host = said.partition("/")
    owner = owners.get(name)
    if is_selector(said):
        raise Wrong(f"{quoted(said)} means several", "name the one who looks into the incident")
    if owner is None:
        expect_somebody(said, owners)
        raise Wrong(f"there is no {quoted(said)}", nearest(name, owners))
    if slash and host not in owner.hosts:
        remedy = nearest(host, owner.hosts) if owner.is_site else f"write {name}"
        raise Wrong(f"{owner.noun} has no host {quoted(host)}", remedy)
    if name == service:
        raise Wrong(f"{name} is its own responder", "name who looks into the incident")
    if name in named:
        raise Wrong(f"{name} is in quarantine too", "let somebody else look into the incident")


def _has_a_path(one: InQuarantine, declared: Sequence[DeclaredEnds], complain: Complain) -> bool:
    """Whether something is declared by which the responder reaches it, or a complaint and False."""
    if not one.responder or any(_stays(each, one) for each in declared):
        return True
    near = sorted({each[0] for each in declared if each[1] == one.service})
    others = f", or write {alternatives(near)}, from whom there is one" if near else ""
    complain(
        (*one.path, "responder"),
        f"quarantine of {one.service}: no flow is declared from {one.responder_said} to it",
        f"declare the way in: flows: [{{ name: ssh, from: {one.responder_said}, "
        f"to: {one.service}, traffic: tcp 22, why: … }}]{others}",
    )
    return False


def _stays(ends: DeclaredEnds, one: InQuarantine) -> bool:
    client, server, at = ends
    return server == one.service and one.is_responder(client, at)


def _warn(
    one: InQuarantine, declared: Sequence[DeclaredEnds], tests: Iterable[Test], complain: Complain
) -> None:
    """So that nobody forgets it."""
    its = [each for each in declared if one.service in each[:2]]
    stays = sum(_stays(each, one) for each in its)
    what = f"service {one.service} is in quarantine: {len(its) - stays} of the {len(its)} "
    what += "connections that are declared of it are cut"
    if one.responder:
        what += f", and {stays} of {one.responder_said} stay"
    if asked := sum(_is_asked(each, one) for each in tests):
        many = "a test that wants" if asked == 1 else f"{asked} tests that want"
        what += f"; {many} more of it {'is' if asked == 1 else 'are'} not asked meanwhile"
    complain.warn(one.path, what, "remove the line to undo it")


def _is_asked(test: Test, one: InQuarantine) -> bool:
    """Whether a test accepts something that is cut."""
    client = test.from_.partition("/")[0].partition(".")[0]
    return bool(test.accept) and (
        client == one.service
        or (
            client != one.responder
            and any(each.to.partition(".")[0] == one.service for each in test.accept)
        )
    )
