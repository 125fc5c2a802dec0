"""Who may do what at the desk, and how somebody comes to hold a role.

A superuser holds the empty path, which begins every other.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects

from surveys.models import Role, UnitKerja, User, Wave, WaveUnit

Kind = Role.Kind

DESK = (Kind.ADMINISTRATOR, Kind.OPERATOR, Kind.COORDINATOR)
MANAGES = (Kind.ADMINISTRATOR,)
COMPUTES = (Kind.ADMINISTRATOR, Kind.OPERATOR)

EVERYWHERE = ""


def paths_of(user: User, kinds: Iterable[str]) -> list[str]:
    """Paths of the subtrees for which one of these roles is held; asked once."""
    if not user.is_active:
        return []
    if user.is_superuser:
        return [EVERYWHERE]
    prefetch_related_objects([user], "roles__unit")
    kept = set(kinds)
    return sorted({role.unit.path for role in user.roles.all() if role.kind in kept})


def covers(paths: Iterable[str], unit: UnitKerja) -> bool:
    """Whether one of the subtrees holds this unit."""
    return any(unit.path.startswith(path) for path in paths)


def under(paths: Iterable[str], field: str) -> Q:
    """Rows whose ``field`` (a path) lies in one of the subtrees."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{f"{field}__startswith": path})
    return found


def touched(paths: Iterable[str], prefix: str = "") -> Q:
    """Waves, or what hangs on them by ``prefix``, with a unit in the subtrees."""
    paths = list(paths)
    inside = WaveUnit.objects.filter(
        under(paths, "unit__path"), wave=OuterRef(f"{prefix}pk")
    )
    return under(paths, f"{prefix}root__path") | Q(Exists(inside))


def may_act(user: User, wave: Wave, kinds: Iterable[str]) -> bool:
    """Whether a role of these kinds covers the whole wave."""
    return covers(paths_of(user, kinds), wave.root)


def people_under(paths: Iterable[str]) -> QuerySet[User]:
    """Users whose every role lies in the subtrees: those one may change.

    Somebody with a role elsewhere, or above, is not for us to lock out or to become.
    """
    paths = list(paths)
    if EVERYWHERE in paths:
        return User.objects.all()
    held = Role.objects.filter(user=OuterRef("pk"))
    inside = under(paths, "unit__path")
    return User.objects.filter(
        Exists(held.filter(inside)), ~Exists(held.exclude(inside)), is_superuser=False
    )


@transaction.atomic
def grant_role(*, user: User, kind: str, unit: UnitKerja) -> Role:
    """Give a role for a subtree; the roles of the desk open its door."""
    role, _is_new = Role.objects.get_or_create(user=user, kind=kind, unit=unit)
    _let_in(user)
    return role


@transaction.atomic
def withdraw_role(*, role: Role) -> None:
    """Take a role back; without one of the desk's the door closes."""
    user = role.user
    role.delete()
    _let_in(user)


def _let_in(user: User) -> None:
    enters = user.is_superuser or Role.objects.filter(user=user, kind__in=DESK).exists()
    if user.is_staff != enters:
        user.is_staff = enters
        user.save(update_fields=("is_staff",))
