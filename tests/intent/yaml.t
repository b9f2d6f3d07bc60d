=TITLE= anchors and aliases
=INPUT=
services:
  a: { segment: left, sockets: &subscriber { s: { type: SUB, connect: c.s } } }
  b: { segment: left, sockets: *subscriber }
  c: { segment: right, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
=ERROR=
=END=
=TITLE= a key written twice
=INPUT=
services:
  a: { segment: left }
  b: { segment: left }
  a: { segment: right }
=ERROR=
4: the key 'a' is already on line 2; keep one of the two
=END=
=TITLE= a key twice, and a mistake elsewhere
=INPUT=
services:
  a: { segment: left, segment: right }
  b: { segment: middle }
=ERROR=
2: the key 'segment' is already on line 2; keep one of the two
3: service b is in segment 'middle', which is not declared; write left or right
=END=
=TITLE= a tab that indents
=INPUT=
services:
	a: { segment: left }
=ERROR=
2: is not YAML: found character '\t' that cannot start any token; indent with spaces; YAML does not allow tabs
=END=
=TITLE= a bracket that is not closed
=FILE=
services:
  a: { segment: left
  b: { segment: left }
=ERROR=
3: is not YAML: expected ',' or '}', but got ':'; correct the syntax on this line, or on the one above
=END=
=TITLE= a star without quotes
=INPUT=
tests:
  - { from: internet, deny: [*] }
=ERROR=
2: is not YAML: expected alphabetic or numeric character, but found ']'; put quotes around a value that starts with *, as in "*"
=END=
=TITLE= an alias to nothing, and to itself
=INPUT=
services: &all
  a: *all
=ERROR=
2: *all stands for nothing that is complete before it; mark a value above it with &all
=END=
=TITLE= a merge key
=INPUT=
services:
  a: &a { segment: left }
  b: { <<: *a }
=ERROR=
3: merge keys (<<) are not part of YAML 1.2; repeat the keys, or use an alias for the whole value
3: service b has no 'segment'; add the segment it lives in
=END=
=TITLE= a tag that names a Python object
=INPUT=
services: !!python/object/apply:os.system ["true"]
=ERROR=
1: services: is not a mapping; write 'key: value' in it
1: the tag 'tag:yaml.org,2002:python/object/apply:os.system' means nothing here; remove it
=END=
=TITLE= a tag that turns a word into something else
=INPUT=
services:
  a: { segment: !secret left, replicas: !!int "3" }
=ERROR=
2: service a, replicas: '3' is no number of copies; write a whole number from 1 to 200, or a range such as 2..10
2: the tag '!secret' means nothing here; remove it
2: the tag 'tag:yaml.org,2002:int' means nothing here; remove it
=END=
=TITLE= a key that is not a word
=INPUT=
services:
  1: { segment: left }
  true: { segment: left }
  [a, b]: { segment: left }
=ERROR=
2: 1 cannot be a key; write a name; put quotes around it if it is one
3: true cannot be a key; write a name; put quotes around it if it is one
4: a list cannot be a key; write a name; put quotes around it if it is one
=END=
=TITLE= yes and no are words, as YAML 1.2 has it
=INPUT=
segments: { on: { purpose: yes }, off: { purpose: no } }
services: { y: { segment: on }, n: { segment: off } }
=ERROR=
=END=
=TITLE= a second document
=FILE=
name: demo
---
name: other
=ERROR=
2: a second document starts here; keep one topology in a file
=END=
=TITLE= another version of YAML
=FILE=
%YAML 1.1
---
name: demo
=ERROR=
2: asks for a YAML version that is not 1.2; remove the %YAML line
=END=
=TITLE= half of a surrogate pair
=INPUT=
segments: { left: { purpose: "\ud800" } }
=ERROR=
1: holds half of a surrogate pair; write the character
=END=
=TITLE= a list instead of a topology
=FILE=
[1, 2]
=ERROR=
1: is not a mapping; start with 'name:', 'region:' and 'cidr:'
=END=
