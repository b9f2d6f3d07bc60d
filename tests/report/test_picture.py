"""A picture shows every flow of the matrix once, legibly, and says the same every time."""

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import replace
from functools import cache
from ipaddress import IPv4Network
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.agree import Status, tabulate
from bulkhead.network import (
    ANY_PROTOCOL,
    TCP,
    CidrPeer,
    Direction,
    GroupRule,
    Network,
    PortRange,
    Unmodelled,
)
from bulkhead.plan import plan
from bulkhead.prove import prove
from bulkhead.prove.overview import overview
from bulkhead.report.openings import openings
from bulkhead.report.picture import mermaid, places, scene, svg
from bulkhead.report.picture.drawing import draw
from bulkhead.report.picture.lanes import Span, lanes
from bulkhead.report.picture.scene import Scale
from bulkhead.report.picture.shapes import SMALL, Box, fit, width
from tests.support.examples import examples
from tests.support.messy import networks
from tests.support.plant import plant
from tests.support.topologies import documents, topology_from

SVG = "{http://www.w3.org/2000/svg}"


def opened(network: Network, service: str) -> Network:
    """The network, with everything let into and out of one service."""
    rules = tuple(
        GroupRule(
            id=f"{direction}-wide",
            direction=direction,
            protocol=protocol,
            ports=PortRange(0, 65535),
            peer=CidrPeer(IPv4Network("0.0.0.0/0")),
        )
        for direction in Direction
        for protocol in (TCP, ANY_PROTOCOL)
    )
    groups = tuple(
        replace(each, rules=(*each.rules, *rules)) if each.service == service else each
        for each in network.security_groups
    )
    return replace(network, security_groups=groups)


def drawn(document, *, widen=None, declared=True, only=None):
    """(matrix, scene) of a topology, with one service opened wide where that is asked."""
    with TemporaryDirectory() as folder:
        topology = topology_from(Path(folder), document)
    planned = plan(topology)
    network = opened(planned.network, widen) if widen else planned.network
    reach = prove(network)
    matrix = tabulate(reach, planned.declaration if declared else None)
    purposes = {each.name: each.purpose for each in topology.segments.values()}
    return matrix, scene(planned.topology, reach, matrix, purposes=purposes, only=only)


@cache
def of_plant(services, *, widen=None, only=None):
    return drawn(plant(services), widen=widen, only=only)


def parsed(text):
    return ElementTree.fromstring(text)  # noqa: S314 - our own output


def in_scene(shown):
    return Counter(flow for net in shown.nets for tap in net.taps for flow in tap.openings)


def overlap(one, other):
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def contains(outer, inner):
    return (
        outer.x <= inner.x
        and inner.x + inner.width <= outer.x + outer.width
        and outer.y <= inner.y
        and inner.y + inner.height <= outer.y + outer.height
    )


def assert_legible(drawing):
    for text in drawing.texts:
        assert text.size >= SMALL >= 11
        assert text.left >= 0, text
        assert text.left + text.width <= drawing.width, text
        assert text.size <= text.y <= drawing.height, text
    words = [
        Box(x=each.left, y=each.y - each.size, width=each.width, height=each.size, role="text")
        for each in drawing.texts
    ]
    for number, one in enumerate(words):
        for other in words[number + 1 :]:
            assert not overlap(one, other), (one, other)
    for number, box in enumerate(drawing.boxes):
        assert contains(
            Box(x=0, y=0, width=drawing.width, height=drawing.height, role="paper"), box
        )
        for other in drawing.boxes[number + 1 :]:
            nested = contains(box, other) or contains(other, box)
            assert nested or not overlap(box, other), (box, other)


@examples(1 / 2)
@given(
    documents(max_services=6) | documents(max_services=6, vpcs=True), st.booleans(), st.booleans()
)
def test_every_flow_of_the_matrix_is_drawn_once_and_every_word_can_be_read(document, wide, judged):
    widen = next(iter(document["services"])) if wide else None
    matrix, shown = drawn(document, widen=widen, declared=judged)
    assert in_scene(shown) == Counter(openings(matrix))
    drawing = draw(shown)
    in_drawing = Counter(flow for line in drawing.lines for flow in line.openings)
    assert in_drawing == Counter(openings(matrix))
    assert_legible(drawing)
    assert svg(shown) == svg(drawn(document, widen=widen, declared=judged)[1])


