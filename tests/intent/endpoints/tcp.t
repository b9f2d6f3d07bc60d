=TITLE= tcp on all interfaces, one of them, a VLAN, loopback and an address
=BIND=
tcp://*:5556
tcp://0.0.0.0:1
tcp://eth0:5557
tcp://eth0.100:5557
tcp://wg-site_2:65535
tcp://lo:5558
tcp://localhost:5558
tcp://127.9.9.9:5558
tcp://192.168.10.7:6001
=SAYS=
ok
ok
ok
ok
ok
ok
ok
ok
ok
=END=
=TITLE= a port that libzmq would wrap, cut or count its own way
=BIND=
tcp://*:70001
tcp://*:-1
tcp://127.0.0.1:45556abc
tcp://127.0.0.1:1e3
tcp://*:05556
tcp://*:+5556
tcp://*: 5556
tcp://*:5556 
tcp://*:5556,5557
tcp://*:5556/path
tcp://*:4294972852
=SAYS=
'tcp://*:70001' does not end in a port, and libzmq would bind 4465; write a number from 1 to 65535
'tcp://*:-1' does not end in a port, and libzmq would bind 65535; write a number from 1 to 65535
'tcp://127.0.0.1:45556abc' does not end in a port, and libzmq would bind 45556; write a number from 1 to 65535
'tcp://127.0.0.1:1e3' does not end in a port, and libzmq would bind 1; write a number from 1 to 65535
'tcp://*:05556' does not end in a port, and libzmq would bind 5556; write a number from 1 to 65535
'tcp://*:+5556' does not end in a port, and libzmq would bind 5556; write a number from 1 to 65535
'tcp://*: 5556' does not end in a port, and libzmq would bind 5556; write a number from 1 to 65535
'tcp://*:5556 ' does not end in a port, and libzmq would bind 5556; write a number from 1 to 65535
'tcp://*:5556,5557' does not end in a port, and libzmq would bind 5556; write a number from 1 to 65535
'tcp://*:5556/path' does not end in a port, and libzmq would bind 5556; write a number from 1 to 65535
'tcp://*:4294972852' does not end in a port, and libzmq would bind 5556; write a number from 1 to 65535
=END=
=TITLE= ports that libzmq refuses too
=BIND=
tcp://*:00
tcp://*:65536
tcp://*:http
tcp://*:
tcp://*:0x1F90
=SAYS=
'tcp://*:00' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
'tcp://*:65536' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
'tcp://*:http' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
'tcp://*:' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
'tcp://*:0x1F90' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
=END=
=TITLE= the range in which a program binds
=BIND=
tcp://*:51000-51999
tcp://eth0:1-65535
tcp://*:51999-51000
tcp://*:65000-66000
tcp://*:51000-
tcp://*:051000-51999
tcp://*:0-10
tcp://*:1-2-3
=SAYS=
ok
ok
'tcp://*:51999-51000' does not end in a range of ports; write the first before the last, at most 65535: "tcp://*:51000-51999"
'tcp://*:65000-66000' does not end in a range of ports; write the first before the last, at most 65535: "tcp://*:51000-51999"
'tcp://*:51000-' does not end in a port, and libzmq would bind 51000; write a number from 1 to 65535
'tcp://*:051000-51999' does not end in a port, and libzmq would bind 51000; write a number from 1 to 65535
'tcp://*:0-10' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
'tcp://*:1-2-3' does not end in a port, and libzmq would bind 1; write a number from 1 to 65535
=END=
=TITLE= the ranges of czmq
=BIND=
tcp://*:![55000-55999]
tcp://*:*[60000-]
tcp://*:*[60000-60010]
tcp://*:*[-60000]
tcp://*:![-]
tcp://*:*[60010-60000]
tcp://*:*[60000-70000]
tcp://*:*[60000]
tcp://*:?[60000-60010]
=SAYS=
ok
ok, as tcp://*:*[60000-65535]
ok
ok, as tcp://*:*[49152-60000]
ok, as tcp://*:![49152-65535]
'tcp://*:*[60010-60000]' does not end in a range of ports; write the first before the last, at most 65535: "tcp://*:60000-60010"
'tcp://*:*[60000-70000]' does not end in a range of ports; write the first before the last, at most 65535: "tcp://*:51000-51999"
'tcp://*:*[60000]' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
'tcp://*:?[60000-60010]' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
=END=
=TITLE= a port left to the system, where others would have to know it
=BIND=
tcp://*:*
tcp://*:0
tcp://*:!
tcp://eth0:*
=SAYS=
'tcp://*:*' lets the system choose a port (czmq: one of 49152-65535), and no rule can be written for that; write the port, or the range in which the program binds: "tcp://*:51000-51999"
'tcp://*:0' lets the system choose a port, and no rule can be written for that; write the port, or the range in which the program binds: "tcp://*:51000-51999"
'tcp://*:!' lets the system choose a port (czmq: one of 49152-65535), and no rule can be written for that; write the port, or the range in which the program binds: "tcp://*:51000-51999"
'tcp://eth0:*' lets the system choose a port (czmq: one of 49152-65535), and no rule can be written for that; write the port, or the range in which the program binds: "tcp://eth0:51000-51999"
=END=
=TITLE= a port left to the system on loopback, where no rule needs it
=BIND=
tcp://lo:*
tcp://127.0.0.1:0
tcp://localhost:!
=SAYS=
ok
ok, as tcp://127.0.0.1:*
ok
=END=
=TITLE= no port, no interface
=BIND=
tcp://eth0
tcp://
tcp://:5556
=SAYS=
'tcp://eth0' has no port; write one behind a colon: "tcp://*:5556"
'tcp://' has no port; write one behind a colon: "tcp://*:5556"
'tcp://:5556' names no interface; write "tcp://*:5556" for all of them
=END=
=TITLE= a host's name where one binds
=BIND=
tcp://ticker.example.com:5556
tcp://an-interface-nobody-has:5557
tcp://eth0.4095:5557
tcp://LOCALHOST:1
tcp://[lo]:1
tcp://eth0%1:1
=SAYS=
'tcp://ticker.example.com:5556' names a host, and DNS decides only when the program starts which interface that is; write "tcp://*:5556", or an interface such as "tcp://eth0:5556"
'tcp://an-interface-nobody-has:5557' names a host, and DNS decides only when the program starts which interface that is; write "tcp://*:5557", or an interface such as "tcp://eth0:5557"
'tcp://eth0.4095:5557' names a host, and DNS decides only when the program starts which interface that is; write "tcp://*:5557", or an interface such as "tcp://eth0:5557"
'tcp://LOCALHOST:1' has localhost in capitals; write localhost
'tcp://[lo]:1' has brackets, which are for IPv6, around 'lo'; write it without brackets
'tcp://eth0%1:1' has a zone ('%') behind what is not IPv6; remove it, with its '%'
=END=
=TITLE= numbers that only getaddrinfo takes for an address
=BIND=
tcp://127.1:5556
tcp://0177.0.0.1:5556
tcp://2130706433:5557
tcp://0x7f.1:5558
tcp://10.0.0.256:5559
tcp://[127.0.0.1]:5560
=SAYS=
'tcp://127.1:5556' has an address that is not four numbers from 0 to 255, and libzmq would take 127.0.0.1; write "tcp://*:5556", or an address such as 127.0.0.1
'tcp://0177.0.0.1:5556' has an address that is not four numbers from 0 to 255, and libzmq would take 127.0.0.1; write "tcp://*:5556", or an address such as 127.0.0.1
'tcp://2130706433:5557' has an address that is not four numbers from 0 to 255, and libzmq would take 127.0.0.1; write "tcp://*:5557", or an address such as 127.0.0.1
'tcp://0x7f.1:5558' has an address that is not four numbers from 0 to 255, and libzmq would take 127.0.0.1; write "tcp://*:5558", or an address such as 127.0.0.1
'tcp://10.0.0.256:5559' has an address that is not four numbers from 0 to 255; write "tcp://*:5559", or an address such as 127.0.0.1
'tcp://[127.0.0.1]:5560' has brackets, which are for IPv6, around '127.0.0.1'; write it without brackets
=END=
=TITLE= an address that no interface can have
=BIND=
tcp://224.0.0.1:5556
tcp://255.255.255.255:5557
tcp://240.0.0.1:5558
tcp://0.0.0.1:5559
tcp://[ff02::1]:5560
tcp://[::ffff:224.0.0.1]:5561
=SAYS=
'tcp://224.0.0.1:5556' has an address that no interface can have; write "tcp://*:5556"
'tcp://255.255.255.255:5557' has an address that no interface can have; write "tcp://*:5557"
'tcp://240.0.0.1:5558' has an address that no interface can have; write "tcp://*:5558"
'tcp://0.0.0.1:5559' has an address that no interface can have; write "tcp://*:5559"
'tcp://[ff02::1]:5560' has an address that no interface can have; write "tcp://*:5560"
'tcp://[::ffff:224.0.0.1]:5561' has an address that no interface can have; write "tcp://*:5561"
=END=
=TITLE= IPv6 in brackets, with a zone where it is link-local
=BIND=
tcp://[::1]:5556
tcp://[::]:5556
tcp://[2001:db8::7]:5556
tcp://[fe80::1%eth0]:5556
tcp://[fe80::1%2]:5556
tcp://[::ffff:10.0.0.1]:5556
=SAYS=
warning: [::1] needs the socket option ZMQ_IPV6, without which libzmq refuses it (ENODEV); set ZMQ_IPV6 to 1 in the program
warning: [::] needs the socket option ZMQ_IPV6, without which libzmq refuses it (ENODEV); IPv4 reaches it too; set ZMQ_IPV6 to 1 in the program
warning: [2001:db8::7] needs the socket option ZMQ_IPV6, without which libzmq refuses it (ENODEV); set ZMQ_IPV6 to 1 in the program
warning: [fe80::1%eth0] needs the socket option ZMQ_IPV6, without which libzmq refuses it (ENODEV); set ZMQ_IPV6 to 1 in the program
warning: [fe80::1%2] needs the socket option ZMQ_IPV6, without which libzmq refuses it (ENODEV); set ZMQ_IPV6 to 1 in the program
warning: [::ffff:10.0.0.1] needs the socket option ZMQ_IPV6, without which libzmq refuses it (ENODEV); set ZMQ_IPV6 to 1 in the program
=END=
=TITLE= IPv6 that is not quite
=BIND=
tcp://::1:5556
tcp://fe80::1:5557
tcp://[::1:5556
tcp://::1]:5556
tcp://[::g]:5556
tcp://[fe80::1]:5556
tcp://[fe80::1%]:5556
tcp://[fe80::1%0]:5556
tcp://[*]:5556
tcp://eth0:1:5556
=SAYS=
'tcp://::1:5556' has an IPv6 address without brackets, of which its last number is the port; write it in brackets: "[::1]"
'tcp://fe80::1:5557' has an IPv6 address without brackets, of which its last number is the port; write it in brackets: "[fe80::1]"
'tcp://[::1:5556' has a bracket without its other; write one as in "[::1]"
'tcp://::1]:5556' has a bracket without its other; write one as in "[::1]"
'tcp://[::g]:5556' has brackets around what is not an IPv6 address; write one as in "[::1]", or "[fe80::1%eth0]"
'tcp://[fe80::1]:5556' is link-local, which means nothing without its interface (EINVAL); write the zone behind it, as in "[fe80::1%eth0]"
'tcp://[fe80::1%]:5556' has a zone that is no interface; write its name or its number, as in "[fe80::1%eth0]"
'tcp://[fe80::1%0]:5556' has a zone that is no interface; write its name or its number, as in "[fe80::1%eth0]"
'tcp://[*]:5556' has brackets, which are for IPv6, around '*'; write it without brackets
'tcp://eth0:1:5556' has a colon too many before its port; write "tcp://*:5556", or an address such as 127.0.0.1
=END=
=TITLE= a source where one binds, which libzmq reads and forgets
=BIND=
tcp://eth0:0;*:5556
tcp://lo;*:5556
tcp://localhost:0;*:5556
tcp://a:1;b:2;*:5556
=SAYS=
warning: 'tcp://eth0:0;*:5556' has a source address before ';', which libzmq ignores when it binds; write only the part behind the ';'
'tcp://lo;*:5556' has no port before ';', and libzmq refuses it; write 0 for any, as in "eth1:0;"
'tcp://localhost:0;*:5556' has a name before ';', where libzmq looks none up, and libzmq refuses it; write the interface or its address
'tcp://a:1;b:2;*:5556' has more than one ';'; write one source before one address
=END=
=TITLE= a peer by name and by address
=CONNECT=
tcp://ticker:5556
tcp://ticker.example.com.:5556
tcp://my_ticker-1:5556
tcp://localhost:5556
tcp://en1.example.com:5556
tcp://192.168.10.7:6001
tcp://[2001:db8::7]:5556
tcp://[fe80::1%eth0]:5556
=SAYS=
ok
ok
ok
ok
ok
ok
warning: [2001:db8::7] needs the socket option ZMQ_IPV6, without which libzmq takes it and never connects, without an error; set ZMQ_IPV6 to 1 in the program
warning: [fe80::1%eth0] needs the socket option ZMQ_IPV6, without which libzmq takes it and never connects, without an error; set ZMQ_IPV6 to 1 in the program
=END=
=TITLE= a source pinned before a peer
=CONNECT=
tcp://eth1:0;ticker:5556
tcp://eth1:*;ticker:5556
tcp://192.168.1.17:5555;192.168.1.1:5555
tcp://0.0.0.0:40000;ticker:5556
tcp://[2001:db8::7]:0;[2001:db8::8]:5556
=SAYS=
ok
ok
ok
ok
warning: [2001:db8::8] needs the socket option ZMQ_IPV6, without which libzmq takes it and never connects, without an error; set ZMQ_IPV6 to 1 in the program
=END=
=TITLE= a source that libzmq cannot take
=CONNECT=
tcp://*:0;ticker:5556
tcp://eth1;ticker:5556
tcp://localhost:0;ticker:5556
tcp://eth1:70001;ticker:5556
tcp://eth1:0;eth2:0;ticker:5556
=SAYS=
'tcp://*:0;ticker:5556' connects from '*', which libzmq refuses (EINVAL); write the interface or address before ';', or 0.0.0.0 for any
'tcp://eth1;ticker:5556' has no port before ';', and libzmq takes it and never connects, without an error; write 0 for any, as in "eth1:0;"
'tcp://localhost:0;ticker:5556' has a name before ';', where libzmq looks none up, and libzmq takes it and never connects, without an error; write the interface or its address
'tcp://eth1:70001;ticker:5556' has no port before ';', and libzmq would take 4465; write 0 for any, as in "eth1:0;"
'tcp://eth1:0;eth2:0;ticker:5556' has more than one ';'; write one source before one address
=END=
=TITLE= everywhere is nowhere to connect to
=CONNECT=
tcp://*:5556
tcp://0.0.0.0:5556
tcp://[::]:5556
tcp://:5556
tcp://lo:5556
tcp://eth0:5556
tcp://enp3s0f1:5556
tcp://ens5:5556
tcp://224.0.0.1:5556
=SAYS=
'tcp://*:5556' connects to every interface, and libzmq refuses it (EINVAL); write the host that binds
'tcp://0.0.0.0:5556' is where somebody binds; who connects to 0.0.0.0 meets only its own host; write the host that binds
'tcp://[::]:5556' is where somebody binds; who connects to :: meets only its own host; write the host that binds
'tcp://:5556' names no host, and libzmq takes it and never connects, without an error; write the host that binds
'tcp://lo:5556' names an interface, where libzmq looks for a host of that name; where there is none, libzmq takes it and never connects, without an error; write the host that binds
'tcp://eth0:5556' names an interface, where libzmq looks for a host of that name; where there is none, libzmq takes it and never connects, without an error; write the host that binds
'tcp://enp3s0f1:5556' names an interface, where libzmq looks for a host of that name; where there is none, libzmq takes it and never connects, without an error; write the host that binds
'tcp://ens5:5556' names an interface, where libzmq looks for a host of that name; where there is none, libzmq takes it and never connects, without an error; write the host that binds
'tcp://224.0.0.1:5556' has an address that no host can have; write the host that binds
=END=
=TITLE= a port that is none, where one connects
=CONNECT=
tcp://ticker:70001
tcp://ticker:5555x
tcp://ticker:65536
tcp://ticker:0
tcp://ticker:*
tcp://ticker:
tcp://ticker
tcp://ticker:-1
tcp://ticker:http
tcp://ticker:5556/path
tcp://ticker:5556 
tcp://ticker:5556-5559
tcp://ticker:*[5556-5559]
=SAYS=
'tcp://ticker:70001' does not end in a port, and libzmq would connect to 4465; write a number from 1 to 65535
'tcp://ticker:5555x' does not end in a port, and libzmq would connect to 5555; write a number from 1 to 65535
'tcp://ticker:65536' does not end in a port, and libzmq takes it and never connects, without an error; write a number from 1 to 65535
'tcp://ticker:0' does not end in a port, and libzmq takes it and never connects, without an error; write a number from 1 to 65535
'tcp://ticker:*' does not end in a port, and libzmq refuses it (EINVAL); write a number from 1 to 65535
'tcp://ticker:' does not end in a port, and libzmq refuses it (EINVAL); write a number from 1 to 65535
'tcp://ticker' has no port; write one behind a colon: "tcp://broker:5556"
'tcp://ticker:-1' does not end in a port, and libzmq refuses it (EINVAL); write a number from 1 to 65535
'tcp://ticker:http' does not end in a port, and libzmq refuses it (EINVAL); write a number from 1 to 65535
'tcp://ticker:5556/path' does not end in a port, and libzmq refuses it (EINVAL); write a number from 1 to 65535
'tcp://ticker:5556 ' does not end in a port, and libzmq refuses it (EINVAL); write a number from 1 to 65535
'tcp://ticker:5556-5559' ends in a range of ports, where all must know the one, and libzmq would connect to 5556; write a number from 1 to 65535
'tcp://ticker:*[5556-5559]' does not end in a port, and libzmq refuses it (EINVAL); write a number from 1 to 65535
=END=
=TITLE= a peer that is no host
=CONNECT=
tcp://tick er:5556
tcp://ticker..com:5556
tcp://-ticker:5556
tcp://127.1:5556
tcp://a:b:5556
tcp://tcp://ticker:5556
tcp://LOCALHOST:5556
=SAYS=
'tcp://tick er:5556' has no host before its port; write the host that binds
'tcp://ticker..com:5556' has no host before its port; write the host that binds
'tcp://-ticker:5556' has no host before its port; write the host that binds
'tcp://127.1:5556' has an address that is not four numbers from 0 to 255, and libzmq would take 127.0.0.1; write one such as 127.0.0.1
'tcp://a:b:5556' has a colon too many before its port; write one such as 127.0.0.1
'tcp://tcp://ticker:5556' has a colon too many before its port; write one such as 127.0.0.1
'tcp://LOCALHOST:5556' has localhost in capitals; write localhost
=END=
