"""The same records say the same, in whichever form they were written."""

from __future__ import annotations

import gzip
import random

import pytest

from bulkhead.discover.flows import batch, parsed_format, read_flows
from bulkhead.sources.flow_logs import window_of
from tests.discover.flows.conftest import told
from tests.support.flow_logs import (
    DAY,
    NOVEMBER,
    V2,
    V3,
    V5,
    V7,
    V10,
    Host,
    Record,
    lines,
    talk,
    write,
)

A, B = Host("eni-a", "10.0.0.4"), Host("eni-b", "10.0.1.5")
RECORDS = [
    *talk(A, B, 5556, windows=3),
    *talk(B, A, 5570, client_port=41_000, start=NOVEMBER + DAY),
]
EDGES = [
    ("10.0.0.4", "10.0.1.5", 5556, "ACCEPTED", "FIRST_PACKET"),
    ("10.0.1.5", "10.0.0.4", 5570, "ACCEPTED", "FIRST_PACKET"),
]


@pytest.mark.parametrize("fields", [V3, V5, V7, V10], ids=["v3", "v5", "v7", "v10"])
@pytest.mark.parametrize("name", ["a.log", "a.log.gz", "a.parquet", "a"])
def test_every_version_and_every_kind_of_file_says_the_same(read, fields, name):
    assert told(read(RECORDS, fields, name=name)) == EDGES


def test_fields_may_stand_in_any_order(read):
    for seed in range(3):
        fields = list(V10)
        random.Random(seed).shuffle(fields)  # noqa: S311 - an order
        assert told(read(RECORDS, fields)) == EDGES


def test_without_flags_the_port_that_clients_ask_from_tells_who_opened(read):
    seen = read(RECORDS, V2)
    assert [each[:4] for each in told(seen)] == [each[:4] for each in EDGES]
    assert {each.opened_by.name for each in seen.edges} == {"CLIENT_PORT"}
    assert any("opened" in each for each in seen.missing)


def test_windows_hosts_line_ends_are_line_ends(tmp_path):
    file = tmp_path / "a.log"
    file.write_text(lines(RECORDS).replace("\n", "\r\n"))
    assert told(read_flows([batch([file])])) == EDGES


def test_a_folder_is_read_with_its_partitions_and_whatever_else_lies_there(tmp_path):
    hive = tmp_path / "aws-region=eu-west-1" / "year=2026" / "month=11" / "day=01" / "hour=00"
    write(hive / "one.log.parquet", RECORDS[:6])
    write(hive / "two.log.parquet", RECORDS[6:8], V3)
    write(tmp_path / "2026" / "11" / "02" / "three.log.gz", RECORDS[8:12])
    write(tmp_path / "2026" / "11" / "02" / "four.log", RECORDS[12:], V5)
    (tmp_path / "empty.log").write_text("")
    (tmp_path / "manifest.json").write_text("{}")
    seen = read_flows([batch([tmp_path])])
    assert told(seen) == EDGES
    assert seen.files == 4
    assert [each.endswith("manifest.json") for each in seen.passed_over] == [True]
    assert "flow-direction" not in seen.fields, "not every file has it"


def test_an_export_of_cloudwatch_logs_has_a_time_before_each_record(tmp_path):
    file = tmp_path / "000000.gz"
    plain = lines(RECORDS, V2, header=False).splitlines()
    text = "".join(f"2026-11-01T00:00:00.000Z {each}\n" for each in plain)
    file.write_bytes(gzip.compress(text.encode()))
    assert [each[:4] for each in told(read_flows([batch([file])]))] == [each[:4] for each in EDGES]


def test_a_custom_format_that_no_line_names_is_named_by_who_asks(tmp_path):
    file = write(tmp_path / "a.log", RECORDS, V10, header=False)
    named = parsed_format(" ".join(f"${{{each}}}" for each in V10))
    assert told(read_flows([batch([file], named)])) == EDGES


def test_several_batches_say_what_one_says(tmp_path):
    one = write(tmp_path / "one.log", RECORDS[::2])
    other = write(tmp_path / "two.parquet", RECORDS[1::2])
    apart = read_flows([batch([one]), batch([other])])
    together = read_flows([batch([write(tmp_path / "all.log", RECORDS)])])
    assert apart.edges == together.edges
    assert apart.interfaces == together.interfaces


def test_ipv6_is_read_like_ipv4(read):
    a, b = Host("eni-a", "2001:db8::4"), Host("eni-b", "fd00::5")
    assert told(read(talk(b, a, 5556))) == [
        ("fd00::5", "internet", 5556, "ACCEPTED", "FIRST_PACKET")
    ], "a global address that nobody here has is one of the internet"


def test_a_window_takes_the_records_that_begin_in_it(tmp_path):
    file = write(tmp_path / "a.log", RECORDS)
    second = read_flows([batch([file])], window=window_of("2026-11-02", "2026-11-02"))
    assert told(second) == EDGES[1:]


def test_a_status_that_is_not_ok_is_counted_and_is_no_traffic(read):
    idle = Record("eni-c", "-", "-", status="NODATA")
    lost = Record("eni-a", "-", "-", status="SKIPDATA")
    seen = read([*RECORDS, idle, lost, lost])
    assert told(seen) == EDGES
    assert (seen.nodata, seen.skipped, seen.records) == (1, 2, len(RECORDS))
    by_id = {each.id: each for each in seen.interfaces}
    assert (by_id["eni-a"].skipped, by_id["eni-c"].nodata, by_id["eni-c"].ok) == (2, 1, 0)
