"""The pack as the process that an engine starts, asked over gRPC."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bulkhead_policy
import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2_grpc

from tests.support.foreign import EVERYWHERE, Shop
from tests.support.packs import about, told, violations
from tests.support.programs import unknown

PACK = Path(bulkhead_policy.__file__).parents[1]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    errors = tmp_path_factory.mktemp("pack") / "stderr"
    with (
        errors.open("wb") as stderr,
        subprocess.Popen(
            [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:0", str(PACK)],
            stdout=subprocess.PIPE,
            stderr=stderr,
            env={**os.environ, "PYTHONPATH": f"{PACK.parent}:{PACK}"},
        ) as started,
    ):
        try:
            assert started.stdout is not None
            with grpc.insecure_channel(f"127.0.0.1:{int(started.stdout.readline())}") as channel:
                yield analyzer_pb2_grpc.AnalyzerStub(channel)
        finally:
            started.terminate()
    assert errors.read_text() == ""  # it would be among the user's diagnostics


@pytest.fixture(scope="module")
def requests() -> tuple[list[Any], Any]:
    shop = Shop()
    shop.rule("wide", 22, EVERYWHERE)
    shop.rule("later", 3389, unknown())
    return shop.requests(built=False)


def test_every_policy_is_told_with_its_level_and_what_may_be_set(pack: Any):
    info = pack.GetAnalyzerInfo(empty_pb2.Empty())
    policies = {each.name: each for each in info.policies}
    assert (info.name, info.supportsConfig, info.provider) == ("bulkhead", True, "aws")
    assert len(policies) >= 30
    assert "listed" in policies["internet-reach-listed"].configSchema.properties


def test_a_pack_that_remedies_nothing_says_so_in_the_word_by_which_an_engine_goes_on(
    pack: Any, requests: tuple[list[Any], Any]
):
    with pytest.raises(grpc.RpcError) as refused:
        pack.Remediate(requests[0][0])
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_over_the_wire_it_says_what_it_says_in_the_process(
    pack: Any, requests: tuple[list[Any], Any]
):
    single, every = requests
    for each in single:
        assert not pack.Analyze(each).diagnostics
    said = list(violations(pack.AnalyzeStack(every).diagnostics))
    assert said == told(single, every)
    assert about("group-admin-ports-ipv4", said) == {"wide"}
    assert "later" in about("cannot-tell", said)
