"""The keys of a company, as the page lists them."""

from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.errors import NotVisible
from remise.organisations.models import ApiToken, Branch
from remise.organisations.names import shown
from remise.organisations.rights import catalogue, labels_of, openings
from remise.organisations.selectors import OwnMembership
from remise.organisations.tokens.rules import NEVER_OF_A_KEY, narrowed

ENDED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Connection:
    """A key with the words about it."""

    token: ApiToken
    maker: str
    rights: list[str]
    places: list[str]
    state: str  # active, expired, revoked

    @property
    def works(self) -> bool:
        return self.state == "active"


def connections(by: Actor) -> tuple[list[Connection], list[Connection]]:
    """Those that work, newest first; and the last ones that do not any more."""
    found = ApiToken.objects.filter(organisation=by.company).select_related("membership").order_by("-id")
    places = dict(Branch.objects.filter(organisation=by.company).values_list("id", "name"))
    now = timezone.now()
    working = [_connection(token, places) for token in found.filter(revoked_at=None, expires_at__gt=now)]
    ended = [_connection(token, places) for token in found.exclude(revoked_at=None, expires_at__gt=now)[:ENDED_SHOWN]]
    return working, ended


def connection(by: Actor, number: int) -> Connection:
    found = ApiToken.objects.filter(id=number, organisation=by.company).select_related("membership").first()
    if found is None:
        raise NotVisible(_("This connection does not exist."))
    return _connection(found, dict(Branch.objects.filter(organisation=by.company).values_list("id", "name")))


def with_key(own: OwnMembership, number: int) -> OwnMembership | None:
    """The membership of its maker with what this key may do now, None where it works no more. Asked by the system."""
    works = ApiToken.objects.filter(organisation=own.organisation, revoked_at=None, expires_at__gt=timezone.now())
    token = works.filter(id=number).first()
    if token is None:
        return None
    return replace(own, grants=narrowed(own.grants, rights=token.rights, branches=token.branches))


def _connection(token: ApiToken, places: dict[int, str]) -> Connection:
    expired = token.expires_at <= timezone.now()
    return Connection(
        token=token,
        maker=shown(token.membership.display_name),
        rights=[str(label) for label in labels_of(token.rights)],
        places=[places.get(branch, "") for branch in token.branches or ()],
        state="revoked" if token.revoked_at else "expired" if expired else "active",
    )


def offered(by: Actor) -> list[str]:
    """The rights that this person can give a key and that open something to a program, in the order of the
    catalogue."""
    opened = {right for opening in openings for right in opening.rights()}
    held = {right for right, _branch in narrowed(by.grants, rights=[e.right for e in catalogue], branches=None)}
    return [entry.right for entry in catalogue if entry.right in held & opened and entry.right not in NEVER_OF_A_KEY]
