"""What every answer of AWS shares: the owner, and tags."""

from __future__ import annotations

from typing import Any

from bulkhead.network import Network, SecurityGroup
from bulkhead.network import tags as words

OWNER = "123456789012"
Answer = dict[str, Any]


def tags(name: str, **more: str | None) -> list[dict[str, str]]:
    named = {"Name": name, **{f"bulkhead:{key}": value for key, value in more.items()}}
    return [{"Key": key, "Value": value} for key, value in named.items() if value]


def sockets(network: Network, owner: str | None) -> list[dict[str, str]]:
    found = words.socket_tags(each for each in network.listeners if each.owner == owner)
    return [{"Key": key, "Value": value} for key, value in found.items()]


def coming(group: SecurityGroup) -> list[dict[str, str]]:
    """Of a group whose holders come and go, or that they hold besides its own; the segment is told
    of every group here."""
    found = words.members_tags(group.members) | words.more_of_tag(group.more_of)
    found |= words.named_by_tag(group.named_by)
    return [{"Key": key, "Value": value} for key, value in found.items() if key != words.SEGMENT]
