"""The page in a real browser: from a file, without a network, by keyboard, on a phone, at night."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bulkhead.lint import Severity
from bulkhead.network import Network
from bulkhead.report.sheet import Entry, Outcome
from tests.support import browser as browsers
from tests.support.answers import answer, entry, kind, page_of_change
from tests.support.browser import Browser
from tests.support.estate import Estate
from tests.support.marks import marked

pytestmark = pytest.mark.integration

LONG = "a-service-of-whose-name-nobody-thought-that-it-would-ever-be-read-on-a-telephone"
HOSTILE = (
    "\"'><img src=x onerror=top.hit=1><script>top.hit=1</script></style><svg onload=top.hit=1>"
)
VISIBLE = """[...document.querySelectorAll("details.entry")]
  .filter((each) => each.checkVisibility())
  .map((each) => each.querySelector(".message").textContent)"""
CONTRAST = """(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).map((each) => each / 255)
      .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (of) => {
    for (let each = of; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if ((parts(colour)[3] ?? 1) > 0) return colour;
    }
    return getComputedStyle(document.body).backgroundColor;
  };
  const weak = [];
  for (const each of document.querySelectorAll("body *")) {
    const own = [...each.childNodes].some((of) => of.nodeType === 3 && of.textContent.trim());
    if (!own || !each.checkVisibility()) continue;
    const drawn = each.closest("svg");
    const style = getComputedStyle(each);
    const paper = drawn && getComputedStyle(drawn.querySelector(".service")).fill;
    const [one, other] = [light(drawn ? style.fill : style.color), light(paper || ground(each))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) weak.push([each.tagName, String(each.className), each.textContent, ratio]);
  }
  return weak;
})()"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browsers.browser() as found:
        yield found


@dataclass(frozen=True)
class Written:
    file: Path
    entries: tuple[Entry, ...]

    def link(self, entry: Entry) -> str:
        return f"#f-{entry.fingerprint}"


