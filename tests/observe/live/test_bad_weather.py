"""`check --on aws` while calls fail: the whole answer or none, never one from a part."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import botocore.endpoint
import pytest

from bulkhead.observe.live import asking
from tests.support.asking import Answer, Ask
from tests.support.sky import EVERYWHERE, IMPATIENT, NEVER_SAID, Sky, bad_weather, checking
from tests.support.weather import FAULTS

pytestmark = pytest.mark.slow
SAMPLE = 20


@pytest.fixture(scope="module")
def sky(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sky]:
    with bad_weather(tmp_path_factory.mktemp("sky")) as made:
        made.engine().up(made.program)
        yield made


@pytest.fixture
def check(sky: Sky, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Answer]:
    return checking(sky, ask, monkeypatch)


def test_a_check_says_all_that_it_says_on_a_fair_day_or_that_it_could_not_ask(
    sky: Sky,
    check: Callable[[], Answer],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    sky.weather.fair()
    fair = check()
    assert fair.code == 0, (fair.out, fair.err)
    calls = sky.weather.calls
    places = [(at, name) for at in range(1, calls + 1) for name in FAULTS]
    seed = request.config.getoption("hypothesis_seed") or random.SystemRandom().getrandbits(32)
    if not EVERYWHERE:
        places = random.Random(int(seed)).sample(  # noqa: S311 - a choice
            places, SAMPLE
        )
    wrong = []
    for at, name in places:
        fault = FAULTS[name]
        monkeypatch.setattr(asking, "ANSWER_SECONDS", IMPATIENT if fault.silent else 60)
        sky.weather.strike(fault, at)
        said = check()
        assert sky.weather.struck
        if said.code == 0 and (said.out, said.err) == (fair.out, fair.err):
            continue
        plain = not said.out and said.err.count("\n") <= 2 and not NEVER_SAID.search(said.err)
        if said.code == 2 and plain:
            continue
        wrong.append(f"{name} at call {at}: {said.code} {said.out[:400]} {said.err[:400]}")
    print(f"{len(places)} of {calls * len(FAULTS)} places tried")
    assert not wrong, "\n".join([f"--hypothesis-seed={seed}", *wrong])


@pytest.mark.parametrize(
    "name", sorted(name for name in FAULTS if name not in ("short", "garbled"))
)
def test_aws_itself_is_asked_again(
    sky: Sky, check: Callable[[], Answer], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What is no error of a call to botocore (half an answer that calls itself whole) is not."""
    monkeypatch.setattr(asking, "_AWS", re.compile(r"127\.0\.0\.1"))
    monkeypatch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda _: None))
    sky.weather.fair()
    fair = check()
    fault = FAULTS[name]
    monkeypatch.setattr(asking, "ANSWER_SECONDS", IMPATIENT if fault.silent else 60)
    sky.weather.strike(fault, 7)
    said = check()
    assert sky.weather.struck
    assert said == fair
