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
=TITLE= transports that no VPC carries
=INPUT=
services:
  a:
    segment: left
    sockets:
      u:
        type: DISH
        bind: "udp://239.192.1.1:5556"
      s:
        type: PUB
        bind:
          - "pgm://10.0.0.5;239.192.1.1:5556"
          - "epgm://10.0.0.0/24;239.192.1.1:5556"
          - "norm://10.0.0.5:5556"
=ERROR=
7: socket a.u, bind: 'udp://239.192.1.1:5556' is multicast: no VPC carries multicast but through a multicast domain of a transit gateway, and none is planned yet; connect to a broker over tcp
11: socket a.s, bind: 'pgm://10.0.0.5;239.192.1.1:5556' is multicast: no VPC carries multicast but through a multicast domain of a transit gateway, and none is planned yet; connect to a broker over tcp
12: socket a.s, bind: 'epgm://10.0.0.0/24;239.192.1.1:5556' is multicast: no VPC carries multicast but through a multicast domain of a transit gateway, and none is planned yet; connect to a broker over tcp
13: a.s binds 10.0.0.5, but a service's addresses are the plan's; write "norm://localhost:5556"
13: socket a.s, bind: a PUB sends by norm to the address that it names, and waits nowhere; let the SUB bind it, and connect to that
=END=
=TITLE= norm, whose hosts open each port once
=INPUT=
services:
  pub:
    segment: left
    sockets:
      a: { type: PUB, connect: [sub.a, sub.b, sub.c] }
      b: { type: XPUB, connect: sub.a, bind: "tcp://*:6000" }
      c: { type: SUB, bind: "norm://localhost:5557" }
  sub:
    segment: right
    replicas: 2
    sockets:
      a: { type: SUB, bind: "norm://localhost:5556" }
      b: { type: XSUB, bind: "norm://localhost:5557+replica" }
      c: { type: SUB, bind: "norm://localhost:7000+replica" }
  one:
    segment: right
    sockets:
      a: { type: SUB, bind: "norm://localhost:7001" }
      p: { type: PUB, connect: [one.a, sub.c] }
=ERROR=
5: pub.a sends by norm to 2 copies of sub.a at one port, which it opens for each, and libzmq ends a program that finds it taken; give each a port of its own: "norm://localhost:5556+replica"
5: pub.a sends by norm to sub.b and opens udp port 5557 for that, which is taken on its host by pub.c, and libzmq ends a program that finds it taken; let sub.b bind another port
6: pub.b sends by norm and binds 'tcp://*:6000', which is not supported yet; make two sockets of it
6: pub.b sends by norm to 2 copies of sub.a at one port, which it opens for each, and libzmq ends a program that finds it taken; give each a port of its own: "norm://localhost:5556+replica"
19: one.p sends by norm to one.a and opens udp port 7001 for that, which is taken on its host by one.a, and libzmq ends a program that finds it taken; let one.a bind ipc, or tcp on loopback
19: one.p sends by norm to sub.c and opens udp port 7001 for that, which is taken on its host by one.a, and libzmq ends a program that finds it taken; let sub.c bind another port
=END=
=TITLE= norm where it is heard at a site, and on all interfaces of a service
=INPUT=
sites:
  plant:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    sockets:
      a: { type: SUB, bind: "norm://192.168.10.7:5556" }
      b: { type: SUB, bind: "norm://10.20.0.4:5557" }
services:
  pub: { segment: left, sockets: { a: { type: PUB, connect: [plant.a, plant.b] } } }
  sub: { segment: left, sockets: { u: { type: DISH, bind: "udp://eth0:5558" }, s: { type: SUB, bind: "norm://localhost:5558" } } }
=ERROR=
7: plant.b binds 10.20.0.4, which is not in site plant; write an address of its cidrs, or "norm://localhost:5557" for all
10: udp port 5558 of service sub is bound by sub.u and by sub.s; give each its own
=END=
=TITLE= transports between the programs of one host, or with what is under it
=INPUT=
services:
  a:
    segment: left
    sockets:
      s: { type: PUB, bind: ["tipc://{5556,0,0}", "vmci://*:5556", "vsock://*:5556"] }
      t: { type: SUB, connect: a.s }
=ERROR=
=END=
=TITLE= the same from another service
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["tipc://{5556,0,0}", "vmci://*:5556", "vsock://*:5556"] } } }
  b: { segment: left, sockets: { s: { type: SUB, connect: a.s } } }
