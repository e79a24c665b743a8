"""A province's worth of rows, made by the database itself: tasks, cases, people, purchases. For bench/inbox.py and bench/memory.py.

Rows are copied set-wise, so a million takes less than a minute. What a page looks into more closely (the case behind each task
on a first page) is real: started and driven by the engine, with its history.
"""

from __future__ import annotations

import datetime as dt
import itertools

from sqlalchemy import Connection, text

from engine.facade import Database, ProcessEngine
from engine.model import SYSTEM, Actor, Resource
from engine.store.tables import history_record

USERS, GROUPS = 500, 60
TASKS_OF_A_CASE = 20
FIRST_KEY = 10_000_000_000  # of the rows made here, far above the engine's own sequence
REAL_CASES_OF_A_GROUP = 40

DIAGRAM = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="bench">
<process id="large_office" name="比选采购" isExecutable="true">
 <startEvent id="begun"/>
 <userTask id="submit_demand" name="提交需求"><extensionElements><zeebe:userTask/>
  <zeebe:assignmentDefinition assignee="=starter"/></extensionElements></userTask>
 <exclusiveGateway id="is_large" name="是否限额以上" default="small"/>
 <userTask id="review_demand" name="审核需求"><extensionElements><zeebe:userTask/>
  <zeebe:assignmentDefinition candidateGroups="=team"/><zeebe:taskSchedule dueDate="=due"/></extensionElements></userTask>
 <endEvent id="ended"/>
 <sequenceFlow id="f1" sourceRef="begun" targetRef="submit_demand"/>
 <sequenceFlow id="f2" sourceRef="submit_demand" targetRef="is_large"/>
 <sequenceFlow id="small" name="限额以下" sourceRef="is_large" targetRef="review_demand"/>
 <sequenceFlow id="large" name="限额以上" sourceRef="is_large" targetRef="ended">
  <conditionExpression xsi:type="tFormalExpression">=amount &gt; 500000</conditionExpression></sequenceFlow>
 <sequenceFlow id="f3" sourceRef="review_demand" targetRef="ended"/>
</process></definitions>"""

# the i-th group gets a share that falls with i: the largest holds about a ninth of all open tasks, the smallest a thousandth
_GROUP = f"'team:' || lpad((1 + floor({GROUPS} * random() * random()))::int::text, 2, '0')"

_TASKS = f"""
insert into user_task (key, root_key, instance_key, definition_key, process_id, business_key, element_id, name, state, assignee,
  candidate_groups, candidate_users, candidates, due, priority, headers, created_at, ended_at, completed_by)
select {FIRST_KEY} + n, {FIRST_KEY} + n / {TASKS_OF_A_CASE}, {FIRST_KEY} + n / {TASKS_OF_A_CASE}, :definition,
  'process_' || n % 6, 'CG-2026-' || n / {TASKS_OF_A_CASE}, 'step_' || n % 40, '第' || n % 40 || '步：审核需求并填写意见',
  case when open then 'created' else 'completed' end, case when claimed then who end,
  teams, '{{}}', array(select 'g:' || unnest(teams)), due, 50, '{{}}', made,
  case when not open then made + interval '2 days' end, case when not open then who end
from (
  select n, n % :every = 0 as open, random() < 0.4 as claimed,
    'user' || lpad((random() * {USERS - 1})::int::text, 3, '0') as who,
    case when n % 5 = 0 then array[{_GROUP}, {_GROUP}] else array[{_GROUP}] end as teams,
    case when random() < 0.9 then now() + random() * interval '65 days' - interval '5 days' end as due,
    now() - random() * interval '700 days' as made
  from generate_series(1, :tasks) as s(n)
) as one
"""

_CASES = f"""
insert into process_instance (key, root_key, definition_key, process_id, process_name, version, business_key, state, started_at,
  started_by)
