"""What people say of the parts of a topology is reviewed, too: purposes, owners, reasons."""

import json
from io import StringIO

import pytest
from rich.console import Console

from bulkhead.plan import plan
from bulkhead.report.documents.review import review as document
from bulkhead.report.markdown.review import review as comment
from bulkhead.report.review import print_review
from bulkhead.report.sheets.review import review as sheet
from bulkhead.review import Version, failing, review
from bulkhead.review.words import word_steps
from tests.support.topologies import topology_from

FRONT = "front: { purpose: takes orders in }"
WEB = "    segment: front\n    replicas: 2\n"
ORDERS = 'orders: { type: REP, bind: "tcp://*:5556" }'
PLANT = "    trust: untrusted\n"


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (
            (FRONT, "front: { purpose: takes orders in, owner: desk }"),
            "owner of segment front: (nobody says) -> desk",
        ),
        (
            (WEB, f"{WEB}    purpose: the shop window\n"),
            "purpose of service web: (nobody says) -> the shop window",
        ),
        ((WEB, f"{WEB}    owner: desk\n"), "owner of service web: (nobody says) -> desk"),
        (
            (PLANT, f"{PLANT}    purpose: makes things\n"),
            "purpose of site plant: (nobody says) -> makes things",
        ),
        ((PLANT, f"{PLANT}    owner: works\n"), "owner of site plant: (nobody says) -> works"),
        ((WEB, f"{WEB}    data: public\n"), "data of service web: (nobody says) -> public"),
        ((PLANT, f"{PLANT}    data: secret\n"), "data of site plant: (nobody says) -> secret"),
        (
            (ORDERS, ORDERS.replace(" }", ", why: they must be kept }")),
            "why of socket store.orders: (nobody says) -> they must be kept",
        ),
        (
            ("segments:\n", "flow-logs: { to: none, why: too dear }\nsegments:\n"),
            "recorded of topology shop: all, to CloudWatch for 365 days -> nothing: too dear",
        ),
        (
            ("segments:\n", "dns: shop.internal\nsegments:\n"),
            "dns of topology shop: (nobody says) -> shop.internal",
        ),
        (
            (ORDERS, ORDERS.replace(" }", ", until: 2999-01-31 }")),
            "until of socket store.orders: (nobody says) -> 2999-01-31",
        ),
        (
            (ORDERS, ORDERS.replace(" }", ", owner: till }")),
            "owner of socket store.orders: (nobody says) -> till",
        ),
        ((WEB, WEB.replace("2", "1..2")), "replicas of service web: 2 -> 1..2"),
        (
            (WEB, f"{WEB}    instance: c8i.large\n"),
            "instance of service web: (nobody says) -> c8i.large",
        ),
        (
            (ORDERS, ORDERS.replace(" }", ", largest-message: 64 KiB }")),
            "largest-message of socket store.orders: (nobody says) -> 65536",
        ),
        (
            (
                ORDERS,
                ORDERS.replace('"tcp://*:5556"', '{ endpoint: "tcp://*:8080", published: 5556 }'),
            ),
            "published of socket store.orders: (nobody says) -> tcp://*:8080 as 5556",
        ),
    ],
)
def test_what_is_said_otherwise_is_a_note_in_every_form(edited, edit, says):
    base, head = edited(edit)
    told = review(base, head)
    (step,) = told.declared.words
    assert str(step) == says
    assert step.origin.line
    assert (told.flows, failing(told), told.nothing) == ((), (), False)
    console = Console(file=StringIO(), width=200)
    print_review(console, told, ())
    assert f"{says} ({step.origin})" in console.file.getvalue()
    assert step.name in comment(told, ())
    (entry,) = [each for each in sheet(told, (base, head)).every if each.kind.id == "words-changed"]
    assert (entry.message, entry.origin, str(entry.grade)) == (says, step.origin, "note")
    declared = json.loads(json.dumps(document(told, (), ())))["declared"]
    kinds = ("purposes", "owners", "data", "reasons", "until", "setup", "recorded")
    shown = [each for kind in kinds for each in declared[kind]]
    assert [(each["of"], each["kind"], each["before"]) for each in shown] == [
        (step.name, step.kind, step.before or None)
    ]


@pytest.mark.parametrize("key", ["owner", "data"])
def test_what_a_service_has_from_its_segment_is_told_of_the_segment_alone(edited, key):
    said = (FRONT, f"front: {{ purpose: takes orders in, {key}: desk }}")
    base, head = edited(said)
    assert [each.name for each in review(base, head).declared.words] == ["front"]
    base, head = edited(said, (WEB, f"{WEB}    {key}: desk\n"))
    assert [each.name for each in review(base, head).declared.words] == ["front", "web"]


def test_of_what_is_new_or_gone_its_purpose_alone_is_told(edited):
    log = "  log: { segment: back, purpose: keeps, owner: desk, sockets: {} }\n"
    base, head = edited(("services:\n", f"services:\n{log}"))
    assert [*map(str, review(base, head).declared.words)] == [
        "purpose of service log: (new) -> keeps"
    ]
    assert [*map(str, review(head, base).declared.words)] == [
        "purpose of service log: keeps -> (gone)"
    ]


def test_which_vpcs_there_are_and_which_are_joined_is_told(tmp_path):
    text = """
        name: desks
        region: eu-west-1
        zones: 1
        vpcs: { core: { cidr: 10.0.0.0/16 }, desk: { cidr: 10.1.0.0/16 } }
        segments: { feed: { vpc: core, purpose: prices } }
        services: { ticker: { segment: feed, sockets: { t: { type: PUB, bind: "tcp://*:5556" } } } }
    """
    before, after = (
        plan(topology_from(tmp_path, each))
        for each in (text, f"{text.rstrip()}\n        joins: [{{ peering: [core, desk] }}]\n")
    )
    (step,) = word_steps(*(_version(each) for each in (before, after)))
    assert (step.what, step.before, step.after) == ("joins", "", "core-desk")
    assert step.origin.line == 8


def _version(made):
    return Version(
        label="",
        network=made.network,
        declaration=made.declaration,
        origins=made.origins,
        words=made.words,
    )
