"""From which ports whoever was observed opens connections, and how that is known."""

from __future__ import annotations

from ipaddress import IPv4Network

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
        ({"InstanceType": "r5.large", "PlatformDetails": "Windows BYOL"}, WINDOWS_PORTS),
        ({"InstanceType": "r5.large", "PlatformDetails": "Linux with SQL Server"}, LINUX_PORTS),
        ({"InstanceType": "mac2-m2.metal", "PlatformDetails": "Linux/UNIX"}, WINDOWS_PORTS),
    ],
)
def test_the_system_of_the_instance_says_it(account, instance, ports):
    found = host(account, **instance)
    assert found.client_ports == ports
    assert found.instance_type == instance.get("InstanceType")


@pytest.mark.parametrize(
    "instance", [{"Platform": "something new"}, {}, {"State": {"Name": "running"}}]
)
def test_of_an_instance_that_says_too_little_any_port_counts_and_is_said_to(account, instance):
    """What a query left out is not absent: no Platform beside no type is no Linux."""
    found = host(account, **instance)
    assert found.client_ports == ANY_CLIENT_PORTS
    assert "which system i-1 runs is not known: Platform and PlatformDetails" in found.why_any_port


@pytest.mark.parametrize(
    "told",
    [
        {"Description": "arn:aws:ecs:eu-west-1:123456789012:attachment/4a"},
        {"Description": "RDSNetworkInterface", "RequesterManaged": True},
        {"Description": "ElastiCache cache-1", "RequesterManaged": True},
        {"Description": "Created By Amazon Workspaces for AWS Account ID 123456789012"},
        {"InterfaceType": "branch"},
        {"InterfaceType": "aws_codestar_connections_managed", "RequesterManaged": True},
    ],
)
def test_what_no_instance_runs_says_that_nobody_knows_its_ports(account, told):
    host(account)
    account.thing("NetworkInterfaces", "eni-2").update(told, Attachment={"Status": "attached"})
    found = account.observe().interface["eni-2"]
    assert found.client_ports == ANY_CLIENT_PORTS
    assert "the tag bulkhead:client-ports of its interface would" in found.why_any_port


def test_an_instance_that_was_not_observed_is_named(account):
    host(account)
    account.document["Reservations"] = []
    found = account.observe().interface["eni-2"]
    assert "which system i-1 runs is not known" in found.why_any_port


@pytest.mark.parametrize(
    "told",
    [
        {"InterfaceType": "lambda"},
        {"InterfaceType": "network_load_balancer"},
        {"InterfaceType": "gateway_load_balancer"},
        {"Description": "ELB app/front/50dc6c495c0c9188"},
        {"Description": "ELB classic"},
        {"InterfaceType": "vpc_endpoint"},
        {"InterfaceType": "nat_gateway"},
    ],
)
def test_of_what_is_known_to_use_any_port_or_to_open_nothing_nothing_is_said(account, told):
    host(account)
    account.thing("NetworkInterfaces", "eni-2").update(told, Attachment={"Status": "attached"})
    found = account.observe().interface["eni-2"]
    assert (found.client_ports, found.why_any_port) == (ANY_CLIENT_PORTS, "")
    assert found.function is (told.get("InterfaceType") == "lambda")


def test_what_runs_a_service_of_a_topology_is_linux_unless_it_says_otherwise(account):
    assert account.observe().interface["eni-1"].client_ports == LINUX_PORTS
    shown = account.thing("NetworkInterfaces", "eni-1")
    shown["TagSet"].append({"Key": "bulkhead:client-ports", "Value": "49152-65535"})
    assert account.observe().interface["eni-1"].client_ports == WINDOWS_PORTS


def test_so_is_a_service_whose_instance_does_not_say_what_it_runs(account):
    account.document["Reservations"] = [
        {"ReservationId": "r-1", "Instances": [{"InstanceId": "i-1", "Platform": "unknown"}]}
    ]
    account.thing("NetworkInterfaces", "eni-1")["Attachment"] = {"InstanceId": "i-1"}
    assert account.observe().interface["eni-1"].client_ports == LINUX_PORTS


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


def test_a_host_of_a_site_has_what_its_tag_says(account):
    connection = account.thing("VpnConnections", "vpn-1")
    connection["Tags"].append(
        {"Key": "bulkhead:client-ports:192.168.10.7/32", "Value": "40000-40999"}
    )
    (site,) = account.observe().sites
    assert site.host_ports == ((IPv4Network("192.168.10.7/32"), PortRange(40000, 40999)),)


def test_tags_of_hosts_that_cannot_be_read_leave_any_port_to_all_and_are_said(account):
    connection = account.thing("VpnConnections", "vpn-1")
    connection["Tags"] += [
        {"Key": "bulkhead:client-ports:192.168.10.7/32", "Value": "40000-40999"},
        {"Key": "bulkhead:client-ports:a host", "Value": "40000-40999"},
    ]
    network = account.observe()
    (site,) = network.sites
    assert site.asks_from(IPv4Network("192.168.10.7/32")) == ANY_CLIENT_PORTS
    assert "bulkhead:client-ports:" in str(network.unmodelled)
