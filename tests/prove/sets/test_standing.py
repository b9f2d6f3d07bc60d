"""What routes and NACLs cannot tell apart stands in one place, whatever groups say of it."""

from bulkhead.prove import prove
from tests.support.estate import Estate


def _standings(*entries):
    estate = Estate()
    estate.acl("acl", *entries, "in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")
    estate.subnet("a", "10.0.0.0/24", acl="acl", table="main")
    addresses = [f"10.0.0.{last}" for last in range(4, 14)]
    estate.group(
        "web", *(f"in tcp {port} {one}/32" for port, one in enumerate(addresses, start=80))
    )
    for address in addresses:
        estate.host(f"h-{address}", "a", address, "web")
    reach = prove(estate.build())
    return {
        reach.standing_of[index]
        for index, each in enumerate(reach.endpoints)
        if each.id.startswith("h-")
    }


def test_rules_of_groups_about_single_hosts_part_no_hosts_of_a_subnet():
    assert len(_standings()) == 1


def test_an_entry_of_a_nacl_about_a_host_parts_it_from_the_others():
    assert len(_standings("in 50 deny tcp 22 10.0.0.5/32")) == 2
