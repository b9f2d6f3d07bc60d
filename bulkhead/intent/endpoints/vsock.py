"""vmci and vsock: `cid:port`, libzmq's src/vmci_address.cpp and src/vsock_address.cpp.

A hypervisor's channel between its machines, such as a Nitro enclave and its parent; no packet.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from bulkhead.intent.endpoints.endpoint import ZmqEndpoint
from bulkhead.intent.wrong import Wrong, quoted

_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)
_HIGHEST: Final = 2**32 - 2  # the next is VMADDR_CID_ANY and VMADDR_PORT_ANY

_Kind = Literal["vmci", "vsock"]


def bind(kind: _Kind, rest: str, text: str) -> ZmqEndpoint:
    """`cid:port`, either of them '*' for any. Raises Wrong."""
    cid, port = _parted(kind, rest, text)
    if cid not in ("*", "@") and not _is_number(cid):
        raise _not_a_cid(kind, text, "'*', '@' for the machine's own")
    if port == "*":
        return ZmqEndpoint(transport=kind, address=cid, choice="*")
    return _at(kind, cid, port, text)


def connect(kind: _Kind, rest: str, text: str) -> ZmqEndpoint:
    """`cid:port`. Raises Wrong."""
    cid, port = _parted(kind, rest, text)
    if cid != "@" and not _is_number(cid):
        raise _not_a_cid(kind, text, "'@'")
    return _at(kind, cid, port, text)


def _at(kind: _Kind, cid: str, port: str, text: str) -> ZmqEndpoint:
    if not _is_number(port):
        raise Wrong(
            f"{quoted(text)} does not end in a port of {kind}",
            f"write a number from 0 to {_HIGHEST}",
        )
    return ZmqEndpoint(transport=kind, address=cid, ports=(int(port), int(port)))


def _parted(kind: _Kind, rest: str, text: str) -> tuple[str, str]:
    cid, colon, port = rest.rpartition(":")
    if not colon:
        raise Wrong(f"{quoted(text)} has no port", f'write one, as in "{kind}://3:5556"')
    return cid, port


def _is_number(said: str) -> bool:
    return _NUMBER.fullmatch(said) is not None and int(said) <= _HIGHEST


def _not_a_cid(kind: _Kind, text: str, besides: str) -> Wrong:
    return Wrong(
        f"{quoted(text)} does not begin with a context id",
        f'write the number of a machine, or {besides}, as in "{kind}://3:5556"',
    )
