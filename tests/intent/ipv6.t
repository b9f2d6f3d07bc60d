=TITLE= a block that AWS gives, and segments with and without
=INPUT=
ipv6: amazon
segments: { left: { purpose: l }, right: { purpose: r, ipv6: false } }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["tcp://[::]:5556"] } } }
  b: { segment: right, sockets: { r: { type: SUB, connect: a.s } } }
=ERROR=
=END=
=TITLE= a block that no host uses
=INPUT=
ipv6: amazon
defaults: { segment: { ipv6: unused } }
segments: { left: { purpose: l }, right: { purpose: r, ipv6: true } }
=ERROR=
=END=
=TITLE= a use that there is not
=INPUT=
ipv6: amazon
segments: { left: { purpose: l, ipv6: off } }
=ERROR=
2: segment left, ipv6: 'off' is neither true, false nor unused; write true, false or unused
=END=
=TITLE= a block of a pool
=INPUT=
ipv6: { cidr: "2600:1f18:1234:5600::/56", pool: ipam-pool-0a1b2c3d4e5f60718 }
=ERROR=
=END=
=TITLE= a private block of a pool of one's own
=INPUT=
ipv6: { cidr: "fd12:3456:789a:bc00::/56", pool: ipv6pool-ec2-0a1b2c3d4e5f60718 }
=ERROR=
=END=
=TITLE= neither
=INPUT=
ipv6: true
=ERROR=
1: ipv6: true is neither amazon nor a block of a pool; write amazon, or {cidr: 2600:1f18:1234:5600::/56, pool: ipam-pool-…}
=END=
=TITLE= a block without its pool
=INPUT=
ipv6: { cidr: "2600:1f18:1234:5600::/56" }
=ERROR=
1: ipv6: names no pool, and AWS takes no block of IPv6 without one; name the pool that it is of, or write amazon: which block that gives, it says
=END=
=TITLE= a pool without a block
=INPUT=
ipv6: { pool: ipam-pool-0a1b2c3d4e5f60718 }
=ERROR=
1: ipv6: names no cidr of its pool; write amazon, or {cidr: 2600:1f18:1234:5600::/56, pool: ipam-pool-…}
=END=
=TITLE= no pool
=INPUT=
ipv6: { cidr: "2600:1f18:1234:5600::/56", pool: pool-1 }
=ERROR=
1: ipv6: 'pool-1' is no id of a pool; write ipam-pool-… or ipv6pool-ec2-…
=END=
=TITLE= a key that nobody knows
=INPUT=
ipv6: { cdir: "2600:1f18:1234:5600::/56", pool: ipam-pool-0a1b2c3d4e5f60718 }
=ERROR=
1: ipv6: has no key 'cdir'; did you mean cidr?
=END=
=TITLE= a block of another size
=INPUT=
ipv6: { cidr: "2600:1f18:1234::/48", pool: ipam-pool-0a1b2c3d4e5f60718 }
=ERROR=
1: ipv6: 2600:1f18:1234::/48 is no /56, of which each unit has a /62 and each zone a /64; write a /56 of the pool
=END=
=TITLE= a block with host bits
=INPUT=
ipv6: { cidr: "2600:1f18:1234:5601::/56", pool: ipam-pool-0a1b2c3d4e5f60718 }
=ERROR=
1: ipv6: '2600:1f18:1234:5601::/56' has bits set behind its prefix; write 2600:1f18:1234:5600::/56
=END=
=TITLE= a block of IPv4
=INPUT=
ipv6: { cidr: 10.30.0.0/16, pool: ipam-pool-0a1b2c3d4e5f60718 }
=ERROR=
1: ipv6: '10.30.0.0/16' is no block of IPv6; write amazon, or {cidr: 2600:1f18:1234:5600::/56, pool: ipam-pool-…}
=END=
=TITLE= a block that no VPC has
=INPUT=
ipv6: { cidr: "2001:db8:a::/56", pool: ipam-pool-0a1b2c3d4e5f60718 }
=ERROR=
1: ipv6: 2001:db8:a::/56 is for documentation alone (RFC 3849), and no VPC has it; write amazon, or a block of your pool
=END=
=TITLE= a block that is link-local
=INPUT=
ipv6: { cidr: "fe80::/56", pool: ipam-pool-0a1b2c3d4e5f60718 }
=ERROR=
1: ipv6: fe80::/56 is neither global (2000::/3) nor unique local (fd00::/8); write a block of your pool
=END=
=TITLE= IPv6 in a VPC that is there
=INPUT=
cidr: 10.0.64.0/20
ipv6: amazon
vpc: { existing: vpc-0a1b2c3d4e5f60718 }
=ERROR=
2: ipv6: a block of IPv6 in a VPC that is there is not supported yet; remove it, or ask for a VPC of the topology's own
=END=
=TITLE= a segment of a VPC without
=INPUT=
segments: { left: { purpose: l, ipv6: true }, right: { purpose: r } }
=ERROR=
1: segment left is to have IPv6, and the VPC has no block of it; add ipv6: amazon to the topology
=END=
=TITLE= a site and hosts of it with IPv6
=INPUT=
ipv6: amazon
sites:
  exchange:
    cidrs: [192.168.10.0/24, "2001:db8:77::/48"]
    gateway: { address: 203.0.113.10 }
    hosts: { one: { address: "2001:db8:77::7" }, floor: { cidr: "2001:db8:77:1::/64" } }
