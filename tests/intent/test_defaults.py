"""What is left out is as the nearest default says, and written where that is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bulkhead.intent import Topology, load
from bulkhead.intent.mechanisms import Mechanism
from bulkhead.intent.written import (
    WrittenDefaults,
    WrittenSegment,
    WrittenService,
    WrittenSite,
    WrittenSocket,
)
from bulkhead.intent.written.defaults import NEVER
from bulkhead.problems import InputError

Load = Callable[[str], Topology]

HEAD = "name: demo\nregion: eu-west-1\ncidr: 10.20.0.0/16\nzones: 1\n"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Topology]:
    """Loads the first of some files."""
    monkeypatch.chdir(tmp_path)

    def load_them(**texts: str) -> Topology:
        for name, text in texts.items():
            Path(f"{name}.yaml").write_text(text)
        return load(Path(f"{next(iter(texts))}.yaml"))

    return load_them


def test_the_nearest_wins_and_the_place_is_that_of_the_default(load_text: Load) -> None:
    topology = load_text(
        HEAD
        + """\
defaults:
  service:
    owner: everybody
    client-ports: windows
    replicas: 3
segments:
  left:
    purpose: a
    defaults: { service: { owner: the left, replicas: 2 } }
  right: { purpose: b }
services:
  a: { segment: left, replicas: 1 }
  b: { segment: left }
  c: { segment: right }
"""
    )
    said = {
        name: (each.owner, each.replicas, each.client_ports)
        for name, each in topology.services.items()
    }
    assert said == {
        "a": ("the left", 1, "windows"),
        "b": ("the left", 2, "windows"),
        "c": ("everybody", 3, "windows"),
    }
    for path, line in {
        ("a", "replicas"): 16,
        ("a", "owner"): 13,
        ("b", "replicas"): 13,
        ("c", "replicas"): 9,
        ("c", "client-ports"): 8,
    }.items():
        assert topology.place_of("services", *path).line == line


def test_an_included_file_has_defaults_of_its_own_and_those_of_who_includes_it(
    files: Callable[..., Topology],
) -> None:
    topology = files(
        top=HEAD
        + """\
include: team.yaml
defaults: { service: { owner: top, instance: c8i.large }, segment: { isolation: service } }
segments: { left: { purpose: a } }
services: { a: { segment: left } }
""",
        team="""\
include: part.yaml
defaults: { service: { owner: team } }
segments: { right: { purpose: b, isolation: segment } }
services: { b: { segment: left } }
""",
        part="services: { c: { segment: right } }\n",
    )
    assert {name: each.owner for name, each in topology.services.items()} == {
        "a": "top",
        "b": "team",
        "c": "team",
    }
    assert {each.instance for each in topology.services.values()} == {"c8i.large"}
    assert topology.place_of("services", "c", "owner") == ("team.yaml", 2)
    assert topology.place_of("services", "c", "instance") == ("top.yaml", 6)
    assert topology.segments["left"].isolation == "service"


def test_sockets_of_services_and_sites_have_what_fits_them(load_text: Load) -> None:
    topology = load_text(
        HEAD
        + """\
defaults: { socket: { mechanism: CURVE, zap: true, why: as all of them }, site: { trust: trusted } }
segments: { left: { purpose: a, defaults: { socket: { why: the left } } }, right: { purpose: b } }
sites:
  home:
    cidrs: [192.168.0.0/24]
    gateway: { address: 203.0.113.1 }
    sockets: { ticks: { type: SUB, connect: a.ticks } }
services:
  a: { segment: left, sockets: { ticks: { type: PUB, bind: "tcp://*:5556" } } }
  b: { segment: right, sockets: { http: { type: TCP, bind: "tcp://*:80" } } }
"""
    )
    home, ticks, http = (topology.sockets[each] for each in ("home.ticks", "a.ticks", "b.http"))
    assert (home.mechanism, ticks.mechanism) == (Mechanism.CURVE, Mechanism.CURVE)
    assert (http.mechanism, http.zap) == (Mechanism.NULL, False)
    assert (home.why, ticks.why, http.why) == ("as all of them", "the left", "as all of them")
    assert topology.sites["home"].trust == "trusted"


def test_tls_by_default_is_of_plain_tcp_alone_which_may_do_without(load_text: Load) -> None:
    sockets = load_text(
        HEAD
        + """\
