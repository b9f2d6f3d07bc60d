"""What a comparison says: each edit exactly its flows, by name, by rule, and what it cuts."""

import time
from collections import Counter
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.compare import CauseKind, ChangeKind, Fate, compare
from bulkhead.compare.cells import Kept, differences
from bulkhead.compare.fold import Folding, by_name, by_place
from bulkhead.compare.pairing import pair_ends
from bulkhead.ends import label
from bulkhead.network import IdleTimeouts, PortRange, Unmodelled, Verdict
from bulkhead.plan import plan
from bulkhead.prove import prove, reprove
from tests.support.estate import ANYWHERE, Estate
from tests.support.examples import examples
from tests.support.fleet import fleet
from tests.support.messy import acl_entries, group_rules, networks
from tests.support.nat64 import behind_nat64
from tests.support.respelt import renamed, respelt
from tests.support.shop import shop, with_entry, with_routes, with_rule, without_entry, without_rule
from tests.support.topologies import sending_to_a_site, topology_from

REPLY = "out 200 allow tcp 32768-60999 10.0.1.0/24"


def between_services(delta):
    return [each for each in delta.changes if "any host" not in each.source.name + each.to]


def only(delta):
    (found,) = between_services(delta)
    return found


# Equality


def test_a_network_does_not_differ_from_itself_and_its_open_flows_are_counted():
    network, flows = shop()
    delta = compare(network, network)
    assert delta.same
    assert delta.unchanged == len(flows)


@examples()
@given(data=st.data())
def test_no_flow_differs_however_the_same_rules_are_spelt(data):
    network = data.draw(networks())
    other = data.draw(respelt(network))
    assert compare(network, other).changes == ()


@examples()
@given(data=st.data())
def test_what_is_said_to_differ_is_what_differs_cell_by_cell(data):
    network = data.draw(networks())
    other = _edited(data.draw, network)
    delta = compare(network, renamed(other))
    said = {
        (source, to, change.before, change.after)
        for change in delta.changes
        for source in _unfolded(change.source.name)
        for to in _unfolded(change.destination.name)
    }
    assert said == _differing(network, other)


@examples(1 / 8)
@given(data=st.data())
def test_whole_places_differ_in_as_many_pairs_as_the_hosts_in_them(data):
    before = data.draw(networks())
    after = _edited(data.draw, _edited(data.draw, _edited(data.draw, before)))
    one, other = prove(before, cuts=(after,)), prove(after, cuts=(before,))
    lineup = pair_ends((before, after), one.endpoints, other.endpoints)
    counted = []
    for named in (by_name, by_place(before, after)):
        folding = Folding(lineup, (), named)
        for each in differences(one, other, lineup):
            if not isinstance(each, Kept):
                folding.move(each)
        pairs = Counter()
        for each in folding.folded({*one.protocols, *other.protocols}):
            pairs[each.shift] += each.hosts
            assert each.hosts <= each.of_hosts
        counted.append(pairs)
    assert counted[0] == counted[1]


def test_more_than_can_be_told_one_by_one_is_told_from_place_to_place():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.subnet("b", "10.0.2.0/24")
    estate.group("open", "in tcp 80 0.0.0.0/0", "out all 0.0.0.0/0")
    for number in range(33):
        estate.host(f"a{number}", "a", f"10.0.1.{10 + number}", "open")
        estate.host(f"b{number}", "b", f"10.0.2.{10 + number}", "open")
    before = estate.build()
    shut = with_rule(before, "open", "in tcp 81 0.0.0.0/0")
    delta = compare(before, shut)
    assert delta.by_place
    (change,) = [
        each
        for each in delta.of(ChangeKind.OPENED)
        if (each.source.name, each.destination.name) == ("a", "b")
    ]
    assert (change.hosts, change.of_hosts, change.socket) == (33 * 33, 33 * 33, None)
    assert change.causes


