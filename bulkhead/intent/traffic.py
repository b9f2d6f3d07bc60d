"""PlainTraffic that is not ZeroMQ: what a rule may say of it."""

from __future__ import annotations

import re
from typing import Final

from pydantic import BaseModel, ConfigDict

from bulkhead.intent.wrong import Wrong, alternatives, nearest, quoted

_NUMBERS: Final = {
    **{"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58, "sctp": 132},
    **{"gre": 47, "esp": 50, "ah": 51},
}
"""www.iana.org/assignments/protocol-numbers; another is written 'protocol 89'."""
_BY_PORT: Final = ("tcp", "udp")
_EVERYTHING: Final = frozenset({"all", "any", "*", "-1", "ip", "protocol"})
_EXAMPLE: Final = "tcp 22, tcp 8000-8010, udp 53, icmp 8, gre or protocol 89"
_WRITE_ONE: Final = f"write one such as {_EXAMPLE}"
_MESSAGES: Final = {
    "icmp": "icmp 8 (a ping), icmp 3/4",
    "icmpv6": "icmpv6 128 (a ping), icmpv6 1/4",
}
_COMMON: Final = {
    "ping": "icmp 8",
    **dict.fromkeys(("icmp6", "ipv6-icmp"), "icmpv6 128"),
    **dict.fromkeys(("dns", "domain"), "udp 53"),
    **{"ntp": "udp 123", "snmp": "udp 161", "syslog": "udp 514", "wireguard": "udp 51820"},
    **{"ssh": "tcp 22", "smtp": "tcp 25", "http": "tcp 80", "https": "tcp 443", "ldap": "tcp 389"},
    **{"ldaps": "tcp 636", "nfs": "tcp 2049", "mysql": "tcp 3306", "rdp": "tcp 3389"},
    **dict.fromkeys(("postgres", "postgresql"), "tcp 5432"),
    **{"amqp": "tcp 5672", "redis": "tcp 6379", "kafka": "tcp 9092"},
}
"""Where programs usually are: what somebody may mean who names one."""
_NUMBERED: Final = {
    **{"igmp": 2, "ipip": 4, "ipencap": 4, "egp": 8, "igp": 9, "ipv6": 41, "6in4": 41, "rsvp": 46},
    **{"eigrp": 88, "ospf": 89, "ospfigp": 89, "pim": 103, "vrrp": 112, "carp": 112, "pgm": 113},
    **{"l2tp": 115, "udplite": 136, "mpls-in-ip": 137},
}
"""Of the same list: those that have no word here."""

_TRAFFIC: Final = re.compile(r"([A-Za-z*-][A-Za-z0-9-]*)(?: +([^ ].*))?", re.ASCII)
_RANGE: Final = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", re.ASCII)
_MESSAGE: Final = re.compile(r"([0-9]{1,3})(?:/([0-9]{1,3}))?", re.ASCII)
_ELSEWHERE: Final = re.compile(
    r"(?P<one>tcp|udp)[:/](?P<ports>[0-9-]+)|(?P<before>[0-9-]+)/(?P<other>tcp|udp)",
    re.ASCII | re.IGNORECASE,
)
"""As other tools write it: 'tcp/22', 'tcp:22', '22/tcp'."""


class PlainTraffic(BaseModel):
    """What one rule lets through: ports of TCP or UDP, messages of ICMP, or a whole protocol."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    kind: str
    """'TCP', 'ICMP', 'GRE'; 'IP' of a protocol that is named by its number alone."""
    protocol: int
    """As IANA numbers them."""
    ports: tuple[int, int] | None = None
    """First and last, of TCP and UDP. Of others AWS looks at none."""
    message: tuple[int, int | None] | None = None
    """Type and code of ICMP, or of that of IPv6; without a code all of that type, None: all."""
    unfiltered: str = ""
    """Ports that were written and that no rule of AWS can name."""

    def __str__(self) -> str:
        name = self.kind.lower() if self.kind != "IP" else f"protocol {self.protocol}"
        if self.ports is not None:
            first, last = self.ports
            return f"{name} {first}" if first == last else f"{name} {first}-{last}"
        if self.message is not None:
            kind, code = self.message
            return f"{name} {kind}" if code is None else f"{name} {kind}/{code}"
        return name


def parse_traffic(value: object) -> PlainTraffic:
    """'tcp 22', 'tcp 8000-8010', 'udp 53', 'icmp 8', 'icmpv6 128', 'sctp', 'gre', 'protocol 89'.

    Raises Wrong.
    """
    if not isinstance(value, str):
        port = isinstance(value, int) and not isinstance(value, bool)
        remedy = f"write tcp {value} or udp {value}" if port else _WRITE_ONE
        raise Wrong(f"{quoted(value)} names no protocol", remedy)
    if other := _ELSEWHERE.fullmatch(value.strip()):
        name, ports = other["one"] or other["other"], other["ports"] or other["before"]
        raise Wrong(f"{quoted(value)} is no traffic", f"write {name.lower()} {ports}")
    match = _TRAFFIC.fullmatch(value.strip())
    if match is None:
        raise Wrong(f"{quoted(value)} is no traffic", _WRITE_ONE)
    name, rest = match.groups()
    if name.lower() == "protocol" and rest is not None:
        return _numbered(rest, value)
    if name.lower() in _EVERYTHING:
        raise Wrong(f"{quoted(value)} is everything", f"name what is needed, such as {_EXAMPLE}")
    if name not in _NUMBERS:
        raise Wrong(f"{quoted(value)} names no protocol", _meant(name.lower(), rest))
    if name in _BY_PORT:
        return PlainTraffic(
            kind=name.upper(), protocol=_NUMBERS[name], ports=_ports(name, rest, value)
        )
    if name in ("icmp", "icmpv6"):
        message = _message(name, rest, value)
        return PlainTraffic(kind=name.upper(), protocol=_NUMBERS[name], message=message)
    if rest is not None and name == "sctp":
        _ports(name, rest, value)
        return PlainTraffic(kind="SCTP", protocol=_NUMBERS[name], unfiltered=rest)
    if rest is not None:
        raise Wrong(f"{quoted(value)}: {name} has no ports", f"write {name}")
    return PlainTraffic(kind=name.upper(), protocol=_NUMBERS[name])


def _meant(name: str, rest: str | None) -> str:
    if name in _COMMON:
        return f"write {_COMMON[name]}, if it is there as usual"
    if name in _NUMBERS:
        return f"write {name} {rest}" if rest else f"write {name}"
    if name in _NUMBERED:
        return f"write protocol {_NUMBERED[name]}"
    return nearest(name, _NUMBERS)


def _ports(name: str, rest: str | None, text: str) -> tuple[int, int]:
    example = {"tcp": "22", "udp": "53"}.get(name, "3868")
    if rest is None:
        raise Wrong(
            f"{quoted(text)} names no port",
            f"write one behind it, as in {name} {example}, or a range; all are {name} 1-65535",
        )
    match = _RANGE.fullmatch(rest)
    if match is None:
        remedy = f"write a number or a range, as in {name} {example}"
        if "," in rest:
            remedy = (
                f"write a list: [{', '.join(f'{name} {one.strip()}' for one in rest.split(','))}]"
            )
        raise Wrong(f"{quoted(text)} has no port behind {name}", remedy)
    first, last = int(match[1]), int(match[2] or match[1])
    if not 1 <= first <= last <= 65535:
        raise Wrong(
            f"{quoted(text)} is not within 1-65535, the first before the last",
            f"write a number or a range, as in {name} {example}",
        )
    return first, last


def _message(name: str, rest: str | None, text: str) -> tuple[int, int | None] | None:
    if rest is None:
        return None
    match = _MESSAGE.fullmatch(rest)
    if match is None or not all(int(each) <= 255 for each in match.groups() if each):
        raise Wrong(
            f"{quoted(text)} names no message of {name.upper()}",
            f"write its type, and its code if it is for one alone: {_MESSAGES[name]}",
        )
    return int(match[1]), int(match[2]) if match[2] else None


def _numbered(rest: str, text: str) -> PlainTraffic:
    if not rest.isdecimal() or not rest.isascii() or not 0 <= int(rest[:4]) <= 255:
        raise Wrong(f"{quoted(text)} names no protocol", "write its number, 0 to 255")
    number = int(rest)
    if named := [name for name, known in _NUMBERS.items() if known == number]:
        example = {"tcp": "tcp 22", "udp": "udp 53"}.get(named[0], named[0])
        raise Wrong(f"{quoted(text)} is {alternatives(named)}", f"write it so: {example}")
    return PlainTraffic(kind="IP", protocol=number)
