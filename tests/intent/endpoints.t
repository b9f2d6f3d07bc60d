=TITLE= tcp on all interfaces, one interface and loopback
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["tcp://*:5556", "tcp://eth0:5557", "tcp://127.0.0.1:5558", "tcp://0.0.0.0:1", "tcp://lo:65535"] } } }
=ERROR=
=END=
=TITLE= ipc by path, ipc by abstract name, and inproc
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["ipc:///run/a.sock", "ipc://@a", "inproc://a"] } } }
=ERROR=
=END=
=TITLE= a port that libzmq would wrap
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:70001" } } }
=ERROR=
2: socket a.s, bind: 'tcp://*:70001' does not end in a port, and libzmq would bind 4465; write a number from 1 to 65535
=END=
=TITLE= a negative port
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:-1" } } }
=ERROR=
2: socket a.s, bind: 'tcp://*:-1' does not end in a port, and libzmq would bind 65535; write a number from 1 to 65535
=END=
=TITLE= letters behind a port
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://127.0.0.1:45556abc" } } }
=ERROR=
2: socket a.s, bind: 'tcp://127.0.0.1:45556abc' does not end in a port, and libzmq would bind 45556; write a number from 1 to 65535
=END=
=TITLE= a port in scientific notation
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://127.0.0.1:1e3" } } }
=ERROR=
2: socket a.s, bind: 'tcp://127.0.0.1:1e3' does not end in a port, and libzmq would bind 1; write a number from 1 to 65535
=END=
=TITLE= a port with a leading zero
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:05556" } } }
=ERROR=
2: socket a.s, bind: 'tcp://*:05556' does not end in a port, and libzmq would bind 5556; write a number from 1 to 65535
=END=
=TITLE= ports that libzmq refuses too
=INPUT=
services:
  a:
    segment: left
    sockets:
      s:
        type: PUB
        bind:
          - "tcp://*:00"
          - "tcp://*:65536"
          - "tcp://*:http"
          - "tcp://*:"
=ERROR=
8: socket a.s, bind: 'tcp://*:00' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
9: socket a.s, bind: 'tcp://*:65536' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
10: socket a.s, bind: 'tcp://*:http' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
11: socket a.s, bind: 'tcp://*:' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
=END=
=TITLE= a port left to the system, in each notation
=INPUT=
services:
  a:
    segment: left
    sockets:
      s:
        type: PUB
        bind:
          - "tcp://*:*"
          - "tcp://*:0"
          - "tcp://*:*[60000-]"
          - "tcp://*:![55000-55999]"
=ERROR=
8: socket a.s, bind: 'tcp://*:*' lets the system choose a port, and no rule can be written for that; write one port, as in "tcp://*:5556", or the range in which the program binds: "tcp://*:51000-51999"
9: socket a.s, bind: 'tcp://*:0' lets the system choose a port, and no rule can be written for that; write one port, as in "tcp://*:5556", or the range in which the program binds: "tcp://*:51000-51999"
10: socket a.s, bind: 'tcp://*:*[60000-]' lets the system choose a port, and no rule can be written for that; write one port, as in "tcp://*:5556", or the range in which the program binds: "tcp://*:60000-65535"
11: socket a.s, bind: 'tcp://*:![55000-55999]' lets the system choose a port, and no rule can be written for that; write one port, as in "tcp://*:5556", or the range in which the program binds: "tcp://*:55000-55999"
=END=
=TITLE= a range of ports that is none
=INPUT=
services:
  a:
    segment: left
    sockets:
      s:
        type: ROUTER
        bind:
          - "tcp://*:51999-51000"
          - "tcp://*:51000-70000"
          - "tcp://*:0-51999"
          - "tcp://*:51000-"
=ERROR=
8: socket a.s, bind: 'tcp://*:51999-51000' does not end in a range of ports; write the first before the last, at most 65535: "tcp://*:51000-51999"
9: socket a.s, bind: 'tcp://*:51000-70000' does not end in a range of ports; write the first before the last, at most 65535: "tcp://*:51000-51999"
10: socket a.s, bind: 'tcp://*:0-51999' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
11: socket a.s, bind: 'tcp://*:51000-' does not end in a port, and libzmq would bind 51000; write a number from 1 to 65535
=END=
=TITLE= ranges of one service that overlap
=INPUT=
services:
  a:
    segment: left
    sockets:
      s: { type: ROUTER, bind: "tcp://*:51000-51999" }
      t: { type: ROUTER, bind: ["tcp://*:52000-52999", "tcp://*:51990-51995"] }
      u: { type: ROUTER, bind: ["tcp://*:52999", "tcp://eth0:50000-60000"] }
