"""What people are told, in the pages and by mail; the worker's duties are done by the steps themselves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pytest_bdd import given, then, when

from engine.errors import EngineError
from features.steps.scene import Scene
from features.steps.words import said
from procurement.accounts.roles import ROLES
from procurement.messages.mailer import Letter, MailServer, MailServerAway
from procurement.messages.urging import UrgedAlready
from procurement.office.message_duties import MessageDuties
from procurement.registers.messages import Deadline, MailWish
from procurement.registers.row import OFFICE_ZONE
from tests.support.office_calendar import office_calendar
from tests.support.purchases import ORDINARY

SERVER = MailServer(
    "127.0.0.1", "bixuan@office.example", "https://bixuan.office.example", security="none", office="锦江街道办事处"
)


def duties(scene: Scene) -> MessageDuties:
    office = scene.office
    if "duties" not in scene.notes:
        scene.notes["duties"] = MessageDuties(office.office.desk, office.office.messages, office_calendar())
        scene.notes["letters"] = []
        scene.notes["duties"].pause_s = 0
        scene.notes["duties"].tell()
    found: MessageDuties = scene.notes["duties"]
    return found


@given(said("工作者照常读着历史"))
@when(said("工作者照常读着历史"))
def reads_on(scene: Scene) -> None:
    duties(scene)


def work(scene: Scene) -> None:
    """One round of the worker."""
    found = duties(scene)
    for _, action in found.by_name.values():
        action()


def told(scene: Scene, login: str) -> list[str]:
    return [shown.subject for shown in scene.office.office.messages.page(login, "zh_Hans", limit=100)[0]]


def letters(scene: Scene, name: str) -> list[Letter]:
    login = scene.office.person(name).user_id
    return [letter for letter in scene.notes["letters"] if letter.to == f"{login}@people.example"]


def first_deadline(scene: Scene) -> Deadline:
    key = scene.notes["task"].key
    with scene.office.office.desk.reading() as session:
        return session.get_one(Deadline, key)


@given("职能部室刚发起了一个采购项目")
def just_started(scene: Scene) -> None:
    scene.facts.update(ORDINARY)
    duties(scene)
    scene.office.start()
    (scene.notes["task"],) = scene.office.open_tasks()
    work(scene)


@when(said("经办人把第一项待办转给“{name}”"))
def handed_over(scene: Scene, name: str) -> None:
    office = scene.office
    office.engine.assign_task(scene.notes["task"].key, office.person(name).user_id, actor=office.person("发起单位"))
    work(scene)


@when("工作者把历史再读一遍")
def read_again(scene: Scene) -> None:
    office = scene.office
    again = MessageDuties(office.office.desk, office.office.messages, office_calendar())
    again.tell()


@when("经办人把第一项待办办完")
def done(scene: Scene) -> None:
    scene.office.do(scene.notes["task"].name)
    work(scene)


@when("时间到了第一项待办的提醒时刻")
def reminder_time(scene: Scene) -> None:
    scene.office.move_to(first_deadline(scene).next_at)
    work(scene)


@when(said("第一项待办超期 {days} 个工作日还没有办"))
@when(said("再过 {days} 个工作日还没有办"))
def overdue(scene: Scene, days: str) -> None:
    start = max(first_deadline(scene).due, scene.office.clock.now())
    day = office_calendar().after(start.date(), int(days))
    scene.office.move_to(dt.datetime.combine(day, dt.time(18, 1), OFFICE_ZONE))
    work(scene)


@when("采购经办催办")
def urge(scene: Scene) -> None:
    scene.office.office.messages.urge(scene.office.situation.purchase_id, actor=scene.office.person("采购经办"))


@when("采购经办再催办一次，系统说四小时内已经催过")
def urge_again(scene: Scene) -> None:
    scene.attempt(lambda: urge(scene))
    refusal: EngineError = scene.refusal()
    assert isinstance(refusal, UrgedAlready)
    assert "4 小时内已经催办过" in scene.sentence(refusal)


@then(said("经办人有 {n} 条关于“{about}”的消息"))
def holder_told(scene: Scene, n: str, about: str) -> None:
    found = told(scene, scene.office.person("发起单位").user_id)
    assert len([subject for subject in found if about in subject]) == int(n), found


@then(said("“{name}”有 {n} 条关于“{about}”的消息"))
def person_told(scene: Scene, name: str, n: str, about: str) -> None:
    found = told(scene, scene.office.person(name).user_id)
    assert len([subject for subject in found if about in subject]) == int(n), found


@then(said("“{name}”没有关于“{task}”的“{about}”消息"))
def not_told(scene: Scene, name: str, task: str, about: str) -> None:
    found = told(scene, scene.office.person(name).user_id)
    assert not [subject for subject in found if about in subject and task in subject], found


@then(said("案件上记着升级告诉了“{role}”"))
def on_record(scene: Scene, role: str) -> None:
    rows = scene.office.office.messages.reminders(scene.office.situation.purchase_id)
    assert any(row.act == "escalate" and [ROLES[one] for one in row.to] == [role] for row in rows)


@given("街道设了邮件服务器")
def with_server(scene: Scene) -> None:
    found = duties(scene)
    scene.office.office.messages.server = SERVER

    def deliver(_server: MailServer, letter: Letter, _at: dt.datetime) -> None:
        scene.notes["letters"].append(letter)

    found.deliver = scene.notes["deliver"] = deliver


@given(said("“{name}”的邮箱已经确认"))
def with_address(scene: Scene, name: str) -> None:
    actor = scene.office.person(name)
    with scene.office.office.desk.editing(actor) as session:
        wish = MailWish(login=actor.user_id, address=f"{actor.user_id}@people.example", confirmed_at=scene.office.clock.now())
        session.add(wish)


@when("邮件服务器停了")
def server_away(scene: Scene) -> None:
    def away(*_: Any) -> None:
        raise MailServerAway(server=SERVER, cause="连不上")

    duties(scene).deliver = away


@when("邮件服务器修好了")
def server_back(scene: Scene) -> None:
    duties(scene).deliver = scene.notes["deliver"]
    scene.office.move_to(scene.office.clock.now() + dt.timedelta(minutes=5))
    work(scene)


@when(said("有 {n} 件事告诉“{name}”"))
def things_told(scene: Scene, n: str, name: str) -> None:
    office = scene.office
    with office.database.unit_of_work() as unit:
        for number in range(int(n)):
            office.office.messages.tell(
                unit.session,
                to=[office.person(name).user_id],
                kind="task",
                subject=f"待办 {number + 1}",
                text="请办理。",
                link="/inbox",
                purchase_id=None,
                at=office.clock.now(),
            )
        unit.commit()
    work(scene)


@when(said("晚上十点半有 {n} 件事告诉“{name}”"))
def at_night(scene: Scene, n: str, name: str) -> None:
    scene.office.move_to(scene.office.clock.now().replace(hour=22, minute=30))
    things_told(scene, n, name)


@when("到了第二天早上七点")
def next_morning(scene: Scene) -> None:
    now = scene.office.clock.now()
    scene.office.move_to((now + dt.timedelta(days=1)).replace(hour=7, minute=0))
    work(scene)


@then(said("“{name}”在页面里看得到这条消息"))
def in_pages(scene: Scene, name: str) -> None:
    assert told(scene, scene.office.person(name).user_id)


@then(said("“{name}”的邮箱里有 {n} 封邮件"))
def mails(scene: Scene, name: str, n: str) -> None:
    assert len(letters(scene, name)) == int(n)


@then("邮件里没有参选文件的内容，也没有评审专家的姓名")
def nothing_secret(scene: Scene) -> None:
    experts = {user.name for user in scene.office.users if any(group.startswith("expert:") for group in user.groups)}
    for letter in scene.notes["letters"]:
        assert not [name for name in experts if name in letter.text + letter.subject]
        assert "报价" not in letter.text
