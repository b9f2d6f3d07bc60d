"""All presets, as a list for a terminal and as a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bulkhead.intent.presets.catalogue import Preset, PresetRole, preset_called, preset_names
from bulkhead.intent.presets.others import ALSO_CALLED, SAY_THEMSELVES, SPEAK_OTHERWISE

_HEAD: Final = """\
# Application presets

The sockets of applications that many run, as one would write them: types, ports, who connects, and
the mechanism. [The guide](topology.md#presets) says how a service or a site uses one. This page is
written by `bulkhead presets --markdown -o docs/presets.md`; `bulkhead presets salt` prints one, to
copy from.

What each says is of the version that it names, at the ports that it names: an application that is
set up otherwise wants its own written over it. Where a test starts the application, it fails when
the application opens anything else.
"""


def listing() -> str:
    """A line an application: its name, its roles, what it is."""
    every = [preset_called(name) for name in preset_names()]
    wide = max(len(each.name) for each in every)
    return "".join(
        f"{each.name:{wide}}  {each.about}\n{'':{wide}}  roles: {', '.join(each.roles)}\n"
        for each in every
    )


def page() -> str:
    """The page, as Markdown."""
    every = [preset_called(name) for name in preset_names()]
    return "\n".join([_HEAD, *(line for each in every for line in _section(each)), *_others()])


def _section(preset: Preset) -> Iterator[str]:
    yield f"## {preset.name}\n"
    yield f"{preset.about}\n"
    yield f"As of {preset.version}: {preset.seen}. [Where it says so]({preset.source}).\n"
    if preset.settings:
        yield f"To set: {preset.settings.strip()}\n"
    if preset.notes:
        yield f"{preset.notes.strip()}\n"
    yield "| socket | type | where | mechanism | what for |"
    yield "| --- | --- | --- | --- | --- |"
    for role in preset.roles.values():
        yield f"| **`{role.reference}`** | | {role.about} | | |"
        for name, socket in role.sockets.items():
            said = [f"`{name}`", socket["type"], _where(role, name), _secured(socket)]
            yield f"| {' | '.join([*said, socket['why']])} |"
    yield ""


def _where(role: PresetRole, socket: str) -> str:
    said = role.sockets[socket]
    bound = said.get("bind", ())
    binds = [bound] if isinstance(bound, str) else bound
    connects = [f"{other}.{there}" for other, there in role.meets(socket)]
    words = [f"binds `{each}`" for each in binds] + [f"connects to `{each}`" for each in connects]
    return ", ".join(words)


def _secured(socket: Mapping[str, Any]) -> str:
    zap = ", ZAP" if socket.get("zap") else ""
    return f"{socket.get('mechanism', '')}{zap}"


def _others() -> Iterator[str]:
    yield "## Those without one\n"
    yield "These do not speak ZeroMQ, and what they bind is declared as `type: TCP`:\n"
    yield "| application | speaks |"
    yield "| --- | --- |"
    yield from (f"| {name} | {speaks} |" for name, speaks in sorted(SPEAK_OTHERWISE.items()))
    named = ", ".join(sorted(SAY_THEMSELVES))
    yield f"\nThese speak ZeroMQ at whatever endpoints their configuration names: {named}.\n"
    also = ", ".join(f"{name} ({preset})" for name, preset in sorted(ALSO_CALLED.items()))
    yield f"These have the sockets of a preset: {also}.\n"
