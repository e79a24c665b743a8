"""What a monitoring system reads at /metrics: counters of this process, and the state of the office at the moment of asking."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterator

import structlog
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Histogram, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine.facade import ProcessEngine
from engine.model.operating import Overview
from web.settings import Settings

log = structlog.get_logger(__name__)
REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
COMMAND_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")  # what a proxy adds: then the caller is not on this machine
LOCAL = ("127.0.0.1", "::1")


class Metrics:
    """One registry for each composed application: several of them may live in one process of the tests."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._requests = Histogram(
            "bixuan_http_request_seconds",
            "Time to answer, by route template.",
            ("method", "route", "status"),
            buckets=REQUEST_BUCKETS,
            registry=self.registry,
        )
        self._commands = Histogram(
            "bixuan_command_seconds",
            "Time of a command of the engine with all its repetitions, by outcome (done, failed, or the error's code).",
            ("kind", "outcome"),
            buckets=COMMAND_BUCKETS,
            registry=self.registry,
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).observe(seconds)

    def command(self, kind: str, outcome: str, seconds: float) -> None:
        """Also a line in the log, where the context says which case and who."""
        self._commands.labels(kind, outcome).observe(seconds)
        log.info("command", outcome=outcome, ms=round(seconds * 1000, 1))

    def watch(self, engine: ProcessEngine) -> None:
        """Ask ``engine`` for the state of the office whenever the metrics are read."""
        self.registry.register(_Office(engine))

    def text(self) -> bytes:
        """Prometheus' text format 0.0.4."""
        return generate_latest(self.registry)


class _Office(Collector):
    """Asked anew each time; a database that does not answer is itself the news."""

    def __init__(self, engine: ProcessEngine) -> None:
        self._engine = engine

    def describe(self) -> list[Metric]:
        """Nothing: registering must not ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        yield from self._of_process()
        try:
            overview, jobs = self._engine.overview(), self._engine.job_counts()
        except Exception:  # whatever the driver raises; the gauge tells, the reason is in the log
            log.exception("metrics_without_database")
            yield _gauge("bixuan_database_up", "Whether the database answered.", 0)
            return
        yield _gauge("bixuan_database_up", "Whether the database answered.", 1)
        yield from _of_office(overview, self._engine.clock.now())
        unfinished = GaugeMetricFamily("bixuan_jobs", "Unfinished jobs.", labels=("type", "state"))
        for one in jobs:
            unfinished.add_metric((one.type, one.state), one.count)
        yield unfinished

    def _of_process(self) -> Iterator[Metric]:
        live, pool = self._engine.live_cases(), self._engine.database.pool_use()
        taken = CounterMetricFamily("bixuan_live_cases", "Cases a command needed, by whether memory had them.", labels=("found",))
        taken.add_metric(("memory",), live.hits)
        taken.add_metric(("database",), live.misses)
        yield taken
        yield _gauge("bixuan_live_cases_held", "Cases in memory.", live.held)
        connections = GaugeMetricFamily("bixuan_database_connections", "Connections of this process.", labels=("state",))
        connections.add_metric(("in_use",), pool.in_use)
        connections.add_metric(("most",), pool.most)
        yield connections


def _of_office(overview: Overview, now: dt.datetime) -> Iterator[Metric]:
    yield _gauge("bixuan_incidents_open", "Incidents nobody has resolved.", overview.incidents)
    yield _gauge("bixuan_cases_running", "Cases that have not ended.", overview.running)
    yield _gauge("bixuan_cases_suspended", "Running cases an operator has suspended.", overview.suspended)
    yield _gauge("bixuan_tasks_open", "Open user tasks.", overview.open_tasks)
    yield _gauge("bixuan_tasks_late", "Open user tasks beyond their due date.", overview.late_tasks)
    yield _gauge("bixuan_timers", "Timers that wait.", overview.timers)
    yield _gauge("bixuan_timers_overdue", "Timers whose moment has passed and that have not fired.", overview.overdue_timers)
    late = (now - overview.next_due).total_seconds() if overview.next_due else 0
    yield _gauge("bixuan_timer_lag_seconds", "How long the oldest due timer has been due.", max(0.0, late))
    seen = overview.worker_seen
    age = (dt.datetime.now(dt.UTC) - seen).total_seconds() if seen else float("inf")
    yield _gauge("bixuan_worker_seen_seconds", "Time since a worker gave a sign; +Inf when none is registered.", age)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def install(api: FastAPI, settings: Settings, metrics: Metrics) -> None:
    @api.get("/metrics", include_in_schema=False)
    def read(request: Request) -> Response:
        """With the token when one is set; without one only from this machine itself, never through a proxy."""
        if not _may_read(request, settings.metrics_token):
            return PlainTextResponse("Set BIXUAN_METRICS_TOKEN and send it as: Authorization: Bearer <token>\n", 403)
        return Response(metrics.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_read(request: Request, token: str) -> bool:
    if token:
        return hmac.compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    direct = not any(name in request.headers for name in FORWARDED)
    return direct and request.client is not None and request.client.host in LOCAL
