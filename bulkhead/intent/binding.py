"""What stands behind `bind`: an endpoint, and what of it libzmq does not know."""

from __future__ import annotations

import re
from typing import Final

from bulkhead.intent.endpoints import ZmqEndpoint, parse_bind
from bulkhead.intent.endpoints.ports import HIGHEST
from bulkhead.intent.wrong import Wrong, nearest, quoted

EACH_COPY: Final = "+replica"
"""Behind a port: that of the first copy of a service, the next one's is one higher."""

_KEYS: Final = ("endpoint", "published")
_RANGE: Final = re.compile(r"([1-9][0-9]{0,4})-([1-9][0-9]{0,4})", re.ASCII)


def parse_binding(value: object) -> ZmqEndpoint:
    """An endpoint; one with a port for each copy, as in "tcp://*:5600+replica"; or one whose port
    something in between maps, as in {endpoint: "tcp://*:28335", published: 29335}. Raises Wrong.
    """
    if isinstance(value, dict):
        return _published(value)
    if isinstance(value, str) and value.endswith(EACH_COPY):
        return _of_each_copy(value)
    if isinstance(value, str) and EACH_COPY in value:
        remedy = f'write it last, as in "tcp://*:5600{EACH_COPY}"'
        raise Wrong(f"{quoted(value)} has something behind {EACH_COPY}", remedy)
    return parse_bind(value)


def _of_each_copy(text: str) -> ZmqEndpoint:
    endpoint = parse_bind(text.removesuffix(EACH_COPY))
    if endpoint.ports is None or endpoint.ports[0] != endpoint.ports[1] or endpoint.path:
        remedy = f'write the port of the first copy, as in "tcp://*:5600{EACH_COPY}"'
        raise Wrong(f"{quoted(text)} has no port from which to count copies", remedy)
    return endpoint.model_copy(update={"each_copy": True})


def _published(written: dict[str, object]) -> ZmqEndpoint:
    example = 'write {endpoint: "tcp://*:28335", published: 29335}'
    for key in written:
        if key not in _KEYS:
            raise Wrong(f"a mapping with the key {quoted(key)}", nearest(key, _KEYS))
    if set(written) != set(_KEYS):
        lacking = next(key for key in _KEYS if key not in written)
        raise Wrong(f"a mapping without {quoted(lacking)}", example)
    endpoint = parse_binding(written["endpoint"])
    if not endpoint.on_network or endpoint.outside is None:
        what = f"{quoted(endpoint.text)} is reached by no other host, and needs no published port"
        raise Wrong(what, f'write the endpoint alone: "{endpoint.text}"')
    inside, outside = endpoint.outside, _ports(written["published"])
    if outside[1] - outside[0] != inside[1] - inside[0]:
        what = f"published: {quoted(written['published'])} is not as many ports as the endpoint has"
        raise Wrong(what, example)
    return endpoint.model_copy(update={"published": outside})


def _ports(value: object) -> tuple[int, int]:
    first, last = value, value
    if isinstance(value, str) and (match := _RANGE.fullmatch(value)):
        first, last = int(match.group(1)), int(match.group(2))
    if (
        not isinstance(first, int)
        or not isinstance(last, int)
        or isinstance(value, bool)
        or not 1 <= first <= last <= HIGHEST
    ):
        what = f"published: {quoted(value)} is neither a port nor a range of ports"
        raise Wrong(what, "write one such as 29335, or 29335-29340")
    return first, last
