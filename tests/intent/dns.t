=TITLE= a domain is one that nobody else has
=INPUT=
dns: eu-west-1.compute.internal
services: { a: { segment: left } }
=ERROR=
1: dns: 'eu-west-1.compute.internal': every host of a VPC is called so already; choose another, as in dns: trading.internal
=END=
=TITLE= hosts ask each other for names in .local
=INPUT=
dns: trading.local
services: { a: { segment: left } }
=ERROR=
1: dns: 'trading.local': hosts ask each other for such names, and no server (RFC 6762); choose another, as in dns: trading.internal
=END=
=TITLE= a domain has two parts in lower case
=INPUT=
dns: Trading
services: { a: { segment: left } }
=ERROR=
1: dns: 'Trading' is no domain; write one of at least two parts in lower case, as in dns: trading.internal
=END=
=TITLE= an address is no domain
=INPUT=
dns: 10.20.0.1
services: { a: { segment: left } }
=ERROR=
1: dns: '10.20.0.1' is an address, and no domain; write one of at least two parts in lower case, as in dns: trading.internal
=END=
