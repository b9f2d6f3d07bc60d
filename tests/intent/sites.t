=TITLE= a site pushes in, and a service connects out
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24, 192.168.11.0/24]
    gateway: { address: 203.0.113.10, asn: 65010 }
    trust: trusted
    sockets:
      prices: { type: PUSH, connect: a.in }
      orders: { type: ROUTER, bind: "tcp://*:6000" }
services:
  a: { segment: left, sockets: { in: { type: PULL, bind: "tcp://*:5556" }, out: { type: DEALER, connect: exchange.orders } } }
=ERROR=
=END=
=TITLE= a site without a gateway
=INPUT=
sites:
  exchange: { cidrs: [192.168.10.0/24], trust: trusted, sockets: { p: { type: PUSH, connect: a.in } } }
services:
  a: { segment: left, sockets: { in: { type: PULL, bind: "tcp://*:5556" } } }
=ERROR=
2: site exchange has no 'gateway'; add its VPN device, as in gateway: {address: 203.0.113.10}; trusted or not, a site is reached through a VPN
=END=
=TITLE= a site without networks
=INPUT=
sites:
  exchange: { gateway: { address: 203.0.113.10 } }
  office: { cidrs: [], gateway: { address: 203.0.113.11 } }
  depot: { cidrs: 192.168.1.0/24, gateway: { address: 203.0.113.12 } }
=ERROR=
2: site exchange has no 'cidrs'; add its networks, as in cidrs: [192.168.10.0/24]
3: site office, cidrs: is an empty list; name something, or remove the key
4: site depot, cidrs: is not a list; write one in brackets: [a, b]
=END=
=TITLE= a trust nobody knows
=INPUT=
sites:
  exchange: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 }, trust: partly }
=ERROR=
2: site exchange, trust: 'partly' is not one of the choices; write trusted or untrusted
=END=
=TITLE= a site that is everybody
=INPUT=
sites:
  exchange: { cidrs: [0.0.0.0/0], gateway: { address: 203.0.113.10 } }
=ERROR=
2: site exchange, cidrs: 0.0.0.0/0 is everybody; write the networks that the site really has
=END=
=TITLE= networks that no site can have
=INPUT=
sites:
  exchange: { cidrs: [127.0.0.0/24, 169.254.1.0/24, 239.0.0.0/8, 0.1.0.0/16, 250.0.0.0/8], gateway: { address: 203.0.113.10 } }
=ERROR=
2: site exchange, cidrs: 0.1.0.0/16 is no address of a host (RFC 1122); write the networks that the site really has
2: site exchange, cidrs: 127.0.0.0/24 is loopback; write the networks that the site really has
2: site exchange, cidrs: 169.254.1.0/24 is link-local, where AWS numbers the tunnels themselves; write the networks that the site really has
2: site exchange, cidrs: 239.0.0.0/8 is multicast; write the networks that the site really has
2: site exchange, cidrs: 250.0.0.0/8 is reserved; write the networks that the site really has
=END=
=TITLE= a site inside the VPC
=INPUT=
sites:
  exchange: { cidrs: [10.20.5.0/24], gateway: { address: 203.0.113.10 } }
=ERROR=
2: 10.20.5.0/24 of site exchange overlaps 10.20.0.0/16 of the VPC; give them separate addresses
=END=
=TITLE= sites that overlap
=INPUT=
sites:
  exchange: { cidrs: [192.168.0.0/16], gateway: { address: 203.0.113.10 } }
  office: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.11 } }
=ERROR=
3: 192.168.1.0/24 of site office overlaps 192.168.0.0/16 of site exchange; give them separate addresses
=END=
=TITLE= a site that overlaps itself
=INPUT=
sites:
  exchange: { cidrs: [192.168.0.0/16, 192.168.1.0/24], gateway: { address: 203.0.113.10 } }
=ERROR=
2: 192.168.1.0/24 of site exchange overlaps 192.168.0.0/16 of site exchange; give them separate addresses
=END=
=TITLE= gateway addresses that the Internet does not see
=INPUT=
sites:
  a: { cidrs: [192.168.1.0/24], gateway: { address: 10.1.2.3 } }
  b: { cidrs: [192.168.2.0/24], gateway: { address: 100.64.0.1 } }
  c: { cidrs: [192.168.3.0/24], gateway: { address: 224.0.0.1 } }
  d: { cidrs: [192.168.4.0/24], gateway: { address: 0.0.0.0 } }
  e: { cidrs: [192.168.5.0/24], gateway: { address: "2001:db8::1" } }
  f: { cidrs: [192.168.6.0/24], gateway: { address: vpn.example.com } }
