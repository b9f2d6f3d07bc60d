"""A few lines of every binding in its own language, as its documentation writes them."""

import pytest

from tests.discover.code.conftest import told

CASES = {
    "pyzmq": (
        "a.py",
        """
import zmq
ctx = zmq.Context.instance()
pub = ctx.socket(zmq.PUB)
pub.bind("tcp://*:5556")
with ctx.socket(zmq.SUB) as sub:
    sub.connect("tcp://feed:5556")
""",
        ["PUB bind tcp://*:5556", "SUB connect tcp://feed:5556"],
    ),
    "pyzmq asyncio and green": (
        "a.py",
        """
import zmq.asyncio, zmq.green
from zmq.asyncio import Context
async def main():
    sock = zmq.asyncio.Context().socket(zmq.DEALER)
    sock.connect("tcp://a:1")
    other = Context().socket(zmq.ROUTER)
    other.bind("tcp://*:2")
    third = zmq.green.Context().socket(zmq.REP)
    third.bind_to_random_port("tcp://*", min_port=6000, max_port=6100)
""",
        ["DEALER connect tcp://a:1", "ROUTER bind tcp://*:2", "REP bind tcp://*:{port}"],
    ),
    "pyzmq subclass, stream, device, handler": (
        "a.py",
        """
import zmq
from zmq.eventloop.zmqstream import ZMQStream
from zmq.devices import ThreadDevice
from zmq.log.handlers import PUBHandler
class Mine(zmq.Socket):
    pass
mine = Mine(zmq.Context(), zmq.PAIR)
mine.connect("ipc:///tmp/a")
stream = ZMQStream(zmq.Context().socket(zmq.PULL))
stream.socket.bind("tcp://*:1")
dev = ThreadDevice(zmq.QUEUE, zmq.ROUTER, zmq.DEALER)
dev.bind_in("tcp://*:5559")
dev.connect_out("tcp://worker:5560")
PUBHandler("tcp://*:5570")
""",
        [
            "PAIR connect ipc:///tmp/a",
            "PULL bind tcp://*:1",
            "ROUTER bind tcp://*:5559",
            "DEALER connect tcp://worker:5560",
            "PUB bind tcp://*:5570",
        ],
    ),
    "zerorpc": (
        "a.py",
        'import zerorpc\ns = zerorpc.Server(object())\ns.bind("tcp://0.0.0.0:4242")\n',
        ["ROUTER bind tcp://0.0.0.0:4242"],
    ),
    "aiozmq": (
        "a.py",
        """
import aiozmq, zmq
async def go():
    stream = await aiozmq.create_zmq_stream(zmq.ROUTER, bind="tcp://*:7")
""",
        ["ROUTER bind tcp://*:7"],
    ),
    "libzmq": (
        "a.c",
        """
#include <zmq.h>
int main (void) {
    void *context = zmq_ctx_new ();
    void *responder = zmq_socket (context, ZMQ_REP);
    int rc = zmq_bind (responder, "tcp://*:5555");
    assert (rc == 0);
}
""",
        ["REP bind tcp://*:5555"],
    ),
    "czmq": (
        "a.c",
        """
#include <czmq.h>
int main (void) {
    zsock_t *pull = zsock_new_pull ("@tcp://*:5560,>tcp://other:5561");
    zsock_t *pub = zsock_new_pub ("tcp://*:5562");
    zsock_t *any = zsock_new (ZMQ_DEALER);
    zsock_connect (any, "tcp://%s:%d", "peer", 5563);
}
""",
        [
            "PULL bind tcp://*:5560",
            "PULL connect tcp://other:5561",
            "PUB bind tcp://*:5562",
            "DEALER connect tcp://peer:5563",
        ],
    ),
    "cppzmq": (
        "a.cpp",
        """
#include <zmq.hpp>
class Server {
 public:
  Server(zmq::context_t& c, int port) : sock_(c, zmq::socket_type::rep), port_(port) {
    sock_.bind("tcp://*:" + std::to_string(port_));
  }
 private:
  zmq::socket_t sock_;
  int port_;
};
int main() {
  zmq::context_t ctx;
  Server server(ctx, 5555);
  zmq::socket_t braces{ctx, ZMQ_PUSH};
  braces.connect("tcp://sink:5558");
  auto made = std::make_unique<zmq::socket_t>(ctx, zmq::socket_type::sub);
  made->connect("tcp://feed:5556");
}
""",
        ["REP bind tcp://*:5555", "PUSH connect tcp://sink:5558", "SUB connect tcp://feed:5556"],
    ),
    "zmqpp": (
        "a.cpp",
        """
#include <zmqpp/zmqpp.hpp>
int main() {
  zmqpp::context context;
  zmqpp::socket socket(context, zmqpp::socket_type::reply);
  socket.bind("tcp://*:5555");
  zmqpp::socket_t *none{nullptr};
  none = new zmqpp::socket_t(context, zmqpp::socket_type::push);
  none->connect("tcp://sink:5558");
}
""",
        ["REP bind tcp://*:5555", "PUSH connect tcp://sink:5558"],
    ),
    "pebbe": (
        "a.go",
        """
package main
import zmq "github.com/pebbe/zmq4"
const port = 5556
func main() {
	s, err := zmq.NewSocket(zmq.PUB)
	s.Bind(fmt.Sprintf("tcp://*:%d", port))
}
""",
        ["PUB bind tcp://*:5556"],
    ),
    "goczmq": (
        "a.go",
        """
package main
import "github.com/zeromq/goczmq"
func main() {
	router, err := goczmq.NewRouter("tcp://*:5555")
	dealer, err := goczmq.NewDealer("tcp://127.0.0.1:5555")
}
""",
        ["ROUTER bind tcp://*:5555", "DEALER connect tcp://127.0.0.1:5555"],
    ),
    "go-zeromq": (
        "a.go",
        """
package main
import "github.com/go-zeromq/zmq4"
func main() {
	pub := zmq4.NewPub(context.Background())
	err := pub.Listen("tcp://*:5563")
	sub := zmq4.NewSub(context.Background())
	sub.Dial("tcp://localhost:5563")
}
""",
        ["PUB bind tcp://*:5563", "SUB connect tcp://localhost:5563"],
    ),
    "zmq of Rust": (
        "a.rs",
        """
fn main() {
    let context = zmq::Context::new();
    let responder = context.socket(zmq::REP).unwrap();
    responder.bind(&format!("tcp://*:{}", 5555)).expect("bind");
}
""",
        ["REP bind tcp://*:5555"],
    ),
    "zeromq of Rust": (
        "a.rs",
        """
use zeromq::{Socket, SocketRecv};
async fn main() -> Result<(), Box<dyn Error>> {
    let mut socket = zeromq::SubSocket::new();
    socket.connect("tcp://127.0.0.1:5556").await?;
}
""",
        ["SUB connect tcp://127.0.0.1:5556"],
    ),
    "async-zmq": (
        "a.rs",
        """
async fn main() -> Result<()> {
    let mut zmq = async_zmq::publish("tcp://127.0.0.1:5555")?.bind()?;
}
""",
        ["PUB bind tcp://127.0.0.1:5555"],
    ),
    "JeroMQ": (
        "A.java",
        """
import org.zeromq.*;
public class A {
    private static final int PORT = 5555;
    public static void main(String[] args) {
        try (ZContext context = new ZContext()) {
            ZMQ.Socket socket = context.createSocket(SocketType.REP);
            socket.bind("tcp://*:" + PORT);
            ZMQ.Socket old = context.socket(ZMQ.PUSH);
            old.connect(String.format("tcp://%s:%d", "sink", 5558));
        }
    }
}
""",
        ["REP bind tcp://*:5555", "PUSH connect tcp://sink:5558"],
    ),
    "Kotlin": (
        "a.kt",
        """
import org.zeromq.ZContext
class A(private val port: Int = 5555) {
    private val socket = ZContext().createSocket(SocketType.PUB)
    fun start() {
        socket.bind("tcp://*:$port")
    }
}
""",
        ["PUB bind tcp://*:{port}"],
    ),
    "Scala": (
        "a.scala",
        """
import org.zeromq.ZMQ
object A extends App {
  val host = "feed"
  val socket = ZMQ.context(1).socket(ZMQ.SUB)
  socket.connect(s"tcp://$host:5556")
}
""",
        ["SUB connect tcp://feed:5556"],
    ),
    "zeromq 6 of Node": (
        "a.ts",
        """
import * as zmq from "zeromq"
import { Push } from "zeromq"
class Feed {
  private sock = new zmq.Publisher()
  async start() { await this.sock.bind(`tcp://*:${5000 + 556}`) }
}
const push = new Push()
push.connect("tcp://sink:5558")
""",
        ["PUB bind tcp://*:5556", "PUSH connect tcp://sink:5558"],
    ),
    "zeromq 5 of Node": (
        "a.js",
        """
const zmq = require("zeromq")
const sock = zmq.socket("pub")
sock.bindSync("tcp://127.0.0.1:3000")
""",
        ["PUB bind tcp://127.0.0.1:3000"],
    ),
    "NetMQ": (
        "a.cs",
        """
using NetMQ;
using NetMQ.Sockets;
class Program {
    static void Main() {
        using (var server = new ResponseSocket("@tcp://*:5556"))
        using (var client = new RequestSocket(">tcp://localhost:5556")) { }
        DealerSocket dealer = new();
        dealer.Connect($"tcp://{"broker"}:5557");
    }
}
""",
        [
            "REP bind tcp://*:5556",
            "REQ connect tcp://localhost:5556",
            "DEALER connect tcp://broker:5557",
        ],
    ),
    "ffi-rzmq": (
        "a.rb",
        """
require 'ffi-rzmq'
PORT = 5555
context = ZMQ::Context.new(1)
socket = context.socket(ZMQ::REP)
socket.bind("tcp://*:#{PORT}")
""",
        ["REP bind tcp://*:5555"],
    ),
    "CZTop": (
        "a.rb",
        "require 'cztop'\nsocket = CZTop::Socket::PUSH.new('>tcp://sink:5558')\n",
        ["PUSH connect tcp://sink:5558"],
    ),
    "chumak": (
        "a.erl",
        """
-module(a).
-define(PORT, 5555).
start() ->
    {ok, Socket} = chumak:socket(rep),
    case chumak:bind(Socket, tcp, "localhost", ?PORT) of
        {ok, _} -> ok
    end.
""",
        ["REP bind tcp://localhost:5555"],
    ),
    "erlzmq": (
        "a.erl",
        """
main(_) ->
    {ok, Context} = erlzmq:context(),
    {ok, Sender} = erlzmq:socket(Context, push),
    ok = erlzmq:bind(Sender, "tcp://*:" ++ "5557").
""",
        ["PUSH bind tcp://*:5557"],
    ),
    "Elixir": (
        "a.ex",
        """
defmodule A do
  @endpoint "tcp://feed:5556"
  def start(port \\\\ 5555) do
    {:ok, sub} = :erlzmq.socket(context, :sub)
    :erlzmq.connect(sub, @endpoint)
    {:ok, rep} = :chumak.socket(:rep)
    {:ok, _} = :chumak.bind(rep, :tcp, '0.0.0.0', port)
  end
end
""",
        ["SUB connect tcp://feed:5556", "REP bind tcp://0.0.0.0:{port}"],
    ),
    "PHP": (
        "a.php",
        """
<?php
$context = new ZMQContext();
$responder = new ZMQSocket($context, ZMQ::SOCKET_REP);
$responder->bind("tcp://*:5555");
$sub = $context->getSocket(ZMQ::SOCKET_SUB);
$sub->connect('tcp://' . 'feed' . ':5556');
""",
        ["REP bind tcp://*:5555", "SUB connect tcp://feed:5556"],
    ),
    "Lua": (
        "a.lua",
        """
local zmq = require "lzmq"
local context = zmq.context()
local pub = context:socket(zmq.PUB)
pub:bind("tcp://*:" .. 5556)
local sub = context:socket{zmq.SUB, subscribe = "", connect = "tcp://feed:5556"}
""",
        ["PUB bind tcp://*:5556", "SUB connect tcp://feed:5556"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_sockets_of_every_binding_are_found_with_their_endpoints(scanned, name):
    file, source, wanted = CASES[name]
    assert told(scanned({file: source})) == wanted


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        (  # generated engines of zproject are included
            {
                "engine.inc": "static void s_new (self_t *self) "
                "{ self->dealer = zsock_new (ZMQ_DEALER); }",
                "main.c": '#include <czmq.h>\n#include "engine.inc"\n'
                'void go (self_t *self) { zsock_connect (self->dealer, "tcp://hub:%d", 5556); }',
            },
            ["DEALER connect tcp://hub:5556"],
        ),
        (  # the transport functions of a namespace
            {
                "t.hpp": "#include <zmq.h>\nnamespace transport {\n"
                "bool Bind(void* socket, const std::string& at) "
                "{ return zmq_bind(socket, at.c_str()) == 0; }\n}",
                "s.cpp": '#include "t.hpp"\n#include <zmq.h>\nstruct S {\n  void* fSocket;\n'
                "  S(void* c) : fSocket(zmq_socket(c, ZMQ_PUB)) {}\n"
                "  bool Bind(const std::string& at) "
                "{ return transport::Bind(fSocket, at); }\n};\n"
                'int main() { S s(c); s.Bind("tcp://*:5556"); }',
            },
            ["PUB bind tcp://*:5556"],
        ),
        (  # what may as well declare a function
            {
                "a.cpp": "#include <zmq.h>\nvoid f(void* c) {\n auto s(zmq_socket(c, ZMQ_PAIR));\n"
                '  zmq_connect(s, "inproc://monitor");\n}'
            },
            ["PAIR connect inproc://monitor"],
        ),
        (  # a function of the program that does what others call so
            {
                "a.cpp": "#include <zmq.hpp>\nstd::string StrCat(std::string_view a, "
                "std::string_view b) { std::string r; append(r, a, b); return r; }\n"
                "int main() { zmq::socket_t s(c, ZMQ_PUB); "
                's.bind(StrCat("tcp://*:", std::to_string(5556))); }'
            },
            ["PUB bind tcp://*:5556"],
        ),
        (  # pointers that own their sockets, in a header, and used elsewhere
            {
                "private.hh": "#include <zmq.hpp>\nclass Private {\n public:\n  Private() { "
                "this->pub.reset(new zmq::socket_t(*context, ZMQ_PUB)); }\n"
                "  std::unique_ptr<zmq::socket_t> pub;\n};",
                "node.cc": '#include "private.hh"\n#include <zmq.hpp>\n'
                "class Node { void go(); std::unique_ptr<Private> dataPtr; };\n"
                'void Node::go() { this->dataPtr->pub->bind("tcp://*:5556"); }',
            },
            ["PUB bind tcp://*:5556"],
        ),
        (  # a type that goes through two bases, whose constructors stand apart from their classes
            {
                "impl.h": "#include <zmq.hpp>\nclass base { zmq::socket_t d; base(int type); };\n"
                "class sink : public base { sink(int type); };\n"
                "class pub : public sink { pub(); };",
                "impl.cc": '#include "impl.h"\n#include <zmq.hpp>\n'
                'base::base(int type) : d(ctx, type) { d.bind("tcp://*:5556"); }\n'
                "sink::sink(int type) : base(type) {}\npub::pub() : sink(ZMQ_PUB) {}",
            },
            ["PUB bind tcp://*:5556"],
        ),
        (  # the core of JeroMQ, which is called as libzmq is
            {
                "A.java": "import zmq.ZMQ;\nclass A { void go() {\n"
                "  SocketBase s = ZMQ.socket(ctx, ZMQ.ZMQ_DEALER);\n"
                '  ZMQ.connect(s, "tcp://hub:5556"); } }'
            },
            ["DEALER connect tcp://hub:5556"],
        ),
        (
            {
                "a.ts": 'import { Message, Socket } from "jmp";\n'
                'const shell = new Socket("dealer", "sha256", key);\nshell.connect("tcp://kernel:5556");'
            },
            ["DEALER connect tcp://kernel:5556"],
        ),
        (
            {
                "k.erl": "-module(k).\nstart(Conn) ->\n  {ok, S} = chumak:socket(rep),\n"
                '  chumak:bind(S, tcp, "localhost", Conn#conn.port).'
            },
            ["REP bind tcp://localhost:{port}"],
        ),
    ],
)
def test_shapes_of_real_programs_are_followed(scanned, files, wanted):
    assert told(scanned(files)) == wanted


def test_a_header_of_the_binding_that_a_program_copied_has_none_of_its_sockets(scanned):
    header = """#ifndef __ZMQ_HPP_INCLUDED__
namespace zmq { class socket_t : public detail::socket_base {
  socket_t(context_t &c, int t) : detail::socket_base(zmq_socket(c.handle(), t)) {} }; }
#endif
"""
    program = '#include "zmq.hpp"\nint main() { zmq::socket_t s(c, ZMQ_PUB); s.bind("tcp://*:1"); }'
    files = {"3rdparty/zmq.hpp": header, "main.cpp": program}
    found = scanned(files)
    assert told(found) == ["PUB bind tcp://*:1"]
    assert found.ignored == 1
