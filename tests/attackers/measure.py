"""How often an attacker is right, against how often chance is.

Somebody who knows the cell and who answered is right once in (answers of the cell). An
attack fails while its share of hits, over all people of 20 waves, is at most that plus
three standard errors.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from tests.attackers.guessing import Attack, by_chance
from tests.attackers.people import Known, Story, dice
from tests.attackers.reading import Vector, View


@dataclass
class Score:
    """Hits among ``n`` people, and what guessing within cells would give."""

    n: int = 0
    hits: int = 0
    expected: float = 0.0
    variance: float = 0.0

    def add(self, attack: Attack, view: View, known: Known, truth: Truth) -> None:
        """Let the attack loose on one view."""
        rng = dice(self.n)  # another for each wave, or their luck would add up
        guess = by_chance(view, known, rng) | attack(view, known, rng)
        answers = Counter(view.home(known.cells[person]) for person in known.arrivals)
        for person in known.arrivals:
            chance = 1 / answers[view.home(known.cells[person])]
            self.n += 1
            self.hits += guess.get(person) == truth[person]
            self.expected += chance
            self.variance += chance * (1 - chance)

    @property
    def rate(self) -> float:
        return self.hits / self.n

    @property
    def limit(self) -> float:
        """Chance + 3 standard errors."""
        return (self.expected + 3 * math.sqrt(self.variance)) / self.n

    def __str__(self) -> str:
        chance = self.expected / self.n
        return (
            f"{self.hits} of {self.n} linked ({self.rate:.1%});"
            f" chance {chance:.1%}, limit {self.limit:.1%}"
        )


Truth = Mapping[UUID, Vector]


def midway(attack: Attack, stories: Iterable[Story]) -> Score:
    """The attack on what could be read while the waves were open."""
    score = Score()
    for story in stories:
        score.add(attack, story.midway, story.known_midway, story.truth)
    return score


def sealed(attack: Attack, stories: Iterable[Story]) -> Score:
    """The attack on what could be read when the waves were sealed."""
    score = Score()
    for story in stories:
        score.add(attack, story.sealed, story.known, story.truth)
    return score
