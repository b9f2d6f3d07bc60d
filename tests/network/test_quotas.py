"""A reference to a prefix list counts as AWS counts it: by the most entries that it may have."""

import pytest

from bulkhead.network import Direction, ListReference, SecurityGroup
from bulkhead.network.listed import family_of, weight_of
from bulkhead.network.quotas import Taken, rules_taken


@pytest.mark.parametrize(
    ("name", "weight", "family"),
    [
        ("com.amazonaws.eu-west-1.s3", 1, 4),
        ("com.amazonaws.eu-west-1.s3express", 6, 4),
        ("com.amazonaws.global.cloudfront.origin-facing", 55, 4),
        ("com.amazonaws.global.ipv6.cloudfront.origin-facing", 55, 6),
        ("com.amazonaws.eu-west-1.ipv6.route53-healthchecks", 25, 6),
        ("com.amazonaws.eu-west-1.of-next-year", None, None),
        ("offices", None, None),
        ("s3", None, None),
    ],
)
def test_lists_of_aws_count_for_the_weight_that_aws_publishes(name, weight, family):
    assert (weight_of(name), family_of(name)) == (weight, family)


def test_a_list_without_entries_counts_for_as_many_as_it_may_have():
    lists = (
        ListReference(prefix_list="pl-1", direction=Direction.INGRESS, family=4, weight=20),
        ListReference(prefix_list="pl-2", direction=Direction.EGRESS, family=4, entries=3),
    )
    group = SecurityGroup(id="sg-1", name="sg-1", vpc="vpc-1", rules=(), lists=lists)
    assert rules_taken(group, Direction.INGRESS, 4) == Taken(20)
    assert rules_taken(group, Direction.INGRESS, 6) == Taken(0)
    assert str(rules_taken(group, Direction.EGRESS, 4)) == "at least 3"
