"""What the insurer's own book says beside what somebody typed. For staff and for the job: they see the portal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from remise.core.identifiers.text import compact
from remise.core.words import Text
from remise.onboarding.models import Application
from remise.organisations.models import Branch, Membership, Organisation
from remise.organisations.rights import OrganisationRight
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
    towns: Sequence[str]


def matches(portal: int, application: Application, search: str = "") -> list[Match]:
    """The companies that may be meant, the surest first: by number, then by name; and what the desk searched for."""
    found: dict[int, list[Text]] = {}
    for number, by in (*_searched(portal, search.strip()), *_found(portal, application)):
        found.setdefault(number, []).append(by)
    kept = list(found)[:MOST]
    companies = _customers(portal).in_bulk(kept)
    return [_match(companies[number], found[number]) for number in kept if number in companies]


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
        relation = Branch.objects.filter(portal=portal, relation_number=application.intermediary_number)
        for number in relation.values_list("organisation", flat=True):
            yield number, BY_RELATION
    if application.company_name:
        named = _customers(portal).filter(name__icontains=application.company_name.strip())
        for number in named.order_by("name", "id").values_list("id", flat=True)[:MOST]:
            yield number, BY_NAME


def _customers(portal: int) -> QuerySet[Organisation]:
    return Organisation.objects.filter(portal=portal).exclude(kind=Organisation.Kind.INSURER)


def _match(company: Organisation, found_by: Sequence[Text]) -> Match:
    people = Membership.objects.filter(organisation=company.id, state=Membership.State.ACTIVE)
    able = people.filter(held_grants__right=OrganisationRight.MANAGE_USERS, held_grants__organisation=company.id)
    return Match(
        company=company,
        found_by=found_by,
        people=people.count(),
        administrators=sorted(set(able.values_list("display_name", flat=True))),
        policies=list(
            Policy.objects.filter(organisation=company.id).order_by("number").values_list("number", flat=True)[:MOST]
        ),
        towns=sorted(set(Branch.objects.filter(organisation=company.id).values_list("name", flat=True)))[:MOST],
    )
