=TITLE= every transport that can be planned, and what needs no plan
=INPUT=
services:
  a:
    segment: left
    sockets:
      s: { type: PUB, bind: ["tcp://*:5556", "tcp://eth0.100:5557", "tcp://127.0.0.1:5558", "tcp://0.0.0.0:1", "tcp://lo:65535"] }
      w: { type: PUB, bind: ["ws://*:8080/feed", "wss://*:8443"] }
      h: { type: PUB, bind: ["ipc:///run/a.sock", "ipc://@a", "ipc://feeds/0", "inproc://a"] }
      l: { type: PUB, bind: ["tcp://lo:*", "tcp://[::1]:5559"] }
      m: { type: PUB, bind: ["tcp://lo:*"] }
=ERROR=
=END=
=TITLE= each endpoint of a list is read, and each has its line
=INPUT=
services:
  a:
    segment: left
    sockets:
      s:
        type: PUB
        bind:
          - "tcp://*:70001"
          - "tcp://*:5556"
          - "ipc://"
=ERROR=
8: socket a.s, bind: 'tcp://*:70001' does not end in a port, and libzmq would bind 4465; write a number from 1 to 65535
10: socket a.s, bind: 'ipc://' has no path, and libzmq refuses it (EINVAL); write one, as in "ipc:///run/ticker.sock"
=END=
=TITLE= a port number alone
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: 5556 } } }
=ERROR=
2: socket a.s, bind: 5556 is not an endpoint; write a text such as "tcp://*:5556"
=END=
=TITLE= transports of libzmq that are not supported yet
=INPUT=
services:
  a:
    segment: left
    sockets:
      u:
        type: DISH
        bind: "udp://*:5556"
      s:
        type: PUB
        bind:
          - "pgm://10.0.0.5;239.192.1.1:5556"
          - "epgm://10.0.0.0/24;239.192.1.1:5556"
          - "norm://eth0;239.192.1.1:5556"
          - "tipc://{5556,0,0}"
          - "vmci://*:5556"
          - "vsock://*:5556"
=ERROR=
7: socket a.u, bind: the transport udp of 'udp://*:5556' is not supported yet; supported are tcp, ws, wss, ipc and inproc
11: socket a.s, bind: the transport pgm of 'pgm://10.0.0.5;239.192.1.1:5556' is not supported yet; supported are tcp, ws, wss, ipc and inproc
12: socket a.s, bind: the transport epgm of 'epgm://10.0.0.0/24;239.192.1.1:5556' is not supported yet; supported are tcp, ws, wss, ipc and inproc
13: socket a.s, bind: the transport norm of 'norm://eth0;239.192.1.1:5556' is not supported yet; supported are tcp, ws, wss, ipc and inproc
14: socket a.s, bind: the transport tipc of 'tipc://{5556,0,0}' is not supported yet; supported are tcp, ws, wss, ipc and inproc
15: socket a.s, bind: the transport vmci of 'vmci://*:5556' is not supported yet; supported are tcp, ws, wss, ipc and inproc
16: socket a.s, bind: the transport vsock of 'vsock://*:5556' is not supported yet; supported are tcp, ws, wss, ipc and inproc
=END=
=TITLE= IPv6 that others would reach
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["tcp://[::]:5556", "ws://[2001:db8::7]:8080/feed"] } } }
=ERROR=
2: socket a.s, bind: 'tcp://[::]:5556' is an IPv6 endpoint, not supported yet; write "tcp://*:5556"
2: socket a.s, bind: 'ws://[2001:db8::7]:8080/feed' is an IPv6 endpoint, not supported yet; write "ws://*:8080/feed"
=END=
=TITLE= the ranges in which programs bind
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["tcp://*:51000-51999", "tcp://*:![55000-55999]", "ws://*:8080-8089/feed"] } } }
=ERROR=
=END=
=TITLE= ranges of one service that overlap
=INPUT=
services:
  a:
    segment: left
    sockets:
      s: { type: ROUTER, bind: "tcp://*:51000-51999" }
      t: { type: ROUTER, bind: ["tcp://*:52000-52999", "tcp://*:51990-51995"] }
      u: { type: ROUTER, bind: ["ws://*:52999", "tcp://eth0:50000-60000"] }
=ERROR=
6: tcp ports 51990-51995 of service a is bound by a.s and by a.t; give each its own
7: tcp port 52999 of service a is bound by a.t and by a.u; give each its own
7: tcp ports 52000-52999 of service a is bound by a.t and by a.u; give each its own
=END=
=TITLE= one port, of tcp and of ws
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:8080" }, w: { type: PUB, bind: "ws://*:8080" } } }
=ERROR=
2: tcp port 8080 of service a is bound by a.s and by a.w; give each its own
=END=
=TITLE= a service that binds a numeric address
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["tcp://10.20.0.5:5556", "ws://10.20.0.5:8080/feed"] } } }
=ERROR=
2: a.s binds 10.20.0.5, but a service's addresses are the plan's; write "tcp://*:5556"
2: a.s binds 10.20.0.5, but a service's addresses are the plan's; write "ws://*:8080/feed"
=END=
=TITLE= a socket on loopback over ws only, which another service would meet
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["ws://lo:8080", "tcp://lo:*"] } } }
  b: { segment: left, sockets: { s: { type: SUB, connect: a.s } } }
=ERROR=
3: b.s cannot connect to a.s of service a: it binds 'ws://lo:8080' and 'tcp://lo:*', and a loopback address reaches only the same host; let a.s bind tcp, as in "tcp://*:5556"
=END=
