"""What a preset says is put under what is written, with the place of its `use:`.

It is done before defaults are filled in: what an application is known to do is nearer to it than
what most sockets of a file do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import MOST_VALUES, FileLine, KeyPath
from bulkhead.intent.presets.catalogue import role_called
from bulkhead.intent.presets.players import Cast, Player
from bulkhead.intent.sockets import SocketType
from bulkhead.intent.written import WrittenUse, read
from bulkhead.intent.written.shapes import in_words
from bulkhead.intent.wrong import Wrong, alternatives, nearest, quoted

_Places = dict[KeyPath, FileLine]


def use_presets(data: Any, places: _Places, complain: Complain) -> None:
    """Give services and sites the sockets of the presets that they use.

    `data` has lost its empty values already. A `use` that is wrong is told, and set aside.
    """
    if not isinstance(data, dict):
        return
    players: list[Player] = []
    for path, thing in _things(data):
        if thing.get("use") is not None:
            players += _players(path, thing, places, complain)
    if players:
        _Using(data, players, places, complain).fill_in()


def _things(data: dict[str, Any]) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    for section in ("sites", "services"):
        if isinstance(of := data.get(section), dict):
            yield from (((section, name), each) for name, each in of.items() if _is(each))


def _is(value: Any) -> bool:
    return isinstance(value, dict)


def _mapping(value: Any) -> dict[str, Any]:
    """What can be asked for its keys; of anything else nothing."""
    return value if isinstance(value, dict) else {}


def _players(
    path: KeyPath, thing: dict[str, Any], places: _Places, complain: Complain
) -> Iterator[Player]:
    """Those that one service or site names. What is wrong of them is gone afterwards."""
    at = (*path, "use")
    held = thing["use"]
    if not isinstance(held, list):
        for key in held if _is(held) else ():
            places[*at, 0, key] = places[*at, key]
        held = [held]
    if not held:
        return  # which the shape complains about
    thing["use"] = kept = []
    named: set[str] = set()
    for index, each in enumerate(held):
        if each is None:
            continue
        said = {"preset": each} if isinstance(each, str) else each
        where = (*at, index)
        if not _is(said):
            what = f"{in_words(at)}: {quoted(each)} is no preset"
            complain(where, what, "write an application and its role, as in use: salt.minion")
            continue
        if _is(said):
            said = dict(said)
        used = read(WrittenUse, said, complain, where)
        if used is None or None in (used.preset, used.of, used.without):
            continue
        if (player := _player(used, said, thing, where, complain)) is not None:
            if player.role.reference in named:
                what = f"{in_words(at)}: it names {player.role.reference} twice"
                complain(where, what, "name it once; of: takes a list")
                continue
            named.add(player.role.reference)
            kept.append(said)
            yield player
    if not kept:
        del thing["use"]
    if len(kept) < len(held):
        _leave_open(thing.get("sockets"))


def _leave_open(sockets: Any) -> None:
    """What a preset would say that is not known, nobody asks for."""
    for written in _mapping(sockets).values():
        if _is(written) and "type" not in written:
            written["type"] = None
            written.setdefault("connect", None)


def _player(
    used: WrittenUse,
    said: Mapping[str, Any],
    thing: dict[str, Any],
    at: KeyPath,
    complain: Complain,
) -> Player | None:
    try:
        role = role_called(used.preset or "")
    except Wrong as wrong:
        complain((*at, "preset"), f"{str(at[0])[:-1]} {at[1]}, use: {wrong.what}", wrong.remedy)
        return None
    for index, name in enumerate(used.without or ()):
        if name not in role.sockets:
            what = f"{at[1]}, without: {role.reference} has no socket {quoted(name)}"
            complain((*at, "without", index), what, nearest(name, role.sockets))
    without = frozenset(used.without or ())
    return Player(
        role=role,
        owner=str(at[1]),
        thing=thing,
        at=at,
        of=used.of or (),
        without=without,
        secured={key: said[key] for key in ("mechanism", "zap") if key in said},
    )


class _Using:
    """Puts the sockets of each role where it is played."""

    def __init__(
        self, data: dict[str, Any], players: list[Player], places: _Places, complain: Complain
    ) -> None:
        self.players = players
        self.places = places
        self.complain = complain
        self.cast = Cast(players, [str(path[1]) for path, _ in _things(data)])
        self.values = 0
        self.whose: dict[tuple[str, str], str] = {}
        self.unsure: set[KeyPath] = set()
        """Of whom it has been told already that nobody knows whom they meet."""

    def fill_in(self) -> None:
        for player in self.players:
            if not self._play(player):
                what = f"all that presets fill in is more than {MOST_VALUES} values"
                remedy = "put a broker between, or make several topologies of this one"
                self.complain(player.at, f"up to here {what}", remedy)
                self._forget_connections()
                return
        by_owner: dict[str, list[Player]] = defaultdict(list)
        for player in self.players:
            by_owner[player.owner].append(player)
        for mine in by_owner.values():
            self._expect_known(mine)

    def _forget_connections(self) -> None:
        """So that no more is told of sockets that are not there for want of room."""
        for player in self.players:
            for written in _mapping(player.thing.get("sockets")).values():
                if _is(written):
                    written["connect"] = None

    def _play(self, player: Player) -> bool:
        """Whether there was room for its sockets."""
        try:
            self.cast.expect_played(player)
        except Wrong as wrong:
            self.complain((*player.at, "of"), f"{player.owner}, {wrong.what}", wrong.remedy)
            self.unsure.add(player.at)
        sockets = player.thing.setdefault("sockets", {})
        if not _is(sockets):
            return True
        for name in self._free(player):
            written = sockets.setdefault(name, {})
            if not _is(written):
                continue
            said = self._said(player, name, written)
            if said:
                self._put(player, name, written, said)
            elif not written:
                del sockets[name]
            if self.values > MOST_VALUES:
                return False
        return True

    def _free(self, player: Player) -> list[str]:
        """Its sockets, less those whose name another preset of the same owner has taken."""
        taken: dict[str, list[str]] = defaultdict(list)
        mine = player.role.reference
        for name in player.held:
            taken[self.whose.setdefault((player.owner, name), mine)].append(name)
        free = taken.pop(mine, [])
        for first, names in taken.items():
            shown = alternatives(names).replace(" or ", " and ")
            what = f"{player.owner}: {first} and {mine} both have a socket {shown}"
            listed = ", ".join(names)
            remedy = f"make a service of each, or leave out of one: without: [{listed}]"
            self.complain(player.at, what, remedy)
        return free

    def _said(self, player: Player, name: str, written: dict[str, Any]) -> dict[str, Any]:
        """What a role says of a socket; nothing where whatever it would meet does not have it."""
        said = deepcopy(dict(player.role.sockets[name]))
        _secure(said, player)
        if "connect" not in said:
            away = player.at[0] == "sites" and _stays_on_host(said)
            return {} if away else said
        if "connect" not in written:
            met = self._met(player, name)
            if met == []:
                del said["connect"]
            else:
                said["connect"] = met
        return said if "bind" in said or "connect" in {**said, **written} else {}

    def _met(self, player: Player, name: str) -> list[str] | None:
        """The sockets to which one connects; None where nobody can tell, which is told once."""
        if player.at in self.unsure:
            return None
        try:
            return list(
                dict.fromkeys(
                    f"{each.owner}.{there}"
                    for role, there in player.role.meets(name)
                    for each in self.cast.met_by(player, role)
                    if there in each.held
                )
            )
        except Wrong as wrong:
            self.complain(player.at, wrong.what, wrong.remedy)
            self.unsure.add(player.at)
            return None

    def _put(
        self, player: Player, name: str, written: dict[str, Any], said: dict[str, Any]
    ) -> None:
        place = self.places.get(player.at) or self.places[player.at[:-1]]
        around = (player.at[0], player.owner, "sockets")
        for path in (around, (*around, name)):
            self.places.setdefault(path, place)
        for key, value in said.items():
            if key not in written:
                written[key] = value
                self.places[*around, name, key] = place
                self.values += 1 + (len(value) if isinstance(value, list) else 0)

    def _expect_known(self, mine: list[Player]) -> None:
        """A socket without a type is meant to change one of a preset: is there such a one?"""
        owner = mine[0].owner
        sockets = _mapping(mine[0].thing.get("sockets"))
        for name, written in list(sockets.items()):
            if _is(written) and written and "type" not in written:
                known = [socket for each in mine for socket in each.held]
                used = " and ".join(each.role.reference for each in mine)
                has = "has" if len(mine) == 1 else "have"
                what = f"socket {owner}.{name} has no 'type', and {used} {has} no such socket"
                path = (mine[0].at[0], owner, "sockets", name)
                remedy = nearest(name, known)
                stop = "" if remedy.endswith("?") else "."
                self.complain(path, what, f"{remedy}{stop} One of your own has a type")
                sockets[name] = None


def _secure(said: dict[str, Any], player: Player) -> None:
    """Let a socket that speaks ZMTP be secured as its program is set up."""
    if not SocketType(said["type"]).speaks_zmtp:
        return
    if "mechanism" in player.secured:
        said["mechanism"] = player.secured["mechanism"]
        said.pop("zap", None)  # which was for the other mechanism
    if "zap" in player.secured and "bind" in said:
        said["zap"] = player.secured["zap"]


def _stays_on_host(said: dict[str, Any]) -> bool:
    bind = said.get("bind", ())
    return all("127.0.0.1" in each for each in ([bind] if isinstance(bind, str) else bind))
