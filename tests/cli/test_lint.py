"""`bulkhead lint SOURCE`: a plan has no fault, and says what residue it leaves."""


def test_a_plan_has_no_fault(ask, trading):
    answer = ask("lint", trading)
    assert answer.code == 0
    assert "No rule of" in answer.out
    assert "28,232 ports are open for replies" in answer.out


def test_json_is_versioned_and_counts_each_kind(ask, trading):
    answer = ask("lint", trading, "--json")
    assert (answer.code, answer.json["schema"]) == (0, "bulkhead.lint/1")
    counts = answer.json["counts"]
    assert counts.pop("residue") == len(answer.json["findings"]) > 0
    assert set(counts.values()) == {0}
    assert {each["fault"] for each in answer.json["findings"]} == {False}


def test_a_source_that_is_not_there_is_refused(ask):
    assert ask("lint", "nowhere.yaml").code == 2
