"""What may stand for SOURCE, and how it is known which is which."""

import json

import pytest

from bulkhead import observe
from bulkhead.network import Network
from bulkhead.observe.errors import ObserveError, TopologyNotFoundError
from bulkhead.problems import InputError
from bulkhead.sources import open_source
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_dump, as_files, write
from tests.support.estate import Estate


def shop():
    estate = Estate()
    estate.subnet("a", "10.0.0.0/24")
    estate.group("web", "in tcp 80 10.0.0.0/8", "out all 0.0.0.0/0")
    estate.host("h1", "a", "10.0.0.5", "web")
    estate.host("h2", "a", "10.0.0.6", "web")
    return with_aws_ids(estate.build())


def test_prove_answers_for_a_folder_of_answers_of_the_aws_cli(ask, tmp_path):
    folder = write(as_files(shop()), tmp_path / "eu-west-1")
    answer = ask("prove", folder, "--json")
    assert answer.code in (0, 1), answer.err
    assert "h1" in answer.out
    assert answer.err == ""


def test_one_file_of_them_and_one_of_a_stack_are_told_apart_by_what_they_say(tmp_path):
    path = tmp_path / "anything.json"
    path.write_text(json.dumps(as_dump(shop())))
    assert {each.name for each in open_source(str(path)).network.interfaces} == {"h1", "h2"}
    path.write_text(json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": []}}))
    assert open_source(str(path)).network.things == ()


def test_an_answer_needs_no_name_that_ends_in_json(tmp_path):
    path = tmp_path / "describe-all"
    path.write_bytes(b"\xff\xfe" + json.dumps(as_dump(shop())).encode("utf-16-le"))
    assert len(open_source(str(path)).network.interfaces) == 2


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("x.json", '{"Vpcs": [\n{', "x.json:2: it ends in the middle"),
        ("x.json", '{"version": 3, "deployment": {', "pulumi stack export"),
        ("x.json", '{"config": {}, "steps": [', "pulumi preview --json --show-sames"),
        (
            "x.json",
            '{"Metadata": {"deployment": {}}, "Vpcs": [\n{',
            "x.json:2: it ends in the middle",
        ),
        ("x.json", '{"Buckets": [\n{', "x.json:2: it ends in the middle"),
        ("x.json", '{"Buckets": []}', "none of the sources"),
        ("x.json", '{"Buckets": []}\n{"Buckets": []}', "none of the sources"),
        ("x.json", '{"Buckets": []} {"Buckets": []}', "a second answer follows the first"),
        ("x.json", "{}", "none of the sources"),
        ("x.json", "[1, 2]", "none of the sources"),
        ("x.txt", "hello", "is not a source"),
        ("x.json", " \n", "it is empty"),
        ("x.json", '{"config": {}, "steps": [{"op": "sa', "x.json:1: it ends in the middle"),
        ("x.json", '{"sequence": 0, "stdoutEvent": {}}', "it is an event log"),
        ("x.json", '{"sequence": 0, "preludeEvent": {}}\n{"sequence": 1}\n', "events, one a line"),
        ("x.json", '{"duration": 3, "diagnostics": [{"severity": "error"}]}', "preview failed"),
        ("x.json", "Previewing update (dev):\n+ aws:ec2/vpc:Vpc: (create)\n", "shows people"),
        ("x.txt", "\x1b[1mPreviewing update (dev)\x1b[0m", "pulumi preview --json --show-sames"),
        ("x.json", '{"resourcePlans": {}}', "pulumi preview --json --show-sames"),
        ("x.tfstate", '{"version": 4, "serial": 1, "lineage": "a"}', "terraform show -json FILE"),
        ("x.json", '{"format_version": "1.0", "terraform_version": "1.9"}', "that is empty"),
        ("x.json", '{"format_version": "3.0", "resource_changes": []}', "1 is the last"),
        ("x.json", '{"format_version": "1.0", "values": {', "it ends in the middle"),
        ("x.json", '{"Resources": {"a": {"Type": "AWS::EC2::VPC"}}}', "of CloudFormation"),
        ("x.json", '{"collector_version": "1.0", "vpcs": []}', "what np-guard collected"),
        ("plan.bin", "PK\x03\x04...", "terraform show -json FILE"),
        (
            "x.tfstate",
            '{"serial": 1, "lineage": "a", "encrypted_data": "", "encryption_version": "v0"}',
            "encrypted by OpenTofu; write it with 'tofu show -json FILE'",
        ),
        (
            "x.json",
            '{"@level": "info", "@message": "Plan"}\n{"@level": "", "@message": ""}',
            "streams",
        ),
        ("x.txt", "OpenTofu used the selected providers to", "it is what Terraform shows people"),
        ("x.json", "\x1b[1m  # module.a[0].aws_vpc.b\x1b[0m will be created\n", "shows people"),
        ("x.txt", '# aws_vpc.main:\nresource "aws_vpc" "main" {\n', "it is what Terraform shows"),
        ("main.tf", 'variable "a" {}\nresource "aws_vpc" "b" {\n}\n', "a program of Terraform"),
        (
            "x.json",
            '{"vpc": {"sensitive": false, "type": "string", "value": "vpc-1"}}',
            "`terraform output -json` writes",
        ),
    ],
)
def test_what_is_none_of_them_is_refused_in_the_words_of_what_it_nearly_is(
    ask, tmp_path, name, text, says
):
    path = tmp_path / name
    path.write_text(text)
    answer = ask("prove", path)
    assert answer.code == 2
    assert says in answer.err
    assert "Traceback" not in answer.err


