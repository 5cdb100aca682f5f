from __future__ import annotations

import sys
from pathlib import Path

# What runs templates.
sys.path.append(str(Path(__file__).parents[1] / "templates"))
