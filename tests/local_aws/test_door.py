"""The local AWS speaks to programs of this machine's user, to no web page and to no other name."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local_aws.control import is_server, kill, stop
from local_aws.door import KEY_HEADER, read_token
from local_aws.health import RESET, STOP, Stranger, health, tell
from local_aws.place import Place
from local_aws.server import LocalAws

pytestmark = pytest.mark.slow

SIGNED = (
    "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/{}/aws4_request,"
    " SignedHeaders=host, Signature=0"
)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def ask(server: LocalAws) -> Any:
    """`ask(method, path, headers, body)`: status, headers and body, as a raw client gets them."""

    def asked(
        method: str, path: str, headers: dict[str, str] | None = None, body: str = ""
    ) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", server.place.port, timeout=10)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            connection.close()

    return asked


def signed(service: str = "ec2") -> dict[str, str]:
    return {**FORM, "Authorization": SIGNED.format(service)}


VPCS = "Action=DescribeVpcs&Version=2016-11-15"


def test_a_signed_call_by_the_loopback_address_is_answered(ask: Any) -> None:
    status, _, body = ask("POST", "/", signed(), VPCS)
    assert status == 200
    assert "vpcSet" in body


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_may_be_called_by_each_of_its_own_names(
    ask: Any, server: LocalAws, name: str
) -> None:
    there = {"Host": f"{name}:{server.place.port}"}
    assert ask("POST", "/", {**signed(), **there}, VPCS)[0] == 200


@pytest.mark.parametrize("name", ["rebound.example", "127.0.0.1", "169.254.169.254", ""])
def test_a_name_of_somebody_else_that_leads_here_is_refused(ask: Any, name: str) -> None:
    status, _, body = ask("POST", "/", {**signed(), "Host": name}, VPCS)
    assert status == 403
    assert "vpcSet" not in body


@pytest.mark.parametrize(
    "told",
    [
        {"Origin": "https://page.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Mode": "no-cors"},
    ],
    ids=lambda told: " ".join(*told.items()),
)
@pytest.mark.parametrize("path", ["/", "/_bulkhead/health", RESET, "/moto-api/data.json"])
def test_a_web_page_is_refused_and_reads_nothing(ask: Any, told: dict[str, str], path: str) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        status, headers, body = ask(method, path, {**signed(), **told}, VPCS)
        assert status == 403
        assert not [each for each in headers if each.lower().startswith("access-control-")]
        assert "vpcSet" not in body


def test_no_answer_invites_a_page_to_read_it(ask: Any) -> None:
    _, headers, _ = ask("POST", "/", signed(), VPCS)
    assert not [each for each in headers if each.lower().startswith("access-control-")]


def test_what_a_form_or_an_image_of_a_page_can_send_is_not_signed_and_changes_nothing(
    ask: Any, ec2: Any
) -> None:
    """An old browser tells nothing of itself: what is left is that it cannot add a signature."""
    created = "Action=CreateVpc&CidrBlock=10.0.0.0/16&Version=2016-11-15"
    presigned = "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test&X-Amz-Signature=0"
    before = len(ec2.describe_vpcs()["Vpcs"])
    for method, path, body in (
        ("POST", "/", created),
        ("GET", f"/?{created}", ""),
        ("GET", f"/?{created}{presigned}", ""),
    ):
        status, _, said = ask(method, path, FORM if body else {}, body)
        assert status == 403
        assert "MissingAuthenticationToken" in said
    assert len(ec2.describe_vpcs()["Vpcs"]) == before


def test_an_unsigned_call_cannot_read_a_secret(ask: Any, secrets_manager: Any) -> None:
    secrets_manager.create_secret(Name="key-of-a-tunnel", SecretString="never-to-be-read")
    status, _, body = ask(
        "POST",
        "/",
        {
            "Content-Type": "text/plain",
            "X-Amz-Target": "secretsmanager.GetSecretValue",
        },
        '{"SecretId": "key-of-a-tunnel"}',
    )
    assert status == 403
    assert "never-to-be-read" not in body


@pytest.mark.parametrize(
    "path",
    [
        "/moto-api/",
        "/moto-api/reset",
        "/moto-api/data.json",
        "/moto-api/recorder/start-recording",
        "/moto-api/recorder/download-recording",
        "/moto-api/config",
        "/moto-api/proxy/passthrough",
        "/latest/meta-data/iam/security-credentials/",
    ],
)
@pytest.mark.parametrize("service", ["ec2", "motoapi", "moto_api"])
def test_what_moto_has_beside_aws_is_not_there(ask: Any, ec2: Any, path: str, service: str) -> None:
    made = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    for method in ("GET", "POST"):
        assert ask(method, path, signed(service))[0] >= 400
    assert ec2.describe_vpcs(VpcIds=[made])["Vpcs"]


def test_a_reset_needs_the_key_that_only_this_user_reads(
    ask: Any, ec2: Any, server: LocalAws
) -> None:
    made = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    assert server.place.token_file.stat().st_mode & 0o777 == 0o600
    for wrong in ({}, {KEY_HEADER: ""}, {KEY_HEADER: "guess"}, {KEY_HEADER: "ü"}):
        for path in (RESET, STOP):
            assert ask("POST", path, wrong)[0] == 403
    assert ec2.describe_vpcs(VpcIds=[made])["Vpcs"]
    known = {KEY_HEADER: read_token(server.place.token_file)}
    assert ask("GET", RESET, known)[0] == 404
    before = health(server.place)
    assert ask("POST", RESET, known)[0] == 200
    after = health(server.place)
    assert before and after and before.instance != after.instance


def test_somebody_elses_server_is_not_reset_and_the_reason_is_said(server: LocalAws) -> None:
    elsewhere = Place(server.place.root / "copy", server.place.port)
    with pytest.raises(Stranger, match="does not know the token"):
        tell(elsewhere, RESET)


def test_health_says_what_it_said(ask: Any) -> None:
    status, _, body = ask("GET", "/_bulkhead/health")
    assert status == 200
    assert json.loads(body)["pid"] == os.getpid()


# Whose process is ended


def sleeper(*words: str) -> subprocess.Popen[bytes]:
    script = "import sys; sys.stdout.write('up'); sys.stdout.flush(); sys.stdin.read()"
    started = subprocess.Popen(
        [sys.executable, "-c", script, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert started.stdout and started.stdout.read(2) == b"up"
    return started


def ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def test_a_process_that_is_not_the_server_of_this_place_is_never_killed(tmp_path: Path) -> None:
    """Whoever holds the port may name any pid."""
    place = Place(tmp_path, 4999)
    other = ["local_aws.server", "--root", str(tmp_path), "--port", "4998"]
    for words in ([], ["local_aws.server"], other):
        bystander = sleeper(*words)
        try:
            with pytest.raises(Stranger, match="left alone"):
                kill(place, bystander.pid)
            assert bystander.poll() is None
        finally:
            ended(bystander)


def test_a_server_of_this_place_that_hangs_is_killed(tmp_path: Path) -> None:
    place = Place(tmp_path, 4999)
    words = ["local_aws.server", "--root", str(tmp_path), "--port", "4999"]
    hanging = sleeper(*words)
    try:
        assert is_server(place, hanging.pid)
        kill(place, hanging.pid)
        assert hanging.wait(10) != 0
    finally:
        ended(hanging)


def test_a_server_that_answers_but_does_not_know_us_is_not_stopped(
    server: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Place, "token_file", property(lambda self: self.folder / "no-such-file"))
    with pytest.raises(Stranger):
        stop(server.place)
    assert health(server.place)
