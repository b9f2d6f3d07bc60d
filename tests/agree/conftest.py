"""The planned shop, as the reports know it too."""

from tests.report.conftest import narrowed, shop

__all__ = ["narrowed", "shop"]
