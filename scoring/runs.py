"""The recipe: a sealed wave and a scheme in, scores out. Reads as docs/method.md does.

Shards are leased in PostgreSQL, so any number of workers on any host may help and any
of them may die: the run ends by itself with the same bytes. Nothing here opens a score
to anybody; ``scoring.results.releases`` does.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring import models
from scoring.cautions import warnings_of
from scoring.composite import Derived, composed
from scoring.computed import Computed
from scoring.evidence import by_node, latest_of
from scoring.examination import Examined, examine, load_examined
from scoring.extract import (
    WaveTree,
    answers_of_cells,
    count_answers,
    input_digest,
    tree_of,
)
from scoring.indices import NodeScores, score_nodes
from scoring.load import load_scores, result_digest
from scoring.models import Evidence, ScoringRun, Shard
from scoring.passes import (
    checks_of,
    checks_of_cells,
    moments_of_cells,
    pool_of_run,
    put_together,
)
from scoring.plan import plan_of
from scoring.quality import checks, moments
from scoring.results.analyses import analyse, store_analyses
from scoring.results.publication import publish
from scoring.results.reviews import awaits_review
from scoring.scheme import Scheme
from scoring.schemes_store import scheme_of
from scoring.tally import Tally, arrays_of, from_bytes, tally_answers, to_bytes
from scoring.uncertainty import margins_of_nodes
from scoring.untouched import check_answers
from scoring.version import code_version, library_versions
from scoring.weighting.recipe import weigh
from scoring.weighting.residuals import with_residuals
from surveys.errors import SurveyError, WrongState
from surveys.instruments.authoring import sheet_of
from surveys.models import Answer, User, Wave

SHARD_SIZE = 100_000
LEASE = timedelta(seconds=120)


# --- start ---------------------------------------------------------------------------


@transaction.atomic
def start_run(
    *,
    wave: Wave,
    scheme: models.Scheme,
    started_by: User | None = None,
    shard_size: int = SHARD_SIZE,
) -> ScoringRun:
    """Cut a sealed wave into shards; ``tasks.queue_run`` then calls the workers."""
    demand_sealed(wave)
    if not Answer.objects.filter(wave=wave).exists():
        raise SurveyError(_("Gelombang ini tidak berisi satu jawaban pun."))
    method = scheme_of(scheme)
    plan_of(sheet_of(wave.instrument), method)
    evidence = latest_of(wave) if method.composite else None
    digest = input_digest(wave, evidence)
    run = ScoringRun.objects.create(
        wave=wave,
        scheme=scheme,
        started_by=started_by,
        code_version=code_version(),
        library_versions=library_versions(),
        input_digest=digest,
        evidence=evidence,
        seed=seed_of(digest, scheme.digest),
    )
    shards = Shard.objects.bulk_create(
        Shard(run=run, number=number, cell_ids=cell_ids, n_answers=n)
        for number, (cell_ids, n) in enumerate(cut_into_shards(wave, shard_size))
    )
    run.n_shards = len(shards)
    run.save(update_fields=("n_shards",))
    return run


def demand_sealed(wave: Wave) -> None:
    """WrongState, in a sentence, unless the wave is sealed."""
    if wave.state != Wave.State.SEALED:
        raise WrongState(_("Hanya gelombang yang sudah disegel dapat dihitung."))


def seed_of(*digests: str) -> int:
    """A seed that the same input and the same scheme always give."""
    text = "|".join(digests).encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:7], "big")


def cut_into_shards(wave: Wave, size: int) -> Iterator[tuple[list[int], int]]:
    """Cells of whole units, in the order of the tree, about ``size`` answers each."""
    layout = tree_of(wave)
    n_of = count_answers(wave)
    cells_of: dict[int, list[int]] = {unit.pk: [] for unit in layout.units}
    for cell in layout.cells:
        cells_of[cell.unit_id].append(cell.pk)
    shard: list[int] = []
    n = 0
    for unit in layout.units:
        shard += cells_of[unit.pk]
        n += sum(n_of.get(cell, 0) for cell in cells_of[unit.pk])
        if n >= size:
            yield shard, n
            shard, n = [], 0
    if shard:
        yield shard, n


def free_shards(run: ScoringRun) -> QuerySet[Shard]:
    """Shards still to be tallied, or then checked, that nobody holds a lease for."""
    nobody = Q(leased_until=None) | Q(leased_until__lt=Now())
    state = Shard.State.DONE if is_tallied(run) else Shard.State.WAITING
    return run.shards.filter(nobody, state=state)


# --- shards --------------------------------------------------------------------------


def work_on_shard(shard_id: int) -> str:
    """Tally or check one shard under a lease: the state it then has.

    Empty if it is not free or its run has ended.
    """
    shard = Shard.objects.select_related("run__wave__instrument", "run__scheme").get(
        pk=shard_id
    )
    run = shard.run
    taken = free_shards(run).filter(pk=shard_id)
    if not run.is_running or not taken.update(leased_until=Now() + LEASE):
        return ""
    demand_same_code(run)
    shard.refresh_from_db()  # it may have got its tally before the lease was ours
    found = tallied(run, shard) if shard.tally is None else checked(run, shard)
    held = Shard.objects.filter(pk=shard_id, state=shard.state)
    held.update(**found, leased_until=None)
    return str(found["state"])


def tallied(run: ScoringRun, shard: Shard) -> dict[str, Any]:
    """Pass 1: sums for the scores, and moments for pass 2."""
    scheme, cell_ids = scheme_of(run.scheme), shard.cell_ids
    found = moments_of_cells(run.wave, scheme, cell_ids, run.seed)
    tally = tally_cells(run.wave, scheme, cell_ids)
    return {
        "tally": zlib.compress(to_bytes(tally), level=1),
        "moments": moments.to_bytes(found),
        "state": Shard.State.DONE,
    }


def checked(run: ScoringRun, shard: Shard) -> dict[str, Any]:
    """Passes 2 and 3: this shard held against all of them."""
    pool = pool_of_run(run.pk)
    found = checks_of_cells(run.wave, pool, shard.cell_ids, run.seed)
    return {"checks": checks.to_bytes(found), "state": Shard.State.CHECKED}


def tally_cells(wave: Wave, scheme: Scheme, cell_ids: list[int]) -> Tally:
    """Extract and tally: the sums of equation 3 over these cells, a shard's."""
    plan = plan_of(sheet_of(wave.instrument), scheme)
    # Groups of people (equation 55) come from whole sheets, all else from the items.
    codes, cells, weights = answers_of_cells(
        wave,
        cell_ids,
        width=wave.sheet_width if plan.lenses else plan.width,
        is_ordered=plan.uses_given_weight,
    )
    return tally_answers(plan, codes, cells, len(cell_ids), weights)


