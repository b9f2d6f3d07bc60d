=TITLE= flows that a host needs beside its sockets
=INPUT=
sites:
  office: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 } }
services:
  bastion: { segment: left }
  app: { segment: right, labels: { tier: core }, replicas: 2, sockets: { rpc: { type: REP, bind: "tcp://*:5555" } } }
  db: { segment: right }
flows:
  - { name: ssh, from: office, to: bastion, traffic: tcp 22, why: operators log in, owner: ops, until: 2999-01-31, encryption: SSH }
  - { name: hop, from: bastion, to: [app, db], traffic: [tcp 22, icmp 8, icmp 3/4], why: they look after hosts }
  - { name: node, from: bastion, to: "*", traffic: tcp 9100-9101, why: hosts are watched }
  - { name: gossip, from: app, to: app, traffic: udp 7946, why: copies know each other }
  - { name: out, from: "label:tier=core", to: office, traffic: [gre, esp, ah, sctp, protocol 89], why: old lines }
  - { name: ping, from: "segment:right", to: "segment:right", traffic: icmp 0, why: are they there }
=ERROR=
=END=
=TITLE= one name and one traffic on two lines, from others
=INPUT=
services:
  a: { segment: left }
  b: { segment: left }
  c: { segment: right }
flows:
  - { name: ssh, from: a, to: c, traffic: tcp 22, why: operators }
  - { name: ssh, from: b, to: c, traffic: tcp 22, why: a contractor, until: 2999-01-31 }
=ERROR=
=END=
=TITLE= a flow without what it needs
=INPUT=
services: { a: { segment: left } }
flows:
  - { name: ssh, traffic: tcp 22 }
  - { from: a, until: tomorrow, because: of me }
=ERROR=
3: flow has no 'from'; add who opens it: a service, a site, segment:feed, label:tier=edge, "*" (every service), or a list of them
3: flow has no 'to'; add who answers: as from
3: flow has no 'why'; add what it is needed for, in a line
4: flow has no 'name'; add what it is called at every server, as in name: ssh
4: flow has no 'to'; add who answers: as from
4: flow has no 'traffic'; add what passes: tcp 22, tcp 8000-8010, udp 53, icmp 8, sctp, gre, protocol 89, or a list of them
4: flow has no 'why'; add what it is needed for, in a line
4: flow has no key 'because'; write encryption, exposure, from, name, owner, to, traffic, until or why
4: flow, until: 'tomorrow' is no day; write one as in 2027-01-31
=END=
=TITLE= traffic that is written as other tools have it
=INPUT=
services: { a: { segment: left }, b: { segment: right } }
flows:
  - { name: a1, from: a, to: b, why: x, traffic: 22 }
  - { name: a2, from: a, to: b, why: x, traffic: 22/tcp }
  - { name: a3, from: a, to: b, why: x, traffic: "tcp:22" }
  - { name: a4, from: a, to: b, why: x, traffic: ssh }
  - { name: a5, from: a, to: b, why: x, traffic: TCP 22 }
  - { name: a6, from: a, to: b, why: x, traffic: tcp }
  - { name: a7, from: a, to: b, why: x, traffic: "tcp 22,80" }
  - { name: a8, from: a, to: b, why: x, traffic: tcp 80-79 }
  - { name: a9, from: a, to: b, why: x, traffic: udp dns }
  - { name: b1, from: a, to: b, why: x, traffic: gre 3 }
  - { name: b2, from: a, to: b, why: x, traffic: icmp 300 }
  - { name: b3, from: a, to: b, why: x, traffic: all }
  - { name: b4, from: a, to: b, why: x, traffic: protocol 6 }
  - { name: b5, from: a, to: b, why: x, traffic: icmpv6 }
  - { name: b6, from: a, to: b, why: x, traffic: protocol 300 }
  - { name: b7, from: a, to: b, why: x, traffic: [] }
  - { name: b8, from: a, to: b, why: x, traffic: protocol 58 }
  - { name: b9, from: a, to: b, why: x, traffic: protocol }
  - { name: c1, from: a, to: b, why: x, traffic: sctp 70000 }
  - { name: c2, from: a, to: b, why: x, traffic: "{}" }
