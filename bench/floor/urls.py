"""Two views: a template, and a POST that inserts one row."""

from __future__ import annotations

import json
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from bench.floor.models import Row


def form(request: HttpRequest, code: str) -> HttpResponse:
    """A page with a ballot in it."""
    return render(request, "form.html", {"ballot": uuid.uuid4().hex})


def send(request: HttpRequest) -> HttpResponse:
    """One row, and a page with its number."""
    serial = uuid.UUID(request.POST["surat_suara"])
    answers = json.loads(request.POST["answers"])
    Row(serial=serial, answers=answers).save(force_insert=True)
    return render(request, "receipt.html", {"receipt": serial.hex[:16].upper()})


urlpatterns = [path("survei/kirim/", send), path("survei/<str:code>/", form)]
