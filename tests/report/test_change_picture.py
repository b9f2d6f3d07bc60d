"""Two networks as one picture: each flow once, with a sign for what became of it."""

from collections import Counter
from dataclasses import replace
from functools import partial
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.agree import tabulate
from bulkhead.compare import ChangeKind, compare
from bulkhead.ends import EndpointKind
from bulkhead.network import Network, Verdict
from bulkhead.network.traffic import OTHER_PROTOCOL
from bulkhead.plan import plan
from bulkhead.prove import prove, reprove
from bulkhead.report.openings import Turn, turn
from bulkhead.report.overlay import by_name, of_changes, of_two
from bulkhead.report.picture import changed, embedded, embedded_style, mermaid, svg
from tests.support.estate import Estate
from tests.support.examples import examples
from tests.support.messy import networks
from tests.support.respelt import respelt
from tests.support.topologies import sending_to_a_site, topology_from


def without(network: Network, service: str) -> Network:
    """Without a rule in the groups of a service."""
    groups = (
        replace(each, rules=()) if each.service == service else each
        for each in network.security_groups
    )
    return replace(network, security_groups=tuple(groups))


def both(before: Network, after: Network):
    reaches = prove(before), prove(after)
    matrices = tabulate(reaches[0], fold=by_name), tabulate(reaches[1], fold=by_name)
    changes = compare(before, after).changes
    grid = of_two(*matrices, changes)
    return changed("it", reaches, grid), grid


def became(scene):
    return {
        (opening.sender.name, opening.socket.called): opening.status
        for net in scene.nets
        for tap in net.taps
        for opening in tap.openings
    }


def office(*rules: str) -> Network:
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("web", *rules, "out all 0.0.0.0/0")
    estate.group("db", "in tcp 5432 10.0.1.10/32", "out all 0.0.0.0/0")
    estate.host("web", "a", "10.0.1.10", "web")
    estate.host("db", "a", "10.0.1.11", "db")
    return estate.build()


def test_what_closed_is_drawn_where_it_was(shop):
    scene, _ = both(shop.network, without(shop.network, "db"))
    assert became(scene)["front", "db.ask"] is Turn.CLOSED
    assert "\N{MINUS SIGN} ask REP tcp 6000" in svg(scene)


def test_what_opened_has_a_plus_beside_it(shop):
    scene, _ = both(without(shop.network, "db"), shop.network)
    assert became(scene)["front", "db.ask"] is Turn.OPENED
    assert "+ ask REP tcp 6000" in svg(scene)
    assert "==>" in mermaid(scene)


def test_what_lost_its_replies_is_half_broken(shop, narrowed):
    scene, _ = both(shop.network, narrowed(shop.network))
    assert became(scene)["front", "db.ask"] is Turn.HALF_BROKEN


def test_where_nothing_changed_everything_is_as_before(shop):
    scene, grid = both(shop.network, shop.network)
    assert set(scene.counts) == {Turn.KEPT}
    assert not any(grid.differs(each) for line in grid.lines for each in line.squares.values())


def test_a_range_that_grew_opened_only_where_it_grew():
    _, grid = both(office("in tcp 22 10.0.1.11/32"), office("in tcp 20-30 10.0.1.11/32"))
    said = {
        line.traffic: {grid.differs(each) for row, each in line.squares.items() if row.name == "db"}
        for line in grid.lines
        if line.name == "web"
    }
    assert said == {"tcp 20-21, 23-30": {True}, "tcp 22": {False}}


def test_of_networks_too_large_for_a_matrix_the_changes_alone_are_drawn(shop):
    reaches = prove(shop.network), prove(without(shop.network, "db"))
    grid = of_changes(compare(*(each.network for each in reaches)).changes, reaches)
    scene = changed("it", reaches, grid)
    assert became(scene)["front", "db.ask"] is Turn.CLOSED
    assert set(scene.counts) == {Turn.CLOSED}
    (line,) = [each for each in grid.lines if each.name == "db.ask"]
    assert {row.name for row in line.squares} == {"front"}


def test_a_socket_that_nobody_names_any_more_is_as_open_as_its_port(shop):
    _, grid = both(shop.network, replace(shop.network, listeners=()))
    assert any(line.name == "db.ask" for line in grid.lines)
    assert not any(grid.differs(each) for line in grid.lines for each in line.squares.values())


def test_a_host_that_is_gone_stands_where_it_stood():
    before = office("in tcp 22 10.0.1.11/32")
    gone = replace(
        before, interfaces=tuple(each for each in before.interfaces if each.name != "db")
    )
    scene, _ = both(before, gone)
    (frame,) = scene.frames
    titles = [node.title for group in frame.groups for node in group.nodes]
    assert {"web", "db"} <= set(titles)
    assert became(scene)["web", "db"] is Turn.CLOSED


def replicas(*rules: str) -> Network:
    """Two hosts of one service, of which the rules let one or the other in."""
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("web", "in icmp 10.0.1.12/32", "out all 0.0.0.0/0")
    estate.group("db", *rules)
    estate.host("web-1", "a", "10.0.1.10", "web", service="web")
    estate.host("web-2", "a", "10.0.1.11", "web", service="web")
    estate.host("db", "a", "10.0.1.12", "db")
    return estate.build()


