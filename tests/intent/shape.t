=TITLE= nothing but what is needed
=INPUT=
services: {}
=ERROR=
=END=
=TITLE= an unknown key, nearly a known one
=INPUT=
services:
  a:
    segment: left
    replica: 2
=ERROR=
4: service a has no key 'replica'; did you mean replicas?
=END=
=TITLE= an unknown key, like none
=INPUT=
blocks: 10.0.0.0/16
=ERROR=
1: the topology has no key 'blocks'; write amazon-asn, block-public-access, cidr, defaults, dns, encryption, flow-logs, flows, include, ipv6, joins, monitoring, nacl-overflow, name, nat, path-mtu-discovery, peers, quarantine, quotas, region, segments, services, sites, tests, vpc, vpc-encryption, vpcs or zones
=END=
=TITLE= a needed key under a wrong name is one mistake
=INPUT=
services:
  a:
    segmnt: left
=ERROR=
3: service a has no key 'segmnt'; did you mean segment?
=END=
=TITLE= a service without a segment
=INPUT=
services:
  a: { replicas: 2 }
=ERROR=
2: service a has no 'segment'; add the segment it lives in
=END=
=TITLE= a key without a value
=INPUT=
services:
  a:
    segment:
    sockets:
      s:
=ERROR=
3: service a, segment: has no value; write one, or remove the key
5: socket a.s: has no value; write one, or remove the key
=END=
=TITLE= a list where a mapping belongs
=INPUT=
services:
  - a
  - b
=ERROR=
1: services: is not a mapping; write NAME: { segment: … }
=END=
=TITLE= a word where a socket belongs
=INPUT=
services:
  a: { segment: left, sockets: { s: PUB } }
=ERROR=
2: socket a.s: is not a mapping; write { type: … }
=END=
=TITLE= an empty list
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: [] } } }
=ERROR=
2: socket a.s, bind: is an empty list; name something, or remove the key
=END=
=TITLE= replicas that are no count
=INPUT=
services:
  a: { segment: left, replicas: 0 }
  b: { segment: left, replicas: 201 }
  c: { segment: left, replicas: "3" }
  d: { segment: left, replicas: 1.5 }
  e: { segment: left, replicas: true }
  f: { segment: left, replicas: 0x10 }
  g: { segment: left, replicas: 99999999999999999999999999999999 }
=ERROR=
2: service a, replicas: 0 is not a number from 1 to 200; write a whole number from 1 to 200
3: service b, replicas: 201 is not a number from 1 to 200; write a whole number from 1 to 200
4: service c, replicas: '3' is no number of copies; write 3, without quotes
5: service d, replicas: 1.5 is not a number from 1 to 200; write a whole number from 1 to 200
6: service e, replicas: true is not a number from 1 to 200; write a whole number from 1 to 200
7: service f, replicas: '0x10' is no number of copies; write a whole number from 1 to 200, or a range such as 2..10
8: service g, replicas: '99999999999999999999999999999999' is no number of copies; write a whole number from 1 to 200, or a range such as 2..10
=END=
=TITLE= who owns what, and why a socket is there
=INPUT=
segments: { left: { purpose: one side, owner: platform }, right: { purpose: another, owner: "" } }
sites:
  desk:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    purpose: traders
    owner: 7
services:
  a: { segment: left, owner: "two\nlines", sockets: { s: { type: PUB, bind: "tcp://*:5556", why: " " } } }
  b: { segment: left, sockets: { s: { type: SUB, connect: a.s, why: live prices } } }
=ERROR=
1: segment right, owner: is empty; name who answers for it, as in owner: market data team
7: site desk, owner: 7 is not a text; put quotes around it
9: service a, owner: 'two\nlines' is more than one line of text; write one line
9: socket a.s, why: is empty; say in a few words what it is needed for
=END=
=TITLE= a segment without a purpose
=INPUT=
segments:
  left: { isolation: service }
  right: { purpose: "  " }
=ERROR=
2: segment left has no 'purpose'; add why it exists, as in purpose: market data producers
3: segment right, purpose: is empty; say in a few words what it is for
=END=
=TITLE= words that no tag can hold
=INPUT=
segments:
  left: { purpose: "AWS: all of it", owner: "the\u00a0desk", data: "for\u2028us" }
  right: { purpose: "prices (live), of 100 % & more", owner: "Händler, 売買" }
