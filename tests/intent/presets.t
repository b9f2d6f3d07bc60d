=TITLE= a preset that nobody knows, nearly a known one, and like none
=INPUT=
services:
  a: { segment: left, use: slat.master }
  b: { segment: left, use: salt.mastr }
  c: { segment: left, use: salt }
=ERROR=
2: service a, use: there is no preset 'slat'; did you mean salt?
3: service b, use: salt has no role 'mastr'; did you mean master?
4: service c, use: salt has several roles; write salt.master or salt.minion
=END=

=TITLE= an application that speaks something else, or at endpoints of its own
=INPUT=
services:
  a: { segment: left, use: ray.head }
  b: { segment: left, use: ROS2 }
  c: { segment: left, use: rsyslog }
=ERROR=
2: service a, use: 'ray' has no preset: it speaks gRPC, not ZeroMQ; declare what it binds as sockets of type: TCP
3: service b, use: 'ROS2' has no preset: it speaks DDS over UDP, or what its middleware is set to, not ZeroMQ; declare what its hosts say to each other as flows:, of traffic: udp
4: service c, use: 'rsyslog' has no preset: its configuration says at which endpoints it waits; declare the sockets that are named there
=END=

=TITLE= a preset of a wrong shape
=INPUT=
services:
  a: { segment: left, use: [] }
  b: { segment: left, use: 5 }
  c: { segment: left, use: { off: x } }
  d: { segment: left, use: }
  e: { segment: left, use: { preset: salt.master, withot: x } }
=ERROR=
2: service a, use: is an empty list; name something, or remove the key
3: service b, use: 5 is no preset; write an application and its role, as in use: salt.minion
4: service c, use has no 'preset'; add an application and the role in it, as in preset: salt.minion
4: service c, use has no key 'off'; did you mean of?
5: service d, use: has no value; write one, or remove the key
6: service e, use has no key 'withot'; did you mean without?
=END=

=TITLE= nobody, or several, who play the other role
=INPUT=
services:
  master: { segment: left, use: salt.master }
  second: { segment: left, use: salt.master }
  minion: { segment: right, use: salt.minion }
  worker: { segment: right, use: locust.worker }
=ERROR=
4: minion uses salt.minion, which connects to a salt.master, and 2 use that; write of: master or second
5: worker uses locust.worker, which connects to a locust.master, and nobody uses that; write use: locust.master for one, or connect: for each socket of this one
=END=

=TITLE= of that names nobody, somebody else, or is of no use
=INPUT=
services:
  master: { segment: left, use: { preset: salt.master, of: minion } }
  minion:
    segment: right
    use:
      preset: salt.minion
      of: mastre
  other: { segment: right, use: { preset: salt.minion, of: minion } }
=ERROR=
2: master, of: salt.master connects to nothing; remove it
7: minion, of: there is no 'mastre'; did you mean master?
8: other, of: 'minion' does not use salt.master; write master
=END=

=TITLE= a socket that the preset does not have
=INPUT=
services:
  master:
    segment: left
    use: { preset: salt.master, without: publsh }
    sockets:
      retruns: { why: results }
=ERROR=
4: master, without: salt.master has no socket 'publsh'; did you mean publish?
6: socket master.retruns has no 'type', and salt.master has no such socket; did you mean returns? One of your own has a type
=END=

=TITLE= two presets whose sockets have one name
=INPUT=
services:
  kernel: { segment: left, use: [jupyter.kernel, jupyter.client] }
=ERROR=
2: kernel: jupyter.kernel and jupyter.client both have a socket shell, iopub, stdin, control and hb; make a service of each, or leave out of one: without: [shell, iopub, stdin, control, hb]
=END=

=TITLE= what is written over a preset is judged as any other
=INPUT=
services:
  master: { segment: left, use: salt.master, sockets: { publish: { bind: "tcp://*:70001" }, returns: { type: PUB } } }
  minion: { segment: right, use: salt.minion }
=ERROR=
2: socket master.publish, bind: 'tcp://*:70001' does not end in a port, and libzmq would bind 4465; write a number from 1 to 65535
3: minion.returns (REQ) cannot talk to master.returns (PUB): libzmq drops the connection in silence and tries again for ever; a REQ talks to REP or ROUTER, a PUB to SUB or XSUB
=END=

=TITLE= a mechanism of one side alone, and one that nobody knows
=INPUT=
services:
  kernel: { segment: left, use: { preset: misp.server, mechanism: CURVE, zap: true } }
  reader: { segment: right, use: misp.subscriber }
  other: { segment: right, use: { preset: misp.subscriber, mechanism: CURV } }
=ERROR=
3: reader.events is NULL and kernel.events is CURVE: libzmq drops a connection whose ends name different mechanisms in silence, and tries again for ever; give both the same mechanism
4: service other, use, mechanism: 'CURV' is not a mechanism; did you mean CURVE?
=END=

=TITLE= a preset is no default
=INPUT=
defaults: { service: { use: salt.minion } }
=ERROR=
1: defaults, service: there is no default for 'use'; did you mean purpose?
=END=

=TITLE= presets of services and sites, changed where they are used
=INPUT=
sites:
  lab:
    cidrs: [192.168.0.0/24]
    gateway: { address: 203.0.113.1 }
    use: { preset: circus.client, without: [events, stats] }
    sockets: { commands: { mechanism: CURVE } }
services:
  daemon:
    segment: left
    use: circus.circusd
    sockets: { commands: { mechanism: CURVE, zap: true } }
=ERROR=
=END=
=TITLE= one role twice, and what no preset has
=INPUT=
services:
  one: { segment: left, use: [salt.master, salt.master] }
  two: { segment: left, use: [salt.minion, bitcoin.node], sockets: { rawtx: { bind: "tcp://*:5555" } } }
=ERROR=
2: service one, use: it names salt.master twice; name it once; of: takes a list
3: socket two.rawtx has no 'type', and salt.minion and bitcoin.node have no such socket; write blocks, publish, returns, sequence or transactions. One of your own has a type
=END=
=TITLE= a program that has the sockets of a preset
=INPUT=
services:
  a: { segment: left, use: ipykernel.kernel }
  b: { segment: left, use: spyder_kernels }
=ERROR=
2: service a, use: 'ipykernel' has no preset of its own; write jupyter, whose sockets it has
3: service b, use: 'spyder_kernels' has no preset of its own; write jupyter, whose sockets it has
=END=
