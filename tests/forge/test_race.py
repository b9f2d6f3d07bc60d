"""Runs that write one comment at the same time, in any order in which a forge can be asked."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from bulkhead.forge import Comment, Marker, Message, post
from bulkhead.forge.marker import marked
from bulkhead.forge.thread import GoneError
from tests.support.examples import examples

MARKER = Marker(key="review", head="a" * 40, run=(1, 1), at=datetime(2026, 11, 30, 12, tzinfo=UTC))
US = "us[bot]"


class Forge:
    """Comments, and one call at a time: the order is drawn among the runs that could go on.

    A pause after a write ends when no other run is between a look of before and its write.
    """

    def __init__(self, there, runs, draw):
        self.comments = {}
        self.next = 1
        if there:
            self.write(str(replace(MARKER, run=(0, 1))))
        self._draw = draw
        self._turn = threading.Condition()
        self._now = 0
        self._waiting = {}
        self._looked = dict.fromkeys(range(runs), 0)
        self._left = set(range(runs))
        self._going = None

    def write(self, body):
        self.comments[self.next] = body
        self.next += 1
        return self.next - 1

    def ask(self, run, call, *, paused=False):
        """One call, when it is this run's turn."""
        with self._turn:
            self._waiting[run] = self._now if paused else None
            self._choose()
            self._turn.wait_for(lambda: self._going == run, timeout=20)
            del self._waiting[run]
            self._now += 1
            self._going = None
            return call()

    def look(self, run):
        self._looked[run] = self._now
        return [
            Comment(id=id_, author=US, body=body, url="")
            for id_, body in sorted(self.comments.items())
        ]

    def leave(self, run):
        with self._turn:
            self._left.discard(run)
            self._choose()

    def _choose(self):
        if self._going is None and self._waiting and set(self._waiting) == self._left:
            ready = sorted(run for run, since in self._waiting.items() if self._may(run, since))
            self._going = ready[self._draw(len(ready))]
            self._turn.notify_all()

    def _may(self, run, since):
        return since is None or all(
            self._waiting[other] is not None or self._looked[other] > since
            for other in self._left - {run}
        )


class AThread:
    """The calls of one run."""

    longest = 65_536

    def __init__(self, forge, run):
        self.forge, self.run = forge, run

    def head(self):
        return MARKER.head

    def whoami(self):
        return US

    def comments(self):
        return iter(self.forge.ask(self.run, lambda: self.forge.look(self.run)))

    def create(self, body):
        id_ = self.forge.ask(self.run, lambda: self.forge.write(body))
        return Comment(id=id_, author=US, body=body, url="")

    def update(self, comment, body):
        def change():
            if comment not in self.forge.comments:
                raise GoneError("gone")
            self.forge.comments[comment] = body

        self.forge.ask(self.run, change)
        return Comment(id=comment, author=US, body=body, url="")

    def delete(self, comment):
        self.forge.ask(self.run, lambda: self.forge.comments.pop(comment, None))

    def pause(self, seconds):
        if seconds:
            self.forge.ask(self.run, lambda: None, paused=True)


@examples(2)
@example(there=True, order=[0, 1, 2], choices=[0, 0, 0, 2, 1, 0])
@given(
    there=st.booleans(),
    order=st.permutations(range(3)),
    choices=st.lists(st.integers(0, 5), max_size=60),
)
def test_in_any_order_one_comment_is_left_and_it_is_the_newest(there, order, choices):
    left = iter(choices)
    forge = Forge(there, len(order), lambda ready: next(left, 0) % ready)

    def run(place, number):
        message = Message(marker=replace(MARKER, run=(number + 1, 1)), text=f"run {number}")
        thread = AThread(forge, place)
        try:
            post(thread, message, sleep=thread.pause)
        finally:
            forge.leave(place)

    threads = [threading.Thread(target=run, args=each) for each in enumerate(order)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    (body,) = forge.comments.values()
    assert marked(body).run == (len(order), 1)
