"""A folder or file of `aws … describe-*` output, as it may come."""

from __future__ import annotations

import copy
import json

import pytest

from bulkhead.network import Network
from bulkhead.observe.dumps.dump import dump
from bulkhead.observe.errors import TopologyNotFoundError
from bulkhead.problems import InputError
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_dump, as_files, write
from tests.support.estate import Estate
from tests.support.verdicts import verdicts


def shop():
    """Two VPCs, peered; the first with the internet, a site and an IPv6 way out."""
    estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")
    estate.vpc("two", "10.1.0.0/16")
    estate.table("out", "0.0.0.0/0 igw", "192.168.0.0/16 vgw propagated", "10.1.0.0/16 pcx")
    estate.table("back", "10.0.0.0/16 pcx", "10.8.0.0/16 tgw", vpc="two")
    estate.subnet("a", "10.0.0.0/24 2a05:d018:1:1::/64", table="out")
    estate.subnet("b", "10.1.0.0/24", table="back", vpc="two")
    estate.group("web", "in tcp 80 0.0.0.0/0", "in icmp:8 web", "out all 0.0.0.0/0")
    estate.host("h1", "a", "10.0.0.5 2a05:d018:1:1::5", "web", public="203.0.113.9")
    estate.host("h2", "b", "10.1.0.5", "web")
    estate.igw()
    estate.vgw()
    estate.site("plant", "192.168.0.0/16", version=4)
    estate.pcx("pcx", "vpc", "two")
    estate.tgw()
    estate.attach("att", "two", "b", table="hub")
    estate.tgw_table("hub", "10.1.0.0/16 att propagated")
    return with_aws_ids(estate.build())


@pytest.fixture
def network() -> Network:
    return shop()


@pytest.fixture
def files(network):
    return as_files(network)


def put(folder, files):
    """Files of objects (written as JSON) or of text."""
    for name, answer in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(answer if isinstance(answer, str) else json.dumps(answer, indent=1))
    return folder


def refused(path):
    with pytest.raises(InputError) as told:
        dump(path)
    return [str(each) for each in told.value.problems]


def doubts(network):
    return {(each.kind, each.scope) for each in network.unmodelled}


def why(network, scope):
    return " ".join(each.why for each in network.unmodelled if each.scope == scope)


def test_a_folder_with_a_file_for_each_question(tmp_path, network, files):
    seen = dump(put(tmp_path, files))
    assert verdicts(seen) == verdicts(network)
    assert seen.unmodelled == ()
    assert {each.region for each in seen.vpcs} == {"eu-west-1"}


def test_one_file_may_answer_everything_but_what_says_not_what_it_is_about(tmp_path, network):
    path = tmp_path / "all.json"
    document = as_dump(network)
    document["TransitGatewayRoutes"] = [
        {"TransitGatewayRouteTableId": "tgw-rtb-hub", "Routes": [], **routes}
        for routes in [as_files(network)["routes-of-tgw-rtb-hub.json"]]
    ]
    path.write_text(json.dumps(document))
    assert verdicts(dump(path)) == verdicts(network)


def test_names_of_files_and_folders_do_not_matter(tmp_path, network, files):
    odd = {f"x{number}/deep/er/{number}": answer for number, answer in enumerate(files.values())}
    hub = files["routes-of-tgw-rtb-hub.json"]
    odd = {name: answer for name, answer in odd.items() if answer is not hub}
    odd["tgw-rtb-hub/active.JSON"] = hub
    odd |= {"README.md": "# notes", "notes.txt": "{{ not json", "x.tf": 'resource "aws_vpc" "x" {}'}
    assert verdicts(dump(put(tmp_path, odd))) == verdicts(network)


