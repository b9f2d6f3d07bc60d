=TITLE= flow logs go where somebody says, and nowhere without a reason
=INPUT=
flow-logs: { to: none }
services: { a: { segment: left } }
=ERROR=
1: flow-logs: nothing is recorded, and nobody says why; add why:, or remove to: none
=END=
=TITLE= each key of flow logs goes with one place
=INPUT=
flow-logs:
  to: cloudwatch
  bucket: acme-flow-logs
  why: it is cheaper
services: { a: { segment: left } }
=ERROR=
3: flow-logs: bucket is of to: s3; write to: s3, or remove it
4: flow-logs: why is of to: none; remove it, or put it into a comment
=END=
=TITLE= what CloudWatch and S3 do not take
=INPUT=
flow-logs: { to: s3, bucket: Acme Logs, retention: 31 }
services: { a: { segment: left } }
=ERROR=
1: flow-logs, bucket: 'Acme Logs' is no name of a bucket; write one such as acme-flow-logs
1: flow-logs, retention: 31 is no number of days that CloudWatch takes; write 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653
1: flow-logs: retention is of to: cloudwatch; let a lifecycle rule of the bucket say it
=END=
=TITLE= a folder of a bucket that AWS keeps for itself, and a place that there is not
=INPUT=
flow-logs: { to: kinesis, bucket: acme-flow-logs/AWSLogs/prod }
services: { a: { segment: left } }
=ERROR=
1: flow-logs, bucket: 'acme-flow-logs/AWSLogs/prod': AWS keeps AWSLogs for itself; choose another folder
1: flow-logs, to: 'kinesis' is not one of the choices; write cloudwatch, s3 or none
=END=
