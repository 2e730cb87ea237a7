"""What the insurer's own book says beside what somebody typed. For staff and for the job: they see the portal."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from remise.core.identifiers import number_key
from remise.core.identifiers.text import compact
from remise.core.words import Text
from remise.onboarding.models import Application
from remise.organisations.models import Branch, Membership, Organisation
from remise.policies.models import Policy
from remise.policies.selectors import holder_of

MOST = 8

BY_KVK, BY_POLICY = _("the KvK number"), _("the policy number")
BY_RELATION, BY_NAME, BY_SEARCH = _("the relation number"), _("the name"), _("your search")


@dataclass(frozen=True, slots=True)
class Match:
    """A company of the book, what it was found by, and what is known of it."""

    company: Organisation
    found_by: Sequence[Text]
    people: int
    administrators: Sequence[str]
    policies: Sequence[str]
    branches: Sequence[str]


def matches(portal: int, application: Application, search: str = "") -> list[Match]:
    """The companies that may be meant, the surest first: by number, then by name; and what the desk searched for."""
    found: dict[int, list[Text]] = {}
    for number, by in (*_searched(portal, search.strip()), *_found(portal, application)):
        found.setdefault(number, []).append(by)
    kept = list(found)[:MOST]
    companies = _customers(portal).in_bulk(kept)
    known = _Known.of(kept)
    return [known.match(companies[number], found[number]) for number in kept if number in companies]


def company_of_kvk(portal: int, kvk: str) -> int | None:
    return _customers(portal).filter(kvk=kvk).values_list("id", flat=True).first()


def company_of_policy(portal: int, number: str) -> int | None:
    """A policy number identifies a company. It authorises nobody."""
    holder = holder_of(portal, number)
    return _customers(portal).filter(id=holder).values_list("id", flat=True).first() if holder else None


def _searched(portal: int, text: str) -> Iterable[tuple[int, Text]]:
    """By KvK number, policy number or a part of the name."""
    if not text:
        return
    for number in (company_of_kvk(portal, compact(text)), company_of_policy(portal, text)):
        if number:
            yield number, BY_SEARCH
    named = _customers(portal).filter(name__icontains=text).order_by("name", "id")
    for number in named.values_list("id", flat=True)[:3]:
        yield number, BY_SEARCH


def _found(portal: int, application: Application) -> Iterable[tuple[int, Text]]:
    if application.kvk and (number := company_of_kvk(portal, application.kvk)):
        yield number, BY_KVK
    if application.policy_number and (number := company_of_policy(portal, application.policy_number)):
        yield number, BY_POLICY
    if application.intermediary_number:
        relation = Branch.objects.filter(portal=portal, relation_key=number_key(application.intermediary_number))
        for number in relation.values_list("organisation", flat=True):
            yield number, BY_RELATION
    if application.company_name:
        named = _customers(portal).filter(name__icontains=application.company_name.strip())
        for number in named.order_by("name", "id").values_list("id", flat=True)[:MOST]:
            yield number, BY_NAME


def _customers(portal: int) -> QuerySet[Organisation]:
    return Organisation.objects.filter(portal=portal).exclude(kind=Organisation.Kind.INSURER)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the book holds of some companies, read in four queries, however many they are."""

    people: Mapping[int, int]
    administrators: Mapping[int, list[str]]
    policies: Mapping[int, list[str]]
    branches: Mapping[int, list[str]]

    @classmethod
    def of(cls, companies: Collection[int]) -> "_Known":
        here = Membership.objects.filter(organisation__in=companies, state=Membership.State.ACTIVE)
        people = here.values("organisation").annotate(people=Count("account", distinct=True))
        return cls(
            people=dict(people.values_list("organisation", "people")),
            administrators=_by_company(Membership.objects.administrators(*companies), "display_name"),
            policies=_by_company(Policy.objects.filter(organisation__in=companies), "number"),
            branches=_by_company(Branch.objects.filter(organisation__in=companies), "name"),
        )

    def match(self, company: Organisation, found_by: Sequence[Text]) -> Match:
        return Match(
            company=company,
            found_by=found_by,
            people=self.people.get(company.id, 0),
            administrators=self.administrators.get(company.id, []),
            policies=self.policies.get(company.id, [])[:MOST],
            branches=self.branches.get(company.id, [])[:MOST],
        )


def _by_company(rows: "QuerySet[Any]", column: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for company, text in rows.order_by(column).values_list("organisation", column).distinct():
        found[company].append(text)
    return found