@examples(1 / 4, shrink=False)
@given(data=st.data())
def test_what_counts_as_unchanged_is_what_is_open_on_both_sides_alike(data):
    network = data.draw(networks())
    other = _edited(data.draw, network)
    one, two = prove(network, cuts=(other,)), prove(other, cuts=(network,))
    lineup = pair_ends((network, other), one.endpoints, two.endpoints)
    kept = [
        each
        for each in differences(one, reprove(one, other), lineup)
        if isinstance(each, Kept) and lineup.pairs[each.destination].after is not None
    ]
    for protocol in {*one.protocols, *two.protocols}:
        for place, pair in enumerate(lineup.pairs):
            for port in {0, *(each.ports.first for each in kept)} if pair.after is not None else ():
                was = _open_at(one, pair.before, protocol, port)
                now = _open_at(two, pair.after, protocol, port)
                alike = [mine & lineup.moved(yours) for mine, yours in zip(was, now, strict=True)]
                assert alike[0] | alike[1] | alike[2] == sum(
                    each.senders
                    for each in kept
                    if (each.destination, each.protocol) == (place, protocol) and port in each.ports
                )


def _open_at(reach, index, protocol, port):
    """Who gets in at a port with which verdict; nobody where there is no such end."""
    if index is None:
        return [0, 0, 0]
    others = reach.concerned(index) & ~reach.same_host(index)
    pieces = reach.masks(index, reach.protocol(protocol)).pieces(PortRange(port, port))
    return [bits & others for bits in pieces[0][1:]]


def _edited(draw, network):
    """One rule more in some group, one entry more in some NACL, or a host less."""
    edit = draw(st.sampled_from(("group", "nacl", "host")))
    if edit == "group":
        return with_rule(network, draw(st.sampled_from(("red", "green"))), draw(group_rules))
    if edit == "nacl":
        return with_entry(network, "acl-1", draw(acl_entries.map(_outside)))
    return replace(network, interfaces=network.interfaces[1:])


def _outside(text):
    """A number that no entry has yet."""
    way, number, *rest = text.split()
    return " ".join((way, str(600 + int(number)), *rest))


def _unfolded(name):
    """'any host in a, b' -> both."""
    if not name.startswith("any host in "):
        return [name]
    return [f"any host in {each}" for each in name.removeprefix("any host in ").split(", ")]


def _differing(before, after):
    """The same question asked the slow way: every pair, every protocol, every edge of a range."""
    sides = []
    for network, other in ((before, after), (after, before)):
        reach = prove(network, cuts=(other,))
        sides.append((reach, {_key(end): end for end in reach.endpoints}))
    found = set()
    ends = {key: end for _, several in reversed(sides) for key, end in several.items()}
    protocols = {each for reach, _ in sides for each in reach.protocols}
    for one, source in ends.items():
        for two, to in ends.items():
            ports = {0}
            cells = [
                [
                    cell
                    for cell in reach.between(known[one], known[two])
                    if (source.kind, source.id) != (to.kind, to.id) or source.kind != "interface"
                ]
                if one in known and two in known and one != two
                else []
                for reach, known in sides
            ]
            ports.update(cell.ports.first for several in cells for cell in several)
            for protocol in protocols:
                for port in ports:
                    was, now = (
                        _verdict(several, reach.protocol(protocol), port)
                        for (reach, _), several in zip(sides, cells, strict=True)
                    )
                    if was is not now:
                        found.add((_name(source), _name(to), was, now))
    return found


def _name(end):
    """Its label; the addresses of one interface folded."""
    return label(end).partition(" (")[0]


def _key(end):
    return end.kind, end.id, end.prefix, end.address if end.kind == "interface" else None


def _verdict(cells, protocol, port):
    for cell in cells:
        if cell.protocol == protocol and port in cell.ports:
            return cell.verdict
    return Verdict.DENIED


# How many pairs of ends a change is of


