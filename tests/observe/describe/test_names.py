"""An interface goes by what people recognise: its Name, its instance, what it is for, its id."""

import pytest


@pytest.fixture
def named(account):
    def name(*, tag="", instance="", instance_name="", description="", managed=True):
        interface = account.thing("NetworkInterfaces", "eni-1")
        interface.pop("TagSet", None)
        interface.pop("Attachment", None)
        interface.update(Description=description, RequesterManaged=managed)
        if tag:
            interface["TagSet"] = [{"Key": "Name", "Value": tag}]
        if instance:
            interface["Attachment"] = {"InstanceId": instance}
        tags = [{"Key": "Name", "Value": instance_name}] if instance_name else []
        account.document["Reservations"] = [
            {
                "ReservationId": "r-1",
                "Instances": [{"InstanceId": instance or "i-other", "Tags": tags}],
            }
        ]
        return account.observe().interface["eni-1"].name

    return name


def test_its_own_name_tag_comes_first(named):
    assert named(tag="feed", instance="i-1", instance_name="ticker") == "feed"


def test_then_the_name_and_the_id_of_its_instance(named):
    primary = "Primary network interface"
    assert named(instance="i-1", instance_name="ticker", description=primary) == "ticker"
    assert named(instance="i-1", description=primary) == "i-1"


@pytest.mark.parametrize(
    ("description", "name"),
    [
        ("ELB app/front/50dc6c495c0c9188", "front"),
        ("ELB net/front-door/50dc6c495c0c9188", "front-door"),
        ("ELB classic", "classic"),
        ("Interface for NAT Gateway nat-0a1b", "nat-0a1b"),
        ("Network Interface for Transit Gateway Attachment tgw-attach-0a1b", "tgw-attach-0a1b"),
        ("VPC Endpoint Interface vpce-0a1b", "vpce-0a1b"),
        ("AWS Lambda VPC ENI-on-order-1dd5d3aa-0a0a-4b4b-8c8c-0123456789ab", "on-order"),
    ],
)
def test_then_what_aws_made_it_for(named, description, name):
    assert named(description=description) == name


@pytest.mark.parametrize(
    ("description", "managed"),
    [
        ("Primary network interface", False),
        ("arn:aws:ecs:eu-west-1:123456789012:attachment/0000", True),
        ("ELB app/front/50dc6c495c0c9188", False),
        ("", True),
    ],
)
def test_then_its_id_and_never_what_anybody_may_have_written(named, description, managed):
    assert named(description=description, managed=managed) == "eni-1"
