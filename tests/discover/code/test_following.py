"""Endpoints are followed through whatever a person could follow, and the rest is open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.discover.code import KnownPart, OpenKind, OpenPart
from bulkhead.discover.code.evaluate import Evaluator
from bulkhead.discover.code.formats import braces, percent
from bulkhead.discover.code.lower.python import alone, lowered_python
from bulkhead.discover.code.parts import template
from bulkhead.discover.code.world import Codebase
from tests.discover.code.conftest import told
from tests.support.examples import examples

PUB = "import zmq\ns = zmq.Context().socket(zmq.PUB)\n"

FORMS = {
    "a constant": 'PORT = 5556\ns.bind(f"tcp://*:{PORT}")',
    "concatenation": 'PORT = "5556"\ns.bind("tcp://*:" + PORT)',
    "percent": 's.bind("tcp://%s:%d" % ("*", 5556))',
    "format by place": 's.bind("tcp://{}:{}".format("*", 5556))',
    "format by name": 's.bind("tcp://{host}:{port}".format(host="*", port=5556))',
    "join": 's.bind(":".join(["tcp", "//*", "5556"]))',
    "replace": 's.bind("tcp://HOST:5556".replace("HOST", "*"))',
    "a sum": 'BASE = 5000\ns.bind("tcp://*:" + str(BASE + 556))',
    "a product, inferred": 's.bind(f"tcp://*:{2778 * 2}")',
    "a dictionary": 'C = {"ep": "tcp://*:5556"}\ns.bind(C["ep"])',
    "a class attribute": 'class C:\n    EP = "tcp://*:5556"\ns.bind(C.EP)',
    "a field": """
class C:
    def __init__(self, port):
        self.port = port
    def start(self):
        s.bind(f"tcp://*:{self.port}")
C(5556).start()
""",
    "a function": 'def at(host, port):\n    return f"tcp://{host}:{port}"\ns.bind(at("*", 5556))',
    "a default": 'def go(port=5556):\n    s.bind(f"tcp://*:{port}")\ngo()',
    "a property": """
class C:
    @property
    def ep(self):
        return "tcp://*:5556"
s.bind(C().ep)
""",
    "a list": 'for ep in ["tcp://*:5556"]:\n    s.bind(ep)',
    "an item of several": 'a, b = "tcp://*:5556", 2\ns.bind(a)',
    "a thread's arguments": """
from threading import Thread
def work(ep):
    s.bind(ep)
Thread(target=work, args=("tcp://*:5556",)).start()
""",
    "a thread of one's own": """
from threading import Thread
class Watched(Thread):
    pass
def work(ep):
    s.bind(ep)
