"""Whether code is of what runs, and whether an end in code is at a place: each with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bulkhead.discover.code.found import SocketInCode
from bulkhead.discover.register.drafts import AtServer, PartyDraft
from bulkhead.discover.register.from_code import CodeEnd
from bulkhead.discover.register.naming import plain
from bulkhead.discover.register.sighting import Certainty


@dataclass(frozen=True, slots=True)
class Fits:
    """That an end in code fits something, how surely, and why."""

    certainty: Certainty
    why: str


def runs(end: CodeEnd, party: PartyDraft) -> str:
    """Why a party of what runs is the program that this code is of; '' where it is not told."""
    if not party.known:
        return ""
    if party.name == end.party.name or plain(party.name) == plain(end.party.name):
        return f"{end.party.because} is called as what runs"
    return next((why for each in party.scripts if (why := _script_of(each, end.socket))), "")


def _script_of(script: str, socket: SocketInCode) -> str:
    """Why what a process runs is the code of a socket: its file, or the module of its package."""
    words = script.removeprefix("-m ").strip()
    file = socket.place.file
    if words.endswith(f"/{file}") or words == file:
        return f"it runs {file}"
    base = words.rpartition("/")[2]
    if script.startswith("-m"):
        module = words.split(".")
        parts = re.sub(r"\.\w+$", "", file).split("/")
        if module[0] in parts or plain(module[0]) == plain(socket.program):
            return f"it runs -m {words}, of the package that makes the socket"
    elif base and base == file.rpartition("/")[2]:
        return f"it runs {base}, the name of the file that makes the socket"
    elif base and plain(base) == plain(socket.program):
        return f"it runs {base}, the name of the package that makes the socket"
    return ""


def place_of(end: CodeEnd) -> int | str | None:
    """Its port or its path; None where only the running program knows it."""
    return end.port if end.port is not None else end.path or None


def same_place(end: CodeEnd, at: AtServer) -> bool:
    """Whether it is at that very port or path, as far as the code tells."""
    place = place_of(end)
    return place is not None and place == at.place


def may_be_at(end: CodeEnd, at: AtServer) -> bool:
    """The same, or whether the running program decides."""
    return end.open_port or same_place(end, at)
