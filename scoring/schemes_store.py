"""Schemes kept in the database: stored once per digest, never changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from scoring import models
from scoring.scheme import Scheme, SchemeError, canonical_json, parse_scheme

SHIPPED = Path(__file__).parent / "schemes"
DEFAULT = "berakhlak-rata-rata-6"


def read_scheme(path: Path) -> Scheme:
    """The scheme in a YAML file; SchemeError names what is wrong with it."""
    try:
        document: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = f"tidak dapat dibaca sebagai YAML ({type(error).__name__})"
        raise SchemeError({path.name: reason}) from error
    if not isinstance(document, dict):
        raise SchemeError({path.name: "harus berupa kelompok isian"})
    return parse_scheme(document)


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


def default_scheme() -> models.Scheme:
    """The shipped "Rata-rata 7 nilai"."""
    return store_scheme(read_scheme(SHIPPED / f"{DEFAULT}.yaml"))


def scheme_of(row: models.Scheme) -> Scheme:
    return parse_scheme(row.document)
