"""Sites whose devices announce their networks: who may, beside whom, and by which numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.values import AMAZON_ASN
from bulkhead.intent.written import WrittenSite, WrittenTopology

_USUAL_ASN: Final = 65000


def judge_bgp(written: WrittenTopology, complain: Complain) -> None:
    """Each has a number of its own, and none of them can take what is another's.

    AWS takes whatever a device announces, and asks of two routes only which is longer
    (docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html): who speaks BGP beside others
    at a VPN gateway can draw their packets to itself, and be answered as one of them.
    """
    speaking = dict(_speaking(written))
    at = {name: site.vpc for name, site in (written.sites or {}).items() if site is not None}
    amazon = AMAZON_ASN if written.amazon_asn is None else written.amazon_asn
    taken: dict[tuple[str | None, int], str] = {}
    for name, site in speaking.items():
        beside = [each for each in at if each != name and at[each] == site.vpc]
        path: KeyPath = ("sites", name)
        if beside and site.trust != "trusted":
            complain(
                (*path, "routing"),
                f"untrusted site {name} speaks BGP beside {_named(beside)}: it could announce "
                "networks of theirs, and AWS would lead their packets to it",
                "write routing: static; or trust: trusted, if its device is your own",
            )
        elif beside:
            complain.warn(
                (*path, "routing"),
                f"site {name} speaks BGP beside {_named(beside)}, and AWS takes what it announces: "
                "that it announces its own networks alone is taken on trust",
                "let its device announce what `bulkhead site` says, and hold `bulkhead audit` "
                "against the account: it counts what AWS accepted",
            )
        if site.gateway is None:
            continue
        asn = site.gateway.asn or _USUAL_ASN
        number: KeyPath = (*path, "gateway", "asn")
        if asn == amazon:
            complain(
                number,
                f"site {name} and AWS's side have the same BGP number {asn}, and between equals "
                "BGP takes nothing from one to another",
                "give the site another, as in asn: 65010; or AWS's side, as in amazon-asn: 64520",
            )
        elif (site.vpc, asn) in taken:
            used = {known for _, known in taken}
            complain(
                number,
                f"sites {taken[site.vpc, asn]} and {name} have the same BGP number {asn}, and at "
                "one VPN gateway each needs its own",
                f"give {name} another, as in asn: {_free({amazon, *used, asn})}",
            )
        taken.setdefault((site.vpc, asn), name)


def _speaking(written: WrittenTopology) -> Iterator[tuple[str, WrittenSite]]:
    for name, site in (written.sites or {}).items():
        if site is not None and site.routing == "bgp":
            yield name, site


def _named(sites: list[str]) -> str:
    return f"{'site' if len(sites) == 1 else 'sites'} {', '.join(sites)}"


def _free(taken: set[int]) -> int:
    return next(each for each in range(65_001, 65_535) if each not in taken)
