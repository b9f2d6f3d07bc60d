"""Transit gateways. moto has one route table for all of one, so that every call is answered here.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""
