"""User tasks: find, claim, complete."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Response

from engine.errors import TaskAlreadyClaimed
from engine.facade import ProcessEngine
from engine.model import UserTask
from web.api import searching
from web.api.callers import Caller, CommandId, Engine, Reader, Worker
from web.api.exact import ExactRoute
from web.api.problems import BadRequest, NotOffered
from web.api.searching import Filter, number, text
from web.api.shapes.definitions import FormDefinition
from web.api.shapes.instances import VariableFound
from web.api.shapes.tasks import STATES, Assignment, Completion, Task
from web.api.shapes.wire import Found, Key, PageInfo, Search

router = APIRouter(prefix="/v2", tags=["user tasks"], route_class=ExactRoute)

FILTERS = {
    "userTaskKey": searching.key("key"),
    "elementInstanceKey": searching.key("key"),
    "processInstanceKey": searching.key("instance_key"),
    "processDefinitionKey": searching.key("definition_key"),
    "processDefinitionId": searching.phrase("process_id"),
    "businessId": searching.phrase("business_key"),
    "elementId": searching.phrase("element_id"),
    "name": searching.phrase("name"),
    "state": searching.word("state", STATES),
    "assignee": searching.phrase("assignee"),
    "priority": searching.ordered("priority", number),
    "candidateGroup": Filter("candidate_group", text),
    "candidateUser": Filter("candidate_user", text),
    "creationDate": searching.ordered("created_at"),
    "completionDate": searching.ordered("ended_at"),
    "followUpDate": searching.ordered("follow_up"),
    "dueDate": searching.ordered("due"),
}
SORTS = {"creationDate": "created", "completionDate": "ended", "dueDate": "due", "priority": "priority"}


SEEN = {"name": Filter("name", text)}


@router.post("/user-tasks/search")
def search(caller: Reader, engine: Engine, search: Search | None = None) -> Found[Task]:
    """The tasks the caller may see: their own and those open to them; all of them for those who operate the office."""
    arguments = searching.query(search or Search(), FILTERS, SORTS)
    arguments.setdefault("state", None)
    return searching.answer(engine.tasks(visible_to=caller.actor, **arguments), _shower(engine), Found[Task])


@router.get("/user-tasks/{key}")
def get(key: Key, caller: Reader, engine: Engine) -> Task:
    return _shower(engine)(_task(engine, key, caller))


@router.get("/user-tasks/{key}/form", response_model=None, responses={200: {"model": FormDefinition}, 204: {}})
def form(key: Key, caller: Reader, engine: Engine) -> FormDefinition | Response:
    """The form exactly as it was deployed when the task began; 204 without one."""
    task = _task(engine, key, caller)
    if task.form_key is None:
        return Response(status_code=204)
    found = engine.definition(task.form_key)
    return FormDefinition.of(found, engine.resource(found.key).decode())


@router.post("/user-tasks/{key}/assignment", status_code=204, response_class=Response)
def assign(key: Key, body: Assignment, caller: Worker, engine: Engine) -> Response:
    task = _task(engine, key, caller)
    if not body.assignee:
        raise BadRequest(cause="assignee is missing")
    if task.assignee not in (None, body.assignee) and body.allow_override is False:
        raise TaskAlreadyClaimed(task=task.key, assignee=task.assignee)
    if body.assignee == caller.actor.user_id and task.assignee is None:
        engine.claim_task(task.key, actor=caller.actor)
    else:
        engine.assign_task(task.key, body.assignee, actor=caller.actor)
    return Response(status_code=204)


@router.delete("/user-tasks/{key}/assignee", status_code=204, response_class=Response)
def unassign(key: Key, caller: Worker, engine: Engine) -> Response:
    engine.unclaim_task(int(key), actor=caller.actor)
    return Response(status_code=204)


@router.post("/user-tasks/{key}/completion", status_code=204, response_class=Response)
def complete(key: Key, caller: Worker, engine: Engine, command_id: CommandId, body: Completion | None = None) -> Response:
    """Checked against the task's form: 422 names the fields."""
    engine.complete_task(int(key), (body or Completion()).variables or {}, actor=caller.actor, command_id=command_id)
    return Response(status_code=204)


@router.post("/user-tasks/{key}/variables/search")
def variables(key: Key, caller: Reader, engine: Engine, search: Search | None = None) -> Found[VariableFound]:
    """What the task sees: the nearest value of each name."""
    task, asked = _task(engine, key, caller), search or Search()
    arguments = searching.query(asked, SEEN, {})
    if "after" in arguments:
        raise NotOffered(what="A cursor over the variables of a task")
    seen = [v for v in engine.visible_variables(task.key) if arguments.get("name") in (None, v.name)]
    first = arguments.get("offset", 0)
    items = [VariableFound.of(variable) for variable in seen[first : first + asked.page.limit]]
    return Found[VariableFound](items=items, page=PageInfo(total_items=len(seen)))


def _task(engine: ProcessEngine, key: str, caller: Caller) -> UserTask:
    """Raises NotFound, and NotPermitted for a task the caller may not see."""
    return engine.task(int(key), actor=caller.actor)


def _shower(engine: ProcessEngine) -> Callable[[UserTask], Task]:
    """Tasks name their definition by key; its version and name are looked up once per answer."""
    known: dict[int, tuple[int, str]] = {}

    def show(task: UserTask) -> Task:
        if task.definition_key not in known:
            definition = engine.definition(task.definition_key)
            known[task.definition_key] = (definition.version, definition.name)
        version, name = known[task.definition_key]
        return Task.of(task, version=version, process_name=name)

    return show
