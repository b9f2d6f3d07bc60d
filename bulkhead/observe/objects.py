"""Objects of a bucket, fetched a few at a time into a folder that somebody gives.

`s3:ListBucket` and `s3:GetObject` are all that is asked for; nothing is written there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bulkhead.observe.errors import DeniedError, ObserveError

S3: Final = "s3://"
AT_ONCE: Final = 256 * 1024 * 1024
"""Bytes that lie in the folder at a time, unless one object is larger."""
_DENIED: Final = frozenset({"AccessDenied", "403", "Forbidden", "AllAccessDisabled"})
_GONE: Final = frozenset({"NoSuchBucket", "NoSuchKey", "404", "NotFound"})
_DAY: Final = re.compile(
    r"(?:^|/)(?:year=)?(?P<year>20\d\d)/(?:month=)?(?P<month>\d\d)/(?:day=)?(?P<day>\d\d)(?:/|$)"
)
"""How flow logs are laid out in a bucket, also as partitions for Hive
(docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html)."""
_SLACK: Final = timedelta(days=1)
"""A record lies under the time at which its file was made, which is later than its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    """An object of a bucket, and its size in bytes."""

    key: str
    size: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket, or what in it begins so: `s3://bucket/prefix`."""

    name: str
    prefix: str
    client: Any

    def objects(
        self, *, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[StoredObject, ...]:
        """All of them, but those whose place says that they are of another day.

        Raises ObserveError.
        """
        found = []
        with _plainly(f"{S3}{self.name}/{self.prefix}", "s3:ListBucket"):
            pages = self.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.name, Prefix=self.prefix):
                for each in page.get("Contents", ()):
                    if each["Size"] and _is_of(each["Key"], since, until):
                        found.append(StoredObject(key=each["Key"], size=each["Size"]))
        return tuple(found)

    def fetch(self, each: StoredObject, folder: Path) -> Path:
        """One of them as a file that goes by its key. Raises ObserveError."""
        file = folder / self.name / _safe(each.key)
        file.parent.mkdir(parents=True, exist_ok=True)
        with _plainly(f"{S3}{self.name}/{each.key}", "s3:GetObject"):
            self.client.download_file(self.name, each.key, str(file))
        return file


def bucket_of(word: str) -> Bucket:
    """What `s3://bucket/prefix` means, by the ordinary environment. Raises ObserveError."""
    name, _, prefix = word.removeprefix(S3).partition("/")
    if not name:
        raise ObserveError(f"{word}: names no bucket; write s3://BUCKET/PREFIX")
    config = Config(
        retries={"mode": "standard", "total_max_attempts": 5},
        connect_timeout=10,
        s3={"addressing_style": "path"} if os.environ.get("AWS_ENDPOINT_URL") else {},
    )
    make: Callable[..., Any] = boto3.Session().client
    with _plainly(word, "s3:ListBucket"):
        return Bucket(name, prefix, make("s3", config=config))


def _is_of(key: str, since: datetime | None, until: datetime | None) -> bool:
    said = _DAY.search(key)
    if said is None:
        return True
    try:
        day = datetime(int(said["year"]), int(said["month"]), int(said["day"]), tzinfo=UTC)
    except ValueError:
        return True
    return (since is None or day + _SLACK > since) and (until is None or day - _SLACK < until)


def _safe(key: str) -> Path:
    """A key may be any text: `..` leads nowhere here."""
    return Path(*(part for part in key.split("/") if part not in ("", ".", "..")))


@contextmanager
def _plainly(place: str, permission: str) -> Iterator[None]:
    """Says what went wrong at a place in a sentence."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _DENIED:
            raise DeniedError(f"{place}: may not be read; allow {permission}") from None
        if code in _GONE:
            raise ObserveError(f"{place}: is not there; see aws s3 ls") from None
        raise ObserveError(f"{place}: S3 answers {code}; see aws s3 ls") from None
    except (BotoCoreError, Boto3Error, OSError) as error:
        why = " ".join(str(error).split())
        raise ObserveError(f"{place}: cannot be read ({why})") from None


def in_portions(
    objects: tuple[StoredObject, ...], size: int = AT_ONCE
) -> Iterator[tuple[StoredObject, ...]]:
    """Some at a time, of at most so many bytes together; one that is larger is alone."""
    some: list[StoredObject] = []
    for each in objects:
        if some and sum(one.size for one in some) + each.size > size:
            yield tuple(some)
            some = []
        some.append(each)
    if some:
        yield tuple(some)
