"""What somebody meant whose text names nobody: a host without its site, an address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bulkhead.intent.wiring.owners import Owner
from bulkhead.intent.wrong import Wrong, alternatives, quoted

_ADDRESS: Final = re.compile(
    r"[0-9]{1,3}(\.[0-9]{1,3}){3}([/:.].*)?|\[?[0-9a-f]*:[0-9a-f]*:.*", re.ASCII
)


def expect_no_address(text: str) -> None:
    """Raises Wrong where an address is written, of either family, or a network."""
    if _ADDRESS.fullmatch(text):
        what = f"{quoted(text)} is an address, and everybody is meant by name"
        as_host = "or SITE/NAME, with hosts: { NAME: { address: … } } there"
        raise Wrong(what, f"write a service or a site, {as_host}")


def expect_somebody(text: str, owners: Mapping[str, Owner]) -> None:
    """Raises Wrong where it can be told who was meant by a text that is no service and no site."""
    expect_no_address(text)
    site, _, host = text.partition(".")
    if site in owners and host in owners[site].hosts:
        raise Wrong(f"{quoted(host)} is a host of site {site}", f"write {site}/{host}")
    if at := [f"{each.name}/{text}" for each in owners.values() if text in each.hosts]:
        what = f"{quoted(text)} is a host of a site, and none by itself"
        raise Wrong(what, f"write {alternatives(at)}")
