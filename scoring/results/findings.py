"""Titles that state what was found, and never more than the intervals allow."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from scoring.results.unit_rows import Cell, UnitRow
from scoring.scheme import Scheme, round_half_up


def decimal(score: float, decimals: int = 1) -> str:
    """``61.7`` as a person writes it: ``61,7``; digits beyond are cut off."""
    return number_format(score, decimals)


def rounded(points: float) -> str:
    """Half up to one decimal, as templates round; ``decimal`` alone cuts digits off."""
    return decimal(float(round_half_up(points, 1)))


def number_word(n: int) -> str:
    """Small numbers as words, for titles and headings."""
    words = (
        _("nol"),
        _("satu"),
        _("dua"),
        _("tiga"),
        _("empat"),
        _("lima"),
        _("enam"),
        _("tujuh"),
        _("delapan"),
        _("sembilan"),
        _("sepuluh"),
        _("sebelas"),
        _("dua belas"),
    )
    return words[n] if n < len(words) else str(n)


def unit_finding(row: UnitRow, scheme: Scheme) -> str:
    """The index with its band, and the lowest dimension if it is surely the lowest."""
    name = str(row.unit)
    if row.index.score is None:
        if row.is_hidden:
            return _("Hasil %(unit)s tidak ditampilkan") % {"unit": name}
        return _("Indeks %(unit)s tidak ditampilkan") % {"unit": name}
    found = _("Indeks %(unit)s %(score)s") % {
        "unit": name,
        "score": decimal(float(scheme.rounded(row.index.score)), scheme.decimals),
    }
    found += _in_brackets(row.index, scheme)
    lowest = surely_lowest(row.scores)
    if lowest is None:
        return found
    return _("%(found)s, %(name)s paling rendah") % {
        "found": found,
        "name": lowest.name,
    }


def _in_brackets(index: Cell, scheme: Scheme) -> str:
    """The band, and those that the interval cannot exclude."""
    if not index.band:
        return ""
    others = [
        band.letter
        for end in (index.lower, index.upper)
        if end is not None
        and (band := scheme.band_of(min(max(end, 0.0), 100.0)))
        and band.letter != index.band
    ]
    if not others:
        return f" ({index.band})"
    rest = _(" atau ").join(others)
    return _(" (%(band)s, masih mungkin %(rest)s)") % {
        "band": index.band,
        "rest": rest,
    }


def surely_lowest(cells: Sequence[Cell]) -> Cell | None:
    """The cell whose whole interval lies below all others; None if there is none."""
    if len(cells) < 2 or any(c.lower is None or c.upper is None for c in cells):
        return None
    first, *rest = sorted(cells, key=lambda cell: cell.score or 0.0)
    ceiling = min(cell.lower or 0.0 for cell in rest)
    return first if (first.upper or 0.0) < ceiling else None


def measures_heading(n: int) -> str:
    """The heading over the dimensions; the seven of BerAKHLAK are called values."""
    if n == 7:
        return _("Tujuh nilai")
    return _("%(word)s dimensi") % {"word": number_word(n).capitalize()}