=ERROR=
3: flow, traffic: 22 names no protocol; write tcp 22 or udp 22
4: flow, traffic: '22/tcp' is no traffic; write tcp 22
5: flow, traffic: 'tcp:22' is no traffic; write tcp 22
6: flow, traffic: 'ssh' names no protocol; write tcp 22, if it is there as usual
7: flow, traffic: 'TCP 22' names no protocol; write tcp 22
8: flow, traffic: 'tcp' names no port; write one behind it, as in tcp 22, or a range; all are tcp 1-65535
9: flow, traffic: 'tcp 22,80' has no port behind tcp; write a list: [tcp 22, tcp 80]
10: flow, traffic: 'tcp 80-79' is not within 1-65535, the first before the last; write a number or a range, as in tcp 22
11: flow, traffic: 'udp dns' has no port behind udp; write a number or a range, as in udp 53
12: flow, traffic: 'gre 3': gre has no ports; write gre
13: flow, traffic: 'icmp 300' names no message of ICMP; write its type, and its code if it is for one alone: icmp 8 (a ping), icmp 3/4
14: flow, traffic: 'all' is everything; name what is needed, such as tcp 22, tcp 8000-8010, udp 53, icmp 8, gre or protocol 89
15: flow, traffic: 'protocol 6' is tcp; write it so: tcp 22
16: flow b5 is for icmpv6, and a and b have no IPv6; write icmp, or add ipv6: amazon to the topology
17: flow, traffic: 'protocol 300' names no protocol; write its number, 0 to 255
18: flow, traffic: is an empty list; name something, or remove the key
19: flow, traffic: 'protocol 58' is icmpv6; write it so: icmpv6
20: flow, traffic: 'protocol' is everything; name what is needed, such as tcp 22, tcp 8000-8010, udp 53, icmp 8, gre or protocol 89
21: flow, traffic: 'sctp 70000' is not within 1-65535, the first before the last; write a number or a range, as in sctp 3868
22: flow, traffic: '{}' is no traffic; write one such as tcp 22, tcp 8000-8010, udp 53, icmp 8, gre or protocol 89
=END=
=TITLE= somebody who is not there
=INPUT=
services:
  bastion: { segment: left, sockets: { s: { type: PAIR, bind: "inproc://s" } } }
  app: { segment: right }
flows:
  - { name: a, from: bastoin, to: app, traffic: tcp 22, why: x }
  - { name: b, from: internet, to: app, traffic: tcp 443, why: x }
  - { name: c, from: bastion.s, to: app, traffic: tcp 23, why: x }
  - { name: d, from: "segment:middle", to: app, traffic: tcp 24, why: x }
  - { name: e, from: bastion, to: ["label:tier=edge", app, app], traffic: tcp 25, why: x }
  - { name: f, from: "segment:left", to: bastion, traffic: tcp 26, why: x }
=ERROR=
5: flow a: there is no 'bastoin'; did you mean bastion?
6: flow b: flows from or to the whole internet are not planned yet; name whom it is for under peers:, with its addresses
7: flow c: 'bastion.s' is one of its sockets, and a flow is between hosts; write bastion; who talks to a socket connects to it there
8: flow d: no service is in segment 'middle'; write left or right
9: flow e names app twice; name it once
9: flow e: no service has the label 'tier=edge'; give one labels: { tier: edge }
10: flow f: to: means nobody else than from: does; name who answers
=END=
=TITLE= a flow that no network carries
=INPUT=
sites:
  one: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 } }
  two: { cidrs: [192.168.11.0/24], gateway: { address: 203.0.113.11 } }
services: { a: { segment: left } }
flows:
  - { name: x, from: one, to: two, traffic: tcp 22, why: x }
  - { name: y, from: a, to: a, traffic: tcp 22, why: x }
=ERROR=
6: flow x from one to two: no such packet meets the VPC; remove it; flows outside the VPC are not declared here
7: flow y from a to itself is within one host; only replicas of a service meet over the network
=END=
=TITLE= one door with two names
=INPUT=
services:
  a: { segment: left }
  b: { segment: right, sockets: { rpc: { type: REP, bind: "tcp://*:5555-5560" } } }
flows:
  - { name: rpc, from: a, to: b, traffic: tcp 22, why: x }
  - { name: http, from: a, to: b, traffic: tcp 5550-5556, why: x }
  - { name: ssh, from: a, to: "*", traffic: tcp 22, why: x }
  - { name: shell, from: a, to: b, traffic: tcp 20-30, why: x }
  - { name: ssh, from: a, to: b, traffic: tcp 2222, why: x }
  - { name: ssh, from: a, to: b, traffic: tcp 22, why: y }
  - { name: ping, from: a, to: b, traffic: icmp 8, why: x }
  - { name: icmp, from: a, to: b, traffic: icmp, why: x }
  - { name: udp, from: a, to: b, traffic: [udp 22, udp 20-30], why: x }