=ERROR=
2: site a, gateway, address: 10.1.2.3 is not a public address; write the one the Internet sees; behind NAT, that of the NAT device
3: site b, gateway, address: 100.64.0.1 is not a public address; write the one the Internet sees; behind NAT, that of the NAT device
4: site c, gateway, address: 224.0.0.1 is not a public address; write the one the Internet sees; behind NAT, that of the NAT device
5: site d, gateway, address: 0.0.0.0 is not a public address; write the one the Internet sees; behind NAT, that of the NAT device
6: site e, gateway, address: '2001:db8::1' is IPv6, which only a transit gateway or Cloud WAN reaches; write an IPv4 address; transit gateways are not planned yet
7: site f, gateway, address: 'vpn.example.com' is not an IPv4 address; write one such as 203.0.113.10
=END=
=TITLE= a gateway inside its own site
=INPUT=
sites:
  exchange: { cidrs: [8.8.0.0/16], gateway: { address: 8.8.8.8 } }
=ERROR=
2: gateway 8.8.8.8 of site exchange lies in 8.8.0.0/16 of site exchange, so the tunnel would be routed into itself; name the device's public address
=END=
=TITLE= two sites behind one gateway
=INPUT=
sites:
  exchange: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.10 } }
  office: { cidrs: [192.168.2.0/24], gateway: { address: 203.0.113.10 } }
=ERROR=
3: sites exchange and office have the same gateway 203.0.113.10; make them one site with all its cidrs
=END=
=TITLE= numbers that are no ASN
=INPUT=
sites:
  a: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.1, asn: 0 } }
  b: { cidrs: [192.168.2.0/24], gateway: { address: 203.0.113.2, asn: 4294967295 } }
  c: { cidrs: [192.168.3.0/24], gateway: { address: 203.0.113.3, asn: 7224 } }
  d: { cidrs: [192.168.4.0/24], gateway: { address: 203.0.113.4, asn: 23456 } }
  e: { cidrs: [192.168.5.0/24], gateway: { address: 203.0.113.5, asn: AS65000 } }
=ERROR=
2: site a, gateway, asn: 0 is not a number from 1 to 4294967294; write a whole number from 1 to 4294967294
3: site b, gateway, asn: 4294967295 is not a number from 1 to 4294967294; write a whole number from 1 to 4294967294
4: site c, gateway, asn: 7224 is reserved by AWS in all Regions; write another, such as 65000
5: site d, gateway, asn: 23456 stands for all 4-byte numbers (RFC 4893); write your own ASN
6: site e, gateway, asn: 'AS65000' is not a number from 1 to 4294967294; write a whole number from 1 to 4294967294
=END=
=TITLE= an ASN that is reserved in this Region
=INPUT=
sites:
  a: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.1, asn: 9059 } }
  b: { cidrs: [192.168.2.0/24], gateway: { address: 203.0.113.2, asn: 10124 } }
=ERROR=
2: site a, gateway, asn: 9059 is reserved by AWS in eu-west-1; write another, such as 65000
=END=
=TITLE= a site that binds what cannot cross the VPN
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    sockets:
      a: { type: PUB, bind: "ipc:///run/x" }
      b: { type: PUB, bind: "inproc://x" }
      c: { type: PUB, bind: "tcp://127.0.0.1:5556" }
=ERROR=
6: 'ipc:///run/x' stays within site exchange; declare only what crosses the VPN: tcp, not on loopback
7: 'inproc://x' stays within site exchange; declare only what crosses the VPN: tcp, not on loopback
8: 'tcp://127.0.0.1:5556' stays within site exchange; declare only what crosses the VPN: tcp, not on loopback
=END=
=TITLE= a site that binds an address it does not have
=INPUT=
sites:
  exchange: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 }, sockets: { a: { type: PUB, bind: "tcp://192.168.11.1:5556" } } }
