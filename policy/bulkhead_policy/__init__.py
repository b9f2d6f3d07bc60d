"""The policy pack: one policy a check, asked of the network that a stack's resources make.

    handing      what the engine shows, read as it is written: unknown values, secrets, dependencies
    findings     the network of those resources, built once, and what each check says of it
    levels       which policies stop an update, and which only say so
    policies     each check as a policy, and what could not be told as another
    serving      what the engine asks, answered by pulumi-policy, which is handed each thing once
    calls        calls of gRPC on a port, each answered with as little ado as can be
    frames       the connection of HTTP/2 below them

`policies()` are ordinary policies of pulumi-policy: a pack of one's own may hold them too.
"""

from bulkhead_policy.policies import policies

__all__ = ["policies"]
