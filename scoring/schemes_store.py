"""Schemes kept in the database: stored once per digest, never changed."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from django.utils.translation import gettext as _

from scoring import models
from scoring.scheme import Scheme, canonical_json, parse_scheme
from scoring.scheme_errors import SchemeError
from surveys.errors import SurveyError
from surveys.files.problems import InputError, Problem
from surveys.files.yamlfile import lines_of, placed, read_yaml

SHIPPED = Path(__file__).parent / "schemes"
DEFAULT = "berakhlak-rata-rata-6"

MOST_BYTES = 200_000


def read_scheme(path: Path) -> Scheme:
    """The scheme in a YAML file; InputError names line and field of each fault."""
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise InputError(_("Berkas metode ini lebih dari 200 KB."))
    lines, content = lines_of(path), read_yaml(path)
    if not isinstance(content, dict):
        raise InputError(_("Berkas metode harus berupa kelompok isian."))
    try:
        return parse_scheme(content)
    except SchemeError as error:
        problems = [Problem(why, path=where) for where, why in error.errors.items()]
        raise InputError(placed(problems, lines)) from error


def store_scheme(scheme: Scheme) -> models.Scheme:
    """The row of this scheme, written if its digest is new."""
    row, _is_new = models.Scheme.objects.get_or_create(
        digest=scheme.digest,
        defaults={
            "code": scheme.code,
            "version": str(scheme.version),
            "name": scheme.name.id,
            "document": json.loads(canonical_json(scheme)),
        },
    )
    return row


def take_scheme(path: Path) -> models.Scheme:
    """The row of a method that was handed in.

    InputError for a wrong file, SurveyError if it calls itself official, or if another
    method has this code and version: a report names its method by the two.
    """
    scheme = read_scheme(path)
    if scheme.official:
        raise SurveyError(
            _("Metode resmi belum diumumkan; tulis official: false di berkas ini.")
        )
    others = [other for other in offered_schemes() if other.digest != scheme.digest]
    if (scheme.code, scheme.version) in {(o.code, o.version) for o in others}:
        raise SurveyError(
            _("“%(code)s” versi %(version)d sudah ada dan isinya lain. Naikkan versi.")
            % {"code": scheme.code, "version": scheme.version}
        )
    return store_scheme(scheme)


def shipped_schemes() -> list[Scheme]:
    """Those that come with the product, the default first."""
    names = sorted(path.stem for path in SHIPPED.glob("*.yaml"))
    names.sort(key=lambda name: name != DEFAULT)
    return [read_scheme(SHIPPED / f"{name}.yaml") for name in names]


def offered_schemes() -> list[Scheme]:
    """What one may compute by: the shipped ones, then those handed in.

    Of a shipped scheme that was stored before the product changed it, the newer counts;
    one that was stored before a limit was drawn tighter is not offered.
    """
    shipped = shipped_schemes()
    names = {(scheme.code, scheme.version) for scheme in shipped}
    others = []
    for row in models.Scheme.objects.order_by("code", "pk"):
        with suppress(SchemeError):
            others.append(scheme_of(row))
    return [*shipped, *(s for s in others if (s.code, s.version) not in names)]


def offered_scheme(digest: str) -> Scheme | None:
    """The one with this digest."""
    found = (scheme for scheme in offered_schemes() if scheme.digest == digest)
    return next(found, None)


def default_scheme() -> models.Scheme:
    """The shipped "Rata-rata 7 nilai"."""
    return store_scheme(read_scheme(SHIPPED / f"{DEFAULT}.yaml"))


def scheme_of(row: models.Scheme) -> Scheme:
    return parse_scheme(row.document)
