"""Addresses of the respondent and of the receipt check."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from surveys.answering.single_sign_on import PROVIDER
from surveys.views import (
    drafts,
    entry,
    help,
    kiosk,
    offline,
    opting_out,
    proof,
    respond,
)


class PersonalCode(StringConverter):
    """What looks like a personal code as we write it; no other address does."""

    regex = "(?:[0-9A-Z]{4}-?){2}[0-9A-Z]{4}"


register_converter(PersonalCode, "personal")

respondent = (
    [
        # The two that everybody asks for come first: they are found soonest.
        path("<personal:code>/", respond.open_form, name="open"),
        path("kirim/", respond.send, name="send"),
        path("", entry.EnterCode.as_view(), name="code"),
        path("draf/<str:key>/", drafts.draft, name="draft"),
        path("sw.js", offline.worker, name="worker"),
        path("pindah/", offline.carry, name="carry"),
        path("tautan-hilang/", entry.LostLink.as_view(), name="lost_link"),
        path("masuk/", entry.sign_on, name="sign_on"),
        path("masuk/pilih/", entry.signed_on_choice, name="signed_on_choice"),
        path("masuk/isi/<str:wave>/", entry.signed_on, name="signed_on"),
        path("pindah/kedaluwarsa/", entry.draft_expired, name="draft_expired"),
        path("berhenti/<str:token>/", opting_out.opt_out, name="opt_out"),
        path("kios/<str:token>/", kiosk.enter_code, name="kiosk"),
        path("kios/<str:token>/isi/", kiosk.form, name="kiosk_form"),
        path("kios/<str:token>/kirim/", kiosk.send, name="kiosk_send"),
        path("kios/<str:token>/selesai/", kiosk.end, name="kiosk_end"),
        path("gelombang/<str:code>/janji/", help.promise, name="promise"),
        path("gelombang/<str:code>/janji.json", help.promise_file, name="promise_file"),
        path("gelombang/<str:code>/unit-keliru/", help.wrong_unit, name="wrong_unit"),
        path("gelombang/<str:code>/bukan-saya/", help.not_me, name="not_me_in_wave"),
        path("bukan-saya/", help.not_me, name="not_me"),
        path("<str:code>/", respond.open_form, name="open"),
    ],
    "respond",
)

urlpatterns = [
    path("survei/", include(respondent)),
    # allauth asks for this name when it tells the provider where to come back.
    path(
        "survei/masuk/kembali/",
        entry.sign_on_return,
        {"provider_id": PROVIDER},
        name="openid_connect_callback",
    ),
    path("kios/", kiosk.begin, name="kiosk_begin"),
    path("aksesibilitas/", help.accessibility, name="accessibility"),
    path("bukti/", proof.proof, name="proof"),
    path("bukti/unduh/", proof.download, name="proof_download"),
]
