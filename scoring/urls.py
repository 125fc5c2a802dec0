"""Addresses of the result pages."""

from django.urls import include, path

from scoring import analysis_views, views
from scoring.results import journey_page

results = (
    [
        path("", views.waves, name="waves"),
        path("<str:wave_code>/", views.wave, name="wave"),
        path(
            "<str:wave_code>/analisis/mutu/", analysis_views.measurement, name="quality"
        ),
        path("<str:wave_code>/analisis/urutan/", analysis_views.order, name="order"),
        path("<str:wave_code>/<str:unit_code>/", views.unit, name="unit"),
        path(
            "<str:wave_code>/<str:unit_code>/suara/",
            analysis_views.voices,
            name="voices",
        ),
        path(
            "<str:wave_code>/<str:unit_code>/perjalanan/",
            journey_page.journey,
            name="journey",
        ),
    ],
    "results",
)

urlpatterns = [path("hasil/", include(results))]
