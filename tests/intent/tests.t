=TITLE= a test from nobody
=INPUT=
tests:
  - { from: stranger, deny: ["*"] }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
=ERROR=
2: test from 'stranger': there is no service or site 'stranger'; write a or internet
=END=
=TITLE= a test that expects nothing
=INPUT=
tests:
  - from: internet
=ERROR=
2: test from internet expects nothing; add accept: or deny: with a list such as [service.socket]
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
3: test from internet: a.s binds nothing that another host can reach; name a.u
3: test from internet: a.t binds nothing that another host can reach; name a.u
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
=TITLE= nothing left to deny beside what is accepted
=INPUT=
tests:
  - from: b
    accept: [a.s]
    deny: [a, "*"]
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: left, sockets: { s: { type: SUB, connect: a.s } } }
=ERROR=
=END=
=TITLE= a test of all sockets where there is none
=INPUT=
tests:
  - { from: b, deny: ["*"] }
  - { from: b, accept: ["*"] }
services:
  b: { segment: left }
=ERROR=
2: test from b: '*' leaves no socket to test; remove it, or name a port, as in *:22
3: test from b: '*' leaves no socket to test; name a socket that binds tcp, or a port, as in *:22
=END=
=TITLE= a test of itself, and of one that binds nothing
=INPUT=
tests:
  - { from: b, deny: [b, c] }
  - { from: b, accept: [c] }
  - { from: c, accept: [internet] }
services:
  b: { segment: left }
  c: { segment: left }
=ERROR=
2: test from b: 'b' is its own, on the same host; remove it; only replicas meet over the network
3: test from b: 'c' leaves no socket to test; name a socket that binds tcp, or a port, as in c:443
4: test from c: 'internet' leaves no socket to test; name a socket that binds tcp, or a port, as in internet:443
=END=
=TITLE= everything that a test may speak of
=INPUT=
tests:
  - name: nobody logs in
    why: operators use the console
    from: "*"
    deny: ["*:22", "a:udp 53", "a:tcp 1-1024", "a:icmp", "a:icmp 8", "b:gre", "b:protocol 89", "segment:left:23", "label:tier=edge:*", internet]
  - { from: segment:left, deny: ["internet:443", x] }
  - { from: label:tier=edge, accept: [a.s], deny: [a:tcp *] }
  - { from: b.s, accept: [a:5556] }
  - { from: x, deny: [segment:right, a:23] }
sites:
  x: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.1 } }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: left, labels: { tier: edge }, sockets: { s: { type: SUB, connect: a.s } } }
  c: { segment: right, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
=ERROR=
=END=
=TITLE= traffic that is none
=INPUT=
tests:
  - from: internet
    deny: ["a:0", "a:70000", "a:9-8", "a:", "a:ssh", "a:tpc 22", "a:udp", "a:tcp 22,23", "a:22/tcp", "a:tcp/22", "a:gre 5", "a:icmp 300", "a:protocol 6", "a:protocol 300", "a:icmp 1/999"]
services:
  a: { segment: left }
=ERROR=
3: test from internet: '0' is not within 1-65535, the first before the last; write a:22, or a:1-1024
3: test from internet: '22/tcp' is no traffic; behind 'a:' write tcp 22
3: test from internet: '70000' is not within 1-65535, the first before the last; write a:22, or a:1-1024
3: test from internet: '9-8' is not within 1-65535, the first before the last; write a:22, or a:1-1024
3: test from internet: 'gre 5': gre has no ports; behind 'a:' write gre
3: test from internet: 'icmp 1/999' names no message of ICMP; behind 'a:' write its type, and its code if it is for one alone: icmp 8 (a ping), icmp 3/4
3: test from internet: 'icmp 300' names no message of ICMP; behind 'a:' write its type, and its code if it is for one alone: icmp 8 (a ping), icmp 3/4
3: test from internet: 'protocol 300' names no protocol; behind 'a:' write its number, 0 to 255
3: test from internet: 'protocol 6' is tcp; behind 'a:' write it so: tcp 22
3: test from internet: 'ssh' names no protocol; behind 'a:' write tcp 22, if it is there as usual
3: test from internet: 'tcp 22,23' has no port behind tcp; behind 'a:' write a list: [tcp 22, tcp 23]
3: test from internet: 'tcp/22' is no traffic; behind 'a:' write tcp 22
3: test from internet: 'tpc 22' names no protocol; behind 'a:' did you mean tcp?
3: test from internet: 'udp' names no port; behind 'a:' write one behind it, as in udp 53, or a range; all are udp 1-65535
3: test from internet: nothing is behind the colon of 'a:'; write a port: a:22
=END=
=TITLE= ends that a test cannot have
=INPUT=
tests:
  - { from: segment:lft, deny: ["segment:rigth:22", "label:tier=edge", "label:edge", "x/host:22", "tcp://a:22", "a.s:22"] }
  - { from: "a:22", deny: [b] }
  - { from: a.t, deny: [b] }
  - { from: internet, deny: [internet, "internet:443", x, "x:22"] }
  - { from: x, accept: ["a:*"] }
  - { from: segment:right, accept: [a.s] }
  - { from: segment:left, deny: ["segment:rigth:22", "label:tier=edge", "label:edge", "x/host:22", "tcp://a:22", "a.s:22"] }
sites:
  x: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.1 } }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: left }