def test_pages_and_overlaps_are_merged_and_identical_records_are_one(tmp_path, network, files):
    pages = dict(files)
    interfaces = pages.pop("NetworkInterfaces.json")["NetworkInterfaces"]
    for number, each in enumerate((*interfaces, interfaces[0])):
        pages[f"page-{number}.json"] = {"NetworkInterfaces": [each]}
    again = copy.deepcopy(files["Subnets.json"])
    again["Subnets"].reverse()
    again["Subnets"][0]["AvailableIpAddressCount"] = 3
    again["Subnets"][0]["Tags"].reverse()
    pages["again/subnets.json"] = again
    assert verdicts(dump(put(tmp_path, pages))) == verdicts(network)


def test_records_that_contradict_each_other_are_refused_with_both_places(tmp_path, files):
    other = copy.deepcopy(files["Subnets.json"])
    other["Subnets"][0]["CidrBlock"] = "10.0.9.0/24"
    third = copy.deepcopy(files["NetworkInterfaces.json"])
    del third["NetworkInterfaces"][0]["Association"]
    put(tmp_path, files | {"zz/subnets.json": other, "zz/interfaces.json": third})
    told = refused(tmp_path)
    assert len(told) == 2
    lines = " ".join(told)
    assert f"{tmp_path}/zz/subnets.json:3: Subnets subnet-a is not what" in lines
    assert f"{tmp_path}/Subnets.json:3 says it is (CidrBlock)" in lines
    assert f"{tmp_path}/NetworkInterfaces.json:3 says it is (Association)" in lines


@pytest.mark.parametrize(
    ("name", "text", "at", "what"),
    [
        ("cut.json", '{"Vpcs": [\n {"VpcId": "vpc-1",\n', ":3: ", "ends in the middle"),
        ("cut.txt", '{"Vpcs": [\n {"VpcId": "vpc-1",\n', ":3: ", "ends in the middle"),
        ("odd.json", '{"Vpcs":\n {}}', ":2: ", "Vpcs is an object, not a list"),
        ("odd.json", '{"Vpcs": null}', ":1: ", "Vpcs is null, not a list"),
        ("odd.json", '{"Subnets": [\n{"SubnetId": "s"},\n 3]}', ":3: ", "is 3, not an object"),
        ("odd.json", '{"Subnets": [\n{"VpcId": "s"}]}', ":2: ", "has no SubnetId"),
        ("odd.json", '{"Subnets": [\n{"SubnetId": 7}]}', ":2: ", "has no SubnetId"),
        (
            "odd.json",
            '{"Subnets": [\n{"SubnetId": "s", "VpcId": "v",\n"CidrBlock": "10.0.0.0/99"}]}',
            ":2: ",
            "not an IPv4 CIDR",
        ),
        ("odd.json", '{"VpcBlockPublicAccessOptions": "off"}', ":1: ", "not an object"),
    ],
)
def test_bad_files_are_refused_with_file_and_line(tmp_path, files, name, text, at, what):
    put(tmp_path, files | {name: text})
    (tmp_path / "VpcBlockPublicAccessOptions.json").unlink()
    told = refused(tmp_path)
    assert any(f"{tmp_path}/{name}{at}" in each and what in each for each in told), told


def test_a_fault_is_placed_by_its_record_however_that_is_called(tmp_path, files):
    """An id may look like the words around it: what is told of it is not read to find it."""
    for name in ("s: CidrBlock", "a subnet", "s has no CidrBlock"):
        text = f'{{"Subnets": [\n{{"SubnetId": "{name}", "VpcId": "v",\n"CidrBlock": "banana"}}]}}'
        put(tmp_path, files | {"odd.json": text})
        told = refused(tmp_path)
        assert any(f"{tmp_path}/odd.json:2: " in each and "banana" in each for each in told), told


def test_all_bad_files_are_told_at_once(tmp_path, files):
    put(tmp_path, files | {"a.json": "{", "b.json": '{"Vpcs": 1}', "c.json": "\x00"})
    (tmp_path / "d.json").symlink_to(tmp_path / "nowhere")
    told = refused(tmp_path)
    assert [each.split(":")[0].rsplit("/", 1)[1] for each in told] == [
        *("a.json", "b.json", "c.json", "d.json")
    ]


