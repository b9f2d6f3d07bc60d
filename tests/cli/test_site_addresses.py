"""A site's socket on one address, as each verb answers about it."""

import pytest
import yaml

from tests.support.topologies import sending_to_a_site


@pytest.fixture
def topology(tmp_path):
    path = tmp_path / "topology.yaml"
    document = sending_to_a_site(orders="tcp://192.168.10.7:6001", fills="tcp://192.168.10.9:6001")
    with path.open("w") as file:
        yaml.safe_dump(document, file)
    return path


def test_check_says_yes_and_names_the_address_that_stays_open_to_hosts_without_a_group(
    ask, topology
):
    answer = ask("check", topology)
    assert answer.code == 0
    assert "exactly what shop declares: 2 flows open, nothing else" in answer.out
    assert "any host in feed reaches exchange (192.168.10.7) on tcp 6001" in answer.out


@pytest.mark.parametrize("verb", [("plan",), ("prove",), ("prove", "--markdown"), ("draw",)])
def test_plan_matrix_markdown_and_picture_say_the_address(ask, topology, verb):
    word, *rest = verb
    answer = ask(word, topology, *rest)
    assert "tcp 192.168.10.7:6001" in answer.out
    assert "tcp 192.168.10.9:6001" in answer.out


def test_the_address_is_in_the_json_of_plan_and_prove(ask, topology):
    servers = [each["server"] for each in ask("plan", topology, "--json").json["flows"]]
    assert {(each["socket"], each["address"]) for each in servers} == {
        ("orders", "192.168.10.7"),
        ("fills", "192.168.10.9"),
    }
    matrix = ask("prove", topology, "--json").json["matrix"]
    assert {(each["to"], each["address"]) for each in matrix} == {
        ("exchange.orders", "192.168.10.7"),
        ("exchange.fills", "192.168.10.9"),
    }


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("exchange.orders", 0),
        ("exchange.fills", 1),
        ("exchange", 1),  # of its sockets, those of others too
        ("192.168.10.7", 0),
        ("192.168.10.8", 1),
    ],
)
def test_explain_asks_at_the_address_where_the_socket_waits(ask, topology, word, code):
    port = () if word.startswith("exchange") else ("--port", "6001")
    answer = ask("explain", topology, "--from", "orders-sender", "--to", word, *port)
    assert answer.code == code
    assert answer.out.count("  request\n") == (2 if word == "exchange" else 1)


def test_nobody_reaches_the_port_beside_it(ask, topology):
    assert ask("reach", topology, "--to", "192.168.10.7", "--port", "6001").code == 0
    assert ask("reach", topology, "--to", "192.168.10.8", "--port", "6001").code == 1
    assert ask("reach", topology, "--to", "192.168.11.7", "--port", "6001").code == 1


@pytest.mark.parametrize(
    ("client", "code"), [("exchange/one", 0), ("exchange/floor", 1), ("exchange", 1)]
)
def test_a_host_of_a_site_is_asked_about_by_its_name(ask, topology, client, code):
    document = yaml.safe_load(topology.read_text())
    document["sites"]["exchange"]["hosts"] = {
        "one": {"address": "192.168.10.5"},
        "floor": {"cidr": "192.168.10.64/26"},
    }
    document["flows"] = [
        {
            "name": "ssh",
            "from": "exchange/one",
            "to": "bystander",
            "traffic": "tcp 22",
            "why": "support",
        }
    ]
    topology.write_text(yaml.safe_dump(document))
    answer = ask("explain", topology, "--from", client, "--to", "bystander.ssh")
    assert answer.code == code
    assert ask("explain", topology, "--from", "exchange/two", "--to", "bystander").code == 2
    reached = ask("reach", topology, "--from", client, "--to", "bystander", "--port", "22")
    assert reached.code == (1 if client == "exchange/floor" else 0)
