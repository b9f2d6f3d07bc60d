"""How many services are meant by one text: all of them, those of a segment, those with a label."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bulkhead.intent.document.scalars import resolved
from bulkhead.intent.wiring.owners import Owner
from bulkhead.intent.wrong import Wrong, nearest, quoted

EVERYBODY: Final = "*"
SEGMENT: Final = "segment:"
LABEL: Final = "label:"


def is_selector(text: str) -> bool:
    """Whether a text means many: '*', 'segment:feed', 'label:tier=edge'."""
    return text == EVERYBODY or text.startswith((SEGMENT, LABEL))


def services_meant(text: str, owners: Iterable[Owner]) -> list[Owner]:
    """The services that a selector means, in the order of the file. Raises Wrong for none.

    None is no mistake of the selector's where one may be meant that could not be read: it is told.
    """
    services = [each for each in owners if not each.outside]
    doubt = any(each.in_doubt for each in services)
    if text == EVERYBODY:
        return services
    kind, _, name = text.partition(":")
    if kind == "segment":
        found = [each for each in services if each.ends_in(name)]
        if not found and not doubt:
            known = {each.segment for each in services if each.segment}
            known |= {at for each in services for at in each.interfaces.values()}
            raise Wrong(f"no service is in segment {quoted(name)}", nearest(name, known))
        return found
    key, equals, value = name.partition("=")
    if not (key and equals and value):
        raise Wrong(f"{quoted(text)} names no label", "write it as in label:tier=edge")
    found = [each for each in services if each.labels.get(key) == value]
    if not found and not doubt:
        known = {f"{key}={value}" for each in services for key, value in each.labels.items()}
        text = value if isinstance(resolved(value), str) else f'"{value}"'
        remedy = nearest(name, known) if known else f"give one labels: {{ {key}: {text} }}"
        raise Wrong(f"no service has the label {quoted(name)}", remedy)
    return found
