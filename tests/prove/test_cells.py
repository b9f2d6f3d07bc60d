"""Cells are chosen before they are made: what is left out is never there."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bulkhead.ends import EndpointKind
from bulkhead.network import Verdict
from bulkhead.prove import prove
from bulkhead.prove.cells import all_heaps, cells, everything
from tests.support.examples import examples
from tests.support.messy import networks
from tests.support.wide import wide_networks

OUTER = (EndpointKind.INTERNET, EndpointKind.ELSEWHERE)


def _slowly(reach, strangers):
    """Pair by pair, protocol by protocol: every cell, in the order of the documents."""
    for index, to in enumerate(reach.endpoints):
        for protocol in reach.protocols:
            for sender, source in enumerate(reach.endpoints):
                if (
                    source.version == to.version
                    and not reach.same_host(index) >> sender & 1
                    and (strangers or EndpointKind.STRANGER not in (source.kind, to.kind))
                    and not (source.kind in OUTER and to.kind in OUTER)
                ):
                    for cell in reach.between(source, to):
                        if cell.protocol == protocol:
                            yield cell


@examples(1 / 2)
@given(st.one_of(networks(), wide_networks()), st.booleans(), st.sets(st.sampled_from(Verdict)))
def test_cells_that_are_chosen_are_those_that_a_look_at_every_pair_leaves(network, all_, wanted):
    reach = prove(network)
    slowly = list(_slowly(reach, all_))
    heaps = list(all_heaps(reach, strangers=all_))
    chosen = [
        reach.cell(source, heap.destination, heap.protocol, ports, verdict)
        for heap in heaps
        for source, ports, verdict in heap.each(wanted)
    ]
    assert chosen == [each for each in slowly if each.verdict in wanted]
    counts = sum((heap.counts() for heap in heaps), Counter())
    assert counts == Counter(each.verdict for each in slowly)


@examples(1 / 4)
@given(networks(), st.data())
def test_so_are_those_between_some_ends(network, data):
    reach = prove(network)
    some = st.integers(0, (1 << len(reach.endpoints)) - 1)
    sources, destinations = data.draw(some), data.draw(some)
    wanted = data.draw(st.sets(st.sampled_from(Verdict)))
    chosen = list(cells(reach, sources, _bits(destinations), everything(reach), tuple(wanted)))
    assert chosen == [
        each
        for each in cells(reach, sources, _bits(destinations), everything(reach))
        if each.verdict in wanted
    ]


def _bits(mask):
    return [index for index in range(mask.bit_length()) if mask >> index & 1]
