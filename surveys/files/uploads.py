"""Uploads end at the size we take; what comes after is read away, not written down."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from surveys.files.jobfiles import MEGABYTE, MOST_MEGABYTES


class UploadLimit(FileUploadHandler):
    """Stands before the handlers that write, and counts what they would write."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._n_bytes = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._n_bytes += len(raw_data)
        if self._n_bytes > MOST_MEGABYTES * MEGABYTE:
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None


def is_too_large(request: HttpRequest) -> bool:
    """Whether the request carried more than we take, and its file was dropped."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return length.isdecimal() and int(length) > MOST_MEGABYTES * MEGABYTE
