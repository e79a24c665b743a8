"""Logs are JSON lines on standard error, in English, without the local variables of a trace: those may hold secrets.

Every line says what it belongs to, as far as that is known: ``request`` and ``user`` of whoever asked, ``command``, ``actor``
and ``instance`` (the case) of the command in hand, ``job`` of the effect a worker runs.
"""

from __future__ import annotations

import logging
import sys

import structlog

from engine.facade import command_into_line
from web.request_log import into_line


def configure() -> None:
    """For the whole process; libraries' own warnings come out the same way."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        into_line,
        command_into_line,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
