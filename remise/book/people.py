"""The book of people: one line per person and company, with the rights held there.

`vehicles.view vehicles.register@R001-1` is a right in every branch, and one in the branch with that relation number.
A branch without one is written by its establishment number, and a head office without either by nothing: `@`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.accounts.moving import move_in
from remise.book.books import Book, Column, Key, Line
from remise.book.companies import references
from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.core.identifiers import number_key
from remise.core.keeping import Kept
from remise.core.spreadsheet import Cell
from remise.organisations.keeping import company_named
from remise.organisations.keeping_people import Held, account_of, addresses_of_members, keep_person
from remise.organisations.models import Branch, Grant, Membership

OLD_NAME, OLD_PASSWORD = "old_name", "old_password"


def keys(line: Line) -> list[Key]:
    return [(line["organisation"].strip(), line["email"].strip().lower())]


@transaction.atomic
def read(by: Actor, line: Line) -> Kept:
    company = company_named(by, line["organisation"])
    kept = keep_person(
        by=by,
        organisation=company.id,
        email=line["email"],
        name=line["name"],
        state=line["state"].strip(),
        rights=_held(company.id, line["rights"]),
    )
    if not line.has(OLD_NAME) or line["state"].strip() != Membership.State.ACTIVE:
        return kept
    is_new = move_in(by=by, account=account_of(line["email"]), old_password=line.given(OLD_PASSWORD) or "")
    return Kept.CHANGED if is_new and kept is Kept.SAME else kept


def rows(portal: int) -> Iterator[Sequence[Cell]]:
    """Whose name was erased is in no book. Who administers apart is one line, with the rights of both."""
    named, addresses, rights = references(portal), addresses_of_members(), _written(portal)
    found = Membership.objects.filter(portal=portal, erased_at=None, as_administrator=False)
    for person in sorted(found, key=lambda one: (named[one.organisation], addresses[one.account_id])):
        yield (
            named[person.organisation],
            addresses[person.account_id],
            person.display_name,
            person.state,
            " ".join(sorted(rights[person.account_id, person.organisation])),
        )


def _held(organisation: int, text: str) -> frozenset[Held]:
    branches = {number_key(_place(branch)): branch.id for branch in Branch.objects.filter(organisation=organisation)}
    held = set()
    for word in text.split():
        right, at, place = word.partition("@")
        if at and number_key(place) not in branches:
            message = _("This company has no branch %(branch)s.")
            raise BrokenRule(message % {"branch": place or "@"}, code="branch_unknown", field="rights")
        held.add((right, branches[number_key(place)] if at else None))
    return frozenset(held)


def _written(portal: int) -> dict[tuple[int, int], set[str]]:
    """Account and company -> rights, as the column has them."""
    places = {branch.id: _place(branch) for branch in Branch.objects.filter(portal=portal)}
    written = defaultdict(set)
    for grant in Grant.objects.filter(portal=portal).select_related("membership"):
        where = "" if grant.branch_id is None else f"@{places[grant.branch_id]}"
        written[grant.membership.account_id, grant.organisation].add(grant.right + where)
    return written


def _place(branch: Branch) -> str:
    return branch.relation_number or branch.establishment_number or ""


BOOK = Book(
    "people",
    (
        Column("organisation", gettext_lazy("the company: its KvK number, or its name where it has none")),
        Column("email", gettext_lazy("the address with which this person signs in")),
        Column("name", gettext_lazy("what colleagues call this person")),
        Column("state", gettext_lazy("active or ended")),
        Column(
            "rights",
            gettext_lazy("rights with spaces between, each in all branches or in one: vehicles.register@R001-1"),
        ),
    ),
    keys,
    read,
    rows,
    besides=(
        Column(
            OLD_NAME,
            gettext_lazy(
                "they come from a former portal, under this name or none: each is told once by mail how to come in"
            ),
        ),
        Column(OLD_PASSWORD, gettext_lazy("the password of there as Django stores it; empty: a new one is chosen")),
    ),
)
