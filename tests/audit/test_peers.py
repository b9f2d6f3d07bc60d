"""What prowler and checkov say of the same, and where this says something else on purpose.

What they say follows from their published checks: prowler-cloud/prowler of 2026-08-21
(prowler/providers/aws/services/ec2/lib/security_groups.py, network_acls.py and the checks that
are named; as it is called, without --scan-unused-services) and bridgecrewio/checkov
(checkov/terraform/checks/resource/aws/ and graph_checks/aws/). None of them knows whether a
packet arrives: that is told beside each failure, and is nothing that decides these controls.
"""

from dataclasses import replace

import pytest

from bulkhead.audit import ALL_CHECKS, Evidence, Outcome
from bulkhead.network.inventory import (
    ElasticAddress,
    FlowLog,
    Instance,
    Inventory,
    LaunchTemplate,
    Listed,
    MetadataOptions,
    TransitOptions,
    TunnelState,
    VpcEndpoint,
)
from tests.support.estate import Estate

CHECKS = {each.id: each for each in ALL_CHECKS}
PASS, FAIL, NOTHING = Outcome.PASS, Outcome.FAIL, None
"""NOTHING: they say nothing of it, neither way."""


def said(check, network, **kinds):
    """The outcomes of a check; of an account whose other kinds were read and are empty."""
    listed = {kind: Listed(tuple(things), ()) for kind, things in kinds.items()}
    found = CHECKS[check](Evidence(network=network, inventory=Inventory(**listed)))
    return {each.outcome for each in found}


def group(*rules, held=True):
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("web", *rules)
    if held:
        estate.host("h1", "a", "10.0.1.10", "web")
    return estate.build()


def acl(*entries):
    estate = Estate()
    estate.acl("guard", *entries)
    network = estate.build()
    return replace(network, nacls=tuple(each for each in network.nacls if each.id == "guard"))


SSH, RDP, DEFAULT = "group-port-22", "group-port-3389", "default-group-closed"


@pytest.mark.parametrize(
    ("check", "network", "prowler", "checkov", "ours"),
    [
        # ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22, CKV_AWS_24
        (SSH, group("in tcp 22 0.0.0.0/0"), FAIL, FAIL, FAIL),
        (SSH, group("in tcp 20-25 0.0.0.0/0"), FAIL, FAIL, FAIL),
        (SSH, group("in tcp 22 ::/0"), FAIL, FAIL, FAIL),
        (SSH, group("in tcp 22 198.51.100.0/24"), PASS, PASS, PASS),
        (SSH, group("in tcp 443 0.0.0.0/0"), PASS, PASS, PASS),
        # Two halves are everybody: both look for the text 0.0.0.0/0.
        (SSH, group("in tcp 22 0.0.0.0/1", "in tcp 22 128.0.0.0/1"), PASS, PASS, FAIL),
        # prowler leaves it to its check of all ports, and passes the one of this port.
        (SSH, group("in all 0.0.0.0/0"), PASS, FAIL, FAIL),
        # EC2.19 lists ports of web frameworks too, of which ec2_high_risk_ports lacks one.
        ("group-high-risk-ports", group("in tcp 3000 0.0.0.0/0"), FAIL, NOTHING, FAIL),
        ("group-high-risk-ports", group("in tcp 8888 0.0.0.0/0"), PASS, NOTHING, FAIL),
        # A group that nothing holds yet is asked about too: the next host gets it.
        (SSH, group("in tcp 22 0.0.0.0/0", held=False), NOTHING, FAIL, FAIL),
        # The control speaks of tcp and udp; prowler asks about tcp, CKV_AWS_25 of no protocol.
        (RDP, group("in udp 3389 0.0.0.0/0"), PASS, FAIL, FAIL),
    ],
)
def test_groups(check, network, prowler, checkov, ours):
    assert said(check, network) == {ours}
    assert {prowler, checkov} <= {PASS, FAIL, NOTHING}