select {FIRST_KEY} + n, {FIRST_KEY} + n, :definition, 'process_' || n % 6, '比选采购', 1, 'CG-2026-' || n,
  case when n % 11 = 0 then 'active' else 'completed' end, now() - random() * interval '700 days',
  'user' || lpad((n % {USERS})::text, 3, '0')
from generate_series(0, :cases) as s(n)
"""

_PURCHASES = f"""
insert into purchases (id, title, unit, initiator, initiator_kind, community, catalogue_code, category, beneficiary_group, estimate,
  amount, budget_code, route, step, status, status_reason, details, process_key, started_at, updated_at)
select 'CG-2026-' || n, '社区养老服务第' || n || '期', '养老服务科', 'user' || lpad((n % {USERS})::text, 3, '0'), 'department',
  '晚晴社区', '', '', '', 480000, 480000, '', 'open_comparison', 'selection', 'demand_approved', '', '{{}}',
  {FIRST_KEY} + n, now() - interval '9 days', now() - interval '9 days'
from generate_series(0, :cases) as s(n)
"""

_PEOPLE = """
insert into users (login, name, password_hash, roles, groups, unit, active, demo, created_at)
select :login, :name, '', array['department'], cast(:groups as text[]), '养老服务科', true, false, now()
"""


def fill(database: Database, engine: ProcessEngine, *, closed: int, open_tasks: int) -> None:
    """People, purchases, cases, tasks, and the real cases whose tasks come first in everybody's list."""
    deployed = engine.deploy([Resource("large_office.bpmn", DIAGRAM.encode())], actor=SYSTEM)
    tasks = closed + open_tasks
    numbers = {"definition": deployed.definitions[0].key, "tasks": tasks, "cases": tasks // TASKS_OF_A_CASE}
    with database.engine.begin() as connection:
        connection.execute(text(_PEOPLE), [_row(person) for person in people()])
        connection.execute(text(_CASES), numbers)
        connection.execute(text(_PURCHASES), numbers)
        connection.execute(text(_TASKS), {**numbers, "every": tasks // open_tasks})
    start_real_cases(engine)
    with database.engine.begin() as connection:
        copy_history(connection, numbers["cases"])
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))  # as autovacuum leaves a database that has grown


def people() -> list[Actor]:
    """Each stands in three of the groups: two drawn evenly, one more often among the busy ones."""
    return [
        Actor(f"user{n:03}", frozenset({"department", team(n), team(n * 7 + 3), team(int(GROUPS * (n / USERS) ** 2))}))
        for n in range(USERS)
    ]


def team(number: int) -> str:
    return f"team:{number % GROUPS + 1:02}"


def _row(person: Actor) -> dict[str, object]:
    return {"login": person.user_id, "name": f"用户{person.user_id[-3:]}", "groups": sorted(person.groups - {"department"})}


def start_real_cases(engine: ProcessEngine) -> None:
    """For every group the cases that are most urgent, with a history that says how they came there."""
    due = engine.clock.now() - dt.timedelta(days=10)
    for number, group in itertools.product(range(REAL_CASES_OF_A_GROUP), range(GROUPS)):
        starter = Actor(f"user{(number * GROUPS + group) % USERS:03}", frozenset({"department"}))
        variables = {"starter": starter.user_id, "team": team(group), "due": due + dt.timedelta(seconds=number), "amount": 480000}
        started = engine.start_process("large_office", variables, actor=starter, business_key=f"CG-2026-{number}")
        engine.complete_task(engine.tasks(root_key=started.key).items[0].key, {}, actor=starter)


def copy_history(connection: Connection, cases: int) -> None:
    """Every case made here gets the history of a real one: not to be verified, only to be as many rows as there would be."""
    columns = [column.name for column in history_record.c]
    chosen = ", ".join(f"{FIRST_KEY} + n" if name == "root_key" else f'h."{name}"' for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    template = "(select max(root_key) from instance_state)"
    statement = f"insert into history_record ({names}) select {chosen} from history_record h, generate_series(0, :cases) as s(n) where h.root_key = {template}"
    connection.execute(text(statement), {"cases": cases})