@pytest.mark.parametrize("services", [8, 20, 50])
def test_up_to_fifty_services_each_is_a_box_of_its_own(services):
    matrix, shown = of_plant(services)
    assert shown.scale is Scale.SERVICE
    assert {f"{name}" for name in plant(services)["services"]} <= {
        node.title.partition(" x")[0] for node in shown.nodes
    }
    assert in_scene(shown) == Counter(openings(matrix))
    drawing = draw(shown)
    assert_legible(drawing)
    # What is shown at its own size beside text on GitHub is at most so wide.
    assert drawing.width <= 1012
    assert not any("…" in each.text for each in drawing.texts)


def test_no_line_crosses_a_box():
    drawing = draw(of_plant(50)[1])
    inner = [each for each in drawing.boxes if each.role not in ("vpc", "segment")]
    for line in drawing.lines:
        for x, y, far in re.findall(r"([\d.]+) ([\d.]+)H([\d.]+)", line.path):
            left, right = sorted((float(x), float(far)))
            for box in inner:
                beside = right <= box.x + 0.1 or left >= box.x + box.width - 0.1
                assert beside or not box.y < float(y) < box.y + box.height, (line.path, box)


def stretches(drawing):
    """Per net, its straight stretches: (across, where, from, to)."""
    nets, lines = [[]], drawing.lines
    for line in lines:
        if not line.openings and line.arrow is None:
            continue  # a sample in the legend
        x = y = 0.0
        for letter, numbers in re.findall(r"([MHVQ])([-\d. ]+)", line.path):
            values = [float(each) for each in numbers.split()]
            if letter == "H":
                nets[-1].append((True, y, *sorted((x, values[0]))))
                x = values[0]
            elif letter == "V":
                nets[-1].append((False, x, *sorted((y, values[0]))))
                y = values[0]
            else:
                x, y = values[-2:]
        if line.arrow is not None:
            nets.append([])
    return nets[:-1]


@pytest.mark.parametrize("services", [20, 50, 120])
def test_no_line_lies_on_a_line_of_another_net(services):
    _, shown = of_plant(services)
    nets = stretches(draw(shown))
    assert len(nets) == len(shown.nets)
    every = [(net, *each) for net, some in enumerate(nets) for each in some]
    for net, across, where, first, last in every:
        for other, *their in every:
            if other < net and their[0] == across and abs(their[1] - where) < 2:
                assert last <= their[2] or their[3] <= first, (net, other, where)


def test_beyond_sixty_services_segments_are_summed_up_and_the_picture_says_so():
    matrix, shown = of_plant(120)
    assert shown.scale is Scale.SEGMENT
    assert in_scene(shown) == Counter(openings(matrix))
    assert_legible(draw(shown))
    assert "120 services with" in " ".join(shown.notes)
    assert "--only NAME" in " ".join(shown.notes)


@examples(1 / 4, shrink=False)
@given(networks())
def test_between_whole_places_each_verdict_is_a_line_that_can_be_read(network):
    found = overview(prove(network))
    shown = places("an account", network, found)
    assert len(shown.nets) == sum(len(+Counter(each.pairs)) for each in found.crossings)
    assert sum(shown.counts.values()) == sum(sum(each.pairs.values()) for each in found.crossings)
    assert {each.node for each in shown.nets} <= {each.id for each in shown.nodes}
    assert len({each.id for each in shown.nodes}) == len(shown.nodes)
    assert_legible(draw(shown))


def test_only_shows_one_segment_in_full():
    matrix, shown = of_plant(120, only="store")
    assert shown.scale is Scale.SERVICE
    inside = {name for name, each in plant(120)["services"].items() if each["segment"] == "store"}
    wanted = [each for each in openings(matrix) if {each.sender.name, each.socket.owner} & inside]
    assert in_scene(shown) == Counter(wanted)
    assert_legible(draw(shown))


def test_only_of_an_unknown_name_says_what_is_near():
    with pytest.raises(
        LookupError,
        match="no segment, service, site or VPC here is called stor; did you mean store",
    ):
        of_plant(20, only="stor")


def test_what_is_open_undeclared_missing_or_lost_looks_different(shop, narrowed):
    network = opened(shop.network, "db")
    found = {each.status for each in openings(tabulate(prove(network), shop.declaration))}
    assert Status.UNDECLARED in found
    lost = {
        each.status for each in openings(tabulate(prove(narrowed(shop.network)), shop.declaration))
    }
    assert lost == {Status.HALF_OPEN}
    without = replace(shop.network, security_groups=())
    assert Status.DECLARED not in {
        each.status for each in openings(tabulate(prove(without), shop.declaration))
    }
    missing = tabulate(prove(shut(shop.network, "db")), shop.declaration)
    assert {each.status for each in openings(missing)} == {Status.MISSING}