@pytest.mark.parametrize(
    "text", ["[]", '"Vpcs"', "7", "null", "{}", '{"Buckets": []}', '{"KeyPairs": [{}]}']
)
def test_a_file_that_answers_nothing_is_refused_alone_and_passed_over_among_others(
    tmp_path, network, files, text
):
    path = tmp_path / "x.json"
    path.write_text(text)
    (told,) = refused(path)
    assert "describe-vpcs" in told
    (told,) = refused(tmp_path)
    assert "describe-subnets" in told
    seen = dump(put(tmp_path, files))
    assert verdicts(seen) == verdicts(network)
    assert ("dump-file", str(path)) in doubts(seen)


def test_a_folder_without_any_is_refused(tmp_path):
    (told,) = refused(tmp_path)
    assert "no subnets" in told


def test_only_tables_are_no_dump(tmp_path, files):
    put(tmp_path, {"RouteTables.json": files["RouteTables.json"]})
    assert "no subnets" in refused(tmp_path)[0]


@pytest.mark.parametrize("token", ["NextToken", "NextMarker", "nextToken"])
def test_a_page_that_is_cut_off_makes_what_depends_on_it_undetermined(
    tmp_path, network, files, token
):
    files["NetworkAcls.json"][token] = "eyJ2Ij"
    acls = files["NetworkAcls.json"]["NetworkAcls"]
    files["NetworkAcls.json"]["NetworkAcls"] = [
        each for each in acls if each["NetworkAclId"] == "acl-open"
    ]
    seen = dump(put(tmp_path, files))
    said = " ".join(each.why for each in seen.unmodelled)
    assert f"{tmp_path}/NetworkAcls.json is cut off at its NextToken" in said
    before, after = verdicts(network), verdicts(seen)
    for ends, cells in after.items():
        for cell in cells:
            assert cell in before[ends] or cell[2] == "undetermined", (ends, cell)
    assert any(cell[2] == "undetermined" for cells in after.values() for cell in cells)


def test_routes_of_a_transit_gateway_belong_to_the_table_that_their_place_names(tmp_path, files):
    routes = files.pop("routes-of-tgw-rtb-hub.json")
    seen = dump(put(tmp_path, files | {"tgw-rtb-hub/any/routes.json": routes}))
    (table,) = seen.transit_route_tables
    assert [str(each.destination) for each in table.routes] == ["10.1.0.0/16"]
    assert not doubts(seen)


def test_static_and_propagated_routes_may_come_in_two_files(tmp_path, files):
    static = {"DestinationCidrBlock": "10.8.0.0/16", "Type": "static", "State": "blackhole"}
    more = {"Routes": [static], "AdditionalRoutesAvailable": False}
    seen = dump(put(tmp_path, files | {"tgw-rtb-hub-static.json": more}))
    (table,) = seen.transit_route_tables
    assert [str(each.destination) for each in table.routes] == ["10.1.0.0/16", "10.8.0.0/16"]


@pytest.mark.parametrize("place", ["routes.json", "tgw-rtb-hub/tgw-rtb-hub-tgw-rtb-other.json"])
def test_routes_of_nobody_knows_which_table_leave_the_tables_in_doubt(tmp_path, files, place):
    tables = files["TransitGatewayRouteTables.json"]["TransitGatewayRouteTables"]
    tables.append({**tables[0], "TransitGatewayRouteTableId": "tgw-rtb-other"})
    routes = files.pop("routes-of-tgw-rtb-hub.json")
    seen = dump(put(tmp_path, files | {place: routes}))
    assert place in why(seen, "tgw-rtb-hub")
    assert ("transit-gateway-route-table", "tgw-rtb-hub") in doubts(seen)


