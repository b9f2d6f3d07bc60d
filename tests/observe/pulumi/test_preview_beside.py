"""A preview without --show-sames, with the state beside it that it began from."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.network import Network
from bulkhead.observe.pulumi.preview import preview, read_preview
from bulkhead.observe.pulumi.state import read_state
from bulkhead.problems import InputError
from tests.support.examples import ONE_FOLDER, examples
from tests.support.previews import (
    ACL,
    EGRESS,
    EVERY,
    GROUP,
    RULE,
    UNKNOWN,
    changed,
    create,
    delete,
    document,
    same,
    state_before,
    urn,
    without_sames,
)

OUT = create(
    EGRESS,
    "out",
    {"referencedSecurityGroupId": [urn(GROUP, "ticker")]},
    securityGroupId="sg-2",
    ipProtocol="tcp",
    fromPort=1,
    toPort=9,
    referencedSecurityGroupId=UNKNOWN,
)


def written(folder: Path, name: str, content: dict[str, Any]) -> Path:
    path = folder / name
    path.write_text(json.dumps(content))
    return path


def read_beside(folder: Path, part: dict[str, Any], state: dict[str, Any]) -> Network:
    beside = written(folder, "state.json", state)
    return read_preview(written(folder, "preview.json", part), beside=beside).network


def refusal(folder: Path, part: dict[str, Any], state: dict[str, Any]) -> str:
    with pytest.raises(InputError) as refused:
        read_beside(folder, part, state)
    assert "pulumi stack export" in str(refused.value)
    return str(refused.value)


@pytest.fixture
def whole():
    """One rule is changed, everything else stays."""
    return document(
        *(each for each in EVERY if each is not RULE), changed(RULE, "update", toPort=6)
    )


@examples(3, ONE_FOLDER)
@given(data=st.data())
def test_what_stays_is_as_well_taken_from_the_state_as_shown(tmp_path, data):
    """Whatever the update does to whatever stands: one Network, by both ways."""
    edited = {"client": {"description": "x"}, "ticks": {"toPort": 7}, "risk": {"tags": {"a": "b"}}}
    steps = []
    for each in EVERY:
        name = each["urn"].rpartition("::")[2]
        op = data.draw(st.sampled_from(["same", "same", "update", "replace", "delete"]), label=name)
        if op == "delete":
            steps.append(delete(each))
        else:
            steps.append(each if op == "same" else changed(each, op, **edited.get(name, {})))
    steps += [OUT] if data.draw(st.booleans()) else []
    every = document(*data.draw(st.permutations(steps)))

    def answer(read) -> Network | str:
        try:
            return read()
        except InputError as refused:
            return "\n".join(each.what for each in refused.problems)

    shown = answer(lambda: preview(written(tmp_path, "whole.json", every)))
    beside = answer(lambda: read_beside(tmp_path, without_sames(every), state_before(every)))
    assert beside == shown


def test_without_the_state_it_is_refused_with_both_ways_out(tmp_path, whole):
    path = written(tmp_path, "preview.json", without_sames(whole))
    with pytest.raises(InputError) as refused:
        preview(path)
    (problem,) = refused.value.problems
    assert problem.what == "it leaves out resources: 7 that stay as they are"
    assert "--show-sames" in problem.remedy
    assert "bulkhead review state.json preview.json" in problem.remedy


def test_a_preview_that_shows_everything_needs_no_state(tmp_path, whole):
    nonsense = {"version": 3, "deployment": {"resources": []}}
    assert read_beside(tmp_path, whole, nonsense) == preview(written(tmp_path, "p.json", whole))


def test_the_state_of_another_stack_is_refused_by_both_names(tmp_path, whole):
    other = json.loads(
        json.dumps(state_before(whole)).replace("pulumi:dev::p::", "pulumi:prod::q::")
    )
    said = refusal(tmp_path, without_sames(whole), other)
    assert "dev of the project p" in said
    assert "prod of the project q" in said


def test_a_state_that_is_older_or_newer_than_the_preview_is_refused_with_names(tmp_path, whole):
    state = state_before(whole)
    rule = next(each for each in state["deployment"]["resources"] if each.get("id") == "sgr-1")
    rule["outputs"]["cidrIpv4"] = "10.9.0.0/24"
    assert "otherwise" in (said := refusal(tmp_path, without_sames(whole), state))
    assert "ticks" in said


def test_a_state_with_more_or_less_than_stays_is_refused_with_both_numbers(tmp_path, whole):
    state = state_before(whole)
    more = copy.deepcopy(state["deployment"]["resources"][-1]) | {"id": "x", "urn": urn(ACL, "x")}
    state["deployment"]["resources"].append(more)
    assert "7 resources stay as they are, and 8 are in the state" in refusal(
        tmp_path, without_sames(whole), state
    )


def test_what_the_preview_would_create_and_the_state_holds_is_refused(tmp_path, whole):
    every = document(*EVERY, OUT)
    state = state_before(every)
    made = OUT["newState"] | {"id": "sgr-9"}
    state["deployment"]["resources"].append(made)
    assert "out" in refusal(tmp_path, without_sames(every), state)


def test_what_waits_for_its_deletion_in_the_state_does_not_stay(tmp_path, whole):
    state = state_before(whole)
    retiring = copy.deepcopy(state["deployment"]["resources"][-1])
    retiring |= {"id": "acl-0", "delete": True}
    state["deployment"]["resources"].append(retiring)
    path = written(tmp_path, "p.json", whole)
    assert read_beside(tmp_path, without_sames(whole), state) == preview(path)
    gone = {"op": "delete", "urn": retiring["urn"], "oldState": retiring}
    whole["steps"].append(gone)
    assert read_beside(tmp_path, without_sames(whole), state) == preview(path)


def test_what_an_alias_moves_is_what_the_state_holds_by_its_old_name(tmp_path):
    moved = changed(RULE, "update", toPort=6)
    moved["urn"] = moved["newState"]["urn"] = RULE["urn"] + "-renamed"
    every = document(*(each for each in EVERY if each is not RULE), moved)
    found = read_beside(tmp_path, without_sames(every), state_before(every))
    assert found == preview(written(tmp_path, "p.json", every))


def test_secrets_are_no_difference_and_get_into_no_network(tmp_path):
    signature = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    group = same(GROUP, "shut", "sg-3", {"ingress": []}, vpcId="vpc-1", tags={"Name": "[secret]"})
    every = document(*EVERY, changed(group, "update", description="x"))
    state = state_before(every)
    text = json.dumps(state).replace(
        '"[secret]"', json.dumps(signature | {"plaintext": "swordfish"})
    )
    network = read_beside(tmp_path, without_sames(every), json.loads(text))
    assert network == preview(written(tmp_path, "p.json", every))
    assert "swordfish" not in repr(network)


@pytest.mark.parametrize("state", [{}, {"deployment": {"resources": [3]}}, {"deployment": {}}])
def test_what_is_no_state_is_refused(tmp_path, whole, state):
    with pytest.raises(InputError):
        read_beside(tmp_path, without_sames(whole), state)


# What is replaced


def test_what_the_engine_replaces_is_told_with_what_forces_it_and_both_ids(tmp_path):
    group = changed(EVERY[5], "replace", description="new") | {"replaceReasons": ["description"]}
    dependent = changed(
        RULE, "replace", {"securityGroupId": [group["urn"]]}, securityGroupId=UNKNOWN
    )
    others = [each for each in EVERY if each not in (EVERY[5], RULE)]
    every = document(*others, group, dependent)
    path = written(tmp_path, "state.json", state_before(every))
    found = read_preview(written(tmp_path, "preview.json", without_sames(every)), beside=path)
    assert [(each.name, each.id, each.new_id, each.reasons) for each in found.replaced] == [
        ("client", "sg-2", "sg-client", ("description",)),
        ("ticks", "sgr-1", "sgr-ticks", ()),
    ]
    assert {each.kind for each in found.replaced} == {GROUP, RULE["newState"]["type"]}


def test_a_preview_that_replaces_nothing_says_so_and_a_state_was_not_asked(tmp_path, whole):
    assert read_preview(written(tmp_path, "preview.json", whole)).replaced == ()
    assert read_state(written(tmp_path, "state.json", state_before(whole))).replaced is None


def test_what_a_target_skips_is_not_there(tmp_path, whole):
    """The engine writes it as a resource that stays, and that has no id."""
    skipped = copy.deepcopy(OUT)
    skipped |= {"op": "same", "oldState": skipped["newState"]}
    every = document(*whole["steps"][2:], skipped)
    wanted = preview(written(tmp_path, "p.json", whole))
    assert preview(written(tmp_path, "t.json", every)) == wanted
    said = refusal(tmp_path, without_sames(every), state_before(whole))
    assert "--target counts what it skips" in said


def test_what_no_step_is_about_is_not_taken_for_gone(tmp_path, whole):
    """With --target, what would be deleted otherwise stays, and no step says so."""
    state = state_before(whole)
    silent = document(*(each for each in whole["steps"][2:] if each["urn"] != RULE["urn"]))
    said = refusal(tmp_path, silent, state)
    assert "no step says what becomes of ticks" in said
    other = json.loads(json.dumps(state).replace("pulumi:dev::p::", "pulumi:prod::q::"))
    assert read_beside(tmp_path, silent, other) == preview(written(tmp_path, "s.json", silent))
