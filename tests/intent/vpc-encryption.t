=TITLE= a mode that AWS does not have, and none
=INPUT=
vpc-encryption: { mode: enforced }
=ERROR=
1: vpc-encryption, mode: 'enforced' is not one of the choices; write enforce or monitor
=END=
=TITLE= an encryption control that says no mode
=INPUT=
vpc-encryption: { exclude: lambda }
=ERROR=
1: vpc-encryption has no 'mode'; add enforce: nothing comes into the VPC that does not encrypt, and so every flow in it is encrypted; monitor: flow logs say what is, and nothing is kept out
=END=
=TITLE= an encryption control that is no mapping
=INPUT=
vpc-encryption: enforce
=ERROR=
1: vpc-encryption: is not a mapping; write { mode: … }
=END=
=TITLE= an encryption control of a VPC that is others'
=INPUT=
vpc: { existing: vpc-0a1b2c3d4e5f60718 }
vpc-encryption: { mode: enforce }
=ERROR=
2: vpc-encryption: of a VPC that is there its owner says what is encrypted; remove it; mechanism: CURVE encrypts in any VPC
=END=
=TITLE= what is only watched excludes nothing
=INPUT=
vpc-encryption:
  mode: monitor
  exclude: [lambda]
=ERROR=
3: vpc-encryption: what is only watched keeps nobody out, and excludes nothing; remove it, or write mode: enforce
=END=
=TITLE= what AWS does not exclude, or the provider cannot
=INPUT=
vpc-encryption: { mode: enforce, exclude: [nat-gatway, network-firewall, api-gateway-v2, 7] }
=ERROR=
1: vpc-encryption, exclude: 'api-gateway-v2': AWS can exclude it, and the provider of AWS cannot yet; take it out
1: vpc-encryption, exclude: 'nat-gatway' is nothing that AWS excludes; did you mean nat-gateway?
1: vpc-encryption, exclude: 'network-firewall' is nothing that AWS excludes; take it out; a VPC that has one can be watched: mode: monitor
1: vpc-encryption, exclude: 7 is nothing that AWS excludes; write internet-gateway, egress-only-internet-gateway, nat-gateway, virtual-private-gateway, vpc-peering, lambda, vpc-lattice or elastic-file-system
=END=
=TITLE= a mapping of what AWS excludes
=INPUT=
vpc-encryption: { mode: enforce, exclude: { lambda: true } }
=ERROR=
1: vpc-encryption, exclude: a mapping is nothing that AWS excludes; write internet-gateway, egress-only-internet-gateway, nat-gateway, virtual-private-gateway, vpc-peering, lambda, vpc-lattice or elastic-file-system
=END=
=TITLE= instances that do not encrypt, in a VPC that enforces it
=INPUT=
vpc-encryption: { mode: enforce }
services:
  a: { segment: left, instance: t3.micro, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: left, instance: c8i.large, sockets: { s: { type: SUB, connect: a.s } } }
  c: { segment: left, instance: q9z.large, sockets: { s: { type: SUB, connect: a.s } } }
=ERROR=
3: service a runs on t3.micro, which does not encrypt what it sends: AWS lets it into no VPC with vpc-encryption: enforce; choose one that does, such as c8i.large, or write mode: monitor
=END=
=TITLE= what a VPC that enforces encryption does not encrypt, where it is required
=INPUT=
encryption: required
vpc-encryption: { mode: enforce, exclude: lambda }
sites:
  x: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 }, sockets: { s: { type: SUB, connect: a.s } } }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: SUB, connect: a.s } } }
  f: { segment: right, runs-on: lambda, sockets: { s: { type: SUB, connect: a.s } } }
  n: { segment: right, interfaces: none, sockets: { s: { type: SUB, connect: a.s } } }
  e: { segment: right, runs-on: ecs, sockets: { s: { type: SUB, connect: a.s } } }
flows:
  - { name: ssh, from: [b, x], to: a, traffic: tcp 22, why: they log in }
  - { name: db, from: b, to: a, traffic: tcp 5432, why: positions are kept there }
=ERROR=
4: x.s -> a.s is NULL, and encryption is required: its tunnel ends at the VPN gateway; write mechanism: CURVE at both sockets
8: f.s -> a.s is NULL, and encryption is required; write mechanism: CURVE at both sockets
9: n.s -> a.s is NULL, and encryption is required; write mechanism: CURVE at both sockets
12: flow ssh says of no encryption, and encryption is required: the VPC does not encrypt x -> a; write encryption: TLS or SSH, as its programs do
=END=
=TITLE= what is only watched does not meet what is required
=INPUT=
encryption: required
vpc-encryption: { mode: monitor }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { s: { type: SUB, connect: a.s } } }
=ERROR=
5: b.s -> a.s is NULL, and encryption is required; write mechanism: CURVE at both sockets
=END=
