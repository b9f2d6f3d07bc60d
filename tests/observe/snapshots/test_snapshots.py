"""Evidence that is read again is the same network, or says that it is not what was kept."""

import errno
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given

from bulkhead import observe
from bulkhead.network import Digest, Provenance
from bulkhead.observe import Answers, Observed
from bulkhead.observe.beside import inventory
from bulkhead.observe.describe import convert
from bulkhead.observe.errors import VpcNotFoundError
from bulkhead.observe.snapshots import keeping
from bulkhead.problems import InputError
from tests.support.aws_ids import as_aws_shows, can_be_shown, with_aws_ids
from tests.support.dumps import as_answers, as_files, write
from tests.support.estate import Estate
from tests.support.examples import examples
from tests.support.messy import networks
from tests.support.wide import wide_networks

slow = examples(1 / 8, HealthCheck.filter_too_much, shrink=False)
MANIFEST = "bulkhead-snapshot.json"
THEN = Provenance(
    time=datetime(2026, 3, 1, 12, tzinfo=UTC), version="0.1.0", accounts=("111122223333",)
)


def keep_dump(dump, folder, only=None):
    return observe.keep_dump(dump, folder, source=str(dump), only=only, made_from=THEN)


def keep_account(found, folder, only=None):
    return observe.keep_account(found, folder, source="aws", only=only, made_from=THEN)


def shop():
    estate = Estate()
    estate.subnet("a", "10.0.0.0/24")
    estate.group("web", "in tcp 80 10.0.0.0/8")
    estate.host("h1", "a", "10.0.0.5", "web")
    return with_aws_ids(estate.build())


@pytest.fixture
def dump(tmp_path):
    return write(as_files(shop()), tmp_path / "from" / "eu-west-1")


@pytest.fixture
def kept(dump, tmp_path):
    folder = tmp_path / "evidence"
    keep_dump(dump, folder)
    return folder


def beside(folder):
    """What lies around a folder, by name."""
    return sorted(each.name for each in folder.parent.iterdir())


# The same network


def assert_same_of_a_dump(network):
    shown = as_aws_shows(network)
    assume(can_be_shown(shown))
    with tempfile.TemporaryDirectory() as folder:
        dump, kept = write(as_files(shown), Path(folder) / "dump"), Path(folder) / "kept"
        keep_dump(dump, kept)
        again = repr(observe.read_snapshot(kept).network).replace(str(kept / "dump"), "DUMP")
        assert again == repr(observe.dump(dump)).replace(str(dump), "DUMP")


@slow
@given(networks())
def test_a_dump_that_was_kept_is_the_same_network_within_vpcs(network):
    assert_same_of_a_dump(network)


@slow
@given(wide_networks())
def test_a_dump_that_was_kept_is_the_same_network_between_vpcs_and_regions(network):
    assert_same_of_a_dump(network)


@slow
@given(wide_networks())
def test_the_answers_of_an_account_that_were_kept_make_the_same_network(network):
    shown = as_aws_shows(network)
    assume(can_be_shown(shown))
    document, missing = as_answers(shown), {"LoadBalancers": "ec2:DescribeX is denied"}
    del document["LoadBalancers"]
    before = convert.network(document, region="eu-west-1", missing=missing, in_full=True)
    found = Observed(
        network=before,
        answers=(Answers(region="eu-west-1", document=document, missing=missing),),
    )
    with tempfile.TemporaryDirectory() as folder:
        keep_account(found, Path(folder) / "kept")
        assert observe.read_snapshot(Path(folder) / "kept").network == before


def test_a_region_that_answered_nothing_is_told_of_again(tmp_path):
    answers = (
        Answers(region="eu-west-1", document=as_answers(shop())),
        Answers(region="eu-west-2", document={}, closed="ec2:DescribeVpcs is denied"),
    )
    keep_account(Observed(network=shop(), answers=answers), tmp_path / "kept")
    found = observe.read_snapshot(tmp_path / "kept")
    assert [(each.id, each.why) for each in found.network.unmodelled if each.kind == "region"] == [
        ("eu-west-2", "ec2:DescribeVpcs is denied")
    ]
    assert found.regions == ("eu-west-1", "eu-west-2")


