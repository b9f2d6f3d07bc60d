"""What says `was: old-name` in HEAD is kept, and no other thing."""

import pytest

from bulkhead.review import review
from tests.review.conftest import SHOP

RENAMES = {
    "a service": [
        ("  store:\n", "  vault:\n    was: store\n"),
        ("store.orders", "vault.orders"),
        ("deny: [store]", "deny: [vault]"),
    ],
    "its client": [("  web:\n", "  desk:\n    was: web\n"), ("web.feed", "desk.feed")],
    "a segment": [
        ("front: { purpose", "door: { was: front, purpose"),
        ("segment: front", "segment: door"),
    ],
    "a site": [("  plant:\n", "  mill:\n    was: plant\n"), ("from: plant", "from: mill")],
}


@pytest.mark.parametrize("what", RENAMES)
def test_what_is_called_otherwise_and_kept_is_no_change_and_cuts_nothing(edited, what):
    told = review(*edited(*RENAMES[what]))
    assert (told.flows, told.replacements, told.findings) == ((), (), ())
    assert (told.appeared, told.vanished) == ((), ())
    (note,) = told.notes
    assert note.endswith("and what is built of it stays")


def test_everything_at_once_too(edited):
    told = review(*edited(*(edit for edits in RENAMES.values() for edit in edits)))
    assert (told.flows, told.replacements, told.findings) == ((), (), ())
    assert len(told.notes) == 4


def test_of_services_that_are_kept_apart_also_the_segment(edited):
    base = SHOP.replace("back: { purpose", "back: { isolation: service, purpose")
    told = review(
        *edited(
            ("back: {", "cellar: { was: back,"),
            ("segment: back", "segment: cellar"),
            *RENAMES["a service"],
            base=base,
        )
    )
    assert (told.flows, told.replacements, told.findings) == ((), (), ())
    assert told.notes == (
        "segment back is called cellar now, and what is built of it stays",
        "service store is called vault now, and what is built of it stays",
    )


def test_without_the_line_it_is_another_thing(edited):
    edits = [(old, new.replace("    was: store\n", "")) for old, new in RENAMES["a service"]]
    told = review(*edited(*edits))
    assert told.replacements
    assert told.flows


def test_a_port_that_opens_beside_is_the_only_flow_that_is_told(edited):
    more = ("tcp://*:5556", "tcp://*:5557")
    told = review(*edited(*RENAMES["a service"], more))
    assert {(each.change.destination.name, each.change.traffic) for each in told.flows} == {
        ("vault", "tcp 5556"),
        ("vault", "tcp 5557"),
    }
    assert not told.replacements