def test_only_pairs_of_addresses_of_one_family_are_counted():
    def network(*rules):
        estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")
        estate.subnet("a", "10.0.1.0/24 2a05:d018:1:1::/64")
        estate.subnet("b", "10.0.2.0/24 2a05:d018:1:2::/64")
        estate.group("any", *ANYWHERE)
        estate.group("some", *rules)
        estate.host("client", "a", "10.0.1.10 2a05:d018:1:1::a", "any")
        estate.host("four", "a", "10.0.1.11", "any")
        estate.host("server", "b", "10.0.2.10 2a05:d018:1:2::b", "some")
        return estate.build()

    both = network("in tcp 22 10.0.0.0/16", "in tcp 22 2a05:d018:1::/56")
    one = network("in tcp 22 2a05:d018:1::/56")
    counted = {each.source.name: (each.hosts, each.of_hosts) for each in compare(both, one).changes}
    assert counted["client"] == (1, 2)
    assert counted["four"] == (1, 1)


# Each kind of change, with the rules responsible


def test_a_removed_group_rule_closes_exactly_its_flow_and_is_named():
    change = only(compare(shop()[0], without_rule(shop()[0], "sg-store", "sg-store-0")))
    assert (change.kind, change.source.name, change.to) == (
        ChangeKind.CLOSED,
        "web",
        "store.orders",
    )
    assert (change.hosts, change.of_hosts) == (4, 4)
    (cause,) = change.causes
    assert (cause.kind, cause.component, cause.rule) == (
        CauseKind.GONE,
        "sg-store",
        "tcp 5556 from sg-web",
    )


def test_a_removed_reply_entry_half_breaks_the_flow_and_names_the_lost_client_ports():
    change = only(compare(shop()[0], without_entry(shop()[0], "acl-back", REPLY)))
    assert change.kind is ChangeKind.HALF_BROKEN
    assert change.lost == (PortRange(32768, 60999),)
    (cause,) = change.causes
    assert (cause.kind, cause.component, cause.reply) == (CauseKind.GONE, "acl-back", True)
    assert "32768-60999" in cause.rule


def test_a_reply_entry_that_loses_half_its_ports_is_named_as_changed():
    network = without_entry(shop()[0], "acl-back", REPLY)
    network = with_entry(network, "acl-back", "out 200 allow tcp 32768-49999 10.0.1.0/24")
    change = only(compare(shop()[0], network))
    assert change.lost == (PortRange(50000, 60999),)
    (cause,) = change.causes
    assert cause.kind is CauseKind.CHANGED
    assert "32768-60999" in cause.was
    assert "32768-49999" in cause.rule


def test_what_was_half_broken_is_mended():
    change = only(compare(without_entry(shop()[0], "acl-back", REPLY), shop()[0]))
    assert (change.kind, change.effect) == (ChangeKind.MENDED, None)


def test_an_opened_flow_names_the_new_rule_of_every_layer():
    network = with_rule(shop()[0], "sg-store", "in tcp 22 sg-web")
    network = with_rule(network, "sg-web", "out tcp 22 sg-store")
    network = with_entry(network, "acl-front", "out 110 allow tcp 22 10.0.2.0/24")
    network = with_entry(network, "acl-back", "in 110 allow tcp 22 10.0.1.0/24")
    change = only(compare(shop()[0], network))
    assert (change.kind, change.to, change.traffic) == (ChangeKind.OPENED, "store", "tcp 22")
    assert {cause.component for cause in change.causes} == {
        "sg-web",
        "sg-store",
        "acl-front",
        "acl-back",
    }
    assert {cause.kind for cause in change.causes} == {CauseKind.NEW}
    assert change.effect is None


def test_a_rule_with_another_port_is_one_change_and_not_a_loss_and_a_gain():
    network = without_rule(shop()[0], "sg-store", "sg-store-0")
    network = with_rule(network, "sg-store", "in tcp 5557 sg-web")
    (cause,) = only(compare(shop()[0], network)).causes
    assert str(cause) == (
        "security group ingress of sg-store: tcp 5556 from sg-web is now tcp 5557 from sg-web"
    )


def test_a_deny_entry_before_the_flows_own_is_what_is_new():
    network = with_entry(shop()[0], "acl-back", "in 50 deny tcp 5556 10.0.1.128/25")
    change = only(compare(shop()[0], network))
    assert (change.hosts, change.of_hosts) == (2, 4)
    assert [(each.kind, each.component) for each in change.causes] == [(CauseKind.NEW, "acl-back")]


