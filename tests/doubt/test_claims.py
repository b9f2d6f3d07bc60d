"""What a proof claims is what it says, cell by cell and address by address."""

from hypothesis import given

from bulkhead.doubt.answers import in_words
from bulkhead.doubt.claims import INTERNET, Interval, subnet_at
from bulkhead.doubt.proved import claims_of, location_of
from bulkhead.network import Verdict
from bulkhead.prove import prove
from tests.support.examples import examples
from tests.support.shop import shop
from tests.support.wide import wide_networks


def pairs(reach, claims):
    """Every two endpoints of a family between which there are cells, with their classes."""
    ends = [each for each in reach.endpoints if each.version == claims.version]
    for source, one in enumerate(ends):
        for destination, other in enumerate(ends):
            outside = {one.kind, other.kind} <= {"internet", "elsewhere"}
            whole = one.kind in ("interface", "site")
            same = whole and (one.kind, one.id) == (other.kind, other.id)
            if not (outside or same):
                yield (source, one), (destination, other)


@examples(1 / 4)
@given(wide_networks())
def test_each_cell_is_claimed_once_with_its_verdict_and_the_ports_it_loses(network):
    reach = prove(network)
    for claims in claims_of(reach):
        for (source, one), (destination, other) in pairs(reach, claims):
            for cell in reach.between(one, other):
                for port in {cell.ports.first, cell.ports.last}:
                    said = claims.about(source, destination, cell.protocol, port)
                    expected = (
                        []
                        if cell.verdict is Verdict.DENIED
                        else [(cell.verdict, tuple((each.first, each.last) for each in cell.lost))]
                    )
                    assert [(each.verdict, each.lost) for each in said] == expected, str(cell)


@examples(1)
@given(wide_networks())
def test_an_address_of_an_endpoint_is_in_its_class_alone(network):
    reach = prove(network)
    for claims in claims_of(reach):
        ends = [each for each in reach.endpoints if each.version == claims.version]
        for index, each in enumerate(ends):
            for number in (int(each.ranges[0][0]), int(each.ranges[-1][1])):
                assert claims.holding(location_of(each), number) == (index,)
            assert claims.classes[index].name == str(each)


def test_an_address_in_another_location_is_in_no_class():
    network, _ = shop()
    (claims,) = claims_of(prove(network))
    web = int(network.interfaces[0].address)
    assert claims.holding(subnet_at("front-a"), web)
    assert not claims.holding(subnet_at("back-a"), web) and not claims.holding(INTERNET, web)


def test_a_protocol_that_no_rule_names_falls_under_the_claims_for_all_others():
    network, _ = shop()
    (claims,) = claims_of(prove(network))
    everything = [each for each in claims.claims if each.protocol is None]
    for each in everything:
        pair = each.sources[0], each.destinations[0]
        assert each in claims.about(*pair, 253, 0)
        assert each not in claims.about(*pair, 6, 0)
    assert everything


def test_lost_client_ports_are_said_beside_the_verdict():
    lost = (Interval(40001, 60999), Interval(32768, 32768))
    assert in_words("half-open", lost) == "half-open (lost from client ports 40001-60999, 32768)"
    assert in_words("allowed", ()) == "allowed"
