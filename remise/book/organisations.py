"""The book of companies: one line per customer of the insurer."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from remise.book.books import Book, Column, Key, Line
from remise.book.companies import references
from remise.core.actor import Actor
from remise.core.keeping import Kept
from remise.core.spreadsheet import Cell
from remise.organisations.keeping import keep_organisation
from remise.organisations.models import Organisation


def keys(line: Line) -> list[Key]:
    number = line.number_in("kvk")
    return [("kvk", number) if number else ("name", line["name"].strip())]


def read(by: Actor, line: Line) -> Kept:
    return keep_organisation(
        by=by,
        kvk=line.given("kvk"),
        kind=line["kind"].strip(),
        name=line["name"],
        contact_email=line["contact_email"],
    )


def rows(portal: int) -> Iterator[Sequence[Cell]]:
    named = references(portal)
    found = Organisation.objects.filter(portal=portal)
    for company in sorted(found, key=lambda one: (one.kvk is None, named[one.id])):
        yield company.kvk or "", company.kind, company.name, company.contact_email


BOOK = Book(
    "organisations",
    (
        Column("kvk", _("KvK number, eight digits; empty where the company has none")),
        Column("kind", _("company, person, intermediary or insurer")),
        Column("name", _("the name; a company without a KvK number is known by it")),
        Column("contact_email", _("the address of the company; who reads it opens the first account; or empty")),
    ),
    keys,
    read,
    rows,
)