Watched(target=work, args=("tcp://*:5556",)).start()
""",
    "what was assigned last": 'ep = "tcp://*:1"\nep = "tcp://*:5556"\ns.bind(ep)',
    "what was added": 'ep = "tcp://*"\nep += ":5556"\ns.bind(ep)',
    "a walrus": 's.bind(ep := "tcp://*:5556")',
}


@pytest.mark.parametrize("form", FORMS)
def test_an_endpoint_is_resolved_through(scanned, form):
    assert told(scanned({"a.py": PUB + FORMS[form]})) == ["PUB bind tcp://*:5556"]


OPEN = {
    "argparse": (
        'import argparse\np = argparse.ArgumentParser()\np.add_argument("--port", default=5556)\n'
        'args = p.parse_args()\ns.bind(f"tcp://*:{args.port}")',
        OpenPart("port", OpenKind.ARGUMENT, "--port", "5556"),
    ),
    "click": (
        'import click\n@click.command()\n@click.option("--port", default=5556)\ndef go(port):\n'
        '    s.bind(f"tcp://*:{port}")',
        OpenPart("port", OpenKind.ARGUMENT, "--port", "5556"),
    ),
    "typer": (
        "import typer\ndef go(port: int = typer.Option(5556)):\n"
        '    s.bind(f"tcp://*:{port}")\ntyper.run(go)',
        OpenPart("port", OpenKind.ARGUMENT, "--port", "5556"),
    ),
    "the environment": (
        'import os\ns.bind("tcp://*:" + os.environ.get("ZMQ_PORT", "5556"))',
        OpenPart("ZMQ_PORT", OpenKind.ENVIRONMENT, "ZMQ_PORT", "5556"),
    ),
    "the environment, or else": (
        'import os\nP = os.getenv("ZMQ_PORT") or 5556\ns.bind(f"tcp://*:{P}")',
        OpenPart("ZMQ_PORT", OpenKind.ENVIRONMENT, "ZMQ_PORT", "5556"),
    ),
    "configuration": (
        'import yaml\nconfig = yaml.safe_load(open("c.yaml"))\n'
        "s.bind(f\"tcp://*:{config['zmq']['port']}\")",
        OpenPart("port", OpenKind.KEY, "zmq.port", None),
    ),
    "a parameter that nobody gives": (
        'def go(port=5556):\n    s.bind(f"tcp://*:{port}")',
        OpenPart("port", OpenKind.PARAMETER, "of go()", "5556"),
    ),
    "a command line": (
        'import sys\ns.bind("tcp://*:" + sys.argv[1])',
        OpenPart("argument 1", OpenKind.ARGUMENT, "1 of the command line", None),
    ),
}


@pytest.mark.parametrize("form", OPEN)
def test_what_stays_open_is_said_with_who_decides_it(scanned, form):
    source, wanted = OPEN[form]
    (socket,) = scanned({"a.py": PUB + source}).sockets
    (end,) = socket.ends
    assert end.open_parts == (wanted,)
    assert end.parts[0] == KnownPart("tcp://*:")


OTHERS = {
    "Go flags": (
        "a.go",
        'package main\nimport zmq "github.com/pebbe/zmq4"\nfunc main() {\n'
        '\taddr := flag.String("addr", "tcp://*:5556", "where")\n'
        "\ts, _ := zmq.NewSocket(zmq.PUB)\n\ts.Bind(*addr)\n}\n",
        OpenPart("addr", OpenKind.ARGUMENT, "-addr", "tcp://*:5556"),
    ),
    "the environment of Node": (
        "a.js",
        'const zmq = require("zeromq")\nconst EP = process.env.EP || "tcp://*:5556"\n'
        'zmq.socket("pub").bind(EP)\n',
        OpenPart("EP", OpenKind.ENVIRONMENT, "EP", "tcp://*:5556"),
    ),
    "the environment of Rust": (
        "a.rs",
        "fn main() {\n    let s = zmq::Context::new().socket(zmq::PUB).unwrap();\n"
        '    let e = std::env::var("EP").unwrap_or("tcp://*:5556".to_string());\n'
        "    s.bind(&e).unwrap();\n}\n",
        OpenPart("EP", OpenKind.ENVIRONMENT, "EP", "tcp://*:5556"),
    ),
    "a value of Spring": (
        "A.java",
        "import org.zeromq.*;\nclass A {\n"
        '  @Value("${zmq.endpoint:tcp://*:5556}") private String endpoint;\n'
        "  void go() { new ZContext().createSocket(SocketType.PUB).bind(endpoint); }\n}\n",
        OpenPart("endpoint", OpenKind.KEY, "zmq.endpoint", "tcp://*:5556"),
    ),
    "getenv of C": (
        "a.c",
        "#include <zmq.h>\nint main() {\n  void *s = zmq_socket(ctx, ZMQ_PUB);\n"
        '  char *ep = getenv("EP");\n  zmq_bind(s, ep);\n}\n',
        OpenPart("EP", OpenKind.ENVIRONMENT, "EP", None),
    ),
}


@pytest.mark.parametrize("form", OTHERS)
def test_other_languages_say_what_is_open_too(scanned, form):
    file, source, wanted = OTHERS[form]
    (socket,) = scanned({file: source}).sockets
    assert [end.open_parts for end in socket.ends] == [(wanted,)]


ACROSS = {
    "an import of Python": {
        "pkg/conf.py": 'EP = "tcp://*:5556"\n',
        "pkg/a.py": "from .conf import EP\n" + PUB + "s.bind(EP)\n",
    },
    "a module of Python": {
        "pkg/conf.py": 'EP = "tcp://*:5556"\n',
        "pkg/a.py": "from pkg import conf\n" + PUB + "s.bind(conf.EP)\n",
    },
    "a factory": {
        "make.py": "import zmq\ndef socket_of(kind):\n    return zmq.Context().socket(kind)\n",
        "a.py": "import zmq\nfrom make import socket_of\ns = socket_of(zmq.PUB)\n"
        's.bind("tcp://*:5556")\n',
    },
    "a caller": {
        "a.py": "import zmq\nclass Feed:\n    def __init__(self, ep):\n"
        "        self.s = zmq.Context().socket(zmq.PUB)\n        self.s.bind(ep)\n",
        "main.py": 'from a import Feed\nFeed("tcp://*:5556")\n',
    },
    "a constant of Java": {
        "Conf.java": 'class Conf { static final String EP = "tcp://*:5556"; }\n',
        "A.java": "import org.zeromq.*;\nclass A { void go() {\n"
        "  ZMQ.Socket s = new ZContext().createSocket(SocketType.PUB);\n  s.bind(Conf.EP);\n} }\n",
    },
    "a constant that is imported by itself in Java": {
        "Conf.java": 'class Conf { interface Url { String EP_1 = "tcp://*:5556"; } }\n',
        "A.java": "import org.zeromq.*;\nimport static Conf.Url.EP_1;\nclass A { void go() {\n"
        "  new ZContext().createSocket(SocketType.PUB).bind(EP_1);\n} }\n",
    },
    "a wrapper around bind": {
        "util.py": "def bind(sock, url):\n    return sock.bind(url)\n",
        "a.py": "import util\n" + PUB + 'util.bind(s, "tcp://*:5556")\n',
    },
    "a header of C": {
        "conf.h": '#define EP "tcp://*:5556"\n',
        "a.c": '#include <zmq.h>\n#include "conf.h"\nint main() {\n'
        "  void *s = zmq_socket(c, ZMQ_PUB);\n  zmq_bind(s, EP);\n}\n",
    },
    "a module of Node": {
        "conf.js": 'module.exports = { EP: "tcp://*:5556" }\n',
        "a.js": 'const zmq = require("zeromq")\nconst { EP } = require("./conf")\n'
        'zmq.socket("pub").bind(EP)\n',
    },
}


@pytest.mark.parametrize("form", ACROSS)
def test_names_are_followed_across_the_files_of_a_program(scanned, form):
    assert told(scanned(ACROSS[form])) == ["PUB bind tcp://*:5556"]


IMPLICIT = {
    "Java": (
        "A.java",
        "import org.zeromq.*;\nclass A {\n  private String ep; private ZMQ.Socket s;\n"
        "  A(String e) { ep = e; }\n"
        "  void go() { s = new ZContext().createSocket(SocketType.PUB); s.bind(ep); }\n"
        '  static void main() { new A("tcp://*:5556").go(); }\n}\n',
    ),
    "C#": (
        "a.cs",
        "using NetMQ;\nclass A {\n  string Ep { get; set; }\n  PublisherSocket s;\n"
        "  A(string e) { Ep = e; }\n"
        "  void Go() { s = new PublisherSocket(); s.Bind(Ep); }\n"
        '  static void Main() { new A("tcp://*:5556").Go(); }\n}\n',
    ),
    "Go": (
        "a.go",
        'package main\nimport zmq "github.com/pebbe/zmq4"\n'
        "type feed struct { s *zmq.Socket; ep string }\n"
        "func newFeed(ep string) *feed { return &feed{ep: ep} }\n"
        "func (self *feed) run() {\n\tself.s, _ = zmq.NewSocket(zmq.PUB)\n"
        "\tself.s.Bind(self.ep)\n}\n"
        'func main() { newFeed("tcp://*:5556").run() }\n',
    ),
    "a macro of Rust": (
        "a.rs",
        "fn main() {\n    let s = zmq::Context::new().socket(zmq::PUB).unwrap();\n"
        '    assert!(s.bind("tcp://*:5556").is_ok());\n}\n',
    ),
    "a stream of C++": (
        "a.cpp",
        "#include <zmq.hpp>\nint main() {\n  zmq::socket_t s(ctx, ZMQ_PUB);\n"
        '  std::stringstream ep;\n  ep << "tcp://*:" << 5556;\n  s.bind(ep.str());\n}\n',
    ),
    "a type that the caller chooses in Rust": (
        "a.rs",
        "fn go() { let s = open::<zeromq::PubSocket>(5556); }\n"
        "async fn open<S: zeromq::Socket>(port: u16) {\n    let mut s = S::new();\n"
        '    s.bind(&format!("tcp://*:{}", port)).await;\n}\n',
    ),
    "a format of a format in Go": (
        "a.go",
        'package main\nimport "github.com/go-zeromq/zmq4"\nfunc main() {\n'
        '\tat := fmt.Sprintf("tcp://%s:%%d", "*")\n\tvar g group\n'
        "\tg.pub.sock = zmq4.NewPub(ctx)\n\tg.pub.sock.Listen(fmt.Sprintf(at, 5556))\n}\n",
    ),
    "a prototype of JavaScript": (
        "a.js",
        'const zmq = require("zeromq")\nfunction Feed(ep) {\n  this.ep = ep\n'
        '  this.s = zmq.createSocket("pub")\n}\n'
        "Feed.prototype.start = function() { this.s.bindSync(this.ep) }\n"
        'new Feed("tcp://*:5556").start()\n',
    ),
    "a socket of its own class in Java": (
        "A.java",
        "import org.zeromq.*;\nclass Feed extends ZMQ.Socket {\n"
        "  Feed(ZContext c) { super(c, SocketType.PUB); }\n"
        '  void go() { super.bind("tcp://*:5556"); }\n}\n'
        "class Main { void main() { Feed f = new Feed(c); f.go(); } }\n",
    ),
    "a buffer of C": (
        "a.c",
        "#include <zmq.h>\nint main() {\n  void *s = zmq_socket(c, ZMQ_PUB);\n  char ep[64];\n"
        '  snprintf(ep, sizeof ep, "tcp://%s:%d", "*", 5556);\n  zmq_bind(s, ep);\n}\n',
    ),
}


@pytest.mark.parametrize("form", IMPLICIT)
def test_each_language_has_its_own_way_to_hold_an_endpoint(scanned, form):
    file, source = IMPLICIT[form]
    assert told(scanned({file: source})) == ["PUB bind tcp://*:5556"]


def test_modules_that_import_each_other_end(scanned):
    files = {
        "pkg/a.py": "from .b import EP\n" + PUB + "s.bind(EP)\n",
        "pkg/b.py": "from .a import EP\n",
        "pkg/c.py": "from .c import EP\n" + PUB + "s.bind(EP)\n",
    }
    found = scanned(files)
    assert told(found) == ["PUB bind {EP}", "PUB bind {EP}"]
    assert not found.left_out


def test_a_module_of_python_is_not_taken_for_a_file_of_that_name(scanned):
    files = {
        "pkg/__init__.py": "",
        "pkg/queue.py": 'EP = "tcp://*:1"\n',
        "other/a.py": "from queue import EP\n" + PUB + "s.bind(EP)\n",
    }
    assert told(scanned(files)) == ["PUB bind {EP}"]


def test_an_object_with_a_bind_of_its_own_is_no_socket(scanned):
    source = """
