"""A plan of Terraform or OpenTofu is read as the network that applying it leaves."""

import copy
import json

import pytest

from bulkhead import observe
from bulkhead.network import Verdict
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.observe.terraform import written
from tests.observe.terraform.test_terraform_state import readable

AWS = "registry.terraform.io/hashicorp/aws"


def change(address, before=None, after=None, unknown=None, actions=None, **more):
    """One of `resource_changes`; what is done is told by what is there before and behind."""
    if actions is None:
        actions = ["create"] if before is None else ["delete"] if after is None else ["update"]
    called, name = address.rpartition("module.")[2].split(".")[-2:]
    return {
        "address": address,
        "mode": "managed",
        "type": called,
        "name": name.partition("[")[0],
        "provider_name": AWS,
        "change": {
            "actions": actions,
            "before": before,
            "after": after,
            "after_unknown": unknown or {},
        },
        **more,
    }


def refers(*references):
    return {"references": list(references)}


def configured(address, **expressions):
    called, name = address.split(".")
    return {
        "address": address,
        "mode": "managed",
        "type": called,
        "name": name,
        "expressions": expressions,
    }


def plan(changes, program=None, prior=None, **more):
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.8",
        "variables": {"region": {"value": "eu-west-1"}},
        "planned_values": {"root_module": {}},
        "resource_changes": changes,
        "prior_state": {"format_version": "1.0", "values": prior or {"root_module": {}}},
        "configuration": {
            "provider_config": {"aws": {"expressions": {"region": refers("var.region")}}},
            "root_module": program or {},
        },
        **more,
    }


@pytest.fixture
def read(tmp_path):
    def from_document(document):
        path = tmp_path / "plan.json"
        path.write_text(json.dumps(document))
        return observe.read_terraform_plan(path)

    return from_document


NEW = {"id": True, "arn": True, "tags_all": True}


def fresh():
    """A plan of two hosts that are yet to be made, one half in a module."""
    changes = [
        change(
            "aws_vpc.main",
            after={"cidr_block": "10.0.0.0/16", "tags": None},
            unknown={**NEW, "default_security_group_id": True, "main_route_table_id": True},
        ),
        change(
            "module.net.aws_subnet.a",
            after={"cidr_block": "10.0.1.0/24", "availability_zone": "eu-west-1a"},
            unknown={**NEW, "vpc_id": True},
        ),
        *(
            change(
                f"module.net.aws_security_group.{name}",
                after={"name": name},
                unknown={**NEW, "vpc_id": True, "ingress": True, "egress": True},
            )
            for name in ("feed", "desk")
        ),
        *(
            change(
                f"module.net.aws_network_interface.{name}",
                after={"private_ips": [address]},
                unknown={**NEW, "subnet_id": True, "security_groups": True, "private_ip": True},
            )
            for name, address in (("feed", "10.0.1.10"), ("desk", "10.0.1.11"))
        ),
        *(
            change(
                f"module.net.aws_vpc_security_group_{way}_rule.{name}",
                after={"ip_protocol": "tcp", "from_port": 5556, "to_port": 5556},
                unknown={
                    "id": True,
                    "security_group_id": True,
                    "referenced_security_group_id": True,
                },
            )
            for way, name in (("ingress", "feed"), ("egress", "desk"))
        ),
    ]
    module = {
        "resources": [
            configured("aws_subnet.a", vpc_id=refers("var.vpc"), cidr_block={}),
            *(
                configured(f"aws_security_group.{each}", vpc_id=refers("var.vpc"), name={})
                for each in ("feed", "desk")
            ),
            *(
                configured(
                    f"aws_network_interface.{each}",
                    subnet_id=refers("aws_subnet.a.id", "aws_subnet.a"),
                    security_groups=refers(
                        f"aws_security_group.{each}.id", f"aws_security_group.{each}"
                    ),
                    private_ips={},
                )
                for each in ("feed", "desk")
            ),
            *(
                configured(
                    f"aws_vpc_security_group_{way}_rule.{name}",
                    security_group_id=refers(f"aws_security_group.{name}.id"),
                    referenced_security_group_id=refers(f"aws_security_group.{other}.id"),
                    ip_protocol={},
                )
                for way, name, other in (("ingress", "feed", "desk"), ("egress", "desk", "feed"))
            ),
        ]
    }
    program = {
        "resources": [configured("aws_vpc.main", cidr_block={"constant_value": "10.0.0.0/16"})],
        "module_calls": {
            "net": {
                "expressions": {"vpc": refers("aws_vpc.main.id", "aws_vpc.main")},
                "module": module,
            }
        },
    }
    return plan(changes, program)


