"""Drafts for the tests of the studio's pages."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model import Actor
from tests.support.legal_review import higher_limit, legal_review
from web.composition import Services

DESIGNER = "lcsj"
ACTOR = Actor(DESIGNER, groups=frozenset({"designer"}))


def draft_with(services: Services, changes: Mapping[str, bytes], title: str = "限额提高到十万元") -> int:
    """A draft of goal_setting with these files."""
    studio = services.studio
    made = studio.drafts.begin("goal_setting", title, "党工委会议纪要〔2026〕3 号", actor=ACTOR)
    digests = studio.shelf.digests()
    for path, content in changes.items():
        studio.drafts.save(made.key, path, content, base=digests.get(path), actor=ACTOR)
    return made.key


def large_change(services: Services) -> dict[str, bytes]:
    """The limit, the legal review with its form, a moved element, and a sentence in the README."""
    files = services.studio.shelf.files()
    changes = {**higher_limit(files), **legal_review(files)}
    goals = "processes/goal_setting/goal_setting.bpmn"
    changes[goals] = changes[goals].replace(
        b'"=working days after(now(), 3)"/>\n      </bpmn:ext', b'"=working days after(now(), 2)"/>\n      </bpmn:ext', 1
    )
    readme = "processes/goal_setting/README.md"
    changes[readme] = files[readme] + "\n三十万元以上先作合法性审核。\n".encode()
    return changes
