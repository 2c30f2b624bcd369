"""Structured logs: one JSON object a line, with the request's id, never a secret or a body."""

import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRETS = re.compile(
    r"ww_(dev|wp)_[0-9a-f]+"
    r"|whsec_\S+"
    r"|(?<=/k/)[\w:.\-]+"
    r"|(?<=/password/reset/key/)[\w\-]+"
    r"|(?<=[?&]token=)[^&\s]+"
    r"|(?<=[?&]access_token=)[^&\s]+"
    r"|(?<=[?&]signature=)[^&\s]+"
)

FACTS_OF_A_CALL = ("request_id", "token_id", "user_id")
"""What is bound to every line that a call of the API causes."""


def redacted(text: str) -> str:
    """Return a text without the tokens and signed links that it may hold."""
    return _SECRETS.sub("[redacted]", text)


def redact(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank out tokens and signed links wherever a line mentions one."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = redacted(value)
    return event


def configure(options: dict[str, Any]) -> None:
    """Set up structlog and the standard library's logging to the same lines on standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer = (
        structlog.processors.JSONRenderer() if options["json"] else structlog.dev.ConsoleRenderer()
    )
    logging.config.dictConfig(_standard_library(shared, renderer, level=options["level"]))


def _standard_library(shared: list[Any], renderer: Any, *, level: str) -> dict[str, Any]:
    """Have the standard library write lines as structlog does; some libraries say less than they would."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        "foreign_pre_chain": shared,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        # structlog's line says the same with the request's id
        "loggers": {
            "django.server": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
            # their lines hold whole addresses, and with DEBUG what was sent
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
        },
    }
