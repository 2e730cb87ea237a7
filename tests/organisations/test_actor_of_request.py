"""Who makes a request: a stranger, one factor, no company, one or several; and rights from the next request on."""

from django.test import Client, override_settings
from django.urls import reverse

from tests import sessions, world
from tests.organisations.company import DEREGISTER, MANAGE, REGISTER, VIEW, Company, company

routes = override_settings(ROOT_URLCONF="tests.organisations.routes")


def texts(client: Client, path: str, **headers: str) -> str:
    return client.get(path, **headers).content.decode()  # type: ignore[arg-type]


@routes
def test_stranger_is_asked_to_sign_in(garage: Company) -> None:
    answer = Client(HTTP_HOST=f"{garage.portal.slug}.localhost").get("/try/view")
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next=/try/view")


@routes
def test_stranger_behind_a_part_of_a_page_or_a_program(garage: Company) -> None:
    client = Client(HTTP_HOST=f"{garage.portal.slug}.localhost")
    page = f"http://{garage.portal.slug}.localhost/company/people"
    part = client.get("/try/view", headers={"HX-Request": "true", "HX-Current-URL": page})
    assert part["HX-Redirect"] == f"{reverse('account_login')}?next=%2Fcompany%2Fpeople"
    problem = client.get("/try/view", headers={"Accept": "application/json"})
    assert (problem.status_code, problem.json()["code"]) == (401, "sign_in_required")


@routes
def test_one_factor_opens_nothing_of_a_company(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW)
    client = sessions.client_of(garage.salesman, garage.portal, factors=1)
    answer = client.get("/try/view")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("mfa_activate_totp"))
    sessions.couple(garage.salesman.account)
    assert client.get("/try/view")["Location"].split("?")[0] == reverse("mfa_reauthenticate")
    problem = client.get("/try/view", headers={"Accept": "application/json"})
    assert (problem.status_code, problem.json()["code"]) == (403, "second_factor_missing")


@routes
def test_f001_f026_menu_and_page_follow_the_right_on_the_next_request(garage: Company) -> None:
    client = garage.client(garage.salesman)
    link = f'href="{reverse("organisations:people")}"'
    for _ in range(2):  # granted, taken back, granted again
        refused = client.get("/try/view")
        assert (refused.status_code, refused["X-Reason-Code"]) == (403, "right_missing")
        assert client.get(reverse("organisations:people")).status_code == 403
        assert link not in texts(client, "/try/frame")
        garage.grant(garage.salesman, VIEW)
        garage.grant(garage.salesman, MANAGE)
        assert client.get("/try/view").status_code == 200
        assert client.get(reverse("organisations:people")).status_code == 200
        assert link in texts(client, "/try/frame")
        garage.revoke(garage.salesman, VIEW)
        garage.revoke(garage.salesman, MANAGE)


@routes
def test_f003_each_function_has_a_right_of_its_own(garage: Company) -> None:
    garage.grant(garage.salesman, REGISTER)
    client = garage.client(garage.salesman)
    assert client.get("/try/register").status_code == 200
    problem = client.get("/try/deregister", headers={"Accept": "application/json"})
    assert (problem.status_code, problem["Content-Type"]) == (403, "application/problem+json")
    assert problem.json() == {
        "type": "about:blank",
        "title": "You need one more right for this",
        "status": 403,
        "detail": "Your sign-in is in order. Only a right is missing, and that can be given at once.",
        "code": "right_missing",
        "missing": DEREGISTER,
    }


@routes
def test_f019_every_refusal_names_the_person(garage: Company) -> None:
    other = world.member(garage.organisation, rights=[], name="Piet Mulder")
    garage.client(garage.salesman).get("/try/view")
    garage.client(other).get("/try/view")
    said = [(event.account, event.after) for event in garage.events("access.refused")]
    after = {"code": "right_missing", "right": VIEW, "branch": None}
    assert said == [(garage.salesman.account_id, after), (other.account_id, after)]


