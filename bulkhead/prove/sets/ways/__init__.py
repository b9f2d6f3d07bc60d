"""The ways that packets can take, step by step as docs/model.md says it.

travel      from end to end
leave       out of a subnet, by its NACL and its route
exits       out of a VPC: internet and VPN gateways, gateway endpoints
nat         through a NAT gateway
transit     through transit gateways
firewall    through a Network Firewall
enter       into a VPC from outside
elsewhere   into a VPC from where nobody looked
"""
