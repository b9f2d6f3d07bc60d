"""What an audit asks an account for, and no other verb does."""

import pytest
from botocore.exceptions import ClientError

from bulkhead import observe
from bulkhead.observe.beside import AUDIT_PERMISSIONS

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
        service = model.service_model.endpoint_prefix
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
