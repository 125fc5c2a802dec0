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
from surveys.models import User, Wave, WaveUnit


@dataclass(frozen=True, slots=True)
class Case:
    """A unit under review: why, and what was decided last."""

    unit: WaveUnit
    flags: tuple[UnitFlag, ...]
    review: Review | None
    before: Review | None = None
    """An earlier run of the wave withheld it, and nobody has taken that back."""

    @property
    def families(self) -> list[str]:
        """Independent families of its flags, in their fixed order."""
        held = {flag.family for flag in self.flags}
        return [family for family in FAMILIES if family in held]


def cases_of(run: ScoringRun) -> list[Case]:
    """Units with flags of enough independent families, or withheld by an earlier run.

    In the order of the tree. So another method, or another attempt, shows nothing that
    was withheld before somebody has said why.
    """
    least = scheme_of(run.scheme).quality.families
    by_unit: dict[WaveUnit, list[UnitFlag]] = {}
    flags = run.flags.filter(family__in=FAMILIES).select_related("unit")
    for flag in flags.order_by("unit__path", "pk"):
        by_unit.setdefault(flag.unit, []).append(flag)
    decided, before = decisions_of(run), withheld_before(run)
    for review in before.values():
        by_unit.setdefault(review.unit, [])
    cases = [
        Case(unit, tuple(found), decided.get(unit.pk), before.get(unit.pk))
        for unit, found in sorted(by_unit.items(), key=lambda both: both[0].path)
    ]
    return [case for case in cases if case.before or len(case.families) >= least]


def decisions_of(run: ScoringRun) -> Mapping[int, Review]:
    """The latest decision of each unit."""
    reviews = run.reviews.select_related("decided_by").order_by("pk")
    return {review.unit_id: review for review in reviews}


def decisions_in_wave(wave: Wave) -> list[Review]:
    """The latest decision of each unit, whichever run it was made in."""
    reviews = Review.objects.filter(run__wave=wave).order_by("pk")
    latest = {review.unit_id: review for review in reviews.select_related("unit")}
    return list(latest.values())


def withheld_before(run: ScoringRun) -> Mapping[int, Review]:
    """Units that an earlier run of the wave withheld last."""
    reviews = Review.objects.filter(run__wave=run.wave_id, run__lt=run.pk)
    reviews = reviews.select_related("unit", "decided_by").order_by("pk")
    latest = {review.unit_id: review for review in reviews}
    return {unit: review for unit, review in latest.items() if review.is_withheld}


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
            if review.is_withheld
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
