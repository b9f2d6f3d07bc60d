"""What an audit asks an account for, and no other verb does."""

import pytest
from botocore.exceptions import ClientError

from bulkhead import observe
from bulkhead.observe.beside import AUDIT_PERMISSIONS, NAME_PERMISSIONS

pytestmark = pytest.mark.slow

REGION = "eu-west-1"


@pytest.fixture(autouse=True)
def _an_empty_account(emptied, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    emptied()
    yield
    emptied()


@pytest.fixture
def vpc(session):
    """One with a flow log, an unused address and a launch template beside it."""
    ec2 = session.client("ec2")
    made = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    session.client("s3").create_bucket(
        Bucket="logs", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    ec2.create_flow_logs(
        ResourceIds=[made],
        ResourceType="VPC",
        TrafficType="REJECT",
        LogDestinationType="s3",
        LogDestination="arn:aws:s3:::logs",
    )
    ec2.allocate_address(Domain="vpc")
    ec2.create_launch_template(
        LaunchTemplateName="web",
        LaunchTemplateData={"MetadataOptions": {"HttpTokens": "required"}},
    )
    return made


def asked_for(session):
    """The permissions of all that the session calls from now on."""
    found = set()

    def note(model, **_):
        service = model.service_model.endpoint_prefix.replace("monitoring", "cloudwatch")
        found.add(f"{service}:{model.name}")

    session.events.register("before-call.*.*", note)
    return found


def test_only_an_audit_asks_for_what_no_packet_depends_on(session, vpc):
    asked = asked_for(session)
    observe.read_account(session=session)
    assert not asked & set(AUDIT_PERMISSIONS)
    observe.read_account(session=session, audited=True)
    assert set(AUDIT_PERMISSIONS) - asked <= {"network-firewall:DescribeLoggingConfiguration"}


def test_an_account_says_what_an_audit_asks(session, vpc):
    found = observe.read_account(session=session, audited=True).inventory()
    (log,) = found.flow_logs
    assert (log.resource, log.traffic, log.active) == (vpc, "REJECT", True)
    (address,) = found.elastic_addresses
    assert address.holder == ""
    (template,) = {each.id: each for each in found.launch_templates}.values()
    assert template.metadata.tokens_required
    assert found.flow_logs.complete


def test_a_call_that_is_denied_leaves_its_kind_open_and_the_network_as_it_is(session, vpc):
    whole = observe.read_account(session=session, audited=True)

    def deny(**_):
        said = {"Error": {"Code": "UnauthorizedOperation", "Message": "no"}}
        raise ClientError(said, "DescribeFlowLogs")

    session.events.register("before-call.ec2.DescribeFlowLogs", deny)
    found = observe.read_account(session=session, audited=True)
    (unread,) = found.inventory().flow_logs.unread
    assert unread.why == "ec2:DescribeFlowLogs is denied"
    assert unread.call == "ec2:DescribeFlowLogs"
    assert found.network == whole.network
    assert found.inventory().elastic_addresses.complete


def test_names_are_asked_for_where_some_are_wanted_and_of_that_zone_alone(session, vpc):
    route53 = session.client("route53")
    for number, name in enumerate(("shop.internal", "corp.internal")):
        route53.create_hosted_zone(
            Name=name,
            CallerReference=str(number),
            VPC={"VPCRegion": REGION, "VPCId": vpc},
            HostedZoneConfig={"PrivateZone": True, "Comment": ""},
        )
    asked = asked_for(session)
    wanted = observe.Wanted(names="shop.internal")
    found = observe.read_account(session=session, wanted=wanted).inventory().private_zones
    assert {each.domain: (each.vpc, each.asked) for each in found} == {
        "shop.internal": (vpc, True),
        "corp.internal": (vpc, False),
    }
    assert set(NAME_PERMISSIONS) <= asked
    assert not asked & set(AUDIT_PERMISSIONS)
    assert found.complete


def test_names_that_nobody_may_ask_for_are_not_known(session, vpc):
    def deny(**_):
        said = {"Error": {"Code": "AccessDenied", "Message": "no"}}
        raise ClientError(said, "ListHostedZonesByVPC")

    session.events.register("before-call.route-53.ListHostedZonesByVPC", deny)
    wanted = observe.Wanted(names="shop.internal")
    found = observe.read_account(session=session, wanted=wanted).inventory().private_zones
    assert [each.why for each in found.unread] == ["route53:ListHostedZonesByVPC is denied"]
