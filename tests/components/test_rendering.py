"""Each component renders its part of the plan, no more and no less."""

import pytest

from bulkhead.components.fabric import build
from bulkhead.network import tags
from bulkhead.plan import plan
from tests.components.conftest import TOPOLOGY
from tests.support.topologies import HEAD, topology_from


@pytest.fixture
def recording(record, shop):
    return record(lambda: build(shop))


def test_what_aws_opens_by_default_is_adopted_and_left_without_rules(recording):
    (group,) = recording.of("DefaultSecurityGroup")
    (acl,) = recording.of("DefaultNetworkAcl")
    (table,) = recording.of("DefaultRouteTable")
    assert not {"ingress", "egress"} & {*group.inputs, *acl.inputs}
    assert table.inputs["routes"] == []


def test_every_planned_rule_is_one_resource(recording, shop):
    rules = [
        *recording.of("SecurityGroupIngressRule"),
        *recording.of("SecurityGroupEgressRule"),
    ]
    planned = [rule for group in shop.network.security_groups for rule in group.rules]
    assert len(rules) == len(planned)
    assert {each.inputs["description"] for each in rules} == {each.description for each in planned}


def test_a_rule_has_exactly_one_peer(recording):
    for kind in ("SecurityGroupIngressRule", "SecurityGroupEgressRule"):
        for rule in recording.of(kind):
            assert ("cidrIpv4" in rule.inputs) != ("referencedSecurityGroupId" in rule.inputs)


def test_groups_may_refer_to_each_other_in_circles(recording):
    owners = {
        (each.inputs["securityGroupId"], each.inputs.get("referencedSecurityGroupId"))
        for kind in ("SecurityGroupIngressRule", "SecurityGroupEgressRule")
        for each in recording.of(kind)
    }
    assert ("shop-front-group-id", "shop-db-group-id") in owners
    assert ("shop-db-group-id", "shop-front-group-id") in owners


def test_every_planned_acl_entry_is_one_resource_with_its_number(recording, shop):
    planned = {
        (entry.number, entry.direction == "egress", str(entry.cidr))
        for acl in shop.network.nacls
        for entry in acl.entries
    }
    rendered = [
        (int(each.inputs["ruleNumber"]), each.inputs["egress"], each.inputs["cidrBlock"])
        for each in recording.of("NetworkAclRule")
    ]
    assert set(rendered) == planned
    assert len(rendered) == sum(len(acl.entries) for acl in shop.network.nacls)


def test_a_subnet_moves_under_its_acl_only_when_all_entries_stand(recording):
    entries = {each.name for each in recording.of("NetworkAclRule")}
    associations = recording.of("NetworkAclAssociation")
    assert associations
    for association in associations:
        waits_for = {urn.split("::")[-1] for urn in association.dependencies}
        segment = association.parent.split("::")[-1]
        assert {name for name in entries if name.startswith(f"{segment}-acl-")} <= waits_for


def test_every_interface_has_its_planned_address_and_its_service_group_only(recording, shop):
    planned = {each.name: str(each.address) for each in shop.network.interfaces}
    for each in recording.of("NetworkInterface"):
        name = each.inputs["tags"][tags.NAME]
        assert each.inputs["privateIps"] == [planned.pop(name)]
        assert each.inputs["securityGroups"] == [
            f"shop-{each.inputs['tags'][tags.SERVICE]}-group-id"
        ]
    assert not planned


def test_a_group_says_which_sockets_wait_behind_it(recording):
    group = next(each for each in recording.of("SecurityGroup") if each.name == "shop-db-group")
    assert group.inputs["tags"]["bulkhead:socket:ask"] == "REP tcp 6000"
    assert group.inputs["tags"]["bulkhead:socket:feed"] == "PUB tcp 6001"


def test_no_key_of_a_tunnel_is_in_the_program_or_the_state(recording):
    (vpn,) = recording.of("VpnConnection")
    assert vpn.inputs["presharedKeyStorage"] == "SecretsManager"
    assert not [name for name in vpn.inputs if name.endswith("PresharedKey")]


