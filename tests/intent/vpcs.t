=TITLE= two VPCs that are joined, and what crosses between them
=INPUT=
vpcs: { core: { cidr: 10.0.0.0/16, purpose: shared }, desk: { cidr: 10.1.0.0/16 } }
joins: [{ peering: [core, desk] }]
segments: { left: { vpc: core, purpose: one }, right: { vpc: desk, purpose: other } }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: SUB, connect: a.s } } }
=ERROR=
=END=
=TITLE= one VPC with a name
=INPUT=
vpcs: { core: { cidr: 10.0.0.0/16 } }
segments: { left: { vpc: core, purpose: one } }
=ERROR=
=END=
=TITLE= VPCs beside the one that has no name
=INPUT=
cidr: 10.20.0.0/16
vpcs: { core: { cidr: 10.0.0.0/16 } }
segments: { left: { vpc: core, purpose: one } }
=ERROR=
1: cidr: each of vpcs: has its own; remove it
=END=
=TITLE= neither a VPC's addresses nor several VPCs
=FILE=
name: demo
region: eu-west-1
zones: 2
segments: { left: { purpose: one side } }
services: {}
=ERROR=
1: the topology has no 'cidr'; add the VPC's addresses, as in cidr: 10.20.0.0/16, or a list of blocks that are filled one after the other; of one that is there, the part that is the topology's
=END=
=TITLE= no VPC at all
=INPUT=
vpcs: {}
segments: { left: { purpose: one } }
=ERROR=
1: there is no VPC; declare at least one, with its cidr
=END=
=TITLE= VPCs that are not written as such
=INPUT=
vpcs:
  Core: { cidr: 10.0.0.0/16 }
  desk: { purpose: trading }
  feed: 10.2.0.0/16
  old: { cidr: 10.3.0.0/8 }
  wide: { cidr: [10.4.0.0/16, 172.16.0.0/16] }
segments: { left: { vpc: desk, purpose: one } }
=ERROR=
2: VPC: 'Core' is not a name; start with a lower-case letter, then up to 30 of a-z, 0-9 and -
3: VPC desk has no 'cidr'; add its addresses, as in cidr: 10.20.0.0/16, or a list of blocks that are filled one after the other
4: VPC feed: is not a mapping; write { cidr: … }
5: VPC old, cidr: '10.3.0.0/8' has bits set behind its prefix; write 10.0.0.0/8
6: VPC wide, cidr: AWS associates no 172.16.0.0/16 with a VPC whose first block is 10.4.0.0/16; write a part of 10.0.0.0/8, but 10.0.0.0/16
=END=
=TITLE= segments and sites of no VPC, or of one that is not there
=INPUT=
vpcs: { core: { cidr: 10.0.0.0/16 }, desk: { cidr: 10.1.0.0/16 } }
segments:
  left: { purpose: one }
  right: { vpc: dsk, purpose: other }
sites:
  x: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 }, sockets: { s: { type: SUB, connect: a.s } } }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
=ERROR=
3: nothing says in which VPC segment left is; add vpc: core, say
4: segment right is in VPC 'dsk', which is not declared; did you mean desk?
6: nothing says in which VPC site x is; add vpc: core, say
=END=
=TITLE= the name of a VPC, and joins, where there is one without a name
=INPUT=
joins: [{ peering: [core, desk] }]
segments: { left: { vpc: core, purpose: one } }
=ERROR=
1: joins: there is one VPC, and nothing to join; declare vpcs:
2: segment left is in VPC 'core', and there is one VPC, which has no name; remove it, or declare vpcs: in place of cidr:
=END=
=TITLE= joins that are none
=INPUT=
vpcs: { core: { cidr: 10.0.0.0/16 }, desk: { cidr: 10.1.0.0/16 } }
joins:
  - { peering: [core] }
  - { peering: [core, core] }
  - { peering: core }
  - { transit-gateway: hub }
  - core
