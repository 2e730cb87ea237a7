"""Browsers that are signed in with both factors, and the actors behind them."""

import time
from datetime import timedelta

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as RECORDS_USER,
)
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.utils import timezone

from remise.accounts.models import Account
from remise.core.actor import Actor, Assurance
from remise.core.scope import ActorKind, Scope, enter
from remise.organisations import actors
from remise.organisations.models import Grant, Membership, Organisation
from remise.organisations.selectors import OwnMembership
from remise.portals.models import Portal
from tests.world import OWNER

RECORDS = AUTHENTICATION_METHODS_SESSION_KEY  # how and when this session proved who it is


def client_of(who: Membership | Account, at: Portal, *, factors: int = 2) -> Client:
    """A browser at this insurer, in which this person has proven one factor or both."""
    account = who.account if isinstance(who, Membership) else who
    client = Client(HTTP_HOST=f"{at.slug}.localhost", HTTP_ACCEPT_LANGUAGE="en")
    with enter(Scope(ActorKind.PUBLIC, at.id)):
        client.force_login(account, settings.AUTHENTICATION_BACKENDS[0])
        session = client.session
        session[RECORDS_USER] = str(account.pk)
        session[RECORDS] = _records(account, factors)
        session.save()
    return client


def aged(client: Client, at: Portal, *, minutes: int) -> Client:
    """As long ago it was proven who this is."""
    with enter(Scope(ActorKind.PUBLIC, at.id)):
        session = client.session
        session[RECORDS] = [{**record, "at": time.time() - 60 * minutes} for record in session[RECORDS]]
        session.save()
    return client


def _records(account: Account, factors: int) -> list[dict[str, object]]:
    records: list[dict[str, object]] = [{"method": "password", "at": time.time(), "email": account.email}]
    if factors == 2:
        couple(account)
        records.append({"method": "mfa", "at": time.time(), "type": Authenticator.Type.TOTP})
    return records


def couple(account: Account) -> None:
    """An authenticator app, where the account has none yet."""
    Authenticator.objects.using(OWNER).get_or_create(
        user=account,
        type=Authenticator.Type.TOTP,
        defaults={"data": {"secret": "not used"}, "created_at": timezone.now() - timedelta(days=1)},
    )


def actor_of(member: Membership, *, branch: int | None = None) -> Actor:
    """This member with the rights held now, as the middleware makes it."""
    held = Grant.objects.using(OWNER).filter(membership=member).values_list("right", "branch_id")
    company = Organisation.objects.using(OWNER).select_related("portal").get(id=member.organisation)
    own = OwnMembership(member.id, company.id, company.name, member.display_name, frozenset(held), company.kind)
    return actors.member(
        own,
        account=member.account_id,
        portal=member.portal,
        branch=branch,
        assurance=Assurance.TWO_FACTORS,
        clock_offset=company.portal.clock_offset,
    )
