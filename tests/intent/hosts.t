=TITLE= hosts and networks of a site, as clients and as servers
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24, 192.168.11.0/24]
    gateway: { address: 203.0.113.10 }
    hosts:
      bloomberg: { address: 192.168.10.5, purpose: a terminal server }
      backup:    { address: 192.168.11.5 }
      floor:     { cidr: 192.168.10.64/26, vlan: 12 }
    sockets:
      prices: { type: PUSH, connect: gateway.prices, host: floor }
      orders: { type: PULL, bind: "tcp://*:6001", host: bloomberg }
      fills:  { type: PULL, bind: "tcp://*:6001", host: backup }
      quotes: { type: PULL, bind: "tcp://*:6001", host: floor }
services:
  gateway: { segment: left, sockets: { prices: { type: PULL, bind: "tcp://*:5560" }, out: { type: PUSH, connect: [exchange.orders, exchange.fills, exchange.quotes] } } }
flows:
  - { name: http, from: [exchange/floor, exchange/bloomberg], to: gateway, traffic: tcp 8080, why: x }
  - { name: ftp, from: gateway, to: [exchange/bloomberg, exchange/backup], traffic: tcp 21, why: x }
  - { name: sftp, from: gateway, to: exchange/bloomberg, traffic: tcp 22, why: x }
  - { name: shell, from: gateway, to: [exchange/backup, exchange/floor], traffic: tcp 22, why: x }
tests:
  - { from: gateway, accept: [exchange.quotes, "exchange/floor:22"], deny: [exchange/floor, "exchange/floor:*"] }
  - { from: gateway, accept: [exchange/backup], deny: ["exchange/floor:23"] }
=ERROR=
=END=
=TITLE= client ports of hosts of a site
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    hosts:
      bloomberg: { address: 192.168.10.5, client-ports: window }
      floor:     { cidr: 192.168.10.64/26, client-ports: 40000-40999 }
=ERROR=
6: site exchange, hosts, bloomberg, client-ports: 'window' names no client ports; write linux, windows, macos, nat or any, or a range such as 1024-65535
=END=
=TITLE= hosts that are nowhere, or twice
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    hosts:
      one: { address: 192.168.11.5 }
      two: { address: 192.168.10.5 }
      three: { address: 192.168.10.5 }
      four: {}
      five: { address: 192.168.10.6, cidr: 192.168.10.64/26 }
      six: { cidr: 192.168.0.0/16, vlan: 4095 }
      seven: { address: 192.168.10.0/26 }
      Eight: { address: 192.168.10.8, port: 3 }
      nine: { address: 300.1.1.1 }
=ERROR=
6: host exchange/one (192.168.11.5) is not in site exchange; write what lies in its cidrs
8: 192.168.10.5 of site exchange is two and three; give it one name
9: host exchange/four is nowhere; add address: 192.168.10.5, or cidr: of a network
10: host exchange/five has address: and cidr:; keep one of the two
11: host exchange/six (192.168.0.0/16) is not in site exchange; write what lies in its cidrs
11: site exchange, hosts, six, vlan: 4095 is not a number from 1 to 4094; write a whole number from 1 to 4094
12: site exchange, hosts, seven, address: '192.168.10.0/26' is a network; write cidr: 192.168.10.0/26, or one address
13: site exchange, hosts, Eight has no key 'port'; write address, cidr, client-ports, purpose or vlan
13: site exchange, hosts: 'Eight' is not a name; start with a lower-case letter, then up to 30 of a-z, 0-9 and -
14: site exchange, hosts, nine, address: '300.1.1.1' is not an IPv4 address; write one such as 192.168.10.5
=END=
=TITLE= sockets and flows at hosts where they cannot be
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    hosts: { one: { address: 192.168.10.5 }, floor: { cidr: 192.168.10.64/26 } }
    sockets:
      a: { type: PULL, bind: "tcp://*:6001", host: two }
      b: { type: PULL, bind: "tcp://192.168.10.7:6002", host: one }
      c: { type: PULL, bind: "tcp://*:6003", host: floor }
      d: { type: PULL, bind: "tcp://*:6004", host: one }
      e: { type: PULL, bind: "tcp://*:6004", host: one }
      f: { type: PULL, bind: "tcp://*:6004" }
