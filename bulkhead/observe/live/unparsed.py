"""What AWS answers and botocore leaves out: the fields that its model of a service does not have.

botocore hands over what its own model names, and drops the rest: a field that is newer than
the installed botocore would never be seen. So the body is read a second time, beside that
model, and what the model lacks is put back where it stands, named as AWS names its fields.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from botocore.awsrequest import AWSResponse
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from bulkhead.observe.calls import Item
from bulkhead.observe.known import is_nothing

_FAILED: Final = 300
_OF_EVERY_ANSWER: Final = frozenset({"requestId", "ResponseMetadata"})
_MEMBERS: Final = frozenset({"item", "member"})
"""What the members of a list are called: of EC2, and of Elastic Load Balancing."""


def put_back(*, http_response: AWSResponse, parsed: Item, model: OperationModel, **_: Any) -> None:
    """What the body of an answer holds beside what was parsed of it, put into that.

    A handler of botocore's event `after-call`. A field that says nothing is left out.
    """
    shape = model.output_shape
    read = READINGS.get(model.service_model.resolved_protocol)
    # An answer that a handler gave in AWS's stead (`before-call`) has no body.
    if shape is None or read is None or http_response.raw is None:
        return
    if http_response.status_code < _FAILED and http_response.content:
        read(http_response.content, shape, parsed)


def _from_xml(body: bytes, shape: Shape, parsed: Item) -> None:
    root = ElementTree.fromstring(body)  # noqa: S314 - botocore has just parsed it the same way
    wrapper = shape.serialization.get("resultWrapper")
    start = next((each for each in root if _tag(each) == wrapper), root)
    _in_element(start, shape, parsed)


def _in_element(node: Element, shape: Shape, parsed: Any) -> None:
    match shape:
        case StructureShape():
            members = {_name(each, name): (name, each) for name, each in shape.members.items()}
            for child in node:
                name, inner = members.get(_tag(child), ("", None))
                if inner is None:
                    _keep(parsed, _tag(child), _value(child))
                elif name in parsed:
                    _in_element(child, inner, parsed[name])
        case ListShape():
            for child, each in zip(node, parsed, strict=False):
                _in_element(child, shape.member, each)
        case MapShape():
            for key, child in _entries(node):
                _in_element(child, shape.value, parsed.get(key, {}))


def _entries(node: Element) -> Iterator[tuple[str, Element]]:
    """<entry><key>name</key><value>…</value></entry>."""
    for entry in node:
        inside = {_tag(each): each for each in entry}
        if "key" in inside and "value" in inside:
            yield inside["key"].text or "", inside["value"]


def _value(node: Element) -> Any:
    """An element of which there is no model, as a value of JSON."""
    if len(node) == 0:
        text = (node.text or "").strip()
        return {"true": True, "false": False}.get(text, text)
    if all(_tag(each) in _MEMBERS for each in node):
        return [_value(each) for each in node]
    found: Item = {}
    for each in node:
        _keep(found, _tag(each), _value(each))
    return found


def _keep(found: Item, tag: str, value: Any) -> None:
    """By the name that an SDK would give it: 'vpcPlaneSet' of EC2 is VpcPlanes."""
    if tag in _OF_EVERY_ANSWER or is_nothing(value):
        return
    name = tag[:1].upper() + tag[1:]
    if isinstance(value, list) and name.endswith("Set"):
        name = f"{name.removesuffix('Set')}s"
    found[tag if name in found else name] = value


def _tag(node: Element) -> str:
    """Without its namespace."""
    return node.tag.rpartition("}")[2]


def _name(shape: Shape, name: str) -> str:
    return str(shape.serialization.get("name", name))


def _from_json(body: bytes, shape: Shape, parsed: Item) -> None:
    _in_json(json.loads(body), shape, parsed)


def _in_json(value: Any, shape: Shape, parsed: Any) -> None:
    match shape:
        case StructureShape() if isinstance(value, Mapping):
            members = {_name(each, name): (name, each) for name, each in shape.members.items()}
            for key, inside in value.items():
                name, inner = members.get(key, ("", None))
                if inner is None:
                    parsed.setdefault(key, inside)
                elif name in parsed:
                    _in_json(inside, inner, parsed[name])
        case ListShape() if isinstance(value, list):
            for each, read in zip(value, parsed, strict=False):
                _in_json(each, shape.member, read)
        case MapShape() if isinstance(value, Mapping):
            for key, each in value.items():
                if key in parsed:
                    _in_json(each, shape.value, parsed[key])


READINGS: Final[Mapping[str, Callable[[bytes, Shape, Item], None]]] = {
    "ec2": _from_xml,
    "query": _from_xml,
    "json": _from_json,
}
"""By the protocol of a service. A test holds that each service that is asked has one of these."""
