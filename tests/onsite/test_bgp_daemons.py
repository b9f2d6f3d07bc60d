"""BGP with AWS's side, played by a BIRD: what BIRD and FRR themselves announce, take and follow."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from bulkhead.onsite import Onsite, bird, frr, onsite
from bulkhead.onsite import nftables as rules_of_device
from bulkhead.plan import plan
from bulkhead.twin import nftables
from bulkhead.twin.rtnetlink import Rtnetlink
from tests.onsite.test_daemons import FRR, Router, running, until
from tests.plan.test_bgp import ALONE
from tests.support.topologies import topology_from

pytestmark = pytest.mark.integration

MINE = {"192.168.10.0/24", "192.168.11.0/24"}


@pytest.fixture(scope="module")
def exchange(tmp_path_factory) -> Onsite:
    topology = topology_from(tmp_path_factory.mktemp("bgp"), ALONE)
    return onsite(topology, plan(topology), "exchange")


@dataclass
class Amazon:
    """AWS's side of both tunnels: it announces the VPC, and what a site is not to take."""

    router: Router
    folder: Path

    def config(self, meds: tuple[int, int]) -> str:
        """AWS tells by MED which tunnel it wants to be asked through."""
        lines = [
            "router id 198.51.100.1;",
            "protocol device { scan time 1; }",
            "protocol static vpc { ipv4;",
            *(
                f"  route {each} blackhole;"
                # Of the VPC; a part of it; of another site; everything.
                for each in ("10.20.0.0/16", "10.20.5.0/24", "192.168.20.0/24", "0.0.0.0/0")
            ),
            "}",
        ]
        for number, med in enumerate(meds, start=1):
            first = 61 + 4 * number
            lines += [
                f"protocol bgp tunnel{number} {{",
                f"  local 169.254.0.{first} as 64520;",
                f"  neighbor 169.254.0.{first + 1} as 65010;",
                "  check link yes; connect retry time 1; connect delay time 1;",
                "  error wait time 1, 2;",
                "  ipv4 { import all; export filter "
                f"{{ if source != RTS_STATIC then reject; bgp_med = {med}; accept; }}; }};",
                "}",
            ]
        return "\n".join(lines) + "\n"

    def run(self, stack: ExitStack) -> None:
        for number in (1, 2):
            with self.router.far, Rtnetlink() as netlink:
                netlink.address(9 + number, IPv4Address(f"169.254.0.{61 + 4 * number}"), 30)
        file = self.folder / "aws.conf"
        file.write_text(self.config((100, 100)))
        command = ("bird", "-f", "-c", file, "-s", self.folder / "aws.ctl")
        stack.enter_context(running(self.router.far, *command, log=self.folder / "aws.log"))
        assert until((self.folder / "aws.ctl").exists), (self.folder / "aws.log").read_text()

    def prefers(self, number: int) -> None:
        (self.folder / "aws.conf").write_text(
            self.config((200, 100) if number == 2 else (100, 200))
        )
        self.ask("configure")

    def ask(self, *words: str) -> str:
        done = subprocess.run(
            ["birdc", "-s", self.folder / "aws.ctl", *words],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def learned(self, tunnel: int) -> dict[str, int]:
        """What the device announced through a tunnel, with the MED of each."""
        text = self.ask("show", "route", "all", "protocol", f"tunnel{tunnel}")
        return {
            found[1]: int(found[2])
            for found in re.finditer(
                r"^(\d+\.\S+/\d+) .*?BGP\.med: (\d+)", text, re.MULTILINE | re.DOTALL
            )
        }

    def sends_by(self) -> set[str]:
        """By which tunnels it sends to the site."""
        text = self.ask("show", "route", "primary", "where", "source = RTS_BGP")
        return set(re.findall(r"\[(tunnel\d)", text))


Start = Callable[[Router, Onsite, Path, ExitStack], None]


def bird_at(router: Router, site: Onsite, folder: Path, stack: ExitStack) -> None:
    """With networks of its own beside the site's, which are nobody's in the VPC."""
    (folder / "site.conf").write_text(bird(site))
    (folder / "bird.conf").write_text(
        "router id 192.0.2.1;\nprotocol device { scan time 1; }\n"
        "protocol static mine {\n  ipv4;\n  route 172.16.0.0/12 blackhole;\n"
        "  route 0.0.0.0/0 blackhole;\n}\n"
        "protocol kernel { ipv4 { export where source ~ [RTS_STATIC, RTS_BGP]; }; }\n"
        f'include "{folder}/site.conf";\n'
    )
    command = ("bird", "-f", "-c", folder / "bird.conf", "-s", folder / "bird.ctl")
    stack.enter_context(running(router.device, *command, log=folder / "bird.log"))
    assert until((folder / "bird.ctl").exists), (folder / "bird.log").read_text()


def frr_at(router: Router, site: Onsite, folder: Path, stack: ExitStack) -> None:
    """The same; loaded twice, as after a change: what is there already stays what it is."""
    (folder / "site.frr").write_text(
        "ip route 172.16.0.0/12 blackhole\nip route 0.0.0.0/0 blackhole\n" + frr(site)
    )
    own = Path("/tmp") / f"bulkhead-frr-bgp-{os.getpid()}"  # noqa: S108 - its user has to get there
    own.mkdir()
    stack.callback(shutil.rmtree, own)
    shutil.chown(own, "frr", "frr")
    common = ("-z", own / "zserv", "--vty_socket", own, "-f", "/dev/null", "-A", "127.0.0.1")
    for name in ("zebra", "staticd", "bgpd"):
        command = (FRR / name, "-i", own / f"{name}.pid", *common)
        stack.enter_context(running(router.device, *command, log=folder / f"{name}.log"))
        assert until((own / f"{name}.vty").exists), (folder / f"{name}.log").read_text()
    for _ in range(2):
        done = subprocess.run(
            ["vtysh", "--vty_socket", own, "-f", folder / "site.frr"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(params=["bird", "frr"])
def bench(request, namespaces, tmp_path, exchange) -> Iterator[tuple[Router, Amazon]]:
    if not (shutil.which("bird") and shutil.which("ip")):
        pytest.skip("BIRD, which plays AWS's side, is not installed (bird2)")
    if request.param == "frr" and not ((FRR / "bgpd").exists() and shutil.which("vtysh")):
        pytest.skip("FRR is not installed (frr)")
    start: Start = bird_at if request.param == "bird" else frr_at
    router = Router()
    amazon = Amazon(router, tmp_path)
    with ExitStack() as stack:
        with router.device:  # what flows need passes, and BGP between the ends of a tunnel
            nftables.run(rules_of_device(exchange))
        amazon.run(stack)
        start(router, exchange, tmp_path, stack)
        yield router, amazon


def test_own_networks_alone_go_out_the_vpc_alone_comes_in_and_either_tunnel_does(bench):
    router, amazon = bench
    assert until(lambda: set(amazon.learned(1)) == set(amazon.learned(2)) == MINE), amazon.ask(
        "show", "protocols", "all"
    )
    assert set(amazon.learned(1).values()) == {100}
    assert set(amazon.learned(2).values()) == {200}
    assert amazon.sends_by() == {"tunnel1"}
    assert router.goes_by("aws1"), router.route()
    with router.device:
        shown = subprocess.run(["ip", "route"], capture_output=True, text=True, check=True).stdout
    # All that leads into a tunnel is the VPC, and the tunnel's own network.
    assert {line.split()[0] for line in shown.splitlines() if "aws" in line} == {
        "10.20.0.0/16",
        "169.254.0.64/30",
        "169.254.0.68/30",
    }
    # AWS leads around the first, as before it replaces its end, and back.
    amazon.prefers(2)
    assert router.goes_by("aws2"), router.route()
    amazon.prefers(1)
    assert router.goes_by("aws1"), router.route()
    router.link("down", 1)
    assert router.goes_by("aws2"), router.route()
    assert until(lambda: amazon.sends_by() == {"tunnel2"}), amazon.ask("show", "route")
    router.link("down", 2)
    assert router.goes_by("blackhole"), router.route()
    router.link("up", 1)
    assert router.goes_by("aws1"), router.route()
    assert until(lambda: set(amazon.learned(1)) == MINE)