def readers(monkeypatch):
    """Which reader a file is given to: none of them reads it."""
    asked = []

    def stands_in(name):
        def read(_path, **_topology):
            asked.append(name)
            return observe.Observed(network=Network())

        return read

    for name in ("state", "preview", "dump", "terraform_state", "terraform_plan"):
        monkeypatch.setattr(observe, f"read_{name}", stands_in(name))
    return asked


@pytest.mark.parametrize(
    ("document", "reader"),
    [
        ({"version": 3, "deployment": {}}, "state"),
        ({"version": 3, "checkpoint": {"latest": {}}}, "state"),
        ({"stack": "dev", "latest": {}}, "state"),
        ({"config": {"a": [1]}, "steps": [], "duration": 1}, "preview"),
        ({"diagnostics": [], "changeSummary": {}}, "preview"),
        ({"format_version": "1.0", "terraform_version": "1", "values": {}}, "terraform_state"),
        ({"format_version": "1.2", "variables": {}, "planned_values": {}}, "terraform_plan"),
        ({"format_version": "1.2", "resource_changes": []}, "terraform_plan"),
        ({"manifest": {}, "resourcePlans": {}}, "preview"),
        ({"ResponseMetadata": {"steps": [], "deployment": 1}, "Vpcs": []}, "dump"),
        ({"steps": "of a stair", "Reservations": []}, "dump"),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_who_reads_a_file_is_told_by_its_first_telling_key(
    tmp_path, monkeypatch, document, reader, indent, encoding
):
    path = tmp_path / "x.json"
    path.write_bytes(json.dumps(document, indent=indent).encode(encoding))
    asked = readers(monkeypatch)
    open_source(str(path))
    assert asked == [reader]


def test_a_large_file_is_parsed_by_its_reader_and_by_nobody_before(tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"version": 3, "deployment": {"resources": [{}] * 1000}}))
    parsed = []
    whole = json.loads
    monkeypatch.setattr(json, "loads", lambda text: parsed.append(len(text)) or whole(text))
    assert readers(monkeypatch) == []
    open_source(str(path))
    assert max(parsed) < 20


@pytest.mark.parametrize("word", ["nowhere", "aws:eu_west", "aws:", "aws:a,,b", "AWS"])
def test_what_is_not_there_is_refused_with_all_the_forms(word):
    with pytest.raises(InputError) as told:
        open_source(word)
    (problem,) = told.value.problems
    for form in ("topology (.yaml)", "pulumi stack export", "pulumi preview", "describe-*"):
        assert form in problem.remedy
    for form in ("aws:REGION,REGION", "aws:*"):
        assert form in problem.remedy


