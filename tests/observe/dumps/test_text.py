"""What a shell left of an answer is read strictly, and every mistake has its line."""

import json
import sys

import pytest

from bulkhead.observe.dumps import text as dump_json
from bulkhead.problems import InputError


def said(data):
    with pytest.raises(InputError) as refused:
        dump_json.read("f.json", data if isinstance(data, bytes) else data.encode())
    return [(each.line, each.what) for each in refused.value.problems]


@pytest.mark.parametrize(
    "data",
    [
        '{"Vpcs": ["ü"]}'.encode(),
        '{"Vpcs": ["ü"]}'.encode("utf-8-sig"),
        '{"Vpcs": ["ü"]}'.encode("utf-16"),
        b"\xfe\xff" + '{"Vpcs": ["ü"]}'.encode("utf-16-be"),
        '{"Vpcs": ["ü"]}'.encode("utf-16-le"),
        '{"Vpcs": ["ü"]}'.encode("utf-32"),
    ],
)
def test_every_encoding_that_a_shell_redirects_into_is_read(data):
    assert dump_json.read("f.json", data).value == {"Vpcs": ["ü"]}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 0, "empty"),
        (" \n\n", 0, "empty"),
        ('{"Vpcs": [\n  {"VpcId": "vpc-1"},\n', 3, "ends in the middle"),
        ('{"Vpcs": [\n  {"VpcId": "vp', 2, "ends in the middle"),
        ('{"Vpcs": [\n  {VpcId: 1}]}', 2, "not JSON"),
        ('{"Vpcs": []}\n{"Subnets": []}', 2, "a second answer"),
        ('{"a": [\n{"b": 1,\n "b": 2}]}', 3, '"b" stands twice'),
        ('{"a": {"b": 1},\n "a": {"b": 2}}', 2, '"a" stands twice'),
        ('{"a":\n NaN}', 2, "NaN is no JSON"),
        ('{"a":\n -Infinity}', 2, "-Infinity is no JSON"),
        ('{"a": "\n\\ud800"}', 1, "not JSON"),
        ('{"a": 1,\n"b": "\\ud800"}', 2, "half a character"),
        ("[" * 100_000, 0, "nested too deeply"),
        ('{"a":' * 100_000, 0, "nested too deeply"),
        ('{"a": ' + "9" * 5000 + "}", 0, "cannot be read"),
    ],
)
def test_a_mistake_is_told_with_its_line(text, line, what):
    found = said(text)
    assert any(line == at and what in told for at, told in found), found


def test_bytes_that_are_no_text_are_told_with_their_line():
    assert said(b'{"a":\n "\xff"}') == [
        (2, "it is not text in utf-8: byte 8 does not fit"),
    ]


def test_all_mistakes_are_told_at_once_and_a_key_inside_the_second_is_not_one():
    found = said('{"a": {"b": 1},\n"a": {"b": NaN},\n"c": 1,\n"c": [Infinity]}')
    assert [line for line, _ in found] == [2, 2, 4, 4]


def test_pre_shared_keys_are_dropped_while_reading():
    answer = {
        "VpnConnections": [
            {
                "VpnConnectionId": "vpn-1",
                "CustomerGatewayConfiguration": "<psk>hush</psk>",
                "Options": {"TunnelOptions": [{"PreSharedKey": "hush", "TunnelInsideCidr": "x"}]},
            }
        ]
    }
    read = dump_json.read("f.json", json.dumps(answer).encode())
    assert "hush" not in str(read.value)
    assert read.value["VpnConnections"][0]["Options"]["TunnelOptions"] == [
        {"TunnelInsideCidr": "x"}
    ]


def test_the_line_of_every_record_is_known():
    answer = {"Tags": [{"Key": 'a"b,{'}], "Vpcs": [{"VpcId": f"vpc-{n}"} for n in range(50)]}
    text = json.dumps(answer, indent=2)
    read = dump_json.read("f.json", text.encode())
    for number in range(50):
        written = text.splitlines().index(f'      "VpcId": "vpc-{number}"') + 1
        assert read.line("Vpcs", number) == written - 1
    assert read.line("Vpcs", 50) == 0
    assert read.line("Subnets") == 0


def test_reading_leaves_the_interpreter_as_it_was():
    before = sys.getrecursionlimit()
    said("[" * 100_000)
    assert sys.getrecursionlimit() == before
