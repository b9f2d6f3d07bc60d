"""What a program binds and connects to, by address, and which keys it needs, by reference."""

from ipaddress import IPv4Address

import pytest
from hypothesis import given

from bulkhead.intent.endpoints import parse_connect
from bulkhead.plan import plan
from bulkhead.problems import UnusableError
from bulkhead.settings import as_plain, as_variables, every_settings, settings
from tests.support.examples import examples
from tests.support.topologies import documents, topology_from

FLEET = """
    name: fleet
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 1
    segments: { left: { purpose: one side }, right: { purpose: the other } }
    sites:
      plant:
        cidrs: [192.168.10.0/24]
        gateway: { address: 203.0.113.10 }
        sockets:
          named: { type: PULL, bind: "tcp://192.168.10.7:6001" }
          nameless: { type: PULL, bind: "tcp://*:6002" }
          asks: { type: REQ, connect: server.api, mechanism: CURVE }
    services:
      server:
        segment: left
        instance: c5.large
        sockets:
          api: { type: ROUTER, bind: "tcp://eth0:5556", mechanism: CURVE, zap: true }
          log: { type: PUSH, bind: ["ipc:///run/log", "tcp://lo:5557"] }
          reads: { type: PULL, connect: server.log }
          out: { type: PUSH, connect: [plant.named, plant.nameless] }
      client:
        segment: right
        instance: c5.large
        replicas: 2
        sockets:
          ask: { type: REQ, connect: server.api, mechanism: CURVE }
          mesh: { type: DEALER, bind: "tcp://*:5670", connect: client.mesh }
      fast:
        segment: right
        instance: c8i.large
        sockets: { mesh: { type: DEALER, connect: client.mesh } }
    flows:
      - { name: ssh, from: plant, to: client, traffic: tcp 22, why: people log in, encryption: SSH }
      - { name: ping, from: fast, to: server, traffic: icmp 8, why: is it there }
"""


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    topology = topology_from(tmp_path_factory.mktemp("fleet"), FLEET)
    return topology, plan(topology)


@pytest.fixture
def of(fleet):
    return lambda owner, copy=None: as_plain(settings(*fleet, owner, copy))


@pytest.fixture
def at(fleet):
    """The planned address of a copy."""
    return {each.name: str(each.address) for each in fleet[1].network.interfaces}


def test_a_socket_binds_the_address_of_its_host_and_never_all_of_them(of, at):
    (bound,) = of("server")["sockets"]["api"]["bind"]
    assert bound["endpoint"] == f"tcp://{at['server-1']}:5556"
    mesh = of("client")["sockets"]["mesh"]
    assert [each["endpoint"] for each in mesh["bind"]] == [
        f"tcp://{at[name]}:5670" for name in ("client-1", "client-2")
    ]
    assert [each["endpoint"] for each in of("server")["sockets"]["log"]["bind"]] == [
        "ipc:///run/log",
        "tcp://lo:5557",
    ]


def test_a_socket_connects_to_every_copy_and_one_of_a_mesh_not_to_itself(of, at):
    connects = of("fast")["sockets"]["mesh"]["connect"]
    assert [each["replica"] for each in connects] == [1, 2]
    (other,) = of("client", 2)["sockets"]["mesh"]["connect"]
    assert (other["replica"], other["endpoint"]) == (1, f"tcp://{at['client-1']}:5670")
    assert of("client", 2)["replicas"] == of("client")["replicas"][1:]
    assert of("client", 2)["replicas"][0]["name"] == "client-2"


def test_on_one_host_the_nearest_transport_is_taken(of):
    (local,) = of("server")["sockets"]["reads"]["connect"]
    assert (local["endpoint"], local["replica"]) == ("ipc:///run/log", None)


def test_of_a_site_the_host_is_named_or_nobody_knows_where_it_is(of):
    named, nameless = of("server")["sockets"]["out"]["connect"]
    assert named["endpoint"] == "tcp://192.168.10.7:6001"
    assert nameless["endpoint"] is None and "no plan knows the address" in nameless["why"]
    (bound,) = of("plant")["sockets"]["nameless"]["bind"]
    assert bound["endpoint"] is None and "name it" in bound["why"]
    assert of("plant")["kind"] == "site"


