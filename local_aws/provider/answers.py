"""Answers of AWS, read with suspicion: what is not in one is said by its call and its name.

AWS documents hardly a member of an answer as required, and an endpoint that only resembles AWS may
leave out any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_aws.provider.refusals import Unsure


@dataclass(frozen=True)
class NotShown:
    """Stands for the value of a field that an answer lacks, and that can be done without."""

    call: str  # DescribeVpnConnections
    field: str  # VpnConnections.Options.TunnelOptions; the outermost that is lacking

    def __str__(self) -> str:
        return f"{self.call} does not show {self.field}"


class Answer(dict[str, Any]):
    """An object of an answer, which knows where it stands in it.

    `answer["VpcId"]` is for what must be there, and raises Unsure; `answer.get("DeviceName")` for
    what AWS leaves out where it was never set; `answer.shown("Type")` for what is never left out
    and can yet be done without.
    """

    def __init__(
        self, values: Mapping[str, Any], call: str, place: str = "", lacking: NotShown | None = None
    ) -> None:
        self._call = call
        self._place = place
        self._lacking = lacking
        super().__init__({key: self._placed(value, key) for key, value in values.items()})

    def __missing__(self, field: str) -> Any:
        raise Unsure("", str(self._not_shown(field)))

    def shown(self, field: str) -> Any:
        """The value, or a NotShown."""
        value = self.get(field)
        return self._not_shown(field) if value is None else value

    def inside(self, field: str) -> Answer:
        """The object there; one of which nothing is shown where there is none."""
        found = self.get(field)
        return found if isinstance(found, Answer) else self._without(field)

    def item(self, field: str, position: int) -> Answer:
        """The object at a place of the list there; one of which nothing is shown beyond its end."""
        held = listed(self, field)
        return held[position] if position < len(held) else self._without(field)

    def _placed(self, value: Any, field: str) -> Any:
        if isinstance(value, Mapping):
            return Answer(value, self._call, self._within(field))
        if isinstance(value, list):
            return [self._placed(each, field) for each in value]
        return value

    def _without(self, field: str) -> Answer:
        return Answer({}, self._call, self._within(field), self._not_shown(field))

    def _not_shown(self, field: str) -> NotShown:
        return self._lacking or NotShown(self._call, self._within(field))

    def _within(self, field: str) -> str:
        return f"{self._place}.{field}" if self._place else field


def listed(shown: Answer | None, field: str) -> list[Answer]:
    """The objects of a list there; none where there is nothing, which AWS does not say."""
    return [] if shown is None else list(shown.get(field) or ())
