"""What a user may rely on of the pack as a whole, whatever a policy asks."""

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import bulkhead_policy
import pytest
from bulkhead_policy import policies
from bulkhead_policy.policies import CHECKS
from pulumi_policy import EnforcementLevel, StackValidationPolicy
from pulumi_policy.policy import _PolicyAnalyzerServicer

from bulkhead.observe.pulumi import handed
from bulkhead.problems import InputError, Problem
from tests.support.foreign import EVERYWHERE, Shop
from tests.support.packs import about, ask, of, served, violations
from tests.support.programs import Secret, unknown
from tests.support.tidy import Tidy


def test_every_check_is_a_policy_of_its_own_and_what_cannot_be_told_is_one():
    names = [each.name for each in policies()]
    assert names == [*(each.id for each in CHECKS), "cannot-tell"]
    assert len(names) > 30
    assert all(isinstance(each, StackValidationPolicy) for each in policies())


def test_every_policy_says_how_bad_it_is_what_mends_it_and_what_may_be_set():
    info = served().GetAnalyzerInfo(None, None)
    assert info.supportsConfig
    for each in info.policies:
        assert each.severity
        assert each.remediation_steps
    ports = {each.name: each for each in info.policies}["group-admin-ports-ipv4"]
    assert dict(ports.configSchema.properties["ports"])["type"] == "array"


def test_a_finding_is_on_the_rule_that_does_it_wherever_the_program_writes_it(built):
    shop = Shop()
    shop.rule("apart", 22, EVERYWHERE)
    shop.add(
        "ec2/securityGroupRule:SecurityGroupRule",
        "legacy",
        securityGroupId=shop.group.id,
        type="ingress",
        protocol="tcp",
        fromPort=3389,
        toPort=3389,
        cidrBlocks=["198.51.100.0/24", EVERYWHERE],
    )
    said = ask(shop, built=built)
    assert about("group-admin-ports-ipv4", said) == {"apart", "legacy"}
    assert not any(each.mandatory for each in said)


def test_a_rule_that_is_written_inside_its_group_is_the_group_s(built):
    shop = Shop()
    shop.group.inputs["ingress"] = [
        {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": [EVERYWHERE]}
    ]
    (said,) = of("group-admin-ports-ipv4", ask(shop, built=built))
    assert said.about == "web"
    assert "tcp 22 from 0.0.0.0/0" in said.message


def test_what_aws_makes_with_a_vpc_is_the_vpc_s(built):
    assert about("default-group-closed", ask(Shop(), built=built)) == {"main"}


def test_an_unknown_value_ends_no_policy_and_never_passes_silently():
    shop = Shop()
    shop.rule("wide", 22, EVERYWHERE)
    shop.rule("later", 3389, unknown())
    said = ask(shop, built=False)
    assert about("group-admin-ports-ipv4", said) == {"wide"}
    (untold,) = [each for each in of("cannot-tell", said) if each.about == "later"]
    assert "not known yet" in untold.message


@pytest.mark.parametrize(
    "word",
    [
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    ],
)
def test_a_value_is_unknown_by_whichever_word_the_engine_has_for_its_type(word):
    shop = Shop()
    shop.rule("later", 22, EVERYWHERE, fromPort=word)
    said = [each for each in ask(shop, built=False) if each.about == "later"]
    assert {each.policy for each in said} == {"cannot-tell"}
    assert "FromPort is not known yet" in said[0].message


def test_a_resource_that_cannot_be_read_is_named_and_the_others_are_judged(built):
    shop = Shop()
    shop.rule("wide", 22, EVERYWHERE)
    shop.add("ec2/subnet:Subnet", "broken", vpcId=shop.vpc.id, cidrBlock="no network at all")
    said = ask(shop, built=built)
    assert about("group-admin-ports-ipv4", said) == {"wide"}
    untold = [each for each in of("cannot-tell", said) if each.about == "broken"]
    assert any("not an IPv4 CIDR" in each.message for each in untold)


def test_a_property_that_is_secret_is_in_doubt_alone(built):
    shop = Shop()
    shop.rule("wide", 22, EVERYWHERE)
    shop.rule("hidden", 3389, Secret("198.51.100.0/24"))
    said = ask(shop, built=built)
    assert about("group-admin-ports-ipv4", said) == {"wide"}
    assert "hidden" in about("cannot-tell", said)


def test_settings_that_are_of_no_use_are_one_sentence():
    said = ask(Shop(), config={"group-admin-ports-ipv4": {"ports": [99_999]}})
    (one,) = of("group-admin-ports-ipv4", said)
    assert "ports holds 99999, and ports go from 0 to 65535" in one.message


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"percent": 900}, "percent is a whole number from 1 to 100, not 900"),
        ({"rules": 0}, "rules is a whole number from 1, not 0"),
    ],
)
def test_a_quota_that_nothing_could_be_near_is_refused(told, why):
    (one,) = of("quota-headroom", ask(Shop(), config={"quota-headroom": told}))
    assert why in one.message


