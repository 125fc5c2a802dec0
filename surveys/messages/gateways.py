"""WhatsApp or SMS through somebody's HTTP service, described by settings, not code.

``MESSAGE_GATEWAY`` is a JSON object, or the name of a file with one: address, headers,
a body with fields, and what counts as accepted. ``docs/operations.md`` explains it.
The address comes from operations alone; still it must not lead into our own network
(unless it says so), follows no redirect, and reads little of what is answered.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from surveys.errors import SurveyError
from surveys.messages.letterbox import SENT, ChannelDown, Letter, Outcome
from surveys.messages.wording import fill

LONGEST_ANSWER = 64 * 1024
LONGEST_WAIT = 60 * 60
OURS_TO_MEND = (401, 403, 404, 405)
"""Answers that say the settings are wrong, not the number."""


class GatewayMisconfigured(SurveyError):
    """The settings of the gateway do not hold; says where."""


class Success(BaseModel):
    """What counts as accepted: a status, and, if said so, a value in the answer."""

    model_config = ConfigDict(extra="forbid")

    status: list[int] = [200, 201, 202]
    path: str = ""
    equals: Any = None


class Gateway(BaseModel):
    """One HTTP service. Fields: ``{telepon}``, ``{pesan}``, ``{kunci}``."""

    model_config = ConfigDict(extra="forbid")

    name: str = "WhatsApp/SMS"
    url: str
    method: Literal["POST", "PUT"] = "POST"
    headers: dict[str, str] = {}
    body: dict[str, Any]
    format: Literal["json", "form"] = "json"
    success: Success = Success()
    timeout: float = Field(10, gt=0, le=60)
    allow_private: bool = False

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise ValueError("bukan alamat https")
        if "{" in url:
            raise ValueError("alamat tidak boleh memuat isian")
        return url

    @field_validator("headers")
    @classmethod
    def _are_lines(cls, headers: dict[str, str]) -> dict[str, str]:
        if any("\n" in text or "\r" in text for text in headers.values()):
            raise ValueError("kepala HTTP memuat baris baru")
        return headers


def configured() -> Gateway | None:
    """The gateway of the settings; None without one; a sentence if it is wrong."""
    text = settings.MESSAGE_GATEWAY.strip()
    if not text:
        return None
    try:
        if not text.startswith("{"):
            text = Path(text).read_text(encoding="utf-8")
        gateway = Gateway.model_validate_json(text)
    except OSError as error:
        raise GatewayMisconfigured(
            _("Berkas MESSAGE_GATEWAY tidak terbaca: %(why)s.")
            % {"why": error.strerror}
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "MESSAGE_GATEWAY"
        raise GatewayMisconfigured(
            _("MESSAGE_GATEWAY keliru pada %(place)s: %(why)s.")
            % {"place": place, "why": first["msg"]}
        ) from error
    _demand_safe(gateway)
    return gateway


def _demand_safe(gateway: Gateway) -> None:
    if urlsplit(gateway.url).scheme == "http" and not gateway.allow_private:
        raise GatewayMisconfigured(
            _("Alamat gateway harus https; http hanya dengan allow_private.")
        )


class GatewayTransport:
    """Sends letter by letter; each on a connection of its own, to a checked address."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is kept open."""

    def send(self, letter: Letter) -> Outcome:
        """What the service answered, as what is to be done next."""
        connection = _connect(self.gateway)
        try:
            body, kind = body_of(self.gateway, letter)
            headers = {
                "Content-Type": kind,
                "Idempotency-Key": letter.key,
                **self.gateway.headers,
            }
            connection.request(
                self.gateway.method, _target(self.gateway), body, headers
            )
            answer = connection.getresponse()
            said = answer.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            return Outcome(Outcome.Kind.UNSURE, type(error).__name__[:40])
        finally:
            connection.close()
        wait = answer.getheader("Retry-After", "")
        return _outcome(self.gateway.success, answer.status, said, wait)


def body_of(gateway: Gateway, letter: Letter) -> tuple[bytes, str]:
    """The body, every text in it filled in, never glued together as JSON."""
    values = {
        "telepon": letter.to,
        "pesan": letter.message.text,
        "kunci": letter.key,
    }
    body = _filled(gateway.body, values)
    if gateway.format == "form":
        return urlencode(body).encode(), "application/x-www-form-urlencoded"
    return json.dumps(body, ensure_ascii=False).encode(), "application/json"


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    if isinstance(part, str):
        return fill(part, values)
    if isinstance(part, dict):
        return {name: _filled(each, values) for name, each in part.items()}
    if isinstance(part, list):
        return [_filled(each, values) for each in part]
    return part


def _target(gateway: Gateway) -> str:
    parts = urlsplit(gateway.url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _connect(gateway: Gateway) -> http.client.HTTPConnection:
    """Connected to the address that was looked at, so that no second look-up differs.

    Nothing has been sent when this fails.
    """
    parts = urlsplit(gateway.url)
    host, is_tls = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    try:
        address = checked_address(host, port, allow_private=gateway.allow_private)
        line = socket.create_connection((address, port), gateway.timeout)
        if is_tls:
            line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
    except OSError as error:
        raise ChannelDown("gateway_unreachable") from error
    connection = http.client.HTTPConnection(host, port, timeout=gateway.timeout)
    connection.sock = line
    return connection


def checked_address(host: str, port: int, *, allow_private: bool) -> str:
    """The address of a host; ChannelDown if it lies in a network of our own."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    address = str(found[0][4][0])
    if not allow_private and not ipaddress.ip_address(address).is_global:
        raise ChannelDown("gateway_private")
    return address


def _outcome(success: Success, status: int, said: bytes, wait: str) -> Outcome:
    error = f"http {status}"
    if status in success.status:
        return SENT if _says_yes(success, said) else Outcome("failed", f"{error} no")
    if status in OURS_TO_MEND or 300 <= status < 400:
        raise ChannelDown("gateway_login")
    if status == 429 or status >= 500:
        seconds = min(int(wait), LONGEST_WAIT) if wait.isdecimal() else 0
        return Outcome(Outcome.Kind.LATER, error, seconds)
    return Outcome(Outcome.Kind.FAILED, error)


def _says_yes(success: Success, said: bytes) -> bool:
    """Whether the value at ``path`` (``data.0.status``) is the one that means yes."""
    if not success.path:
        return True
    try:
        value: Any = json.loads(said)
        for step in success.path.split("."):
            value = value[int(step)] if isinstance(value, list) else value[step]
    except (ValueError, KeyError, IndexError, TypeError):
        return False
    return bool(value == success.equals)
