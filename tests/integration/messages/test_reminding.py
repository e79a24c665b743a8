"""Deadlines: who is reminded when, who is told once it has passed, by the diagram or by the tables of processes/reminders."""

from __future__ import annotations

import datetime as dt

import pytest
from lxml import etree
from sqlalchemy import select

from engine.errors import NotFound
from engine.facade import DemoClock
from engine.model import SYSTEM, Resource
from procurement.accounts.roles import ROLES
from procurement.messages.rules import ReminderRules
from procurement.registers.messages import Deadline, Message, Reminder
from tests.integration.messages.conftest import MORNING, do_duties, forward, messages_of, start
from tests.support.memory_host import PROCESSES
from web.composition import Services

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
AT = MORNING.tzinfo
ROLES_BY_LENGTH = sorted(ROLES, key=len, reverse=True)
WITHOUT_DUE_DATE = {  # and why
    ("appeal_handling", "record_expertise"): "the expertise takes as long as it takes; its days are not counted (94号令)",
}
OPENS_A_TASK = {("milestone", "report_opens")}  # the task it opens has a due date of its own


def drawing(schedule: str, properties: str = "", groups: str = "agency:agy-01", more: str = "") -> Resource:
    """One task of a group, as a designer draws it."""
    kept = "".join(
        f'<zeebe:property name="{name}" value="{value}"/>' for name, value in (pair.split("=") for pair in properties.split())
    )
    return Resource(
        "one_task.bpmn",
        f"""<?xml version="1.0"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
 targetNamespace="urn:t"><bpmn:process id="one_task" name="一件事" isExecutable="true"><bpmn:startEvent id="begun"/>
<bpmn:sequenceFlow id="f1" sourceRef="begun" targetRef="do_it"/>
<bpmn:userTask id="do_it" name="办这件事"><bpmn:extensionElements><zeebe:userTask/>
<zeebe:assignmentDefinition candidateGroups="{groups}"/><zeebe:taskSchedule {schedule}/>
<zeebe:properties>{kept}</zeebe:properties></bpmn:extensionElements></bpmn:userTask>
<bpmn:sequenceFlow id="f2" sourceRef="do_it" targetRef="ended"/>
<bpmn:endEvent id="ended"/>{more}</bpmn:process></bpmn:definitions>""".replace(
            "<zeebe:properties></zeebe:properties>", ""
        ).encode(),
    )


def begin(services: Services, resource: Resource, number: str = "CG-2026-0900"):
    services.engine.deploy([resource], actor=SYSTEM)
    started = services.engine.start_process("one_task", {}, actor=SYSTEM, business_key=number)
    services.messages.tell()
    return services.engine.tasks(root_key=started.key).items[0]


def at(services: Services, moment: dt.datetime) -> None:
    assert isinstance(services.clock, DemoClock)
    services.clock.set(moment)
    do_duties(services)


def deadline(services: Services, key: int) -> Deadline:
    with services.office.desk.reading() as session:
        return session.get_one(Deadline, key)


def reminders(services: Services) -> list[tuple[str, list[str]]]:
    with services.office.desk.reading() as session:
        return [(row.act, row.to) for row in session.scalars(select(Reminder).order_by(Reminder.key))]


TEN_DAYS = 'dueDate="=working days after(now(), 10)"'  # Monday 16 March 2026, 9:00


def test_a_task_is_reminded_of_two_working_days_before_and_escalates_step_by_step(services):
    task = begin(services, drawing(TEN_DAYS))
    assert deadline(services, task.key).next_at == dt.datetime(2026, 3, 12, 9, 0, tzinfo=AT)
    at(services, dt.datetime(2026, 3, 12, 8, 0, tzinfo=AT))
    assert not reminders(services)
    at(services, dt.datetime(2026, 3, 12, 9, 0, tzinfo=AT))
    assert messages_of(services, "hxpg")[0] == "快到期：办这件事（CG-2026-0900）"
    at(services, dt.datetime(2026, 3, 17, 9, 1, tzinfo=AT))
    assert messages_of(services, "cgjb")[0] == "超期升级：办这件事（CG-2026-0900）"
    assert messages_of(services, "hxpg")[0] == "已超期：办这件事（CG-2026-0900）"
    at(services, dt.datetime(2026, 3, 19, 9, 2, tzinfo=AT))
    assert messages_of(services, "jdzr")[0].startswith("超期升级")
    at(services, dt.datetime(2026, 3, 23, 9, 3, tzinfo=AT))
    assert messages_of(services, "jjjc")[0].startswith("超期升级")
    for day in range(24, 31):
        at(services, dt.datetime(2026, 3, day, 10, 0, tzinfo=AT))
    told = reminders(services)
    assert [to for act, to in told if act == "escalate"] == [["procurement_officer"], ["street_leader"], ["discipline"]]
    assert len([subject for subject in messages_of(services, "jjjc") if "升级" in subject]) == 1


