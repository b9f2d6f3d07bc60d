"""What an engine says that it replaces: the old one goes, and another takes its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A resource of which a preview says so.

    `kind` is what the engine calls such resources ('aws:ec2/vpnConnection:VpnConnection'),
    `name` what the program calls this one, `id` what AWS does until it goes, and `new_id` what
    its successor has in the network that is to come. `reasons` are the properties that cannot
    be changed in place ('tunnel1InsideCidr'); none: it goes because something that it was made
    from does.
    """

    urn: str
    kind: str
    name: str
    id: str
    new_id: str
    reasons: tuple[str, ...] = ()
