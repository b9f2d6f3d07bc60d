=TITLE= a test from nobody
=INPUT=
tests:
  - { from: stranger, deny: ["*"] }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
=ERROR=
2: test from 'stranger', which is no service and no site; write a or internet
=END=
=TITLE= a test that expects nothing
=INPUT=
tests:
  - from: internet
=ERROR=
2: test from internet expects nothing; add accept: or deny: with a list of service.socket
=END=
=TITLE= a test of an unknown service and an unknown socket
=INPUT=
tests:
  - from: internet
    deny: [tiker.ticks, ticker.tick, ticker.ticks.x]
services:
  ticker: { segment: left, sockets: { ticks: { type: PUB, bind: "tcp://*:5556" } } }
=ERROR=
3: test from internet: service ticker has no socket 'tick'; did you mean ticks?
3: test from internet: service ticker has no socket 'ticks.x'; did you mean ticks?
3: test from internet: there is no service or site 'tiker'; did you mean ticker?
=END=
=TITLE= a test of a socket that binds no reachable port
=INPUT=
tests:
  - from: internet
    deny: [a.s, a.t]
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "ipc:///run/x" }, t: { type: PUB, bind: "tcp://lo:5" }, u: { type: PUB, bind: "tcp://*:6" } } }
=ERROR=
3: test from internet: a.s binds no tcp port that another host can reach; name a.u
3: test from internet: a.t binds no tcp port that another host can reach; name a.u
=END=
=TITLE= a test that accepts and denies
=INPUT=
tests:
  - from: internet
    accept: [a.s]
    deny: [a.s]
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
=ERROR=
4: test from internet accepts and denies a.s; keep one of the two
=END=
=TITLE= two tests that contradict each other
=INPUT=
tests:
  - from: b
    accept: [a.s]
  - from: b
    deny: ["*"]
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: left }
=ERROR=
5: the test on line 2 accepts b -> a.s, and this one denies it; put what b may reach into one test
=END=
=TITLE= a test with nothing left to deny
=INPUT=
tests:
  - from: b
    accept: [a.s]
    deny: [a, "*", b]
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: left }
=ERROR=
4: test from b: '*' leaves no socket to test; remove it, or name a socket that binds tcp
4: test from b: 'a' leaves no socket to test; remove it, or name a socket that binds tcp
4: test from b: 'b' leaves no socket to test; remove it, or name a socket that binds tcp
=END=
=TITLE= a test of a service's own socket
=INPUT=
tests:
  - from: a
    deny: [a.s]
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
=ERROR=
3: test from a: a.s is its own, on the same host; remove it; only replicas meet over the network
=END=
=TITLE= a test from outside of a site's socket
=INPUT=
tests:
  - from: internet
    deny: [x.s]
sites:
  x: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.1 }, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
=ERROR=
3: test from internet: no packet from there to x.s would cross the VPC; remove it; test sockets of services from outside
=END=
