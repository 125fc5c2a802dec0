"""The web server: a few threads in two processes, and no access log at all."""

import os
from typing import Any

from berakhlak.traces import RespondentTraces

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = 2
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 10
preload_app = True
max_requests = 10_000
max_requests_jitter = 1_000
accesslog = None
loglevel = "warning"
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Gunicorn names the path of a request that broke: not those of respondents."""
    worker.log.error_log.addFilter(RespondentTraces())