def verdict(network, client, server, port):
    reach = prove(network)
    ends = {each.id: each for each in reach.endpoints}
    return reach.verdict(ends[f"eni-{client}"], ends[f"eni-{server}"], 6, port)


def test_what_is_yet_to_be_made_is_known_by_what_refers_to_what(read):
    network = read(fresh()).network
    (vpc,) = network.vpcs
    assert (vpc.id, vpc.region) == ("vpc-aws_vpc.main", "eu-west-1")
    where = "module.net.aws_network_interface"
    assert verdict(network, f"{where}.desk", f"{where}.feed", 5556) is Verdict.ALLOWED
    assert verdict(network, f"{where}.desk", f"{where}.feed", 5557) is Verdict.DENIED
    assert verdict(network, f"{where}.feed", f"{where}.desk", 5556) is Verdict.DENIED


@pytest.mark.parametrize(
    "references",
    [["local.group"], ["each.value"], ["data.aws_security_group.shared.id"], ["module.gone.id"]],
)
def test_a_rule_of_a_group_that_no_reference_tells_may_be_of_any_and_is_in_doubt(read, references):
    document = fresh()
    (rule,) = (
        each
        for each in document["configuration"]["root_module"]["module_calls"]["net"]["module"][
            "resources"
        ]
        if each["address"].endswith("ingress_rule.feed")
    )
    rule["expressions"]["security_group_id"] = refers(*references)
    network = read(document).network
    where = "module.net.aws_network_interface"
    assert verdict(network, f"{where}.desk", f"{where}.feed", 5556) is Verdict.UNDETERMINED


def test_which_copy_is_meant_by_a_count_is_said_by_no_reference(read):
    document = fresh()
    for number in (0, 1):
        document["resource_changes"].append(
            change(
                f"aws_subnet.many[{number}]",
                after={"cidr_block": f"10.0.{number + 8}.0/24"},
                unknown={**NEW, "vpc_id": True},
            )
        )
        document["resource_changes"].append(
            change(
                f"aws_network_interface.many[{number}]",
                after={"private_ips": [f"10.0.{number + 8}.10"]},
                unknown={**NEW, "subnet_id": True},
            )
        )
    root = document["configuration"]["root_module"]
    root["resources"] += [
        configured("aws_subnet.many", vpc_id=refers("aws_vpc.main.id"), cidr_block={}),
        configured(
            "aws_network_interface.many",
            subnet_id=refers("aws_subnet.many", "count.index"),
            private_ips={},
        ),
    ]
    unsure = {each.id for each in read(document).network.unmodelled}
    assert {f"eni-aws_network_interface.many[{number}]" for number in (0, 1)} <= unsure
    root["resources"][-1]["expressions"]["subnet_id"] = refers(
        "aws_subnet.many[1].id", "aws_subnet.many[1]", "aws_subnet.many"
    )
    network = read(document).network
    assert network.interface["eni-aws_network_interface.many[0]"].subnet == (
        "subnet-aws_subnet.many[1]"
    )


def standing():
    """A stack that stands, and a plan that changes nothing of it."""
    resources = [written.resource(each) for each in readable()]
    changes = [
        change(each["address"], each["values"], each["values"], actions=["no-op"])
        for each in resources
    ]
    return resources, plan(changes, prior={"root_module": {"resources": resources}})


def test_a_plan_that_changes_nothing_leaves_what_the_state_has(read, tmp_path):
    _, document = standing()
    (tmp_path / "state.json").write_text(json.dumps(written.state(readable())))
    before = observe.read_terraform_state(tmp_path / "state.json").network
    assert read(document).network == before
    # With -target a plan speaks of some alone; what it does not speak of stays.
    document["resource_changes"] = document["resource_changes"][:3]
    document["complete"] = False
    assert read(document).network == before


