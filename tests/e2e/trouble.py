"""A small process beside the purchases in which things go wrong, so that operators have something to mend."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from engine.model import SYSTEM, Definition, Resource
from web.composition import Services

PROCESS = "equipment_check"
DIAGRAM = Path(__file__).parent / "data" / f"{PROCESS}.bpmn"
FORM = {
    "type": "default",
    "schemaVersion": 19,
    "id": "write_report",
    "components": [{"type": "textfield", "id": "f", "key": "note", "label": "说明"}],
}


def make_trouble(services: Services, cases: int = 4) -> None:
    """SB-000 waits for its report, the others stop at a condition that reads an empty cost, the last one at a job that failed."""
    if services.engine.definitions(kind="process", id=PROCESS).items:
        return
    deploy(services, DIAGRAM.read_text(encoding="utf-8"))
    for number in range(cases + 1):
        cost = 500 if number == cases else None
        start(services, f"SB-{number:03}", cost, reported=number > 0)
    for job in services.engine.activate_jobs("repair.notify", "robot-1", timeout=dt.timedelta(minutes=5), max_jobs=1):
        services.engine.fail_job(job.key, retries=0, message="connection refused: repair.example:443", actor=SYSTEM)


def start(services: Services, number: str, cost: int | None, *, reported: bool) -> int:
    """The key of a new case on the first version, whatever other tests have deployed."""
    actor = services.office.accounts.actor("ywgl")
    variables = {"title": f"{number} 消防设备", "cost": cost, "places": ["东门", "西门"]}
    case = services.engine.start_process(PROCESS, variables, actor=actor, business_key=number, version=1)
    if reported:
        services.engine.complete_task(services.engine.tasks(root_key=case.key).items[0].key, {"note": "已巡检"}, actor=actor)
    return case.key


def deploy(services: Services, diagram: str) -> Definition:
    files = [Resource(f"{PROCESS}.bpmn", diagram.encode()), Resource("write_report.form", json.dumps(FORM).encode())]
    deployed = services.engine.deploy(files, actor=SYSTEM, note="设备巡检")
    return next(one for one in deployed.definitions if one.id == PROCESS)


def next_version(services: Services) -> Definition:
    """The approval has another id and name in it."""
    changed = DIAGRAM.read_text(encoding="utf-8").replace('"approve_repair"', '"approve_work"').replace("批准维修", "批准施工")
    return deploy(services, changed)


def case_of(services: Services, number: str) -> int:
    key: int = services.engine.instances(business_key=number, roots_only=True, limit=1).items[0].key
    return key


def older_version(services: Services) -> int:
    """The key of the version the first case runs on, a newer one being there."""
    next_version(services)
    return services.engine.instance(case_of(services, "SB-000")).definition_key
