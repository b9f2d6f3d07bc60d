"""A review as a comment and on a console: what matters survives any size, nothing is markup."""

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from bulkhead.compare import Cause, CauseKind, Change, ChangeKind, Effect, Fate
from bulkhead.ends import EndpointKind, Label
from bulkhead.explain.hops import Layer
from bulkhead.judge import Finding, FindingKind
from bulkhead.network import TCP, Expectation, Listener, Origin, PortRange, Verdict
from bulkhead.report.documents.review import review as document
from bulkhead.report.markdown.budget import COMMENT_LIMIT
from bulkhead.report.markdown.review import review as comment
from bulkhead.report.review import print_review
from bulkhead.review import (
    DeclaredStep,
    FailOn,
    Headroom,
    Interruption,
    Reason,
    Replacement,
    Review,
    ReviewedFlow,
    Untold,
    Version,
    failing,
)
from bulkhead.review import review as reviewed
from tests.support.shop import shop, without_entry

CAUSE = Cause(
    kind=CauseKind.NEW, layer=Layer.GROUP_INGRESS, component="sg-b", rule="tcp 5556 from sg-a"
)


def flow(source="a", to="b", *, untrusted=False, kind=EndpointKind.INTERFACE):
    change = Change(
        kind=ChangeKind.OPENED,
        source=Label(EndpointKind.INTERNET if untrusted else kind, (source,)),
        destination=Label(EndpointKind.INTERFACE, (to,)),
        socket=None,
        exposed=(),
        protocol=6,
        ports=(PortRange(5556, 5556),),
        before=Verdict.DENIED,
        after=Verdict.ALLOWED,
        hosts=1,
        of_hosts=1,
        example=(source, to),
        example_ids=(source, to),
        causes=(CAUSE,),
        effect=Effect(fate=Fate.LIVES_ON, seconds=350, why="b tracks them"),
    )
    return ReviewedFlow(
        change=change,
        untrusted=untrusted,
        past_groups=False,
        reasons=(Reason(cause=CAUSE, origin=Origin(file="net.yaml", line=7)),),
    )


TUNNELS = Replacement(
    kind="both tunnels of",
    name="plant",
    why="address of the site's device changes",
    interrupts=Interruption.BOTH_TUNNELS,
    means="BOTH TUNNELS AT ONCE",
)


def shown(review, failed=()):
    text = io.StringIO()
    print_review(Console(file=text, width=160, markup=False, highlight=False), review, failed)
    return text.getvalue()


def test_nothing_but_the_verdict_where_nothing_changed():
    review = Review(base="a", head="b")
    assert comment(review, ()) == "**No flow changes.**\n"
    assert shown(review) == "No flow changes.\n"


def test_what_one_new_test_means_is_told_each_for_itself_only_where_it_is_little():
    def asked(number):
        about = Listener(owner="b", socket="", type="", protocol=TCP, ports=PortRange(22, 22))
        return tuple(
            Expectation(
                client=f"c{each}", server=about, accept=False, file="t", line=number, name="shut"
            )
            for each in range(number)
        )

    few, many = asked(2), asked(400)
    told = shown(Review(base="a", head="b", declared=DeclaredStep(tests_added=few + many)))
    assert "test: + c1 deny b (tcp 22), 'shut' (t:2)" in told
    assert "test: + deny in 400 pairs of a client and what it reaches, 'shut' (t:400)" in told
    assert len(told.splitlines()) < 8