=ERROR=
3: b.s cannot connect to a.s of service a: it binds 'tipc://{5556,0,0}' and 'vmci://*:5556' and 'vsock://*:5556', and tipc crosses no router, vmci reaches only the machines of one hypervisor, vsock reaches only the machines of one hypervisor; let a.s bind tcp, as in "tcp://*:5556", or make one service of programs on one host
=END=
=TITLE= udp: from a RADIO to a DISH, and between two DGRAM that both bind
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: DISH, bind: "udp://*:5556" }, d: { type: DGRAM, bind: "udp://*:5557" } } }
  b: { segment: right, sockets: { s: { type: RADIO, connect: a.s }, d: { type: DGRAM, bind: "udp://*:5556", connect: a.d } } }
=ERROR=
=END=
=TITLE= udp that libzmq does not open
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: RADIO, bind: "udp://*:5556" }, d: { type: DGRAM, bind: "udp://*:5557" }, e: { type: DGRAM, bind: "tcp://*:5558" } } }
  b: { segment: right, sockets: { d: { type: DGRAM, connect: a.d }, p: { type: PUB, bind: "udp://*:5556" } } }
=ERROR=
2: a DGRAM socket cannot bind tcp; bind udp, or choose another type
2: a RADIO socket cannot bind udp; bind inproc, ipc, tcp, tipc, vmci, vsock, ws or wss, or choose another type
3: a PUB socket cannot bind udp; bind epgm, inproc, ipc, norm, pgm, tcp, tipc, vmci, vsock, ws or wss, or choose another type
3: b.d is a DGRAM socket and binds nothing, and libzmq connects none; let it bind udp as well, as in bind: "udp://*:5556"
=END=
=TITLE= a port for each copy
=INPUT=
services:
  a: { segment: left, replicas: 3, sockets: { s: { type: ROUTER, bind: "tcp://*:5600+replica" }, t: { type: ROUTER, bind: "tcp://*:5603" } } }
=ERROR=
=END=
=TITLE= ports of copies that another socket has, that are too high, that are none
=INPUT=
sites:
  office: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 }, sockets: { s: { type: ROUTER, bind: "tcp://*:5600+replica" } } }
services:
  a: { segment: left, replicas: 3, sockets: { s: { type: ROUTER, bind: "tcp://*:5600+replica" }, t: { type: ROUTER, bind: "tcp://*:5602" } } }
  b: { segment: left, replicas: 3, sockets: { s: { type: ROUTER, bind: "tcp://*:65534+replica" } } }
  c: { segment: left, sockets: { s: { type: ROUTER, bind: "tcp://*:5600-5610+replica" }, t: { type: ROUTER, bind: "ipc:///run/c+replica" } } }
=ERROR=
2: socket office.s, bind: 'tcp://*:5600+replica' counts copies, and a site has none; write a port, or a range of ports
4: tcp port 5602 of service a is bound by a.s and by a.t; give each its own
5: socket b.s, bind: the last copy of service b would have port 65536, and 65535 is the highest; begin lower
6: socket c.s, bind: 'tcp://*:5600-5610+replica' has no port from which to count copies; write the port of the first copy, as in "tcp://*:5600+replica"
6: socket c.t, bind: 'ipc:///run/c+replica' has no port from which to count copies; write the port of the first copy, as in "tcp://*:5600+replica"
=END=
=TITLE= a port that something in between maps
=INPUT=
services:
  a:
    segment: left
    sockets:
      blocks: { type: PUB, bind: { endpoint: "tcp://*:28335", published: 29335 } }
      range:  { type: PUB, bind: [{ endpoint: "tcp://*:5000-5009", published: "6000-6009" }, "ipc:///run/a"] }
      inside: { type: REP, bind: "tcp://*:28335" }
  b: { segment: right, sockets: { s: { type: SUB, connect: [a.blocks, a.range] } } }
=ERROR=
=END=
=TITLE= mappings of ports that are none
=INPUT=
services:
  a:
    segment: left
    sockets:
      a: { type: PUB, bind: { endpoint: "tcp://*:28335", publish: 29335 } }
      b: { type: PUB, bind: { endpoint: "tcp://*:28335" } }
      c: { type: PUB, bind: { endpoint: "tcp://*:28335", published: 0 } }
      d: { type: PUB, bind: { endpoint: "tcp://*:28335", published: 6000-6009 } }
      e: { type: PUB, bind: { endpoint: "ipc:///run/a", published: 6000 } }
      f: { type: PUB, bind: { endpoint: "tcp://*:28336", published: 7000 } }
      g: { type: PUB, bind: "tcp://*:7000" }