def test_a_lost_route_is_named_with_the_gateway_it_led_to():
    change = only(compare(shop()[0], with_routes(shop()[0], "vpn", ())))
    assert (change.source.name, change.to) == ("plant", "web.feed")
    assert [str(each) for each in change.causes] == [
        "reply: route of vpn, gone: 192.168.10.0/24 -> vgw"
    ]


def test_a_host_that_gives_up_its_group_is_named_with_what_it_holds():
    network = shop()[0]
    moved = tuple(
        replace(each, security_groups=("sg-idle",)) if each.name == "store-0" else each
        for each in network.interfaces
    )
    change = only(compare(network, replace(network, interfaces=moved)))
    assert (change.hosts, change.of_hosts) == (2, 4)
    assert "now holds sg-idle" in str(change.causes)


def test_hosts_of_one_name_are_told_apart_by_their_ids():
    network = shop()[0]
    namesakes = replace(
        network, interfaces=tuple(replace(each, name="app") for each in network.interfaces)
    )
    gone = namesakes.interfaces[0]
    delta = compare(namesakes, replace(namesakes, interfaces=namesakes.interfaces[1:]))
    assert delta.vanished == (f"app ({gone.id})",)
    assert delta.changes
    for change in delta.changes:
        assert change.example[0] == "app" or change.example[1] == "app"
        assert gone.id in change.example_ids


def test_a_new_replica_opens_its_own_pairs_only_and_is_named_as_new():
    network = shop()[0]
    fewer = replace(network, interfaces=network.interfaces[1:])
    delta = compare(fewer, network)
    assert delta.appeared == ("web-0",)
    assert {each.kind for each in delta.changes} == {ChangeKind.OPENED}
    orders = next(each for each in delta.changes if each.to == "store.orders")
    assert (orders.hosts, orders.of_hosts) == (2, 4)
    assert "host web-0 is new" in map(str, orders.causes)
    gone = compare(network, fewer)
    assert gone.vanished == ("web-0",)
    assert {each.effect.fate for each in gone.changes} == {Fate.CUT}


def test_what_becomes_unknown_is_undetermined_and_known_again_on_the_way_back():
    network = shop()[0]
    unmodelled = (Unmodelled(kind="entry", id="7", scope="acl-back", why="cannot be read"),)
    doubtful = replace(network, unmodelled=unmodelled)
    change = only(compare(network, doubtful))
    assert (change.kind, change.to) == (ChangeKind.UNDETERMINED, "store.orders")
    assert "cannot be read" in str(change.causes)
    assert change.effect.fate is Fate.UNKNOWN
    assert only(compare(doubtful, network)).kind is ChangeKind.KNOWN


# Which end is which


def test_a_host_with_another_id_and_address_is_the_same_by_its_name():
    network = shop()[0]
    moved = tuple(
        replace(each, id="eni-new", address=IPv4Address("10.0.1.99"))
        if each.name == "web-0"
        else each
        for each in network.interfaces
    )
    assert compare(network, replace(network, interfaces=moved)).same


def test_hosts_without_a_name_of_their_own_are_the_same_by_id_and_then_by_address():
    network = shop()[0]
    nameless = replace(
        network, interfaces=tuple(replace(i, name="Primary ENI") for i in network.interfaces)
    )
    assert compare(nameless, nameless).same
    assert compare(nameless, renamed(nameless)).same


def test_a_subnet_that_moved_keeps_its_strangers():
    def network(block):
        estate = Estate()
        estate.subnet("a", block)
        estate.subnet("b", "10.0.9.0/24")
        return estate.build()

    delta = compare(network("10.0.1.0/24"), network("10.0.2.0/24"))
    assert (delta.appeared, delta.vanished, delta.changes) == ((), (), ())


