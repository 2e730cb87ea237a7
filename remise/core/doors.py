"""Every opening in the wall: functions that run as the owner of the tables, and who may call them.

Each returns only what its page shows. Its SQL stands in the migration of the room whose tables it reads; a test over
the catalogue accepts no door, and no caller of one, that is not named here.
"""

from remise.core.scope import ActorKind

DOORS: dict[str, frozenset[ActorKind]] = {
    # The companies an account may choose from, before one is chosen.
    "memberships_of": frozenset({ActorKind.PUBLIC, ActorKind.ACCOUNT, ActorKind.SYSTEM}),
    # Defers a job without reading anybody's.
    "procrastinate_defer_jobs_v1": frozenset(ActorKind),
}