defaults: { socket: { mechanism: TLS } }
segments: { left: { purpose: a } }
services:
  a:
    segment: left
    sockets:
      web: { type: TCP, bind: "tcp://*:443" }
      raw: { type: STREAM, bind: "tcp://*:80", mechanism: NULL }
      gram: { type: DGRAM, bind: "udp://*:5556" }
      ticks: { type: PUB, bind: "tcp://*:5557" }
"""
    ).sockets
    secured = {name: each.mechanism for name, each in sockets.items()}
    assert secured.pop("a.web") is Mechanism.TLS
    assert set(secured.values()) == {Mechanism.NULL}


@pytest.mark.parametrize("kind", ["service", "socket", "segment", "site"])
def test_every_key_that_may_be_left_out_has_a_default_and_no_other(kind: str) -> None:
    shapes = {
        "service": WrittenService,
        "socket": WrittenSocket,
        "segment": WrittenSegment,
        "site": WrittenSite,
    }
    field = WrittenDefaults.model_fields[kind].annotation
    (shape,) = (each for each in field.__args__ if each is not type(None))  # type: ignore[union-attr]
    assert set(shape.model_fields) == {
        name for name, each in shapes[kind].model_fields.items() if not each.is_required()
    } - set(NEVER)


def said_of(load: Callable[[], object]) -> list[str]:
    with pytest.raises(InputError) as told:
        load()
    return [str(each).partition("topology.yaml:")[2] for each in told.value.problems]


def test_a_default_that_cannot_be_read_is_told_once_and_hides_nothing(load_text: Load) -> None:
    users = "".join(f"  s{n}: {{ segment: left }}\n" for n in range(5))
    assert said_of(
        lambda: load_text(
            HEAD
            + "defaults: { service: { replicas: , client-ports: solaris }, socket: 5 }\n"
            + "segments: { left: { purpose: a, defaults: { sockt: {} } }, right: { purpose: } }\n"
            + f"services:\n{users}  wrong: {{ segment: lft }}\n"
        )
    ) == [
        "5: defaults, service, client-ports: 'solaris' names no client ports; write linux, "
        "windows, macos, nat or any, or a range such as 1024-65535",
        "5: defaults, service, replicas: has no value; write one, or remove the key",
        "5: defaults, socket: is not a mapping; write { why: … }",
        "6: segment left, defaults has no key 'sockt'; did you mean socket?",
        "6: segment right, purpose: has no value; write one, or remove the key",
        "13: service wrong is in segment 'lft', which is not declared; did you mean left?",
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("defaults:", "5: defaults: has no value; write one, or remove the key"),
        ("defaults: 5", "5: defaults: is not a mapping; write { service: … }"),
        ("defaults: [a]", "5: defaults: is not a mapping; write { service: … }"),
        (
            "defaults: { services: {} }",
            "5: defaults has no key 'services'; did you mean service?",
        ),
    ],
)
def test_defaults_are_a_mapping_by_kinds(load_text: Load, written: str, said: str) -> None:
    text = f"{HEAD}{written}\nsegments: {{ left: {{ purpose: a }} }}\nservices: {{}}\n"
    assert said_of(lambda: load_text(text)) == [said]


def test_a_long_default_of_many_is_refused_before_it_fills_the_memory(load_text: Load) -> None:
    labels = ", ".join(f"l{each}: x" for each in range(2_000))
    users = "".join(f"  s{each}: {{ segment: left }}\n" for each in range(2_000))
    segments = "segments: { left: { purpose: a } }\n"
    defaults = f"defaults: {{ service: {{ labels: {{ {labels} }} }} }}\n"
    (said,) = said_of(lambda: load_text(f"{HEAD}{defaults}{segments}services:\n{users}"))
    assert said.endswith(
        "up to here all that defaults fill in is more than 150000 values; write shorter defaults"
    )


def test_names_like_keys_are_names(load_text: Load) -> None:
    text = HEAD + "segments: { defaults: { purpse: a }, owner: { purpose: b, ownr: c } }\n"
    assert said_of(lambda: load_text(f"{text}services: {{ sockets: {{ segmnt: owner }} }}\n")) == [
        "5: segment defaults has no key 'purpse'; did you mean purpose?",
        "5: segment owner has no key 'ownr'; did you mean owner?",
        "6: service sockets has no key 'segmnt'; did you mean segment?",
    ]
