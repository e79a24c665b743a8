"""Fifty people at once: how long a page and a task form take, beside the cheapest page of the same run.

    python -m bench.pages [users] [seconds]

Starts the demo office on its own database, logs everybody in, and lets each open the inbox, a task's form and the list of
purchases in turn, with a second of reading between two clicks. Prints milliseconds (p50, p95) and the ratio of each p50 to
the p50 of the public login page, which asks the database for nothing but the session.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from tempfile import mkdtemp

import httpx

from procurement.demo import ACCOUNTS, PASSWORD

READING_S = 1.0
OFFICE = ("jdzr", "cgjb", "czs", "bmfw", "sqfzb", "wqsq", "dgms", "hxpg")  # accounts with open tasks in the demo


async def main(users: int, seconds: float) -> None:
    home = Path(mkdtemp(prefix="bixuan-bench-"))
    home.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "BIXUAN_HOME": str(home)}
    server = subprocess.Popen([sys.executable, "-m", "web.cli", "demo", "--port", str(port)], env=env, stdout=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        await answering(base)
        print_table(users, await run(base, users, seconds))
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)
        shutil.rmtree(home, ignore_errors=True)


async def answering(base: str) -> None:
    give_up = time.monotonic() + 180
    async with httpx.AsyncClient() as client:
        while time.monotonic() < give_up:
            try:
                await client.get(f"{base}/login")
            except httpx.TransportError:
                await asyncio.sleep(0.5)
            else:
                return
    raise SystemExit("the demo did not start within three minutes")


async def run(base: str, users: int, seconds: float) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = defaultdict(list)
    known = {account.login for account in ACCOUNTS}
    logins = [login for login in OFFICE if login in known]
    sessions = [await log_in(base, logins[n % len(logins)]) for n in range(users)]
    until = time.monotonic() + seconds
    await asyncio.gather(*(person(client, n, until, taken) for n, client in enumerate(sessions)))
    for client in sessions:
        await client.aclose()
    return taken


async def log_in(base: str, login: str) -> httpx.AsyncClient:
    client = httpx.AsyncClient(base_url=base, timeout=60)
    page = await client.get("/login")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    answer = await client.post("/login", data={"csrf_token": token[1], "login": login, "password": PASSWORD})
    assert answer.status_code == 303, answer.status_code
    return client


async def person(client: httpx.AsyncClient, number: int, until: float, taken: dict[str, list[float]]) -> None:
    await asyncio.sleep(number / 50 * READING_S)
    while time.monotonic() < until:
        inbox = await click(client, "inbox", "/inbox", taken)
        tasks = re.findall(r'href="(/tasks/\d+)"', inbox)
        if tasks:
            await click(client, "task form", tasks[number % len(tasks)], taken)
        await click(client, "purchases", "/purchases", taken)
        await click(client, "login page", "/login", taken)


async def click(client: httpx.AsyncClient, name: str, address: str, taken: dict[str, list[float]]) -> str:
    began = time.perf_counter()
    answer = await client.get(address, follow_redirects=False)
    taken[name].append((time.perf_counter() - began) * 1000)
    assert answer.status_code < 400, f"{address}: {answer.status_code}"
    await asyncio.sleep(READING_S)
    return answer.text


def print_table(users: int, taken: dict[str, list[float]]) -> None:
    least = statistics.median(taken["login page"])
    print(f"{users} users, one second of reading between clicks")
    print(f"{'page':<12}{'requests':>9}{'p50 ms':>9}{'p95 ms':>9}{'ratio':>8}")
    for name, times in taken.items():
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(f"{name:<12}{len(times):>9}{p50:>9.1f}{p95:>9.1f}{p50 / least:>8.1f}")


if __name__ == "__main__":
    arguments = [float(argument) for argument in sys.argv[1:]]
    asyncio.run(main(int(arguments[0]) if arguments else 50, arguments[1] if len(arguments) > 1 else 20))