def test_more_routes_than_the_answer_holds_leave_those_in_doubt(tmp_path, files):
    files["routes-of-tgw-rtb-hub.json"]["AdditionalRoutesAvailable"] = True
    seen = dump(put(tmp_path, files))
    assert doubts(seen) == {("transit-gateway-route-table", "tgw-rtb-hub/unknown-routes")}


LISTED = {
    "SecurityGroupRuleId": "sgr-listed",
    "GroupId": "sg-web",
    "IsEgress": False,
    "IpProtocol": "tcp",
    "FromPort": 443,
    "ToPort": 443,
    "PrefixListId": "pl-0123456789abcdef0",
}


def test_entries_of_a_prefix_list_belong_to_the_list_that_their_place_names(tmp_path, files):
    files["SecurityGroupRules.json"]["SecurityGroupRules"].append(LISTED)
    for group in files["SecurityGroups.json"]["SecurityGroups"]:  # which would not show it
        del group["IpPermissions"]
    files["PrefixLists.json"]["PrefixLists"].append(
        {"PrefixListId": LISTED["PrefixListId"], "PrefixListName": "offices", "Version": 1}
    )
    offices = {"Entries": [{"Cidr": "198.51.100.0/24", "Description": "one"}]}
    put(tmp_path, files | {f"entries/{LISTED['PrefixListId']}.json": offices})
    seen = dump(tmp_path)
    (group,) = [each for each in seen.security_groups if each.id == "sg-web"]
    assert "198.51.100.0/24" in {str(each.peer) for each in group.rules}
    assert all(each.certain for each in group.rules)

    (tmp_path / "entries" / f"{LISTED['PrefixListId']}.json").rename(tmp_path / "entries.json")
    (group,) = [each for each in dump(tmp_path).security_groups if each.id == "sg-web"]
    assert {str(each.peer) for each in group.rules if not each.certain} == {"0.0.0.0/0", "::/0"}


TARGETS = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/front/1"
LISTENER = f"{BALANCER.replace('loadbalancer', 'listener')}/fedcba9876543210"


def balanced(files):
    """A network load balancer in front of h1, but not yet whose health it is."""
    files["LoadBalancers.json"]["LoadBalancers"] = [
        {
            "LoadBalancerArn": BALANCER,
            "LoadBalancerName": "front",
            "Type": "network",
            "Scheme": "internal",
            "VpcId": "vpc-vpc",
            "State": {"Code": "active"},
        }
    ]
    files["TargetGroups.json"]["TargetGroups"] = [
        {
            "TargetGroupArn": TARGETS,
            "TargetGroupName": "web",
            "TargetType": "ip",
            "Protocol": "TCP",
            "Port": 80,
            "VpcId": "vpc-vpc",
            "LoadBalancerArns": [BALANCER],
        }
    ]
    files["listeners.json"] = {
        "Listeners": [
            {
                "ListenerArn": LISTENER,
                "LoadBalancerArn": BALANCER,
                "Protocol": "TCP",
                "Port": 443,
                "DefaultActions": [{"Type": "forward", "TargetGroupArn": TARGETS}],
            }
        ]
    }
    target = {"Id": "10.0.0.5", "Port": 80}
    return {"TargetHealthDescriptions": [{"Target": target, "TargetHealth": {"State": "healthy"}}]}


def targets(network):
    return [each.targets for lb in network.load_balancers for each in lb.listeners]


def test_target_health_belongs_to_the_group_that_its_place_names(tmp_path, files):
    health = balanced(files)
    seen = dump(put(tmp_path, files | {"health-web-0123456789abcdef.json": health}))
    assert targets(seen) == [(("eni-h1", 80),)]
    (tmp_path / "health-web-0123456789abcdef.json").rename(tmp_path / "health.json")
    assert targets(dump(tmp_path)) == [()]


