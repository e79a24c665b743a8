"""Many people and programs at once, over HTTP, against two serving processes' worth of memory: each thing happens once."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import httpx
import pytest

from engine.model import SYSTEM, Resource
from procurement import demo
from tests.faults.servers import office_on
from tests.faults.test_database_away import hidden_fields
from tests.support.serving import served
from tests.unit.spiff.diagrams import diagram, user
from tests.web.conftest import Visitor
from tests.web.offices import start_purchase
from web.composition import Services, compose

AT_ONCE = 12
CATCH = '<intermediateCatchEvent id="c"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
MESSAGE = (
    '<message id="m" name="paid"><extensionElements><zeebe:subscription correlationKey="=number"/></extensionElements></message>'
)


@pytest.fixture(scope="module")
def services(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with office_on(new_database(), tmp_path_factory.mktemp("files")) as made:
        task = user("u1", people='candidateGroups="department,operator"')
        content = diagram(
            "s -> u1 -> c -> e",
            task.replace('<zeebe:formDefinition formId="u1"/>', "") + CATCH,
            process_id="paying",
            roots=MESSAGE,
        )
        made.engine.deploy([Resource("paying.bpmn", content)], actor=SYSTEM)
        yield made


@pytest.fixture(scope="module")
def addresses(services: Services) -> Iterator[list[str]]:
    """Two processes' worth: nothing is shared between them but the database."""
    other = compose(services.settings)
    with served(services) as one, served(other) as two:
        yield [one, two]
    other.close()


@pytest.fixture(scope="module")
def clients(services: Services, addresses: list[str]) -> Iterator[list[httpx.Client]]:
    actor = services.office.accounts.actor("ylfw")
    token = services.office.accounts.create_token("ylfw", "together", ("read", "work"), actor=actor)[1]
    headers = {"Authorization": f"Bearer {token}"}
    made = [httpx.Client(base_url=f"{address}/v2", headers=headers, timeout=60) for address in addresses]
    yield made
    for client in made:
        client.close()


def at_once(clients: list[httpx.Client], ask: Callable[[httpx.Client, int], httpx.Response]) -> list[httpx.Response]:
    """The same moment, alternating between the processes."""
    gate = threading.Barrier(AT_ONCE)

    def one(pair: tuple[int, httpx.Client]) -> httpx.Response:
        gate.wait()
        return ask(pair[1], pair[0])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, zip(range(AT_ONCE), itertools.cycle(clients), strict=False)))


def test_one_command_sent_twelve_times_at_once_starts_one_case(services: Services, clients: list[httpx.Client]) -> None:
    for number in range(3):
        body = {"processDefinitionId": "paying", "variables": {"number": f"n{number}"}, "businessId": f"once-{number}"}
        answers = at_once(
            clients, lambda c, _, b=body: c.post("/process-instances", json=b, headers={"Idempotency-Key": b["businessId"]})
        )
        assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers]
        assert len({answer.json()["processInstanceKey"] for answer in answers}) == 1
        assert len(services.engine.instances(business_key=f"once-{number}").items) == 1


def test_of_twelve_completions_at_once_one_counts_and_the_others_are_told_so(
    services: Services, clients: list[httpx.Client]
) -> None:
    case = services.engine.start_process("paying", {"number": "twelve"}, actor=SYSTEM)
    task = services.engine.tasks(root_key=case.key).items[0]
    answers = at_once(clients, lambda c, n: c.post(f"/user-tasks/{task.key}/completion", json={"variables": {"by": n}}))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [204, *[409] * (AT_ONCE - 1)], [answer.text for answer in answers]
    assert len(services.engine.history(case.key, kinds=("user_task_completed",))) == 1
    winner = next(n for n, answer in enumerate(answers) if answer.status_code == 204)
    assert [v.value for v in services.engine.variables(case.key, name="by")] == [winner]
    assert services.engine.verify(case.key).sound


def test_a_message_id_published_twelve_times_at_once_is_one_message(services: Services, clients: list[httpx.Client]) -> None:
    case = services.engine.start_process("paying", {"number": "msg"}, actor=SYSTEM)
    task = services.engine.tasks(root_key=case.key).items[0]
    services.engine.complete_task(task.key, {}, actor=SYSTEM)
    body = {"name": "paid", "correlationKey": "msg", "messageId": "payment-1", "timeToLive": 60000}
    answers = at_once(clients, lambda c, n: c.post("/messages/publication", json={**body, "variables": {"n": n}}))
    assert sorted({answer.status_code for answer in answers}) in ([200], [200, 409]), [answer.text for answer in answers]
    assert services.engine.instance(case.key).state == "completed"
    assert len(services.engine.history(case.key, kinds=("message_correlated",))) == 1


ANSWERS = {
    "demand_summary": "辖区高龄独居老人需要上门照护。",
    "beneficiary_group": "独居老人",
    "beneficiary_count": "120",
    "demand_source": "visit",
    "catalogue_code": "B0301",
    "service_category": "social_affairs",
    "community": "晚晴社区",
    "estimate": "48000",
    "period_months": "12",
    "national_ban": "none",
}


def test_a_form_pressed_twelve_times_is_handed_in_once(services: Services, addresses: list[str]) -> None:
    """The double click of an impatient person, each click another connection, half of them to the other process."""
    started = start_purchase(services, "ylfw", "十二次点击")
    page = f"/tasks/{started.task.key}"
    with Visitor(base_url=addresses[0], timeout=60) as person:
        assert person.post_form("/login", {"login": "ylfw", "password": demo.PASSWORD}).status_code == 303
        fields = {unescape(name): value for name, value in hidden_fields(person.get(page).text).items()}
        cookies = dict(person.cookies)
        fields |= ANSWERS
    browsers = [httpx.Client(base_url=address, cookies=cookies, timeout=60) for address in addresses]
    answers = at_once(browsers, lambda c, _: c.post(f"{page}/complete", data=fields))
    for browser in browsers:
        browser.close()
    assert {answer.status_code for answer in answers} == {303}, [
        answer.text[:2000] for answer in answers if answer.status_code != 303
    ]
    done = services.engine.history(started.task.root_key, kinds=("user_task_completed",))
    assert len(done) == 1
    assert services.engine.task(started.task.key).state == "completed"
