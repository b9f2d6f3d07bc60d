"""A change by which exact entries of NACLs no longer fit, told as what it is and by condition."""

from bulkhead.plan import plan
from bulkhead.report.review import residue
from bulkhead.review import FailOn, Version, failing, review
from tests.plan.test_quotas import loaded, served

QUIET = {"path-mtu-discovery": False}


def version(ports):
    made = plan(loaded({**served(ports=ports), "nacl-overflow": "widen", **QUIET}))
    return Version(
        label=str(ports),
        network=made.network,
        origins=made.origins,
        declaration=made.declaration,
    )


def test_what_nacls_then_let_besides_is_told_apart_from_replies():
    found = review(version(8), version(12))
    steps = [each for each in found.residue if each.widened]
    assert [(each.destination, each.before) for each in steps] == [("subnets behind data", 0)]
    assert steps[0].after > 0
    assert failing(found, (FailOn.RESIDUE,)) == (FailOn.RESIDUE,)
    assert any("because exact entries do not fit" in said for said in residue(found))


def test_the_other_way_round_it_is_less_and_fails_nothing():
    found = review(version(12), version(8))
    assert all(each.grown < 0 for each in found.residue)
    assert failing(found, (FailOn.RESIDUE,)) == ()
