"""What cannot be read is refused by its name, all of it at once, with what would help."""

from __future__ import annotations

import gzip

import duckdb
import pytest

from bulkhead.discover.flows import batch, fetched, parsed_format, read_flows
from bulkhead.discover.flows.engine import engine
from bulkhead.problems import InputError, UnusableError
from tests.support.flow_logs import V2, V5, Host, lines, talk, write

RECORDS = list(talk(Host("eni-a", "10.0.0.4"), Host("eni-b", "10.0.1.5"), 5556, windows=200))


def refused(*places, fields=()):
    with pytest.raises(InputError) as told:
        read_flows([batch(places, fields)])
    return [str(each) for each in told.value.problems]


def test_a_missing_field_is_named(tmp_path):
    file = write(tmp_path / "a.log", RECORDS, [each for each in V2 if each != "action"])
    (said,) = refused(file)
    assert said.startswith(f"{file}:1: its records have no action")


def test_a_missing_column_of_parquet_is_named(tmp_path):
    fields = [each for each in V2 if each not in ("srcport", "dstport")]
    (said,) = refused(write(tmp_path / "a.parquet", RECORDS, fields))
    assert "its records have no srcport, dstport" in said


def test_addresses_of_the_packet_do_for_those_in_between(tmp_path):
    fields = [each for each in V5 if each not in ("srcaddr", "dstaddr")]
    assert read_flows([batch([write(tmp_path / "a.log", RECORDS, fields)])]).edges


@pytest.mark.parametrize("part", [0.3, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_named(tmp_path, part):
    whole = gzip.compress(lines(RECORDS).encode())
    file = tmp_path / "cut.log.gz"
    file.write_bytes(whole[: int(len(whole) * part)])
    (said,) = refused(file)
    assert said.startswith(f"{file}: is cut off or damaged")


def test_a_parquet_file_that_is_cut_off_is_named(tmp_path):
    file = write(tmp_path / "a.parquet", RECORDS)
    file.write_bytes(file.read_bytes()[:-20])
    (said,) = refused(file)
    assert said.startswith(f"{file}: is no whole Parquet file")


def test_a_name_that_promises_something_else_is_told(tmp_path):
    plain, packed, no = tmp_path / "a.log.gz", tmp_path / "b.log", tmp_path / "c.parquet"
    plain.write_text(lines(RECORDS))
    packed.write_bytes(gzip.compress(lines(RECORDS).encode()))
    no.write_text("text")
    said = refused(plain, packed, no)
    assert ["is not compressed" in said[0], "is compressed" in said[1], "no Parquet" in said[2]]
    assert all(each.split(": ")[1].startswith("is ") for each in said)


def test_lines_that_are_no_records_are_told_by_their_numbers_and_not_shown(tmp_path):
    text = lines(RECORDS[:3], V2).splitlines()
    text[2] += " secret"
    text.append("2 123456789012")
    text.append(text[1].replace(" 5556 ", " fifty "))
    file = tmp_path / "a.log"
    file.write_text("\n".join(text))
    said = refused(file)
    assert [each.split(": ")[0] for each in said] == [f"{file}:{line}" for line in (3, 5, 6)]
    assert "another number of fields" in said[0]
    assert "no number as dstport" in said[2]
    assert not any("secret" in each for each in said)


def test_every_bad_file_of_a_folder_is_told_at_once(tmp_path):
    write(tmp_path / "good.log", RECORDS)
    write(tmp_path / "bad1.log", RECORDS, ["version", "srcaddr"])
    (tmp_path / "bad2.log").write_text("something else\nentirely\n")
    (tmp_path / "bad3.log").write_bytes(b"\xff\xfe\x00\x01 binary\n")
    said = refused(tmp_path)
    assert [each.split(":")[0].rsplit("/")[-1] for each in said] == [
        "bad1.log",
        "bad2.log",
        "bad3.log",
    ]


def test_a_flow_log_of_a_transit_gateway_is_refused_by_name(tmp_path):
    file = tmp_path / "a.log"
    file.write_text("version resource-type account-id tgw-id srcaddr dstaddr\n")
    (said,) = refused(file)
    assert "transit gateway" in said


def test_what_is_not_there_and_an_empty_folder_are_told(tmp_path):
    (tmp_path / "empty").mkdir()
    assert "there is no such file" in refused(tmp_path / "none")[0]
    assert "there is no file of a flow log" in refused(tmp_path / "empty")[0]


def test_a_name_that_means_several_files_is_refused(tmp_path):
    file = write(tmp_path / "a*.log", RECORDS)
    assert "several names" in refused(file)[0]


def test_a_name_with_a_quote_is_no_sql(tmp_path):
    file = write(tmp_path / "it's; DROP TABLE traffic.log", RECORDS)
    assert read_flows([batch([file])]).edges


def test_a_field_with_a_quote_is_no_sql_and_is_not_read(tmp_path):
    file = tmp_path / "a.log"
    text = lines(RECORDS).splitlines()
    file.write_text("\n".join([text[0] + " it's\"}", *(f"{each} x" for each in text[1:])]))
    assert read_flows([batch([file])]).edges


def test_a_format_that_no_flow_log_has_is_refused(tmp_path):
    with pytest.raises(InputError, match="sourceaddress is no field"):
        parsed_format("${version} ${sourceaddress}")
    file = write(tmp_path / "a.log", RECORDS, V5, header=False)
    (said,) = refused(file)
    assert "--format" in said
    (said,) = refused(file, fields=tuple(V2))
    assert f"has {len(V5)} values, and the format {len(V2)} fields" in said


def test_what_was_fetched_goes_by_the_name_that_it_has_there(tmp_path):
    write(tmp_path / "bucket" / "a.log", RECORDS, ["version", "srcaddr"])
    with pytest.raises(InputError, match=r"^s3://bucket/a\.log:1: its records have no"):
        fetched(tmp_path, "s3://")
    good = tmp_path / "bucket" / "a.log"
    good.write_text(lines(RECORDS) + "2 1\n")
    with pytest.raises(InputError, match=r"^s3://bucket/a\.log:\d+: has another number"):
        read_flows([fetched(tmp_path, "s3://")])


def test_more_edges_than_fit_are_refused_with_what_would_help(tmp_path, monkeypatch):
    monkeypatch.setattr("bulkhead.discover.flows.merging.MOST_ROWS", 1)
    file = write(tmp_path / "a.log", RECORDS)
    with pytest.raises(UnusableError, match="--since and --until, or ask them on Athena"):
        read_flows([batch([file])])


def test_nothing_is_fetched_by_the_database_itself():
    with engine() as database, pytest.raises(duckdb.Error):
        database.execute("SELECT * FROM read_csv('http://192.0.2.1/a.csv')")


def test_the_database_writes_nothing_beside_an_answer():
    with engine() as database:
        (bar,) = database.execute("SELECT current_setting('enable_progress_bar')").fetchone()
    assert not bar
