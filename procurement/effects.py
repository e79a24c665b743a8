"""Effects on the outside (mail, webhook, PDF), run by the worker after the commit that asked for them. There is none yet."""

from __future__ import annotations

from collections.abc import Mapping

from engine.ports import Effect

EFFECTS: Mapping[str, Effect] = {}
