=TITLE= a PUB connects and a SUB binds
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, connect: b.s } } }
  b: { segment: right, sockets: { s: { type: SUB, bind: "tcp://*:5556" } } }
=ERROR=
=END=
=TITLE= one socket binds and connects
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: ROUTER, bind: "tcp://*:5556", connect: b.s } } }
  b: { segment: right, sockets: { s: { type: DEALER, bind: "tcp://*:5556", connect: a.s } } }
=ERROR=
=END=
=TITLE= a pair that libzmq drops in silence
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUSH, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: SUB, connect: a.s } } }
=ERROR=
3: b.s (SUB) cannot talk to a.s (PUSH): libzmq drops the connection in silence and tries again for ever; a SUB talks to PUB or XPUB, a PUSH to PULL
=END=
=TITLE= a pair that is illegal over inproc too
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: DEALER, bind: "inproc://x" }, t: { type: PULL, connect: a.s } } }
=ERROR=
2: a.t (PULL) cannot talk to a.s (DEALER): libzmq does not check this over inproc, and messages go astray; a PULL talks to PUSH, a DEALER to REP, DEALER or ROUTER
=END=
=TITLE= STREAM with TCP, with STREAM, and TCP with TCP
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: STREAM, bind: "tcp://*:5556" }, t: { type: TCP, bind: "tcp://*:80" } } }
  b: { segment: right, sockets: { s: { type: TCP, connect: [a.s, a.t] }, t: { type: STREAM, connect: [a.s, a.t] } } }
=ERROR=
=END=
=TITLE= STREAM with a type that speaks ZMTP
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: STREAM, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: DEALER, connect: a.s } } }
=ERROR=
3: b.s (DEALER) cannot talk to a.s (STREAM): STREAM is plain TCP, without ZeroMQ's protocol; a DEALER talks to REP, DEALER or ROUTER, a STREAM to STREAM or TCP
=END=
=TITLE= a program that is not ZeroMQ to a ZeroMQ socket
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: REP, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: TCP, connect: a.s } } }
=ERROR=
3: b.s (TCP) cannot talk to a.s (REP): TCP is plain TCP, without ZeroMQ's protocol; a TCP talks to TCP or STREAM, a REP to REQ or DEALER
=END=
=TITLE= plain TCP over ipc
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: TCP, bind: "ipc:///run/a" }, t: { type: STREAM, bind: "inproc://a" } } }
=ERROR=
2: a STREAM socket cannot bind inproc; bind tcp, or choose another type
2: a TCP socket cannot bind ipc; bind tcp, or choose another type
=END=
=TITLE= an endpoint behind connect, with the socket that is meant
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: SUB, connect: "tcp://a:5556" } } }
=ERROR=
3: connect takes a reference to a socket, not the endpoint 'tcp://a:5556'; write a.s
=END=
=TITLE= an endpoint behind connect that nobody binds
=INPUT=
services:
  b: { segment: right, sockets: { s: { type: SUB, connect: ["tcp://10.0.0.1:5556"] } } }
=ERROR=
2: connect takes a reference to a socket, not the endpoint 'tcp://10.0.0.1:5556'; write service.socket
=END=
=TITLE= an unknown service
=INPUT=
services:
  ticker: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: SUB, connect: tikcer.s } } }
=ERROR=
3: b.s connects to 'tikcer.s', and there is no 'tikcer'; did you mean ticker?
=END=
=TITLE= an unknown socket
=INPUT=
services:
  ticker: { segment: left, sockets: { ticks: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: SUB, connect: [ticker.tick, ticker.x.y] } } }
=ERROR=
3: b.s connects to 'ticker.tick': service ticker has no socket 'tick'; did you mean ticks?
3: b.s connects to 'ticker.x.y': service ticker has no socket 'x.y'; write ticks
=END=
=TITLE= a service without the socket
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" }, t: { type: PUB, bind: "tcp://*:5557" } } }
  b: { segment: right, sockets: { s: { type: SUB, connect: a } } }
  c: { segment: right }
  d: { segment: right, sockets: { s: { type: SUB, connect: c.s } } }