def test_what_only_an_audit_asks_of_is_kept_too(tmp_path):
    answers = Answers(
        region="eu-west-1",
        document=as_answers(shop()),
        beside={"FlowLogs": [{"FlowLogId": "fl-1", "ResourceId": "vpc-1", "TrafficType": "ALL"}]},
        not_beside={"Addresses": "ec2:DescribeAddresses is denied"},
    )
    keep_account(Observed(network=shop(), answers=(answers,)), tmp_path / "kept")
    found = observe.read_snapshot(tmp_path / "kept")
    assert found.answers == (answers,)
    assert found.inventory() == inventory([answers])
    assert found.stands


def test_one_file_is_kept_with_the_folder_that_names_its_region(dump, tmp_path):
    keep_dump(dump / "Vpcs.json", tmp_path / "kept")
    (vpc,) = observe.read_snapshot(tmp_path / "kept").network.vpcs
    assert vpc.region == "eu-west-1"
    assert (tmp_path / "kept" / "eu-west-1" / "Vpcs.json").is_file()


def test_what_was_kept_of_one_vpc_is_that_vpc(dump, tmp_path):
    vpc = shop().vpcs[0].id
    keep_dump(dump, tmp_path / "kept", only=vpc)
    assert [each.id for each in observe.read_snapshot(tmp_path / "kept").network.vpcs] == [vpc]
    keep_dump(dump, tmp_path / "none", only="vpc-0ff")
    with pytest.raises(VpcNotFoundError):
        observe.read_snapshot(tmp_path / "none")


def test_a_snapshot_says_when_and_of_what_it_was_taken(kept):
    assert observe.read_snapshot(kept).taken == THEN


def test_the_answers_of_an_account_lie_by_region_and_call_one_record_a_line(tmp_path):
    document = {"Vpcs": [{"VpcId": "vpc-1"}, {"VpcId": "vpc-2"}], "Subnets": []}
    answers = Answers(region="eu-west-1", document=document)
    kept = keep_account(Observed(network=shop(), answers=(answers,)), tmp_path / "kept")
    text = (tmp_path / "kept" / "eu-west-1" / "describe-vpcs.json").read_text()
    assert text == '{"Vpcs": [\n{"VpcId": "vpc-1"},\n{"VpcId": "vpc-2"}\n]}\n'
    # The digests of a live account are those of the files that a snapshot makes of it.
    assert {each.name: each.sha256 for each in kept.files} == dict(answers.digests)


def test_each_answer_has_a_file_of_its_own(tmp_path):
    every = Answers(region="eu-west-1", document={key: [] for key in observe.calls.KEYS})
    names = [name for name, _ in every.files]
    assert len(set(names)) == len(observe.calls.KEYS)


# What is not kept


def test_an_answer_is_kept_byte_by_byte_and_what_is_none_is_not(dump, tmp_path):
    (dump / "notes.txt").write_text("a password")
    (dump / "secret.json").write_text('{"SecretString": "a password"}')
    vpcs = b'{  "Vpcs" : [] }'
    (dump / "more.json").write_bytes(vpcs)
    keep_dump(dump, tmp_path / "kept")
    inside = tmp_path / "kept" / "eu-west-1"
    assert (inside / "more.json").read_bytes() == vpcs
    assert not {"notes.txt", "secret.json"} & {each.name for each in inside.iterdir()}


@pytest.mark.parametrize("key", ["PreSharedKey", "CustomerGatewayConfiguration", "UserData"])
@pytest.mark.parametrize("written", ["{}", "\\u{:04x}"])
def test_no_secret_is_kept_however_its_name_is_written(dump, tmp_path, key, written):
    name = written.format(ord(key[0])) + key[1:] if written != "{}" else key
    (dump / "VpnConnections.json").write_text(
        '{"VpnConnections": [{"VpnConnectionId": "vpn-1", "Options": {"TunnelOptions": '
        f'[{{"{name}": "hunter2"}}]}}, "{name}": "hunter2"}}], "Password": "hunter2"}}'
    )
    keep_dump(dump, tmp_path / "kept")
    for each in (tmp_path / "kept").rglob("*.json"):
        assert "hunter2" not in each.read_text()
    assert "vpn-1" in (tmp_path / "kept" / "eu-west-1" / "VpnConnections.json").read_text()


# Whole, or not at all


@pytest.mark.parametrize("after", [0, 3])
def test_what_fails_half_way_leaves_nothing(dump, tmp_path, monkeypatch, after):
    written = []

    def full(path, data):
        if len(written) == after:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(path)

    monkeypatch.setattr(keeping, "_write", full)
    with pytest.raises(InputError, match="cannot be written") as told:
        keep_dump(dump, tmp_path / "kept")
    assert "No space left on device" in str(told.value)
    assert beside(tmp_path / "kept") == ["from"]


