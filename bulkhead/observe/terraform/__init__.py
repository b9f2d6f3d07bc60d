"""What Terraform or OpenTofu says: its state, or a plan, as `terraform show -json` writes them.

state       a state, to a Network
plan        a plan, to the Network that it would leave
document    the forms of such a file, and the resources in its modules
names       what the bridge to Pulumi calls a type and its arguments
references  which resources an argument was made from

The provider is the one that Pulumi's is made of (github.com/pulumi/pulumi-aws), so a resource has
the same properties there under other names: renamed, it is read as one of a stack (`pulumi/`).
"""

from bulkhead.observe.terraform.plan import read_terraform_plan, shaped_terraform_plan
from bulkhead.observe.terraform.state import read_terraform_state, shaped_terraform_state

__all__ = [
    "read_terraform_plan",
    "read_terraform_state",
    "shaped_terraform_plan",
    "shaped_terraform_state",
]