=ERROR=
6: tcp ports 51990-51995 of service a is bound by a.s and by a.t; give each its own
7: tcp port 52999 of service a is bound by a.t and by a.u; give each its own
7: tcp ports 52000-52999 of service a is bound by a.t and by a.u; give each its own
=END=
=TITLE= no port
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://eth0" } } }
=ERROR=
2: socket a.s, bind: 'tcp://eth0' has no port; write one behind a colon: "tcp://*:5556"
=END=
=TITLE= no interface
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://:5556" } } }
=ERROR=
2: socket a.s, bind: 'tcp://:5556' names no interface; write "tcp://*:5556" for all of them
=END=
=TITLE= no transport
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "*:5556" } } }
=ERROR=
2: socket a.s, bind: '*:5556' has no transport; write it in full: "tcp://*:5556"
=END=
=TITLE= a port number alone
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: 5556 } } }
=ERROR=
2: socket a.s, bind: 5556 is not an endpoint; write a text such as "tcp://*:5556"
=END=
=TITLE= a transport in capitals
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "TCP://*:5556" } } }
=ERROR=
2: socket a.s, bind: 'TCP://*:5556' has its transport in capitals, which libzmq refuses (EPROTONOSUPPORT); write tcp://
=END=
=TITLE= an unknown transport
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["tpc://*:5556", "hvsocket://x:1"] } } }
=ERROR=
2: socket a.s, bind: 'hvsocket://x:1' has an unknown transport; write inproc, ipc or tcp
2: socket a.s, bind: 'tpc://*:5556' has an unknown transport; did you mean tcp?
=END=
=TITLE= transports of libzmq that are not supported yet
=INPUT=
services:
  a:
    segment: left
    sockets:
      s:
        type: PUB
        bind:
          - "udp://*:5556"
          - "pgm://eth0;239.192.1.1:5556"
          - "epgm://eth0;239.192.1.1:5556"
          - "norm://224.1.2.3:5556"
          - "ws://*:80"
          - "wss://*:443"
          - "tipc://{5556,0,0}"
          - "vmci://*:5556"
          - "vsock://*:5556"
