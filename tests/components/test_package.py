"""The component package: what programs in every language of Pulumi are told that there is."""

import json
from pathlib import Path

from bulkhead.components import Fabric
from bulkhead.components.fabric.package import package

RECORDED = Path(__file__).with_name("package.schema.json")


def test_its_schema_is_the_one_that_programs_were_generated_from():
    """What is gone or otherwise there breaks them: so a change is seen, and said in the changelog.

    `pulumi package get-schema plugin` prints what to record.
    """
    told = json.loads(package().schema)
    assert told.pop("version")
    assert told == json.loads(RECORDED.read_text())


def test_it_hands_out_what_the_fabric_of_python_does():
    """But for the plan, which is of Python alone."""
    told = json.loads(package().schema)["resources"]["bulkhead:index:Fabric"]
    outputs = {*Fabric.__annotations__, "endpoints"} - {"plan"}
    assert {snake(each) for each in told["properties"]} == outputs
    assert set(told["required"]) == set(told["properties"])


def snake(name):
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)
