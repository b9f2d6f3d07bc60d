"""VPC Block Public Access, rendered: exclusions first, and the option by one stack alone."""

import json
from dataclasses import replace

import pytest

from bulkhead.components.fabric import build
from bulkhead.judge import judge
from bulkhead.observe.pulumi.state import read_state
from bulkhead.plan import plan
from bulkhead.prove import prove
from tests.components.test_read_back import exported
from tests.plan.test_peers import document
from tests.support.topologies import topology_from

OPTION, EXCLUSION = "VpcBlockPublicAccessOptions", "VpcBlockPublicAccessExclusion"


@pytest.fixture
def planned(tmp_path):
    def of(nat="regional", **said):
        return plan(
            topology_from(tmp_path, {**document(), "nat": nat, "block-public-access": said})
        )

    return of


@pytest.fixture
def rendered(record):
    return lambda whole: record(lambda: build(whole))


@pytest.fixture
def read_back(tmp_path):
    def of(recording):
        state = tmp_path / "stack.json"
        state.write_text(json.dumps(exported(recording)))
        network = read_state(state).network
        # An exported stack without its provider says no Region.
        return replace(network, vpcs=tuple(replace(v, region="eu-west-1") for v in network.vpcs))

    return of


def test_only_the_stack_that_manages_it_has_the_option(planned, rendered):
    found = rendered(planned(mode="block-ingress", manage=True))
    (option,) = found.of(OPTION)
    assert option.inputs == {"internetGatewayBlockMode": "block-ingress"}
    assert not rendered(planned(mode="block-ingress")).of(OPTION)


@pytest.mark.parametrize("nat", ["regional", "zonal"])
def test_exclusions_stand_before_it_is_turned_on(planned, rendered, nat):
    found = rendered(planned(nat, mode="block-bidirectional", manage=True))
    (option,) = found.of(OPTION)
    made = found.of(EXCLUSION)
    modes = {each.name: each.inputs["internetGatewayExclusionMode"] for each in made}
    both = "allow-bidirectional"
    expected = {f"shop-edge.gateway-eu-west-1{zone}-exclusion": both for zone in "ab"}
    if nat == "regional":
        expected["shop-exclusion"] = "allow-egress"
    else:
        expected |= {
            f"shop-{unit}-eu-west-1{zone}-exclusion": "allow-egress"
            for unit in ("edge", "NAT")
            for zone in "ab"
        }
    assert modes == expected
    waits = {urn.rpartition("::")[2] for urn in option.dependencies}
    assert waits >= modes.keys()


def test_each_is_of_one_subnet_or_of_the_vpc(planned, rendered):
    for each in rendered(planned(mode="block-bidirectional")).of(EXCLUSION):
        assert bool(each.inputs.get("vpcId")) is (each.name == "shop-exclusion")
        assert bool(each.inputs.get("vpcId")) is not bool(each.inputs.get("subnetId"))
        assert each.inputs["tags"]["bulkhead:topology"] == "shop"


def test_a_topology_that_says_nothing_makes_none(planned, rendered, tmp_path):
    found = rendered(plan(topology_from(tmp_path, document())))
    assert not found.of(OPTION)
    assert not found.of(EXCLUSION)


@pytest.mark.parametrize("mode", ["block-ingress", "block-bidirectional"])
def test_what_was_built_is_read_back_from_the_state_as_it_was_planned(
    planned, rendered, read_back, mode
):
    whole = planned("zonal", mode=mode, manage=True)
    network = read_back(rendered(whole))
    (there,), (wanted,) = network.vpcs, whole.network.vpcs
    assert (there.access_block.mode, there.access_block.excluded) == (
        wanted.access_block.mode,
        wanted.access_block.excluded,
    )
    assert {each.name: (each.excluded, each.public_access) for each in network.subnets} == {
        each.name: (each.excluded, each.public_access) for each in whole.network.subnets
    }


def test_a_state_without_the_option_leaves_it_unknown(planned, rendered, read_back):
    whole = planned("zonal", mode="block-ingress")
    network = read_back(rendered(whole))
    assert {each.access_block for each in network.vpcs} == {None}
    messages = [each.message for each in judge(prove(network), whole.declaration).findings]
    assert "it is not known what VPC Block Public Access does in eu-west-1" in messages
    assert not any("is off" in each for each in messages)
