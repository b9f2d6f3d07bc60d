"""How many examples a property is tried on: what the profile gives, times what one is worth.

    @examples(4)                    # quick to try: four times as many
    @given(...)

    @examples(1 / 4, shrink=False)  # seconds each
    @given(...)

`fast` is a first look, `dev` what `make test` takes, `ci` (CI=true) what a change is judged by:
there the examples are the same for the same test, so that a change is red by what it did itself.
Everywhere else another seed every time: what a run finds is printed with what repeats it, and
pinned with @example or as a test of its own.
"""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.configuration import set_hypothesis_home_dir

PROFILES = {"fast": 5, "dev": 20, "ci": 20}
"""Examples of a property that says nothing about itself."""
FOUND = Path(__file__).resolve().parents[2] / ".bulkhead" / "hypothesis"
"""What failed on this machine, tried first the next time; `make clean` forgets it."""
UNCHECKED = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
"""Time says more about the machine than about the test, and a network is large."""
ONE_FOLDER = HealthCheck.function_scoped_fixture
"""A folder lives as long as the test: its examples overwrite what the one before left."""


def register() -> None:
    """Make the profiles known."""
    set_hypothesis_home_dir(FOUND)
    for name, count in PROFILES.items():
        settings.register_profile(
            name,
            max_examples=count,
            deadline=None,
            derandomize=name == "ci",
            print_blob=True,
            suppress_health_check=UNCHECKED,
        )


def examples(times: float = 1, *unchecked: HealthCheck, shrink: bool = True) -> settings:
    """Settings for a property, as a decorator; `unchecked` is what hypothesis shall not mind.

    Without `shrink` the first counterexample is shown as it is found: where each one costs a
    second, making it smaller would cost an hour.
    """
    phases = settings.default.phases
    return settings(
        max_examples=max(1, round(times * settings.default.max_examples)),
        suppress_health_check=(*UNCHECKED, *unchecked),
        phases=phases
        if shrink
        else [each for each in phases if each not in (Phase.shrink, Phase.explain)],
    )