=ERROR=
2: test from 'segment:lft': there is no segment 'lft'; did you mean left?
3: test from 'a:22': 'a:22' is traffic, and a test is from somebody; write from: a
4: test from 'a.t': service a has no socket 't'; write s
5: test from internet: no packet from there to internet would cross the VPC; remove it; test sockets of services from outside
5: test from internet: no packet from there to internet:443 would cross the VPC; remove it; test sockets of services from outside
5: test from internet: no packet from there to x would cross the VPC; remove it; test sockets of services from outside
5: test from internet: no packet from there to x:22 would cross the VPC; remove it; test sockets of services from outside
6: test from x: 'a:*' in accept would open everything; name what must get through, as in a:443
7: test from segment:right: it means no service, and in accept services alone are meant; name somebody who shall connect
8: test from segment:left: 'a.s:22' is a socket and a port of its own; write a.s, or a:22
8: test from segment:left: 'label:edge' names no label; write it as in label:tier=edge
8: test from segment:left: 'tcp://a:22' is an endpoint; write service.socket, or service:PORT
8: test from segment:left: no service has the label 'tier=edge'; give one labels: { tier: edge }
8: test from segment:left: site x has no host 'host'; write x
8: test from segment:left: there is no segment 'rigth'; did you mean right?
=END=
=TITLE= what YAML makes of a port
=INPUT=
tests:
  - { from: internet, deny: [a: 22, 22, a:23] }
services:
  a: { segment: left }
=ERROR=
2: test, deny: 'a: 22' is a mapping to YAML, for a space is behind its colon; write "a:22"
2: test, deny: 22 is not a text; name whose port it is, as in "risk:22"
=END=
=TITLE= contradictions of ports
=INPUT=
tests:
  - from: b
    accept: [a.s]
    deny: ["a:5556"]
  - from: segment:left
    deny: ["a:5000-6000"]
  - { from: c, accept: ["a:udp 53"] }
  - { from: c, deny: ["a:*"] }
  - { from: c, accept: ["a:22"], deny: ["a:1-1024"] }
  - { from: x, accept: [a.s] }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: left }
  c: { segment: right }
sites:
  x: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.1 } }
=ERROR=
4: test from b accepts and denies a:5556, which has ports of a.s; keep one of the two
6: the test on line 2 accepts b -> a.s, and this one denies b -> a:5000-6000; put what b may reach into one test, or leave it out of the one that denies, by except: [b]
8: the test on line 7 accepts c -> a:udp 53, and this one denies c -> a:*; put what c may reach into one test
9: the test on line 8 denies c -> a:*, and this one accepts c -> a:22; put what c may reach into one test
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
=TITLE= who is left out of a test
=INPUT=
sites:
  office: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 }, hosts: { admin: { address: 192.168.10.5 } } }
services:
  bastion: { segment: left, labels: { tier: edge } }
  web:     { segment: right, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
tests:
  - { from: "*", except: [bastion, office/admin, "segment:right", "label:tier=edge"], deny: ["*:22"] }
  - { from: [bastion, office], except: office/admin, deny: [web] }
  - { from: [bastion, bastion], deny: [web] }
  - { from: [bastion, basti], except: [internet, internet], deny: [web] }
  - { from: bastion, except: web, deny: [web] }
  - { from: "segment:right", except: "segment:right", deny: [web] }
  - { from: [], except: ["web:22"], deny: [web] }
  - { from: "*", except: "*", deny: [web] }
  - { from: web, except: {}, deny: ["bastion:22"] }
=ERROR=
9: test from 'bastion': it is named twice; name it once
10: test from 'basti': there is no service or site 'basti'; did you mean bastion?
10: test from bastion, basti, except 'internet': it is named twice; name it once
11: test from bastion: 'web' is not among these; remove it from except:
12: test from segment:right: except: leaves nobody; leave out fewer, or remove the test
13: test, from: is an empty list; name something, or remove the key
14: test from *: except: leaves nobody; leave out fewer, or remove the test
15: test, except: a mapping is not a text; write one text
=END=
=TITLE= a test of many that another contradicts
=INPUT=
services:
  bastion: { segment: left }
  web:     { segment: right }
flows:
  - { name: ssh, from: bastion, to: web, traffic: tcp 22, why: x }
tests:
  - { from: bastion, accept: [web.ssh] }
  - { from: "*", deny: ["*:22"] }
  - { from: "*", except: [bastion], deny: ["*:22"] }
=ERROR=
8: the test on line 7 accepts bastion -> web.ssh, and this one denies bastion -> web:22; put what bastion may reach into one test, or leave it out of the one that denies, by except: [bastion]
=END=
=TITLE= a segment in a test, and all sockets of a service, as one would write them first
=INPUT=
tests:
  - { from: left, deny: [internet] }
  - { from: b, accept: ["a.*"] }
services:
  a: { segment: right, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: left, sockets: { s: { type: SUB, connect: a.s } } }
=ERROR=
2: test from 'left': there is no service or site 'left', but a segment; write segment:left
3: test from b: service a has no socket '*'; write a, which means all of them
=END=