=ERROR=
2: exchange.a binds 192.168.11.1, which is not in site exchange; write an address of its cidrs, or "tcp://*:5556" for all
=END=
=TITLE= a site that binds single addresses, also one port on two
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24, 192.168.11.0/24]
    gateway: { address: 203.0.113.10 }
    sockets:
      a: { type: PUB, bind: "tcp://192.168.10.7:5556" }
      b: { type: PUB, bind: ["tcp://eth0:5557", "tcp://192.168.11.7:5556", "tcp://192.168.11.8:5556"] }
=ERROR=
=END=
=TITLE= one port on one address of a site, twice
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    sockets:
      a: { type: PUB, bind: "tcp://192.168.10.7:5556" }
      b: { type: PUB, bind: ["tcp://192.168.10.8:5556", "tcp://192.168.10.7:5556", "tcp://192.168.10.8:5556"] }
=ERROR=
7: exchange.b binds tcp port 5556 twice; give each its own
7: tcp port 5556 of site exchange is bound by exchange.a and by exchange.b; give each its own
=END=
=TITLE= one port on one address of a site and on all of them
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    sockets:
      a: { type: PUB, bind: ["tcp://192.168.10.7:5556", "tcp://*:5557"] }
      b: { type: PUB, bind: "tcp://*:5556" }
      c: { type: PUB, bind: "tcp://192.168.10.7:5557" }
      d: { type: PUB, bind: "tcp://eth0:5556" }
=ERROR=
7: tcp port 5556 of site exchange is bound by exchange.a and by exchange.b; give each its own
8: tcp port 5557 of site exchange is bound by exchange.a and by exchange.c; give each its own
9: tcp port 5556 of site exchange is bound by exchange.b and by exchange.d; give each its own
=END=
=TITLE= a site that binds an IPv6 address
=INPUT=
sites:
  exchange: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 }, sockets: { a: { type: PUB, bind: "tcp://[2001:db8::7]:5556" } } }
=ERROR=
2: exchange.a binds 2001:db8::7, and site exchange is behind a VPN gateway, which carries IPv4 alone; write an IPv4 address, or "tcp://*:5556" for all of these
=END=
=TITLE= a site that is one host binds its only address
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.7/32]
    gateway: { address: 203.0.113.10 }
    sockets:
      a: { type: PUB, bind: "tcp://192.168.10.7:5556" }
=ERROR=
=END=
=TITLE= a flow from site to site
=INPUT=
sites:
  a: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.1 }, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  b: { cidrs: [192.168.2.0/24], gateway: { address: 203.0.113.2 }, sockets: { s: { type: SUB, connect: a.s } } }
=ERROR=
3: b.s connects to a.s: no such packet meets the VPC; remove it; flows outside the VPC are not declared here
=END=
=TITLE= client ports by system, and as a range
=INPUT=
sites:
  exchange: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 }, client-ports: windows }
services:
  a: { segment: left, client-ports: 10240-65535, sockets: { in: { type: PULL, bind: "tcp://*:5556" } } }
=ERROR=
=END=
=TITLE= client ports that nobody can have
=INPUT=
sites:
  exchange: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 }, client-ports: 60999-32768 }
services:
  a: { segment: left, client-ports: 5000, sockets: { in: { type: PULL, bind: "tcp://*:5556" } } }
  b: { segment: left, client-ports: 0-70000, sockets: { in: { type: PULL, bind: "tcp://*:5556" } } }
  c: { segment: left, client-ports: [linux], sockets: { in: { type: PULL, bind: "tcp://*:5556" } } }
  d: { segment: left, client_ports: linux, sockets: { in: { type: PULL, bind: "tcp://*:5556" } } }
=ERROR=
2: site exchange, client-ports: '60999-32768' is not a range within 1-65535; write linux, windows, macos, nat or any, or a range such as 1024-65535
4: service a, client-ports: 5000 names no client ports; write linux, windows, macos, nat or any, or a range such as 1024-65535
5: service b, client-ports: '0-70000' is not a range within 1-65535; write linux, windows, macos, nat or any, or a range such as 1024-65535
6: service c, client-ports: a list names no client ports; write linux, windows, macos, nat or any, or a range such as 1024-65535
7: service d has no key 'client_ports'; did you mean client-ports?
=END=
=TITLE= what no VPN gateway does for a tunnel, and no program can ask for
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    tunnels:
      acceleration: true
      bandwidth: large
      inside: ipv6
      outside: ipv6
      post-quantum: true
