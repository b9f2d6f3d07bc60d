"""From which ports whoever was observed opens connections, and how that is known."""

from __future__ import annotations

import pytest

from bulkhead.network import ANY_CLIENT_PORTS, LINUX_PORTS, WINDOWS_PORTS, PortRange


def host(account, **instance):
    """eni-2 as it is of an instance that answers so, and of no service."""
    shown = account.thing("NetworkInterfaces", "eni-2")
    shown["TagSet"] = []
    shown["Attachment"] = {"InstanceId": "i-1"}
    for group in account.document["SecurityGroups"]:
        group["Tags"] = []
    account.document["Reservations"] = [
        {"ReservationId": "r-1", "Instances": [{"InstanceId": "i-1", **instance}]}
    ]
    return account.observe().interface["eni-2"]


@pytest.mark.parametrize(
    ("instance", "ports"),
    [
        ({"InstanceType": "c5.large"}, LINUX_PORTS),
        ({"InstanceType": "c5.large", "PlatformDetails": "Linux/UNIX"}, LINUX_PORTS),
        ({"InstanceType": "c5.large", "Platform": "windows"}, WINDOWS_PORTS),
        ({"PlatformDetails": "Windows with SQL Server Standard"}, WINDOWS_PORTS),
        ({"InstanceType": "mac2-m2.metal", "PlatformDetails": "Linux/UNIX"}, WINDOWS_PORTS),
        ({"Platform": "something new"}, ANY_CLIENT_PORTS),
    ],
)
def test_the_system_of_the_instance_says_it(account, instance, ports):
    found = host(account, **instance)
    assert found.client_ports == ports
    assert found.instance_type == instance.get("InstanceType")


@pytest.mark.parametrize(
    "told",
    [
        {"InterfaceType": "lambda"},
        {"InterfaceType": "network_load_balancer"},
        {"Description": "ELB app/front/50dc6c495c0c9188", "RequesterId": "amazon-elb"},
        {},
    ],
)
def test_functions_load_balancers_and_whoever_is_not_known_may_use_any(account, told):
    account.thing("NetworkInterfaces", "eni-2").update(told, TagSet=[])
    for group in account.document["SecurityGroups"]:
        group["Tags"] = []
    assert account.observe().interface["eni-2"].client_ports == ANY_CLIENT_PORTS


def test_what_runs_a_service_of_a_topology_is_linux_unless_it_says_otherwise(account):
    assert account.observe().interface["eni-1"].client_ports == LINUX_PORTS
    shown = account.thing("NetworkInterfaces", "eni-1")
    shown["TagSet"].append({"Key": "bulkhead:client-ports", "Value": "49152-65535"})
    assert account.observe().interface["eni-1"].client_ports == WINDOWS_PORTS


def test_a_tag_that_names_no_ports_leaves_any_and_is_said(account):
    shown = account.thing("NetworkInterfaces", "eni-1")
    shown["TagSet"].append({"Key": "bulkhead:client-ports", "Value": "70000-1"})
    network = account.observe()
    assert network.interface["eni-1"].client_ports == ANY_CLIENT_PORTS
    (gap,) = network.unmodelled
    assert "it names no client ports" in gap.why


@pytest.mark.parametrize(
    ("stated", "ports"), [("", ANY_CLIENT_PORTS), ("32768-60999", PortRange(32768, 60999))]
)
def test_a_site_has_what_its_connection_is_tagged_with_else_any(account, stated, ports):
    (shown,) = account.document["VpnConnections"]
    if stated:
        shown["Tags"].append({"Key": "bulkhead:client-ports", "Value": stated})
    (site,) = account.observe().sites
    assert site.client_ports == ports