class Broker:
    def bind(self, ep):
        s.bind(ep)
b = Broker()
b.bind("tcp://*:5556")
"""
    assert told(scanned({"a.py": PUB + source})) == ["PUB bind tcp://*:5556"]


def test_a_branch_is_not_taken_for_another(scanned):
    source = """
if x:
    ep = "tcp://*:1"
    s.bind(ep)
else:
    ep = "tcp://*:2"
    s.connect(ep)
"""
    assert told(scanned({"a.py": PUB + source})) == ["PUB bind tcp://*:1", "PUB connect tcp://*:2"]


def test_a_function_that_is_called_twice_keeps_what_belongs_together(scanned):
    source = """
import zmq
ctx = zmq.Context()
def wire(sock, ep):
    sock.connect(ep)
a = ctx.socket(zmq.REQ)
b = ctx.socket(zmq.SUB)
wire(a, "tcp://a:1")
wire(b, "tcp://b:2")
"""
    assert told(scanned({"a.py": source})) == ["REQ connect tcp://a:1", "SUB connect tcp://b:2"]


def test_sockets_of_others_are_none_of_ours(scanned):
    source = """
import socket, sqlite3, zmq
plain = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
plain.bind(("", 80))
db = sqlite3.connect("file.db")
"""
    assert not scanned({"a.py": source}).sockets


def test_a_socket_that_comes_from_nowhere_is_still_told(scanned):
    (socket,) = scanned({"a.py": 'import zmq\ndef go(sock):\n    sock.bind("tcp://*:1")\n'}).sockets
    assert (socket.types, socket.made, socket.name) == ((), False, "sock")


def test_a_program_that_calls_itself_ends(scanned):
    source = "def f(x):\n    return f(f(x) + f(x))\ns.bind(f(f))\ns.bind(a)\na = b\nb = a\n"
    assert scanned({"a.py": PUB + source}).sockets


# Properties

texts = st.text(st.sampled_from("abz09.-_*"), min_size=1, max_size=6)


def value_of(source):
    """The template of what `x` is at the end of a module."""
    world = Codebase(lambda _: None, lambda _: [])
    with alone():
        module = lowered_python(source, "a.py")
        evaluator = Evaluator(world, lambda _, __: False)
        found = evaluator.ask(module.names["x"][-1].value, module)
    return [template(each.parts) for each in found]


@examples()
@given(pieces=st.lists(texts, min_size=1, max_size=4), how=st.data())
def test_a_text_is_the_same_however_it_is_put_together(pieces, how):
    names = [f"v{at}" for at, _ in enumerate(pieces)]
    lines = [f"{name} = {piece!r}" for name, piece in zip(names, pieces, strict=True)]
    form = how.draw(st.sampled_from(["plus", "f", "format", "percent", "join"]))
    lines.append(
        "x = "
        + {
            "plus": " + ".join(names),
            "f": "f'" + "".join(f"{{{name}}}" for name in names) + "'",
            "format": repr("{}" * len(names)) + f".format({', '.join(names)})",
            "percent": repr("%s" * len(names)) + f" % ({', '.join(names)},)",
            "join": f"''.join([{', '.join(names)}])",
        }[form]
    )
    assert value_of("\n".join(lines)) == ["".join(pieces)]


@examples()
@given(pieces=st.lists(st.text(st.sampled_from("ab:/")), max_size=4))
def test_a_format_gives_back_what_stands_between_its_arguments(pieces):
    for mark, read in (("%s", percent), ("{}", braces)):
        found = list(read(mark.join(pieces)))
        assert "".join(mark if isinstance(each, tuple) else each for each in found) == mark.join(
            pieces
        )
        assert [each[1] for each in found if isinstance(each, tuple)] == list(
            range(len(pieces) - 1 if pieces else 0)
        )


HELPERS = {
    "a flag of Python": (
        "a.py",
        """import zmq