@pytest.mark.parametrize(
    ("entries", "prowler", "checkov", "ours"),
    [
        # ec2_networkacl_allow_ingress_tcp_port_22, CKV_AWS_232: the first that matches decides.
        (("in 100 allow all 0.0.0.0/0",), FAIL, FAIL, FAIL),
        (("in 100 allow tcp 20-25 0.0.0.0/0",), FAIL, FAIL, FAIL),
        (
            (
                *("in 90 deny tcp 22 0.0.0.0/0", "in 91 deny tcp 3389 0.0.0.0/0"),
                *("in 92 deny udp 0-65535 0.0.0.0/0", "in 100 allow all 0.0.0.0/0"),
            ),
            PASS,
            PASS,
            PASS,
        ),
        (("in 90 deny tcp 22 10.0.0.0/8", "in 100 allow all 0.0.0.0/0"), FAIL, FAIL, FAIL),
        # Two halves are everybody.
        (("in 1 allow tcp 22 0.0.0.0/1", "in 2 allow tcp 22 128.0.0.0/1"), PASS, PASS, FAIL),
        # CIS names udp as well.
        (("in 100 allow udp 22 0.0.0.0/0",), PASS, FAIL, FAIL),
        # Two entries that together deny everybody leave nobody for the one that allows all.
        (
            ("in 1 deny all 0.0.0.0/1", "in 2 deny all 128.0.0.0/1", "in 9 allow all 0.0.0.0/0"),
            FAIL,
            FAIL,
            PASS,
        ),
    ],
)
def test_network_acls(entries, prowler, checkov, ours):
    assert said("nacl-admin-ports", acl(*entries)) == {ours}
    assert {prowler, checkov} <= {PASS, FAIL}


@pytest.mark.parametrize(
    ("held", "prowler", "checkov", "ours"),
    [
        # ec2_securitygroup_default_restrict_traffic, CKV2_AWS_12
        (True, FAIL, FAIL, FAIL),
        # Whoever is started without a group gets it: that nobody is today is no pass.
        (False, NOTHING, FAIL, FAIL),
    ],
)
def test_default_groups(held, prowler, checkov, ours):
    network = group("out all 0.0.0.0/0", held=held)
    groups = tuple(replace(each, default=True) for each in network.security_groups)
    assert said(DEFAULT, replace(network, security_groups=groups)) == {ours}
    assert (prowler, checkov) != (PASS, PASS)


def options(enabled, required):
    return MetadataOptions(enabled=enabled, tokens_required=required)


@pytest.mark.parametrize(
    ("metadata", "prowler", "checkov", "ours"),
    [
        # ec2_instance_imdsv2_enabled, CKV_AWS_79
        (options(True, True), PASS, PASS, PASS),
        (options(True, False), FAIL, FAIL, FAIL),
        (options(False, False), PASS, PASS, PASS),
        # An answer that does not say it is no pass, and no failure either.
        (options(None, None), FAIL, FAIL, Outcome.NOT_DECIDED),
    ],
)
def test_instances(metadata, prowler, checkov, ours):
    instance = Instance(id="i-1", name="i-1", vpc="vpc", metadata=metadata)
    assert said("instance-imdsv2", Estate().build(), instances=[instance]) == {ours}
    assert prowler == checkov


def template(version, required, *, default):
    return LaunchTemplate(
        id="lt-1",
        name="web",
        version=version,
        default=default,
        metadata=MetadataOptions(tokens_required=required),
    )


@pytest.mark.parametrize(
    ("versions", "prowler", "ours"),
    [
        # ec2_launch_template_imdsv2_required
        ([template(1, True, default=True)], PASS, PASS),
        # One version that requires tokens passes them all there; here the default one counts.
        ([template(1, False, default=True), template(2, True, default=False)], PASS, FAIL),
    ],
)
def test_launch_templates(versions, prowler, ours):
    assert said("template-imdsv2", Estate().build(), launch_templates=versions) == {ours}
    assert prowler is PASS


