"""Units of similar size compete with each other. Pure (equation 24)."""

from __future__ import annotations

from collections.abc import Sequence


def size_classes(
    sizes: Sequence[int], lower_bounds: Sequence[int], *, least: int = 4
) -> list[int]:
    """The class of each unit, numbered from the smallest; small classes are merged.

    A class with fewer than ``least`` units joins the smaller of its neighbours, the
    one below if they are equal, until every class is large enough or there is one.
    Units below the lowest bound are in the lowest class.
    """
    bounds = sorted(lower_bounds)
    classes = [[i] for i in range(len(bounds))]
    of_unit = [max(0, sum(size >= b for b in bounds) - 1) for size in sizes]

    def count(members: list[int]) -> int:
        return sum(one in members for one in of_unit)

    while len(classes) > 1:
        small = min(classes, key=count)
        if count(small) >= least:
            break
        place = classes.index(small)
        beside = [classes[i] for i in (place - 1, place + 1) if 0 <= i < len(classes)]
        partner = min(beside, key=count)
        partner.extend(small)
        classes.remove(small)
    final = {one: n for n, members in enumerate(classes) for one in members}
    return [final[one] for one in of_unit]