def attach(ctx, kind, url, bind=False):
    s = ctx.socket(kind)
    if bind:
        s.bind(url)
    else:
        s.connect(url)
attach(zmq.Context(), zmq.PULL, "tcp://*:5556", bind=True)
attach(zmq.Context(), zmq.PUSH, "tcp://hub:5557")
""",
    ),
    "a flag that is turned round": (
        "a.py",
        """import zmq
def attach(ctx, kind, url, client):
    s = ctx.socket(kind)
    if not client:
        s.bind(url)
    elif client == "yes":
        s.connect(url)
attach(zmq.Context(), zmq.PULL, "tcp://*:5556", False)
attach(zmq.Context(), zmq.PUSH, "tcp://hub:5557", "yes")
""",
    ),
    "the type": (
        "a.py",
        """import zmq
def attach(ctx, kind, url):
    s = ctx.socket(kind)
    if kind in (zmq.PULL, zmq.ROUTER):
        s.bind(url)
    if kind == zmq.PUSH:
        s.connect(url)
attach(zmq.Context(), zmq.PULL, "tcp://*:5556")
attach(zmq.Context(), zmq.PUSH, "tcp://hub:5557")
""",
    ),
    "a flag of Go": (
        "a.go",
        """package main
import zmq "github.com/pebbe/zmq4"
func attach(c *zmq.Context, kind zmq.Type, url string, serve bool) {
    s, err := c.NewSocket(kind)
    if serve { err = s.Bind(url) } else { err = s.Connect(url) }
}
func main() {
    c, err := zmq.NewContext()
    attach(c, zmq.PULL, "tcp://*:5556", true)
    attach(c, zmq.PUSH, "tcp://hub:5557", false)
}
""",
    ),
    "a flag of C++": (
        "a.cpp",
        """#include <zmq.hpp>
