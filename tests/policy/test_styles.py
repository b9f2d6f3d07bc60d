"""Programs as other people write them: whatever the style, each finding is where it belongs."""

from __future__ import annotations

import pytest

from tests.support.foreign import EVERYWHERE, Shop
from tests.support.packs import about, ask, of, told
from tests.support.programs import UNKNOWN, Made, Program, unknown
from tests.support.tidy import Tidy


def open_group(program: Program, name: str, port: int, **where) -> Made:
    """As in the first TypeScript program that anybody writes."""
    rule = {"protocol": "tcp", "fromPort": port, "toPort": port, "cidrBlocks": [EVERYWHERE]}
    return program.add("ec2/securityGroup:SecurityGroup", name, ingress=[rule], **where)


def test_a_group_of_which_nobody_names_the_vpc_is_in_the_default_one(built):
    program = Program()
    answers = {} if not built else {"vpcId": "vpc-default"}
    open_group(program, "web", 22, answers=answers)
    assert about("group-admin-ports-ipv4", ask(program, built=built)) == {"web"}


def test_what_another_stack_made_is_not_blamed_on_this_one(built):
    program = Program()
    open_group(program, "web", 22, vpcId="vpc-0abc")
    said = ask(program, built=built)
    assert about("group-admin-ports-ipv4", said) == {"web"}
    assert not of("flow-logs-on", said)
    assert any("vpc-0abc" in each.message for each in of("cannot-tell", said))


def test_a_vpc_that_the_program_only_reads_may_have_its_logs_elsewhere(built):
    program = Program()
    vpc = program.add(
        "ec2/vpc:Vpc",
        "theirs",
        external=True,
        cidrBlock="10.0.0.0/16",
        answers={"id": "vpc-0abc", "defaultSecurityGroupId": "sg-0abc"},
    )
    open_group(program, "web", 22, vpcId=vpc.id)
    said = ask(program, built=built)
    assert about("group-admin-ports-ipv4", said) == {"web"}
    assert not of("flow-logs-on", said)
    assert any("flow-logs-on" in each.message for each in of("cannot-tell", said))


def test_two_regions_by_providers_of_their_own_are_two_networks(built):
    """Each has the same names and addresses, and only one of them a rule too many."""
    program = Program()
    for region in ("eu-west-1", "us-east-1"):
        program.providers[region] = {"region": region}
        vpc = program.add(
            "ec2/vpc:Vpc",
            f"main-{region}",
            provider=region,
            cidrBlock="10.0.0.0/16",
            answers={"defaultSecurityGroupId": f"sg-{region}", "region": region},
        )
        port = {"eu-west-1": 443, "us-east-1": 22}[region]
        open_group(program, f"web-{region}", port, provider=region, vpcId=vpc.id)
    said = ask(program, built=built)
    assert about("group-admin-ports-ipv4", said) == {"web-us-east-1"}
    assert about("flow-logs-on", said) == {"main-eu-west-1", "main-us-east-1"}


def test_of_a_provider_whose_region_is_yet_to_come_everything_else_is_judged():
    program = Shop()
    program.rule("ssh", 22, EVERYWHERE)
    program.providers["default_7_51_1"] = {"region": UNKNOWN}
    said = ask(program, built=False)
    assert about("group-admin-ports-ipv4", said) == {"ssh"}
    assert not any(UNKNOWN in each.message for each in said)


