"""Which files of a dump are read, and what their folders say of them."""

import os

import pytest

from bulkhead.observe.dumps import dump
from bulkhead.observe.dumps import files as dump_files
from bulkhead.observe.dumps.files import region_in
from bulkhead.problems import InputError


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("eu-west-1", "eu-west-1"),
        ("eu-west-1a", "eu-west-1"),
        ("us-gov-west-1", "us-gov-west-1"),
        ("us-isob-east-1", "us-isob-east-1"),
        ("eusc-de-east-1", "eusc-de-east-1"),
        ("ap-northeast-1c", "ap-northeast-1"),
        ("us-west-2-lax-1a", "us-west-2"),
        ("arn:aws:ec2:mx-central-1:1:subnet/x", "mx-central-1"),
        ("vpcs_us-east-1.json", "us-east-1"),
        ("my-big-vpc-1", None),
        ("acme-west-1", None),
        ("north-1", None),
        ("", None),
        (None, None),
    ],
)
def test_a_region_is_known_by_its_name(text, region):
    assert region_in(text) == region


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('{"Vpcs": []}')


def places(root):
    return {
        str(each.path.relative_to(root)): (each.region, each.account)
        for each in dump_files.files(root)
    }


def test_the_nearest_name_of_a_region_has_the_say(tmp_path):
    put(
        tmp_path,
        "vpcs.json",
        "eu-west-1/vpcs.json",
        "eu-west-1/deeper/still/subnets.json",
        "eu-west-1/us-east-1/vpcs.json",
        "accounts/123456789012/us-west-2/vpcs.json",
        "mixed/vpcs-ap-south-1.json",
    )
    assert places(tmp_path) == {
        "vpcs.json": (None, None),
        "eu-west-1/vpcs.json": ("eu-west-1", None),
        "eu-west-1/deeper/still/subnets.json": ("eu-west-1", None),
        "eu-west-1/us-east-1/vpcs.json": ("us-east-1", None),
        "accounts/123456789012/us-west-2/vpcs.json": ("us-west-2", "123456789012"),
        "mixed/vpcs-ap-south-1.json": ("ap-south-1", None),
    }


def test_the_folder_that_was_named_may_be_the_region(tmp_path):
    put(tmp_path, "eu-north-1/vpcs.json")
    assert places(tmp_path / "eu-north-1") == {"vpcs.json": ("eu-north-1", None)}
    (one,) = dump_files.files(tmp_path / "eu-north-1" / "vpcs.json")
    assert one.region == "eu-north-1"


def test_links_that_lead_in_a_circle_are_entered_once(tmp_path):
    put(tmp_path, "a/vpcs.json")
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    assert list(places(tmp_path)) == ["a/vpcs.json"]


@pytest.mark.parametrize("name", ["more", "more.json", "README"])
@pytest.mark.parametrize("target", ["../elsewhere", "../elsewhere/vpcs.json", "inside/onwards"])
def test_a_link_that_leads_out_of_the_folder_is_not_followed_and_said_by_name(
    tmp_path, name, target
):
    put(tmp_path, "elsewhere/vpcs.json", "dump/vpcs.json", "dump/inside/vpcs.json")
    (tmp_path / "dump" / "inside" / ".onwards").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "dump" / name).symlink_to(target.replace("onwards", ".onwards"))
    with pytest.raises(InputError) as told:
        places(tmp_path / "dump")
    (problem,) = told.value.problems
    assert problem.file == str(tmp_path / "dump" / name)
    assert problem.what == "is a link that leads out of the folder"


def test_a_link_within_the_folder_and_one_to_the_folder_are_followed(tmp_path):
    put(tmp_path, "dump/a/vpcs.json", "dump/notes/subnets.txt")
    (tmp_path / "dump" / "subnets.json").symlink_to("notes/subnets.txt")
    (tmp_path / "link").symlink_to("dump")
    (tmp_path / "dump" / "gone").symlink_to("../nowhere")
    assert list(places(tmp_path / "link")) == ["a/vpcs.json", "notes/subnets.txt", "subnets.json"]


def test_what_a_system_keeps_for_itself_is_passed_over(tmp_path):
    put(tmp_path, ".git/vpcs.json", "._vpcs.json", "vpcs.json")
    os.mkfifo(tmp_path / "pipe")
    assert list(places(tmp_path)) == ["vpcs.json"]


def test_what_is_called_json_is_never_passed_over(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "self.json").symlink_to(tmp_path / "self.json")
    assert list(places(tmp_path)) == ["pipe.json", "self.json"]


@pytest.mark.parametrize("folders", [1, 50])
def test_a_folder_with_more_in_it_than_a_dump_has_is_refused(tmp_path, monkeypatch, folders):
    monkeypatch.setattr(dump_files, "MOST_ENTRIES", 100)
    put(tmp_path, *(f"{each % folders}/{each}.json" for each in range(100 - folders)))
    assert len(places(tmp_path)) == 100 - folders
    put(tmp_path, "0/one-more.json")
    with pytest.raises(InputError, match="holds more than 100 files and folders; name a folder"):
        places(tmp_path)


def test_a_folder_that_is_nested_deeper_than_a_dump_is_refused(tmp_path):
    put(tmp_path, "/".join(["x"] * dump_files.DEEPEST_FOLDER + ["vpcs.json"]))
    assert len(places(tmp_path)) == 1
    put(tmp_path, "/".join(["x"] * (dump_files.DEEPEST_FOLDER + 1) + ["vpcs.json"]))
    with pytest.raises(InputError, match="lies more than 32 folders deep"):
        places(tmp_path)


def test_answers_that_are_too_large_together_are_refused(tmp_path, monkeypatch):
    put(tmp_path, "a.json", "b.json", "c.json")
    monkeypatch.setattr(dump_files, "LARGEST_DUMP", 3 * len('{"Vpcs": []}'))
    dump(tmp_path)
    put(tmp_path, "d.json")
    with pytest.raises(InputError, match="larger than"):
        dump(tmp_path)
