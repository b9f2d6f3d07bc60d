"""A dump is read in time that is linear in its length, also where all of it is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bulkhead import observe
from bulkhead.problems import InputError
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_dump
from tests.support.estate import Estate
from tests.support.growth import grows_linearly


def subnets(count: int) -> dict[str, Any]:
    estate = Estate()
    for index in range(count):
        estate.subnet(f"s{index}", f"10.0.{index // 16}.{index % 16 * 16}/28")
    return as_dump(with_aws_ids(estate.build()))


def hosts(count: int) -> dict[str, Any]:
    estate = Estate()
    estate.subnet("a", "10.0.0.0/16")
    estate.group("web", "in tcp 80 10.0.0.0/8")
    for index in range(count):
        estate.host(f"h{index}", "a", f"10.0.{1 + index // 200}.{1 + index % 200}", "web")
    return as_dump(with_aws_ids(estate.build()))


SHAPES: dict[str, Callable[[int], Any]] = {
    "subnets": subnets,
    "interfaces": hosts,
    "records without an id": lambda count: {"Vpcs": [{"CidrBlock": "10.0.0.0/16"}] * count},
    "one record again and again": lambda count: {"Vpcs": [{"VpcId": "vpc-1"}] * count},
    "records that contradict": lambda count: {
        "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": f"10.{each}.0.0/16"} for each in range(count)]
    },
    "what is not modelled": lambda count: {
        "Vpcs": [],
        "LocalGatewayThings": [{"Id": str(each)} for each in range(count)],
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_dump_is_four_times_the_work(tmp_path: Path, shape: str) -> None:
    def reading(count: int) -> Callable[[], object]:
        path = tmp_path / f"{count}.json"
        path.write_text(json.dumps(SHAPES[shape](count), indent=1))

        def work() -> None:
            with suppress(InputError):
                observe.dump(path)

        return work

    assert grows_linearly(reading, start=50)


def test_so_are_the_lines_of_its_mistakes(tmp_path: Path) -> None:
    def reading(count: int) -> Callable[[], object]:
        path = tmp_path / f"{count}.json"
        path.write_text("{\n" + '"Vpcs": [],\n' * count + '"Subnets": NaN}')

        def work() -> None:
            with pytest.raises(InputError):
                observe.dump(path)

        return work

    assert grows_linearly(reading, start=50)
