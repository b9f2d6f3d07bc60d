"""Whoever takes apart what belongs together has to name the association."""

from bulkhead.network import Association


def test_every_association_that_is_shown_is_kept(account):
    document = account.document
    vpc, subnet, interface = (
        document[kind][0] for kind in ("Vpcs", "Subnets", "NetworkInterfaces")
    )
    vpc["CidrBlockAssociationSet"][1]["AssociationId"] = "vpc-cidr-assoc-1"
    subnet["Ipv6CidrBlockAssociationSet"] = [
        {"Ipv6CidrBlock": "2001:db8::/64", "AssociationId": "subnet-cidr-assoc-1"}
    ]
    interface["PrivateIpAddresses"][0]["Association"]["AssociationId"] = "eipassoc-1"
    document["NetworkAcls"][1]["Associations"][0]["NetworkAclAssociationId"] = "aclassoc-1"
    for number, table in enumerate(document["RouteTables"]):
        table["Associations"][0]["RouteTableAssociationId"] = f"rtbassoc-{number}"
    assert set(account.observe().associations) == {
        Association(id="vpc-cidr-assoc-1", of="vpc-1", to="10.30.0.0/16"),
        Association(id="subnet-cidr-assoc-1", of="subnet-a", to="2001:db8::/64"),
        Association(id="eipassoc-1", of="eni-1", to="198.51.100.7"),
        Association(id="aclassoc-1", of="subnet-a", to="acl-feed"),
        Association(id="rtbassoc-0", of="vpc-1", to="rtb-main"),
        Association(id="rtbassoc-1", of="subnet-a", to="rtb-public"),
    }


def test_a_block_is_known_however_it_is_written(account):
    account.document["Subnets"][0]["Ipv6CidrBlockAssociationSet"] = [
        {"Ipv6CidrBlock": "2001:0DB8:0:0600::/64", "AssociationId": "subnet-cidr-assoc-1"}
    ]
    (found,) = account.observe().associations
    assert found.to == "2001:db8:0:600::/64"


def test_an_association_without_an_id_is_none(account):
    assert account.observe().associations == ()