=ERROR=
5: flow rpc: service b has a socket 'rpc'; choose another name; both stand for what waits there
6: flow http: tcp 5550-5556 of service b is that of socket b.rpc already; let its clients connect to the socket
8: flow shell: tcp 20-30 of service b is that of flow ssh already; give both one name: from: takes a list
9: flow ssh from a to b is on line 7 already; keep one of the two
9: flow ssh to b is tcp 22 elsewhere; give each traffic a name of its own
10: flow ssh from a to b is on line 7 already; keep one of the two
12: flow icmp: icmp of service b is that of flow ping already; give both one name: from: takes a list
13: flow udp names udp 20-30 twice; name it once
=END=
=TITLE= what encrypts a flow
=INPUT=
encryption: required
services: { a: { segment: left }, b: { segment: right } }
flows:
  - { name: one, from: a, to: b, traffic: tcp 5432, why: x }
  - { name: two, from: a, to: b, traffic: tcp 22, why: x, encryption: SSH }
  - { name: three, from: a, to: b, traffic: [udp 443, icmp 8], why: x, encryption: TLS }
  - { name: four, from: a, to: b, traffic: udp 53, why: x, encryption: CURVE }
  - { name: five, from: a, to: b, traffic: tcp 443, why: x, encryption: tls }
  - { name: six, from: a, to: b, traffic: [udp 80, tcp 80], why: x }
  - { name: seven, from: a, to: b, traffic: [tcp 23, icmp 13, gre], why: x }
=ERROR=
4: flow one says of no encryption, and encryption is required; write encryption: TLS or SSH, as its programs do
6: flow three: TLS does not encrypt icmp 8; remove icmp 8: TLS is of TCP, UDP or SCTP
7: flow, encryption: 'CURVE' is not one of the choices; write TLS, SSH or none: of DTLS, QUIC and HTTPS that is TLS
8: flow, encryption: 'tls' is not one of the choices; write TLS
9: flow six says of no encryption, and encryption is required; write encryption: TLS, as its programs do
10: flow seven says of no encryption, and encryption is required; remove icmp 13 and gre: TLS is of TCP, UDP or SCTP
=END=
=TITLE= tests of what answers a flow
=INPUT=
services: { a: { segment: left }, b: { segment: right }, c: { segment: right } }
flows:
  - { name: ssh, from: a, to: b, traffic: tcp 22, why: x }
tests:
  - { from: a, accept: [b.ssh], deny: ["*"] }
  - { from: c, deny: [b] }
  - { from: internet, deny: ["*"] }
  - { from: c, deny: [b.telnet, c.ssh] }
=ERROR=
8: test from c: service b has no socket 'telnet'; write ssh
8: test from c: service c has no socket 'ssh'; name a port, as in c:443
=END=
=TITLE= a port of udp is not one of tcp, and a mapped port is that which others reach
=INPUT=
services:
  node:
    segment: left
    sockets:
      news: { type: DISH, bind: "udp://*:5556" }
      blocks: { type: PUB, bind: { endpoint: "tcp://*:28335", published: 29335 } }
  trader: { segment: right }
flows:
  - { name: rpc, from: trader, to: node, traffic: [tcp 5556, udp 29335], why: it asks }
  - { name: rest, from: trader, to: node, traffic: tcp 28335, why: the host has it }
  - { name: news-too, from: trader, to: node, traffic: udp 5556, why: it listens }
  - { name: blocks-too, from: trader, to: node, traffic: tcp 29335, why: it listens }
=ERROR=
11: flow news-too: udp 5556 of service node is that of socket node.news already; let its clients connect to the socket
12: flow blocks-too: tcp 29335 of service node is that of socket node.blocks already; let its clients connect to the socket
=END=
=TITLE= protocols that have a number and no word
=INPUT=
services:
  a: { segment: left }
  b: { segment: right }
flows:
  - { name: one, from: a, to: b, traffic: [ospf, igmp, VRRP], why: x }
  - { name: two, from: a, to: b, traffic: [[tcp 22]], why: x }
  - { name: three, from: a, to: [[b]], traffic: tcp 22, why: x }
=ERROR=
5: flow, traffic: 'VRRP' names no protocol; write protocol 112
5: flow, traffic: 'igmp' names no protocol; write protocol 2
5: flow, traffic: 'ospf' names no protocol; write protocol 89
6: flow, traffic: a list names no protocol; write one such as tcp 22, tcp 8000-8010, udp 53, icmp 8, gre or protocol 89
7: flow, to: a list is not a text; write one text
=END=
