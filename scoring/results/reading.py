"""What a reader may read: the latest run opened to them, and which of its units.

Only ``PublishedScore`` is read here, and only through a release in force. A wave or a
unit that the reader may not read ends in the same 404 as one that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from scoring.models import PublishedScore, Release, ScoringRun
from scoring.permissions import EVERYWHERE, Audience, Reader
from surveys.models import Wave, WaveUnit


@dataclass(frozen=True, slots=True)
class Reading:
    """One wave as one reader may see it."""

    run: ScoringRun
    paths: tuple[str, ...]
    """Subtrees of the live tree whose units this reader may read."""
    has_examiner: bool = False
    """This reader holds a role that sees the analyses of a whole wave."""

    @property
    def wave(self) -> Wave:
        return self.run.wave

    @property
    def is_whole(self) -> bool:
        """Every unit of the wave may be read."""
        root = self.wave.root.path
        return any(root.startswith(path) for path in self.paths)

    @property
    def is_examined(self) -> bool:
        """This reader may see the run's analyses, and there are some."""
        is_kept = bool(self.run.analyses_digest)
        return is_kept and self.has_examiner and self.is_whole

    def units(self) -> QuerySet[WaveUnit]:
        """The units this reader may read; a group goes with its parent."""
        units = WaveUnit.objects.filter(wave_id=self.run.wave_id)
        return units.alias(**_LIVE).filter(_within("live_path", self.paths))

    def scores(self) -> QuerySet[PublishedScore]:
        """The published scores of those units, hidden rows among them."""
        scores = PublishedScore.objects.filter(run=self.run)
        if self.is_whole:
            return scores
        return scores.filter(unit__in=self.units())


_LIVE = {"live_path": Coalesce(F("unit__path"), F("parent__unit__path"))}


def _within(field: str, paths: Iterable[str]) -> Q:
    inside = Q(pk__in=[])
    for path in paths:
        inside |= Q(**{f"{field}__startswith": path}) if path else ~Q(pk__in=[])
    return inside


def readings(reader: Reader, wave_code: str | None = None) -> list[Reading]:
    """What this reader may read, one reading a wave, newest wave first."""
    releases = _releases(reader, wave_code)
    touched = _touched({release.run.wave_id for release in releases}, reader.paths)
    found: dict[int, Reading] = {}
    opened: dict[int, set[str]] = {}
    for release in releases:
        run = release.run
        paths = _opened_paths(release, reader, touched.get(run.wave_id, set()))
        if not paths:
            continue
        if run.wave_id not in found:
            found[run.wave_id] = Reading(run, ())
        # A repetition with the same result adds readers; any other stands alone.
        if found[run.wave_id].run.result_digest == run.result_digest:
            opened.setdefault(run.wave_id, set()).update(paths)
    return [
        Reading(
            reading.run,
            tuple(sorted(opened[wave_id])),
            has_examiner=reader.examines(reading.wave),
        )
        for wave_id, reading in sorted(
            found.items(), key=lambda item: item[1].wave.reference_date, reverse=True
        )
    ]


def reading_of_run(reader: Reader, run: ScoringRun) -> Reading | None:
    """This run alone, the latest of its wave or not; None if nothing of it is open."""
    releases = run.releases.in_force().filter(audience__in=reader.audiences)
    touched = _touched({run.wave_id}, reader.paths)[run.wave_id]
    opened = [_opened_paths(release, reader, touched) for release in releases]
    paths = set().union(*opened)
    if not paths:
        return None
    return Reading(run, tuple(sorted(paths)), reader.examines(run.wave))


def _releases(reader: Reader, wave_code: str | None) -> list[Release]:
    """Releases in force to the reader's audiences, the latest run first."""
    releases = Release.objects.in_force().filter(
        audience__in=reader.audiences, run__state=ScoringRun.State.COMPUTED
    )
    if wave_code is not None:
        releases = releases.filter(run__wave__code=wave_code)
    joined = releases.select_related(
        "run__wave__root", "run__wave__instrument", "run__scheme"
    )
    return list(joined.order_by("-run__computed_at", "-run_id", "audience"))


def _touched(wave_ids: set[int], paths: list[str]) -> dict[int, set[str]]:
    """By wave, those of ``paths`` that hold at least one of its units."""
    touched: dict[int, set[str]] = {wave_id: {EVERYWHERE} for wave_id in wave_ids}
    queries = [
        WaveUnit.objects.filter(wave__in=wave_ids, unit__path__startswith=path)
        .order_by()
        .values_list("wave_id", Value(path, output_field=CharField()))
        .distinct()
        for path in paths
        if path
    ]
    if queries and wave_ids:
        for wave_id, path in queries[0].union(*queries[1:]):
            touched[wave_id].add(path)
    return touched


def _opened_paths(release: Release, reader: Reader, touched: set[str]) -> set[str]:
    """Subtrees of the wave that this release opens to this reader."""
    audience = release.audience
    opened = touched.intersection(reader.inside.get(audience, ()))
    if audience == Audience.LEADERS and touched.intersection(reader.touching):
        opened.add(EVERYWHERE)
    return opened


def readable_wave(reader: Reader, code: str) -> Reading:
    """The wave, as far as this reader may read it; 404 if nothing of it."""
    found = readings(reader, code)
    if not found:
        raise Http404
    return found[0]


def awaited_waves(reader: Reader) -> list[Wave]:
    """Waves under way in which this reader holds a role, opened to them or not."""
    if not reader.roles:
        return []
    waves = Wave.objects.exclude(state=Wave.State.DRAFT).select_related("root")
    return [wave for wave in waves if reader.awaits(wave)]


def awaited_wave(reader: Reader, code: str) -> Wave:
    """The wave, if this reader holds a role in it; 404 otherwise."""
    for wave in awaited_waves(reader):
        if wave.code == code:
            return wave
    raise Http404


def latest_run(wave: Wave) -> ScoringRun | None:
    """The run that a waiting reader is waiting for, its shards counted."""
    return ScoringRun.objects.filter(wave=wave).order_by("-started_at").first()
