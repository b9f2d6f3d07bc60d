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
2: is not YAML: a tab indents this line; indent with spaces; YAML does not allow tabs
=END=
=TITLE= a bracket that is not closed
=FILE=
services:
  a: { segment: left
  b: { segment: left }
=ERROR=
3: is not YAML: the brace that opens on line 2 is neither closed nor goes on here; close it with }, or put a comma between what it holds
=END=
=TITLE= a star without quotes
=INPUT=
tests:
  - { from: internet, deny: [*] }
=ERROR=
2: is not YAML: * begins an alias, and * is none; put quotes around a value that starts with *: "*"
=END=
=TITLE= an alias to nothing, and to itself
=INPUT=
services: &all
  a: *all
=ERROR=
2: *all stands for nothing that is complete before it; mark a value above it with &all, or put quotes around a text
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
1: services: is not a mapping; write NAME: { segment: … }
1: the tag 'tag:yaml.org,2002:python/object/apply:os.system' means nothing here; remove it
=END=
=TITLE= a tag that turns a word into something else
=INPUT=
services:
  a: { segment: !secret left, replicas: !!int "3" }
=ERROR=
2: service a, replicas: '3' is no number of copies; write 3, without quotes
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
1: asks for a YAML version that is not 1.2; remove the %YAML line
=END=
=TITLE= half of a surrogate pair
=INPUT=
segments: { left: { purpose: "\ud800" } }
=ERROR=
1: is not YAML: an escape stands for no character (half of a surrogate pair, or beyond Unicode); write the character itself
=END=
=TITLE= a word for nothing instead of a topology
=FILE=
~
=ERROR=
1: is not a mapping; start with 'name:', 'region:' and 'cidr:'
=END=
=TITLE= a list instead of a topology
=FILE=
[1, 2]
=ERROR=
1: is not a mapping; start with 'name:', 'region:' and 'cidr:'
=END=
=TITLE= a text with a comma in braces
=INPUT=
segments: { left: { purpose: prices, ticks, and more, owner: us }, right: { purpose: b } }
=ERROR=
1: a comma in braces ends a value, so 'ticks' is a key without one; put quotes around a text: purpose: "prices, ticks, and more"
=END=
=TITLE= two references in braces without brackets
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: SUB, connect: c.s, c.t } } }
  c: { segment: right, sockets: { s: { type: PUB, bind: "tcp://*:5556" }, t: { type: PUB, bind: "tcp://*:5557" } } }
=ERROR=
2: a comma in braces ends a value, so 'c.t' is a key without one; put quotes around a text: connect: "c.s, c.t", or brackets around a list: connect: [c.s, c.t]
=END=
=TITLE= a star for an endpoint
=INPUT=
services:
  a:
    segment: left
    sockets: { s: { type: PUB, bind: *:5556 } }
=ERROR=
4: is not YAML: * begins an alias, and *:5556 is none; write an endpoint in quotes: "tcp://*:5556"
=END=
=TITLE= an endpoint without quotes, in braces and out of them
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: tcp://*:5556 } } }
  b:
    segment: left
    sockets:
      s:
        type: PUB
        bind: tcp://*:5556
=ERROR=
=END=
=TITLE= no space behind a colon in braces
=INPUT=
services:
  a: { segment:left, sockets: { s: {type:PUB, bind: "tcp://*:5556"} } }
=ERROR=
2: 'segment:left' has no space behind its colon, so it is one word; write segment: left
2: 'type:PUB' has no space behind its colon, so it is one word; write type: PUB
=END=
=TITLE= no space behind a colon, between keys
=INPUT=
services:
  a:
    segment: left
    replicas:2
    sockets: {}
=ERROR=
4: is not YAML: 'replicas:2' has no space behind its colon, so it is one word; write replicas: 2
=END=
=TITLE= no space behind the first colon
=INPUT=
services:
  a:
    segment:left
    replicas: 2
