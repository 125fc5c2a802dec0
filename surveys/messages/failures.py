"""What went wrong with a message or a channel, and what to do about it, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words = tuple["_StrPromise", "_StrPromise"]
"""What happened, and what to do."""

UNKNOWN_BOX: Words = (
    _("Alamat tidak dikenal oleh server penerima."),
    _("Perbaiki surelnya di daftar pegawai, lalu kirim ulang yang gagal."),
)
FULL_BOX: Words = (
    _("Kotak surat penerima penuh."),
    _("Kirim ulang beberapa hari lagi, atau lewat WhatsApp atau surat cetak."),
)
POLICY: Words = (
    _("Ditolak sebagai pesan yang tidak diinginkan."),
    _(
        "Minta pengelola server surel memeriksa SPF, DKIM, dan nama baik alamat"
        " pengirim; sesudah itu kirim ulang yang gagal."
    ),
)
REFUSED: Words = (
    _("Ditolak oleh server penerima."),
    _("Periksa alamatnya di daftar pegawai, lalu kirim ulang yang gagal."),
)
PUT_OFF: Words = (
    _("Server penerima terus meminta menunggu; lima kali dicoba."),
    _("Kirim ulang yang gagal besok, atau hubungi pengelola server penerima."),
)
BAD_ADDRESS: Words = (
    _("Alamat ini tidak mungkin benar."),
    _("Perbaiki di daftar pegawai, lalu kirim ulang yang gagal."),
)
BOUNCED: Words = (
    _("Terpental: kembali ke alamat pengirim."),
    _("Perbaiki surelnya di daftar pegawai, lalu kirim ulang yang gagal."),
)
NUMBER: Words = (
    _("Gateway menolak nomor ini."),
    _("Periksa nomor teleponnya di daftar pegawai, lalu kirim ulang yang gagal."),
)
NO_REPLY: Words = (
    _("Sambungan terputus sebelum ada jawaban; lima kali dicoba."),
    _("Periksa server surel atau gateway, lalu kirim ulang yang gagal."),
)


def words_for(error: str) -> Words:
    """An error of a delivery: ``smtp 550 5.1.1``, ``http 422``, ``bounced`` …"""
    kind, _gap, rest = error.partition(" ")
    if kind == "smtp":
        return _smtp(rest)
    if kind == "http":
        return PUT_OFF if rest.startswith(("5", "429")) else NUMBER
    return {"bounced": BOUNCED, "bad_address": BAD_ADDRESS}.get(kind, NO_REPLY)


def _smtp(codes: str) -> Words:
    code, _gap, enhanced = codes.partition(" ")
    if code.startswith("4"):
        return PUT_OFF
    if enhanced.startswith("5.2.2") or code == "552":
        return FULL_BOX
    if enhanced.startswith("5.1.") or (not enhanced and code in ("550", "551", "553")):
        return UNKNOWN_BOX
    if enhanced.startswith("5.7.") or code == "554":
        return POLICY
    return REFUSED


_CHECK_LATER = _("Pesan yang belum keluar menunggu; dicoba lagi sendiri.")

TROUBLES: dict[str, Words] = {
    "smtp_unreachable": (_("Server surel tidak dapat dihubungi."), _CHECK_LATER),
    "smtp_login": (
        _("Server surel menolak nama masuk atau kata sandinya."),
        _("Minta pengelola sistem memeriksa EMAIL_URL."),
    ),
    "smtp_sender": (
        _("Server surel menolak alamat pengirim kita."),
        _("Minta pengelola sistem memeriksa DEFAULT_FROM_EMAIL."),
    ),
    "gateway_unreachable": (_("Gateway tidak dapat dihubungi."), _CHECK_LATER),
    "gateway_login": (
        _("Gateway menolak kunci atau alamat yang kita pakai."),
        _("Minta pengelola sistem memeriksa MESSAGE_GATEWAY."),
    ),
    "gateway_private": (
        _("Alamat gateway berada di jaringan dalam, jadi tidak dihubungi."),
        _("Bila memang di dalam, tulis allow_private di MESSAGE_GATEWAY."),
    ),
    "not_configured": (
        _("Jalur pengiriman ini tidak lagi diatur."),
        _("Minta pengelola sistem memeriksa EMAIL_URL atau MESSAGE_GATEWAY."),
    ),
    "secret_missing": (
        _("Rahasia gelombang tidak ditemukan, jadi tautan tidak dapat dibuat."),
        _("Minta pengelola sistem mengembalikan berkasnya (docs/operations.md)."),
    ),
}
"""Why a whole mailing waits, and what to do."""
