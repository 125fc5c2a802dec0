"""Questionnaires, answers and runs for the tests of the pure modules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

import scoring
from scoring.arrays import Codes, Floats, Integers
from scoring.indices import NodeScores, score_nodes
from scoring.plan import Plan, plan_of
from scoring.scheme import Scheme, parse_scheme
from scoring.tally import Tally, tally_answers
from scoring.tree import Tree
from scoring.uncertainty import Margins, margins_of_nodes
from scoring.weighting.cells import CellWeights, weigh_cells
from surveys.instruments.sheet import Sheet, SheetDimension, SheetOption, SheetQuestion

DONT_KNOW = "tidak tahu"


def _options(n_points: int, *, has_dont_know: bool) -> tuple[SheetOption, ...]:
    points = [
        SheetOption(position=p, code=str(p), label={"id": str(p)}, value=p)
        for p in range(1, n_points + 1)
    ]
    last = SheetOption(n_points + 1, "tt", {"id": DONT_KNOW}, is_missing=True)
    return (*points, last) if has_dont_know else tuple(points)


def sheet_of(
    dimensions: Mapping[str, Sequence[str]],
    *,
    n_points: int = 6,
    reversed_items: Sequence[str] = (),
    has_dont_know: bool = False,
) -> Sheet:
    """A sheet of rating questions 1..n_points, one slot each, in the order given."""
    options = _options(n_points, has_dont_know=has_dont_know)
    pairs = [(code, item) for code, items in dimensions.items() for item in items]
    return Sheet(
        code="uji",
        version=1,
        digest="",
        dimensions=tuple(SheetDimension(code, {"id": code}) for code in dimensions),
        sections=(),
        questions=tuple(
            SheetQuestion(
                code=item,
                kind="rating",
                label={"id": item},
                section="",
                slot=slot,
                n_slots=1,
                dimension=code,
                is_reversed=item in reversed_items,
                options=options,
            )
            for slot, (code, item) in enumerate(pairs)
        ),
    )


def scheme_of(**changes: Any) -> Scheme:
    """A plain scheme of means, with ``changes``."""
    document: dict[str, Any] = {
        "code": "uji",
        "version": 1,
        "name": {"id": "Skema uji"},
        "note": {"id": "Bukan metode resmi."},
        "measure": "mean",
        "missing": {"rule": "any"},
        "minimum_cell": 1,
    }
    return parse_scheme(document | changes)


def shipped(name: str) -> dict[str, Any]:
    """The document of a scheme that comes with the product."""
    folder = Path(scoring.__file__).parent / "schemes"
    document: dict[str, Any] = yaml.safe_load((folder / name).read_text("utf-8"))
    return document


@dataclass(frozen=True)
class Scored:
    plan: Plan
    tally: Tally
    tree: Tree
    weights: CellWeights
    scores: NodeScores
    margins: Margins


def score_all(
    sheet: Sheet,
    scheme: Scheme,
    answers: Codes,
    cell_index: Integers,
    *,
    tree: Tree,
    frame: Sequence[int],
    given_weight: Floats | None = None,
) -> Scored:
    """The whole way from answers to margins."""
    plan = plan_of(sheet, scheme)
    tally = tally_answers(plan, answers, cell_index, tree.n_cells, given_weight)
    return margins_from(plan, scheme, tally, tree, np.array(frame, dtype=np.int64))


def margins_from(
    plan: Plan, scheme: Scheme, tally: Tally, tree: Tree, frame: Integers
) -> Scored:
    """The way from a tally to margins."""
    weights = weigh_cells(tally, tree, frame, uses_given_weight=scheme.use_given_weight)
    scores = score_nodes(plan, tally, tree, weights, minimum_n=scheme.minimum_cell)
    margins = margins_of_nodes(
        plan,
        tally,
        tree,
        weights,
        scores,
        prior_df=scheme.prior_df,
        confidence=scheme.confidence,
    )
    return Scored(plan, tally, tree, weights, scores, margins)


def tree_of(parent: Sequence[int], node_of_cell: Sequence[int]) -> Tree:
    return Tree(
        np.array(parent, dtype=np.int64), np.array(node_of_cell, dtype=np.int64)
    )


def codes(rows: Sequence[Sequence[int]]) -> Codes:
    return np.array(rows, dtype=np.int16)


_FIXTURE = {
    "A": """
    MS454346 MJ556664 FJ433533 MJ655466 FS243333 MJ445534 MJ655666 FJ443353 MS465546
    FJ324333 MJ444553 MJ665566 FS344335 MJ546554 FJ332433 MJ544355 MS566556 FJ334433
    MJ554555 FJ433243 MS454535 MJ556555 FJ433443 MJ655555 FS243224""",
    "B": """
    MJ322333 FS544354 MJ132213 MJ324333 FJ544554 MS332233 FJ354335 MJ213221 MJ432533
    FS554355 MJ233223 FJ435533 MJ221222 MS443253 FJ455535 MJ223222 FJ443553 MS322222
    MJ244225 FJ445553""",
    "C": """
    FJ665666 MJ544354 FJ466646 MS666666 MJ544564 FJ666666 MJ354335 FS546664 MJ666666
    MJ554356 FJ566666 MS435533 FJ654566 MJ666666 MJ455535""",
}
"""60 respondents: sex (M/F), grade (S/J), six answers of 1..6."""

FRAME = {"A": 40, "B": 100, "C": 15}
TWO_VALUES = sheet_of({"v1": ["q1", "q2", "q3"], "v2": ["q4", "q5", "q6"]})


def unit_codes(unit: str) -> Codes:
    """The answers of a fixture unit, (n, 6)."""
    return codes([[int(c) for c in word[2:]] for word in _FIXTURE[unit].split()])


def unit_sexes(unit: str) -> list[str]:
    return [word[0] for word in _FIXTURE[unit].split()]
