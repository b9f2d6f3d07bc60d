=TITLE= a VPC with host bits
=INPUT=
cidr: 10.20.0.1/16
=ERROR=
1: cidr: '10.20.0.1/16' has bits set behind its prefix; write 10.20.0.0/16
=END=
=TITLE= a VPC of public addresses
=INPUT=
cidr: 172.32.0.0/16
=ERROR=
1: cidr: 172.32.0.0/16 is not private address space (RFC 1918); write a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16
=END=
=TITLE= a VPC larger than AWS allows
=INPUT=
cidr: 10.0.0.0/8
=ERROR=
1: cidr: 10.0.0.0/8 is larger than a VPC may be; write a prefix length from 16 to 26
=END=
=TITLE= a VPC without room
=INPUT=
cidr: 10.0.0.0/27
=ERROR=
1: cidr: 10.0.0.0/27 is too small for segments; write a prefix length from 16 to 26
=END=
=TITLE= the smallest VPC
=INPUT=
cidr: 10.0.0.0/26
=ERROR=
=END=
=TITLE= a VPC by netmask
=INPUT=
cidr: 10.0.0.0/255.255.0.0
=ERROR=
1: cidr: '10.0.0.0/255.255.0.0' is not a CIDR; write one such as 10.20.0.0/16
=END=
=TITLE= a VPC without a length
=INPUT=
cidr: 10.0.0.0
=ERROR=
1: cidr: '10.0.0.0' is not a CIDR; write one such as 10.20.0.0/16
=END=
=TITLE= a VPC of IPv6
=INPUT=
cidr: fd00::/56
=ERROR=
1: cidr: 'fd00::/56' is not IPv4; write a block of IPv4; that of IPv6 is written as ipv6:
=END=
=TITLE= a VPC of impossible numbers
=INPUT=
cidr: 10.999.0.0/16
=ERROR=
1: cidr: '10.999.0.0/16' is not a CIDR; write four numbers from 0 to 255 and a length from 0 to 32
=END=
=TITLE= a VPC that is there, by its id and by its tags
=INPUT=
cidr: 10.0.64.0/20
vpc: { existing: { tags: { Name: shared } } }
=ERROR=
=END=
=TITLE= no id of a VPC
=INPUT=
vpc: { existing: shared }
=ERROR=
1: vpc: 'shared' is not the id of a VPC; write vpc-… as AWS calls it, or its tags, as in {tags: {Name: shared}}
=END=
=TITLE= a VPC by a list
=INPUT=
vpc: { existing: [vpc-0a1b2c3d] }
=ERROR=
1: vpc: a list is neither the id of a VPC nor its tags; write vpc-… as AWS calls it, or its tags, as in {tags: {Name: shared}}
=END=
=TITLE= a VPC by no tags
=INPUT=
vpc: { existing: { tags: {} } }
=ERROR=
1: vpc: tells no VPC; write vpc-… as AWS calls it, or its tags, as in {tags: {Name: shared}}
=END=
=TITLE= a VPC by the name alone
=INPUT=
vpc: { existing: { Name: shared } }
=ERROR=
1: vpc: tells no VPC; write vpc-… as AWS calls it, or its tags, as in {tags: {Name: shared}}
=END=
=TITLE= a tag that is a number
=INPUT=
vpc: { existing: { tags: { env: 7 } } }
=ERROR=
1: vpc: tag 'env' is 7, which is no text; write both in quotes
=END=
=TITLE= a tag longer than AWS lets one be
=INPUT=
vpc: { existing: { tags: { "": x } } }
=ERROR=
1: vpc: tag '' is longer than AWS lets one be, or empty; write up to 128 signs of its name and 256 of its value
=END=
=TITLE= a VPC that says nothing
=INPUT=
vpc: {}
=ERROR=
1: vpc has no 'existing'; add the VPC that is there, by its id or by tags that no other has, as in existing: vpc-0a1b2c3d4e5f60718
=END=
=TITLE= no AWS Region
=INPUT=
region: europe
=ERROR=
1: region: 'europe' is not an AWS Region; write one such as eu-west-1
=END=
=TITLE= a zone where a Region belongs
=INPUT=
region: eu-west-1a
=ERROR=
1: region: 'eu-west-1a' is a zone; write its Region, eu-west-1
=END=
=TITLE= no zones
=INPUT=
zones: 0
=ERROR=
1: zones: 0 is not a number of zones; write 1 to 4
=END=
=TITLE= more zones than the language has
=INPUT=
region: us-east-1
zones: 5
=ERROR=
2: zones: 5 is not a number of zones; write 1 to 4
=END=
=TITLE= more zones than the Region has
=INPUT=
zones: 4
=ERROR=
1: zones: eu-west-1 has 3 zones, not 4; write 1 to 3
=END=
=TITLE= a number of zones where letters have gaps
=INPUT=
region: ap-northeast-1
zones: 3
=ERROR=
2: zones: which zones an account has in ap-northeast-1 cannot be told from their number; list them, as in [ap-northeast-1a, ap-northeast-1c]; 'aws ec2 describe-availability-zones --region ap-northeast-1' names them
=END=
=TITLE= a list of zones where letters have gaps
=INPUT=
region: ap-northeast-1
zones: [ap-northeast-1a, ap-northeast-1c, ap-northeast-1d]
=ERROR=
=END=
=TITLE= zones of another Region, unknown, local, and twice
=INPUT=
zones: [eu-west-1a, eu-west-2a, eu-west-1a, eu-west-1d]
=ERROR=
1: zones: 'eu-west-1a' is listed twice; list it once
1: zones: 'eu-west-1d' is not a zone of eu-west-1; write eu-west-1a, eu-west-1b or eu-west-1c
1: zones: 'eu-west-2a' is not a zone of eu-west-1; write eu-west-1a, eu-west-1b or eu-west-1c
=END=
=TITLE= a local zone
=INPUT=
region: us-west-2
zones: [us-west-2-lax-1a]
=ERROR=
2: zones: 'us-west-2-lax-1a' is a local or wavelength zone, not supported yet; write an Availability Zone such as us-west-2a
=END=
=TITLE= five zones listed
=INPUT=
region: us-east-1
zones: [us-east-1a, us-east-1b, us-east-1c, us-east-1d, us-east-1e]
=ERROR=
2: zones: 5 are listed; list 1 to 4
=END=
=TITLE= zones by their ids
=INPUT=
zones: [euw1-az1, euw1-az3]
=ERROR=
=END=
=TITLE= zones by their ids, and what they were called before
=INPUT=
zones: { euw1-az1: { was: eu-west-1b }, euw1-az3: {} }
=ERROR=
=END=
=TITLE= ids of another Region, of a local zone, of a wavelength zone, and beside names
=INPUT=
region: us-west-2
zones: [use1-az1, usw2-lax1-az1, usw2-wl1-las-wlz1, us-west-2a]
=ERROR=
2: zones: 'use1-az1' is an id and 'usw2-lax1-az1' is none; write all of them by ids or all by names: which are the same, the account alone knows ('aws ec2 describe-availability-zones')
2: zones: 'use1-az1' is the id of a zone of another Region than us-west-2; write one such as usw2-az1
2: zones: 'usw2-lax1-az1' is the id of a local or wavelength zone, not supported yet; write that of an Availability Zone, such as usw2-az1
2: zones: 'usw2-wl1-las-wlz1' is the id of a local or wavelength zone, not supported yet; write that of an Availability Zone, such as usw2-az1
=END=
=TITLE= ids of GovCloud
=INPUT=
region: us-gov-west-1
zones: [usgw1-az1, usgw1-az2]
=ERROR=
=END=
=TITLE= zones that were other zones, or one zone twice
=INPUT=
zones:
  euw1-az1: { was: euw1-az2 }
  euw1-az2: { was: eu-west-1a }
  euw1-az3: { was: eu-west-1a }
