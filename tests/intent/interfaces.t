=TITLE= two interfaces, each in a segment of its own
=INPUT=
services:
  a:
    segment: left
    replicas: 2..3
    interfaces: { eth0: {}, eth1: { segment: right } }
    sockets:
      data:    { type: PUB, bind: "tcp://eth0:9702" }
      control: { type: REP, bind: ["tcp://*:9701", "inproc://control"], interface: eth1 }
      both:    { type: PUB, bind: ["tcp://eth0:9703", "tcp://eth1:9703"] }
      out:     { type: PUSH, connect: b.in, interface: eth0 }
      peers:   { type: SUB, connect: a.both, interface: eth1 }
      local:   { type: PAIR, bind: "inproc://x" }
  b: { segment: right, sockets: { in: { type: PULL, bind: "tcp://*:5000" } } }
=ERROR=
=END=
=TITLE= one interface that is named is one
=INPUT=
services:
  a:
    segment: left
    interfaces: { ens5: { purpose: the only one } }
    sockets: { s: { type: PUB, bind: "tcp://ens5:9702" }, t: { type: PUB, bind: "tcp://*:9703" } }
=ERROR=
=END=
=TITLE= interfaces where a name is wrong, or a segment
=INPUT=
services:
  a:
    segment: left
    interfaces:
      lo: {}
      eth0.100: { segment: right }
      Eth2: { segment: rihgt }
    sockets: { s: { type: PUB, bind: "inproc://s" } }
=ERROR=
5: service a, interfaces: 'lo' is not the name of a network interface; write it as the host calls it, in up to 15 of a-z, 0-9 and -, as in eth1
6: service a, interfaces: 'eth0.100' is not the name of a network interface; write it as the host calls it, in up to 15 of a-z, 0-9 and -, as in eth1
7: interface a.Eth2 is in segment 'rihgt', which is not declared; did you mean right?
7: service a, interfaces: 'Eth2' is not the name of a network interface; write it as the host calls it, in up to 15 of a-z, 0-9 and -, as in eth1
=END=
=TITLE= no interface in the segment of the service
=INPUT=
services:
  a:
    segment: left
    interfaces: { eth1: { segment: right } }
    sockets: { s: { type: PUB, bind: "inproc://s" } }
=ERROR=
4: service a is in segment left, and none of its interfaces is; add the one that is, as in eth0: {}
=END=
=TITLE= an interface that is called as a socket is
=INPUT=
services:
  a:
    segment: left
    interfaces: { eth0: {}, eth1: { segment: right } }
    sockets: { eth1: { type: PUB, bind: "tcp://eth1:5556" } }
=ERROR=
5: a.eth1 would be an interface and a socket; call the socket otherwise
=END=
=TITLE= an interface that says what no interface does
=INPUT=
services:
  a:
    segment: left
    interfaces: { eth0: {}, eth1: { segment: right, owner: ops } }
    sockets: { s: { type: PUB, bind: "tcp://eth1:5556" } }
=ERROR=
4: service a, interfaces, eth1 has no key 'owner'; write purpose or segment
=END=
=TITLE= interface: where nothing depends on it
=INPUT=
sites:
  venue:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    sockets: { s: { type: PUB, bind: "tcp://*:6001", interface: eth1 } }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:6001", interface: eth1 } } }
  b:
    segment: left
    interfaces: { eth0: {}, eth1: { segment: right } }
    sockets:
      named:  { type: PUB, bind: "tcp://eth0:6001", interface: eth1 }
      local:  { type: PUB, bind: "inproc://local", interface: eth1 }
      wrong:  { type: PUB, bind: "tcp://*:6003", interface: eth2 }
