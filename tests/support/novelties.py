"""Answers of AWS with something that nobody here has heard of, and what it might do.

`novelty(answers, chance)` puts one unknown field, or one unknown value, at some place of some
item; `everything(network)` has something of each kind that there is in the network.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from bulkhead.network import InterfaceKind, Network
from bulkhead.observe.calls import KEYS
from bulkhead.observe.describe.described import identity
from bulkhead.observe.known import ANSWERS
from bulkhead.observe.known.table import ANY, MAP, Place, compiled
from bulkhead.observe.record import Record
from tests.support.dumps import as_answers, prefix_lists

Answers = dict[str, Any]
Trail = tuple[str | int, ...]
ELB = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"
EMPTY = (None, "", [], {}, False, {"Deep": []})
NOVEL = ("x", True, 7, ["x"], {"State": "enabled"}, [{"Cidr": "10.0.0.0/8"}], "10.0.0.0/8")


def everything(network: Network) -> Answers:
    """All answers of a network, also of what `as_answers` leaves to others."""
    answers = as_answers(network)
    answers["PrefixLists"] = [
        {"PrefixListId": each, "Entries": [{"Cidr": block} for block in blocks]}
        for each, blocks in prefix_lists(network).items()
    ]
    shown = {each["NetworkInterfaceId"]: each for each in answers["NetworkInterfaces"]}
    answers |= {key: [] for key in ("LoadBalancers", "Listeners", "TargetGroups")}
    for each in network.load_balancers:
        _balanced(each, network, shown, answers)
    for one in network.interfaces:
        if one.kind is InterfaceKind.ENDPOINT:
            answers["VpcEndpoints"].append(
                {
                    "VpcEndpointId": one.id.replace("eni", "vpce"),
                    "VpcEndpointType": "Interface",
                    "VpcId": network.subnet[one.subnet].vpc,
                    "State": "available",
                    "NetworkInterfaceIds": [one.id],
                }
            )
        elif one.kind is InterfaceKind.HOST and one.instance is None:
            instance = one.id.replace("eni", "i")
            shown[one.id]["Attachment"] = {"InstanceId": instance, "Status": "attached"}
            inside = {"InstanceId": instance, "State": {"Name": "running"}}
            inside["NetworkInterfaces"] = [{"NetworkInterfaceId": one.id}]
            answers["Reservations"].append(
                {"ReservationId": f"r-{instance}", "Instances": [inside]}
            )
    return answers


def _balanced(balancer: Any, network: Network, shown: Answers, answers: Answers) -> None:
    """A network load balancer with its listeners and a target group that holds nothing."""
    called = f"net/{balancer.id}/1"
    arn, group = f"{ELB}:loadbalancer/{called}", f"{ELB}:targetgroup/{balancer.id}/1"
    words = {6: "TCP", 17: "UDP"}
    for each in balancer.interfaces:
        shown[each]["Description"] = f"ELB {called}"
    answers["LoadBalancers"].append(
        {
            "LoadBalancerArn": arn,
            "LoadBalancerName": balancer.name,
            "VpcId": balancer.vpc,
            "Type": "network",
            "State": {"Code": "active"},
        }
    )
    answers["TargetGroups"].append({"TargetGroupArn": group, "LoadBalancerArns": [arn]})
    answers["Listeners"] += [
        {
            "ListenerArn": f"{ELB}:listener/{called}/{number}",
            "LoadBalancerArn": arn,
            "Protocol": words[each.protocol],
            "Port": each.port,
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": group}],
        }
        for number, each in enumerate(balancer.listeners)
    ]


@dataclass(frozen=True)
class Novelty:
    """Where it stands: under which key, in which item, at which path; and the answers with it.

    Where that is in a rule, an entry or a route, `without` has all but that.
    """

    key: str
    id: str
    path: str
    answers: Answers
    without: Answers | None


def novelty(answers: Answers, chance: Random, values: Sequence[Any] = NOVEL) -> Novelty:
    """The answers with one field more, or with one value of a field that AWS may add to.

    By chance alone: hypothesis prefers what it draws first, and every kind of thing counts.
    """
    changed = copy.deepcopy(answers)
    key = chance.choice([each for each in changed if changed[each] and each in KEYS])
    number = chance.randrange(len(changed[key]))
    item = changed[key][number]
    name = identity(Record(key, item), KEYS[key].id)
    known = compiled(ANSWERS[key])
    closed = list(_closed(known, item, ()))
    if closed and values is NOVEL and chance.random() < 1 / 3:
        trail, holder, field = chance.choice(closed)
        holder[field] = "brand-new"
    else:
        trail, holder = chance.choice(list(_objects(known, item, ())))
        trail = (*trail, "Novel")
        holder["Novel"] = chance.choice(values)
    path = ".".join(each for each in trail if isinstance(each, str))
    return Novelty(key, name, path, changed, _without_part(answers, key, number, trail))


def _without_part(answers: Answers, key: str, number: int, trail: Trail) -> Answers | None:
    parts = ANSWERS[key].parts
    left = copy.deepcopy(answers)
    if "" in parts:
        del left[key][number]
    elif trail[0] in parts and len(trail) > 1:
        del left[key][number][trail[0]][trail[1]]
    else:
        return None
    return left


def _objects(place: Place, value: Any, trail: Trail) -> Iterator[tuple[Trail, dict[str, Any]]]:
    """Every object in an item, with the way to it; a map of any names has no field to come."""
    if isinstance(value, dict):
        if MAP not in place.inside and not place.whatever:
            yield trail, value
        for name, each in value.items():
            inner = place.inside.get(name) or place.inside.get(MAP) or Place()
            yield from _objects(inner, each, (*trail, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _objects(place, each, (*trail, number))


def _closed(place: Place, value: Any, trail: Trail) -> Iterator[tuple[Trail, dict[str, Any], str]]:
    """Every field in an item whose values the table lists in full."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _closed(place, each, (*trail, number))
    elif isinstance(value, dict):
        for name, each in value.items():
            inner = place.inside.get(name, Place())
            if inner.values and ANY not in inner.values and isinstance(each, str):
                yield (*trail, name), value, name
            yield from _closed(inner, each, (*trail, name))