def shut(network: Network, service: str) -> Network:
    """Without a rule in the groups of a service."""
    groups = (
        replace(each, rules=()) if each.service == service else each
        for each in network.security_groups
    )
    return replace(network, security_groups=tuple(groups))


def test_where_a_declared_flow_does_not_arrive_a_cross_of_whole_lines_ends_its_dots(shop):
    reach = prove(shut(shop.network, "db"))
    root = parsed(svg(scene("shop", reach, tabulate(reach, shop.declaration))))
    crosses = [
        each.get("class").split()[0]
        for each in root.iter(f"{SVG}path")
        if "missing" in each.get("class") and each.get("d").count("L") == 2
    ]
    assert set(crosses) == {"cross"}
    assert "path.cross{stroke-dasharray:none}" in root.find(f"{SVG}style").text


def test_what_is_not_modelled_is_said(shop):
    (first, *_) = shop.network.subnets
    thing = Unmodelled(kind="route", id="r-1", scope=first.id, why="its target is not known")
    reach = prove(replace(shop.network, unmodelled=(thing,)))
    shown = scene("shop", reach, tabulate(reach))
    assert "1 thing of this network not modelled" in " ".join(shown.notes)
    assert Status.UNDETERMINED in shown.counts


def test_an_svg_stands_alone_and_says_in_words_what_it_shows():
    _, shown = of_plant(8, widen="ingest-1")
    text = svg(shown)
    root = parsed(text)
    tags = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "path", "text"}
    assert "url(" not in text and "href" not in text and "@import" not in text
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "plant-8"
    described = root.find(f"{SVG}desc").text
    assert "open, not declared" in described
    assert "to ingest-1" in described
    assert "prefers-color-scheme:dark" in text
    sizes = {int(each.get("font-size")) for each in root.iter(f"{SVG}text")}
    assert min(sizes) >= 11


@given(st.text(max_size=40))
def test_a_name_is_only_ever_text(name):
    shown = replace(of_plant(8)[1], title=name, notes=(name,))
    root = parsed(svg(shown))
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        "svg", "title", "desc", "style", "rect", "path", "text",
    }  # fmt: skip
    line = next(each for each in mermaid(shown).splitlines() if "accTitle" in each)
    assert re.fullmatch(r"  accTitle: [\w .,:/()+\-#;…]*", line)


def test_a_flowchart_has_each_box_and_each_pair_once():
    _, shown = of_plant(50)
    text = mermaid(shown)
    arrows = re.findall(r"^  (n\d+) \S+\|\"[^\"]*\"\| (n\d+)$", text, re.M)
    pairs = {(tap.node, net.node, net.status) for net in shown.nets for tap in net.taps}
    assert len(arrows) == len(pairs)
    assert len(set(re.findall(r"^\s+(n\d+)[\[(]", text, re.M))) == len(shown.nodes)
    assert text.count("subgraph") == text.count("\n    end") + text.count("\n  end")
    coloured = re.findall(r"linkStyle ([\d,]+) stroke", text)
    assert sorted(int(n) for some in coloured for n in some.split(",")) == list(range(len(arrows)))
    assert len(text) < 50_000


def test_a_flowchart_of_many_services_stays_within_what_github_draws():
    text = mermaid(of_plant(120)[1])
    assert len(text) < 50_000
    assert text.count("|") / 2 <= 500


spans = st.builds(
    lambda top, long, side: Span(top, top + long, side),
    st.integers(0, 300),
    st.integers(0, 200),
    st.sampled_from([0.0, 0.5, 1.0]),
)


@given(st.lists(spans, max_size=30))
def test_nets_in_one_lane_never_meet_and_no_lane_is_wasted(found):
    placed = lanes(found, 10)
    for one in range(len(found)):
        for other in range(one):
            if placed[one] == placed[other]:
                first, second = sorted((found[one], found[other]), key=lambda each: each.top)
                assert first.bottom + 10 <= second.top
    busiest = max(
        (sum(1 for each in found if each.top < y + 10 and y <= each.bottom + 10)
         for y in (each.top for each in found)),
        default=0,
    )  # fmt: skip
    assert len(set(placed)) <= max(busiest, 0)


@given(st.text(max_size=60), st.integers(40, 400))
def test_what_is_too_long_is_cut_in_the_middle_to_fit(text, room):
    cut = fit(text, room, 12)
    assert width(cut, 12) <= room
    assert cut == text or "…" in cut
