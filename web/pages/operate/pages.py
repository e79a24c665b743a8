"""The operators' blueprint with all its views: they belong to it once their modules are imported."""

from __future__ import annotations

from web.pages.operate import diagram, frame, jobs, mail, overview, steps, timers

MODULES = (overview, diagram, steps, jobs, timers, mail)
blueprint = frame.blueprint
