=TITLE= a segment in subnets of others, by their ids and by tags
=INPUT=
vpc: { existing: vpc-0a1b2c3d }
segments:
  left: { purpose: one side, subnets: [subnet-0a1b2c3d, subnet-0a1b2c3d4e5f60718] }
  right: { purpose: the other, subnets: { tags: { tier: app } } }
=ERROR=
=END=
=TITLE= subnets of others that are none
=INPUT=
vpc: { existing: vpc-0a1b2c3d }
segments:
  a: { purpose: one, subnets: [vpc-0a1b2c3d] }
  b: { purpose: two, subnets: subnet-0a1b2c3d }
  c: { purpose: three, subnets: [] }
  d: { purpose: four, subnets: { tier: app } }
  e: { purpose: five, subnets: { tags: {} } }
  f: { purpose: six, subnets: [subnet-0a1b2c3d, subnet-0a1b2c3d] }
  g: { purpose: seven, subnets: { tags: { tier: 7 } } }
=ERROR=
3: segment a, subnets: 'vpc-0a1b2c3d' is not the id of a subnet; write them as AWS calls them, one in each zone, or tags of all of them, as in {tags: {tier: app}}
4: segment b, subnets: 'subnet-0a1b2c3d' is neither a list of subnets nor their tags; write them as AWS calls them, one in each zone, or tags of all of them, as in {tags: {tier: app}}
5: segment c, subnets: is an empty list; name something, or remove the key
6: segment d, subnets: tells no subnets; write them as AWS calls them, one in each zone, or tags of all of them, as in {tags: {tier: app}}
7: segment e, subnets: tells no subnets; write them as AWS calls them, one in each zone, or tags of all of them, as in {tags: {tier: app}}
8: segment f, subnets: subnet-0a1b2c3d is listed twice; keep one of the two
9: segment g, subnets: tag 'tier' is 7, which is no text; write both in quotes
=END=
=TITLE= subnets that are there, in a VPC that is made
=INPUT=
segments:
  left: { purpose: one side, subnets: [subnet-0a1b2c3d] }
=ERROR=
2: segment left is in subnets that are there, and the VPC is made; add vpc: { existing: vpc-… }, or remove subnets:
=END=
=TITLE= subnets of others that need what is theirs
=INPUT=
vpc: { existing: vpc-0a1b2c3d }
segments:
  left: { purpose: one side, subnets: [subnet-0a1b2c3d], isolation: service }
  right: { purpose: the other, subnets: [subnet-0a1b2c3d], isolation: none }
services:
  a: { segment: left, needs: [s3] }
  b: { segment: right }
quarantine: [{ service: b }]
=ERROR=
3: segment left is in subnets of others, whose NACL is theirs; remove isolation: service, or let it have subnets of its own: remove subnets:
4: segment right is in subnet-0a1b2c3d, and so is segment left; put their services in one segment, or name other subnets
4: segment right is in subnets of others, whose NACL is theirs; remove isolation: none, or let it have subnets of its own: remove subnets:
6: service a needs s3 by a route, and segment left is in subnets of others, whose route table is theirs; let it have subnets of its own: remove subnets:
8: quarantine of b: segment right is in subnets of others, whose NACL is theirs, so established connections would stay; cut off its hosts themselves, or let it have subnets of its own: remove subnets:
=END=
