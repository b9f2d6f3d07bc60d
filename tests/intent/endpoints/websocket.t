=TITLE= ws and wss, with and without a path
=BIND=
ws://*:8080
ws://*:8080/feed
ws://eth0:8080/
wss://*:443/feed?x=1
ws://127.0.0.1:*
ws://lo:0/feed
ws://*:8080-8089/feed
ws://[::1]:8080/feed
=SAYS=
ok
ok
ok
ok
ok
ok, as ws://lo:*/feed
ok
warning: [::1] needs the socket option ZMQ_IPV6, without which libzmq refuses it (ENODEV); set ZMQ_IPV6 to 1 in the program
=END=
=TITLE= of a longer path libzmq 4.3.5 forgets the beginning
=BIND=
ws://*:8080/a/b
=SAYS=
warning: of the path '/a/b' libzmq up to 4.3.5 keeps only '/b'; write "/b" at both ends
=END=
=TITLE= a name, which libzmq looks up for tcp alone
=BIND=
ws://localhost:8080/feed
wss://ticker.example.com:443
=SAYS=
'ws://localhost:8080/feed' has a name where libzmq looks none up (ENODEV); write "ws://127.0.0.1:8080/feed"
'wss://ticker.example.com:443' names a host, and libzmq looks none up there (ENODEV); write "wss://*:443", or an interface such as "wss://eth0:443"
=END=
=TITLE= ports of ws that are none
=BIND=
ws://*
ws://*/feed
wss://*
ws://*:70001/feed
ws://*:8080x/feed
ws://*:00
ws://*:*
ws://*:0/feed
ws://*:*[8080-8089]
ws://*:!
=SAYS=
'ws://*' has no port, and libzmq takes none for granted; write one behind a colon: "ws://*:80"
'ws://*/feed' has no port, and libzmq takes none for granted; write one behind a colon: "ws://*:80"
'wss://*' has no port, and libzmq takes none for granted; write one behind a colon: "wss://*:443"
'ws://*:70001/feed' does not end in a port, and libzmq would bind 4465; write a number from 1 to 65535
'ws://*:8080x/feed' does not end in a port, and libzmq would bind 8080; write a number from 1 to 65535
'ws://*:00' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
'ws://*:*' lets the system choose a port, and no rule can be written for that; write the port, or the range in which the program binds: "ws://*:51000-51999"
'ws://*:0/feed' lets the system choose a port, and no rule can be written for that; write the port, or the range in which the program binds: "ws://*:51000-51999"
'ws://*:*[8080-8089]' has a range as czmq writes it, which it reads for tcp alone; libzmq would refuse it; write the range in which the program binds: "ws://*:8080-8089"
'ws://*:!' does not end in a port, and libzmq would refuse it; write a number from 1 to 65535
=END=
=TITLE= what ws has not
=BIND=
ws://eth0:0;*:8080
ws://*:8080/a:b
ws://*:8080/a b
ws://*:8080/a;b
ws://*:8080#a
=SAYS=
'ws://eth0:0;*:8080' has a source address before ';', which ws has none of: libzmq refuses it; write only the part behind the ';'
'ws://*:8080/a:b' has a path with a character that libzmq cuts at, or HTTP forbids; write letters, digits and -._~ in it, other characters as %20
'ws://*:8080/a b' has a path with a character that libzmq cuts at, or HTTP forbids; write letters, digits and -._~ in it, other characters as %20
'ws://*:8080/a;b' has a path with a character that libzmq cuts at, or HTTP forbids; write letters, digits and -._~ in it, other characters as %20
'ws://*:8080#a' does not end in a port, and libzmq would bind 8080; write a number from 1 to 65535
=END=
=TITLE= a peer over ws
=CONNECT=
ws://ticker:8080/feed
wss://ticker.example.com:443
ws://localhost:8080
ws://[2001:db8::7]:8080/feed
=SAYS=
ok
ok
ok
warning: [2001:db8::7] needs the socket option ZMQ_IPV6, without which libzmq refuses it (EINVAL); set ZMQ_IPV6 to 1 in the program
=END=
=TITLE= a peer over ws that is none
=CONNECT=
ws://*:8080
ws://0.0.0.0:8080
ws://lo:8080
ws://ticker
ws://ticker:70001/feed
ws://ticker:0
ws://ticker:*
ws://ticker:http
ws://eth1:0;ticker:8080
=SAYS=
'ws://*:8080' connects to every interface, and libzmq refuses it (EINVAL); write the host that binds
'ws://0.0.0.0:8080' is where somebody binds; who connects to 0.0.0.0 meets only its own host; write the host that binds
'ws://lo:8080' names an interface, where libzmq looks for a host of that name; where there is none, libzmq refuses it (EINVAL); write the host that binds
'ws://ticker' has no port, and libzmq takes none for granted; write one behind a colon: "ws://broker:80"
'ws://ticker:70001/feed' does not end in a port, and libzmq would connect to 4465; write a number from 1 to 65535
'ws://ticker:0' does not end in a port, and libzmq takes it and never connects, without an error; write a number from 1 to 65535
'ws://ticker:*' does not end in a port, and libzmq refuses it (EINVAL); write a number from 1 to 65535
'ws://ticker:http' does not end in a port, and libzmq refuses it (EINVAL); write a number from 1 to 65535
'ws://eth1:0;ticker:8080' has a source address before ';', which ws has none of: libzmq refuses it; write only the part behind the ';'
=END=
