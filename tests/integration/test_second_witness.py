"""The stack on an AWS of other authors: what they answer otherwise is listed, and told honestly.

docs/second-witness.md has the lists. Each is held here to be neither longer nor shorter than what
is found: a difference that goes, or a new one, fails.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from bulkhead.judge.state.differing import Difference, differences, unknown
from bulkhead.judge.state.matching import matched
from bulkhead.network import Network
from bulkhead.observe.beside.calls import BESIDE_KEYS
from bulkhead.observe.calls import KEYS
from bulkhead.observe.describe import convert
from bulkhead.observe.live.asking import Asked, Region
from local_aws.environment import local_environment
from local_aws.health import RESET, tell
from local_aws.server import LocalAws, listener, serving
from tests.integration.conftest import ROOT, Checkout, Ran, make_checkout
from tests.support.aws_probes import PROBES
from tests.support.emulator import emulator

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

DOCUMENT = (ROOT / "docs" / "second-witness.md").read_text()
REGION = "eu-west-1"


def listed(section: str) -> list[list[str]]:
    """The rows of a section's table, each by its cells."""
    text = DOCUMENT.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in row] for row in rows]


def words(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the emulator."""
    with emulator(tmp_path_factory.mktemp("emulator")) as address:
        yield address


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    folder = tmp_path_factory.mktemp("ours")
    with listener(0) as bound, serving(folder, bound) as application:
        yield application


def client(address: str) -> Any:
    return boto3.client(
        "ec2",
        endpoint_url=address,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - no secret: an emulator takes any
        config=Config(retries={"total_max_attempts": 1}),
    )


def test_the_list_of_differences_is_whole_and_none_of_them_is_ours(
    ours: LocalAws, theirs: str
) -> None:
    here, there = client(ours.place.address), client(theirs)
    differing = set()
    for name, answers_as_documented in PROBES.items():
        tell(ours.place, RESET)
        assert answers_as_documented(here), f"{name}: our own answers otherwise than AWS documents"
        if not answers_as_documented(there):
            differing.add(name)
    rows = listed("What it answers otherwise")
    assert differing == {name for row in rows for name in words(row[0])}
    assert all("https://docs.aws.amazon.com/" in row[1] for row in rows)


@dataclasses.dataclass(frozen=True)
class Seen:
    """What one observer is told by an endpoint, and the Network that it makes of it."""

    document: dict[str, Any]
    missing: dict[str, str]

    @property
    def network(self) -> Network:
        return convert.network(
            self.document, region=REGION, topology="trading", missing=self.missing
        )

    @property
    def ids(self) -> set[str]:
        return {
            each[KEYS[key].id]
            for key, things in self.document.items()
            if key in KEYS and KEYS[key].service == "ec2"
            for each in things
            if KEYS[key].id in each
        }


def seen(address: str) -> Seen:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address)
        patch.setenv("AWS_ACCESS_KEY_ID", "local")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "local")
        asked = Asked(Region(boto3.Session(), REGION))
        asked.everything()
    return Seen(asked.document, asked.missing)


@dataclasses.dataclass(frozen=True)
class Witnessed:
    """The example's life on the emulator, and what was seen of it there and in our own."""

    up: Ran
    check: Ran
    here: Seen
    there: Seen
    down: Ran
    left: set[str]


@pytest.fixture(scope="module")
def witnessed(tmp_path_factory: pytest.TempPathFactory, theirs: str) -> Iterator[Witnessed]:
    before = seen(theirs).ids
    made = make_checkout(tmp_path_factory.mktemp("theirs"))
    settings = made.root / "Pulumi.dev.yaml"
    settings.write_text(settings.read_text().replace(f"http://127.0.0.1:{made.port}", theirs))
    environment = local_environment(made.root, made.port, emulator=theirs)
    there = Checkout(made.root, made.port, environment)
    started = made.stack("start", "--port", str(made.port), "--emulator", theirs)
    assert started.code == 0, started.said
    own = make_checkout(tmp_path_factory.mktemp("here"))
    try:
        assert there.pulumi("stack", "select", "dev", "--create").code == 0
        up = there.pulumi("up", "--yes", "--skip-preview", "--continue-on-error", "--stack", "dev")
        check = there.bulkhead("check", there.topology, "--on", "aws")
        other = seen(theirs)
        down = there.pulumi("destroy", "--yes", "--skip-preview", "--stack", "dev")
        built = own.stack("up", "--skip-preview")
        assert built.code == 0, built.said
        ours = seen(f"http://127.0.0.1:{own.port}")
        yield Witnessed(up, check, ours, other, down, seen(theirs).ids - before)
    finally:
        made.stop()
        own.stop()


def test_up_makes_all_but_what_is_refused_by_a_sentence(witnessed: Witnessed) -> None:
    said = witnessed.up.said
    assert "Traceback" not in said
    assert "Exception calling application" not in said
    refused = set(re.findall(r"creating failed\*\* error: (.*)", said))
    assert len(refused) == len(witnessed.here.network.subnets)
    assert all(re.search(r"subnet-\w+ has no network ACL$", each) for each in refused)
    assert witnessed.up.code != 0


def test_what_an_answer_does_not_show_is_said_and_is_on_the_list(witnessed: Witnessed) -> None:
    said = set(re.findall(r"warning: (\w+) does not show (\S+) of", witnessed.up.said))
    assert said
    lists = {row[0].strip("`"): words(row[1]) for row in listed("What its answers do not show")}
    keys = {call.operation: key for key, call in (KEYS | BESIDE_KEYS).items()}
    for call, field in said:
        assert field.removeprefix(f"{keys[call]}.") in lists.get(call, ()), (call, field)


def fields(things: Any, above: str = "") -> set[str]:
    found = set()
    for each in things if isinstance(things, list) else [things]:
        if isinstance(each, dict):
            for key, value in each.items():
                if value not in (None, "", [], {}):
                    found |= {above + key, *fields(value, f"{above}{key}.")}
    return found


def lacking(here: Seen, there: Seen) -> dict[str, set[str]]:
    """By call, the fields that ours shows and theirs does not; the outermost of each."""
    found: dict[str, set[str]] = {}
    for key, things in here.document.items():
        if key in KEYS and key in there.document:
            less = fields(things) - fields(there.document[key])
            outer = {each for each in less if each.rpartition(".")[0] not in less}
            if outer:
                found[KEYS[key].operation] = outer
    return found


def test_the_list_of_what_its_answers_do_not_show_is_whole(witnessed: Witnessed) -> None:
    lists = {row[0].strip("`"): words(row[1]) for row in listed("What its answers do not show")}
    only_an_audit_asks = {call.operation for call in BESIDE_KEYS.values()}
    of_a_network = {call: row for call, row in lists.items() if call not in only_an_audit_asks}
    assert lacking(witnessed.here, witnessed.there) == of_a_network


def said(each: Difference) -> str:
    if each.observed is None:
        return f"{each.kind} lacking"
    if each.planned is None:
        return f"{each.kind} unplanned"
    return f"{each.kind}.{each.name}"


def test_one_observer_sees_two_networks_that_differ_in_what_is_listed(witnessed: Witnessed) -> None:
    found = matched(witnessed.here.network, witnessed.there.network)
    not_known = {f"{each.kind}.{each.name}" for each in unknown(found)}
    rows = listed("What an observer then sees")
    assert {said(each) for each in differences(found)} | not_known == {
        name for row in rows for name in words(row[0])
    }
    assert not witnessed.here.missing
    assert not witnessed.here.network.unmodelled


def test_check_says_no_and_names_each_call_that_was_not_answered(witnessed: Witnessed) -> None:
    check, there = witnessed.check, witnessed.there
    assert check.code == 1, check.said
    assert "Traceback" not in check.said
    verdict = check.out.splitlines()[-1]
    assert verdict.startswith("NOT AS DECLARED")
    assert "exactly" not in check.out
    assert "but those that are undetermined" in verdict
    (row,) = [row for row in listed("What it answers otherwise") if "`transit-gateways`" in row[0]]
    unanswered = {KEYS[key].operation for key in there.missing}
    assert len(unanswered) == 6
    assert unanswered <= words(row[1])
    flat = " ".join(check.out.split())
    # Nothing of this topology depends on whether its VPC has an encryption control.
    for call in unanswered - {"DescribeVpcEncryptionControls"}:
        assert f"does not implement {call}" in flat
    assert "undetermined" in flat


def test_what_could_not_be_read_is_not_known_and_never_said_to_be_lacking(
    witnessed: Witnessed,
) -> None:
    flat = " ".join(witnessed.check.out.split())
    assert re.search(r"entry \d+ has no PortRange", flat)
    assert "not known: the tunnel of VPN connection" in flat
    assert "not known: the entry of network ACL" in flat
    assert not re.search(r"network ACL \S+ \(acl-\w+\) lacks", flat)


def test_down_leaves_nothing(witnessed: Witnessed) -> None:
    assert witnessed.down.code == 0, witnessed.down.said
    assert witnessed.left == set()
