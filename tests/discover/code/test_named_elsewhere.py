"""Endpoints that a file names and another one has, in the way of each language."""

import pytest

from tests.discover.code.conftest import told

CPP = "#include <zmq.hpp>\nint main() {\n  zmq::socket_t s(ctx, ZMQ_PUB);\n"
PY = "import zmq\ns = zmq.Context().socket(zmq.PUB)\n"
GO = 'package main\nimport (\n\t"github.com/go-zeromq/zmq4"\n\t%s\n)\nfunc main() {\n'
RUST = "fn main() {\n    let s = zmq::Context::new().socket(zmq::PUB).unwrap();\n"

FORMS = {
    "a package of Go, of which others have one of that name too": {
        "one/main.go": GO % '"bank.example/one/config"'
        + "\ts := zmq4.NewPub(ctx)\n\ts.Listen(config.Endpoint)\n}\n",
        "one/config/c.go": 'package config\n\nconst Endpoint = "tcp://*:5556"\n',
        "two/config/c.go": 'package config\n\nconst Endpoint = "tcp://*:1"\n',
    },
    "a package of Go by another name": {
        "main.go": GO % 'conf "bank.example/settings/v2"'
        + "\ts := zmq4.NewPub(ctx)\n\ts.Listen(conf.Endpoint)\n}\n",
        "settings/v2/c.go": 'package settings\n\nvar Endpoint = "tcp://*:5556"\n',
    },
    "a namespace of C++": {
        "conf.hpp": "namespace bank { namespace bus {\nconstexpr int PORT = 5556;\n} }\n",
        "a.cpp": CPP + '  s.bind("tcp://*:" + std::to_string(bank::bus::PORT));\n}\n',
    },
    "a struct of C++ that is filled by place": {
        "conf.hpp": "namespace bus {\nstruct Topic { const char* name; uint16_t port; };\n"
        'constexpr Topic LEFT{"left", 5556};\nconstexpr Topic RIGHT{"right", 1};\n}\n',
        "a.cpp": CPP + "  const auto topic = bus::LEFT;\n"
        '  s.bind("tcp://*:" + std::to_string(topic.port));\n}\n',
    },
    "an array of structs of C++": {
        "a.cpp": "struct Topic { const char* name; int port = 2; };\n"
        'const std::array<Topic, 2> ALL{{{"left", 1}, {"right", 5556}}};\n'
        + CPP
        + '  s.bind("tcp://*:" + std::to_string(ALL[1].port));\n}\n',
    },
    "a default of a struct of C++ that is left out": {
        "a.cpp": "struct Topic { const char* name; int port = 5556; };\n"
        'const Topic ALL[]{{"left", 1}, {"right"}};\n'
        + CPP
        + '  s.bind("tcp://*:" + std::to_string(ALL[1].port));\n}\n',
    },
    "one value in braces of C++": {
        "a.cpp": CPP + '  const auto ep{"tcp://*:5556"};\n  s.bind(ep);\n}\n',
    },
    "a stream of C++ that is written to twice": {
        "a.cpp": CPP + '  std::stringstream ep;\n  ep << "tcp://*" << std::dec;\n'
        '  ep << ":" << 5556;\n  s.bind(ep.str());\n}\n',
    },
    "a class of C++ that is exported, through its bases": {
        "a.hpp": "namespace lib {\nclass LIB_API Base : public Root {\n public:\n"
        "  Base(const std::string& ep);\n  void go();\n  std::string ep_;\n};\n}\n",
        "a.cpp": '#include <zmq.hpp>\n#include "a.hpp"\nnamespace lib {\n'
        "Base::Base(const std::string& ep) : ep_(ep) {}\n"
        "void Base::go() { zmq::socket_t s(ctx, ZMQ_PUB); s.bind(this->ep_); }\n}\n",
        "main.cpp": '#include "a.hpp"\nclass Mine : public lib::Base { Mine(const char* ep); };\n'
        "Mine::Mine(const char* ep) : lib::Base(ep) {}\n"
        'int main() { Mine mine("tcp://*:5556"); mine.go(); }\n',
    },
    "a field of a field that another method fills": {
        "a.cpp": "#include <zmq.hpp>\nstruct Info { Info(std::string e) : ep(e) {} "
        "std::string ep; };\nclass A { Info info_; zmq::socket_t s_; A(int port); void go(); };\n"
        'A::A(int port) : s_(ctx, ZMQ_PUB) { this->info_.ep = "tcp://*:5556"; }\n'
        "void A::go() { this->s_.bind(this->info_.ep); }\n",
    },
    "a file of Rust": {
        "main.rs": "mod config;\n" + RUST + "    s.bind(crate::config::ENDPOINT).unwrap();\n}\n",
        "config.rs": 'pub const ENDPOINT: &str = "tcp://*:5556";\n',
        "other.rs": 'pub const ENDPOINT: &str = "tcp://*:1";\n',
    },
    "a folder of Rust": {
        "main.rs": "use crate::config;\n" + RUST + "    s.bind(config::ENDPOINT).unwrap();\n}\n",
        "config/mod.rs": 'pub const ENDPOINT: &str = "tcp://*:5556";\n',
    },
    "a module in a file of Rust": {
        "main.rs": 'mod at { pub const ENDPOINT: &str = "tcp://*:5556"; }\n'
        + RUST
        + "    s.bind(at::ENDPOINT).unwrap();\n}\n",
    },
    "a companion of Kotlin": {
        "Config.kt": "class Config {\n    companion object {\n"
        '        const val ENDPOINT = "tcp://*:5556"\n    }\n}\n',
        "A.kt": "import org.zeromq.*\nfun main() {\n"
        "    val s = ZContext().createSocket(SocketType.PUB)\n    s.bind(Config.ENDPOINT)\n}\n",
    },
    "an arrow of C#": {
        "c.cs": 'static class Config { public static string Endpoint => "tcp://*:5556"; }\n',
        "a.cs": "using NetMQ;\nclass P { void M() {\n"
        "  var s = new PublisherSocket();\n  s.Bind(Config.Endpoint);\n} }\n",
    },
    "a define of PHP": {
        "c.php": "<?php\ndefine('ENDPOINT', 'tcp://*:5556');\n",
        "a.php": "<?php\n$s = new ZMQSocket(new ZMQContext(), ZMQ::SOCKET_PUB);\n"
        "$s->bind(ENDPOINT);\n",
    },
    "what a file of TypeScript exports by default": {
        "conf.ts": 'export default { zmq: { endpoint: "tcp://*:5556" } }\n',
        "a.ts": 'import * as zmq from "zeromq"\nimport conf from "./conf"\n'
        "const s = new zmq.Publisher()\ns.bind(conf.zmq.endpoint)\n",
    },
}


