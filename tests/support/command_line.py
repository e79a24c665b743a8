"""The command ``bixuan`` as a process of its own, from this checkout."""

from __future__ import annotations

import sys

BIXUAN = (sys.executable, "-m", "web.cli")
"""Put before the arguments. The folder it runs in does not matter: the checkout is installed."""
