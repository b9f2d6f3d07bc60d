"""Who plays which role, and whom a role that connects to it meets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bulkhead.intent.document import KeyPath
from bulkhead.intent.presets.catalogue import PresetRole
from bulkhead.intent.wrong import KnownNames, Wrong, alternatives, quoted


@dataclass(frozen=True, slots=True)
class Player:
    """One `use:` of a service or a site that names a role there is."""

    role: PresetRole
    owner: str
    thing: dict[str, Any]
    """What is written for the owner."""
    at: KeyPath
    of: tuple[str, ...]
    without: frozenset[str]
    secured: Mapping[str, Any]
    """`mechanism` and `zap` of its ZeroMQ sockets, where they are said; None for unreadable."""

    @property
    def held(self) -> tuple[str, ...]:
        """The sockets of the role that it has."""
        return tuple(each for each in self.role.sockets if each not in self.without)


class Cast:
    """All who use presets, and everybody whom `of` may name."""

    def __init__(self, players: Iterable[Player], owners: Iterable[str]) -> None:
        self._by_role: dict[str, list[Player]] = defaultdict(list)
        for each in players:
            self._by_role[each.role.reference].append(each)
        self._owners = KnownNames(owners)
        self._known = frozenset(owners)

    def met_by(self, player: Player, role: str) -> list[Player]:
        """Who plays a role of the same application for this one. Raises Wrong."""
        wanted = f"{player.role.preset}.{role}"
        playing = self._by_role[wanted]
        if named := [each for each in playing if each.owner in player.of]:
            return named
        if role == player.role.name:
            return list(_peers(player, playing))
        if len(playing) == 1:
            return playing
        what = f"{player.owner} uses {player.role.reference}, which connects to a {wanted}"
        if not playing:
            remedy = f"write use: {wanted} for one, or connect: for each socket of this one"
            raise Wrong(f"{what}, and nobody uses that", remedy)
        names = [each.owner for each in playing]
        raise Wrong(f"{what}, and {len(names)} use that", f"write of: {alternatives(names)}")

    def expect_played(self, player: Player) -> None:
        """That whoever `of` names plays a role which this one connects to. Raises Wrong."""
        roles = {role for socket in player.role.sockets for role, _ in player.role.meets(socket)}
        wanted = sorted(f"{player.role.preset}.{role}" for role in roles)
        for name in player.of:
            if name not in self._known:
                raise Wrong(f"of: there is no {quoted(name)}", self._owners.nearest(name))
            if not wanted:
                raise Wrong(f"of: {player.role.reference} connects to nothing", "remove it")
            if not any(each.owner == name for role in wanted for each in self._by_role[role]):
                what = f"of: {quoted(name)} does not use {alternatives(wanted)}"
                playing = {each.owner: None for role in wanted for each in self._by_role[role]}
                remedy = f"write {alternatives(playing)}" if playing else "say there that it does"
                raise Wrong(what, remedy)


def _peers(player: Player, playing: Iterable[Player]) -> Iterator[Player]:
    """All others of its own role, and its own copies where it has some or nobody else is there."""
    others = [each for each in playing if each.owner != player.owner]
    if not others or player.thing.get("replicas", 1) != 1:
        yield player
    yield from others
