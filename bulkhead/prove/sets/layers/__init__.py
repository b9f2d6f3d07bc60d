"""What each layer lets through, as sets per port.

groups      security groups
acls        network ACLs
listeners   load balancers
firewalls   Network Firewalls
together    all of them, with what is unknown taken for shut or for open
"""
