"""A remedy that is found in a part of a network opens the cell in the whole of it."""

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from bulkhead.ends import EndpointKind
from bulkhead.ends.partition import partition
from bulkhead.explain.explain import explain
from bulkhead.explain.remedy import remedy
from bulkhead.network import Verdict
from bulkhead.prove import prove
from tests.support.examples import examples
from tests.support.hidden import hidden
from tests.support.messy import networks
from tests.support.wide import wide_networks

OUTSIDE = (EndpointKind.INTERNET, EndpointKind.SITE)


def cells(network, chosen, count=6):
    """Between hosts that are listed, and what is outside."""
    ends = partition(network).endpoints
    hosts = [each for each in ends if each.kind is EndpointKind.INTERFACE]
    others = [each for each in ends if each.kind in OUTSIDE or each in hosts]
    for _ in range(count if hosts and len(others) > 1 else 0):
        one, other = chosen.choice(hosts), chosen.choice(others)
        if one.version == other.version and (one.kind, one.id) != (other.kind, other.id):
            ends = chosen.sample((one, other), 2)
            yield *ends, chosen.choice((6, 6, 17, 1)), chosen.choice((80, 5556))


@examples(1 / 2, HealthCheck.filter_too_much, shrink=False)
@given(whole=st.one_of(networks(), wide_networks()), data=st.data(), chosen=st.randoms())
def test_what_opens_a_cell_of_what_is_listed_opens_it_in_everything_that_may_be_there(
    whole, data, chosen
):
    part = data.draw(hidden(whole))
    for one, other, protocol, port in cells(part, chosen):
        found = remedy(part, explain(part, one, other, protocol, port))
        if found is None or not found.opens:
            continue
        changed = whole
        for change in found.changes:
            changed = change.apply(changed)
        reach = prove(changed, cuts=(whole, part))
        for source in ends_at(reach, one):
            for to in ends_at(reach, other):
                said = reach.verdict(source, to, protocol, port)
                assert said is Verdict.ALLOWED, list(map(str, found.changes))


def ends_at(reach, end):
    """The same ends of a proof, at the address that was asked about: two sites may share one."""
    return [
        each
        for each in reach.endpoints
        if (each.kind, each.id) == (end.kind, end.id) and end.address in each
    ]
