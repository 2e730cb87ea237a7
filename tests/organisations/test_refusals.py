"""The page that refuses: who you are now, what is missing, who can give it, and one button."""

import html
import re
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.conf import settings
from django.core import signing
from django.test import Client, override_settings
from django.urls import reverse

from remise.accounts import devices
from remise.accounts.models import Account
from remise.core.scope import enter
from remise.organisations import selectors
from tests import world
from tests.organisations.company import Company, company
from tests.sessions import actor_of, client_of

routes = override_settings(ROOT_URLCONF="tests.organisations.routes")
LABEL = "View vehicles"


@routes
def test_refusal_names_person_right_and_who_can_give_it(garage: Company) -> None:
    page = garage.client(garage.salesman).get("/try/view").content.decode()
    assert f"Sanne de Wit ({garage.salesman.account.email})" in page
    assert "· Garage De Brug · All branches" in page
    assert f"<dd>{LABEL}</dd>" in page
    assert "<dd>Kees Bos</dd>" in page
    assert "Ask Kees Bos by e-mail" in page
    letter = mail(page)
    assert letter.path == garage.owner.account.email
    said = parse_qs(letter.query)
    assert said["subject"] == ["Can you give me a right in Koetspoort?"]
    (body,) = said["body"]
    host = f"http://{garage.portal.slug}.localhost"
    person = reverse("organisations:person", args=[garage.salesman.id])
    assert body.split("\r\n\r\n") == [
        f"I work for Garage De Brug and need this right: {LABEL}.",
        f"I need it here: {host}/try/view",
        f"You can give it here: {host}{person}",
    ]
    assert "038 000 00 00" not in page


def mail(page: str) -> SplitResult:
    (address,) = re.findall(r'href="(mailto:[^"]+)"', page)
    return urlsplit(html.unescape(address))


@routes
def test_refusal_without_anybody_to_write_to_says_how_to_reach_the_desk(garage: Company) -> None:
    """An administrator whose account was closed is named, and no mail without an address is offered."""
    Account.objects.using(world.OWNER).filter(id=garage.owner.account_id).update(is_active=False)
    page = garage.client(garage.salesman).get("/try/view?q=12-AB-CD").content.decode()
    assert "<dd>Kees Bos</dd>" in page
    assert "<dd>Service &amp; Acceptatie: 038 000 00 00, Mon–Fri 8:00–17:30</dd>" in page
    letter = mail(page)
    assert letter.path == "acceptatie@koetspoort.example"
    assert "12-AB-CD" not in letter.query
    assert f"need this right: {LABEL}." in parse_qs(letter.query)["body"][0]


def test_addresses_are_for_who_works_there_and_of_administrators_only(garage: Company) -> None:
    elsewhere = company(at=garage.portal)
    colleague = actor_of(garage.salesman)
    with enter(colleague.scope):
        assert [helper.address for helper in selectors.helpers(garage.organisation.id)] == [
            garage.owner.account.email
        ]
        assert selectors.helpers(elsewhere.organisation.id) == []
    # The insurer's people read names of customers, and the addresses of their own house only.
    desk = actor_of(world.member(world.insurer(garage.portal), rights=["desk.view"]))
    with enter(desk.scope):
        assert [helper.address for helper in selectors.helpers(garage.organisation.id)] == [""]
    garage.end(garage.salesman)
    with enter(colleague.scope):
        assert [helper.address for helper in selectors.helpers(garage.organisation.id)] == [""]


@routes
def test_f010_administrator_without_business_rights_gives_them_to_himself(garage: Company) -> None:
    page = garage.client(garage.owner).get("/try/view").content.decode()
    assert "Give yourself this right" in page
    assert reverse("organisations:person", args=[garage.owner.id]) in page


@routes
def test_refusal_names_the_desk_where_nobody_can_give_it() -> None:
    at = world.portal()
    alone = world.member(world.organisation(at), rights=[])
    page = client_of(alone, at).get("/try/view").content.decode()
    assert "<dd>Service &amp; Acceptatie</dd>" in page
    assert mail(page).path == "acceptatie@koetspoort.example"
    assert "038 000 00 00" in page


@routes
def test_refused_part_of_a_page_leads_to_the_whole_one(garage: Company) -> None:
    answer = garage.client(garage.salesman).get("/try/view", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (403, "/try/view")


@routes
def test_refused_part_of_a_page_leads_to_no_other_site(garage: Company) -> None:
    """What the browser says of its own address decides nothing beyond this portal."""
    host = f"{garage.portal.slug}.localhost"
    for said in (f"http://{host}//evil.example/x", "http://evil.example/x", f"http://{host}/\\evil.example"):
        answer = garage.client(garage.salesman).post(
            "/try/view", headers={"HX-Request": "true", "HX-Current-URL": said}
        )
        assert answer["HX-Redirect"] == "/", said


def test_f004_who_can_help_names_administrators_to_members_only(garage: Company) -> None:
    address = reverse("help:who_can_help")
    known = garage.client(garage.salesman).get(address).content.decode()
    half = client_of(garage.salesman, garage.portal, factors=1).get(address).content.decode()
    stranger = (
        Client(HTTP_HOST=f"{garage.portal.slug}.localhost", HTTP_ACCEPT_LANGUAGE="en").get(address).content.decode()
    )
    assert ["Kees Bos" in page for page in (known, half, stranger)] == [True, False, False]
    address = f'href="mailto:{garage.owner.account.email}"'
    assert [address in page for page in (known, half, stranger)] == [True, False, False]
    assert ["8:00–17:30" in page for page in (known, half, stranger)] == [True, True, True]


@routes
def test_refusal_asks_whose_account_it_is_where_others_use_the_browser(garage: Company) -> None:
    """Row 7: signed in with another user's account."""
    client = garage.client(garage.salesman)
    mine = devices.fingerprint(garage.salesman.account, "browser")
    theirs = devices.fingerprint(garage.owner.account, "browser")
    for marks, title in (([mine], "You need one more right for this"), ([mine, theirs], "Is this your own account?")):
        client.cookies[settings.DEVICE_COOKIE_NAME] = signing.dumps(["browser", *marks], salt=devices.SALT)
        page = client.get("/try/view").content.decode()
        assert title in page
        assert "Ask Kees Bos for this right" in page
    assert 'action="/account/sign-out/?next=%2Ftry%2Fview"' in page
