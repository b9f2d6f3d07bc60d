"""Settings as plain values: what JSON holds, and what a stack exports."""

from __future__ import annotations

from ipaddress import IPv6Address
from typing import Any

from bulkhead.network.ipv6_blocks import stands_in
from bulkhead.settings.addresses import LATER
from bulkhead.settings.beside import PlainNeed
from bulkhead.settings.entries import (
    BindsAt,
    ComingCopies,
    ConnectsTo,
    OwnerSettings,
    SocketSettings,
)
from bulkhead.settings.profile import SocketProfile

Plain = dict[str, Any]


def as_plain(found: OwnerSettings) -> Plain:
    """Of one service or site."""
    later = any(each.ipv6 and stands_in(each.ipv6) for each in found.copies)
    return {
        "topology": found.topology,
        "service": found.owner,
        "kind": found.kind,
        "replicas": [
            {
                "replica": each.number,
                "name": each.name,
                "address": str(each.address),
                "ipv6": _ipv6(each.ipv6),
                "host": each.host or None,
                "instance": each.instance_type or None,
                "interfaces": {
                    one.interface: {
                        "name": one.name,
                        "address": str(one.address),
                        "ipv6": _ipv6(one.ipv6),
                        "host": one.host or None,
                    }
                    for one in each.interfaces
                },
            }
            for each in found.copies
        ],
        **({"coming": _coming(found.coming)} if found.coming else {}),
        "sockets": {each.name: _socket(each) for each in found.sockets},
        "flows": [_beside(each) for each in found.beside],
        "later": LATER if later else None,
    }


def _coming(each: ComingCopies) -> Plain:
    return {"fewest": each.fewest, "most": each.most, "within": [str(one) for one in each.within]}


def _ipv6(address: IPv6Address | None) -> str | None:
    return None if address is None or stands_in(address) else str(address)


def _beside(each: PlainNeed) -> Plain:
    return {
        "name": each.name,
        "opens": each.opens,
        "peer": each.peer,
        "at": list(each.at),
        "protocol": each.protocol,
        "ports": [each.ports.first, each.ports.last] if each.ports else None,
        "traffic": each.traffic,
        "encryption": each.encryption or None,
        "vpc_encrypts": each.vpc_encrypts,
        "interface": each.interface or None,
    }


def _socket(socket: SocketSettings) -> Plain:
    return {
        "type": socket.type,
        "mechanism": socket.mechanism or None,
        "zap": socket.zap,
        "vpc_encrypts": socket.vpc_encrypts,
        "bind": [_bound(each) for each in socket.bind],
        "connect": [_reached(each) for each in socket.connect],
        "public_key": socket.public_key,
        "secret_key": socket.secret_key,
        "client_keys": list(socket.client_keys),
        "profile": _profile(socket.profile),
    }


def _bound(each: BindsAt) -> Plain:
    return {"endpoint": each.endpoint, "replica": each.copy, "why": each.why or None}


def _reached(each: ConnectsTo) -> Plain:
    return {
        "to": each.to,
        "endpoint": each.endpoint,
        "replica": each.copy,
        "also": list(each.also),
        "server_key": each.server_key,
        "why": each.why or None,
    }


def _profile(each: SocketProfile) -> Plain:
    silence = each.silence
    return {
        "idle_seconds": silence.seconds if silence else None,
        "because": silence.because if silence else None,
        "options": dict(each.options),
    }
