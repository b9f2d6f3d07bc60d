"""A public address on the command line: an address of the internet, whoever has it here."""

import json

import pytest

from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_dump
from tests.support.estate import Estate
from tests.support.nat64 import behind_nat64


@pytest.fixture
def dump(tmp_path):
    """A client and a server with a public address each; a group lets the one in at the other,
    and a rule for its public address at another port."""
    estate = Estate()
    estate.igw()
    estate.table("out", "0.0.0.0/0 igw")
    estate.subnet("a", "10.0.1.0/24", table="out")
    estate.subnet("b", "10.0.2.0/24", table="out")
    estate.group("callers", "out all 0.0.0.0/0")
    estate.group(
        "served", "in tcp 5556 callers", "in tcp 22 203.0.113.5/32", "in tcp 53 8.8.8.8/32"
    )
    estate.host("client", "a", "10.0.1.10", "callers", public="203.0.113.5")
    estate.host("server", "b", "10.0.2.10", "served", public="203.0.113.9")
    path = tmp_path / "dump.json"
    path.write_text(json.dumps(as_dump(with_aws_ids(estate.build()))))
    return path


@pytest.mark.parametrize(
    ("from_", "to", "port", "code"),
    [
        ("client", "server", 5556, 0),
        ("client", "10.0.2.10", 5556, 0),
        ("10.0.1.10", "203.0.113.9", 5556, 1),
        ("client", "203.0.113.9", 5556, 1),
        ("client", "203.0.113.9", 22, 0),
        ("client", "203.0.113.9/32", 22, 0),
        ("client", "server", 22, 1),
        ("203.0.113.5", "203.0.113.9", 22, 0),
        ("203.0.113.5", "server", 22, 0),
        ("203.0.113.5", "server", 5556, 1),
        ("8.8.8.8", "203.0.113.9", 53, 0),
        ("8.8.8.8", "server", 53, 0),
        ("9.9.9.9", "203.0.113.9", 53, 1),
    ],
)
def test_the_answer_is_about_the_address_that_was_asked(ask, dump, from_, to, port, code):
    words = ("--from", from_, "--to", to, "--port", port)
    explained = ask("explain", dump, *words)
    reached = ask("reach", dump, *words, "--protocol", "tcp")
    assert (explained.code, reached.code) == (code, code)
    for word in (from_, to.removesuffix("/32")):
        assert word in explained.out.splitlines()[0]
        assert word in reached.out or word.startswith("10.")


def test_programs_read_who_has_the_address_and_both_legs(ask, dump):
    words = ("--from", "client", "--to", "203.0.113.9", "--json")
    (answer,) = ask("explain", dump, *words, "--port", 22).json["answers"]
    assert [leg["verdict"] for leg in answer["legs"]] == ["allowed", "allowed"]
    assert answer["to"]["address"] == "203.0.113.9"
    assert answer["to"]["public_of"] == [answer["legs"][1]["to"]["interface"]]
    cells = ask("reach", dump, *words, "--protocol", "tcp").json["cells"]
    assert {(*cell["ports"], cell["verdict"]) for cell in cells} == {
        (0, 21, "denied"),
        (22, 22, "allowed"),
        (23, 65535, "denied"),
    }
    assert {cell["to"]["name"] for cell in cells} == {"internet (203.0.113.9 of server)"}


def test_a_block_tells_addresses_of_what_is_here_from_the_rest(ask, dump):
    found = ask("reach", dump, "--from", "8.8.8.8", "--to", "203.0.113.0/24", "--json").json
    names = {cell["to"]["name"] for cell in found["cells"]}
    assert names >= {"internet (203.0.113.5 of client)", "internet (203.0.113.9 of server)"}


def test_a_hop_over_public_addresses_is_marked(ask, dump):
    answer = ask("reach", dump, "--from", "client", "--protocol", "tcp", "--port", 22, "--hops", 1)
    assert "client -over 203.0.113.9, tcp 22-> server" in " ".join(answer.out.split())
    words = ("--from", "client", "--protocol", "tcp", "--port", 22, "--hops", 1, "--json")
    reached = ask("reach", dump, *words).json["reached"]
    (step,) = next(each for each in reached if each["end"]["name"] == "server")["path"]
    assert step["over"] == "203.0.113.9"


OUTSIDE = (
    ("9.9.9.8", "9.9.9.9"),
    ("8.8.8.8", "9.9.9.9"),
    ("8.8.8.8", "172.31.0.9"),
    ("172.31.0.9", "8.8.8.8"),
    ("172.31.0.9", "192.168.7.7"),
    ("172.31.0.9", "203.0.113.9"),
    ("internet", "elsewhere"),
)


def test_nobody_is_listed_to_a_public_address_who_is_not_known_on_the_internet(ask, dump):
    found = ask("reach", dump, "--to", "203.0.113.9", "--json").json
    assert {cell["from"]["kind"] for cell in found["cells"]} == {
        "interface",
        "internet",
        "stranger",
    }


def test_two_addresses_of_the_internet_have_nothing_here_between_them(ask, dump):
    for from_, to in OUTSIDE:
        for verb in ("explain", "reach"):
            answer = ask(verb, dump, "--from", from_, "--to", to, "--port", 53)
            assert (answer.code, answer.out) == (2, "")
            assert "both outside" in answer.err


def test_every_public_address_of_a_nat_gateway_is_read(ask, tmp_path):
    estate = Estate()
    estate.igw()
    estate.table("out", "0.0.0.0/0 igw")
    estate.subnet("a", "10.0.1.0/24", table="out")
    estate.nat("nat", "a", "10.0.1.5", public="203.0.113.5", more=("203.0.113.6",))
    path = tmp_path / "dump.json"
    path.write_text(json.dumps(as_dump(with_aws_ids(estate.build()))))
    for address in ("203.0.113.5", "203.0.113.6"):
        answer = ask("explain", path, "--from", "8.8.8.8", "--to", address, "--port", 443)
        assert "takes replies to what it sent, and no new connection" in answer.out


def test_ends_without_an_address_family_in_common_are_not_called_one_host(ask, tmp_path):
    path = tmp_path / "dump.json"
    path.write_text(json.dumps(as_dump(with_aws_ids(behind_nat64().build()))))
    answer = ask("explain", path, "--from", "h4", "--to", "h6", "--port", 22)
    assert answer.code == 2
    assert "no address family in common" in answer.err
