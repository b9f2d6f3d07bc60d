from local_aws.provider import states
from local_aws.provider.kinds import KINDS
from local_aws.wire import UNKNOWN, Secret, plain

GROUP = KINDS["aws:ec2/securityGroup:SecurityGroup"]
INGRESS = KINDS["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"]
ENTRY = KINDS["aws:ec2/networkAclRule:NetworkAclRule"]
SUBNET = KINDS["aws:ec2/subnet:Subnet"]
VPC = KINDS["aws:ec2/vpc:Vpc"]
INTERFACE = KINDS["aws:ec2/networkInterface:NetworkInterface"]
VPN = KINDS["aws:ec2/vpnConnection:VpnConnection"]
RULE = {"securityGroupId": "sg-1", "cidrIpv4": "10.0.0.0/8", "ipProtocol": "tcp"}


def changed(kind, old, new):
    return frozenset(states.differences(kind, old, new))


def test_two_spellings_of_a_protocol_are_no_change() -> None:
    assert not changed(INGRESS, RULE, {**RULE, "ipProtocol": "6"})


def test_the_order_of_groups_and_addresses_is_no_change() -> None:
    old = {"subnetId": "s", "securityGroups": ["a", "b"], "privateIps": ["10.0.0.4", "10.0.0.5"]}
    new = {"subnetId": "s", "securityGroups": ["b", "a"], "privateIps": ["10.0.0.5", "10.0.0.4"]}
    assert not changed(INTERFACE, old, new)


def test_saying_a_default_is_no_change() -> None:
    base = {"cidrBlock": "10.0.0.0/16"}
    assert not changed(VPC, base, {**base, "enableDnsSupport": True})
    assert changed(VPC, base, {**base, "enableDnsSupport": False}) == {"enableDnsSupport"}


def test_leaving_a_choice_to_aws_again_is_no_change() -> None:
    base = {"vpcId": "v", "cidrBlock": "10.0.0.0/24"}
    assert not changed(SUBNET, {**base, "availabilityZone": "eu-west-1a"}, base)


def test_an_unknown_parent_replaces_as_any_other_parent_would() -> None:
    new = {"vpcId": UNKNOWN, "cidrBlock": "10.0.0.0/24"}
    names = changed(SUBNET, {"vpcId": "v", "cidrBlock": "10.0.0.0/24"}, new)
    assert states.replacing(SUBNET, {}, new, names) == {"vpcId"}


def test_a_rule_changes_in_place_unless_its_kind_of_source_does() -> None:
    moved = {**RULE, "cidrIpv4": "10.1.0.0/16"}
    assert not states.replacing(INGRESS, RULE, moved, changed(INGRESS, RULE, moved))
    other = {"securityGroupId": "sg-1", "referencedSecurityGroupId": "sg-2", "ipProtocol": "tcp"}
    assert states.replacing(INGRESS, RULE, other, changed(INGRESS, RULE, other)) == {
        "cidrIpv4",
        "referencedSecurityGroupId",
    }


def test_every_change_of_a_network_acl_rule_replaces_it() -> None:
    assert all(prop.replaces for prop in ENTRY.properties)
    assert ENTRY.update is None


def test_an_interface_is_replaced_for_another_primary_address_only() -> None:
    state = {"subnetId": "s", "privateIps": ["10.0.0.4"], "privateIp": "10.0.0.4"}
    more = {"subnetId": "s", "privateIps": ["10.0.0.4", "10.0.0.5"]}
    other = {"subnetId": "s", "privateIps": ["10.0.0.5"]}
    assert not states.replacing(INTERFACE, state, more, changed(INTERFACE, state, more))
    assert states.replacing(INTERFACE, state, other, changed(INTERFACE, state, other))


def test_only_a_name_that_the_program_fixed_is_deleted_before_its_replacement() -> None:
    assert states.delete_before_replace(GROUP, {"name": "web", "__defaults": []})
    assert not states.delete_before_replace(GROUP, {"name": "web-1a2b3c4", "__defaults": ["name"]})
    assert not states.delete_before_replace(SUBNET, {"cidrBlock": "10.0.0.0/24"})


def test_a_preview_leaves_open_what_aws_will_choose() -> None:
    state = states.expected_state(SUBNET, {"vpcId": UNKNOWN, "cidrBlock": "10.0.0.0/24"}, "r", {})
    assert state["vpcId"] == state["arn"] == state["availabilityZone"] == UNKNOWN
    assert state["cidrBlock"] == "10.0.0.0/24"
    assert state["mapPublicIpOnLaunch"] is False


def test_default_tags_lie_under_the_tags_of_the_resource() -> None:
    state = states.expected_state(VPC, {"tags": {"a": "mine"}}, "r", {"a": "theirs", "b": "too"})
    assert state["tags"] == {"a": "mine"}
    assert state["tagsAll"] == {"a": "mine", "b": "too"}


def test_keys_in_secrets_manager_are_in_no_preview() -> None:
    inputs = {"presharedKeyStorage": "SecretsManager", "tunnel1PresharedKey": Secret("abcdefgh")}
    state = states.expected_state(VPN, inputs, "r", {})
    assert plain(state["tunnel1PresharedKey"]) == ""
    assert isinstance(state["customerGatewayConfiguration"], Secret)


def drift(kind, live, old):
    state = states.live_state(kind, live, old, "r", {})
    return states.live_inputs(kind, state, live, old, importing=False)


def test_a_refresh_without_drift_keeps_the_inputs_as_they_were_said() -> None:
    old = {**RULE, "ipProtocol": "6", "fromPort": 1, "toPort": 2, "__defaults": []}
    live = {
        **RULE,
        "ipProtocol": "tcp",
        "fromPort": 1,
        "toPort": 2,
        "description": None,
        "tags": {},
    }
    assert drift(INGRESS, live, old) == old


def test_a_refresh_shows_what_was_changed_added_and_removed_by_hand() -> None:
    old = {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True, "tags": {"a": "1"}}
    live = {
        "cidrBlock": "10.0.0.0/16",
        "enableDnsHostnames": False,
        "enableDnsSupport": False,
        "tags": {"b": "2"},
    }
    found = drift(VPC, live, old)
    assert changed(VPC, found, old) == {"enableDnsHostnames", "enableDnsSupport", "tags"}


def test_what_aws_chose_is_not_drift() -> None:
    old = {"vpcId": "v", "cidrBlock": "10.0.0.0/24"}
    live = {**old, "availabilityZone": "eu-west-1a", "tags": {}}
    assert drift(SUBNET, live, old) == old