@pytest.mark.parametrize("form", FORMS)
def test_what_another_file_has_is_followed(scanned, form):
    assert told(scanned(FORMS[form])) == ["PUB bind tcp://*:5556"]


def test_a_function_of_one_line_of_elixir_is_what_it_gives(scanned):
    source = (
        "defmodule Conf do\n  def port, do: 5556\nend\n\ndefmodule A do\n  def go do\n"
        "    {:ok, s} = :chumak.socket(:pub)\n"
        "    :chumak.bind(s, :tcp, '0.0.0.0', Conf.port())\n  end\nend\n"
    )
    assert told(scanned({"a.ex": source})) == ["PUB bind tcp://0.0.0.0:5556"]


def test_a_variable_of_go_is_not_taken_for_the_package_that_it_hides(scanned):
    files = {
        "main.go": GO % '"bank.example/config"' + "\ts := zmq4.NewPub(ctx)\n"
        "\tconfig := Load()\n\ts.Listen(config.Endpoint)\n}\n",
        "config/c.go": 'package config\n\nconst Endpoint = "tcp://*:1"\n',
    }
    assert told(scanned(files)) == ["PUB bind {Endpoint}"]


def test_what_a_loop_puts_into_a_stream_of_cpp_stays_open(scanned):
    source = (
        CPP + '  std::stringstream ep;\n  ep << "inproc://";\n'
        '  for (int i = 0; i < 4; i++) {\n    ep << "-";\n  }\n  ep << "end";\n'
        "  s.bind(ep.str());\n}\n"
    )
    assert told(scanned({"a.cpp": source})) == ["PUB bind inproc://{…}end"]