def test_the_diagram_says_when_to_remind_and_to_whom_it_goes_then(services):
    schedule = TEN_DAYS + ' followUpDate="=working days after(now(), 1)"'
    task = begin(services, drawing(schedule, "escalateTo=finance escalateAfter=3"))
    found = deadline(services, task.key)
    assert (found.next_at.replace(second=0, microsecond=0), found.next_group, found.after_days) == (
        dt.datetime(2026, 3, 3, 9, 0, tzinfo=AT),
        "finance",
        3,
    )
    at(services, dt.datetime(2026, 3, 3, 9, 2, tzinfo=AT))
    assert messages_of(services, "hxpg")[0].startswith("快到期")
    at(services, dt.datetime(2026, 3, 18, 9, 1, tzinfo=AT))
    assert not messages_of(services, "czs")
    at(services, dt.datetime(2026, 3, 19, 9, 2, tzinfo=AT))
    assert messages_of(services, "czs")[0].startswith("超期升级")


def test_what_is_done_in_time_reminds_nobody(services):
    task = begin(services, drawing(TEN_DAYS))
    services.engine.complete_task(task.key, {}, actor=SYSTEM)
    at(services, dt.datetime(2026, 3, 30, 9, 0, tzinfo=AT))
    assert not reminders(services)
    assert not deadline(services, task.key).is_open


def test_a_leap_of_the_clock_escalates_once_and_reminds_no_more(services):
    begin(services, drawing(TEN_DAYS))
    at(services, dt.datetime(2026, 6, 1, 10, 0, tzinfo=AT))
    do_duties(services)
    assert [act for act, _ in reminders(services)] == ["remind", "escalate"]
    assert len([subject for subject in messages_of(services, "hxpg") if "期" in subject and "待办" not in subject]) == 1
    assert not messages_of(services, "jdzr")


def test_a_suspended_case_is_left_in_peace_and_reminded_of_later(services):
    task = begin(services, drawing(TEN_DAYS))
    services.engine.suspend_instance(task.root_key, actor=SYSTEM, reason="质疑")
    at(services, dt.datetime(2026, 3, 12, 9, 0, tzinfo=AT))
    assert not reminders(services)
    services.engine.resume_instance(task.root_key, actor=SYSTEM, reason="答复")
    at(services, dt.datetime(2026, 3, 12, 10, 1, tzinfo=AT))
    assert [act for act, _ in reminders(services)] == ["remind"]


def test_a_very_short_period_still_has_its_reminder(services):
    task = begin(services, drawing('dueDate="=now() + duration(&quot;PT4H&quot;)"'))
    assert deadline(services, task.key).next_at == MORNING.replace(hour=11) or deadline(services, task.key).next_at.hour in (
        10,
        11,
    )


def test_the_time_of_an_event_is_told_before_to_those_the_table_names(services):
    begun = start(services)
    resource = Resource(
        "two.bpmn",
        b"""<?xml version="1.0"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:t">
<bpmn:process id="one_task" name="\xe4\xb8\x80" isExecutable="true"><bpmn:startEvent id="begun"/>
<bpmn:sequenceFlow id="f1" sourceRef="begun" targetRef="fair_day"/>
<bpmn:intermediateCatchEvent id="fair_day" name="\xe5\xbc\x80\xe6\x94\xbe\xe6\x97\xa5"><bpmn:timerEventDefinition>
<bpmn:timeDate>=working days after(now(), 5)</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:sequenceFlow id="f2" sourceRef="fair_day" targetRef="ended"/><bpmn:endEvent id="ended"/></bpmn:process></bpmn:definitions>""",
    )
    services.engine.deploy([resource], actor=SYSTEM)
    services.engine.start_process("one_task", {}, actor=SYSTEM, business_key=begun.number)
    services.messages.tell()
    at(services, dt.datetime(2026, 3, 6, 9, 0, tzinfo=AT))
    assert messages_of(services, "ylfw")[0] == "时间快到：开放日（高龄独居老人居家照护）"


