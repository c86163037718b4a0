"""Logs: JSON lines for machines, without anything personal. Contact ids only; no phone, name or text.

A last net catches what slips through: fields that would hold personal data are dropped, long runs of digits and
e-mail addresses in any other text are blotted out.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

PERSONAL = frozenset(
    {
        "phone",
        "text",
        "body",
        "name",
        "email",
        "caption",
        "address",
        "to",
        "wa_id",
        "message",
        "payload",
        "profile_name",
    }
)
OURS = frozenset({"contact", "turn", "outbox", "trace", "timestamp", "event", "level", "logger"})
FIGURES = re.compile(r"(?<![0-9a-f])\+?\d[\d\s-]{6,}\d")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
NOISY = ("httpx", "httpcore", "uvicorn.access", "alembic", "aiosqlite", "asyncio")

Event = MutableMapping[str, Any]


def blot(text: str) -> str:
    """Numbers of eight digits and more, and e-mail addresses, become `#`."""
    return EMAIL.sub("#", FIGURES.sub("#", text))


def without_personal_data(_logger: Any, _method: str, event: Event) -> Event:
    """Structlog processor: the last net."""
    for key in list(event):
        if key in PERSONAL:
            del event[key]
        elif isinstance(event[key], str) and key not in OURS:
            event[key] = blot(event[key])
    return event


def configure_logging(level: str = "INFO") -> None:
    """JSON on standard output for structlog and for every library that uses `logging`."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared[:-1], _foreign],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _foreign(_logger: Any, _method: str, event: Event) -> Event:
    """A library's line may hold anything, also in its message."""
    event = without_personal_data(_logger, _method, event)
    event["event"] = blot(str(event.get("event", "")))
    return event
