"""The page that refuses: who you are now, what is missing, who can give it, and one button."""

from django.test import Client, override_settings
from django.urls import reverse

from tests import world
from tests.organisations.company import Company
from tests.sessions import client_of

routes = override_settings(ROOT_URLCONF="tests.organisations.routes")
LABEL = "View vehicles"


@routes
def test_refusal_names_person_right_and_who_can_give_it(garage: Company) -> None:
    page = garage.client(garage.salesman).get("/try/view").content.decode()
    assert f"Sanne de Wit ({garage.salesman.account.email})" in page
    assert "· Garage De Brug · All branches" in page
    assert f"<dd>{LABEL}</dd>" in page
    assert "<dd>Kees Bos</dd>" in page
    assert 'href="mailto:?subject=' in page
    assert "Ask Kees Bos by e-mail" in page


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
    assert 'href="mailto:acceptatie@koetspoort.example"' in page


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
    address = reverse("organisations:who_can_help")
    known = garage.client(garage.salesman).get(address).content.decode()
    half = client_of(garage.salesman, garage.portal, factors=1).get(address).content.decode()
    stranger = Client(HTTP_HOST=f"{garage.portal.slug}.localhost").get(address).content.decode()
    assert ["Kees Bos" in page for page in (known, half, stranger)] == [True, False, False]
    assert ["ma-vr 8.00-17.30" in page for page in (known, half, stranger)] == [True, True, True]
