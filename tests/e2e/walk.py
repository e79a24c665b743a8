"""Drives purchases through the browser: everybody finds the task in their own inbox, fills the form and hands it in.

What the walk knows, it reads from the engine (who may do a task, which fields the form asks for, when the next timer is
due); what it does, it does on pages.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from playwright.sync_api import Page, expect

from engine.feel import Feel
from engine.forms import Form
from engine.forms.model import NEVER, Component, DynamicList, ExpressionField, Field, Group
from engine.model import UserTask
from procurement.calendar import EXTENSIONS
from procurement.demo.answers import Answers
from procurement.demo.organisations import conditions_of
from procurement.demo.people import People as DemoPeople
from procurement.registers.row import OFFICE_ZONE
from tests.e2e import ceremonies
from tests.e2e.filling import fill
from tests.e2e.people import People
from tests.support.serving import until
from web.composition import Services

CLOCK_KEEPER = "cgjb"
FILE = {"name": "材料.pdf", "size": 1, "sha256": "0" * 64, "media_type": "application/pdf"}
Answer = Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any]]  # values, or from what the form shows


def typed_keys(components: Iterable[Component]) -> Iterator[str]:
    """Names on the way to the fields somebody types into: not what the form calculates or only shows."""
    for component in components:
        if isinstance(component, DynamicList):
            yield component.name
        if isinstance(component, (Group, DynamicList)):
            yield from typed_keys(component.components)
        elif isinstance(component, Field) and not isinstance(component, ExpressionField) and component.readonly == NEVER:
            yield from component.path


def typed_values(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` without what nobody types, in rows too."""
    known = set(typed_keys(form.components))

    def kept(value: Any) -> Any:
        if isinstance(value, list) and value and isinstance(value[0], Mapping) and "sha256" not in value[0]:
            return [{key: inner for key, inner in row.items() if key in known} for row in value]
        return value

    return {key: kept(value) for key, value in values.items() if key in known}


@dataclass
class Purchase:
    """``facts`` is what the answers see as ``p``; ``answers`` overrides the demo's answer of a task, once per entry."""

    facts: dict[str, Any]
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    number: str = ""
    root_key: int = 0
    done: list[str] = field(default_factory=list)  # tasks in the order they were handed in
    by: list[str] = field(default_factory=list)  # who handed them in
    seen: set[str] = field(default_factory=set)  # what outsiders did already
    kept: ceremonies.Kept = field(default_factory=ceremonies.Kept)  # contributions to draws, at home with who made them
    prices: dict[str, Any] = field(default_factory=dict)  # organisation → yuan; who is missing sends no bid
    scores: dict[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)  # expert's login, "" any → shares

    @property
    def initiator(self) -> str:
        return str(self.facts["by"])


