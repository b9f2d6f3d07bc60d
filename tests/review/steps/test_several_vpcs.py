"""The steps of a change in which a VPC comes or goes, and a join with it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from bulkhead.review.steps import Act
from tests.review.steps.test_steps import between

ALONE: dict[str, Any] = {
    "name": "desks",
    "region": "eu-west-1",
    "zones": 1,
    "vpcs": {"core": {"cidr": "10.0.0.0/16"}, "desk": {"cidr": "10.1.0.0/16"}},
    "joins": [{"peering": ["core", "desk"]}],
    "segments": {
        "feed": {"vpc": "core", "purpose": "prices"},
        "strategy": {"vpc": "desk", "purpose": "trading"},
    },
    "services": {
        "ticker": {
            "segment": "feed",
            "sockets": {"ticks": {"type": "PUB", "bind": "tcp://*:5556"}},
        },
        "momentum": {
            "segment": "strategy",
            "sockets": {"in": {"type": "SUB", "connect": "ticker.ticks"}},
        },
    },
}
MORE = deepcopy(ALONE)
MORE["vpcs"]["back"] = {"cidr": "10.2.0.0/16"}
MORE["joins"].append({"peering": ["desk", "back"]})
MORE["segments"]["books"] = {"vpc": "back", "purpose": "kept"}
MORE["services"]["keeper"] = {
    "segment": "books",
    "sockets": {"in": {"type": "PULL", "bind": "tcp://*:5580"}},
}
MORE["services"]["momentum"]["sockets"]["out"] = {"type": "PUSH", "connect": "keeper.in"}


def told(act: Act, kinds: set[str], calls: list[Any]) -> list[str]:
    return [str(each) for each in calls if each.act is act and each.kind in kinds]


def test_a_vpc_that_comes_is_made_before_all_that_is_in_it_and_joined_before_what_leads_there() -> (
    None
):
    _, new, found = between(ALONE, MORE)
    calls = [call for each in found.steps for call in each.calls]
    assert str(calls[0]) == "create VPC desks-back: 10.2.0.0/16"
    joined = [str(each) for each in calls].index("create peering desk-back")
    leading = [at for at, each in enumerate(calls) if each.kind == "route"]
    assert len(leading) == 2
    assert all(at > joined for at in leading)
    assert [each.server.owner for each in found.stays] == ["ticker"]
    assert len(new.flows) == 2
    assert (found.broken, found.nobodys, found.refused) == ((), (), "")


def test_one_that_goes_goes_last_and_nothing_that_stays_is_interrupted() -> None:
    _, _, found = between(MORE, ALONE)
    calls = [call for each in found.steps for call in each.calls]
    assert str(calls[-1]) == "delete VPC desks-back: 10.2.0.0/16"
    assert "delete peering desk-back" in map(str, calls)
    assert (found.broken, found.nobodys, found.refused) == ((), (), "")


def test_of_one_vpc_without_a_name_no_call_is_told() -> None:
    one = {key: each for key, each in ALONE.items() if key not in ("vpcs", "joins")}
    one |= {"cidr": "10.0.0.0/16"}
    one["segments"] = {name: {"purpose": "x"} for name in ALONE["segments"]}
    more = deepcopy(one)
    more["services"]["keeper"] = deepcopy(MORE["services"]["keeper"]) | {"segment": "feed"}
    _, _, found = between(one, more)
    assert not told(Act.CREATE, {"VPC"}, [call for each in found.steps for call in each.calls])
