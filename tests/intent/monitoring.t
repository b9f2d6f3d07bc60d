=TITLE= somebody is told of tunnels that go down
=INPUT=
sites: { exchange: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 } } }
monitoring: { notify: "arn:aws:sns:eu-west-1:123456789012:network" }
=ERROR=
=END=
=TITLE= without a site there is no tunnel to be watched
=INPUT=
monitoring: { notify: "arn:aws:sns:eu-west-1:123456789012:network" }
=ERROR=
1: monitoring: there is no site, and so no tunnel to be watched; remove it
=END=
=TITLE= alarms that tell nobody, or a topic elsewhere
=INPUT=
sites: { exchange: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 } } }
monitoring: { notify: "arn:aws:sns:us-east-1:123456789012:network" }
=ERROR=
2: monitoring, notify: the topic is in us-east-1, and alarms of eu-west-1 tell topics there alone; name a topic of eu-west-1
=END=
=TITLE= what is no topic
=INPUT=
sites: { exchange: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 } } }
monitoring: { notify: ops@example.com }
=ERROR=
2: monitoring, notify: 'ops@example.com' is no ARN of an SNS topic; write one such as arn:aws:sns:eu-west-1:123456789012:network
=END=
