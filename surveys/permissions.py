"""Who may do what, for which part of the tree. Every right is held for a subtree."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from surveys.models import Role, UnitKerja, User, Wave

Kind = Role.Kind

MANAGES = (Kind.ADMINISTRATOR,)
WATCHES = (Kind.ADMINISTRATOR, Kind.OPERATOR, Kind.COORDINATOR)


def held_paths(user: User, kinds: Iterable[str]) -> list[str]:
    """Paths of the subtrees for which this user holds one of these roles."""
    if not user.is_authenticated or not user.is_active:
        return []
    roles = Role.objects.filter(user=user, kind__in=list(kinds))
    return list(roles.values_list("unit__path", flat=True))


def covers(paths: Iterable[str], unit: UnitKerja) -> bool:
    """Whether one of the subtrees holds this unit."""
    return any(unit.path.startswith(path) for path in paths)


def waves_for(user: User, kinds: Iterable[str]) -> list[Wave]:
    """Waves that touch a subtree for which one of these roles is held."""
    touched = Q(pk__in=[])
    for path in held_paths(user, kinds):
        touched |= Q(root__path__startswith=path)
        touched |= Q(units__unit__path__startswith=path)
    waves = Wave.objects.filter(touched).select_related("root", "instrument")
    return list(waves.distinct())


def managed_wave(user: User, code: str) -> Wave:
    """The wave, if this user may open, close and seal it; 404 otherwise."""
    wave = get_object_or_404(Wave.objects.select_related("root"), code=code)
    if not covers(held_paths(user, MANAGES), wave.root):
        raise Http404
    return wave