segments: { left: { vpc: core, purpose: one } }
=ERROR=
3: join, peering: a list is not two VPCs; name two VPCs of `vpcs:`, as in peering: [core, market]
4: join, peering: 'core' stands there twice: nothing joins a VPC to itself; name two VPCs of `vpcs:`, as in peering: [core, market]
5: join, peering: 'core' is not two VPCs; name two VPCs of `vpcs:`, as in peering: [core, market]
6: join has no 'peering'; add a VPC peering connection of two VPCs, as in peering: [core, market]
6: join has no key 'transit-gateway'; write peering
7: join: is not a mapping; write { peering: … }
=END=
=TITLE= joins of VPCs that are not there, and twice the same
=INPUT=
vpcs: { core: { cidr: 10.0.0.0/16 }, desk: { cidr: 10.1.0.0/16 } }
joins:
  - { peering: [core, dsk] }
  - { peering: [core, desk] }
  - { peering: [desk, core] }
segments: { left: { vpc: core, purpose: one } }
=ERROR=
3: join of VPC 'dsk', which is not declared; did you mean desk?
5: VPCs desk and core are joined already; remove it: AWS has one peering connection of two VPCs
=END=
=TITLE= what goes from one VPC into another that nothing joins to it
=INPUT=
vpcs: { core: { cidr: 10.0.0.0/16 }, desk: { cidr: 10.1.0.0/16 } }
segments: { left: { vpc: core, purpose: one }, right: { vpc: desk, purpose: other } }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b:
    segment: right
    sockets:
      s: { type: SUB, connect: a.s }
flows:
  - { name: ssh, from: b, to: a, traffic: tcp 22, why: upkeep }
=ERROR=
8: b.s -> a.s goes from VPC desk to VPC core, and nothing joins them; add to joins: - { peering: [desk, core] }
10: b -> a.ssh goes from VPC desk to VPC core, and nothing joins them; add to joins: - { peering: [desk, core] }
=END=
=TITLE= nothing leads on through a joined VPC into a third, nor to a site there
=INPUT=
vpcs: { core: { cidr: 10.0.0.0/16 }, hub: { cidr: 10.1.0.0/16 }, desk: { cidr: 10.2.0.0/16 } }
joins:
  - { peering: [core, hub] }
  - { peering: [hub, desk] }
segments: { left: { vpc: core, purpose: one }, mid: { vpc: hub, purpose: between }, right: { vpc: desk, purpose: other } }
sites:
  x:
    vpc: hub
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    sockets:
      s: { type: SUB, connect: a.s }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: mid, sockets: { s: { type: SUB, connect: [a.s, c.s] } } }
  c:
    segment: right
    sockets:
      s: { type: PUB, bind: "tcp://*:5556" }
      t: { type: SUB, connect: a.s }
=ERROR=
12: x.s -> a.s: site x is connected to VPC hub, and no peering leads on from a gateway there into VPC core; write vpc: core at the site, or put a broker into VPC hub
20: c.t -> a.s goes from VPC desk to VPC core, and nothing joins them; add to joins: - { peering: [desk, core] }
=END=
=TITLE= VPCs whose addresses overlap, with what would have to tell them apart
=INPUT=
vpcs:
  core: { cidr: 10.0.0.0/16 }
  desk: { cidr: [10.1.0.0/16, 10.0.128.0/17] }
  far: { cidr: 10.1.64.0/18 }
joins: [{ peering: [core, desk] }]
segments: { left: { vpc: core, purpose: one }, right: { vpc: desk, purpose: other } }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: SUB, connect: a.s }, t: { type: SUB, connect: a.s } } }
=ERROR=
3: 10.0.128.0/17 of VPC desk overlaps 10.0.0.0/16 of VPC core, and a route could not tell them apart for b.s -> a.s and 1 more; give them separate addresses
3: VPC desk, cidr: AWS associates no 10.0.128.0/17 with a VPC whose first block is 10.1.0.0/16; write a part of 10.0.0.0/8, but 10.0.0.0/16
4: 10.1.64.0/18 of VPC far overlaps 10.1.0.0/16 of VPC desk; give them separate addresses
=END=
=TITLE= a site whose addresses are those of a VPC
=INPUT=
vpcs: { core: { cidr: 10.0.0.0/16 }, desk: { cidr: 10.1.0.0/16 } }
segments: { left: { vpc: core, purpose: one } }
sites:
  x: { vpc: core, cidrs: [10.1.1.0/24], gateway: { address: 203.0.113.10 }, sockets: { s: { type: SUB, connect: a.s } } }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
