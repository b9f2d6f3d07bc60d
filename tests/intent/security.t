=TITLE= mechanisms that both ends name, and NULL as YAML reads it
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556", mechanism: CURVE, zap: true }, n: { type: REP, bind: "tcp://*:5557", mechanism: NULL } } }
  b: { segment: left, sockets: { s: { type: SUB, connect: a.s, mechanism: CURVE }, n: { type: REQ, connect: a.n, mechanism: null } } }
=ERROR=
=END=
=TITLE= mechanisms that are none
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556", mechanism: curve } } }
  b: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556", mechanism: CURVES } } }
  c: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556", mechanism: ~ } } }
  d: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556", mechanism: 7, zap: yes } } }
=ERROR=
2: socket a.s, mechanism: 'curve' is not written as ZeroMQ writes it; write CURVE
3: socket b.s, mechanism: 'CURVES' is not a mechanism; did you mean CURVE?
4: socket c.s, mechanism: has no value; write one, "NULL" in quotes, or remove the key
5: socket d.s, mechanism: 7 is not a mechanism; write NULL, PLAIN, CURVE, GSSAPI or TLS
5: socket d.s, zap: 'yes' is neither true nor false; write true or false
=END=
=TITLE= null is nothing wherever no mechanism is asked for
=INPUT=
services:
  a: { segment: NULL, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
=ERROR=
2: service a, segment: has no value; write one, or remove the key
=END=
=TITLE= ends that name different mechanisms
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556", mechanism: CURVE, zap: true } } }
  b: { segment: left, sockets: { s: { type: SUB, connect: a.s } } }
=ERROR=
3: b.s is NULL and a.s is CURVE: libzmq drops a connection whose ends name different mechanisms in silence, and tries again for ever; give both the same mechanism
=END=
=TITLE= over ipc too, and not over inproc
=INPUT=
services:
  a:
    segment: left
    sockets:
      s: { type: PUB, bind: "ipc:///run/a.sock", mechanism: CURVE, zap: true }
      t: { type: PUB, bind: "inproc://t", mechanism: CURVE }
      u: { type: SUB, connect: a.t }
      v: { type: SUB, connect: a.s }
=ERROR=
8: a.v is NULL and a.s is CURVE: libzmq drops a connection whose ends name different mechanisms in silence, and tries again for ever; give both the same mechanism
=END=
=TITLE= plain TCP has no mechanism of ZMTP, and ZMTP no TLS
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: TCP, bind: "tcp://*:80", mechanism: CURVE, zap: true }, t: { type: STREAM, bind: "tcp://*:81", mechanism: PLAIN }, u: { type: TCP, bind: "tcp://*:82", mechanism: NULL } } }
  b: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:80", mechanism: TLS } } }
=ERROR=
2: a.s is a TCP, plain TCP, of which nobody asks ZAP; remove it
2: a.s is a TCP, plain TCP, which has no mechanism of ZMTP; remove it, or write TLS if the program itself speaks it
2: a.t is a STREAM, plain TCP, which has no mechanism of ZMTP; remove it, or write TLS if the program itself speaks it
3: b.s is a PUB, and TLS is no mechanism of ZMTP; write CURVE
=END=
=TITLE= TLS at one end alone
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: TCP, bind: "tcp://*:443", mechanism: TLS } } }
  b: { segment: left, sockets: { s: { type: STREAM, connect: a.s } } }
=ERROR=
3: b.s is without TLS and a.s is TLS: one of them would take the other's greeting for nonsense; give both the same mechanism
=END=
=TITLE= PLAIN that no handler checks
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556", mechanism: PLAIN, zap: false } } }
=ERROR=
2: a.s is PLAIN without ZAP, and libzmq then turns everybody away; let a ZAP handler check names: zap: true
=END=
=TITLE= encryption is required, inside the VPC and through a tunnel
=INPUT=
encryption: required
sites:
  x: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.10 }, sockets: { s: { type: SUB, connect: a.s } } }
services:
  a:
    segment: left
    sockets:
      s: { type: PUB, bind: "tcp://*:5556" }
      h: { type: TCP, bind: "tcp://*:443" }
      g: { type: PUB, bind: "tcp://*:5557", mechanism: GSSAPI }
      c: { type: PUB, bind: "tcp://*:5558", mechanism: CURVE, zap: true }
      local: { type: PUB, bind: "ipc:///run/local.sock" }
      here: { type: SUB, connect: a.local }
  b:
    segment: right
    sockets:
      s: { type: SUB, connect: a.s }
      h: { type: TCP, connect: a.h }
      g: { type: SUB, connect: a.g, mechanism: GSSAPI }
      c: { type: SUB, connect: a.c, mechanism: CURVE }
=ERROR=
3: x.s -> a.s is NULL, and encryption is required: its tunnel ends at the VPN gateway; write mechanism: CURVE at both sockets
17: b.s -> a.s is NULL, and encryption is required; write mechanism: CURVE at both sockets
18: b.h -> a.h is plain TCP, and encryption is required; write mechanism: TLS at both sockets
19: b.g -> a.g is GSSAPI, and encryption is required: it encrypts only where no program sets ZMQ_GSSAPI_PLAINTEXT; write mechanism: CURVE at both sockets
=END=
=TITLE= encryption by how it is done, which another key says
=INPUT=
encryption: vpc
=ERROR=
1: encryption: 'vpc' is how, and not whether, every flow must be encrypted; write required, and beside it vpc-encryption: { mode: enforce }
=END=
=TITLE= encryption that is neither required nor optional
=INPUT=
encryption: always
=ERROR=
1: encryption: 'always' is not one of the choices; write required or optional
=END=
=TITLE= sizes and instance types
=INPUT=
services:
  a: { segment: left, instance: c8i.large, sockets: { s: { type: PUB, bind: "tcp://*:5556", largest-message: 64 KiB }, t: { type: PUB, bind: "tcp://*:5557", largest-message: 65536 } } }
  b: { segment: left, instance: large, sockets: { s: { type: PUB, bind: "tcp://*:5556", largest-message: 1MB }, t: { type: PUB, bind: "tcp://*:5557", largest-message: 0 } } }
=ERROR=
3: service b, instance: 'large' is not an instance type; write one such as c8i.large
3: socket b.s, largest-message: '1MB' is not a size; write a number of bytes, or one with a unit, such as 64 KiB or 1 MiB
3: socket b.t, largest-message: 0 is not a size; write a number of bytes, or one with a unit, such as 64 KiB or 1 MiB
=END=
=TITLE= plain UDP has no mechanism either, and no TLS
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: DGRAM, connect: a.s, mechanism: TLS } } }
=ERROR=
2: a.s connects to a.s, which binds nothing; let a.s bind an endpoint; one of the two must
2: a.s is a DGRAM, plain UDP, which has no mechanism of ZMTP; remove it
=END=
=TITLE= over udp nothing encrypts, and no advice is given that libzmq would not take
=INPUT=
encryption: required
services:
  a: { segment: left, sockets: { u: { type: DISH, bind: "udp://*:9100" }, d: { type: DGRAM, bind: "udp://*:9200" } } }
  b: { segment: left, sockets: { u: { type: RADIO, connect: a.u }, d: { type: DGRAM, bind: "udp://*:9201", connect: a.d } } }
=ERROR=
4: a.d -> b.d is plain UDP, and encryption is required; let them meet over tcp, with mechanism: CURVE at both sockets
4: b.d -> a.d is plain UDP, and encryption is required; let them meet over tcp, with mechanism: CURVE at both sockets
4: b.u -> a.u is NULL, and encryption is required; let them meet over tcp, with mechanism: CURVE at both sockets
=END=