@pytest.mark.parametrize(
    ("word", "regions"),
    [
        ("aws:eu-west-1,us-east-1", ["eu-west-1", "us-east-1"]),
        ("aws:eu-west-1", "eu-west-1"),
        ("aws", None),
        ("aws:*", None),
    ],
)
def test_an_account_is_asked_in_the_regions_that_were_named(monkeypatch, word, regions):
    asked = []

    def accounts(names, *, wanted, audited):
        assert wanted.only is None
        assert not audited
        asked.append((names, wanted.topology))
        return observe.Observed(network=Network())

    monkeypatch.setattr(observe, "read_accounts", accounts)
    monkeypatch.setattr(observe, "read_account", accounts)
    assert open_source(word, wanted=observe.Wanted(topology="shop")).network == Network()
    assert asked == [(regions, "shop")]


@pytest.fixture
def namesakes(tmp_path, monkeypatch):
    """A working directory with a dump in a folder called as each form of the account is."""
    for name in ("aws", "aws:eu-west-1", "aws:*"):
        write(as_files(shop()), tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def nobody(monkeypatch):
    """An account that cannot be reached."""

    def unreachable(*_regions, **_topology):
        raise ObserveError("the EC2 endpoint cannot be reached")

    monkeypatch.setattr(observe, "read_account", unreachable)
    monkeypatch.setattr(observe, "read_accounts", unreachable)


@pytest.mark.usefixtures("namesakes", "nobody")
@pytest.mark.parametrize("word", ["aws", "aws:eu-west-1", "aws:*"])
@pytest.mark.parametrize(
    "line",
    [
        ("check", "TOPOLOGY", "--on", "SOURCE"),
        ("prove", "SOURCE"),
        ("reach", "SOURCE", "--to", "h1"),
        ("explain", "SOURCE", "--from", "h1", "--to", "h2", "--port", "80"),
        ("diff", "SOURCE", "TOPOLOGY"),
        ("diff", "TOPOLOGY", "SOURCE"),
        ("lint", "SOURCE"),
        ("draw", "SOURCE", "-o", "x.svg"),
        ("drill", "SOURCE"),
    ],
)
def test_no_folder_of_that_name_stands_for_the_account_in_any_verb(ask, trading, word, line):
    spoken = {"SOURCE": word, "TOPOLOGY": trading}
    answer = ask(*(spoken.get(each, each) for each in line))
    assert answer.code == 2
    assert answer.out == ""
    assert "the EC2 endpoint cannot be reached" in answer.err
    assert f"./{word}" in answer.err.replace("\n", " ")


@pytest.mark.usefixtures("namesakes", "nobody")
@pytest.mark.parametrize("word", ["./aws", "./aws:eu-west-1", "./aws:*"])
def test_a_folder_called_aws_is_named_by_a_path(word):
    assert len(open_source(word).network.interfaces) == 2


@pytest.mark.usefixtures("nobody")
def test_where_nothing_is_called_aws_no_folder_is_spoken_of(ask, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = ask("prove", "aws")
    assert answer.code == 2
    assert "folder" not in answer.err


def test_a_topology_that_is_not_in_a_dump_is_refused_by_name(ask, tmp_path):
    folder = write(as_files(shop()), tmp_path / "eu-west-1")
    with pytest.raises(TopologyNotFoundError):
        open_source(str(folder), wanted=observe.Wanted(topology="shop"))


def test_what_was_built_is_judged_also_when_its_vpn_connection_is_gone(ask, trading, tmp_path):
    """Deleted by hand: AWS shows it as deleted for a while, and then no more."""
    files = as_files(with_aws_ids(open_source(str(trading)).network))
    folder = tmp_path / "eu-west-1"
    assert ask("check", trading, "--on", write(files, folder)).code == 0
    (connection,) = files["VpnConnections.json"]["VpnConnections"]
    for left in ([{**connection, "State": "deleted"}], []):
        files["VpnConnections.json"]["VpnConnections"] = left
        answer = ask("check", trading, "--on", write(files, folder), "--json")
        assert answer.code == 1, answer.err
        assert answer.json["verdict"] == "not as declared"
        (cause,) = answer.json["findings"]
        assert cause["message"] == "VPN connection exchange is not there"
        assert "undetermined" in {each["kind"] for each in cause["effects"]}
        assert {each["kind"] for each in answer.json["not_modelled"]} >= {"vpn-gateway"}
