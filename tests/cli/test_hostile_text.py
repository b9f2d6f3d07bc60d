"""Whatever a file says: a sentence that names it, exit 2, and nothing that a terminal obeys."""

import re

import pytest

from bulkhead.cli import refusing
from bulkhead.intent import load
from bulkhead.plan import plan
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_files, write

MUCH = 100_000
NOT_SHOWN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")


def utf16(text):
    return text.encode("utf-16")


def bomb(line):
    """Each line doubles the one before it, ten times over."""
    return b"a: &a [x]\n" + b"".join(
        line.replace(b"TO", bytes([each + 1])).replace(b"OF", b"*" + bytes([each]))
        for each in range(97, 119)
    )


ANY = {
    "nothing": b"",
    "nul": b"\0" * 1000,
    "not utf-8": b"name: \xff\xfe\xfa",
    "half of utf-16": utf16("name: x")[:-1],
    "one long line": b"a" * 500_000,
    "line breaks": b"\n" * MUCH,
    "an open quote": b'"' + b"a" * MUCH,
    "brackets": b"[" * MUCH,
    "braces": b'{"a":' * MUCH,
    "nan": b'{"Vpcs": NaN, "deployment": NaN, "name": NaN}',
    "a number of 5,000 digits": b'{"deployment": ' + b"9" * 5000 + b"}",
    "a key twice": b'{"Vpcs": [], "Vpcs": []}',
    "an escape sequence for a key": b'{"\\u001b[2J": "\\u001b[2J"}',
    "many keys": b"{" + b",".join(b'"k%d":1' % each for each in range(5_000)) + b"}",
}
TOPOLOGIES = {
    **ANY,
    "utf-16": utf16("name: x\n"),
    "dashes": b"- " * MUCH,
    "questions": b"? " * MUCH,
    "aliases of aliases": bomb(b"TO: &TO [OF, OF]\n"),
    "merges of merges": bomb(b"TO: &TO {<<: [OF, OF]}\n"),
    "an alias of itself": b"a: &a [*a]\n",
    "a tag": b'!!python/object/apply:os.system ["id"]\n',
    "a raw escape sequence": b"name: \x1b[31mred\n",
    "a written one": b'name: "\\e[31mred"\nservices: {"\\e[2J": {sockets: {"\\e[2J": {}}}}\n',
    "one in references": b'services: {a: {sockets: {b: {type: "\\e", connect: ["\\e.\\e"]}}}}\n',
    "one in tests": b'tests: [{from: "\\a\\e[2J", deny: ["\\e[1m"]}]\n',
    "an address with zeros in front": b"cidr: 010.020.0.0/16\n",
    "digits that are not ours": "cidr: \u0661\u0660.0.0.0/16\nzones: \u0662\n".encode(),
    "letters that look like ours": "name: tr\u0430ding\n".encode(),
    "text that runs backwards": 'name: "\u202egnidart"\n'.encode(),
    "line ends of windows": b"name: a b\r\nzones: 99\r\n",
    "line ends of old": b"name: a b\rzones: 99\r",
}
SOURCES = {
    **ANY,
    "half a character": b'{"Vpcs": [{"VpcId": "\\ud800", "CidrBlock": "10.0.0.0/16"}]}',
    "zeros in front": b'{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "010.0.0.0/16"}]}',
    "other digits": '{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "\u0661.0.0.0/8"}]}'.encode(),
    "a name of a megabyte": b'{"Vpcs": [{"VpcId": "' + b"a" * (1 << 20) + b'"}]}',
    "an id that is an escape sequence": b'{"Vpcs": [{"VpcId": "\\u001b[2J\\u009b2J\\nx"}]}',
    "a state that is deep": b'{"deployment": ' + b"[" * MUCH + b"]" * MUCH + b"}",
    "a preview that is deep": b'{"steps": ' + b"[" * MUCH + b"]" * MUCH + b"}",
    "an answer that is deep": b'{"Vpcs": ' + b"[" * MUCH + b"]" * MUCH + b"}",
    "a state of numbers": b'{"version": 3, "deployment": {"resources": [1, 2]}}',
    "a preview of numbers": b'{"config": {}, "steps": [1, 2]}',
    "an answer of numbers": b'{"Vpcs": [1, 2]}',
}


pytestmark = pytest.mark.usefixtures("impatient")