=ERROR=
2: zones, was: 'euw1-az2' and 'euw1-az1' are both ids, so it is another zone; remove it, or write the name of that id
4: zones, was: 'eu-west-1a' is what euw1-az2 was called, too; 'aws ec2 describe-availability-zones' says which it is
=END=
=TITLE= more of a zone than there is to say
=INPUT=
zones: { euw1-az1: eu-west-1a }
=ERROR=
1: zones: 'euw1-az1' has 'eu-west-1a', and of a zone there is what it was called before; write it as in euw1-az1: { was: eu-west-1a }, or euw1-az1: {}
=END=
=TITLE= zones that are neither a number nor a list
=INPUT=
zones: two
=ERROR=
1: zones: 'two' is neither a number nor a list of zones; write 1 to 4, or a list such as [eu-west-1a, eu-west-1b]
=END=
=TITLE= two interfaces of one service, whose filters nobody could keep apart
=INPUT=
services:
  a:
    segment: left
    sockets:
      data:    { type: PUB, bind: "tcp://eth0:9702" }
      control: { type: REP, bind: "tcp://eth1:9701" }
      any:     { type: REP, bind: "tcp://*:9703" }
=ERROR=
6: a.control binds eth1, and a.data binds eth0: service a has one interface here, whose group would open both; make a service of each plane, or declare both, as in interfaces: {eth0: {}, eth1: {segment: control}}
=END=
=TITLE= one interface by its name
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: ["tcp://eth0:9702", "tcp://eth0:9703"] } } }
=ERROR=
=END=
=TITLE= a VPC of several blocks
=INPUT=
cidr: [10.20.0.0/16, 10.21.0.0/20]
=ERROR=
=END=
=TITLE= blocks that AWS does not associate with one VPC
=INPUT=
cidr: [10.1.0.0/16, 192.168.0.0/16, 10.0.0.0/20, 172.16.0.0/16]
=ERROR=
1: cidr: AWS associates no 10.0.0.0/20 with a VPC whose first block is 10.1.0.0/16; write a part of 10.0.0.0/8, but 10.0.0.0/16
1: cidr: AWS associates no 172.16.0.0/16 with a VPC whose first block is 10.1.0.0/16; write a part of 10.0.0.0/8, but 10.0.0.0/16
1: cidr: AWS associates no 192.168.0.0/16 with a VPC whose first block is 10.1.0.0/16; write a part of 10.0.0.0/8, but 10.0.0.0/16
=END=
=TITLE= the block that AWS keeps beside one of its neighbours
=INPUT=
cidr: [172.16.0.0/16, 172.31.8.0/24]
=ERROR=
1: cidr: AWS associates no 172.31.8.0/24 with a VPC whose first block is 172.16.0.0/16; write a part of 172.16.0.0/12, but 172.31.0.0/16
=END=
=TITLE= blocks that overlap, and too many of them
=INPUT=
cidr: [10.20.0.0/16, 10.20.128.0/20, 10.22.0.0/16, 10.23.0.0/16, 10.24.0.0/16, 10.25.0.0/16]
=ERROR=
1: 10.20.128.0/20 of the VPC overlaps 10.20.0.0/16 of the VPC; give them separate addresses
1: cidr: 6 blocks, and AWS gives a VPC 5; take larger ones (up to /16)
=END=
=TITLE= no block, and several in a VPC of others
=INPUT=
cidr: [10.20.0.0/20, 10.20.16.0/20]
vpc: { existing: vpc-0a1b2c3d4e5f60718 }
=ERROR=
1: cidr: of a VPC that is there the topology has one part, and here are several; write one that has room for all of it
=END=
