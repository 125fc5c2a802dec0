"""Which questions of a sheet count under a scheme, and the values of their options."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from pydantic import ValidationError

from scoring.rules import DimensionRule
from scoring.scheme import Scheme
from scoring.scheme_errors import SchemeError, errors_of
from surveys.instruments.sheet import Sheet, SheetQuestion


@dataclass(frozen=True)
class Item:
    """A rating question that counts, in the dimension of this number."""

    question: SheetQuestion
    dimension: int
    values: dict[int, int]
    """Position to value, reversed already; missing options left out."""
    weight: int

    @property
    def lowest(self) -> int:
        return min(self.values.values())

    def rescaled(self, value: int) -> Fraction:
        """Equation 1."""
        return Fraction(100 * (value - self.lowest), self._range)

    @property
    def _range(self) -> int:
        return max(self.values.values()) - self.lowest


def rules_of(sheet: Sheet, scheme: Scheme) -> tuple[DimensionRule, ...]:
    """The scheme's dimensions or, if it names none, those of the sheet that count."""
    if scheme.dimensions:
        return scheme.dimensions
    rated = {q.dimension for q in sheet.questions if q.kind == "rating"}
    if scheme.measure == "votes" and scheme.lenses:
        present = [q for q in sheet.questions if q.code == scheme.lenses.present]
        rated = {option.dimension for q in present for option in q.options}
    rules = tuple(
        _rule_of(dimension.code)
        for dimension in sheet.dimensions
        if dimension.code in rated
    )
    if not rules:
        raise SchemeError({"dimensions": "instrumen tidak punya pertanyaan penilaian"})
    return rules


def _rule_of(code: str) -> DimensionRule:
    try:
        return DimensionRule(code=code)
    except ValidationError as error:
        why = "; ".join(errors_of(error).errors.values())
        raise SchemeError({"dimensions": f"dimensi “{code}”: {why}"}) from None


def items_of(sheet: Sheet, rules: tuple[DimensionRule, ...]) -> list[Item]:
    """The items of each dimension in turn; SchemeError for what cannot be scored."""
    found = []
    for number, rule in enumerate(rules):
        codes = _codes_of(sheet, rule, number)
        weights = rule.item_weights or [1] * len(codes)
        for code, weight in zip(codes, weights, strict=True):
            path = f"dimensions[{number}].items"
            found.append(item_of(sheet, code, number, weight, path))
    return found


def _codes_of(sheet: Sheet, rule: DimensionRule, number: int) -> tuple[str, ...]:
    if rule.items:
        return rule.items
    found = tuple(
        q.code
        for q in sheet.questions
        if q.kind == "rating" and q.dimension == rule.code
    )
    if not found:
        raise SchemeError(
            {f"dimensions[{number}].code": f"“{rule.code}” tidak ada di instrumen"}
        )
    return found


def item_of(sheet: Sheet, code: str, dimension: int, weight: int, path: str) -> Item:
    """One question; ``path`` is the field of the scheme that names it."""
    try:
        question = sheet.question(code)
    except KeyError:
        raise SchemeError(
            {path: f"pertanyaan “{code}” tidak ada di instrumen"}
        ) from None
    if question.kind != "rating":
        raise SchemeError({path: f"“{code}” bukan pertanyaan penilaian"})
    values = {
        option.position: option.value
        for option in question.options
        if option.value is not None and not option.is_missing
    }
    if len(set(values.values())) < 2:
        raise SchemeError({path: f"“{code}” perlu paling sedikit dua pilihan bernilai"})
    if question.is_reversed:
        both = min(values.values()) + max(values.values())
        values = {position: both - value for position, value in values.items()}
    return Item(question, dimension, values, weight)


def sums_of(items: Iterable[Item], least: int, most: int) -> set[int]:
    """Sums of weights that ``least`` to ``most`` answered items can have."""
    reached = {(0, 0)}
    for item in items:
        reached |= {(n + 1, total + item.weight) for n, total in reached}
    return {total for n, total in reached if least <= n <= most}