def test_tunnels_are_limited_to_the_planned_algorithms_at_creation(recording):
    (vpn,) = recording.of("VpnConnection")
    for tunnel in ("tunnel1", "tunnel2"):
        assert vpn.inputs[f"{tunnel}IkeVersions"] == ["ikev2"]
        assert vpn.inputs[f"{tunnel}Phase1EncryptionAlgorithms"] == ["AES256-GCM-16"]
        assert vpn.inputs[f"{tunnel}Phase2DhGroupNumbers"] == [19, 20, 21]


def test_a_site_is_routed_both_by_the_connection_and_by_the_segment_that_needs_it(recording):
    connection_routes = {
        each.inputs["destinationCidrBlock"] for each in recording.of("VpnConnectionRoute")
    }
    table_routes = {each.inputs["destinationCidrBlock"] for each in recording.of("Route")}
    assert connection_routes == table_routes == {"192.168.10.0/24", "192.168.20.0/24"}


def test_an_entry_that_denies_is_made_after_those_before_it_that_let(record, tmp_path):
    services = {name: {"segment": "feed"} for name in ("ticker", "other")}
    services |= {name: {"segment": "desk"} for name in ("bastion", "reader")}
    flows = [
        {"name": "ssh", "from": "bastion", "to": ["ticker", "other"], "traffic": "tcp 22"},
        {"name": "web", "from": "reader", "to": ["ticker", "other"], "traffic": "tcp 80"},
    ]
    topology = {
        **HEAD,
        "zones": 1,
        "segments": {"feed": {"purpose": "prices"}, "desk": {"purpose": "people"}},
        "services": services,
        "flows": [{**each, "why": "x"} for each in flows],
        "quarantine": [{"service": "ticker", "responder": "bastion"}],
    }
    planned = plan(topology_from(tmp_path, topology))
    recording = record(lambda: build(planned))
    desk = [each for each in recording.of("NetworkAclRule") if "-desk-" in each.name]
    by_number = {each.inputs["ruleNumber"]: each for each in desk if each.inputs["egress"]}
    let, denied, others = (by_number[each] for each in sorted(by_number)[:3])
    assert [each.inputs["ruleAction"] for each in (let, denied, others)] == [
        "allow",
        "deny",
        "allow",
    ]
    waits_for = {
        each.name: {one.rpartition("::")[2] for one in each.dependencies} & {*names}
        for names in [[each.name for each in desk]]
        for each in (let, denied, others)
    }
    assert waits_for == {let.name: set(), denied.name: {let.name}, others.name: {denied.name}}


def test_a_new_site_logs_its_tunnels_to_a_group_of_its_own(recording):
    (group,) = [each for each in recording.of("LogGroup") if "tunnel-logs" in each.name]
    (vpn,) = recording.of("VpnConnection")
    for number in (1, 2):
        logs = vpn.inputs[f"tunnel{number}LogOptions"]["cloudwatchLogOptions"]
        assert logs == {
            "logEnabled": True,
            "logGroupArn": f"arn:aws:of:{group.name}",
            "logOutputFormat": "json",
        }
    assert group.inputs["retentionInDays"] == 365


def test_a_site_that_speaks_bgp_logs_its_sessions_too(tmp_path, record):
    text = TOPOLOGY.replace("gateway: {", "routing: bgp\n        gateway: {", 1)
    recording = record(lambda: build(plan(topology_from(tmp_path, text))))
    (vpn,), (group,) = recording.of("VpnConnection"), recording.of("LogGroup")[-1:]
    logs = vpn.inputs["tunnel2LogOptions"]["cloudwatchLogOptions"]
    assert (logs["bgpLogEnabled"], logs["bgpLogGroupArn"]) == (True, logs["logGroupArn"])
    assert logs["bgpLogOutputFormat"] == "json"
    assert group.name.endswith("tunnel-logs")
