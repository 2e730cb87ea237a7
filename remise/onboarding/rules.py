"""What may be typed, by when somebody hears, who is believed how, and how long particulars are kept: pure."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from remise.core.errors import BrokenRule
from remise.core.identifiers import IdentifierError
from remise.core.limits import Limit, Rate
from remise.desk.rules import Due
from remise.portals.retention import Category

# No 0 and O, no 1, I and L, and no vowels, so that it is never a word: to be read out over the telephone.
LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
REFERENCE_LENGTH = 8
LONGEST_NUMBER = 20
LONGEST_NAME = 160  # as colleagues read it

# Who sends one gets a mail at the address that was typed, whoever's it is: few for each address, more for a place
# with one connection for a whole office.
BY_ADDRESS = Limit("onboarding.by_address", times=4, seconds=24 * 3600)
BY_PLACE = Rate("onboarding.by_place", times=30, seconds=3600)
# Numbers that somebody tries to be linked by: a person works for a few companies and not for many.
BY_ACCOUNT = Limit("onboarding.link_by_account", times=6, seconds=24 * 3600)
# Each wish is mailed to who answers it, until it is many in a day: the others stand on their page all the same.
TOLD_COMPANY = Limit("onboarding.told_company", times=10, seconds=24 * 3600)
LINKS_BY_PLACE = Rate("onboarding.link_by_place", times=30, seconds=3600)

# In working hours. Who asks to be called waits at the telephone; the others wait for a check of who they are.
CONTACT_DUE: Sequence[Due] = (Due(date(2020, 1, 1), 4, "Service promise of the desk: contact within half a day"),)
CHECK_DUE: Sequence[Due] = (Due(date(2020, 1, 1), 19, "Service promise of the desk: an answer in two working days"),)

ASKED = Category(
    "onboarding.asked",
    label=_("Who asked to come in"),
    lets_go=_("Names, addresses and words, after the answer. That it was asked and what became of it stays."),
    days=183,
    source=_("Our own policy: half a year in which who disagrees can come back on the answer"),
    least=30,
    why_least=_("Who disagrees with an answer must be able to point at it."),
)
UNANSWERED = Category(
    "onboarding.unanswered",
    label=_("Who asked to come in and heard nothing"),
    lets_go=_("The same of what nobody answered, counted from the day of the promise."),
    days=366,
    source=_("Our own policy: nobody waits for it any more"),
    least=30,
    why_least=_("It can still be answered."),
)


class Verified(models.TextChoices):
    """How the desk made sure that who asks may speak for the company."""

    CALLED = "called", _("Called back on a number that we knew already")
    REGISTER = "register", _("Named in the trade register as who represents it")
    LETTER = "letter", _("Code from a letter to the address that we know")
    MET = "met", _("Known in person to our account manager")


def require_verified(ways: Collection[str]) -> None:
    """Nobody is let in before the desk said how it made sure."""
    if not ways or not set(ways) <= set(Verified.values):
        message = _("Tick how you made sure that this person may speak for the company.")
        raise BrokenRule(message, code="not_verified", field="verified")


def reference_of(key: str, secret: str) -> str:
    """The reference of a form with this key: sent twice, it is the same, and nothing has to be looked up for it."""
    number = int.from_bytes(hmac.digest(secret.encode(), f"onboarding:{key}".encode(), hashlib.sha256))
    letters = []
    for _place in range(REFERENCE_LENGTH):
        number, rest = divmod(number, len(LETTERS))
        letters.append(LETTERS[rest])
    half = REFERENCE_LENGTH // 2
    return f"{''.join(letters[:half])}-{''.join(letters[half:])}"


def insurers_number(text: str) -> str:
    """A policy, relation or intermediary number as the insurer writes it: dots, dashes and strokes are part of it,
    spaces are not, and letters are capitals."""
    kept = "".join(char for char in text if not _is_space(char))
    kept = kept.translate({ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2014\u2212"}).upper()
    if not kept:
        raise IdentifierError(_("Fill in the number."), code="empty")
    if len(kept) > LONGEST_NUMBER or not re.fullmatch(r"[A-Z0-9][A-Z0-9./-]*", kept) or not re.search(r"\d", kept):
        raise IdentifierError(
            _("This is no number of ours. Copy it from your policy or letter: letters, digits, dots and dashes."),
            code="number",
        )
    return kept


def initials(text: str) -> str:
    """ "jp", "J. P." and "j.p." are J.P.; two letters that belong together stay so (Th.)."""
    parts = [part for part in re.split(r"[\s.]+", text.strip()) if part]
    if len(parts) == 1 and "." not in text and (parts[0].isupper() or parts[0].islower()):
        parts = list(parts[0])
    letters = [part[:1].upper() + part[1:] for part in parts]
    if not letters or len(letters) > 8 or not all(part.isalpha() and len(part) <= 2 for part in letters):
        raise IdentifierError(_("Write initials such as J.P."), code="initials")
    return "".join(f"{part}." for part in letters)


def _is_space(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Zs", "Cf"}
