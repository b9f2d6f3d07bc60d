"""What stands beside a Network, and what of it nobody read."""

from bulkhead.network.inventory import (
    KINDS,
    FlowLog,
    Inventory,
    Listed,
    NotRead,
    together,
)


def test_an_inventory_that_nobody_filled_knows_of_nothing_whether_it_is_there():
    assert all(Inventory().unread(kind) for kind in KINDS)


def test_a_kind_that_was_read_and_is_empty_is_complete():
    assert Listed((), ()).complete


def test_one_region_that_was_not_read_leaves_the_kind_open_in_all():
    log = FlowLog(id="fl-1", resource="vpc-1", traffic="ALL")
    here = Inventory(flow_logs=Listed((log,), ()))
    there = Inventory(flow_logs=Listed((), (NotRead(why="denied", region="us-east-1"),)))
    joined = together([here, there])
    assert joined.flow_logs.things == (log,)
    assert not joined.flow_logs.complete


def test_of_no_region_nothing_is_known():
    assert together([]) == Inventory()