=ERROR=
8: socket a.s, bind: the transport udp of 'udp://*:5556' is not supported yet; supported are tcp, ipc and inproc
9: socket a.s, bind: the transport pgm of 'pgm://eth0;239.192.1.1:5556' is not supported yet; supported are tcp, ipc and inproc
10: socket a.s, bind: the transport epgm of 'epgm://eth0;239.192.1.1:5556' is not supported yet; supported are tcp, ipc and inproc
11: socket a.s, bind: the transport norm of 'norm://224.1.2.3:5556' is not supported yet; supported are tcp, ipc and inproc
12: socket a.s, bind: the transport ws of 'ws://*:80' is not supported yet; supported are tcp, ipc and inproc
13: socket a.s, bind: the transport wss of 'wss://*:443' is not supported yet; supported are tcp, ipc and inproc
14: socket a.s, bind: the transport tipc of 'tipc://{5556,0,0}' is not supported yet; supported are tcp, ipc and inproc
15: socket a.s, bind: the transport vmci of 'vmci://*:5556' is not supported yet; supported are tcp, ipc and inproc
16: socket a.s, bind: the transport vsock of 'vsock://*:5556' is not supported yet; supported are tcp, ipc and inproc
=END=
=TITLE= IPv6, with and without brackets
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["tcp://[::1]:5556", "tcp://[::]:*", "tcp://fe80::1:5557"] } } }
=ERROR=
2: socket a.s, bind: 'tcp://[::1]:5556' is an IPv6 endpoint, not supported yet; write "tcp://*:5556"
2: socket a.s, bind: 'tcp://[::]:*' is an IPv6 endpoint, not supported yet; write "tcp://*:5556"
2: socket a.s, bind: 'tcp://fe80::1:5557' is an IPv6 endpoint, not supported yet; write "tcp://*:5556"
=END=
=TITLE= a source address where one binds
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://eth0:0;*:5556" } } }
=ERROR=
2: socket a.s, bind: 'tcp://eth0:0;*:5556' has a source address before ';', which libzmq ignores when it binds; write only the part behind the ';'
=END=
=TITLE= the prefixes of CZMQ and NetMQ
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["@tcp://*:5556", ">tcp://*:5557"] } } }
=ERROR=
2: socket a.s, bind: '>tcp://*:5557' starts with >, a notation of CZMQ and NetMQ; remove it: the keys bind and connect say which side it is
2: socket a.s, bind: '@tcp://*:5556' starts with @, a notation of CZMQ and NetMQ; remove it: the keys bind and connect say which side it is
=END=
=TITLE= several endpoints in one text
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556,tcp://*:5557" } } }
=ERROR=
2: socket a.s, bind: 'tcp://*:5556,tcp://*:5557' is several endpoints in one text; write a YAML list
=END=
=TITLE= a host name to bind
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["tcp://ticker.example.com:5556", "tcp://an-interface-nobody-has:5557", "tcp://LOCALHOST:1"] } } }
=ERROR=
2: socket a.s, bind: 'tcp://LOCALHOST:1' has localhost in capitals; write localhost
2: socket a.s, bind: 'tcp://an-interface-nobody-has:5557' names a host, and DNS decides only when the program starts which interface that is; write "tcp://*:5557", or an interface such as "tcp://eth0:5557"
2: socket a.s, bind: 'tcp://ticker.example.com:5556' names a host, and DNS decides only when the program starts which interface that is; write "tcp://*:5556", or an interface such as "tcp://eth0:5556"
=END=
=TITLE= numbers that are an address to getaddrinfo only
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["tcp://127.1:5556", "tcp://2130706433:5557", "tcp://0x7f.1:5558", "tcp://10.0.0.256:5559"] } } }
=ERROR=
2: socket a.s, bind: 'tcp://0x7f.1:5558' has an address that is not four numbers from 0 to 255; write "tcp://*:5558", or an address such as 127.0.0.1
2: socket a.s, bind: 'tcp://10.0.0.256:5559' has an address that is not four numbers from 0 to 255; write "tcp://*:5559", or an address such as 127.0.0.1
2: socket a.s, bind: 'tcp://127.1:5556' has an address that is not four numbers from 0 to 255; write "tcp://*:5556", or an address such as 127.0.0.1
2: socket a.s, bind: 'tcp://2130706433:5557' has an address that is not four numbers from 0 to 255; write "tcp://*:5557", or an address such as 127.0.0.1
=END=
=TITLE= an address that no interface has
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["tcp://224.0.0.1:5556", "tcp://255.255.255.255:5557"] } } }
=ERROR=
2: socket a.s, bind: 'tcp://224.0.0.1:5556' has an address that no interface can have; write "tcp://*:5556"
2: socket a.s, bind: 'tcp://255.255.255.255:5557' has an address that no interface can have; write "tcp://*:5557"
=END=
=TITLE= a service that binds a numeric address
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://10.20.0.5:5556" } } }
=ERROR=
2: a.s binds 10.20.0.5, but a service's addresses are the plan's; write "tcp://*:5556"
=END=
=TITLE= a relative ipc path
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "ipc://./a.sock" } } }
=ERROR=
2: socket a.s, bind: 'ipc://./a.sock' is relative to wherever the program starts; write an absolute path, as in "ipc:///run/a.sock"
=END=
=TITLE= an ipc path that libzmq chooses
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "ipc://*" } } }
=ERROR=
2: socket a.s, bind: 'ipc://*' lets libzmq choose a path that nobody else knows; write one, as in "ipc:///run/ticker.sock"
=END=
=TITLE= an ipc path of 107 bytes
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "ipc:///run/1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890ab" } } }
=ERROR=
=END=
=TITLE= an ipc path of 108 bytes, two of them in one letter
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "ipc:///run/1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890aä" } } }
=ERROR=
2: socket a.s, bind: 'ipc:///run/123456789012345678901234567890123456789012345678901234567890123456789…' has a path of 108 bytes; a Unix socket's path has at most 107
=END=
=TITLE= an ipc path that is a directory, one that is empty, one with a NUL
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["ipc:///run/", "ipc://", "ipc:///run/\0"] } } }
=ERROR=
2: socket a.s, bind: 'ipc://' has no path; write one, as in "ipc:///run/ticker.sock"
2: socket a.s, bind: 'ipc:///run/' is a directory; write a file in it: "ipc:///run/socket"
2: socket a.s, bind: 'ipc:///run/\x00' holds an unprintable character; remove it
=END=
=TITLE= inproc without a name
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "inproc://" } } }
=ERROR=
2: socket a.s, bind: 'inproc://' has no name; write one, as in "inproc://workers"
=END=