void attach(zmq::context_t &c, int kind, std::string url, bool serve) {
    zmq::socket_t s(c, kind);
    if (!serve) { s.connect(url); } else { s.bind(url); }
}
int main() {
    zmq::context_t c;
    attach(c, ZMQ_PULL, "tcp://*:5556", true);
    attach(c, ZMQ_PUSH, "tcp://hub:5557", false);
}
""",
    ),
    "the arms of Rust": (
        "a.rs",
        """use zmq;
fn raw(ctx: &zmq::Context, kind: zmq::SocketType) -> Result<zmq::Socket, Error> {
    let socket = match ctx.socket(kind) {
        Ok(s) => s,
        Err(err) => return Err(Error::Failed(err)),
    };
    Ok(socket)
}
fn attach(ctx: &zmq::Context, kind: zmq::SocketType, url: String) {
    let socket = raw(ctx, kind).unwrap();
    match kind {
        zmq::SocketType::PULL | zmq::SocketType::REP => { socket.bind(&url).unwrap(); },
        zmq::SocketType::PUSH => { socket.connect(&url).unwrap(); },
        _ => panic!(),
    }
}
impl From<Url> for String { fn from(u: Url) -> String { u.text() } }
fn main() {
    let ctx = zmq::Context::new();
    attach(&ctx, zmq::PULL, String::from("tcp://*:5556"));
    attach(&ctx, zmq::PUSH, String::from("tcp://hub:5557"));
}
""",
    ),
}


@pytest.mark.parametrize("form", HELPERS)
def test_what_a_helper_does_is_told_by_what_each_call_asks_of_it(scanned, form):
    name, source = HELPERS[form]
    found = scanned({name: source})
    assert [end.split(" ", 1)[1] for end in told(found)] == [
        "bind tcp://*:5556",
        "connect tcp://hub:5557",
    ]
    assert set(found.sockets[0].types) == {"PULL", "PUSH"}


def test_a_helper_that_nobody_calls_may_do_either(scanned):
    library = HELPERS["a flag of Python"][1].partition("attach(zmq.Context(), zmq.PULL")[0]
    assert told(scanned({"a.py": library})) == ["? bind {url}", "? connect {url}"]


def test_a_flag_that_only_the_running_program_knows_leaves_both(scanned):
    source = HELPERS["a flag of Python"][1].replace("bind=True", "bind=sys.argv[1] == 'x'")
    assert "PULL/PUSH connect tcp://*:5556" in told(scanned({"a.py": source}))


def test_classes_in_classes_are_not_taken_for_others_of_their_name(scanned):
    source = (
        PUB
        + """
