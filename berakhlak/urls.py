"""Every address of the product; each app brings its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from oauth2_provider.views import TokenView

from berakhlak import account
from berakhlak.home import home
from berakhlak.wrong_pages import failed, not_allowed, not_found
from surveys.admin import history
from surveys.views.unit_choice import Choices

# One sign-in for all: the desk's own would know nothing of what allauth adds.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # the documented way

desk = admin.site.admin_view
to_own_password = RedirectView.as_view(pattern_name="account_change_password")

handler403, handler404, handler500 = not_allowed, not_found, failed


def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process reaches the database and Redis; an error is a 500."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    cache.get("healthz")
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("", include("surveys.urls")),
    path("", home, name="home"),
    path("", include("scoring.urls")),
    path("", include("awards.urls")),
    path("akun/2fa/", account.security, name="mfa_index"),
    path("akun/2fa/lagi/", account.again, name="second_factor_again"),
    path("akun/2fa/lanjut/", account.onward, name="onward"),
    path("akun/2fa/webauthn/keys/<int:pk>/remove/", account.remove_passkey),
    path("akun/2fa/webauthn/", RedirectView.as_view(pattern_name="mfa_index")),
    path("akun/2fa/", include("allauth.mfa.urls")),
    path("akun/perangkat/", account.end_session, name="end_session"),
    path(
        "akun/undangan/<str:token>/",
        account.accept_invitation,
        name="staff_invitation",
    ),
    path("akun/", include("allauth.account.urls")),
    path("desk/password_change/", to_own_password),
    path("desk/riwayat/", desk(history.changes), name="desk_history"),
    path(
        "desk/riwayat/<str:label>/<int:first>/",
        desk(history.act),
        name="desk_history_act",
    ),
    path("desk/autocomplete/", desk(Choices.as_view(admin_site=admin.site))),
    path("desk/", admin.site.urls),
    path("api/v1/", include("berakhlak.api")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(), name="docs"),
    path("api/token/", TokenView.as_view(), name="token"),
    path("healthz", healthz, name="healthz"),
]
