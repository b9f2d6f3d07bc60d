"""The files of a site's device in the very programs that they are for, where there are any."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest

from bulkhead.network import Tunnel
from bulkhead.onsite import Onsite, bird, frr, onsite, swanctl, updown
from bulkhead.onsite.swanctl import UPDOWN, esp_proposal, ike_proposal
from bulkhead.plan import plan
from bulkhead.twin.kernel import Namespace
from bulkhead.twin.links import wait_until_ready
from bulkhead.twin.rtnetlink import Rtnetlink
from tests.onsite.test_onsite import PLANT, STANDING
from tests.support.topologies import topology_from

pytestmark = pytest.mark.integration

CHARON = Path("/usr/lib/ipsec/charon")
FRR = Path("/usr/lib/frr")
PATIENCE = 20
"""Seconds for what takes a fraction of one on an idle machine."""


@pytest.fixture(scope="module")
def exchange(tmp_path_factory) -> Onsite:
    topology = topology_from(tmp_path_factory.mktemp("daemons"), PLANT)
    return onsite(topology, plan(topology), "exchange", STANDING)


def until(what: Callable[[], object]) -> object:
    """What it says once it says something; the last word where it never does."""
    end = time.monotonic() + PATIENCE
    while not (said := what()) and time.monotonic() < end:
        time.sleep(0.05)
    return said


@contextmanager
def running(at: Namespace, *command: str | Path, log: Path) -> Iterator[None]:
    """A program in a namespace, ended with all that it started."""
    with log.open("wb") as out, at:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Peers:
    """strongSwan as the site's device has it, and another one that plays AWS's two ends."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.device, self.aws = Namespace("device"), Namespace("aws")
        with self.device, Rtnetlink() as netlink:
            netlink.veth(2, "wan", peer_namespace=self.aws.fd, peer_index=2, peer_name="wan")
            netlink.address(2, IPv4Address("203.0.113.10"), 32)
        with self.aws, Rtnetlink() as netlink:
            netlink.link_up(2)
            for each in STANDING:
                netlink.address(2, each.outside, 32)
        for at, there in ((self.device, "198.51.100.0/24"), (self.aws, "203.0.113.0/24")):
            with at, Rtnetlink() as netlink:
                netlink.link_up(1)
                netlink.route(IPv4Network(there), index=2)
            with at:
                wait_until_ready()
        for at in (self.device, self.aws):
            stack.enter_context(self._charon(at))

    @contextmanager
    def _charon(self, at: Namespace) -> Iterator[None]:
        settings = self.folder / f"{at.name}.conf"
        settings.write_text(
            "charon {\n  install_routes = no\n  routing_table_prio = 40000\n  plugins {\n"
            f"    vici {{\n      socket = {self._vici(at)}\n    }}\n"
            "    kernel-libipsec {\n      allow_peer_ts = yes\n    }\n"
            "    bypass-lan {\n      load = no\n    }\n  }\n"
            f"  filelog {{\n    here {{\n      path = {self._log(at)}\n      flush_line = yes\n"
            "      default = 1\n    }\n  }\n}\n"
        )
        # Each its own /run, where charon keeps the one of its kind that a host has.
        inside = f"mount -t tmpfs run /run && exec env STRONGSWAN_CONF={settings} {CHARON}"
        output = self.folder / f"{at.name}.out"
        with running(at, "unshare", "-m", "sh", "-c", inside, log=output):
            there = Path(self._vici(at).removeprefix("unix://"))
            assert until(there.exists), output.read_text()
            yield

    def _log(self, at: Namespace) -> Path:
        return self.folder / f"{at.name}.log"

    def _vici(self, at: Namespace) -> str:
        return f"unix://{self.folder}/{at.name}.vici"

    def ask(self, at: Namespace, *words: str | Path) -> str:
        done = subprocess.run(
            ["swanctl", *words, "--uri", self._vici(at)],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def play_aws(self, takes: Tunnel, *keys: str) -> None:
        """AWS's two ends, which negotiate what a tunnel of the plan may, with these keys."""
        lines = ["connections {"]
        for number, each in enumerate(STANDING, start=1):
            lines += [
                f"t{number} {{\nversion = 2\nencap = yes",
                f"local_addrs = {each.outside}\nremote_addrs = 203.0.113.10",
                f"proposals = {ike_proposal(takes)}",
                f"local {{\nauth = psk\nid = {each.outside}\n}}",
                "remote {\nauth = psk\nid = 203.0.113.10\n}",
                f"children {{\nc{number} {{\nlocal_ts = 0.0.0.0/0\nremote_ts = 0.0.0.0/0",
                f"esp_proposals = {esp_proposal(takes)}\n}}\n}}\n}}",
            ]
        lines += ["}", "secrets {", *self._keys(keys), "}"]
        file = self.folder / "aws.swanctl.conf"
        file.write_text("\n".join(lines))
        self.ask(self.aws, "--load-all", "--noprompt", "--file", file)

    def load(self, site: Onsite, *keys: str) -> None:
        """The device takes the file that it is given, and the keys beside it."""
        secrets, script = self.folder / "device.secrets", self.folder / "updown"
        secrets.write_text("\n".join(self._keys(keys)))
        note = f'echo "$PLUTO_CONNECTION $PLUTO_VERB" >> {self.folder}/told\n'
        script.write_text(updown(site).replace("\ncase", f"\n{note}case", 1))
        script.chmod(0o755)
        text = swanctl(site).replace(
            f"/etc/swanctl/{site.topology}-{site.site}.secrets", str(secrets)
        )
        file = self.folder / "swanctl.conf"
        file.write_text(text.replace(UPDOWN, str(script)).replace("mobike", "encap = yes\nmobike"))
        loaded = self.ask(self.device, "--load-all", "--noprompt", "--file", file)
        assert "successfully loaded 2 connections" in loaded

    @staticmethod
    def _keys(keys: tuple[str, ...]) -> list[str]:
        return [
            f"ike-{number} {{\nid-1 = 203.0.113.10\nid-2 = {each.outside}\nsecret = {key}\n}}"
            for number, (each, key) in enumerate(zip(STANDING, keys, strict=True), start=1)
        ]

    def said(self) -> str:
        return self._log(self.device).read_text()

    def told(self) -> list[str]:
        file = self.folder / "told"
        return sorted(file.read_text().splitlines()) if file.exists() else []


@pytest.fixture
def peers(namespaces, tmp_path) -> Iterator[Peers]:
    if not (CHARON.exists() and shutil.which("swanctl")):
        pytest.skip("strongSwan is not installed (strongswan-charon, strongswan-swanctl)")
    with ExitStack() as stack:
        yield Peers(tmp_path, stack)


def test_strongswan_brings_both_tunnels_up_with_the_strongest_suite_that_the_plan_allows(
    peers, exchange
):
    peers.play_aws(exchange.tunnels[0].options, "key_of_the_first", "key_of_the_second")
    peers.load(exchange, "key_of_the_first", "key_of_the_second")
    assert until(lambda: peers.told() == ["aws1 up-client", "aws2 up-client"]), peers.said()
    shown = peers.ask(peers.device, "--list-sas")
    assert shown.count("AES_GCM_16-256/PRF_HMAC_SHA2_512/ECP_521") == 2
    assert shown.count("INSTALLED, TUNNEL") == 2
    assert shown.count("ESP:AES_GCM_16-256") == 2


def test_a_wrong_key_opens_no_tunnel_and_the_other_one_comes_up(peers, exchange):
    peers.play_aws(exchange.tunnels[0].options, "key_of_the_first", "key_of_the_second")
    peers.load(exchange, "key_of_somebody", "key_of_the_second")
    assert until(lambda: "AUTHENTICATION_FAILED" in peers.said()), peers.said()
    assert until(lambda: peers.told() == ["aws2 up-client"]), peers.said()


def test_an_end_that_knows_weaker_suites_alone_is_refused(peers, exchange):
    weaker = replace(
        exchange.tunnels[0].options,
        phase1_encryption=("AES128",),
        phase1_integrity=("SHA2-256",),
        phase1_dh_groups=(14,),
    )
    peers.play_aws(weaker, "key_of_the_first", "key_of_the_second")
    peers.load(exchange, "key_of_the_first", "key_of_the_second")
    assert until(lambda: peers.said().count("NO_PROPOSAL_CHOSEN") >= 2), peers.said()
    assert peers.told() == []


class Router:
    """A device with two links that are called as tunnels are."""

    def __init__(self) -> None:
        self.device, self.far = Namespace("device"), Namespace("far")
        with self.device, Rtnetlink() as netlink:
            for number in (1, 2):
                netlink.veth(
                    9 + number,
                    f"aws{number}",
                    peer_namespace=self.far.fd,
                    peer_index=9 + number,
                    peer_name=f"far{number}",
                )
                inside = IPv4Address(f"169.254.0.{62 + 4 * number}")
                netlink.address(9 + number, inside, 30)
        self.link("up", 1)
        self.link("up", 2)

    def link(self, state: str, number: int) -> None:
        """As the updown script has it: the tunnel's interface follows the tunnel."""
        with self.far:
            subprocess.run(["ip", "link", "set", f"far{number}", state], check=True)

    def route(self) -> str:
        """By which way packets for the VPC go: 'aws1', 'aws2', 'blackhole', '' for none."""
        with self.device:
            lines = subprocess.run(
                ["ip", "route", "show", "10.20.0.0/16"], capture_output=True, text=True, check=True
            ).stdout.split()
        if "blackhole" in lines:
            return "blackhole"
        return lines[lines.index("dev") + 1] if "dev" in lines else ""

    def goes_by(self, way: str) -> bool:
        return bool(until(lambda: self.route() == way))


def _follows(router: Router) -> None:
    assert router.goes_by("aws1"), router.route()
    router.link("down", 1)
    assert router.goes_by("aws2"), router.route()
    router.link("down", 2)
    assert router.goes_by("blackhole"), router.route()
    router.link("up", 1)
    assert router.goes_by("aws1"), router.route()


def test_routes_of_bird_follow_the_tunnels_and_end_at_nothing(namespaces, tmp_path, exchange):
    if not (shutil.which("bird") and shutil.which("ip")):
        pytest.skip("BIRD is not installed (bird2)")
    (tmp_path / "site.conf").write_text(bird(exchange))
    (tmp_path / "bird.conf").write_text(
        "router id 192.0.2.1;\nprotocol device { scan time 1; }\n"
        "protocol kernel { ipv4 { export where source = RTS_STATIC; }; }\n"
        f'include "{tmp_path}/site.conf";\n'
    )
    router = Router()
    command = ("bird", "-f", "-c", tmp_path / "bird.conf", "-s", tmp_path / "bird.ctl")
    with running(router.device, *command, log=tmp_path / "bird.log"):
        _follows(router)


def test_routes_of_frr_follow_the_tunnels_and_end_at_nothing(namespaces, tmp_path, exchange):
    if not ((FRR / "zebra").exists() and shutil.which("vtysh") and shutil.which("ip")):
        pytest.skip("FRR is not installed (frr)")
    (tmp_path / "site.frr").write_text(frr(exchange))
    folder = Path("/tmp") / f"bulkhead-frr-{os.getpid()}"  # noqa: S108 - its user has to get there
    folder.mkdir()
    shutil.chown(folder, "frr", "frr")
    router = Router()
    common = ("-z", folder / "zserv", "--vty_socket", folder, "-f", "/dev/null", "-A", "127.0.0.1")
    try:
        with ExitStack() as stack:
            for name in ("zebra", "staticd"):
                command = (FRR / name, "-i", folder / f"{name}.pid", *common)
                stack.enter_context(running(router.device, *command, log=tmp_path / f"{name}.log"))
                assert until((folder / f"{name}.vty").exists), (
                    tmp_path / f"{name}.log"
                ).read_text()
            subprocess.run(
                ["vtysh", "--vty_socket", folder, "-f", tmp_path / "site.frr"],
                check=True,
                capture_output=True,
            )
            _follows(router)
    finally:
        shutil.rmtree(folder)