class One:
    class Worker:
        def __init__(self, url):
            s = zmq.Context().socket(zmq.PUSH)
            s.connect(url)
    def go(self):
        One.Worker("tcp://one:1")
class Two:
    class Worker:
        def __init__(self, name, url):
            s = zmq.Context().socket(zmq.PULL)
            s.connect(url)
    def go(self):
        Two.Worker("w", "tcp://two:2")
"""
    )
    assert told(scanned({"a.py": source}))[1:] == [
        "PUSH connect tcp://one:1",
        "PULL connect tcp://two:2",
    ]


def test_what_stands_beside_a_socket_does_not_give_it_its_name(scanned):
    source = """package main
import zmq "github.com/pebbe/zmq4"
func main() {
    context, err := zmq.NewContext()
    feed, err := context.NewSocket(zmq.SUB)
    err = feed.Connect("tcp://hub:5556")
}
"""
    assert [each.name for each in scanned({"a.go": source}).sockets] == ["feed"]


@pytest.mark.parametrize(
    "asked", ["one.last_endpoint", "one.LAST_ENDPOINT", "one.getsockopt(zmq.LAST_ENDPOINT)"]
)
def test_where_another_socket_was_bound_is_where_the_next_one_connects(scanned, asked):
    source = f"""import zmq
