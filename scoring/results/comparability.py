"""Whether two runs of one questionnaire measure the same (equation 86)."""

from __future__ import annotations

import numpy as np
from django.utils.translation import gettext as _

from scoring.models import ScoringRun
from scoring.plan import Plan, plan_of
from scoring.scheme_errors import SchemeError
from scoring.schemes_store import scheme_of
from surveys.instruments.authoring import sheet_of


def why_not_comparable(before: ScoringRun, now: ScoringRun) -> str:
    """In words what changed between the two; empty if their scores may be compared."""
    was, is_now = before.scheme, now.scheme
    if (was.code, was.version) != (is_now.code, is_now.version):
        words = {"was": was, "now": is_now}
        return _("Metode berubah dari %(was)s ke %(now)s.") % words
    if before.wave.instrument_id == now.wave.instrument_id:
        return ""
    try:
        return what_differs(_plan(before), _plan(now))
    except SchemeError:
        return _("Pertanyaan yang dihitung berubah.")


def _plan(run: ScoringRun) -> Plan:
    return plan_of(sheet_of(run.wave.instrument), scheme_of(run.scheme))


def what_differs(was: Plan, now: Plan) -> str:
    """In words, of two plans of one scheme."""
    if (was.items, was.dimensions) != (now.items, now.dimensions) or not np.array_equal(
        was.dimension_of_item, now.dimension_of_item
    ):
        return _("Pertanyaan yang dihitung berubah.")
    if _catalogue(was) != _catalogue(now):
        return _("Pilihan yang dihitung berubah.")
    scales = (_scales(was), _scales(now))
    if scales[0] != scales[1]:
        words = {"was": _n_points(was), "now": _n_points(now)}
        if words["was"] == words["now"]:
            return _("Skala jawaban berubah.")
        return _("Skala jawaban berubah dari %(was)s ke %(now)s pilihan.") % words
    return ""


def _catalogue(plan: Plan) -> object:
    """What may be picked through the lenses, how often, and what it counts for."""
    if plan.lenses is None:
        return None
    lenses = plan.lenses
    picks = [len(slots) for slots in lenses.slots]
    return lenses.options, lenses.is_of.tolist(), lenses.is_limiting.tolist(), picks


def _scales(plan: Plan) -> list[tuple[tuple[int, float], ...]]:
    """Of each item the codes that count, and their points in 0 to 100."""
    unit = plan.unit if plan.is_by_item else plan.unit[plan.dimension_of_item]
    return [
        tuple(
            (int(code), float(plan.points[item, code] / unit[item]))
            for code in np.flatnonzero(plan.is_valid[item])
        )
        for item in range(len(plan.items))
    ]


def _n_points(plan: Plan) -> str:
    """``6``, or ``5–6`` where items differ."""
    n = plan.is_valid.sum(axis=1)
    return str(n.max()) if n.min() == n.max() else f"{n.min()}–{n.max()}"
