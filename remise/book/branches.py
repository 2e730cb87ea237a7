"""The book of branches: one line per establishment of a company."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from remise.book.books import Book, Column, Key, Line
from remise.book.companies import references
from remise.core.actor import Actor
from remise.core.identifiers import number_key
from remise.core.keeping import Kept
from remise.core.spreadsheet import Cell
from remise.organisations.keeping import company_named, keep_branch
from remise.organisations.models import Branch


def keys(line: Line) -> list[Key]:
    """Found by either number: a line that leaves the relation number out tells of the same branch."""
    relation = line.given("relation_number")
    named = ("branch", line["organisation"].strip(), line.number_in("establishment_number"))
    return [named, ("relation", number_key(relation))] if relation else [named]


def read(by: Actor, line: Line) -> Kept:
    return keep_branch(
        by=by,
        organisation=company_named(by, line["organisation"]).id,
        name=line["name"],
        establishment_number=line.given("establishment_number"),
        relation_number=line.given("relation_number"),
    )


def rows(portal: int) -> Iterator[Sequence[Cell]]:
    named = references(portal)
    found = Branch.objects.filter(portal=portal)
    for branch in sorted(found, key=lambda one: (named[one.organisation], one.establishment_number or "")):
        yield (
            named[branch.organisation],
            branch.relation_number or "",
            branch.establishment_number or "",
            branch.name,
        )


BOOK = Book(
    "branches",
    (
        Column("organisation", _("the company: its KvK number, or its name where it has none")),
        Column("relation_number", _("the insurer's number of this branch; empty where it is not linked yet")),
        Column("establishment_number", _("twelve digits; empty for the head office")),
        Column("name", _("what the company calls it")),
    ),
    keys,
    read,
    rows,
)
