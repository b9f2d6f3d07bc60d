"""Where prover and twin differ, the run says so; where they cannot differ, it says nothing."""

from dataclasses import replace
from ipaddress import IPv6Network

from bulkhead.agree import Fit, hold
from bulkhead.network import TCP, Verdict
from bulkhead.prove import prove
from bulkhead.twin import Drill, Measurement, Party, PartyKind, Unavailable


def interface(network, name):
    (found,) = [each for each in network.interfaces if each.name == name]
    return Party(
        kind=PartyKind.INTERFACE,
        id=found.id,
        name=found.name,
        address=found.address,
        service=found.service,
    )


def measured(network, allowed, source="front-1", source_port=None):
    return Measurement(
        source=interface(network, source),
        target=interface(network, "db-1"),
        port=6000,
        protocol=TCP,
        allowed=allowed,
        evidence="by hand",
        listener=network.listeners[0],
        source_port=source_port,
    )


def drill(*measurements):
    return Drill(measurements=measurements, seconds=0.1)


def test_what_was_measured_as_proved_agrees(shop):
    result = hold(drill(measured(shop.network, True)), prove(shop.network))
    assert (result.agreed, result.ok) == (1, True)


def test_a_proved_flow_that_did_not_connect_is_a_disagreement(shop):
    result = hold(drill(measured(shop.network, False)), prove(shop.network))
    assert not result.ok
    assert result.disagreements[0].proved is Verdict.ALLOWED


def test_a_machine_that_cannot_drill_is_no_disagreement_and_says_why(shop):
    result = hold(Unavailable("no namespaces here"), prove(shop.network))
    assert result.ok
    assert result.fit is Fit.NOT_DRILLED
    assert result.reason == "no namespaces here"


def test_a_half_open_flow_may_connect_or_not_when_the_system_picks_the_port(shop, narrowed):
    network = narrowed(shop.network)
    for allowed in (True, False):
        assert hold(drill(measured(network, allowed)), prove(network)).ok


def test_a_half_open_flow_of_which_no_reply_returns_must_not_connect(shop):
    nacls = tuple(
        replace(each, entries=tuple(one for one in each.entries if one.ports.first != 32768))
        if each.name == "web"
        else each
        for each in shop.network.nacls
    )
    network = replace(shop.network, nacls=nacls)
    assert hold(drill(measured(network, False)), prove(network)).ok
    result = hold(drill(measured(network, True)), prove(network))
    assert [each.proved for each in result.disagreements] == [Verdict.HALF_OPEN]


def test_a_half_open_flow_is_tried_again_from_ports_on_either_side_of_the_loss(shop, narrowed):
    network = narrowed(shop.network)
    asked = []

    def as_proved(probes):
        asked.extend(probes)
        return [measured(network, each.source_port < 50000) for each in probes]

    result = hold(drill(measured(network, True)), prove(network), as_proved)
    assert [each.source_port for each in asked] == [50000, 32768]
    assert result.ok
    assert result.witnesses == 2


def test_a_reply_that_should_be_lost_and_returns_is_a_disagreement(shop, narrowed):
    network = narrowed(shop.network)

    def always(probes):
        return [measured(network, True) for _ in probes]

    result = hold(drill(measured(network, True)), prove(network), always)
    assert len(result.disagreements) == 1


def test_pairs_over_ipv6_are_counted_because_no_twin_tries_them(shop):
    four = hold(drill(measured(shop.network, True)), prove(shop.network))
    assert four.by_proof_alone == 0
    six = tuple(
        replace(
            each,
            ipv6_cidrs=(IPv6Network(f"2600:1f18:1234:56{index:02x}::/64"),),
        )
        for index, each in enumerate(shop.network.subnets)
    )
    reach = prove(replace(shop.network, subnets=six))
    # Strangers of each subnet may call nobody there, for no host has an address of IPv6; the
    # internet and they are no hosts either.
    assert hold(drill(measured(shop.network, True)), reach).by_proof_alone == 0
    given = tuple(
        replace(
            each,
            ipv6_addresses=(
                six[list(shop.network.subnets).index(shop.network.subnet_of(each))].ipv6_cidrs[0][
                    4 + index
                ],
            ),
        )
        for index, each in enumerate(shop.network.interfaces)
    )
    reach = prove(replace(shop.network, subnets=six, interfaces=given))
    hosts = len(given)
    found = hold(drill(measured(shop.network, True)), reach).by_proof_alone
    assert found >= hosts * (hosts - 1)