@routes
def test_colleague_who_left_is_out_on_the_next_request(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW)
    client = garage.client(garage.salesman)
    assert client.get("/try/view").status_code == 200
    garage.end(garage.salesman)
    answer = client.get("/try/view")
    assert (answer.status_code, answer["X-Reason-Code"]) == (403, "company_missing")


@routes
def test_account_without_company_gets_the_desk(garage: Company) -> None:
    elsewhere = company()
    client = sessions.client_of(elsewhere.owner, garage.portal)
    page = texts(client, "/try/view")
    assert "acceptatie@koetspoort.example" in page
    assert "Mon–Fri 8:00–17:30" in page
    assert "Garage De Brug" not in page


@routes
def test_who_works_for_two_companies_chooses_and_switches(garage: Company) -> None:
    other = company(at=garage.portal, name="Autobedrijf Vos")
    elsewhere = world.membership(other.organisation, garage.owner.account, rights=[VIEW], name="Kees Bos")
    client = garage.client(garage.owner)
    asked = client.get("/try/view")
    assert asked["Location"] == f"{reverse('organisations:choose')}?next=%2Ftry%2Fview"
    assert "Autobedrijf Vos" in texts(client, asked["Location"])
    there = client.post(reverse("organisations:switch"), {"to": elsewhere.id, "next": "/try/view"})
    assert there["Location"] == "/try/view"
    assert client.get("/try/view").status_code == 200
    client.post(reverse("organisations:switch"), {"to": garage.owner.id})
    assert client.get("/try/view").status_code == 403


@routes
def test_switch_goes_only_where_one_works(garage: Company) -> None:
    other = company(at=garage.portal, name="Autobedrijf Vos")
    client = garage.client(garage.owner)
    switch = reverse("organisations:switch")
    assert client.post(switch, {"to": other.owner.id}).status_code == 404
    assert client.post(switch, {"to": f"{garage.owner.id}:{other.zwolle.id}"}).status_code == 404
    assert client.post(switch, {"to": "here"}).status_code == 400
    away = client.post(switch, {"to": garage.owner.id, "next": "https://evil.example/"})
    assert away["Location"] == "/"


@routes
def test_branch_worked_in_is_where_the_right_is_asked(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW, garage.zwolle)
    garage.grant(garage.salesman, REGISTER, garage.deventer)
    client = garage.client(garage.salesman)
    assert client.get("/try/view").status_code == 200
    to = f"{garage.salesman.id}:{garage.deventer.id}"
    client.post(reverse("organisations:switch"), {"to": to})
    page = client.get("/try/view")
    assert page.status_code == 403
    back = f"/company/switch?to={garage.salesman.id}%3A{garage.zwolle.id}&amp;next=%2Ftry%2Fview"
    assert back in page.content.decode()
    client.post(back.replace("&amp;", "&"))
    assert client.get("/try/view").status_code == 200


@routes
def test_frame_shows_company_and_branch(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW, garage.zwolle)
    page = texts(garage.client(garage.salesman), "/try/frame")
    assert "<b>Garage De Brug</b>" in page
    assert "Zwolle" in page
    assert "All branches" in texts(garage.client(garage.owner), "/try/frame")


@routes
def test_not_visible_is_404(garage: Company) -> None:
    client = garage.client(garage.owner)
    assert client.get("/try/nothing").status_code == 404
    problem = client.get("/try/nothing", headers={"Accept": "application/json"})
    assert (problem.status_code, problem.json()["code"]) == (404, "not_found")


@routes
def test_session_of_another_insurer_opens_nothing(garage: Company) -> None:
    elsewhere = company()
    client = sessions.client_of(elsewhere.owner, elsewhere.portal)
    client.defaults["HTTP_HOST"] = f"{garage.portal.slug}.localhost"
    assert client.get("/try/view")["X-Reason-Code"] == "company_missing"


def test_unknown_address_is_404_for_everybody(garage: Company) -> None:
    assert garage.client(garage.owner).get("/no/such/page").status_code == 404
    assert Client(HTTP_HOST=f"{garage.portal.slug}.localhost").get("/no/such/page").status_code == 404