=ERROR=
3: is not YAML: 'segment:left' has no space behind its colon, so it is one word; write segment: left
=END=
=TITLE= no space behind the only colon
=INPUT=
services:
  a:
    segment:left
=ERROR=
2: 'segment:left' has no space behind its colon, so it is one word; write segment: left
=END=
=TITLE= no space behind a dash
=INPUT=
services:
  a:
    segment: left
    sockets:
      s:
        type: SUB
        connect:
        - c.s
        -c.t
=ERROR=
9: is not YAML: '-c.t' has no space behind its dash, so it is one word; write - c.t
=END=
=TITLE= a key with no colon
=INPUT=
services:
  a:
    segment: left
    replicas
    sockets: {}
=ERROR=
4: is not YAML: 'replicas' has no colon behind it; write key: value
=END=
=TITLE= numbers that YAML takes for others, or for none
=INPUT=
services:
  a: { segment: left, replicas: 1e2 }
  b: { segment: left, replicas: 08 }
  c: { segment: left, replicas: 12:30 }
  d: { segment: left, replicas: "3" }
  e: { segment: left, replicas: 0x10 }
  f: { segment: left, replicas: 1_0 }
  1e3: { segment: left }
=ERROR=
2: service a, replicas: 1e2 is not a number from 1 to 200; write 100
3: service b, replicas: 08 is not a number from 1 to 200; write 8
4: service c, replicas: '12:30' is no number of copies; write a whole number from 1 to 200, or a range such as 2..10
5: service d, replicas: '3' is no number of copies; write 3, without quotes
6: service e, replicas: '0x10' is no number of copies; write a whole number from 1 to 200, or a range such as 2..10
7: service f, replicas: '1_0' is no number of copies; write 10
8: 1e3 cannot be a key; write a name; put quotes around it if it is one
=END=
=TITLE= numbers that are texts
=INPUT=
segments: { left: { purpose: 1e3 }, right: { purpose: 2026-01-01 } }
=ERROR=
1: segment left, purpose: 1e3 is not a text; put quotes around it
=END=
=TITLE= times and truths that are words here
=INPUT=
segments: { left: { purpose: 12:30, owner: on }, right: { purpose: yes } }
=ERROR=
=END=
=TITLE= characters that cannot begin a value
=INPUT=
segments:
  left: { purpose: one, owner: @ops }
=ERROR=
2: is not YAML: a value cannot start with '@'; put quotes around it: "@ops"
=END=
=TITLE= a percent sign
=INPUT=
segments:
  left:
    purpose: %a
=ERROR=
3: is not YAML: a value cannot start with '%'; put quotes around it: "%a"
=END=
=TITLE= a backtick
=INPUT=
segments:
  left:
    purpose: `a
=ERROR=
3: is not YAML: a value cannot start with '`'; put quotes around it: "`a"
=END=
=TITLE= an ampersand alone
=INPUT=
segments:
  left: { purpose: & }
=ERROR=
2: is not YAML: & begins an anchor, and this is none; put quotes around the value
=END=
=TITLE= an exclamation mark
=INPUT=
segments:
  left: { purpose: !a!b c }
=ERROR=
2: is not YAML: ! begins a tag, and this is none; put quotes around the value
=END=
=TITLE= a tab deep in a line
=INPUT=
services:
  a:
	  segment: left
