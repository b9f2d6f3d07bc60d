"""A page is one file that loads nothing, holds the whole answer, and lets no name become markup."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import fleets, messy
from bulkhead.agree import tabulate
from bulkhead.network import Network, Verdict
from bulkhead.network.origins import Origin
from bulkhead.observe import dump
from bulkhead.plan import plan
from bulkhead.problems import printable
from bulkhead.prove import prove
from bulkhead.prove.overview import too_large
from bulkhead.report import picture
from bulkhead.report.html import of_network, page
from bulkhead.report.html.entries import MOST_ENTRIES, MOST_UNDER
from bulkhead.report.html.markup import element
from bulkhead.report.html.panels import of_proof
from bulkhead.report.html.squares import MOST_SQUARES
from bulkhead.report.html.whole import MOST_COMPARED
from bulkhead.report.sheet import Outcome
from tests.support.answers import answer, entry, kind, page_of_change
from tests.support.estate import Estate
from tests.support.examples import examples
from tests.support.marks import marked
from tests.support.pages import Read
from tests.support.plant import plant
from tests.support.topologies import topology_from

MEGABYTE = 1_000_000
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></script></title></svg>",
    "<!-- ",
    "]]>",
    "' onmouseover='x",
    "&lt;b&gt;&#0;",
    "\u202egnp.exe\n<b>",
    "javascript:alert(1)",
    "\x00\x1b[2J\ud800",
)


def proved(network: Network):
    reach = prove(network)
    matrix = tabulate(reach)
    return of_proof(network, matrix, picture.scene("it", reach, matrix))


def everything(text, network):
    """A page with the text wherever one can stand, and a network called by it."""
    some = [entry(text, each, under=(entry(text),)) for each in Outcome]
    return page(answer(*some, text=text), proved(network))


def between(network, text):
    return marked(network, text, text)


def test_no_text_of_the_input_becomes_markup(shop):
    plain = Read(everything("it", between(shop.network, "it"))).shape
    for text in HOSTILE:
        read = Read(everything(text, between(shop.network, text.replace("\ud800", ""))))
        assert read.shape == plain, text
        assert not read.comments
        assert "\n".join(map(printable, text.split("\n"))) in read.text


@examples(1 / 2, shrink=False)
@given(text=st.text(max_size=30) | st.lists(st.sampled_from(HOSTILE), max_size=3).map("".join))
def test_whatever_the_text_the_elements_are_the_same(text):
    some = [entry(f"x{text}", each, under=(entry(f"x{text}"),)) for each in Outcome]
    read = Read(page(answer(*some, text=f"x{text}")))
    same = [entry("x", each, under=(entry("x"),)) for each in Outcome]
    assert read.shape == Read(page(answer(*same, text="x"))).shape


@given(text=st.text(max_size=20))
def test_an_attribute_holds_its_text_and_ends_where_it_ends(text):
    ((_, attributes),) = Read(element("p", title=text).html).elements
    assert attributes == {"title": "\n".join(map(printable, text.split("\n")))}


def test_its_policy_forbids_to_load_anything_and_knows_its_style_and_script_by_digest(shop):
    read = Read(everything("it", shop.network))
    (policy,) = [
        found["content"]
        for tag, found in read.elements
        if found.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'; ")
    for name in ("style", "script"):
        digest = b64encode(sha256(read.code[name].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_it_asks_for_no_other_file(shop):
    read = Read(everything("it", shop.network))
    assert not read.all("src") and not read.all("style") and not read.all("srcset")
    assert not [each for each in read.all("href") if not each.startswith("#")]
    assert not re.search(r"url\(|@import|https?:", read.code["style"])
    assert not re.search(r"\bfetch\b|XMLHttp|https?:|import\(|innerHTML", read.code["script"])
    assert not [name for _, found in read.elements for name in found if name.startswith("on")]


def test_a_reference_is_a_link_only_where_it_is_one_to_the_web():
    urls = ("https://docs.aws.amazon.com/x", "javascript:alert(1)", "data:text/html,x")
    some = [entry(str(n), kind=kind(url=url)) for n, url in enumerate(urls)]
    links = [each for each in Read(page(answer(*some))).all("href") if not each.startswith("#")]
    assert links == ["https://docs.aws.amazon.com/x"]


def test_it_says_of_a_finding_how_bad_it_is_why_where_by_which_rules_and_what_mends_it():
    found = entry(
        "db is open", why="because", remedy="close it", evidence=("sg-1: all",), subject="db",
        origin=Origin(file="trading.yaml", line=14), under=(entry("web reaches db"),),
    )  # fmt: skip
    text = Read(page(answer(found))).text
    for said in ("▲ high", "db is open", "because", "close it", "sg-1: all", "trading.yaml:14"):
        assert said in text
    assert "1 effect, gone when this is mended" in text
    assert "web reaches db" in text


def test_what_it_was_read_from_is_at_the_foot():
    text = Read(page(answer(entry(), text="sum"))).text
    assert "2026-03-01 12:30:00 UTC" in text
    assert "sha256:sum" in text
    assert "bulkhead sum" in text


def test_every_id_is_there_once_and_every_link_within_leads_to_one(shop):
    twice = (entry("same"), entry("same"), entry("other", Outcome.PASS))
    read = Read(page(answer(*twice), proved(shop.network)))
    ids = read.all("id")
    assert len(ids) == len(set(ids))
    assert {each.removeprefix("#") for each in read.all("href")} <= set(ids)


def test_a_link_to_a_finding_is_the_same_tomorrow():
    one = page(answer(entry("a"), entry("b", origin=Origin(file="x", line=1))))
    other = page(answer(entry("b", origin=Origin(file="x", line=9))))
    (same,) = {each for each in Read(other).all("id") if each.startswith("f-")}
    assert same in Read(one).all("id")


def test_what_holds_is_folded_and_what_is_not_decided_is_not():
    text = page(answer(entry("good", Outcome.PASS), entry("who knows", Outcome.NOT_DECIDED)))
    assert text.index("who knows") < text.index("Show it") < text.index("good</span>")


@pytest.mark.parametrize(
    ("ok", "outcome", "said"),
    [
        (True, Outcome.PASS, "Yes: "),
        (True, Outcome.NOT_DECIDED, "Yes, as far as it is decided: "),
        (False, Outcome.FAIL, "No: "),
    ],
)
def test_what_is_not_decided_looks_like_no_yes(ok, outcome, said):
    assert f">{said}<" in page(answer(entry("it", outcome), ok=ok))


def test_who_gets_in_from_untrusted_places_is_told_before_the_findings():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24", "0.0.0.0/0 -> igw")
    estate.igw()
    estate.group("web", "in tcp 80 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.host("web", "a", "10.0.1.10", "web", public="8.8.4.4")
    text = page(answer(entry("a finding")), proved(estate.build()))
    place = text.index('id="untrusted"')
    assert place < text.index('id="found"') < text.index('id="flows"') < text.index('id="picture"')
    assert "tcp 80" in text[place : text.index('id="found"')]


def test_where_nobody_gets_in_from_outside_it_says_so(shop):
    assert "Nothing here is open to the internet" in page(answer(ok=True), proved(shop.network))


def test_before_and_after_stand_in_one_matrix_and_one_picture(shop):
    closed = replace(
        shop.network,
        security_groups=tuple(
            replace(each, rules=()) if each.service == "db" else each
            for each in shop.network.security_groups
        ),
    )
    text = page_of_change(answer(entry()), shop.network, closed)
    assert "was allowed, now denied" in text
    assert "<del>●</del>→<ins>·</ins>" in text
    assert 'class="cross closed' in text


def test_beside_what_was_proved_stands_what_was_measured(shop):
    reach = prove(shop.network)
    matrix = tabulate(reach, shop.declaration)
    pairs = {at: replace(pair, measured=Verdict.DENIED) for at, pair in matrix.pairs.items()}
    drilled = replace(matrix, pairs=pairs, drilled=True)
    text = of_network(answer(), reach, title="it", flows=drilled)
    assert "First mark: proved; second: measured in the twin." in text
    assert "proved allowed, measured denied" in text


@pytest.mark.slow
def test_what_no_table_can_hold_is_told_from_place_to_place(tmp_path):
    file = messy.write(messy.answers(400), tmp_path / "account.json")
    network = dump(file)
    reach = prove(network)
    assert too_large(reach)
    text = of_network(answer(entry()), reach, title="it")
    assert "ends are too many for a table. Open from place to place" in text
    assert text.index("Open from the internet") < text.index('id="found"')
    assert len(text.encode()) < 3 * MEGABYTE


@pytest.mark.slow
def test_of_large_networks_a_page_shows_what_differs_and_nothing_else():
    network = fleets.build(400)
    first, *others = network.security_groups
    closed = replace(network, security_groups=(replace(first, rules=()), *others))
    assert too_large(prove(network), MOST_COMPARED)
    text = page_of_change(answer(entry()), network, closed)
    assert "Only what differs is shown" in text
    assert "Nothing differs that untrusted places reach" in text
    assert "Nothing here is open" not in text
    assert "was allowed, now denied" in text
    assert 'class="cross closed' in text
    assert text.count("<td") < 500


@pytest.mark.slow
def test_fifty_services_are_less_than_two_megabytes(tmp_path):
    planned = plan(topology_from(tmp_path, plant(50)))
    reach = prove(planned.network)
    matrix = tabulate(reach, planned.declaration)
    panels = of_proof(planned.network, matrix, picture.scene("it", reach, matrix))
    flows = [entry(str(each), Outcome.PASS) for each in planned.flows]
    assert len(page(answer(*flows), panels).encode()) < 2 * MEGABYTE


def test_a_matrix_too_large_to_read_is_cut_and_says_what_is_left_out():
    estate = Estate()
    estate.subnet("a", "10.0.0.0/20")
    for number in range(130):
        port = 1000 + number
        estate.group(f"g{number}", f"in tcp {port} 10.0.0.0/20", "out all 0.0.0.0/0")
        estate.host(f"h{number}", "a", f"10.0.{1 + number // 200}.{10 + number}", f"g{number}")
    network = estate.build()
    matrix = tabulate(prove(network))
    text = page(answer(), of_proof(network, matrix, None))
    assert text.count("<td") <= MOST_SQUARES + 100
    assert re.search(r"\d+ lines left out here.*--json has them all", text)
    assert "Too much is open for a picture" in text
    assert len(text) < 2 * MEGABYTE


def test_more_entries_than_a_person_reads_are_cut_and_counted():
    found = [entry(f"finding {number}", evidence=()) for number in range(MOST_ENTRIES + 30)]
    text = page(answer(*found))
    assert "and 30 more, left out here: --json lists all" in text
    assert f"Findings ({MOST_ENTRIES + 30})" in text


def test_of_a_cause_with_very_many_effects_the_first_are_told():
    effects = tuple(entry(f"effect {number}") for number in range(2 * MOST_ENTRIES))
    text = page(answer(entry("the cause", under=effects, evidence=("a rule",) * 60)))
    assert "the cause" in text
    assert f"and {2 * MOST_ENTRIES - MOST_UNDER:,} more effects: --json lists all" in text
    assert "and 10 more: --json lists all" in text