def test_what_an_if_of_go_declares_is_there_in_its_branch(scanned):
    source = (
        GO % '"os"' + '\thost := "h"\n\tport := "1"\n'
        '\tif v := os.Getenv("HOST"); v != "" {\n\t\thost = v\n\t}\n'
        '\tif v := os.Getenv("PORT"); v != "" {\n\t\tport = v\n\t}\n'
        '\ts := zmq4.NewPub(ctx)\n\ts.Dial("tcp://" + host + ":" + port)\n}\n'
    )
    (socket,) = scanned({"a.go": source}).sockets
    assert {end.text for end in socket.ends} == {
        "tcp://h:1",
        "tcp://{HOST}:1",
        "tcp://h:{PORT}",
        "tcp://{HOST}:{PORT}",
    }


def test_numbers_of_several_callers_are_added_and_not_written_in_a_row(scanned):
    source = (
        "import zmq\ndef go(number):\n    s = zmq.Context().socket(zmq.PUB)\n"
        '    s.bind(f"tcp://*:{5690 + number}")\ngo(1)\ngo(2)\n'
    )
    assert told(scanned({"a.py": source})) == ["PUB bind tcp://*:5691", "PUB bind tcp://*:5692"]


ZMQ_TS = 'import * as zmq from "zeromq"\n'


def test_a_function_of_typescript_may_be_called_as_its_file(scanned):
    files = {
        "wrapped.ts": "export function wrapped(broker) {\n"
        "  broker = reactive(broker)\n  return broker\n}\n",
        "a.ts": ZMQ_TS + 'import { wrapped } from "./wrapped"\n'
        'const s = wrapped({ front: new zmq.Publisher() })\ns.front.bind("tcp://*:5556")\n',
    }
    assert told(scanned(files)) == ["PUB bind tcp://*:5556"]


def test_a_file_of_typescript_means_the_one_beside_it(scanned):
    files = {
        f"{folder}/{file}": text
        for folder, port in (("one", 1), ("two", 2))
        for file, text in {
            "conf.ts": f'export const ENDPOINT = "tcp://*:{port}"\n',
            "a.ts": ZMQ_TS + 'import { ENDPOINT } from "./conf"\n'
            "const s = new zmq.Publisher()\ns.bind(ENDPOINT)\n",
        }.items()
    }
    assert told(scanned(files)) == ["PUB bind tcp://*:1", "PUB bind tcp://*:2"]


def test_what_a_base_leaves_to_its_classes_is_called_by_it(scanned):
    source = (
        "import zmq\n\nclass Base:\n    def go(self):\n"
        "        s = zmq.Context().socket(zmq.PUB)\n        self.setup(s)\n"
        "    def setup(self, s):\n        raise NotImplementedError\n\n"
        "class Server(Base):\n    def setup(self, s):\n        put(s, self.at())\n"
        '    def at(self):\n        return "tcp://*:5556"\n\n'
        "def put(s, at):\n    s.bind(at)\n"
    )
    assert told(scanned({"a.py": source})) == ["PUB bind tcp://*:5556"]


def test_a_parameter_that_is_given_another_value_later_is_what_was_given(scanned):
    source = PY + 'def go(at):\n    s.bind(at)\n    at = "tcp://*:1"\n\ngo("tcp://*:5556")\n'
    assert told(scanned({"a.py": source})) == ["PUB bind tcp://*:5556"]


CLASS = (
    "#include <zmq.hpp>\nclass Client {\n public:\n"
    '  Client(std::string host = "h", int port = 5556);\n  void go();\n  std::string ep_;\n};\n'
    "Client::Client(std::string host, int port)\n"
    '    : ep_((boost::format("tcp://%s:%d") % host % port).str()) {}\n'
    "void Client::go() { zmq::socket_t s(ctx, ZMQ_PUB); s.connect(this->ep_); }\n"
)


@pytest.mark.parametrize(
    ("made", "text"),
    [
        ('Client c("a");', "tcp://a:5556"),
        ('Client c{"a", 7};', "tcp://a:7"),
        ('Client c("a", 7);', "tcp://a:7"),
    ],
)
def test_defaults_of_cpp_stand_where_a_constructor_is_declared(scanned, made, text):
    files = {"a.cpp": CLASS + "int main() { " + made + " c.go(); }\n"}
    assert told(scanned(files)) == [f"PUB connect {text}"]


