"""One network with a bit of everything, each part in use: what faults and edits are tried on."""

from tests.support.estate import Estate


def town():
    """Web and store in two zones, a NAT gateway, a site, a peer, a transit gateway, a firewall."""
    estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")
    estate.vpc("peer", "10.1.0.0/16")
    estate.vpc("spoke", "10.2.0.0/16")
    estate.vpc("abroad", "10.3.0.0/16", region="eu-central-1")
    estate.acl(
        "acl-web",
        "in 100 allow tcp 443 0.0.0.0/0",
        "in 105 deny tcp 2000-2010 192.0.2.0/24",
        "in 110 allow tcp 1024-65535 0.0.0.0/0",
        "in 120 allow icmp:8 0.0.0.0/0",
        "in 130 allow all ::/0",
        "in 90 deny tcp 443 198.51.100.0/24",
        "out 100 allow all 0.0.0.0/0",
        "out 110 allow all ::/0",
    )
    estate.acl(
        "acl-store",
        "in 300 allow all 10.0.0.0/8",
        "in 200 deny tcp 5557 10.0.1.0/24",
        "in 310 allow all ::/0",
        "in 320 allow tcp 32768-60999 0.0.0.0/0",
        "out 100 allow tcp 32768-50000 10.0.0.0/8",
        "out 90 allow tcp 50001-60999 10.1.0.0/16",
        "out 110 allow udp 0-65535 10.0.0.0/8",
        "out 120 allow tcp 443 0.0.0.0/0",
        "out 125 allow udp 53 198.51.100.0/24",
        "out 130 allow all ::/0",
    )
    estate.table("table-web", "0.0.0.0/0 igw", "::/0 eigw", "10.2.0.0/16 tgw", "10.1.0.0/16 pcx")
    estate.table(
        "table-store",
        "0.0.0.0/0 nat",
        "192.168.0.0/16 vgw propagated",
        "192.168.9.0/24 vgw blackhole",
        "198.51.100.0/24 vpce list",
        "10.1.0.0/16 pcx",
        "203.0.113.0/24 fwe",
        "10.2.0.0/16 nat",
        "10.3.0.0/16 pcx-abroad",
    )
    estate.table("table-fw", "0.0.0.0/0 igw")
    estate.table("table-peer", "10.0.0.0/16 pcx", vpc="peer")
    estate.table(
        "table-spoke", "10.0.0.0/16 tgw", "0.0.0.0/0 tgw", "10.0.2.0/24 pcx-down", vpc="spoke"
    )
    estate.table("table-abroad", "10.0.0.0/16 pcx-abroad", vpc="abroad")
    estate.subnet("web", "10.0.1.0/24 2a05:d018:1:1::/64", acl="acl-web", table="table-web")
    estate.subnet("store", "10.0.2.0/24", acl="acl-store", table="table-store", zone="eu-west-1b")
    estate.subnet("wall", "10.0.3.0/28", table="table-fw", zone="eu-west-1b")
    estate.subnet("dark", "10.0.4.0/28", table="table-web", access="blocked")
    estate.subnet("peered", "10.1.1.0/24", table="table-peer", vpc="peer")
    estate.subnet("spoken", "10.2.1.0/24", table="table-spoke", vpc="spoke")
    estate.subnet("abroad", "10.3.1.0/24", table="table-abroad", vpc="abroad")
    estate.group(
        "sg-web",
        "in tcp 443 0.0.0.0/0",
        "in icmp:8 0.0.0.0/0",
        "in tcp 22 ::/0",
        "out tcp 5556-5557 sg-store",
        "out all ::/0",
        "out tcp 443 0.0.0.0/0",
        "out tcp 8080 sg-spoke",
    )
    estate.group(
        "sg-store",
        "in tcp 5556-5557 sg-web",
        "in udp 53 10.0.0.0/8",
        "in 50 sg-peer",
        "out tcp 443 0.0.0.0/0",
    )
    estate.group(
        "sg-peer",
        "in tcp 443 sg-store",
        "out tcp 5556 sg-store",
        "out udp 53 sg-store",
        "out 50 sg-store",
    )
    estate.group(
        "sg-spoke",
        "in tcp 443 sg-web",
        "in tcp 443 10.0.1.5/32",
        "in tcp 8080 10.0.0.0/8",
        "out tcp 443 10.0.1.0/24",
        "out udp * 0.0.0.0/0",
    )
    estate.group("sg-abroad", "in tcp 443 sg-store", "in tcp 444 10.0.0.0/8")
    web = "10.0.1.10 2a05:d018:1:1::10"
    estate.host("web-0", "web", web, "sg-web", public="203.0.113.10", more=("10.0.1.11",))
    estate.host("store-0", "store", "10.0.2.10", "sg-store")
    estate.host("peer-0", "peered", "10.1.1.10", "sg-peer")
    estate.host("spoke-0", "spoken", "10.2.1.10", "sg-spoke")
    estate.host("abroad-0", "abroad", "10.3.1.10", "sg-abroad")
    estate.host("service", "store", "10.0.2.20", "sg-store", kind="endpoint")
    estate.igw()
    estate.eigw()
    estate.vgw()
    estate.vpce()
    estate.site("plant", "192.168.0.0/16", routes=("192.168.0.0/17", "192.168.9.0/24"))
    estate.site("depot", "192.168.64.0/18", routes=("192.168.200.0/24",))
    estate.nat("nat", "web", "10.0.1.5", public="203.0.113.5")
    estate.pcx("pcx", "vpc", "peer")
    estate.pcx("pcx-abroad", "vpc", "abroad")
    estate.pcx("pcx-down", "spoke", "vpc", active=False)
    estate.tgw("tgw", references=True)
    estate.attach("att-vpc", "vpc", "web", table="hub")
    estate.attach("att-spoke", "spoke", "spoken", table="hub")
    estate.tgw_table("hub", "10.0.0.0/16 att-vpc propagated", "10.2.0.0/16 att-spoke propagated")
    estate.firewall(
        "fw",
        {"fwe": "wall"},
        "drop tcp any * -> 203.0.113.128/25 443",
        "pass tcp any * -> any 443",
        default="drop",
        strict=True,
    )
    return estate