=ERROR=
3: b.s connects to 'a': that is a service, not one of its sockets; write a.s or a.t
5: d.s connects to 'c.s': service c has no socket 's'; declare one there
=END=
=TITLE= a connection to the internet
=INPUT=
services:
  b: { segment: right, sockets: { s: { type: TCP, connect: internet.http } } }
=ERROR=
2: nothing connects to the whole internet; name whom it is for under peers:, with addresses and sockets
=END=
=TITLE= a connection to a socket that only connects
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: SUB, connect: a.s } } }
  c: { segment: right, sockets: { s: { type: PUB, connect: b.s } } }
=ERROR=
4: c.s connects to b.s, which binds nothing; let b.s bind an endpoint; one of the two must
=END=
=TITLE= the same connection twice
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: SUB, connect: [a.s, a.s] } } }
=ERROR=
3: b.s names a.s twice; name it once
=END=
=TITLE= inproc from another service
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "inproc://x" } } }
  b: { segment: left, sockets: { s: { type: SUB, connect: a.s } } }
=ERROR=
3: b.s cannot connect to a.s of service a: it binds 'inproc://x', and inproc reaches only the same process; let a.s bind tcp, as in "tcp://*:5556", or make one service of programs on one host
=END=
=TITLE= ipc from another service
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "ipc:///run/x" } } }
  b: { segment: left, sockets: { s: { type: SUB, connect: a.s } } }
=ERROR=
3: b.s cannot connect to a.s of service a: it binds 'ipc:///run/x', and ipc reaches only the same host; let a.s bind tcp, as in "tcp://*:5556", or make one service of programs on one host
=END=
=TITLE= loopback from another service, by number and by name
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["tcp://127.0.0.1:5556", "tcp://localhost:5557", "tcp://lo:5558"] } } }
  b: { segment: left, sockets: { s: { type: SUB, connect: a.s } } }
=ERROR=
3: b.s cannot connect to a.s of service a: it binds 'tcp://127.0.0.1:5556' and 'tcp://localhost:5557' and 'tcp://lo:5558', and a loopback address reaches only the same host; let a.s bind tcp, as in "tcp://*:5556", or make one service of programs on one host
=END=
=TITLE= inproc, ipc and loopback within a service
=INPUT=
services:
  a:
    segment: left
    replicas: 3
    sockets:
      one: { type: PUB, bind: "inproc://x" }
      two: { type: PUB, bind: "ipc:///run/x" }
      three: { type: PUB, bind: "tcp://127.0.0.1:5556" }
      all: { type: SUB, connect: [a.one, a.two, a.three] }
=ERROR=
=END=
=TITLE= two sockets on one port
=INPUT=
services:
  a:
    segment: left
    sockets:
      s: { type: PUB, bind: "tcp://*:5556" }
      t: { type: REP, bind: ["tcp://*:5557", "tcp://127.0.0.1:5556"] }
=ERROR=
6: tcp port 5556 of service a is bound by a.s and by a.t; give each its own
=END=
=TITLE= one socket on one port twice
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["tcp://*:5556", "tcp://*:5556"] } } }
=ERROR=
2: a.s binds tcp port 5556 twice; give each its own
=END=
=TITLE= two sockets on one ipc path and one inproc name
=INPUT=
services:
  a:
    segment: left
    sockets:
      s: { type: PUB, bind: ["ipc:///run/x", "inproc://x"] }
      t: { type: REP, bind: ["ipc:///run/x", "inproc://x"] }
=ERROR=
6: 'inproc://x' of service a is bound by a.s and by a.t; give each its own
6: 'ipc:///run/x' of service a is bound by a.s and by a.t; give each its own
=END=
=TITLE= two services on one port are two hosts
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
=ERROR=
=END=
=TITLE= a PAIR with one peer
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PAIR, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: PAIR, connect: a.s } } }
=ERROR=
=END=
=TITLE= a PAIR with two peers
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PAIR, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: PAIR, connect: a.s } } }
  c: { segment: right, sockets: { s: { type: PAIR, connect: a.s } } }
