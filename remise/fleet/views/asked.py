"""What the address asks of the fleet's pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.http import urlencode
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.errors import NotVisible
from remise.core.forms import whole_number
from remise.fleet.selectors.stock import SORTS, Only, StockQuery
from remise.organisations.requests import MemberRequest
from remise.policies.models import Policy
from remise.policies.selectors import policies_of, policy_of

EVERY_BRANCH = "all"


def chosen_policies(request: MemberRequest) -> tuple[list[Policy], Policy] | None:
    """The company's policies and the one in the address, or the first; none where it has no policy for vehicles."""
    policies = policies_of(request.actor, on=clock.today(request.actor))
    number = request.GET.get("policy", "")
    chosen = next((policy for policy in policies if policy.number == number), None)
    if number and chosen is None:
        return policies, policy_of(request.actor, number)  # an ended one is still shown; a stranger's is not found
    return (policies, chosen or policies[0]) if policies else None


def policy_or_not_found(request: MemberRequest) -> Policy:
    chosen = chosen_policies(request)
    if chosen is None:
        raise NotVisible(_("There is no policy for vehicles."))
    return chosen[1]


def stock_query(request: MemberRequest) -> StockQuery:
    """What cannot be read is left out: an address that somebody cut short shows the plain list."""
    by, asked = request.actor, request.GET
    sort = asked.get("sort", "-since")
    only = asked.get("only", "")
    at = as_of(request)
    return StockQuery(
        day=at.day,
        known_at=at.known_at,
        search=asked.get("q", ""),
        party=whole_number(asked.get("party", "")),
        branch=None if asked.get("branch") == EVERY_BRANCH else whole_number(asked.get("branch", "")) or by.branch,
        only=Only(only) if only in set(Only) else Only.ALL,
        sort=sort if sort.lstrip("-") in SORTS else "-since",
    )


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day that a page shows; `known_at` null = as known now."""

    day: date
    known_at: datetime | None
    today: date

    @property
    def is_now(self) -> bool:
        return self.known_at is None and self.day == self.today

    def address(self, **more: str) -> str:
        """What an address needs to stay there; nothing for today."""
        said = {} if self.is_now else {"day": self.day.isoformat()}
        if self.known_at is not None:
            said["known"] = self.known_at.isoformat()
        return f"?{urlencode(said | more)}" if said or more else ""


def as_of(request: MemberRequest) -> AsOf:
    """What cannot be read is left out: an address that somebody cut short shows today."""
    asked, today = request.GET, clock.today(request.actor)
    return AsOf(day_asked(asked.get("day", "")) or today, moment_asked(asked.get("known", "")), today)


def numbers_asked(texts: Sequence[str]) -> list[int]:
    return [number for text in texts if (number := whole_number(text)) is not None]


def day_asked(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def moment_asked(text: str) -> datetime | None:
    """A moment as the browser's field gives it, in Amsterdam's time; a bare day means its end."""
    try:
        day = parse_date(text)
        moment = datetime.combine(day + timedelta(days=1), time()) if day else parse_datetime(text)
        if moment is None:
            return None
        aware = make_aware(moment, clock.AMSTERDAM) if moment.tzinfo is None else moment
        return aware.astimezone(clock.AMSTERDAM)
    except (ValueError, OverflowError):  # the last day of the calendar is not the last one everywhere
        return None
