"""Which ways out there are, whether they are ready, and the one a mailing takes."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from surveys.errors import SurveyError
from surveys.messages import demo_mailbox, gateways, postman
from surveys.messages.letterbox import ChannelDown, Transport
from surveys.models import Mailing, Wave

Channel = Mailing.Channel


@dataclass(frozen=True)
class Readiness:
    """Whether a channel sends, only pretends to (demo), or cannot; and in words."""

    is_ready: bool
    is_demo: bool
    words: str


def readiness(wave: Wave, channel: str) -> Readiness:
    """How things stand with a channel, for the page that offers it."""
    try:
        is_configured = _is_configured(channel)
    except SurveyError as error:
        return Readiness(is_ready=False, is_demo=False, words=str(error))
    if is_configured:
        return Readiness(is_ready=True, is_demo=False, words="")
    if not settings.EMBEDDED:
        return Readiness(is_ready=False, is_demo=False, words=_missing(channel))
    if wave.is_simulated:
        return Readiness(is_ready=True, is_demo=True, words=_in_demo(channel))
    return Readiness(is_ready=False, is_demo=False, words=_only_simulated())


def _is_configured(channel: str) -> bool:
    if channel == Channel.EMAIL:
        return bool(settings.HAS_EMAIL)
    return gateways.configured() is not None


def _in_demo(channel: str) -> str:
    if channel == Channel.EMAIL:
        return _(
            "Server surel belum diatur (EMAIL_URL), jadi tidak ada surel yang keluar:"
            " pesan disimpan di kotak surat demo."
        )
    return _(
        "Gateway belum diatur (MESSAGE_GATEWAY), jadi tidak ada pesan yang keluar:"
        " pesan disimpan di kotak surat demo."
    )


def _missing(channel: str) -> str:
    if channel == Channel.EMAIL:
        return _(
            "Server surel belum diatur, jadi belum ada yang dapat dikirim. Minta"
            " pengelola sistem mengisi EMAIL_URL (docs/operations.md)."
        )
    return _(
        "Gateway WhatsApp atau SMS belum diatur, jadi belum ada yang dapat dikirim."
        " Minta pengelola sistem mengisi MESSAGE_GATEWAY (docs/operations.md)."
    )


def _only_simulated() -> str:
    return _(
        "Belum ada server surel atau gateway, dan tautan orang sungguhan tidak disimpan"
        " di kotak surat demo. Untuk mencoba, buat gelombang dengan tanda «Data"
        " simulasi»; untuk mengirim sungguh-sungguh, isi EMAIL_URL atau"
        " MESSAGE_GATEWAY (docs/operations.md)."
    )


def demand_ready(wave: Wave, channel: str) -> None:
    """A sentence unless the channel can be used now."""
    state = readiness(wave, channel)
    if not state.is_ready:
        raise SurveyError(state.words)


def transport_for(mailing: Mailing) -> Transport:
    """The way out of a mailing; ChannelDown when there is none any more."""
    state = readiness(mailing.wave, mailing.channel)
    if not state.is_ready:
        raise ChannelDown("not_configured")
    if state.is_demo:
        return demo_mailbox.DemoMailbox(mailing)
    if mailing.is_email:
        return postman.Postman()
    gateway = gateways.configured()
    assert gateway is not None  # noqa: S101  # ready and no demo
    return gateways.GatewayTransport(gateway)


def per_minute(mailing: Mailing) -> int:
    """How many messages a minute the channel takes."""
    if mailing.is_email:
        return int(settings.EMAIL_PER_MINUTE)
    return int(settings.GATEWAY_PER_MINUTE)
