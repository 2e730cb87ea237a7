"""Who sees which drivers and lessees: those of the vehicles that one sees, and those whom the own branch wrote down.
Whoever sees the whole company sees all of it."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from remise.core.actor import Actor
from remise.core.ledger.versions import VersionQuerySet
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.access import visible_branches
from remise.organisations.models import Party
from remise.policies.rules import PARTIES


def parties_seen(by: Actor, right: FleetRight = FleetRight.VIEW) -> QuerySet[Party]:
    """Nobody who was erased. The wall leaves all of them out for whom a mandate shows no names."""
    living = Party.objects.filter(Party.LIVING, organisation=by.company)
    branches = visible_branches(by, right)
    if branches is None:
        return living
    theirs = RegistrationVersion.objects.known().filter(organisation=by.company, branch__in=branches)
    here = Q(branch__in=branches)
    return living.filter(here | Q(Exists(_merged().filter(here))) | used_by(theirs))


def used_by(versions: VersionQuerySet[RegistrationVersion]) -> Q:
    """One asked after the other, so that each goes by its own index; by whom they were merged with as well."""
    found = Q(pk__in=())
    for who in PARTIES:
        found |= Q(Exists(versions.filter(**{who: OuterRef("pk")})))
    return found | Q(Exists(_merged().filter(found)))


def _merged() -> QuerySet[Party]:
    """With whom the party in question was merged."""
    return Party.objects.filter(organisation=OuterRef("organisation"), merged_into=OuterRef("pk"))


def versions_seen(by: Actor, right: FleetRight = FleetRight.VIEW) -> VersionQuerySet[RegistrationVersion]:
    """As known now."""
    held: VersionQuerySet[RegistrationVersion] = RegistrationVersion.objects.known().filter(organisation=by.company)
    branches = visible_branches(by, right)
    return held if branches is None else held.filter(branch__in=branches)
