"""Strata in files: which columns they are, what stands in them, how they are kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from pydantic import Field, RootModel

from surveys.files.csvfile import Report, Row, TableFile
from surveys.files.limits import is_code, longest
from surveys.files.problems import InputError, Problem
from surveys.files.yamlfile import read_yaml
from surveys.instruments.document import Part
from surveys.instruments.proofreading import validated
from surveys.models import Cell, Stratifier, UnitKerja, Wave

Strata = tuple[str, ...]

USUAL_NAMES = {
    "sex": "Jenis kelamin",
    "grade": "Golongan",
    "age": "Kelompok usia",
    "status": "Status pegawai",
}
"""What columns are called in the promise to the people, unless somebody says else."""


class StratumLabels(Part):
    """How one stratifier and its categories are called on screens."""

    name: str | None = None
    categories: dict[str, str] = Field(default_factory=dict)


class _LabelFile(RootModel[dict[str, StratumLabels]]):
    """``sex: {name: Jenis kelamin, categories: {L: Laki-laki, P: Perempuan}}``"""


Labels = Mapping[str, StratumLabels]


def read_labels(path: Path) -> Labels:
    """Names of stratifiers and categories from a YAML file."""
    return validated(_LabelFile, read_yaml(path)).root


def strata_columns(
    *, wave: Wave, file: TableFile, fixed: Sequence[str], asked: Sequence[str] | None
) -> tuple[str, ...]:
    """The wave's stratifiers, or else the columns asked for, or all that are left.

    Columns that the file lacks are refused together with those of ``fixed``. The order
    is the order in which they are kept: the last is dropped first.
    """
    settled = tuple(wave.stratifiers.values_list("code", flat=True))
    if settled and asked is not None and tuple(asked) != settled:
        names = ", ".join(settled)
        raise InputError(
            _("Strata gelombang ini sudah ditetapkan: %(names)s.") % {"names": names}
        )
    left = tuple(c for c in file.header if c not in fixed)
    columns = settled or (tuple(asked) if asked is not None else left)
    file.require((*fixed, *columns))
    most = longest(Stratifier, "code")
    for column in columns:
        if not is_code(column) or len(column) > most:
            reason = _("nama kolom strata hanya boleh memuat huruf, angka, . _ -")
            raise InputError([Problem(reason, 1, column)])
    return columns


class StrataReader:
    """Reads the strata of each row and remembers which categories there are."""

    def __init__(self, file: TableFile, columns: Mapping[str, str]) -> None:
        file.require(tuple(columns.values()))
        self.codes = tuple(columns)
        self._columns = [(name, file.index(name)) for name in columns.values()]
        self._json: dict[Strata, str] = {}

    def read(self, row: Row, report: Report) -> Strata | None:
        """Categories in order; None, and a report, where one is empty."""
        strata = tuple(row.cells[i] for _name, i in self._columns)
        if strata in self._json:
            return strata
        if not all(strata):
            for name, i in self._columns:
                if not row.cells[i]:
                    report(Problem(_("strata tidak boleh kosong"), row.line, name))
            return None
        self._json[strata] = json.dumps(dict(zip(self.codes, strata, strict=True)))
        return strata

    def json_of(self, strata: Strata) -> str:
        """What the database keeps of strata that ``read`` returned."""
        return self._json[strata]

    def categories(self) -> dict[str, list[str]]:
        """Every category seen, sorted, by stratifier."""
        return categories_of(self.codes, self._json)


def categories_of(codes: Sequence[str], seen: Iterable[Strata]) -> dict[str, list[str]]:
    """The categories in these strata, sorted, by stratifier."""
    found = list(zip(*set(seen), strict=True)) or [()] * len(codes)
    return {c: sorted(set(f)) for c, f in zip(codes, found, strict=True)}


def save_stratifiers(
    *, wave: Wave, categories: Mapping[str, Sequence[str]], labels: Labels
) -> None:
    """Create the wave's stratifiers, or add the categories that are new to them."""
    _demand_short_names(wave, categories)
    settled = {s.code: s for s in wave.stratifiers.all()}
    for position, (code, found) in enumerate(categories.items(), 1):
        named = labels.get(code, StratumLabels())
        stratifier = settled.get(code) or Stratifier(
            wave=wave,
            position=position,
            code=code,
            name=USUAL_NAMES.get(code, code),
            categories=[],
        )
        known = {c["code"]: c["label"] for c in stratifier.categories}
        called = {c: known.get(c, c) for c in sorted({*known, *found})}
        called.update({c: named.categories.get(c, called[c]) for c in called})
        stratifier.name = named.name or stratifier.name
        stratifier.categories = [{"code": c, "label": called[c]} for c in called]
        stratifier.save()


def _demand_short_names(wave: Wave, categories: Mapping[str, Sequence[str]]) -> None:
    """The published name of a cell joins unit and categories; it has to fit."""
    most = longest(Cell, "code")
    units = UnitKerja.objects.in_subtree(wave.root)
    unit = max((len(code) for code in units.values_list("code", flat=True)), default=0)
    needed = unit + sum(1 + max(map(len, c), default=0) for c in categories.values())
    if needed > most:
        raise InputError(
            _(
                "Kode unit dan kategori strata bersama-sama sampai %(n)d karakter,"
                " paling banyak %(most)d. Pakai kode kategori yang singkat."
            )
            % {"n": needed, "most": most}
        )