def test_keys_are_references_and_a_server_is_told_whom_it_may_admit(of):
    api = of("server")["sockets"]["api"]
    assert api["public_key"] == "secret:bulkhead/fleet/server/api#public"
    assert api["secret_key"] == api["public_key"].replace("#public", "#secret")
    assert api["client_keys"] == [
        "secret:bulkhead/fleet/plant/asks#public",
        "secret:bulkhead/fleet/client/ask#public",
    ]
    ask = of("client")["sockets"]["ask"]
    assert {each["server_key"] for each in ask["connect"]} == {api["public_key"]}
    assert of("client")["sockets"]["mesh"]["secret_key"] is None


@pytest.mark.parametrize(
    ("owner", "socket", "seconds", "because"),
    [
        ("client", "ask", 432_000, "c5.large is not built on Nitro v6"),
        ("fast", "mesh", 350, "fast-1: c8i.large is built on Nitro v6"),
        ("client", "mesh", 350, "fast-1: c8i.large is built on Nitro v6"),
        ("plant", "asks", 350, "the devices of site plant"),
        ("server", "reads", None, ""),
    ],
)
def test_the_shortest_memory_on_the_way_is_the_one_that_counts(of, owner, socket, seconds, because):
    profile = of(owner)["sockets"][socket]["profile"]
    assert profile["idle_seconds"] == seconds
    assert because in (profile["because"] or "")


def test_what_is_not_zeromq_is_listed_beside_with_whom_and_where(of, at):
    (opened,) = of("plant")["flows"]
    assert opened == {
        "name": "client.ssh",
        "opens": True,
        "peer": "client",
        "at": [at["client-1"], at["client-2"]],
        "protocol": "tcp",
        "ports": [22, 22],
        "traffic": "tcp 22",
        "encryption": "SSH",
        "vpc_encrypts": False,
        "interface": None,
    }
    (answered,) = of("client", 1)["flows"]
    assert (answered["opens"], answered["peer"], answered["at"]) == (
        False,
        "plant",
        ["192.168.10.0/24"],
    )
    (ping,) = of("server")["flows"]
    assert (ping["traffic"], ping["ports"], ping["encryption"]) == ("icmp type 8", None, None)
    assert "ssh" not in of("client")["sockets"]


def test_variables_are_of_one_program_and_say_all_or_nothing(fleet, at):
    found = as_variables(settings(*fleet, "client", 1))
    assert found["BULKHEAD_SOCKETS"] == "ask,mesh"
    assert found["BULKHEAD_MESH_BIND"] == f"tcp://{at['client-1']}:5670"
    assert found["BULKHEAD_ASK_SERVER_KEYS"] == "secret:bulkhead/fleet/server/api#public"
    assert "HEARTBEAT_IVL=10000" in found["BULKHEAD_ASK_OPTIONS"].split(",")
    with pytest.raises(UnusableError, match="has 2 copies"):
        as_variables(settings(*fleet, "client"))
    with pytest.raises(UnusableError, match="no plan knows the address"):
        as_variables(settings(*fleet, "server"))


def test_two_names_that_come_to_be_one_variable_are_not_mixed_up(tmp_path):
    sockets = '{ a-b: { type: PUB, bind: "tcp://*:1" }, a_b: { type: PUB, bind: "tcp://*:2" } }'
    text = (
        FLEET.partition("    sites:")[0]
        + f"""
    services:
      one: {{ segment: left, sockets: {sockets} }}
"""
    )
    topology = topology_from(tmp_path, text)
    with pytest.raises(UnusableError, match="two sockets of one come to be BULKHEAD_A_B_TYPE"):
        as_variables(settings(topology, plan(topology), "one"))


def test_a_range_is_bound_at_its_first_free_port_and_nobody_knows_which_that_is(tmp_path):
    text = (
        FLEET.partition("    sites:")[0]
        + """
    services:
      one: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:51000-51999" } } }
      two: { segment: left, sockets: { s: { type: SUB, connect: one.s } } }
"""
    )
    topology = topology_from(tmp_path, text)
    planned = plan(topology)
    (bound,) = settings(topology, planned, "one").sockets[0].bind
    assert bound.endpoint == "tcp://10.20.0.4:*[51000-51999]"
    told = settings(topology, planned, "two")
    (reached,) = told.sockets[0].connect
    assert reached.endpoint is None and "10.20.0.4:51000-51999" in reached.why
    with pytest.raises(UnusableError, match="has to say which"):
        as_variables(told)


