"""Declared flows: a message goes through, in the direction that the pattern has.

Every flow has a word of its own that nobody else says. A flow works when its
word was heard at the other end, so connections of many clients with the same
bound socket may run together without being taken for each other.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic

import zmq

from bulkhead.twin import zeromq
from bulkhead.twin.patterns import RAW, Exchange, exchange
from bulkhead.twin.speakers import Binder, Client, RawClient, Talk, ZeroMQClient
from bulkhead.twin.tcp import K, Probed
from bulkhead.twin.zeromq import Contexts

_PULSE: Final = 0.02
"""Seconds after which a word is said again: a PUB drops what nobody has asked for yet."""

_MANY: Final = 1500
"""Tried together: each takes five open files."""


def converse(contexts: Contexts, talks: Sequence[Talk[K]], patience: float) -> dict[K, Probed]:
    """Try every declared flow; what surprisingly does not work is tried a second time."""
    outcomes: dict[K, Probed] = {}
    again = list(talks)
    for _ in range(2):
        for together in _rounds(contexts, again, patience, outcomes):
            conversation = _Conversation(contexts, together, patience)
            try:
                outcomes |= conversation.run()
            finally:
                conversation.close()
        again = [talk for talk in talks if not outcomes[talk.attempt.key].allowed]
    return zeromq.settled(outcomes, (talk.attempt for talk in talks), patience)


def _rounds(
    contexts: Contexts, talks: Sequence[Talk[K]], patience: float, outcomes: dict[K, Probed]
) -> Iterable[list[Talk[K]]]:
    """All together, but a PAIR listens to one peer at a time: those take turns.

    Which of those can connect at all is found out before, so that nobody waits
    its turn for a connection that the network drops.
    """
    others = [talk for talk in talks if talk.bound_type != "PAIR"]
    for start in range(0, len(others), _MANY):
        yield others[start : start + _MANY]
    pairs = [talk for talk in talks if talk.bound_type == "PAIR"]
    reached = zeromq.sweep(contexts, [("PAIR", talk.attempt) for talk in pairs], patience)
    outcomes.update(reached)
    turns: dict[int, list[Talk[K]]] = defaultdict(list)
    before: dict[int, int] = defaultdict(int)
    for talk in pairs:
        if reached[talk.attempt.key].allowed:
            turns[before[id(talk.bound)]].append(talk)
            before[id(talk.bound)] += 1
    yield from turns.values()


@dataclass(slots=True)
class _Thread(Generic[K]):
    """One flow of a conversation: who connects to whom, and which way its word goes."""

    talk: Talk[K]
    client: Client
    binder: Binder
    way: Exchange | None
    outcome: Probed | None = None

    def attend(self) -> None:
        """Take in what happened at the client's end."""
        self.client.watch()
        heard = self.client.hear()
        if self.outcome:
            return
        if self.way is Exchange.TO_BINDER:
            arrived = self.talk.word in self.binder.heard
        else:
            arrived = self.talk.word in heard or (
                self.way is Exchange.TO_CONNECTER and self.binder.turn in heard
            )
        if arrived:
            opened = "TCP connected" if self.talk.client_type in RAW else "HANDSHAKE_SUCCEEDED"
            self.outcome = Probed(True, f"{opened} + message {self.way.value if self.way else ''}")
        elif self.client.refusal and not self.client.connected:
            self.outcome = self.client.refusal

    def speak(self) -> None:
        if self.way is not Exchange.TO_CONNECTER:
            self.client.say(self.talk.word)

    def give_up(self, seconds: float) -> Probed:
        if not self.client.connected:
            return self.client.silence(seconds)
        return Probed(False, f"connected, but no message in {seconds:.1f} s")


class _Conversation(Generic[K]):
    """Some flows, tried together."""

    def __init__(self, contexts: Contexts, talks: Sequence[Talk[K]], patience: float) -> None:
        # Connecting has its own limit, and so has the message afterwards.
        self._limit = 2 * patience
        self._poller = zmq.Poller()
        self._binders: dict[int, Binder] = {}
        self._threads: list[_Thread[K]] = []
        self._at: dict[Any, _Thread[K] | Binder] = {}
        for talk in talks:
            if id(talk.bound) not in self._binders:
                binder = Binder(talk.bound, talk.bound_type)
                self._binders[id(talk.bound)] = binder
                self._wait_for([talk.bound], binder)
            client: Client = (
                RawClient(talk, patience)
                if talk.client_type == "TCP"
                else ZeroMQClient(contexts, talk, patience)
            )
            thread = _Thread(
                talk,
                client,
                self._binders[id(talk.bound)],
                exchange(talk.bound_type, talk.client_type),
            )
            self._threads.append(thread)
            self._wait_for(client.waits_on, thread)

    def _wait_for(self, sockets: Iterable[Any], whose: _Thread[K] | Binder) -> None:
        for socket in sockets:
            self._poller.register(socket, zmq.POLLIN)
            # The poller names a plain socket by its file number.
            self._at[socket if isinstance(socket, zmq.Socket) else socket.fileno()] = whose

    def run(self) -> dict[K, Probed]:
        deadline = time.monotonic() + self._limit
        waiting = self._threads
        pulse = 0.0
        while waiting and (now := time.monotonic()) < deadline:
            if now >= pulse:
                pulse = now + _PULSE
                self._pulse(waiting)
            for socket, _ in self._poller.poll(max(1, int((pulse - now) * 1000))):
                whose = self._at[socket]
                if isinstance(whose, Binder):
                    whose.listen()
                else:
                    whose.attend()
            waiting = [thread for thread in waiting if thread.outcome is None]
        return {
            thread.talk.attempt.key: thread.outcome or thread.give_up(self._limit)
            for thread in self._threads
        }

    def _pulse(self, waiting: Sequence[_Thread[K]]) -> None:
        wanted: dict[Binder, list[bytes]] = defaultdict(list)
        for thread in waiting:
            thread.attend()
            thread.speak()
            if thread.way is Exchange.TO_CONNECTER:
                wanted[thread.binder].append(thread.talk.word)
        for binder, words in wanted.items():
            binder.distribute(words, sum(each.binder is binder for each in self._threads))
        for binder in self._binders.values():
            binder.listen()

    def close(self) -> None:
        for thread in self._threads:
            thread.client.close()
        for binder in self._binders.values():
            binder.close()
