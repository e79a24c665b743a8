"""What residents see without login, and what the open data tells."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_bdd import then

from engine import json_codec
from engine.errors import NotFound
from features.steps.scene import Scene
from features.steps.words import NOTICES, said
from procurement.opendata import Publisher

PUBLISHER = Publisher("锦江街道办事处", "ocds-bixuan")


def releases(scene: Scene) -> list[dict[str, Any]]:
    """Those of the scene's purchase, caught up as a reader would find them."""
    office = scene.office.office
    office.open_data.publish_due(PUBLISHER)
    try:
        found = office.open_data.of(f"{PUBLISHER.prefix}-{scene.office.situation.purchase_id}")
    except NotFound:
        return []
    return [told.content for told in found]


@then("居民在公开网找不到这个项目")
def not_found(scene: Scene) -> None:
    with pytest.raises(NotFound):
        scene.office.office.public.purchase(scene.office.situation.purchase_id)


@then("开放数据里没有这个项目")
def not_in_the_data(scene: Scene) -> None:
    assert releases(scene) == []


@then(said("居民在公开网看到“{kind}”"))
def seen(scene: Scene, kind: str) -> None:
    shown = scene.office.office.public.purchase(scene.office.situation.purchase_id)
    assert shown.newest(NOTICES[kind]) is not None


@then(said("居民和开放数据都看不到“{name}”"))
def unseen(scene: Scene, name: str) -> None:
    shown = scene.office.office.public.purchase(scene.office.situation.purchase_id)
    told = [notice.content for notice in shown.notices]
    assert name not in json_codec.dumps([told, releases(scene)])
    assert shown.organisation is None


@then("开放数据里没有承接主体和专家")
def nobody_yet(scene: Scene) -> None:
    scene.notes["before"] = releases(scene)
    assert scene.notes["before"]
    assert not any("awards" in release for release in scene.notes["before"])


@then("开放数据里有承接主体和专家")
def both(scene: Scene) -> None:
    award = next(award for release in reversed(releases(scene)) for award in release.get("awards", []))
    assert award["suppliers"]
    assert award["panel"]


@then("先前的发布记录一条也没有变")
def unchanged(scene: Scene) -> None:
    before = scene.notes["before"]
    assert releases(scene)[: len(before)] == before
