"""Routes that AWS refuses, and the random networks draw all the same."""

from bulkhead.network import Route
from bulkhead.network.addresses import within
from bulkhead.network.routing import may_be_inside


def is_refused(network, table, part):
    """Whether AWS has no such route: into the table's own VPC, to what is no middlebox."""
    return (
        isinstance(part, Route)
        and not (part.propagated or may_be_inside(part))
        and any(within(part.destination, block) for block in network.vpc[table.vpc].cidrs)
    )


def without_refused(network):
    """Whether a network has no such route: of one in doubt the proof knows that it is not there."""
    return not any(
        is_refused(network, table, route)
        for table in network.route_tables
        for route in table.routes
    )
