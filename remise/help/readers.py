"""Who reads: enough to count one vote each, and what a page needs that is open to everybody."""

from typing import Any

from remise.core.scope import ActorKind
from remise.help import selectors
from remise.help.actions import mark_of
from remise.help.articles import Article
from remise.help.capacities import capacity_of
from remise.organisations.requests import MemberRequest

WITH_MENU = (ActorKind.MEMBER, ActorKind.STAFF)


def account_as_reader(account: int) -> str:
    return f"account {account}"


def reader_of(request: MemberRequest) -> str:
    """The account, else the session, as far as there is one."""
    if request.user.is_authenticated:
        return account_as_reader(request.user.pk)
    key = request.session.session_key
    return f"session {key}" if key else ""


def reader_from_now(request: MemberRequest) -> str:
    """The same; a visitor without a session gets one, for a vote must be found back."""
    if not request.user.is_authenticated and not request.session.session_key:
        request.session.create()
    return reader_of(request)


def frame(request: MemberRequest) -> dict[str, Any]:
    """Who does not work for a company yet has no menu, and who gave one factor is not greeted by name."""
    return {} if request.actor.kind in WITH_MENU else {"navigation": [], "person": None}


def of_article(request: MemberRequest, article: Article) -> dict[str, Any]:
    """An article with who can help further, and what this reader thought of it."""
    reader = reader_of(request)
    voter = mark_of(reader, portal=request.portal.id, article=article.slug) if reader else ""
    helper = selectors.best(
        request.portal, request.actor, topic=article.facts.topic, capacity=capacity_of(request) or ""
    )
    return frame(request) | {
        "article": article,
        "one": helper,
        "vote": selectors.own_vote(request.portal, article.slug, voter),
    }
