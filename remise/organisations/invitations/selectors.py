"""What an invitation says to who holds its secret, and how those of a company stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from remise.core.doors import rows
from remise.core.keys import fingerprint
from remise.organisations.invitations.rules import WORDS, State, state_of
from remise.organisations.models import Branch, Invitation
from remise.organisations.names import names_in, shown
from remise.organisations.rights import labels_of

MOST = 200  # of a company, the newest; who is still waited for comes first


@dataclass(frozen=True, slots=True)
class Shown:
    """Of an invitation, what the page behind the mailed link says."""

    company: str
    invited_by: str
    name: str
    email: str
    expires: datetime
    state: State
    has_account: bool  # somebody signs in with this address already


def shown_to_holder(secret: str) -> Shown | None:
    """None where nobody was ever mailed this secret at this insurer."""
    found = rows(
        "select organisation_name, invited_by, display_name, email, expires_at, accepted_at, declined_at,"
        " withdrawn_at, has_account from invitation_shown(%s)",
        fingerprint(secret),
    )
    if not found:
        return None
    ((company, invited_by, name, email, expires, accepted, declined, withdrawn, has_account),) = found
    state = state_of(now=timezone.now(), expires=expires, accepted=accepted, declined=declined, withdrawn=withdrawn)
    by = _("the insurer") if invited_by is None else shown(invited_by)
    return Shown(company, by, name, email, expires, state, has_account)


@dataclass(frozen=True, slots=True)
class Listed:
    """A line for who invites: whom, with what, and how it stands."""

    id: int
    name: str
    email: str
    rights: list[str | Promise]
    places: list[str]
    by: str
    at: datetime
    expires: datetime
    sent: int
    state: State
    asks_again: bool

    @property
    def words(self) -> str | Promise:
        return WORDS[self.state]

    @property
    def is_open(self) -> bool:
        return self.state in {State.PENDING, State.EXPIRED}

    @property
    def tone(self) -> str:
        return {State.PENDING: "info", State.EXPIRED: "warn", State.ACCEPTED: "good"}.get(self.state, "")


def invitations(organisation: int, branches: Iterable[Branch]) -> list[Listed]:
    """The open ones first, then what became of the others; the newest first."""
    found = list(Invitation.objects.filter(organisation=organisation).order_by("-id")[:MOST])
    givers = names_in(organisation, (one.invited_by for one in found))
    places = {branch.id: branch.name for branch in branches}
    listed = [_listed(one, shown(givers.get(one.invited_by, "")), places) for one in found]
    return sorted(listed, key=lambda one: not one.is_open)


def waiting(organisation: int) -> int:
    """Of how many an answer is still to come."""
    return Invitation.objects.filter(Invitation.OPEN, organisation=organisation).count()


def asking_again(organisation: int) -> Sequence[Invitation]:
    """Expired before they were accepted, and wanted all the same."""
    asked = Invitation.objects.filter(Invitation.OPEN, organisation=organisation, asked_again_at__isnull=False)
    return list(asked.order_by("asked_again_at")[:MOST])


def _listed(one: Invitation, by: str, places: dict[int, str]) -> Listed:
    branches = {branch for _right, branch in one.rights if branch is not None}
    return Listed(
        id=one.id,
        name=shown(one.display_name),
        email=one.email,
        rights=labels_of(right for right, _branch in one.rights),
        places=sorted(places.get(branch, "") for branch in branches),
        by=by,
        at=one.invited_at,
        expires=one.expires_at,
        sent=one.sent,
        state=state_of(
            now=timezone.now(),
            expires=one.expires_at,
            accepted=one.accepted_at,
            declined=one.declined_at,
            withdrawn=one.withdrawn_at,
        ),
        asks_again=one.asked_again_at is not None,
    )