def test_settings_are_heeded(built):
    shop = Shop()
    shop.rule("wide", 8022, EVERYWHERE)
    config = {"group-admin-ports-ipv4": {"ports": [8022]}}
    assert of("group-admin-ports-ipv4", ask(shop, built=built, config=config))
    assert not of("group-admin-ports-ipv4", ask(shop, built=built))


def test_where_nothing_can_be_judged_nothing_passes(monkeypatch):
    def refuse(*_):
        raise InputError([Problem("the stack", 0, "it makes no sense at all", "")])

    monkeypatch.setattr(handed, "as_stack", refuse)
    said = ask(Tidy())
    assert {each.policy for each in said if each.mandatory} == {
        "zeromq-from-internet",
        "as-declared",
    }
    assert all("it makes no sense at all" in each.message for each in said)


def test_what_somebody_lists_as_meant_is_no_finding():
    program = Tidy()
    program.ingress("from-site", program.store, 5556, cidrIpv4="192.168.10.0/24")
    listed = {"listed": ["tcp 5556 from 192.168.10.0/24"]}
    policies = ("zeromq-from-untrusted-site", "site-reach-listed")
    assert {each.policy for each in ask(program)} >= set(policies)
    assert ask(program, config=dict.fromkeys(policies, listed)) == []


def test_the_policies_also_serve_in_a_pack_of_one_s_own():
    """pulumi-policy's own server shows no inputs, and wraps every value."""
    shop = Shop()
    shop.rule("wide", 22, EVERYWHERE)
    shop.rule("later", 3389, unknown())
    level = EnforcementLevel.ADVISORY
    server = _PolicyAnalyzerServicer("mine", "1.0.0", policies(), level, *[None] * 7)
    _, every = shop.requests(built=False)
    said = list(violations(server.AnalyzeStack(every, None).diagnostics))
    assert about("group-admin-ports-ipv4", said) == {"wide"}
    assert "later" in about("cannot-tell", said)


def test_of_a_program_that_does_everything_well_no_policy_has_a_word_to_say(built):
    assert ask(Tidy(), built=built) == []


def test_the_pack_and_its_distribution_are_of_one_version():
    folder = Path(bulkhead_policy.__file__).parents[1]
    told = tomllib.loads((folder / "pyproject.toml").read_text())["project"]["version"]
    assert f"version: {told}\n" in (folder / "PulumiPolicy.yaml").read_text()


def test_the_pack_leans_on_nothing_but_bulkhead_the_words_of_pulumi_and_their_transport():
    folder = Path(bulkhead_policy.__file__).parent
    named = {
        module.partition(".")[0]
        for path in (*folder.glob("*.py"), folder.parent / "__main__.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [each.name for each in node.names]
        )
    }
    own = {"bulkhead", "bulkhead_policy", "pulumi", "pulumi_policy", "google", "grpc", "hpack"}
    assert named - own - sys.stdlib_module_names == set()


def test_a_pack_is_there_before_what_reads_resources_or_a_topology_is_imported():
    """The engine starts no program before its packs have said what they are."""
    late = ("bulkhead.observe", "bulkhead.intent", "pydantic", "boto3")
    script = (
        "import sys, bulkhead_policy.serving; "
        f"sys.exit(any(each.startswith({late}) for each in sys.modules))"
    )
    folder = Path(bulkhead_policy.__file__).parents[1]
    paths = f"{folder.parent}:{folder}"
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": paths}, check=False
    )
    assert done.returncode == 0
