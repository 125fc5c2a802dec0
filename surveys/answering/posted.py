"""What a browser posted, read strictly: whole, small, and in UTF-8, or not at all.

Django would read a body that was cut off on its way as if it were complete, and half a
form would be somebody's final answer. It also replaces letters it cannot read.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Protocol
from urllib.parse import parse_qsl

from django.http import HttpRequest, UnreadablePostError
from django.utils.datastructures import MultiValueDict

from surveys.errors import SurveyError

LARGEST_BODY = 64 * 1024
MOST_FIELDS = 2000
MOST_DISCARDED = 16 * 1024 * 1024
FORM = "application/x-www-form-urlencoded"
CODE_LIKE = re.compile(r"[A-Za-z0-9 -]{1,40}")


class BadBody(SurveyError):
    """A body that is not read; ``status`` says why."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


def body_of(request: HttpRequest, content_type: str) -> bytes:
    """The whole body, of this type and at most 64 kB; BadBody otherwise."""
    declared = _declared_length(request)
    if declared > LARGEST_BODY:
        _discard(request)
        raise BadBody(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        body = request.body
    except UnreadablePostError as error:
        raise BadBody(HTTPStatus.BAD_REQUEST) from error
    if len(body) != declared:
        raise BadBody(HTTPStatus.BAD_REQUEST)
    if request.content_type != content_type:
        raise BadBody(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    return body


def fields_of(request: HttpRequest) -> MultiValueDict[str, str]:
    """The fields of a posted form, repeated ones in the order they came."""
    charset = (request.content_params or {}).get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        raise BadBody(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    body = body_of(request, FORM)
    try:
        text = body.decode()
        pairs = parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError as error:
        raise BadBody(HTTPStatus.BAD_REQUEST) from error
    if "%00" in text or "\0" in text:
        raise BadBody(HTTPStatus.BAD_REQUEST)
    fields: MultiValueDict[str, str] = MultiValueDict()
    for name, value in pairs:
        fields.appendlist(name, value)
    return fields


def shown_again(typed: str) -> str:
    """What stands in a box again after a slip; "" for what nobody types as a code."""
    return typed if CODE_LIKE.fullmatch(typed) else ""


def _declared_length(request: HttpRequest) -> int:
    """What Content-Length says. A body sent in chunks says nothing, so none is read."""
    if request.META.get("HTTP_TRANSFER_ENCODING"):
        is_large = _discard(request.META["wsgi.input"]) > LARGEST_BODY
        raise BadBody(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            if is_large
            else HTTPStatus.LENGTH_REQUIRED
        )
    text = request.META.get("CONTENT_LENGTH") or "0"
    if not (text.isascii() and text.isdigit()):
        raise BadBody(HTTPStatus.BAD_REQUEST)
    return int(text)


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _discard(stream: Readable) -> int:
    """Take in the rest, within reason: who is still sending does not hear an answer."""
    n_read = 0
    while n_read < MOST_DISCARDED and (chunk := stream.read(LARGEST_BODY)):
        n_read += len(chunk)
    return n_read
