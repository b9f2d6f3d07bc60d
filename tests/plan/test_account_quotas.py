"""What an account told of its quotas stands in the lock, so that a plan is the same without it:
what the topology says counts before it, and AWS's defaults where neither says anything."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.network.quotas import DEFAULTS, NAMES, key_of
from bulkhead.plan.allowed import quotas_of
from bulkhead.plan.lock import Lock, lock_of, lock_text
from bulkhead.problems import InputError
from tests.plan.test_planner import planned
from tests.plan.test_quotas import loaded, served

QUOTAS = st.dictionaries(st.sampled_from([key_of(each) for each in NAMES]), st.integers(0, 2000))


@given(QUOTAS)
def test_a_lock_says_a_quota_a_line_and_is_read_as_it_was_written(quotas):
    lock = Lock(topology="shop", quotas=quotas)
    text = lock_text(lock)
    said = [line for line in text.splitlines() if line.startswith('  "quota ')]
    assert said == sorted(f'  "quota {key}": {most},' for key, most in quotas.items())
    assert lock_of("lock", text.encode()).quotas == quotas


@pytest.mark.parametrize(
    "line", ['"quota rules": 60', '"quota rules-per-group": "60"', '"quota rules-per-group": true']
)
def test_a_line_that_says_nothing_of_a_quota_is_told_with_its_number(line):
    text = "{\n  " + line + ',\n  "topology": "shop",\n  "version": 2\n}\n'
    with pytest.raises(InputError) as refused:
        lock_of("lock", text.encode())
    (said,) = refused.value.problems
    assert said.line == 2
    assert "says nothing of a quota" in said.what


@given(QUOTAS, QUOTAS)
def test_the_topology_counts_before_the_account_and_that_before_the_defaults(said, told):
    allowed = {key: max(1, min(most, 16)) for key, most in said.items()}
    topology = loaded({**served(), "quotas": allowed})
    have = quotas_of(topology, told)
    for field in NAMES:
        key = key_of(field)
        assert getattr(have, field) == allowed.get(key, told.get(key, getattr(DEFAULTS, field)))


def test_a_plan_counts_by_what_the_account_told_and_keeps_it():
    document = served(ports=12, networks=2, apart=2)
    with pytest.raises(InputError, match="37 ingress entries"):
        planned(document)
    lock = Lock(topology="shop", first=True, quotas={"entries-per-acl": 40})
    made = planned(document, lock)
    assert made.lock.quotas == lock.quotas
    assert made.quotas == replace(DEFAULTS, entries_per_acl=40)
    assert made.declaration.quotas == made.quotas
    fewer = replace(lock, quotas={"entries-per-acl": 10})
    with pytest.raises(InputError, match="ingress entries, 9 fit"):
        planned(served(ports=5, networks=2, apart=2), fewer)


def test_a_topology_that_claims_more_than_the_account_has_is_told_on_its_line():
    document = {**served(), "quotas": {"entries-per-acl": 40, "vpns-per-gateway": 5}}
    lock = Lock(topology="shop", first=True, quotas={"entries-per-acl": 20, "vpns-per-gateway": 10})
    (said,) = planned(document, lock).warnings
    assert said.what == (
        "quotas: entries-per-acl is 40, and the account told 20, as the lock has it"
    )
    assert said.line > 1
    assert "L-2AEEBF1A" in said.remedy
