"""A planned fleet of any size: services, group rules by reference, one NACL per segment."""

from bulkhead.network import Listener, PortRange
from tests.support.estate import Estate, flow


def fleet(size, *, per_segment=25):
    """The estate of `size` services with four flows each, and those flows."""
    estate = Estate(cidr="10.0.0.0/8")
    segments = [f"s{number}" for number in range(-(-size // per_segment))]
    home = {f"svc{number}": segments[number // per_segment] for number in range(size)}
    blocks = {name: f"10.{index // 256}.{index % 256}.0/24" for index, name in enumerate(segments)}
    port = dict.fromkeys(home, 5556)
    flows = []
    for client in home:
        names = list(home)
        here = names.index(client)
        # Near and far, the same every time; far enough to fill the NACLs, not to burst them.
        for step in (1, 7, per_segment, 3 * per_segment + 1):
            server = names[(here + step) % size]
            listener = Listener(
                owner=server,
                socket="in",
                type="PULL",
                protocol=6,
                ports=PortRange(port[server], port[server]),
            )
            flows.append(flow(client, listener))
    into, out = {}, {}
    for each in flows:
        server, client = each.server.owner, each.client
        into.setdefault(server, []).append(f"in tcp {port[server]} sg-{client}")
        out.setdefault(client, []).append(f"out tcp {port[server]} sg-{server}")
    pairs = {(home[each.client], home[each.server.owner]) for each in flows}
    for name in segments:
        served = sorted(blocks[a] for a, b in pairs if b == name)
        used = sorted(blocks[b] for a, b in pairs if a == name)
        lines = []
        for index, block in enumerate(served):
            lines.append(f"in {100 + index} allow tcp 5556 {block}")
            lines.append(f"out {5100 + index} allow tcp 32768-60999 {block}")
        for index, block in enumerate(used):
            lines.append(f"out {100 + index} allow tcp 5556 {block}")
            lines.append(f"in {5100 + index} allow tcp 32768-60999 {block}")
        estate.acl(f"acl-{name}", *lines)
        estate.subnet(name, blocks[name], acl=f"acl-{name}", segment=name)
    for number, name in enumerate(home):
        group = f"sg-{name}"
        estate.group(group, *into.get(name, ()), *out.get(name, ()), service=name)
        subnet = home[name]
        address = blocks[subnet].replace(".0/24", f".{10 + number % per_segment}")
        estate.host(name, subnet, address, group, service=name)
        estate.service(name, group, segment=subnet)
        estate.listener(name, "in", port[name])
    return estate, flows
