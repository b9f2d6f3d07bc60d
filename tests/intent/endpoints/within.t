=TITLE= ipc by path, by abstract name, and the longest
=BIND=
ipc:///run/a.sock
ipc://@a
ipc://@a/b c
ipc:///run/1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890ab
ipc://@1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456
=SAYS=
ok
ok
ok
ok
ok
=END=
=TITLE= an ipc path that is relative
=BIND=
ipc://rel.sock
ipc://./a.sock
ipc://../a.sock
ipc://~/a.sock
ipc://feeds/0
=SAYS=
warning: 'ipc://rel.sock' is relative to wherever the program starts; write an absolute path, as in "ipc:///run/rel.sock"
warning: 'ipc://./a.sock' is relative to wherever the program starts; write an absolute path, as in "ipc:///run/a.sock"
warning: 'ipc://../a.sock' is relative to wherever the program starts; write an absolute path, as in "ipc:///run/a.sock"
warning: 'ipc://~/a.sock' is relative to wherever the program starts, and '~' is a directory of that name; write an absolute path, as in "ipc:///run/a.sock"
warning: 'ipc://feeds/0' is relative to wherever the program starts; write an absolute path, as in "ipc:///run/feeds/0"
=END=
=TITLE= an ipc path that libzmq chooses
=BIND=
ipc://*
ipc://*.sock
=SAYS=
'ipc://*' lets libzmq choose a path that nobody else knows; write one, as in "ipc:///run/ticker.sock"
'ipc://*.sock' lets libzmq choose a path that nobody else knows; write one, as in "ipc:///run/ticker.sock"
=END=
=TITLE= an ipc path that is none
=BIND=
ipc://
ipc://@
ipc:///run/
ipc:///
ipc://..
ipc://a/.
ipc:///run/a\nb
ipc:///run/1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890abc
ipc://@12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567
=SAYS=
'ipc://' has no path, and libzmq refuses it (EINVAL); write one, as in "ipc:///run/ticker.sock"
'ipc://@' has no path, and libzmq refuses it (EINVAL); write one, as in "ipc:///run/ticker.sock"
'ipc:///run/' is a directory; write a file in it: "ipc:///run/socket"
'ipc:///' is a directory; write a file in it: "ipc:///socket"
'ipc://..' is a directory; write a file in it: "ipc://../socket"
'ipc://a/.' is a directory; write a file in it: "ipc://a/./socket"
'ipc:///run/a\nb' holds an unprintable character; remove it
'ipc:///run/123456789012345678901234567890123456789012345678901234567890123456789…' has a path of 108 bytes; a Unix socket's path has at most 107
'ipc://@1234567890123456789012345678901234567890123456789012345678901234567890123…' has a path of 108 bytes; a Unix socket's path has at most 107
=END=
=TITLE= ipc where one connects
=CONNECT=
ipc:///run/a.sock
ipc://@a
ipc://rel.sock
ipc://*
=SAYS=
ok
ok
warning: 'ipc://rel.sock' is relative to wherever the program starts; write an absolute path, as in "ipc:///run/rel.sock"
'ipc://*' connects to a file that is called '*'; write one, as in "ipc:///run/ticker.sock"
=END=
=TITLE= inproc by any name
=BIND=
inproc://a
inproc://*
inproc://two words/and:5556
inproc://
inproc://a\tb
=SAYS=
ok
ok
ok
'inproc://' has no name; write one, as in "inproc://workers"
'inproc://a\tb' holds an unprintable character; remove it
=END=
=TITLE= tipc by service
=BIND=
tipc://{5556,0,0}
tipc://{5556, 0, 100}
tipc://{5556,7}
tipc://{5556,100,0}
tipc://{64,0,0}
tipc://{63,0,0}
tipc://{64,0}
tipc://{5556}
tipc://5556,0,0
tipc://{5556,0,4294967296}
tipc://{5556,0}@1.1.10
tipc://<*>
tipc://<1.1.10:33>
=SAYS=
ok
ok
ok
'tipc://{5556,100,0}' ends before it begins, and libzmq refuses it; write {type,lower,upper}, as in "tipc://{5556,0,0}"
ok
'tipc://{63,0,0}' has the type 63, and libzmq takes those from 64 on; write {type,lower,upper}, as in "tipc://{5556,0,0}"
'tipc://{64,0}' has the type 64, and libzmq takes those from 65 on; write {type,lower,upper}, as in "tipc://{5556,0,0}"
'tipc://{5556}' is not a TIPC service; write {type,lower,upper}, as in "tipc://{5556,0,0}"
'tipc://5556,0,0' is not a TIPC service; write {type,lower,upper}, as in "tipc://{5556,0,0}"
'tipc://{5556,0,4294967296}' is not a TIPC service; write {type,lower,upper}, as in "tipc://{5556,0,0}"
'tipc://{5556,0}@1.1.10' has a domain, which is for who connects; write {type,lower,upper}, as in "tipc://{5556,0,0}"
'tipc://<*>' lets TIPC choose an address that nobody else knows; write {type,lower,upper}, as in "tipc://{5556,0,0}"
'tipc://<1.1.10:33>' is not a TIPC service; write {type,lower,upper}, as in "tipc://{5556,0,0}"
=END=
=TITLE= tipc where one connects
=CONNECT=
tipc://{5556,0}
tipc://{5556,0}@1.1.10
tipc://<1.1.10:33>
tipc://{5556,0,0}
tipc://<*>
=SAYS=
ok
ok
ok
'tipc://{5556,0,0}' is a range of instances, which one binds; write {type,instance}, as in "tipc://{5556,0}"
'tipc://<*>' is not a TIPC service; write {type,instance}, as in "tipc://{5556,0}"
=END=
=TITLE= vmci and vsock by context id
=BIND=
vmci://*:5556
vmci://@:5556
vsock://3:5556
vsock://*:*
vsock://16:4294967294
vsock://3
vsock://x:5556
vsock://-1:5556
vsock://3:5556x
vsock://3:4294967295
vsock://03:5556
=SAYS=
ok
ok
ok
ok
ok
'vsock://3' has no port; write one, as in "vsock://3:5556"
'vsock://x:5556' does not begin with a context id; write the number of a machine, or '*', '@' for the machine's own, as in "vsock://3:5556"
'vsock://-1:5556' does not begin with a context id; write the number of a machine, or '*', '@' for the machine's own, as in "vsock://3:5556"
'vsock://3:5556x' does not end in a port of vsock; write a number from 0 to 4294967294
'vsock://3:4294967295' does not end in a port of vsock; write a number from 0 to 4294967294
'vsock://03:5556' does not begin with a context id; write the number of a machine, or '*', '@' for the machine's own, as in "vsock://3:5556"
=END=
=TITLE= vsock where one connects
=CONNECT=
vsock://3:5556
vsock://@:5556
vmci://*:5556
vsock://3:*
=SAYS=
ok
ok
'vmci://*:5556' does not begin with a context id; write the number of a machine, or '@', as in "vmci://3:5556"
'vsock://3:*' does not end in a port of vsock; write a number from 0 to 4294967294
=END=
