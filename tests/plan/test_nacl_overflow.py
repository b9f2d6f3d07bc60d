"""`nacl-overflow: widen`: what does not fit exactly is planned all the same, groups keep it exact,
and how much NACLs alone let besides is told and never passes for declared."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.judge import FindingKind, ResidueKind, judge
from bulkhead.network import AclEntry, Action, Direction, PortRange
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.plan.test_planner import planned
from tests.plan.test_quotas import served
from tests.support.examples import examples
from tests.support.topologies import documents

NARROW = {**served(ports=25), "path-mtu-discovery": False}
WIDE = {**NARROW, "nacl-overflow": "widen"}


def counted(acl, direction, version):
    """What a NACL lets, counted apart: each pair of an address and a port once, by protocol."""
    entries = [each for each in acl.ordered(direction) if each.cidr.version == version]
    total = 0
    for protocol in {each.protocol for each in entries}:
        mine = [each for each in entries if each.protocol == protocol]
        cuts = sorted({at for each in mine for at in (each.ports.first, each.ports.last + 1)})
        for start, after in pairwise(cuts):
            networks = {each.cidr for each in mine if each.ports.first <= start <= each.ports.last}
            largest = [
                each
                for each in networks
                if not any(each != other and each.subnet_of(other) for other in networks)
            ]
            total += (after - start) * sum(each.num_addresses for each in largest)
    return total


@given(documents(max_services=6), st.integers(3, 6), st.booleans())
@examples(1 / 2)
def test_a_plan_fits_and_is_exact_as_a_whole_and_says_what_its_nacls_let_besides(
    document, most, told
):
    document = {key: value for key, value in document.items() if key != "peers"}
    for each in document["services"].values():
        each.pop("needs", None)
        each["sockets"].pop("abroad", None)
        each["sockets"].pop("tape", None)
        each["sockets"] = each["sockets"] or {"idle": {"type": "PAIR", "bind": "inproc://x"}}
    document |= {"path-mtu-discovery": told}
    exact = planned({**document, "quotas": {"entries-per-acl": 40}})
    written = {**document, "quotas": {"entries-per-acl": most}, "nacl-overflow": "widen"}
    try:
        made = planned(written)
    except InputError as refused:
        assert all("widen does not help" in each.remedy for each in refused.problems)
        return
    before = {each.name: each for each in exact.network.nacls}
    wide = {(each.nacl, each.direction, each.version): each for each in made.widened}
    for acl in made.network.nacls:
        counts = Counter((each.direction, each.cidr.version) for each in acl.entries)
        assert all(count < most for count in counts.values())
        for direction in Direction:
            for version in (4, 6):
                more = counted(acl, direction, version) - counted(
                    before[acl.name], direction, version
                )
                said = wide.get((acl.name, direction, version))
                # By everybody, where there is no room for who may: that is exact, and told apart.
                assert told or more == (said.pairs if said else 0)
    judged = judge(prove(made.network), made.declaration)
    assert judged.ok
    assert not any(each.kind is ResidueKind.WIDENED for each in judged.residue) or made.widened
    assert planned(written, made.lock) == made


def test_it_is_refused_unless_the_topology_says_so():
    with pytest.raises(InputError, match="the NACL of data needs 50 ingress entries"):
        planned(NARROW)
    with pytest.raises(InputError, match="the NACL of data needs 50 ingress entries"):
        planned({**WIDE, "nacl-overflow": "refuse"})


def test_what_is_let_besides_is_a_residue_of_its_own_and_a_finding_to_whom_it_is_not_told():
    made = planned(WIDE)
    assert {(each.nacl, each.direction) for each in made.widened} == {
        ("data", Direction.INGRESS),
        ("web", Direction.EGRESS),
    }
    # 7 of the gaps between 25 ports of 1,024 addresses, and all 24 of one address.
    assert {each.pairs for each in made.widened} == {7 * 1024 + 24, 6 * 1024}
    judged = judge(prove(made.network), made.declaration)
    assert judged.ok
    wide = [each for each in judged.residue if each.kind is ResidueKind.WIDENED]
    assert {each.destination for each in wide} == {"subnets behind data"}
    unsaid = judge(prove(made.network), replace(made.declaration, widened=()))
    assert {each.kind for each in unsaid.findings} == {FindingKind.LAYER}


def test_an_entry_that_somebody_adds_beside_is_no_part_of_what_was_meant():
    made = planned(WIDE)
    acl = made.network.nacl["acl/data"]
    site = next(each for each in acl.ordered(Direction.INGRESS) if each.cidr.prefixlen == 32)
    opened = AclEntry(
        number=50,
        direction=Direction.INGRESS,
        action=Action.ALLOW,
        protocol=6,
        ports=PortRange(22, 22),
        cidr=site.cidr,
    )
    network = replace(
        made.network,
        nacls=tuple(
            replace(each, entries=(*each.entries, opened)) if each.id == acl.id else each
            for each in made.network.nacls
        ),
    )
    judged = judge(prove(network), made.declaration)
    assert any(
        each.kind is FindingKind.LAYER and PortRange(22, 22) in each.ports
        for found in judged.findings
        for each in (found, *found.effects)
    )


def test_groups_deny_all_that_nacls_let_besides():
    """Between hosts nothing is open that the same topology with room for all has closed."""
    made = planned(WIDE)
    roomy = planned({**served(ports=18), "quotas": {"entries-per-acl": 40}})
    assert made.network.security_groups != roomy.network.security_groups
    assert {each.kind for each in judge(prove(made.network), made.declaration).residue} == {
        ResidueKind.REPLIES,
        ResidueKind.WIDENED,
    }


def test_in_quarantine_less_is_let_and_still_fits():
    made = planned({**WIDE, "quarantine": ["web0"]})
    for acl in made.network.nacls:
        counts = Counter((each.direction, each.cidr.version) for each in acl.entries)
        assert all(count < 20 for count in counts.values())
    assert judge(prove(made.network), made.declaration).ok
