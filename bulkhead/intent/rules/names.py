"""What things may be called."""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.values import PUBLIC_INTERNET, parse_name, parse_socket_name
from bulkhead.intent.wiring import ends_of, owners_of
from bulkhead.intent.written import WrittenTopology
from bulkhead.intent.wrong import Wrong, quoted


def judge_names(written: WrittenTopology, complain: Complain) -> None:
    """Names that AWS takes as parts of names, and that mean one thing each."""
    sites, services = written.sites or {}, written.services or {}
    named: dict[str, Iterable[str]] = {
        "segments": written.segments or {},
        "sites": sites,
        "services": services,
    }
    for kind, names in named.items():
        for name in names:
            path: KeyPath = (kind, name)
            try:
                parse_name(name)
            except Wrong as wrong:
                complain(path, f"{kind[:-1]}: {wrong.what}", wrong.remedy)
            if name == PUBLIC_INTERNET and kind != "segments":
                what = f"'{PUBLIC_INTERNET}' is the name of everybody outside"
                complain(path, what, "choose another name")
    for name in services:
        if name in sites:
            what = f"{quoted(name)} names a site and a service"
            complain(("services", name), what, "choose another name for one of them")
    for end in ends_of(owners_of(written)):
        try:
            parse_socket_name(end.name)
        except Wrong as wrong:
            complain(end.path, f"{end.owner.noun}: {wrong.what}", wrong.remedy)