def test_who_binds_ipv6_on_loopback_and_who_connects_there_is_told_the_option_for_it(tmp_path):
    text = (
        FLEET.partition("    sites:")[0]
        + """
    services:
      one:
        segment: left
        sockets:
          s: { type: PUB, bind: ["tcp://[::1]:5556", "tcp://*:5557"] }
          t: { type: SUB, connect: one.s }
      two: { segment: left, sockets: { s: { type: SUB, connect: one.s } } }
"""
    )
    topology = topology_from(tmp_path, text)
    told = every_settings(topology, plan(topology))
    options = [each.profile.options for name in ("one", "two") for each in told[name].sockets]
    assert [each["IPV6"] for each in options] == [1, 1, 0]


def test_a_port_that_libzmq_chooses_is_bound_as_written_and_is_nowhere_to_connect_to(tmp_path):
    text = (
        FLEET.partition("    sites:")[0]
        + """
    services:
      one:
        segment: left
        sockets:
          s: { type: PUSH, bind: "tcp://lo:*" }
          t: { type: PULL, connect: one.s }
          w: { type: PUB, bind: "ws://*:8080-8089/feed" }
"""
    )
    topology = topology_from(tmp_path, text)
    one, two, web = settings(topology, plan(topology), "one").sockets
    assert [each.endpoint for each in one.bind] == ["tcp://lo:*"]
    (reached,) = two.connect
    assert reached.endpoint is None and "has to say which" in reached.why
    (bound,) = web.bind
    assert (bound.endpoint, bound.copy) == (None, 1)
    assert "one port of ws://10.20.0.4:8080-8089/feed" in bound.why


@pytest.mark.parametrize(
    ("bound", "reached"),
    [
        ("tipc://{5556,3,9}", "tipc://{5556,3}"),
        ("tipc://{5556,3}", "tipc://{5556,3}"),
        ("vsock://*:5556", "vsock://@:5556"),
        ("vmci://7:5556", "vmci://7:5556"),
        ("tcp://localhost:5556", "tcp://127.0.0.1:5556"),
        ("ipc://@ticks", "ipc://@ticks"),
    ],
)
def test_what_one_program_binds_another_of_its_host_can_connect_to(tmp_path, bound, reached):
    text = (
        FLEET.partition("    sites:")[0]
        + f"""
    services:
      one:
        segment: left
        sockets:
          s: {{ type: PUSH, bind: "{bound}" }}
          t: {{ type: PULL, connect: one.s }}
"""
    )
    topology = topology_from(tmp_path, text)
    _, reads = settings(topology, plan(topology), "one").sockets
    assert [each.endpoint for each in reads.connect] == [reached]
    assert parse_connect(reached).text == reached


def test_datagrams_of_one_host_go_to_its_loopback_and_back(tmp_path):
    text = (
        FLEET.partition("    sites:")[0]
        + """
    services:
      one:
        segment: left
        sockets:
          s: { type: DGRAM, bind: "udp://127.0.0.1:5556", connect: one.t }
          t: { type: DGRAM, bind: "udp://lo:5557" }
"""
    )
    topology = topology_from(tmp_path, text)
    sockets = settings(topology, plan(topology), "one").sockets
    assert [each.endpoint for socket in sockets for each in socket.connect] == [
        "udp://127.0.0.1:5557",
        "udp://127.0.0.1:5556",
    ]


def test_a_mapped_port_is_bound_inside_as_written_and_reached_as_published(tmp_path):
    text = (
        FLEET.partition("    sites:")[0]
        + """
    services:
      one:
        segment: left
        sockets: { s: { type: PUB, bind: { endpoint: "tcp://*:28335", published: 29335 } } }
      two: { segment: left, sockets: { s: { type: SUB, connect: one.s } } }
"""
    )
    topology = topology_from(tmp_path, text)
    planned = plan(topology)
    (bound,) = settings(topology, planned, "one").sockets[0].bind
    (reached,) = settings(topology, planned, "two").sockets[0].connect
    assert (bound.endpoint, reached.endpoint) == ("tcp://*:28335", "tcp://10.20.0.4:29335")


