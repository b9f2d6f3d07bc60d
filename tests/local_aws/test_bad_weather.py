"""Whatever becomes of a call of AWS, the next run ends with exactly what the program says.

The places are all: every call that the provider makes for each resource of a planned network, in
a creation, a refresh, an update and a deletion, times every fault of tests/support/weather.py,
once or from there on. `make test` takes a sample of them, `make faults` all.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from local_aws.provider.kinds import KINDS
from tests.support.asking import Answer, Ask
from tests.support.examples import ONE_FOLDER, examples
from tests.support.sky import EVERYWHERE, LASTING, NEVER_SAID, Sky, bad_weather, checking
from tests.support.small_engine import FailedError, SmallEngine, Wanted
from tests.support.weather import FAULTS

pytestmark = pytest.mark.slow

SAMPLE: Final = 60


@pytest.fixture(scope="module")
def sky(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sky]:
    with bad_weather(tmp_path_factory.mktemp("sky")) as made:
        yield made


@dataclass(frozen=True)
class Place:
    """A call of one operation, and what becomes of it."""

    verb: str
    name: str
    at: int
    fault: str
    lasting: bool

    def __str__(self) -> str:
        how = "from there on" if self.lasting else "once"
        return f"{self.verb} {self.name}: {self.fault} at call {self.at}, {how}"


FOUND: Final = (
    # The group kept its open egress: nothing told the next run that it was not finished.
    Place("create", "shop-db-group", 2, "cut", True),
    Place("create", "shop-db-group", 3, "500", True),
    # A change that could not be read back was recorded as done.
    Place("update", "shop-front-1-interface", 1, "500", True),
    # Throttling was waited out as a 503 only.
    Place("create", "shop-vpc", 1, "throttled-400", False),
)
"""What went wrong once is always tried."""


def altered(wanted: Wanted) -> Wanted | None:
    """The same resource with everything changed that changes in place; None if nothing does."""
    short = wanted.token.rpartition(":")[2]
    kind, new = KINDS[wanted.token], dict(wanted.inputs)
    if kind.taggable:
        new["tags"] = {**new.get("tags", {}), "colour": "blue", "Name": "another"}
    new |= {
        "Vpc": {"enableDnsHostnames": not new.get("enableDnsHostnames", False)},
        "Subnet": {"mapPublicIpOnLaunch": True},
        "NetworkInterface": {"sourceDestCheck": False},
        "SecurityGroupIngressRule": {"toPort": 6009, "description": "another"},
        "SecurityGroupEgressRule": {"toPort": 6009, "description": "another"},
        "VpnConnection": {"tunnel1DpdTimeoutSeconds": 45, "tunnel2RekeyFuzzPercentage": 50},
    }.get(short, {})
    return replace(wanted, inputs=new) if new != wanted.inputs else None


def places(sky: Sky) -> list[Place]:
    """All of them: the calls are counted on a fair day."""
    engine, found = sky.engine(), []

    def counted(verb: str, name: str, work: Callable[[], object]) -> None:
        sky.weather.fair()
        work()
        for at in range(1, sky.weather.calls + 1):
            found.extend(Place(verb, name, at, fault, False) for fault in FAULTS)
            found.extend(Place(verb, name, at, fault, True) for fault in LASTING)

    for wanted in sky.program:
        name = wanted.name
        counted("create", name, lambda wanted=wanted: engine.step(wanted))
        counted("read", name, lambda name=name: engine.read(name))
        other = altered(wanted)
        if other is not None:
            counted("update", name, lambda other=other: engine.step(other))
            engine.step(wanted)
    for wanted in reversed(sky.program):
        counted("delete", wanted.name, lambda name=wanted.name: engine.delete(name))
    return found


@dataclass
class Walk:
    """Through a program, resource by resource: at each, the faults that are to be tried there."""

    sky: Sky
    engine: SmallEngine
    wrong: list[str]

    @property
    def kinds(self) -> Mapping[str, str]:
        return {wanted.name: wanted.token for wanted in self.sky.program}

    def struck(self, place: Place, work: Callable[[], object]) -> bool:
        """Whether the work failed, said in plain words, under the fault."""
        with self.sky.struck(self.engine, FAULTS[place.fault], place.at, place.lasting) as met:
            work()
        failed, struck = met.failed, met.calls
        made = KINDS[self.kinds[place.name]].made
        if not struck and (made or place.verb != "create"):  # what AWS made is adopted once
            self.wrong.append(f"{place}: there was no such call")
        if failed and (NEVER_SAID.search(failed) or "aws:" not in failed):
            self.wrong.append(f"{place}: it is said so: {failed}")
        if failed and not place.lasting:
            self.wrong.append(f"{place}: one failure is not waited out: {failed}")
        if not failed and struck and place.lasting:
            self.wrong.append(f"{place}: it succeeded though no call did")
        return bool(failed)

    def heal(self, place: Place, work: Callable[[], object]) -> None:
        """The next run: as `local_aws` does it, or as plain `pulumi up` does."""
        if place.at % 2:
            left = self.sky.swept(self.engine).left
            if left:
                self.wrong.append(f"{place}: the next run cannot remove {left}")
        try:
            work()
        except FailedError as error:
            self.wrong.append(f"{place}: the next run fails: {error}")

    def same(self, place: Place, expected: list[str]) -> bool:
        found = self.sky.portrait(self.engine)
        if found == expected:
            return True
        lines = [f"{place}: the account is another"]
        lines += [f"  lacks {each:.200}" for each in expected if each not in found]
        lines += [f"  has   {each:.200}" for each in found if each not in expected]
        self.wrong.append("\n".join(lines))
        return False

    def create(self, place: Place, wanted: Wanted, whole: list[str]) -> None:
        """The resource is not there, and is not there afterwards."""
        if self.struck(place, lambda: self.engine.step(wanted)):
            self.heal(place, lambda: self.engine.step(wanted))
        right = self.same(place, whole)
        self.engine.delete(wanted.name)
        if not right:
            self.sky.swept(self.engine)

    def read(self, place: Place, wanted: Wanted) -> None:
        before = dict(self.engine.state)
        self.struck(place, lambda: self.engine.read(wanted.name))
        if self.engine.state != before:
            self.wrong.append(f"{place}: the state is another after it")
        self.engine.state = before

    def update(self, place: Place, wanted: Wanted, other: Wanted, changed: list[str]) -> None:
        if self.struck(place, lambda: self.engine.step(other)):
            self.heal(place, lambda: self.engine.step(other))
        self.same(place, changed)
        self.engine.step(wanted)

    def delete(self, place: Place, wanted: Wanted, without: list[str]) -> None:
        if self.struck(place, lambda: self.engine.delete(wanted.name)):
            self.heal(place, lambda: self.engine.delete(wanted.name))
        if KINDS[wanted.token].made:
            self.same(place, without)
        self.engine.step(wanted)


def test_whatever_becomes_of_a_call_the_next_run_ends_as_if_nothing_had(
    sky: Sky, request: pytest.FixtureRequest
) -> None:
    everywhere = places(sky)
    seed = request.config.getoption("hypothesis_seed") or random.SystemRandom().getrandbits(32)
    dice = random.Random(int(seed))  # noqa: S311 - a choice
    chosen = everywhere if EVERYWHERE else [*FOUND, *dice.sample(everywhere, SAMPLE)]
    walk = Walk(sky, sky.engine(), [])
    for wanted in sky.program:
        here = [place for place in chosen if place.name == wanted.name]
        walked(walk, wanted, here)
    walk.engine.down()
    print(f"{len(chosen)} of {len(everywhere)} places tried")
    assert not walk.wrong, "\n".join([f"--hypothesis-seed={seed}", *walk.wrong])


def walked(walk: Walk, wanted: Wanted, here: list[Place]) -> None:
    """All that is to be tried at one resource, which stands afterwards."""
    engine, sky = walk.engine, walk.sky

    def of(verb: str) -> list[Place]:
        return [place for place in here if place.verb == verb]

    without = sky.portrait(engine)
    engine.step(wanted)
    whole = sky.portrait(engine)
    if of("create"):
        engine.delete(wanted.name)
        for place in of("create"):
            walk.create(place, wanted, whole)
        engine.step(wanted)
    for place in of("read"):
        walk.read(place, wanted)
    other = altered(wanted)
    if other is not None and of("update"):
        engine.step(other)
        changed = sky.portrait(engine)
        engine.step(wanted)
        for place in of("update"):
            walk.update(place, wanted, other, changed)
    for place in of("delete"):
        walk.delete(place, wanted, without)


def test_a_preview_asks_aws_nothing(sky: Sky) -> None:
    sky.weather.fair()
    engine = sky.engine()
    engine.preview(sky.program)
    assert sky.weather.calls == 0
    engine.up(sky.program)
    sky.weather.fair()
    engine.preview(sky.program)
    assert sky.weather.calls == 0
    engine.down()


@pytest.fixture
def check(sky: Sky, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Answer]:
    return checking(sky, ask, monkeypatch)


@example(verb="down", fault="500-after", at=27, lasting=True, local=True)
@examples(1 / 16, ONE_FOLDER, shrink=False)
@given(
    verb=st.sampled_from(["up", "refresh", "down"]),
    fault=st.sampled_from(sorted(FAULTS)),
    at=st.integers(1, 90),
    lasting=st.booleans(),
    local=st.booleans(),
)
def test_the_run_after_a_run_that_was_struck_ends_as_declared(
    sky: Sky,
    check: Callable[[], Answer],
    verb: str,
    fault: str,
    at: int,
    lasting: bool,
    local: bool,
) -> None:
    """`local` runs sweep and refresh first, as those of `local_aws` do; others are Pulumi's own.

    An engine that has not heard of a deletion believes in what is gone until it refreshes.
    """
    engine = sky.engine()
    before = sky.portrait(engine)
    if verb != "up":
        engine.up(sky.program)
    run = {"up": lambda: engine.up(sky.program), "refresh": engine.refresh, "down": engine.down}
    with sky.struck(engine, FAULTS[fault], at, lasting):
        run[verb]()
    if verb == "refresh":
        assert engine.state.keys() == {wanted.name for wanted in sky.program}
    if local:
        assert not sky.swept(engine).left
        engine.refresh()
    elif verb == "down":
        engine.down()
        assert sky.portrait(engine) == before
    engine.up(sky.program)
    assert engine.up(sky.program) == 0
    said = check()
    assert said.code == 0, said.out + said.err
    engine.down()
    assert sky.portrait(engine) == before
