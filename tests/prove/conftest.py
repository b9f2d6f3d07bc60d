"""Makes the builders of this room importable: pytest's importlib mode has no packages."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