=ERROR=
5: socket a.a, bind: a mapping with the key 'publish'; did you mean published?
6: socket a.b, bind: a mapping without 'published'; write {endpoint: "tcp://*:28335", published: 29335}
7: socket a.c, bind: published: 0 is neither a port nor a range of ports; write one such as 29335, or 29335-29340
8: socket a.d, bind: published: '6000-6009' is not as many ports as the endpoint has; write {endpoint: "tcp://*:28335", published: 29335}
9: socket a.e, bind: 'ipc:///run/a' is reached by no other host, and needs no published port; write the endpoint alone: "ipc:///run/a"
11: tcp port 7000 of service a is bound by a.f and by a.g; give each its own
=END=
=TITLE= one port on loopback and on the network
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://eth0:5556" }, t: { type: PUB, bind: ["tcp://lo:5556", "tcp://127.0.0.2:5556"] } } }
=ERROR=
=END=
=TITLE= one port on loopback twice, and on all interfaces too
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://localhost:5556" }, t: { type: PUB, bind: "tcp://127.0.0.1:5556" }, u: { type: PUB, bind: "tcp://*:5557" }, v: { type: PUB, bind: "tcp://lo:5557" } } }
=ERROR=
2: tcp port 5556 of service a is bound by a.s and by a.t; give each its own
2: tcp port 5557 of service a is bound by a.u and by a.v; give each its own
=END=
=TITLE= IPv6 that others would reach
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["tcp://[::]:5556", "ws://[::]:5557", "tcp://[2001:db8::7]:5558", "ws://[2001:db8::7]:8080/feed"] } } }
=ERROR=
2: a.s binds 2001:db8::7, but a service's addresses are the plan's; write "tcp://[::]:5558"
2: a.s binds 2001:db8::7, but a service's addresses are the plan's; write "ws://*:8080/feed"
2: socket a.s, bind: 'ws://[::]:5557' is an IPv6 endpoint, and of these tcp alone is planned yet; write "ws://*:5557"
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
6: tcp ports 51990-51995 of service a are bound by a.s and by a.t; give each its own part of the range, or all the same range
7: tcp port 52999 of service a is bound by a.t and by a.u; leave 52999 out of the range: whoever draws passes over what is taken
7: tcp ports 52000-52999 of service a are bound by a.t and by a.u; give each its own part of the range, or all the same range
=END=
=TITLE= sockets that draw from one range
=INPUT=
services:
  a:
    segment: left
    sockets:
      s: { type: ROUTER, bind: "tcp://*:51000-51001" }
      t: { type: REP, bind: "tcp://*:*[51000-51001]" }
      u: { type: PUB, bind: { endpoint: "tcp://*:100-109", published: 60000-60009 } }
      v: { type: PUB, bind: { endpoint: "tcp://*:100-109", published: 60000-60009 } }
=ERROR=
=END=
=TITLE= more sockets than the range has ports
=INPUT=
services:
  a:
    segment: left
    sockets:
      s: { type: ROUTER, bind: "tcp://*:51000-51001" }
      t: { type: REP, bind: "tcp://*:51000-51001" }
      u: { type: PUB, bind: "tcp://*:51000-51001" }
=ERROR=
7: 3 sockets of service a draw from 2 ports, 51000-51001; let the range have 3 at least
=END=
=TITLE= one range that is not drawn from
=INPUT=
services:
  a:
    segment: left
    replicas: 3
    sockets:
      s: { type: ROUTER, bind: "tcp://*:5600+replica" }
      t: { type: REP, bind: "tcp://*:5600-5602" }
      u: { type: PUB, bind: ["tcp://*:6000-6009", "tcp://*:6000-6009"] }
      v: { type: PUB, bind: { endpoint: "tcp://*:100-109", published: 6000-6009 } }
      w: { type: PUB, bind: "tcp://*:*[6005-6005]" }
=ERROR=
7: tcp ports 5600-5602 of service a are bound by a.s and by a.t; give each its own part of the range
8: a.u binds tcp ports 6000-6009 twice; give each its own part of the range
9: tcp ports 6000-6009 of service a are bound by a.u and by a.v; give each its own part of the range, or all the same range
10: tcp port 6005 of service a is bound by a.u and by a.w; leave 6005 out of the range: whoever draws passes over what is taken
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
3: b.s cannot connect to a.s of service a: it binds 'ws://lo:8080' and 'tcp://lo:*', and a loopback address reaches only the same host; let a.s bind tcp, as in "tcp://*:5556", or make one service of programs on one host
=END=
