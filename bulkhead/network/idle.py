"""After how many idle seconds an interface forgets a connection.

The one place that decides it: as somebody set it, else as AWS does for the instance type
(docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ConnectionTrackingConfiguration.html).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bulkhead.network.places import Interface
from bulkhead.network.ports import TCP, UDP

TCP_ESTABLISHED: Final = 432_000
NITRO_V6_TCP: Final = 350
UDP_SINGLE: Final = 30
"""While packets went one way, or there was one answer."""
UDP_STREAM: Final = 180
OTHERS: Final = 600


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NITRO_V6: Final = _names(
    "c8a c8gb c8gn c8i c8i-flex c8ib c8id c8in c8ine hpc8a i8ge "
    "m8a m8azn m8gb m8gn m8i m8i-flex m8ib m8id m8idb m8idn m8in m8ine m9g m9gd "
    "p6-b200 p6-b300 r8a r8gb r8gn r8i r8i-flex x8aedz"
)
_OLDER: Final = _names(
    "a1 c1 c3 c4 c5 c5a c5ad c5d c5n c6a c6g c6gd c6gn c6i c6id c6in c7a c7g c7gd c7gn c7i "
    "c7i-flex c8g c8gd d2 d3 d3en dl1 dl2q f1 f2 g2 g3 g3s g4ad g4dn g5 g5g g6 g6e g6f gr6 "
    "gr6f h1 hpc6a hpc6id hpc7a hpc7g i2 i3 i3en i4g i4i i7i i7ie i8g im4gn inf1 inf2 is4gen "
    "m1 m2 m3 m4 m5 m5a m5ad m5d m5dn m5n m5zn m6a m6g m6gd m6i m6id m6idn m6in m7a m7g m7gd "
    "m7i m7i-flex m8g m8gd mac-m4 mac-m4max mac-m4pro mac1 mac2 mac2-m1ultra mac2-m2 "
    "mac2-m2pro p2 p3 p3dn p4d p4de p5 p5e p5en p6e-gb200 r3 r4 r5 r5a r5ad r5b r5d r5dn r5n "
    "r6a r6g r6gd r6i r6id r6idn r6in r7a r7g r7gd r7i r7iz r8g r8gd t1 t2 t3 t3a t4g trn1 "
    "trn1n trn2 trn2u u-12tb1 u-18tb1 u-24tb1 u-3tb1 u-6tb1 u-9tb1 u7i-12tb u7i-6tb u7i-8tb "
    "u7in-16tb u7in-24tb u7in-32tb u7inh-32tb vt1 x1 x1e x2gd x2idn x2iedn x2iezn x8g z1d"
)
"""Families of instance types by what they are built on: the tables "Instance family summary" of
docs.aws.amazon.com/ec2/latest/instancetypes (gp, co, mo, so, ac, hpc, pg). P6e-GB200 keeps the
older time-out by name."""


@dataclass(frozen=True, slots=True)
class Memory:
    """How long an interface remembers a silent connection; `why` it is that long, if not set."""

    seconds: int
    why: str = ""


def remembers(interface: Interface, protocol: int, *, stream: bool = True) -> Memory:
    """Of an established tcp connection, of udp (a stream, or less than that), of all else."""
    idle = interface.idle
    if protocol == TCP:
        return Memory(idle.tcp_established) if idle.tcp_established else by_type(interface)
    if protocol != UDP:
        return Memory(OTHERS)
    if stream:
        return Memory(idle.udp_stream or UDP_STREAM)
    return Memory(idle.udp or UDP_SINGLE)


def by_type(interface: Interface) -> Memory:
    """What AWS does with tcp where nobody set it; the shorter where the type is not known."""
    kind = interface.instance_type
    if _family(interface) in _OLDER:
        return Memory(TCP_ESTABLISHED)
    if _family(interface) in _NITRO_V6:
        return Memory(NITRO_V6_TCP, f"{kind} is built on Nitro v6")
    unknown = (
        f"not known whether {kind} is built on Nitro v6"
        if kind
        else ("not known which instance type")
    )
    return Memory(NITRO_V6_TCP, f"{unknown}: {TCP_ESTABLISHED} s where it is not on Nitro v6")


def usual_tcp(interface: Interface) -> int:
    """What AWS has for tcp where nobody set it: on most types."""
    return NITRO_V6_TCP if _family(interface) in _NITRO_V6 else TCP_ESTABLISHED


def _family(interface: Interface) -> str:
    return (interface.instance_type or "").partition(".")[0].lower()
