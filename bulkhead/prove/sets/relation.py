"""Who reaches whom, as sets of sources per destination and port."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import TypeVar

from bulkhead.network import PortRange
from bulkhead.prove.sets.by_port import ByPort
from bulkhead.prove.sets.reading import Reading, read
from bulkhead.prove.sets.replies import Replies
from bulkhead.prove.sets.requests import Requests
from bulkhead.prove.sets.survey import Survey
from bulkhead.prove.sets.touched import Touched
from bulkhead.prove.sets.ways.travel import Ways

T = TypeVar("T")


class Relation:
    """Who reaches whom, with all that is unknown taken for shut, or for open.

    `ways` by the protocol for which something of its own is in doubt; None: by all others.
    """

    def __init__(self, ways: Mapping[int | None, Ways], *, unknown_passes: bool) -> None:
        self._readings = {
            protocol: read(each, unknown_passes=unknown_passes) for protocol, each in ways.items()
        }
        self._requests = {key: Requests(reading) for key, reading in self._readings.items()}
        self._replies = {key: Replies(reading) for key, reading in self._readings.items()}

    def after(self, survey: Survey, touched: Touched) -> Relation:
        """The relation after a change of rules, where nothing is in doubt for one protocol."""
        heir = copy(self)
        before = self._readings[None]
        reading = replace(before, survey=survey, layers=before.layers.after(survey, touched))
        heir._readings = {None: reading}
        heir._requests = {None: self._requests[None].after(reading, touched)}
        heir._replies = {None: self._replies[None].after(reading, touched)}
        return heir

    def reading(self, protocol: int) -> Reading:
        """What packets of a protocol are computed from."""
        return _of(self._readings, protocol)

    def requests(self, destination: int, protocol: int) -> ByPort:
        """Per port: whose packets arrive."""
        return _of(self._requests, protocol).arriving(destination, protocol)

    def transit(self, destination: int, protocol: int) -> ByPort:
        """Per port: whose packets would arrive if no security group held them back."""
        return _of(self._requests, protocol).in_transit(destination, protocol)

    def answered(self, destination: int, protocol: int) -> ByPort:
        """Per port: to whom every reply returns, whatever client port the request came from."""
        return _of(self._replies, protocol).answered(destination, protocol)

    def lost(self, source: int, destination: int, protocol: int) -> tuple[PortRange, ...]:
        """The client ports from which no reply returns."""
        return _of(self._replies, protocol).lost(source, destination, protocol)


def _of(several: Mapping[int | None, T], protocol: int) -> T:
    return several.get(protocol) or several[None]
