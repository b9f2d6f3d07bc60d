"""A socket in a range of ports, as each verb answers about it."""

import pytest
import yaml

from tests.support.topologies import HEAD


def controller(bind):
    return {
        **HEAD,
        "zones": 1,
        "segments": {"hub": {"purpose": "controllers"}, "engines": {"purpose": "engines"}},
        "services": {
            "controller": {"segment": "hub", "sockets": {"all": {"type": "ROUTER", "bind": bind}}},
            "engine": {
                "segment": "engines",
                "sockets": {"c": {"type": "DEALER", "connect": "controller.all"}},
            },
        },
        "tests": [
            {"from": "engine", "accept": ["controller.all"]},
            {"from": "internet", "deny": ["*"]},
        ],
    }


@pytest.fixture
def written(tmp_path):
    def write(bind, name="topology.yaml"):
        path = tmp_path / name
        with path.open("w") as file:
            yaml.safe_dump(controller(bind), file)
        return path

    return write


@pytest.fixture
def topology(written):
    return written("tcp://*:51000-51999")


def test_check_counts_it_as_one_flow(ask, topology):
    answer = ask("check", topology)
    assert answer.code == 0
    assert "exactly what shop declares: 1 flow open, nothing else" in answer.out


@pytest.mark.parametrize(
    "verb",
    [
        ("plan",),
        ("prove",),
        ("prove", "--markdown"),
        ("draw",),
        ("reach", "--to", "controller.all"),
    ],
)
def test_plan_matrix_markdown_picture_and_reach_say_the_range(ask, topology, verb):
    word, *rest = verb
    assert "tcp 51000-51999" in ask(word, topology, *rest).out


def test_documents_say_its_first_and_last_port(ask, topology):
    (server,) = [each["server"] for each in ask("plan", topology, "--json").json["flows"]]
    assert (server["protocol"], server["ports"]) == (6, {"first": 51000, "last": 51999})
    (boundary,) = ask("document", topology, "--json").json["boundaries"]
    assert [each["ports"] for each in boundary["flows"]] == [[51000, 51999]]
    pairs = ask("prove", topology, "--json").json["matrix"]
    assert {tuple(each["ports"]) for each in pairs} == {(51000, 51999)}


@pytest.mark.parametrize(
    ("more", "port", "code"),
    [((), 51000, 0), (("--port", "51500"), 51500, 0), (("--port", "52000"), 52000, 1)],
)
def test_explain_tells_of_the_lowest_port_or_of_the_one_that_is_asked_for(
    ask, topology, more, port, code
):
    answer = ask("explain", topology, "--from", "engine", "--to", "controller.all", *more)
    assert answer.code == code
    assert f"tcp {port}: " in answer.out


def test_diff_names_the_socket_by_the_ports_that_it_gains(ask, written, topology):
    wider = written("tcp://*:51000-52999", "wider.yaml")
    answer = ask("diff", topology, wider, "--json")
    (change,) = [each for each in answer.json["changes"] if each["from"]["name"] == "engine"]
    assert (change["socket"], change["ports"]) == ("controller.all", [[52000, 52999]])


def test_a_range_and_its_ports_one_by_one_are_the_same_network(ask, written, topology):
    one_by_one = written([f"tcp://*:{port}" for port in range(51000, 52000)], "single.yaml")
    assert ask("diff", topology, one_by_one).code == 0