=ERROR=
2: segment left, data: 'for\u2028us' is more than one line of text; write one line
2: segment left, owner: 'the\xa0desk' holds '\xa0', which nobody sees; write letters, signs and plain spaces
2: segment left, purpose: 'AWS: all of it' begins with aws:, which AWS keeps; put a word before it
=END=
=TITLE= a purpose that is a number, one of two lines, one too long
=INPUT=
segments:
  a: { purpose: 5 }
  b: { purpose: "one\ntwo" }
  c: { purpose: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' }
=ERROR=
2: segment a, purpose: 5 is not a text; put quotes around it
3: segment b, purpose: 'one\ntwo' is more than one line of text; write one line
4: segment c, purpose: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…' has 202 characters; write at most 200
=END=
=TITLE= an isolation nobody knows
=INPUT=
segments:
  left: { purpose: one, isolation: host }
=ERROR=
2: segment left, isolation: 'host' is not one of the choices; write segment, service or none
=END=
=TITLE= no segment at all
=INPUT=
segments: {}
=ERROR=
1: there is no segment; declare at least one, with its purpose
=END=
=TITLE= a segment that is not declared
=INPUT=
services:
  a: { segment: lefft }
=ERROR=
2: service a is in segment 'lefft', which is not declared; did you mean left?
=END=
=TITLE= names that are no names
=INPUT=
name: Trading
segments: { Left: { purpose: one side } }
services:
  my_service: { segment: Left, sockets: { 1Ticks: { type: PUB, bind: "tcp://*:5556" } } }
  an-unreasonably-long-service-name: { segment: Left }
  1st: { segment: Left }
=ERROR=
1: name: 'Trading' is not a name; start with a lower-case letter, then up to 30 of a-z, 0-9 and -
2: segment: 'Left' is not a name; start with a lower-case letter, then up to 30 of a-z, 0-9 and -
4: service my_service: '1Ticks' is not a socket's name; start with a letter, then up to 30 of A-Z, a-z, 0-9, _ and -
4: service: 'my_service' is not a name; start with a lower-case letter, then up to 30 of a-z, 0-9 and -
5: service: 'an-unreasonably-long-service-name' is not a name; start with a lower-case letter, then up to 30 of a-z, 0-9 and -
6: service: '1st' is not a name; start with a lower-case letter, then up to 30 of a-z, 0-9 and -
=END=
=TITLE= internet is taken
=INPUT=
services:
  internet: { segment: left }
=ERROR=
2: 'internet' is the name of everybody outside; choose another name
=END=
=TITLE= a site and a service of one name
=INPUT=
sites:
  office: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.1 } }
services:
  office: { segment: left }
=ERROR=
4: 'office' names a site and a service; choose another name for one of them
=END=
=TITLE= names that others have, or had
=INPUT=
segments:
  left: { purpose: p }
  one: { purpose: p, was: left }
  two: { purpose: p, was: [Old, two] }
  three: { purpose: p, was: three }
services:
  a: { segment: left, was: b }
  b: { segment: left, was: [c, sg-d] }
  e: { segment: left, was: c }
  sg-f: { segment: left, was: f }
  g: { segment: left, was: [] }
sites:
  office: { was: plant, cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.1 } }
=ERROR=
3: segment one, was: 'left' is the name of another of the segments; keep one of the two names free until the change is built everywhere
4: segment two, was: 'Old' is not a name; start with a lower-case letter, then up to 30 of a-z, 0-9 and -
5: segment three, was: 'three' is what it is called now; remove it
7: service a, was: 'b' is the name of another of the services; keep one of the two names free until the change is built everywhere
8: service b, was: AWS keeps a group's name, which 'sg-d' and 'b' differ in; call neither sg-…, or remove the line: group and interfaces are replaced
9: service e, was: 'c' is what b was called, too; let one of the two keep what is built
10: service sg-f, was: AWS keeps a group's name, which 'f' and 'sg-f' differ in; call neither sg-…, or remove the line: group and interfaces are replaced
11: service g, was: is an empty list; name something, or remove the key
=END=
=TITLE= the draft socket types
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: SERVER, bind: "tcp://*:5556" }, g: { type: GATHER, bind: "tcp://*:5557" }, d: { type: DISH, bind: "tcp://*:5558" } } }
  b: { segment: right, sockets: { s: { type: CLIENT, connect: a.s }, g: { type: SCATTER, connect: a.g }, d: { type: RADIO, connect: a.d } } }
  c: { segment: right, replicas: 2, sockets: { p: { type: PEER, bind: "tcp://*:5556", connect: c.p } } }
=ERROR=
=END=
=TITLE= draft types that libzmq keeps apart
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: SCATTER, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: SCATTER, connect: a.s } } }
=ERROR=
3: b.s (SCATTER) cannot talk to a.s (SCATTER): libzmq drops the connection in silence and tries again for ever; a SCATTER talks to GATHER, a SCATTER to GATHER
=END=
=TITLE= copies that come and go, and labels
=INPUT=
services:
  a: { segment: left, replicas: 2..10, labels: { tier: edge, since: "2026" } }