@examples(0.2)
@given(documents() | documents(vpcs=True))
def test_every_planned_flow_is_an_endpoint_that_its_client_connects_to(tmp_path_factory, document):
    topology = topology_from(tmp_path_factory.mktemp("any"), document)
    planned = plan(topology)
    told = every_settings(topology, planned)
    zone = planned.zone
    called = {
        f"{each.name}.{zone.domain}": str(each.addresses[0])
        for each in (zone.records if zone else ())
        if len(each.addresses) == 1
    }
    for flow in planned.flows:
        if not flow.client_socket:
            continue  # to a service of AWS
        sockets = {each.name: each for each in told[topology.whose(flow.client)].sockets}
        server = f"{topology.whose(flow.server.owner)}.{flow.server.socket}"
        reached = [
            each
            for each in sockets[flow.client_socket].connect
            if each.to == server and each.endpoint
        ]
        owned = planned.network.interfaces_of(flow.server.owner)
        ranges = any(each.ports[0] < each.ports[1] for each in topology.sockets[server].listens)
        if not ranges and (owned or isinstance(flow.server.address, IPv4Address)):
            ports = {
                int(endpoint.rpartition(":")[2])
                for each in reached
                for endpoint in (each.endpoint, *each.also)
            }
            assert {flow.server.ports.first, flow.server.ports.last} <= ports
            hosts = {
                endpoint.rpartition(";")[2].removeprefix("tcp://").rpartition(":")[0]
                for each in reached
                for endpoint in (each.endpoint, *each.also)
            }
            if zone and flow.client in topology.interfaces:
                assert owned == () or hosts <= called.keys()
            assert {str(each.address) for each in owned} <= {
                called.get(each, each) for each in hosts
            }
        assert {each.copy for each in reached} <= {None, *range(1, len(owned) + 1)}
        assert sockets[flow.client_socket].profile.silence.seconds <= 432_000


def test_a_socket_at_a_host_of_a_site_is_at_its_address_and_plain_flows_come_from_there(tmp_path):
    document = """
        name: fleet
        region: eu-west-1
        cidr: 10.20.0.0/16
        zones: 1
        segments: { left: { purpose: one side } }
        sites:
          plant:
            cidrs: [192.168.10.0/24]
            gateway: { address: 203.0.113.10 }
            hosts: { pump: { address: 192.168.10.7 }, floor: { cidr: 192.168.10.64/26 } }
            sockets:
              orders: { type: PULL, bind: "tcp://*:6001", host: pump }
              pumps: { type: PULL, bind: "tcp://*:6002", host: floor }
        services:
          server:
            segment: left
            sockets: { out: { type: PUSH, connect: [plant.orders, plant.pumps] } }
        flows:
          - { name: http, from: plant/floor, to: server, traffic: tcp 80, why: screens }
          - { name: ssh, from: server, to: plant/floor, traffic: tcp 22, why: upkeep }
    """
    topology = topology_from(tmp_path, document)
    every = every_settings(topology, plan(topology))
    orders, pumps = every["plant"].sockets
    assert [each.endpoint for each in orders.bind] == ["tcp://192.168.10.7:6001"]
    (out,) = every["server"].sockets
    assert [each.endpoint for each in out.connect] == ["tcp://192.168.10.7:6001", None]
    for each in (pumps.bind[0], out.connect[1]):
        assert each.endpoint is None
        assert "in 192.168.10.64/26 of a site, and no plan knows the address" in each.why
    http, ssh = every["server"].beside
    assert http.at == ssh.at == ("192.168.10.64/26",)