=ERROR=
4: PAIR socket a.s would have 2 peers (replicas counted), and a PAIR has one; connect one socket of one replica, or use DEALER and ROUTER
=END=
=TITLE= a PAIR with three copies of a peer
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PAIR, bind: "tcp://*:5556" } } }
  b: { segment: right, replicas: 3, sockets: { s: { type: PAIR, connect: a.s } } }
=ERROR=
3: PAIR socket a.s would have 3 peers (replicas counted), and a PAIR has one; connect one socket of one replica, or use DEALER and ROUTER
=END=
=TITLE= a PAIR that connects twice
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PAIR, bind: "tcp://*:5556" }, t: { type: PAIR, bind: "tcp://*:5557" } } }
  b: { segment: right, sockets: { s: { type: PAIR, connect: [a.s, a.t] } } }
=ERROR=
3: PAIR socket b.s would have 2 peers (replicas counted), and a PAIR has one; connect one socket of one replica, or use DEALER and ROUTER
=END=
=TITLE= a PAIR within each of three copies
=INPUT=
services:
  a: { segment: left, replicas: 3, sockets: { s: { type: PAIR, bind: "inproc://x" }, t: { type: PAIR, connect: a.s } } }
=ERROR=
=END=
=TITLE= a socket that connects to itself
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: ROUTER, bind: "tcp://*:5556", connect: a.s } } }
=ERROR=
2: a.s connects to itself; only replicas of a service can, over tcp
=END=
=TITLE= a mesh of replicas
=INPUT=
services:
  a: { segment: left, replicas: 2, sockets: { s: { type: ROUTER, bind: "tcp://*:5556", connect: a.s } } }
=ERROR=
=END=
=TITLE= all services that have such a socket
=INPUT=
services:
  a: { segment: left, sockets: { metrics: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { metrics: { type: PUB, bind: "tcp://*:5557" } } }
  c: { segment: right, sockets: { metrics: { type: PUB, bind: "tcp://*:5558" }, all: { type: SUB, connect: "*.metrics" } } }
=ERROR=
=END=
=TITLE= all of a segment, and all with a label
=INPUT=
services:
  a: { segment: left, labels: { tier: edge }, sockets: { metrics: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: SUB, connect: ["segment:left.metrics", "label:tier=edge.metrics"] } } }
=ERROR=
=END=
=TITLE= selectors that mean nobody
=INPUT=
services:
  a: { segment: left, labels: { tier: edge }, sockets: { metrics: { type: PUB, bind: "tcp://*:5556" }, s: { type: SUB, connect: "*.metrics" } } }
  b: { segment: right, sockets: { s: { type: SUB, connect: ["segment:lefd.metrics", "label:tier=egde.metrics", "label:tier.metrics", "*.metric", "*", "segment:left"] } } }
=ERROR=
2: a.s connects to '*.metrics': no other service that is meant has a socket 'metrics'; name one that binds
3: b.s connects to '*', and to none of its sockets; add the socket's name, as in *.metrics
3: b.s connects to '*.metric': no other service that is meant has a socket 'metric'; name one that binds
3: b.s connects to 'label:tier.metrics': 'label:tier' names no label; write it as in label:tier=edge
3: b.s connects to 'label:tier=egde.metrics': no service has the label 'tier=egde'; did you mean tier=edge?
3: b.s connects to 'segment:lefd.metrics': no service is in segment 'lefd'; did you mean left?
3: b.s connects to 'segment:left', and to none of its sockets; add the socket's name, as in segment:left.metrics
=END=
=TITLE= one of many is of a type that cannot be met
=INPUT=
services:
  a: { segment: left, sockets: { metrics: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: left, sockets: { metrics: { type: REP, bind: "tcp://*:5556" } } }
  c: { segment: right, sockets: { s: { type: SUB, connect: "*.metrics" } } }
=ERROR=
4: c.s (SUB) cannot talk to b.metrics (REP): libzmq drops the connection in silence and tries again for ever; a SUB talks to PUB or XPUB, a REP to REQ or DEALER
=END=
=TITLE= a CHANNEL with two replicas
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: CHANNEL, bind: "tcp://*:5556" } } }
  b: { segment: right, replicas: 1..2, sockets: { s: { type: CHANNEL, connect: a.s } } }
