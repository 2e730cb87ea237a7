"""The book of policies: one line per policy."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.book.books import Book, Column, Key, Line
from remise.book.companies import references
from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.core.identifiers import number_key
from remise.core.keeping import Kept
from remise.core.spreadsheet import Cell
from remise.organisations.keeping import company_named
from remise.policies.actions import keep_policy
from remise.policies.models import Policy

DAY = timedelta(days=1)


def keys(line: Line) -> list[Key]:
    return [(number_key(line["number"]),)]


def read(by: Actor, line: Line) -> Kept:
    starts, last_day = line.day("starts"), line.day("last_day")
    if starts is None:
        raise BrokenRule(_("The day on which the policy starts is missing."), code="day", field="starts")
    return keep_policy(
        by=by,
        organisation=company_named(by, line["organisation"]).id,
        product=line["product"],
        number=line["number"],
        starts=starts,
        ends=last_day + DAY if last_day else None,
    )


def rows(portal: int) -> Iterator[Sequence[Cell]]:
    named = references(portal)
    found = Policy.objects.filter(portal=portal).select_related("product")
    for policy in sorted(found, key=lambda one: (named[one.organisation], one.number)):
        last_day = policy.ends - DAY if policy.ends else None
        yield named[policy.organisation], policy.product.code, policy.number, policy.starts, last_day


BOOK = Book(
    "policies",
    (
        Column("organisation", gettext_lazy("the company: its KvK number, or its name where it has none")),
        Column("product", gettext_lazy("the code of the product")),
        Column("number", gettext_lazy("the policy number, once only at this insurer")),
        Column("starts", gettext_lazy("the first day, such as 2026-01-31")),
        Column("last_day", gettext_lazy("the last day included; empty while the policy runs on")),
    ),
    keys,
    read,
    rows,
)
