"""What idle workers cost: 200 of them wait for jobs by long polling, nobody has any; the processor time of the server is told.

    python -m bench.long_polling [workers] [seconds] [types]

Starts ``bixuan serve`` on a database of its own. Each worker keeps one request open (requestTimeout 30 s) and asks again when it
is answered; ``types`` is how many types of jobs they wait for (as many as workers unless said). Prints per cent of one
processor for the server process and for its database, beside the same server with nobody waiting. Ends with 1 above 5 per cent.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil
import psycopg

from bench.user_task import server as database
from web.composition import compose
from web.settings import Settings

SETTLE_S = 3.0
WANTED = 5.0  # per cent of one processor at most, server and database together


def main(workers: int, seconds: float, types: int) -> None:
    with database() as url, TemporaryDirectory() as home, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        env = os.environ | {
            "DATABASE_URL": url,
            "BIXUAN_SECRET_KEY": "0123456789abcdef" * 4,
            "BIXUAN_FILE_STORE": str(Path(home) / "files"),
        }
        token = operator_token(env)
        command = [sys.executable, "-m", "web.cli", "serve", "--port", str(port)]
        serving = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            asyncio.run(measure(f"http://127.0.0.1:{port}", token, (serving.pid, postmaster(url)), workers, seconds, types))
        finally:
            serving.send_signal(signal.SIGTERM)
            serving.wait(timeout=60)


def operator_token(env: dict[str, str]) -> str:
    services = compose(Settings.from_environment(env))
    services.migrate()
    accounts = services.office.accounts
    accounts.create("operator", "operator", "a long secret of the bench", roles=["operator"])
    token = accounts.create_token("operator", "bench", ["jobs"], actor=accounts.actor("operator"))[1]
    services.close()
    return token


async def measure(address: str, token: str, pids: tuple[int, int], workers: int, seconds: float, types: int) -> None:
    limits = httpx.Limits(max_connections=workers + 5, max_keepalive_connections=workers + 5)
    async with httpx.AsyncClient(
        base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60, limits=limits
    ) as client:
        await answering(client)
        await asyncio.sleep(SETTLE_S)
        print(told("nobody waits", await cost(pids, seconds / 2)))
        waiting = [asyncio.create_task(wait_for_ever(client, f"type-{n % types}", n)) for n in range(workers)]
        await asyncio.sleep(SETTLE_S)
        waited = await cost(pids, seconds)
        print(told(f"{workers} wait, {types} types", waited))
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        if sum(waited) > WANTED:
            raise SystemExit(f"more than {WANTED} %")


async def answering(client: httpx.AsyncClient) -> None:
    for _ in range(240):
        try:
            await client.get("/v2/status")
        except httpx.TransportError:
            await asyncio.sleep(0.5)
        else:
            return
    raise SystemExit("the server did not start within two minutes")


async def wait_for_ever(client: httpx.AsyncClient, job_type: str, number: int) -> None:
    await asyncio.sleep(number * 0.01)
    body = {"type": job_type, "worker": f"w{number}", "timeout": 60_000, "maxJobsToActivate": 1, "requestTimeout": 30_000}
    while True:
        answer = await client.post("/v2/jobs/activation", json=body)
        answer.raise_for_status()


def told(what: str, cost_: tuple[float, float]) -> str:
    return f"{what + ':':24} server {cost_[0]:5.2f} % of a processor, database {cost_[1]:5.2f} %"


async def cost(pids: tuple[int, int], seconds: float) -> tuple[float, float]:
    """Per cent of one processor over ``seconds``: the server, and the database of this bench."""
    before, began = [used(pid) for pid in pids], time.monotonic()
    await asyncio.sleep(seconds)
    lasted = time.monotonic() - began
    server, postgres = (100 * (used(pid) - start) / lasted for pid, start in zip(pids, before, strict=True))
    return server, postgres


def used(pid: int) -> float:
    """Processor seconds so far of a process and all it started."""
    return sum(map(seconds_of, [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]))


def postmaster(url: str) -> int:
    """The first process of the database, which must be on this machine."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute("select pg_backend_pid()").fetchone()
        assert row is not None
        return psutil.Process(row[0]).ppid()


def seconds_of(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


if __name__ == "__main__":
    given = [float(value) for value in sys.argv[1:]]
    count = int(given[0]) if given else 200
    main(count, given[1] if len(given) > 1 else 30.0, int(given[2]) if len(given) > 2 else count)
