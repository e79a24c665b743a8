"""Past cases: ``goal_setting`` played to its end through the facade, as often and with such amounts as are asked for.

Each is a case of its own, begun where the demand was approved, with people of the demo office doing the four tasks on following
working days. Enough to replay on a draft; what came before and after in a whole purchase is left out.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.facade import ProcessEngine
from engine.model import SYSTEM, Actor, UserTask
from procurement.office import Office
from procurement.registers.money import Budget

PROCESS = "goal_setting"
BUDGET = "9900001"  # of its own, and large: past cases use up nobody's money
PLENTY = Decimal(10_000_000_000)
DAYS = 40  # on which cases begin
DAY = dt.timedelta(days=1)
SetClock = Callable[[dt.datetime], None]
PEOPLE = {
    "set_objectives": "ylfw",
    "draft_budget": "ylfw",
    "review_budget": "czs",
    "approve_community_entry": "bmfw",
    "approve_purchase": "jdzr",
}
GROUPS = {"review_budget": "finance", "approve_community_entry": "service_centre", "approve_purchase": "street_leader"}


@dataclass(frozen=True)
class PastCase:
    business_key: str
    instance_key: int
    amount: Decimal


def amounts(count: int, seed: int = 5, *, least: int = 10_000, most: int = 480_000) -> list[Decimal]:
    """Random amounts in yuan and fen; the limits people ask about are always among them."""
    found = [Decimal(n) for n in ("50000", "50000.01", "99999.99", "100000", "300000", "300000.01")][:count]
    dice = random.Random(seed)
    while len(found) < count:
        found.append(Decimal(dice.randrange(least * 100, most * 100)) / 100)
    return found


def past_cases(
    office: Office, engine: ProcessEngine, of: Iterable[Decimal], *, set_clock: SetClock | None = None, prefix: str = "CG-2025"
) -> list[PastCase]:
    """Finished cases, in the order of the amounts. The office needs its files deployed.

    With ``set_clock`` they begin on the forty days before now, and each task is done the day after the one before it; without,
    everything happens at once. The clock is then put back.
    """
    _plenty(office)
    now = engine.clock.now()

    def day(number: int, task: int) -> None:
        if set_clock is not None:
            set_clock(now - DAY * (DAYS + 4) + DAY * (number % DAYS + task))

    found = [
        _play(engine, f"{prefix}-{number:04}", amount, lambda task, n=number: day(n, task)) for number, amount in enumerate(of, 1)
    ]
    if set_clock is not None:
        set_clock(now)
    return found


def _plenty(office: Office) -> None:
    """Money for all of them, and every year they may be in."""
    with office.desk.editing(SYSTEM) as session:
        if session.get(Budget, BUDGET) is None:
            year = office.desk.engine.clock.now().year
            session.add(Budget(code=BUDGET, name="往年案件", level="street", unit="", year=year, total=PLENTY))


def start_case(engine: ProcessEngine, business_key: str, amount: Decimal) -> int:
    """One case that has begun; its instance key. The next two do its tasks."""
    initiator = Actor(PEOPLE["set_objectives"], groups=frozenset({"department"}))
    return engine.start_process(PROCESS, _variables(business_key, amount), actor=initiator, business_key=business_key).key


def open_tasks(engine: ProcessEngine, business_key: str) -> Sequence[UserTask]:
    """What waits for people in a case."""
    [root] = engine.instances(business_key=business_key, process_id=PROCESS, limit=1).items
    return engine.tasks(root_key=root.root_key).items


def do_task(engine: ProcessEngine, task: UserTask, amount: Decimal) -> Sequence[UserTask]:
    """Complete one of the four tasks as usual; what is open then."""
    return engine.complete_task(task.key, _values(task.element_id, amount), actor=_worker(task)).open_tasks


def _play(engine: ProcessEngine, business_key: str, amount: Decimal, day: Callable[[int], None]) -> PastCase:
    day(0)
    started = start_case(engine, business_key, amount)
    tasks = open_tasks(engine, business_key)
    done = 0
    while tasks:
        done += 1
        day(done)
        tasks = do_task(engine, tasks[0], amount)
    state = engine.instance(started).state
    if state != "completed":
        incidents = [one.message for one in engine.incidents(root_key=engine.instance(started).root_key).items]
        raise AssertionError(f"{business_key} with {amount} is {state}: {incidents}")
    return PastCase(business_key, started, amount)


def _worker(task: UserTask) -> Actor:
    group = GROUPS.get(task.element_id, "department")
    return Actor(task.assignee or PEOPLE.get(task.element_id, group), groups=frozenset({group}))


def _variables(business_key: str, amount: Decimal) -> dict[str, Any]:
    return {
        "purchase_id": business_key,
        "title": f"居家养老上门服务 {business_key}",
        "initiator": PEOPLE["set_objectives"],
        "initiator_unit": "养老服务科",
        "catalogue_code": "B0302",
        "estimate": amount,
        "period_months": 12,
        "demand_summary": "失能半失能老人需要上门照护。",
        "beneficiary_group": "失能半失能老人",
        "beneficiary_count": 210,
        "enters_community": False,
        "in_catalogue": False,
    }


def _values(element_id: str, amount: Decimal) -> dict[str, Any]:
    if element_id == "set_objectives":
        goal = {"objective": "覆盖重点老人", "indicator": "服务人数", "target": 210, "unit": "人"}
        return {"objectives": [goal], "service_requirements": "每周上门两次，配备持证护理员。"}
    if element_id == "draft_budget":
        line = {"item": "护理员", "basis": "人数 × 月数 × 标准", "amount": amount, "is_wage": True}
        return {"budget_code": BUDGET, "fund_nature": "fiscal", "budget_lines": [line], "period_months": 12}
    if element_id == "review_budget":
        return {"review_budget_decision": "agree", "splitting_finding": "separate", "splitting_reason": "服务对象不同"}
    return {f"{element_id}_decision": "agree"}
