"""Supervision: matters people or the calendar begin, and how they end."""

from __future__ import annotations

from pytest_bdd import given, then, when

from features.steps.scene import Scene
from features.steps.words import said
from procurement.registers.matters import Matter


def matter(scene: Scene) -> Matter:
    """The matter the scenario is about."""
    found = scene.office.office.matters.of_case(scene.office.root_key)
    assert found is not None, "这件事没有登记为事项"
    return found


@given(said("{who}发起了事项“{name}”"))
@when(said("{who}发起事项“{name}”"))
def begins(scene: Scene, who: str, name: str) -> None:
    scene.attempt(lambda: scene.office.begin_matter(name, who))


@given(said("{who}对这份合同发起了事项“{name}”"))
@when(said("{who}对这份合同发起事项“{name}”"))
def begins_about_contract(scene: Scene, who: str, name: str) -> None:
    subject = scene.office.purchase.contract_id or ""
    scene.attempt(lambda: scene.office.begin_matter(name, who, subject))


@given(said("{who}对这个项目发起了事项“{name}”"))
@when(said("{who}对这个项目发起事项“{name}”"))
def begins_about_purchase(scene: Scene, who: str, name: str) -> None:
    scene.attempt(lambda: scene.office.begin_matter(name, who, scene.office.situation.purchase_id))


@given(said("{who}对“{organisation}”发起了事项“{name}”"))
@when(said("{who}对“{organisation}”发起事项“{name}”"))
def begins_about_organisation(scene: Scene, who: str, organisation: str, name: str) -> None:
    scene.attempt(lambda: scene.office.begin_matter(name, who, scene.office.party_id(organisation)))


@when(said("日历开始了事项“{name}”"))
def begun_by_the_calendar(scene: Scene, name: str) -> None:
    scene.office.follow_matter(name)


@when(said("大家按平常办理，直到“{until}”"))
def goes_on(scene: Scene, until: str) -> None:
    scene.office.go_on(until)


@when("大家按平常办理，直到事项办结")
def goes_on_to_the_end(scene: Scene) -> None:
    scene.office.go_on()


@then(said("事项的标题是“{title}”"))
def is_called(scene: Scene, title: str) -> None:
    assert matter(scene).title == title


@then(said("事项的结果是“{text}”"))
def ended_with(scene: Scene, text: str) -> None:
    found = matter(scene)
    assert found.closed_at is not None, "事项还没有办结"
    assert text in (found.result, found.result_text), (found.result, found.result_text)


@then("事项还没有办结")
def is_running(scene: Scene) -> None:
    assert matter(scene).closed_at is None


@then(said("“{organisation}”看得到这件事项"))
def is_seen_by(scene: Scene, organisation: str) -> None:
    assert scene.office.office.matters.may_see(scene.office.person(organisation), matter(scene).id)


@then(said("“{organisation}”看不到这件事项"))
def is_not_seen_by(scene: Scene, organisation: str) -> None:
    assert not scene.office.office.matters.may_see(scene.office.person(organisation), matter(scene).id)