=ERROR=
4: site exchange, cidrs: '2001:db8:77::/48' is IPv6, and a site is behind a VPN gateway, which carries IPv4 alone; write its networks of IPv4; transit gateways are not planned yet
6: site exchange, hosts, floor, cidr: '2001:db8:77:1::/64' is IPv6, and a site is behind a VPN gateway, which carries IPv4 alone; write its networks of IPv4; transit gateways are not planned yet
6: site exchange, hosts, one, address: '2001:db8:77::7' is IPv6, and a site is behind a VPN gateway, which carries IPv4 alone; write its networks of IPv4; transit gateways are not planned yet
=END=
=TITLE= the ICMP of IPv6 where not everybody has that
=INPUT=
ipv6: amazon
segments: { left: { purpose: l }, right: { purpose: r, ipv6: false } }
sites: { office: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 } } }
services: { a: { segment: left }, b: { segment: left }, c: { segment: right } }
flows:
  - { name: ping6, from: a, to: b, traffic: icmpv6 128, why: is it there }
  - { name: unreachable, from: a, to: b, traffic: icmpv6 1/4, why: is it there }
  - { name: all, from: b, to: segment:right, traffic: icmpv6, why: is it there }
  - { name: home, from: office, to: a, traffic: [icmp 8, icmpv6 128], why: is it there }
  - { name: odd, from: a, to: b, traffic: icmpv6 300, why: is it there }
  - { name: other, from: a, to: b, traffic: ipv6-icmp, why: is it there }
