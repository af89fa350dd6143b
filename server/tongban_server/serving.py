"""How the process serves: logs, TLS, limits on slow clients, and an orderly end."""

import gc
import logging
import ssl
import sys
from collections.abc import Callable
from typing import Any

import structlog
from aiohttp import web

from tongban_server.app import build_app
from tongban_server.certificate import self_signed
from tongban_server.settings import Settings

#: aiohttp has no time limit for headers; a short keep-alive cuts a connection that drips (reliability: slow clients).
KEEPALIVE_S = 15.0


def set_up_logs(settings: Settings) -> None:
    """Log lines are JSON with an action name. Nothing personal is ever given to them."""
    level = getattr(logging, settings.log_level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=max(level, logging.WARNING), stream=sys.stderr)


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """TLS as set: none, our own self-signed certificate, or the operator's files."""
    if settings.tls == "off":
        return None
    certificate, key = settings.tls_certificate, settings.tls_key
    if settings.tls == "self-signed":
        certificate, key = self_signed(settings.home / "tls", settings.url)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(str(certificate), str(key))
    return context


def spare_the_collector() -> None:
    """What was made at start stays, so Python's garbage collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def serve_until_stopped(settings: Settings, *, started: Callable[[], Any] | None = None) -> None:
    """Serve until SIGINT or SIGTERM; `started` is called once the port is open."""
    set_up_logs(settings)
    app = build_app(settings)
    spare_the_collector()
    web.run_app(
        app,
        host=settings.host,
        port=settings.port,
        ssl_context=tls_context(settings),
        keepalive_timeout=KEEPALIVE_S,
        shutdown_timeout=5.0,
        access_log=None,
        handler_cancellation=False,
        print=lambda *_: started() if started else None,
    )
