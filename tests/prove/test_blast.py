"""The blast radius: a search over ends, held against one that follows every cell by hand."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bulkhead.ends import EndpointKind, public_addresses
from bulkhead.explain import explain_public
from bulkhead.network import TCP, BalancedPort, InterfaceKind, LoadBalancer, PortRange, Verdict
from bulkhead.prove import Question, ask, prove
from bulkhead.prove.blast import blast
from bulkhead.prove.cells import cells, everything, senders
from bulkhead.prove.internet import Internet
from bulkhead.prove.public import OverInternet
from tests.support.estate import Estate, endpoint
from tests.support.examples import examples
from tests.support.known import known_by_address
from tests.support.messy import networks
from tests.support.shop import shop, with_rule


def host(reach, end):
    if end.kind is not EndpointKind.INTERFACE:
        return None
    return reach.network.interface[end.id].instance or end.id


def together(reach, ends):
    """The ends and all others on their hosts."""
    hosts = {host(reach, each) for each in ends} - {None}
    return {each for each in reach.endpoints if each in ends or host(reach, each) in hosts}


def goes_on(reach, end):
    if end.kind is EndpointKind.INTERFACE:
        return reach.network.interface[end.id].kind is InterfaceKind.HOST
    return end.kind is EndpointKind.SITE


def over_public_addresses(reach, verdicts):
    """Who gets into whom out to the internet and in again, cell by cell."""
    found, everybody = set(), (1 << len(reach.endpoints)) - 1
    for each in public_addresses(reach.network, reach.endpoints):
        over = OverInternet(Internet(reach), each, lines_of_their_own=False)
        for cell in over.cells(everybody, everything(reach)):
            if cell.verdict in verdicts and cell.source.kind is not EndpointKind.INTERNET:
                found |= {(cell.source, end) for end in each.behind}
    return found


def naive(reach, start, hops, verdicts, backwards=False):
    """Distances, cell by cell, without load balancers."""
    begin = together(reach, start)
    over = over_public_addresses(reach, verdicts)
    distance = dict.fromkeys(begin, 0)
    frontier, steps = begin, 0
    while frontier and (hops is None or steps < hops):
        steps += 1
        found = set()
        for one in frontier:
            if one not in begin and not goes_on(reach, one):
                continue
            for other in reach.endpoints:
                pair = (other, one) if backwards else (one, other)
                if reach.same_host(reach.index(one)) >> reach.index(other) & 1:
                    continue
                direct = any(cell.verdict in verdicts for cell in reach.between(*pair))
                if direct or pair in over:
                    found.add(other)
        frontier = together(reach, found) - set(distance)
        distance |= dict.fromkeys(frontier, steps)
    return {end: steps for end, steps in distance.items() if steps}


SURE = {Verdict.ALLOWED, Verdict.HALF_OPEN}
MAYBE = {*SURE, Verdict.UNDETERMINED}


@examples(1 / 2)
@given(st.one_of(networks(), known_by_address(networks())), st.data())
def test_every_distance_is_that_of_a_search_over_all_cells(network, data):
    network = replace(
        network,
        interfaces=tuple(
            replace(each, instance=data.draw(st.sampled_from((None, "i-1", "i-2"))))
            for each in network.interfaces
        ),
    )
    reach = prove(network)
    start = {data.draw(st.sampled_from(reach.endpoints))}
    hops = data.draw(st.sampled_from((None, 1, 2)))
    backwards = data.draw(st.booleans())
    sure = naive(reach, start, hops, SURE, backwards)
    maybe = naive(reach, start, hops, MAYBE, backwards)
    wanted = {each: (steps, False) for each, steps in maybe.items()}
    wanted |= {each: (steps, True) for each, steps in sure.items()}
    found = blast(reach, start, hops=hops, backwards=backwards)
    assert {each.end: (each.hops, each.certain) for each in found} == wanted
    for each in found:
        _check_path(reach, start, each, backwards)


def _check_path(reach, start, found, backwards):
    """One hop after the other, each open, from end to end; between hops only hosts are changed."""
    assert len(found.path) == found.hops
    first, last = (found.end, start) if backwards else (start, found.end)
    first = first if isinstance(first, set) else {first}
    last = last if isinstance(last, set) else {last}
    here = together(reach, first)
    for step in found.path:
        assert step.source in here
        assert step.cells
        for cell in step.cells:
            said = _said(reach, step, cell.protocol, cell.ports.first)
            assert said is cell.verdict is not Verdict.DENIED
        assert not found.certain or {cell.verdict for cell in step.cells} & SURE
        here = together(reach, {step.destination})
    assert here & together(reach, last)


def _said(reach, step, protocol, port):
    if step.over is None:
        return reach.verdict(step.source, step.destination, protocol, port)
    every = public_addresses(reach.network, reach.endpoints)
    (public,) = [each for each in every if each.end == step.over]
    return explain_public(reach.network, step.source, public, protocol, port).verdict


def chain():
    """a -> b:1 -> c:2, and d which nobody reaches."""
    estate = Estate()
    estate.subnet("s", "10.0.1.0/24")
    estate.group("g-a", "out tcp 1 g-b")
    estate.group("g-b", "in tcp 1 g-a", "out tcp 2 g-c")
    estate.group("g-c", "in tcp 2 g-b")
    estate.group("g-d")
    for number, name in enumerate("abcd", start=10):
        estate.host(name, "s", f"10.0.1.{number}", f"g-{name}")
    return estate


def reached(reach, start, **options):
    ends = blast(reach, [endpoint(reach, start)], **options)
    return {each.end.name: each.hops for each in ends if each.end.kind is EndpointKind.INTERFACE}


def test_what_is_reached_by_hops_is_told_with_its_distance_and_its_way():
    reach = prove(chain().build())
    assert reached(reach, "a") == {"b": 1, "c": 2}
    assert reached(reach, "a", hops=1) == {"b": 1}
    (far,) = [each for each in blast(reach, [endpoint(reach, "a")]) if each.end.name == "c"]
    way = [(str(step.source), str(step.destination), step.cells[0].ports) for step in far.path]
    assert way == [("a", "b", PortRange(1, 1)), ("b", "c", PortRange(2, 2))]


def test_who_gets_somewhere_by_hops_is_the_same_question_backwards():
    reach = prove(chain().build())
    assert reached(reach, "c", backwards=True) == {"b": 1, "a": 2}


def test_traffic_holds_for_every_hop():
    reach = prove(chain().build())
    assert reached(reach, "a", traffic=((TCP, PortRange(1, 1)),)) == {"b": 1}


def test_what_is_asked_of_the_last_hop_leaves_the_others_free():
    reach = prove(chain().build())
    one, two = (((TCP, PortRange(port, port)),) for port in (1, 2))
    assert reached(reach, "c", backwards=True, last=two) == {"b": 1, "a": 2}
    assert reached(reach, "c", backwards=True, last=one) == {}


def test_who_owns_a_host_owns_all_its_interfaces():
    network = chain().build()
    both = {"b": "i-1", "d": "i-1"}
    network = replace(
        network,
        interfaces=tuple(replace(each, instance=both.get(each.id)) for each in network.interfaces),
    )
    assert reached(prove(network), "a") == {"b": 1, "d": 1, "c": 2}


def test_nothing_goes_on_from_the_internet_or_from_a_free_address():
    estate = Estate()
    estate.table("out", "0.0.0.0/0 igw")
    estate.igw()
    estate.subnet("s", "10.0.1.0/24", table="out")
    estate.group("caller", "out all 0.0.0.0/0")
    estate.group("server", "in tcp 80 8.0.0.0/8")
    estate.host("a", "s", "10.0.1.10", "caller", public="203.0.113.5")
    estate.host("b", "s", "10.0.1.11", "server", public="203.0.113.6")
    reach = prove(estate.build())
    assert reached(reach, "a") == {}
    assert reached(reach, "internet (8.0.0.0/8)") == {"b": 1}


def balanced(*, keeps_client_address=False, target_port=2):
    """a -> the balancer (tcp 1) -> c (tcp 2): `b` of the chain is the balancer."""
    network = chain().build()
    kinds = {"b": InterfaceKind.LOAD_BALANCER}
    return replace(
        network,
        interfaces=tuple(
            replace(each, kind=kinds.get(each.id, each.kind)) for each in network.interfaces
        ),
        load_balancers=(
            LoadBalancer(
                id="lb",
                name="lb",
                vpc="vpc",
                interfaces=("b",),
                listeners=(
                    BalancedPort(
                        protocol=TCP,
                        port=1,
                        targets=(("c", target_port),),
                        keeps_client_address=keeps_client_address,
                    ),
                ),
            ),
        ),
    )


def test_a_load_balancer_passes_on_from_its_listener_to_its_targets_and_no_further():
    network = balanced()
    assert reached(prove(network), "a") == {"b": 1, "c": 2}
    assert reached(prove(network), "c", backwards=True) == {"b": 1, "a": 2}
    assert reached(prove(replace(network, load_balancers=())), "a") == {"b": 1}
    at_c = ((TCP, PortRange(2, 2)),)
    assert reached(prove(network), "c", backwards=True, last=at_c) == {"b": 1, "a": 2}
    # A target whose group does not let the balancer in is not reached.
    assert reached(prove(balanced(target_port=3)), "a") == {"b": 1}


def test_where_the_target_sees_the_client_s_address_the_hop_is_not_certain():
    reach = prove(balanced(keeps_client_address=True))
    (far,) = [each for each in blast(reach, [endpoint(reach, "a")]) if each.end.name == "c"]
    assert (far.hops, far.certain) == (2, False)
    assert far.path[1].balanced
    assert [each.verdict for each in far.path[1].cells] == [Verdict.UNDETERMINED]


def test_a_planned_shop_lets_nobody_hop_further_than_its_wiring():
    network = shop()[0]
    reach = prove(network)
    plant = [each for each in reach.endpoints if each.kind is EndpointKind.SITE]
    hops = {each.end.name: each.hops for each in blast(reach, plant)}
    assert {name: hops[name] for name in ("web-0", "web-1", "store-0", "store-1")} == {
        **{"web-0": 1, "web-1": 1},
        **{"store-0": 2, "store-1": 2},
    }
    assert "idle-0" not in hops


@examples(1 / 2)
@given(networks())
def test_cells_on_demand_are_the_cells_of_every_pair(network):
    reach = prove(network)
    everybody = (1 << len(reach.endpoints)) - 1
    found = list(cells(reach, everybody, range(len(reach.endpoints)), everything(reach)))
    wanted = {
        cell
        for one in reach.endpoints
        for other in reach.endpoints
        if one.address.version == other.address.version
        and not reach.same_host(reach.index(other)) >> reach.index(one) & 1
        for cell in reach.between(one, other)
    }
    assert len(found) == len(wanted)
    assert set(found) == wanted


def test_cells_can_be_cut_to_some_ports():
    network = with_rule(shop()[0], "sg-idle", "in tcp 20-30 0.0.0.0/0")
    reach = prove(network)
    idle = reach.index(endpoint(reach, "idle-0"))
    start = 1 << reach.index(endpoint(reach, "any host in back-a"))
    found = cells(reach, start, [idle], ((TCP, PortRange(25, 40)),))
    assert [(each.ports, each.verdict) for each in found] == [
        (PortRange(25, 30), Verdict.ALLOWED),
        (PortRange(31, 40), Verdict.DENIED),
    ]
    assert senders(reach, idle, ((TCP, PortRange(31, 40)),))[1] & start == 0


def lane():
    """A client with a way out, a server with a public address, and a store that trusts it."""
    estate = Estate()
    estate.igw()
    estate.table("out", "0.0.0.0/0 igw")
    for name, cidr in (("a", "10.0.1.0/24"), ("b", "10.0.2.0/24"), ("c", "10.0.3.0/24")):
        estate.subnet(name, cidr, table="main" if name == "c" else "out")
    estate.group("client", "out all 0.0.0.0/0")
    estate.group("server", "out all 0.0.0.0/0", "in tcp 22 203.0.113.5/32")
    estate.group("store", "in tcp 80 server")
    estate.host("client", "a", "10.0.1.10", "client", public="203.0.113.5")
    estate.host("server", "b", "10.0.2.10", "server", public="203.0.113.9")
    estate.host("store", "c", "10.0.3.10", "store")
    return estate.build()


def test_a_way_over_public_addresses_is_a_hop_and_said_to_be_one():
    reach = prove(lane())
    found = {each.end.id: each for each in blast(reach, [endpoint(reach, "client")])}
    assert (found["server"].hops, found["store"].hops) == (1, 2)
    first, second = found["store"].path
    assert str(first.over.address) == "203.0.113.9"
    assert [(cell.protocol, cell.ports) for cell in first.cells] == [(TCP, PortRange(22, 22))]
    assert second.over is None
    back = blast(reach, [endpoint(reach, "store")], backwards=True)
    hops = {each.end.id: each.hops for each in back}
    assert (hops["server"], hops["client"]) == (1, 2)


def test_who_gets_to_a_public_address_by_hops_is_asked_about_that_address():
    reach = prove(lane())
    found = ask(reach, Question(to="203.0.113.9", protocol="tcp", port=22, hops="all"))
    names = {each.end.name: each.hops for each in found.reached if each.certain}
    assert names == {"client": 1, "internet (203.0.113.5/32)": 1}
    (step,) = found.reached[0].path
    assert step.destination.name == "internet (203.0.113.9 of server)"


def test_the_direct_way_is_told_before_one_over_the_internet():
    network = with_rule(lane(), "server", "in tcp 22 10.0.1.10/32")
    reach = prove(network)
    (found,) = [
        each for each in blast(reach, [endpoint(reach, "client")]) if each.end.id == "server"
    ]
    assert [step.over for step in found.path] == [None]
