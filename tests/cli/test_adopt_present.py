"""`bulkhead adopt SOURCE --write FILE`: what stands there, as a topology."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bulkhead.sources import open_source, open_topology
from tests.discover.register.conftest import connects
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_files, write
from tests.support.estate import Estate
from tests.support.flow_logs import Host, talk
from tests.support.flow_logs import write as flow_log
from tests.support.machines import Machine


@pytest.fixture
def dump(trading, tmp_path):
    """The trading example as it would stand, with its tags."""
    return write(as_files(with_aws_ids(open_topology(trading).network)), tmp_path / "dump")


def two_vpcs(folder: Path) -> Path:
    estate = Estate()
    estate.vpc("other", "10.1.0.0/16")
    estate.subnet("a", "10.0.0.0/24")
    estate.table("far", vpc="other")
    estate.acl("wide", "in 100 allow all 0.0.0.0/0", vpc="other")
    estate.subnet("b", "10.1.0.0/24", vpc="other", acl="wide", table="far")
    estate.group("web", "in tcp 443 10.0.0.0/16", "out all 0.0.0.0/0")
    estate.host("h1", "a", "10.0.0.10", "web")
    estate.host("h2", "a", "10.0.0.11", "web")
    return write(as_files(with_aws_ids(estate.build())), folder)


def test_what_stands_there_is_written_and_check_accepts_it_at_once(ask, dump, tmp_path):
    path = tmp_path / "present.yaml"
    answer = ask("adopt", dump, "--write", path)
    assert answer.code == 0, answer.err
    assert f"wrote {path}: 9 services, 1 site, 5 segments, 8 flows\n" in answer.out
    assert answer.out.endswith(f"next: bulkhead check {path}\n")
    checked = ask("check", path)
    assert checked.code == 0, checked.err
    assert "AS DECLARED" in checked.out


def test_programs_are_told_what_was_written_and_what_was_not(ask, dump, tmp_path):
    path = tmp_path / "present.yaml"
    told = ask("adopt", dump, "--write", path, "--json").json
    assert told["schema"] == "bulkhead.present/1"
    assert (told["topology"], told["file"]) == ("trading", str(path))
    flow = {"name": "tcp-5571", "from": ["risk"], "to": ["limits"], "traffic": ["tcp 5571"]}
    assert {**flow, "evidence": []} in told["flows"]
    assert told["no_flow"] == told["left_out"] == told["not_allowed"] == told["not_placed"] == []
    assert (told["days"], told["searched"]) == (None, None)
    assert told["provenance"]["digests"]


def test_of_several_vpcs_one_is_chosen_and_all_are_named(ask, tmp_path):
    there = two_vpcs(tmp_path / "two")
    path = tmp_path / "one.yaml"
    several = ask("adopt", there, "--write", path)
    assert several.code == 2
    assert "holds 2 VPCs, and a topology is of one: --vpc vpc-" in several.err
    assert not path.exists()
    one = ask("adopt", there, "--vpc", "vpc", "--write", path)
    assert one.code == 0, one.err
    assert "name: web" not in path.read_text()
    assert "from: web, to: web, traffic: tcp 443" in path.read_text()
    assert ask("check", path).code == 0


def test_what_people_wrote_is_never_lost(ask, dump, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\n")
    answer = ask("adopt", dump, "--write", path)
    assert (answer.code, "is there already" in answer.err) == (2, True)
    assert path.read_text() == "name: mine\n"
    other = ask("adopt", dump, "--write", tmp_path / "mine.json")
    assert (other.code, "is no .yaml file" in other.err) == (2, True)


def test_a_topology_is_one_already_and_what_is_none_is_written_first(ask, dump, trading, tmp_path):
    answer = ask("adopt", trading, "--write", tmp_path / "again.yaml")
    assert (answer.code, "is a topology already" in answer.err) == (2, True)
    answer = ask("adopt", dump)
    assert (answer.code, "--write FILE writes what stands there" in answer.err) == (2, True)
    answer = ask("adopt", dump, "--write", tmp_path / "new.yaml", "--name", "x")
    assert (answer.code, "--write goes with" in answer.err) == (2, True)


def test_with_flow_logs_no_more_is_written_than_was_recorded(ask, tmp_path):
    there = two_vpcs(tmp_path / "two")
    network = open_source(str(there)).network
    one, two = (
        Host(each.id, str(each.address)) for each in network.interfaces if each.name in "h1 h2"
    )
    logs = flow_log(tmp_path / "logs" / "a.log", talk(one, two, 443))
    path = tmp_path / "tight.yaml"
    options = ("--vpc", "vpc", "--write", path, "--flows", logs, "--json")
    told = ask("adopt", there, *options).json
    assert told["days"] == ["2026-11-01"]
    assert [each["traffic"] for each in told["flows"]] == [["tcp 443"]]
    assert "# Of that only what records show: days of records 1, 2026-11-01" in path.read_text()
    assert ask("check", path).code == 0
    other = flow_log(tmp_path / "logs" / "b.log", talk(one, "10.0.0.99", 443))
    options = ("--vpc", "vpc", "--write", tmp_path / "none.yaml", "--flows", other, "--json")
    told = ask("adopt", there, *options).json
    assert told["flows"] == []
    assert [each["what"] for each in told["no_flow"]] == ["web to web, tcp 443"]


def test_later_records_are_rehearsed_in_what_was_written_though_nothing_there_has_a_tag(
    ask, tmp_path
):
    """The batch at 443 ran on no day of those by which it was tightened."""
    there = two_vpcs(tmp_path / "two")
    network = open_source(str(there)).network
    one, two = (
        Host(each.id, str(each.address)) for each in network.interfaces if each.name in "h1 h2"
    )
    day = flow_log(tmp_path / "logs" / "day.log", talk(one, "10.0.0.99", 22))
    month = flow_log(tmp_path / "logs" / "month.log", talk(one, two, 443))
    options = ("--vpc", "vpc", "--flows", day, "--rehearse", month)
    answer = ask("adopt", there, *options, "--write", tmp_path / "tight.yaml")
    assert answer.code == 1, answer.err
    assert "h1 -> h2  tcp 443" in answer.out
    assert "would have cut 1 flow" in answer.out
    loose = ("--vpc", "vpc", "--rehearse", month, "--json")
    told = ask("adopt", there, *loose, "--write", tmp_path / "loose.yaml")
    assert told.code == 0
    assert [each["fate"] for each in told.json["rehearsal"]["edges"]] == ["kept"]
    refused = ask("adopt", there, "--rehearse", month)
    assert (refused.code, "--rehearse goes with --write" in refused.err) == (2, True)


@pytest.fixture
def web(tmp_path):
    """Two hosts that may ask one another at 443, with the record of the one that serves, which
    another asked in vain at a port that no rule opens."""
    there = two_vpcs(tmp_path / "two")
    one, two = (
        str(each.address)
        for each in open_source(str(there)).network.interfaces
        if each.name in "h1 h2"
    )
    machine = Machine("vm-2", two).process(7, "server.py").process(8, "other.py")
    machine.socket(7, "listening", [two, 443]).socket(7, "established", [two, 443], [one, 40000])
    machine.socket(8, "asking", [two, 41000], [one, 5555])
    record = tmp_path / "vm-2.json"
    record.write_text(json.dumps(machine.value))
    return there, record, Host("", one), Host("", two)


def test_with_a_register_no_more_is_written_than_it_has_and_all_of_it_is_said(ask, web, tmp_path):
    there, record, *_ = web
    register, path = tmp_path / "register.json", tmp_path / "tight.yaml"
    register.write_text(ask("discover", "register", "--host", record, "--json").out)
    given = ("adopt", there, "--vpc", "vpc", "--write", path, "--register", register)
    answer = ask(*given)
    assert answer.code == 0, answer.err
    text = path.read_text()
    assert "# - host vm-2 at 2026-03-01T12:00:00Z: a moment, and nothing before or after" in text
    assert "# seen: host: " in text
    assert "connected to server.py (vm-2, pid 7, 2026-03-01)" in text
    assert "seen, and not allowed for sure today:\n  web to web, tcp 5555: no rule" in answer.out
    assert ask("check", path).code == 0
    path.unlink()
    told = ask(*given, "--json").json
    assert told["searched"][0].startswith("host vm-2 at ")
    assert [each["traffic"] for each in told["flows"]] == [["tcp 443"]]
    assert [each["what"] for each in told["not_allowed"]] == ["web to web, tcp 5555"]


def test_what_a_register_is_made_from_says_the_same_with_flow_logs_beside_it(ask, web, tmp_path):
    there, record, one, two = web
    path = tmp_path / "tight.yaml"
    ids = {str(each.address): each.id for each in open_source(str(there)).network.interfaces}
    hosts = [Host(ids[each.address], each.address) for each in (one, two)]
    logs = flow_log(tmp_path / "logs" / "a.log", talk(*hosts, 22))
    month = flow_log(tmp_path / "month" / "a.log", [*talk(*hosts, 443), *talk(*hosts, 22)])
    given = ("adopt", there, "--vpc", "vpc", "--host", record, "--flows", logs)
    told = ask(*given, "--rehearse", month, "--write", path, "--json")
    assert (told.code, told.json["days"]) == (1, ["2026-11-01"])
    (flow,) = told.json["flows"]
    assert all(each.startswith("host: ") for each in flow["evidence"])
    assert {each["what"] for each in told.json["not_allowed"]} == {
        "web to web, tcp 22",
        "web to web, tcp 5555",
    }
    edges = told.json["rehearsal"]["edges"]
    fates = {each["edge"]["port"]: each["fate"] for each in edges}
    assert fates == {443: "kept", 22: "cut"}


def test_code_is_joined_by_the_name_that_somebody_gives_it(ask, dump, tmp_path):
    code = tmp_path / "code" / "checker" / "main.py"
    code.parent.mkdir(parents=True)
    code.write_text(connects("REQ", "tcp://limits:5571"))
    path = tmp_path / "tight.yaml"
    given = ("adopt", dump, "--write", path, "--code", tmp_path / "code", "--json")
    told = ask(*given, "--service", f"risk={code.parent}").json
    (flow,) = told["flows"]
    assert (flow["from"], flow["to"]) == (["risk"], ["limits"])
    assert "main.py:5" in flow["evidence"][0]
    assert ask("check", path).code == 0


def test_registers_that_are_none_are_all_refused_at_once(ask, dump, trading, tmp_path):
    for name, text in (("a.json", "{"), ("b.json", "[]")):
        (tmp_path / name).write_text(text)
    path = tmp_path / "new.yaml"
    both = [word for name in "ab" for word in ("--register", tmp_path / f"{name}.json")]
    answer = ask("adopt", dump, "--write", path, *both)
    assert (answer.code, path.exists()) == (2, False)
    assert "a.json: is no JSON" in answer.err
    assert "b.json: is no register of boundaries" in answer.err
    answer = ask("adopt", trading, "--register", tmp_path / "a.json")
    assert (answer.code, "go with --write" in answer.err) == (2, True)
    answer = ask("adopt", dump, "--write", path, "--service", "a=b")
    assert (answer.code, "--service says whose" in answer.err) == (2, True)
