=TITLE= a socket behind a load balancer, within the VPC and for peers
=INPUT=
peers:
  partner: { addresses: [198.51.100.7/32], sockets: { ask: { type: REQ, connect: a.quotes, mechanism: CURVE } } }
services:
  a:
    segment: left
    replicas: 2
    sockets:
      in: { type: REP, bind: "tcp://*:5556", via: nlb }
      quotes: { type: REP, bind: "tcp://*:5557", mechanism: CURVE, exposure: { why: they ask, owner: sales, via: nlb } }
  b: { segment: left, replicas: 2, sockets: { out: { type: REQ, connect: a.in } } }
=ERROR=
=END=
=TITLE= another kind of load balancer
=INPUT=
services:
  a: { segment: left, sockets: { in: { type: REP, bind: "tcp://*:5556", via: alb } } }
=ERROR=
2: socket a.in, via: 'alb' is not one of the choices; write nlb
=END=
=TITLE= what cannot be a target of one
=INPUT=
sites:
  x: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.10 }, sockets: { s: { type: REP, bind: "tcp://*:5556", via: nlb } } }
services:
  a: { segment: left, interfaces: none, sockets: { s: { type: REP, bind: "tcp://*:5556", via: nlb } } }
  b: { segment: left, interfaces: { eth0: {}, eth1: { segment: right } }, sockets: { s: { type: REP, bind: "tcp://*:5556", interface: eth0, via: nlb } } }
  c: { segment: left, sockets: { s: { type: REQ, connect: [x.s, a.s, b.s, d.s, e.s, f.s], via: nlb } } }
  d: { segment: left, replicas: 2, sockets: { s: { type: REP, bind: "tcp://*:5556+replica", via: nlb } } }
  e: { segment: left, sockets: { s: { type: REP, bind: "tcp://*:5556-5560", via: nlb } } }
  f: { segment: left, sockets: { s: { type: REP, bind: "ipc:///run/f", via: nlb } } }
=ERROR=
2: x.s is behind a load balancer, and site x is none of the VPC; remove via: there
4: a.s is behind an NLB, and the copies of service a come and go: who starts them would have to register each; name one whose interfaces are planned
5: b.s is behind an NLB, and service b has several network interfaces; let one with a single interface stand behind it
6: c.s cannot connect to f.s of service f: it binds 'ipc:///run/f', and ipc reaches only the same host; let f.s bind tcp, as in "tcp://*:5556", or make one service of programs on one host
6: c.s is behind an NLB, and binds nothing that another host reaches; bind tcp, as in "tcp://*:5556"
7: d.s is behind an NLB, and tcp://*:5556-5557 is a port of each copy; bind one port, the same for all
8: e.s is behind an NLB, and tcp://*:5556-5560 is at no one port; bind one port: a listener has one
9: f.s is behind an NLB, and binds nothing that another host reaches; bind tcp, as in "tcp://*:5556"
=END=
=TITLE= a load balancer that nobody meets
=INPUT=
peers:
  venue: { addresses: [198.51.100.7/32], sockets: { orders: { type: PULL, bind: "tcp://*:6001", mechanism: CURVE } } }
services:
  a: { segment: left, sockets: { in: { type: REP, bind: "tcp://*:5556", via: nlb } } }
  b: { segment: left, sockets: { out: { type: PUSH, connect: venue.orders, mechanism: CURVE, exposure: { why: orders, owner: desk, via: nlb } } } }
=ERROR=
4: a.in has via: nlb, and nobody connects to that; remove via:, or let somebody connect
5: b.out, exposure: has via: nlb, and nobody connects to that; remove via:, or let somebody connect
=END=
=TITLE= copies that take one peer each, behind one name
=INPUT=
services:
  a: { segment: left, replicas: 2, sockets: { s: { type: PAIR, bind: "tcp://*:5556", via: nlb } } }
  b: { segment: left, sockets: { s: { type: PAIR, connect: a.s } } }
=ERROR=
2: a.s is a PAIR of 2 copies behind one NLB: each takes one peer and turns the next away (src/pair.cpp), and which of them a client meets, chance decides; write replicas: 1, or let who connects name each copy, without via:
3: PAIR socket b.s would have 2 peers (replicas counted), and a PAIR has one; connect one socket of one replica, or use DEALER and ROUTER
=END=
=TITLE= a flow that is not ZeroMQ, behind one
=INPUT=
peers:
  clients: { addresses: [198.51.100.7/32] }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "ipc:///run/a" } } }
flows:
  - { name: https, from: clients, to: a, traffic: tcp 443, why: they log in, encryption: TLS, exposure: { why: they log in, owner: sales, via: nlb } }
=ERROR=
6: flow https has via: nlb, and that is of sockets; declare a socket of type TCP at the server, and one at the peer
=END=
