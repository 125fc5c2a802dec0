"""Every address of the product; each app brings its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from oauth2_provider.views import TokenView

from berakhlak.home import home

# One sign-in for all: the desk's own would know nothing of what allauth adds.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # the documented way


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
    path("akun/", include("allauth.account.urls")),
    path("desk/", admin.site.urls),
    path("api/v1/", include("berakhlak.api")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(), name="docs"),
    path("api/token/", TokenView.as_view(), name="token"),
    path("healthz", healthz, name="healthz"),
]
