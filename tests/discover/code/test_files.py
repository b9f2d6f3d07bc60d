"""Whatever lies in a folder, a scan ends, says what it did not read, and runs nothing."""

import os
import sys

import pytest

from bulkhead.discover.code import scan
from bulkhead.discover.code.found import SkipReason
from bulkhead.discover.code.ignored import ignores, patterns
from bulkhead.problems import InputError
from tests.discover.code.conftest import told

SOCKET = 'import zmq\nzmq.Context().socket(zmq.PUB).bind("tcp://*:5556")\n'


def skipped(found):
    return {each.file: each.reason for each in found.skipped}


def test_what_cannot_be_read_is_skipped_counted_and_named(scanned):
    found = scanned(
        {
            "good.py": SOCKET,
            "broken.py": "import zmq\ndef (\n",
            "binary.py": b"import zmq\0\0\0",
            "latin.py": b"import zmq\n# caf\xe9\n",
            "huge.py": "import zmq\n" + "x = 1\n" * 800_000,
            "small.js": "zmq=1;" * 20_000,
        }
    )
    assert told(found) == ["PUB bind tcp://*:5556"]
    assert skipped(found) == {
        "binary.py": SkipReason.BINARY,
        "broken.py": SkipReason.UNPARSED,
        "huge.py": SkipReason.HUGE,
        "latin.py": SkipReason.ENCODING,
        "small.js": SkipReason.MINIFIED,
    }


def test_a_link_that_leads_out_or_in_a_circle_is_not_followed(scanned, tmp_path):
    (tmp_path / "secret.py").write_text(SOCKET)
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "out.py").symlink_to(tmp_path / "secret.py")
    (tmp_path / "code" / "loop").symlink_to(tmp_path / "code")
    (tmp_path / "code" / "self").symlink_to("self")
    os.mkfifo(tmp_path / "code" / "pipe.py")
    found = scanned({"a.py": SOCKET})
    assert len(found.sockets) == 1
    reasons = [each.reason for each in found.skipped]
    assert sorted(reasons) == sorted([*[SkipReason.LINK] * 3, SkipReason.SPECIAL])


def test_what_git_ignores_and_what_tools_installed_is_left_out_and_counted(scanned):
    files = {
        ".gitignore": "build/\n*.gen.py\n!keep.gen.py\n",
        "a.py": SOCKET,
        "build/b.py": SOCKET,
        "c.gen.py": SOCKET,
        "keep.gen.py": SOCKET,
        "node_modules/x/d.js": 'require("zeromq").socket("pub")',
    }
    found = scanned(files)
    assert [each.place.file for each in found.sockets] == ["a.py", "keep.gen.py"]
    assert found.ignored == 3
    assert len(scanned(files, everything=True).sockets) == 5


@pytest.mark.parametrize(
    ("text", "path", "folder", "wanted"),
    [
        ("*.o", "a/b.o", False, True),
        ("/a", "b/a", False, False),
        ("/a", "a", False, True),
        ("a/**/b", "a/x/y/b", False, True),
        ("doc/*.txt", "doc/x/y.txt", False, False),
        ("logs/", "logs", False, False),
        ("logs/", "logs", True, True),
        ("*.log\n!keep.log", "keep.log", False, False),
        ("#x\n\n[ab].py", "b.py", False, True),
        ("[!ab].py", "b.py", False, False),
    ],
)
def test_a_pattern_of_gitignore_means_what_git_means(text, path, folder, wanted):
    assert ignores([("", patterns(text))], path, folder=folder) is wanted


def test_nothing_of_what_is_scanned_is_run_or_imported(scanned, tmp_path):
    trap = f"open({str(tmp_path / 'ran')!r}, 'w').close()\nraise SystemExit(7)\n"
    before = set(sys.modules)
    found = scanned(
        {
            "trap/__init__.py": trap,
            "trap/inner.py": trap + "EP = 'tcp://*:5556'\n",
            "builtins.py": trap,
            "zmq.py": trap + "PUB = 1\n",
            "conftest.py": trap,
            "setup.py": trap + "name='x'\n",
            "a.py": "import trap, zmq\nfrom trap.inner import EP\n"
            "zmq.Context().socket(zmq.PUB).bind(EP)\n",
        }
    )
    assert told(found) == ["PUB bind tcp://*:5556"]
    assert not (tmp_path / "ran").exists()
    assert not {each for each in set(sys.modules) - before if each.startswith("trap")}


def test_a_path_that_is_not_there_is_refused_with_all_the_others(tmp_path):
    with pytest.raises(InputError) as refused:
        scan([tmp_path / "none", tmp_path / "neither"])
    assert len(refused.value.problems) == 2


def test_a_file_that_is_named_twice_is_read_once(tmp_path):
    path = tmp_path / "a.py"
    path.write_text(SOCKET)
    assert len(scan([tmp_path, path, tmp_path]).sockets) == 1


def test_where_the_libraries_are_missing_one_sentence_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "astroid", None)
    with pytest.raises(InputError, match=r"bulkhead\[discover\]"):
        scan([tmp_path])


def test_programs_are_told_by_their_manifests(scanned):
    found = scanned(
        {
            "one/pyproject.toml": '[project]\nname = "feed"\n',
            "one/src/a.py": SOCKET,
            "two/package.json": '{"name": "desk"}',
            "two/a.js": 'require("zeromq").socket("pub").bind("tcp://*:1")',
            "three/go.mod": "module example.com/three\n",
            "three/a.go": 'package main\nimport zmq "github.com/pebbe/zmq4"\n'
            "func main() { zmq.NewSocket(zmq.PUB) }\n",
            "b.py": SOCKET,
        }
    )
    assert set(found.programs) == {"feed", "desk", "example.com/three", "code"}


def test_a_macro_of_c_that_is_no_text_is_told_at_once_however_long_it_is(scanned):
    # every piece of it could be cut in many ways: an expression that gives pieces back never ends
    long = "NLOHMANN_JSON_EXPAND" * 40
    source = f"""#include <zmq.h>
#define PASTE({", ".join(f"v{at}" for at in range(60))}) NLOHMANN_JSON_PASTE2(v1) {long}&
#define MASK {long} {"1" * 60}&
#define PORT "5556"
int main(void) {{ void *s = zmq_socket(zmq_ctx_new(), ZMQ_PUB); zmq_bind(s, "tcp://*:" PORT); }}
"""
    assert told(scanned({"a.c": source})) == ["PUB bind tcp://*:5556"]
