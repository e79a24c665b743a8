"""A task that undoes something says so, and so does one that a condition began."""

from __future__ import annotations

from collections.abc import Callable

from engine.model import SYSTEM, Resource
from tests.integration.engine.office import form
from tests.unit.spiff.diagrams import diagram, user
from tests.unit.spiff.test_compensation import by, throw, undone
from tests.unit.spiff.test_conditions import event_sub
from tests.web.conftest import Visitor
from web.composition import Services


def mine(name: str) -> str:
    return user(name, people='assignee="ylfw"').replace("<userTask ", f'<userTask name="step {name}" ', 1)


def test_the_task_page_names_what_is_undone_and_which_condition_was_met(
    services: Services, as_user: Callable[[str], Visitor]
) -> None:
    own = event_sub("own", "s2", "=stop", False).replace("</subProcess>", mine("c") + "</subProcess>")
    elements = mine("a") + undone("a", "b") + by(mine("b")) + throw("undo") + own
    content = diagram(
        "s -> a -> undo -> e\ns2 -> c", elements.replace('id="s2"', 'id="s2" name="stop asked"'), process_id="undone_tasks"
    )
    forms = [form(name) for name in "abc"]
    services.engine.deploy([Resource("undone_tasks.bpmn", content), *forms], actor=SYSTEM, note="tests")
    actor = services.office.accounts.actor("ylfw")
    case = services.engine.start_process("undone_tasks", {"stop": False}, actor=actor)

    (first,) = services.engine.tasks(root_key=case.key)
    services.engine.complete_task(first.key, {}, actor=actor)
    (undoing,) = services.engine.tasks(root_key=case.key)
    client = as_user("ylfw")
    assert "撤销“step a”" in client.get(f"/tasks/{undoing.key}").text

    services.engine.set_variables(case.key, {"stop": True}, actor=SYSTEM)
    begun = next(task for task in services.engine.tasks(root_key=case.key) if task.element_id == "c")
    page = client.get(f"/tasks/{begun.key}").text
    assert "stop asked" in page
    assert "条件成立" in page