def is_tallied(run: ScoringRun) -> bool:
    return not run.shards.filter(state=Shard.State.WAITING).exists()


def is_checked(run: ScoringRun) -> bool:
    return not run.shards.exclude(state=Shard.State.CHECKED).exists()


# --- finish --------------------------------------------------------------------------


def finish_run(run_id: int) -> bool:
    """Reduce, compute, load and publish under a lease; False if not ours to do.

    A run with units to be looked at is loaded, and published when that is done.
    """
    run = ScoringRun.objects.select_related("wave__instrument", "scheme").get(pk=run_id)
    nobody = Q(leased_until=None) | Q(leased_until__lt=Now())
    expired = Q(nobody, state=ScoringRun.State.FINISHING)
    mine = ScoringRun.objects.filter(
        Q(state=ScoringRun.State.RUNNING) | expired, pk=run_id
    )
    if not is_checked(run) or not mine.update(
        state=ScoringRun.State.FINISHING, leased_until=Now() + LEASE
    ):
        return False
    check_answers(run_id)
    scheme = scheme_of(run.scheme)
    tallies = tallies_of(run)
    computed = compute(run.wave, scheme, tallies, run.evidence)
    examined = examine_run(run, scheme, computed, tallies, checks_of(run))
    with transaction.atomic():
        # A finisher whose lease ran out waits here, and finds the work done; one whose
        # run was cancelled meanwhile finds that.
        run = locked(run)
        if run.state != ScoringRun.State.FINISHING:
            return False
        run.leased_until = None
        if not run.result_digest:
            run.result_digest = load_scores(run=run, scheme=scheme, computed=computed)
            run.quality_digest = examined.digest(computed.codes)
            load_examined(run=run, examined=examined)
        else:
            demand_same(run, scheme, computed, examined)
        if awaits_review(run):
            run.state = ScoringRun.State.REVIEWING
        else:
            publish(run=run, scheme=scheme, computed=computed)
            found = analyse(run, scheme, computed)  # after the last decision
            run.analyses_digest = store_analyses(run=run, found=found)
            run.state = ScoringRun.State.COMPUTED
            run.computed_at = timezone.now()
        run.warnings = warnings_of(computed)
        run.save()
    return True


