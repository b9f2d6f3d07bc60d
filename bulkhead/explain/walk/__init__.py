"""One concrete packet, walked through a whole network as docs/model.md says.

Written from the AWS documentation in the plainest way, and on purpose without
the prover's machinery: where the two disagree, one of them is wrong.

    journey       a packet under way, and what several ways say together
    atlas         where to look things up, and what is in doubt
    filters       network ACLs and security groups
    routes        which route takes a packet
    leaving       out of a subnet; what each kind of target does
    boxes         NAT gateways and firewalls
    linked        peerings and VPN gateways
    tunnels       VPN connections: whose they are, what they carry
    transit       transit gateways
    edge          into a VPC by its own gateway
    entering      into a VPC from outside
    stages        from stage to stage to the end
    conversation  a request and its reply
"""
