"""The provider over its own protocol, against a local AWS in this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from local_aws.provider.host import serve
from local_aws.provider.kinds import KINDS
from local_aws.strict.images import IMAGES, described
from local_aws.wire import Secret, received, sent
from tests.local_aws.conftest import client_of
from tests.local_aws.every_kind import NOT_IMPORTED, import_id, one_of_each

pytestmark = pytest.mark.slow

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
ROLE = "aws:iam/role:Role"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


@dataclass
class Engine:
    """What the engine does with a provider, one call a method."""

    stub: Any

    def configure(self, **config: Any) -> None:
        self.stub.Configure(provider_pb2.ConfigureRequest(args=sent(config)))

    def named(self, token: str, name: str = "it") -> dict[str, str]:
        return {"urn": f"urn:pulumi:dev::p::{token}::{name}", "type": token, "name": name}

    def check(
        self,
        token: str,
        news: dict[str, Any],
        olds: dict[str, Any] | None = None,
        seed: bytes = b"seed",
    ) -> Any:
        return self.stub.Check(
            provider_pb2.CheckRequest(
                **self.named(token), news=sent(news), olds=sent(olds or {}), randomSeed=seed
            )
        )

    def create(self, token: str, inputs: dict[str, Any], preview: bool = False) -> Any:
        checked = self.check(token, inputs)
        assert not checked.failures, checked.failures
        return self.stub.Create(
            provider_pb2.CreateRequest(
                **self.named(token), properties=checked.inputs, preview=preview
            )
        )

    def read(self, token: str, name: str, state: Any = None, inputs: Any = None) -> Any:
        return self.stub.Read(
            provider_pb2.ReadRequest(**self.named(token), id=name, properties=state, inputs=inputs)
        )

    def delete(self, token: str, name: str, state: Any) -> None:
        self.stub.Delete(provider_pb2.DeleteRequest(**self.named(token), id=name, properties=state))

    def diff(self, token: str, old: Any, new: Any, state: Any = None) -> Any:
        return self.stub.Diff(
            provider_pb2.DiffRequest(
                **self.named(token),
                id="x",
                olds=sent(old if state is None else state),
                old_inputs=sent(old),
                news=sent(new),
            )
        )


@pytest.fixture
def unconfigured(server: Any, ec2: Any) -> Iterator[Engine]:
    running, port = serve(server.place.address)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Engine(provider_pb2_grpc.ResourceProviderStub(channel))
    running.stop(grace=0).wait()


@pytest.fixture
def engine(unconfigured: Engine, server: Any) -> Engine:
    unconfigured.configure(
        region="eu-west-1",
        endpoints=f'[{{"ec2": "{server.place.address}"}}]',
        defaultTags='{"tags": {"project": "probe"}}',
    )
    return unconfigured


@pytest.fixture
def vpc(engine: Engine) -> str:
    return str(engine.create(VPC, {"cidrBlock": "10.0.0.0/16"}).id)


def reason(caught: pytest.ExceptionInfo[grpc.RpcError]) -> str:
    return str(caught.value.details())


@pytest.mark.parametrize(
    "config",
    [
        {"region": "eu-west-1"},
        {"region": "eu-west-1", "endpoints": '[{"ec2": "https://ec2.eu-west-1.amazonaws.com"}]'},
        {"region": "eu-west-1", "endpoints": '[{"s3": "http://127.0.0.1:1"}]'},
    ],
)
def test_a_stack_that_does_not_point_here_is_refused_with_the_remedy(unconfigured, config) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        unconfigured.configure(**config)
    assert "aws:endpoints" in reason(caught)
    assert "plain `pulumi`" in reason(caught)


def test_two_providers_with_different_regions_share_nothing(server: Any, ec2: Any) -> None:
    made = {}
    for region in ("eu-west-1", "us-east-1"):
        running, port = serve(server.place.address)
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            engine = Engine(provider_pb2_grpc.ResourceProviderStub(channel))
            engine.configure(region=region, endpoints=[{"ec2": server.place.address}])
            made[region] = received(engine.create(VPC, {"cidrBlock": "10.0.0.0/16"}).properties)
        running.stop(grace=0).wait()
    assert [made[region]["arn"].split(":")[3] for region in made] == ["eu-west-1", "us-east-1"]


def test_a_type_that_is_not_there_is_refused_by_name(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        engine.check("aws:s3/bucketAcl:BucketAcl", {})
    assert "no type aws:s3/bucketAcl:BucketAcl" in reason(caught)


@pytest.mark.parametrize(
    ("token", "inputs", "named"),
    [
        (VPC, {}, "cidrBlock"),
        (VPC, {"cidrBlock": "10.0.0.0/16", "ipv6IpamPoolId": "i"}, "ipv6IpamPoolId"),
        (GROUP, {"vpcId": "v", "namePrefix": "n"}, "namePrefix"),
        ("aws:ec2/routeTable:RouteTable", {"vpcId": "v", "routes": [{}]}, "routes"),
        ("aws:ec2/defaultVpc:DefaultVpc", {"ipv6CidrBlock": "x"}, "ipv6CidrBlock"),
        (INGRESS, {"securityGroupId": "s", "ipProtocol": "-1"}, "cidrIpv4"),
        (
            "aws:ec2/networkInterface:NetworkInterface",
            {"subnetId": "s", "privateIp": "x"},
            "privateIp",
        ),
    ],
)
def test_an_input_that_cannot_be_honoured_is_refused_by_name(engine, token, inputs, named) -> None:
    assert [failure.property for failure in engine.check(token, inputs).failures] == [named]


def test_an_automatic_name_is_stable(engine: Engine) -> None:
    first = received(engine.check(GROUP, {"vpcId": "v"}).inputs)
    again = received(engine.check(GROUP, {"vpcId": "v"}, first, seed=b"another").inputs)
    assert first["name"].startswith("it-")
    assert again == first
    replacement = received(engine.check(GROUP, {"vpcId": "v"}, seed=b"another").inputs)
    assert replacement["name"] != first["name"]


def test_a_new_group_allows_nothing(engine: Engine, ec2: Any, vpc: str) -> None:
    group = engine.create(GROUP, {"vpcId": vpc}).id
    shown = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert (shown["IpPermissions"], shown["IpPermissionsEgress"]) == ([], [])


def test_a_failure_after_creation_keeps_the_id(engine: Engine, ec2: Any) -> None:
    """An internet gateway that cannot be attached exists all the same."""
    with pytest.raises(grpc.RpcError) as caught:
        engine.create("aws:ec2/internetGateway:InternetGateway", {"vpcId": "vpc-0123"})
    details = dict(caught.value.trailing_metadata())["grpc-status-details-bin"]
    failed = provider_pb2.ErrorResourceInitFailed()
    assert status_pb2.Status.FromString(details).details[0].Unpack(failed)
    made = ec2.describe_internet_gateways()["InternetGateways"]
    assert failed.id in [gateway["InternetGatewayId"] for gateway in made]
    assert "InvalidVpcID.NotFound" in failed.reasons[0]
    assert "vpcId" not in received(failed.inputs)  # so the next run attaches it


@pytest.mark.parametrize("short", ["vpnGateway:VpnGateway", "internetGateway:InternetGateway"])
def test_a_gateway_that_holds_its_vpc_lets_go_when_deleted(engine, ec2, vpc, short) -> None:
    made = engine.create(f"aws:ec2/{short}", {"vpcId": vpc})
    assert received(made.properties)["vpcId"] == vpc
    engine.delete(f"aws:ec2/{short}", made.id, made.properties)
    ec2.delete_vpc(VpcId=vpc)


def test_an_error_of_aws_arrives_with_its_code(engine: Engine, vpc: str) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        engine.create(SUBNET, {"vpcId": vpc, "cidrBlock": "10.0.0.0/29"})
    assert "InvalidSubnet.Range" in reason(caught)


def test_default_tags_reach_aws_and_a_change_of_them_is_a_difference(engine, ec2, vpc) -> None:
    tags = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Tags"]
    assert {"Key": "project", "Value": "probe"} in tags
    same = {"cidrBlock": "10.0.0.0/16"}
    assert engine.diff(VPC, {**same, "tagsAll": {"project": "probe"}}, same).diffs == []
    assert engine.diff(VPC, {**same, "tagsAll": {"project": "old"}}, same).diffs == ["tagsAll"]


def test_a_secret_key_is_secret_in_the_outputs(engine: Engine) -> None:
    customer = engine.create(
        "aws:ec2/customerGateway:CustomerGateway",
        {"bgpAsn": 65010, "ipAddress": "203.0.113.10", "type": "ipsec.1"},
    )
    gateway = engine.create("aws:ec2/vpnGateway:VpnGateway", {})
    inputs = {
        "customerGatewayId": customer.id,
        "vpnGatewayId": gateway.id,
        "type": "ipsec.1",
        "tunnel1PresharedKey": Secret("abcdefgh.1"),
    }
    state = received(engine.create("aws:ec2/vpnConnection:VpnConnection", inputs).properties)
    assert state["tunnel1PresharedKey"] == Secret("abcdefgh.1")
    assert isinstance(state["tunnel2PresharedKey"], Secret)
    assert isinstance(state["customerGatewayConfiguration"], Secret)
    kept = engine.create(
        "aws:ec2/vpnConnection:VpnConnection", {**inputs, "presharedKeyStorage": "SecretsManager"}
    )
    assert "abcdefgh.1" not in str(kept)
    assert received(kept.properties)["presharedKeyArn"].startswith("arn:aws:secretsmanager:")


def test_invokes_answer(engine: Engine) -> None:
    def invoke(name: str, **arguments: Any) -> dict[str, Any]:
        request = provider_pb2.InvokeRequest(tok=f"aws:index/{name}:{name}", args=sent(arguments))
        return received(getattr(engine.stub.Invoke(request), "return"))

    zones = invoke("getAvailabilityZones", state="available", excludeNames=["eu-west-1b"])
    assert zones["names"] == ["eu-west-1a", "eu-west-1c"]
    assert invoke("getCallerIdentity")["accountId"] == "123456789012"
    assert invoke("getRegion")["name"] == "eu-west-1"


def test_what_stands_is_looked_up_and_a_policy_written(engine: Engine, vpc: str) -> None:
    def invoke(function: str, **arguments: Any) -> dict[str, Any]:
        token = f"aws:{function}:{function.rpartition('/')[2]}"
        request = provider_pb2.InvokeRequest(tok=token, args=sent(arguments))
        return received(getattr(engine.stub.Invoke(request), "return"))

    subnet = engine.create(SUBNET, {"vpcId": vpc, "cidrBlock": "10.0.0.0/24"}).id
    assert invoke("ec2/getVpc", id=vpc)["cidrBlock"] == "10.0.0.0/16"
    assert invoke("ec2/getVpc", default=True)["cidrBlock"] == "172.31.0.0/16"
    in_vpc = [{"name": "vpc-id", "values": [vpc]}]
    assert invoke("ec2/getSubnets", filters=in_vpc)["ids"] == [subnet]
    assert invoke("ec2/getSubnet", vpcId=vpc)["id"] == subnet
    group = invoke("ec2/getSecurityGroup", name="default", vpcId=vpc)["id"]
    assert invoke("ec2/getSecurityGroups", filters=in_vpc)["ids"] == [group]
    assert invoke("ec2/getRouteTable", vpcId=vpc)["associations"][0]["main"]
    s3 = "com.amazonaws.eu-west-1.s3"
    assert invoke("ec2/getPrefixList", name=s3)["cidrBlocks"]
    assert invoke("ec2/getManagedPrefixList", name=s3)["entries"]
    image = invoke("ec2/getAmi", owners=["amazon"], nameRegex="^al2023.*arm64$")
    assert image == {**image, "id": image["imageId"], "architecture": "arm64"}
    for name, arguments in (("getVpc", {}), ("getAmi", {}), ("getSubnet", {"cidrBlock": "x"})):
        with pytest.raises(grpc.RpcError, match=r"multiple EC2|no matching EC2"):
            invoke(f"ec2/{name}", **arguments)
    statement = {
        "actions": ["sts:AssumeRole"],
        "principals": [{"type": "Service", "identifiers": ["ec2.amazonaws.com"]}],
    }
    assert json.loads(invoke("iam/getPolicyDocument", statements=[statement])["json"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ec2.amazonaws.com"},
            }
        ],
    }
    with pytest.raises(grpc.RpcError, match="merges no documents"):
        invoke("iam/getPolicyDocument", sourcePolicyDocuments=["{}"])


def test_what_stands_is_found_again_by_functions(engine: Engine) -> None:
    made = one_of_each(engine)

    def invoke(function: str, **arguments: Any) -> dict[str, Any]:
        token = f"aws:{function}:{function.rpartition('/')[2]}"
        request = provider_pb2.InvokeRequest(tok=token, args=sent(arguments))
        return received(getattr(engine.stub.Invoke(request), "return"))

    def one(short: str) -> tuple[str, dict[str, Any]]:
        found = [each for each in made if each[0].endswith(short)]
        return found[0][1], received(found[0][3])

    for function, short, by, outputs in (
        ("ec2/getCustomerGateway", "ec2/customerGateway:CustomerGateway", "id", ("ipAddress",)),
        ("ec2/getNatGateway", "ec2/natGateway:NatGateway", "id", ("subnetId", "publicIp")),
        ("ec2/getNetworkInterface", "ec2/networkInterface:NetworkInterface", "id",
         ("privateIp", "securityGroups", "subnetId")),
        ("ec2/getVpcEndpoint", "ec2/vpcEndpoint:VpcEndpoint", "id", ("serviceName", "vpcId")),
        ("ec2/getVpcPeeringConnection", "ec2/vpcPeeringConnection:VpcPeeringConnection", "id",
         ("vpcId", "peerVpcId")),
        ("ec2/getVpnGateway", "ec2/vpnGateway:VpnGateway", "id", ("amazonSideAsn",)),
        ("ec2/getInternetGateway", "ec2/internetGateway:InternetGateway", "internetGatewayId",
         ("arn",)),
        ("ec2transitgateway/getTransitGateway", "/transitGateway:TransitGateway", "id",
         ("description", "associationDefaultRouteTableId")),
        ("ec2transitgateway/getVpcAttachment", "/vpcAttachment:VpcAttachment", "id",
         ("vpcId", "subnetIds", "applianceModeSupport")),
        ("ec2transitgateway/getRouteTable", "ec2transitgateway/routeTable:RouteTable", "id",
         ("transitGatewayId", "defaultAssociationRouteTable")),
        ("ec2transitgateway/getPeeringAttachment", "/peeringAttachment:PeeringAttachment", "id",
         ("peerTransitGatewayId", "peerRegion")),
    ):  # fmt: skip
        name, state = one(short)
        found = invoke(function, **{by: name})
        assert found["id"] == name, function
        assert {key: found.get(key) for key in outputs} == {key: state[key] for key in outputs}
    vpc, _ = one("ec2/vpc:Vpc")
    table, _ = one("ec2/routeTable:RouteTable")
    acl, _ = one("ec2/networkAcl:NetworkAcl")
    assert table in invoke("ec2/getRouteTables", vpcId=vpc)["ids"]
    assert acl in invoke("ec2/getNetworkAcls", vpcId=vpc)["ids"]
    assert (
        one("ec2/networkInterface:NetworkInterface")[0]
        in (invoke("ec2/getNetworkInterfaces")["ids"])
    )
    assert one("ec2/natGateway:NatGateway")[0] in invoke("ec2/getNatGateways")["ids"]
    assert one("ec2/eip:Eip")[1]["publicIp"] in invoke("ec2/getEips")["publicIps"]
    assert one("ec2/instance:Instance")[0] in invoke("ec2/getInstances")["ids"]
    hub, _ = one("/transitGateway:TransitGateway")
    assert invoke("ec2transitgateway/getVpnAttachment", transitGatewayId=hub)["id"].startswith(
        "tgw-attach-"
    )
    with pytest.raises(grpc.RpcError, match="multiple EC2"):
        invoke("ec2/getNetworkInterface")
    for function, short, by, outputs in (
        ("ec2/getElasticIp", "ec2/eip:Eip", "id", ("publicIp", "domain")),
        ("ec2/getInstance", "ec2/instance:Instance", "instanceId", ("privateIp", "subnetId")),
        ("ec2/getKeyPair", "ec2/keyPair:KeyPair", "keyName", ("fingerprint", "keyType")),
        ("ec2/getLaunchTemplate", "/launchTemplate:LaunchTemplate", "id",
         ("name", "latestVersion", "vpcSecurityGroupIds")),
        ("iam/getRole", "iam/role:Role", "name", ("arn", "uniqueId")),
        ("iam/getInstanceProfile", "/instanceProfile:InstanceProfile", "name", ("arn",)),
        ("iam/getPolicy", "iam/policy:Policy", "arn", ("name", "policyId")),
        ("route53/getZone", "route53/zone:Zone", "zoneId", ("name", "arn")),
        ("s3/getBucket", "s3/bucket:Bucket", "bucket", ("arn", "bucketDomainName")),
    ):  # fmt: skip
        name, state = one(short)
        found = invoke(function, **{by: name})
        assert {key: found.get(key) for key in outputs} == {key: state[key] for key in outputs}
    assert invoke(
        "route53/getZone",
        name="corp.example",
        vpcId=one("route53/zone:Zone")[1]["vpcs"][0]["vpcId"],
    )["privateZone"]
    assert (
        invoke("iam/getPolicy", name="ReadOnlyAccess")["arn"]
        == "arn:aws:iam::aws:policy/ReadOnlyAccess"
    )
    # A function shows as a list what a resource has once: its SDK takes nothing else.
    host, held = one("ec2/instance:Instance")
    options = invoke("ec2/getInstance", instanceId=host)["metadataOptions"]
    assert options == [held["metadataOptions"]]
    template = invoke("ec2/getLaunchTemplate", id=one("/launchTemplate:LaunchTemplate")[0])
    assert template["metadataOptions"] == template["iamInstanceProfiles"] == []
    profile = invoke("iam/getInstanceProfile", name="host")
    assert profile["roleName"] == one("iam/role:Role")[0]
    assert invoke("index/getAvailabilityZone", name="eu-west-1b")["nameSuffix"] == "b"
    with pytest.raises(grpc.RpcError, match="no matching IAM Role found: nobody"):
        invoke("iam/getRole", name="nobody")


def test_the_images_of_public_parameters_are_those_of_their_names(engine: Engine) -> None:
    def image(name: str) -> str:
        request = provider_pb2.InvokeRequest(
            tok="aws:ssm/getParameter:getParameter", args=sent({"name": f"/aws/service/{name}"})
        )
        return str(received(getattr(engine.stub.Invoke(request), "return"))["value"])

    latest = "ami-amazon-linux-latest"
    ubuntu = "canonical/ubuntu/server/24.04/stable/current"
    told = {
        image(
            f"{latest}/al2023-ami-kernel-default-x86_64"
        ): "al2023-ami-2023.6.20241111.0-kernel-6.1-x86_64",
        image(f"{latest}/amzn2-ami-hvm-x86_64-gp2"): "amzn2-ami-hvm-2.0.20241113.1-x86_64-gp2",
        image(
            f"{ubuntu}/arm64/hvm/ebs-gp3/ami-id"
        ): "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-20241115",
    }
    assert told == {
        described("eu-west-1", *each)["ImageId"]: each[1]
        for each in IMAGES
        if each[1] in told.values()
    }
    with pytest.raises(grpc.RpcError, match="has no parameter /aws/service/ecs"):
        image("ecs/optimized-ami/amazon-linux-2/recommended")


def test_a_role_has_the_policies_that_it_lists_and_no_others(engine: Engine, server: Any) -> None:
    iam = client_of(server.place, "iam")
    trust = '{"Version":"2012-10-17","Statement":[]}'
    write = (
        '{"Version":"2012-10-17","Statement":'
        '[{"Effect":"Allow","Action":"logs:PutLogEvents","Resource":"*"}]}'
    )
    look, more = (f"arn:aws:iam::aws:policy/{name}" for name in ("ReadOnlyAccess", "IAMFullAccess"))
    said = {
        "name": "host",
        "assumeRolePolicy": trust,
        "managedPolicyArns": [look],
        "inlinePolicies": [{"name": "one", "policy": write}],
    }
    made = engine.create(ROLE, said)

    def held() -> tuple[list[str], list[str]]:
        attached = iam.list_attached_role_policies(RoleName="host")["AttachedPolicies"]
        return [each["PolicyArn"] for each in attached], iam.list_role_policies(RoleName="host")[
            "PolicyNames"
        ]

    assert held() == ([look], ["one"])
    iam.attach_role_policy(RoleName="host", PolicyArn=more)  # by somebody's hand
    live = engine.read(ROLE, made.id, made.properties, sent(said))
    differing = engine.diff(ROLE, received(live.inputs), said, received(live.properties)).diffs
    assert differing == ["managedPolicyArns"]
    changed = {**said, "inlinePolicies": [{"name": "two", "policy": write}]}
    request = provider_pb2.UpdateRequest(
        **engine.named(ROLE), id="host", olds=live.properties, old_inputs=live.inputs,
        news=sent(changed),
    )  # fmt: skip
    updated = engine.stub.Update(request)
    assert held() == ([look], ["two"])
    engine.delete(ROLE, "host", updated.properties)
    assert engine.read(ROLE, "host", updated.properties, sent(changed)).id == ""


def test_every_type_is_created_read_back_unchanged_and_deleted(engine: Engine, ec2: Any) -> None:
    made = one_of_each(engine)
    assert {token for token, *_ in made} == KINDS.keys()
    for token, name, inputs, state in made:
        live = engine.read(token, name, state, inputs)
        assert live.id == name, token
        difference = engine.diff(
            token, received(live.inputs), received(inputs), received(live.properties)
        )
        assert not difference.diffs, (token, difference.diffs)
    for token, name, inputs, state in reversed(made):
        engine.delete(token, name, state)
        engine.delete(token, name, state)  # a second time: gone already, which is what was asked
        if KINDS[token].made:
            assert engine.read(token, name, state, inputs).id == "", token
    assert [vpc["IsDefault"] for vpc in ec2.describe_vpcs()["Vpcs"]] == [True]


def test_every_type_but_one_can_be_imported_by_its_id(engine: Engine) -> None:
    for token, made_name, inputs, _ in one_of_each(engine):
        said, short = received(inputs), token.split(":")[-1]
        name = import_id(token, said, made_name)
        if short in NOT_IMPORTED:
            with pytest.raises(grpc.RpcError, match="cannot be imported"):
                engine.read(token, name)
            continue
        live = engine.read(token, name)
        assert live.id == name.partition("@")[0], token
        found, state = received(live.inputs), received(live.properties)
        # What the program says of the resource is what was found, so nothing is left to change.
        assert not engine.diff(token, found, {**found, **said}, state).diffs, token


def test_another_address_or_region_is_another_provider(unconfigured: Engine) -> None:
    def moved(**new: str) -> list[str]:
        old = {"region": "eu-west-1", "endpoints": '[{"ec2": "http://127.0.0.1:4566"}]'}
        asked = provider_pb2.DiffRequest(old_inputs=sent(old), news=sent({**old, **new}))
        return list(unconfigured.stub.DiffConfig(asked).replaces)

    assert moved() == []
    assert moved(endpoints='[{"ec2": "http://localhost:4566"}]') == []
    assert moved(endpoints='[{"ec2": "http://127.0.0.1:4567"}]') == ["endpoints"]
    assert moved(region="us-east-1") == ["region"]
