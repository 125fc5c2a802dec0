"""Addresses of the respondent and of the receipt check."""

from django.urls import include, path

from surveys.views import proof, respond

respondent = (
    [
        path("", respond.EnterCode.as_view(), name="code"),
        path("kirim/", respond.send, name="send"),
        path("<str:code>/", respond.open_form, name="open"),
    ],
    "respond",
)

urlpatterns = [
    path("survei/", include(respondent)),
    path("bukti/", proof.proof, name="proof"),
]