def test_what_is_updated_and_what_goes_is_so_behind_the_plan(read):
    _, document = standing()
    for each in document["resource_changes"]:
        if each["type"] == "aws_vpc_security_group_ingress_rule":
            each["change"] |= {
                "actions": ["update"],
                "after": each["change"]["before"] | {"from_port": 9000, "to_port": 9001},
            }
        if each["type"] == "aws_network_acl_rule":
            each["change"] |= {"actions": ["delete"], "after": None}
    network = read(document).network
    ports = {
        (rule.ports.first, rule.ports.last)
        for group in network.security_groups
        for rule in group.rules
        if rule.id and rule.direction == "ingress"
    }
    assert (9000, 9001) in ports
    assert read(standing()[1]).network.nacls != network.nacls


def test_what_is_replaced_is_told_with_what_forces_it(read):
    _, document = standing()
    (subnet, *_) = (each for each in document["resource_changes"] if each["type"] == "aws_subnet")
    subnet["change"] |= {
        "actions": ["delete", "create"],
        "after": {**subnet["change"]["before"], "cidr_block": "10.20.9.0/24"} | {"id": None},
        "after_unknown": {"id": True},
        "replace_paths": [["cidr_block"]],
    }
    (found,) = read(document).replaced
    assert (found.urn, found.id) == (subnet["address"], subnet["change"]["before"]["id"])
    assert found.reasons == ("cidr_block",)


def test_rules_that_are_written_inside_a_new_group_are_its_own(read):
    document = fresh()
    (group,) = (
        each for each in document["resource_changes"] if each["address"].endswith("group.desk")
    )
    rule = {"protocol": "udp", "from_port": 53, "to_port": 53, "cidr_blocks": ["10.0.0.2/32"]}
    group["change"]["after"]["egress"] = [rule]
    del group["change"]["after_unknown"]["egress"]
    # The program says one rule of it apart as well: then this is what AWS shows of that.
    assert not any(
        each.protocol == 17 for one in read(document).network.security_groups for each in one.rules
    )
    document["resource_changes"] = [
        each for each in document["resource_changes"] if "egress_rule" not in each["address"]
    ]
    assert any(
        each.protocol == 17 for one in read(document).network.security_groups for each in one.rules
    )


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda it: it.update(errored=True), "the plan failed"),
        (lambda it: it.update(format_version="2.0"), "format_version is '2.0'"),
        (lambda it: it.update(resource_changes=7), "resource_changes"),
        (
            lambda it: it["resource_changes"][0]["change"].update(actions=["guess"]),
            "the actions guess are not known",
        ),
    ],
)
def test_a_plan_that_cannot_be_used_is_refused_with_the_reason(read, harm, said):
    document = copy.deepcopy(fresh())
    harm(document)
    with pytest.raises(InputError, match=said):
        read(document)


def read_plan(folder, document, encoding="utf-8"):
    path = folder / "plan.json"
    path.write_text(json.dumps(document), encoding=encoding)
    return observe.read_terraform_plan(path).network


def test_what_powershell_writes_is_read_as_the_same(tmp_path):
    """`terraform show -json FILE > plan.json` is UTF-16 there."""
    expected = read_plan(tmp_path, fresh())
    assert expected.vpcs
    assert read_plan(tmp_path, fresh(), "utf-16") == expected
    assert read_plan(tmp_path, fresh(), "utf-8-sig") == expected


def test_a_plan_that_changes_nothing_has_no_list_of_changes(tmp_path):
    """Terraform leaves it out; what stands is in `prior_state`, as with -refresh-only."""
    nothing = {**plan([]), "planned_values": {"root_module": {}}}
    del nothing["resource_changes"]
    assert not read_plan(tmp_path, nothing).vpcs
    held = {"prior_state": written.state(readable())}
    assert [each.id for each in read_plan(tmp_path, {**nothing, **held}).vpcs]


def test_a_plan_whose_changes_were_cut_off_is_refused(tmp_path):
    document = fresh()
    del document["resource_changes"]
    document["planned_values"] = {"root_module": {"resources": [{"address": "aws_vpc.a"}]}}
    with pytest.raises(InputError, match="it says what is planned, and has no resource_changes"):
        read_plan(tmp_path, document)


def test_what_older_providers_say_of_a_vpc_leaves_nothing_in_doubt(tmp_path):
    document = fresh()
    (made,) = [each for each in document["resource_changes"] if each["type"] == "aws_vpc"]
    expected = read_plan(tmp_path, document)
    made["change"]["after"] |= {"enable_classiclink": None, "enable_classiclink_dns_support": False}
    made["change"]["after_unknown"] |= {"enable_classiclink": True}
    assert read_plan(tmp_path, document) == expected