def network(*db: str) -> Network:
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24", "0.0.0.0/0 -> igw")
    estate.igw()
    estate.group("web", "in tcp 80 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.group("db", *db, "out all 0.0.0.0/0")
    estate.host("web", "a", "10.0.1.10", "web", public="8.8.4.4")
    estate.host("db", "a", "10.0.1.11", "db")
    for number in range(12):
        estate.host(f"{LONG}-{number}", "a", f"10.0.1.{20 + number}", "db")
    return estate.build()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Eight findings, one with an effect, and what holds; a network of which a port was closed."""
    findings = [
        entry(
            f"finding {number} at port {5550 + number}",
            kind=kind(id_="flow-opened" if number % 2 else "flow-closed"),
            severity=Severity.HIGH if number < 2 else Severity.LOW,
            subject=LONG,
        )
        for number in range(8)
    ]
    findings[0] = replace(findings[0], under=(entry("an effect of it"),))
    passes = [entry(f"flow {number} works", Outcome.PASS) for number in range(3)]
    told = answer(*findings, *passes)
    before, after = network("in tcp 5432 10.0.1.0/24", "in tcp 22 10.0.1.0/24"), network()
    file = tmp_path_factory.mktemp("pages") / "a page.html"
    file.write_text(page_of_change(told, before, after))
    return Written(file, told.entries)


def test_it_opens_from_a_file_without_a_complaint_and_asks_for_nothing_else(chromium, written):
    with chromium.page(written.file) as opened:
        assert opened.complaints() == []
        assert opened.requests() == [written.file.as_uri()]
        assert opened.ask("document.title") == "bulkhead check of it"


def test_nothing_of_the_input_runs(chromium, tmp_path):
    named = marked(network("in tcp 5432 10.0.1.0/24"), HOSTILE, HOSTILE)
    told = answer(entry(HOSTILE, under=(entry(HOSTILE),)), text=HOSTILE)
    file = tmp_path / "hostile.html"
    file.write_text(page_of_change(told, named, network()))
    with chromium.page(file) as opened:
        assert opened.ask("typeof hit") == "undefined"
        assert opened.requests() == [file.as_uri()]
        assert (
            opened.ask("document.querySelectorAll('img, svg svg, [onerror], [onload]').length") == 0
        )
        assert opened.ask("document.scripts.length") == 1
        assert opened.complaints() == []


def test_the_policy_stops_what_would_be_loaded_all_the_same(chromium, written):
    with chromium.page(written.file) as opened:
        refused = """new Promise((told) => {
            addEventListener("securitypolicyviolation", (event) => told(event.effectiveDirective));
            document.body.append(Object.assign(new Image(), {src: "https://example.com/x.png"}));
        })"""
        assert opened.ask(refused) == "img-src"


def test_search_narrows_while_somebody_types_and_says_to_how_many(chromium, written):
    with chromium.page(written.file) as opened:
        every = opened.ask(VISIBLE)
        assert len([each for each in every if each.startswith("finding")]) == 8
        opened.press("/")
        assert opened.ask("document.activeElement.name") == "text"
        opened.type("port 5553")
        assert opened.ask(VISIBLE) == ["finding 3 at port 5553"]
        said = opened.ask("document.querySelector('output').textContent")
        assert said.startswith("Shown: 1 of 12 entries")
        opened.press("Escape", code=27)
        assert opened.ask(VISIBLE) == every


def test_search_finds_a_line_of_the_matrix_by_who_is_open_to_it_also_where_it_is_folded(
    chromium, written
):
    lines = """[...document.querySelectorAll("table.matrix tbody tr")]
      .filter((each) => each.checkVisibility()).map((each) => each.cells[0].textContent)"""
    with chromium.page(written.file) as opened:
        assert {each[:2] for each in opened.ask(lines)} == {"a-", "db"}
        opened.ask("document.querySelector('[name=text]').focus()")
        opened.type("internet")
        assert [each[:3] for each in opened.ask(lines)] == ["web"]


@pytest.mark.parametrize(
    ("name", "value", "left"),
    [("severity", "high", 2), ("kind", "flow-opened", 4), ("outcome", "pass", 3)],
)
def test_a_choice_narrows_and_opens_what_is_folded(chromium, written, name, value, left):
    choose = f"""(() => {{
        const choice = document.querySelector("[name={name}]");
        choice.value = "{value}";
        choice.dispatchEvent(new Event("input", {{bubbles: true}}));
    }})()"""
    with chromium.page(written.file) as opened:
        opened.ask(choose)
        shown = [each for each in opened.ask(VISIBLE) if each != "an effect of it"]
        assert len(shown) == left


def test_a_finding_opens_by_keyboard(chromium, written):
    last = written.entries[7]
    body = f"document.querySelector('{written.link(last)} .body').checkVisibility()"
    with chromium.page(written.file) as opened:
        assert not opened.ask(body)
        opened.ask(f"document.querySelector('{written.link(last)} summary').focus()")
        opened.press("Enter", text="\r", code=13)
        assert opened.ask(body)


@pytest.mark.parametrize("number", [7, 10], ids=["a finding", "what is folded"])
def test_a_link_to_an_entry_opens_it_and_goes_there(chromium, written, number):
    link = written.link(written.entries[number])
    with chromium.page(written.file, fragment=link) as opened:
        top = f"document.querySelector('{link}').getBoundingClientRect().top"
        assert opened.ask(f"document.querySelector('{link} .body').checkVisibility()")
        assert 0 <= opened.ask(top) < 900


def test_without_scripts_everything_is_there_but_the_search(chromium, written):
    with chromium.page(written.file, scripts=False) as opened:
        assert not opened.ask("document.querySelector('form.filter').checkVisibility()")
        found = opened.ask(VISIBLE)
        assert len([each for each in found if each.startswith("finding")]) == 8
        assert opened.ask("document.querySelector('table.matrix').checkVisibility()")
        assert opened.ask("document.querySelector('svg.network').checkVisibility()")
        opened.ask("document.querySelector('#passed summary').click()")
        assert len(opened.ask(VISIBLE)) == len(found) + 3


def test_a_phone_scrolls_the_matrix_and_the_picture_but_never_the_page(chromium, written):
    with chromium.page(written.file, width=360, height=740) as opened:
        assert opened.ask("document.documentElement.scrollWidth") == 360
        assert opened.ask("innerWidth") == 360
        opened.ask("for (const each of document.querySelectorAll('details')) each.open = true")
        assert opened.ask("document.documentElement.scrollWidth") == 360
        wide = "(each) => each.scrollWidth > each.clientWidth && each.tabIndex === 0"
        assert opened.ask(f"[...document.querySelectorAll('.scroll')].some({wide})")


def test_nothing_of_the_page_styles_its_picture(chromium, written):
    with chromium.page(written.file) as opened:
        otherwise = """[...document.querySelectorAll("svg.network text")].filter((each) =>
            getComputedStyle(each).fontSize !== `${each.getAttribute("font-size")}px` ||
            each.getBoundingClientRect().right > each.closest("svg").getBoundingClientRect().right
        ).map((each) => each.textContent)"""
        assert opened.ask(otherwise) == []


@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
def test_everything_can_be_read_by_day_and_by_night(chromium, written, dark):
    with chromium.page(written.file, dark=dark) as opened:
        opened.ask("for (const each of document.querySelectorAll('details')) each.open = true")
        for verdict in ("yes", "part", "no"):
            opened.ask(f"document.querySelector('.verdict').className = 'verdict {verdict}'")
            assert opened.ask(CONTRAST) == []
        paper = opened.ask("getComputedStyle(document.body).backgroundColor")
        assert (paper == "rgb(255, 255, 255)") is not dark


def test_whoever_does_not_see_it_finds_its_parts_and_what_each_control_is(chromium, written):
    with chromium.page(written.file) as opened:
        opened.send("Accessibility.enable")
        nodes = opened.send("Accessibility.getFullAXTree")["nodes"]
        seen = [
            (each["role"]["value"], each.get("name", {}).get("value", ""))
            for each in nodes
            if not each["ignored"]
        ]
        roles = {role for role, _ in seen}
        assert {"banner", "navigation", "main", "search", "contentinfo"} <= roles
        controls = ("searchbox", "combobox", "button", "link", "region", "image")
        assert not [role for role, name in seen if role in controls and not name.strip()]
        cells = [name for role, name in seen if role in ("gridcell", "cell")]
        assert any("was allowed, now denied" in each for each in cells)


def test_on_paper_everything_is_open_and_no_control_is_left(chromium, written):
    link = written.link(written.entries[7])
    with chromium.page(written.file) as opened:
        opened.send("Emulation.setEmulatedMedia", media="print")
        assert not opened.ask("document.querySelector('form.filter').checkVisibility()")
        height = f"document.querySelector('{link} .body').getBoundingClientRect().height"
        assert opened.ask(height) > 0
