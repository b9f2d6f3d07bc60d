=TITLE= a peer on the internet is read, judged, and not planned yet
=INPUT=
services:
  gateway:
    segment: left
    sockets:
      out: { type: PUSH, connect: venue.orders, mechanism: CURVE, exposure: { why: orders go out, owner: trading, until: 2999-01-31 } }
peers:
  venue: { addresses: [198.51.100.7/32], purpose: where we trade, owner: them, sockets: { orders: { type: PULL, bind: "tcp://*:6001", mechanism: CURVE, zap: true } } }
flows:
  - { name: ntp, from: gateway, to: venue, traffic: udp 123, why: clocks agree }
=ERROR=
5: gateway.out is exposed to the internet, and that is not planned yet; remove exposure: and describe it as a site, which is reached through a VPN
7: peer venue is on the internet, and what goes there is not planned yet; describe it as a site, which is reached through a VPN
9: flow ntp goes to venue, which is on the internet, and nobody answers for that; add exposure: { why: …, owner: … }
=END=
=TITLE= peers that no plan could ever have
=INPUT=
services: { a: { segment: left } }
sites:
  office: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 } }
peers:
  a: { prefix-list: pl-0123abcd }
  office: { addresses: [10.1.2.0/24, 198.51.100.0/24], prefix-list: pl-0123abcd }
  internet: {}
  Venue: { addresses: [], owner: x }
  other: { prefix-list: com.amazonaws.s3, region: us-east-1 }
=ERROR=
5: 'a' names a service and a peer; choose another name for one of them
5: peer a is on the internet, and what goes there is not planned yet; describe it as a site, which is reached through a VPN
6: 'office' names a site and a peer; choose another name for one of them
6: 10.1.2.0/24 of peer office is not public, so nothing leads there over the internet; describe it as a site, which is reached through a VPN
6: peer office has addresses: and prefix-list:; keep one of the two
6: peer office is on the internet, and what goes there is not planned yet; describe it as a site, which is reached through a VPN
7: 'internet' is the name of everybody outside; choose another name
7: peer internet is nowhere; add addresses: [198.51.100.7/32], or prefix-list:
7: peer internet is on the internet, and what goes there is not planned yet; describe it as a site, which is reached through a VPN
8: peer Venue is on the internet, and what goes there is not planned yet; describe it as a site, which is reached through a VPN
8: peer Venue, addresses: is an empty list; name something, or remove the key
8: peer: 'Venue' is not a name; start with a lower-case letter, then up to 30 of a-z, 0-9 and -
9: peer other has no key 'region'; write addresses, owner, prefix-list, purpose or sockets
9: peer other is on the internet, and what goes there is not planned yet; describe it as a site, which is reached through a VPN
9: peer other, prefix-list: 'com.amazonaws.s3' is no id of a prefix list; write one such as pl-0123abcd
=END=
=TITLE= exposure that nobody answers for, that is over, or that nothing encrypts
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
  - { name: https, from: internet, to: b, traffic: tcp 443, why: browsers, encryption: TLS, exposure: { why: browsers, owner: web } }
=ERROR=
5: a.one is exposed to the internet, and nothing encrypts it; write mechanism: CURVE, which is needed there
5: a.one is exposed to the internet, and that is not planned yet; remove exposure: and describe it as a site, which is reached through a VPN
5: socket a.one, exposure has no 'owner'; add who answers for that
6: a.two is exposed to the internet, and nothing encrypts it; write mechanism: TLS, which is needed there
6: a.two is exposed to the internet, and that is not planned yet; remove exposure: and describe it as a site, which is reached through a VPN
6: a.two was to be exposed to the internet until 2020-01-31; remove exposure:, or have it granted anew
7: socket a.three, exposure: is not a mapping; write { why: …, owner: … }
10: flow http is exposed to the internet, and nothing encrypts it; write encryption: TLS, which is needed there
10: flow http is exposed to the internet, and that is not planned yet; remove exposure: and describe it as a site, which is reached through a VPN
10: flow http: flows from or to the internet are not planned yet; describe the peer as a site, which is reached through a VPN
11: flow https is exposed to the internet, and that is not planned yet; remove exposure: and describe it as a site, which is reached through a VPN
11: flow https: flows from or to the internet are not planned yet; describe the peer as a site, which is reached through a VPN
=END=
=TITLE= services of AWS that hosts call
=INPUT=
services:
  a: { segment: left, needs: [s3, ssm] }
  b: { segment: left, needs: sts }
  c: { segment: left, needs: [sqs] }
  d: { segment: left, needs: [] }
=ERROR=
4: service c, needs: 'sqs' is not one of the choices; write s3, dynamodb, ssm, ecr, logs, secretsmanager or sts
5: service d, needs: is an empty list; name something, or remove the key
=END=
