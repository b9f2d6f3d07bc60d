"""What `check` accepts can be built, whatever it is called and whatever is said of it."""

from __future__ import annotations

import json
import textwrap

import pytest

from tests.integration.conftest import make_checkout

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

LONGEST = "z" * 31
DESK = 'Händler, 売買 & <others>; 100 % "live" (${HOME}) 🏦'
AWKWARD = f"""
    name: default
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 1
    include: [teams/{LONGEST}.yaml]
    defaults:
      service: {{ owner: "{"o" * 200}" }}
    segments:
      default: {{ purpose: as the VPC's own NACL is called, data: 機密 }}
      main: {{ purpose: as the VPC's own route table is called, isolation: service }}
    sites:
      sg-venue:
        cidrs: [192.168.10.0/24, 192.168.20.0/24]
        gateway: {{ address: 203.0.113.10 }}
        client-ports: windows
        purpose: "{"é" * 200}"
        owner: venue@example.com
        data: "- -"
        sockets:
          Push: {{ type: PUSH, connect: sg.in }}
          fills: {{ type: PULL, bind: "tcp://192.168.20.255:7000" }}
    services:
      default:
        segment: default
        replicas: 2..3
        labels: {{ tier: EDGE.1 }}
        purpose: '{DESK}'
        sockets:
          push: {{ type: PUSH, connect: [sg.in, sg-feed.many, sg-feed.ranged, sg-venue.fills] }}
          rawTx: {{ type: PUB, bind: "tcp://*:6001" }}
          rawtx: {{ type: PUB, bind: "tcp://*:6003" }}
          own: {{ type: PUB, bind: "tcp://*:5600+replica" }}
          Say: {{ type: RADIO, connect: sg.Hear }}
      sg:
        segment: main
        sockets:
          in: {{ type: PULL, bind: "tcp://*:6000" }}
          Hear: {{ type: DISH, bind: "udp://*:6000" }}
          each: {{ type: SUB, connect: default.own }}
          back: {{ type: PUSH, connect: default-1.high }}
          edge: {{ type: SUB, connect: "label:tier=EDGE.1.rawTx" }}
      default-1:
        segment: default
        replicas: 2
        interfaces: {{ eth0: {{}}, acl: {{ segment: main, purpose: "控制" }} }}
        sockets:
          high: {{ type: PULL, bind: ["tcp://acl:40000", "tcp://eth0:40001"] }}
          push: {{ type: PUSH, connect: sg.in, interface: acl }}
      sg-feed:
        segment: main
        sockets:
          many: {{ type: PULL, bind: [PORTS] }}
          ranged: {{ type: PULL, bind: "tcp://*:51000-51999" }}
          mapped: {{ type: PULL, bind: {{ endpoint: "tcp://*:28335", published: 29335 }} }}
    flows:
      - {{ name: Ops_1, from: default, to: sg-feed, traffic: [icmp 8, gre, tcp 22], why: "必要" }}
"""
PORTS = ", ".join(f'"tcp://*:{port}"' for port in (50000, 50002, 50004))
TEAM = f"""
    segments:
      {LONGEST}: {{ purpose: "x", owner: "y" }}
    services:
      {"s" + LONGEST[:30]}:
        segment: {LONGEST}
        sockets:
          {LONGEST.upper()}: {{ type: SUB, connect: "segment:default.rawtx" }}
"""
IN_TAGS = "**tags.word_tags(words)"
CHANGED = ("created", "deleted", "replaced")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    made = make_checkout(tmp_path_factory.mktemp("names"))
    made.topology.write_text(textwrap.dedent(AWKWARD.replace("PORTS", PORTS)))
    team = made.topology.parent / "teams" / f"{LONGEST}.yaml"
    team.parent.mkdir()
    team.write_text(textwrap.dedent(TEAM))
    made.topology.with_suffix(".lock.json").unlink()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def older(checkout):
    """The stack as it was built before tags said what things are for, and of which stack."""
    base = checkout.root / "bulkhead" / "components" / "base.py"
    now = base.read_text()
    assert IN_TAGS in now
    (line,) = (each for each in now.splitlines(keepends=True) if "tags.STACK:" in each)
    base.write_text(now.replace(IN_TAGS, "").replace(line, ""))
    built = checkout.stack("up")
    base.write_text(now)
    assert built.code == 0, built.said
    return checkout