services:
  gateway: { segment: left, sockets: { s: { type: PULL, bind: "tcp://*:5560", host: one } } }
flows:
  - { name: w, from: gateway, to: exchange/floor, traffic: tcp 22, why: x }
  - { name: x, from: exchange/tow, to: gateway, traffic: tcp 22, why: x }
  - { name: y, from: gateway/one, to: exchange, traffic: tcp 22, why: x }
  - { name: z, from: gateway, to: exchange/one, traffic: tcp 6004, why: x }
=ERROR=
7: exchange.a is at 'two', which is no host of site exchange; write floor or one
8: exchange.b binds 192.168.10.7 and is at host one; write "tcp://*:6002", or remove host:
12: tcp port 6004 of site exchange is bound by exchange.d and by exchange.f; give each its own
14: gateway.s is at host 'one', and a service's hosts are the plan's; remove host: of it; sockets of a site have one
17: flow x: site exchange has no host 'tow'; write floor or one
18: flow y: service gateway has no host 'one'; write gateway
19: flow z: tcp 6004 of site exchange is that of socket exchange.f already; let its clients connect to the socket
=END=
=TITLE= one port in a network of a site and at a host in it
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    hosts: { floor: { cidr: 192.168.10.64/26 }, half: { cidr: 192.168.10.64/27 }, one: { address: 192.168.10.70 }, off: { address: 192.168.10.7 } }
    sockets:
      a: { type: PULL, bind: "tcp://*:6001", host: one }
      b: { type: PULL, bind: "tcp://*:6000-6002", host: floor }
      c: { type: PULL, bind: "tcp://*:6001", host: off }
      d: { type: PULL, bind: "tcp://192.168.10.126:6002" }
      e: { type: PULL, bind: "tcp://*:6003", host: half }
services:
  gateway: { segment: left, sockets: { s: { type: PULL, bind: "tcp://*:5560" } } }
flows:
  - { name: v, from: gateway, to: [exchange/one, exchange/off, exchange/floor], traffic: tcp 22, why: x }
  - { name: w, from: gateway, to: exchange/half, traffic: tcp 23, why: x }
  - { name: x, from: gateway, to: exchange/floor, traffic: tcp 23, why: x }
  - { name: y, from: gateway, to: exchange/off, traffic: tcp 23, why: x }
  - { name: z, from: gateway, to: exchange/one, traffic: tcp 6003, why: x }
=ERROR=
8: tcp port 6001 of site exchange is bound by exchange.a and by exchange.b; give each its own, or let them be apart: 192.168.10.70 and 192.168.10.64/26 overlap
10: tcp port 6002 of site exchange is bound by exchange.b and by exchange.d; give each its own, or let them be apart: 192.168.10.64/26 and 192.168.10.126 overlap
15: flow v: exchange/floor overlaps where it lets tcp 22 in already; name the wider one alone, or hosts that are apart
17: flow x: tcp 23 of site exchange is that of flow w already, and exchange/floor overlaps where that is; name both at the same host, or at hosts that are apart
19: flow z: tcp 6003 of site exchange is that of socket exchange.e already, and exchange/one overlaps where that is; let its clients connect to the socket
=END=
=TITLE= tests of networks of a site of which one wants what another forbids
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    hosts: { floor: { cidr: 192.168.10.64/26 }, one: { address: 192.168.10.70 }, off: { address: 192.168.10.7 } }
    sockets: { p: { type: PULL, bind: "tcp://*:6001", host: floor }, q: { type: PULL, bind: "tcp://*:6002", host: one } }
services:
  a: { segment: left, sockets: { p: { type: PUSH, connect: [exchange.p, exchange.q] } } }
tests:
  - { from: a, accept: [exchange.p], deny: ["exchange/one:6001"] }
  - { from: a, accept: [exchange.p, exchange.q], deny: [exchange/floor, "exchange/off:6001", "exchange/floor:1-6100"] }
  - { from: a, accept: ["exchange/one:6002"], deny: ["exchange/floor:6002"] }
  - { from: a, accept: [exchange/off] }
