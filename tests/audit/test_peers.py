"""What prowler and checkov say of what the local AWS cannot hold: neither could be run on it.

What they say here follows from their published checks (prowler/providers/aws/services/ of 5.46.0,
checkov/terraform/checks/ of 3.3.30); what they said when they were run is in test_recorded.py.
"""

from bulkhead.audit import ALL_CHECKS, Evidence, Outcome
from bulkhead.network.inventory import Instance, Inventory, Listed, MetadataOptions, TunnelState
from tests.support.estate import Estate

CHECKS = {each.id: each for each in ALL_CHECKS}


def said(check, network, **kinds):
    """The outcomes of a check; of an account whose other kinds were read and are empty."""
    listed = {kind: Listed(tuple(things), ()) for kind, things in kinds.items()}
    found = CHECKS[check](Evidence(network=network, inventory=Inventory(**listed)))
    return {each.outcome for each in found}


def test_an_instance_whose_answer_says_nothing_of_its_metadata_fails_there_and_is_undecided_here():
    """ec2_instance_imdsv2_enabled, CKV_AWS_79. The local AWS always says it."""
    instance = Instance(id="i-1", name="i-1", vpc="vpc", metadata=MetadataOptions())
    network = Estate().build()
    assert said("instance-imdsv2", network, instances=[instance]) == {Outcome.NOT_DECIDED}


def test_a_connection_with_both_tunnels_up_passes_there_and_here():
    """vpc_vpn_connection_tunnels_up. No tunnel of the local AWS is ever up."""
    estate = Estate()
    estate.vgw()
    estate.site("plant", "192.168.0.0/16")
    network = estate.build()
    (connection,) = network.vpn_connections
    tunnels = [
        TunnelState(connection=connection.id, name="plant", number=number, up=True)
        for number in (1, 2)
    ]
    assert said("tunnels-up", network, tunnels=tunnels) == {Outcome.PASS}
