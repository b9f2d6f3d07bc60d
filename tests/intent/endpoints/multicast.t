=TITLE= pgm and epgm, with the interface's address, its network, or neither
=BIND=
pgm://10.0.0.5;239.192.1.1:5556
epgm://10.0.0.5;239.192.1.1:5556
epgm://10.0.0.0/24;239.192.1.1:5556
epgm://239.192.1.1:5556
epgm://;239.192.1.1:5556
=SAYS=
ok
ok
ok
ok
ok, as epgm://239.192.1.1:5556
=END=
=TITLE= an interface by name, which OpenPGM first takes for a host's, and what is none
=BIND=
epgm://eth0;239.192.1.1:5556
pgm://*;239.192.1.1:5556
epgm://lo;239.192.1.1:5556
epgm://ticker.example.com;239.192.1.1:5556
epgm://localhost;239.192.1.1:5556
epgm://10.0.0.5/33;239.192.1.1:5556
epgm://0.0.0.0;239.192.1.1:5556
epgm://[2001:db8::7];239.192.1.1:5556
=SAYS=
warning: 'epgm://eth0;239.192.1.1:5556' names an interface, and OpenPGM first asks DNS for a host eth0: where nobody answers, libzmq refuses it (EINVAL); write the interface's address or its network, as in "epgm://10.0.0.0/24;239.192.1.1:5556"
'pgm://*;239.192.1.1:5556' has '*' before ';', which is no interface for multicast, and libzmq refuses it (EINVAL); write the address or the network of one, as in "pgm://10.0.0.5;239.192.1.1:5556"
'epgm://lo;239.192.1.1:5556' has 'lo' before ';', which is no interface for multicast, and libzmq refuses it (EINVAL); write the address or the network of one, as in "epgm://10.0.0.5;239.192.1.1:5556"
'epgm://ticker.example.com;239.192.1.1:5556' names a host before ';', and DNS decides only when the program starts which interface that is; write the interface's address or its network, as in "epgm://10.0.0.5;239.192.1.1:5556"
'epgm://localhost;239.192.1.1:5556' names a host before ';', and DNS decides only when the program starts which interface that is; write the interface's address or its network, as in "epgm://10.0.0.5;239.192.1.1:5556"
'epgm://10.0.0.5/33;239.192.1.1:5556' has '10.0.0.5/33' before ';', which is no network; write one such as "epgm://10.0.0.0/24;239.192.1.1:5556"
'epgm://0.0.0.0;239.192.1.1:5556' has an address before ';' that is no interface's, and libzmq refuses it (EINVAL); write one as in "epgm://10.0.0.5;239.192.1.1:5556"
'epgm://[2001:db8::7];239.192.1.1:5556' has an address before ';' that is no interface's, and libzmq refuses it (EINVAL); write one as in "epgm://10.0.0.5;239.192.1.1:5556"
=END=
=TITLE= no group of pgm, or too many
=BIND=
epgm://10.0.0.5:5556
epgm://10.0.0.5;10.0.0.6:5556
epgm://eth0:5556
epgm://lo:5556
epgm://*:5556
epgm://10.0.0.5;239.192.1.1,239.192.1.2:5556
epgm://10.0.0.5;239.192.1.1;239.192.1.2:5556
epgm://;[ff02::1]:5556
epgm://:5556
=SAYS=
'epgm://10.0.0.5:5556' names no multicast group, and OpenPGM would join 239.192.0.1; write it out: "epgm://10.0.0.5;239.192.0.1:5556"
'epgm://10.0.0.5;10.0.0.6:5556' names no multicast group, and libzmq refuses it (EINVAL); write one behind the interface's address, as in "epgm://10.0.0.5;239.192.1.1:5556"
'epgm://eth0:5556' names no multicast group, and OpenPGM would join 239.192.0.1; write it out: "epgm://eth0;239.192.0.1:5556"
'epgm://lo:5556' names no multicast group, and libzmq refuses it (EINVAL); write one behind the interface's address, as in "epgm://10.0.0.5;239.192.1.1:5556"
'epgm://*:5556' names no multicast group, and libzmq refuses it (EINVAL); write one behind the interface's address, as in "epgm://10.0.0.5;239.192.1.1:5556"
'epgm://10.0.0.5;239.192.1.1,239.192.1.2:5556' names several groups, which is not supported; write one in an endpoint, as in "epgm://10.0.0.5;239.192.1.1:5556"
'epgm://10.0.0.5;239.192.1.1;239.192.1.2:5556' has more than one ';', and several groups are not supported; write one group in an endpoint, as in "epgm://10.0.0.5;239.192.1.1:5556"
'epgm://;[ff02::1]:5556' has an IPv6 group, and zmq_pgm(7) has IPv4 alone; write one such as "epgm://10.0.0.5;239.192.1.1:5556"
'epgm://:5556' names no multicast group, and OpenPGM would join 239.192.0.1; write it out: "epgm://239.192.0.1:5556"
=END=
=TITLE= ports of pgm that are none
=BIND=
pgm://239.192.1.1
pgm://239.192.1.1:70001
epgm://239.192.1.1:5556x
epgm://239.192.1.1:*
epgm://239.192.1.1:0
epgm://239.192.1.1:5556-5559
=SAYS=
'pgm://239.192.1.1' has no port; write one behind a colon: "pgm://10.0.0.5;239.192.1.1:5556"
'pgm://239.192.1.1:70001' does not end in a port, and libzmq would bind 4465; write a number from 1 to 65535
'epgm://239.192.1.1:5556x' does not end in a port, and libzmq would bind 5556; write a number from 1 to 65535
'epgm://239.192.1.1:*' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
'epgm://239.192.1.1:0' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
'epgm://239.192.1.1:5556-5559' ends in a range of ports, where all must know the one, and libzmq would bind 5556; write a number from 1 to 65535
=END=
=TITLE= norm in a group, or with one peer
=BIND=
norm://239.192.1.1:5556
norm://eth0;239.192.1.1:5556
norm://10.0.0.5;239.192.1.1:5556
norm://1,239.192.1.1:5556
norm://4294967294,eth0;239.192.1.1:5556
norm://10.0.0.5:5556
norm://localhost:5556
=SAYS=
ok
ok
ok
ok
ok
ok
ok
=END=
=TITLE= an interface of norm that libzmq ignores
=BIND=
norm://eth0;10.0.0.5:5556
=SAYS=
warning: 'norm://eth0;10.0.0.5:5556' has an interface before ';', which libzmq ignores unless it is for a multicast group; write only the part behind the ';'
=END=
=TITLE= what norm cannot take, and ends the program or opens another port
=BIND=
norm://*:5556
norm://eth0:5556
norm://ticker:5556
norm://:5556
norm://[ff02::1]:5556
norm://[::1]:5556
norm://239.192.1.1
norm://*;239.192.1.1:5556
norm://;239.192.1.1:5556
norm://0.0.0.0:5556
norm://255.255.255.255:5556
=SAYS=
'norm://*:5556' has no address, and libzmq ends the program over it; write a group, as in "norm://eth0;239.192.1.1:5556", or "norm://localhost:5556" where a SUB hears one PUB
'norm://eth0:5556' has a name, and where DNS does not know it libzmq ends the program or opens another port; write a group, as in "norm://eth0;239.192.1.1:5556", or "norm://localhost:5556" where a SUB hears one PUB
'norm://ticker:5556' has a name, and where DNS does not know it libzmq ends the program or opens another port; write a group, as in "norm://eth0;239.192.1.1:5556", or "norm://localhost:5556" where a SUB hears one PUB
'norm://:5556' has no address, and libzmq ends the program over it; write a group, as in "norm://eth0;239.192.1.1:5556", or "norm://localhost:5556" where a SUB hears one PUB
'norm://[ff02::1]:5556' has an IPv6 address, and libzmq ends the program over it; write a group, as in "norm://eth0;239.192.1.1:5556", or "norm://localhost:5556" where a SUB hears one PUB
'norm://[::1]:5556' has an IPv6 address, and libzmq ends the program over it; write a group, as in "norm://eth0;239.192.1.1:5556", or "norm://localhost:5556" where a SUB hears one PUB
'norm://239.192.1.1' has no port; write one behind a colon: "norm://eth0;239.192.1.1:5556"
'norm://*;239.192.1.1:5556' has '*' before ';', which NORM has no interface for; remove it with its ';'
'norm://;239.192.1.1:5556' names no interface before ';'; remove the ';'
'norm://0.0.0.0:5556' has an address that is neither a group nor a host's; write a group, as in "norm://eth0;239.192.1.1:5556", or "norm://localhost:5556" where a SUB hears one PUB
'norm://255.255.255.255:5556' has an address that is neither a group nor a host's; write a group, as in "norm://eth0;239.192.1.1:5556", or "norm://localhost:5556" where a SUB hears one PUB
=END=
=TITLE= nodes of norm that are none
=BIND=
norm://0,239.192.1.1:5556
norm://x,239.192.1.1:5556
norm://4294967295,239.192.1.1:5556
norm://eth0,239.192.1.1:5556
=SAYS=
'norm://0,239.192.1.1:5556' has no node number before its ',', and libzmq makes of it what it can; write one from 1 to 4294967294, or remove it with its ','
'norm://x,239.192.1.1:5556' has no node number before its ',', and libzmq makes of it what it can; write one from 1 to 4294967294, or remove it with its ','
'norm://4294967295,239.192.1.1:5556' has no node number before its ',', and libzmq makes of it what it can; write one from 1 to 4294967294, or remove it with its ','
'norm://eth0,239.192.1.1:5556' has no node number before its ',', and libzmq makes of it what it can; write one from 1 to 4294967294, or remove it with its ','
=END=
=TITLE= ports of norm that are none
=BIND=
norm://239.192.1.1:*
norm://239.192.1.1:0
norm://239.192.1.1:http
norm://239.192.1.1:70001
norm://239.192.1.1:5556-5559
=SAYS=
'norm://239.192.1.1:*' does not end in a port, and libzmq would take any free one; write a number from 1 to 65535
'norm://239.192.1.1:0' does not end in a port, and libzmq would take any free one; write a number from 1 to 65535
'norm://239.192.1.1:http' does not end in a port, and libzmq would take any free one; write a number from 1 to 65535
'norm://239.192.1.1:70001' does not end in a port, and libzmq would bind 4465; write a number from 1 to 65535
'norm://239.192.1.1:5556-5559' ends in a range of ports, where all must know the one, and libzmq would bind 5556; write a number from 1 to 65535
=END=
=TITLE= who connects over multicast reads as who binds
=CONNECT=
epgm://10.0.0.5;239.192.1.1:5556
epgm://eth0;239.192.1.1:5556
norm://eth0;239.192.1.1:5556
norm://*:5556
=SAYS=
ok
warning: 'epgm://eth0;239.192.1.1:5556' names an interface, and OpenPGM first asks DNS for a host eth0: where nobody answers, libzmq refuses it (EINVAL); write the interface's address or its network, as in "epgm://10.0.0.0/24;239.192.1.1:5556"
ok
'norm://*:5556' has no address, and libzmq ends the program over it; write a group, as in "norm://eth0;239.192.1.1:5556", or "norm://localhost:5556" where a SUB hears one PUB
=END=