=ERROR=
8: flow all is for icmpv6, and c has no IPv6; write icmp, or name services of segments that have it
9: flow home is for icmpv6 128, and office has no IPv6; write icmp, or name services of segments that have it
10: flow, traffic: 'icmpv6 300' names no message of ICMPV6; write its type, and its code if it is for one alone: icmpv6 128 (a ping), icmpv6 1/4
11: flow, traffic: 'ipv6-icmp' names no protocol; write icmpv6 128, if it is there as usual
=END=
=TITLE= peers on the internet with IPv6, of which some could never be met
=INPUT=
ipv6: { cidr: "2600:1f18:1234:5600::/56", pool: ipam-pool-0a1b2c3d4e5f60718 }
segments: { left: { purpose: l }, right: { purpose: r, ipv6: false } }
peers:
  venue: { addresses: ["2001:db8:77::7/128"], sockets: { in: { type: PUSH, connect: [a.in, b.in, c.in], mechanism: CURVE, exposure: { why: x, owner: y } } } }
  both: { addresses: ["2001:db8:78::/64", 198.51.100.7/32], sockets: { in: { type: PUSH, connect: [a.in, b.in], mechanism: CURVE, exposure: { why: x, owner: y } } } }
  bits: { addresses: ["2001:db8:79::1/64"] }
  odd: { addresses: ["2001:db8::g"] }
  all: { addresses: ["::/0"] }
  inner: { addresses: ["fd00:1::/64", "ff02::/16"] }
  plan: { addresses: ["2001:db8:a:1::/64"] }
  ours: { addresses: ["2600:1f18:1234:5601::/64"] }
  same: { addresses: ["2001:db8:78::9/128"] }
  alone: { addresses: ["2001:db8:7a::/64"], sockets: { s: { type: PULL, bind: "tcp://[2001:db8:7a::7]:6001" } } }
services:
  a: { segment: left, sockets: { in: { type: PULL, bind: "tcp://[::]:5556", mechanism: CURVE, zap: true } } }
  b: { segment: right, sockets: { in: { type: PULL, bind: "tcp://*:5556", mechanism: CURVE, zap: true } } }
  c: { segment: left, sockets: { in: { type: PULL, bind: "tcp://*:5556", mechanism: CURVE, zap: true } } }
flows:
  - { name: old, from: b, to: venue, traffic: tcp 443, why: w, encryption: TLS, exposure: { why: x, owner: y } }
  - { name: gre, from: a, to: venue, traffic: gre, why: w, exposure: { why: x, owner: y } }
  - { name: ping, from: a, to: both, traffic: icmpv6 128, why: w, exposure: { why: x, owner: y } }
=ERROR=
4: venue.in -> b.in: peer venue has IPv6 alone, and segment right has none; let the segment have IPv6, or write an address of IPv4 of the peer
6: peer bits, addresses: '2001:db8:79::1/64' has bits set behind its prefix; write 2001:db8:79::/64
7: peer odd, addresses: '2001:db8::g' is no network of IPv6; write one such as 2001:db8:77::7/128
8: peer all, addresses: ::/0 is everybody; write the networks that the peer really has
9: fd00:1::/64 of peer inner is not public, so nothing leads there over the internet; write its public ones
9: ff02::/16 of peer inner is not public, so nothing leads there over the internet; write its public ones
10: 2001:db8:a:1::/64 of peer plan overlaps 2001:db8:a::/56, which stands in a plan for the VPC's own; write its real ones
11: 2600:1f18:1234:5601::/64 of peer ours overlaps 2600:1f18:1234:5600::/56 of the VPC; give them separate addresses
12: 2001:db8:78::9/128 of peer same overlaps 2001:db8:78::/64 of peer both; give them separate addresses
13: alone.s binds 2001:db8:7a::7, and a socket at one address of IPv6 alone is not planned yet; write "tcp://*:6001" for all
19: flow old: peer venue has IPv6 alone, and segment right has none; let the segment have IPv6, or write an address of IPv4 of the peer
20: flow gre crosses the internet, and nothing encrypts it; write encryption: TLS, which is needed there
21: flow ping crosses the internet, and nothing encrypts it; write encryption: TLS, which is needed there
=END=
=TITLE= a peer with IPv6 alone, of a VPC without
=INPUT=
peers:
  venue: { addresses: ["2001:db8:77::7/128"], sockets: { in: { type: PUSH, connect: a.in, mechanism: CURVE, exposure: { why: x, owner: y } } } }
services:
  a: { segment: left, sockets: { in: { type: PULL, bind: "tcp://*:5556", mechanism: CURVE, zap: true } } }
=ERROR=
2: venue.in -> a.in: peer venue has IPv6 alone, and segment left has none; add ipv6: amazon to the topology
=END=
