"""Flow logs in a bucket: fetched a few at a time, of the days that are asked for."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from bulkhead.observe import objects
from bulkhead.observe.errors import DeniedError, ObserveError
from bulkhead.observe.objects import Bucket, StoredObject, bucket_of, in_portions
from bulkhead.problems import InputError
from bulkhead.sources.flow_logs import seen_in, window_of
from tests.support.flow_logs import DAY, NOVEMBER, Host, talk, write

A, B = Host("eni-a", "10.0.0.4"), Host("eni-b", "10.0.1.5")
FOLDER = "AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/11"


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A bucket with the files of two days, each of one conversation."""
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="flow-logs")
        for day, port in enumerate((5556, 5557)):
            records = talk(A, B, port, start=NOVEMBER + DAY * day)
            file = write(tmp_path / f"{day}.log.gz", records)
            client.upload_file(str(file), "flow-logs", f"{FOLDER}/0{day + 1}/one.log.gz")
        yield client


def test_a_bucket_is_read_like_a_folder(store):
    seen = seen_in(["s3://flow-logs/AWSLogs/"])
    assert [each.port for each in seen.edges] == [5556, 5557]
    assert seen.files == 2


def test_portions_are_fetched_one_after_the_other_and_go(store, monkeypatch):
    monkeypatch.setattr(objects.in_portions, "__defaults__", (1,))
    there = []
    fetch = Bucket.fetch

    def fetched(self: Bucket, each: StoredObject, folder: Path) -> Path:
        there.append(folder)
        return fetch(self, each, folder)

    monkeypatch.setattr(Bucket, "fetch", fetched)
    assert len(seen_in(["s3://flow-logs/"]).edges) == 2
    assert len(set(there)) == 2
    assert not any(each.exists() for each in there)


def test_only_the_days_that_are_asked_for_are_fetched(store):
    bucket = bucket_of("s3://flow-logs/AWSLogs")
    window = window_of("2026-11-10", None)
    assert not bucket.objects(since=window.since)
    with pytest.raises(InputError, match="no object of that time"):
        seen_in(["s3://flow-logs/AWSLogs"], window=window)
    seen = seen_in(["s3://flow-logs/AWSLogs"], window=window_of("2026-11-02", "2026-11-02"))
    assert [each.port for each in seen.edges] == [5557]


def test_what_is_wrong_with_an_object_is_said_of_the_object(store, tmp_path):
    store.put_object(Bucket="flow-logs", Key="bad/a.log", Body=b"version srcaddr\n")
    with pytest.raises(InputError, match=r"^s3://flow-logs/bad/a\.log:1: its records have no"):
        seen_in(["s3://flow-logs/bad/"])


def test_a_key_leads_to_nowhere_outside_of_the_folder(store, tmp_path):
    store.put_object(Bucket="flow-logs", Key="../../a/../b.log", Body=b"x")
    bucket = bucket_of("s3://flow-logs")
    file = bucket.fetch(StoredObject(key="../../a/../b.log", size=1), tmp_path / "into")
    assert file == tmp_path / "into" / "flow-logs" / "a" / "b.log"


def test_a_bucket_that_is_not_there_is_said(store):
    with pytest.raises(ObserveError, match=r"s3://no-such-bucket/: is not there"):
        seen_in(["s3://no-such-bucket/"])
    with pytest.raises(ObserveError, match="names no bucket"):
        seen_in(["s3://"])


def test_a_missing_permission_is_named():
    client = boto3.client(
        "s3",
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",  # noqa: S106
    )
    with Stubber(client) as stub:
        stub.add_client_error("list_objects_v2", "AccessDenied")
        with pytest.raises(DeniedError, match=r"may not be read; allow s3:ListBucket"):
            Bucket("flow-logs", "", client).objects()


def test_portions_hold_so_many_bytes_and_lose_nothing():
    some = tuple(StoredObject(key=str(each), size=each) for each in (5, 3, 4, 20, 1, 1))
    found = list(in_portions(some, 8))
    assert [[each.size for each in portion] for portion in found] == [[5, 3], [4], [20], [1, 1]]


@pytest.mark.parametrize("said", [("tomorrow", None), ("2026-11-02", "2026-11-01")])
def test_days_that_are_none_are_refused(said):
    with pytest.raises(InputError):
        window_of(*said)
