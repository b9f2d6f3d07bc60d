"""A packet to a public address of what is here: the proof, the walk, and the legs one by one."""

from dataclasses import replace

from hypothesis import given

from bulkhead.ends import EndpointKind, public_addresses
from bulkhead.explain import Layer, explain, explain_public
from bulkhead.network import NAT_PORTS, Verdict
from bulkhead.prove import prove
from bulkhead.prove.cells import everything
from bulkhead.prove.public import over_internet
from tests.support.examples import examples
from tests.support.known import known_by_address
from tests.support.messy import networks
from tests.support.wide import wide_networks

WORST_FIRST = (Verdict.DENIED, Verdict.UNDETERMINED, Verdict.HALF_OPEN, Verdict.ALLOWED)


def every_cell(network):
    """Each cell to a public address that something here has, by the proof."""
    reach = prove(network)
    everybody = (1 << len(reach.endpoints)) - 1
    for each in over_internet(reach, public_addresses(network, reach.endpoints)):
        for cell in each.cells(everybody, everything(reach)):
            for port in {cell.ports.first, cell.ports.last}:
                yield reach, each.public, cell, port


def agree(network):
    for _, public, cell, port in every_cell(network):
        said = explain_public(network, cell.source, public, cell.protocol, port)
        assert said.verdict is cell.verdict, f"{cell} at {port}: {told(said)}"
        if said.verdict is Verdict.HALF_OPEN:
            assert said.lost == cell.lost, f"{cell} at {port}: {told(said)}"


def told(said):
    return [(str(leg.verdict), *map(str, (*leg.request, *leg.reply))) for leg in said.legs]


@examples(1 / 4, shrink=False)
@given(known_by_address(networks()))
def test_the_walk_agrees_on_public_addresses_of_a_messy_vpc(network):
    agree(network)


@examples(1 / 4, shrink=False)
@given(known_by_address(wide_networks()))
def test_the_walk_agrees_on_public_addresses_behind_every_gateway(network):
    agree(network)


def without_tunnels(network):
    """Nobody sends to a public address by a tunnel, as whoever; what routes lead there is left."""
    down = (replace(each, available=False) for each in network.vpn_connections)
    return replace(network, vpn_connections=tuple(down))


def by_hand(network, reach, public, cell, port):
    """The same, by two packets of which each is explained; None where one alone does not tell."""
    (behind,), packet = public.behind, (cell.protocol, port)
    first = explain(network, cell.source, public.end, *packet)
    if first.verdict is Verdict.DENIED:
        return first.verdict
    if len(first.paths) > 1 or first.verdict is Verdict.UNDETERMINED:
        return None
    if any(hop.layer is Layer.GATEWAY_ENDPOINT for hop in first.request):
        return Verdict.DENIED  # delivered to a service, and not to what is here
    nats = [hop.id for hop in first.request if hop.layer is Layer.NAT]
    by = {each.id: each.public_addresses for each in network.nat_gateways}
    own = network.interface[cell.source.id].public_for(cell.source.address)
    if nats and len(by[nats[-1]]) > 1:
        return None
    (address,) = by[nats[-1]] if nats else (own,)
    (known,) = [
        each for each in reach.endpoints if each.kind is EndpointKind.INTERNET and address in each
    ]
    ports = NAT_PORTS if nats else first.client_ports
    second = explain(without_tunnels(network), known, behind, *packet, client_ports=ports)
    return min(first.verdict, second.verdict, key=WORST_FIRST.index)


@examples(1 / 4, shrink=False)
@given(known_by_address(wide_networks(known=True)))
def test_the_answer_is_that_of_both_legs_together(network):
    for reach, public, cell, port in every_cell(network):
        if cell.source.kind is EndpointKind.INTERFACE and len(public.behind) == 1:
            found = by_hand(network, reach, public, cell, port)
            assert found in (None, cell.verdict), f"{cell} at {port}"
