"""What the page on the local AWS lists is what it has."""

from __future__ import annotations

import re
from pathlib import Path

from local_aws.provider.invokes import INVOKES
from local_aws.provider.kinds import KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "local-aws.md").read_text()


def in_python(token: str) -> str:
    """aws:ec2/getVpc:getVpc is ec2.get_vpc; of the index, get_region."""
    module, _, name = token.removeprefix("aws:").partition("/")
    last = name.rpartition(":")[2]
    if last[0].islower():
        last = re.sub(r"([A-Z])", lambda found: f"_{found[1].lower()}", last)
    return last if module == "index" else f"{module}.{last}"


def test_the_page_lists_every_type_and_function_and_no_other() -> None:
    listed = set(re.findall(r"`((?:[a-z0-9]+\.)?(?:[A-Z]|get_)\w+)`", PAGE))
    assert listed == {in_python(token) for token in (*KINDS, *INVOKES)}
