"""Who did something, in words.

What is kept for ever holds an account, or the word of a job; a name stands in one erasable row and is looked up when
it is shown (docs/adr/0007). Names are those of the reader's own company, also of who left it; anybody else is a word.
"""

from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.scope import ActorKind
from remise.organisations.models import BY_INSURER, Membership, Organisation

type Doer = tuple[int | None, str]  # the account, or the word of what acted where no person did


def names_of(by: Actor, accounts: Iterable[int | None]) -> dict[int, str]:
    """A name, or a word, for each of these accounts. One query, however many: ask once for a whole page."""
    # An agent reads rows of clients: who works there is the client's own matter.
    organisation = None if by.kind is ActorKind.AGENT else by.organisation
    if by.office is not None:
        return _names_for_office(by, accounts)
    return names_in(organisation, accounts)


def names_in(organisation: int | None, accounts: Iterable[int | None]) -> dict[int, str]:
    """The same, for who reads as one of this company."""
    wanted = {account for account in accounts if account is not None}
    names = dict.fromkeys(wanted, _("someone outside your company"))
    if wanted and organisation is not None:
        people = Membership.objects.filter(organisation=organisation, account__in=wanted)
        own = dict(people.values_list("account_id", "display_name"))
        names |= {account: shown(name) for account, name in own.items()}
        for account, (name, _office, office_name) in _of_offices(organisation, wanted - own.keys()).items():
            names[account] = _("%(name)s (%(office)s, for you)") % {"name": shown(name), "office": office_name}
    return names


def _names_for_office(by: Actor, accounts: Iterable[int | None]) -> dict[int, str]:
    """For who acts for a client: an own colleague by name, everybody else by the company alone."""
    wanted = {account for account in accounts if account is not None}
    if not wanted:
        return {}
    company = Organisation.objects.filter(id=by.company).values_list("name", flat=True).first() or ""
    names = dict.fromkeys(wanted, company)
    for account, (name, office, office_name) in _of_offices(by.company, wanted).items():
        names[account] = shown(name) if office == by.office else office_name
    return names


def _of_offices(organisation: int, accounts: Collection[int]) -> dict[int, tuple[str, int, str]]:
    """Account -> name, office and its name, of those who acted for this company from an office."""
    if not accounts:
        return {}
    found = rows(
        "select account, name, office, office_name from names_of_offices(%s, %s)", organisation, list(accounts)
    )
    return {account: (name, office, office_name) for account, name, office, office_name in found}


def shown(display_name: str) -> str:
    """A colleague's name, or a word where it was erased."""
    return display_name or _("a former colleague")


def doers(by: Actor, deeds: Sequence[Doer]) -> list[str]:
    """Who did each of these, in the same order."""
    names = names_of(by, (account for account, _word in deeds))
    return [doer(names, deed) for deed in deeds]


def doer(names: dict[int, str], deed: Doer) -> str:
    account, word = deed
    if account is not None:
        return names[account]
    return _("the insurer") if word == BY_INSURER else _("the system")
