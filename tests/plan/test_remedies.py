"""What is advised where a topology does not fit helps, and where it says so nothing less does."""

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from bulkhead.problems import InputError
from tests.plan.test_planner import planned
from tests.support.examples import examples
from tests.support.topologies import documents

QUOTA = re.compile(r"([a-z-]+): (\d+)")
WRITTEN = re.compile(r"quotas: \{ ([^}]+) \}")


def problems(document):
    """Those of its quotas; none where it fits."""
    try:
        planned(document)
    except InputError as refused:
        return {each.what.partition(" (")[0]: each for each in refused.problems}
    return {}


def advised(found):
    """By key of a quota what is to be written, so that all fits that can."""
    quotas = {}
    for each in found:
        for said in WRITTEN.findall(each.remedy):
            for key, most in QUOTA.findall(said):
                quotas[key] = max(int(most), quotas.get(key, 0))
    return quotas


@given(documents(max_services=6), st.integers(3, 7), st.booleans())
@examples()
def test_of_entries_the_quota_that_is_advised_does_and_one_less_does_not(document, most, widen):
    document["quotas"] = {**document.get("quotas", {}), "entries-per-acl": most}
    if widen:
        document["nacl-overflow"] = "widen"
    refused = problems(document)
    quotas = advised(refused.values())
    assume("entries-per-acl" in quotas)
    enough = {**document, "quotas": {**document["quotas"], **quotas}}
    assert not problems(enough)
    less = {**enough["quotas"], "entries-per-acl": quotas["entries-per-acl"] - 1}
    assert problems({**document, "quotas": less})


@given(documents(max_services=6), st.integers(3, 7))
@examples()
def test_what_else_is_advised_of_a_nacl_helps_that_nacl(document, most):
    document["quotas"] = {**document.get("quotas", {}), "entries-per-acl": most}
    document.pop("path-mtu-discovery", None)
    refused = problems(document)
    for advice, edit in (
        ("nacl-overflow: widen", {"nacl-overflow": "widen"}),
        ("path-mtu-discovery: false", {"path-mtu-discovery": False}),
    ):
        helped = {what for what, each in refused.items() if advice in each.remedy}
        if helped:
            left = problems({**document, **edit})
            assert not {*map(said, helped)} & {*map(said, left)}


def said(what):
    """'the NACL of data needs 7 ingress entries of IPv6' without the number."""
    return re.sub(r"\d+ (ingress|egress)", r"\1", what.partition(",")[0])


@given(documents(max_services=6), st.integers(1, 3), st.integers(1, 3))
@examples()
def test_of_rules_the_quotas_that_are_advised_do_and_less_only_where_that_is_said(
    document, rules, groups
):
    quotas = {"rules-per-group": rules, "groups-per-interface": groups}
    document["quotas"] = {**document.get("quotas", {}), **quotas}
    refused = [each for each in problems(document).values() if "rules" in each.what]
    more = advised(refused)
    assume(more)
    enough = {**document, "quotas": {**document["quotas"], **more}}
    assert not problems(enough)
    if len(more) == 1 and not any("less might do" in each.remedy for each in refused):
        ((key, most),) = more.items()
        if most - 1 > quotas[key]:
            assert problems({**enough, "quotas": {**enough["quotas"], key: most - 1}})