class Walk:
    def __init__(self, services: Services, people: People) -> None:
        self.services, self.people = services, people
        self._demo = DemoPeople(services.office.accounts.search(limit=1000))
        self._answers = Answers(Feel(EXTENSIONS))

    # beginning

    def start(self, purchase: Purchase) -> None:
        page = self.people.page(purchase.initiator)
        page.goto("/inbox")
        page.get_by_role("link", name="发起采购").last.click()
        page.fill("[name=title]", purchase.facts["title"])
        page.fill("[name=community]", purchase.facts["community"] or "")
        page.get_by_role("button", name="发起", exact=True).click()
        page.wait_for_url(re.compile(r"/purchases/CG-"))
        purchase.number = page.url.rpartition("/")[2]
        purchase.facts["id"] = purchase.number
        [root] = self.services.engine.instances(business_key=purchase.number, process_id="purchase").items
        purchase.root_key = root.key

    # going on

    def run(self, purchases: list[Purchase], *, stop: Callable[[], bool] | None = None, longest: int = 500) -> None:
        """Until every purchase has ended, or ``stop`` says so; ``longest`` is the number of tasks after which it is a loop."""
        while any(self.is_running(p) for p in purchases) and not (stop and stop()):
            if sum(len(p.done) for p in purchases) > longest:
                raise AssertionError(f"the purchases go round in circles: {[p.done[-20:] for p in purchases]}")
            if not any(self.step(p) for p in purchases):
                self.wait_for_next_timer(purchases)

    def is_running(self, purchase: Purchase) -> bool:
        return self.services.engine.instance(purchase.root_key).state not in ("completed", "terminated")

    def step(self, purchase: Purchase) -> bool:
        """Do one thing for a purchase; False when everybody waits."""
        for task in self.open_tasks(purchase):
            self.work(purchase, task)
            return True
        if self.services.engine.run_awaited_effects():  # the worker may be slower than the walk
            return True
        return self._apply(purchase) or self._bid(purchase)

    def open_tasks(self, purchase: Purchase) -> tuple[UserTask, ...]:
        return self.services.engine.tasks(root_key=purchase.root_key, state="created", limit=50).items

    # a task

    def worker_of(self, purchase: Purchase, task: UserTask) -> str:
        return self._demo.for_task(task, purchase.initiator).user_id

    def values_for(self, purchase: Purchase, task: UserTask, login: str) -> dict[str, Any]:
        """What the person will enter: the fields the form asks for with these answers, and nothing else."""
        form = self.services.engine.task_form(task.key, actor=self._demo.actor(login))
        now = self.services.clock.now()
        own = purchase.answers.get(task.element_id)
        context = {**form.context, "p": purchase.facts, "file": FILE}
        answer = own.pop(0) if own else {}
        values = {**self._answers.of(task.element_id, context, now), **(answer(context) if callable(answer) else answer)}
        checked = form.form.validate(values, form.context, None, now=now)
        assert not checked.errors, (task.element_id, checked.errors)
        return typed_values(form.form, checked.values)

    def open_task(self, page: Page, purchase: Purchase, task: UserTask) -> None:
        """From the inbox, as people come to it."""
        page.goto(f"/inbox?step={task.element_id}")
        row = page.locator("tbody tr").filter(has_text=purchase.number).locator(f"a[href='/tasks/{task.key}']").first
        row.click()
        page.locator("#task-form").wait_for()

    def work(self, purchase: Purchase, task: UserTask) -> None:
        login = self.worker_of(purchase, task)
        if task.element_id in self._ceremonies:
            self._ceremonies[task.element_id](purchase, task, login)
            purchase.done.append(task.element_id)
            purchase.by.append(login)
            return
        values = self.values_for(purchase, task, login)
        page = self.people.page(login)
        self.open_task(page, purchase, task)
        fill(page, values)
        page.get_by_role("button", name="提交", exact=True).click()
        page.locator(".note[role]").first.wait_for()
        expect(page.locator("main")).to_contain_text(f"您已办结“{task.name}”")
        purchase.done.append(task.element_id)
        purchase.by.append(login)

    # pages of their own

    @property
    def _ceremonies(self) -> Mapping[str, Callable[[Purchase, UserTask, str], None]]:
        return {
            "submit_key": self._give_key,
            "open_each_bid": self._open_bids,
            "commit_contribution": self._commit,
            "reveal_contribution": self._reveal,
            "score_bids": self._score,
        }

    def _give_key(self, purchase: Purchase, _task: UserTask, login: str) -> None:
        ceremonies.give_key(self.people.page(login), purchase.number, login)

    def _open_bids(self, purchase: Purchase, _task: UserTask, login: str) -> None:
        ceremonies.open_every_bid(self.people.page(login), purchase.number)

    def _commit(self, purchase: Purchase, task: UserTask, login: str) -> None:
        seen = self._seen_by(task, login)
        ceremonies.commit(self.people.page(login), purchase.kept, seen["draw_number"], seen["side"]["contributor"])

    def _reveal(self, purchase: Purchase, task: UserTask, login: str) -> None:
        seen = self._seen_by(task, login)
        ceremonies.reveal(self.people.page(login), purchase.kept, seen["draw_number"], seen["side"]["contributor"])

    def _score(self, purchase: Purchase, _task: UserTask, login: str) -> None:
        shares = purchase.scores.get(login) or purchase.scores.get("") or self._in_order(purchase)
        ceremonies.score(self.people.page(login), purchase.number, shares)

    def _seen_by(self, task: UserTask, login: str) -> Mapping[str, Any]:
        return self.services.engine.task_form(task.key, actor=self._demo.actor(login)).context

    def _in_order(self, purchase: Purchase) -> Mapping[str, Mapping[str, float]]:
        """The bidders of the story, each a little worse than the one before."""
        names = [self.services.office.parties.organisation(one).name for one in purchase.facts["bidders"]]
        return {name: {"": 0.95 - 0.1 * n} for n, name in enumerate(names)}

    # outsiders

    def _apply(self, purchase: Purchase) -> bool:
        """The organisations of the story apply, one in each call."""
        register = self.services.office.purchases.get(purchase.number)
        now = self.services.clock.now()
        if register.apply_until is None or register.apply_until <= now or register.step != "selection":
            return False
        return any(self._once(purchase, f"apply {one}", partial(self.apply, purchase, one)) for one in purchase.facts["bidders"])

    def apply(self, purchase: Purchase, organisation: str) -> None:
        proof = {"note": "见附件。", "files": [FILE]}
        conditions = conditions_of(self.services.office, organisation, self._demo.somebody(f"organisation:{organisation}"), proof)
        values = {"conditions": conditions, "contact": "联系人", "phone": "028-80000000", "promise": True}
        page = self._portal(purchase, organisation)
        page.get_by_role("link", name="报名", exact=True).click()
        self.send(page, values, "报名", "报名已送达")

    def _bid(self, purchase: Purchase) -> bool:
        register = self.services.office.purchases.get(purchase.number)
        now, amount = self.services.clock.now(), register.amount
        if register.bid_until is None or register.bid_until <= now or amount is None or register.step != "selection":
            return False
        for n, one in enumerate(purchase.facts["bidders"]):
            actor = self._demo.somebody(f"organisation:{one}")
            mine = self.services.office.portal.purchase(purchase.number, one, actor=actor).application
            if mine is None or mine.status != "confirmed":
                continue
            if purchase.prices and one not in purchase.prices:
                continue
            price = purchase.prices.get(one) or (amount * (94 + n) / 100).quantize(amount)
            if self._once(purchase, f"bid {one}", partial(self.bid, purchase, one, price)):
                return True
        return False

    def bid(self, purchase: Purchase, organisation: str, price: Any) -> None:
        page = self._portal(purchase, organisation)
        page.get_by_role("link", name="递交参选文件").click()
        page.wait_for_url(f"**/portal/{purchase.number}/sealed-bid")
        ceremonies.send_bid(page, purchase.number, price)

    def send(self, page: Page, values: Mapping[str, Any], button: str, answer: str) -> None:
        fill(page, values)
        page.locator(".submit").get_by_role("button", name=button, exact=True).click()
        expect(page.locator("#messages")).to_contain_text(answer)

    def member(self, organisation: str) -> str:
        """The login of somebody of an organisation."""
        return self._demo.somebody(f"organisation:{organisation}").user_id

    def _portal(self, purchase: Purchase, organisation: str) -> Page:
        page = self.people.page(self._demo.somebody(f"organisation:{organisation}").user_id)
        page.goto("/portal")
        page.locator(f"a[href='/portal/{purchase.number}']").first.click()
        page.wait_for_url(f"**/portal/{purchase.number}")
        return page

    def _once(self, purchase: Purchase, what: str, act: Callable[[], None]) -> bool:
        if what in purchase.seen:
            return False
        act()
        purchase.seen.add(what)
        return True

    # the clock

    def wait_for_next_timer(self, purchases: list[Purchase]) -> None:
        """Move the demo's clock to just behind the next timer of these cases and wait until the worker has fired it."""
        if any(self.open_tasks(p) for p in purchases):  # the worker has just opened one
            return
        timers = [timer for p in purchases if self.is_running(p) for timer in self.services.engine.timers(p.root_key)]
        incidents = [i for p in purchases for i in self.services.engine.incidents(root_key=p.root_key).items]
        assert timers and not incidents, f"stuck: {incidents} {[(p.number, p.done[-3:]) for p in purchases]}"
        due = min(timer.due_at for timer in timers)
        if due > self.services.clock.now():
            self.move_clock(due + dt.timedelta(minutes=1))
        until(lambda: self._next_timer(purchases) > due, f"the timers of {due} to fire")

    def _next_timer(self, purchases: list[Purchase]) -> dt.datetime:
        """A repeating timer keeps its key and gets a later moment, so it is the moment that tells."""
        moments = [timer.due_at for p in purchases for timer in self.services.engine.timers(p.root_key)]
        return min(moments, default=dt.datetime.max.replace(tzinfo=OFFICE_ZONE))

    def move_clock(self, to: dt.datetime) -> None:
        page = self.people.page(CLOCK_KEEPER)
        page.goto("/clock")
        page.fill("[name=to]", to.astimezone(OFFICE_ZONE).strftime("%Y-%m-%dT%H:%M"))
        page.get_by_role("button", name="拨到这个时间").click()
        expect(page.locator("#messages")).to_contain_text("时钟已拨到")
