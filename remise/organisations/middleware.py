"""Who makes this request: nobody yet, a person without a company, or a member of one, with rights read afresh."""

from collections.abc import Callable

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from remise.accounts import renewing
from remise.accounts.access import allowed_with_one_factor, page_of, remember_unsent, second_factor_url
from remise.accounts.assurance import assurance_of
from remise.core import scope
from remise.core.actor import Actor, Assurance
from remise.core.errors import Forbidden, NotVisible
from remise.core.scope import ActorKind
from remise.organisations import actors, preview, refusals, relation_numbers, selectors
from remise.organisations.access import ForAnotherCompany, OnlyLooking
from remise.organisations.requests import (
    MemberRequest,
    chosen,
    chosen_branch,
    is_for_another,
    page_asked,
    wants_json,
)
from remise.organisations.selectors import OwnMembership
from remise.organisations.standing_in import standing_of
from remise.portals.models import Portal

type View = Callable[..., object]
type Next = Callable[[MemberRequest], HttpResponseBase]

# Pages of these rooms are about the person: password, authenticator, signing out. They need no company.
ABOUT_THE_PERSON = ("allauth.", "remise.accounts.")


class SignInRequired(LoginRequiredMiddleware):
    """Django's, for those who cannot follow a redirect to a page: a part of a page, and a program."""

    def handle_no_permission(  # type: ignore[override]
        self, request: MemberRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if wants_json(request):
            return refusals.sign_in()
        if request.method != "GET":
            remember_unsent(request)
        elif not request.htmx:
            return super().handle_no_permission(request, view_func)
        way = f"{resolve_url(self.get_login_url(view_func))}?{urlencode({'next': page_of(request)})}"
        return HttpResponseClientRedirect(way) if request.htmx else HttpResponseRedirect(way)


class ActorOfRequest:
    """Takes the scope of who is signed in, just before the view. Pages without sign-in stay in the public scope, also
    when somebody is signed in: they look accounts up by their address."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: MemberRequest) -> HttpResponseBase:
        portal: Portal | None = request.portal
        request.actor = _stranger(portal)
        request.membership, request.memberships, request.preview, request.client = None, (), None, None
        return self.get_response(request)

    def process_view(
        self, request: MemberRequest, view: View, _arguments: object, _named: object
    ) -> HttpResponse | None:
        asks_who = getattr(view, "login_required", True) or getattr(view, "greets_who_is_known", False)
        if not asks_who or not request.user.is_authenticated:
            return None
        if request.portal is None:
            raise Http404("Companies are reached under the name of their insurer.")
        person = _person(request.user, request.portal, assurance_of(request))
        _become(request, person)  # the door to one's own companies opens for the account of the scope alone
        if renewing.is_unproven(request.user, request.portal) and not view.__module__.startswith(ABOUT_THE_PERSON):
            return refusals.prove_mailbox(request)
        if person.assurance < Assurance.TWO_FACTORS:
            return self._with_one_factor(request)
        if _needs_company(view) and renewing.is_due(request.user, request.portal):
            return refusals.renew_password(request)
        request.memberships = selectors.own_memberships()
        company = request.membership = chosen(request.session, request.memberships)
        if company is not None:
            return _in_company(request, view, person, company)
        if not _needs_company(view):
            return None
        return _choose(request) if request.memberships else refusals.without_company(request)

    def process_exception(self, request: MemberRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Forbidden):
            return refusals.forbidden(request, exception.decision)
        if isinstance(exception, ForAnotherCompany):
            return refusals.other_company(request)
        if isinstance(exception, OnlyLooking):
            return refusals.only_looking(request)
        if isinstance(exception, NotVisible):
            return refusals.not_visible(request, exception)
        return None

    def _with_one_factor(self, request: MemberRequest) -> HttpResponse | None:
        if request.resolver_match and allowed_with_one_factor(request.resolver_match):
            return None
        return refusals.second_factor(request, second_factor_url(request))


def _stranger(portal: Portal | None) -> Actor:
    """By the portal's clock: what strangers ask for is due as what customers ask for."""
    if portal is None:
        return Actor(kind=ActorKind.PUBLIC, portal=None, by_system="door")
    return Actor(kind=ActorKind.PUBLIC, portal=portal.id, clock_offset=portal.clock_offset, by_system="door")


def _person(account: AbstractBaseUser, portal: Portal, assurance: Assurance) -> Actor:
    """Signed in, not (yet) for a company."""
    return Actor(
        kind=ActorKind.ACCOUNT,
        portal=portal.id,
        clock_offset=portal.clock_offset,
        account=account.pk,
        assurance=assurance,
    )


def _in_company(request: MemberRequest, view: View, person: Actor, company: OwnMembership) -> HttpResponse | None:
    """The person becomes a member of the company, or of the client that this one acts for, or looks as a colleague
    there; whatever stands in the way of the view is answered here, in the scope that was taken."""
    standing = standing_of(request, _member(request, person, company), view)
    request.client = standing.client
    _become(request, standing.actor)
    if standing.refuse is not None and _needs_company(view):
        return standing.refuse(request)
    if is_for_another(request):
        return refusals.other_company(request)
    if not getattr(view, "ends_preview", False):
        request.actor, request.preview = preview.seen_by(standing.actor, request.session)
    if request.preview and _changes(request, view):
        return refusals.only_looking(request)
    if _needs_company(view) and not relation_numbers.is_open_without(view):
        return _without_number(request)
    return None


def _member(request: MemberRequest, person: Actor, company: OwnMembership) -> Actor:
    assert person.account is not None
    return actors.member(
        company,
        account=person.account,
        portal=person.in_portal,
        branch=chosen_branch(request.session, company),
        assurance=person.assurance,
        clock_offset=person.clock_offset,
    )


def _changes(request: MemberRequest, view: View) -> bool:
    """What is refused to who looks as a colleague; signing out and going elsewhere are not."""
    is_free = view.__module__.startswith(ABOUT_THE_PERSON)
    return request.method not in ("GET", "HEAD", "OPTIONS") and not is_free


def _become(request: MemberRequest, actor: Actor) -> None:
    request.actor = actor
    scope.switch(actor.scope)


def _without_number(request: MemberRequest) -> HttpResponse | None:
    """A refusal where the branch worked in has no relation number and needs one."""
    place = relation_numbers.missing_at(request.actor, request.portal)
    return refusals.without_number(request, place) if place is not None else None


def _needs_company(view: View) -> bool:
    return getattr(view, "needs_company", True) and not view.__module__.startswith(ABOUT_THE_PERSON)


def _choose(request: MemberRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('organisations:choose')}?{urlencode({'next': page_asked(request)})}")