@pytest.fixture(scope="module")
def ids_before(older):
    for key in ("bulkhead:purpose", "bulkhead:stack"):
        assert older.ec2.describe_subnets(**tagged(key))["Subnets"] == []
    return ids(older)


@pytest.fixture(scope="module")
def updated(older, ids_before):
    """What the next `up` of this version says."""
    ran = older.stack("up")
    assert ran.code == 0, ran.said
    return ran.out


def tagged(key):
    return {"Filters": [{"Name": "tag-key", "Values": [key]}]}


def ids(checkout):
    export = json.loads(checkout.pulumi("stack", "export", "--stack", "dev").out)
    return {each["urn"]: each.get("id") for each in export["deployment"]["resources"]}


def said_of(checkout, service):
    group = checkout.tagged("describe_security_groups", "SecurityGroups", bulkhead__service=service)
    return {each["Key"]: each["Value"] for each in group["Tags"]}


def test_a_stack_that_says_nothing_of_itself_gets_its_tags_in_place(older, ids_before, updated):
    summary = updated.rpartition("Resources:")[2]
    assert "updated" in summary
    assert not any(word in summary for word in CHANGED), summary
    assert ids(older) == ids_before
    every = older.ec2.describe_subnets(**tagged("bulkhead:purpose"))["Subnets"]
    assert len(every) == 5
    of_the_stack = older.ec2.describe_subnets(**tagged("bulkhead:stack"))["Subnets"]
    assert of_the_stack == older.ec2.describe_subnets(**tagged("bulkhead:topology"))["Subnets"]
    tags = said_of(older, "default")
    assert tags["bulkhead:purpose"] == DESK
    assert tags["bulkhead:owner"] == "o" * 200
    assert tags["bulkhead:data"] == "機密"
    assert tags["bulkhead:socket:rawTx"] == "PUB tcp 6001"
    assert tags["bulkhead:socket:rawtx"] == "PUB tcp 6003"


def test_names_and_words_of_any_kind_are_built_and_as_declared(older, updated):
    again = older.stack("up", "--expect-no-changes")
    assert again.code == 0, again.said
    # Other words are no other network.
    older.edit("as the VPC's own NACL is called", "the floor")
    answer = older.bulkhead("check", older.topology, "--on", "aws")
    assert answer.code == 0, answer.said
    assert answer.out.splitlines()[-1].startswith("AS DECLARED")


def test_of_a_host_with_two_interfaces_each_is_drilled_and_found_by_its_host(older, updated):
    answer = older.bulkhead("drill", "aws", "--for", older.topology)
    assert answer.code == 0, answer.said
    assert "each as proved" in answer.out
    told = [
        {each["Key"].removeprefix("bulkhead:"): each["Value"] for each in found["TagSet"]}
        for found in older.ec2.describe_network_interfaces(
            Filters=[{"Name": "tag:bulkhead:host", "Values": ["default-1-2"]}]
        )["NetworkInterfaces"]
    ]
    assert {(each["service"], each.get("interface")) for each in told} == {
        ("default-1", "acl"),
        ("default-1", None),
    }


def physical(checkout):
    return sorted(filter(None, ids(checkout).values()))


def test_what_is_called_otherwise_stays_what_it_is(older, updated):
    before = physical(older)
    for segment in ("default", "main"):
        older.edit(f"  {segment}: {{ purpose", f"  new-{segment}: {{ was: {segment}, purpose")
        older.edit(f"segment: {segment}\n", f"segment: new-{segment}\n")
    older.edit("{ segment: main,", "{ segment: new-main,")
    team = older.topology.parent / "teams" / f"{LONGEST}.yaml"
    team.write_text(team.read_text().replace("segment:default.", "segment:new-default."))
    older.edit("  sg-venue:\n", "  venue:\n    was: sg-venue\n")
    older.edit("sg-venue.", "venue.")
    older.edit("  default-1:\n", "  second:\n    was: default-1\n")
    older.edit("default-1.high", "second.high")
    preview = older.stack("preview")
    assert preview.code == 0, preview.said
    ran = older.stack("up")
    assert ran.code == 0, ran.said
    summary = ran.out.rpartition("Resources:")[2]
    assert "updated" in summary
    assert not any(word in summary for word in CHANGED), ran.out
    assert physical(older) == before
    answer = older.bulkhead("check", older.topology, "--on", "aws")
    assert answer.code == 0, answer.said


def test_all_of_it_comes_down_again(older, updated):
    gone = older.stack("down")
    assert gone.code == 0, gone.said
