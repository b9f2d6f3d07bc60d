"""libnftables, the library inside the `nft` command, for the current namespace."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from bulkhead.twin.measured import TwinError

_LIBRARY: Final = "libnftables.so.1"
_JSON: Final = 1 << 4  # NFT_CTX_OUTPUT_JSON, nftables/libnftables.h


@cache
def _library() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(_LIBRARY)
    except OSError:
        raise TwinError(f"{_LIBRARY} is not installed (Debian package nftables)") from None
    library.nft_ctx_new.restype = ctypes.c_void_p
    library.nft_ctx_get_output_buffer.restype = ctypes.c_char_p
    library.nft_ctx_get_error_buffer.restype = ctypes.c_char_p
    return library


def run(text: str, *, as_json: bool = False) -> str:
    """Apply `text` in the namespace of the calling thread; all of it, or none and TwinError."""
    library = _library()
    # A context opens its netlink socket once: made here, it acts on this namespace.
    context = ctypes.c_void_p(library.nft_ctx_new(0))
    try:
        library.nft_ctx_buffer_output(context)
        library.nft_ctx_buffer_error(context)
        if as_json:
            library.nft_ctx_output_set_flags(context, _JSON)
        if library.nft_run_cmd_from_buffer(context, text.encode()) != 0:
            error = library.nft_ctx_get_error_buffer(context) or b"no reason given"
            raise TwinError(f"nftables refused a ruleset: {error.decode(errors='replace').strip()}")
        output: bytes = library.nft_ctx_get_output_buffer(context) or b""
        return output.decode()
    finally:
        library.nft_ctx_free(context)


def counted() -> Iterator[tuple[str, int]]:
    """The comment and the packets of every rule that counts, in the current namespace."""
    for item in json.loads(run("list ruleset", as_json=True))["nftables"]:
        rule: dict[str, Any] = item.get("rule", {})
        for expression in rule.get("expr", ()):
            counter = expression.get("counter") if isinstance(expression, dict) else None
            if counter and "comment" in rule:
                yield rule["comment"], counter["packets"]
