"""Past cases run again on a draft: who would have gone elsewhere, which deadlines move, who would have had how much to do."""

from __future__ import annotations
