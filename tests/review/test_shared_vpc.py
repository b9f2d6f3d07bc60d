"""A change of a topology in a VPC of others: what of theirs differs is no change of ours."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from bulkhead.review import Version, review
from tests.support.shared_vpc import FACTS, TEXT, VPC, planned_in, shared_topology

ELSEWHERE = "vpc-0ffffffffffffffff"


def version(planned):
    return Version(
        label="plan",
        network=planned.network,
        origins=planned.origins,
        declaration=planned.declaration,
        words=planned.words,
    )


@pytest.fixture
def planned(tmp_path):
    return planned_in(shared_topology(tmp_path))


def replaced(one, other):
    return [f"{each.kind} {each.name}: {each.why}" for each in review(one, other).replacements]


def test_what_others_have_now_is_nothing_that_we_replace(planned, tmp_path):
    subnets = {IPv4Network("10.0.2.0/24"): "subnet-0web", IPv4Network("10.0.3.0/24"): "subnet-0b"}
    blocks = (IPv4Network("10.0.0.0/16"), IPv4Network("10.7.0.0/16"))
    facts = replace(FACTS, subnets=subnets, blocks=blocks)
    later = planned_in(shared_topology(tmp_path), facts)
    assert replaced(version(planned), version(later)) == []


def test_another_vpc_is_everything_anew(planned, tmp_path):
    moved = shared_topology(tmp_path, TEXT.replace(VPC, ELSEWHERE))
    (told,) = replaced(version(planned), version(planned_in(moved, replace(FACTS, id=ELSEWHERE))))
    assert f"{VPC} is called {ELSEWHERE} now" in told