=ERROR=
3: CHANNEL socket a.s would have 2 peers (replicas counted), and a CHANNEL has one; connect one socket of one replica, or use DEALER and ROUTER
=END=
=TITLE= brokers: a shared queue, a forwarder with a tap, a streamer
=INPUT=
services:
  queue:     { segment: left, proxy: { front: in, back: out }, sockets: { in: { type: ROUTER, bind: "tcp://*:1" }, out: { type: DEALER, bind: "tcp://*:2" } } }
  forwarder: { segment: left, proxy: { front: in, back: out, capture: tap }, sockets: { in: { type: XSUB, bind: "tcp://*:1" }, out: { type: XPUB, bind: "tcp://*:2" }, tap: { type: PUB, bind: "tcp://*:3" } } }
  streamer:  { segment: left, proxy: { front: in, back: out }, sockets: { in: { type: PULL, bind: "tcp://*:1" }, out: { type: PUSH, bind: "tcp://*:2" } } }
=ERROR=
=END=
=TITLE= brokers through which nothing passes
=INPUT=
services:
  a: { segment: left, proxy: { front: in, back: out }, sockets: { in: { type: SUB, bind: "tcp://*:1" }, out: { type: XSUB, bind: "tcp://*:2" } } }
  b: { segment: left, proxy: { front: inn, back: in }, sockets: { in: { type: ROUTER, bind: "tcp://*:1" } } }
  c: { segment: left, proxy: { front: in, back: in }, sockets: { in: { type: ROUTER, bind: "tcp://*:1" } } }
  d: { segment: left, proxy: { front: in, back: out, capture: tap }, sockets: { in: { type: PULL, bind: "tcp://*:1" }, out: { type: PUSH, bind: "tcp://*:2" }, tap: { type: SUB, bind: "tcp://*:3" } } }
  e: { segment: left, proxy: { front: in }, sockets: { in: { type: PULL, bind: "tcp://*:1" } } }
=ERROR=
2: service a, proxy: between a SUB and a XSUB nothing passes; make them ROUTER and DEALER, XSUB and XPUB, or PULL and PUSH (zmq_proxy(3))
3: service b, proxy, front: there is no socket 'inn' in it; did you mean in?
4: service c, proxy: in is both sides; name the socket at which the others connect
5: service d, proxy, capture: a SUB cannot take what passes; make it PUB, DEALER, PUSH or PAIR (zmq_proxy(3))
6: service e, proxy has no 'back'; add the socket on the side of workers, or subscribers
=END=
=TITLE= a port that one socket binds once is published once
=INPUT=
services:
  a:
    segment: left
    sockets:
      s: { type: PUB, bind: [{ endpoint: "tcp://*:5556", published: 6556 }, { endpoint: "tcp://*:5556", published: 6557 }] }
      t: { type: PUB, bind: { endpoint: "tcp://*:5556", published: 6558 } }
      u: { type: PUB, bind: [{ endpoint: "tcp://*:7000-7009", published: 7100-7109 }, "tcp://lo:7000", "ws://*:7009"] }
      v: { type: DISH, bind: [{ endpoint: "tcp://*:8000", published: 8001 }, "udp://*:8000"] }
