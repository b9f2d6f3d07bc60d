"""The presets, read from the files beside this one when somebody names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from bulkhead.intent.document import read_document
from bulkhead.intent.presets.others import ALSO_CALLED, SAY_THEMSELVES, SPEAK_OTHERWISE
from bulkhead.intent.wrong import Wrong, alternatives, nearest, quoted

_FOLDER: Final = files(__package__)
_SUFFIX: Final = ".yaml"


@dataclass(frozen=True, slots=True)
class PresetRole:
    """A program of an application, and its sockets as somebody would write them."""

    preset: str
    name: str
    about: str
    sockets: Mapping[str, Mapping[str, Any]]
    """What it connects to is a role and a socket of that: master.publish."""

    @property
    def reference(self) -> str:
        """As it is written behind `use:`."""
        return f"{self.preset}.{self.name}"

    def meets(self, socket: str) -> tuple[tuple[str, str], ...]:
        """The roles, with a socket of each, to which one of its sockets connects."""
        connect = self.sockets[socket].get("connect", ())
        several = [connect] if isinstance(connect, str) else connect
        return tuple((role, there) for role, _, there in (each.partition(".") for each in several))


@dataclass(frozen=True, slots=True)
class Preset:
    """An application: what its sockets are, and how that is known."""

    name: str
    about: str
    version: str
    """Of the application, of which this was read or seen."""
    source: str
    """Where the application, or its documentation, says so."""
    seen: str
    """How it was held against the program itself."""
    settings: str
    """What to set so that the program binds what is said here; '' where it does by itself."""
    notes: str
    roles: Mapping[str, PresetRole]
    text: str
    """The file, for who wants to copy from it."""


@cache
def preset_names() -> tuple[str, ...]:
    """All there are, in order."""
    found = (each.name for each in _FOLDER.iterdir())
    return tuple(sorted(each.removesuffix(_SUFFIX) for each in found if each.endswith(_SUFFIX)))


def preset_called(name: str) -> Preset:
    """The preset of an application. Raises Wrong where there is none."""
    if name in preset_names():
        return _read(name)
    plain = name.lower().replace("_", "-")
    if plain in SPEAK_OTHERWISE:
        what = f"{quoted(name)} has no preset: it speaks {SPEAK_OTHERWISE[plain]}, not ZeroMQ"
        as_flows = "declare what its hosts say to each other as flows:, of traffic: udp"
        over_tcp = "declare what it binds as sockets of type: TCP"
        raise Wrong(what, as_flows if "UDP" in SPEAK_OTHERWISE[plain] else over_tcp)
    if plain in ALSO_CALLED:
        preset = ALSO_CALLED[plain]
        raise Wrong(
            f"{quoted(name)} has no preset of its own", f"write {preset}, whose sockets it has"
        )
    if plain in SAY_THEMSELVES:
        what = f"{quoted(name)} has no preset: its configuration says at which endpoints it waits"
        raise Wrong(what, "declare the sockets that are named there")
    raise Wrong(f"there is no preset {quoted(name)}", nearest(name, preset_names()))


def role_called(reference: str) -> PresetRole:
    """The role of `salt.master`; of an application with one role, its name will do.

    Raises Wrong.
    """
    name, dot, role = reference.partition(".")
    roles = preset_called(name).roles
    if not dot and len(roles) == 1:
        return next(iter(roles.values()))
    if not dot:
        every = alternatives(each.reference for each in roles.values())
        raise Wrong(f"{name} has several roles", f"write {every}")
    if role not in roles:
        raise Wrong(f"{name} has no role {quoted(role)}", nearest(role, roles))
    return roles[role]


@cache
def _read(name: str) -> Preset:
    data = (_FOLDER / f"{name}{_SUFFIX}").read_bytes()
    document = read_document(f"{name}{_SUFFIX}", data)
    if document.root is None or document.problems:
        raise ValueError(document.problems)  # a fault of the distribution, not of its user
    said = document.root.plain()
    roles = {
        role: PresetRole(name, role, held["about"], held["sockets"])
        for role, held in said["roles"].items()
    }
    return Preset(
        name=name,
        about=said["about"],
        version=str(said["version"]),
        source=said["source"],
        seen=said["seen"],
        settings=said.get("settings", ""),
        notes=said.get("notes", ""),
        roles=roles,
        text=data.decode(),
    )
