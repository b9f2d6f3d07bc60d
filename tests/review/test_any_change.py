"""Of any two networks: a review agrees with the comparison, and says nothing where nothing is."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.compare import ChangeKind, compare
from bulkhead.intent import load
from bulkhead.plan import plan
from bulkhead.review import FailOn, Version, failing, review
from tests.support.examples import examples
from tests.support.messy import networks
from tests.support.respelt import respelt
from tests.support.topologies import documents


def version(network, **more):
    return Version(label="x", network=network, **more)


@examples(1 / 4, shrink=False)
@given(before=networks(), after=networks())
def test_every_flow_that_differs_is_told_once_and_nothing_else_is(before, after):
    told = review(version(before), version(after))
    flows = (*told.flows, *told.scaled, *told.past_groups)
    delta = compare(before, after)
    assert sorted(map(repr, delta.changes)) == sorted(repr(each.change) for each in flows)
    assert (told.unchanged, told.by_place) == (delta.unchanged, delta.by_place)


@examples(1 / 4, shrink=False)
@given(data=st.data())
def test_nothing_is_told_of_a_network_against_itself_however_it_is_spelt(data):
    network = data.draw(networks())
    assert review(version(network), version(network)).nothing
    told = review(version(network), version(data.draw(respelt(network))))
    assert not (told.flows or told.past_groups or told.scaled)


@examples(1 / 8, shrink=False)
@given(one=documents(coming=True), other=documents(coming=True) | documents(vpcs=True))
def test_what_a_topology_opens_is_declared_and_its_line_is_known(tmp_path_factory, one, other):
    folder = tmp_path_factory.mktemp("any")
    before = _planned(folder / "base.yaml", one)
    after = _planned(folder / "head.yaml", other, before.lock)
    base, head = (
        version(each.network, declaration=each.declaration, origins=each.origins)
        for each in (before, after)
    )
    told = review(base, head)
    for each in told.flows:
        if each.kind is ChangeKind.OPENED:
            assert not each.undeclared
        assert each.origin is not None
        assert each.origin.line
    assert FailOn.UNDECLARED not in failing(told, tuple(FailOn))
    assert review(base, base).nothing


def _planned(path, document, lock=None):
    with path.open("w") as file:
        yaml.safe_dump(document, file)
    return plan(load(path), lock)