@pytest.mark.parametrize(
    ("name", "beside", "idle"),
    [
        ("attributes-of-fedcba9876543210.json", {}, 90),
        ("one.json", {"ListenerArn": LISTENER}, 90),
        ("attributes.json", {}, None),
    ],
)
def test_attributes_of_a_listener_belong_to_the_one_that_they_or_their_place_name(
    tmp_path, files, name, beside, idle
):
    balanced(files)
    said = {**beside, "Attributes": [{"Key": "tcp.idle_timeout.seconds", "Value": "90"}]}
    seen = dump(put(tmp_path / "with", files | {name: said}))
    before = dump(put(tmp_path / "without", files))
    ((listener,),) = [each.listeners for each in seen.load_balancers]
    assert listener.tcp_idle == idle
    assert seen.unmodelled == before.unmodelled


def test_attributes_of_a_classic_load_balancer_say_nothing_of_another(tmp_path, files):
    balanced(files)
    before = dump(put(tmp_path / "without", files))
    said = {"LoadBalancerAttributes": {"ConnectionSettings": {"IdleTimeout": 90}}}
    seen = dump(put(tmp_path / "with", files | {"classic.json": said}))
    assert seen.load_balancers == before.load_balancers
    assert seen.unmodelled == before.unmodelled


def test_target_health_that_names_its_group_needs_no_place(tmp_path, files):
    health = [{"TargetGroupArn": TARGETS, **balanced(files)}]
    seen = dump(put(tmp_path, files | {"h.json": {"LoadBalancerTargetHealth": health}}))
    assert targets(seen) == [(("eni-h1", 80),)]


def test_answers_about_names_say_nothing_and_are_not_noted(tmp_path, network, files):
    files["dns.json"] = {"VpcId": "vpc-vpc", "EnableDnsSupport": {"Value": True}}
    files["lb.json"] = {"Attributes": [{"Key": "idle_timeout.timeout_seconds", "Value": "60"}]}
    seen = dump(put(tmp_path, files))
    assert verdicts(seen) == verdicts(network)
    assert {kind for kind, _ in doubts(seen)} <= {"dump-file"}


def test_batfish_snapshots_are_read(tmp_path, network, files):
    hub = files.pop("routes-of-tgw-rtb-hub.json")
    static = {"TransitGatewayRouteTableId": "tgw-rtb-hub", "Routes": []}
    propagated = {
        "TransitGatewayRouteTableId": "tgw-rtb-hub",
        "TransitGatewayRouteTablePropagations": [
            {
                "ResourceId": "vpc-two",
                "ResourceType": "vpc",
                "State": "enabled",
                "TransitGatewayAttachmentId": "tgw-attach-att",
            }
        ],
    }
    assert hub["Routes"][0]["Type"] == "propagated"
    files |= {
        "TransitGatewayStaticRoutes.json": {"TransitGatewayStaticRoutes": [static]},
        "TransitGatewayPropagations.json": {"TransitGatewayPropagations": [propagated]},
        "LoadBalancerListeners.json": {"LoadBalancerListeners": []},
        "LoadBalancerTargetHealth.json": {"LoadBalancerTargetHealth": []},
        "LoadBalancerAttributes.json": {"LoadBalancerAttributes": []},
        "Addresses.json": {"Addresses": [{"PublicIp": "203.0.113.9"}]},
    }
    folder = "aws_configs/accounts/123456789012/eu-west-1"
    seen = dump(put(tmp_path, {f"{folder}/{name}": answer for name, answer in files.items()}))
    assert verdicts(seen) == verdicts(network)
    assert not doubts(seen)