def locked(run: ScoringRun) -> ScoringRun:
    """The run as it is now, while nobody opens anything of its wave."""
    Wave.objects.select_for_update().get(pk=run.wave_id)
    return ScoringRun.objects.select_for_update(of=("self",)).get(pk=run.pk)


def demand_same(
    run: ScoringRun, scheme: Scheme, computed: Computed, examined: Examined
) -> None:
    """SurveyError if the run has other results now than when it was looked at."""
    now = result_digest(scheme, computed), examined.digest(computed.codes)
    if now != (run.result_digest, run.quality_digest):
        raise SurveyError(
            _("Hasilnya bukan lagi yang diperiksa: program berubah. Hitung lagi.")
        )


def demand_same_code(run: ScoringRun) -> None:
    """SurveyError on a host whose program is not the one that began the run."""
    if run.code_version != code_version():
        raise SurveyError(_("Program berubah selama perhitungan. Hitung lagi."))


def tallies_of(run: ScoringRun) -> dict[int, tuple[Tally, int]]:
    """Tally and place in it of every cell, shards in the order of their number."""
    found: dict[int, tuple[Tally, int]] = {}
    for shard in run.shards.order_by("number"):
        tally = from_bytes(zlib.decompress(shard.tally or b""))
        for place, cell_id in enumerate(shard.cell_ids):
            found[cell_id] = tally, place
    return found


def examine_run(
    run: ScoringRun,
    scheme: Scheme,
    computed: Computed,
    tallies: dict[int, tuple[Tally, int]],
    parts: list[checks.Checks],
) -> Examined:
    """Flags and scenarios of all units (equations 62 to 69)."""
    cells = [cell.pk for cell in computed.tree.cells]
    tally = _in_order([tallies[cell] for cell in cells])
    return examine(run, scheme, computed, tally, put_together(run, cells, parts))


def compute(
    wave: Wave,
    scheme: Scheme,
    tallies: dict[int, tuple[Tally, int]],
    evidence: Evidence | None,
) -> Computed:
    """Weights, scores and margins of every node (equations 4 to 14, 40 to 45)."""
    plan = plan_of(sheet_of(wave.instrument), scheme)
    layout = tree_of(wave)
    tally = _in_order([tallies[cell.pk] for cell in layout.cells])
    weighting = weigh(
        scheme.weighting,
        tally,
        layout.tree,
        layout.frame,
        layout.strata,
        uses_given_weight=scheme.use_given_weight,
    )
    minimum = max(wave.min_cell, scheme.minimum_cell)
    scores, plain = (
        score_nodes(plan, tally, layout.tree, weights, minimum_n=minimum)
        for weights in (weighting.used, weighting.plain)
    )
    margins = margins_of_nodes(
        plan,
        tally,
        layout.tree,
        weighting.used,
        scores,
        prior_df=scheme.prior_df,
        confidence=scheme.confidence,
    )
    margins = with_residuals(
        plan, tally, layout.tree, weighting, scores, margins, scheme.confidence
    )
    derived = derived_of(scheme, layout, scores, evidence)
    return Computed(
        layout, plan, tally, weighting, scores, margins, plain.score, derived
    )


def derived_of(
    scheme: Scheme, layout: WaveTree, scores: NodeScores, evidence: Evidence | None
) -> tuple[Derived, ...]:
    """What follows from the index: with evidence, if the scheme asks for it."""
    if scheme.composite is None or evidence is None:
        return ()
    return composed(
        scores.score[:, -1],
        by_node(evidence, layout.units),
        survey_share=scheme.composite.survey_share,
    )


def _in_order(places: list[tuple[Tally, int]]) -> Tally:
    """One tally with the cells in this order."""
    columns = {
        name: np.stack([getattr(tally, name)[place] for tally, place in places])
        for name in arrays_of(places[0][0])
    }
    return Tally(**columns)


# --- alone ---------------------------------------------------------------------------


def work_through(run: ScoringRun) -> Iterator[int]:
    """Do whatever nobody else holds, yielding how many shards are done.

    For the shell: it helps the workers, or does everything where there are none.
    """
    for _pass in ("tally", "check"):
        for shard_id in list(free_shards(run).values_list("pk", flat=True)):
            work_on_shard(shard_id)
            yield run.n_done
    finish_run(run.pk)
