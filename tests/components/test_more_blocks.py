"""Further blocks of IPv4: the VPC has them before a subnet is made in one, and a state shows it."""

import json

from bulkhead.components.fabric import build
from bulkhead.judge import judge
from bulkhead.observe.pulumi.state import read_state
from bulkhead.plan import plan
from bulkhead.prove import prove
from tests.components.test_read_back import exported
from tests.support.topologies import HEAD, topology_from

NAMES = [f"s{each}" for each in range(5)]
DOCUMENT = {
    **HEAD,
    "zones": 1,
    "cidr": ["10.20.0.0/24", "10.21.0.0/20"],
    "segments": {name: {"purpose": "-"} for name in NAMES},
    "services": {name: {"segment": name} for name in NAMES},
}


def test_subnets_in_a_further_block_are_made_after_it(record, tmp_path):
    planned = plan(topology_from(tmp_path, DOCUMENT))
    made = record(lambda: build(planned))
    (block,) = made.of("VpcIpv4CidrBlockAssociation")
    assert block.inputs == {"vpcId": "shop-vpc-id", "cidrBlock": "10.21.0.0/20"}
    after = {
        each.inputs["cidrBlock"]
        for each in made.of("Subnet")
        if any(one.rpartition("::")[2] == block.name for one in each.dependencies)
    }
    assert after == {str(planned.network.subnets[-1].cidr)}
    state = tmp_path / "stack.json"
    state.write_text(json.dumps(exported(made)))
    network = read_state(state).network
    found = judge(prove(network), planned.declaration).findings
    assert [each.message for each in found if "Region" not in each.message] == []
    assert network.vpcs[0].cidrs == planned.network.vpcs[0].cidrs
