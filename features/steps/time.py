"""Time passes: what is due happens at its own moment."""

from __future__ import annotations

import datetime as dt

from pytest_bdd import given, then, when

from features.steps.scene import Scene
from features.steps.words import moment, said
from tests.support.purchases import WAITS


@given(said("今天是 {day}"))
@when(said("到了 {day}"))
def it_is(scene: Scene, day: str) -> None:
    scene.office.move_to(moment(day))


@when(said("过了 {days} 天"))
def days_pass(scene: Scene, days: str) -> None:
    scene.office.move_to(scene.office.clock.now() + dt.timedelta(days=int(days)))


@when(said("等到“{wait}”期满"))
def wait_is_over(scene: Scene, wait: str) -> None:
    timer = next(t for t in scene.office.timers() if t.element_id == WAITS[wait])
    scene.office.move_to(timer.due_at)


@then(said("“{wait}”到 {day} 结束"))
def ends_on(scene: Scene, wait: str, day: str) -> None:
    due = next(t.due_at for t in scene.office.timers() if t.element_id == WAITS[wait])
    assert due == moment(day), f"{wait}到 {due}"


@then(said("没有在等“{wait}”"))
def not_waiting(scene: Scene, wait: str) -> None:
    assert not scene.office.waits_for(WAITS[wait])


@then(said("“{task}”的办理期限是 {day}"))
def due(scene: Scene, task: str, day: str) -> None:
    found = scene.office.task(task).due
    assert found is not None
    assert found == moment(day), f"期限是 {found}"


@then(said("“{task}”已经逾期，仍然可以办"))
def late(scene: Scene, task: str) -> None:
    found = scene.office.task(task)
    assert found.due is not None
    assert found.due < scene.office.clock.now()
    assert found.state == "created"
    counts = scene.office.engine.task_counts(scene.office.worker_of(found))
    assert counts.late >= 1


@then("今天是签约后六个月")
def six_months_on(scene: Scene) -> None:
    signed = scene.office.dossier().contracts[-1].signed_on
    today = scene.office.clock.now().date()
    assert ((today.year - signed.year) * 12 + today.month - signed.month, today.day) == (6, signed.day)