def test_secondary_addresses_are_told_apart_from_the_primary_one():
    def network(*more):
        estate = Estate()
        estate.subnet("a", "10.0.1.0/24")
        estate.subnet("b", "10.0.2.0/24")
        estate.group("g", "in tcp 80 10.0.2.0/24")
        estate.host("h", "a", "10.0.1.10", "g", more=more)
        return estate.build()

    assert compare(network("10.0.1.11"), network("10.0.1.12")).same
    delta = compare(network(), network("10.0.1.11"))
    assert {(each.source.name, each.to) for each in delta.changes} >= {("any host in b", "h")}


# What established connections suffer


def effect(network, other):
    return only(compare(network, other)).effect


@pytest.mark.parametrize(
    ("runs_on", "seconds", "why"),
    [
        ("c5.large", 432_000, "432,000 idle seconds; a NACL"),
        ("c8i.large", 350, "350 idle seconds (c8i.large is built on Nitro v6)"),
        (None, 350, "not known which instance type: 432000 s"),
    ],
)
def test_a_tracked_connection_lives_on_without_its_rule_until_it_is_idle(runs_on, seconds, why):
    network = shop()[0]
    network = replace(
        network,
        interfaces=tuple(replace(each, instance_type=runs_on) for each in network.interfaces),
    )
    found = effect(network, without_rule(network, "sg-store", "sg-store-0"))
    assert (found.fate, found.seconds) == (Fate.LIVES_ON, seconds)
    assert why in found.why


def test_the_idle_time_out_is_the_interfaces_own_where_it_says_so():
    network = shop()[0]
    network = replace(
        network,
        interfaces=tuple(
            replace(each, idle=IdleTimeouts(tcp_established=3600)) for each in network.interfaces
        ),
    )
    assert effect(network, without_rule(network, "sg-store", "sg-store-0")).seconds == 3600


@pytest.mark.parametrize(
    ("out", "fate"),
    [
        ("out all 0.0.0.0/0", Fate.CUT),
        ("out tcp * 0.0.0.0/0", Fate.CUT),
        ("out tcp 1024-65535 0.0.0.0/0", Fate.LIVES_ON),
        ("out all 10.0.0.0/8", Fate.LIVES_ON),
    ],
)
def test_an_untracked_connection_is_cut_with_its_rule(out, fate):
    def network(*rules):
        estate = Estate()
        estate.subnet("a", "10.0.1.0/24")
        estate.subnet("b", "10.0.2.0/24")
        estate.group("server", *rules, out, service="server")
        estate.group("client", "out tcp 80 10.0.1.0/24", service="client")
        estate.host("server-0", "a", "10.0.1.10", "server", service="server")
        estate.host("client-0", "b", "10.0.2.10", "client", service="client")
        return estate.build()

    assert effect(network("in tcp 80 0.0.0.0/0"), network()).fate is fate
    assert effect(network("in tcp 80 10.0.2.0/24"), network()).fate is Fate.LIVES_ON


def test_what_a_nacl_closes_is_cut_at_once_though_a_group_rule_goes_with_it():
    network = without_rule(shop()[0], "sg-store", "sg-store-0")
    network = without_entry(network, "acl-back", "in 100 allow tcp 5556 10.0.1.0/24")
    found = effect(shop()[0], network)
    assert (found.fate, "NACL ingress" in found.why) == (Fate.CUT, True)


# Folding


def test_a_socket_beside_other_ports_has_a_line_of_its_own():
    network = with_rule(shop()[0], "sg-store", "in tcp 1-9 sg-idle")
    network = with_rule(network, "sg-store", "in tcp 5556 sg-idle")
    network = with_rule(network, "sg-idle", "out tcp * sg-store")
    lines = {(each.to, each.traffic) for each in between_services(compare(shop()[0], network))}
    assert lines == {("store.orders", "tcp 5556"), ("store", "tcp 1-9")}


def test_a_wide_range_says_which_sockets_it_exposes():
    network = with_rule(shop()[0], "sg-store", "in all sg-idle")
    network = with_rule(network, "sg-idle", "out all sg-store")
    change = only(compare(shop()[0], network))
    assert (change.to, change.traffic) == ("store", "all traffic")
    assert change.exposed == ("store.orders",)