def test_what_the_model_does_not_know_leaves_open_the_narrowest_thing_it_names(tmp_path, files):
    files["client.json"] = {
        "ClientVpnEndpoints": [{"ClientVpnEndpointId": "cvpn-endpoint-1", "VpcId": "vpc-two"}]
    }
    files["connect.json"] = {
        "InstanceConnectEndpoints": [
            {
                "InstanceConnectEndpointId": "eice-1",
                "NetworkInterfaceIds": ["eni-h1"],
                "SubnetId": "subnet-a",
                "VpcId": "vpc-vpc",
            }
        ]
    }
    files["far.json"] = {"ClientVpnEndpoints": [{"ClientVpnEndpointId": "c2", "VpcId": "vpc-no"}]}
    seen = dump(put(tmp_path, files))
    assert doubts(seen) == {
        ("ClientVpnEndpoints", "vpc-two"),
        ("ClientVpnEndpoints", "c2"),
        ("InstanceConnectEndpoints", "eni-h1"),
    }
    assert "client.json" in why(seen, "vpc-two")


def elsewhere(**how):
    """Another VPC, with tables and ACLs of its own."""
    far = Estate("vpc9", "10.9.0.0/16")
    far.subnet("z", "10.9.0.0/24", **how)
    text = json.dumps(as_files(with_aws_ids(far.build())))
    return json.loads(text.replace('"acl-', '"acl-9-').replace('"rtb-', '"rtb-9-'))


def test_regions_in_folders_are_one_network(tmp_path, network, files):
    put(tmp_path / "eu-west-1", files)
    put(tmp_path / "us-east-1", elsewhere(zone="us-east-1a"))
    seen = dump(tmp_path)
    assert {each.name: each.region for each in seen.vpcs} == {
        "vpc": "eu-west-1",
        "two": "eu-west-1",
        "vpc9": "us-east-1",
    }
    # Less is elsewhere: the blocks of the VPC that came in addition.
    before = {ends: cells for ends, cells in verdicts(network).items() if not _from_ten(ends)}
    after = verdicts(seen)
    assert {ends: cells for ends, cells in after.items() if ends in before} == before


def _from_ten(ends):
    return "elsewhere (10.0.0.0/8)" in ends


def test_a_prefix_list_lies_in_the_region_of_the_route_that_names_it(tmp_path, files):
    far = elsewhere(zone="us-east-1a")
    route = {"DestinationPrefixListId": "pl-9", "TransitGatewayId": "tgw-9"}
    far["RouteTables.json"]["RouteTables"][0]["Routes"].append(route)
    lists = [{"PrefixListId": "pl-9", "Entries": [{"Cidr": "198.51.100.0/24"}]}]
    put(tmp_path / "one", files)
    put(tmp_path / "other", far | {"PrefixLists.json": {"PrefixLists": lists}})
    (vpc,) = [each for each in dump(tmp_path).vpcs if each.name == "vpc9"]
    assert vpc.region == "us-east-1"
    tables = [each for each in dump(tmp_path).route_tables if each.vpc == vpc.id]
    listed = {str(route.destination) for each in tables for route in each.routes}
    assert "198.51.100.0/24" in listed


def test_what_an_account_does_not_answer_and_another_does_is_missing(tmp_path, files):
    other = elsewhere()
    del other["VpnConnections.json"]
    put(tmp_path / "accounts/111111111111/eu-west-1", files)
    put(tmp_path / "accounts/222222222222/eu-west-1", other)
    said = " ".join(each.why for each in dump(tmp_path).unmodelled)
    assert "no answer to DescribeVpnConnections of account 222222222222 is there" in said


def test_accounts_that_differ_in_block_public_access_leave_the_gateways_in_doubt(tmp_path, files):
    other = elsewhere()
    other["VpcBlockPublicAccessOptions.json"]["VpcBlockPublicAccessOptions"] |= {
        "AwsAccountId": "222222222222",
        "InternetGatewayBlockMode": "block-bidirectional",
    }
    put(tmp_path / "accounts/111111111111/eu-west-1", files)
    put(tmp_path / "accounts/222222222222/eu-west-1", other)
    assert "have different VpcBlockPublicAccessOptions" in why(dump(tmp_path), "igw-igw")
    put(tmp_path / "accounts/111111111111/eu-west-1/again", other)
    assert any("InternetGatewayBlockMode" in each for each in refused(tmp_path))