=ERROR=
=END=
=TITLE= ranges of copies that are none, and labels that are none
=INPUT=
services:
  a: { segment: left, replicas: 10..2 }
  b: { segment: left, replicas: 0..201, labels: { tier: the edge } }
=ERROR=
2: service a, replicas: '10..2' is no range of copies; write the lower number first, and at most 200
3: service b, labels, tier: 'the edge' is not a label's value; start with a letter or digit, then up to 62 of A-Z, a-z, 0-9, _, - and .
3: service b, replicas: '0..201' is no range of copies; write the lower number first, and at most 200
=END=
=TITLE= a socket type in small letters, one misspelt, one that is a number
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: pub, bind: "tcp://*:5556" } } }
  b: { segment: left, sockets: { s: { type: ROUTR, bind: "tcp://*:5556" } } }
  c: { segment: left, sockets: { s: { type: 5, bind: "tcp://*:5556" } } }
=ERROR=
2: socket a.s, type: 'pub' is not written as ZeroMQ writes it; write PUB
3: socket b.s, type: 'ROUTR' is not a socket type; did you mean ROUTER?
4: socket c.s, type: 5 is not a socket type; write REQ, REP, DEALER, ROUTER, PUB, SUB, XPUB, XSUB, PUSH, PULL, PAIR, STREAM, SERVER, CLIENT, RADIO, DISH, SCATTER, GATHER, DGRAM, PEER, CHANNEL or TCP
=END=
=TITLE= a socket without a type
=INPUT=
services:
  a: { segment: left, sockets: { s: { bind: "tcp://*:5556" } } }
=ERROR=
2: socket a.s has no 'type'; add its ZeroMQ type, as in type: PUB
=END=
=TITLE= a socket that neither binds nor connects
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB } } }
=ERROR=
2: socket a.s neither binds nor connects; add bind: an endpoint, or connect: service.socket
=END=
=TITLE= one mistake hides no other
=INPUT=
region: europe
services:
  a: { segment: left, color: red, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: nowhere, replicas: many, sockets: { s: { type: PULL, connect: a.s } } }
tests:
  - { from: c, accept: [a.s] }
=ERROR=
1: region: 'europe' is not an AWS Region; write one such as eu-west-1
3: service a has no key 'color'; write client-ports, cluster, data, instance, interfaces, labels, mtu, needs, owner, proxy, purpose, replicas, runs-on, segment, sockets, use or was
4: b.s (PULL) cannot talk to a.s (PUB): libzmq drops the connection in silence and tries again for ever; a PULL talks to PUSH, a PUB to SUB or XSUB
4: service b is in segment 'nowhere', which is not declared; write left or right
4: service b, replicas: 'many' is no number of copies; write a whole number from 1 to 200, or a range such as 2..10
6: test from 'c': there is no service or site 'c'; write a, b or internet
=END=
=TITLE= nothing is said about what follows from a mistake
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUBLISH, bind: "tcp://*:99999" } } }
  b: { segment: left, sockets: { s: { type: PULL, connect: a.s } } }
tests:
  - { from: b, accept: [a.s] }
=ERROR=
2: socket a.s, bind: 'tcp://*:99999' does not end in a port, and libzmq would bind 34463; write a number from 1 to 65535
2: socket a.s, type: 'PUBLISH' is not a socket type; did you mean PUSH?
=END=
=TITLE= what is no mapping, and what one looks like there
=INPUT=
defaults: { service: linux }
sites:
  x: { cidrs: [192.168.10.0/24], gateway: 203.0.113.10, hosts: { a: 192.168.10.5 } }
  y: { cidrs: [192.168.11.0/24], gateway: { address: 203.0.113.11 }, hosts: [a, b] }
services:
  a: { segment: left, labels: tier, proxy: true }
  b: { segment: left, sockets: [ticks] }
  c: left
flows: [ssh]
tests: ["nobody gets in"]
=ERROR=
1: defaults, service: is not a mapping; write { replicas: … }
3: site x, gateway: is not a mapping; write { address: … }
3: site x, hosts, a: is not a mapping; write { address: … }
4: site y, hosts: is not a mapping; write NAME: { address: … }
6: service a, labels: is not a mapping; write NAME: a text
6: service a, proxy: is not a mapping; write { front: …, back: … }
7: service b, sockets: is not a mapping; write NAME: { type: … }
8: service c: is not a mapping; write { segment: … }
9: flow: is not a mapping; write { name: …, from: …, to: …, traffic: …, why: … }
10: test: is not a mapping; write { from: … }
=END=
=TITLE= no list where many belong
=INPUT=
tests: none
flows: { ssh: { from: a } }
services: none
=ERROR=
1: tests: is not a list; write one in brackets: [a, b]
2: flows: is not a list; write one in brackets: [a, b]
3: services: is not a mapping; write NAME: { segment: … }
=END=
