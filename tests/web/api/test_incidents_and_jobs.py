"""Jobs and incidents by the published client: taken, failed, found, counted, tried again."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk import models as m

from engine.store import incidents
from tests.support.patience import PATIENCE_S
from tests.web.api import yard
from web.composition import Services

Api = Callable[..., httpx.Client]
Sdk = Callable[[str], CamundaClient]
pytestmark = pytest.mark.usefixtures("keys")


@pytest.fixture(scope="module")
def keys(services: Services) -> dict[str, int]:
    return yard.deploy(services)


def take(client: CamundaClient, count: int = 100) -> list[m.ActivatedJobResult]:
    request = m.JobActivationRequest(
        type_="yard-paint", timeout=60_000, max_jobs_to_activate=count, worker="w1", request_timeout=-1
    )
    return client.activate_jobs(data=request).jobs


def taken_of(client: CamundaClient, root: int) -> m.ActivatedJobResult:
    return next(job for job in take(client) if job.process_instance_key == str(root))


def test_a_job_without_retries_is_an_incident_that_is_found_counted_and_resolved(
    services: Services, sdk: Sdk, keys: dict[str, int]
) -> None:
    client, case = sdk("admin"), yard.start(services)
    job = taken_of(client, case.key)
    client.fail_job(job_key=job.job_key, data=m.JobFailRequest(retries=0, error_message="no brush left"))
    mine = m.IncidentSearchQueryFilter(process_instance_key=str(case.key), state=m.IncidentStateExactMatch("ACTIVE"))
    (incident,) = client.search_incidents(data=m.IncidentSearchQuery(filter_=mine)).items
    assert (incident.error_type, incident.element_id, incident.job_key) == ("JOB_NO_RETRIES", "paint", job.job_key)
    assert incident.process_definition_key == str(keys["yard"])
    assert "no brush left" in client.get_incident(incident_key=incident.incident_key).error_message
    (error,) = [one for one in client.get_process_instance_statistics_by_error().items if "no brush left" in one.error_message]
    assert error.active_instances_with_error_count == 1
    of_error = m.IncidentProcessInstanceStatisticsByDefinitionQueryFilter(error_hash_code=error.error_hash_code)
    (counted,) = client.get_process_instance_statistics_by_definition(
        data=m.IncidentProcessInstanceStatisticsByDefinitionQuery(filter_=of_error)
    ).items
    assert (counted.process_definition_id, counted.active_instances_with_error_count) == ("yard", 1)
    element = client.get_element_instance(element_instance_key=incident.element_instance_key)
    assert (element.has_incident, element.incident_key) == (True, incident.incident_key)
    client.resolve_incident(incident_key=incident.incident_key)
    assert client.get_incident(incident_key=incident.incident_key).state == "RESOLVED"
    assert taken_of(client, case.key).retries == 1


def test_incidents_inside_a_called_process_are_found_from_its_caller(services: Services, sdk: Sdk) -> None:
    client, case = sdk("admin"), yard.start(services, "yard_parent")
    (called,) = services.engine.instances(parent_key=case.key)
    client.fail_job(job_key=taken_of(client, called.key).job_key, data=m.JobFailRequest(retries=0, error_message="no ladder"))
    (found,) = client.search_process_instance_incidents(process_instance_key=str(case.key), data=m.IncidentSearchQuery()).items
    assert found.process_instance_key == str(called.key)
    call = services.engine.elements(case.key, element_id="call").items[0]
    (same,) = client.search_element_instance_incidents(element_instance_key=str(call.key), data=m.IncidentSearchQuery()).items
    assert same.incident_key == found.incident_key
    other = yard.start(services)
    none = client.search_process_instance_incidents(process_instance_key=str(other.key), data=m.IncidentSearchQuery()).items
    assert none == []


def test_jobs_are_found_by_what_they_are(services: Services, sdk: Sdk, keys: dict[str, int]) -> None:
    client, case = sdk("admin"), yard.start(services, business_key="YARD-7")
    mine = m.JobSearchQueryFilter(type_=m.AdvancedStringFilter(like="yard-*"), process_instance_key=str(case.key))
    (job,) = client.search_jobs(data=m.JobSearchQuery(filter_=mine)).items
    assert (job.state, job.type_, job.retries, job.business_id) == ("CREATED", "yard-paint", 3, "YARD-7")
    assert (job.process_definition_key, job.deadline, job.end_time) == (str(keys["yard"]), None, None)
    taken = taken_of(client, case.key)
    assert taken.business_id == "YARD-7"
    client.complete_job(job_key=taken.job_key)
    (job,) = client.search_jobs(data=m.JobSearchQuery(filter_=mine)).items
    assert (job.state, job.worker) == ("COMPLETED", "w1")
    assert job.end_time is not None


def test_numbers_keep_their_digits_on_the_way_to_a_worker_and_back(services: Services, api: Api) -> None:
    client, case = api("admin"), yard.start(services, price="120.50")
    body = {"type": "yard-paint", "timeout": 60_000, "maxJobsToActivate": 100, "requestTimeout": -1}
    jobs = client.post("/jobs/activation", json=body).json(parse_float=Decimal)["jobs"]
    job = next(job for job in jobs if job["processInstanceKey"] == str(case.key))
    assert job["variables"]["price"] == Decimal("120.50")
    exact = '{"variables": {"done": 0.12345678901234567890123456789}}'
    answer = client.post(f"/jobs/{job['jobKey']}/completion", content=exact, headers={"Content-Type": "application/json"})
    assert answer.status_code == 204
    (done,) = services.engine.variables(case.key, name="done", scope_key=case.key)
    assert done.value == Decimal("0.12345678901234567890123456789")


def test_jobs_of_another_tenant_are_not_offered(api: Api) -> None:
    body = {
        "type": "yard-paint",
        "timeout": 1000,
        "maxJobsToActivate": 1,
        "requestTimeout": -1,
        "tenantIds": ["<default>", "other"],
    }
    assert api("admin").post("/jobs/activation", json=body).status_code == 501


def test_a_lease_that_was_lost_completes_nothing(services: Services, api: Api) -> None:
    client, case = api("admin"), yard.start(services)
    body = {
        "type": "yard-paint",
        "timeout": 1,
        "maxJobsToActivate": 100,
        "requestTimeout": -1,
        "withLease": True,
        "worker": "slow",
    }

    def mine(worker: str) -> dict[str, str]:
        jobs = client.post("/jobs/activation", json={**body, "worker": worker}).json()["jobs"]
        return next(job for job in jobs if job["processInstanceKey"] == str(case.key))

    slow = mine("slow")
    quick = mine("quick")  # a millisecond has passed
    late = client.post(f"/jobs/{slow['jobKey']}/completion", json={"jobLeaseToken": slow["jobLeaseToken"]})
    assert (late.status_code, late.json()["title"]) == (409, "LEASE_LOST")
    failed = client.post(f"/jobs/{slow['jobKey']}/failure", json={"jobLeaseToken": slow["jobLeaseToken"], "retries": 0})
    assert failed.status_code == 409
    longer = client.patch(
        f"/jobs/{slow['jobKey']}", json={"changeset": {"timeout": 60_000}, "jobLeaseToken": slow["jobLeaseToken"]}
    )
    assert longer.status_code == 409
    foreign = client.post(f"/jobs/{slow['jobKey']}/completion", json={"jobLeaseToken": "1-1"})
    assert foreign.status_code == 400
    done = client.post(f"/jobs/{quick['jobKey']}/completion", json={"jobLeaseToken": quick["jobLeaseToken"]})
    assert done.status_code == 204
    again = client.post(f"/jobs/{slow['jobKey']}/completion", json={})
    assert (again.status_code, again.json()["title"]) == (409, "JOB_CLOSED")


def test_a_token_for_one_type_of_job_works_on_no_other(services: Services, api: Api) -> None:
    case = yard.start(services)
    painter, letters = api("admin", ("jobs:yard-paint",)), api("admin", ("jobs:send-letter",))
    body = {"type": "yard-paint", "timeout": 60_000, "maxJobsToActivate": 100, "requestTimeout": -1}
    refused = letters.post("/jobs/activation", json=body)
    assert (refused.status_code, "yard-paint" in refused.json()["detail"]) == (403, True)
    jobs = painter.post("/jobs/activation", json=body).json()["jobs"]
    key = next(job["jobKey"] for job in jobs if job["processInstanceKey"] == str(case.key))
    for answer in (
        letters.post(f"/jobs/{key}/completion", json={}),
        letters.post(f"/jobs/{key}/failure", json={}),
        letters.post(f"/jobs/{key}/error", json={"errorCode": "NO_MONEY"}),
        letters.patch(f"/jobs/{key}", json={"changeset": {"retries": 2}}),
    ):
        assert answer.status_code == 403
    assert painter.get("/authentication/me").status_code == 403, "it is for jobs only"
    assert painter.post(f"/jobs/{key}/completion", json={}).status_code == 204


def test_a_timer_that_could_not_start_its_case_is_an_incident_of_no_instance(
    services: Services, sdk: Sdk, keys: dict[str, int]
) -> None:
    with services.engine.database.unit_of_work() as uow:
        key = uow.new_key()
        incidents.raise_start_failed(uow, key, "yard", "every_monday", uow.new_key(), "The calendar ends.", services.clock.now())
        uow.commit()
    client = sdk("admin")
    wanted = m.IncidentSearchQueryFilter(incident_key=str(key))
    (found,) = client.search_incidents(data=m.IncidentSearchQuery(filter_=wanted)).items
    assert (found.process_instance_key, found.process_definition_key) == ("0", str(keys["yard"]))
    assert client.get_incident(incident_key=str(key)).error_type == "EXTRACT_VALUE_ERROR"


def test_the_account_page_makes_a_token_for_named_types_only(as_user: Callable[..., Any], server: str) -> None:
    fields = {"label": "letters", "days": "30", "job_types": "send-letter，print"}
    made = as_user("admin").post_form("/account/tokens", fields, page="/account")
    (secret,) = re.findall(r"bxt_[\w-]+", made.text)
    assert "领取和完成外部作业：send-letter" in made.text

    def ask(job_type: str) -> int:
        body = {"type": job_type, "timeout": 1000, "maxJobsToActivate": 1, "requestTimeout": -1}
        return httpx.post(
            f"{server}/v2/jobs/activation", json=body, headers={"Authorization": f"Bearer {secret}"}, timeout=PATIENCE_S
        ).status_code

    assert [ask("send-letter"), ask("print"), ask("yard-paint")] == [200, 200, 403]
