"""What a program needs to start: what to bind and connect to, what to set, which keys.

    settings(topology, plan, "ticker")            of every copy
    settings(topology, plan, "ticker", copy=2)    of one

A plan in the words of the programs that it is for: endpoint strings with addresses, socket
options, and keys by reference. Values of keys are nobody's business here.
"""

from bulkhead.settings.beside import PlainNeed
from bulkhead.settings.entries import (
    BindsAt,
    ComingCopies,
    ConnectsTo,
    Copy,
    CopyInterface,
    OwnerSettings,
    SocketSettings,
)
from bulkhead.settings.plain import as_plain
from bulkhead.settings.profile import SocketProfile
from bulkhead.settings.settings import every_settings, settings
from bulkhead.settings.silence import Silence
from bulkhead.settings.variables import as_variables

__all__ = [
    "BindsAt",
    "ComingCopies",
    "ConnectsTo",
    "Copy",
    "CopyInterface",
    "OwnerSettings",
    "PlainNeed",
    "Silence",
    "SocketProfile",
    "SocketSettings",
    "as_plain",
    "as_variables",
    "every_settings",
    "settings",
]
