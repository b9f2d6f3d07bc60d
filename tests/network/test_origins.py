"""Where something is written: asked of a thing, of a rule in it, of what people call it."""

import pytest

from bulkhead.network import Origin, Origins

HERE = Origin(file="a.yaml", line=3)
THERE = Origin(file="a.yaml", line=9)


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (Origin(file="a.yaml", line=3), "a.yaml:3"),
        (Origin(file="a.yaml"), "a.yaml"),
        (Origin(urn="urn:pulumi:dev::x::t::n"), "urn:pulumi:dev::x::t::n"),
        (Origin(file="p.ts", line=2, urn="urn:pulumi:dev::x::t::n"), "p.ts:2"),
        (Origin(file="a.yaml", line=3, revision="main"), "main:a.yaml:3"),
    ],
)
def test_an_origin_is_said_as_compilers_say_it(origin, said):
    assert str(origin) == said


def test_at_a_revision_everything_stood_there_then_and_on_no_line_now():
    origins = Origins(
        things={"sg": HERE}, owners={"x": HERE}, rules={"sg": {"in 80": THERE}}.__getitem__
    ).at("main")
    for each in (origins.of("sg"), origins.of("sg", "in 80"), origins.named("x")):
        assert each.revision == "main"
        assert each.line_now == 0
    assert HERE.line_now == HERE.line


def test_a_rule_has_its_own_origin_or_that_of_its_component():
    origins = Origins(things={"sg": HERE}, rules={"sg": {"in 80": THERE}}.__getitem__)
    assert origins.of("sg", "in 80") == THERE
    assert origins.of("sg", "in 81") == HERE
    assert origins.of("sg") == HERE


def test_nobody_knows_where_what_is_not_told_of_is_written():
    assert Origins().of("sg", "in 80") is None
    assert Origins().named("ticker") is None


def test_a_service_is_found_before_a_segment_of_its_name():
    assert Origins(owners={"risk": HERE}, segments={"risk": THERE}).named("risk") == HERE
    assert Origins(segments={"risk": THERE}).named("risk") == THERE


def test_rules_are_looked_for_when_somebody_asks_and_once():
    asked = []

    def rules(component):
        asked.append(component)
        return {}

    origins = Origins(rules=rules)
    assert asked == []
    origins.of("sg", "one")
    origins.of("sg", "other")
    assert asked == ["sg"]
