from __future__ import annotations

import sys
from pathlib import Path

# The STAC API that the templates' tests read from.
sys.path.append(str(Path(__file__).parents[1] / "templates"))