=ERROR=
5: a.s binds tcp port 5556 twice inside; publish another port of it
7: a.u binds tcp port 7009 twice inside; publish another port of it
=END=
=TITLE= of what could not be read nothing is said to be missing
=INPUT=
services:
  a: { segment: left, labels: { tier: 1 }, sockets: { m: { type: PUB, bind: "tcp://*:9100" } } }
  b: { segment: rite, sockets: { m: { type: PUB, bind: "tcp://*:9100" }, n: 5 } }
  c: { segment: left, sockets: { m: { type: SUB, connect: ["label:tier=1.m", "segment:right.m", "*.n"] } } }
flows:
  - { name: x, from: "label:tier=1", to: "segment:right", traffic: tcp 4, why: it is needed }
tests:
  - { from: "label:tier=1", deny: [c] }
=ERROR=
2: service a, labels, tier: 1 is not a label's value; put quotes around it: "1"
3: service b is in segment 'rite', which is not declared; did you mean right?
3: socket b.n: is not a mapping; write { type: … }
=END=
=TITLE= a label that YAML takes for a number, and a copy's port that goes on
=INPUT=
services:
  a: { segment: left, sockets: { m: { type: PUB, bind: "ws://*:80+replica/feed" } } }
  c: { segment: left, sockets: { m: { type: SUB, connect: "label:tier=1.m" } } }
=ERROR=
2: socket a.m, bind: 'ws://*:80+replica/feed' has something behind +replica; write it last, as in "tcp://*:5600+replica"
3: c.m connects to 'label:tier=1.m': no service has the label 'tier=1'; give one labels: { tier: "1" }
=END=
=TITLE= datagrams on one host
=INPUT=
services:
  a: { segment: left, sockets: { d: { type: DGRAM, bind: "udp://127.0.0.1:5", connect: a.e }, e: { type: DGRAM, bind: "udp://127.0.0.1:6" } } }
=ERROR=
=END=
=TITLE= datagrams from a socket that only its own host reaches
=INPUT=
services:
  a: { segment: left, sockets: { d: { type: DGRAM, bind: "udp://127.0.0.1:5", connect: b.e } } }
  b: { segment: left, sockets: { e: { type: DGRAM, bind: "udp://*:6" }, f: { type: DGRAM, bind: "udp://*:7", connect: b.g }, g: { type: DGRAM, bind: "udp://lo:8" } } }
=ERROR=
2: a.d is a DGRAM socket and binds nothing that the other reaches, and libzmq connects none; let it bind udp as well, as in bind: "udp://*:5556"
3: b.f is a DGRAM socket and binds nothing that the other reaches, and libzmq connects none; let it bind udp as well, as in bind: "udp://lo:5556"
=END=
=TITLE= of many that are meant, those that stay on their host
=INPUT=
services:
  a: { segment: left, sockets: { m: { type: PUB, bind: "ipc:///run/m" } } }
  b: { segment: left, sockets: { m: { type: PUB, bind: "tcp://lo:5556" } } }
  c: { segment: right, sockets: { all: { type: SUB, connect: "*.m" } } }
=ERROR=
4: c.all cannot connect to a.m of service a: it binds 'ipc:///run/m', and ipc reaches only the same host; let a.m bind tcp, as in "tcp://*:5556", or make one service of programs on one host
4: c.all cannot connect to b.m of service b: it binds 'tcp://lo:5556', and a loopback address reaches only the same host; let b.m bind tcp, as in "tcp://*:5556", or make one service of programs on one host
=END=
=TITLE= a segment and all sockets of a service, as one would write them first
=INPUT=
services:
  a: { segment: right, sockets: { s: { type: PUB, bind: "tcp://*:5556" }, t: { type: PUB, bind: "tcp://*:5557" } } }
  b: { segment: left, sockets: { s: { type: SUB, connect: "a.*" }, t: { type: SUB, connect: right.s } } }
=ERROR=
3: b.s connects to 'a.*': service a has no socket '*'; list those that it talks to: a.s or a.t
3: b.t connects to 'right.s', and there is no 'right' but a segment; write segment:right.s
=END=
