"""Past cases replayed on a draft, twice each (on their version, on the draft): cases per second, and the longest request.

    python -m bench.replay [--cases N]

N finished goal_setting cases with random amounts (200 unless told), then a draft with another limit and a new task. Wanted: no request
over 2 s, and at least 10 cases a second, so that a year of a large office takes minutes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time

from bench.processes import quiet
from bench.user_task import server
from engine.model import SYSTEM, Actor
from procurement.demo.registers import load_registers
from procurement.studio.replay.model import Choice
from procurement.studio.replay.summary import summary
from tests.support.legal_review import higher_limit, legal_review
from tests.support.past_cases import amounts, past_cases
from tests.support.purchases import MORNING
from web.composition import Services, compose
from web.resources import designer_folders, read_resources
from web.settings import Settings

LONGEST_S, PER_SECOND = 2.0, 10
DESIGNER = Actor("lcsj", groups=frozenset({"designer"}))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--cases", type=int, default=200)
    cases = arguments.parse_args().cases
    quiet()
    with server() as url, tempfile.TemporaryDirectory() as files:
        services = compose(Settings.for_demo(url, files))
        try:
            fine = measured(services, cases)
        finally:
            services.close()
    sys.exit(not fine)


def measured(services: Services, cases: int) -> bool:
    services.migrate()
    services.engine.deploy(read_resources(designer_folders()), actor=SYSTEM, note="bench")
    services.clock.set(MORNING)  # type: ignore[attr-defined]  # the demo's clock
    with services.office.desk.editing(SYSTEM) as session:
        load_registers(session, MORNING)
    began = time.perf_counter()
    past_cases(services.office, services.engine, amounts(cases))
    print(f"{cases} past cases played in {time.perf_counter() - began:.1f} s")
    return report(services, cases, draft(services))


def draft(services: Services) -> int:
    studio = services.studio
    made = studio.drafts.begin("goal_setting", "bench", "", actor=DESIGNER)
    files, digests = studio.shelf.files(), studio.shelf.digests()
    for path, content in {**higher_limit(files), **legal_review(files)}.items():
        studio.drafts.save(made.key, path, content, base=digests.get(path), actor=DESIGNER)
    return made.key


def report(services: Services, cases: int, key: int) -> bool:
    replays = services.studio.replay
    replay = replays.begin(key, Choice("goal_setting", number=cases), actor=DESIGNER)
    requests: list[float] = []
    while replay.is_running:
        began = time.perf_counter()
        replay = replays.go_on(replay.key)
        requests.append(time.perf_counter() - began)
    seconds, began = sum(requests), time.perf_counter()
    found = summary(replays.outcomes(replay.key))
    summing = time.perf_counter() - began
    print(f"{replay.done} cases in {seconds:.1f} s: {replay.done / seconds:.1f} a second (wanted {PER_SECOND})")
    print(
        f"{len(requests)} requests, the longest {max(requests):.2f} s (wanted {LONGEST_S}); read and summed up in {summing * 1000:.0f} ms"
    )
    print("   ".join(f"{status} {number}" for status, number in found.by_status.items()))
    return replay.done == cases and max(requests) <= LONGEST_S and replay.done / seconds >= PER_SECOND


if __name__ == "__main__":
    main()