=ERROR=
4: 10.1.1.0/24 of site x overlaps 10.1.0.0/16 of VPC desk; give them separate addresses
=END=
=TITLE= what is not planned of several VPCs
=INPUT=
vpcs: { core: { cidr: 10.0.0.0/16 } }
ipv6: amazon
vpc: { existing: vpc-0a1b2c3d4e5f60718 }
vpc-encryption: { mode: enforce }
nacl-overflow: widen
block-public-access: { mode: block-ingress }
segments: { left: { vpc: core, purpose: one, isolation: none } }
peers: { far: { addresses: [198.51.100.7/32] } }
services:
  a: { segment: left, needs: [s3], sockets: { s: { type: PULL, bind: "tcp://*:5556", via: nlb } } }
=ERROR=
2: ipv6: a block of IPv6 in a VPC that is there is not supported yet; remove it, or ask for a VPC of the topology's own
2: ipv6: a block of IPv6 is not planned yet where there are several VPCs; remove it, or write one VPC: cidr: in place of vpcs:
3: vpc: a VPC that is there is not planned yet where there are several VPCs; remove it, or write one VPC: cidr: in place of vpcs:
4: vpc-encryption: an encryption control is not planned yet where there are several VPCs; remove it, or write one VPC: cidr: in place of vpcs:
4: vpc-encryption: of a VPC that is there its owner says what is encrypted; remove it; mechanism: CURVE encrypts in any VPC
5: nacl-overflow: widen is not planned yet where there are several VPCs; remove it, or write one VPC: cidr: in place of vpcs:
6: block-public-access: what the account closes is not planned yet where there are several VPCs; remove it, or write one VPC: cidr: in place of vpcs:
7: segment left, isolation: none is not planned yet where there are several VPCs; remove it, or write one VPC: cidr: in place of vpcs:
8: peers: a VPC of others may have an internet gateway and NAT gateways already, and none of others' is used yet; ask for a VPC of its own
8: peers: whoever is on the internet is not planned yet where there are several VPCs; remove it, or write one VPC: cidr: in place of vpcs:
10: service a, needs: a service of AWS is not planned yet where there are several VPCs; remove it, or write one VPC: cidr: in place of vpcs:
10: socket a.s, via: a load balancer is not planned yet where there are several VPCs; remove it, or write one VPC: cidr: in place of vpcs:
=END=
=TITLE= a host that would stand in two VPCs
=INPUT=
vpcs: { core: { cidr: 10.0.0.0/16 }, desk: { cidr: 10.1.0.0/16 } }
segments: { left: { vpc: core, purpose: one }, right: { vpc: desk, purpose: other } }
services:
  a:
    segment: left
    interfaces: { eth0: {}, eth1: { segment: right } }
    sockets: { s: { type: PUB, bind: "tcp://eth0:5556" } }
=ERROR=
6: service a has interfaces in VPCs core and desk, and hosts that stand in two are not planned yet; put all of them into one
=END=
=TITLE= sites that speak BGP, each at the VPN gateway of a VPC of its own
=INPUT=
vpcs: { core: { cidr: 10.0.0.0/16 }, desk: { cidr: 10.1.0.0/16 } }
segments: { left: { vpc: core, purpose: one }, right: { vpc: desk, purpose: other } }
sites:
  x:
    { vpc: core, routing: bgp, cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10, asn: 65010 }, sockets: { s: { type: SUB, connect: a.s } } }
  y:
    { vpc: desk, routing: bgp, cidrs: [192.168.20.0/24], gateway: { address: 203.0.113.20, asn: 65010 }, sockets: { s: { type: SUB, connect: b.s } } }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
=ERROR=
=END=
