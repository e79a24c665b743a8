"""kill -9 at random moments: nothing is lost, nothing happens twice, and all is well again within a minute.

    python -m bench.kill9 [--kills 12] [--cases 12] [--seed 7] [--seconds 600] [--allowed 60]

Two ``bixuan serve``, two ``bixuan worker`` and a PostgreSQL of their own are real processes. People take cases through tasks, a
register row, a timer, an upload and an effect on the outside, over HTTP, from whichever process answers; what was not answered
they send again under the same command id. Meanwhile one process after the other, picked by chance, PostgreSQL included, is ended
with SIGKILL at a random moment and started anew. At the end variables, tasks, history, registers, jobs, files and the world
outside must agree.
"""

from __future__ import annotations

import argparse
import random
import sys
import time

from bench.killing.diagram import RESOURCES
from bench.killing.examine import examine, slowest
from bench.killing.office import Office, office
from bench.killing.outside import Outside
from bench.killing.people import LOGIN, PASSWORD, People
from engine.model import SYSTEM
from web.composition import Services, compose
from web.settings import Settings

FINISH_S = 240


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--cases", type=int, default=12)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=600, help="no kill is begun after this time")
    parser.add_argument("--allowed", type=float, default=60, help="seconds after which something must be well again")
    options = parser.parse_args()
    outside = Outside()
    with office(outside.address) as made:
        made.wait_until_all_answer()
        services = compose(Settings(made.database.url, "kill9" * 10, str(made.folder / "files")))
        people = People([web.address for web in made.webs], prepared(services), options.cases, options.seed)
        kill(made, people, random.Random(options.seed), options.kills, options.seconds)
        wrong = finish(made, people)
        wrong += examine(services, outside, options.cases)
        wrong += tell(made.recoveries, slowest(services), outside, options.cases, options.allowed)
        services.close()
    outside.close()
    for sentence in wrong:
        print(f"WRONG  {sentence}")
    sys.exit(bool(wrong))


def prepared(services: Services) -> str:
    """The process, and somebody who may do its tasks; returns their token."""
    services.engine.deploy(RESOURCES, actor=SYSTEM)
    services.office.accounts.create(LOGIN, "守夜人", PASSWORD, roles=["operator", "admin"], groups=(), unit="")
    actor = services.office.accounts.actor(LOGIN)
    return str(services.office.accounts.create_token(LOGIN, "kill9", ("read", "work", "operate"), actor=actor)[1])


def kill(made: Office, people: People, chance: random.Random, kills: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    for _ in range(kills):
        if time.monotonic() > end or people.wrong:
            break
        time.sleep(chance.uniform(0.2, 4.0))
        made.kill_and_start(chance)
    made.wait_until_well()


def finish(made: Office, people: People) -> list[str]:
    """Let everything come to its end without further kills."""
    end = time.monotonic() + FINISH_S
    while not people.all_done() and time.monotonic() < end:
        time.sleep(0.2)
    people.go_home()
    made.end_processes()
    return people.wrong


def tell(recoveries: dict[str, list[float]], late: dict[str, float], outside: Outside, cases: int, allowed: float) -> list[str]:
    """Print the figures; what took longer than allowed is wrong."""
    kills = sum(len(times) for times in recoveries.values())
    again = sum(outside.told.values()) - len(outside.told)
    print(f"{cases} cases, {kills} kills: " + ", ".join(f"{len(times)} × {kind}" for kind, times in sorted(recoveries.items())))
    for kind, times in sorted(recoveries.items()):
        print(f"  {kind}: back after {sum(times) / len(times):.1f} s on average, {max(times):.1f} s at most")
    print(
        f"  slowest timer {late['timer']:.1f} s late, slowest effect {late['effect']:.1f} s; {again} effects told again, done once"
    )
    figures = {**{kind: max(times) for kind, times in recoveries.items()}, **late}
    return [f"{kind} took {figure:.0f} s" for kind, figure in figures.items() if figure >= allowed]


if __name__ == "__main__":
    main()
