"""What Terraform would have written of a stack of Pulumi's: the same things under its own names."""

import re

from bulkhead.observe.pulumi.stack import SIGNATURE
from bulkhead.observe.terraform.names import ONCE, TYPES

CALLED = {token: called for called, token in TYPES.items()}
SINGULAR = {
    "routes": "route",
    "attachments": "attachment",
    "entries": "entry",
    "networkInterfaces": "network_interface",
    "ebsBlockDevices": "ebs_block_device",
    "subnetConfigurations": "subnet_configuration",
    "dnsEntries": "dns_entry",
    "firewallStatuses": "firewall_status",
    "subnetMappings": "subnet_mapping",
    "availabilityZoneAddresses": "availability_zone_address",
    "regionalNatGatewayAddresses": "regional_nat_gateway_address",
    "statefulRuleGroupReferences": "stateful_rule_group_reference",
    "statelessRuleGroupReferences": "stateless_rule_group_reference",
    "statefulRules": "stateful_rule",
    "statelessRules": "stateless_rule",
    "sources": "source",
    "destinations": "destination",
    "sourcePorts": "source_port",
    "destinationPorts": "destination_port",
    "ruleOptions": "rule_option",
    "privateIpLists": "private_ip_list",
    "defaultActions": "default_action",
    "targetGroups": "target_group",
    "vgwTelemetries": "vgw_telemetry",
}
"""Blocks that come several times, as the documentation of the provider calls them."""
KEPT = {"tags", "tagsAll"}
SECRET = "never-read-this"  # noqa: S105 - it stands for one


def snake(name):
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def arguments(token, values):
    """The properties of a resource as arguments."""
    once = ONCE.get(token, frozenset())

    def one(name, value):
        if is_secret(value):
            return SECRET
        if isinstance(value, dict):
            inner = value if name in KEPT else arguments(token, value)
            return [inner] if name in once else inner
        if isinstance(value, list):
            return [arguments(token, each) if isinstance(each, dict) else each for each in value]
        return value

    return {SINGULAR.get(name, snake(name)): one(name, each) for name, each in values.items()}


def is_secret(value):
    return isinstance(value, dict) and SIGNATURE in value


def resource(each):
    """A resource of a deployment as one of a `values` document, which marks secrets beside them."""
    called = CALLED[each["type"]]
    name = re.sub(r"[^A-Za-z0-9_-]", "_", each["id"])
    return {
        "address": f"{called}.{name}",
        "mode": "managed",
        "type": called,
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "values": {
            "id": each["id"],
            "region": "eu-west-1",
            **arguments(each["type"], each["outputs"]),
        },
        "sensitive_values": {
            snake(name): True for name, value in each["outputs"].items() if is_secret(value)
        },
    }


def values(resources):
    every = [resource(each) for each in resources if each["type"].startswith("aws:")]
    half = len(every) // 2
    return {
        "root_module": {
            "resources": every[:half],
            "child_modules": [{"address": "module.rest", "resources": every[half:]}],
        }
    }


def state(resources):
    return {"format_version": "1.0", "terraform_version": "1.9.8", "values": values(resources)}
