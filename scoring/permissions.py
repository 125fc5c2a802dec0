"""Who reads which released scores: the audience of a release, met by a role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser

from scoring.models import Release
from surveys.models import Role, User, Wave

Audience = Release.Audience
Kind = Role.Kind

EVERYWHERE = ""
"""The path every path begins with."""

INSIDE: Mapping[str, tuple[str, ...]] = {
    Audience.COMMITTEE: (Kind.COMMITTEE,),
    Audience.OWN_UNIT: (Kind.LEADER, Kind.COORDINATOR),
    Audience.LEADERS: (Kind.ADMINISTRATOR, Kind.OPERATOR),
}
"""Roles to whom a release opens the units of the subtree the role is held for."""

TOUCHING = (Kind.LEADER, Kind.COORDINATOR, Kind.ANALYST)
"""Roles to whom ``leaders`` opens every unit of a wave that touches their subtree."""


EXAMINING = (Kind.COMMITTEE, Kind.ADMINISTRATOR)
"""Roles that may see how well a wave measures, and how sure its order is."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose eyes. All paths are subtrees of the live tree of units."""

    inside: Mapping[str, tuple[str, ...]]
    """By audience, the subtrees whose units a release to it opens."""
    touching: tuple[str, ...] = ()
    """Subtrees that open a whole wave released to the leaders."""
    roles: tuple[str, ...] = field(default=())
    """Subtrees of any role; their holders may know that a wave is on its way."""
    examining: tuple[str, ...] = field(default=())
    """Subtrees whose analyses this reader may see, once they read all of them."""

    @property
    def audiences(self) -> list[str]:
        """Audiences this reader belongs to somewhere."""
        leads = {str(Audience.LEADERS)} if self.touching else set()
        return sorted({str(name) for name, at in self.inside.items() if at} | leads)

    @property
    def paths(self) -> list[str]:
        """Every subtree that some audience opens to this reader."""
        found = {path for at in self.inside.values() for path in at}
        return sorted(found.union(self.touching))

    def awaits(self, wave: Wave) -> bool:
        """Whether some role of this reader is held for a part of the wave's tree."""
        root = wave.root.path
        return any(root.startswith(p) or p.startswith(root) for p in self.roles)

    def examines(self, wave: Wave) -> bool:
        """Whether a role for the whole wave lets this reader see its analyses."""
        return any(wave.root.path.startswith(path) for path in self.examining)


def reader_of(user: User | AnonymousUser) -> Reader:
    """A person in a browser; who is not signed in reads what is public."""
    held = _held(user)
    inside = {audience: _paths(held, kinds) for audience, kinds in INSIDE.items()} | {
        Audience.PUBLIC: (EVERYWHERE,)
    }
    staff = [kind for kind in held if kind != Kind.API_CLIENT]
    examining = _paths(held, EXAMINING)
    return Reader(inside, _paths(held, TOUCHING), _paths(held, staff), examining)


def client_reader(user: User | AnonymousUser | None) -> Reader:
    """A system of another ministry: what is public, within its own subtrees."""
    held = _held(user) if user else {}
    return Reader({Audience.PUBLIC: _paths(held, (Kind.API_CLIENT,))})


def _held(user: User | AnonymousUser) -> dict[str, list[str]]:
    """Paths of this user's roles, by kind."""
    if not isinstance(user, User) or not user.is_active:
        return {}
    held: dict[str, list[str]] = {}
    roles = Role.objects.filter(user=user).order_by("unit__path")
    for kind, path in roles.values_list("kind", "unit__path"):
        held.setdefault(kind, []).append(path)
    return held


def _paths(
    held: Mapping[str, list[str]], kinds: tuple[str, ...] | list[str]
) -> tuple[str, ...]:
    return tuple(sorted({path for kind in kinds for path in held.get(kind, ())}))
