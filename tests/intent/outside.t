=TITLE= a peer on the internet, and what nobody answers for, or encrypts, or passes on
=INPUT=
services:
  gateway:
    segment: left
    sockets:
      out: { type: PUSH, connect: [venue.orders, venue.clear], mechanism: CURVE }
      log: { type: PUSH, connect: venue.log, exposure: { why: they read it, owner: ops } }
      in: { type: PULL, bind: "tcp://*:5557", mechanism: CURVE, zap: true }
peers:
  venue:
    addresses: [198.51.100.7/32]
    sockets:
      orders: { type: PULL, bind: "tcp://*:6001", mechanism: CURVE, zap: true, exposure: { why: orders go out, owner: trading } }
      clear: { type: PULL, bind: "tcp://*:6002", mechanism: CURVE, zap: true }
      log: { type: PULL, bind: "tcp://*:6003" }
      fills: { type: PUSH, connect: gateway.in, mechanism: CURVE }
flows:
  - { name: ntp, from: gateway, to: venue, traffic: udp 123, why: clocks agree }
  - { name: gre, from: gateway, to: venue, traffic: gre, why: a tunnel, exposure: { why: a tunnel, owner: ops } }
=ERROR=
5: gateway.out -> venue.clear crosses the internet, and nobody answers for that; add exposure: { why: …, owner: … }
6: gateway.log -> venue.log leaves the VPC without a tunnel, and NULL encrypts nothing; write mechanism: CURVE at both sockets
15: venue.fills -> gateway.in crosses the internet, and nobody answers for that; add exposure: { why: …, owner: … }
17: flow ntp crosses the internet, and nobody answers for that; add exposure: { why: …, owner: … }
17: flow ntp crosses the internet, and nothing encrypts it; write encryption: TLS, which is needed there
18: flow gre crosses the internet, and nothing encrypts it; write encryption: TLS, which is needed there
18: flow gre: no NAT gateway passes gre; write TCP, UDP, or use a site
=END=
=TITLE= peers that no plan could ever have
=INPUT=
services: { a: { segment: left } }
sites:
  office: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 } }
peers:
  a: { prefix-list: pl-0123abcd, addresses: [198.51.100.9/32] }
  office: { addresses: [10.1.2.0/24, 198.51.100.0/24] }
  internet: {}
  Venue: { addresses: [], owner: x }
  other: { prefix-list: com.amazonaws.s3, region: us-east-1 }
  twice: { addresses: [198.51.100.7/32], sockets: { s: { type: PULL, bind: "tcp://198.51.100.8:6001" }, t: { type: PULL, bind: "tcp://*:6002", host: floor } } }
=ERROR=
5: 'a' names a service and a peer; choose another name for one of them
5: peer a has addresses, and a prefix list that holds them; write one of them; two peers may well be one firm
6: 'office' names a site and a peer; choose another name for one of them
6: 10.1.2.0/24 of peer office is not public, so nothing leads there over the internet; describe it as a site, which is reached through a VPN
6: 198.51.100.0/24 of peer office overlaps 198.51.100.9/32 of peer a; give them separate addresses
7: 'internet' is the name of everybody outside; choose another name
7: peer internet is nowhere; add addresses: [198.51.100.7/32]
8: peer Venue, addresses: is an empty list; name something, or remove the key
8: peer: 'Venue' is not a name; start with a lower-case letter, then up to 30 of a-z, 0-9 and -
9: peer other has no key 'region'; write addresses, owner, prefix-list, purpose or sockets
9: peer other, prefix-list: 'com.amazonaws.s3' is no id of a prefix list; write one such as pl-0123abcd
10: 198.51.100.7/32 of peer twice overlaps 198.51.100.0/24 of peer office; give them separate addresses
10: twice.s binds 198.51.100.8, which is not in peer twice; write an address of its addresses, or "tcp://*:6001" for all
10: twice.t is at host 'floor', and a peer has no hosts by name; remove host:, or make a peer of that host alone
=END=
=TITLE= exposure that nobody answers for, that is over, or that opens nothing
=INPUT=
services:
  a:
    segment: left
    sockets:
      one: { type: PUB, bind: "tcp://*:5556", exposure: { why: clients read it } }
      two: { type: TCP, bind: "tcp://*:5557", exposure: { why: clients read it, owner: x, until: 2020-01-31 } }
      three: { type: PUB, bind: "tcp://*:5558", mechanism: CURVE, zap: true, exposure: public }
  b: { segment: right }
flows:
  - { name: http, from: internet, to: b, traffic: tcp 80, why: browsers, exposure: { why: browsers, owner: web } }
=ERROR=
5: socket a.one, exposure has no 'owner'; add who answers for that
6: a.two was to be exposed to the internet until 2020-01-31; remove exposure:, or have it granted anew
7: socket a.three, exposure: is not a mapping; write { why: …, owner: … }
10: flow http: flows from or to the whole internet are not planned yet; name whom it is for under peers:, with its addresses
=END=
=TITLE= exposure of what meets nobody outside
=INPUT=
services:
  a: { segment: left, sockets: { one: { type: PUB, bind: "tcp://*:5556", exposure: { why: clients read it, owner: x } } } }
=ERROR=
2: a.one has exposure:, and nothing of it crosses the internet; name with whom under peers:, or remove it
=END=
=TITLE= a kind of NAT gateway that there is not
=INPUT=
nat: local
services: { a: { segment: left } }
=ERROR=
1: nat: 'local' is not one of the choices; write regional or zonal
=END=
=TITLE= peers of a VPC that is others'
=INPUT=
vpc: { existing: vpc-0123456789abcdef0 }
services: { a: { segment: left } }
peers:
  venue: { addresses: [198.51.100.7/32] }
=ERROR=
3: peers: a VPC of others may have an internet gateway and NAT gateways already, and none of others' is used yet; ask for a VPC of its own
=END=
=TITLE= services of AWS that hosts call
=INPUT=
services:
  a: { segment: left, needs: [s3, ssm] }
  b: { segment: left, needs: sts }
  c: { segment: left, needs: [sqs] }
  d: { segment: left, needs: [] }
=ERROR=
4: service c, needs: 'sqs' is not one of the choices; write s3, dynamodb, ssm, ecr, logs, secretsmanager, sts, ec2 or eks
5: service d, needs: is an empty list; name something, or remove the key
=END=
=TITLE= a host takes packets of some size
=INPUT=
services: { a: { segment: left, mtu: 500 } }
=ERROR=
1: service a, mtu: 500 is not a number from 1280 to 9001; write a whole number from 1280 to 9001
=END=
=TITLE= a function has hosts of AWS, whose packets are as AWS makes them
=INPUT=
services:
  a: { segment: left, runs-on: lambda, mtu: 1500 }
=ERROR=
2: service a runs on lambda, and mtu: is of hosts; remove it: functions ask from any of 1024-65535
=END=
=TITLE= entries that do not fit are refused, or widened
=INPUT=
nacl-overflow: wide
services: { a: { segment: left } }
=ERROR=
1: nacl-overflow: 'wide' is not one of the choices; write refuse or widen
=END=
=TITLE= whether large packets are told of is yes or no
=INPUT=
path-mtu-discovery: 1400
services: { a: { segment: left } }
=ERROR=
1: path-mtu-discovery: 1400 is neither true nor false; write true or false
=END=
