"""What opening a draft would fix: its groups, seen beforehand. Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.box.cells import GROUP, Key, Merging, merge, parent_of
from surveys.errors import SurveyError
from surveys.fieldwork.frames import group_name, planned_tree, registered_people
from surveys.fieldwork.minimums import needed
from surveys.fieldwork.promise import purpose_of
from surveys.models import Wave, WaveUnit


@dataclass(frozen=True)
class Member:
    """A unit of a group, with everything below it."""

    unit: WaveUnit
    n_people: int
    is_own_staff: bool
    """Only those who work in the unit itself, not in what stands below it."""


@dataclass(frozen=True)
class Group:
    """Siblings that would be shown together, under this name."""

    parent: WaveUnit
    name: str
    members: list[Member]

    @property
    def n_people(self) -> int:
        return sum(member.n_people for member in self.members)

    def has(self, sought: str) -> bool:
        """Whether a name in it, or its code, holds these letters."""
        units = [self.parent, *(member.unit for member in self.members)]
        texts = [f"{unit.code} {unit.name} {unit.acronym}" for unit in units]
        return sought.casefold() in " ".join(texts).casefold()


@dataclass(frozen=True)
class Need:
    """A unit or group that would be shown: its people, and how many must answer."""

    name: str
    code: str
    depth: int
    n_people: int
    n_needed: int

    def has(self, sought: str) -> bool:
        """Whether its name or code holds these letters."""
        return sought.casefold() in f"{self.code} {self.name}".casefold()


@dataclass(frozen=True)
class Preview:
    """What stands in the way of opening, and how the register would be grouped."""

    problems: list[str] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    raised: list[tuple[WaveUnit, WaveUnit, int]] = field(default_factory=list)
    """Units too small for a group, and the parent they would be shown as part of."""

    needs: list[Need] = field(default_factory=list)
    """From the top down, as the console will count them."""

    n_people: int = 0
    n_units: int = 0
    n_cells: int = 0
    n_without_strata: int = 0
    """Units with at least one stratum that is dropped."""


def preview_of(wave: Wave) -> Preview:
    """The tree of the reference date and the register of now, merged as at opening."""
    problems = []
    if wave.has_ended and not wave.is_simulated:
        problems.append(_("Waktu berakhir pengisian sudah lewat."))
    if wave.is_online and not purpose_of(wave):
        problems.append(_("Tujuan survei belum ditulis."))
    tree = planned_tree(wave)
    try:
        people = registered_people(wave, {u.unit_id or 0: p for p, u in tree.items()})
    except SurveyError as error:
        return Preview(problems=[*problems, str(error)])
    if not people:
        problems.append(_("Daftar pegawai gelombang ini masih kosong."))
        return Preview(problems=problems)
    competing = [p for p, u in tree.items() if u.level == wave.competing_level]
    merging = merge(people, minimum=wave.min_cell, competing=competing)
    problems += _too_small(wave, tree, merging, people)
    sizes = _sizes(people)
    return Preview(
        problems=problems,
        groups=_groups(tree, merging, people, sizes),
        raised=_raised(tree, merging, sizes),
        needs=_needs(wave, tree, merging, people),
        n_people=sum(people.values()),
        n_units=len({path for path, _strata in people}),
        n_cells=len(set(merging.cell_of.values())),
        n_without_strata=_without_strata(merging),
    )


def _too_small(
    wave: Wave,
    tree: Mapping[str, WaveUnit],
    merging: Merging,
    people: Mapping[Key, int],
) -> list[str]:
    """One sentence that names the cells no merging brings up to the minimum."""
    small = [
        (path, n)
        for (path, _strata), n in sorted(merging.counts(people).items())
        if n < wave.min_cell
    ]
    if not small:
        return []
    names = ", ".join(f"{tree.get(path, path)} ({n})" for path, n in small[:5])
    sentence = ngettext(
        "%(n)d kelompok di bawah %(least)d pegawai tidak dapat digabung: %(names)s.",
        "%(n)d kelompok di bawah %(least)d pegawai tidak dapat digabung: %(names)s.",
        len(small),
    )
    return [sentence % {"n": len(small), "least": wave.min_cell, "names": names}]


def _sizes(people: Mapping[Key, int]) -> dict[str, int]:
    """People of each unit and everything below it."""
    sizes: dict[str, int] = defaultdict(int)
    for (path, _strata), n in people.items():
        while path:
            sizes[path] += n
            path = parent_of(path)
    return sizes


def _needs(
    wave: Wave,
    tree: Mapping[str, WaveUnit],
    merging: Merging,
    people: Mapping[Key, int],
) -> list[Need]:
    """People where they would be counted: members of a group only in the group."""
    needs = []
    for path, n in sorted(_sizes(merging.counts(people)).items()):
        unit = tree.get(path) or tree[parent_of(path)]
        needs.append(
            Need(
                name=unit.name if path in tree else group_name(unit),
                code=unit.code if path in tree else "",
                depth=path.count("/") - 1,
                n_people=n,
                n_needed=needed(wave.minimum, n, shown_from=wave.min_cell),
            )
        )
    return needs


def _groups(
    tree: Mapping[str, WaveUnit],
    merging: Merging,
    people: Mapping[Key, int],
    sizes: Mapping[str, int],
) -> list[Group]:
    members: dict[str, list[Member]] = defaultdict(list)
    for path, group in sorted(merging.group_of.items()):
        if merging.group_of.get(parent_of(path)) != group:
            members[group].append(Member(tree[path], sizes[path], is_own_staff=False))
    own: dict[tuple[str, str], int] = defaultdict(int)
    for (path, strata), (target, _kept) in merging.cell_of.items():
        if target.endswith(f"/{GROUP}/") and path not in merging.group_of:
            own[path, target] += people[path, strata]
    for (path, target), n in sorted(own.items()):
        members[target].append(Member(tree[path], n, is_own_staff=True))
    return [
        Group(tree[parent_of(group)], group_name(tree[parent_of(group)]), found)
        for group, found in sorted(members.items())
    ]


def _raised(
    tree: Mapping[str, WaveUnit], merging: Merging, sizes: Mapping[str, int]
) -> list[tuple[WaveUnit, WaveUnit, int]]:
    found = {
        (path, cell)
        for (path, _strata), (cell, _kept) in merging.cell_of.items()
        if cell != path and not cell.endswith(f"/{GROUP}/")
    }
    return [(tree[path], tree[cell], sizes[path]) for path, cell in sorted(found)]


def _without_strata(merging: Merging) -> int:
    dropped = {
        path
        for (path, strata), (cell, kept) in merging.cell_of.items()
        if cell == path and len(kept) < len(strata)
    }
    return len(dropped)