def test_a_constructor_of_cpp_that_nobody_calls_has_its_defaults(scanned):
    (socket,) = scanned({"a.cpp": CLASS}).sockets
    (end,) = socket.ends
    assert (end.text, end.default) == ("tcp://{host}:{port}", "tcp://h:5556")


BEHIND = {
    "a variable of JavaScript": (
        "a.js",
        'const zmq = require("zeromq")\nlet ep = "tcp://h:"\n'
        'if (x) {\n  ep += "1"\n} else {\n  ep += "2"\n}\nzmq.socket("pub").connect(ep)\n',
    ),
    "a field of C++": (
        "a.cpp",
        "#include <zmq.hpp>\nclass A { std::string ep; void go(); };\nvoid A::go() {\n"
        '  zmq::socket_t s(ctx, ZMQ_PUB);\n  ep = "tcp://h:";\n'
        '  if (x) {\n    ep += "1";\n  } else {\n    ep += "2";\n  }\n'
        "  s.connect(ep.c_str());\n}\n",
    ),
}


@pytest.mark.parametrize("form", BEHIND)
def test_what_each_branch_puts_behind_a_text_stands_behind_the_text_before(scanned, form):
    file, source = BEHIND[form]
    assert told(scanned({file: source})) == ["PUB connect tcp://h:1", "PUB connect tcp://h:2"]


def test_a_number_and_what_a_function_gives_are_added(scanned):
    source = CPP + '  s.bind("tcp://*:" + std::to_string(5000 + hashed(name)));\n}\n'
    assert told(scanned({"a.cpp": source})) == ["PUB bind tcp://*:{5000 + hashed()}"]


@pytest.mark.parametrize(
    ("file", "source"),
    [
        (
            "a.py",
            "class Topic:\n    def __init__(self, name, port):\n        self.port = port\n\n"
            'LEFT = Topic("left", 1)\nRIGHT = Topic("right", 5556)\n'
            + PY
            + 's.bind(f"tcp://*:{RIGHT.port}")\n',
        ),
        (
            "a.cs",
            "using NetMQ;\nclass Place {\n  public Place(string at) { At = at; }\n"
            "  public string At { get; }\n}\nclass P { void M() {\n"
            '  var one = new Place("tcp://*:1");\n  var other = new Place("tcp://*:5556");\n'
            "  var s = new PublisherSocket();\n  s.Bind(other.At);\n} }\n",
        ),
    ],
)
def test_an_object_has_what_it_was_made_with_and_not_what_others_were(scanned, file, source):
    assert told(scanned({file: source})) == ["PUB bind tcp://*:5556"]


def test_a_path_of_python_that_is_divided_is_put_together(scanned):
    source = PY + 'from pathlib import Path\nat = Path("/run") / "bus"\ns.bind(f"ipc://{at}")\n'
    assert told(scanned({"a.py": source})) == ["PUB bind ipc:///run/bus"]


def test_a_class_that_serves_in_one_method_and_asks_in_another_has_two_sockets(scanned):
    source = (
        "import zmq\n\nclass Base:\n    def __init__(self, kind):\n        self.kind = kind\n\n"
        "    def serve(self):\n        self.socket = zmq.Context().socket(self.kind)\n"
        '        self.socket.bind("tcp://*:1")\n\n'
        "    def ask(self):\n        self.socket = zmq.Context().socket(self.kind)\n"
        '        self.socket.connect("tcp://h:2")\n\n'
        "    def more(self):\n"
        '        self.socket.connect("tcp://h:3")\n\n'
        "class Server(Base):\n    def __init__(self):\n        super().__init__(zmq.REP)\n\n"
        "class Client(Base):\n    def __init__(self):\n        super().__init__(zmq.REQ)\n"
    )
    ends = [
        [(each.side, each.text) for each in one.ends] for one in scanned({"a.py": source}).sockets
    ]
    elsewhere = ("connect", "tcp://h:3")  # which of the two it is about, no line says
    assert ends == [[("bind", "tcp://*:1"), elsewhere], [("connect", "tcp://h:2"), elsewhere]]


def test_a_field_that_a_method_gives_one_of_two_sockets_may_be_either(scanned):
    source = (
        "import zmq\n\nclass Client:\n    def open(self, fast):\n        if fast:\n"
        "            self.s = zmq.Context().socket(zmq.PUSH)\n        else:\n"
        "            self.s = zmq.Context().socket(zmq.REQ)\n"
        '        self.s.connect("tcp://h:1")\n'
    )
    assert told(scanned({"a.py": source})) == [
        "PUSH connect tcp://h:1",
        "REQ connect tcp://h:1",
    ]


