"""Who sees a ranking: whoever may read every unit that competes in it."""

from __future__ import annotations

from awards.standings import Ranking, measure_named, ranking_for
from scoring.permissions import Reader
from scoring.results.reading import Reading, readable_wave, readings


def readable_ranking(
    reader: Reader, wave_code: str, measure: str, level: str = ""
) -> Ranking:
    """A wave's ranking, of its competing level unless said; 404 if not all is open."""
    return ranking_in(readable_wave(reader, wave_code), measure, level)


def ranking_in(reading: Reading, measure: str, level: str = "") -> Ranking:
    """The same, of a wave that has been found readable."""
    chosen = measure_named(reading.run, measure)
    return ranking_for(reading, chosen, level or reading.wave.competing_level)


def ranked_waves(reader: Reader) -> list[Reading]:
    """Waves that are open to this reader as a whole."""
    return [reading for reading in readings(reader) if reading.is_whole]
