"""Configuration is joined to the code that reads it, and keeps its secrets."""

import pytest

CODE = """
import os, zmq, yaml
config = yaml.safe_load(open("c.yaml"))
ctx = zmq.Context()
ctx.socket(zmq.PUB).bind(f"tcp://*:{os.environ['ZMQ_PORT']}")
ctx.socket(zmq.SUB).connect(config["feed"]["endpoint"])
ctx.socket(zmq.REP).bind("tcp://*:5999")
"""


def said(found):
    return [
        (each.place.line, each.key, each.text, [place.line for place in each.read_by])
        for each in found.configured
    ]


CASES = {
    "YAML": (
        "c.yaml",
        "feed:\n  endpoint: tcp://feed:5556\n",
        (2, "feed.endpoint", "tcp://feed:5556", [6]),
    ),
    "TOML": (
        "c.toml",
        '[feed]\nendpoint = "tcp://feed:5556"\n',
        (2, "feed.endpoint", "tcp://feed:5556", [6]),
    ),
    "INI": (
        "c.ini",
        "[feed]\nendpoint: tcp://feed:5556\n",
        (2, "feed.endpoint", "tcp://feed:5556", [6]),
    ),
    "JSON": (
        "c.json",
        '{"feed": {\n"endpoint": "tcp://feed:5556"}}',
        (2, "feed.endpoint", "tcp://feed:5556", [6]),
    ),
    "env": (".env", "# x\nexport ZMQ_PORT=5556\n", (2, "ZMQ_PORT", "5556", [5])),
    "compose": (
        "docker-compose.yml",
        "services:\n  a:\n    environment:\n      - ZMQ_PORT=5556\n",
        (4, "services.a.environment.ZMQ_PORT", "5556", [5]),
    ),
    "compose, published": (
        "compose.yaml",
        'services:\n  a:\n    ports:\n      - "5999:5999"\n',
        (4, "services.a.ports", "5999:5999", [7]),
    ),
    "Kubernetes": (
        "pod.yaml",
        "spec:\n  containers:\n    - env:\n        - name: ZMQ_PORT\n          value: '5556'\n",
        (5, "spec.containers.env.ZMQ_PORT", "5556", [5]),
    ),
    "Helm values": (
        "values.yaml",
        "feed:\n  endpoint: tcp://feed:5556\n",
        (2, "feed.endpoint", "tcp://feed:5556", [6]),
    ),
    "a Helm template": (
        "templates/pod.yaml",
        "{{- if .Values.x }}\nargs: [tcp://feed:5557]\n{{- end }}\n",
        (2, "args", "tcp://feed:5557", []),
    ),
    "systemd": (
        "a.service",
        "[Service]\nEnvironment=ZMQ_PORT=5556\n",
        (2, "Service.Environment.ZMQ_PORT", "5556", [5]),
    ),
    "circus": (
        "circus.ini",
        "[circus]\nendpoint = tcp://127.0.0.1:5555\n",
        (2, "circus.endpoint", "tcp://127.0.0.1:5555", []),
    ),
    "a Dockerfile": ("Dockerfile", "FROM x\nENV ZMQ_PORT=5556\n", (2, "ZMQ_PORT", "5556", [5])),
}


@pytest.mark.parametrize("name", CASES)
def test_what_configures_a_socket_is_joined_to_the_code_that_asks(scanned, name):
    file, text, wanted = CASES[name]
    assert wanted in said(scanned({"a.py": CODE, file: text}))


def test_what_has_nothing_to_do_with_zeromq_is_not_told(scanned):
    text = "db: postgres://u:p@h/x\nDOCKER_HOST: tcp://docker:2375\nport: 8080\n"
    assert not scanned({"a.py": CODE, "c.yaml": text}).configured


def test_transports_of_other_protocols_are_told_only_where_code_has_such_an_end(scanned):
    text = "rpc: ws://127.0.0.1:8545\nannounce: x\ntracker: udp://t.example:80\nfeed: tcp://f:1\n"
    plain = scanned({"a.py": CODE, "c.yaml": text}).configured
    assert [each.text for each in plain] == ["tcp://f:1"]
    speaks = CODE + 'import zmq\nzmq.Context().socket(zmq.SUB).connect("ws://hub:5558")\n'
    web = scanned({"a.py": speaks, "c.yaml": text}).configured
    assert [each.text for each in web] == ["ws://127.0.0.1:8545", "tcp://f:1"]


def test_without_a_socket_configuration_is_not_read(scanned):
    assert not scanned({"a.py": "x = 1\n", "c.yaml": "a: tcp://x:1\n"}).configured


def test_secrets_of_configuration_are_never_told(scanned):
    found = scanned(
        {
            "a.py": CODE,
            "c.yaml": "feed:\n  endpoint: tcp://user:hunter2@feed:5556\n",
            ".env": "ZMQ_PORT=JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6\n",
        }
    )
    assert "hunter2" not in repr(found)
    assert "JTKVSB" not in repr(found)


def test_yaml_that_would_make_objects_or_explode_makes_nothing(scanned):
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + at)}: &{chr(98 + at)} [*{chr(97 + at)}, *{chr(97 + at)}]\n" for at in range(20)
    )
    object_ = (
        "x: !!python/object/apply:os.system ['touch /tmp/never']\nfeed:\n  endpoint: tcp://f:1\n"
    )
    found = scanned({"a.py": CODE, "bomb.yaml": bomb, "c.yaml": object_})
    assert [each.text for each in found.configured] == ["tcp://f:1"]
