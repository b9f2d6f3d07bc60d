"""Each policy by programs that break just it, one way at a time; and by one that complies.

The programs are written as people write them: rules inside a group, as `SecurityGroupRule`s or
apart; by TypeScript, Go or a component. Each is asked of before it is built, when no id is known,
and after.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from bulkhead_policy.policies import CHECKS

from tests.support.packs import about, ask
from tests.support.programs import Program, Secret
from tests.support.tidy import SITE, Tidy

WORLD = "0.0.0.0/0"
WORLD_6 = "::/0"


@dataclass(frozen=True)
class Spec:
    policy: str
    how: str
    program: Callable[[], Program]
    on: frozenset[str]
    """The resources that answer for it."""
    config: dict[str, Any] | None = None
    built_only: bool = False


SPECS: list[Spec] = []


def breaks(policy: str, *on: str, config: dict[str, Any] | None = None, built_only: bool = False):
    """What the function does to a tidy program breaks a policy, on these resources."""

    def note(change: Callable[[Tidy], Any]) -> Callable[[Tidy], Any]:
        def program() -> Program:
            made = Tidy()
            change(made)
            return made

        how = change.__name__
        SPECS.append(Spec(policy, how, program, frozenset(on), config, built_only))
        return change

    return note


def inline(protocol: str, first: int, last: int, *cidrs: str) -> dict[str, Any]:
    return {"protocol": protocol, "fromPort": first, "toPort": last, "cidrBlocks": [*cidrs]}


# Groups


@breaks("default-group-closed", "main")
def made_by_aws_and_left_alone(it):
    it.made.remove(it.default_group)


@breaks("default-group-closed", "closed")
def adopted_with_a_rule(it):
    it.default_group.inputs["ingress"] = [inline("-1", 0, 0, "10.0.0.0/8")]


@breaks("default-group-unused", "closed")
def held_by_a_host(it):
    it.hosts[0].inputs["vpcSecurityGroupIds"] = [it.default_group.id]


@breaks("group-admin-ports-ipv4", "ssh")
@breaks("group-port-22", "ssh")
@breaks("group-high-risk-ports", "ssh")
@breaks("group-authorised-ports", "ssh")
@breaks("group-open-to-world", "ssh")
def a_rule_apart(it):
    it.ingress("ssh", it.app, 22, cidrIpv4=WORLD)


@breaks("group-admin-ports-ipv4", "app")
@breaks("group-port-3389", "app")
def inside_its_group_among_all_ports(it):
    it.app.inputs["ingress"] = [inline("tcp", 0, 65535, "10.0.0.0/8", WORLD)]


@breaks("group-admin-ports-ipv4", "half", "other-half")
def two_halves_of_the_world(it):
    it.ingress("half", it.app, 22, cidrIpv4="0.0.0.0/1")
    it.ingress("other-half", it.app, 22, cidrIpv4="128.0.0.0/1")


@breaks("group-admin-ports-ipv6", "ssh")
def of_the_other_family(it):
    it.ingress("ssh", it.app, 22, cidrIpv6=WORLD_6)


@breaks("group-cifs", "legacy")
@breaks("group-high-risk-ports", "legacy")
def a_rule_of_the_older_kind(it):
    it.add(
        "ec2/securityGroupRule:SecurityGroupRule",
        "legacy",
        securityGroupId=it.app.id,
        type="ingress",
        protocol="tcp",
        fromPort=445,
        toPort=445,
        cidrBlocks=[WORLD],
    )


@breaks("group-authorised-ports", "page", config={"ports": [443]})
def a_port_that_nobody_authorised(it):
    it.ingress("page", it.app, 80, cidrIpv4=WORLD)


@breaks("wide-egress", "anywhere")
def everything_to_everybody(it):
    it.on_the_internet()
    it.entry("out", 90, WORLD, egress=True, protocol="-1", fromPort=0, toPort=0)
    it.add(
        "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "anywhere",
        securityGroupId=it.app.id,
        ipProtocol="-1",
        cidrIpv4=WORLD,
    )


@breaks("wide-private-range", "ten")
def all_of_a_private_range(it):
    it.ingress("ten", it.store, 5557, cidrIpv4="172.16.0.0/12")


@breaks("redundant-rule", "twice")
def said_by_another_rule(it):
    it.ingress("twice", it.store, 6000, cidrIpv4="10.0.1.0/24")
    it.ingress("wider", it.store, 6000, cidrIpv4="10.0.0.0/16")


@breaks("rules-written-one-way", "app")
def rules_inside_and_apart(it):
    it.app.inputs["ingress"] = [inline("tcp", 443, 443, "10.0.0.0/16")]
    it.ingress("apart", it.app, 8443, cidrIpv4="10.0.0.0/16")


@breaks("purpose-tagged", "app", config={"tags": ["Purpose"]})
def without_a_tag_of_its_purpose(it):
    it.vpc.inputs["tags"] = {"purpose": "in letters of any size"}
    del it.app.inputs["tags"]


@breaks("quota-headroom", "app")
def one_rule_below_the_quota(it):
    for number in range(60):
        it.ingress(f"many-{number}", it.app, 7000 + 2 * number, cidrIpv4="10.0.1.0/24")


# Network ACLs


@breaks("nacl-admin-ports", "open")
@breaks("nacl-wide-open", "open")
@breaks("nacl-second-layer", "open")
def an_entry_for_everything(it):
    it.entry("open", 90, WORLD, protocol="-1", fromPort=0, toPort=0)


@breaks("nacl-second-layer", "main")
def the_one_that_aws_made(it):
    it.nacl.inputs["subnetIds"] = []
    it.made.remove(it.default_nacl)


@breaks("shadowed-entry", "late")
def a_deny_that_stands_too_late(it):
    it.entry("late", 130, "10.0.1.0/24", ruleAction="deny")


@breaks("half-open-flow", "apps")
def entries_written_inside_without_the_replies(it):
    for each in [one for one in it.made if "networkAclRule" in one.type]:
        it.made.remove(each)
    entry = {"protocol": "6", "action": "allow", "cidrBlock": SITE}
    it.nacl.inputs["egress"] = [{**entry, "ruleNo": 100, "fromPort": 8443, "toPort": 8443}]
    it.nacl.inputs["ingress"] = [{**entry, "ruleNo": 100, "fromPort": 80, "toPort": 80}]


# Routes


@breaks("unreachable-route", "never")
def a_route_within_the_vpc_itself(it):
    it.add(
        "ec2/route:Route",
        "never",
        routeTableId=it.table.id,
        destinationCidrBlock="10.0.0.0/16",
        gatewayId=it.gateway.id,
    )


@breaks("blackhole-route", "gone", built_only=True)
def a_route_to_a_gateway_that_was_deleted(it):
    it.add(
        "ec2/route:Route",
        "gone",
        routeTableId=it.table.id,
        destinationCidrBlock="10.50.0.0/16",
        transitGatewayId="tgw-0gone",
        answers={"state": "blackhole"},
    )


@breaks("peering-routes-narrow", "to-peer")
def a_route_to_all_of_a_peer(it):
    peer = it.network("peer", "10.9.0.0/16")
    link = it.add(
        "ec2/vpcPeeringConnection:VpcPeeringConnection",
        "link",
        vpcId=it.vpc.id,
        peerVpcId=peer.id,
        autoAccept=True,
        answers={"acceptStatus": "active"},
    )
    it.add(
        "ec2/route:Route",
        "to-peer",
        routeTableId=it.table.id,
        destinationCidrBlock="10.9.0.0/16",
        vpcPeeringConnectionId=link.id,
    )


# Hosts and places


@breaks("instance-imdsv2", "app")
def metadata_of_version_1_too(it):
    it.hosts[0].inputs["metadataOptions"] = {"httpTokens": "optional"}


def template(it, **data):
    good = {"httpTokens": "required", "httpEndpoint": "enabled"}
    it.add("ec2/launchTemplate:LaunchTemplate", "fleet", **{"metadataOptions": good, **data})


@breaks("template-imdsv2", "fleet")
def a_template_that_allows_version_1(it):
    template(it, metadataOptions={"httpTokens": "optional"})


@breaks("template-not-public", "fleet")
def a_template_that_gives_a_public_address(it):
    template(it, networkInterfaces=[{"associatePublicIpAddress": "true"}])


@breaks("instance-not-public", "app")
@breaks("not-on-the-internet", "app")
@breaks("public-hosts-apart", "apps")
def a_public_address(it):
    it.on_the_internet()
    it.ingress("page", it.app, 443, cidrIpv4=WORLD)
    it.entry("https", 125, WORLD, fromPort=443, toPort=443)


@breaks("instance-has-one-interface", "app")
def a_second_interface(it):
    it.add(
        "ec2/networkInterface:NetworkInterface",
        "second",
        subnetId=it.subnet.id,
        securityGroups=[it.app.id],
        attachments=[{"instance": it.hosts[0].id, "deviceIndex": 1}],
        answers={"privateIp": "10.0.1.30", "privateIps": ["10.0.1.30"]},
    )


@breaks("source-dest-check-on", "app")
def the_check_off(it):
    it.hosts[0].inputs["sourceDestCheck"] = False


@breaks("subnet-gives-no-public-address", "apps")
def public_addresses_by_themselves(it):
    it.subnet.inputs["mapPublicIpOnLaunch"] = True


@breaks("public-access-blocked", "main")
def the_block_switched_off(it):
    it.add(
        "ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions",
        "options",
        internetGatewayBlockMode="off",
        region=it.region,
    )


@breaks("transit-accepts-nobody", "hub")
def a_hub_that_takes_in_everybody(it):
    it.add(
        "ec2transitgateway/transitGateway:TransitGateway",
        "hub",
        autoAcceptSharedAttachments="enable",
        answers={"associationDefaultRouteTableId": "tgw-rtb-1"},
    )


for each in ("ec2", "ecr-api", "ecr-dkr", "ssm", "ssm-contacts", "ssm-incidents"):
    breaks(f"endpoint-{each}", "main")(Tidy.itself)


@breaks("flow-logs-on", "main")
def no_log(it):
    it.made[:] = [each for each in it.made if "flowLog" not in each.type]


@breaks("flow-logs-on", "main")
def a_log_of_what_is_accepted_alone(it):
    (log,) = (each for each in it.made if "flowLog" in each.type)
    log.inputs["trafficType"] = "ACCEPT"


# VPN


@breaks("tunnels-logged", "site")
def one_tunnel_without_a_log(it):
    del it.vpn.inputs["tunnel2LogOptions"]


@breaks("tunnel-algorithms-strong", "site")
def an_old_group_in_one_tunnel(it):
    it.vpn.inputs["tunnel2Phase1DhGroupNumbers"] = [2]


@breaks("tunnel-key-not-in-state", "site")
def a_key_in_the_clear(it):
    del it.vpn.inputs["presharedKeyStorage"]
    it.vpn.inputs["tunnel1PresharedKey"] = "not_a_secret_at_all"
    it.vpn.inputs["tunnel2PresharedKey"] = Secret("kept")


# Network Firewall


def firewall(it, policy=None, logging=True, group_rules=1, **data):
    default = ["aws:forward_to_sfe"]
    rules = [{"priority": 1, "ruleDefinition": {"actions": ["aws:drop"], "matchAttributes": {}}}]
    source = {"statelessRulesAndCustomActions": {"statelessRules": rules[:group_rules]}}
    group = it.add(
        "networkfirewall/ruleGroup:RuleGroup",
        "rules",
        type="STATELESS",
        capacity=10,
        ruleGroup={"rulesSource": source},
        answers={"arn": "arn:aws:network-firewall:eu-west-1:1:stateless-rulegroup/rules"},
    )
    written = it.add(
        "networkfirewall/firewallPolicy:FirewallPolicy",
        "policy",
        firewallPolicy={
            "statelessDefaultActions": default,
            "statelessFragmentDefaultActions": default,
            "statelessRuleGroupReferences": [{"priority": 1, "resourceArn": group["arn"]}],
            **(policy or {}),
        },
        answers={"arn": "arn:aws:network-firewall:eu-west-1:1:firewall-policy/policy"},
    )
    other = it.add(
        "ec2/subnet:Subnet",
        "walls-b",
        vpcId=it.vpc.id,
        cidrBlock="10.0.8.0/24",
        availabilityZone="eu-west-1b",
    )
    made = it.add(
        "networkfirewall/firewall:Firewall",
        "wall",
        **{
            "vpcId": it.vpc.id,
            "firewallPolicyArn": written["arn"],
            "subnetMappings": [{"subnetId": it.subnet.id}, {"subnetId": other.id}],
            "deleteProtection": True,
            "subnetChangeProtection": True,
            **data,
        },
        answers={"arn": "arn:aws:network-firewall:eu-west-1:1:firewall/wall"},
    )
    if logging:
        it.add(
            "networkfirewall/loggingConfiguration:LoggingConfiguration",
            "logs",
            firewallArn=made["arn"],
            loggingConfiguration={"logDestinationConfigs": [{"logType": "ALERT"}]},
        )


def breaks_wall(told, /, on="wall", **how):
    breaks(told, on, built_only=True)(lambda it: firewall(it, **how))


breaks_wall("firewall-delete-protected", deleteProtection=False)
breaks_wall("firewall-subnets-protected", subnetChangeProtection=False)
breaks_wall("firewall-logged", logging=False)
breaks_wall("firewall-has-rules", policy={"statelessRuleGroupReferences": []})
breaks_wall("firewall-full-packets", policy={"statelessDefaultActions": ["aws:pass"]})
breaks_wall("firewall-fragments", policy={"statelessFragmentDefaultActions": ["aws:pass"]})
breaks_wall("firewall-group-not-empty", on="rules", group_rules=0)


@breaks("firewall-zones", "wall", built_only=True)
def in_one_zone(it):
    firewall(it, subnetMappings=[{"subnetId": it.subnet.id}])


# What comes in from outside: proved


@breaks("crossings-controlled", "app")
def everything_from_everywhere(it):
    it.on_the_internet()
    for egress in (False, True):
        it.entry(f"all-{egress}", 10, WORLD, protocol="-1", egress=egress)
    it.app.inputs["ingress"] = [inline("-1", 0, 0, WORLD)]


@breaks("zeromq-from-internet", "ticks")
@breaks("internet-reach-listed", "ticks")
def a_port_of_zeromq_for_the_world(it):
    it.on_the_internet()
    it.ingress("ticks", it.app, 5556, cidrIpv4=WORLD)


@breaks("zeromq-from-internet", "app")
def among_a_range_written_inside(it):
    it.on_the_internet()
    it.app.inputs["ingress"] = [inline("tcp", 5000, 6000, "10.0.0.0/16", WORLD)]


@breaks("zeromq-from-internet", "elsewhere", config={"ports": ["9005", 9006]})
def a_port_that_the_user_names(it):
    it.on_the_internet()
    it.ingress("elsewhere", it.app, 9006, cidrIpv4=WORLD)


@breaks("zeromq-without-tunnel", "partner")
def a_partner_by_its_public_addresses(it):
    it.on_the_internet()
    it.ingress("partner", it.app, 5556, cidrIpv4="198.51.100.0/24")


@breaks("zeromq-from-untrusted-site", "from-site")
@breaks("site-reach-listed", "from-site")
def a_port_for_the_site(it):
    it.ingress("from-site", it.store, 5556, cidrIpv4=SITE)
    it.ingress("from-home", it.store, 5556, cidrIpv4="10.0.1.0/24")


@breaks("admin-from-internet", "desktop")
def a_desktop_for_the_world(it):
    it.on_the_internet()
    it.ingress("desktop", it.app, 3389, cidrIpv4=WORLD)


@breaks("cifs-from-untrusted", "app")
def files_for_the_site(it):
    it.ingress("files", it.app, 445, cidrIpv4=SITE)
    it.entry("files", 90, SITE, fromPort=445, toPort=445)


@breaks("not-discovered", "app")
def pings_from_the_site(it):
    it.ingress("ping", it.app, 8, cidrIpv4=SITE, ipProtocol="icmp", toPort=0)
    for egress in (False, True):
        more = {"icmpType": -1, "icmpCode": -1, "fromPort": 0, "toPort": 0}
        it.entry(f"ping-{egress}", 90, SITE, egress=egress, protocol="1", **more)


EACH = [(spec, built) for spec in SPECS for built in (True, False) if built or not spec.built_only]


def called(spec: Spec, built: bool) -> str:
    return f"{spec.policy}-{spec.how}-{'built' if built else 'previewed'}"


@pytest.mark.parametrize(("spec", "built"), EACH, ids=[called(*each) for each in EACH])
def test_a_program_that_breaks_it_is_told_on_the_resource_that_does(spec, built):
    config = {spec.policy: spec.config} if spec.config else None
    said = ask(spec.program(), built=built, config=config, every=True)
    assert about(spec.policy, said) == spec.on


def complying() -> Tidy:
    """With endpoints of all that AWS's own practices name."""
    program = Tidy()
    for service in ("ec2", "ecr.api", "ecr.dkr", "ssm", "ssm-contacts", "ssm-incidents"):
        program.add(
            "ec2/vpcEndpoint:VpcEndpoint",
            service,
            vpcId=program.vpc.id,
            serviceName=f"com.amazonaws.eu-west-1.{service}",
            vpcEndpointType="Interface",
        )
    return program


@pytest.fixture(scope="module")
def of_a_program_that_complies():
    return {where: ask(complying(), built=where, every=True) for where in (True, False)}


@pytest.mark.parametrize("policy", [each.id for each in CHECKS])
def test_a_program_that_complies_is_not_told_of(policy, of_a_program_that_complies, built):
    assert about(policy, of_a_program_that_complies[built]) == set()


def test_every_policy_has_a_program_that_breaks_it():
    told = {each.policy for each in SPECS}
    assert {each.id for each in CHECKS} - told == {"as-declared"}  # test_declared
