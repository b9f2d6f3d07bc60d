=TITLE= the prefixes of CZMQ and NetMQ
=BIND=
@tcp://*:5556
>tcp://*:5557
=SAYS=
'@tcp://*:5556' starts with @, a notation of CZMQ and NetMQ; write bind: "tcp://*:5556"
'>tcp://*:5557' starts with >, a notation of CZMQ and NetMQ; write connect: with the socket that binds there, as in ticker.ticks
=END=
=TITLE= several endpoints in one text
=BIND=
tcp://*:5556,tcp://*:5557
@tcp://*:5556,>tcp://ticker:5557
=SAYS=
'tcp://*:5556,tcp://*:5557' is several endpoints in one text; write bind: ["tcp://*:5556", "tcp://*:5557"]
'@tcp://*:5556,>tcp://ticker:5557' starts with @, a notation of CZMQ and NetMQ; write bind: "tcp://*:5556", and connect: with the socket that binds there, as in ticker.ticks
=END=
=TITLE= no transport
=BIND=
*:5556
//*:5556
tcp:/*:5556
:
 tcp://*:5556
=SAYS=
'*:5556' has no transport; write it in full: "tcp://*:5556"
'//*:5556' has no transport; write it in full: "tcp://*:5556"
'tcp:/*:5556' has no transport; write it in full: "tcp://*:5556"
':' has no transport; write it in full: "tcp://*:5556"
' tcp://*:5556' begins or ends with white space; remove it
=END=
=TITLE= a transport in capitals
=BIND=
TCP://*:5556
Ipc:///run/a
=SAYS=
'TCP://*:5556' has its transport in capitals, which libzmq refuses (EPROTONOSUPPORT); write tcp://
'Ipc:///run/a' has its transport in capitals, which libzmq refuses (EPROTONOSUPPORT); write ipc://
=END=
=TITLE= an unknown transport
=BIND=
tpc://*:5556
unix:///run/a
http://*:80
tcp6://*:5556
hvsocket://x:1
=SAYS=
'tpc://*:5556' has an unknown transport; did you mean tcp?
'unix:///run/a' has an unknown transport; did you mean ipc?
'http://*:80' has an unknown transport; did you mean ws?
'tcp6://*:5556' has an unknown transport; did you mean tcp?
'hvsocket://x:1' has an unknown transport; did you mean vsock?
=END=
