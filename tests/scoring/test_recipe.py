"""A run's weights by the scheme's recipe: fitted margins, or each cell by itself."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.indices import score_nodes
from scoring.rules import WeightingRule
from scoring.weighting.recipe import Weighting, weigh
from scoring.weighting.residuals import with_residuals
from tests.scoring.sheets import Scored
from tests.scoring.test_raking import unit_a

MARGINS = WeightingRule(recipe="margins")
STRATA = [{"sex": sex, "grade": grade} for sex in "FM" for grade in "JS"]


def weighed(unit: Scored, frame: list[int], rule: WeightingRule) -> Weighting:
    return weigh(
        rule,
        unit.tally,
        unit.tree,
        np.array(frame),
        STRATA,
        uses_given_weight=False,
    )


def test_unit_a_by_the_recipe_has_the_score_and_error_of_r_survey() -> None:
    frame = [12, 6, 16, 6]
    unit = unit_a(frame)
    weighting = weighed(unit, frame, MARGINS)
    scores = score_nodes(unit.plan, unit.tally, unit.tree, weighting.used, minimum_n=1)
    margins = with_residuals(
        unit.plan, unit.tally, unit.tree, weighting, scores, unit.margins, 0.95
    )
    assert scores.score[0, -1] == pytest.approx(63.4851887, abs=1e-7)
    assert margins.se_fpc[0, -1] == pytest.approx(1.0502378, abs=1e-7)
    assert margins.lower[0, -1] < scores.score[0, -1] < margins.upper[0, -1]
    assert margins.se_model is unit.margins.se_model


def test_without_a_whole_frame_cells_are_weighted_by_themselves() -> None:
    frame = [12, 6, 16, -1]
    unit = unit_a(frame)
    weighting = weighed(unit, frame, MARGINS)
    assert weighting.calibrated is None
    assert weighting.used.is_frame_missing.tolist() == [False, False, False, True]


def test_plain_weights_keep_the_size_of_the_unit() -> None:
    frame = [12, 6, 16, 6]
    unit = unit_a(frame)
    for rule in (MARGINS, WeightingRule()):
        weighting = weighed(unit, frame, rule)
        n = unit.tally.n_usable
        assert n @ weighting.plain.base == pytest.approx(40)
        assert len(set(weighting.plain.base.round(9))) == 1
        assert n @ weighting.used.base == pytest.approx(40)