=ERROR=
5: venue.s is at interface 'eth1', and a site has none here; remove it; host: says at which host a socket of a site is
7: a.s is at interface 'eth1', and service a declares none; remove it, or declare both, as in interfaces: {eth0: {}, eth1: {segment: control}}
12: b.named is at interface eth1, and nothing depends on that: it binds eth0 by name; remove interface:
13: b.local is at interface eth1, and nothing depends on that: it stays on a host; remove interface:
14: b.wrong is at 'eth2', which is no interface of service b; did you mean eth1?
=END=
=TITLE= one port of one host is one socket's, at whichever interface
=INPUT=
services:
  a:
    segment: left
    interfaces: { eth0: {}, eth1: { segment: right } }
    sockets:
      every: { type: PUB, bind: "tcp://*:5556", interface: eth0 }
      other: { type: PUB, bind: "tcp://eth1:5556" }
      one:   { type: PUB, bind: "tcp://eth0:5557" }
      two:   { type: PUB, bind: "tcp://eth1:5557" }
=ERROR=
7: tcp port 5556 of service a is bound by a.every and by a.other; give each its own
=END=
=TITLE= a single host does not leave itself by its other interface
=INPUT=
services:
  a:
    segment: left
    interfaces: { eth0: {}, eth1: { segment: right } }
    sockets:
      in:  { type: REP, bind: "tcp://eth1:5556" }
      out: { type: REQ, connect: a.in, interface: eth0 }
flows:
  - { name: ssh, from: a.eth0, to: a.eth1, traffic: tcp 22, why: no }
tests:
  - { from: a.eth0, deny: [a.eth1] }
=ERROR=
9: flow ssh from a to itself is within one host; only replicas of a service meet over the network
11: test from a.eth0: 'a.eth1' is its own, on the same host; remove it; only replicas meet over the network
=END=
=TITLE= other flows, where a host has several interfaces
=INPUT=
services:
  a: { segment: left, labels: { tier: edge }, interfaces: { eth0: {}, eth1: { segment: right } } }
  b: { segment: right }
flows:
  - { name: ssh, from: b, to: a, traffic: tcp 22, why: log in }
  - { name: log, from: a, to: b, traffic: tcp 514, why: logs }
  - { name: ntp, from: a.eth2, to: b, traffic: udp 1123, why: time }
  - { name: eth1, from: b, to: a.eth1, traffic: tcp 80, why: web }
  - { name: web, from: b, to: a.eth0, traffic: tcp 443, why: web }
  - { name: two, from: b, to: a.eth1, traffic: tcp 443, why: another program at the same port }
  - { name: tls, from: b, to: a.eth1, traffic: tcp 443, why: a third }
  - { name: all, from: b, to: ["*"], traffic: tcp 9100, why: metrics }
=ERROR=
5: flow ssh is answered at service a, which has several interfaces; write a.eth0 or a.eth1
6: flow log is from a to segment right, in which it has eth1: by which interface it goes, the routes of its host would decide; write a.eth1, or a.eth0
7: flow ntp: service a has no interface 'eth2'; write a.eth0 or a.eth1
8: flow eth1: service a has an interface 'eth1'; choose another name
11: flow tls: tcp 443 of service a is that of flow two already; give both one name: from: takes a list
=END=
=TITLE= tests, where a host has several interfaces
=INPUT=
services:
  a:
    segment: left
    interfaces: { eth0: {}, eth1: { segment: right } }
    sockets: { s: { type: PUB, bind: "tcp://eth1:5556" }, t: { type: PUB, bind: "inproc://t" } }
  b: { segment: right, sockets: { s: { type: SUB, connect: a.s } } }
tests:
  - { from: b, accept: [a.s, a.eth1.s, a.eth1], deny: [a.eth0, "a.eth1:22", "a:udp 53"] }
  - { from: a, deny: [b, internet] }
  - { from: b, accept: ["a:22"] }
  - { from: b, deny: [a.eth3] }
  - { from: b, deny: ["a.s:22"] }
  - { from: b, deny: [a.eth0.s] }
=ERROR=
10: test from b: 'a:22' in accept: service a has several interfaces; write a.eth0:22 or a.eth1:22
11: test from b: service a has no socket 'eth3'; write s or t
12: test from b: 'a.s:22' is a socket and a port of its own; write a.s, or a:22
13: test from b: a.eth0.s binds nothing that another host can reach; remove it
=END=
