"""What meets the internet: read and judged in full, and then refused, for no plan has it yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.expiry import today
from bulkhead.intent.mechanisms import END_TO_END, protections
from bulkhead.intent.values import BY_GATEWAY, PUBLIC_INTERNET, is_public, parse_name
from bulkhead.intent.wiring import ends_of, owners_of
from bulkhead.intent.written import WrittenExposure, WrittenPeer, WrittenTopology
from bulkhead.intent.wrong import Wrong, alternatives, quoted

_AS_A_SITE: Final = "describe it as a site, which is reached through a VPN"


def judge_outside(written: WrittenTopology, complain: Complain) -> None:
    """Peers on the internet, exposed sockets and flows, and services of AWS that are needed."""
    for name, peer in (written.peers or {}).items():
        _judge_name(written, name, complain)
        if peer is not None:
            _judge_peer(name, peer, complain)
        what = f"peer {name} is on the internet, and what goes there is not planned yet"
        complain(("peers", name), what, _AS_A_SITE)
    for name, service in (written.services or {}).items():
        if written.vpc is None or service is None:
            continue
        if needs := [each for each in service.needs or () if each not in BY_GATEWAY]:
            what = f"service {name} needs {alternatives(needs).replace(' or ', ' and ')}"
            remedy = f"ask its owner for them, or name {alternatives(BY_GATEWAY)} alone"
            complain(
                ("services", name, "needs"),
                f"{what}, and a VPC of others may have these endpoints already",
                remedy,
            )
    for said, path, to in _unexplained(written):
        what = f"{said} goes to {to}, which is on the internet, and nobody answers for that"
        complain(path, what, "add exposure: { why: …, owner: … }")
    for said, path, exposure, mechanism, encrypts in _exposed(written):
        _judge_exposure(said, path, exposure, complain)
        if mechanism is not None and END_TO_END.isdisjoint(protections(mechanism)):
            what = f"{said} is exposed to the internet, and nothing encrypts it"
            complain((*path, "exposure"), what, f"write {encrypts}, which is needed there")
        what = f"{said} is exposed to the internet, and that is not planned yet"
        complain((*path, "exposure"), what, f"remove exposure: and {_AS_A_SITE}")


def _unexplained(written: WrittenTopology) -> Iterator[tuple[str, KeyPath, str]]:
    """What goes to a peer and has no `exposure`: whose, where, to whom."""
    peers = written.peers or {}
    for end in ends_of(owners_of(written)):
        for index, text in enumerate(end.written.connect or ()):
            name = str(text).partition(".")[0]
            if name in peers and end.written.exposure is None:
                yield end.reference, (*end.path, "connect", index), name
    for index, flow in enumerate(written.flows or ()):
        if flow is not None and flow.exposure is None:
            for name in dict.fromkeys((*(flow.from_ or ()), *(flow.to or ()))):
                if name in peers:
                    yield f"flow {flow.name or ''}".strip(), ("flows", index), name


_Exposed = tuple[str, KeyPath, WrittenExposure, str | None, str]
"""What is called so, where it is, what is said, what encrypts it (None: not known), what would."""


def _exposed(written: WrittenTopology) -> Iterator[_Exposed]:
    sockets = [(end.reference, end.path, end.written) for end in ends_of(owners_of(written))]
    sockets += [
        (f"{name}.{each}", ("peers", name, "sockets", each), socket)
        for name, peer in (written.peers or {}).items()
        for each, socket in ((peer and peer.sockets) or {}).items()
        if socket is not None
    ]
    for said, path, socket in sockets:
        if socket.exposure is not None:
            plain = socket.type is not None and not socket.type.speaks_zmtp
            encrypts = f"mechanism: {'TLS' if plain else 'CURVE'}"
            yield said, path, socket.exposure, socket.mechanism, encrypts
    for index, flow in enumerate(written.flows or ()):
        if flow is not None and flow.exposure is not None:
            said = f"flow {flow.name or ''}".strip()
            yield said, ("flows", index), flow.exposure, flow.encryption, "encryption: TLS"


def _judge_name(written: WrittenTopology, name: str, complain: Complain) -> None:
    try:
        parse_name(name)
    except Wrong as wrong:
        complain(("peers", name), f"peer: {wrong.what}", wrong.remedy)
    for noun, others in (("site", written.sites or {}), ("service", written.services or {})):
        if name in others:
            what = f"{quoted(name)} names a {noun} and a peer"
            complain(("peers", name), what, "choose another name for one of them")
    if name == PUBLIC_INTERNET:
        what = f"'{PUBLIC_INTERNET}' is the name of everybody outside"
        complain(("peers", name), what, "choose another name")


def _judge_peer(name: str, peer: WrittenPeer, complain: Complain) -> None:
    path: KeyPath = ("peers", name)
    if peer.addresses == () and peer.prefix_list == "":
        complain(
            path, f"peer {name} is nowhere", "add addresses: [198.51.100.7/32], or prefix-list:"
        )
    elif peer.addresses and peer.prefix_list:
        what = f"peer {name} has addresses: and prefix-list:"
        complain((*path, "prefix-list"), what, "keep one of the two")
    for index, each in enumerate(peer.addresses or ()):
        if not is_public(each):
            what = f"{each} of peer {name} is not public, so nothing leads there over the internet"
            complain((*path, "addresses", index), what, _AS_A_SITE)


def _judge_exposure(
    said: str, path: KeyPath, exposure: WrittenExposure, complain: Complain
) -> None:
    if exposure.until is not None and exposure.until < today():
        what = f"{said} was to be exposed to the internet until {exposure.until}"
        complain((*path, "exposure", "until"), what, "remove exposure:, or have it granted anew")