JOINED = {
    "Python": ("a.py", PY + 'import os\ns.bind("ipc://" + os.path.join("/run/", "bus", "a"))\n'),
    "Python, from the last with a root": (
        "a.py",
        PY + 'import os\ns.bind("ipc://" + os.path.join("/no", "/run/bus", "a"))\n',
    ),
    "JavaScript": (
        "a.js",
        'const zmq = require("zeromq")\nconst path = require("path")\n'
        'zmq.socket("pub").bind("ipc://" + path.join("/run", "/bus", "a"))\n',
    ),
    "Go": (
        "main.go",
        GO % '"path/filepath"'
        + '\ts := zmq4.NewPub(ctx)\n\ts.Listen("ipc://" + filepath.Join("/run", "bus/a"))\n}\n',
    ),
}


@pytest.mark.parametrize("language", JOINED)
def test_a_path_is_put_together_as_its_library_does(scanned, language):
    file, source = JOINED[language]
    expected = ["PUB bind ipc:///run/bus/a"]
    assert told(scanned({file: source})) == expected


def test_the_folder_for_what_is_temporary_is_of_the_environment(scanned):
    source = PY + 'import os, tempfile\ns.bind("ipc://" + os.path.join(tempfile.gettempdir(), "a"))'
    ((end,),) = (each.ends for each in scanned({"a.py": source}).sockets)
    assert (end.text, end.default) == ("ipc://{tmpdir}/a", "ipc:///tmp/a")


def test_what_stands_in_step_by_step_for_an_option_is_its_default(scanned):
    source = (
        "import argparse, os, zmq\np = argparse.ArgumentParser()\n"
        'p.add_argument("--at", default=None)\nargs = p.parse_args()\n'
        'at = args.at\nat = at or os.environ.get("AT")\nat = at or "tcp://h:5556"\n'
        "zmq.Context().socket(zmq.REQ).connect(at)\n"
    )
    ((end,),) = (each.ends for each in scanned({"a.py": source}).sockets)
    assert (end.text, end.default) == ("{at}", "tcp://h:5556")


def test_an_option_of_cli11_is_what_its_variable_holds(scanned):
    source = (
        CPP + '  std::string ep = "tcp://*:5556";\n  std::optional<int> port;\n'
        '  app.add_option("-b,--bind", ep, "where");\n  app.add_option("--port", port);\n'
        '  s.bind(ep);\n  s.connect("tcp://h:" + std::to_string(*port));\n}\n'
    )
    (socket,) = scanned({"a.cpp": source}).sockets
    said = [(end.text, end.default, end.parts[-1].source) for end in socket.ends]
    assert said == [("{bind}", "tcp://*:5556", "--bind"), ("tcp://h:{port}", None, "--port")]


def test_a_text_of_juce_gives_its_text(scanned):
    source = (
        "#include <zmq.h>\nvoid A::go() {\n  String url;\n"
        '  url = String("tcp://*:") + String(5556);\n'
        "  void* s = zmq_socket(ctx, ZMQ_PUB);\n  zmq_bind(s, url.toRawUTF8());\n}\n"
    )
    assert told(scanned({"a.cpp": source})) == ["PUB bind tcp://*:5556"]


NODE = {
    "zmqutil.js": 'var zmq = require("zmq")\nmodule.exports.socket = function() {\n'
    "  return zmq.socket.apply(zmq, arguments)\n}\n",
    "units/proxy.js": 'var zmqutil = require("../zmqutil")\nmodule.exports = function(options) {\n'
    '  var pub = zmqutil.socket("pub")\n  pub.bindSync(options.ends.pub)\n'
    '  var sub = zmqutil.socket("sub")\n  sub.connect(options.ends.sub)\n}\n',
}
YARGS = (
    'module.exports.builder = function(yargs) {\n  return yargs.option("bind-pub", '
    '{ default: "tcp://*:5556" })\n}\nmodule.exports.handler = function(argv) {\n'
    '  return %s({ ends: { pub: argv.bindPub, sub: "tcp://h:1" } })\n}\n'
)


