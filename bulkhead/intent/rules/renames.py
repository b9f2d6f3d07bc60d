"""What something was called before: a name that nobody has now."""

from __future__ import annotations

from collections.abc import Mapping

from bulkhead.intent.complaints import Complain
from bulkhead.intent.written import WrittenSegment, WrittenService, WrittenSite, WrittenTopology
from bulkhead.intent.wrong import quoted


def judge_renames(written: WrittenTopology, complain: Complain) -> None:
    """What is built under a name is kept for one that has it now."""
    _judge("segments", written.segments or {}, complain)
    _judge("services", written.services or {}, complain)
    _judge("sites", written.sites or {}, complain)


def _judge(
    kind: str,
    named: Mapping[str, WrittenSegment | WrittenService | WrittenSite | None],
    complain: Complain,
) -> None:
    heirs: dict[str, str] = {}
    for name, thing in named.items():
        for old in (thing and thing.was) or ():
            if old is None:
                continue
            first = heirs.setdefault(old, name)
            if old == name:
                what, remedy = f"{quoted(old)} is what it is called now", "remove it"
            elif old in named:
                what = f"{quoted(old)} is the name of another of the {kind}"
                remedy = "keep one of the two names free until the change is built everywhere"
            elif first != name:
                what = f"{quoted(old)} is what {first} was called, too"
                remedy = "let one of the two keep what is built"
            elif kind == "services" and (name.startswith("sg-") or old.startswith("sg-")):
                what = f"AWS keeps a group's name, which {quoted(old)} and {quoted(name)} differ in"
                remedy = "call neither sg-…, or remove the line: group and interfaces are replaced"
            else:
                continue
            complain((kind, name, "was"), f"{kind[:-1]} {name}, was: {what}", remedy)