DUAL = """
    name: shop
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 1
    ipv6: { cidr: "2600:1f18:1234:5600::/56", pool: ipam-pool-0a1b2c3d4e5f60718 }
    segments: { left: { purpose: l }, mid: { purpose: m }, right: { purpose: r, ipv6: false } }
    services:
      a:
        segment: left
        sockets:
          both: { type: PUB, bind: "tcp://[::]:5556" }
          four: { type: PUB, bind: "tcp://*:5557" }
      b:
        segment: mid
        sockets: { in: { type: SUB, connect: a.both }, on: { type: SUB, connect: a.four } }
      c: { segment: right, sockets: { in: { type: SUB, connect: a.both } } }
    flows:
      - { name: ping6, from: b, to: a, traffic: icmpv6 128, why: is it there }
      - { name: ssh, from: b, to: a, traffic: tcp 22, why: to log in }
"""
SIX = "2600:1f18:1234:5600::4"


def dual(tmp_path, document=DUAL):
    topology = topology_from(tmp_path, document)
    made = plan(topology)
    return lambda owner: as_plain(settings(topology, made, owner))


def test_who_binds_both_families_binds_both_addresses_and_who_has_both_may_take_either(tmp_path):
    of = dual(tmp_path)
    both, four = of("a")["sockets"]["both"], of("a")["sockets"]["four"]
    assert [each["endpoint"] for each in both["bind"]] == [
        "tcp://10.20.0.4:5556",
        f"tcp://[{SIX}]:5556",
    ]
    assert [each["endpoint"] for each in four["bind"]] == ["tcp://10.20.0.4:5557"]
    taken, alone = of("b")["sockets"]["in"], of("c")["sockets"]["in"]
    assert taken["connect"][0]["also"] == [f"tcp://[{SIX}]:5556"]
    assert alone["connect"][0]["also"] == []
    options = {
        (owner, name): socket["profile"]["options"]["IPV6"]
        for owner in "abc"
        for name, socket in of(owner)["sockets"].items()
    }
    assert {each for each, on in options.items() if on} == {("a", "both"), ("b", "in")}
    ping, ssh = of("b")["flows"]
    assert (ping["at"], ssh["at"]) == ([SIX], ["10.20.0.4", SIX])
    assert (of("a")["replicas"][0]["ipv6"], of("c")["replicas"][0]["ipv6"]) == (SIX, None)


def test_an_address_that_only_aws_will_tell_is_said_to_be_one(tmp_path):
    pool = DUAL.index("ipv6: {")
    given = f"{DUAL[:pool]}ipv6: amazon\n{DUAL[DUAL.index('    segments') :]}"
    of = dual(tmp_path, given)
    four, six = of("a")["sockets"]["both"]["bind"]
    assert (four["endpoint"], six["endpoint"]) == ("tcp://10.20.0.4:5556", None)
    assert "AWS gives the block" in six["why"]
    assert "AWS gives the block" in of("a")["later"]
    (connect,) = of("b")["sockets"]["in"]["connect"]
    assert (connect["endpoint"], connect["also"]) == ("tcp://10.20.0.4:5556", [])
    assert "IPv6" in connect["why"] and of("c")["later"] is None
    assert of("a")["sockets"]["both"]["profile"]["options"]["IPV6"] == 1
    assert "2001:db8:" not in str([of(each) for each in "abc"])
    topology = topology_from(tmp_path, given)
    with pytest.raises(UnusableError, match="AWS gives the block"):
        as_variables(settings(topology, plan(topology), "a"))
    assert as_variables(settings(topology, plan(topology), "b"))["BULKHEAD_IN_CONNECT"]


def test_what_the_vpc_encrypts_is_said_of_sockets_and_flows(tmp_path):
    control = "zones: 1\n    vpc-encryption: { mode: enforce }"
    text = FLEET.replace("zones: 1", control).replace("c5.large", "c5n.large")
    topology = topology_from(tmp_path, text)
    planned = plan(topology)
    client = as_plain(settings(topology, planned, "client"))
    assert client["sockets"]["ask"]["vpc_encrypts"] is True
    assert [each["vpc_encrypts"] for each in client["flows"]] == [False]
    server = as_plain(settings(topology, planned, "server"))
    told = {name: each["vpc_encrypts"] for name, each in server["sockets"].items()}
    assert told == {"api": False, "log": False, "reads": False, "out": False}
    assert [each["vpc_encrypts"] for each in server["flows"]] == [True]
