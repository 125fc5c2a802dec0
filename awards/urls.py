"""Addresses of the ranking pages."""

from django.urls import include, path

from awards import views

awards = (
    [
        path("", views.waves, name="waves"),
        path("<str:wave_code>/", views.ranking, name="ranking"),
    ],
    "awards",
)

urlpatterns = [path("anugerah/", include(awards))]
