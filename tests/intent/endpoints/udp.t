=TITLE= udp at an interface, and in a group
=BIND=
udp://*:5556
udp://eth0:5556
udp://127.0.0.1:5556
udp://localhost:5556
udp://*:5556-5559
udp://239.1.1.1:5556
udp://eth0;239.1.1.1:5556
udp://*;239.1.1.1:5556
udp://10.0.0.5;239.1.1.1:5556
udp://[ff02::1]:5556
udp://eth0;[ff02::1]:5556
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
warning: [ff02::1] needs the socket option ZMQ_IPV6, without which libzmq refuses it (ENODEV); set ZMQ_IPV6 to 1 in the program
warning: [ff02::1] needs the socket option ZMQ_IPV6, without which libzmq refuses it (ENODEV); set ZMQ_IPV6 to 1 in the program
=END=
=TITLE= an interface before what is no group, and what is no interface before a group
=BIND=
udp://eth0;127.0.0.1:5556
udp://eth0;*:5556
udp://eth0:1;239.1.1.1:5556
udp://239.1.1.1;239.1.1.1:5556
udp://ticker.example.com;239.1.1.1:5556
udp://10.0.0.5;[ff02::1]:5556
udp://eth0;eth1;239.1.1.1:5556
=SAYS=
'udp://eth0;127.0.0.1:5556' has an interface before what is no group, which libzmq refuses (EINVAL); write only the part behind the ';', or a group such as 239.1.1.1 there
'udp://eth0;*:5556' has an interface before what is no group, which libzmq refuses (EINVAL); write only the part behind the ';', or a group such as 239.1.1.1 there
'udp://eth0:1;239.1.1.1:5556' has 'eth0:1' before ';', which is no interface; write its name or address alone, as in "udp://eth0;239.1.1.1:5556"
'udp://239.1.1.1;239.1.1.1:5556' has '239.1.1.1' before ';', which is no interface; write its name or address alone, as in "udp://eth0;239.1.1.1:5556"
'udp://ticker.example.com;239.1.1.1:5556' has 'ticker.example.com' before ';', which is no interface; write its name or address alone, as in "udp://eth0;239.1.1.1:5556"
'udp://10.0.0.5;[ff02::1]:5556' has an address before ';', and libzmq joins IPv6 groups by the name of an interface alone; write its name: "udp://eth0;[ff02::1]:5556"
'udp://eth0;eth1;239.1.1.1:5556' has more than one ';', and several groups are not supported; write one group in an endpoint, as in "udp://eth0;239.1.1.1:5556"
=END=
=TITLE= ports of udp that are none
=BIND=
udp://*
udp://*:*
udp://lo:*
udp://*:0
udp://*:70001
udp://239.1.1.1:*
udp://239.1.1.1:70001
udp://239.1.1.1:5556-5559
udp://239.1.1.1:http
=SAYS=
'udp://*' has no port; write one behind a colon: "udp://eth0;239.1.1.1:5556"
'udp://*:*' lets the system choose a port, and no rule can be written for that; write the port, or the range in which the program binds: "udp://*:51000-51999"
'udp://lo:*' lets the system choose a port, and no rule can be written for that; write the port, or the range in which the program binds: "udp://lo:51000-51999"
'udp://*:0' lets the system choose a port, and no rule can be written for that; write the port, or the range in which the program binds: "udp://*:51000-51999"
'udp://*:70001' does not end in a port, and libzmq would bind 4465; write a number from 1 to 65535
'udp://239.1.1.1:*' does not end in a port, and libzmq would take any free one; write a number from 1 to 65535
'udp://239.1.1.1:70001' does not end in a port, and libzmq would bind 4465; write a number from 1 to 65535
'udp://239.1.1.1:5556-5559' ends in a range of ports, where all must know the one, and libzmq would bind 5556; write a number from 1 to 65535
'udp://239.1.1.1:http' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
=END=
=TITLE= whom a RADIO sends to
=CONNECT=
udp://ticker:5556
udp://10.0.0.5:5556
udp://239.1.1.1:5556
udp://eth0;239.1.1.1:5556
udp://[2001:db8::7]:5556
=SAYS=
ok
ok
ok
ok
warning: [2001:db8::7] needs the socket option ZMQ_IPV6, without which libzmq refuses it (EINVAL); set ZMQ_IPV6 to 1 in the program
=END=
=TITLE= nobody a RADIO could send to
=CONNECT=
udp://*:5556
udp://lo:5556
udp://0.0.0.0:5556
udp://eth0;10.0.0.5:5556
udp://10.0.0.5:0
udp://10.0.0.5:*
udp://10.0.0.5:70001
udp://239.1.1.1:0
=SAYS=
'udp://*:5556' connects to every interface, and libzmq refuses it (EINVAL); write the host that binds
'udp://lo:5556' names an interface, where libzmq looks for a host of that name; where there is none, libzmq refuses it (EINVAL); write the host that binds
'udp://0.0.0.0:5556' is where somebody binds; who connects to 0.0.0.0 meets only its own host; write the host that binds
'udp://eth0;10.0.0.5:5556' has an interface before what is no group, which libzmq refuses (EINVAL); write only the part behind the ';', or a group such as 239.1.1.1 there
'udp://10.0.0.5:0' does not end in a port, and libzmq takes it and sends to nobody; write a number from 1 to 65535
'udp://10.0.0.5:*' does not end in a port, and libzmq refuses it (EINVAL); write a number from 1 to 65535
'udp://10.0.0.5:70001' does not end in a port, and libzmq would send to 4465; write a number from 1 to 65535
'udp://239.1.1.1:0' does not end in a port, and libzmq takes it and sends to nobody; write a number from 1 to 65535
=END=
