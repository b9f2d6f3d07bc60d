"""docs/audit.md has every control, with what decides it here."""

from pathlib import Path

import pytest

from bulkhead.audit import ALL_CHECKS, ALL_CONTROLS, Framework, Outcome, read_suppressions

PAGE = (Path(__file__).parents[2] / "docs" / "audit.md").read_text()


def row(control):
    also = ", ".join(f"{version}: {id_}" for version, id_ in control.also)
    checks = ", ".join(f"`{each}`" for each in control.checks) or "none"
    live = "what stands there, not a plan" if control.live else ""
    needs = "; ".join(filter(None, (live, control.outside)))
    name = f"{control.id} ({also})" if also else control.id
    return f"| {name} | {control.requires} | {checks} | {needs} | {control.status} |"


@pytest.mark.parametrize("framework", Framework)
def test_the_controls_of_a_framework_are_those_of_the_page(framework):
    section = PAGE.partition(f"### {framework.heading}\n")[2].partition("\n### ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][2:]
    assert rows == [row(each) for each in ALL_CONTROLS if each.framework is framework]


def test_every_outcome_is_explained():
    for each in Outcome:
        assert f"\n| {each} | " in PAGE


def test_the_example_of_a_suppression_is_one(tmp_path):
    example = PAGE.partition("```yaml\n")[2].partition("```")[0]
    path = tmp_path / "example.yaml"
    path.write_text(example)
    checks = {each.id for each in ALL_CHECKS}
    (found,) = read_suppressions(path, checks, {each.name for each in ALL_CONTROLS})
    assert found.check == "group-authorised-ports"
