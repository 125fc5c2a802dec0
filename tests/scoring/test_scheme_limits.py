"""What a scheme may say can be computed by; all else is refused with its path."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from scoring.plan import plan_of
from scoring.scheme import Scheme, canonical_json, parse_scheme
from scoring.scheme_errors import SchemeError
from scoring.weighting.recipe import weigh
from tests.scoring.analysed import SCHEME, SHEET, drawn, drawn_answers
from tests.scoring.sheets import scheme_of, score_all, sheet_of, tree_of

INF, NAN = float("inf"), float("nan")
UNITS = ("01", "02", "03", "04", "05")
N_PEOPLE = 12
ANSWERS = drawn_answers(len(UNITS), N_PEOPLE)
CELLS = np.repeat(np.arange(len(UNITS)), N_PEOPLE)


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        ({"order": {"size_classes": []}}, "order.size_classes", "paling sedikit 1"),
        ({"order": {"size_classes": [9, 9]}}, "order.size_classes", "yang sama"),
        (
            {"order": {"size_classes": [0]}},
            "order.size_classes[0]",
            "harus paling sedikit 1",
        ),
        ({"order": {"concentrations": []}}, "order.concentrations", "paling sedikit 1"),
        (
            {"order": {"concentrations": [-1]}},
            "order.concentrations[0]",
            "harus paling sedikit 0.01",
        ),
        (
            {"order": {"concentrations": [50, 50.0000001]}},
            "order.concentrations",
            "yang sama",
        ),
        (
            {"quality": {"window_hours": 1e12}},
            "quality.window_hours",
            "harus paling banyak 720",
        ),
        (
            {"quality": {"duplicates": {"level": 0.9999}}},
            "quality.duplicates",
            "terlalu sedikit",
        ),
        (
            {"measurement": {"skewed_null": []}},
            "measurement.skewed_null",
            "paling sedikit 2",
        ),
        (
            {"measurement": {"skewed_null": [0.5, 0.4]}},
            "measurement.skewed_null",
            "harus 1",
        ),
        (
            {"measurement": {"skewed_null": [1.5, -0.5]}},
            "measurement.skewed_null[0]",
            "harus paling banyak 1",
        ),
        (
            {"measurement": {"skewed_null": [0, 0, 1, 0, 0]}},
            "measurement.skewed_null",
            "terpusat",
        ),
        ({"prior_df": INF}, "prior_df", "terhingga"),
        (
            {"bands": [{"lower": NAN, "letter": "A", "label": {"id": "A"}}]},
            "bands[0].lower",
            "terhingga",
        ),
        (
            {"bands": [{"lower": 0, "letter": "A" * 11, "label": {"id": "A"}}]},
            "bands[0].letter",
            "paling panjang 10",
        ),
        ({"missing": {"item_share": "1e-99999999"}}, "missing.item_share", "bilangan"),
        ({"missing": {"item_share": "1/0"}}, "missing.item_share", "bilangan"),
        ({"missing": {"item_share": INF}}, "missing.item_share", "terhingga"),
        ({"missing": {"item_share": 1e-9}}, "missing.item_share", "0,0001"),
        ({"confidence": 0.9999999999999999}, "confidence", "harus paling banyak"),
        ({"code": 'a"b'}, "code", "hanya huruf kecil"),
        ({"code": "a\nb"}, "code", "hanya huruf kecil"),
        ({"code": "ab\n"}, "code", "hanya huruf kecil"),
        ({"code": "-a"}, "code", "hanya huruf kecil"),
        ({"name": {"id": "x" * 151}}, "name", "paling panjang 150"),
        ({"note": {"id": "a\x00b"}}, "note.id", "tidak dapat ditulis"),
        ({"note": {"id": "a\ud800b"}}, "note.id", "tidak dapat ditulis"),
        ({"dimensions": [{"code": "index"}]}, "dimensions[0].code", "hasil lain"),
        ({"dimensions": [{"code": "x" * 41}]}, "dimensions[0].code", "panjang 40"),
        (
            {"dimensions": [{"code": "a", "weight": 1e308}]},
            "dimensions[0].weight",
            "harus paling banyak 1000",
        ),
    ],
)
def test_what_would_break_later_is_refused(
    change: dict[str, Any], path: str, reason: str
) -> None:
    with pytest.raises(SchemeError) as caught:
        scheme_of(**change)
    assert path in caught.value.errors
    assert reason in caught.value.errors[path]


def test_a_dimension_of_the_sheet_may_not_be_named_like_another_output() -> None:
    with pytest.raises(SchemeError, match="“index” adalah nama hasil lain"):
        plan_of(sheet_of({"index": ["q1"]}), scheme_of())


# --- every number of a scheme, changed ------------------------------------------------

ODD: tuple[Any, ...] = (
    *(0, -1, 1, 2, 3, 7, 100, 10**7, 10**30, -0.0, 0.001, 0.5, 0.51, 0.9999),
    *(1e-9, 1e-320, 1 - 1e-16, 1.0000001, 1e12, 1e308, INF, -INF, NAN),
    *([], "1e-99999999", "1/0", "1/3", None, True, {}),
)


def number_paths(
    document: Any, path: tuple[Any, ...] = ()
) -> Iterator[tuple[Any, ...]]:
    """Where a document holds a number or a share, or a list of such."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield from number_paths(value, (*path, name))
    elif isinstance(document, list):
        yield path
        for place, value in enumerate(document):
            yield from number_paths(value, (*path, place))
    elif not isinstance(document, bool | str) or "/" in str(document):
        yield path


def changed(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> Any:
    copy = deepcopy(document)
    place: Any = copy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return copy


WHOLE: dict[str, Any] = json.loads(canonical_json(SCHEME)) | {
    "bands": [{"lower": 50.0, "letter": "A", "label": {"id": "Baik"}}],
    "composite": {"survey_share": 0.8},
    "ranking": {"draws": 100},
}
WHOLE["order"]["weight_draws"] = 100


@pytest.mark.parametrize(
    "path", list(number_paths(WHOLE)), ids=lambda path: ".".join(map(str, path))
)
def test_a_scheme_is_refused_or_can_be_computed_by(path: tuple[Any, ...]) -> None:
    done = set()
    for value in ODD:
        try:
            scheme = parse_scheme(changed(WHOLE, path, value))
            plan_of(SHEET, scheme)
        except SchemeError:
            continue
        if scheme.digest not in done:
            compute(scheme)
        done.add(scheme.digest)


def compute(scheme: Scheme) -> None:
    """From answers to every report, and nothing in it is endless."""
    assert parse_scheme(json.loads(canonical_json(scheme))) == scheme
    tree = tree_of([-1, 0, 0, 0, 0, 0], [1, 2, 3, 4, 5])
    frame = [20] * len(UNITS)
    found = score_all(SHEET, scheme, ANSWERS, CELLS, tree=tree, frame=frame)
    for numbers in (found.scores.score, found.margins.se_model, found.margins.lower):
        assert not np.isinf(numbers).any()
    weights = weigh(
        scheme.weighting.model_copy(update={"recipe": "margins"}),
        found.tally,
        tree,
        np.array(frame),
        [{"jk": "LP"[place % 2]} for place in range(len(UNITS))],
        uses_given_weight=False,
    )
    assert np.isfinite(weights.used.base).all()
    scheme.band_of(float(found.scores.score[0, -1]))
    for report in drawn(UNITS, ANSWERS, scheme=scheme):
        json.dumps(report.document, allow_nan=False)
    assert math.isfinite(scheme.quality.window_hours)
