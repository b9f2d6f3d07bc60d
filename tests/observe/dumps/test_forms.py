"""An answer of AWS in a form that is not read is refused by the name of its form."""

import json

import pytest

from bulkhead import observe
from bulkhead.problems import InputError

VPC = {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}
ANSWER = {"Vpcs": [VPC]}
YAML = "Vpcs:\n- CidrBlock: 10.0.0.0/16\n  VpcId: vpc-1\n"
SNAPSHOT = {"collector_version": "0.14.0", "provider": "aws", "vpcs": [VPC]}
FORMS = {
    "an array of answers": (json.dumps([ANSWER, {"Subnets": []}]), "several answers"),
    "records without a name": (json.dumps([VPC]), "without --query"),
    "yaml": (YAML, "YAML"),
    "a stream of yaml": (f"- {YAML.replace(chr(10) + '-', chr(10) + '  -')}", "YAML"),
    "a table": ("----\n|  DescribeVpcs  |\n+----+\n", "table"),
    "np-guard": (json.dumps(SNAPSHOT), "np-guard"),
}


@pytest.mark.parametrize(("text", "says"), FORMS.values(), ids=FORMS)
def test_it_is_named_with_what_to_do(text, says):
    problem = observe.refusal("answer", text.encode())
    assert problem is not None
    assert says in f"{problem.what}; {problem.remedy}"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ANSWER),
        json.dumps({"provider": "aws"}),
        "[]",
        "[1, 2]",
        "",
        "name: shop\nregion: eu-west-1\nservices:\n  Vpcs: {}\n",
        "\x00",
        "[" * 100_000,
    ],
)
def test_nothing_else_is_taken_for_one(text):
    assert observe.refusal("answer", text.encode()) is None


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_a_folder_of_nothing_else_is_refused_by_the_file_that_it_has(tmp_path, suffix):
    (tmp_path / f"vpcs.{suffix}").write_text({"json": json.dumps([ANSWER]), "yaml": YAML}[suffix])
    with pytest.raises(InputError, match=f"vpcs.{suffix}: it is a"):
        observe.dump(tmp_path)


def test_beside_answers_that_are_read_it_is_named_as_left_out(tmp_path):
    (tmp_path / "vpcs.json").write_text(json.dumps({**ANSWER, "Subnets": []}))
    (tmp_path / "more.yaml").write_text(YAML)
    network = observe.dump(tmp_path)
    assert any("more.yaml" in each.id and "YAML" in each.why for each in network.unmodelled)
