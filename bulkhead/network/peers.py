"""Peers on the internet: whose addresses they are."""

from __future__ import annotations

from dataclasses import dataclass

from bulkhead.network.addresses import IPNetwork


@dataclass(frozen=True, slots=True, kw_only=True)
class InternetPeer:
    """Addresses of the internet that somebody gave a name: no packet depends on it."""

    name: str
    cidrs: tuple[IPNetwork, ...]
    prefix_list: str = ""
    """The list that held them, where one did."""