def test_what_two_accounts_share_is_one_thing_whatever_their_tags(tmp_path, network, files):
    shared = {
        name: copy.deepcopy(answer)
        for name, answer in files.items()
        if name.startswith(("Vpcs", "Subnets"))
    }
    for each in (*shared["Vpcs.json"]["Vpcs"], *shared["Subnets.json"]["Subnets"]):
        del each["Tags"]
    put(tmp_path / "accounts/000000000001/eu-west-1", shared)
    put(tmp_path / "accounts/123456789012/eu-west-1", files)
    seen = dump(tmp_path)
    assert {each.name for each in seen.subnets} == {"a", "b"}


def test_secrets_never_come_near_a_network(tmp_path, files):
    connection = files["VpnConnections.json"]["VpnConnections"][0]
    connection["Options"]["TunnelOptions"] = [{"PreSharedKey": "never-read-this"}]
    assert "never-read-this" not in repr(dump(put(tmp_path, files)))


def test_a_topology_may_be_chosen_from_all_regions(tmp_path, files):
    for each in files["Vpcs.json"]["Vpcs"]:
        if each["VpcId"] == "vpc-two":
            each["Tags"].append({"Key": "bulkhead:topology", "Value": "shop"})
    put(tmp_path / "eu-west-1", files)
    put(tmp_path / "us-east-1", {"Vpcs.json": {"Vpcs": []}})
    with pytest.raises(TopologyNotFoundError) as told:
        from_none = "nothing"
        dump(tmp_path, topology=from_none)
    assert told.value.found == ("shop",)
    vpcs = dump(tmp_path, topology="shop").vpcs
    assert {each.id: each.neighbour for each in vpcs} == {"vpc-two": False, "vpc-vpc": True}


def test_an_account_with_nothing_in_it_is_an_empty_network(tmp_path):
    put(tmp_path, {"vpcs.json": {"Vpcs": []}, "subnets.json": {"Subnets": []}})
    seen = dump(tmp_path)
    assert seen.vpcs == seen.subnets == seen.interfaces == ()


def test_writing_by_powershell_is_read(tmp_path, network, files):
    for number, (name, answer) in enumerate(files.items()):
        coding = ("utf-16", "utf-8-sig")[number % 2]
        (tmp_path / name).write_bytes(json.dumps(answer).encode(coding))
    assert verdicts(dump(tmp_path)) == verdicts(network)


def test_the_writer_of_dumps_and_the_folder_agree(tmp_path, network, files):
    assert verdicts(dump(write(files, tmp_path))) == verdicts(network)


DIRECT = "7b2c4f8a-1234-4abc-9def-fedcba987654"


def test_what_is_said_of_direct_connect_leaves_its_attachment_open_not_the_gateway(
    tmp_path, network, files
):
    (gateway,) = (each.id for each in network.transit_gateways)
    (association,) = (
        each["Association"]
        for each in files["TransitGatewayAttachments.json"]["TransitGatewayAttachments"]
    )
    files["TransitGatewayAttachments.json"]["TransitGatewayAttachments"].append(
        {
            "TransitGatewayAttachmentId": "tgw-attach-0123456789abcdef0",
            "TransitGatewayId": gateway,
            "ResourceType": "direct-connect-gateway",
            "ResourceId": DIRECT,
            "State": "available",
            "Association": association,
        }
    )
    files["DirectConnectGatewayAssociations.json"] = {
        "DirectConnectGatewayAssociations": [
            {
                "DirectConnectGatewayId": DIRECT,
                "AssociatedGateway": {"Id": gateway, "Type": "transitGateway"},
            }
        ]
    }
    seen = dump(put(tmp_path, files))
    said = {scope for kind, scope in doubts(seen) if kind.startswith("DirectConnect")}
    assert said == {"tgw-attach-0123456789abcdef0"}
