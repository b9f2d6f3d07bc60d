"""What a document does not list is known to be missing, or known not to be known."""

import pytest


def more(network, kind="interfaces", vpc="vpc-1"):
    return network.why_more(kind, vpc)


def in_use(account, a=2, b=1):
    """AWS's own count of free addresses of both subnets, with so many in use."""
    account.thing("Subnets", "subnet-a")["AvailableIpAddressCount"] = 251 - a
    account.thing("Subnets", "subnet-b")["AvailableIpAddressCount"] = 251 - b


def test_interfaces_are_all_there_where_every_address_in_use_is_one_of_theirs(account):
    in_use(account)
    assert not more(account.observe())


def test_a_subnet_with_more_addresses_in_use_has_interfaces_that_are_not_listed(account):
    in_use(account, b=3)
    assert "3 addresses are in use, and the interfaces here have 1" in more(account.observe())


def test_a_delegated_prefix_is_sixteen_addresses_in_use(account):
    account.thing("NetworkInterfaces", "eni-2")["Ipv4Prefixes"] = [{"Ipv4Prefix": "10.20.1.32/28"}]
    in_use(account, b=17)
    assert not more(account.observe())


def test_without_a_count_of_addresses_nobody_knows_whether_the_answer_was_filtered(account):
    assert "does not say how many" in more(account.observe())
    assert more(account.observe(), vpc="vpc-other") == ""


def test_without_the_answer_there_may_be_any_interface(account):
    del account.document["NetworkInterfaces"]
    assert more(account.observe(strict=False))


def test_an_endpoint_whose_interfaces_are_not_here_runs_some_in_its_groups(account):
    in_use(account)
    account.document.setdefault("VpcEndpoints", []).append(
        {
            "VpcEndpointId": "vpce-9",
            "VpcEndpointType": "Interface",
            "VpcId": "vpc-1",
            "State": "available",
            "NetworkInterfaceIds": ["eni-9"],
            "Groups": [{"GroupId": "sg-ticker"}],
        }
    )
    (found,) = account.observe().unlisted_runners
    assert (found.name, found.security_groups) == ("vpce-9", ("sg-ticker",))
    account.document["VpcEndpoints"][-1]["State"] = "deleted"
    assert account.observe().unlisted_runners == ()


def test_a_load_balancer_without_interfaces_runs_some_that_are_not_listed(account):
    in_use(account)
    arn = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/front/50dc6c49"
    account.document["LoadBalancers"].append(
        {"LoadBalancerArn": arn, "VpcId": "vpc-1", "SecurityGroups": ["sg-ticker"]}
    )
    (found,) = account.observe().unlisted_runners
    assert (found.name, found.security_groups) == (arn, ("sg-ticker",))


def test_a_subnet_that_a_nacl_guards_and_that_is_not_here_is_missing(account):
    in_use(account)
    assert not more(account.observe(), "subnets")
    account.document["NetworkAcls"][0]["Associations"].append({"SubnetId": "subnet-z"})
    assert "subnet-z" in more(account.observe(), "subnets")


def test_a_group_that_an_interface_of_another_vpc_holds_is_not_free_when_one_vpc_is_asked_for(
    account,
):
    in_use(account)
    account.document["Vpcs"].append({"VpcId": "vpc-2", "CidrBlock": "10.50.0.0/16"})
    account.document["NetworkInterfaces"].append(
        {
            "NetworkInterfaceId": "eni-9",
            "VpcId": "vpc-2",
            "SubnetId": "subnet-x",
            "PrivateIpAddress": "10.50.0.9",
            "Groups": [{"GroupId": "sg-strategy"}],
        }
    )
    (found,) = account.observe(only="vpc-1").unlisted_runners
    assert (found.name, found.security_groups) == ("eni-9", ("sg-strategy",))


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ({}, False),
        ({"PeeringStatus": "active", "UserId": "210987654321", "VpcId": "vpc-far"}, False),
        ({"PeeringStatus": "deleted", "UserId": "210987654321"}, True),
        ({"VpcId": "vpc-1"}, False),
    ],
)
def test_a_group_is_gone_where_aws_says_that_its_peering_is(account, said, gone):
    account.rule(ReferencedGroupInfo={"GroupId": "sg-far", **said})
    named = [each.name for each in account.observe().unlisted if each.field == "security_groups"]
    assert named == ([] if gone else ["sg-far"])


def test_what_attaches_an_interface_to_its_instance_is_no_interface_that_is_missing(account):
    in_use(account)
    interface = {
        "NetworkInterfaceId": "eni-1",
        "Attachment": {"AttachmentId": "eni-attach-0123456789abcdef0"},
    }
    account.document["Reservations"] = [
        {
            "ReservationId": "r-1",
            "Instances": [
                {"InstanceId": "i-1", "VpcId": "vpc-1", "NetworkInterfaces": [interface]}
            ],
        }
    ]
    assert account.observe().unlisted_runners == ()
    assert not more(account.observe())