def test_what_fails_half_way_leaves_the_snapshot_of_before(dump, kept, monkeypatch):
    before = {each: each.read_bytes() for each in kept.rglob("*.json")}

    def stopped(_path, _data):
        raise KeyboardInterrupt

    monkeypatch.setattr(keeping, "_write", stopped)
    with pytest.raises(KeyboardInterrupt):
        keep_dump(dump, kept)
    assert {each: each.read_bytes() for each in kept.rglob("*.json")} == before
    assert beside(kept) == ["evidence", "from"]


def test_a_snapshot_is_replaced_by_a_newer_one_and_an_empty_folder_filled(dump, kept, tmp_path):
    (dump / "Vpcs.json").write_text('{"Vpcs": []}')
    (tmp_path / "empty").mkdir()
    for folder in (kept, tmp_path / "empty"):
        keep_dump(dump, folder)
        assert (folder / "eu-west-1" / "Vpcs.json").read_text() == '{"Vpcs": []}'
    assert beside(kept) == ["empty", "evidence", "from"]


@pytest.mark.parametrize("what", ["other", "added", "file"])
def test_nothing_of_anybody_else_is_overwritten(dump, kept, tmp_path, what):
    folder = tmp_path / "taken"
    if what == "file":
        folder.write_text("mine")
    elif what == "other":
        folder.mkdir()
        (folder / "mine.txt").write_text("mine")
    else:
        folder = kept
        (kept / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="name another folder with -o"):
        keep_dump(dump, folder)
    assert folder.is_file() or (folder / "mine.txt").read_text() == "mine"


# Held against its manifest


def test_every_file_that_is_not_as_it_was_kept_is_named_at_once(kept):
    inside = kept / "eu-west-1"
    (inside / "Vpcs.json").write_text('{"Vpcs": []}')
    (inside / "Subnets.json").unlink()
    (inside / "later.json").write_text("{}")
    with pytest.raises(InputError) as told:
        observe.read_snapshot(kept)
    said = {Path(each.file).name: each.what for each in told.value.problems}
    assert said.keys() == {"Vpcs.json", "Subnets.json", "later.json"}
    assert said["Vpcs.json"].startswith("was changed after it was kept: its SHA-256 is ")
    assert said["Subnets.json"] == "was kept and is not there"
    assert said["later.json"] == f"is in no line of {MANIFEST}"


def test_what_a_system_adds_to_a_folder_is_no_change(kept):
    (kept / ".DS_Store").write_bytes(b"\x00")
    assert observe.read_snapshot(kept).network.vpcs


@pytest.mark.parametrize("name", ["../from/eu-west-1/Vpcs.json", "/etc/hostname", ""])
def test_a_manifest_leads_to_no_file_outside_its_folder(kept, name):
    manifest = json.loads((kept / MANIFEST).read_text())
    manifest["files"][0]["name"] = name
    (kept / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(InputError, match="names files outside its folder"):
        observe.read_snapshot(kept)


@pytest.mark.parametrize("root", ["..", "/", "../from/eu-west-1"])
def test_a_manifest_has_its_root_in_its_folder(kept, root):
    manifest = json.loads((kept / MANIFEST).read_text())
    manifest["root"] = root
    (kept / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(InputError, match="names files outside its folder"):
        observe.read_snapshot(kept)


def test_a_file_that_became_a_link_is_not_there(kept):
    path = kept / "eu-west-1" / "Vpcs.json"
    path.rename(kept.parent / "moved.json")
    path.symlink_to(kept.parent / "moved.json")
    with pytest.raises(InputError, match="was kept and is not there"):
        observe.read_snapshot(kept)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"schema": "bulkhead.snapshot/2"}', '{"schema": "bulkhead.snapshot/1"}'],
)
def test_a_manifest_that_is_none_is_refused_in_a_sentence(kept, text):
    (kept / MANIFEST).write_text(text)
    with pytest.raises(InputError, match="is no manifest that this version reads"):
        observe.read_snapshot(kept)


def test_the_digest_of_the_manifest_is_that_of_its_file(dump, tmp_path):
    kept = keep_dump(dump, tmp_path / "kept")
    written = (tmp_path / "kept" / MANIFEST).read_bytes()
    assert Digest(name=MANIFEST, sha256=kept.sha256) == Digest(
        name=MANIFEST, sha256=keeping.hashlib.sha256(written).hexdigest()
    )
