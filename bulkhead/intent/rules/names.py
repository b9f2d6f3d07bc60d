"""What things may be called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.values import PUBLIC_INTERNET, parse_name, parse_socket_name
from bulkhead.intent.wiring import Owner, ends_of
from bulkhead.intent.written import WrittenTopology
from bulkhead.intent.wrong import Wrong, quoted

_HOST: Final = re.compile(r"(?P<service>.+)-(?P<number>[1-9][0-9]{0,2})", re.ASCII)


def judge_names(written: WrittenTopology, owners: Mapping[str, Owner], complain: Complain) -> None:
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
    _warn_of_hosts(written, complain)
    for end in ends_of(owners):
        try:
            parse_socket_name(end.name)
        except Wrong as wrong:
            complain(end.path, f"{end.owner.noun}: {wrong.what}", wrong.remedy)


def _warn_of_hosts(written: WrittenTopology, complain: Complain) -> None:
    """The hosts of a service are numbered, and something else may be called like one of them."""
    services = written.services or {}
    for kind, names in (("sites", written.sites or {}), ("services", services)):
        for name in names:
            host = _HOST.fullmatch(name)
            service = services.get(host["service"]) if host else None
            numbered = service is not None and not service.comes_and_goes
            if (
                host
                and service
                and numbered
                and int(host["number"]) <= (service.replicas or (1, 1))[1]
            ):
                complain.warn(
                    (kind, name),
                    f"{kind[:-1]} {name} is called as host {host['number']} of service "
                    f"{host['service']} is, and answers name both",
                    "choose another name, unless nobody will take one for the other",
                )
