=TITLE= only a service can be cut off, each once
=INPUT=
services:
  a: { segment: left, replicas: 2, sockets: { in: { type: PULL, bind: "tcp://*:5000" } } }
sites:
  plant: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 } }
quarantine: [a, b, plant, "segment:left", a.in, { service: a, why: seen twice }]
=ERROR=
5: quarantine names 'a' twice; keep one of the two
5: quarantine: 'a.in' is a part of service a; write a: a host is cut off as a whole
5: quarantine: 'segment:left' means several; name each service that is cut off
5: quarantine: plant is a site, and what is there is not ours to cut off; name the services; a site is cut off by its gateway
5: quarantine: there is no service 'b'; write a
=END=
=TITLE= who looks into an incident is somebody else, and reaches the service by what is declared
=INPUT=
services:
  a: { segment: left }
  b: { segment: left }
  bastion: { segment: right }
  c: { segment: right }
sites:
  office: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 }, hosts: { desk: { address: 192.168.10.5 } } }
flows:
  - { name: ssh, from: bastion, to: a, traffic: tcp 22, why: operators log in }
  - { name: ssh, from: office, to: c, traffic: tcp 22, why: operators log in }
quarantine:
  - { service: a, responder: c }
  - { service: b, responder: a }
  - { service: c, responder: office/desk }
=ERROR=
12: quarantine of a: c is in quarantine too; let somebody else look into the incident
13: quarantine of b: a is in quarantine too; let somebody else look into the incident
14: quarantine of c: no flow is declared from office/desk to it; declare the way in: flows: [{ name: ssh, from: office/desk, to: c, traffic: tcp 22, why: … }], or write office, from whom there is one
=END=
=TITLE= a responder that there is not, that means several, or that is the service itself
=INPUT=
services:
  a: { segment: left }
  b: { segment: left }
  c: { segment: left }
  d: { segment: left }
sites:
  office: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 }, hosts: { desk: { address: 192.168.10.5 } } }
quarantine:
  - { service: a, responder: a }
  - { service: b, responder: "*" }
  - { service: c, responder: office/chair }
  - { service: d, responder: desk }
=ERROR=
9: quarantine of a: a is its own responder; name who looks into the incident
10: quarantine of b: '*' means several; name the one who looks into the incident
11: quarantine of c: site office has no host 'chair'; write desk
12: quarantine of d: 'desk' is a host of a site, and none by itself; write office/desk
=END=
