"""A tree of source code: five languages, and one file in ten with sockets."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

_FILLER = {
    "py": "def work_{n}(a, b):\n    total = a + b * {n}\n    if total > {n}:\n"
    "        return helper(total, [a, b])\n    return total\n\n",
    "go": "func work{n}(a int, b int) int {{\n\ttotal := a + b*{n}\n\tif total > {n} {{\n"
    "\t\treturn helper(total)\n\t}}\n\treturn total\n}}\n\n",
    "java": "    static int work{n}(int a, int b) {{\n        int total = a + b * {n};\n"
    "        if (total > {n}) {{\n            return helper(total);\n        }}\n"
    "        return total;\n    }}\n\n",
    "ts": "export function work{n}(a: number, b: number): number {{\n  const total = a + b * {n}\n"
    "  if (total > {n}) {{\n    return helper(total)\n  }}\n  return total\n}}\n\n",
    "cpp": "int work{n}(int a, int b) {{\n  int total = a + b * {n};\n  if (total > {n}) {{\n"
    "    return helper(total);\n  }}\n  return total;\n}}\n\n",
}
_SOCKETS = {
    "py": "import os, zmq\nfrom pkg.conf import BASE\n\n"
    "class Feed{n}:\n    def __init__(self, port):\n"
    "        self.sock = zmq.Context().socket(zmq.PUB)\n"
    '        self.sock.bind(f"tcp://*:{{port}}")\n\nFeed{n}(os.environ.get("P", BASE))\n\n',
    "go": 'package a\n\nimport zmq "github.com/pebbe/zmq4"\n\nfunc feed{n}(port int) {{\n'
    '\ts, _ := zmq.NewSocket(zmq.PUB)\n\ts.Bind(fmt.Sprintf("tcp://*:%d", port))\n}}\n\n',
    "java": "import org.zeromq.*;\n\nclass Feed{n} {{\n    void feed(ZContext c, int port) {{\n"
    "        ZMQ.Socket s = c.createSocket(SocketType.PUB);\n"
    '        s.bind("tcp://*:" + port);\n    }}\n\n',
    "ts": 'import * as zmq from "zeromq"\n\nexport async function feed{n}(port: number) {{\n'
    "  const s = new zmq.Publisher()\n  await s.bind(`tcp://*:${{port}}`)\n}}\n\n",
    "cpp": "#include <zmq.hpp>\n\nvoid feed{n}(zmq::context_t& c, int port) {{\n"
    "  zmq::socket_t s(c, zmq::socket_type::pub);\n"
    '  s.bind("tcp://*:" + std::to_string(port));\n}}\n\n',
}
_HEADS = {"go": "package a\n\n", "java": "class Plain{n} {{\n"}
_FUNCTIONS = 30
"""Of a file, which then has some 200 lines."""


def write(folder: Path, lines: int) -> int:
    """So many lines of code at least; how many sockets they make."""
    (folder / "pkg").mkdir(parents=True)
    (folder / "pkg" / "conf.py").write_text('BASE = "5556"\n')
    written = sockets = 0
    for number, suffix in enumerate(cycle(_FILLER)):
        if written >= lines:
            return sockets
        speaks = number % 11 == 0  # of every language, as 5 and 11 have nothing in common
        head = (_SOCKETS if speaks else _HEADS).get(suffix, "").format(n=number)
        body = "".join(
            _FILLER[suffix].format(n=number * _FUNCTIONS + at) for at in range(_FUNCTIONS)
        )
        text = head + body + ("}\n" if suffix == "java" else "")
        place = folder / f"part{number // 40}"
        place.mkdir(exist_ok=True)
        (place / f"file{number}.{suffix}").write_text(text)
        written += text.count("\n")
        sockets += speaks
    return sockets
