"""The methods a wave may be computed by, each with where it does not fit."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy

from scoring.plan import plan_of
from scoring.scheme import Scheme
from scoring.scheme_errors import SchemeError
from scoring.schemes_store import offered_schemes
from surveys.instruments.authoring import sheet_of
from surveys.instruments.sheet import Sheet
from surveys.models import Wave


@dataclass(frozen=True)
class Method:
    """One that is offered; a problem is (place in words, its path, what is wrong)."""

    scheme: Scheme
    problems: tuple[tuple[str, str, str], ...]
    is_chosen: bool = False

    @property
    def value(self) -> str:
        return self.scheme.digest


def methods_for(wave: Wave, chosen: str) -> list[Method]:
    """Every method; ``chosen`` was picked before, without it the first that fits."""
    sheet = sheet_of(wave.instrument)
    found = [Method(scheme, problems_of(sheet, scheme)) for scheme in offered_schemes()]
    fitting = [method.value for method in found if not method.problems]
    picked = chosen if chosen in fitting else next(iter(fitting), None)
    return [replace(method, is_chosen=method.value == picked) for method in found]


def problems_of(sheet: Sheet, scheme: Scheme) -> tuple[tuple[str, str, str], ...]:
    """Where the scheme does not fit the sheet."""
    try:
        plan_of(sheet, scheme)
    except SchemeError as error:
        return tuple((in_path(path), path, why) for path, why in error.errors.items())
    return ()


_NOUNS = {
    "dimensions": gettext_lazy("dimensi"),
    "code": gettext_lazy("kode"),
    "items": gettext_lazy("butir"),
    "missing": gettext_lazy("jawaban kosong"),
    "bands": gettext_lazy("kategori"),
    "lenses": gettext_lazy("lensa"),
    "personal": gettext_lazy("diri"),
    "present": gettext_lazy("kini"),
    "desired": gettext_lazy("harapan"),
    "drivers": gettext_lazy("pendorong"),
    "outcome": gettext_lazy("hasil"),
}


def in_path(path: str) -> str:
    """``dimensions[1].items`` as a person says it: ``Dimensi ke-2, butir``."""
    words = []
    for step in path.split("."):
        name, number = re.fullmatch(r"([^\[]*)(?:\[(\d+)\])?", step).groups()  # type: ignore[union-attr]  # every text matches
        noun = str(_NOUNS.get(name, name))
        words.append(noun if number is None else f"{noun} ke-{int(number) + 1}")
    return ", ".join(words).capitalize()