def test_a_missing_table_reminds_nobody_and_stops_nothing(services, monkeypatch):
    def missing(*_, **__):
        raise NotFound(kind="Decision", key="escalation")

    monkeypatch.setattr(ReminderRules, "escalation", missing)
    begin(services, drawing(TEN_DAYS))
    assert "待办：办这件事（CG-2026-0900）" in messages_of(services, "hxpg")


def test_open_tasks_of_an_upgraded_office_get_their_deadlines(open_office, mail_server):
    services = open_office(mail_server)
    services.engine.deploy([drawing(TEN_DAYS)], actor=SYSTEM)
    started = services.engine.start_process("one_task", {}, actor=SYSTEM, business_key="CG-2026-0901")
    forward(services, days=20)
    services.messages._demo = False
    services.messages.tell()
    task = services.engine.tasks(root_key=started.key).items[0]
    assert deadline(services, task.key).is_open
    with services.office.desk.reading() as session:
        assert not session.scalars(select(Message)).all(), "nothing is told of what began before"


def test_two_workers_remind_once(services, open_office, mail_server):
    from concurrent.futures import ThreadPoolExecutor

    begin(services, drawing(TEN_DAYS))
    services.clock.set(dt.datetime(2026, 3, 12, 9, 0, tzinfo=AT))
    other = open_office(mail_server)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: one.messages.remind(), [services, other, services, other]))
    assert [act for act, _ in reminders(services)] == ["remind"]
    assert len([subject for subject in messages_of(services, "hxpg") if subject.startswith("快到期")]) == 1


# every diagram of ours


def user_tasks():
    for file in sorted(PROCESSES.glob("*/*.bpmn")):
        for task in etree.parse(str(file)).iter(f"{BPMN}userTask"):
            schedule = task.find(f".//{ZEEBE}taskSchedule")
            if schedule is not None and schedule.get("dueDate"):
                yield pytest.param(file.parent.name, task, id=f"{file.parent.name}/{task.get('id')}")


def timers():
    for file in sorted(PROCESSES.glob("*/*.bpmn")):
        tree = etree.parse(str(file))
        due = {task.get("id") for task in tree.iter(f"{BPMN}userTask") if task.find(f".//{ZEEBE}taskSchedule") is not None}
        for definition in tree.iter(f"{BPMN}timerEventDefinition"):
            event = definition.getparent()
            yield pytest.param(file.parent.name, event, due, id=f"{file.parent.name}/{event.get('id')}")


@pytest.fixture(scope="module")
def tables(new_database, office_template, tmp_path_factory):
    from web.composition import compose
    from web.settings import Settings

    services = compose(Settings.for_demo(new_database(office_template), str(tmp_path_factory.mktemp("files"))))
    yield ReminderRules(services.engine)
    services.close()


PARTIES = {"=initiator": ("department", "community"), "=expert.login": ("expert",), "=member.login": ("committee",)}


@pytest.mark.parametrize("process, task", list(user_tasks()))
def test_every_task_with_a_due_date_is_reminded_of_and_has_somebody_to_escalate_to(tables, process, task):
    assignment = task.find(f".//{ZEEBE}assignmentDefinition")
    text = " ".join(assignment.attrib.values())
    parties = PARTIES.get(text) or [role for role in ROLES_BY_LENGTH if role in text] or [""]
    properties = {one.get("name"): one.get("value") for one in task.iter(f"{ZEEBE}property")}
    for party in parties:
        to = properties.get("escalateTo") or tables.escalation(party, process).to
        assert to or party in {"discipline", "admin", "auditor"}, f"nobody above {party}"
    assert tables.number("remind_before_short", MORNING.date()) >= 1


def test_every_task_has_a_due_date_or_stands_among_the_exceptions_with_a_reason():
    dated = {(process, task.get("id")) for process, task in (one.values for one in user_tasks())}
    drawn = {
        (file.parent.name, task.get("id"))
        for file in sorted(PROCESSES.glob("*/*.bpmn"))
        for task in etree.parse(str(file)).iter(f"{BPMN}userTask")
    }
    assert drawn - dated == set(WITHOUT_DUE_DATE)


@pytest.mark.parametrize("process, event, due", list(timers()))
def test_every_timer_is_told_before_or_stands_at_a_task_that_is(tables, process, event, due):
    boundary = event.tag == f"{BPMN}boundaryEvent"
    rule = tables.timer(process, event.get("id"), boundary=boundary)
    told_by_task = boundary and event.get("attachedToRef") in due
    assert rule.to or told_by_task or (process, event.get("id")) in OPENS_A_TASK
