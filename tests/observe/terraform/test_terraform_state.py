"""A state of Terraform or OpenTofu is read as the same network as one of Pulumi."""

import json

import pytest

from bulkhead import observe
from bulkhead.problems import InputError
from tests.observe.pulumi.test_state import resource, stack
from tests.observe.terraform import written


@pytest.fixture
def read(tmp_path):
    def from_document(document):
        path = tmp_path / "state.json"
        path.write_text(json.dumps(document))
        return observe.read_terraform_state(path)

    return from_document


def ours(tmp_path, resources):
    path = tmp_path / "pulumi.json"
    path.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
    return observe.read_state(path)


def readable():
    """What of a stack Terraform's provider has too, and made itself."""
    return [
        each
        for each in stack()
        if each["type"] in written.CALLED and not each.get("external") and not each.get("delete")
    ]


def providers():
    return [each for each in stack() if each["type"] == "pulumi:providers:aws"]


def test_the_network_is_the_one_of_the_same_things_in_a_stack(read, tmp_path):
    resources = readable()
    assert len({each["type"] for each in resources}) > 20
    by_pulumi = ours(tmp_path, [*providers(), *resources])
    by_terraform = read({**written.state(resources)})
    left, right = by_terraform.network, by_pulumi.network
    for name in type(left).__dataclass_fields__:
        assert getattr(left, name) == getattr(right, name), name


ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:"
BALANCED = [
    resource("aws:ec2/vpc:Vpc", "vpc-1", {"cidrBlock": "10.0.0.0/16"}),
    resource(
        "aws:ec2/subnet:Subnet",
        "subnet-1",
        {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24", "availabilityZone": "eu-west-1a"},
    ),
    resource("aws:ec2/securityGroup:SecurityGroup", "sg-1", {"vpcId": "vpc-1", "name": "front"}),
    resource(
        "aws:lb/loadBalancer:LoadBalancer",
        f"{ARN}loadbalancer/net/front/1",
        {
            "name": "front",
            "loadBalancerType": "network",
            "internal": True,
            "vpcId": "vpc-1",
            "securityGroups": ["sg-1"],
            "subnetMappings": [{"subnetId": "subnet-1", "privateIpv4Address": "10.0.0.200"}],
        },
    ),
    resource(
        "aws:lb/targetGroup:TargetGroup",
        f"{ARN}targetgroup/front/2",
        {"vpcId": "vpc-1", "port": 5556, "protocol": "TCP", "targetType": "ip"},
    ),
    resource(
        "aws:lb/listener:Listener",
        f"{ARN}listener/net/front/1/3",
        {
            "loadBalancerArn": f"{ARN}loadbalancer/net/front/1",
            "port": 5556,
            "protocol": "TCP",
            "defaultActions": [{"type": "forward", "targetGroupArn": f"{ARN}targetgroup/front/2"}],
        },
    ),
    resource(
        "aws:lb/targetGroupAttachment:TargetGroupAttachment",
        "front-4",
        {"targetGroupArn": f"{ARN}targetgroup/front/2", "targetId": "10.0.0.4", "port": 5556},
    ),
]


def test_a_network_load_balancer_is_read_with_where_it_listens_and_passes_on(read, tmp_path):
    by_pulumi = ours(tmp_path, [*providers(), *BALANCED]).network
    by_terraform = read(written.state(BALANCED)).network
    (balancer,) = by_terraform.load_balancers
    assert balancer.name == "front"
    assert by_terraform.load_balancers == by_pulumi.load_balancers
    assert by_terraform.interfaces == by_pulumi.interfaces
    assert [str(each.address) for each in by_terraform.interfaces] == ["10.0.0.200"]


def test_no_secret_of_a_state_is_read_whether_or_not_it_is_marked(read):
    found = read(written.state(readable()))
    assert written.SECRET in json.dumps(written.state(readable()))
    assert written.SECRET not in repr((found.network, found.answers, found.inventory()))


def test_what_another_stack_or_nobody_declares_of_a_group_is_in_doubt(read):
    resources = readable()
    (rule,) = (each for each in resources if each["id"] == "sgr-1")
    owner = rule["outputs"]["securityGroupId"]
    document = written.state(resources)
    shown = {"protocol": "tcp", "from_port": 1, "to_port": 2, "cidr_blocks": ["10.9.0.0/16"]}
    (group,) = (
        each
        for each in document["values"]["root_module"]["resources"]
        if each["values"]["id"] == owner
    )
    group["values"]["ingress"] = [shown]
    (doubt,) = (
        each for each in read(document).network.unmodelled if each.kind == "undeclared rule"
    )
    assert "'terraform plan -refresh-only' tells" in doubt.why


def test_what_is_only_read_is_none_of_the_things(read):
    document = written.state(readable())
    group = resource("aws:ec2/securityGroup:SecurityGroup", "sg-data", {"vpcId": "vpc-1"})
    data = written.resource(group) | {"mode": "data", "address": "data.aws_security_group.x"}
    document["values"]["root_module"]["resources"].append(data)
    assert "sg-data" not in read(document).network.security_group


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda it: it.update(values=[]), "values"),
        (lambda it: it.update(values={"root_module": {"resources": [{}]}}), "address|type"),
        (lambda it: it.pop("format_version"), "format_version is None"),
    ],
)
def test_a_state_that_cannot_be_used_is_refused_with_the_reason(read, harm, said):
    document = written.state(readable())
    harm(document)
    with pytest.raises(InputError, match=said):
        read(document)


def test_a_thing_goes_by_the_address_of_its_resource(read):
    found = read(written.state(readable()))
    assert {each.urn for each in found.origins.things.values() if each.urn} >= {"aws_vpc.vpc-1"}


def test_what_is_blocked_of_the_internet_and_what_is_excluded_are_read(read):
    network = read(
        written.state(
            [
                *BALANCED[:2],
                resource(
                    "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions",
                    "eu-west-1",
                    {"internetGatewayBlockMode": "block-bidirectional"},
                ),
                resource(
                    "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion",
                    "vpcbpa-exclude-1",
                    {"subnetId": "subnet-1", "internetGatewayExclusionMode": "allow-egress"},
                ),
            ]
        )
    ).network
    (vpc,), (subnet,) = network.vpcs, network.subnets
    assert (vpc.access_block.mode, vpc.access_block.excluded) == ("block-bidirectional", "none")
    assert (subnet.excluded, subnet.public_access) == ("allow-egress", "outbound")
