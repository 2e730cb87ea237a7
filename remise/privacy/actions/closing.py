"""Closing an account: nobody finds back whose it was, and what was done with it stays (docs/adr/0025).

Regulation (EU) 2016/679, art. 17: erased without delay, but for what the law asks to keep (17(3)(b) and (e)).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from remise.core import events
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.errors import BrokenRule
from remise.core.particulars import forgetting
from remise.core.scope import ActorKind
from remise.core.words import language_now
from remise.messages import letters
from remise.messages.letters import Letter
from remise.portals.languages import spoken_of
from remise.portals.models import Portal
from remise.privacy.oneself import require_own


class Why(StrEnum):
    """Why a command closes somebody's account: a word, for words about a person would stay."""

    ASKED = "asked"  # the person did, by letter or phone, and proved who it was
    RULING = "ruling"  # a court or supervisor
    DIED = "died"
    MISTAKE = "mistake"  # made for the wrong address


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What stands in the way: one is the last who can give rights in a company, an insurer keeps the data, or the
    password came from an insurer's book and the mailbox has not spoken yet."""

    kind: str  # last, held, unproven
    company: str
    portal: str
    host: str


class Hindered(BrokenRule):
    """Not now. `hindrances` say what is to be done first."""

    code = "hindered"

    def __init__(self, hindrances: Sequence[Hindrance]) -> None:
        super().__init__(_("This account cannot be closed yet."))
        self.hindrances = hindrances


def hindrances(account: int) -> list[Hindrance]:
    """Asked before it is offered, and again behind the lock."""
    return [one for one in _standing(account) if one.kind != "gone"]


@transaction.atomic
def close_account(*, by: Actor, account: int, why: Why = Why.ASKED) -> bool:
    """Every membership ends, every name and address is emptied, whatever one signs in with is gone: at every insurer,
    in one transaction. False where it was done before. One last mail goes to the old address, and is let go of when
    it has gone."""
    require_own(by, account)
    standing = _standing(account)
    if any(one.kind == "gone" for one in standing):
        return False
    if standing:
        raise Hindered(standing)
    ((address, language),) = rows(
        "select said ->> 'email', said ->> 'language' from own_account(%s) where section = 'account'", account
    )
    for room in reversed(list(forgetting)):
        room.forget(account)
    after = {"why": why} if by.kind is ActorKind.SYSTEM else None
    events.record("account.closed", by=by, subject=("account", account), after=after)
    _say_goodbye(by, address, language)
    return True


def _standing(account: int) -> list[Hindrance]:
    return [Hindrance(*row) for row in rows("select kind, company, portal, host from person_hindered(%s)", account)]


def _say_goodbye(by: Actor, address: str, language: str) -> None:
    portal = Portal.objects.get(id=by.in_portal)
    with translation.override(spoken_of(portal, language or language_now())):
        letter = Letter(
            subject=_("Your account is closed"),
            title=_("Your account is closed"),
            lines=(
                _("Your name, your addresses and what you signed in with are erased, at every insurer."),
                _("What was insured, and its receipts, stay with your companies, without your name."),
                _("This is our last mail to you. We do not keep your address."),
                _("Was this not you? Call us: the number stands below."),
            ),
        )
        letters.post(letter, portal=portal, kind="account.closed", recipient=address, secret=True)