=ERROR=
10: test from a accepts and denies exchange/one:6001, which has ports of exchange.p; keep one of the two
11: the test on line 10 denies a -> exchange/one:6001, and this one accepts a -> exchange.p; put what a may reach into one test
12: the test on line 11 accepts a -> exchange.q, and this one denies a -> exchange/floor:6002; put what a may reach into one test
13: test from a: 'exchange/off' leaves no socket to test; name a socket that binds tcp, or a port, as in exchange/off:443
=END=
=TITLE= tests from hosts of a site
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    hosts: { one: { address: 192.168.10.5 }, floor: { cidr: 192.168.10.64/26 } }
    sockets: { p: { type: PUSH, connect: a.p, host: one } }
services:
  a: { segment: left, sockets: { p: { type: PULL, bind: "tcp://*:5560" } } }
tests:
  - { from: exchange/one, accept: [a.p], deny: ["*"] }
  - { from: exchange/tow, accept: [a.p] }
  - { from: a/one, deny: ["*"] }
  - { from: a, deny: ["exchange/one:22", exchange/one] }
  - { from: a, deny: ["exchange/two:22", "exchange/floor:22", exchange/one.p] }
  - { from: a, accept: ["exchange/one:23"] }
  - { from: a, deny: ["exchange:1-30"] }
=ERROR=
11: test from 'exchange/tow': site exchange has no host 'tow'; write floor or one
12: test from 'a/one': service a has no host 'one'; write a
14: test from a: 'exchange/one': a socket is its site's; write exchange and the socket
14: test from a: site exchange has no host 'two'; write floor or one
15: the test on line 13 denies a -> exchange/one:*, and this one accepts a -> exchange/one:23; put what a may reach into one test
=END=
=TITLE= a host without its site, and an address in the place of a name
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    hosts: { one: { address: 192.168.10.5 } }
    sockets: { out: { type: PUB, bind: "tcp://*:6001" } }
services:
  gateway: { segment: left, sockets: { in: { type: SUB, connect: [exchange/one.out, "192.168.10.5:6001", 10.20.0.4.out] } } }
flows:
  - { name: a, from: exchange.one, to: gateway, traffic: tcp 22, why: x }
  - { name: b, from: one, to: gateway, traffic: tcp 23, why: x }
  - { name: c, from: 192.168.10.5, to: gateway, traffic: tcp 24, why: x }
  - { name: d, from: gateway, to: [0.0.0.0/0, "2001:db8::1"], traffic: tcp 443, why: x }
tests:
  - { from: exchange.one, deny: ["*"] }
  - { from: one, deny: ["*"] }
  - { from: gateway, deny: [exchange.one, "192.168.10.5:22", "::/0", 192.168.10.5] }
=ERROR=
8: gateway.in connects to 'exchange/one.out', and there is no 'exchange/one'; write exchange.out: a socket is its site's
8: gateway.in connects to an address, '10.20.0.4.out'; write service.socket; addresses are the plan's
8: gateway.in connects to an address, '192.168.10.5:6001'; write service.socket; addresses are the plan's
10: flow a: 'one' is a host of site exchange; write exchange/one
11: flow b: 'one' is a host of a site, and none by itself; write exchange/one
12: flow c: '192.168.10.5' is an address, and everybody is meant by name; write a service or a site, or SITE/NAME, with hosts: { NAME: { address: … } } there
13: flow d: '0.0.0.0/0' is an address, and everybody is meant by name; write a service or a site, or SITE/NAME, with hosts: { NAME: { address: … } } there
13: flow d: '2001:db8::1' is an address, and everybody is meant by name; write a service or a site, or SITE/NAME, with hosts: { NAME: { address: … } } there
15: test from 'exchange.one': 'one' is a host of site exchange; write exchange/one
16: test from 'one': 'one' is a host of a site, and none by itself; write exchange/one
17: test from gateway: '192.168.10.5' is an address, and everybody is meant by name; write a service or a site, or SITE/NAME, with hosts: { NAME: { address: … } } there
17: test from gateway: '192.168.10.5:22' is an address, and everybody is meant by name; write a service or a site, or SITE/NAME, with hosts: { NAME: { address: … } } there
17: test from gateway: '::/0' is an address, and everybody is meant by name; write a service or a site, or SITE/NAME, with hosts: { NAME: { address: … } } there
17: test from gateway: 'one' is a host of site exchange; write exchange/one
=END=