def test_where_another_replica_gets_in_now_nobody_says_that_it_is_as_before():
    one, other = (replicas(f"in tcp 5432 10.0.1.{host}/32") for host in (10, 11))
    scene, grid = both(one, other)
    assert became(scene)["web", "db"] is Turn.IN_PART
    (line,) = [each for each in grid.lines if each.name == "db"]
    assert any(map(grid.differs, line.squares.values()))
    scene, _ = both(one, one)
    assert became(scene)["web", "db"] is Turn.KEPT


def test_one_more_host_like_others_leaves_what_is_said_of_those():
    before = office("in tcp 22 10.0.1.11/32")
    (web,) = [each for each in before.interfaces if each.name == "web"]
    more = replace(web, id="eni-more", name="more", address=IPv4Address("10.0.1.20"))
    scene, _ = both(before, replace(before, interfaces=(*before.interfaces, more)))
    assert became(scene)["db", "web"] is Turn.KEPT


def test_picture_and_comparison_tell_the_same_of_every_declared_flow(shop, narrowed):
    after = narrowed(without(shop.network, "nobody"))
    scene, _ = both(shop.network, after)
    told = Counter(each.kind for each in compare(shop.network, after).changes if each.socket)
    drawn = Counter(became(scene).values())
    assert told[ChangeKind.HALF_BROKEN] == drawn[Turn.HALF_BROKEN] > 0


def test_hosts_that_got_to_a_site_before_anything_sent_there_are_not_drawn_as_let_through(tmp_path):
    planned = plan(topology_from(tmp_path, sending_to_a_site(orders="tcp://*:6001"))).network
    after = replace(planned, listeners=())
    before = without(after, "orders-sender")
    _, grid = both(before, after)
    differing = {
        row.name
        for line in grid.lines
        for row, square in line.squares.items()
        if line.name == "exchange" and grid.differs(square)
    }
    assert differing == {"orders-sender"}


@examples(1 / 8, shrink=False)
@given(data=st.data())
def test_where_no_packet_fares_otherwise_nothing_is_drawn_as_changed(data):
    network = data.draw(networks())
    other = data.draw(respelt(network))
    one = prove(network, cuts=(other,))
    matrices = tabulate(one, fold=by_name), tabulate(reprove(one, other), fold=by_name)
    grid = of_two(*matrices, compare(network, other).changes)
    assert not any(grid.differs(each) for line in grid.lines for each in line.squares.values())


@examples(1 / 8, shrink=False)
@given(before=networks(), after=networks())
def test_what_the_matrix_shows_as_changed_is_what_the_comparison_tells(before, after):
    delta = compare(before, after)
    one = prove(before, cuts=(after,))
    reaches = one, reprove(one, after)
    matrices = tabulate(reaches[0], fold=by_name), tabulate(reaches[1], fold=by_name)
    shown = list(differing(of_two(*matrices, delta.changes)))
    told = list(differing(of_changes(delta.changes, reaches)))
    assert not [each for each in shown if not any(map(partial(same, each), told))]
    whole = [each for each in told if not each[2].moved and in_a_matrix(before, after, each)]
    assert not [each for each in whole if not any(map(partial(same, each), shown))]


def in_a_matrix(before, after, difference):
    """What goes to a site is a column only where an interface sends it."""
    row, socket, _ = difference
    site = socket.owner in before.site or socket.owner in after.site
    return not site or row.kind is EndpointKind.INTERFACE


def differing(grid):
    return [
        (row, socket, square)
        for line in grid.lines
        for row, square in line.squares.items()
        if grid.differs(square)
        for socket in line.sockets
    ]


def same(one, other):
    """Whether two differences are, at some port, one."""
    (row, socket, _), (another, door, _) = one, other
    protocols = {socket.protocol, door.protocol}
    at = socket.owner == door.owner and (len(protocols) == 1 or OTHER_PROTOCOL in protocols)
    return row.name == another.name and at and socket.ports.overlap(door.ports) is not None


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (Verdict.DENIED, Verdict.ALLOWED, Turn.OPENED),
        (None, "partly", Turn.OPENED),
        ("partly", Verdict.DENIED, Turn.CLOSED),
        (Verdict.ALLOWED, "partly", Turn.IN_PART),
        (Verdict.HALF_OPEN, Verdict.ALLOWED, Turn.MENDED),
        (Verdict.ALLOWED, Verdict.UNDETERMINED, Turn.UNSURE),
        (Verdict.UNDETERMINED, Verdict.DENIED, Turn.SURE),
        (None, Verdict.DENIED, Turn.KEPT),
    ],
)
def test_each_step_has_a_word(before, after, said):
    assert turn(before, after) is said


def test_every_word_but_as_before_has_a_sign_of_its_own():
    signs = [each.sign for each in Turn if each is not Turn.KEPT]
    assert all(signs)
    assert len(set(signs)) == len(signs)


def test_what_is_put_into_a_page_brings_no_style_and_its_style_is_for_it_alone(shop):
    scene, _ = both(shop.network, without(shop.network, "db"))
    assert "style" not in embedded(scene)
    rules = [each for each in embedded_style().splitlines() if each not in ("", "}")]
    assert all(each.startswith(("svg.network ", "@media")) for each in rules)
