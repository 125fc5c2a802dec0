"""The web server: a few threads in two processes, and no access log at all."""

import gc
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
# A new worker has each order of the form to render once: seconds of work in all.
max_requests = 100_000
max_requests_jitter = 10_000
accesslog = None
loglevel = "warning"
control_socket_disable = True


def pre_fork(server: Any, worker: Any) -> None:
    """What is loaded by now stays: let no collection of garbage go through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 20)


def post_worker_init(worker: Any) -> None:
    """Gunicorn names the path of a request that broke: not those of respondents."""
    worker.log.error_log.addFilter(RespondentTraces())