=ERROR=
3: is not YAML: a tab indents this line; indent with spaces; YAML does not allow tabs
=END=
=TITLE= brackets of IPv6 in braces
=INPUT=
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: tcp://[::1]:5556 } } }
=ERROR=
2: is not YAML: the brace that opens on line 2 is neither closed nor goes on here; put quotes around a value that contains [
=END=
=TITLE= two colons in a value
=INPUT=
segments:
  left: { purpose: x }
  right:
    purpose: trades: all of them
=ERROR=
4: is not YAML: a value holds ': '; put quotes around a value that contains ': '
=END=
=TITLE= a key that is indented too far
=INPUT=
services:
  a:
    segment: left
      replicas: 2
=ERROR=
4: is not YAML: this key is indented as if it were a part of the value above; indent it as the keys beside it, or put quotes around a value that contains ': '
=END=
=TITLE= a key that is indented by chance
=INPUT=
services:
  a:
    segment: left
   replicas: 2
=ERROR=
4: is not YAML: this line is indented like none above it; indent it as its neighbours
=END=
=TITLE= a quote that is not closed
=FILE=
segments:
  left: { purpose: "one }
  right: { purpose: two }
=ERROR=
2: is not YAML: a quote opens here and is not closed; close it behind the value
=END=
=TITLE= a quote in a quoted text
=INPUT=
segments:
  left: { purpose: 'it's one' }
=ERROR=
2: is not YAML: something stands behind the closing quote; put quotes around the whole value; in '…' a ' is written ''
=END=
=TITLE= a quote in a quoted text in a block
=INPUT=
segments:
  left:
    purpose: 'it's one'
=ERROR=
3: is not YAML: something stands behind the closing quote; put quotes around the whole value; in '…' a ' is written ''
=END=
=TITLE= a backslash in double quotes
=INPUT=
segments:
  left: { purpose: "C:\path" }
=ERROR=
2: is not YAML: a backslash in double quotes begins an escape, and this is none; use single quotes
=END=
=TITLE= a bracket too many
=INPUT=
services:
  a: { segment: left }}
=ERROR=
2: is not YAML: } closes nothing; remove it
=END=
=TITLE= a list on the line of its key
=INPUT=
services:
  a:
    segment: left
    sockets: - s
=ERROR=
4: is not YAML: a list begins on the line of its key; begin it on the next line, or write it in brackets: [a, b]
=END=
=TITLE= a comma that is missing in braces
=INPUT=
services:
  a: { segment: left replicas: 2 }
=ERROR=
2: is not YAML: the brace that opens on line 2 is neither closed nor goes on here; close it with }, or put a comma between what it holds
=END=
=TITLE= an answer of AWS as YAML
=FILE=
SecurityGroups:
- GroupId: sg-1
  GroupName: default
=ERROR=
1: is an answer of AWS (SecurityGroups), and no topology; `bulkhead prove` reads answers as JSON: aws … --output json > answer.json
=END=
=TITLE= an answer of AWS as JSON
=FILE=
{"Vpcs": [{"VpcId": "vpc-1"}], "NextToken": "x"}
=ERROR=
1: is an answer of AWS (Vpcs), and no topology; `bulkhead prove` reads answers as JSON: aws … --output json > answer.json
=END=
=TITLE= a template of CloudFormation
=FILE=
AWSTemplateFormatVersion: 2010-09-09
Resources: {}
=ERROR=
1: is a template of CloudFormation, and no topology; name a topology file, which has name:, region: and cidr:
=END=
=TITLE= a manifest of Kubernetes
=FILE=
apiVersion: v1
kind: Service
=ERROR=
1: is a manifest of Kubernetes, and no topology; name a topology file, which has name:, region: and cidr:
=END=
=TITLE= the project file of a Pulumi program
=FILE=
name: bulkhead
runtime: python
=ERROR=
2: is the project file of a Pulumi program, and no topology; name a topology file, which has name:, region: and cidr:
=END=
=TITLE= the state of a Pulumi stack
=FILE=
{"version": 3, "deployment": {}}
=ERROR=
1: is the state of a Pulumi stack, and no topology; `bulkhead prove` and the other verbs that take a SOURCE read it
=END=
=TITLE= a line break that editors do not show
=FILE=
name: a b
=ERROR=
1: holds the control character '\u2028'; remove it
=END=
=TITLE= typographic quotes
=INPUT=
services:
  a: { segment: “left” }
=ERROR=
2: service a is in segment '“left”', which is not declared; did you mean left?
=END=
