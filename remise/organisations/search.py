"""What this room lets people find: companies and branches by their numbers, and colleagues."""

from collections.abc import Mapping, Sequence

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.identifiers import AccountNumber, number_key
from remise.core.search.kinds import (
    CompanyPage,
    Found,
    Hit,
    PageRights,
    Part,
    SearchKind,
    any_number,
    company_pages,
    digits,
    names,
)
from remise.organisations.access import visible_branches
from remise.organisations.models import Branch, Membership, Organisation
from remise.organisations.rights import OrganisationRight

MOST_PEOPLE = 50


def _url(by: Actor, branch: int | None) -> str:
    """The first page that opens; without one there is no hit. The insurer's people have one of their own."""
    for page in sorted(company_pages, key=lambda page: page.order):
        where = visible_branches(by, page.right)
        if where is None or branch in where or (branch is None and where):
            return page.url(branch)
    return ""


def _companies(by: Actor, found: Sequence[Found]) -> Mapping[int, Hit]:
    known = Organisation.objects.filter(id__in=[one.subject for one in found])
    return {
        one.id: Hit(one.name, _url(by, None), _("KvK number %(number)s") % {"number": one.kvk} if one.kvk else "")
        for one in known
    }


def _branches(by: Actor, found: Sequence[Found]) -> Mapping[int, Hit]:
    known = Branch.objects.filter(
        id__in=[one.subject for one in found], organisation__in={one.organisation for one in found}
    )
    return {one.id: Hit(one.name, _url(by, one.id), _numbers(one)) for one in known}


def _numbers(branch: Branch) -> str:
    said = []
    if branch.relation_number:
        said.append(_("Relation number %(number)s") % {"number": branch.relation_number})
    if branch.establishment_number:
        said.append(_("Establishment number %(number)s") % {"number": branch.establishment_number})
    return " · ".join([*said, branch.town] if branch.town else said)


def _people(_by: Actor, found: Sequence[Found]) -> Mapping[int, Hit]:
    known = Membership.objects.filter(
        id__in=[one.subject for one in found],
        organisation__in={one.organisation for one in found},
        state=Membership.State.ACTIVE,
    )
    return {
        one.id: Hit(
            one.display_name,
            reverse("organisations:person", args=[one.id]),
            _("as administrator") if one.as_administrator else "",
        )
        for one in known
    }


def _of_number(_by: Actor, typed: str) -> Sequence[Found]:
    """All of it alone: it is what somebody signs in with."""
    number = number_key(typed)
    if not AccountNumber.fits(number):
        return []
    told = rows("select membership, organisation from colleague_of_number(%s)", number)
    return [Found(membership, organisation, exact=True) for membership, organisation in told]


def _branch_lines(_by: Actor, company: int) -> Sequence[Hit]:
    found = Branch.objects.filter(organisation=company).order_by(
        F("establishment_number").asc(nulls_first=True), "id"
    )
    return [Hit(branch.name, detail=_numbers(branch)) for branch in found]


def _people_lines(_by: Actor, company: int) -> Sequence[Hit]:
    found = Membership.objects.filter(organisation=company, state=Membership.State.ACTIVE)
    administer = set(Membership.objects.administrators(company).values_list("id", flat=True))
    return [
        Hit(one.display_name, detail=_("gives rights") if one.id in administer else "")
        for one in found.order_by("display_name", "id")[:MOST_PEOPLE]
    ]


PEOPLE = (OrganisationRight.MANAGE_USERS,)
PAGE = CompanyPage(
    "people",
    OrganisationRight.MANAGE_USERS,
    lambda branch: reverse("organisations:people") + (f"?branch={branch}" if branch else ""),
    order=20,
)
KINDS = (
    SearchKind(
        "company",
        gettext_lazy("Companies"),
        "building-store",
        PageRights(),
        _companies,
        names,
        in_branches=False,
        order=60,
    ),
    SearchKind(
        "kvk",
        gettext_lazy("KvK numbers"),
        "building-store",
        PageRights(),
        _companies,
        digits(8),
        in_branches=False,
        order=50,
    ),
    SearchKind(
        "establishment",
        gettext_lazy("Establishment numbers"),
        "building-store",
        PageRights(),
        _branches,
        digits(12),
        order=52,
    ),
    SearchKind(
        "relation",
        gettext_lazy("Relation numbers"),
        "building-store",
        PageRights(),
        _branches,
        any_number(20),
        order=54,
    ),
    SearchKind("branch", gettext_lazy("Branches"), "building-store", PageRights(), _branches, names, order=62),
    SearchKind("person", gettext_lazy("Colleagues"), "user", PEOPLE, _people, names, in_branches=False, order=70),
    SearchKind(
        "account",
        gettext_lazy("Account numbers"),
        "user",
        PEOPLE,
        _people,
        look_up=_of_number,
        in_branches=False,
        order=72,
    ),
)
PARTS = (
    Part("branches", gettext_lazy("Branches"), "building-store", _branch_lines, order=10),
    Part("people", gettext_lazy("People"), "users", _people_lines, order=40),
)
