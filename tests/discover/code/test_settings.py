"""Options, dangers and findings: what of a socket is worth a look, at its line."""

import pytest

from bulkhead.discover.code import CodeFindingKind

OPTIONS = {
    "setsockopt of Python": ("a.py", "s.setsockopt(zmq.CURVE_SERVER, 1)", ("curve_server", "1")),
    "an attribute of Python": ("a.py", "s.curve_server = True", ("curve_server", "1")),
    "an identity": ("a.py", 's.setsockopt(zmq.IDENTITY, b"me")', ("routing_id", "me")),
    "a heartbeat": ("a.py", "s.heartbeat_ivl = 2000", ("heartbeat_ivl", "2000")),
    "keepalive": ("a.py", "s.setsockopt(zmq.TCP_KEEPALIVE, 1)", ("tcp_keepalive", "1")),
    "a secret": ("a.py", "s.curve_secretkey = key()", ("curve_secretkey", None)),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_is_told_as_libzmq_calls_it(scanned, name):
    file, line, wanted = OPTIONS[name]
    (socket,) = scanned({file: f"import zmq\ns = zmq.Context().socket(zmq.REP)\n{line}\n"}).sockets
    assert [(each.name, each.value) for each in socket.options] == [wanted]


@pytest.mark.parametrize(
    ("file", "source", "option"),
    [
        (
            "a.cpp",
            "#include <zmq.hpp>\nint main() { zmq::socket_t s(c, ZMQ_REP);\n"
            "s.set(zmq::sockopt::curve_server, 1); }",
            "curve_server",
        ),
        (
            "a.c",
            "#include <zmq.h>\nint main() { void *s = zmq_socket(c, ZMQ_REP);\n"
            "zmq_setsockopt(s, ZMQ_PLAIN_SERVER, &one, sizeof one); }",
            "plain_server",
        ),
        (
            "A.java",
            "import org.zeromq.*;\nclass A { void a() { var s = c.createSocket(SocketType.REP);\n"
            "s.setCurveServer(true); } }",
            "curve_server",
        ),
        (
            "a.ts",
            'import { Reply } from "zeromq"\nconst s = new Reply({ curveServer: true })\n',
            "curve_server",
        ),
        (
            "a.cs",
            "using NetMQ;\nclass A { void B() { var s = new ResponseSocket();\n"
            "s.Options.CurveServer = true; } }",
            "curve_server",
        ),
        (
            "a.go",
            'package main\nimport zmq "github.com/pebbe/zmq4"\nfunc main() {\n'
            's, _ := zmq.NewSocket(zmq.REP)\ns.ServerAuthCurve("d", key)\n}',
            "curve_server",
        ),
        (
            "a.rs",
            "fn main() { let s = zmq::Context::new().socket(zmq::REP).unwrap();\n"
            "s.set_curve_server(true).unwrap(); }",
            "curve_server",
        ),
    ],
)
def test_other_bindings_set_options_in_their_own_way(scanned, file, source, option):
    (socket,) = scanned({file: source}).sockets
    assert [each.name for each in socket.options] == [option]


def kinds(found):
    return [(each.kind, each.place.line) for each in found.findings]


BIND = 'import zmq, pickle\ns = zmq.Context().socket(zmq.PULL)\ns.bind("tcp://*:5556")\n'


def test_a_socket_without_a_mechanism_that_others_reach_is_a_finding(scanned):
    assert kinds(scanned({"a.py": BIND})) == [(CodeFindingKind.UNENCRYPTED, 3)]
    local = BIND.replace("*", "127.0.0.1")
    assert kinds(scanned({"a.py": local})) == []


@pytest.mark.parametrize(
    "line",
    ["s.recv_pyobj()", "pickle.loads(s.recv())", "m = s.recv_multipart()\npickle.loads(m[1])"],
)
def test_a_message_that_is_unpickled_is_the_worst_finding(scanned, line):
    found = scanned({"a.py": BIND + line + "\n"})
    assert found.findings[0].kind is CodeFindingKind.PICKLE


def test_a_pickle_of_this_host_alone_is_none(scanned):
    source = BIND.replace("tcp://*:5556", "ipc:///tmp/a") + "s.recv_pyobj()\n"
    assert kinds(scanned({"a.py": source})) == []


def test_curve_without_a_zap_handler_accepts_everybody(scanned):
    curve = BIND + "s.curve_server = True\n"
    assert (CodeFindingKind.UNAUTHENTICATED, 4) in kinds(scanned({"a.py": curve}))
    handled = curve + "from zmq.auth.thread import ThreadAuthenticator\nThreadAuthenticator()\n"
    assert kinds(scanned({"a.py": handled})) == []


def test_a_secret_in_the_code_is_a_finding_and_is_not_repeated(scanned):
    key = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"
    found = scanned({"a.py": BIND + f's.curve_secretkey = b"{key}"\n'})
    assert CodeFindingKind.SECRET in {each.kind for each in found.findings}
    assert key not in repr(found)


def test_an_endpoint_that_libzmq_takes_for_another_is_a_finding(scanned):
    found = scanned({"a.py": BIND.replace("5556", "70001")})
    (mistaken,) = [each for each in found.findings if each.kind is CodeFindingKind.MISTAKEN]
    assert "4465" in mistaken.what
