"""Tests that need namespaces are marked `integration`, and skip where there are none."""

from tests.twin.conftest import namespaces

__all__ = ["namespaces"]