class Awsx(Program):
    """What `new awsx.ec2.Vpc("net")` makes: children of children, a NAT gateway in each zone."""

    def __init__(self) -> None:
        super().__init__()
        net = self.component("awsx:ec2:Vpc", "net")
        self.vpc = self.add(
            "ec2/vpc:Vpc",
            "net",
            parent=net,
            cidrBlock="10.0.0.0/16",
            answers={
                "defaultSecurityGroupId": "sg-0net",
                "defaultNetworkAclId": "acl-0net",
                "mainRouteTableId": "rtb-0net",
                "defaultRouteTableId": "rtb-0net",
            },
        )
        self.gateway = self.add(
            "ec2/internetGateway:InternetGateway", "net", parent=self.vpc.urn, vpcId=self.vpc.id
        )
        self.private: list[Made] = []
        for zone in (1, 2):
            public = self.subnet(f"net-public-{zone}", zone, f"10.0.{zone}.0/24", public=True)
            self.route(public, zone, gatewayId=self.gateway.id)
            address = self.add(
                "ec2/eip:Eip",
                f"net-{zone}",
                parent=public.urn,
                answers={"publicIp": f"3.3.3.{zone}", "allocationId": f"eipalloc-0{zone}"},
            )
            nat = self.add(
                "ec2/natGateway:NatGateway",
                f"net-{zone}",
                parent=public.urn,
                subnetId=public.id,
                allocationId=address["allocationId"],
                answers={"privateIp": f"10.0.{zone}.9", "networkInterfaceId": f"eni-nat{zone}"},
            )
            private = self.subnet(f"net-private-{zone}", zone, f"10.0.1{zone}.0/24", public=False)
            self.route(private, zone, natGatewayId=nat.id)
            self.private.append(private)

    def subnet(self, name: str, zone: int, cidr: str, *, public: bool) -> Made:
        return self.add(
            "ec2/subnet:Subnet",
            name,
            parent=self.vpc.urn,
            vpcId=self.vpc.id,
            cidrBlock=cidr,
            availabilityZone=f"eu-west-1{'_ab'[zone]}",
            mapPublicIpOnLaunch=public,
        )

    def route(self, subnet: Made, zone: int, **target) -> None:
        table = self.add(
            "ec2/routeTable:RouteTable", subnet.name, parent=subnet.urn, vpcId=self.vpc.id
        )
        self.add(
            "ec2/routeTableAssociation:RouteTableAssociation",
            subnet.name,
            parent=table.urn,
            subnetId=subnet.id,
            routeTableId=table.id,
        )
        self.add(
            "ec2/route:Route",
            subnet.name,
            parent=table.urn,
            routeTableId=table.id,
            destinationCidrBlock=EVERYWHERE,
            **target,
        )


def test_of_a_component_the_child_answers_for_what_it_makes(built):
    said = ask(Awsx(), built=built)
    assert about("subnet-gives-no-public-address", said) == {"net-public-1", "net-public-2"}
    assert about("flow-logs-on", said) == {"net"}


def test_behind_a_nat_gateway_a_wide_rule_lets_nobody_in(built):
    """Another pack looks at the rule alone; this one asks who gets there."""
    program = Awsx()
    group = open_group(program, "app", 5556, vpcId=program.vpc.id)
    program.add(
        "ec2/networkInterface:NetworkInterface",
        "app",
        subnetId=program.private[0].id,
        securityGroups=[group.id],
        privateIps=["10.0.11.20"],
        answers={"privateIp": "10.0.11.20"},
    )
    said = ask(program, built=built)
    assert not of("zeromq-from-internet", said)
    assert about("group-authorised-ports", said) == {"app"}


def test_an_address_that_is_tied_on_makes_a_wide_rule_a_way_in(built):
    """A public address, a way out and a rule: three resources, of which none is wrong by itself."""
    program = Awsx()
    group = open_group(program, "app", 5556, vpcId=program.vpc.id)
    (public,) = [
        each for each in program.made if each.name == "net-public-1" and "subnet" in each.type
    ]
    host = program.add(
        "ec2/networkInterface:NetworkInterface",
        "app",
        subnetId=public.id,
        securityGroups=[group.id],
        privateIps=["10.0.1.20"],
        answers={"privateIp": "10.0.1.20"},
    )
    program.add("ec2/eip:Eip", "app", networkInterface=host.id, answers={"publicIp": "3.3.3.30"})
    assert about("zeromq-from-internet", ask(program, built=built)) == {"app"}


def test_tags_that_the_provider_gives_to_all_count():
    program = Tidy()
    program.providers["default_7_51_1"]["defaultTags"] = '{"tags": {"Purpose": "trading"}}'
    assert not of("purpose-tagged", ask(program, built=False, every=True))


