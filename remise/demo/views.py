from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from remise.accounts.models import Account
from remise.core.scope import ActorKind, Scope, switch
from remise.demo.door import walk_in
from remise.demo.people import BUSINESS_DAY, PASSWORD, PORTALS, TOTP_SECRET, DemoPerson, DemoPortal
from remise.demo.register import free_cars
from remise.demo.turnover import LATELY
from remise.organisations.requests import as_member
from remise.organisations.selectors import own_memberships
from remise.portals.models import Portal
from remise.ui.formats import in_language


@dataclass(frozen=True, slots=True)
class Offer:
    """A person to be, at a company, and what can be tried."""

    person: DemoPerson
    company: str
    story: str
    url: str


@dataclass(frozen=True, slots=True)
class Stand:
    portal: DemoPortal
    url: str
    offers: list[Offer]


@login_not_required
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What can be tried, and as whom."""
    if not settings.DEMO or getattr(request, "portal", None) is not None:
        raise Http404
    context = {
        "stands": [_stand(request, portal) for portal in PORTALS],
        "day": BUSINESS_DAY,
        "password": PASSWORD,
        "secret": TOTP_SECRET,
        "free": free_cars(LATELY),
    }
    return render(request, "demo/start.html", context)


@login_not_required
@require_GET
def enter_as(request: HttpRequest, name: str) -> HttpResponse:
    """Be one of the demo's people, at one of their companies."""
    person = next((person for person in _people() if person.email.partition("@")[0] == name), None)
    account = Account.objects.filter(email=person.email).first() if person else None
    if not settings.DEMO or person is None or account is None or getattr(request, "portal", None) is None:
        raise Http404
    walk_in(request, account)
    switch(Scope(ActorKind.ACCOUNT, as_member(request).portal.id, account.pk))
    request.session["membership"] = _membership_of(as_member(request).portal, person)
    return redirect("home")


@login_not_required
@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """Mails that the demo sent, newest first: there is no server that delivers them."""
    if not settings.DEMO or not settings.MAIL_DIRECTORY:
        raise Http404
    files = sorted(Path(settings.MAIL_DIRECTORY).glob("*.log"), reverse=True)[:20]
    return render(request, "demo/mailbox.html", {"mails": [_mail(file) for file in files]})


def _mail(file: Path) -> dict[str, str]:
    """As a mail program shows it: the writer's words and not how they travelled."""
    # Django parts the mails of a connection by a line of dashes.
    message = message_from_bytes(file.read_bytes().rpartition(b"\n-----")[0], policy=policy.default)
    body = message.get_body(("plain",))
    return {
        "to": str(message["To"]),
        "subject": str(message["Subject"]),
        "date": str(message["Date"]),
        "text": body.get_content() if body else "",
    }


def _membership_of(portal: Portal, person: DemoPerson) -> int:
    """In the company this person is offered at first: someone who works for two is not asked which."""
    names = [
        described.insurer
        for described in PORTALS
        if described.slug == portal.slug and person.email in {one.email for one in described.desk}
    ] + [
        company.name
        for described in PORTALS
        for company in described.companies
        if described.slug == portal.slug and person.email in {one.email for one in company.people}
    ]
    names += [
        office.name
        for described in PORTALS
        for office in described.offices
        if described.slug == portal.slug and person.email in {one.email for one in office.people}
    ]
    return next(one.id for one in own_memberships() if one.company == names[0])


def _people() -> list[DemoPerson]:
    customers = [person for portal in PORTALS for company in portal.companies for person in company.people]
    offices = [person for portal in PORTALS for office in portal.offices for person in office.people]
    return customers + offices + [person for portal in PORTALS for person in portal.desk]


def _stand(request: HttpRequest, portal: DemoPortal) -> Stand:
    port = urlsplit(f"//{request.get_host()}").port
    base = f"{request.scheme}://{portal.slug}.localhost" + (f":{port}" if port else "")
    offers: dict[str, Offer] = {}
    places = [
        *((company.name, company.people) for company in portal.companies),
        *((office.name, office.people) for office in portal.offices),
        (portal.insurer, portal.desk),
    ]
    for place, people in places:
        for person in people:
            name = person.email.partition("@")[0]
            url = f"{base}/demo/as/{name}"
            offers.setdefault(name, Offer(person, place, in_language(person.story), url))
    return Stand(portal, base, list(offers.values()))
