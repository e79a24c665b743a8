"""People at browsers and programs at the API, who send again whatever was not answered, to whichever process answers.

Commands have fixed ids, as a browser's form has: sending one again is harmless.
"""

from __future__ import annotations

import contextlib
import html
import random
import re
import threading
from collections.abc import Sequence
from typing import Any

import httpx

from bench.killing.diagram import STEPS

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
LOGIN, PASSWORD = "keeper", "kill nine times"
NOT_NOW = {409, 500, 502, 503, 504}


class NotAnswered(Exception):
    """Nobody knows whether it was done: send it again."""


class Person:
    """One browser with its session, and one API client."""

    def __init__(self, addresses: Sequence[str], token: str, chance: random.Random) -> None:
        self._addresses = addresses
        self._chance = chance
        self._api = httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=30)
        self._browser = httpx.Client(timeout=30)

    def start(self, name: str, number: int) -> int:
        """The key of the case. Raises NotAnswered."""
        body = {"processDefinitionId": "killed", "variables": {"name": name, "number": number}, "businessId": name}
        answer = self._call("POST", "/v2/process-instances", json=body, headers={"Idempotency-Key": f"start-{name}"})
        return int(answer.json()["processInstanceKey"])

    def work(self, case: int, name: str) -> bool:
        """Do the tasks that are open; True when the case has ended. Raises NotAnswered."""
        search = {"filter": {"processInstanceKey": str(case), "state": "CREATED"}}
        for task in self._call("POST", "/v2/user-tasks/search", json=search).json()["items"]:
            self._complete(task, name)
        state: str = self._call("GET", f"/v2/process-instances/{case}").json()["state"]
        return state == "COMPLETED"

    def _complete(self, task: dict[str, Any], name: str) -> None:
        step, key = task["elementId"], task["userTaskKey"]
        if step == "second":
            self._upload(key, name)
            return
        headers = {"Idempotency-Key": f"{step}-{name}"}
        body = {"variables": {f"answer_{step}": name}}
        self._call("POST", f"/v2/user-tasks/{key}/completion", json=body, headers=headers, allowed={404, 409})

    def _upload(self, key: str, name: str) -> None:
        """The page, with a file: the browser shows the form, and sends it under the command id of that form."""
        address = self._address()
        with _answering():
            page = self._browser.get(f"{address}/tasks/{key}")
            if page.status_code == 303:
                self._log_in(address)
                return
            token = TOKEN.search(page.text)
            if page.status_code != 200 or token is None or f'action="/tasks/{key}/complete"' not in page.text:
                return  # done meanwhile, or not now
            fields = {"csrf_token": html.unescape(token[1]), "command_id": f"second-{name}", "said": name}
            files = {"papers": (f"{name}.txt", f"paper of {name}".encode(), "text/plain")}
            self._browser.post(f"{address}/tasks/{key}/complete", data=fields, files=files)

    def _log_in(self, address: str) -> None:
        token = TOKEN.search(self._browser.get(f"{address}/login").text)
        if token is not None:
            fields = {"csrf_token": html.unescape(token[1]), "login": LOGIN, "password": PASSWORD}
            self._browser.post(f"{address}/login", data=fields)

    def _call(self, method: str, path: str, *, allowed: frozenset[int] | set[int] = frozenset(), **more: Any) -> httpx.Response:
        with _answering():
            answer = self._api.request(method, self._address() + path, **more)
        if answer.status_code in NOT_NOW and answer.status_code not in allowed:
            raise NotAnswered
        assert answer.status_code < 300 or answer.status_code in allowed, f"{path}: {answer.status_code} {answer.text}"
        return answer

    def _address(self) -> str:
        return self._chance.choice(self._addresses)


@contextlib.contextmanager
def _answering() -> Any:
    try:
        yield
    except httpx.HTTPError as error:
        raise NotAnswered from error


class People:
    """Threads that take cases from start to end; ``acknowledged`` is what they were told is done."""

    def __init__(self, addresses: Sequence[str], token: str, cases: int, seed: int, people: int = 4) -> None:
        self.ended: set[str] = set()
        self.wrong: list[str] = []
        self._names = [f"case-{number}" for number in range(cases)]
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(Person(addresses, token, random.Random(seed + n)), n, people), daemon=True)
            for n in range(people)
        ]
        for thread in self._threads:
            thread.start()

    def all_done(self) -> bool:
        return len(self.ended) == len(self._names) or bool(self.wrong)

    def go_home(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _work(self, person: Person, first: int, people: int) -> None:
        """Everybody works on every case, beginning elsewhere: two people meet on one task all the time."""
        names = self._names[first * len(self._names) // people :] + self._names[: first * len(self._names) // people]
        while not self._stop.is_set() and not self.all_done():
            for name in names:
                if name not in self.ended and not self._stop.is_set():
                    self._one(person, name)

    def _one(self, person: Person, name: str) -> None:
        try:
            if person.work(person.start(name, int(name.partition("-")[2])), name):
                self.ended.add(name)
        except NotAnswered:
            self._stop.wait(0.05)
        except AssertionError as error:
            self.wrong.append(str(error)[:500])


__all__ = ["LOGIN", "PASSWORD", "STEPS", "People"]
