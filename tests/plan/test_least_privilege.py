"""What the prover finds open in a plan is what was declared: nothing extra, nothing missing."""

import dataclasses
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bulkhead.judge import judge
from bulkhead.network import LINUX_PORTS, Action, Network, within
from bulkhead.plan import plan
from bulkhead.prove import prove
from tests.support.examples import examples
from tests.support.topologies import documents, topology_from


def planned(document):
    with tempfile.TemporaryDirectory() as folder:
        return plan(topology_from(Path(folder), document))


EPHEMERAL = (5000, LINUX_PORTS.first - 15, 40000, LINUX_PORTS.last - 15)
"""Also ports that clients use: there a declared port and the replies share a way."""

any_documents = documents(first_ports=EPHEMERAL, coming=True) | documents(
    first_ports=EPHEMERAL, coming=True, vpcs=True
)


@given(any_documents)
@examples()
def test_a_plan_is_exactly_what_its_topology_declares(document):
    made = planned(document)
    assert judge(prove(made.network), made.declaration).findings == ()


def one_less(network: Network) -> list[Network]:
    """The network without one of its rules, entries or routes, once for each."""

    def without(field, attribute):
        for holder in getattr(network, field):
            for gone in getattr(holder, attribute):
                less = dataclasses.replace(
                    holder,
                    **{attribute: tuple(e for e in getattr(holder, attribute) if e is not gone)},
                )
                rest = [less if each is holder else each for each in getattr(network, field)]
                yield dataclasses.replace(network, **{field: tuple(rest)})

    return [
        *without("security_groups", "rules"),
        *without("nacls", "entries"),
        *without("route_tables", "routes"),
    ]


@given(
    documents(max_services=4, coming=True)
    | documents(max_services=4, first_ports=EPHEMERAL, coming=True)
    | documents(max_services=4, coming=True, vpcs=True),
    st.data(),
)
@examples()
def test_no_rule_entry_or_route_of_a_plan_could_be_left_out(document, data):
    made = planned(document)
    smaller = one_less(made.network)
    if smaller:
        network = data.draw(st.sampled_from(smaller))
        assert judge(prove(network), dataclasses.replace(made.declaration, planned=None)).findings


@given(any_documents)
@examples()
def test_no_entry_lets_pass_only_what_another_does(document):
    for acl in planned(document).network.nacls:
        for one in acl.entries:
            for other in acl.entries:
                same_way = (one.direction, one.protocol) == (other.direction, other.protocol)
                refused = any(
                    deny.action is Action.DENY
                    and deny.direction is one.direction
                    and one.number < deny.number < other.number
                    and within(one.cidr, deny.cidr)
                    for deny in acl.entries
                )
                if one is not other and same_way and within(one.cidr, other.cidr) and not refused:
                    assert not other.ports.covers(one.ports), f"{acl.name}: {one} beside {other}"
