=TITLE= copies that come and go, by either key
=INPUT=
services:
  vent: { segment: left, sockets: { jobs: { type: PUSH, bind: "tcp://*:5557" } } }
  a: { segment: left, replicas: 2..40, interfaces: none, sockets: { in: { type: PULL, connect: vent.jobs } } }
  b: { segment: left, runs-on: eks, sockets: { s: { type: PUB, bind: "tcp://*:5557" } } }
  c: { segment: left, interfaces: none, runs-on: asg, sockets: { s: { type: PUB, bind: "tcp://eth0:5557" } } }
  d: { segment: left, runs-on: lambda, replicas: 3, sockets: { in: { type: PULL, connect: vent.jobs } } }
=ERROR=
=END=
=TITLE= what stands behind interfaces and is no mapping
=INPUT=
services:
  a: { segment: left, interfaces: None, sockets: { s: { type: PUB, bind: "inproc://s" } } }
  b: { segment: left, interfaces: [none], sockets: { s: { type: PUB, bind: "inproc://s" } } }
  c: { segment: left, runs-on: fargate, sockets: { s: { type: PUB, bind: "inproc://s" } } }
=ERROR=
2: service a, interfaces: 'None' is neither names of interfaces nor none; write interfaces: none, or as in {eth0: {}, eth1: {segment: control}}
3: service b, interfaces: is not a mapping; write NAME: { segment: … }
4: service c, runs-on: 'fargate' is not one of the choices; write asg, ecs, eks or lambda
=END=
=TITLE= interfaces that are named, and made by others
=INPUT=
services:
  a:
    segment: left
    interfaces: { ens5: {} }
    runs-on: ecs
    sockets: { s: { type: PUB, bind: "tcp://*:5556" } }
=ERROR=
4: service a runs on ecs, which makes its interfaces, and names some; write interfaces: none, or remove runs-on:
=END=
=TITLE= a port of each copy, where no copy has a number
=INPUT=
services:
  a: { segment: left, interfaces: none, sockets: { s: { type: PUB, bind: "tcp://*:5556+replica" } } }
=ERROR=
2: a.s binds a port of each copy, and the copies of service a come and go: none has a number; bind one port, the same for all
=END=
=TITLE= what a function cannot have, and cannot send
=INPUT=
services:
  a: { segment: left, runs-on: lambda, instance: c8i.large, client-ports: any, sockets: { s: { type: PUB, bind: "ipc:///tmp/s" } } }
  b: { segment: left, runs-on: lambda, sockets: { s: { type: REP, bind: ["inproc://s", "tcp://*:5556"] } } }
  c: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  d: { segment: left, runs-on: lambda, sockets: { s: { type: SUB, connect: [c.s, e.s] } } }
  e: { segment: left, sockets: { s: { type: PUB, bind: "norm://localhost:5556" } } }
flows:
  - { name: ssh, from: c, to: d, traffic: tcp 22, why: nobody logs in to a function }
  - { name: ping, from: d, to: c, traffic: icmp 8, why: it sends no echo }
=ERROR=
2: service a runs on lambda, and client-ports: is of hosts; remove it: functions ask from any of 1024-65535
2: service a runs on lambda, and instance: is of hosts; remove it: functions ask from any of 1024-65535
3: b.s binds 'tcp://*:5556' in a function of Lambda: AWS lets nobody in there; let it connect, and bind the other end
5: d.s connects over norm from a function of Lambda, which sends TCP and UDP alone; use tcp, ws, wss or udp
6: socket e.s, bind: a PUB sends by norm to the address that it names, and waits nowhere; let the SUB bind it, and connect to that
8: flow ssh is to d, a function of Lambda: AWS lets nobody in there; remove it; a function connects to others
9: flow ping is icmp 8 from d, a function of Lambda, which sends TCP and UDP alone; name other clients
=END=
=TITLE= flows to whoever is meant leave functions out
=INPUT=
services:
  c: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  d: { segment: left, runs-on: lambda, sockets: { s: { type: SUB, connect: c.s } } }
  e: { segment: left, interfaces: none, sockets: { s: { type: SUB, connect: c.s } } }
flows:
  - { name: ssh, from: c, to: "*", traffic: tcp 22, why: operators }
=ERROR=
=END=
=TITLE= control planes of clusters
=INPUT=
services:
  a: { segment: left, runs-on: asg, cluster: prod }
  b: { segment: left, runs-on: eks, cluster: prod }
  c: { segment: left, runs-on: eks, cluster: "no/name" }
=ERROR=
2: service a is the control plane of cluster prod, and does not run on eks; write runs-on: eks, or remove cluster:
3: service b is the control plane of cluster prod, and so is a; name another cluster, or remove one of the two
4: service c, cluster: 'no/name' is no name of a cluster of EKS; begin with a letter or digit, then up to 99 of A-Z, a-z, 0-9, _ and -
=END=
