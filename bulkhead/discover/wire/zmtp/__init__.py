"""ZMTP as it goes over a wire, read and never spoken: any cut of the bytes, any version.

greeting      what the first bytes of one side say
frames        the frames behind it, of which bodies are counted and not kept
commands      what a handshake shows of a peer
speaking      one side of a conversation
conversation  both: Conversation().feed(WireSide.CLIENT, data), then .shown

Sources: rfc.zeromq.org/spec/13 (1.0), /15 (2.0), /23 (3.0), /37 (3.1), /24 (PLAIN), /26 (CURVE).
"""

from bulkhead.discover.wire.zmtp.conversation import Conversation, WireSide
from bulkhead.discover.wire.zmtp.greeting import Greeting, Recognised, recognise
from bulkhead.discover.wire.zmtp.speaking import Shown

__all__ = ["Conversation", "Greeting", "Recognised", "Shown", "WireSide", "recognise"]
