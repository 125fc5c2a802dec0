"""What stands ready for authors: the shipped instruments, their values and scales."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from surveys.instruments.document import DimensionPart, Document, OptionPart
from surveys.instruments.proofreading import read_document

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SHIPPED = Path(__file__).parent.parent / "data" / "instruments"
BEHAVIOURS, LENSES = "berakhlak-21", "berakhlak-21-tiga-lensa"


@dataclass(frozen=True)
class Ready:
    """A scale to be taken over with one press."""

    name: str
    label: _StrPromise
    options: list[OptionPart]


@cache
def shipped(name: str) -> Document:
    """A shipped instrument; it does not change while the program runs."""
    return read_document(SHIPPED / f"{name}.yaml")


@cache
def ready_scales() -> Mapping[str, Ready]:
    scales = shipped(LENSES).scales
    labels = {
        "setuju-6": _("Skala setuju enam tingkat dengan “tidak tahu”"),
        "katalog": _("Katalog kata tiga lensa, dengan nilai dan arah"),
    }
    return {name: Ready(name, label, scales[name]) for name, label in labels.items()}


def add_scale(document: Document, name: str) -> Document:
    """With a ready scale, in the languages of the document; one that is there stays."""
    if name in document.scales:
        return document
    known = {part.code for part in document.dimensions}
    options = [
        option.model_copy(
            update={
                "label": _in(document, option.label),
                "dimension": option.dimension if option.dimension in known else None,
            }
        )
        for option in ready_scales()[name].options
    ]
    return document.model_copy(update={"scales": {**document.scales, name: options}})


def add_values(document: Document) -> Document:
    """With those of the seven values that are not there yet, in the official order."""
    known = {part.code for part in document.dimensions}
    added = [
        DimensionPart(
            code=part.code,
            name=_in(document, part.name),
            definition=_in(document, part.definition),
        )
        for part in shipped(BEHAVIOURS).dimensions
        if part.code not in known
    ]
    return document.model_copy(update={"dimensions": [*document.dimensions, *added]})


def _in(document: Document, text: Mapping[str, str]) -> dict[str, str]:
    return {code: text[code] for code in document.languages if code in text}
