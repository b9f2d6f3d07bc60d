"""Load balancers: what they listen on, and where they pass it on."""

from __future__ import annotations

import pytest

from bulkhead.network import BalancedPort

BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/front/50dc"
LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/front/50dc/f2f7"
TARGETS = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/ticker/73e2"
OTHERS = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/others/84f3"


def only(things):
    (thing,) = things
    return thing


def health(*targets):
    return [{"Target": {"Id": name, "Port": port}} for name, port in targets]


@pytest.fixture
def balanced(account):
    document = account.document
    account.thing("NetworkInterfaces", "eni-2").update(
        InterfaceType="interface", Description="ELB app/front/50dc", RequesterManaged=True
    )
    document["LoadBalancers"] = [
        {
            "LoadBalancerArn": BALANCER,
            "LoadBalancerName": "front",
            "Type": "application",
            "VpcId": "vpc-1",
            "State": {"Code": "active"},
        }
    ]
    document["Listeners"] = [
        {
            "ListenerArn": LISTENER,
            "LoadBalancerArn": BALANCER,
            "Port": 443,
            "Protocol": "HTTPS",
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": TARGETS}],
        }
    ]
    document["TargetGroups"] = [
        {"TargetGroupArn": each, "VpcId": "vpc-1", "Port": 80, "Protocol": "HTTP"}
        for each in (TARGETS, OTHERS)
    ]
    document["TargetHealth"] = [
        {"TargetGroupArn": TARGETS, "TargetHealthDescriptions": health(("10.20.0.10", 5556))},
        {"TargetGroupArn": OTHERS, "TargetHealthDescriptions": health(("i-1", 8080))},
    ]
    return account


def test_a_load_balancer_is_taken_in_whole(balanced):
    network = balanced.observe()
    found = only(network.load_balancers)
    assert (found.id, found.name, found.vpc) == (BALANCER, "front", "vpc-1")
    assert found.interfaces == ("eni-2",)
    assert found.listeners == (BalancedPort(protocol=6, port=443, targets=(("eni-1", 5556),)),)
    assert network.unmodelled == ()


def test_rules_of_a_listener_lead_to_their_targets_too(balanced):
    balanced.thing("NetworkInterfaces", "eni-1")["Attachment"] = {"InstanceId": "i-1"}
    balanced.document["Rules"] = [
        {
            "RuleArn": LISTENER.replace(":listener/", ":listener-rule/") + "/9683",
            "Actions": [
                {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": OTHERS}]}}
            ],
        }
    ]
    assert only(only(balanced.observe().load_balancers).listeners).targets == (
        ("eni-1", 5556),
        ("eni-1", 8080),
    )


@pytest.mark.parametrize(
    ("group", "attributes", "keeps"),
    [
        ({"Protocol": "TCP", "TargetType": "instance"}, [], True),
        ({"Protocol": "TCP", "TargetType": "ip"}, [], False),
        ({"Protocol": "UDP", "TargetType": "ip"}, [], True),
        ({"Protocol": "HTTP", "TargetType": "instance"}, [], False),
        (
            {"Protocol": "TCP", "TargetType": "instance"},
            [{"Key": "preserve_client_ip.enabled", "Value": "false"}],
            False,
        ),
    ],
)
def test_targets_see_the_clients_address_only_where_it_is_kept(balanced, group, attributes, keeps):
    balanced.document["TargetGroups"][0].update(group)
    balanced.document["TargetGroupAttributes"] = [
        {"TargetGroupArn": TARGETS, "Attributes": attributes}
    ]
    listener = only(only(balanced.observe().load_balancers).listeners)
    assert listener.keeps_client_address is keeps


def test_a_listener_for_both_protocols_is_two(balanced):
    balanced.document["Listeners"][0]["Protocol"] = "TCP_UDP"
    listeners = only(balanced.observe().load_balancers).listeners
    assert [each.protocol for each in listeners] == [6, 17]


@pytest.mark.parametrize(
    ("protocol", "attributes", "idle"),
    [
        ("TCP", {"ListenerAttributes": ("tcp.idle_timeout.seconds", "90")}, 90),
        ("TCP", {"ListenerAttributes": ("tcp.something.else", "90")}, None),
        ("TCP", {"ListenerAttributes": ("tcp.idle_timeout.seconds", "soon")}, None),
        ("TCP", {}, None),
        ("TLS", {}, 350),
        ("HTTPS", {"BalancerAttributes": ("idle_timeout.timeout_seconds", "45")}, 45),
        ("HTTPS", {}, None),
    ],
)
def test_a_listener_forgets_when_its_attributes_say(balanced, protocol, attributes, idle):
    document = balanced.document
    document["Listeners"][0]["Protocol"] = protocol
    names = {"ListenerArn": LISTENER, "LoadBalancerArn": BALANCER}
    for key, (name, value) in attributes.items():
        asked = {"ListenerAttributes": "ListenerArn", "BalancerAttributes": "LoadBalancerArn"}[key]
        said = [{"Key": name, "Value": value}]
        document[key] = [{asked: names[asked], "Attributes": said}]
    network = balanced.observe()
    assert only(only(network.load_balancers).listeners).tcp_idle == idle
    assert network.unmodelled == ()


def test_what_batfish_calls_them_is_understood(balanced):
    document = balanced.document
    before = balanced.observe()
    document["LoadBalancerTargetHealth"] = document.pop("TargetHealth")
    document["LoadBalancerListeners"] = [
        {"LoadBalancerArn": BALANCER, "Listeners": document.pop("Listeners")}
    ]
    assert balanced.observe() == before


@pytest.mark.parametrize(
    ("key", "said"), [("TargetHealth", "targets of"), ("Listeners", "what it listens on")]
)
def test_what_is_not_shown_of_a_load_balancer_is_named(balanced, gaps, key, said):
    del balanced.document[key]
    assert said in only(gaps(balanced.observe(), BALANCER)).why


def test_a_target_that_was_not_observed_is_named(balanced, gaps):
    balanced.document["TargetHealth"][0]["TargetHealthDescriptions"] += health(("10.9.9.9", 1))
    assert "10.9.9.9" in only(gaps(balanced.observe(), BALANCER)).why