def test_prefixes_that_one_side_names_cut_the_other_side_too():
    def network(block):
        estate = Estate()
        estate.table("out", "0.0.0.0/0 igw")
        estate.igw()
        estate.subnet("a", "10.0.1.0/24", table="out")
        estate.group("g", f"in tcp 80 {block}", service="web")
        estate.host("web-0", "a", "10.0.1.10", "g", public="203.0.113.9", service="web")
        return estate.build()

    delta = compare(network("198.51.100.0/24"), network("198.51.100.0/25"))
    (change,) = delta.changes
    assert (change.source.name, change.to, change.kind) == ("internet", "web", ChangeKind.CLOSED)
    assert change.example[0] == f"internet ({IPv4Network('198.51.100.0/24')})" or (
        "198.51.100.128" in change.example[0]
    )


# Size


def test_two_snapshots_of_a_thousand_services_are_compared_in_seconds():
    network = fleet(1000)[0].build()
    started = time.process_time()
    delta = compare(network, without_rule(network, "sg-svc7", "sg-svc7-0"))
    assert time.process_time() - started < 10  # of this process; make bench measures
    assert (len(delta.changes), delta.unchanged) == (1, 3999)


# Sockets at one address of a site


def sending(folder, **bound):
    return plan(topology_from(folder, sending_to_a_site(**bound))).network


def test_a_socket_that_now_binds_one_address_closes_its_port_at_all_others(tmp_path):
    before = sending(tmp_path, orders="tcp://*:6001")
    after = sending(tmp_path, orders="tcp://192.168.10.7:6001")
    closed = only(compare(before, after))
    assert (closed.kind, closed.source.name) == (ChangeKind.CLOSED, "orders-sender")
    # Of the addresses of the site, those that somebody tells apart: two networks and the socket's.
    assert (closed.socket, closed.hosts, closed.of_hosts) == ("exchange.orders", 2, 3)


def test_a_port_that_opens_beside_a_socket_is_not_called_after_it(tmp_path):
    network = sending(tmp_path, orders="tcp://192.168.10.7:6001", fills="tcp://192.168.10.8:6001")

    def opened(cidr):
        wider = with_rule(network, "sg/orders-sender", f"out tcp 6001 {cidr}")
        wider = with_entry(wider, "acl/feed", f"out 5000 allow tcp 6001 {cidr}")
        wider = with_entry(wider, "acl/feed", f"in 5000 allow tcp 32768-60999 {cidr}")
        return {(each.to, each.traffic) for each in between_services(compare(network, wider))}

    assert opened("192.168.10.9/32") == {("exchange", "tcp 6001")}
    assert opened("192.168.10.8/32") == {("exchange.fills", "tcp 6001")}
    everywhere = {("exchange.fills", "tcp 6001"), ("exchange", "tcp 6001")}
    assert opened("192.168.10.0/24") == everywhere


# IPv6 for hosts of IPv4


def moved(before, after):
    return {
        (each.source.name, each.to, str(each.before), str(each.after))
        for each in between_services(compare(before.build(), after.build()))
    }


def test_what_ipv6_reaches_of_ipv4_goes_by_whose_address_it_calls():
    web = ("in tcp 443 10.0.1.5/32",)
    assert moved(behind_nat64(), behind_nat64(web=web)) == {
        ("h6", "NAT64 of h4", "denied", "allowed")
    }


def test_without_the_route_to_the_nat_gateway_everything_by_it_is_gone():
    web = ("in tcp 443 10.0.1.5/32",)
    gone = moved(behind_nat64(web=web), behind_nat64(web=web, route="64:ff9b::/96 nat blackhole"))
    assert gone == {
        ("h6", "NAT64 of h4", "allowed", "denied"),
        ("h6", "internet", "allowed", "denied"),
    }
    assert moved(behind_nat64(web=web), behind_nat64(web=web, route="2001:4860::/32 igw")) >= gone
