"""Evidence scores of units: read from a file, kept as handed in, never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from scoring.arrays import Floats
from scoring.models import Evidence
from surveys.errors import SurveyError, WrongState
from surveys.files.csvfile import Row, TableFile, open_table
from surveys.files.problems import InputError, Problem, demand_none
from surveys.models import User, Wave, WaveUnit

UNIT, SCORE = "kode_unit", "nilai"
COLUMNS = (UNIT, SCORE)
MOST_DECIMALS = 3


@transaction.atomic
def load_evidence(*, wave: Wave, path: Path, name: str, by: User | None) -> Evidence:
    """Keep the evidence of a file (``kode_unit``, ``nilai`` from 0 to 100).

    InputError names each wrong row; nothing is kept of such a file. The same scores
    again add nothing. WrongState before the wave is opened: it has no units yet.
    """
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    if wave.state == Wave.State.DRAFT:
        raise WrongState(_("Nilai bukti dimuat setelah gelombang dibuka."))
    scores = read_evidence(path, set(wave.units.values_list("code", flat=True)))
    digest = digest_of(scores)
    latest = Evidence.objects.filter(wave=wave).first()
    if latest and latest.digest == digest:
        return latest
    return Evidence.objects.create(
        wave=wave,
        number=1 + (wave.evidence.aggregate(Max("number"))["number__max"] or 0),
        scores=scores,
        digest=digest,
        source=name[:200],
        uploaded_by=by,
    )


def read_evidence(path: Path, known: set[str]) -> dict[str, str]:
    """Score, as canonical text, by code of the unit."""
    problems: list[Problem] = []
    scores: dict[str, str] = {}
    with open_table(path) as table:
        table.require(COLUMNS)
        for row in table.rows(problems.append):
            code = row.cells[table.index(UNIT)]
            score = _score(table, row, problems)
            if code not in known:
                reason = _("unit tidak ada di gelombang ini")
                problems.append(Problem(reason, row.line, UNIT))
            elif code in scores:
                problems.append(Problem(_("unit ada dua kali"), row.line, UNIT))
            elif score is not None:
                scores[code] = score
    demand_none(problems)
    if not scores:
        raise InputError(_("Berkas tidak berisi satu nilai pun."))
    return dict(sorted(scores.items()))


def _score(table: TableFile, row: Row, problems: list[Problem]) -> str | None:
    text = row.cells[table.index(SCORE)].replace(",", ".")
    try:
        score = Decimal(text)
    except InvalidOperation:
        score = Decimal("NaN")
    if not (score.is_finite() and 0 <= score <= 100):
        reason = _("harus bilangan dari 0 sampai 100")
    elif score != (printed := round(score, MOST_DECIMALS)):
        reason = _("paling banyak 3 angka di belakang koma")
    else:
        return format(abs(printed).normalize(), "f")
    problems.append(Problem(reason, row.line, SCORE))
    return None


def digest_of(scores: Mapping[str, str]) -> str:
    text = json.dumps(scores, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def latest_of(wave: Wave) -> Evidence:
    """What a run takes; SurveyError, saying what to do, where there is none."""
    found = Evidence.objects.filter(wave=wave).first()
    if found is None:
        raise SurveyError(
            _("Metode ini memakai nilai bukti; muat dulu nilai bukti gelombang ini.")
        )
    return found


def by_node(evidence: Evidence, units: Sequence[WaveUnit]) -> Floats:
    """(nodes,) evidence of each unit, NaN where there is none."""
    scores = evidence.scores
    return np.array([float(scores.get(unit.code, "nan")) for unit in units])