=ERROR=
6: site exchange, tunnels, acceleration: only a transit gateway accelerates a VPN connection, and a site ends at the VPN gateway of its VPC so far; remove it
7: site exchange, tunnels, bandwidth: tunnels of 5 Gbps are of a transit gateway or Cloud WAN, and a site ends at the VPN gateway of its VPC so far; remove it
8: site exchange, tunnels, inside: IPv6 in a tunnel is of a transit gateway or Cloud WAN, and a site ends at the VPN gateway of its VPC so far; remove it
9: site exchange, tunnels, outside: tunnels between addresses of IPv6 are of a transit gateway or Cloud WAN, and a site ends at the VPN gateway of its VPC so far; remove it
10: site exchange, tunnels, post-quantum: AWS exchanges keys by ML-KEM too, and no argument of pulumi-aws 7.51.1 asks for it; remove it
=END=
=TITLE= what AWS takes for no tunnel
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    tunnels:
      startup: stop
      dpd-action: ignore
      dpd-timeout: 29
      rekey-margin: 59
      rekey-fuzz: 101
      replay-window: 63
      lifecycle-control: maybe
      logs: none
      log-retention: 30
=ERROR=
6: site exchange, tunnels, startup: 'stop' is not one of the choices; write add or start
7: site exchange, tunnels, dpd-action: 'ignore' is not one of the choices; write clear, none or restart
8: site exchange, tunnels, dpd-timeout: 29 is not a number from 30 to 86400; write a whole number from 30 to 86400
9: site exchange, tunnels, rekey-margin: 59 is not a number from 60 to 1800; write a whole number from 60 to 1800
10: site exchange, tunnels, rekey-fuzz: 101 is not a number from 0 to 100; write a whole number from 0 to 100
11: site exchange, tunnels, replay-window: 63 is not a number from 64 to 2048; write a whole number from 64 to 2048
12: site exchange, tunnels, lifecycle-control: 'maybe' is neither true nor false; write true or false
14: site exchange, tunnels: log-retention is of logs: cloudwatch; remove it
=END=
=TITLE= tunnels that say all that a tunnel may have
=INPUT=
sites:
  exchange:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    tunnels: { startup: start, dpd-action: restart, dpd-timeout: 40, rekey-margin: 270, rekey-fuzz: 100, replay-window: 1024, lifecycle-control: true, logs: cloudwatch, log-retention: 731, acceleration: false, bandwidth: standard, inside: ipv4, outside: ipv4, post-quantum: false }
=ERROR=
=END=
=TITLE= a trusted site that speaks BGP alone
=INPUT=
sites:
  plant: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.1, asn: 4200000001 }, routing: bgp, trust: trusted }
services: {}
=ERROR=
=END=
=TITLE= an untrusted site that speaks BGP alone, with a number of AWS's own choice
=INPUT=
amazon-asn: 4200000000
sites:
  exchange: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.1, asn: 64512 }, routing: bgp }
services: {}
=ERROR=
=END=
=TITLE= sites that speak BGP and could take what is others', or be taken for them
=INPUT=
amazon-asn: 65000
sites:
  exchange: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.1, asn: 65010 }, routing: bgp }
  plant: { cidrs: [192.168.2.0/24], gateway: { address: 203.0.113.2, asn: 65010 }, routing: bgp, trust: trusted }
  depot: { cidrs: [192.168.3.0/24], gateway: { address: 203.0.113.3 }, routing: bgp, trust: trusted }
  office: { cidrs: [192.168.4.0/24], gateway: { address: 203.0.113.4, asn: 65010 } }
services: {}
=ERROR=
3: untrusted site exchange speaks BGP beside sites plant, depot, office: it could announce networks of theirs, and AWS would lead their packets to it; write routing: static; or trust: trusted, if its device is your own
4: sites exchange and plant have the same BGP number 65010, and at one VPN gateway each needs its own; give plant another, as in asn: 65001
5: site depot and AWS's side have the same BGP number 65000, and between equals BGP takes nothing from one to another; give the site another, as in asn: 65010; or AWS's side, as in amazon-asn: 64520
=END=
=TITLE= routing and numbers that there are not
=INPUT=
amazon-asn: 7224
sites:
  a: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.1 }, routing: ospf }
services: {}
=ERROR=
1: amazon-asn: 7224 is not for private use, and AWS's side takes no other; write one of 64512-65534 or 4200000000-4294967294, such as 64520
3: site a, routing: 'ospf' is not one of the choices; write static or bgp
=END=