def test_a_rule_that_goes_away_in_this_very_update_is_in_doubt_and_no_finding():
    """The group's outputs still show it, and no resource says it any more."""
    shop = Shop()
    rule = {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": [EVERYWHERE]}
    shop.group.answers = {"ingress": [rule]}
    said = ask(shop, built=True)
    assert not of("group-admin-ports-ipv4", said)
    assert "web" in about("cannot-tell", said)


def test_a_state_whose_outputs_hold_no_ids_is_judged_all_the_same():
    """The engine shows a pack none beside: what refers to a resource tells which it is."""
    broken = Tidy()
    broken.ingress("from-site", broken.store, 5556, cidrIpv4="192.168.10.0/24")
    for program, about_site in ((Tidy(), set()), (broken, {"from-site"})):
        single, every = program.requests(built=True)
        for each in every.resources:
            if "id" in each.properties:
                del each.properties["id"]
        assert about("zeromq-from-untrusted-site", told(single, every)) == about_site


def test_a_state_without_a_provider_is_judged_all_the_same():
    program = Shop()
    program.rule("ssh", 22, EVERYWHERE)
    single, every = program.requests(built=True)
    for each in every.resources:
        each.ClearField("provider")
    assert about("group-admin-ports-ipv4", told(single, every)) == {"ssh"}


def test_what_an_update_leaves_unknown_of_what_stands_is_what_the_program_says():
    program = Shop()
    program.rule("ssh", 22, EVERYWHERE)
    single, every = program.requests(built=True)
    for each in every.resources:
        if each.name == "ssh":
            each.properties["cidrIpv4"] = UNKNOWN
    assert about("group-admin-ports-ipv4", told(single, every)) == {"ssh"}


def test_rules_that_let_in_the_same_from_here_and_there_are_one_finding(built):
    """An office's own rule says nothing beside one for the world, until that is closed."""
    shop = Shop()
    for name, where in (("world", EVERYWHERE), ("office", "198.51.100.0/24")):
        shop.rule(name, 22, where)
    said = of("admin-from-internet", ask(shop, built=built))
    assert {each.about for each in said} == {"world", "office"}
    assert len(said) == 2
    assert all("the internet (0.0.0.0/0, 198.51.100.0/24)" in each.message for each in said)


def test_hosts_are_told_apart_by_what_gets_to_each():
    """One rule for all ports, and a network ACL that lets one port pass to one of them."""
    shop = Shop()
    shop.rule("all", 0, EVERYWHERE, toPort=65535)
    place = shop.add(
        "ec2/subnet:Subnet",
        "narrow",
        vpcId=shop.vpc.id,
        cidrBlock="10.0.2.0/24",
        availabilityZone="eu-west-1a",
    )
    shop.add(
        "ec2/routeTableAssociation:RouteTableAssociation",
        "in-narrow",
        subnetId=place.id,
        routeTableId=shop.table.id,
    )
    entry = {"protocol": "tcp", "action": "allow", "cidrBlock": EVERYWHERE, "ruleNo": 100}
    shop.add(
        "ec2/networkAcl:NetworkAcl",
        "narrow",
        vpcId=shop.vpc.id,
        subnetIds=[place.id],
        ingress=[{**entry, "fromPort": 22, "toPort": 22}],
        egress=[{**entry, "fromPort": 1024, "toPort": 65535}],
    )
    shop.instance("quiet", place, shop.group)
    said = of("admin-from-internet", ask(shop, built=False))
    (quiet,) = [each for each in said if "i-quiet:" in each.message]
    assert "reaches it on tcp 22\n" in quiet.message


def test_an_address_that_aws_is_yet_to_choose_is_never_named():
    shop = Shop()
    shop.rule("ssh", 22, EVERYWHERE)
    said = ask(shop, built=False)
    assert about("instance-not-public", said) == {"shop"}
    assert not any("192.0.2." in each.message for each in said)
    assert any("(not known yet)" in each.message for each in said)


def test_what_mends_a_program_is_no_call_that_its_next_update_takes_back():
    tidy = Tidy()
    tidy.subnet.inputs["mapPublicIpOnLaunch"] = True
    for number in (1, 2):
        del tidy.vpn.inputs[f"tunnel{number}LogOptions"]
    said = ask(tidy, built=False)
    assert {each.policy for each in said} >= {"subnet-gives-no-public-address", "tunnels-logged"}
    assert not any("aws ec2" in each.message for each in said)
    assert "tunnel 1 does not log; tunnel 2 does not log" in of("tunnels-logged", said)[0].message


def test_what_runs_hosts_in_subnets_that_are_yet_to_be_made_is_named(built):
    shop = Shop()
    template = {"id": "lt-0abc", "version": "$Latest"}
    places = [shop.subnet.id]
    shop.add("autoscaling/group:Group", "fleet", vpcZoneIdentifiers=places, launchTemplate=template)
    shop.add("msk/cluster:Cluster", "brokers", brokerNodeGroupInfo={"clientSubnets": places})
    assert about("cannot-tell", ask(shop, built=built)) >= {"fleet", "brokers"}


@pytest.mark.parametrize(
    ("what", "key"),
    [
        ("host", "subnetId"),
        ("host", "associatePublicIpAddress"),
        ("host", "vpcSecurityGroupIds"),
        ("subnet", "cidrBlock"),
        ("subnet", "mapPublicIpOnLaunch"),
        ("vpc", "cidrBlock"),
    ],
)
def test_whom_the_internet_reaches_is_left_open_where_a_host_is_not_known(what, key):
    """A Boolean that is not known yet is no yes, and a host that nobody can place is no absence."""
    shop = Shop()
    shop.rule("ticks", 5556, EVERYWHERE)
    if key == "mapPublicIpOnLaunch":
        del shop.host.inputs["associatePublicIpAddress"]
    getattr(shop, what).inputs[key] = unknown()
    said = ask(shop, built=False)
    assert not of("zeromq-from-internet", said)
    assert ("ublic" in key) <= (not of("instance-not-public", said))
    assert any("zeromq-from-internet" in each.message for each in of("cannot-tell", said))


def test_a_rule_in_doubt_is_not_counted_among_those_of_a_default_group():
    shop = Shop()
    shop.host.inputs["vpcSecurityGroupIds"] = unknown()
    (said,) = of("default-group-closed", ask(shop, built=False))
    assert "it has 2 rules" in said.message


def test_one_direction_inside_and_the_other_apart_is_no_quarrel(built):
    """As most programs begin: everything may go out, said inside; who comes in, apart."""
    shop = Shop()
    shop.rule("in", 443, "10.0.0.0/16")
    shop.group.inputs["egress"] = [
        {"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": [EVERYWHERE]}
    ]
    assert not of("rules-written-one-way", ask(shop, built=built))
    shop.add(
        "ec2/securityGroupRule:SecurityGroupRule",
        "out",
        type="egress",
        securityGroupId=shop.group.id,
        protocol="tcp",
        fromPort=443,
        toPort=443,
        cidrBlocks=["10.0.0.0/16"],
    )
    (said,) = of("rules-written-one-way", ask(shop, built=built))
    assert "its egress rules are written inside it, and others apart (out)" in said.message


def test_how_near_a_quota_is_stays_open_where_rules_are_not_known():
    shop = Shop()
    shop.group.inputs["ingress"] = unknown()
    said = of("cannot-tell", ask(shop, built=False))
    assert any("quota-headroom" in each.message for each in said if each.about == "web")


def test_a_host_in_a_subnet_of_another_stack_leaves_open_whom_the_internet_reaches(built):
    """As where a stack reference, or a lookup, gives the subnet."""
    program = Program()
    group = open_group(program, "app", 5556, vpcId="vpc-0abc1234")
    program.add(
        "ec2/instance:Instance",
        "host",
        subnetId="subnet-0abc1234",
        vpcSecurityGroupIds=[group.id],
        associatePublicIpAddress=True,
        answers={
            "privateIp": "10.0.3.4",
            "publicIp": "3.3.3.3",
            "primaryNetworkInterfaceId": "eni-0abc1234",
        },
    )
    said = of("cannot-tell", ask(program, built=built))
    assert "host" in {each.about for each in said}
    assert any("zeromq-from-internet" in each.message for each in said)


def test_whether_a_load_balancer_sends_everything_everywhere_is_left_open(built):
    """Its interfaces are in no stack: the rule is there, and nobody to whom it would matter."""
    shop = Shop()
    everything = {"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": [EVERYWHERE]}
    group = shop.add(
        "ec2/securityGroup:SecurityGroup", "front", vpcId=shop.vpc.id, egress=[everything]
    )
    shop.add(
        "lb/loadBalancer:LoadBalancer",
        "front",
        subnets=[shop.subnet.id],
        securityGroups=[group.id],
        answers={"arn": "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/front/1"},
    )
    said = of("cannot-tell", ask(shop, built=built))
    assert any("wide-egress" in each.message for each in said if each.about == "front")
