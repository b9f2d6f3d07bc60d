"""A small estate exactly as a plan would make it, and ways to damage it."""

from dataclasses import replace

from tests.support.estate import Estate, entry, flow, rule


def shop():
    """web -> store.orders (tcp 5556) across segments; plant -> web.feed (tcp 5560) over the VPN."""
    estate = Estate()
    estate.acl(
        "acl-front",
        "out 100 allow tcp 5556 10.0.2.0/24",
        "in 200 allow tcp 32768-60999 10.0.2.0/24",
        "in 100 allow tcp 5560 192.168.10.0/24",
        "out 200 allow tcp 1024-65535 192.168.10.0/24",
    )
    estate.acl(
        "acl-back",
        "in 100 allow tcp 5556 10.0.1.0/24",
        "out 200 allow tcp 32768-60999 10.0.1.0/24",
    )
    estate.table("vpn", "192.168.10.0/24 vgw")
    estate.subnet("front-a", "10.0.1.0/25", acl="acl-front", table="vpn", segment="front")
    estate.subnet("front-b", "10.0.1.128/25", acl="acl-front", table="vpn", segment="front")
    estate.subnet("back-a", "10.0.2.0/25", acl="acl-back", segment="back")
    estate.subnet("back-b", "10.0.2.128/25", acl="acl-back", segment="back")
    estate.group("sg-web", "out tcp 5556 sg-store", "in tcp 5560 192.168.10.0/24", service="web")
    estate.group("sg-store", "in tcp 5556 sg-web", service="store")
    estate.group("sg-idle", service="idle")
    estate.host("web-0", "front-a", "10.0.1.10", "sg-web", service="web")
    estate.host("web-1", "front-b", "10.0.1.140", "sg-web", service="web")
    estate.host("store-0", "back-a", "10.0.2.10", "sg-store", service="store")
    estate.host("store-1", "back-b", "10.0.2.140", "sg-store", service="store")
    estate.host("idle-0", "back-a", "10.0.2.20", "sg-idle", service="idle")
    estate.service("web", "sg-web", segment="front")
    estate.service("store", "sg-store", segment="back")
    estate.service("idle", "sg-idle", segment="back")
    estate.vgw()
    estate.site("plant", "192.168.10.0/24")
    orders = estate.listener("store", "orders", 5556)
    feed = estate.listener("web", "feed", 5560)
    return estate.build(), [flow("web", orders), flow("plant", feed)]


def with_rule(network, group, text, name="new"):
    return _groups(network, group, lambda rules: (*rules, rule(f"{group}-{name}", text)))


def without_rule(network, group, id_):
    return _groups(network, group, lambda rules: tuple(r for r in rules if r.id != id_))


def _groups(network, group, edit):
    return replace(
        network,
        security_groups=tuple(
            replace(each, rules=edit(each.rules)) if each.id == group else each
            for each in network.security_groups
        ),
    )


def with_entry(network, nacl, text):
    return _nacls(network, nacl, lambda entries: (*entries, entry(text)))


def without_entry(network, nacl, text):
    gone = entry(text)
    return _nacls(network, nacl, lambda entries: tuple(e for e in entries if e != gone))


def _nacls(network, nacl, edit):
    return replace(
        network,
        nacls=tuple(
            replace(each, entries=edit(each.entries)) if each.id == nacl else each
            for each in network.nacls
        ),
    )


def with_routes(network, table, routes):
    return replace(
        network,
        route_tables=tuple(
            replace(each, routes=tuple(routes)) if each.id == table else each
            for each in network.route_tables
        ),
    )
