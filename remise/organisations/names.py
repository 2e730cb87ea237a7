"""Who did something, in words.

What is kept for ever holds an account, or the word of a job; a name stands in one erasable row and is looked up when
it is shown (docs/adr/0007). Names are those of the reader's own company, also of who left it; anybody else is a word.
"""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.scope import ActorKind
from remise.organisations.models import BY_INSURER, Membership

type Doer = tuple[int | None, str]  # the account, or the word of what acted where no person did


def names_of(by: Actor, accounts: Iterable[int | None]) -> dict[int, str]:
    """A name, or a word, for each of these accounts. One query, however many: ask once for a whole page."""
    # An agent reads rows of clients: who works there is the client's own matter.
    organisation = None if by.kind is ActorKind.AGENT else by.organisation
    return names_in(organisation, accounts)


def names_in(organisation: int | None, accounts: Iterable[int | None]) -> dict[int, str]:
    """The same, for who reads as one of this company."""
    wanted = {account for account in accounts if account is not None}
    names = dict.fromkeys(wanted, _("someone outside your company"))
    if wanted and organisation is not None:
        people = Membership.objects.filter(organisation=organisation, account__in=wanted)
        names |= {account: shown(name) for account, name in people.values_list("account_id", "display_name")}
    return names


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