@pytest.mark.parametrize(
    ("traffic", "prowler", "checkov", "ours"),
    [
        # vpc_flow_logs_enabled, CKV2_AWS_11: any flow log. FSBP EC2.6 asks for REJECT.
        ("ALL", PASS, PASS, PASS),
        ("REJECT", PASS, PASS, PASS),
        ("ACCEPT", PASS, PASS, FAIL),
    ],
)
def test_flow_logs(traffic, prowler, checkov, ours):
    log = FlowLog(id="fl-1", resource="vpc", traffic=traffic)
    assert said("flow-logs-on", Estate().build(), flow_logs=[log]) == {ours}
    assert prowler is checkov is PASS


@pytest.mark.parametrize(
    ("destination", "prowler", "ours"),
    [
        # vpc_peering_routing_tables_with_least_privilege
        ("10.1.0.0/16", FAIL, FAIL),
        ("0.0.0.0/0", FAIL, FAIL),
        ("10.1.3.0/24", PASS, PASS),
        # Wider than the peer, and not written as its block.
        ("10.0.0.0/8", PASS, FAIL),
    ],
)
def test_peering_routes(destination, prowler, ours):
    estate = Estate(cidr="172.16.0.0/16")
    estate.vpc("peer", "10.1.0.0/16")
    estate.pcx("pcx", "vpc", "peer")
    estate.table("t", f"{destination} pcx")
    assert said("peering-routes-narrow", estate.build()) == {ours}
    assert prowler in (PASS, FAIL)


@pytest.mark.parametrize(
    ("service", "kind", "prowler", "ours"),
    [
        # vpc_endpoint_for_ec2_enabled: 'ec2' anywhere in the name.
        ("com.amazonaws.eu-west-1.ec2", "Interface", PASS, PASS),
        ("com.amazonaws.eu-west-1.s3", "Gateway", FAIL, FAIL),
        ("com.amazonaws.eu-west-1.ec2messages", "Interface", PASS, FAIL),
    ],
)
def test_endpoints(service, kind, prowler, ours):
    endpoint = VpcEndpoint(id="vpce-1", vpc="vpc", service=service, kind=kind)
    assert said("endpoint-ec2", Estate().build(), vpc_endpoints=[endpoint]) == {ours}
    assert prowler in (PASS, FAIL)


@pytest.mark.parametrize(("up", "both"), [(True, PASS), (False, FAIL)])
def test_where_both_ask_the_same_of_a_tunnel_both_say_the_same(up, both):
    """vpc_vpn_connection_tunnels_up"""
    estate = Estate()
    estate.vgw()
    estate.site("plant", "192.168.0.0/16")
    network = estate.build()
    (connection,) = network.vpn_connections
    tunnels = [
        TunnelState(connection=connection.id, name="plant", number=1, up=True),
        TunnelState(connection=connection.id, name="plant", number=2, up=up),
    ]
    assert said("tunnels-up", network, tunnels=tunnels) == {both}


@pytest.mark.parametrize(
    ("check", "kinds", "both"),
    [
        # ec2_elastic_ip_unassigned
        ("elastic-address-used", {"elastic_addresses": ["eni-1"]}, PASS),
        ("elastic-address-used", {"elastic_addresses": [""]}, FAIL),
        # ec2_transitgateway_auto_accept_vpc_attachments, CKV_AWS_331
        ("transit-accepts-nobody", {"transit_options": [True]}, FAIL),
        ("transit-accepts-nobody", {"transit_options": [False]}, PASS),
    ],
)
def test_where_all_ask_the_same_all_say_the_same(check, kinds, both):
    made = {
        "elastic_addresses": lambda holder: ElasticAddress(
            id="eipalloc-1", name="e", address=None, holder=holder
        ),
        "transit_options": lambda accepts: TransitOptions(
            id="tgw-1", name="t", accepts_all=accepts
        ),
    }
    things = {kind: [made[kind](each) for each in values] for kind, values in kinds.items()}
    assert said(check, Estate().build(), **things) == {both}
