"""Flagged units are looked at by people, before anybody sees a score.

Code flags, people decide: each unit with flags of several families is cleared or
withheld, with a reason. Only then is decided what may be shown, once (``publish``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from scoring.models import Review, ScoringRun, UnitFlag
from scoring.quality.units import FAMILIES
from scoring.schemes_store import scheme_of
from surveys.errors import SurveyError, WrongState
from surveys.models import User, WaveUnit


@dataclass(frozen=True, slots=True)
class Case:
    """A unit under review: why, and what was decided last."""

    unit: WaveUnit
    flags: tuple[UnitFlag, ...]
    review: Review | None

    @property
    def families(self) -> list[str]:
        """Independent families of its flags, in their fixed order."""
        held = {flag.family for flag in self.flags}
        return [family for family in FAMILIES if family in held]


def cases_of(run: ScoringRun) -> list[Case]:
    """Units with flags of enough independent families, in the order of the tree."""
    least = scheme_of(run.scheme).quality.families
    by_unit: dict[WaveUnit, list[UnitFlag]] = {}
    flags = run.flags.filter(family__in=FAMILIES).select_related("unit")
    for flag in flags.order_by("unit__path", "pk"):
        by_unit.setdefault(flag.unit, []).append(flag)
    decided = decisions_of(run)
    cases = [
        Case(unit, tuple(found), decided.get(unit.pk))
        for unit, found in by_unit.items()
    ]
    return [case for case in cases if len(case.families) >= least]


def decisions_of(run: ScoringRun) -> Mapping[int, Review]:
    """The latest decision of each unit."""
    reviews = run.reviews.select_related("decided_by").order_by("pk")
    return {review.unit_id: review for review in reviews}


def pending(run: ScoringRun) -> list[Case]:
    """Units that nobody has decided on yet."""
    return [case for case in cases_of(run) if case.review is None]


def awaits_review(run: ScoringRun) -> bool:
    """Whether a run must wait: undecided units, or decided ones nobody completed.

    A review is completed by setting the run back to finishing, its scores stored.
    """
    return bool(pending(run))


def withheld_paths(run: ScoringRun) -> tuple[str, ...]:
    """Paths of the units that a decision keeps back, and all that lies below."""
    return tuple(
        sorted(
            review.unit.path
            for review in decisions_of(run).values()
            if review.decision == Review.Decision.WITHHELD
        )
    )


@transaction.atomic
def decide(
    *, run: ScoringRun, unit: WaveUnit, decision: str, reason: str, decided_by: User
) -> Review:
    """Clear or withhold a unit under review; a later decision overrides an earlier."""
    run = ScoringRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state != ScoringRun.State.REVIEWING:
        raise WrongState(_("Perhitungan ini tidak sedang menunggu pemeriksaan."))
    if decision not in Review.Decision.values:
        raise SurveyError(_("Pilih putusan: ditampilkan atau ditahan."))
    if not reason.strip():
        raise SurveyError(_("Sebutkan alasan putusan."))
    if unit not in [case.unit for case in cases_of(run)]:
        raise SurveyError(_("Unit ini tidak sedang diperiksa."))
    return Review.objects.create(
        run=run,
        unit=unit,
        decision=decision,
        reason=reason.strip(),
        decided_by=decided_by,
    )


@transaction.atomic
def complete(*, run: ScoringRun) -> None:
    """End the review: the workers then decide what may be shown, and publish it."""
    run = ScoringRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state != ScoringRun.State.REVIEWING:
        raise WrongState(_("Perhitungan ini tidak sedang menunggu pemeriksaan."))
    demand_decided(run)
    run.state = ScoringRun.State.FINISHING
    run.leased_until = None
    run.save(update_fields=("state", "leased_until"))


def demand_decided(run: ScoringRun) -> None:
    """SurveyError, naming some of them, while flagged units have no decision."""
    waiting = pending(run)
    if waiting:
        names = ", ".join(str(case.unit) for case in waiting[:3])
        raise SurveyError(
            _("%(n)d unit bertanda belum diputuskan: %(names)s.")
            % {"n": len(waiting), "names": names + (" …" if waiting[3:] else "")}
        )