@pytest.mark.parametrize("limit", [8_000, 20_000, COMMENT_LIMIT])
@pytest.mark.parametrize("number", [1, 60, 1_500])
@pytest.mark.parametrize("length", [1, 255])
def test_a_comment_keeps_its_limit_its_verdict_and_who_gets_in(limit, number, length):
    names = [f"{'x' * length}{each}" for each in range(number)]
    review = Review(
        base="a",
        head="b",
        flows=(
            *(flow("internet", each, untrusted=True) for each in names),
            *(flow(each) for each in names),
        ),
        past_groups=tuple(
            replace(flow(each, kind=EndpointKind.STRANGER), past_groups=True) for each in names
        ),
        replacements=(TUNNELS, replace(TUNNELS, interrupts=Interruption.CONNECTIONS)),
        findings=tuple(
            Finding(kind=FindingKind.EXTRA, message=each, why=each, effects=()) for each in names
        ),
        headroom=tuple(
            Headroom(quota="rules", of=each, before=1, after=60, limit=60, page="")
            for each in names
        ),
        untold=tuple(Untold(kind="route", name=each, why=each) for each in names),
    )
    text = comment(review, [FailOn.FROM_INTERNET], limit)
    # Who posts it puts a marker before it.
    assert len(text) + 400 <= limit
    assert text.startswith(f"**Opens {2 * number} flows: the internet reaches ")
    assert "Fails on `opened-from-internet`." in text
    assert "BOTH TUNNELS AT ONCE" in text
    rows = text.count("| **opened** | internet |")
    assert rows
    if rows < number:
        assert f"Flows from untrusted places left out for want of space: {number - rows}" in text
    assert text.count("<details>") == text.count("</details>")


def test_names_write_no_markup():
    text = comment(Review(base="a", head="b", flows=(flow("<b>|@you`"),)), ())
    assert "<b>" not in text
    assert "@you" not in text


def test_what_matters_comes_first_and_the_verdict_last():
    review = Review(
        base="a",
        head="b",
        flows=(flow("internet", untrusted=True), flow("c")),
        replacements=(TUNNELS,),
    )
    text = shown(review, [FailOn.OPENED])
    places = [
        text.index(each)
        for each in (
            "reached from untrusted places (1)",
            "internet -> b  tcp 5556: denied -> allowed",
            "security group ingress of sg-b, new: tcp 5556 from sg-a (net.yaml:7)",
            "opened (1)",
            "replaced (1)",
            "Opens 2 flows: the internet reaches b tcp 5556; both tunnels of plant go down",
            "fails on: opened",
        )
    ]
    assert places == sorted(places)


def test_the_document_says_where_each_rule_is_written():
    made = document(Review(base="a", head="b", flows=(flow(),)), [FailOn.OPENED], [FailOn.OPENED])
    assert json.loads(json.dumps(made)) == made
    (cause,) = made["flows"][0]["causes"]
    assert cause["origin"] == {"file": "net.yaml", "line": 7, "urn": None, "revision": None}
    assert (made["schema"], made["failed"]) == ("bulkhead.review/1", ["opened"])


def test_who_gets_in_beside_the_flows_that_are_counted_is_no_part_of_the_count():
    shadow = replace(flow("internet", untrusted=True), past_groups=True)
    closed = flow("c", "d")
    closed = replace(closed, change=replace(closed.change, kind=ChangeKind.CLOSED))
    review = Review(base="a", head="b", flows=(closed,), past_groups=(shadow,))
    assert review.verdict == "Closes 1 flow; the internet could reach b tcp 5556."


def test_a_reply_entry_removed_by_hand_as_a_reviewer_reads_it():
    network, _ = shop()
    reply = "out 200 allow tcp 32768-60999 10.0.1.0/24"
    gone = without_entry(network, "acl-back", reply)
    review = reviewed(Version(label="a", network=network), Version(label="b", network=gone))
    assert shown(review, failing(review)) == (
        "half-broken (1)\n"
        "  web -> store.orders  tcp 5556: allowed -> half-open\n"
        "      reply: NACL egress of acl-back, gone: "
        "egress 200: allow tcp 32768-60999 to 10.0.1.0/24\n"
        "      no reply returns to client ports 32768-60999\n"
        "      established connections are cut at once: "
        "NACL egress: drops the replies of known connections too\n"
        "\n"
        "any host that somebody starts there, in no security group (2)\n"
        "  half-broken: any host in front -> any host in back  tcp 5556: allowed -> half-open\n"
        "  closed: any host in back -> any host in front  tcp 32768-60999: half-open -> denied\n"
        "\n"
        "residue: not compared: neither side is a topology, and only that says which of the "
        "ports that NACLs leave open are for replies\n"
        "Breaks 1 flow: replies from store.orders tcp 5556 to web are lost.\n"
        "fails on: half-broken\n"
    )
