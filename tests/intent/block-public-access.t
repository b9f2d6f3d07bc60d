=TITLE= a mode in other words than AWS's
=INPUT=
block-public-access: { mode: ingress }
=ERROR=
1: block-public-access, mode: 'ingress' is not what AWS calls it; write block-ingress
=END=
=TITLE= a mode that AWS does not have
=INPUT=
block-public-access: { mode: block-everything }
=ERROR=
1: block-public-access, mode: 'block-everything' is no mode of VPC Block Public Access; write block-ingress or block-bidirectional
=END=
=TITLE= none to count on
=INPUT=
block-public-access: { mode: off }
=ERROR=
1: block-public-access, mode: VPC Block Public Access that is off is none to count on; remove block-public-access:
=END=
=TITLE= no mode at all
=INPUT=
block-public-access: { manage: true }
=ERROR=
1: block-public-access has no 'mode'; add block-ingress: nothing comes in from the internet but to what is excluded, and only NAT gateways and egress-only gateways lead out; block-bidirectional: nothing goes out either but from what is excluded
=END=
=TITLE= who sets it is a yes or a no, and exclusions are AWS's words
=INPUT=
block-public-access: { mode: block-ingress, manage: account, exclusions: none }
=ERROR=
1: block-public-access, exclusions: 'none' is not one of the choices; write allowed or not-allowed
1: block-public-access, manage: 'account' is neither true nor false; write true or false
=END=
=TITLE= a key that it does not have
=INPUT=
block-public-access: { mode: block-ingress, exclude: [left] }
=ERROR=
1: block-public-access has no key 'exclude'; write exclusions, manage or mode
=END=
=TITLE= a guest in a VPC of others does not set what is the account's
=INPUT=
vpc: { existing: vpc-0a1b2c3d4e5f60718 }
block-public-access: { mode: block-ingress, manage: true }
=ERROR=
2: block-public-access: whoever owns the VPC sets it, for all VPCs of the account; remove manage:, and count on what they set
=END=
=TITLE= where no exclusions are allowed the account sets no mode
=INPUT=
block-public-access:
  mode: block-ingress
  manage: true
  exclusions: not-allowed
=ERROR=
4: block-public-access: only the policy of an organisation allows no exclusions, and then no account under it sets the mode; remove it, or remove manage:
=END=
