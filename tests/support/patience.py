"""How long any test waits for what should happen. A busy machine is slow, and what happens soon is seen soon anyway."""

from __future__ import annotations

PATIENCE_S = 60
