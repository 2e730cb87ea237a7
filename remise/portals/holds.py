"""What may not be let go of now. Every job that lets go of something, and erasing too, asks here."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from remise.core.actor import Actor
from remise.portals.models import LegalHold


@dataclass(frozen=True, slots=True)
class Held:
    """The companies and accounts of one portal of which nothing goes."""

    companies: frozenset[int]
    accounts: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.companies or self.accounts)

    def rows(self, *, company: str = "organisation", accounts: Iterable[str] = ()) -> Q:
        """The rows that are held: of a held company, or with a held account in one of these columns."""
        found = Q(**{f"{company}__in": self.companies}) if company else Q(pk__in=())
        for column in accounts:
            found |= Q(**{f"{column}__in": self.accounts})
        return found


def held(by: Actor) -> Held:
    found = LegalHold.objects.filter(portal=by.in_portal, ended_at__isnull=True).values_list("company", "account")
    pairs = list(found)
    return Held(
        frozenset(company for company, _account in pairs if company is not None),
        frozenset(account for _company, account in pairs if account is not None),
    )