def main(ctx):
    url = "tcp://*:*"
    one = ctx.socket(zmq.XSUB)
    one.bind(url)
    url = {asked}.decode("utf8").replace("0.0.0.0", "127.0.0.1")
    ctx.socket(zmq.PUB).connect(url)
main(zmq.Context())
"""
    found = scanned({"a.py": source})
    assert told(found) == ["XSUB bind tcp://*:*", "PUB connect tcp://127.0.0.1:{port}"]
    (part,) = found.sockets[1].ends[0].open_parts
    assert part.kind is OpenKind.CHOSEN


CLIENT = """using NetMQ.Sockets;
namespace {name} {{
  public class Client {{
    private string _at;
    private RequestSocket _client;
    public Client(string at) {{ _at = at; _client = new RequestSocket(); _client.Connect(_at); }}
  }}
  class Run {{ void Main() {{ var c = new Client("tcp://{name}:5555"); }} }}
}}
"""


def test_classes_that_are_called_alike_keep_their_own_sockets_and_callers(scanned):
    """Examples that lie in one tree each have a `Client`, and none is that of another."""
    found = scanned({f"{name}/Client.cs": CLIENT.format(name=name) for name in ("a", "b", "c")})
    assert told(found) == [f"REQ connect tcp://{name}:5555" for name in ("a", "b", "c")]
    assert [each.place.file.partition("/")[0] for each in found.sockets] == ["a", "b", "c"]


def test_a_constructor_that_is_given_what_cannot_be_told_has_an_open_end(scanned):
    source = (
        "using NetMQ.Sockets;\nclass A {\n  void Go(Settings s) {\n"
        "    var router = new RouterSocket(s.Endpoint);\n    var none = new DealerSocket(null);\n"
        "  }\n}\n"
    )
    router, none = scanned({"A.cs": source}).sockets
    (end,) = router.ends
    assert (end.side, end.text) == ("bind", "{Endpoint}")
    assert none.ends == ()


def test_a_constructor_of_czmq_that_is_given_nothing_has_no_end(scanned):
    source = "#include <czmq.h>\nint main() { zsock_t *s = zsock_new_sub (NULL, NULL); }\n"
    (socket,) = scanned({"a.c": source}).sockets
    assert (socket.types, socket.ends) == (("SUB",), ())


def test_a_handler_that_is_given_a_socket_makes_none(scanned):
    source = (
        PUB + 's.connect("tcp://log:5558")\nfrom zmq.log.handlers import PUBHandler\n'
        "h = PUBHandler(s)\n"
    )
    assert told(scanned({"a.py": source})) == ["PUB connect tcp://log:5558"]


def test_a_pointer_to_a_socket_is_none_where_it_is_declared(scanned):
    """Also where a macro hides from the grammar that it is a member."""
    files = {
        "a.h": "#include <zmq.hpp>\nclass EXPORT Feed : public Base\n{\n  void go();\n"
        "  zmq::socket_t *out_;\n  zmq::socket_t& ref_;\n};\n",
        "a.cpp": '#include "a.h"\nvoid Feed::go() {\n'
        "  out_ = new zmq::socket_t(*ctx, zmq::socket_type::pub);\n"
        '  out_->bind("tcp://*:5556");\n}\n',
    }
    found = scanned(files)
    assert [(each.place.file, each.place.line) for each in found.sockets] == [("a.cpp", 3)]


@pytest.mark.parametrize(
    ("given", "text", "default"),
    [
        ("args.port + 1", "tcp://*:{port + 1}", "tcp://*:5556"),
        ("1 + 5555", "tcp://*:5556", "tcp://*:5556"),
    ],
)
def test_a_port_and_one_is_a_number(scanned, given, text, default):
    source = (
        PUB + "import argparse\np = argparse.ArgumentParser()\n"
        f'p.add_argument("--port", default=5555)\nargs = p.parse_args()\nport = str({given})\n'
        's.bind(":".join(["tcp://*", port]))\n'
    )
    (socket,) = scanned({"a.py": source}).sockets
    (end,) = socket.ends
    assert (end.text, end.default) == (text, default)


def test_a_socket_of_its_own_class_has_the_type_that_it_is_given(scanned):
    source = (
        'const { Socket } = require("zeromq")\n'
        "class Feed extends Socket { constructor(type) { super(type) } }\n"
        'const s = new Feed("router")\ns.bind("tcp://*:5556")\n'
    )
    assert told(scanned({"a.js": source})) == ["ROUTER bind tcp://*:5556"]


def test_a_key_of_czmqs_configuration_is_open_with_its_default(scanned):
    source = (
        "#include <czmq.h>\nvoid go (zconfig_t *config) {\n"
        '  const char *at = zconfig_get (config, "tower/address", "tcp://*:5557");\n'
        '  zsock_t *s = zsock_new_xpub (NULL);\n  zsock_bind (s, "%s", at);\n}\n'
    )
    (socket,) = scanned({"a.c": source}).sockets
    (end,) = socket.ends
    assert (end.text, end.default) == ("{address}", "tcp://*:5557")
    assert [(str(each.kind), each.source) for each in end.open_parts] == [("key", "tower/address")]


def test_a_list_in_one_text_of_go_is_followed_piece_by_piece(scanned):
    source = (
        'package main\nimport "github.com/go-zeromq/zmq4"\nfunc main() {\n'
        '\tfor _, at := range strings.Split("tcp://a:1,tcp://b:2", ",") {\n'
        "\t\ts := zmq4.NewDealer(ctx)\n\t\ts.Dial(at)\n\t}\n}\n"
    )
    assert told(scanned({"a.go": source})) == [
        "DEALER connect tcp://a:1",
        "DEALER connect tcp://b:2",
    ]


def test_what_an_object_is_made_with_by_name_is_what_its_properties_are(scanned):
    source = (
        "using NetMQ.Sockets;\n"
        "class Settings { public string Endpoint { get; set; } }\n"
        "class Other { public string Endpoint { get; set; } }\n"
        "class A {\n  private readonly Settings _settings;\n"
        "  public A(Settings settings) { _settings = settings; }\n"
        "  void Go() { var r = new RouterSocket(); r.Bind(_settings.Endpoint); }\n}\n"
        'class P { void Main() {\n  var x = "tcp://*:5556";\n'
        "  var a = new A(new Settings { Endpoint = x });\n"
        '  var o = new Other { Endpoint = "tcp://*:1" };\n} }\n'
    )
    assert told(scanned({"A.cs": source})) == ["ROUTER bind tcp://*:5556"]
