"""The words of invitations and reminders: merge fields, good defaults, what is added.

A field is a name in braces; anything else stays as it is typed. What an administrator
cannot leave out is added below every message: how to check that it is genuine, and how
to be reminded no more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.box import ballots
from surveys.models import Mailing, Wave

FIELD = re.compile(r"\{([^{}\n]{0,40})\}")

FIELDS = {
    "nama": gettext_lazy("nama penerima"),
    "unit": gettext_lazy("unit penerima"),
    "tautan": gettext_lazy("tautan pribadi; pada baris sendiri menjadi tombol"),
    "kode": gettext_lazy("kode pribadi, dua belas huruf dan angka"),
    "batas": gettext_lazy("hari dan jam pengisian berakhir"),
    "survei": gettext_lazy("nama gelombang"),
    "penyelenggara": gettext_lazy("penyelenggara gelombang"),
    "narahubung": gettext_lazy("ke mana penerima dapat bertanya"),
}
"""What may stand in braces, in words."""

EXAMPLE_CODE = "000000000000"
"""Opens nothing: previews and test messages show it in place of a personal code."""

_SHARED = """
Bila tautan tidak dapat dibuka, ketik kode {kode} pada halaman resmi survei.

Jawaban disimpan tanpa nama. Setelah survei disegel, tidak seorang pun dapat \
menghubungkan jawaban dengan Anda, juga kami.

Tautan dan kode ini hanya untuk Anda. Jangan diteruskan: siapa pun yang memegangnya \
dapat mengisi atas nama Anda.

Salam,
{penyelenggara}"""

INVITATION = (
    """Yth. {nama},

{penyelenggara} mengundang Anda mengisi {survei}. Pengisian dapat dilakukan dari \
ponsel, boleh disela, dan dibuka sampai {batas}.

{tautan}
"""
    + _SHARED
)
REMINDER = (
    """Yth. {nama},

Abaikan surat ini bila Anda sudah mengisi. Tanda selesai diperbarui berkelompok, agar \
tidak seorang pun dapat mengetahui siapa mengisi kapan.

{survei} masih menunggu suara Anda, sampai {batas}.

{tautan}
"""
    + _SHARED
)
SHORT_INVITATION = (
    "Yth. {nama}, {penyelenggara} mengundang Anda mengisi {survei} sampai {batas}:"
    " {tautan}"
)
SHORT_REMINDER = (
    "Yth. {nama}, {survei} masih dibuka sampai {batas}: {tautan} Abaikan bila sudah"
    " mengisi."
)

Kind, Channel = Mailing.Kind, Mailing.Channel
DEFAULTS = {
    (Kind.INVITATION, Channel.EMAIL): ("Undangan mengisi {survei}", INVITATION),
    (Kind.REMINDER, Channel.EMAIL): ("Pengingat: {survei} masih dibuka", REMINDER),
    (Kind.INVITATION, Channel.GATEWAY): ("", SHORT_INVITATION),
    (Kind.REMINDER, Channel.GATEWAY): ("", SHORT_REMINDER),
}
"""Subject and body to begin with."""


def default_for(kind: str, channel: str) -> tuple[str, str]:
    """Subject and body to begin with."""
    return DEFAULTS[Kind(kind), Channel(channel)]


def unknown_fields(text: str) -> list[str]:
    """Names in braces that nothing will be filled in for, in their order."""
    return [name for name in FIELD.findall(text) if name not in FIELDS]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Every field replaced, once; braces within values stay as they are.

    >>> fill("Yth. {nama}: {x}", {"nama": "{kode}"})
    'Yth. {kode}: {x}'
    """
    return FIELD.sub(lambda found: values.get(found[1], found[0]), text)


@dataclass(frozen=True)
class Reader:
    """Whom one message is for: how they are addressed and how they get in."""

    name: str
    unit: str
    code: str
    closes_at: datetime
    opt_out: str = ""
    """Path of the signed link that ends reminders."""


@dataclass(frozen=True)
class Message:
    """One message as it leaves: ``html`` is empty where only text travels."""

    subject: str
    text: str
    html: str
    opt_out: str


def example_reader(wave: Wave) -> Reader:
    """Nobody: for previews and test messages."""
    return Reader(
        name="Siti Rahayu",
        unit=wave.root.name,
        code=EXAMPLE_CODE,
        closes_at=wave.closes_at,
        opt_out=reverse("respond:opt_out", args=["contoh"]),
    )


def deadline_words(at: datetime) -> str:
    """``20 November 2026 pukul 23.59 WIB``."""
    local = timezone.localtime(at)
    day, clock = date_format(local, "j F Y"), date_format(local, "H.i T")
    return _("%(day)s pukul %(clock)s") % {"day": day, "clock": clock}


def address_of(path: str) -> str:
    """The whole address of a path of ours, for somebody outside."""
    return f"{settings.SITE_URL}{path}"


def values_for(wave: Wave, reader: Reader) -> dict[str, str]:
    """What stands for each field."""
    return {
        "nama": reader.name or _("Bapak/Ibu"),
        "unit": reader.unit,
        "tautan": address_of(reverse("respond:open", args=[reader.code])),
        "kode": ballots.in_groups(reader.code),
        "batas": deadline_words(reader.closes_at),
        "survei": wave.name,
        "penyelenggara": wave.organiser or wave.root.name,
        "narahubung": wave.contact or wave.organiser or wave.root.name,
    }


def message_for(mailing: Mailing, reader: Reader) -> Message:
    """The message as this reader gets it."""
    values = values_for(mailing.wave, reader)
    context: dict[str, Any] = {
        "mailing": mailing,
        "wave": mailing.wave,
        "text": fill(mailing.body, values).strip(),
        "promise_address": address_of(
            reverse("respond:promise", args=[mailing.wave.code])
        ),
        "code_address": address_of(reverse("respond:code")),
        "promise_digest": ballots.in_groups(mailing.wave.promise_digest[:8].upper()),
        "opt_out": address_of(reader.opt_out) if reader.opt_out else "",
    }
    if not mailing.is_email:
        text = render_to_string("surveys/mail/short.txt", context)
        return Message("", " ".join(text.split()), "", "")
    subject = " ".join(fill(mailing.subject, values).split())
    context["subject"] = subject
    context["paragraphs"] = paragraphs(mailing.body, values)
    return Message(
        subject=subject,
        text=render_to_string("surveys/mail/message.txt", context).strip() + "\n",
        html=render_to_string("surveys/mail/message.html", context),
        opt_out=context["opt_out"],
    )


def paragraphs(body: str, values: Mapping[str, str]) -> list[SafeString]:
    """The body for HTML: blank lines part paragraphs, a lone link is a button."""
    return [
        _paragraph(part.strip(), values)
        for part in re.split(r"\n\s*\n", body.replace("\r\n", "\n"))
        if part.strip()
    ]


def _paragraph(part: str, values: Mapping[str, str]) -> SafeString:
    link = values["tautan"]
    if part == "{tautan}":
        button = _("Buka survei")
        return format_html('<p><a class="button" href="{}">{}</a></p>', link, button)
    marked = {
        **{name: escape(value) for name, value in values.items()},
        "tautan": format_html('<a href="{}">{}</a>', link, link),
        "kode": format_html('<b class="code">{}</b>', values["kode"]),
    }
    text = fill(escape(part), marked).replace("\n", "<br>")
    return mark_safe(f"<p>{text}</p>")  # noqa: S308  # text and values are escaped above
