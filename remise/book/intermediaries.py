"""The books of intermediaries: one line per office, and one per policy that is one's."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy

from remise.book.books import Book, Column, Key, Line
from remise.book.companies import references
from remise.core.actor import Actor
from remise.core.identifiers import number_key
from remise.core.keeping import Kept
from remise.core.spreadsheet import Cell
from remise.mandates.actions.intermediaries import keep_intermediary
from remise.mandates.models import Intermediary
from remise.organisations.keeping import company_named
from remise.policies.actions import keep_assignment
from remise.policies.models import Policy


def number_of(line: Line) -> list[Key]:
    return [(number_key(line["number"]),)]


def policy_of(line: Line) -> list[Key]:
    return [(number_key(line["policy"]),)]


def read_office(by: Actor, line: Line) -> Kept:
    return keep_intermediary(
        by=by,
        office=company_named(by, line["organisation"]).id,
        number=line["number"],
        tier=line["tier"],
        contact=line["contact"],
        phone=line["phone"],
        email=line["email"],
    )


def read_assignment(by: Actor, line: Line) -> Kept:
    return keep_assignment(by=by, number=line["policy"], intermediary=line.given("intermediary"))


def offices(portal: int) -> Iterator[Sequence[Cell]]:
    named = references(portal)
    found = Intermediary.objects.filter(portal=portal).select_related("tier").order_by("number")
    for one in found:
        yield named[one.office_id], one.number, one.tier.code, one.contact, one.phone, one.email


def assignments(portal: int) -> Iterator[Sequence[Cell]]:
    found = Policy.objects.filter(portal=portal, agent__isnull=False).select_related("agent").order_by("number")
    for policy in found:
        assert policy.agent is not None
        yield policy.number, policy.agent.number


OFFICES = Book(
    "intermediaries",
    (
        Column("organisation", gettext_lazy("the company: its KvK number, or its name where it has none")),
        Column("number", gettext_lazy("its number as an intermediary, once only at this insurer")),
        Column("tier", gettext_lazy("the code of its tier")),
        Column("contact", gettext_lazy("whom customers ask for")),
        Column("phone", gettext_lazy("the telephone number; empty where there is a mail address")),
        Column("email", gettext_lazy("the mail address; empty where there is a telephone number")),
    ),
    number_of,
    read_office,
    offices,
)
ASSIGNMENTS = Book(
    "assignments",
    (
        Column("policy", gettext_lazy("the policy number")),
        Column("intermediary", gettext_lazy("the number of its intermediary; empty: the insurer itself")),
    ),
    policy_of,
    read_assignment,
    assignments,
)