def refused(answer, path):
    assert answer.code == 2
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert NOT_SHOWN.search(answer.err) is None
    *said, _ = answer.err.split("\n")
    assert len(said) <= refusing.MOST_SAID + 1
    for line in said[: refusing.MOST_SAID]:
        assert line.startswith(f"error: {path}")
        assert "; " in line
        assert len(line) < 5000


@pytest.mark.parametrize("verb", ["check", "plan", "prove"])
@pytest.mark.parametrize("said", TOPOLOGIES)
def test_in_a_topology(ask, tmp_path, verb, said):
    path = tmp_path / "x.yaml"
    path.write_bytes(TOPOLOGIES[said])
    refused(ask(verb, path), path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("verb", ["check", "plan"])
@pytest.mark.parametrize("said", ANY)
def test_in_a_lock(ask, trading, verb, said):
    lock = trading.with_suffix(".lock.json")
    lock.write_bytes(ANY[said])
    refused(ask(verb, trading), lock)
    assert lock.read_bytes() == ANY[said]


@pytest.mark.parametrize("said", SOURCES)
def test_in_a_source(ask, tmp_path, said):
    path = tmp_path / "x.json"
    path.write_bytes(SOURCES[said])
    refused(ask("prove", path), path)


@pytest.mark.parametrize("said", SOURCES)
def test_in_a_folder_of_answers(ask, tmp_path, said):
    path = tmp_path / "x.json"
    path.write_bytes(SOURCES[said])
    refused(ask("lint", tmp_path), tmp_path)


@pytest.mark.parametrize(
    "words",
    [
        ("diff", "GOOD", "BAD"),
        ("diff", "BAD", "GOOD"),
        ("check", "GOOD", "--on", "BAD"),
        ("drill", "BAD", "--for", "GOOD"),
        ("draw", "BAD"),
        ("draw", "BAD", "--for", "GOOD"),
        ("explain", "BAD", "--from", "a", "--to", "b"),
        ("reach", "BAD", "--from", "a"),
    ],
    ids=" ".join,
)
def test_wherever_a_source_is_named(ask, trading, tmp_path, words):
    path = tmp_path / "bad.json"
    path.write_bytes(b"{" + b"\0" * 100)
    named = {"GOOD": trading, "BAD": path}
    refused(ask(*(named.get(each, each) for each in words)), path)


def test_a_file_that_is_gone_before_it_is_opened(ask, tmp_path, monkeypatch):
    path = tmp_path / "x.yaml"
    path.write_text("name: x\n")
    really = path.stat()
    monkeypatch.setattr(type(path), "stat", lambda *_args, **_kwargs: really)
    path.unlink()
    refused(ask("plan", path), path)


EVIL = "\x1b]0;x\x07\u202e\x9b31m\n[/][red]:key:"
SHOWN = r"\x1b]0;x\x07\u202e\x9b31m\n[/][red]:key:"


@pytest.fixture
def received(trading, tmp_path):
    """A dump of the example in which somebody has put more into every tag than belongs there."""

    def spoilt(value, key=None):
        if isinstance(value, dict):
            return {each: spoilt(inner, each) for each, inner in value.items()}
        if isinstance(value, list):
            return [spoilt(inner, key) for inner in value]
        said = isinstance(value, str) and key in ("Value", "GroupName", "Description")
        return value + EVIL if said else value

    network = with_aws_ids(plan(load(trading)).network)
    return write(spoilt(as_files(network)), tmp_path / "eu-west-1")


@pytest.mark.parametrize(
    "words",
    [
        ("prove",),
        ("prove", "--json"),
        ("lint",),
        ("lint", "--json"),
        ("draw",),
        ("draw", "--format", "mermaid"),
        ("prove", "--markdown"),
        ("reach", "--from", "10.20.0.4"),
        ("reach", "--from", "nobody"),
        ("explain", "--from", "internet", "--to", "10.20.0.4", "--port", "22"),
    ],
    ids=" ".join,
)
def test_names_of_an_account_are_shown_and_obeyed_by_no_terminal(ask, received, words):
    """Tags are anybody's: an escape sequence, a line break, the signs of our own markup."""
    verb, *options = words
    answer = ask(verb, received, *options)
    said = answer.out + answer.err
    assert NOT_SHOWN.search(said) is None
    if verb in ("lint", "explain"):
        assert SHOWN in said.replace("\\\\", "\\")