@pytest.mark.parametrize(
    "caller",
    [
        YARGS % 'require("../units/proxy")',
        'var start = require("../units/proxy")\n' + YARGS % "start",
    ],
)
def test_a_file_of_node_that_is_a_function_gets_what_it_is_called_with(scanned, caller):
    first, second = scanned(NODE | {"cli/proxy.js": caller}).sockets
    assert [(end.text, end.default) for end in first.ends] == [("{bindPub}", "tcp://*:5556")]
    assert first.types == ("PUB",)
    assert (second.types, [end.text for end in second.ends]) == (("SUB",), ["tcp://h:1"])


def test_a_field_of_another_object_is_the_socket_that_the_function_gave_it(scanned):
    source = (
        'package main\nimport zmq "github.com/pebbe/zmq4"\n'
        "type P struct { s *zmq.Socket }\n"
        "func one(p *P) {\n\tp.s, _ = zmq.NewSocket(zmq.PUB)\n"
        '\tp.s.Bind("tcp://*:1")\n}\n'
        "func two(p *P) {\n\tp.s, _ = zmq.NewSocket(zmq.PULL)\n"
        '\tp.s.Bind("tcp://*:2")\n}\n'
    )
    assert told(scanned({"main.go": source})) == ["PUB bind tcp://*:1", "PULL bind tcp://*:2"]


def test_a_shift_is_no_text_with_a_number_behind_it(scanned):
    source = (
        GO
        % '"fmt"'
        + "\ts := zmq4.NewPub(ctx)\n\tport := uint16(packed[1])<<8 + uint16(packed[2])\n"
        '\ts.Listen(fmt.Sprintf("tcp://*:%d", port))\n}\n'
    )
    assert told(scanned({"main.go": source})) == [
        "PUB bind tcp://*:{uint16(packed[1])<<8 + uint16(packed[2])}"
    ]


def test_ends_that_differ_only_in_what_nobody_can_tell_are_one(scanned):
    source = (
        PY + "import outside\nat = outside.one()\nif outside.fast:\n    at = outside.other()\n"
        's.bind(f"tcp://{at}:5556")\n'
    )
    assert told(scanned({"a.py": source})) == ["PUB bind tcp://{outside.one()}:5556"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('  std::string ep = "tcp://h:5556";\n', "  std::string ep(argv[1]);\n"),
        ("  ep = argv[1];\n", '  ep = "tcp://h:5556";\n'),
    ],
)
def test_of_what_is_compiled_only_sometimes_each_branch_is_told(scanned, one, other):
    source = (
        "#include <zmq.hpp>\nint main(int argc, char** argv) {\n  std::string ep;\n"
        f"#ifdef DEBUG\n{one}#else\n{other}#endif\n"
        "  zmq::socket_t s(ctx, ZMQ_PUB);\n  s.connect(ep);\n}\n"
    )
    assert sorted(told(scanned({"a.cpp": source}))) == [
        "PUB connect tcp://h:5556",
        "PUB connect {argument 1}",
    ]


def test_what_tests_of_a_library_give_is_none_of_its_endpoints(scanned):
    source = PY.replace("s = ", "def serve(at):\n    s = ") + "    s.bind(at)\n"
    files = {"a.py": source, "Test/Network/b.py": 'import a\na.serve("tcp://*:1")\n'}
    assert told(scanned(files)) == ["PUB bind {at}"]


def test_two_ports_of_which_nobody_can_tell_either_are_added(scanned):
    source = (
        'const zmq = require("zeromq")\nconst PORT = Number(process.env.PORT)\n'
        "const GAP = Number(process.env.GAP)\n"
        "new zmq.Push().bind(`tcp://*:${PORT + GAP}`)\n"
    )
    assert told(scanned({"a.js": source})) == ["PUSH bind tcp://*:{PORT + GAP}"]


def test_a_context_of_the_first_binding_of_csharp_makes_sockets(scanned):
    source = (
        "using ZMQ;\nclass P { void Run() {\n  using (var context = new Context())\n"
        "  using (var s = context.Socket(SocketType.REP))\n"
        '  {\n    s.Bind("tcp://*:5556");\n  }\n} }\n'
    )
    assert told(scanned({"a.cs": source})) == ["REP bind tcp://*:5556"]
